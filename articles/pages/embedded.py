"""Article text that a page carries inside its scripts, for pages whose HTML alone holds none.

Two general shapes: JSON-LD's articleBody, and HTML in a string of the state that a JavaScript front end ships.
Must not run scripts.
"""

import json
import re
from collections.abc import Iterator, Sequence

from articles.pages import blocks as blocks_

MAX_SCRIPT = 3_000_000  # characters of all scripts looked at
MIN_LENGTH = 200  # shorter strings are no article

# An unclosed string runs to the end, so that no character is looked at twice.
_STRING = re.compile(r'"((?:[^"\\]|\\.)*+)(?:"|\Z)', re.DOTALL)
_ELEMENTS = re.compile(r'"content_elements"\s*:\s*\[')
_TEXT_ELEMENT = re.compile(r'"content"\s{0,3}:\s{0,3}"((?:[^"\\]|\\.)*+)(?:"|\Z)', re.DOTALL)
_PARAGRAPH = re.compile(r"<(?:p|br|div)\b", re.IGNORECASE)


def html_in_scripts(scripts: Sequence[str]) -> str:
    """The longest HTML fragment in the strings of the page's scripts; "" for none."""
    budget = MAX_SCRIPT
    best = ""
    for text in scripts:
        budget -= len(text)
        if budget < 0:
            break
        best = max(best, _elements_in(text), *_fragments_in(text), key=len)
    return best


def _fragments_in(script: str) -> Iterator[str]:
    yield ""
    for found in _STRING.finditer(script):
        text = _unescape(found[1]) if len(found[1]) >= MIN_LENGTH else ""
        if len(_PARAGRAPH.findall(text[:20_000])) >= 2:
            inner = (
                max(_fragments_in(text), key=len)
                if '\\"' in found[1] and not text.lstrip().startswith("<")
                else ""
            )
            yield inner or (text if text.lstrip().startswith("<") else "")


def _elements_in(script: str) -> str:
    """Paragraphs of a `content_elements` list, the shape of one widespread publishing system."""
    start = _ELEMENTS.search(script)
    if not start:
        return ""
    texts = [_unescape(found[1]) for found in _TEXT_ELEMENT.finditer(script, start.end())]
    return "".join(f"<p>{text}</p>" for text in texts)


def _unescape(text: str) -> str:
    try:
        return str(json.loads(f'"{text}"', strict=False))
    except ValueError:
        return ""


def paragraphs_of(article_body: str) -> list[str]:
    """The paragraphs of a JSON-LD articleBody: plain text or, on careless pages, HTML."""
    if blocks_.is_markup(article_body):
        root = blocks_.parse(article_body)
        return [block.text for block in blocks_.blocks_of(root)] if root is not None else []
    return [text for line in article_body.splitlines() if (text := blocks_.squeeze(line))]
