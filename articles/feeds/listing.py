"""A web page without a feed, read as one: the links that a CSS selector picks are its entries.

The page is asked for nothing but its list, so an entry has an address, a title and, where one stands beside the link,
a time. Selectors come from editors and pages from strangers: both are capped. No network, no clock: "3 hours ago" is
no date here, and such an entry is as old as its first sighting.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from urllib.parse import urljoin, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lxml import etree

from articles.feeds import dates, parse, selectors, titles
from articles.pages import blocks, canonical, decode, language

MOST_ENTRIES = 300
MOST_ELEMENTS = 20_000
MOST_AROUND = 80  # elements around a link that are searched for a date
MOST_CLIMBS = 6  # from a link to what stands around it
SHORTEST_TITLE = 6  # characters; shorter link texts are menus
HEADING = re.compile(
    r"h[1-6]$|(?:^|[\s_-])(?:tit|title|titles|headline|subject|heading)(?:$|[\s_-])", re.IGNORECASE
)
DATE_LIKE = re.compile(r"\d{4}\s?[-./년]|\d{1,2}[:시]|\b\d{1,2}\s[A-Z][a-z]{2}|[A-Z][a-z]{2,8}\s\d{1,2},")
LABEL = re.compile(
    r"^(?:기사)?(?:입력|등록|승인|작성|발행|게재|날짜|published|posted|updated)?\s*[:|·\-]?\s*", re.IGNORECASE
)
DATE_WORDS = re.compile(
    r"오전|오후|[년월일시분초]|[월화수목금토일]요일|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
    r"|\b(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*|\b(?:am|pm|a\.m|p\.m|kst|gmt|utc|[ce][sd]t|p[sd]t|at|on|t|z)\b",
    re.IGNORECASE,
)
MOST_OTHER_LETTERS = 8  # beside a date: an outlet's or a reporter's name
# Links and their addresses by canonical address.
Links = dict[str, list[tuple[etree._Element, str]]]
Owners = dict[etree._Element, str]
PLAIN_CLASS = re.compile(r"-?[A-Za-z_][\w-]{0,40}", re.ASCII)
# Classes that tell one row from its neighbours rather than name what the row is.
PASSING_CLASS = re.compile(r"\d|^(?:first|last|odd|even|active|on|current|new|hot|top)$", re.IGNORECASE)


class UnusableSelector(parse.UnreadableFeed):
    """The selector can't be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A selector that picks what looks like a list of articles: how many links, and two of their titles."""

    selector: str
    count: int
    samples: tuple[str, ...]


def parse_listing(
    data: bytes, *, url: str, selector: str, content_type: str = "", time_zone: str | None = None
) -> parse.Feed:
    """Read a page's list. A picked element that is no link stands for the link of its title.

    `time_zone` is that of times that name none; None means Asia/Seoul for a Korean page and UTC for any other.
    Raises UnusableSelector, parse.UnreadableFeed for what is no page or where the selector picks no link, and
    ValueError for a time zone nobody knows.
    """
    picker = _selector(selector)
    text, root = _page(data, content_type)
    site = _base(root, url)
    name = titles.plain_title("".join(root.xpath("string(//title)"))[:1000])
    tongue = _language(root, text)
    zone_name = time_zone or ("Asia/Seoul" if tongue == "ko" else "UTC")
    links = _links(picker.pick(root), site)
    if not links:
        raise parse.UnreadableFeed(f"the selector {selector.strip()!r} picks no links on this page")
    entries = tuple(itertools.islice(_entries(links, site, _zone(zone_name)), MOST_ENTRIES))
    return parse.Feed(
        format="listing",
        title=name,
        language=tongue,
        encoding="",
        site_url=site,
        problems=tuple(_problems(len(links), entries)),
        entries=entries,
        self_url=url,
        time_zone=zone_name,
    )


def check_selector(selector: str) -> None:
    """Raises UnusableSelector unless the selector can be used."""
    _selector(selector)


def _selector(text: str) -> selectors.Selector:
    try:
        return selectors.read(text)
    except selectors.UnusableSelector as error:
        raise UnusableSelector(str(error)) from error


def suggest(data: bytes, *, url: str, content_type: str = "", most: int = 4) -> tuple[Suggestion, ...]:
    """Selectors of the page's likeliest lists of articles, best first; none if there is no such list.

    Links of one site whose surroundings have the same names are one list; a list counts by its links times the
    length of their titles, since headlines are longer than the names of sections.
    """
    try:
        _, root = _page(data, content_type)
    except parse.UnreadableFeed:
        return ()
    site = _base(root, url)
    lists: dict[str, dict[str, str]] = {}
    for link in itertools.islice(root.iter("a"), 5000):
        address, title = _address(link, site), _title(link)
        if len(title) >= SHORTEST_TITLE and address and _host(address) == _host(site):
            lists.setdefault(_signature(link), {}).setdefault(canonical.canonical_url(address), title)
    ranked = sorted(lists.items(), key=lambda item: -_weight(item[1].values()))
    found = []
    for selector, links in ranked:
        if len(links) >= 3 and _weight(links.values()) >= 60 and _is_usable(selector):
            found.append(Suggestion(selector, len(links), tuple(itertools.islice(links.values(), 2))))
    return tuple(found[:most])


def _page(data: bytes, content_type: str) -> tuple[str, etree._Element]:
    if len(data) > decode.MAX_BYTES:
        raise parse.UnreadableFeed(
            f"the page has {len(data)} bytes; more than {decode.MAX_BYTES} are not read"
        )
    text = decode.decode(data, content_type=content_type)
    root = blocks.parse(text) if blocks.is_markup(text) else None
    if root is None:
        raise parse.UnreadableFeed("this is no web page")
    if sum(1 for _ in itertools.islice(root.iter(), MOST_ELEMENTS + 1)) > MOST_ELEMENTS:
        raise parse.UnreadableFeed(f"the page has more than {MOST_ELEMENTS} elements")
    return text, root


def _base(root: etree._Element, url: str) -> str:
    """What relative addresses start from."""
    return _join(url, next(iter(root.xpath("string(//base/@href)").split()), ""))


def _join(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:
        return base


def _language(root: etree._Element, text: str) -> str:
    stated = str(root.get("lang") or "").lower()[:2]
    return stated if stated in ("ko", "en") else language.detect(blocks.strip_tags(text[:200_000])[:4000])


def _links(picked: Iterable[etree._Element], base: str) -> Links:
    """The picked links by canonical address, in the page's order; links with one address are one entry."""
    found: dict[str, list[tuple[etree._Element, str]]] = {}
    for element in picked:
        link = element if element.tag == "a" else _link_in(element, base)
        address = _address(link, base) if link is not None else ""
        if link is not None and address:
            found.setdefault(canonical.canonical_url(address), []).append((link, address))
    return found


def _link_in(element: etree._Element, base: str) -> etree._Element | None:
    """The link of a row: around it, in its heading, else the first with a text."""
    around = next((one for one in element.iterancestors("a")), None)
    if around is not None:
        return around
    inside = [link for link in itertools.islice(element.iter("a"), 40) if _address(link, base)]
    named = [link for link in inside if _title(link)]
    return next((link for link in named if _is_in_heading(link, element)), next(iter(named or inside), None))


def _is_in_heading(link: etree._Element, row: etree._Element) -> bool:
    around = itertools.chain([link], itertools.takewhile(lambda one: one is not row, link.iterancestors()))
    return any(_is_heading(one) for one in around)


def _is_heading(element: etree._Element) -> bool:
    return isinstance(element.tag, str) and bool(
        HEADING.search(element.tag) or HEADING.search(element.get("class") or "")
    )


def _address(link: etree._Element, base: str) -> str:
    """Where a link leads; empty for what is no page of the web, or the list itself."""
    address = re.sub(r"[\x00-\x20\ud800-\udfff]+", "", link.get("href") or "")
    if not address or address.startswith("#") or len(address) > parse.LONGEST_ADDRESS:
        return ""
    try:
        parts = urlsplit(urljoin(base, address))
    except ValueError:
        return ""
    return parts.geturl() if parts.scheme in ("http", "https") and parts.netloc else ""


def _title(link: etree._Element) -> str:
    """The link's text: of the heading in it, if there is one, else all."""
    heading = next((one for one in link.iterdescendants() if _is_heading(one) and _text(one)), None)
    if heading is not None:
        return _text(heading)
    return _text(link)


def _description(link: etree._Element) -> str:
    """What a link without words says of itself."""
    described = link.get("title") or link.get("aria-label") or "".join(link.xpath("string(.//img/@alt)"))
    return titles.plain_title(described[:1000])


def _text(element: etree._Element) -> str:
    """An element's own words in one line, without the times and scripts in it."""
    pieces = (
        piece
        for piece in element.xpath(".//text()[not(ancestor::script or ancestor::style or ancestor::time)]")
        if piece.strip()
    )
    return titles.shorten(blocks.squeeze(" ".join(itertools.islice(pieces, 50))), 500)


def _entries(links: Links, base: str, zone: tzinfo) -> Iterator[parse.Entry]:
    owners = _owners(links)
    own = canonical.canonical_url(base)
    for key, same in links.items():
        told = (say(link) for say in (_title, _description) for link, _ in same)
        title = next(filter(None, told), "")
        if not title or key == own:
            continue
        yield parse.Entry(
            id=key,
            url=same[0][1],
            title=title,
            published=next(filter(None, (_time(link, owners, zone) for link, _ in same)), None),
            updated=None,
            stated_zone="naive",
        )


def _owners(links: Links) -> Owners:
    """Around which entry's links an element stands; empty for more than one entry's."""
    owners: Owners = {}
    for key, same in links.items():
        for link, _ in same:
            for element in itertools.chain([link], itertools.islice(link.iterancestors(), MOST_CLIMBS)):
                owners[element] = key if owners.get(element, key) == key else ""
    return owners


def _time(link: etree._Element, owners: Owners, zone: tzinfo) -> datetime | None:
    """The time that stands with a link: in it, around it where no other entry's link is, or right behind that."""
    row = link
    for _ in range(MOST_CLIMBS):
        found = _time_in(row, link, zone)
        above = row.getparent()
        if found or above is None or not owners.get(above):
            return found or _time_behind(row, owners, zone)
        row = above
    return None


def _time_behind(row: etree._Element, owners: Owners, zone: tzinfo) -> datetime | None:
    """Lists without rows: the time follows the link as a sibling, before the next link."""
    siblings = itertools.islice(row.itersiblings(), 3)
    before_the_next = itertools.takewhile(lambda one: one not in owners, siblings)
    return next(filter(None, (_time_in(one, None, zone) for one in before_the_next)), None)


def _time_in(row: etree._Element, link: etree._Element | None, zone: tzinfo) -> datetime | None:
    around = list(itertools.islice(row.iter(), MOST_AROUND))
    for stated in [one for one in around if one.tag == "time"]:
        found = dates.parse_date(stated.get("datetime") or _spoken(stated), zone=zone)
        if found:
            return found.at
    title = _title(link) if link is not None else ""
    for element in around:
        if not isinstance(element.tag, str) or element.tag in ("script", "style"):
            continue
        for text in (element.text, element.tail if element is not row else None):
            line = " ".join((text or "").split())
            if _is_date_line(line) and line not in title:
                found = dates.parse_date(LABEL.sub("", line), zone=zone)
                if found:
                    return found.at
    return None


def _spoken(element: etree._Element) -> str:
    return " ".join("".join(itertools.islice(element.itertext(), 20)).split())


def _is_date_line(line: str) -> bool:
    """Whether a line is a date, perhaps with a name beside it, and no sentence in which one is told."""
    if not 6 <= len(line) <= 60 or not DATE_LIKE.search(line):
        return False
    return len(re.findall(r"[^\W\d_]", DATE_WORDS.sub("", LABEL.sub("", line)))) <= MOST_OTHER_LETTERS


def _problems(picked: int, entries: tuple[parse.Entry, ...]) -> Iterator[str]:
    if picked > MOST_ENTRIES:
        yield f"{picked} links are picked; the first {MOST_ENTRIES} are read"
    undated = sum(entry.published is None for entry in entries)
    if undated:
        yield f"no date stands beside {undated} of {len(entries)} links; they are as old as their first sighting"


def _signature(link: etree._Element) -> str:
    """A selector for links like this one: its tag and the names of the two nearest elements that have one."""
    steps = [_step(link)]
    named = 0
    for element in itertools.islice(link.iterancestors(), 6):
        if element.tag in ("body", "html"):
            break
        step = _step(element)
        if step != element.tag or _is_heading(element) or element.tag in ("li", "article", "td", "dt"):
            steps.append(step)
        named += step != element.tag
        if named == 2:
            break
    return " ".join(reversed(steps))


def _step(element: etree._Element) -> str:
    names = [
        name
        for name in (element.get("class") or "").split()
        if PLAIN_CLASS.fullmatch(name) and not PASSING_CLASS.search(name)
    ]
    return f"{element.tag}.{names[0]}" if names else str(element.tag)


def _is_usable(selector: str) -> bool:
    try:
        check_selector(selector)
    except UnusableSelector:
        return False
    return selector != "a"


def _weight(texts: Iterable[str]) -> int:
    """Headlines weigh more than the names of sections: a title counts for what it has above twelve letters' width."""
    return sum(max(0, min(_width(text), 60) - 12) for text in texts)


def _width(text: str) -> int:
    """The width of a text in Latin letters: a syllable of Hangul says about as much as two of them."""
    return len(text) + len(parse.HANGUL.findall(text))


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.").removeprefix("m.")
    except ValueError:
        return ""


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"unknown time zone {name!r}") from error
