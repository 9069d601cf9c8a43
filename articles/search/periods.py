"""Periods in a query: their text, in Korean or English, to values, and values to instants or days.

A period is a span between two edges, each a day or a period of the calendar that is relative to today ("last week"),
or it is counted from now ("7d"). What is relative stays so in the value; `now` and the zone in which days begin are
passed in when it is asked what it means. Weeks begin on Monday. Must not read the clock.
"""

import calendar
import datetime
import re
from dataclasses import dataclass

LONGEST = 60
_MOST_COUNT = 36_500
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
# Months in each unit that is made of months.
_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_ONE_DAY = datetime.timedelta(days=1)

_DATE = re.compile(r"(\d{4})(?:[-./](\d{1,2})(?:[-./](\d{1,2}))?)?", re.ASCII)
_KOREAN_DATE = re.compile(r"(\d{4})년(?: ?(\d{1,2})월(?: ?(\d{1,2})일)?)?", re.ASCII)
_PACKED_DATE = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
_WEEK = re.compile(r"(\d{4})-?w(\d{1,2})", re.ASCII)
_COMPARISON = re.compile(r"(>=|<=|>|<)(.+)")
_RANGE = re.compile(r"(.*?)(?:\.\.|[~～])(.*)")
_ISO_RANGE = re.compile(r"(\d{4}-\d\d(?:-\d\d)?)/(\d{4}-\d\d(?:-\d\d)?)", re.ASCII)
# A part of a year: a half, a quarter or a month.
_PART = re.compile(
    r"(?:h(?P<h>[12])|(?P<half>[상하])반기|(?:q|제)?(?P<q>[1-4])(?:분기|q)|q(?P<q2>[1-4])|(?P<m>\d{1,2})월"
    r"|m(?P<m2>\d{1,2}))",
    re.ASCII,
)

_DAYS = {
    "오늘": 0, "금일": 0, "today": 0, "어제": -1, "전일": -1, "작일": -1, "yesterday": -1, "그제": -2, "그저께": -2,
    "내일": 1, "tomorrow": 1, "모레": 2,
}  # fmt: skip
_WHOLE_WORDS = {
    "금주": ("week", 0), "차주": ("week", 1), "이달": ("month", 0), "금월": ("month", 0), "전월": ("month", -1),
    "내달": ("month", 1), "익월": ("month", 1), "당월": ("month", 0), "올해": ("year", 0), "금년": ("year", 0),
    "당해": ("year", 0), "작년": ("year", -1), "전년": ("year", -1), "재작년": ("year", -2), "내년": ("year", 1),
    "내후년": ("year", 2), "전주": ("week", -1), "전분기": ("quarter", -1), "전 분기": ("quarter", -1),
}  # fmt: skip
_KOREAN = re.compile(r"(이번|이|지난|저번|지지난|다음|다다음) ?(주|달|월|분기|반기|해|년)")
_ENGLISH = re.compile(r"(this|last|previous|next|current)[ -]?(day|week|month|quarter|half|year)")
_CANONICAL = re.compile(r"(day|week|month|quarter|half|year)([+-]\d{1,2})", re.ASCII)
_OFFSETS = {
    "이번": 0, "이": 0, "지난": -1, "저번": -1, "지지난": -2, "다음": 1, "다다음": 2,
    "this": 0, "current": 0, "last": -1, "previous": -1, "next": 1,
}  # fmt: skip
_UNITS = {
    "주": "week", "달": "month", "월": "month", "분기": "quarter", "반기": "half", "해": "year", "년": "year",
}  # fmt: skip

_ROLLING = re.compile(
    r"(?:(?P<ahead>next|향후|앞으로)[ -]?|(?:last|past|previous|최근|지난)[ -]?)?(?P<count>\d{1,5})[ -]?"
    r"(?P<unit>h|d|w|m|y|hours?|days?|weeks?|months?|quarters?|years?|시간|일|주일|주|개월|달|개 ?분기|년)(?:간|동안)?",
    re.ASCII,
)
_ISO_DURATION = re.compile(r"p(\d{1,5})([dwmy])", re.ASCII)
_KOREAN_COUNTS = {
    "하루": "1일", "이틀": "2일", "사흘": "3일", "나흘": "4일", "열흘": "10일", "보름": "15일", "일주일": "7일",
    "한 주": "1주", "한주": "1주", "두 주": "2주", "한 달": "1개월", "한달": "1개월", "두 달": "2개월",
    "두달": "2개월", "세 달": "3개월", "석 달": "3개월", "반년": "6개월", "일 년": "1년", "일년": "1년",
    "한 해": "1년", "week": "1w", "month": "1m", "quarter": "3m", "year": "1y", "day": "1d", "hour": "1h",
}  # fmt: skip
_COUNTED = re.compile(r"(최근|지난|향후|앞으로|past) ?(.+?)(?:간|동안)?")
# A unit as it is typed to the unit it is kept in, and how many of them it is.
_COUNT_UNITS = {
    "h": ("h", 1), "hour": ("h", 1), "시간": ("h", 1), "d": ("d", 1), "day": ("d", 1), "일": ("d", 1),
    "w": ("d", 7), "week": ("d", 7), "주": ("d", 7), "주일": ("d", 7), "m": ("m", 1), "month": ("m", 1),
    "개월": ("m", 1), "달": ("m", 1), "quarter": ("m", 3), "개분기": ("m", 3), "개 분기": ("m", 3),
    "y": ("m", 12), "year": ("m", 12),
    "년": ("m", 12),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Named:
    """A period of the calendar counted from the present one: week -1 is last week.

    `part` is a piece of a year: "h1", "q3", "m12"; the unit is then "year".
    """

    unit: str
    offset: int
    part: str = ""


Edge = datetime.date | Named | None


@dataclass(frozen=True, slots=True)
class Span:
    """From the beginning of the first edge to the end of the last one; None where it is open."""

    first: Edge = None
    last: Edge = None


@dataclass(frozen=True, slots=True)
class Rolling:
    """So many hours ("h"), days ("d") or months ("m") back from now, or, with `ahead`, on from now."""

    count: int
    unit: str = "d"
    ahead: bool = False


Period = Span | Rolling


def parse(text: str) -> Period:
    """The period that a text names. Raises ValueError."""
    text = " ".join(text.lower().split())
    if len(text) > LONGEST:
        raise ValueError(f"{text} is too long")
    if found := _COMPARISON.fullmatch(text):
        return _compared(found[1], _edges(found[2].strip()))
    if found := (_RANGE.fullmatch(text) or _ISO_RANGE.fullmatch(text)):
        return _between(found[1].strip(), found[2].strip())
    try:
        return Span(*_edges(text))
    except ValueError:
        if rolling := _rolling(text):
            return rolling
        raise


def _between(first: str, last: str) -> Span:
    span = Span(_edges(first)[0] if first else None, _edges(last)[1] if last else None)
    if span == Span():
        raise ValueError("a period that is open on both sides")
    if (
        isinstance(span.first, datetime.date)
        and isinstance(span.last, datetime.date)
        and span.first > span.last
    ):
        raise ValueError("a period that ends before it begins")
    return span


def _compared(sign: str, edges: tuple[Edge, Edge]) -> Span:
    first, last = edges
    match sign:
        case ">=":
            return Span(first, None)
        case ">":
            return Span(_next(last), None)
        case "<=":
            return Span(None, last)
        case _:
            return Span(None, _before(first))


def _next(edge: Edge) -> Edge:
    """What begins where the edge ends."""
    return edge + _ONE_DAY if isinstance(edge, datetime.date) else _moved(edge, 1)


def _before(edge: Edge) -> Edge:
    """What ends where the edge begins."""
    return edge - _ONE_DAY if isinstance(edge, datetime.date) else _moved(edge, -1)


def _moved(edge: Named | None, by: int) -> Named | None:
    if edge is None or not edge.part:
        return edge and Named(edge.unit, edge.offset + by)
    kind, count = edge.part[0], {"h": 2, "q": 4, "m": 12}[edge.part[0]]
    years, number = divmod(int(edge.part[1:]) - 1 + by, count)
    return Named("year", edge.offset + years, f"{kind}{number + 1}")


def _edges(text: str) -> tuple[Edge, Edge]:
    """The first and the last edge of a day, a month, a year or a named period: the same, or two days."""
    if named := _named(text):
        return named, named
    return _absolute(text)


def _named(text: str) -> Named | None:  # noqa: PLR0911 - one for each way of writing
    if text in _DAYS:
        return Named("day", _DAYS[text])
    if text in _WHOLE_WORDS:
        return Named(*_WHOLE_WORDS[text])
    if found := _KOREAN.fullmatch(text):
        return Named(_UNITS[found[2]], _OFFSETS[found[1]])
    if found := _ENGLISH.fullmatch(text):
        return Named(found[2], _OFFSETS[found[1]])
    if found := _CANONICAL.fullmatch(text):
        return Named(found[1], int(found[2]))
    if part := _part(text):
        return Named("year", 0, part)
    return _part_of_named_year(text)


def _part_of_named_year(text: str) -> Named | None:
    """올해 상반기, last-year-q3, year-2-m12."""
    for at in range(len(text) - 1, 0, -1):
        part, year = _part(text[at:]), _named_year(text[:at].rstrip(" -"))
        if part and year is not None:
            return Named("year", year, part)
    return None


def _named_year(text: str) -> int | None:
    if text in _WHOLE_WORDS and _WHOLE_WORDS[text][0] == "year":
        return _WHOLE_WORDS[text][1]
    if (found := _KOREAN.fullmatch(text)) and found[2] in "해년":
        return _OFFSETS[found[1]]
    if (found := _ENGLISH.fullmatch(text)) and found[2] == "year":
        return _OFFSETS[found[1]]
    found = _CANONICAL.fullmatch(text)
    return int(found[2]) if found and found[1] == "year" else None


def _part(text: str) -> str:
    """A piece of a year as it is kept, or nothing."""
    found = _PART.fullmatch(text)
    if not found:
        return ""
    if half := found["h"] or {"상": "1", "하": "2", None: None}[found["half"]]:
        return f"h{half}"
    if quarter := found["q"] or found["q2"]:
        return f"q{quarter}"
    month = int(found["m"] or found["m2"])
    return f"m{month}" if 1 <= month <= 12 else ""


def _absolute(text: str) -> tuple[datetime.date, datetime.date]:
    """The first and the last day of a year, a part of one, a month, a week or a day."""
    if found := (_DATE.fullmatch(text) or _KOREAN_DATE.fullmatch(text) or _PACKED_DATE.fullmatch(text)):
        return _whole([int(part) for part in found.groups() if part])
    if found := _WEEK.fullmatch(text):
        monday = datetime.date.fromisocalendar(_year(int(found[1])), int(found[2]), 1)
        return monday, monday + datetime.timedelta(days=6)
    found = re.fullmatch(r"(\d{4})(?:년도?)?[ -]?([^ -]+)", text, re.ASCII)
    part = _part(found[2]) if found else ""
    if not found or not part:
        raise ValueError(f"{text} is no date")
    return _months(_year(int(found[1])), *_months_of(part))


def _year(number: int) -> int:
    if not _FIRST_YEAR <= number <= _LAST_YEAR:
        raise ValueError(f"{number} is too far away")
    return number


def _whole(parts: list[int]) -> tuple[datetime.date, datetime.date]:
    """The first and the last day of a year, a month or a day."""
    year = _year(parts[0])
    if len(parts) == 1:
        return datetime.date(year, 1, 1), datetime.date(year, 12, 31)
    first = datetime.date(year, parts[1], 1)
    if len(parts) == 2:
        return _months(year, parts[1], 1)
    return (one := first.replace(day=parts[2])), one


def _months(year: int, month: int, count: int) -> tuple[datetime.date, datetime.date]:
    """The first and the last day of so many months from this one on; the month may lie outside the year."""
    first = _shifted(datetime.date(year, 1, 1), month - 1)
    return first, _shifted(first, count) - _ONE_DAY


def _months_of(part: str) -> tuple[int, int]:
    """The first month of a part of a year, and how many it has."""
    count = {"h": 6, "q": 3, "m": 1}[part[0]]
    return (int(part[1:]) - 1) * count + 1, count


def _rolling(text: str) -> Rolling | None:
    if found := _ISO_DURATION.fullmatch(text):
        return _counted(int(found[1]), found[2], ahead=False)
    if found := _ROLLING.fullmatch(text):
        return _counted(int(found["count"]), found["unit"], ahead=bool(found["ahead"]))
    if (found := _COUNTED.fullmatch(text)) and found[2] in _KOREAN_COUNTS:
        ahead = found[1] in ("향후", "앞으로")
        counted = _ROLLING.fullmatch(_KOREAN_COUNTS[found[2]])
        return counted and _counted(int(counted["count"]), counted["unit"], ahead=ahead)
    if text in _KOREAN_COUNTS and not text.isascii():
        return _rolling(_KOREAN_COUNTS[text])
    return None


def _counted(count: int, unit: str, *, ahead: bool) -> Rolling:
    kept, times = _COUNT_UNITS.get(unit) or _COUNT_UNITS[unit.removesuffix("s")]
    count *= times
    if not 1 <= count <= (_MOST_COUNT if kept != "m" else 1_200):
        raise ValueError(f"{count}{kept} is too long or too short")
    return Rolling(count, kept, ahead)


def written(period: Period) -> str:
    """The period's text, as `parse` reads it."""
    if isinstance(period, Rolling):
        return f"{'next-' if period.ahead else ''}{period.count}{period.unit}"
    first, last = (_written_edge(edge) for edge in (period.first, period.last))
    return first if first == last else f"{first}..{last}"


_THIS_LAST_NEXT = {0: "this", -1: "last", 1: "next"}
_DAY_NAMES = {0: "today", -1: "yesterday", 1: "tomorrow"}


def _written_edge(edge: Edge) -> str:
    if not isinstance(edge, Named):
        return str(edge or "")
    if edge.unit == "day" and edge.offset in _DAY_NAMES:
        return _DAY_NAMES[edge.offset]
    near = edge.offset in _THIS_LAST_NEXT and edge.unit != "day"
    unit = f"{_THIS_LAST_NEXT[edge.offset]}-{edge.unit}" if near else f"{edge.unit}{edge.offset:+d}"
    return f"{unit}-{edge.part}" if edge.part else unit


def bounds(
    period: Period, now: datetime.datetime | None, zone: datetime.tzinfo
) -> tuple[datetime.datetime | None, datetime.datetime | None]:
    """The first instant of the period and the first one after it; None where it is open. Days begin as in `zone`.

    What is counted back from now has no end, so that an article whose clock is ahead is not missed. Raises ValueError
    if the period is relative and `now` is not given.
    """
    if isinstance(period, Rolling):
        here = _now(now).astimezone(zone)
        return (here, _counted_on(here, period)) if period.ahead else (_counted_on(here, period), None)
    first, last = days(period, now, zone)
    begin = datetime.datetime.combine(first, datetime.time(), zone) if first else None
    end = datetime.datetime.combine(last + _ONE_DAY, datetime.time(), zone) if last else None
    return begin, end


def days(
    period: Period, now: datetime.datetime | None, zone: datetime.tzinfo
) -> tuple[datetime.date | None, datetime.date | None]:
    """The first and the last day of the period; None where it is open. What is counted from now ends, or begins, today.

    Raises ValueError if the period is relative and `now` is not given.
    """
    if isinstance(period, Rolling):
        here = _now(now).astimezone(zone)
        both = sorted([here.date(), _counted_on(here, period).date()])
        return both[0], both[1]
    return _day(period.first, now, zone, end=False), _day(period.last, now, zone, end=True)


def is_relative(period: Period) -> bool:
    """Whether the period needs to know the time."""
    return isinstance(period, Rolling) or isinstance(period.first, Named) or isinstance(period.last, Named)


def _now(now: datetime.datetime | None) -> datetime.datetime:
    if now is None:
        raise ValueError("a period like 7d or “last week” needs the time that it is counted from")
    return now


def _counted_on(here: datetime.datetime, rolling: Rolling) -> datetime.datetime:
    count = rolling.count if rolling.ahead else -rolling.count
    if rolling.unit == "m":
        day = _shifted(here.date(), count)
        return here.replace(year=day.year, month=day.month, day=day.day)
    # In absolute time: a day is 24 hours, also where clocks are put forward.
    step = datetime.timedelta(hours=count) if rolling.unit == "h" else datetime.timedelta(days=count)
    return (here.astimezone(datetime.UTC) + step).astimezone(here.tzinfo)


def _day(
    edge: Edge, now: datetime.datetime | None, zone: datetime.tzinfo, *, end: bool
) -> datetime.date | None:
    if not isinstance(edge, Named):
        return edge
    return _days_of(edge, _now(now).astimezone(zone).date())[end]


def _days_of(named: Named, today: datetime.date) -> tuple[datetime.date, datetime.date]:
    """The first and the last day of a named period."""
    if named.part:
        return _months(today.year + named.offset, *_months_of(named.part))
    if named.unit == "day":
        return (day := today + datetime.timedelta(days=named.offset)), day
    if named.unit == "week":
        monday = today + datetime.timedelta(days=7 * named.offset - today.weekday())
        return monday, monday + datetime.timedelta(days=6)
    count = _MONTHS[named.unit]
    begun = (today.month - 1) // count * count + 1
    return _months(today.year, begun + named.offset * count, count)


def _shifted(day: datetime.date, months: int) -> datetime.date:
    """The day so many months on; the month's last one where there is no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
