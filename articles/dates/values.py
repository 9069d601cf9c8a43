"""What finding and resolving dates hand on. Values only: nothing here reads a text or a calendar.

Offsets count code points of the text as it was given, the end is exclusive. Days are included at both ends: a value
of 21 to 24 August has `start` 21 and `end` 24.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

Precision = Literal["time", "day", "week", "month", "quarter", "half", "year", "decade", "range"]
Relation = Literal["past", "present", "planned", "goal", "unknown"]


@dataclass(frozen=True, slots=True)
class Atom:
    """One piece of an expression: what it is (`year`, `month_rel`, `part` …) and its number or name."""

    kind: str
    value: Any
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Expression:
    """A time expression as it stands in the text, not yet resolved.

    `until` holds the pieces of the other end of a range (8월 3일부터 5일까지), `lasting` a length counted from the
    start (21일부터 나흘 동안): a tuple of (number, unit). `deadline` says that 까지 or "by" goes with it.
    """

    start: int
    end: int
    text: str
    atoms: tuple[Atom, ...]
    until: tuple[Atom, ...] = ()
    lasting: tuple[tuple[int, str], ...] = ()
    deadline: bool = False
    language: str = "ko"


@dataclass(frozen=True, slots=True)
class TimeValue:
    """A resolved expression.

    `start` and `end` are both included; they are days, or for precision `time` the same local datetime twice, aware.
    `precision` "range" is anything that is not one calendar unit: two ends, a part of a month, a season.
    `certainty` (0 to 1) is lower where a rule had to choose the year or month, or where the words are vague.
    `relation` is that of the statement to the publication, `rule` the name of the rule that decided.
    """

    start: date | datetime
    end: date | datetime
    precision: Precision
    certainty: float
    relation: Relation
    text: str
    start_offset: int
    end_offset: int
    rule: str

    @property
    def first_day(self) -> date:
        """The first day, also of a value with a time of day."""
        return self.start.date() if isinstance(self.start, datetime) else self.start

    @property
    def last_day(self) -> date:
        """The last day, included."""
        return self.end.date() if isinstance(self.end, datetime) else self.end


# A lexicon's entry: the kind of atom, its pattern, what makes a value of the matched text (None: not one after all).
Entry = tuple[str, str, Callable[[str], Any]]


def words_of(names: str) -> frozenset[str]:
    """The words of a text, as a set."""
    return frozenset(names.split())
