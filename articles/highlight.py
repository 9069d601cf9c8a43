"""Cut a text into pieces where marked spans begin and end, and into paragraphs.

Text in, values out: escapes nothing and renders nothing; templates do.
"""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar


class Span(Protocol):
    """A part of a text: code-point offsets, end exclusive."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


Mark = TypeVar("Mark", bound=Span)


@dataclass(frozen=True, slots=True)
class Piece(Generic[Mark]):
    """A stretch of text under the same marks; none for plain text. `begins` are the marks that start here."""

    text: str
    marks: tuple[Mark, ...] = ()
    begins: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Range:
    """A bare span."""

    start: int
    end: int


def cut(text: str, marks: Iterable[Mark], *, start: int = 0, end: int | None = None) -> list[Piece[Mark]]:
    """The pieces of `text[start:end]`, in order; joined they are that text again.

    Marks may overlap, nest or reach beyond the text; the longer of two comes first in a piece's `marks`.
    Cost: n log n in the marks, plus the pieces' marks.
    """
    end = len(text) if end is None else min(end, len(text))
    inside = sorted(
        (mark for mark in marks if mark.start < end and mark.end > start and mark.start < mark.end),
        key=lambda mark: (mark.start, -mark.end),
    )
    edges = {start, end} | {max(m.start, start) for m in inside} | {min(m.end, end) for m in inside}
    borders = sorted(edges)
    pieces: list[Piece[Mark]] = []
    waiting, over = 0, []
    for left, right in itertools.pairwise(borders):
        while waiting < len(inside) and max(inside[waiting].start, start) <= left:
            over.append(inside[waiting])
            waiting += 1
        over = [mark for mark in over if mark.end > left]
        begins = tuple(mark for mark in over if mark.start == left)
        pieces.append(Piece(text[left:right], tuple(over), begins))
    return pieces


def paragraphs(text: str) -> Iterator[Range]:
    """Where the paragraphs of a text stand: parted by blank lines, without the white space around them."""
    position = 0
    for block in text.split("\n\n"):
        stripped = block.strip()
        if stripped:
            start = position + block.index(stripped)
            yield Range(start, start + len(stripped))
        position += len(block) + 2


def excerpt(text: str, spans: Sequence[Span], *, length: int = 160) -> Range:
    """A part of about `length` characters around the first span, from a word's beginning; else the text's start."""
    if not spans or len(text) <= length:
        return Range(0, _word_end(text, length, 0))
    first = min(spans, key=lambda span: span.start)
    start = max(0, min(first.start - length // 3, len(text) - length))
    if start and (space := text.find(" ", start, first.start)) >= 0:
        start = space + 1
    return Range(start, _word_end(text, start + length, first.end))


def _word_end(text: str, end: int, least: int) -> int:
    """The last place between words before `end` and after `least`; `end` itself if there is none."""
    if end >= len(text):
        return len(text)
    space = max(text.rfind(" ", least, end), text.rfind("\n", least, end))
    return space if space > least else max(end, least)
