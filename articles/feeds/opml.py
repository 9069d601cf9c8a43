"""Lists of sources in OPML, which every feed reader exchanges: read, and written so that reading gives the same back.

What other readers don't know (outlet, zone, selector) stands in attributes of a namespace of ours. The file comes from
anybody: it is read by the same guarded parser as feeds, so it has no entities; its size and depth are capped.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml import etree

from articles.feeds import encoding, markup, reading, titles

LARGEST = 1024 * 1024  # bytes
MOST_OUTLINES = 5000
DEEPEST = 20
OURS = "urn:newswatch:opml"
SEPARATOR = " / "  # between the names of nested outlines


class UnreadableOpml(ValueError):  # noqa: N818 -- names the file, as UnreadableFeed does
    """No list of feeds can be got out of the bytes; the message says what they are instead."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A source as a list tells of it. `fetch_pages`, `enabled` and `interval_s` are None where the list is silent."""

    url: str
    title: str = ""
    group: str = ""
    site: str = ""
    kind: str = reading.FEED
    selector: str = ""
    outlet: str = ""
    language: str = ""
    time_zone: str = ""
    fetch_pages: bool | None = None
    enabled: bool | None = None
    interval_s: int | None = None


def parse_opml(data: bytes) -> tuple[Outline, ...]:
    """The outlines that name an address, in order; nested ones' groups are the names above. Raises UnreadableOpml."""
    if len(data) > LARGEST:
        raise UnreadableOpml(f"the file has {len(data)} bytes; more than {LARGEST} are not read")
    try:
        root = markup.read_tree(encoding.decode(data).text).root
    except markup.NotMarkup as error:
        raise UnreadableOpml(str(error)) from error
    if not isinstance(root.tag, str) or root.tag.lower() != "opml":
        raise UnreadableOpml("this is markup, but no OPML")
    found: list[Outline] = []
    for outline in _walk(root):
        if len(found) >= MOST_OUTLINES:
            raise UnreadableOpml(f"the file names more than {MOST_OUTLINES} feeds")
        found.append(outline)
    return tuple(found)


def _walk(root: etree._Element) -> Iterator[Outline]:
    """Depth first, without recursion; what is nested too deep counts as if it stood at the deepest place."""
    waiting: list[tuple[etree._Element, tuple[str, ...]]] = [(root, ())]
    while waiting:
        element, groups = waiting.pop()
        below = groups
        if isinstance(element.tag, str) and element.tag.lower() == "outline":
            fields = _fields(element)
            if fields.get("xmlurl") or fields.get("url") or fields.get("type", "").lower() == "rss":
                yield _outline(fields, groups)
            elif name := _name(fields):
                below = (*groups, name) if len(groups) < DEEPEST else groups
        waiting += [(child, below) for child in reversed(element)]


def _fields(element: etree._Element) -> dict[str, str]:
    """Attributes by their name in lower case: readers spell xmlUrl in every way. Ours keep a prefix."""
    found = {}
    for name, value in element.attrib.items():
        key = f"nw:{name.removeprefix(f'{{{OURS}}}')}" if name.startswith(f"{{{OURS}}}") else name.lower()
        found[key] = " ".join(value.split())
    return found


def _name(fields: dict[str, str]) -> str:
    return titles.fold(fields.get("text") or fields.get("title") or "")[:300]


def _outline(fields: dict[str, str], groups: tuple[str, ...]) -> Outline:
    category = fields.get("category", "").split(",")[0].strip().strip("/")
    interval = fields.get("nw:interval", "")
    return Outline(
        url=(fields.get("xmlurl") or fields.get("url") or "")[:4000],
        title=_name(fields),
        group=(SEPARATOR.join(groups) or category)[:100],
        site=fields.get("htmlurl", "")[:1000],
        kind=reading.LISTING if fields.get("nw:selector") else reading.FEED,
        selector=fields.get("nw:selector", ""),
        outlet=fields.get("nw:outlet", "")[:200],
        language=(fields.get("nw:language") or fields.get("language", ""))[:35],
        time_zone=fields.get("nw:zone", "")[:50],
        fetch_pages=_yes_or_no(fields.get("nw:pages", "")),
        enabled=_yes_or_no(fields.get("nw:enabled", "")),
        interval_s=int(interval)
        if interval.isdecimal() and interval.isascii() and len(interval) < 8
        else None,
    )


def _yes_or_no(text: str) -> bool | None:
    return {"yes": True, "no": False}.get(text)


def write_opml(outlines: Iterable[Outline], *, title: str, made: datetime.datetime) -> bytes:
    """OPML 2.0 with one outline for each group, in the order given."""
    root = etree.Element("opml", version="2.0", nsmap={"nw": OURS})
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = _storable(title)
    etree.SubElement(head, "dateCreated").text = made.strftime("%a, %d %b %Y %H:%M:%S %z")
    body = etree.SubElement(root, "body")
    groups: dict[str, etree._Element] = {"": body}
    for outline in outlines:
        group = _storable(outline.group)
        if group not in groups:
            groups[group] = etree.SubElement(body, "outline", text=group, title=group)
        etree.SubElement(groups[group], "outline", _attributes(outline))
    etree.indent(root)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))


def _attributes(outline: Outline) -> dict[str, str]:
    is_feed = outline.kind == reading.FEED
    known = {
        "type": "rss" if is_feed else "link",
        "text": outline.title,
        "title": outline.title,
        "xmlUrl" if is_feed else "url": outline.url,
        "htmlUrl": outline.site,
        "language": outline.language,
        f"{{{OURS}}}outlet": outline.outlet,
        f"{{{OURS}}}selector": outline.selector,
        f"{{{OURS}}}zone": outline.time_zone,
        f"{{{OURS}}}pages": _spelt(outline.fetch_pages),
        f"{{{OURS}}}enabled": _spelt(outline.enabled),
        f"{{{OURS}}}interval": str(outline.interval_s or ""),
    }
    return {name: _storable(value) for name, value in known.items() if value}


def _spelt(value: bool | None) -> str:
    return "" if value is None else "yes" if value else "no"


def _storable(text: str) -> str:
    """Without the characters that XML can't hold."""
    return markup.CONTROL.sub("", text)
