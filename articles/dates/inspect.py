"""The JSON shape in which dates are shown to editors and other tools. Stable: tests elsewhere rely on it.

Turns one value into another; reads no input and prints nothing.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from articles.dates import resolve
from articles.dates.values import TimeValue

_FIELDS = ("title", "text")


def describe(line: Mapping[str, Any]) -> dict[str, Any]:
    """The dates of one line `{"id", "title", "text", "published", "time_zone"}`, as a JSON object.

    Raises ValueError for a line that is not an object, whose title or text is not a string, or whose publication time
    is missing or can't be read: without it no relative date has a value.
    """
    if not isinstance(line, Mapping):
        raise ValueError("a JSON object is expected on each line")
    published = publication_time(line.get("published"))
    if published is None:
        raise ValueError("“published” must be a time in ISO 8601")
    return {"id": line.get("id"), "dates": dates(line, published)}


def dates(line: Mapping[str, Any], published: datetime) -> list[dict[str, Any]]:
    """The dates of the line's title and text, in order."""
    zone = _zone(line.get("time_zone"), published)
    found: list[dict[str, Any]] = []
    for name in _FIELDS:
        text = text_member(line, name)
        found += [
            {"field": name, **describe_value(value)}
            for value in resolve.resolve_text(text, published, time_zone=zone)
        ]
    return found


def _zone(name: object, published: datetime) -> tzinfo:
    """The zone named, else that the time was written in; one in UTC, or with none, is read in the newsroom's."""
    if name is not None:
        try:
            return ZoneInfo(str(name))
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f"“time_zone” is no time zone: {name}") from error
    if published.tzinfo is None or published.utcoffset() == timedelta(0):
        return ZoneInfo(resolve.TIME_ZONE)
    return published.tzinfo


def text_member(line: Mapping[str, Any], name: str) -> str:
    """A member of a line that is a string; missing or null counts as empty. Raises ValueError for another."""
    value = line.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError(f"{name} is not a string")
    return value


def publication_time(value: object) -> datetime | None:
    """A time in ISO 8601, or None. Without an offset it is the newsroom's."""
    if not isinstance(value, str):
        return None
    try:
        return datetime.fromisoformat(value.strip())
    except ValueError:
        return None


def describe_value(value: TimeValue) -> dict[str, Any]:
    """One date: where it stands, its first and last day (both included), and how it is known."""
    return {
        "start": value.start_offset,
        "end": value.end_offset,
        "text": value.text,
        "from": value.first_day.isoformat(),
        "to": value.last_day.isoformat(),
        "granularity": value.precision,
        "precision": value.precision,
        "relation": value.relation,
        "certainty": value.certainty,
        "value": written(value),
        "rule": value.rule,
    }


def written(value: TimeValue) -> str:
    """The value in one string: 2023-08-28T14:00, 2023-08-21, 2023-W34, 2023-08, 2023-Q3, 2023-H2, 2023, 202X, A/B."""
    if isinstance(value.start, datetime):
        return value.start.replace(tzinfo=None).isoformat(
            timespec="seconds" if value.start.second else "minutes"
        )
    start, end = value.first_day, value.last_day
    if value.precision == "range":
        return _range(start, end)
    return _FORMS.get(value.precision, date.isoformat)(start)


def _week(start: date) -> str:
    year, week, _ = start.isocalendar()
    return f"{year:04}-W{week:02}"


_FORMS: dict[str, Callable[[date], str]] = {
    "week": _week,
    "month": lambda start: f"{start.year:04}-{start.month:02}",
    "quarter": lambda start: f"{start.year:04}-Q{start.month // 3 + 1}",
    "half": lambda start: f"{start.year:04}-H{start.month // 6 + 1}",
    "year": lambda start: f"{start.year:04}",
    "decade": lambda start: f"{start.year // 10:03}X",
}


def _range(start: date, end: date) -> str:
    """Two ends at the coarsest unit that says it exactly."""
    if start.day > 1 or end.day < calendar.monthrange(end.year, end.month)[1]:
        return f"{start.isoformat()}/{end.isoformat()}"
    if start.month == 1 and end.month == 12:
        return f"{start.year:04}/{end.year:04}"
    return f"{start.year:04}-{start.month:02}/{end.year:04}-{end.month:02}"
