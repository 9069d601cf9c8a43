"""Splits text into sentences with offsets. Knows no dates and no names."""

from __future__ import annotations

import re

# A full stop ends a sentence before a space, but not after a figure (2022. 7. 28.) or an abbreviation (U.S., Aug.).
# All ends begin with one of a set of characters, which is what makes a search for them fast.
_END = re.compile(r"[.!?。…\n](?:(?<=\n)\n*|(?<!\n)(?<![0-9].)[.!?。…]*['\"”’」』)]*(?=\s))")
_ABBREVIATED = re.compile(
    r"(?:^|[\s(])(?:[A-Z]|Mr|Mrs|Ms|Dr|Prof|Inc|Corp|Ltd|Co|vs|No|St|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
    r"|[A-Z](?:\.[A-Z])+)\.$"
)


def split(text: str) -> tuple[tuple[int, int], ...]:
    """Start and end of each sentence, without the space around it."""
    found: list[tuple[int, int]] = []
    start = 0
    for match in _END.finditer(text):
        at, end = match.span()
        if text[at] == "." and _is_abbreviated(text, start, at):
            continue
        _add(found, text, start, end)
        start = end
    _add(found, text, start, len(text))
    return tuple(found)


def _is_abbreviated(text: str, start: int, at: int) -> bool:
    """Whether the full stop at this place ends an abbreviation. Most end a Korean sentence, which is seen at once."""
    if not text[at - 1 : at].isascii():
        return False
    return _ABBREVIATED.search(text[max(start, at - 12) : at + 1]) is not None


def _add(found: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        found.append((start, end))
