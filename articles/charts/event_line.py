"""Events along a line of time: which stretch is shown, where each event stands on it, and what is left to name.

An event is drawn as long as its time is known: a year is a bar over the whole year and not a dot on 1 January. Bars
and their words are laid into rows from the weightiest down, first fit; what finds no room is counted where it would
stand, never dropped unsaid. Values in, values out: must not know how things look, nor read the clock.
"""

import bisect
import calendar
import datetime
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

DAY = datetime.timedelta(days=1)
# Pixels that the line is laid out for; a wider one has air, on a narrower one words are left out.
WIDTH = 880
ROWS = 7
# A bar is at least so many pixels long, so that it can be pointed at, and its words stand so far from it.
SHORTEST_BAR = 12
GAP = 6
# Words take so much room, or the lesser where there is not enough for that.
WIDEST_WORDS, SHORT_WORDS = 230, 130
WIDE_LETTER, NARROW_LETTER = 12.5, 6.6
FIRST_WIDE = "\u1100"
# The shortest stretch, in days: nobody dates news by the hour.
SHORTEST_WINDOW = 7
LONGEST_WINDOW_YEARS = 400
# A line that nobody has zoomed shows all events if they lie within so many years, else most of them.
ALL_WITHIN_DAYS = 15 * 366
MOST_OF_THEM = 0.9
MOST_TICKS = 14
MOST_STRETCHES = 60


@dataclass(frozen=True, slots=True)
class Item:
    """An event: its days, both included, how many outlets tell of it, and a few words; `kind` is the caller's.

    `reported`: the day on which it was first told of, which may be long after it or before.
    """

    key: int
    kind: str
    first: datetime.date
    last: datetime.date
    outlets: int
    words: str
    reported: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """The days that are shown, both included."""

    first: datetime.date
    last: datetime.date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def x(self, day: datetime.date) -> float:
        """Where a day begins, in percent of the line."""
        return 100 * (day - self.first).days / self.days

    def holds(self, item: Item) -> bool:
        """Whether any of an event's days is shown."""
        return item.first <= self.last and item.last >= self.first


@dataclass(frozen=True, slots=True)
class Bar:
    """An event in its row, in percent of the line, with its words cut to the room there is.

    `words_x` is where they begin, or, if they stand `before` the bar, where they end. `reported_x` is the middle of the
    day on which it was first told of; None if that is not shown.
    """

    item: Item
    x: float
    width: float
    row: int
    words: str = ""
    words_x: float = 0.0
    before: bool = False
    reported_x: float | None = None


@dataclass(frozen=True, slots=True)
class Tick:
    """A stretch of the scale: "decade", "year", "month", "week" or "day"; zooming in on it shows it alone."""

    unit: str
    first: datetime.date
    last: datetime.date
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Rest:
    """So many events of a stretch of the scale are not drawn."""

    tick: Tick
    count: int


@dataclass(frozen=True, slots=True)
class EventLine:
    """What there is to draw. `before` and `after` count the events that lie outside."""

    window: Window
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    rest: tuple[Rest, ...]
    rows: int
    before: int
    after: int


def usual_window(items: Sequence[Item], today: datetime.date) -> Window:
    """The whole years that hold all events and today, or, if that is long, most events and today."""
    firsts, lasts = sorted(item.first for item in items), sorted(item.last for item in items)
    begin, end = min([*firsts[:1], today]), max([*lasts[-1:], today])
    if (end - begin).days > ALL_WITHIN_DAYS:
        out = int(len(items) * (1 - MOST_OF_THEM) / 2)
        begin, end = min(firsts[out], today), max(lasts[len(lasts) - 1 - out], today)
    return Window(datetime.date(begin.year, 1, 1), datetime.date(end.year, 12, 31))


def window_of(first: str, last: str) -> Window | None:
    """The stretch that an address names by its days; None if it names none that can be shown."""
    try:
        begin, end = datetime.date.fromisoformat(first), datetime.date.fromisoformat(last)
    except ValueError:
        return None
    if end < begin or (end - begin).days > LONGEST_WINDOW_YEARS * 366:
        return None
    lacking = SHORTEST_WINDOW - 1 - (end - begin).days
    if lacking > 0:
        begin, end = _moved(begin, -DAY * (lacking // 2)), _moved(end, DAY * (lacking - lacking // 2))
    return Window(begin, end)


def wider(window: Window) -> Window:
    """Twice as many days around the same middle."""
    more = DAY * (window.days // 2)
    return Window(_moved(window.first, -more), _moved(window.last, more))


def moved(window: Window, share: float) -> Window:
    """The stretch moved by a share of its own length: later if it is positive."""
    by = DAY * round(window.days * share)
    return Window(_moved(window.first, by), _moved(window.last, by))


def _moved(day: datetime.date, by: datetime.timedelta) -> datetime.date:
    """The day moved, at most to either end of the calendar."""
    ordinal = day.toordinal() + by.days
    return datetime.date.fromordinal(
        max(datetime.date.min.toordinal(), min(ordinal, datetime.date.max.toordinal()))
    )


def lay_out(items: Sequence[Item], window: Window, *, rows: int = ROWS) -> EventLine:
    """Put the events that the window holds into rows."""
    ticks = tuple(ticks_of(window))
    shown = sorted(filter(window.holds, items), key=_weightiest_first)
    taken: list[list[tuple[float, float]]] = [[] for _ in range(rows)]
    bars: list[Bar] = []
    left: Counter[Tick] = Counter()
    for item in shown:
        bar = _placed(item, window, taken)
        if bar:
            bars.append(bar)
        else:
            left[_tick_at(ticks, max(item.first, window.first))] += 1
    return EventLine(
        window,
        tuple(sorted(bars, key=_in_time)),
        ticks,
        tuple(Rest(tick, left[tick]) for tick in ticks if left[tick]),
        rows=max((bar.row + 1 for bar in bars), default=1),
        before=sum(item.last < window.first for item in items),
        after=sum(item.first > window.last for item in items),
    )


def _weightiest_first(item: Item) -> tuple[int, datetime.date, int]:
    return -item.outlets, item.first, item.key


def _in_time(bar: Bar) -> tuple[datetime.date, datetime.date, int]:
    return bar.item.first, bar.item.last, bar.item.key


def _placed(item: Item, window: Window, taken: list[list[tuple[float, float]]]) -> Bar | None:
    """The event in the first row with room for it and its words, else for it alone."""
    start = max(0.0, window.x(item.first)) * WIDTH / 100
    stop = min(100.0, window.x(item.last) + 100 / window.days) * WIDTH / 100
    if stop - start < SHORTEST_BAR:
        start = min(max(0.0, (start + stop - SHORTEST_BAR) / 2), WIDTH - SHORTEST_BAR)
        stop = start + SHORTEST_BAR
    # Where the bar alone has no room, its words have none either.
    open_rows = [row for row, spans in enumerate(taken) if _is_free(spans, start, stop)]
    if not open_rows:
        return None
    for left, right, said, before in _tries(item.words, start, stop):
        if left < 0 or right > WIDTH:
            continue
        for row in open_rows:
            if _is_free(taken[row], left, right):
                bisect.insort(taken[row], (left, right))
                at = start - GAP if before else stop + GAP
                x, width, words_x = _percent(start), _percent(stop - start), _percent(at)
                return Bar(item, x, width, row, said, words_x, before, _reported_at(item, window))
    return None


def _tries(words: str, start: float, stop: float) -> Iterator[tuple[float, float, str, bool]]:
    """The pixels that a bar takes with its words after it, before it, shortened, and alone, best first."""
    for most in (WIDEST_WORDS, SHORT_WORDS):
        said = cut(words, most)
        room = length(said) + GAP
        yield start, stop + room, said, False
        yield start - room, stop, said, True
    yield start, stop, "", False


def _reported_at(item: Item, window: Window) -> float | None:
    day = item.reported
    if day is None or not window.first <= day <= window.last:
        return None
    return round(window.x(day) + 50 / window.days, 3)


def _is_free(spans: Sequence[tuple[float, float]], left: float, right: float) -> bool:
    """Whether there is room between the spans of a row, which are in order."""
    after = bisect.bisect_left(spans, (left, right))
    return (after == 0 or spans[after - 1][1] + GAP <= left) and (
        after == len(spans) or right + GAP <= spans[after][0]
    )


def _percent(pixels: float) -> float:
    return round(100 * pixels / WIDTH, 3)


def length(words: str) -> float:
    """About how many pixels these words are long."""
    wide = 0 if words.isascii() else sum(letter >= FIRST_WIDE for letter in words)
    return wide * WIDE_LETTER + (len(words) - wide) * NARROW_LETTER


def cut(words: str, most: float) -> str:
    """As many of the words as there is room for."""
    if length(words) <= most:
        return words
    room = most - WIDE_LETTER
    for at, letter in enumerate(words):
        room -= length(letter)
        if room < 0:
            return words[:at].rstrip() + "…"
    return words


def ticks_of(window: Window) -> Iterator[Tick]:
    """The scale: in the finest unit of which not too many fit."""
    for unit in ("day", "week", "month", "year", "decade"):
        stretches = list(_stretches(window, unit))
        if len(stretches) <= MOST_TICKS or unit == "decade":
            break
    for first, last in stretches:
        begin = max(0.0, window.x(first))
        end = min(100.0, window.x(last) + 100 / window.days)
        yield Tick(unit, first, last, round(begin, 3), round(end - begin, 3))


def _stretches(window: Window, unit: str) -> Iterator[tuple[datetime.date, datetime.date]]:
    """The days, weeks, months, years or decades that the window has a part of; not many more than are of use."""
    at = _begin(window.first, unit)
    for _ in range(MOST_STRETCHES):
        last = _end(at, unit)
        yield at, last
        if last >= window.last:
            return
        at = last + DAY


def _begin(day: datetime.date, unit: str) -> datetime.date:
    match unit:
        case "day":
            return day
        case "week":
            return _moved(day, -DAY * day.weekday())
        case "month":
            return day.replace(day=1)
        case "year":
            return day.replace(month=1, day=1)
        case _:
            return datetime.date(max(1, day.year // 10 * 10), 1, 1)


def _end(day: datetime.date, unit: str) -> datetime.date:
    match unit:
        case "day":
            return day
        case "week":
            return _moved(day, DAY * (6 - day.weekday()))
        case "month":
            return day.replace(day=calendar.monthrange(day.year, day.month)[1])
        case "year":
            return day.replace(month=12, day=31)
        case _:
            return datetime.date(min(9999, day.year // 10 * 10 + 9), 12, 31)


def _tick_at(ticks: Sequence[Tick], day: datetime.date) -> Tick:
    """The stretch that holds a day that is shown."""
    return next(tick for tick in reversed(ticks) if tick.first <= day)
