"""What a page says about itself: headline, time, author, outlet and section. Must not guess from the body's sense."""

import email.utils
import itertools
import json
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

from lxml import etree

from articles.pages import blocks as blocks_
from articles.pages import clean, phrases

SEOUL = ZoneInfo("Asia/Seoul")
MAX_JSON = 400_000  # characters of one JSON-LD script
MAX_NODES = 2_000  # objects looked at in it

_ARTICLE_TYPES = re.compile(
    r"(?:News|Blog|Report|Satirical|Opinion|Analysis|Review|Tech|Scholarly|LiveBlog)?(?:Article|Posting|NewsArticle)$"
)
_SUFFIX = re.compile(r"\s*(?:\s[|ㅣ│:»>·•–—-]\s|[|ㅣ│]|\s::\s)\s*")
_KOREAN_DATE = re.compile(
    r"((?:19|20)\d\d)\s?[.\-/년]\s?(\d{1,2})\s?[.\-/월]\s?(\d{1,2})\s?[.일]?(?:\s?\(?[월화수목금토일](?:요일)?\)?)?"
    r"(?:[\sT,|/\[(]{0,3}(오전|오후|AM|PM|am|pm)?\s?(\d{1,2})\s?[:시]\s?(\d{1,2})(?:\s?[:분]\s?(\d{1,2}))?)?(?:\s?(AM|PM|am|pm))?"
)
_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
_ENGLISH_DATE = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th)?\s+)?\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?\s+(?:(\d{1,2})(?:st|nd|rd|th)?,?\s+)?((?:19|20)\d\d)"
    r"(?:[\s,|–—-]{1,4}(?:at\s)?(\d{1,2}):(\d\d)(?::(\d\d))?(?:\s?([ap])\.?m\.?)?(?:\s(KST|GMT|UTC|E[SD]T|P[SD]T|CES?T)\b)?)?",
    re.IGNORECASE,
)
# Offsets, in hours, of the zones that printed times name.
_ZONES = {"KST": 9, "GMT": 0, "UTC": 0, "EST": -5, "EDT": -4, "PST": -8, "PDT": -7, "CET": 1, "CEST": 2}
_YEAR = re.compile(r"(?:19|20)\d\d")
_LABEL = re.compile(
    r"(?:기사)?\s?(?:입력|등록|승인|송고|작성|발행|게재|게시|published|posted)", re.IGNORECASE
)
_REVISED = re.compile(r"수정|업데이트|updated|modified", re.IGNORECASE)
_URL_DATE = re.compile(
    r"/((?:19|20)\d\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?=\D|\d{0,10}(?:\D|$))"
)
_DATE_KEY = re.compile(
    r"(?:publish(?:ed)?|deploy|regist(?:er)?|reg|input|service|display|first_?publish|issue)_?-?(?:date|dt|at|time|day|datetime)"
    r"[\"'\\]{0,4}\s{0,3}[:=]\s{0,3}[\"'\\]{1,4}([\d][^\"'\\<>]{7,40})",
    re.IGNORECASE,
)
_OWNER = re.compile(
    r"(?:copyrights?|저작권자)?\s*(?:ⓒ|©|\(c\))\s*(?:(?:19|20)\d\d)?\s*([^.,|(&/※'\"]{2,24}?)\s*"
    r"(?:[.,|(&/※]|무단|all rights)",
    re.IGNORECASE,
)
_PUBLISHED_KEYS = """
article:published_time article:published og:article:published_time og:published_time datepublished pubdate
publishdate publish-date publish_date published_time date dc.date dc.date.issued dcterms.created sailthru.date
parsely-pub-date article.published regdate reg_date datecreated originalpublicationdate
cxenseparse:recs:publishtime ptime pdate created
"""
# What stands around an author's name: `By`, and the portal's own name behind the outlet's.
_AUTHOR_MARK = re.compile(rf"^by\s+|\s?[|ㅣ]\s?{phrases.PORTAL}$", re.IGNORECASE)
_CHANGED_KEYS = (
    "article:modified_time",
    "og:article:modified_time",
    "datemodified",
    "last-modified",
    "dc.date.modified",
)
_MARKED = etree.XPath("//*[@itemprop='author' or @rel='author' or @rel='author nofollow']")
_WRITTEN_BY = re.compile(r"written by|author|by$|글쓴이|작성자|기자", re.IGNORECASE)
_NOT_A_NAME = re.compile(
    r"https?://|www\.|^\W*$|^[\d\W]+$|^(?:admin\w{0,10}|webmaster|관리자)$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Facts:
    """The page's own statements, unjudged: meta tags by lower-case name, and the JSON-LD article ({} for none)."""

    meta: dict[str, tuple[str, ...]]
    article: dict[str, Any]
    marked_authors: tuple[str, ...]
    heading: str
    document_title: str
    times: tuple[str, ...]
    changed_times: tuple[str, ...]  # marked as times of a change
    canonical: str
    language: str
    shelf: str  # where the page says it stands among the outlet's sections
    scripts: tuple[str, ...]  # the text of the page's scripts, unread


def facts_of(root: etree._Element | None) -> Facts:
    """Everything the head and the marks of a page state."""
    if root is None:
        return Facts({}, {}, (), "", "", (), (), "", "", "", ())
    meta: dict[str, tuple[str, ...]] = {}
    for element in root.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        content = blocks_.squeeze((element.get("content") or "")[:2000])
        if name and content:
            meta[name.lower()] = (*meta.get(name.lower(), ()), content)
    nodes = _json_nodes(root)
    return Facts(
        meta=meta,
        article=_json_article(nodes),
        marked_authors=tuple(itertools.islice(_marked_authors(root), 6)),
        heading=_heading(root),
        document_title=next(
            (blocks_.squeeze("".join(found.itertext())[:1000]) for found in root.iter("title")), ""
        ),
        times=tuple(_times(root, changed=False)),
        changed_times=tuple(_times(root, changed=True)),
        canonical=next(
            (link.get("href", "") for link in root.iter("link") if link.get("rel") == "canonical"), ""
        ),
        language=(root.get("lang") or "").lower(),
        shelf=_shelf(nodes),
        scripts=tuple(script.text for script in root.iter("script") if script.text),
    )


def _heading(root: etree._Element) -> str:
    headings = [blocks_.squeeze("".join(found.itertext())) for found in root.iter("h1")]
    headings = [heading for heading in headings if 5 <= len(heading) <= 300]
    return max(headings, key=len, default="")


def _times(root: etree._Element, *, changed: bool) -> Iterator[str]:
    """What `time` elements say, those of changes apart."""
    for element in root.iter("time"):
        value = element.get("datetime") or element.get("content") or "".join(element.itertext())
        marks = " ".join(element.get(name) or "" for name in ("itemprop", "class", "id"))
        if len(value) < 100 and bool(_REVISED.search(marks)) == changed:
            yield blocks_.squeeze(value)


def _shelf(nodes: Sequence[dict[str, Any]]) -> str:
    """The last link of the page's JSON-LD breadcrumbs that is no headline."""
    for node in nodes:
        items = node.get("itemListElement")
        if node.get("@type") == "BreadcrumbList" and isinstance(items, list):
            names = [text_in(item, "name", "item") for item in items[1:8]]
            return next((name for name in reversed(names) if 0 < len(name) <= 15), "")
    return ""


def _marked_authors(root: etree._Element) -> Iterator[str]:
    """Names that the page's marks call its authors: `rel=author`, `itemprop=author`."""
    for element in _MARKED(root)[:20]:
        named = next((one for one in element.iter() if one.get("itemprop") == "name"), element)
        text = blocks_.squeeze(named.get("content") or "".join(named.itertext())[:200])
        if 0 < len(text) <= 60:
            yield text


def _json_article(nodes: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The first JSON-LD object that is an article, or the first that has a body or a date; with whom it refers to."""
    found = [node for node in nodes if _is_article(node)]
    best = max(found, key=lambda node: ("articleBody" in node, "datePublished" in node), default={})
    author = best.get("author")
    people = [author] if isinstance(author, dict) else author
    if isinstance(people, list):
        named = {str(node["@id"]): node for node in nodes if "@id" in node and "name" in node}
        known = [named.get(str(one.get("@id")), one) if isinstance(one, dict) else one for one in people]
        best = {**best, "author": known}
    return best


def _json_nodes(root: etree._Element) -> list[dict[str, Any]]:
    """The objects of the page's JSON-LD that stand for themselves."""
    return [
        node
        for script in root.iter("script")
        if "ld+json" in (script.get("type") or "") and len(script.text or "") <= MAX_JSON
        for node in _nodes(_loads(script.text or ""))
    ]


def _loads(text: str) -> Any:
    text = text.strip().removeprefix("<![CDATA[").removesuffix("]]>").rstrip("; \n")
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    queue = [value]
    for _ in range(MAX_NODES):
        if not queue:
            return
        node = queue.pop(0)
        if isinstance(node, list):
            queue += node
        elif isinstance(node, dict):
            yield node
            queue += [node[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in node]


def _is_article(node: dict[str, Any]) -> bool:
    kinds = node.get("@type")
    names = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(name, str) and _ARTICLE_TYPES.match(name.rpartition("/")[2]) for name in names)


def text_in(value: Any, *keys: str) -> str:
    """The first text of a JSON-LD value: itself, the first of a list, or an object's `keys`."""
    for _ in range(6):
        if isinstance(value, list):
            value = value[0] if value else ""
        elif isinstance(value, dict):
            value = next((value[key] for key in keys if value.get(key)), "")
        else:
            break
    return blocks_.squeeze(value) if isinstance(value, str) else ""


def _first(facts: Facts, *names: str) -> str:
    return next((facts.meta[name][0] for name in names if name in facts.meta), "")


def outlet_of(facts: Facts) -> str:
    """The outlet's name as the page's head states it, or ""."""
    stated = text_in(facts.article.get("publisher"), "name") or _first(facts, "og:site_name")
    if phrases.PORTAL_NAME.search(stated):
        return _outlet_on_portal(facts, stated)
    stated = stated or _first(
        facts,
        "twitter:app:name:iphone",
        "application-name",
        "publisher",
        "dc.publisher",
        "copyright",
    )
    return "" if _NOT_A_NAME.search(stated) or len(stated) > 60 else stated


def _outlet_on_portal(facts: Facts, portal: str) -> str:
    """Whose article a portal shows: it names the outlet where others name themselves or the author."""
    named = [part for part in re.split(r"\s?[|ㅣ]\s?|\s-\s", portal) if not phrases.PORTAL_NAME.search(part)]
    for key in ("article:media_name", "og:article:author", "twitter:creator", "article:author"):
        named += [_AUTHOR_MARK.sub("", text) for text in facts.meta.get(key, ())[:1]]
    return next((name for name in named if name and len(name) <= 60 and not _NOT_A_NAME.search(name)), "")


def outlet_in(regions: Sequence[clean.Region]) -> str:
    """The outlet's name out of its copyright line, or ""."""
    lines = [line for region in regions if region.kind == "copyright" for line in region.text.splitlines()]
    found = [_OWNER.search(line) for line in lines]
    return next((each[1].strip(" '\"<>[]") for each in found if each), "")


def named_title(facts: Facts) -> str:
    """The title by which the page's head wants it to be known, with whatever stands around the headline."""
    return _first(facts, "og:title", "twitter:title", "title", "dc.title") or facts.document_title


def title_of(facts: Facts, outlet: str, shown: Collection[str] = frozenset()) -> str:
    """The headline without the outlet's name and the section around it.

    `shown` are the keys of the page's own lines: the longest part of the title that is one of them is the headline.
    """
    stated = text_in(facts.article.get("headline"))
    named = named_title(facts)
    stated, named = stated[:500], named[:500]
    candidates = [text for text in (stated, named, facts.heading) if text]
    if not candidates:
        return ""
    headings = [blocks_.squeeze(text) for text in (facts.heading, stated) if text]
    for heading in headings:  # a headline that the longer title begins with is the title without its suffix
        if len(heading) >= 8 and named.startswith(heading):
            return heading
    return _shown_part(named, shown) or _without_suffix(named or candidates[0], outlet)


def _shown_part(title: str, shown: Collection[str]) -> str:
    """The longest run of the title's parts that the page shows as a line of its own; "" for none."""
    parts, marks = _SUFFIX.split(title), _SUFFIX.findall(title)
    if len(parts) > 8:
        return ""
    runs = [(first, last) for first in range(len(parts)) for last in range(first + 1, len(parts) + 1)]
    texts = [
        parts[first]
        + "".join(mark + part for mark, part in zip(marks[first:], parts[first + 1 : last], strict=False))
        for first, last in runs
    ]
    found = (text for text in sorted(texts, key=len, reverse=True) if len(clean.key_of(text)) >= 10)
    return next((blocks_.squeeze(text) for text in found if clean.key_of(text) in shown), "")


def _without_suffix(title: str, outlet: str) -> str:
    """`headline - section | Outlet` to the headline: the parts behind the headline are short or name the outlet."""
    parts = _SUFFIX.split(title)
    marks = _SUFFIX.findall(title)
    while len(parts) > 1 and (_names_outlet(parts[-1], outlet) or _is_shelf(parts)):
        parts.pop()
        marks.pop()
    if outlet and len(parts) == 1 and title[: len(parts[0])].endswith(outlet):
        tail = re.compile(rf"\s*[-–—:|]\s*[^-–—:|]{{0,15}}{re.escape(outlet)}$")
        parts[0] = tail.sub("", parts[0])
    text = parts[0] + "".join(mark + part for mark, part in zip(marks, parts[1:], strict=True))
    text = re.sub(r"[-–—]\s?[^-–—\s]{1,8}\s?$", "", text) if len(parts) < len(_SUFFIX.split(title)) else text
    return blocks_.squeeze(text)


def _names_outlet(part: str, outlet: str) -> bool:
    key, name = clean.key_of(part), clean.key_of(outlet)
    return bool(name) and (name in key or key in name) and len(key) <= 3 * len(name) + 8


def _is_shelf(parts: Sequence[str]) -> bool:
    """A last part that is short beside the headline, such as a section or a site's name."""
    last, rest = parts[-1], parts[:-1]
    return (
        len(last) <= 24
        and len(last.split()) <= 4
        and sum(map(len, rest)) >= 1.5 * len(last)
        and not clean.ends_sentence(last)
    )


def section_of(facts: Facts) -> str:
    """The section the outlet filed the article under, or ""."""
    stated = text_in(facts.article.get("articleSection")) or _first(
        facts,
        "article:section",
        "og:article:section",
        "section",
        "dable:section",
        "article:section1",
        "category",
        "parsely-section",
    )
    return stated if 0 < len(stated) <= 60 else facts.shelf


def section_in(regions: Sequence[clean.Region], title: str, document_title: str) -> str:
    """The section that the page's own lines tell: a portal's note, or what stands behind the headline in the title."""
    notes = (phrases.SECTION_NOTE.search(region.text) for region in regions if region.kind == "notice")
    noted = next((note[1] for note in notes if note), "")
    parts = _SUFFIX.split(document_title)
    behind = parts[1:-1] if len(parts) == 3 and clean.key_of(parts[0]) == clean.key_of(title) else []
    return noted or next((part for part in behind if 2 <= len(part) <= 8 and " " not in part), "")


def stated_authors(facts: Facts) -> list[str]:
    """Who the page's head says wrote it, as it says it: names, offices, at times the outlet."""
    people = facts.article.get("author")
    names = [text_in(person, "name") for person in (people if isinstance(people, list) else [people])]
    for key in (
        "author",
        "article:author",
        "dable:author",
        "og:article:author",
        "byl",
        "dc.creator",
        "parsely-author",
        "sailthru.author",
    ):
        names += facts.meta.get(key, ())
    if _WRITTEN_BY.match(_first(facts, "twitter:label1")):
        names += facts.meta.get("twitter:data1", ())
    if not any(names):
        names += facts.marked_authors
    cleaned = (_AUTHOR_MARK.sub("", blocks_.squeeze(name)) for name in names)
    return [name for name in cleaned if name and len(name) <= 120 and not _NOT_A_NAME.search(name)]


def zone_of(url: str, korean: bool) -> timezone | ZoneInfo:
    """The zone of times that name none: Seoul on a Korean page or at a Korean address, UTC elsewhere."""
    return SEOUL if korean or re.match(r"https?://[^/?#]{1,200}\.kr(?:[:/?#]|$)", url) else UTC


def is_paid(facts: Facts) -> bool:
    """Whether the page's head says that its article isn't free to read."""
    free = facts.article.get("isAccessibleForFree")
    tier = _first(facts, "article:content_tier", "content_tier").lower()
    return free is False or str(free).lower() == "false" or tier in {"locked", "metered", "paid"}


def published_of(facts: Facts, visible: Sequence[str], url: str, korean: bool) -> datetime | None:
    """When it was first published, aware and in UTC: stated times before visible ones before the address.

    A time without a zone is in the page's (see `zone_of`); a date alone is its midnight, unless the page shows the
    hour of that day.
    """
    zone = zone_of(url, korean)
    stated = [text_in(facts.article.get("datePublished")), text_in(facts.article.get("dateCreated"))]
    for key in ("datepublished datecreated", *_PUBLISHED_KEYS.split()):
        stated += facts.meta.get(key, ())[:1]
    for text in itertools.chain(stated, _shown_dates(facts, visible)):
        moment = parse_moment(text, zone) if text else None
        if moment and _is_midnight(moment, zone):
            return _hour_of(moment, _shown_dates(facts, visible), zone)
        if moment:
            return moment
    found = _URL_DATE.search(url)
    day = _moment(found[1], found[2], found[3], zone=zone) if found else None
    scripted = (parse_moment(text, zone) for text in _scripted_dates(facts.scripts))
    return next((moment for moment in scripted if moment and _same_day(moment, day)), day)


def _shown_dates(facts: Facts, visible: Sequence[str]) -> Iterator[str]:
    yield from _visible_dates(visible)
    yield from facts.times[:1]


def _is_midnight(moment: datetime, zone: timezone | ZoneInfo) -> bool:
    local = moment.astimezone(zone)
    return (local.hour, local.minute, local.second) == (0, 0, 0)


def _hour_of(day: datetime, shown: Iterable[str], zone: timezone | ZoneInfo) -> datetime:
    """The first time shown of a day that is known, or its midnight."""
    moments = (parse_moment(text, zone) for text in shown)
    return next((moment for moment in moments if moment and _same_day(moment, day)), day)


def changed_of(
    facts: Facts, visible: Sequence[str], url: str, korean: bool, published: datetime | None
) -> datetime | None:
    """When the page says it was last changed, aware and in UTC; None where it doesn't, or not after publication."""
    zone = zone_of(url, korean)
    stated = [text_in(facts.article.get("dateModified"))]
    for key in _CHANGED_KEYS:
        stated += facts.meta.get(key, ())[:1]
    for text in itertools.chain(stated, _visible_changes(visible), facts.changed_times[:1]):
        moment = parse_moment(text, zone) if text else None
        if moment:
            return moment if published and moment > published else None
    return None


def _visible_changes(lines: Sequence[str]) -> Iterator[str]:
    """Times printed behind a word for revision."""
    for line in lines:
        label = _REVISED.search(line) if len(line) <= 150 else None
        if label and (date := _date_in(line[: label.end() + 40], label.end())):
            yield date[0]


def _scripted_dates(scripts: Sequence[str]) -> Iterator[str]:
    """Dates in the state that a JavaScript front end ships, under names that speak of publication."""
    budget = MAX_JSON
    for script in scripts:
        yield from (found[1] for found in itertools.islice(_DATE_KEY.finditer(script[: max(0, budget)]), 3))
        budget -= len(script)


def _same_day(moment: datetime, day: datetime | None) -> bool:
    return day is None or timedelta(0) <= moment - day < timedelta(days=1)


def _visible_dates(lines: Sequence[str]) -> Iterator[str]:
    """Times printed on the page: those labelled as publication first, bare ones next; revisions never."""
    dated = [line for line in lines if len(line) <= 150 and _YEAR.search(line) and _date_in(line)]
    for line in dated:
        label = _LABEL.search(line)
        if label and (date := _date_in(line, label.end())):
            yield date[0]
    for line in dated:
        if not _REVISED.search(line) and len(line) <= 60:
            yield line


def _date_in(line: str, start: int = 0) -> re.Match[str] | None:
    return _KOREAN_DATE.search(line, start) or _ENGLISH_DATE.search(line, start)


def parse_moment(text: str, zone: timezone | ZoneInfo) -> datetime | None:
    """An ISO 8601, Korean or English date to an aware UTC time; None where there is none to read."""
    text = text.strip()[:200]
    try:
        iso = re.sub(r"\s+(?=[+-]\d\d:?\d\d$)", "", text.replace("UTC", "+00:00"))
        moment = datetime.fromisoformat(iso)
        return _in_utc(moment, zone)
    except ValueError:
        pass
    if re.fullmatch(r"(?:19|20)\d{12}", text):
        return _moment(text[:4], text[4:6], text[6:8], text[8:10], text[10:12], text[12:14], zone=zone)
    if found := _KOREAN_DATE.search(text):
        year, month, day, noon, hour, minute, second, late_noon = found.groups()
        return _moment(year, month, day, _hour(hour, noon or late_noon), minute, second, zone=zone)
    if re.match(r"[A-Za-z]{3},\s\d", text) and (posted := _mail_date(text)):
        return _in_utc(posted, zone)
    if found := _ENGLISH_DATE.search(text):
        early, name, late, year, hour, minute, second, noon, named = found.groups()
        zone = timezone(timedelta(hours=_ZONES[named.upper()])) if named else zone
        noon = f"{noon}m" if noon else None
        month = str(_MONTHS[name.lower()[:3]])
        return _moment(year, month, early or late or "1", _hour(hour, noon), minute, second, zone=zone)
    return None


def _mail_date(text: str) -> datetime | None:
    """A date as mails and feeds have it: `Wed, 02 Sep 2026 10:20:00 +0900`."""
    try:
        return email.utils.parsedate_to_datetime(text)
    except ValueError:
        return None


def _hour(hour: str | None, noon: str | None) -> str | None:
    if not hour or not noon or int(hour) > 12:
        return hour
    return str(int(hour) % 12 + (12 if noon.lower() in {"오후", "pm"} else 0))


def _moment(*parts: str | None, zone: timezone | ZoneInfo) -> datetime | None:
    """Year, month, day, hour, minute and second, the last three optional."""
    year, month, day, hour, minute, second = (int(part or 0) for part in (*parts, None, None, None)[:6])
    try:
        return _in_utc(datetime(year, month, day, hour, minute, second, tzinfo=zone), zone)
    except ValueError:
        return None


def _in_utc(moment: datetime, zone: timezone | ZoneInfo) -> datetime | None:
    moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    try:
        return moment.astimezone(UTC) if moment.year > 1900 else None
    except (OverflowError, ValueError):
        return None
