"""Where a site's feeds may be: what its page names, what sites usually have, and Google News for a company.

Only tells addresses to try: they are asked and read elsewhere. A page is hostile: capped, and nothing of it is run.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote_plus, urljoin, urlsplit, urlunsplit

from lxml import etree

from articles.feeds import titles
from articles.pages import blocks, decode

LONGEST_ADDRESS = 1000  # characters
MOST_NAMED = 24
WELL_KNOWN = (
    "/feed",
    "/rss",
    "/rss.xml",
    "/atom.xml",
    "/feed.xml",
    "/index.xml",
    "/feed.json",
    "/rss/allArticle.xml",  # what most Korean papers' content systems serve
    "/sitemap-news.xml",
    "/news-sitemap.xml",
    "/sitemap_news.xml",
)
# Below a section's address, not only at the root.
WELL_KNOWN_BELOW = ("feed", "rss", "rss.xml")
ROBOTS = "/robots.txt"
FEED_TYPE = re.compile(
    r"^application/(?:rss|atom|rdf|feed)\+(?:xml|json)$|^application/json$|^text/xml$", re.IGNORECASE
)
LOOKS_LIKE_FEED = re.compile(
    r"(?:^|[/_.=?&-])(?:rss\d?|atom|feeds?|rdf)(?:$|[/_.=?&-])|\.(?:xml|rdf|rss|atom)$", re.IGNORECASE
)
SAYS_FEED = re.compile(r"\bRSS\b|\bAtom\b|구독\s?피드", re.IGNORECASE)
SITEMAP_LINE = re.compile(r"^\s*sitemap\s*:\s*(\S{1,1000})", re.IGNORECASE | re.MULTILINE)
LOC = re.compile(r"<loc>\s*(?:<!\[CDATA\[)?\s*([^<\s\]]{1,1000})", re.IGNORECASE)
IS_NEWS = re.compile(r"news|article|latest|recent|뉴스", re.IGNORECASE)


class NotAnAddress(ValueError):  # noqa: N818 -- says what was pasted
    """What was pasted is no address of the web; the message says why."""


@dataclass(frozen=True, slots=True)
class Place:
    """An address where a feed may be. `why` is how it was found: given, named, linked, usual or sitemap."""

    url: str
    why: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition of Google News: its language and its country."""

    language: str
    country: str


EDITIONS = {"ko": Edition("ko", "KR"), "en": Edition("en-US", "US")}


def address(pasted: str) -> str:
    """What was pasted as an address to fetch: `feed:` and missing schemes become https. Raises NotAnAddress."""
    text = "".join(pasted.split())
    if not text:
        raise NotAnAddress("there is no address")
    if len(text) > LONGEST_ADDRESS:
        raise NotAnAddress(f"an address has at most {LONGEST_ADDRESS} characters")
    text = re.sub(r"^feed:(?=https?:)|^feed:(?://)?(?!/)", "", text, flags=re.IGNORECASE)
    if not re.match(r"[a-z][a-z0-9+.-]*:(?!\d+(?:/|$))", text, re.IGNORECASE):
        text = f"https://{text.removeprefix('//')}"
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise NotAnAddress("this is no address of the web") from error
    if parts.scheme.lower() not in ("http", "https"):
        raise NotAnAddress(f"only http and https addresses can be asked, not {parts.scheme[:20]}:")
    if not host or not ("." in host or ":" in host or host == "localhost"):
        raise NotAnAddress("this is no address of the web")
    return urlunsplit((parts.scheme.lower(), parts.netloc, parts.path, parts.query, ""))


def named(page: bytes, *, url: str, content_type: str = "") -> tuple[Place, ...]:
    """The feeds that a page names in its head, then those that its links look like; without doubles."""
    text = decode.decode(page, content_type=content_type)
    root = blocks.parse(text) if blocks.is_markup(text) else None
    if root is None:
        return ()
    base = _joined(url, next(iter(root.xpath("string(//base/@href)").split()), ""))
    places: dict[str, Place] = {}
    for place in (*_alternates(root, base), *_linked(root, base)):
        places.setdefault(feed_key(place.url), place)
    return tuple(itertools.islice(places.values(), MOST_NAMED))


def _alternates(root: etree._Element, base: str) -> Iterator[Place]:
    for link in itertools.islice(root.iter("link"), 500):
        relation = (link.get("rel") or "").lower().split()
        kind = (link.get("type") or "").lower().split(";")[0].strip()
        found = _web(link.get("href"), base) if "alternate" in relation and FEED_TYPE.match(kind) else ""
        # A page's own oEmbed and API answers are JSON, too.
        if found and (kind != "application/json" or "feed" in found):
            yield Place(found, "named", titles.plain_title((link.get("title") or "")[:300]))


def _linked(root: etree._Element, base: str) -> Iterator[Place]:
    for link in itertools.islice(root.iter("a"), 5000):
        found = _web(link.get("href"), base)
        text = blocks.squeeze(" ".join(itertools.islice(link.itertext(), 10)))[:100]
        if found and (LOOKS_LIKE_FEED.search(_after_host(found)) or SAYS_FEED.search(text)):
            yield Place(found, "linked", text)


def usual(url: str) -> tuple[Place, ...]:
    """Where sites usually have their feeds: below the address, at the root, and the file that names sitemaps."""
    parts = urlsplit(url)
    folder = parts.path if parts.path.endswith("/") else f"{parts.path}/"
    below = [folder + name for name in WELL_KNOWN_BELOW] if parts.path.strip("/") else []
    paths = dict.fromkeys([*below, *WELL_KNOWN])
    return tuple(Place(urlunsplit((parts.scheme, parts.netloc, path, "", "")), "usual") for path in paths)


def robots_of(url: str) -> str:
    """Where a site says what robots may read, and where its sitemaps are."""
    return urlunsplit((*urlsplit(url)[:2], ROBOTS, "", ""))


def sitemaps(robots: bytes, *, url: str, most: int = 4) -> tuple[Place, ...]:
    """The sitemaps that robots.txt names, those of news first."""
    text = robots[:500_000].decode("utf-8", "replace")
    found = dict.fromkeys(filter(None, (_web(line, url) for line in SITEMAP_LINE.findall(text))))
    return tuple(Place(one, "sitemap") for one in _news_first(found)[:most])


def news_sitemaps(index: bytes, *, url: str, most: int = 2) -> tuple[Place, ...]:
    """The sitemaps of an index that sound like news; none if the bytes are no index."""
    head = index[:2_000_000]
    if b"<sitemapindex" not in head[:5000]:
        return ()
    found = dict.fromkeys(
        filter(None, (_web(one, url) for one in LOC.findall(head.decode("utf-8", "replace"))))
    )
    return tuple(Place(one, "sitemap") for one in found if IS_NEWS.search(_after_host(one)))[:most]


def _news_first(addresses: dict[str, None]) -> list[str]:
    return sorted(addresses, key=lambda one: not IS_NEWS.search(_after_host(one)))


def google_news(words: str, *, language: str, days: int = 7) -> str:
    """The feed of a search in Google News: the exact words, in the edition of `language` (ko or en)."""
    edition = EDITIONS[language]
    query = quote_plus(f'"{" ".join(words.replace(chr(34), " ").split())}" when:{days}d')
    return (
        f"https://news.google.com/rss/search?q={query}&hl={edition.language}&gl={edition.country}"
        f"&ceid={edition.country}:{edition.language.partition('-')[0]}"
    )


def is_google_news(url: str) -> bool:
    """Whether it is a feed of Google News, whose links lead to pages that only a browser can open."""
    return host(url) == "news.google.com"


def feed_key(url: str) -> str:
    """What all spellings of a feed's address share: scheme, `www.`, a trailing slash and fragments don't matter.

    The query stays as it is: it says which section's feed it is.
    """
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return url.strip()
    return f"{server(url)}{parts.path.rstrip('/')}" + (f"?{parts.query}" if parts.query else "")


def server(url: str) -> str:
    """An address's host as `host` tells it, with the port if it is an unusual one."""
    try:
        port = urlsplit(url.strip()).port
    except ValueError:
        return ""
    return host(url.strip()) + (f":{port}" if port and port not in (80, 443) else "")


def host(url: str) -> str:
    """An address's host in lower case without `www.`; empty if it has none."""
    try:
        return (urlsplit(url).hostname or "").lower().removeprefix("www.")
    except ValueError:
        return ""


def _after_host(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _web(href: str | None, base: str) -> str:
    text = re.sub(r"[\x00-\x20\ud800-\udfff]+", "", href or "")
    text = re.sub(r"^feed:(?=https?:)", "", text)
    found = _joined(base, text) if text and not text.startswith("#") else ""
    try:
        parts = urlsplit(found)
    except ValueError:
        return ""
    fits = parts.scheme in ("http", "https") and parts.netloc and len(found) <= LONGEST_ADDRESS
    return urlunsplit((*parts[:4], "")) if fits else ""


def _joined(base: str, href: str) -> str:
    try:
        return urljoin(base, href)
    except ValueError:
        return ""
