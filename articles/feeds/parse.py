"""Bytes of a feed in, entries out: RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, JSON Feed, plain and news sitemaps.

decode (`encoding`) -> tree (`markup`) or JSON -> strings (`xml_formats`, `json_feed`) -> Feed (here: addresses made
absolute, titles plain, dates read, sizes capped). No clock: a time in the future stays what the feed says (`clock`
judges it). Whatever the bytes are, the outcome is a Feed or UnreadableFeed.
"""

from __future__ import annotations

import dataclasses
import hashlib
import html
import re
import zlib
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from urllib.parse import urljoin, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from articles.feeds import dates, encoding, inflate, json_feed, markup, raw, titles, xml_formats

LARGEST_FEED = 16 * 1024 * 1024  # bytes
LONGEST_MARKUP = 400_000  # characters of a summary or content
LONGEST_ADDRESS = 4_000  # characters
LONGEST_ID = 1_000  # characters
MOST_TAGS = 50
# Changes when entries are to be read again though their feeds show them as before.
DIGESTED_AS = 1
HANGUL = re.compile(r"[\uac00-\ud7a3]")
LETTERS = re.compile(r"[^\W\d_]")
# What HTML has that a text which speaks of tags hardly has.
MARKUP = re.compile(
    r"</(?:p|div|span|a|b|strong|em|font|figure|table|ul|ol|h[1-6])\s{0,9}>|<br\s{0,9}/?>|<(?:img|a)\s[^<>]{0,2000}=",
    re.IGNORECASE,
)
UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")


class UnreadableFeed(ValueError):  # noqa: N818 -- names the feed, as editors see it
    """No feed can be got out of the bytes; the message tells an editor what they are instead."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. `title` is plain text, `summary` and `content` HTML as the feed gave it, times are aware and in UTC.

    `id` is the feed's own (guid, atom:id, rdf:about), else the address, else a digest of the text. `stated_zone` says
    how `published` named its zone: "utc", "offset", "naive", "mended" by `clock`, or "" when there is no time.

    `digest` is that of all the feed says of it, empty if it was read otherwise. An entry that is shown `again` has
    been read before with this digest; nothing but its times was read now, and its title is as the feed wrote it.
    """

    id: str
    url: str
    title: str
    published: datetime | None
    updated: datetime | None
    authors: tuple[str, ...] = ()
    summary: str = ""
    content: str = ""
    tags: tuple[str, ...] = ()
    stated_zone: str = ""
    digest: bytes = dataclasses.field(default=b"", compare=False)
    again: bool = False


@dataclass(frozen=True, slots=True)
class Feed:
    """One feed as read. `format` names family and version ("rss-2.0", "atom-1.0", "json-1.1", "news-sitemap", ...);
    `problems` says in words what was wrong; `built` is when the feed says it was made; `self_url` its own address.
    `ttl_minutes`, `skip_hours` (0-23) and `skip_days` (Monday = 0) of UTC are what it asks of those who poll it.
    """

    format: str
    title: str
    language: str
    encoding: str
    site_url: str
    problems: tuple[str, ...]
    entries: tuple[Entry, ...]
    hub: str = ""
    ttl_minutes: int | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()
    self_url: str = ""
    built: datetime | None = None
    time_zone: str = "UTC"


def parse_feed(
    data: bytes,
    *,
    url: str = "",
    content_type: str = "",
    time_zone: str | None = None,
    seen: Collection[bytes] = (),
) -> Feed:
    """Read a feed. `url` is where it came from (for relative addresses), `content_type` the HTTP header's value.

    `time_zone` is the zone of times that name none; None means Asia/Seoul for a Korean feed and UTC for any other.
    Entries whose digests are among those `seen` are not read again (`Entry`).
    Raises UnreadableFeed, and ValueError for a time zone nobody knows.
    """
    if len(data) > LARGEST_FEED:
        raise UnreadableFeed(f"the feed has {len(data)} bytes; more than {LARGEST_FEED} are not read")
    decoded = encoding.decode(_opened(data), content_type=content_type)
    found, problems = _read(decoded.text)
    zone_name = time_zone or ("Asia/Seoul" if _is_korean(found, url) else "UTC")
    reading = _Reading(_zone(zone_name), _bases(found, url), found.site_url)
    entries = tuple(reading.entries(found.entries, seen))
    return Feed(
        format=found.format,
        title=titles.plain_title(found.title, literal=found.title_is_literal),
        language=titles.shorten(found.language, 35),
        encoding=decoded.encoding,
        site_url=reading.address(found.site_url, found.bases),
        problems=(*decoded.problems, *problems, *found.problems, *reading.problems(entries)),
        entries=entries,
        hub=reading.address(found.hub, found.bases),
        ttl_minutes=found.ttl_minutes,
        skip_hours=found.skip_hours,
        skip_days=found.skip_days,
        self_url=reading.address(found.self_url, found.bases),
        built=reading.time(found.built),
        time_zone=zone_name,
    )


def _opened(data: bytes) -> bytes:
    """The bytes in a gzip file, which sitemaps often are; other bytes as they are."""
    if not data.startswith(inflate.GZIP_MAGIC):
        return data
    try:
        return inflate.inflate(data, "", limit=LARGEST_FEED)
    except inflate.TooLargeError as error:
        raise UnreadableFeed(f"the body is larger than {LARGEST_FEED} bytes") from error
    except (inflate.BrokenEncodingError, zlib.error) as error:
        raise UnreadableFeed("this is neither XML nor JSON") from error


def _read(text: str) -> tuple[raw.RawFeed, tuple[str, ...]]:
    start = text.lstrip("\ufeff\x00 \t\r\n")
    try:
        if start.startswith(("{", "[")):
            return json_feed.read_feed(start), ()
        tree = markup.read_tree(text)
        found = xml_formats.read_feed(tree.root)
    except (json_feed.NotJsonFeed, markup.NotMarkup, xml_formats.NotAFeed) as error:
        raise UnreadableFeed(str(error)) from error
    if markup.CUT in tree.problems:
        found = _without_stump(found)
    return found, tree.problems


def _without_stump(found: raw.RawFeed) -> raw.RawFeed:
    """Drop the entry a truncated file ends in, unless what identifies and names it came through."""
    if not found.entries:
        return found
    last = found.entries[-1]
    if (last.id or last.url) and (last.title or last.summary or last.content):
        return found
    return raw.RawFeed(
        **{name: getattr(found, name) for name in raw.RawFeed.__slots__ if name != "entries"},
        entries=found.entries[:-1],
    )


class _Reading:
    """What holds for a whole feed while its entries are finished, and what went wrong with them."""

    def __init__(self, zone: tzinfo, bases: tuple[str, ...], site: str) -> None:
        self.zone = zone
        self.bases = bases
        self.site = site  # a last resort, for addresses that start from a site's root
        start = repr((DIGESTED_AS, bases, site)).encode("utf-8", "surrogatepass")
        self.hasher = hashlib.blake2b(start, digest_size=16)
        self.unread_dates: list[str] = []
        self.shortened = 0
        self.escaped_twice = 0

    def entries(self, found: tuple[raw.RawEntry, ...], seen: Collection[bytes]) -> Iterable[Entry]:
        """All entries. Where two share an id, all are read: which of them is which depends on their order."""
        digests = [self.digest(entry) for entry in found]
        if seen:
            named = Counter(_identity(entry.id) for entry in found)
            # Without an id, one that was not seen may have the address of one that was.
            fresh = any(digest not in seen for digest in digests)
            if any(count > 1 and (name or fresh) for name, count in named.items()):
                seen = ()
        for entry, digest in zip(found, digests, strict=True):
            yield self.known(entry, digest) if digest in seen else self.entry(entry, digest)

    def digest(self, entry: raw.RawEntry) -> bytes:
        """Of everything that the entry is made of."""
        values = (
            *(entry.id, entry.url, entry.title, entry.published, entry.updated, entry.summary, entry.content),
            *(*entry.authors, *entry.tags, *entry.bases),
        )
        # The lengths tell where each begins.
        shape = entry.title_is_literal, len(entry.authors), len(entry.tags), *map(len, values)
        hasher = self.hasher.copy()
        hasher.update(f"{shape}{''.join(values)}".encode("utf-8", "surrogatepass"))
        return hasher.digest()

    def known(self, entry: raw.RawEntry, digest: bytes) -> Entry:
        """An entry that was read before."""
        stamp, updated = self.stamp(entry.published), self.stamp(entry.updated)
        return Entry(
            id="",
            url="",
            title=entry.title,
            published=stamp.at if stamp else None,
            updated=updated.at if updated else None,
            stated_zone=stamp.zone if stamp else "",
            digest=digest,
            again=True,
        )

    def entry(self, entry: raw.RawEntry, digest: bytes) -> Entry:
        mended = self.shortened, self.escaped_twice
        url = self.address(entry.url, entry.bases) or _web_address(entry.id)
        title = titles.plain_title(entry.title[:4_000], literal=entry.title_is_literal)
        stamp, updated = self.stamp(entry.published), self.stamp(entry.updated)
        summary, content = (self.unescaped(self.capped(text)) for text in (entry.summary, entry.content))
        return Entry(
            id=_identity(entry.id)
            or url
            or _digest((title, summary, content, entry.published, *entry.authors)),
            url=url,
            title=title,
            published=stamp.at if stamp else None,
            updated=updated.at if updated else None,
            authors=_plain(entry.authors),
            summary=summary,
            content=content,
            tags=_plain(entry.tags),
            stated_zone=stamp.zone if stamp else "",
            # What is wrong with it is told each time.
            digest=digest if mended == (self.shortened, self.escaped_twice) else b"",
        )

    def address(self, address: str, bases: Iterable[str]) -> str:
        """The absolute address; empty if it is too long or of a scheme that is none of the web's."""
        address = re.sub(
            r"[\x00-\x20\ud800-\udfff]+", lambda gap: "%20" if gap.group() == " " else "", address.strip()
        )
        if not address or len(address) > LONGEST_ADDRESS:
            return ""
        try:
            if not urlsplit(address).scheme:
                for base in (*bases, *self.bases):
                    address = _join(base, address)
                address = _join(self.site, address) if address.startswith(("/", ".", "?")) else address
            return address if urlsplit(address).scheme in ("http", "https", "") else ""
        except ValueError:
            return ""

    def stamp(self, text: str) -> dates.Stamp | None:
        found = dates.parse_date(text, zone=self.zone)
        if text and found is None:
            self.unread_dates.append(titles.shorten(titles.fold(text), 60))
        return found

    def time(self, text: str) -> datetime | None:
        found = dates.parse_date(text, zone=self.zone)
        return found.at if found else None

    def capped(self, text: str) -> str:
        self.shortened += len(text) > LONGEST_MARKUP
        return UNSTORABLE.sub("", text[:LONGEST_MARKUP])

    def unescaped(self, text: str) -> str:
        """HTML that was escaped once too often, as HTML; text that only speaks of tags as it is."""
        if "&lt;" not in text or titles.TAG.search(text):
            return text
        plain = html.unescape(text)
        if not MARKUP.search(plain):
            return text
        self.escaped_twice += 1
        return plain

    def problems(self, entries: tuple[Entry, ...]) -> Iterable[str]:
        if not entries:
            yield "the feed has no entries"
        if self.unread_dates:
            yield f"{len(self.unread_dates)} dates could not be read, such as {self.unread_dates[0]!r}"
        if self.escaped_twice:
            yield f"{self.escaped_twice} texts were escaped twice"
        if self.shortened:
            yield f"{self.shortened} texts were cut at {LONGEST_MARKUP} characters"


def _join(base: str, address: str) -> str:
    """Against an absolute base; a relative one (xml:base may be) is left for the next base to complete."""
    try:
        joined = urljoin(base, address)
        return joined if urlsplit(joined).scheme in ("http", "https", "") else address
    except ValueError:  # a base that is no address
        return address


def _bases(found: raw.RawFeed, url: str) -> tuple[str, ...]:
    """What relative addresses start from, in order: its declared base, then where it came from, or says it is."""
    came_from = url if re.match(r"https?://", url) and _host(url) else ""
    return (*found.bases, came_from or found.self_url)


def _web_address(identifier: str) -> str:
    """An id that is an address of the web is a better link than none."""
    is_address = re.fullmatch(r"https?://[^\s<>\"]{3,2000}", identifier) is not None
    return identifier if is_address else ""


def _identity(identifier: str) -> str:
    identifier = titles.CONTROL.sub("", identifier).strip()
    return identifier if len(identifier) <= LONGEST_ID else _digest((identifier,))


def _digest(parts: tuple[str, ...]) -> str:
    joined = "\n".join(parts).encode("utf-8", "replace")
    return f"sha256:{hashlib.sha256(joined).hexdigest()[:40]}"


def _plain(texts: tuple[str, ...]) -> tuple[str, ...]:
    plain = (titles.shorten(titles.plain_title(text[:2_000]), 200) for text in texts[:MOST_TAGS])
    return tuple(dict.fromkeys(text for text in plain if text))


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"unknown time zone {name!r}") from error


def _is_korean(found: raw.RawFeed, url: str) -> bool:
    """By the declared language, the country's domain, or mostly Hangul titles."""
    if found.language:
        return found.language.lower().startswith("ko")
    if any(_host(address).endswith(".kr") for address in (url, found.site_url)):
        return True
    sample = " ".join([found.title, *(entry.title for entry in found.entries[:50])])[:20_000]
    return len(HANGUL.findall(sample)) * 3 > len(LETTERS.findall(sample))


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
