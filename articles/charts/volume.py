"""Counts over time as bars, plain or stacked: which buckets a period has, what stands where, which of them stand out.

Values in, values out: must not know how things look, nor read the clock. Across, all is in percent, so that a chart is
as wide as its page; upwards it is in pixels.
"""

import datetime
import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

HEIGHT = 150
HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)
# Share of a bucket's width that is left free between bars, and the lowest bar that can be seen.
AIR = 0.18
LOWEST = 1.5
MOST_TICKS = 8
MOST_LINES = 4
# A peak has so many at least, and is so far above an ordinary bucket, in deviations of a Poisson process.
FEWEST = 3
UNUSUAL = 3.0
MOST_PEAKS = 3
NEAR = 2


class Step(StrEnum):
    """How long a bucket is. Weeks begin on Monday."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


# For how many days each step can be had, and up to how many it is the usual one.
POSSIBLE = {Step.HOUR: (1, 8), Step.DAY: (2, 190), Step.WEEK: (14, 1_500), Step.MONTH: (60, 200_000)}
USUAL = ((2, Step.HOUR), (100, Step.DAY), (800, Step.WEEK))
EVERY = {
    Step.HOUR: (1, 2, 3, 6, 12, 24, 48),
    Step.DAY: (1, 2, 7, 14, 28, 56),
    Step.WEEK: (1, 2, 4, 8, 13, 26, 52),
    Step.MONTH: (1, 2, 3, 6, 12, 24, 60, 120),
}


@dataclass(frozen=True, slots=True)
class Bucket:
    """A stretch of time from `begin` to before `end`, within the period; `first` and `last` are its days."""

    begin: datetime.datetime
    end: datetime.datetime
    first: datetime.date
    last: datetime.date


@dataclass(frozen=True, slots=True)
class Segment:
    """A series' part of a column; `series` is its number."""

    series: int
    count: int
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Column:
    """A bucket's bar. `left` and `wide` are the bucket's whole place, `x` and `width` the bar's. `peak`: its number."""

    bucket: Bucket
    left: float
    wide: float
    x: float
    width: float
    segments: tuple[Segment, ...]
    total: int
    top: float
    peak: int | None


@dataclass(frozen=True, slots=True)
class Line:
    """A line across at a round number."""

    y: float
    count: int


@dataclass(frozen=True, slots=True)
class Tick:
    """A bucket that is named under the chart. `is_minor`: it can be left out where there is little room."""

    x: float
    bucket: Bucket
    is_minor: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn."""

    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    ticks: tuple[Tick, ...]


def steps(days: int) -> tuple[Step, ...]:
    """The steps that a period of so many days can be shown by."""
    return tuple(step for step, (least, most) in POSSIBLE.items() if least <= days <= most)


def usual_step(days: int) -> Step:
    """The step that a period is shown by unless the reader wants another."""
    return next((step for most, step in USUAL if days <= most), Step.MONTH)


def buckets(
    since: datetime.date, until: datetime.date, step: Step, zone: datetime.tzinfo
) -> tuple[Bucket, ...]:
    """The buckets of the days from `since` to `until`, both included; the first and the last may be cut short."""
    if step == Step.HOUR:
        return _hours(_midnight(since, zone), _midnight(until + DAY, zone), zone)
    return tuple(
        Bucket(_midnight(first, zone), _midnight(last + DAY, zone), first, last)
        for first, last in stretches(since, until, step)
    )


def stretches(
    since: datetime.date, until: datetime.date, step: str
) -> list[tuple[datetime.date, datetime.date]]:
    """The first and last days of the days, weeks or months of a period; those at its ends may be cut short."""
    made, first = [], since
    while first <= until:
        after = min(_next(first, step), until + DAY)
        made.append((first, after - DAY))
        first = after
    return made


def nominal(bucket: Bucket, step: Step) -> datetime.datetime:
    """When the whole bucket begins that this one is, or is cut from."""
    if step == Step.HOUR:
        return bucket.begin
    return _midnight(whole_from(bucket.first, step), bucket.begin.tzinfo)


def whole_from(day: datetime.date, step: str) -> datetime.date:
    """The first day of the whole day, week or month that holds a day, as PostgreSQL's date_trunc has it."""
    if step == Step.WEEK:
        return day - day.weekday() * DAY
    return day.replace(day=1) if step == Step.MONTH else day


def _hours(begin: datetime.datetime, end: datetime.datetime, zone: datetime.tzinfo) -> tuple[Bucket, ...]:
    # In UTC: a day has 23 or 25 hours where clocks are changed.
    at, stop, made = begin.astimezone(datetime.UTC), end.astimezone(datetime.UTC), []
    while at < stop:
        here = at.astimezone(zone)
        made.append(Bucket(here, (at + HOUR).astimezone(zone), here.date(), here.date()))
        at += HOUR
    return tuple(made)


def _next(day: datetime.date, step: str) -> datetime.date:
    if step == Step.WEEK:
        return day + (7 - day.weekday()) * DAY
    if step == Step.MONTH:
        return (day.replace(day=1) + 32 * DAY).replace(day=1)
    return day + DAY


def _midnight(day: datetime.date, zone: datetime.tzinfo | None) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time.min, tzinfo=zone)


def lay_out(
    shown: Sequence[Bucket], step: Step, series: Sequence[Sequence[int]], *, height: int = HEIGHT
) -> Chart:
    """The bars of series of counts, a count a bucket, the first series at the bottom."""
    totals = [sum(values) for values in zip(*series, strict=True)] if series else [0] * len(shown)
    lines = scale(max(totals, default=0))
    unit = height / (lines[-1] if lines else 1)
    wide = 100 / max(len(shown), 1)
    order = {number: place for place, number in enumerate(sorted(peaks(totals)), start=1)}
    columns = []
    for number, (bucket, total) in enumerate(zip(shown, totals, strict=True)):
        left = number * wide
        segments = _stacked([values[number] for values in series], unit, height)
        columns.append(
            Column(
                bucket,
                round(left, 3),
                round(wide, 3),
                round(left + wide * AIR / 2, 3),
                round(wide * (1 - AIR), 3),
                segments,
                total,
                min((one.y for one in segments), default=float(height)),
                order.get(number),
            )
        )
    drawn = tuple(Line(round(height - count * unit, 1), count) for count in lines)
    return Chart(tuple(columns), drawn, ticks(shown, step))


def _stacked(counts: Sequence[int], unit: float, height: int) -> tuple[Segment, ...]:
    made, base = [], float(height)
    for number, count in enumerate(counts):
        if count:
            tall = max(count * unit, LOWEST)
            base -= tall
            made.append(Segment(number, count, round(base, 2), round(tall, 2)))
    return tuple(made)


def scale(highest: int) -> tuple[int, ...]:
    """Round numbers up to one that is at least as high; none if there is nothing to measure."""
    if highest <= 0:
        return ()
    power = 10 ** int(math.log10(highest))
    wholes = [
        int(step) for step in (power / 10, power / 5, power / 2, power, power * 2, power * 5) if step >= 1
    ]
    step = next(one for one in wholes if -(-highest // one) <= MOST_LINES)
    return tuple(step * number for number in range(1, -(-highest // step) + 1))


def peaks(totals: Sequence[int]) -> list[int]:
    """The buckets that stand out most, highest first: far above an ordinary one, and above those beside them."""
    ordinary = statistics.median(totals) if totals else 0.0
    limit = max(FEWEST, ordinary + UNUSUAL * math.sqrt(max(ordinary, 1.0)))
    found: list[int] = []
    for number in sorted(range(len(totals)), key=lambda one: (-totals[one], one)):
        is_apart = all(abs(number - other) > NEAR for other in found)
        if totals[number] >= limit and is_apart and len(found) < MOST_PEAKS:
            found.append(number)
    return found


def ticks(shown: Sequence[Bucket], step: Step) -> tuple[Tick, ...]:
    """The buckets that are named: a few, at round times."""
    for every in EVERY[step]:
        named = [number for number, bucket in enumerate(shown) if _is_round(bucket, step, every)]
        if len(named) <= MOST_TICKS:
            break
    wide = 100 / max(len(shown), 1)
    # What would run out of the chart on its right is left unnamed.
    return tuple(
        Tick(round(number * wide, 3), shown[number], is_minor=place % 2 == 1)
        for place, number in enumerate(named)
        if number * wide <= 94
    )


def _is_round(bucket: Bucket, step: Step, every: int) -> bool:
    match step:
        case Step.HOUR:
            days = bucket.first.toordinal() if every > 24 else 0
            return (bucket.begin.hour + 24 * days) % every == 0
        case Step.DAY:
            # Mondays, where not every day can be named.
            return (bucket.first.toordinal() - 1) % every == 0
        case Step.WEEK:
            return ((bucket.first.toordinal() - 1) // 7) % every == 0
        case Step.MONTH:
            return (bucket.first.year * 12 + bucket.first.month - 1) % every == 0
