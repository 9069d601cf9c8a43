"""What a page says about itself: headline, time, author, outlet and section. Must not guess from the body's sense."""

import itertools
import json
import re
from collections.abc import Iterator, Sequence
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
    r"(?:[\sT,|]{0,3}(오전|오후|AM|PM|am|pm)?\s?(\d{1,2})\s?[:시]\s?(\d{1,2})(?:\s?[:분]\s?(\d{1,2}))?)?(?:\s?(AM|PM|am|pm))?"
)
_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
_ENGLISH_DATE = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th)?\s+)?\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?\s+(?:(\d{1,2})(?:st|nd|rd|th)?,?\s+)?((?:19|20)\d\d)",
    re.IGNORECASE,
)
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
_NOT_A_NAME = re.compile(r"https?://|www\.|^\W*$|^[\d\W]+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Facts:
    """The page's own statements, unjudged: meta tags by lower-case name, and the JSON-LD article ({} for none)."""

    meta: dict[str, tuple[str, ...]]
    article: dict[str, Any]
    heading: str
    document_title: str
    times: tuple[str, ...]
    canonical: str
    language: str
    scripts: tuple[str, ...]  # the text of the page's scripts, unread


def facts_of(root: etree._Element | None) -> Facts:
    """Everything the head and the marks of a page state."""
    if root is None:
        return Facts({}, {}, "", "", (), "", "", ())
    meta: dict[str, tuple[str, ...]] = {}
    for element in root.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        content = blocks_.squeeze((element.get("content") or "")[:2000])
        if name and content:
            meta[name.lower()] = (*meta.get(name.lower(), ()), content)
    return Facts(
        meta=meta,
        article=_json_article(root),
        heading=_heading(root),
        document_title=next(
            (blocks_.squeeze("".join(found.itertext())[:1000]) for found in root.iter("title")), ""
        ),
        times=tuple(_times(root)),
        canonical=next(
            (link.get("href", "") for link in root.iter("link") if link.get("rel") == "canonical"), ""
        ),
        language=(root.get("lang") or "").lower(),
        scripts=tuple(script.text for script in root.iter("script") if script.text),
    )


def _heading(root: etree._Element) -> str:
    headings = [blocks_.squeeze("".join(found.itertext())) for found in root.iter("h1")]
    headings = [heading for heading in headings if 5 <= len(heading) <= 300]
    return max(headings, key=len, default="")


def _times(root: etree._Element) -> Iterator[str]:
    for element in root.iter("time"):
        value = element.get("datetime") or element.get("content") or "".join(element.itertext())
        if len(value) < 100:
            yield blocks_.squeeze(value)


def _json_article(root: etree._Element) -> dict[str, Any]:
    """The first JSON-LD object that is an article, or the first that has a body or a date."""
    found: list[dict[str, Any]] = []
    for script in root.iter("script"):
        if "ld+json" in (script.get("type") or "") and len(script.text or "") <= MAX_JSON:
            found += [node for node in _nodes(_loads(script.text or "")) if _is_article(node)]
    return max(found, key=lambda node: ("articleBody" in node, "datePublished" in node), default={})


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
    stated = text_in(facts.article.get("publisher"), "name") or _first(
        facts,
        "og:site_name",
        "twitter:app:name:iphone",
        "application-name",
        "publisher",
        "dc.publisher",
        "copyright",
    )
    return "" if _NOT_A_NAME.search(stated) or len(stated) > 60 else stated


def outlet_in(regions: Sequence[clean.Region]) -> str:
    """The outlet's name out of its copyright line, or ""."""
    lines = [line for region in regions if region.kind == "copyright" for line in region.text.splitlines()]
    found = [_OWNER.search(line) for line in lines]
    return next((each[1].strip(" '\"<>[]") for each in found if each), "")


def title_of(facts: Facts, outlet: str) -> str:
    """The headline without the outlet's name and the section behind it."""
    stated = text_in(facts.article.get("headline"))
    shown = _first(facts, "og:title", "twitter:title", "title", "dc.title") or facts.document_title
    stated, shown = stated[:500], shown[:500]
    candidates = [text for text in (stated, shown, facts.heading) if text]
    if not candidates:
        return ""
    headings = [blocks_.squeeze(text) for text in (facts.heading, stated) if text]
    for heading in headings:  # a headline that the longer title begins with is the title without its suffix
        if len(heading) >= 8 and shown.startswith(heading):
            return heading
    return _without_suffix(shown or candidates[0], outlet)


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
    return stated if len(stated) <= 60 else ""


def byline_of(facts: Facts, regions: Sequence[clean.Region], korean: bool) -> str:
    """Who wrote it: `장성주 기자`, or names parted by commas; "" where the page doesn't say.

    A Korean signature line in the page names the reporter more surely than its head, which often names the outlet.
    """
    stated = _stated_authors(facts)
    if korean:
        pool = [*stated, *(region.text for region in regions if region.kind == "byline")]
        pool += [region.text for region in regions if region.kind in {"body", "lead", "caption"}][:1]
        pool += [region.text[-80:] for region in regions if region.kind == "body"][-1:]
        named = [_reporters(text) for text in pool]
        reporters = next((names for names in named if names), "")
        if reporters:
            return reporters
    outlet = clean.key_of(outlet_of(facts))
    return ", ".join(name for name in dict.fromkeys(stated) if clean.key_of(name) != outlet)[:200]


def _reporters(text: str) -> str:
    found = [f"{name} {role}" for name, role in phrases.REPORTER.findall(text[:200]) if name not in _NO_NAMES]
    return ", ".join(dict.fromkeys(found[:4]))


_NO_NAMES = frozenset(
    {
        "취재",
        "사진",
        "영상",
        "인턴",
        "선임",
        "전문",
        "객원",
        "온라인",
        "디지털",
        "뉴스",
        "담당",
        "다른",
        "현직",
        "해당",
        "소속",
        "출신",
        "전직",
        "일부",
        "시민",
    }
)


def _stated_authors(facts: Facts) -> list[str]:
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
    cleaned = (re.sub(r"^by\s+", "", blocks_.squeeze(name), flags=re.IGNORECASE) for name in names)
    return [name for name in cleaned if name and len(name) <= 120 and not _NOT_A_NAME.search(name)]


def published_of(facts: Facts, visible: Sequence[str], url: str, korean: bool) -> datetime | None:
    """When it was first published, aware and in UTC: stated times before visible ones before the address.

    A time without a zone is Seoul's on a Korean page and UTC elsewhere; a date alone is its midnight.
    """
    zone = SEOUL if korean else UTC
    stated = [text_in(facts.article.get("datePublished")), text_in(facts.article.get("dateCreated"))]
    for key in ("datepublished datecreated", *_PUBLISHED_KEYS.split()):
        stated += facts.meta.get(key, ())[:1]
    for text in [*stated, *_visible_dates(visible), *facts.times[:1]]:
        moment = parse_moment(text, zone) if text else None
        if moment:
            return moment
    found = _URL_DATE.search(url)
    day = _moment(found[1], found[2], found[3], zone=zone) if found else None
    scripted = (parse_moment(text, zone) for text in _scripted_dates(facts.scripts))
    return next((moment for moment in scripted if moment and _same_day(moment, day)), day)


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
    dated = [line for line in lines if len(line) <= 150 and _KOREAN_DATE.search(line)]
    for line in dated:
        label = _LABEL.search(line)
        if label and (date := _KOREAN_DATE.search(line, label.end())):
            yield date[0]
    for line in dated:
        if not _REVISED.search(line) and len(line) <= 60:
            yield line


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
    if found := _ENGLISH_DATE.search(text):
        early, name, late, year = found.groups()
        return _moment(year, str(_MONTHS[name.lower()[:3]]), early or late or "1", zone=zone)
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
