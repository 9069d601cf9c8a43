"""Make a tree of a feed's XML, mending what can be mended and saying what was.

Hostile by assumption: document type declarations are cut off before the parser sees them, so there are no entities to
expand and nothing to load; depth and text sizes are the parser's own limits. This module knows no feed format.
"""

from __future__ import annotations

import html
import html.entities
import re
from dataclasses import dataclass

from lxml import etree

FEED_ROOT = re.compile(r"<(?:\?xml\b|(?:[A-Za-z]+:)?(?:rss|RSS|feed|RDF|rdf|urlset|sitemapindex)[\s>])")
HTML_ROOTS = frozenset(
    [
        "html",
        "head",
        "body",
        "script",
        "meta",
        "title",
        "link",
        "div",
        "p",
        "span",
        "br",
        "b",
        "table",
        "center",
        "font",
        "h1",
        "h2",
        "pre",
    ]
)
ROOT_NAME = re.compile(r"<([A-Za-z_][\w.\-]*(?::[\w.\-]+)?)")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
CDATA = re.compile(r"(<!\[CDATA\[.*?(?:\]\]>|\Z))", re.DOTALL)
REFERENCE = re.compile(
    r"&(?!(?:amp|lt|gt|quot|apos);)(?:#(x[0-9A-Fa-f]{1,8}|[0-9]{1,8});|([A-Za-z][A-Za-z0-9]{0,31});)?"
)
FEED_LINK = re.compile(
    r"""<link\b[^>]{0,500}?type\s*=\s*["']?application/(?:rss|atom|rdf|feed)\+(?:xml|json)[^>]{0,500}>""",
    re.IGNORECASE,
)
HREF = re.compile(r"""\bhref\s*=\s*["']?([^"'\s>]{1,500})""", re.IGNORECASE)
PREDEFINED_AS_NUMBER = {"amp": "&#38;", "lt": "&#60;", "gt": "&#62;", "quot": "&#34;", "apos": "&#39;"}
PREDEFINED = re.compile(r"&(amp|lt|gt|quot|apos);")
ENTRY_START = re.compile(r"<(?:[A-Za-z]\w{0,20}:)?(?:item|entry|url)[\s>]")
ENTRY_END = re.compile(r"</(?:[A-Za-z]\w{0,20}:)?(?:item|entry|url)\s{0,9}>")
HTML_HOLDER = re.compile(
    r"<((?:[A-Za-z]\w{0,20}:)?(?:title|description|encoded|summary|content|subtitle))(?:\s[^<>]{0,500})?(?<!/)>"
)
MOST_PIECES = 6000
LONGEST_ROOT_TAG = 8192  # characters
PREFIX_USED = re.compile(r"</?([A-Za-z_][\w.\-]{0,30}):[A-Za-z_]")
PREFIX_DECLARED = re.compile(r"\bxmlns:([A-Za-z_][\w.\-]{0,30})\s*=")
USUAL_NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "news": "http://www.google.com/schemas/sitemap-news/0.9",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
}
CUT = "the file ends in the middle; what came before the cut was read"
DOCTYPE_TOKEN = re.compile(r"""<!--.*?-->|"[^"]*"|'[^']*'|\[|\]|>""", re.DOTALL)
LONGEST_DOCTYPE = 16_384  # characters
FURTHEST_ROOT = 65_536  # characters of warnings and blanks a server may print before the feed begins


class NotMarkup(ValueError):  # noqa: N818 -- it says what the text is, as UnreadableFeed does
    """There is no XML in it; the message says what there is instead."""


@dataclass(frozen=True, slots=True)
class Tree:
    """The root element and, in words, what had to be mended to get it."""

    root: etree._Element
    problems: tuple[str, ...]


def read_tree(text: str) -> Tree:
    """Parse `text` into a tree, mending as little as needed. Raises NotMarkup when nothing can be got from it."""
    body, problems = _from_root(text)
    try:
        return Tree(etree.fromstring(_utf8(body), _parser()), tuple(problems))
    except (etree.XMLSyntaxError, UnicodeEncodeError):
        pass
    body, mended = _repair(body)
    problems += mended
    try:
        return Tree(etree.fromstring(_utf8(body), _parser()), tuple(problems))
    except etree.XMLSyntaxError as error:
        return _recover(body, problems, error)


def inner_markup(element: etree._Element) -> str:
    """What is inside an element as HTML: its text as it is, child elements without their namespaces."""
    if not len(element):
        return element.text or ""
    return _inside(element)


def plain_text(element: etree._Element) -> str:
    """All text in an element, tags dropped."""
    return (element.text or "") if not len(element) else "".join(element.itertext())


def _serialised(element: etree._Element) -> str:
    if not isinstance(element.tag, str):
        return html.escape(element.tail or "", quote=False)
    name = etree.QName(element).localname if "{" in element.tag else element.tag
    attributes = "".join(
        f' {key}="{html.escape(value)}"' for key, value in element.attrib.items() if not key.startswith("{")
    )
    tail = html.escape(element.tail or "", quote=False)
    if name in {"br", "hr", "img", "input", "wbr"} and not len(element) and not element.text:
        return f"<{name}{attributes}>{tail}"
    return f"<{name}{attributes}>{_inside(element)}</{name}>{tail}"


def _inside(element: etree._Element) -> str:
    return html.escape(element.text or "", quote=False) + "".join(_serialised(child) for child in element)


def _parser(*, recover: bool = False) -> etree.XMLParser:
    return etree.XMLParser(
        encoding="utf-8",
        recover=recover,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        strip_cdata=True,
    )


def _utf8(text: str) -> bytes:
    return text.encode("utf-8")


def _from_root(text: str) -> tuple[str, list[str]]:
    """Cut what is in front of the root element: blanks, declaration, comments, document type, a server's warnings."""
    problems: list[str] = []
    start = len(text) - len(text.lstrip("\ufeff\x00 \t\r\n\u200b"))
    if start and text.startswith("<?xml", start):
        problems.append("blank characters before the XML declaration")
    position = _skip_prologue(text, start, problems)
    name = ROOT_NAME.match(text, position)
    if name and name.group(1).lower() not in HTML_ROOTS:
        return text[position:], problems
    later = FEED_ROOT.search(text, position, position + FURTHEST_ROOT)
    if later is None or (name and name.group(1).lower() == "html"):
        raise NotMarkup(_what_instead(text, position))
    problems.append("text before the feed's first tag")
    position = _skip_prologue(text, later.start(), problems)
    if not ROOT_NAME.match(text, position):
        raise NotMarkup(_what_instead(text, position))
    return text[position:], problems


def _skip_prologue(text: str, position: int, problems: list[str]) -> int:
    while True:
        while position < len(text) and text[position].isspace():
            position += 1
        if text.startswith("<?", position):
            position = _after(text, "?>", position)
        elif text.startswith("<!--", position):
            position = _after(text, "-->", position)
        elif text[position : position + 9].upper() == "<!DOCTYPE":
            position, has_subset = _after_doctype(text, position)
            if has_subset:
                problems.append("the document type declaration was ignored")
        else:
            return position


def _after(text: str, end: str, position: int) -> int:
    found = text.find(end, position)
    return len(text) if found < 0 else found + len(end)


def _after_doctype(text: str, position: int) -> tuple[int, bool]:
    """Where the declaration ends, and whether it declared anything itself."""
    depth, has_subset = 0, False
    for token in DOCTYPE_TOKEN.finditer(text, position, position + LONGEST_DOCTYPE):
        if token.group() == "[":
            depth, has_subset = depth + 1, True
        elif token.group() == "]":
            depth -= 1
        elif token.group() == ">" and depth <= 0:
            return token.end(), has_subset
    return len(text), has_subset


def _what_instead(text: str, position: int) -> str:
    if not text.strip("\ufeff\x00 \t\r\n"):
        return "the file is empty"
    head = text[:200_000]
    if re.search(r"<(?:!doctype\s+html|html|head|body)\b", head, re.IGNORECASE):
        link = FEED_LINK.search(head)
        href = HREF.search(link.group()) if link else None
        hint = f"; it names a feed at {html.unescape(href.group(1))}" if href else ""
        return f"this is an HTML page, not a feed{hint}"
    if text.startswith("<", position):
        return "this is markup, but not a feed"
    return "this is neither XML nor JSON"


def _repair(body: str) -> tuple[str, list[str]]:
    """Mend what keeps a strict parser from reading: control characters, undeclared entities, bare ampersands."""
    body, controls = CONTROL.subn("", body)
    mender = _Mender()
    parts = CDATA.split(body)
    parts[::2] = [REFERENCE.sub(mender.reference, part) for part in parts[::2]]
    problems = [f"{controls} control characters were removed"] if controls else []
    body, undeclared = _declare_prefixes("".join(parts))
    return body, problems + mender.problems() + undeclared


def _declare_prefixes(body: str) -> tuple[str, list[str]]:
    """Declare on the root element the namespace prefixes that are used but declared nowhere."""
    missing = sorted(set(PREFIX_USED.findall(body)) - set(PREFIX_DECLARED.findall(body)) - {"xml"})
    name = ROOT_NAME.match(body)
    if not missing or not name:
        return body, []
    declared = "".join(
        f' xmlns:{prefix}="{USUAL_NAMESPACES.get(prefix.lower(), "urn:undeclared:" + prefix)}"'
        for prefix in missing
    )
    problem = f"namespace prefixes that are not declared: {', '.join(missing[:5])}"
    return body[: name.end()] + declared + body[name.end() :], [problem]


class _Mender:
    def __init__(self) -> None:
        self.entities: dict[str, None] = {}
        self.ampersands = 0
        self.invalid = 0

    def reference(self, match: re.Match[str]) -> str:
        number, name = match.groups()
        if number:
            return self._character(match.group(), int(number[1:], 16) if number[0] == "x" else int(number))
        if name is None:
            self.ampersands += 1
            return "&amp;"
        self.entities[name] = None
        character = html.entities.html5.get(name + ";")
        return f"&amp;{name};" if character is None else html.escape(character, quote=False)

    def _character(self, reference: str, code: int) -> str:
        valid = (
            code in (9, 10, 13)
            or 0x20 <= code < 0xD800
            or 0xE000 <= code < 0xFFFE
            or 0x10000 <= code < 0x110000
        )
        self.invalid += not valid
        return reference if valid else ""

    def problems(self) -> list[str]:
        found = []
        if self.entities:
            names = ", ".join(f"&{name};" for name in list(self.entities)[:5])
            found.append(f"entities XML does not know: {names}")
        if self.ampersands:
            found.append(f"{self.ampersands} bare ampersands")
        if self.invalid:
            found.append(f"{self.invalid} references to characters XML forbids were removed")
        return found


def _recover(body: str, problems: list[str], error: etree.XMLSyntaxError) -> Tree:
    name = ROOT_NAME.match(body)
    root_name = name.group(1) if name else ""
    if body.rfind(f"</{root_name}") < 0:
        body = _before_the_cut(body)
        problems.append(CUT)
    else:
        problems.append(f"not well-formed XML ({_complaint(error)}); read as far as possible")
    root = _entry_by_entry(_numeric(body))
    if root is None:
        raise NotMarkup("this is markup, but nothing in it can be read")
    return Tree(root, tuple(problems))


def _entry_by_entry(body: str) -> etree._Element | None:
    """Parse each entry alone, so that a fault in one neither swallows nor mangles the others."""
    outline = CDATA.sub(lambda section: " " * len(section.group()), body)
    starts = [match.start() for match in ENTRY_START.finditer(outline)][:MOST_PIECES]
    if not starts or starts[0] == 0:
        return _lenient(body)
    root = _lenient(body[: starts[0]])
    opening, closing = _wrapper(body)
    for start, following in zip(starts, [*starts[1:], len(body)], strict=True):
        end = ENTRY_END.search(outline, start, following)
        piece = _piece(opening, body[start : end.end() if end else following], closing)
        if root is not None and piece is not None and len(piece):
            root.append(piece[0])
    return root


def _wrapper(body: str) -> tuple[str, str]:
    """The root's tags, for its namespaces; without attributes where they are too long to be repeated."""
    matched = ROOT_NAME.match(body)
    name = matched.group(1) if matched else "feed"
    opening = body[: body.find(">") + 1].rstrip("/>") + ">"
    return (opening if len(opening) <= LONGEST_ROOT_TAG else f"<{name}>"), f"</{name}>"


def _piece(opening: str, entry: str, closing: str) -> etree._Element | None:
    for attempt in (entry, _with_html_quoted(entry)):
        try:
            return etree.fromstring(_utf8(opening + attempt + closing), _parser())
        except etree.XMLSyntaxError:
            continue
    return _lenient(opening + _with_html_quoted(entry) + closing)


def _lenient(document: str) -> etree._Element | None:
    try:
        return etree.fromstring(_utf8(document), _parser(recover=True))
    except etree.XMLSyntaxError:
        return None


def _with_html_quoted(entry: str) -> str:
    """Quote what stands in the elements that hold HTML, so that an unclosed <br> there is text like any other."""
    parts, position, unclosed = [], 0, set[str]()
    for opened in HTML_HOLDER.finditer(entry):
        name = opened.group(1)
        if opened.start() < position or name in unclosed:
            continue
        end = entry.find(f"</{name}", opened.end())
        if end < 0:
            unclosed.add(name)
            continue
        inner = entry[opened.end() : end]
        if "<" in inner and "<![CDATA[" not in inner:
            parts += [entry[position : opened.end()], "<![CDATA[", inner.replace("]]>", ""), "]]>"]
            position = end
    return "".join(parts) + entry[position:]


def _numeric(body: str) -> str:
    """Write the five named references as numbers: once libxml2 recovers from an error it drops the named ones."""
    parts = CDATA.split(body)
    parts[::2] = [
        PREDEFINED.sub(lambda name: PREDEFINED_AS_NUMBER[name.group(1)], part) for part in parts[::2]
    ]
    return "".join(parts)


def _complaint(error: etree.XMLSyntaxError) -> str:
    return str(error.msg or "").replace("\n", " ")[:160]


def _before_the_cut(body: str) -> str:
    """Keep only finished elements, so that no title or address is stored half."""
    opened = body.rfind("<![CDATA[")
    if opened > body.rfind("]]>"):
        body = body[:opened]
    end = max(body.rfind("/>") + 2, _end_of_last_close(body))
    return body[:end] if end > 1 else body


def _end_of_last_close(body: str) -> int:
    closing = body.rfind("</", 0, max(body.rfind(">"), 0))
    return body.find(">", closing) + 1 if closing >= 0 else -1
