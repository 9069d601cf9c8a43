"""Resolves time expressions against the time of publication: text in, dated values out.

    find (expressions) -> read the atoms left to right, narrowing a period -> TimeValue

The clock is not read: the publication time is passed in, aware, with the zone its readers live in. Expressions are
resolved in their order, since 같은 달, 이듬해 or a bare day may lean on what stands before. What has no meaning
(31일 in February, a range that runs backwards) gives no value; nothing raises.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from articles.dates import choose, clauses, expressions, holidays, periods
from articles.dates.periods import Period
from articles.dates.values import Atom, Expression, Relation, TimeValue

TIME_ZONE = "Asia/Seoul"
_SENTENCE_END = re.compile(r"[.!?。]['\"”’)]?\s|\n")
_NEAR, _FAR = 60, 400


def resolve_text(
    text: str, published: datetime, *, time_zone: str | tzinfo = TIME_ZONE
) -> tuple[TimeValue, ...]:
    """The time expressions of a text with their values, in order; those without a value are left out.

    `published` is aware; days are those of `time_zone`, the source's.
    """
    return resolve(expressions.find(text), text, published, time_zone=time_zone)


def resolve(
    found: Iterable[Expression], text: str, published: datetime, *, time_zone: str | tzinfo = TIME_ZONE
) -> tuple[TimeValue, ...]:
    """Values of the expressions found in a text."""
    zone = ZoneInfo(time_zone) if isinstance(time_zone, str) else time_zone
    now = published.astimezone(zone) if published.tzinfo else published.replace(tzinfo=zone)
    scene = _Scene(text, now)
    values = []
    for one in found:
        value = _value(one, scene)
        if value is not None:
            values.append(value)
    return tuple(values)


@dataclass(slots=True)
class _Scene:
    """What is known when an expression is read: the text, the time of publication and what came before."""

    text: str
    now: datetime
    last: Period | None = None
    last_day: date | None = None
    last_end: int = -1
    last_said_year: bool = False
    topic: Period | None = None
    named: dict[int, tuple[date, int]] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return self.now.date()

    def remembers(self, at: int, reach: int) -> bool:
        """Whether the value before stands in the same sentence, no further than `reach`."""
        gap = at - self.last_end
        return (
            self.last is not None and gap <= reach and not _SENTENCE_END.search(self.text, self.last_end, at)
        )


@dataclass(slots=True)
class _Reading:
    """A period being narrowed, atom by atom."""

    scene: _Scene
    at: int
    tense: str
    anchor: Period | None = None
    period: Period | None = None
    direction: int | None = None
    due: bool = False
    week: int = 0
    nth: int = 0
    part: str = ""
    clock: time | None = None
    daypart: str = ""
    said_year: bool = False
    certainty: float = 1.0
    rules: list[str] = field(default_factory=list)
    nothing: bool = False

    @property
    def today(self) -> date:
        return self.scene.today

    @property
    def way(self) -> int | None:
        """Where a month or a day of one lies, seen from today, if that is known."""
        return 1 if self.due and self.direction is None else self.direction


def _value(one: Expression, scene: _Scene) -> TimeValue | None:
    try:
        return _resolved(one, scene)
    except (ValueError, OverflowError):
        return None


# A day of the lunar calendar or one that comes again and again: no value here.
_NO_VALUE = re.compile(r"(?:음력|매년|해마다|매달|매월|매주|매일)\s?$|\b(?:every|each)\s$")


def _resolved(one: Expression, scene: _Scene) -> TimeValue | None:
    tense = clauses.tense(scene.text, one.start, one.end, one.language)
    if one.deadline and tense in ("stated", ""):
        tense = "planned"
    reading = _read(one.atoms, _Reading(scene, one.start, tense, due=_is_due(one, tense)))
    if (
        reading.period is None
        or reading.nothing
        or _NO_VALUE.search(scene.text, max(0, one.start - 6), one.start)
    ):
        return None
    period, clock = _extended(one, reading)
    if one.until or one.lasting:
        clock = None
        reading.rules.append("range")
    _remember(scene, reading, period, one.end)
    start: date | datetime = period.start
    if clock is not None:
        start = datetime.combine(period.start, clock, scene.now.tzinfo)
    relation = _relation(one, period, scene, tense)
    return TimeValue(
        start,
        start if clock is not None else period.end,
        "time" if clock is not None else period.precision,
        round(reading.certainty, 2),
        relation,
        one.text,
        one.start,
        one.end,
        "+".join(reading.rules),
    )


def _is_due(one: Expression, tense: str) -> bool:
    """Whether it is an English term still to come ("by March"): where Korean says 내년, English often says nothing."""
    return one.language == "en" and one.deadline and tense == "planned"


def _read(atoms: Iterable[Atom], reading: _Reading) -> _Reading:
    for atom in atoms:
        _NARROW[atom.kind](reading, atom.value)
        if not reading.rules or reading.rules[-1] != atom.kind:
            reading.rules.append(atom.kind)
    _finish(reading)
    return reading


def _finish(reading: _Reading) -> None:
    """What can only be applied at the end: an English part (late 2022) and a clock without a day."""
    if reading.period is None and reading.part:
        reading.period = periods.year(reading.today.year)
    if reading.part and reading.period is not None:
        reading.period = periods.part(reading.period, reading.part)
    if reading.clock is not None and reading.period is None:
        scene = reading.scene
        near = scene.last_day if scene.last_day and scene.remembers(reading.at, _FAR) else None
        reading.period = reading.anchor or periods.day(near or reading.today)
        reading.certainty *= 0.8
    if reading.direction is not None and reading.period is None:
        reading.nothing = True


def _extended(one: Expression, reading: _Reading) -> tuple[Period, time | None]:
    """The whole of a range: to its other end, or as long as it lasts."""
    first = reading.period
    assert first is not None  # noqa: S101 - the caller looked
    if one.lasting:
        return _lasting(first, one.lasting), None
    if not one.until:
        return first, reading.clock
    other = _read(one.until, _Reading(reading.scene, one.start, reading.tense, anchor=first))
    if other.period is None or other.nothing:
        return first, reading.clock
    whole = periods.between(first, other.period)
    return (whole or first), None if whole else reading.clock


def _lasting(first: Period, lengths: tuple[tuple[int, str], ...]) -> Period:
    end = first.start
    for number, unit in lengths:
        end = periods.shift(end, number, unit)
    return Period(first.start, max(first.end, end - timedelta(days=1)), "range")


# What 전년 동기 compares with: the quarter, half or months that a text speaks of, not those it measures against.
_TOPICS = frozenset({"quarter", "half", "months", "month", "days", "quarters", "quarter_year", "range"})
_MEASURED = re.compile(r"\s?(?:보다|대비|에\s비해|에\s이어)|\s[0-9.,]+\S{0,4}\s?(?:대비|보다)")


# Kinds that say the month of a day.
_MONTHLY = frozenset({"month", "month_rel", "md", "ymd", "year", "year_rel", "dir"})


def _remember(scene: _Scene, reading: _Reading, period: Period, end: int) -> None:
    scene.last, scene.last_end = period, end
    if period.precision == "day" and reading.rules[0] in _MONTHLY:
        scene.named[period.start.day] = period.start, end
    scene.last_said_year = reading.said_year
    if reading.rules[-1] in _TOPICS and not _MEASURED.match(scene.text, end, end + 20):
        recent = period.start.year == scene.today.year or scene.today.month <= 3
        scene.topic = period if recent or scene.topic is None else scene.topic
    if period.precision == "day" and not (reading.rules[-1] == "day_of_text" and period.start < scene.today):
        scene.last_day = period.start


def _relation(one: Expression, period: Period, scene: _Scene, tense: str) -> Relation:
    today = scene.today
    if period.end < today:
        return "past"
    ahead: Relation = "planned"
    long = period.precision not in ("time", "day", "week", "month")
    if (one.deadline or long) and clauses.has_goal(scene.text, one.start, one.end):
        ahead = "goal"
    if period.start > today:
        return "goal" if one.deadline and period.precision == "year" and not _is_term(one, scene) else ahead
    if tense == "planned" or one.deadline:
        return ahead
    return "past" if tense == "past" and period.precision == "day" else "present"


def _is_term(one: Expression, scene: _Scene) -> bool:
    """Whether 까지 is the term of a contract (2021년까지 재계약), which is no goal."""
    return (
        re.search("계약|연장|임기|유예|contract|lease|term", scene.text[one.end : one.end + 20]) is not None
    )


# --- how each kind of atom narrows the period --------------------------------------------------------------------


def _set(reading: _Reading, period: Period | None, certainty: float = 1.0) -> None:
    reading.period = period
    reading.certainty *= certainty
    reading.nothing = period is None


def _direct(direction: int) -> Callable[[_Reading, Any], None]:
    def narrow(reading: _Reading, value: Any) -> None:
        reading.direction = direction

    return narrow


def _dir(reading: _Reading, value: int) -> None:
    reading.direction = value


def _dir_next(reading: _Reading, value: int) -> None:
    reading.direction, reading.week = 1, 1


def _dir_last(reading: _Reading, value: int) -> None:
    reading.direction, reading.week = -1, -1


def _nothing(reading: _Reading, value: Any) -> None:
    return


def _context_year(reading: _Reading) -> int:
    """The year that 이듬해 counts from: that of what was said before, else this one."""
    scene = reading.scene
    if reading.anchor is not None:
        return reading.anchor.start.year
    if scene.last is not None and reading.at - scene.last_end <= _FAR:
        return scene.last.start.year
    reading.certainty *= 0.6
    return reading.today.year


def _year(reading: _Reading, value: int) -> None:
    reading.said_year = True
    if reading.period is not None and reading.period.precision != "year":
        _in_year(reading, value)
    else:
        _set(reading, periods.year(value))


def _in_year(reading: _Reading, value: int) -> None:
    """An English year after its quarter, half, month or season: the same one of that year."""
    if reading.period is not None:
        _set(reading, periods.shift_period(reading.period, value - reading.period.start.year))


def _year_rel(reading: _Reading, value: int) -> None:
    _year(reading, reading.today.year + value)


def _year_of_text(reading: _Reading, value: int) -> None:
    if value < 0:
        near = reading.scene.last_said_year and reading.scene.remembers(reading.at, _NEAR)
        base = _context_year(reading) if near else reading.today.year
        _set(reading, periods.year(base + value), 0.8)
    else:
        _set(reading, periods.year(_context_year(reading) + value), 0.9)
    reading.said_year = True


def _years(reading: _Reading, value: tuple[int, int]) -> None:
    reading.said_year = True
    _set(reading, periods.years(*value))


def _decade(reading: _Reading, value: int) -> None:
    _set(reading, periods.decade(value), 0.9)


def _year_for(reading: _Reading, quarter: int = 0) -> int | None:
    """The year of a unit inside a year, if it was said, or is that of a range's beginning.

    `quarter` is that of a quarter, which goes on after an earlier one of the same year (2020년 1분기와 2분기).
    """
    if reading.period is not None and reading.period.precision == "year":
        return reading.period.start.year
    if reading.anchor is not None and reading.direction is None:
        return reading.anchor.start.year
    scene = reading.scene
    if (
        reading.direction is None
        and scene.last is not None
        and scene.last_said_year
        and reading.said_year is False
    ):
        if scene.text[scene.last_end : reading.at] == "(" and scene.last.precision in ("quarter", "half"):
            return scene.last.start.year
        if quarter > (scene.last.start.month + 2) // 3 and scene.last.precision == "quarter":
            return scene.last.start.year if scene.remembers(reading.at, _NEAR) else None
        short = scene.last.precision in ("month", "day") and scene.last.start.year != reading.today.year
        if short and scene.remembers(reading.at, _NEAR):
            return scene.last.start.year
    return None


def _unit_of_year(build: Callable[[int, int], Period], per_year: int) -> Callable[[_Reading, int], None]:
    def narrow(reading: _Reading, value: int) -> None:
        year = _year_for(reading, value if per_year == 4 else 0)
        if year is not None:
            period = build(year, value)
            behind = reading.anchor is not None and period.end < reading.anchor.start
            _set(reading, build(year + 1, value) if behind else period)
            reading.said_year = reading.said_year or reading.anchor is None
            return
        period = choose.unit_of_year(
            build,
            value,
            today=reading.today,
            direction=reading.way,
            tense=reading.tense,
            per_year=per_year,
        )
        _set(reading, period, 1.0 if reading.direction is not None else 0.85)

    return narrow


def _season(reading: _Reading, value: int) -> None:
    """A season of a year or of a direction; winter belongs to the year it begins in."""
    if reading.period is not None:
        _set(reading, periods.season(reading.period.start.year, value))
        return
    year, direction = reading.today.year, reading.direction
    if value == 4 and reading.today.month <= 2:
        year -= 1
    this = periods.season(year, value)
    if direction is not None and direction < 0 and this.end >= reading.today:
        this = periods.season(year - 1, value)
    elif direction is not None and direction > 0 and (this.end < reading.today or reading.week > 0):
        this = periods.season(year + 1, value)
    _set(reading, this, 0.9)


def _months(reading: _Reading, value: tuple[int, int]) -> None:
    _several(reading, value, _narrow_month)


def _quarters(reading: _Reading, value: tuple[int, int]) -> None:
    _several(reading, value, _narrow_quarter)


def _several(reading: _Reading, value: tuple[int, int], narrow: Callable[[_Reading, int], None]) -> None:
    year = reading.period
    narrow(reading, value[0])
    first = reading.period
    reading.period = year
    if first is None:
        return
    second = _Reading(reading.scene, reading.at, reading.tense, anchor=first)
    narrow(second, value[1])
    _set(reading, periods.between(first, second.period) if second.period else None)


def _month_rel(reading: _Reading, value: int) -> None:
    _set(reading, periods.month(reading.today.year, reading.today.month + value))


def _month_of_text(reading: _Reading, value: int) -> None:
    scene = reading.scene
    if scene.last is not None and reading.at - scene.last_end <= _FAR:
        _set(reading, periods.month(scene.last.start.year, scene.last.start.month), 0.9)
    else:
        _set(reading, periods.month(reading.today.year, reading.today.month), 0.5)


def _quarter_rel(reading: _Reading, value: int) -> None:
    _set(reading, periods.quarter(reading.today.year, (reading.today.month + 2) // 3 + value))


def _quarter_of_text(reading: _Reading, value: int) -> None:
    """전 분기: the one before the quarter spoken of, else before this one."""
    last = reading.scene.last
    if last is not None and last.precision == "quarter":
        _set(reading, periods.quarter(last.start.year, (last.start.month + 2) // 3 + value), 0.9)
    else:
        _quarter_rel(reading, value)


def _quarter_year(reading: _Reading, value: tuple[int, int]) -> None:
    reading.said_year = True
    _set(reading, periods.quarter(*value))


def _half_year(reading: _Reading, value: tuple[int, int]) -> None:
    reading.said_year = True
    _set(reading, periods.half(*value))


def _ym(reading: _Reading, value: tuple[int, int]) -> None:
    reading.said_year = True
    _set(reading, periods.month(*value))


def _week_rel(reading: _Reading, value: int) -> None:
    _set(reading, periods.week(reading.today + timedelta(days=7 * value)))


def _week_of_text(reading: _Reading, value: int) -> None:
    _set(reading, periods.week(reading.scene.last_day or reading.today), 0.7)


def _weekend_rel(reading: _Reading, value: int) -> None:
    _set(reading, periods.weekend(reading.today + timedelta(days=7 * value)))


def _weekend_bare(reading: _Reading, value: Any) -> None:
    this = periods.weekend(reading.today)
    past = reading.tense == "past" and this.start > reading.today
    _set(reading, periods.weekend(reading.today - timedelta(days=7)) if past else this, 0.6)


def _day(reading: _Reading, value: int) -> None:
    period = reading.period
    if period is not None and period.precision == "month":
        _set(reading, _day_in_month(reading, period, value))
        return
    again = reading.scene.named.get(value)
    if again and reading.direction is None and reading.anchor is None and reading.at - again[1] <= _FAR:
        _set(reading, periods.day(again[0]), 0.9)  # 10월 19일 … 19일에는
        return
    if _is_named_before(reading, value):
        _set(reading, reading.scene.last)
        return
    inherited = reading.anchor or _list_before(reading)
    if inherited is not None and reading.direction is None:
        month = periods.month(inherited.start.year, inherited.start.month)
        same = periods.on_day(month, value)
        if same is None or same.start < inherited.start:
            same = periods.on_day(periods.month(month.start.year, month.start.month + 1), value)
        _set(reading, same, 0.95)
        return
    found = choose.day_of_month(value, today=reading.today, direction=reading.direction, tense=reading.tense)
    _set(reading, found, 0.95 if reading.direction is not None else 0.9)


def _day_in_month(reading: _Reading, month: Period, number: int) -> Period | None:
    """The day of a month; 지난 5월 7일 may be in this May though 지난 5월 is last year's."""
    said = reading.said_year or reading.anchor is not None or reading.direction == 0
    if said or "month" not in reading.rules:
        return periods.on_day(month, number)
    return choose.day_of_year(
        month.start.month, number, today=reading.today, direction=reading.direction, tense=reading.tense
    )


def _is_named_before(reading: _Reading, number: int) -> bool:
    """한글날인 9일, 화요일인 26일: the day just named, by its number."""
    scene = reading.scene
    if scene.last is None or scene.last.precision != "day" or scene.last.start.day != number:
        return False
    return scene.text[max(0, scene.last_end) : reading.at].strip() == "인"


_LIST = re.compile(r"(?:일)?\s?(?:과|와|,|·|및|이나|또는|그리고|\([월화수목금토일]\)|\s){1,4}")


def _list_before(reading: _Reading) -> Period | None:
    """The day just before in a list (5일과 7일), whose month goes on."""
    scene = reading.scene
    if scene.last is None or scene.last.precision != "day" or not 0 <= reading.at - scene.last_end <= 5:
        return None
    return scene.last if _LIST.fullmatch(scene.text, scene.last_end, reading.at) else None


def _days(reading: _Reading, value: tuple[int, int]) -> None:
    base = reading.period
    if base is None and reading.direction is None and value[0] <= reading.today.day <= value[1]:
        reading.period = base = periods.month(reading.today.year, reading.today.month)  # it is under way
    _day(reading, value[0])
    first = reading.period
    if first is None:
        return
    other = _Reading(reading.scene, reading.at, reading.tense, anchor=first)
    _day(other, value[1])
    if base is not None and other.period and other.period.start.month != first.start.month:
        _set(reading, None)
        return
    _set(reading, periods.between(first, other.period) if other.period else None)


def _day_rel(reading: _Reading, value: int) -> None:
    _set(reading, periods.day(reading.today + timedelta(days=value)))


# 회담 전날, 추석 다음날: the day before or after what the word before names, unless that is a date or a subject.
_OF_A_NOUN = re.compile(r"[가-힣A-Za-z0-9](?<![은는이가도을를에고며로와과서만해다께엔뒤후지면자])\s?$")


def _day_of_text(reading: _Reading, value: int) -> None:
    scene = reading.scene
    before = scene.text[max(scene.last_end, reading.at - 3, 0) : reading.at]
    if value and _OF_A_NOUN.search(before):
        _set(reading, None)
        return
    gap = reading.at - scene.last_end
    spoken = scene.last is not None and scene.last.precision == "day" and gap <= _FAR // 2
    close = gap <= _FAR if value >= 0 else spoken or scene.remembers(reading.at, _FAR)
    base = scene.last_day if close and scene.last_day else None
    unsaid = 0.3 if value > 0 or reading.scene.text.startswith("그", reading.at) else 0.75
    _set(reading, periods.day((base or reading.today) + timedelta(days=value)), 0.9 if base else unsaid)


def _ymd(reading: _Reading, value: tuple[int, int, int]) -> None:
    reading.said_year = True
    if reading.period is None or reading.period.precision != "time":
        _set(reading, periods.day(date(*value)))


def _md(reading: _Reading, value: tuple[int, int]) -> None:
    year = _year_for(reading)
    if year is not None:
        _set(reading, periods.on_day(periods.month(year, value[0]), value[1]))
        return
    found = choose.day_of_year(*value, today=reading.today, direction=reading.way, tense=reading.tense)
    _set(reading, found, 0.9)


def _month_days(reading: _Reading, value: tuple[int, int, int, int | None]) -> None:
    month, first, last, year = value
    if year is not None:
        reading.period = periods.year(year)
        reading.said_year = True
        _set(reading, periods.on_day(periods.month(year, month), first))
    else:
        _md(reading, (month, first))
    other = periods.on_day(reading.period, last) if reading.period else None
    _set(reading, periods.between(reading.period, other) if reading.period and other else None)


def _weekday(reading: _Reading, value: int) -> None:
    period, nth = reading.period, reading.nth
    if nth:
        within = period or periods.month(reading.today.year, reading.today.month)
        _set(reading, periods.nth_weekday(within, nth, value), 0.95)
        reading.nth = 0
    elif period is not None and period.precision == "week":
        _set(reading, periods.day(period.start + timedelta(days=value)))
    elif period is not None and period.precision == "month":
        _set(reading, None)
    elif period is None:
        _set(reading, _bare_weekday(reading, value), 0.9)
    elif period.precision == "day" and reading.rules[0] in ("ago", "later"):
        _set(reading, periods.day(periods.week(period.start).start + timedelta(days=value)))
    elif period.precision == "day" and period.start.weekday() != value and reading.rules[0] in ("day", "md"):
        _set(
            reading,
            choose.with_weekday(period, value, today=reading.today, month_said=reading.rules[0] == "md"),
        )


def _bare_weekday(reading: _Reading, value: int) -> Period:
    if reading.anchor is not None and reading.direction is None:
        start = reading.anchor.start
        return periods.day(start + timedelta(days=(value - start.weekday()) % 7))
    return choose.weekday(
        value,
        today=reading.today,
        direction=reading.direction,
        tense=reading.tense,
        week=reading.week,
    )


def _nth(reading: _Reading, value: int) -> None:
    reading.nth = value


def _unit(reading: _Reading, value: str) -> None:
    nth, reading.nth = reading.nth, 0
    within = reading.period or periods.month(reading.today.year, reading.today.month)
    if not nth:
        reading.nothing = True
    elif value == "day":
        _set(reading, periods.day(within.end if nth < 0 else within.start + timedelta(days=nth - 1)))
    elif value == "weekend":
        saturday = periods.nth_weekday(within, nth, 5)
        _set(reading, periods.weekend(saturday.start) if saturday else None)
    else:
        _set(reading, periods.nth_week(within, nth), 0.9)
        reading.nth = nth  # 첫째 주 금요일 is the first Friday
        if within.precision != "month":
            reading.nth = 0


def _week_unit_weekday(reading: _Reading, value: int) -> None:
    """첫째 주 금요일: the month's first Friday, not the Friday of its first week."""
    week = reading.period
    if reading.nth and week is not None and week.precision == "week":
        thursday = week.start + timedelta(days=3)
        reading.period = periods.month(thursday.year, thursday.month)
    _weekday(reading, value)


def _part(reading: _Reading, value: str) -> None:
    if reading.period is None:
        reading.part = value
        if reading.direction is not None:
            reading.period, reading.part = periods.part(periods.year(reading.today.year), value), ""
    else:
        _set(reading, periods.part(reading.period, value), 0.9)


def _yearpart(reading: _Reading, value: str) -> None:
    """연말, 연초, 연내: of the year said, else of this one; in January 연말 lies behind unless it is planned."""
    today = reading.today
    year = reading.period.start.year if reading.period else today.year
    if reading.period is None and value == "late":
        behind = reading.direction is not None and reading.direction < 0 and today.month < 10
        if behind or (reading.direction is None and today.month == 1 and reading.tense != "planned"):
            year -= 1
    if value == "rest":
        start = max(today, date(year, 1, 1))
        _set(reading, Period(start, date(year, 12, 31), "range"), 0.9)
    else:
        _set(reading, periods.part(periods.year(year), value), 0.85)


def _holiday(reading: _Reading, value: str) -> None:
    today, direction = reading.today, reading.direction
    if reading.period is not None:
        days = [holidays.in_year(value, reading.period.start.year)]
    else:
        days = [holidays.in_year(value, today.year + offset) for offset in (-1, 0, 1)]
    known = [day for day in days if day]
    if not known:
        _set(reading, None)
    elif len(known) == 1:
        _set(reading, periods.day(known[0]))
    else:
        _set(reading, periods.day(_near_holiday(known, today, direction, reading.tense)), 0.9)


def _near_holiday(days: list[date], today: date, direction: int | None, tense: str) -> date:
    """This year's holiday, but for one that lies far ahead (or behind) where another is close."""
    if direction is not None and direction != 0:
        side = [day for day in days if (day < today if direction < 0 else day >= today)]
        return (side[-1] if direction < 0 else side[0]) if side else days[1]
    this = next((day for day in days if day.year == today.year), days[0])
    nearest = min(days, key=lambda day: abs(day - today))
    return nearest if direction is None and abs(nearest - today).days <= 45 else this


def _daypart(reading: _Reading, value: str) -> None:
    reading.daypart = value


def _hour(reading: _Reading, value: int) -> None:
    hour, part = value, reading.daypart
    if part == "pm" and hour < 12:
        hour += 12
    elif part == "night":
        hour = hour + 12 if 5 <= hour < 12 else (0 if hour == 12 else hour)
    elif part == "am" and hour == 12:
        hour = 0
    if hour >= 24:
        hour -= 24
        if reading.period is not None and reading.period.precision == "day":
            reading.period = periods.day(reading.period.end + timedelta(days=1))
    reading.clock = time(hour)


def _clock(reading: _Reading, value: tuple[int, int, int]) -> None:
    _hour(reading, value[0])
    if reading.clock is not None:
        reading.clock = reading.clock.replace(minute=value[1], second=value[2])


def _minute(reading: _Reading, value: int) -> None:
    if reading.clock is not None:
        reading.clock = reading.clock.replace(minute=value)


def _second(reading: _Reading, value: int) -> None:
    if reading.clock is not None:
        reading.clock = reading.clock.replace(second=value)


def _shifted(reading: _Reading, lengths: tuple[tuple[int, str], ...], sign: int) -> date:
    there = reading.today
    for number, unit in lengths:
        there = periods.shift(there, sign * number, unit)
    return there


def _ago(reading: _Reading, value: tuple[tuple[int, str], ...]) -> None:
    """So long ago; after a noun (범행 6개월 전) it may be counted from that."""
    _by_unit(reading, value, -1)
    if _OF_A_NOUN.search(reading.scene.text[max(reading.at - 3, 0) : reading.at]):
        reading.certainty *= 0.6


def _later(reading: _Reading, value: tuple[tuple[int, str], ...]) -> None:
    _by_unit(reading, value, 1)


def _by_unit(reading: _Reading, lengths: tuple[tuple[int, str], ...], sign: int) -> None:
    """So long before or after: the year of it if years were counted, the month if months, else the day."""
    there, unit = _shifted(reading, lengths, sign), lengths[-1][1]
    if unit == "year":
        _set(reading, periods.year(there.year), 0.7)
    elif unit == "month":
        _set(reading, periods.month(there.year, there.month), 0.7)
    else:
        _set(reading, periods.day(there), 0.7 if unit == "week" else 0.9)


def _within(reading: _Reading, value: tuple[tuple[int, str], ...]) -> None:
    _set(reading, Period(reading.today, _shifted(reading, value, 1), "range"), 0.7)


def _after_gap(reading: _Reading, value: tuple[tuple[int, str], ...]) -> None:
    """3개월 만에: the time before, so long ago."""
    _by_unit(reading, value, -1)
    reading.certainty = 0.5


def _lately(reading: _Reading, value: tuple[tuple[int, str], ...]) -> None:
    _set(reading, Period(_shifted(reading, value, -1), reading.today - timedelta(days=1), "range"), 0.7)


def _coming(reading: _Reading, value: tuple[tuple[int, str], ...]) -> None:
    _set(reading, Period(reading.today + timedelta(days=1), _shifted(reading, value, 1), "range"), 0.7)


def _to_date(reading: _Reading, value: str) -> None:
    today = reading.today
    start = today.replace(month=1, day=1) if value == "year" else today.replace(day=1)
    _set(reading, Period(start, today, "range"))


def _same_period(reading: _Reading, value: str) -> None:
    """전년 동기: what the text speaks of, a year earlier; without that, last year."""
    topic, today = reading.scene.topic, reading.today
    if value == "month" and (topic is None or topic.precision != "month"):
        topic = periods.month(today.year, today.month)
    if topic is not None:
        _set(reading, periods.shift_period(topic, -1), 0.85)
    else:
        _set(reading, periods.year(today.year - 1), 0.5)


def _whole(reading: _Reading, value: Any) -> None:
    return


def _monthpart(reading: _Reading, value: str) -> None:
    this = reading.period or periods.month(reading.today.year, reading.today.month)
    _set(reading, periods.part(this, value), 0.7)


_narrow_month = _unit_of_year(periods.month, 12)
_narrow_quarter = _unit_of_year(periods.quarter, 4)

_NARROW: dict[str, Callable[[_Reading, Any], None]] = {
    "prep": _nothing,
    "prep_end": _nothing,
    "prep_day": _nothing,
    "the": _nothing,
    "paren": _nothing,
    "whole": _nothing,
    "dir": _dir,
    "dir_this": _dir,
    "dir_next": _dir_next,
    "dir_last": _dir_last,
    "year": _year,
    "plain_year": _year,
    "year_rel": _year_rel,
    "of_year": _year_rel,
    "year_of_text": _year_of_text,
    "years": _years,
    "decade": _decade,
    "half": _unit_of_year(periods.half, 2),
    "quarter": _narrow_quarter,
    "quarters": _quarters,
    "quarter_rel": _quarter_rel,
    "quarter_of_text": _quarter_of_text,
    "quarter_year": _quarter_year,
    "half_year": _half_year,
    "month": _narrow_month,
    "spoken_month": _narrow_month,
    "months": _months,
    "month_rel": _month_rel,
    "month_of_text": _month_of_text,
    "month_days": _month_days,
    "ym": _ym,
    "week_rel": _week_rel,
    "week_of_text": _week_of_text,
    "weekend_rel": _weekend_rel,
    "weekend_bare": _weekend_bare,
    "season": _season,
    "day": _day,
    "days": _days,
    "day_rel": _day_rel,
    "day_of_text": _day_of_text,
    "ymd": _ymd,
    "md": _md,
    "weekday": _week_unit_weekday,
    "nth": _nth,
    "unit": _unit,
    "part": _part,
    "yearpart": _yearpart,
    "monthpart": _monthpart,
    "holiday": _holiday,
    "daypart": _daypart,
    "hour": _hour,
    "noon": _hour,
    "clock": _clock,
    "minute": _minute,
    "second": _second,
    "ago": _ago,
    "later": _later,
    "within": _within,
    "after_gap": _after_gap,
    "lately": _lately,
    "coming": _coming,
    "to_date": _to_date,
    "same_period": _same_period,
}
