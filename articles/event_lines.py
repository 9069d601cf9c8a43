"""Events along a line of time, and the ways along it. Must not write, and must not render."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from articles import event_reads
from articles.charts import event_line

# Pixels from row to row.
ROW_HEIGHT = 24
# Pixels of the strip below the rows.
REPORTED_HEIGHT = 22


WHENS = {
    event_reads.When.ALL: _("all"),
    event_reads.When.PAST: _("happened"),
    event_reads.When.AHEAD: _("planned"),
}


@dataclass(frozen=True, slots=True)
class View:
    """How a timeline shows its line of events, as the address says; no window is the usual one."""

    when: event_reads.When = event_reads.When.ALL
    window: event_line.Window | None = None

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The address's parameters."""
        return (
            *((("when", self.when.value),) if self.when else ()),
            *(parse_qsl(stretch(self.window)) if self.window else ()),
        )


def view_of(data: QueryDict) -> View:
    """How an address wants the line; what makes no sense is left out."""
    window = event_line.window_of(data.get("from", ""), data.get("to", ""))
    return View(event_reads.parse_when(data.get("when", "")), window)


@dataclass(frozen=True, slots=True)
class Step:
    """A way to go along the line: what the address says then."""

    name: str
    stretch: str


@dataclass(frozen=True, slots=True)
class Line:
    """The line of events as it is drawn, with where one can go from it; `today_x` is in percent.

    `is_cut`: there are more events than could be laid out, further from today.
    """

    drawn: event_line.EventLine
    steps: tuple[Step, ...]
    today_x: float | None
    is_cut: bool = False

    @property
    def rows_height(self) -> int:
        """Pixels that the rows take."""
        return self.drawn.rows * ROW_HEIGHT

    @property
    def height(self) -> int:
        """Pixels that the rows take, and below them the marks of when each was first told of."""
        return self.rows_height + REPORTED_HEIGHT


def line_of(
    owner: event_reads.Owner,
    *,
    when: event_reads.When,
    window: event_line.Window | None,
    today: datetime.date,
) -> Line | None:
    """The events along a line; None if there are none to be drawn and none to go to."""
    return along(event_reads.on_a_line(owner, today=today, when=when, window=window), window, today)


def along(
    items: Sequence[event_line.Item], window: event_line.Window | None, today: datetime.date
) -> Line | None:
    """These events along a line; None if there are none to be drawn and none to go to."""
    if not items and window is None:
        return None
    shown = window or event_line.usual_window(items, today)
    steps = [
        Step("earlier", stretch(event_line.moved(shown, -0.5))),
        Step("later", stretch(event_line.moved(shown, 0.5))),
        Step("out", stretch(event_line.wider(shown))),
    ]
    if window:
        steps.append(Step("all", ""))
    is_shown = shown.first <= today <= shown.last
    drawn = event_line.lay_out(items, shown)
    today_x = shown.x(today) if is_shown else None
    return Line(drawn, tuple(steps), today_x, event_reads.is_cut(items, today))


def stretch(days: event_line.Window | event_line.Tick | event_line.Item) -> str:
    """What the address says of the days that are shown."""
    return urlencode({"from": days.first.isoformat(), "to": days.last.isoformat()})
