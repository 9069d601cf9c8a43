"""A briefing as a PDF, with its Hangul font inside, set by Typst from the template beside this module.

What is written comes in as data, never as markup: a `#` or a `$` in a headline is a character like any other.
"""

import functools
import json
import re
from pathlib import Path

import pylopdf_fonts_ko
import typst

from articles.briefing import document

TEMPLATE = Path(__file__).with_name("page.typ").read_bytes()
# Pictures among letters, for which the font has none: left out rather than shown as boxes.
_PICTURES = re.compile("[\U00010000-\U0001ffff\U000e0000-\U000fffff\ufe0f\u200d\ue000-\uf8ff]")


@functools.cache
def fonts() -> typst.Fonts:
    """The fonts of the package, looked at once, and none of the machine's, so that a file looks alike everywhere."""
    folder = Path(pylopdf_fonts_ko.__file__).parent
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])


def to_pdf(made: document.Document) -> bytes:
    """The document as the bytes of a file; takes some 30 ms."""
    data = document.to_json(document.clean(made))
    return typst.compile(
        TEMPLATE,
        sys_inputs={"data": _PICTURES.sub("", json.dumps(data, ensure_ascii=False))},
        font_paths=fonts(),
    )
