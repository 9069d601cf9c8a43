"""A page to its article: the data flow of this package.

    bytes --decode--> text --blocks--> blocks --choose--> placed blocks --clean--> regions --> Page
                        \\--metadata, authors--> facts -----------------------------------/

Plain text without tags is taken line by line. Nothing raises: a page without an article has an empty text.
Must not fetch anything.
"""

import html
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from articles.pages import authors as authors_
from articles.pages import blocks as blocks_
from articles.pages import choose, clean, decode, embedded, language, metadata
from articles.pages import rules as rules_

Region = clean.Region

# Kinds that a line's own words tell more surely than its place outside the article does, and signs that it is one.
_SURE = frozenset({"byline", "contact", "copyright"})
# Elements that say nothing of what they hold.
_PLAIN_TAGS = frozenset({"html", "body", "div", "p", "span", "section", "article", "main"})
_SIGNS = ("@", "©", "ⓒ", "기자", "특파원", "위원")

# Below this many characters of body, the page's scripts are searched for the article.
MIN_BODY = 200


@dataclass(frozen=True, slots=True)
class Page:
    """An article page, read. `text` is the body alone, paragraphs parted by a blank line; times are aware UTC.

    `changed` is when the page says it was last changed after it was published, `authors` are those that `byline` names,
    `walled` says that it shows the beginning only and wants its reader to pay or log in for the rest.
    `rules_used` are the lines of the outlet's rules that fitted anything.
    """

    url: str
    title: str
    published: datetime | None
    byline: str
    outlet: str
    section: str
    language: str
    text: str
    regions: tuple[Region, ...]
    rules_used: tuple[int, ...] = ()
    changed: datetime | None = None
    authors: tuple[authors_.Author, ...] = ()
    walled: bool = False


@dataclass(frozen=True, slots=True)
class Fragment:
    """A feed's summary or content, read: the body alone, and the labelled regions where it holds more than that."""

    text: str
    regions: tuple[Region, ...] = ()


def extract_page(
    markup: bytes | str, *, url: str = "", content_type: str = "", rules: rules_.Rules = rules_.NONE
) -> Page:
    """The article of a page, its labelled regions and what the page says about itself.

    `url` is the address it was fetched from, `content_type` the HTTP header, `rules` are those of its outlet.
    Never raises; see `Page`.
    """
    text = decode.decode(markup, content_type=content_type) if isinstance(markup, bytes) else markup
    text = text[: decode.MAX_BYTES]
    root = blocks_.parse(text) if blocks_.is_markup(text) else None
    if root is None:
        shown = blocks_.strip_tags(text) if blocks_.is_markup(text) else html.unescape(text)
        return _plain_page(shown, url, rules_.OnPage(rules, None))
    is_page = _is_page(root)
    ruled = rules_.OnPage(rules, root)
    blocks = blocks_.blocks_of(root)
    if not is_page:
        shown = "\n".join(block.text for block in blocks)
        return _plain_page(shown or blocks_.strip_tags(text), url, ruled)
    facts = metadata.facts_of(root)
    outlet = metadata.outlet_of(facts)
    title = ruled.field("title") or metadata.title_of(facts, outlet, _headings(blocks, facts))
    titles = (title, facts.heading, metadata.text_in(facts.article.get("headline")))
    placed = choose.place(blocks, _stated_body(facts))
    regions = _regions(ruled.place(placed) if len(rules) else placed, titles)
    regions = _with_embedded(regions, facts, titles)
    if not regions and len(text) > 256 * 5:  # elements nested deeper than the parser goes
        return _plain_page(blocks_.strip_tags(text), url, ruled)
    return _page(url, facts, regions, ruled, title=title, outlet=outlet)


def _headings(blocks: Sequence[blocks_.Block], facts: metadata.Facts) -> frozenset[str]:
    """The keys of the page's lines that may be its headline: what its title has too, and no link."""
    title = metadata.named_title(facts)
    return frozenset(
        clean.key_of(block.text)
        for block in blocks
        if block.text[:4] in title and len(block.text) <= 200 and block.link_share < 0.5
    )


def _is_page(root: blocks_.Element) -> bool:
    """Whether markup says anything of itself: a title, a heading, a name; bare paragraphs are lines of text."""
    marks = ("title", "h1", "h2", "article", "main", "meta")
    return any(True for _ in root.iter(*marks)) or any(element.get("class") for element in root.iter("div"))


def _stated_body(facts: metadata.Facts) -> str:
    stated = facts.article.get("articleBody")
    return stated if isinstance(stated, str) else ""


def _plain_page(text: str, url: str, ruled: rules_.OnPage) -> Page:
    """Lines of text: the first is the headline unless it reads like a paragraph."""
    shown = (line for raw in text.splitlines() if (line := blocks_.squeeze(raw)))
    lines = list(itertools.islice(shown, blocks_.MAX_LINES))
    title = lines[0] if len(lines) > 1 and len(lines[0]) <= 150 and not _reads_on(lines[0]) else ""
    regions = clean.label([clean.Line(line) for line in lines], titles=[title])
    return _page(url, metadata.facts_of(None), regions, ruled, title=title, outlet="")


def _reads_on(line: str) -> bool:
    return len(line) > 40 and line.endswith((".", "다", "요"))


def _regions(placed: Sequence[choose.Placed], titles: Sequence[str]) -> tuple[Region, ...]:
    """Regions of a placed page: lines of the article one by one, the rest of the page gathered by kind."""
    labelled = clean.label([_line(block) for block in placed if block.inside], titles=titles)
    first = next((number for number, block in enumerate(placed) if block.inside), len(placed))
    keys = frozenset(clean.key_of(title) for title in titles if title)
    before = _under_title([_outside(block, keys) for block in placed[:first]], placed)
    after = [_outside(block, keys) for block in placed[first:] if not block.inside]
    return (*_gathered(before), *labelled, *_gathered(after))


def _line(placed: choose.Placed) -> clean.Line:
    block = placed.block
    heading, item = block.tag[0] == "h" and block.tag != "html", block.tag == "li"
    return clean.Line(block.text, placed.hint, heading=heading, item=item, linked=block.link_share > 0.6)


def _outside(placed: choose.Placed, title_keys: frozenset[str]) -> Region:
    text = placed.block.text
    if len(text) > 8 and clean.key_of(text) in title_keys:
        return Region("title", text)
    if placed.hint in {"", "notice"} and any(sign in text for sign in _SIGNS):
        own = clean.kind_of(clean.Line(text))
        if own in _SURE:
            return Region(own, text)
    if placed.hint:
        return Region(placed.hint, text)
    if placed.block.link_share > 0.5:
        return Region("related", text)
    return Region(clean.kind_of(clean.Line(text)) or "notice", text)


def _under_title(regions: list[Region], placed: Sequence[choose.Placed]) -> list[Region]:
    """What stands between the headline and the article and has no other name is the subtitle."""
    under = False
    named = []
    for region, block in zip(regions, placed, strict=False):
        under = under or region.kind == "title"
        plain = under and region.kind == "notice" and not block.hint and len(region.text) >= 10
        named.append(
            Region("subtitle", region.text)
            if plain and not clean.kind_of(clean.Line(region.text))
            else region
        )
    return named


def _gathered(regions: Sequence[Region]) -> list[Region]:
    """Neighbours of one kind as one region of several lines."""
    return [
        Region(kind, "\n".join(region.text for region in group))
        for kind, group in itertools.groupby(regions, key=lambda region: region.kind)
    ]


def _with_embedded(
    regions: tuple[Region, ...], facts: metadata.Facts, titles: Sequence[str]
) -> tuple[Region, ...]:
    """The regions, or those of the article inside the page's scripts where the page itself shows next to nothing."""
    size = len(clean.body_of(regions))
    if size >= MIN_BODY:
        return regions
    found = [
        clean.label([clean.Line(line) for line in embedded.paragraphs_of(_stated_body(facts))], titles=titles)
    ]
    inner = blocks_.parse(embedded.html_in_scripts(facts.scripts))
    if inner is not None:
        found.append(_regions(choose.place(blocks_.blocks_of(inner)), titles))
    best = max(found, key=lambda each: len(clean.body_of(each)))
    if len(clean.body_of(best)) <= 2 * size:
        return regions
    shown = [Region("notice", region.text) if region.kind == "body" else region for region in regions]
    return (*shown, *best)


def _page(
    url: str,
    facts: metadata.Facts,
    found: tuple[Region, ...],
    ruled: rules_.OnPage,
    *,
    title: str,
    outlet: str,
) -> Page:
    regions = ruled.relabel(found)
    text = clean.body_of(regions)
    spoken = language.detect(text or title)
    korean = spoken == "ko" or facts.language.startswith("ko")
    visible = [line for region in regions if region.kind != "body" for line in region.text.splitlines()]
    address = url or facts.canonical
    outlet = outlet or metadata.outlet_in(regions)
    stated = metadata.parse_moment(ruled.field("published"), metadata.zone_of(address, korean))
    published = stated or metadata.published_of(facts, visible, address, korean)
    people = authors_.authors_of(metadata.stated_authors(facts), regions, korean=korean, outlet=outlet)
    return Page(
        url=address,
        title=title,
        published=published,
        byline=ruled.field("byline")[:200] or authors_.byline_of(people),
        outlet=outlet,
        section=ruled.field("section")[:60]
        or metadata.section_of(facts)
        or metadata.section_in(regions, title, facts.document_title),
        language=spoken,
        text=text,
        regions=regions,
        rules_used=tuple(sorted(ruled.used)),
        changed=metadata.changed_of(facts, visible, address, korean, published),
        authors=people,
        walled=_is_walled(facts, regions, text),
    )


def _is_walled(facts: metadata.Facts, regions: Sequence[Region], text: str) -> bool:
    """Whether a short text ends at a wall: the page says so in words, or that it isn't free, and cuts its text off."""
    if choose.size_of(text) > clean.WALLED_BODY:
        return False
    lines = (line for region in regions if region.kind != "comment" for line in region.text.splitlines())
    if any(clean.is_wall(line) for line in lines if len(line) <= 160):
        return True
    return metadata.is_paid(facts) and text.rstrip("\"'”’ ").endswith(("..", "…"))


def read_fragment(fragment: str, *, title: str = "") -> Fragment:
    """A feed's own text by the rules for pages; `title` is the entry's. What is nothing but clutter is all text."""
    fragment = fragment[: decode.MAX_BYTES]
    lines = blocks_.paragraphs(fragment)
    if lines and clean.are_all_news(lines, titles=[title]):
        return Fragment("\n\n".join(lines))  # as most feeds have it
    is_markup = blocks_.is_markup(fragment)
    blocks = _blocks(fragment) if is_markup else ()
    plain = "\n\n".join(block.text for block in blocks) or text_of_html(fragment)
    if "\n" not in plain and not any(sign in plain for sign in clean.TAIL_SIGNS):
        return Fragment(plain)  # most summaries are one paragraph
    unmarked = blocks and _are_paragraphs(blocks) and "<img" not in fragment.lower()
    if unmarked and clean.are_all_news([block.text for block in blocks], titles=[title]):
        return Fragment(plain)
    if blocks:
        marked = [_line(placed) for placed in choose.place(blocks)]
    else:
        marked = [clean.Line(line) for raw in plain.splitlines() if (line := blocks_.squeeze(raw))]
    regions = clean.label(marked, titles=[title])
    body = clean.body_of(regions)
    if not body or all(region.kind == "body" for region in regions):
        return Fragment(plain)
    return Fragment(body, regions)


def _are_paragraphs(blocks: Sequence[blocks_.Block]) -> bool:
    """Whether the markup says nothing of the blocks but that they are paragraphs."""
    if any(block.tag != "p" or block.link_share for block in blocks):
        return False
    around = {element for block in blocks for element in block.ancestors}
    return all(element.tag in _PLAIN_TAGS and not element.attrib for element in around)


def _blocks(markup: str) -> tuple[blocks_.Block, ...]:
    root = blocks_.parse(markup)
    return blocks_.blocks_of(root) if root is not None else ()


def plain_regions(regions: Sequence[Region]) -> list[dict[str, str]]:
    """Regions as plain values, ready for JSON."""
    return [{"kind": region.kind, "text": region.text} for region in regions]


def text_of_html(fragment: str) -> str:
    """A feed's summary or content to plain paragraphs, parted by blank lines; plain text comes back as it is."""
    fragment = fragment[: decode.MAX_BYTES]
    if not blocks_.is_markup(fragment):
        return html.unescape(fragment)
    lines = [block.text for block in _blocks(fragment)]
    if not lines:
        lines = [line for raw in blocks_.strip_tags(fragment).splitlines() if (line := blocks_.squeeze(raw))]
    return "\n\n".join(lines)
