"""What two readings of one page say differently, line by line: for editors who try rules.

Must not judge which reading is right.
"""

from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass

from articles.pages import extract

FIELDS = ("title", "published", "byline", "section")


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the page and its kinds before and after; "" where that reading has no such line."""

    text: str
    before: str
    after: str

    @property
    def moved(self) -> bool:
        """Whether the readings differ on it."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Field:
    """A field that the readings differ on, as text."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two readings of a page: every line in the order of the later one, and the fields that differ."""

    rows: tuple[Row, ...]
    fields: tuple[Field, ...]
    words_before: int
    words_after: int
    used: tuple[int, ...]  # lines of the later reading's rules that fitted something

    @property
    def moved(self) -> int:
        """How many lines the readings differ on."""
        return sum(row.moved for row in self.rows)


def compare(before: extract.Page, after: extract.Page) -> Comparison:
    """Compare two readings of the same page."""
    fields = (Field(name, _shown(before, name), _shown(after, name)) for name in FIELDS)
    return Comparison(
        rows=tuple(_rows(_lines(before), _lines(after))),
        fields=tuple(one for one in fields if one.before != one.after),
        words_before=len(before.text.split()),
        words_after=len(after.text.split()),
        used=after.rules_used,
    )


def _shown(page: extract.Page, name: str) -> str:
    value = getattr(page, name)
    return value if isinstance(value, str) else value.isoformat(sep=" ") if value else ""


def _lines(page: extract.Page) -> list[tuple[str, str]]:
    return [(line, region.kind) for region in page.regions for line in region.text.splitlines()]


def _rows(before: Sequence[tuple[str, str]], after: Sequence[tuple[str, str]]) -> list[Row]:
    """The lines of the later reading; behind each, those that only the earlier one has there."""
    places: dict[str, deque[int]] = defaultdict(deque)
    for number, (text, _) in enumerate(before):
        places[text].append(number)
    matched = [places[text].popleft() if places[text] else -1 for text, _ in after]
    taken = set(matched)
    behind: dict[int, list[Row]] = defaultdict(list)
    last = -1
    for number, (text, kind) in enumerate(before):
        if number in taken:
            last = number
        else:
            behind[last].append(Row(text, kind, ""))
    rows = behind[-1]
    for (text, kind), number in zip(after, matched, strict=True):
        rows.append(Row(text, before[number][1] if number >= 0 else "", kind))
        if number >= 0:
            rows += behind[number]
    return rows
