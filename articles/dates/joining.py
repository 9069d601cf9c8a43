"""Which reports tell of the same event: new ones are put beside those that are known, or begin an event.

Compares by `events.same_event` alone; reads no text and knows no table. The result does not depend on the order in
which new reports are given, and a report never moves once it is joined, so that an event keeps its identity.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from articles.dates import events

# A new report is compared with so many of an event's: no single one can chain two events together.
SPOKESMEN = 4


@dataclass(frozen=True, slots=True)
class Report:
    """One article's telling of an event. `key` names it and orders those of an article; `story` may be unknown."""

    key: tuple[int, ...]
    event: events.Event
    published: datetime
    story: int | None = None

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day."""
        return self.event.when.first_day, self.event.when.last_day


def join(
    new: Iterable[Report], known: Mapping[int, Sequence[Report]], fresh: Iterable[int]
) -> dict[tuple[int, ...], int]:
    """The event of each new report, by its key: a known one's number, or the next of `fresh`.

    `known` are events that may be the same, each with some of its reports, the earliest first.
    """
    numbers = iter(fresh)
    table = _Table(known)
    joined: dict[tuple[int, ...], int] = {}
    for report in sorted(new, key=lambda one: (one.published, one.key)):
        event = table.find(report)
        if event is None:
            event = next(numbers)
        table.add(event, report)
        joined[report.key] = event
    return joined


class _Table:
    """Events with their spokesmen, to be found by the names they share."""

    def __init__(self, known: Mapping[int, Sequence[Report]]) -> None:
        self.spokesmen: defaultdict[int, list[Report]] = defaultdict(list)
        self.by_name: defaultdict[str, set[int]] = defaultdict(set)
        for event, reports in known.items():
            for report in reports[:SPOKESMEN]:
                self.add(event, report)

    def add(self, event: int, report: Report) -> None:
        for name in _names(report):
            self.by_name[name].add(event)
        if len(self.spokesmen[event]) < SPOKESMEN:
            self.spokesmen[event].append(report)

    def find(self, report: Report) -> int | None:
        """The event that this report tells of: one of its story, of the same days, the earliest, in this order."""
        near = {event for name in _names(report) for event in self.by_name[name]}
        best = min(
            ((self._rank(event, report), event) for event in sorted(near) if self._is_of(event, report)),
            default=None,
        )
        return best[1] if best else None

    def _rank(self, event: int, report: Report) -> tuple[bool, bool]:
        others = self.spokesmen[event]
        shares_story = report.story is not None and any(one.story == report.story for one in others)
        return not shares_story, not any(one.days == report.days for one in others)

    def _is_of(self, event: int, report: Report) -> bool:
        """Whether at least half of an event's spokesmen tell of the same."""
        others = self.spokesmen[event]
        first, last = report.days
        if all(one.days[0] > last or one.days[1] < first for one in others):
            return False
        agree = sum(
            events.same_event(
                report.event,
                one.event,
                beside=report.story is not None and report.story == one.story,
            )
            for one in others
        )
        return agree * 2 >= len(others) > 0


def _names(report: Report) -> Iterable[str]:
    """What an event is found by: its companies, or its themes where it has none."""
    return report.event.who or report.event.themes
