"""Make plain text of a title: feeds escape HTML once, twice or not at all.

Only names of real HTML elements count as tags, because Korean headlines use angle brackets as quotation marks.
Nothing here looks at anything but the one string.
"""

from __future__ import annotations

import html
import re

ELEMENTS = (
    "a|abbr|acronym|b|bdi|bdo|big|blockquote|br|center|cite|code|del|dd|dfn|div|dl|dt|em|figcaption|figure|font|"
    "h[1-6]|hr|i|iframe|img|input|ins|kbd|li|link|mark|meta|nobr|ol|p|pre|q|rp|rt|ruby|s|samp|script|small|span|"
    "strike|strong|style|sub|sup|table|tbody|td|th|tr|tt|u|ul|var|wbr"
)
TAG = re.compile(rf"</?(?:{ELEMENTS})(?:\s[^<>]{{0,2000}})?/?>", re.IGNORECASE)
BLOCK = re.compile(r"</?(?:br|p|div|li|h[1-6]|tr|td|hr)(?:\s[^<>]{0,2000})?/?>", re.IGNORECASE)
HIDDEN = re.compile(
    r"<(script|style)\b[^<>]{0,2000}>[^<]{0,20000}</\1\s*>|<!--[^<>]{0,5000}-->", re.IGNORECASE
)
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\u200b\u2060\ud800-\udfff\ufffe\uffff]")
LONGEST = 1000  # characters; longer "titles" are whole articles put in the wrong field


def plain_title(text: str, *, literal: bool = False) -> str:
    """One line of plain text; `literal` says the source promised that `<` is no markup, so tags are left alone."""
    for _ in range(2):
        if not literal:
            text = strip_tags(text)
        unescaped = html.unescape(text)
        if unescaped == text:
            break
        text = unescaped
    if not literal:
        text = strip_tags(text)
    return shorten(fold(text), LONGEST)


def strip_tags(text: str) -> str:
    """Remove HTML tags; those that part lines leave a space."""
    if "<" not in text:
        return text
    return TAG.sub("", BLOCK.sub(" ", HIDDEN.sub("", text)))


def fold(text: str) -> str:
    """One space for each run of white space, none at the ends, no control characters."""
    return " ".join(CONTROL.sub("", text).split())


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, the last one an ellipsis where something was cut."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
