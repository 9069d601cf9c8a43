"""How the tests of dates say what they expect."""

from datetime import datetime
from zoneinfo import ZoneInfo

from articles.dates import inspect, resolve
from articles.dates.values import TimeValue

SEOUL = ZoneInfo("Asia/Seoul")


def at(day: str) -> datetime:
    """Three in the afternoon in Seoul."""
    return datetime.fromisoformat(day).replace(hour=15, tzinfo=SEOUL)


def values(text: str, published: str = "2023-08-24") -> tuple[TimeValue, ...]:
    return resolve.resolve_text(text, at(published))


def read(text: str, published: str = "2023-08-24") -> list[tuple[str, str]]:
    """The expressions of a text, each with its value as it is written."""
    return [(value.text, inspect.written(value)) for value in values(text, published)]


def written(text: str, published: str = "2023-08-24") -> list[str]:
    return [value for _, value in read(text, published)]
