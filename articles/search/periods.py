"""Periods of publication in a query: their text to days, and days to instants.

Must not read the clock: what is relative to now gets `now` passed in.
"""

import calendar
import datetime
import re

_DATE = re.compile(r"(\d{4})(?:[-./](\d{1,2})(?:[-./](\d{1,2}))?)?", re.ASCII)
_RELATIVE = re.compile(r"(\d{1,5})([dw]|일|주)", re.ASCII)
_COMPARISON = re.compile(r"(>=|<=|>|<)(.+)")
_RANGE = re.compile(r"(.*?)(?:\.\.|[~～])(.*)")
_MOST_DAYS = 36_500
_FIRST_YEAR, _LAST_YEAR = 1900, 2200

Day = datetime.date | None


def parse(text: str) -> tuple[Day, Day, int]:
    """First day, last day (both included, None where open) and, instead of them, a number of last days.

    Raises ValueError.
    """
    text = text.strip()
    if found := _RELATIVE.fullmatch(text):
        days = int(found[1]) * (7 if found[2] in "w주" else 1)
        if not 1 <= days <= _MOST_DAYS:
            raise ValueError(text)
        return None, None, days
    if found := _COMPARISON.fullmatch(text):
        return *_compared(found[1], *_whole(found[2])), 0
    if found := _RANGE.fullmatch(text):
        first = _whole(found[1])[0] if found[1] else None
        last = _whole(found[2])[1] if found[2] else None
        if (first is None and last is None) or (first and last and first > last):
            raise ValueError(text)
        return first, last, 0
    return *_whole(text), 0


def _whole(text: str) -> tuple[datetime.date, datetime.date]:
    """The first and the last day of a year, a month or a day."""
    found = _DATE.fullmatch(text)
    if not found:
        raise ValueError(text)
    year, month, day = (int(part) if part else 0 for part in found.groups())
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise ValueError(text)
    if day:
        return (one := datetime.date(year, month, day)), one
    if found[2]:
        first = datetime.date(year, month, 1)
        return first, first.replace(day=calendar.monthrange(year, month)[1])
    return datetime.date(year, 1, 1), datetime.date(year, 12, 31)


def _compared(sign: str, first: datetime.date, last: datetime.date) -> tuple[Day, Day]:
    one_day = datetime.timedelta(days=1)
    match sign:
        case ">=":
            return first, None
        case ">":
            return last + one_day, None
        case "<=":
            return None, last
        case _:
            return None, first - one_day


def written(first: Day, last: Day, days: int) -> str:
    """The period's text, as `parse` reads it."""
    if days:
        return f"{days}d"
    if first == last:
        return str(first)
    return f"{first or ''}..{last or ''}"


def bounds(
    first: Day, last: Day, days: int, now: datetime.datetime | None, zone: datetime.tzinfo
) -> tuple[datetime.datetime | None, datetime.datetime | None]:
    """The first instant of the period and the first one after it; None where it is open. Days begin as in `zone`.

    Raises ValueError if the period is relative and `now` is not given.
    """
    if days:
        if now is None:
            raise ValueError("a period like 7d needs the time that it is counted back from")
        return now - datetime.timedelta(days=days), None
    midnight = datetime.time(tzinfo=zone)
    begin = datetime.datetime.combine(first, midnight) if first else None
    end = datetime.datetime.combine(last + datetime.timedelta(days=1), midnight) if last else None
    return begin, end
