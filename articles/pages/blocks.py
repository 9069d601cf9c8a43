"""HTML to text blocks: one for each paragraph, heading, item or line, with where in the page it stood.

Must not judge what a block is worth; that is done in `choose` and `clean`.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

# A hostile page may hold millions of elements or lines; no article page comes near.
MAX_ELEMENTS = 60_000
MAX_LINES = 6_000

_BLOCK_TAGS = """
address article aside blockquote body caption center dd details dir div dl dt fieldset figcaption figure
footer form h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol p pre section summary table tbody
td tfoot th thead tr ul
"""
BLOCK_TAGS = frozenset(_BLOCK_TAGS.split())
_SKIPPED_TAGS = """
applet area audio base button canvas embed frame frameset head iframe img input link map math meta noframes
noscript object option param script select source style svg template textarea title track video
"""
SKIPPED_TAGS = frozenset(_SKIPPED_TAGS.split())

# Inline elements whose names make them a line of their own: captions and credits in a span.
_STANDING_NAMES = re.compile(
    r"caption|(?:img|image|photo)[_-]?(?:desc|txt|credit)|credit|copyright|byline|reporter|writer",
    re.IGNORECASE,
)

# White space, and characters that are invisible or that no database stores.
_SPACE = re.compile(
    r"[\s\x00-\x1f\x7f\u00a0\u00ad\u200b-\u200f\u202a-\u202e\u2060\u3164\ufeff\ud800-\udfff]+"
)
# A tag of a thousand attributes is an attack on the parser, which compares each with all others.
_HUGE_TAG = re.compile(r"<[^<>]{20000,}>")
Element = etree._Element
_REFERENCE = "&(?:amp|lt|gt|quot|#39|#x27);"
_PARAGRAPH = re.compile(rf"<p>([^<&]*(?:{_REFERENCE}[^<&]*)*)</p>\s*")

_TAG = re.compile(r"<(?:/?[a-z][a-z0-9-]{0,15}(?:\s[^<>]{0,1000})?/?>|!--|!doctype\b)", re.IGNORECASE)
_DROPPED = re.compile(r"(?is)<(script|style|noscript|template|head)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of a page: its text in one line and the elements it stood in, outermost first."""

    text: str
    tag: str
    ancestors: tuple[etree._Element, ...]
    link_share: float  # of its characters, those inside links


def squeeze(text: str) -> str:
    """One line without leading, trailing, doubled or invisible space."""
    return single_spaced(text).strip()


def single_spaced(text: str) -> str:
    """The text with any run of white or invisible characters as one space."""
    # Most text has none to change, which the interpreter sees at once; the filler is the one it calls printable.
    if text.isprintable() and "  " not in text and "\u3164" not in text:
        return text
    return _SPACE.sub(" ", text)


def is_markup(text: str) -> bool:
    """Whether a text holds HTML tags at all; `a < b` is none."""
    return _TAG.search(text) is not None


def parse(markup: str) -> etree._Element | None:
    """The page's tree; None where there is nothing to parse. Declared encodings are ignored: it is text already."""
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    text = _HUGE_TAG.sub(lambda tag: "" if tag[0].count("=") + tag[0].count(" ") > 1000 else tag[0], markup)
    data = text.replace("\x00", "").encode("utf-8", "replace")
    try:
        return etree.fromstring(data, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def paragraphs(markup: str) -> list[str]:
    """The lines of markup that is nothing but plain paragraphs, as `blocks_of` gives them, but without a parser.

    None of them for other markup, and where it can't be told soon that both would agree.
    """
    found, done = [], 0
    while match := _PARAGRAPH.match(markup, done):
        found.append(html.unescape(match[1]))
        done = match.end()
    if done < len(markup) or not all(map(str.isprintable, found)):
        return []
    return [line for text in found if (line := squeeze(text))]


def strip_tags(markup: str) -> str:
    """The lines of markup too deep or too broken to parse."""
    text = re.sub(r"<[^<>]{0,5000}>", "\n", _DROPPED.sub("\n", markup))
    return html.unescape(text)


def blocks_of(root: etree._Element) -> tuple[Block, ...]:
    """The blocks below an element in the order they are read."""
    return tuple(_Reader().read(root))


class _Reader:
    """Collects inline text until a block begins or ends."""

    def __init__(self) -> None:
        self.pieces: list[tuple[str, bool]] = []  # text, and whether it is inside a link
        self.links = 0
        self.path: list[etree._Element] = []

    def read(self, root: etree._Element) -> Iterator[Block]:
        walk = etree.iterwalk(root, events=("start", "end"))
        for number, (event, element) in enumerate(walk):
            if number > 2 * MAX_ELEMENTS:
                break  # two events an element
            tag = element.tag
            if not isinstance(tag, str) or tag in SKIPPED_TAGS:
                if event == "start":
                    walk.skip_subtree()
                else:
                    self.add(element.tail)
                continue
            standing = _stands(element, tag)
            if standing and self.pieces:
                yield from self.flush()
            if event == "start":
                self.open(element, tag, standing)
            else:
                self.close(element, tag, standing)
        yield from self.flush()

    def open(self, element: etree._Element, tag: str, standing: bool) -> None:
        if standing:
            self.path.append(element)
        self.links += tag == "a"
        if tag == "br":
            self.pieces.append(("\n", False))
        self.add(element.text)

    def close(self, element: etree._Element, tag: str, standing: bool) -> None:
        if standing and self.path:
            self.path.pop()
        self.links -= tag == "a"
        self.add(element.tail)

    def add(self, text: str | None) -> None:
        if not text or (not self.pieces and text.isspace()):
            return
        if self.path and self.path[-1].tag == "pre":
            for line in text.splitlines():
                self.pieces += [(single_spaced(line), self.links > 0), ("\n", False)]
            return
        self.pieces.append((" " if text.isspace() else single_spaced(text), self.links > 0))

    def flush(self) -> Iterator[Block]:
        pieces, self.pieces = self.pieces, []
        if not self.path or not any(text.strip() for text, _ in pieces):
            return
        for line in _lines(pieces):
            text = squeeze("".join(text for text, _ in line))
            linked = sum(len(text.strip()) for text, inside in line if inside)
            if text:
                yield Block(text, str(self.path[-1].tag), tuple(self.path), min(1.0, linked / len(text)))


def _stands(element: etree._Element, tag: str) -> bool:
    """Whether an element begins a new line."""
    if tag in BLOCK_TAGS or "-" in tag:
        return True
    name = element.get("class") if tag in {"em", "span", "strong"} else None
    return name is not None and _STANDING_NAMES.search(name) is not None


def _lines(pieces: list[tuple[str, bool]]) -> Iterator[list[tuple[str, bool]]]:
    """Pieces parted at line breaks, except where a break only wraps a Latin sentence."""
    line: list[tuple[str, bool]] = []
    for number, piece in enumerate(pieces):
        if piece[0] != "\n":
            line.append(piece)
        elif _wraps("".join(text for text, _ in line), pieces[number + 1 : number + 2]):
            line.append((" ", False))
        else:
            yield line
            line = []
    yield line


def _wraps(before: str, after: list[tuple[str, bool]]) -> bool:
    return bool(after) and before.rstrip()[-1:].isalnum() and re.match(r"\s?[a-z]", after[0][0]) is not None
