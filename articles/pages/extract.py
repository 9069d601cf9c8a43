"""A page to its article: the data flow of this package.

    bytes --decode--> text --blocks--> blocks --choose--> placed blocks --clean--> regions --> Page
                        \\--metadata--> facts --------------------------------------------/

Plain text without tags is taken line by line. Nothing raises: a page without an article has an empty text.
Must not fetch anything.
"""

import html
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from articles.pages import blocks as blocks_
from articles.pages import choose, clean, decode, embedded, language, metadata

Region = clean.Region

# Below this many characters of body, the page's scripts are searched for the article.
MIN_BODY = 200


@dataclass(frozen=True, slots=True)
class Page:
    """An article page, read. `text` is the body alone, paragraphs parted by a blank line; `published` is aware UTC."""

    url: str
    title: str
    published: datetime | None
    byline: str
    outlet: str
    section: str
    language: str
    text: str
    regions: tuple[Region, ...]


def extract_page(markup: bytes | str, *, url: str = "", content_type: str = "") -> Page:
    """The article of a page, its labelled regions and what the page says about itself.

    `url` is the address it was fetched from, `content_type` the HTTP header. Never raises; see `Page`.
    """
    text = decode.decode(markup, content_type=content_type) if isinstance(markup, bytes) else markup
    text = text[: decode.MAX_BYTES]
    if not blocks_.is_markup(text):
        return _plain_page(text, url)
    root = blocks_.parse(text)
    if root is None:
        return _plain_page(blocks_.strip_tags(text), url)
    facts = metadata.facts_of(root)
    outlet = metadata.outlet_of(facts)
    title = metadata.title_of(facts, outlet)
    stated = facts.article.get("articleBody")
    placed = choose.place(blocks_.blocks_of(root), stated if isinstance(stated, str) else "")
    if not title and not any(block.hint for block in placed):
        return _plain_page("\n".join(block.block.text for block in placed), url)
    regions = regions_of(placed, title)
    regions = _with_embedded(regions, root, facts, title)
    return _page(url, facts, title, outlet, regions)


def _plain_page(text: str, url: str) -> Page:
    """Lines of text: the first is the headline unless it reads like a paragraph."""
    lines = [line for raw in html.unescape(text).splitlines() if (line := blocks_.squeeze(raw))]
    title = lines[0] if len(lines) > 1 and len(lines[0]) <= 150 and not _reads_on(lines[0]) else ""
    regions = clean.label([clean.Line(line) for line in lines], title=title)
    return _page(url, metadata.facts_of(None), title, "", regions)


def _reads_on(line: str) -> bool:
    return line.endswith((".", "다", "요")) and len(line) > 40


def regions_of(placed: Sequence[choose.Placed], title: str) -> tuple[Region, ...]:
    """Regions of a placed page: lines of the article one by one, the rest of the page gathered by kind."""
    inside = [block for block in placed if block.inside]
    lines = [
        clean.Line(p.block.text, p.hint, p.block.tag[:1] == "h", p.block.link_share > 0.6) for p in inside
    ]
    labelled = clean.label(lines, title=title)
    first = next((number for number, block in enumerate(placed) if block.inside), len(placed))
    before = [_outside(block, title) for block in placed[:first]]
    after = [_outside(block, title) for block in placed[first:] if not block.inside]
    return (*_gathered(before), *labelled, *_gathered(after))


def _line(placed: choose.Placed) -> clean.Line:
    block = placed.block
    return clean.Line(
        block.text, placed.hint, block.tag[:1] == "h", block.tag == "li", block.link_share > 0.6
    )


def _outside(placed: choose.Placed, title: str) -> Region:
    text = placed.block.text
    line = clean.Line(text, placed.hint)
    if clean.key_of(text) == clean.key_of(title):
        return Region("title", text)
    return Region(
        placed.hint or clean.kind_of(line) or ("related" if placed.block.link_share > 0.5 else "notice"), text
    )


def _gathered(regions: Sequence[Region]) -> list[Region]:
    """Neighbours of one kind as one region of several lines."""
    gathered: list[Region] = []
    for region in regions:
        if gathered and gathered[-1].kind == region.kind:
            gathered[-1] = Region(region.kind, f"{gathered[-1].text}\n{region.text}")
        else:
            gathered.append(region)
    return gathered


def _with_embedded(
    regions: tuple[Region, ...], root: blocks_.Element, facts: metadata.Facts, title: str
) -> tuple[Region, ...]:
    """The regions, or those of the article inside the page's scripts where the page shows (next to) nothing."""
    size = len(clean.body_of(regions))
    if size >= MIN_BODY:
        return regions
    stated = facts.article.get("articleBody")
    candidates = [embedded.paragraphs_of(stated)] if isinstance(stated, str) else []
    fragment = embedded.html_in_scripts(root)
    found = [clean.label([clean.Line(line) for line in lines], title=title) for lines in candidates]
    if fragment and (inner := blocks_.parse(fragment)) is not None:
        found.append(regions_of(choose.place(blocks_.blocks_of(inner)), title))
    best = max(found, key=lambda each: len(clean.body_of(each)), default=())
    return (*regions, *best) if len(clean.body_of(best)) > 2 * size else regions


def _page(url: str, facts: metadata.Facts, title: str, outlet: str, regions: tuple[Region, ...]) -> Page:
    text = clean.body_of(regions)
    spoken = language.detect(text or title)
    korean = spoken == "ko" or facts.language.startswith("ko")
    visible = [line for region in regions if region.kind != "body" for line in region.text.splitlines()]
    return Page(
        url=url or facts.canonical,
        title=title,
        published=metadata.published_of(facts, visible, url or facts.canonical, korean),
        byline=metadata.byline_of(facts, regions, korean),
        outlet=outlet,
        section=metadata.section_of(facts),
        language=spoken,
        text=text,
        regions=regions,
    )


def text_of_html(fragment: str) -> str:
    """A feed's summary or content to plain paragraphs, parted by blank lines; plain text comes back as it is."""
    fragment = fragment[: decode.MAX_BYTES]
    if not blocks_.is_markup(fragment):
        return html.unescape(fragment).strip() if "&" in fragment else fragment
    root = blocks_.parse(fragment)
    if root is None:
        return ""
    return "\n\n".join(block.text for block in blocks_.blocks_of(root))
