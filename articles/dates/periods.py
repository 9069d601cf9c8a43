"""Arithmetic on calendar periods: years, quarters, weeks, parts of them. Knows no text and no clock.

A period includes both its days. Weeks begin on Monday and belong to the month and year that hold their Thursday
(ISO 8601, in Korea KS X ISO 8601).
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from articles.dates.values import Precision


@dataclass(frozen=True, slots=True)
class Period:
    """From a first to a last day, both included."""

    start: date
    end: date
    precision: Precision


def day(value: date) -> Period:
    """One day."""
    return Period(value, value, "day")


def week(value: date) -> Period:
    """The week, Monday to Sunday, that holds the day."""
    monday = value - timedelta(days=value.weekday())
    return Period(monday, monday + timedelta(days=6), "week")


def weekend(value: date) -> Period:
    """Saturday and Sunday of the week that holds the day."""
    sunday = week(value).end
    return Period(sunday - timedelta(days=1), sunday, "range")


def month(year: int, number: int) -> Period:
    """A month; a number outside 1 to 12 reaches into other years. Raises ValueError far from our era."""
    year, number = year + (number - 1) // 12, (number - 1) % 12 + 1
    return Period(date(year, number, 1), date(year, number, calendar.monthrange(year, number)[1]), "month")


def months(year: int, first: int, last: int, precision: Precision = "range") -> Period:
    """From the first day of a month to the last of another, counted as in `month`."""
    return Period(month(year, first).start, month(year, last).end, precision)


def quarter(year: int, number: int) -> Period:
    """A quarter; a number outside 1 to 4 reaches into other years."""
    return months(year, number * 3 - 2, number * 3, "quarter")


def half(year: int, number: int) -> Period:
    """January to June (1) or July to December (2)."""
    return months(year, number * 6 - 5, number * 6, "half")


def year(number: int) -> Period:
    """A whole year."""
    return months(number, 1, 12, "year")


def years(first: int, last: int) -> Period:
    """From one year to another, both included."""
    return Period(date(first, 1, 1), date(last, 12, 31), "range")


def decade(first: int) -> Period:
    """Ten years from the first."""
    return Period(date(first, 1, 1), date(first + 9, 12, 31), "decade")


def season(year: int, number: int) -> Period:
    """Spring (1: March to May) to winter (4: December to February of the year after)."""
    return months(year, number * 3, number * 3 + 2)


def on_day(period: Period, number: int) -> Period | None:
    """The day with this number in a month, or None if it has none."""
    try:
        return day(period.start.replace(day=number))
    except ValueError:
        return None


def shift(value: date, number: int, unit: str) -> date:
    """So many days, weeks, months or years on; the last day of a month stays inside its month.

    Raises ValueError or OverflowError outside the calendar.
    """
    if unit in ("day", "week"):
        return value + timedelta(days=number * (7 if unit == "week" else 1))
    there = month(value.year, value.month + number * (12 if unit == "year" else 1))
    return there.start.replace(day=min(value.day, there.end.day))


def shift_period(period: Period, years_on: int) -> Period:
    """The same period some years on."""
    start = shift(period.start, years_on, "year")
    end = shift(period.end, years_on, "year")
    if (period.end + timedelta(days=1)).day == 1:
        end = month(end.year, end.month).end
    return Period(start, end, period.precision)


def nth_weekday(period: Period, number: int, weekday: int) -> Period | None:
    """The nth (or with -1 the last) such weekday in the period."""
    if number < 0:
        back = (period.end.weekday() - weekday) % 7
        return day(period.end - timedelta(days=back))
    found = period.start + timedelta(days=(weekday - period.start.weekday()) % 7 + 7 * (number - 1))
    return day(found) if found <= period.end else None


def nth_week(period: Period, number: int) -> Period | None:
    """The nth (or with -1 the last) week whose Thursday is in the period."""
    thursday = nth_weekday(period, number, 3)
    return week(thursday.start) if thursday else None


# Which months of a year, days of a month, days of a week, years of a decade are its beginning, middle and end.
_PARTS: dict[str, dict[str, tuple[int, int]]] = {
    "year": {"early": (1, 3), "first": (1, 6), "mid": (5, 8), "second": (7, 12), "late": (10, 12)},
    "month": {"early": (1, 10), "first": (1, 15), "mid": (11, 20), "second": (16, 31), "late": (21, 31)},
    "week": {"early": (0, 2), "first": (0, 2), "mid": (2, 4), "second": (3, 6), "late": (3, 6)},
    "decade": {"early": (0, 3), "first": (0, 4), "mid": (4, 6), "second": (5, 9), "late": (7, 9)},
}


def part(period: Period, name: str) -> Period | None:
    """The beginning (early, first), middle or end (second, late) of a period."""
    if period.precision in ("quarter", "half"):
        return _part_of_months(period, name)
    if period.precision not in _PARTS:
        return None
    first, last = _PARTS[period.precision][name]
    if period.precision == "year":
        return months(period.start.year, first, last)
    if period.precision == "decade":
        return years(period.start.year + first, period.start.year + last)
    if period.precision == "month":
        return Period(
            period.start.replace(day=first), period.start.replace(day=min(last, period.end.day)), "range"
        )
    return Period(period.start + timedelta(days=first), period.start + timedelta(days=last), "range")


def _part_of_months(period: Period, name: str) -> Period:
    first, last = period.start.month, period.end.month
    if name in ("early", "first"):
        last = first
    elif name in ("late", "second"):
        first = last
    else:
        first, last = first + 1, last - 1
    return months(period.start.year, first, last, "month" if first == last else "range")


def between(first: Period, last: Period) -> Period | None:
    """From the first day of one to the last day of the other, or None if they are the wrong way round."""
    return Period(first.start, last.end, "range") if first.start <= last.end else None
