"""Which blocks of a page are its article. Outlet-free: marks, names of containers and the amount of prose decide.

Must not look at the words of a line; that is done in `clean`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from articles.pages import blocks as blocks_

# Kinds of regions by the names that authors of pages give to elements, the surest first.
_HINTS = (
    ("comment", r"comments?|disqus\w*|reply|replies|repl?y-?list|cmt|cmts|livere|respond"),
    (
        "caption",
        r"caption|figcaption|cap(?:tion)?-?text|wp-caption-text|img-?(?:desc|caption|txt)|photo-?(?:desc|caption|credit)",
    ),
    (
        "related",
        r"related|recommend\w*|most-?(?:read|viewed|popular)|trending|popular|ranking|rank|also-?like|read-?(?:next|more|also)"
        r"|more-?(?:news|stories|articles|from)|taboola|outbrain|dable|recirc\w*|teasers?|hot-?(?:news|issue)|headlines",
    ),
    ("copyright", r"copyrights?|copy-?txt"),
    (
        "promotion",
        r"promos?|newsletter\w*|subscribe|subscription|sign-?up|banners?|sponsor\w*|advert\w*|ads?|adsbygoogle|share"
        r"|sharing|social|sns|app-?down\w*|donate|paywall|cta",
    ),
    ("byline", r"byline|author(?:s|-?(?:info|name|bio|box))?|reporter|writer|journalist"),
    (
        "notice",
        r"nav|navigation|menu|gnb|lnb|breadcrumbs?|footer|sidebar|toolbar|util|skip|cookies?|login|search|tags?|hidden"
        r"|timestamp|pubdate|date-?time|sr-only|visually-hidden|screen-?reader\w*|blind",
    ),
)
HINTS = tuple((kind, re.compile(rf"(?:^|[\s_-])(?:{names})(?:$|[\s_-])")) for kind, names in _HINTS)
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
_CONTAINER = re.compile(
    r"(?:^|[\s_-])(?:article-?(?:body|content|text|txt|view|main|wrap)?|articleview\w*|art-?(?:body|text|txt)|story-?(?:body|content|text)?"
    r"|news-?(?:body|content|text|txt|view|article)|newsct(?:body)?|entry-?content|post-?(?:body|content|entry|text)|body-?(?:text|content)"
    r"|main-?(?:content|text)|content-?(?:body|text|article)|view-?(?:con|cont|content|text|body)|cont(?:ent)?-?(?:view|area)?|par)"
    r"(?:$|[\s_-])"
)
_LAYOUT_TAGS = frozenset(
    {"article", "body", "center", "div", "main", "section", "table", "tbody", "td", "tr"}
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_SENTENCE_END = re.compile(r"(?:[.!?。…]|[다요죠까])[\"'”’」』)\]]*$")


@dataclass(frozen=True, slots=True)
class Placed:
    """A block with what its place in the page says of it: "" where it says nothing."""

    block: blocks_.Block
    hint: str
    inside: bool  # of the article's container


def names_of(element: etree._Element) -> str:
    """Class, id and role of an element, lower case, camel case parted by hyphens."""
    names = " ".join(
        element.get(name, "") for name in ("class", "id", "role", "data-component", "data-testid")
    )
    return _CAMEL.sub("-", names[:500]).lower()


def is_prose(block: blocks_.Block) -> bool:
    """Whether a block looks like a paragraph of an article rather than a label, a menu or a headline."""
    if block.link_share > 0.5:
        return False
    size = _size(block.text)
    return size >= 80 or (size >= 24 and _SENTENCE_END.search(block.text) is not None)


def _size(text: str) -> int:
    """Length in Latin letters: a Korean syllable says as much as two of them."""
    return len(text) + sum("가" <= letter <= "힣" for letter in text)


def place(blocks: Sequence[blocks_.Block]) -> tuple[Placed, ...]:
    """Every block with its hint and whether it is inside the container of the article."""
    prose = [_size(block.text) if is_prose(block) else 0 for block in blocks]
    weights = _weights(blocks, prose)
    total = sum(prose)
    hints: dict[etree._Element, str] = {}
    for element, weight in weights.items():
        # A name that would hide most of the page's prose is no name for clutter.
        hints[element] = "" if weight > 0.5 * total else _hint(element)
    placed_hints = [_first_hint(block, hints) for block in blocks]
    clear = [size if hint == "" else 0 for size, hint in zip(prose, placed_hints, strict=True)]
    container = _container(blocks, clear)
    return tuple(
        Placed(block, hint, container is None or container in block.ancestors)
        for block, hint in zip(blocks, placed_hints, strict=True)
    )


def _weights(blocks: Sequence[blocks_.Block], sizes: Sequence[int]) -> dict[etree._Element, int]:
    weights: dict[etree._Element, int] = {}
    for block, size in zip(blocks, sizes, strict=True):
        for element in block.ancestors:
            weights[element] = weights.get(element, 0) + size
    return weights


def _hint(element: etree._Element) -> str:
    tag = str(element.tag)
    if tag in {"html", "body", "article", "main"}:
        return ""
    names = names_of(element)
    for kind, pattern in HINTS:
        if pattern.search(names):
            return kind
    style = element.get("style", "").replace(" ", "").lower()
    if "display:none" in style or element.get("hidden") is not None:
        return "notice"
    return _TAG_HINTS.get(tag, "")


def _first_hint(block: blocks_.Block, hints: dict[etree._Element, str]) -> str:
    return next((hint for element in block.ancestors if (hint := hints[element])), "")


def _container(blocks: Sequence[blocks_.Block], sizes: Sequence[int]) -> etree._Element | None:
    """The smallest element that holds nearly all the prose of the best candidate."""
    weights = _weights(blocks, sizes)
    if not weights or not sum(sizes):
        return None
    marked = [element for element in weights if weights[element] and _is_marked(element)]
    if marked:
        best = max(marked, key=lambda element: weights[element])
        if weights[best] >= 0.35 * sum(sizes):
            return _narrow(best, weights, 0.9)
    return _narrow(blocks[0].ancestors[0], weights, 0.75)


def _is_marked(element: etree._Element) -> bool:
    if element.get("itemprop", "").lower() == "articlebody" or element.tag == "article":
        return True
    return element.tag != "body" and _CONTAINER.search(names_of(element)) is not None


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
