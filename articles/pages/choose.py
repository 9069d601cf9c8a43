"""Which blocks of a page are its article. Outlet-free: marks, names of containers and the amount of prose decide.

Must not look at the words of a line; that is done in `clean`.
"""

import functools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from articles.pages import blocks as blocks_
from articles.pages import clean


def _named(names: str) -> re.Pattern[str]:
    """Any of the names, as a whole word of an element's names."""
    return re.compile(rf"(?:^|[\s-])(?:{'|'.join(names.split())})(?:$|[\s-])")


# Kinds of regions by the names that authors of pages give to elements, the surest first.
_COMMENT = r"comments? disqus\w* reply replies reply-?list cmts? livere respond"
_CAPTION = r"""
    caption figcaption cap(?:tion)?-?text wp-caption(?:-text)? img-?(?:desc|caption|txt)
    image-?(?:desc|caption|credit) photo-?(?:desc|caption|credit)
"""
_RELATED = r"""
    related\w* recommend\w* most-?(?:read|viewed|popular) trending popular ranking rank also-?like
    read-?(?:next|more|also) more-?(?:news|stories|articles|from) taboola\w* outbrain\w* dable\w* recirc\w*
    teasers? hot-?(?:news|issue) headlines
"""
_PROMOTION = r"""
    promos? newsletter\w* subscribe subscription sign-?up banners? sponsor\w* advert\w* ads? adsbygoogle share
    sharing social sns app-?down\w* donate paywall cta
"""
_NOTICE = r"""
    nav navigation menu gnb lnb breadcrumbs? footer sidebar toolbar util skip cookie\w* gdpr\w* consent\w* login
    search tags? hidden timestamp pub-?date date-?time sr-only visually-hidden screen-?reader\w* blind modal popup
    overlay
"""
_HINTS = (
    ("comment", _named(_COMMENT)),
    ("caption", _named(_CAPTION)),
    ("related", _named(_RELATED)),
    ("copyright", _named("copyrights? copy-?txt")),
    ("promotion", _named(_PROMOTION)),
    ("quote", _named("pull-?quotes? module-quote quote-?box box-?quote editor-?quote")),
    ("byline", _named("byline author(?:s|-?(?:info|name|bio|box))? reporter writer journalist")),
    ("notice", _named(_NOTICE)),
    ("subtitle", _named("sub-?head(?:line|ing)? sub-?titles? dek deck standfirst strapline kicker")),
)
_ANY_HINT = re.compile("|".join(pattern.pattern for _, pattern in _HINTS))
# Kinds so named that even most of a page's prose may be theirs: long threads, consent dialogues.
_SURE = frozenset({"comment", "notice"})
_TAG_HINTS = {
    "nav": "notice",
    "footer": "notice",
    "form": "notice",
    "aside": "promotion",
    "figcaption": "caption",
    "figure": "caption",
    "address": "byline",
    "menu": "notice",
    "legend": "notice",
}
# Names of the element that holds an article's text, and of elements that hold it among other things.
_BODY_NAMES = _named(r"""
    article-?(?:body|contents?|text|txt|par\w*)(?:-\w+)? article-?view-?con\w*(?:-div)? art-?(?:body|text|txt|cont)
    story-?(?:body|contents?|text|news) news-?(?:body|contents?|text|txt|cnt\w*|con) newsct-?(?:body|article)
    cont-?newstext entry-?content post-?(?:body|content|text) body-?(?:text|copy) view-?(?:con\w*|text|body)
    (?:text|txt)-?(?:area|body|wrap) dic-?area end-?body pnl-?content cm-?ad-?content
    detail-?(?:body|text|txt|con\w*) cont(?:ent)?-?(?:body|text|txt)
""")
_WIDER_NAMES = _named(r"""
    article(?:view\w*)? article-?(?:wrap|view|main) story news-?(?:view|article) post-?entry main-?content
    content-?(?:article|main) contents?
""")
_BOX_TAGS = frozenset({"center", "div", "p", "table", "tbody", "td", "tr"})
_LAYOUT_TAGS = frozenset(
    {"article", "body", "center", "div", "main", "section", "table", "tbody", "td", "tr"}
)
_NAMING = ("class", "id", "role", "data-component", "data-testid")
_HANGUL = re.compile(r"[가-힣]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Placed:
    """A block with what its place in the page says of it: "" where it says nothing."""

    block: blocks_.Block
    hint: str
    inside: bool  # of the article's container


def names_of(element: etree._Element) -> str:
    """Class, id and role of an element in lower case, the words of a name parted by hyphens."""
    attributes = element.attrib
    return (
        _words(" ".join(attributes[name] for name in _NAMING if name in attributes)[:500])
        if attributes
        else ""
    )


@functools.lru_cache(maxsize=8192)
def _words(names: str) -> str:
    return _CAMEL.sub("-", names).replace("_", "-").lower()


def is_prose(block: blocks_.Block) -> bool:
    """Whether a block looks like a paragraph of an article rather than a label, a menu or a headline."""
    if block.link_share > 0.5:
        return False
    size = size_of(block.text)
    return size >= 80 or (size >= 24 and clean.ends_sentence(block.text))


def size_of(text: str) -> int:
    """Length in Latin letters: a Korean syllable says as much as two of them."""
    return len(text) if text.isascii() else len(text) + len("".join(_HANGUL.findall(text)))


def place(blocks: Sequence[blocks_.Block], known: str = "") -> tuple[Placed, ...]:
    """Every block with its hint and whether it is inside the container of the article.

    `known` is the article's text where the page states it elsewhere (JSON-LD): the container is then where
    the page shows that text.
    """
    prose = [size_of(block.text) if is_prose(block) else 0 for block in blocks]
    weights, counts = _weights(blocks, prose), _weights(blocks, [1] * len(blocks))
    total = sum(prose)
    names = {element: names_of(element) for element in counts}
    kinds = {element: _hint(element, names[element], weights.get(element, 0), total) for element in counts}
    kinds.update(dict.fromkeys(_holders(weights, names), ""))
    hints = [_first_hint(block, kinds) or _caption_hint(block, counts) for block in blocks]
    clear = [size if hint in {"", "subtitle"} else 0 for size, hint in zip(prose, hints, strict=True)]
    container = _container(blocks, _stated(blocks, clear, known) or _dense(blocks, clear), names)
    inside = [container is None or container in block.ancestors for block in blocks]
    return _settle(blocks, hints, inside, clear)


def _holders(
    weights: dict[etree._Element, int], names: dict[etree._Element, str]
) -> Iterator[etree._Element]:
    """The element whose name says that it holds the article, and all around it: no name there means clutter."""
    named = [
        element for element, weight in weights.items() if weight > 400 and _is_body(element, names[element])
    ]
    best = max(named, key=lambda element: weights[element], default=None)
    if best is not None:
        yield best
        yield from best.iterancestors()


def _settle(
    blocks: Sequence[blocks_.Block], hints: Sequence[str], inside: Sequence[bool], clear: Sequence[int]
) -> tuple[Placed, ...]:
    """A subtitle stands before the first paragraph; further on, the same names are given to sections."""
    first = next(
        (n for n, size in enumerate(clear) if size and inside[n] and hints[n] != "subtitle"), len(blocks)
    )
    return tuple(
        Placed(block, "" if hint == "subtitle" and number > first else hint, within)
        for number, (block, hint, within) in enumerate(zip(blocks, hints, inside, strict=True))
    )


def _stated(blocks: Sequence[blocks_.Block], sizes: Sequence[int], known: str) -> list[int]:
    """The prose that the page states to be its article; empty where less than half of that is shown."""
    key = clean.key_of(known)
    if len(key) < 300:
        return []
    found = [
        size if size and clean.key_of(block.text) in key else 0
        for block, size in zip(blocks, sizes, strict=True)
    ]
    shown = sum(len(clean.key_of(block.text)) for block, size in zip(blocks, found, strict=True) if size)
    return found if shown >= 0.5 * len(key) else []


def _dense(blocks: Sequence[blocks_.Block], sizes: Sequence[int]) -> list[int]:
    """The prose that stands paragraph beside paragraph or alone in its box; not a teaser under its headline."""
    boxes = [_layout_of(block) for block in blocks]
    every = Counter(boxes)
    prose = Counter(box for box, size in zip(boxes, sizes, strict=True) if size)
    headed = Counter(
        box
        for number, (box, size) in enumerate(zip(boxes, sizes, strict=True))
        if size and number and blocks[number - 1].link_share > 0.5
    )
    dense = [
        size if _is_dense(prose[box], every[box], headed[box]) or size > 600 else 0
        for box, size in zip(boxes, sizes, strict=True)
    ]
    return dense if sum(dense) >= 0.07 * sum(sizes) else list(sizes)


def _is_dense(prose: int, every: int, headed: int) -> bool:
    """Of a box with so many paragraphs, lines, and paragraphs right behind a link: whether it is no list of teasers."""
    return (prose > 1 and headed <= 0.6 * prose) or every == 1


def _layout_of(block: blocks_.Block) -> etree._Element:
    return next((each for each in reversed(block.ancestors) if each.tag in _LAYOUT_TAGS), block.ancestors[0])


def _weights(blocks: Sequence[blocks_.Block], sizes: Sequence[int]) -> dict[etree._Element, int]:
    """How much of the sizes each element holds; those that hold no block with a size are left out."""
    weights: dict[etree._Element, int] = {}
    for block, size in zip(blocks, sizes, strict=True):
        if size:
            for element in block.ancestors:
                weights[element] = weights.get(element, 0) + size
    return weights


def _hint(element: etree._Element, names: str, weight: int, total: int) -> str:
    """The kind that an element's name gives its text; "" where that would hide most of the page's prose."""
    tag = str(element.tag)
    if tag in {"html", "body", "article", "main"}:
        return ""
    kind = _named_kind(element, names, tag)
    return "" if weight > (0.85 if kind in _SURE else 0.5) * total else kind


def _named_kind(element: etree._Element, names: str, tag: str) -> str:
    if names and (kind := _kind_of_names(names)):
        return kind
    style = element.get("style")
    if style and "display:none" in style.replace(" ", "").lower():
        return "notice"
    return "notice" if element.get("hidden") is not None else _TAG_HINTS.get(tag, "")


@functools.lru_cache(maxsize=8192)
def _kind_of_names(names: str) -> str:
    if not _ANY_HINT.search(names):
        return ""
    return next(kind for kind, pattern in _HINTS if pattern.search(names))


def _first_hint(block: blocks_.Block, hints: dict[etree._Element, str]) -> str:
    return next((hint for element in block.ancestors if (hint := hints[element])), "")


def _caption_hint(block: blocks_.Block, counts: dict[etree._Element, int]) -> str:
    """A short text alone with a picture in a box of their own is its caption."""
    if len(block.text) > 160 or block.tag in {"li", "dt", "dd"} or block.tag[:1] == "h":
        return ""
    boxes = [
        element for element in block.ancestors[-4:-1] if counts[element] == 1 and element.tag in _BOX_TAGS
    ]
    own = block.ancestors[-1]
    pictured = (
        bool(boxes) and next(own.iter("img"), None) is None and next(boxes[0].iter("img"), None) is not None
    )
    return "caption" if pictured else ""


def _container(
    blocks: Sequence[blocks_.Block], sizes: Sequence[int], names: dict[etree._Element, str]
) -> etree._Element | None:
    """The smallest element that holds nearly all the prose of the best candidate."""
    weights = _weights(blocks, sizes)
    total = sum(sizes)
    if not total:
        return None
    for is_marked, share in ((_is_body, 0.3), (_is_wider, 0.5)):
        marked = [
            element
            for element, weight in weights.items()
            if weight >= share * total and is_marked(element, names[element])
        ]
        if marked:
            return _narrow(max(marked, key=lambda element: weights[element]), weights, 0.9)
    return _narrow(blocks[0].ancestors[0], weights, 0.75)


def _is_body(element: etree._Element, names: str) -> bool:
    if element.get("itemprop", "").lower() == "articlebody":
        return True
    return bool(names) and element.tag != "body" and _BODY_NAMES.search(names) is not None


def _is_wider(element: etree._Element, names: str) -> bool:
    if element.tag == "article":
        return True
    return bool(names) and element.tag != "body" and _WIDER_NAMES.search(names) is not None


def _narrow(element: etree._Element, weights: dict[etree._Element, int], share: float) -> etree._Element:
    """The deepest element that still holds `share` of the prose of the one given."""
    while True:
        children = [
            child
            for child in element
            if child.tag in _LAYOUT_TAGS and weights.get(child, 0) >= share * weights[element]
        ]
        if not children or not weights[element]:
            return element
        element = max(children, key=lambda child: weights[child])
