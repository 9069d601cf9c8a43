"""Which year, month or week a date means that does not say it: the rules of news.

Korean news writes 지난해 and 내년 where a date is not this year's, and 지난달 and 내달 where it is not this month's,
with exceptions around their turn; a bare weekday lies behind. A direction word (지난, 오는) overrides all. Pure
calendar: what the words say is passed in as a direction (-1, 0, 1 or None) and a tense.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from articles.dates import periods
from articles.dates.periods import Period

# Days ahead within which a bare day may be next month's.
_SOON = 14


def unit_of_year(
    build: Callable[[int, int], Period],
    number: int,
    *,
    today: date,
    direction: int | None,
    tense: str,
    per_year: int,
) -> Period:
    """A month, quarter, half or season (`per_year` of them) without its year; `build` is its maker in `periods`."""
    this = build(today.year, number)
    position = ((today.month - 1) * per_year) // 12 + 1
    if direction == 0:
        return this
    if direction is not None and direction < 0:
        return build(today.year - 1, number) if this.start > today or number == position else this
    if direction is not None and direction > 0:
        return build(today.year + 1, number) if this.end < today else this
    return build(today.year + _undirected(number, position, per_year, tense), number)


def _undirected(number: int, position: int, per_year: int, tense: str, *, far: int = 10) -> int:
    """The year of a unit with neither year nor direction word: 0 is this one.

    At the beginning of a year the last quarter of it is last year's; at its end, planned things of the first quarter
    are next year's. What has happened does not lie ahead. `far` is how many months ahead are too many to be meant.
    """
    ahead, quarter = number - position, per_year // 4
    if ahead > 0 and tense == "past" and ahead * 2 >= per_year:
        return -1
    if quarter and tense != "planned" and ahead >= (far if per_year == 12 else per_year - quarter):
        return -1
    return 1 if per_year == 12 and tense in ("planned", "") and -ahead >= per_year - quarter else 0


def day_of_year(month: int, number: int, *, today: date, direction: int | None, tense: str) -> Period | None:
    """A month and day without a year."""
    if direction is not None and direction < 0:
        candidates = [periods.on_day(periods.month(today.year - back, month), number) for back in range(5)]
        return next((one for one in candidates if one and one.start <= today), None)
    if direction is not None and direction > 0:
        candidates = [periods.on_day(periods.month(today.year + on, month), number) for on in range(5)]
        return next((one for one in candidates if one and one.start >= today), None)
    if month == today.month and tense not in ("planned", "past"):
        return periods.on_day(periods.month(today.year, month), number)
    if month == today.month:
        tense = ""
    year = today.year + _undirected(month, today.month, 12, tense, far=11)
    return periods.on_day(periods.month(year, month), number) or periods.on_day(
        periods.month(year - 1, month), number
    )


def day_of_month(number: int, *, today: date, direction: int | None, tense: str) -> Period | None:
    """A bare day: the last one; if the words point ahead, one to come this month or soon; a headline, the nearest.

    A day of next month that is not near is written 내달, so a verb in the present alone does not make it one.
    """
    this = periods.month(today.year, today.month)
    around = [
        periods.on_day(periods.month(this.start.year, this.start.month + offset), number)
        for offset in (-2, -1, 0, 1, 2)
    ]
    days = [one for one in around if one]
    behind = [one for one in days if one.start <= today]
    ahead = [one for one in days if one.start >= today]
    if direction is not None and direction != 0:
        return ahead[0] if direction > 0 else behind[-1]
    if direction == 0:
        return periods.on_day(this, number) or behind[-1]
    days_on = 0 if ahead[0].start.month == today.month else (ahead[0].start - today).days
    if tense == "planned" and days_on <= _SOON:
        return ahead[0]
    if tense == "" and days_on <= 7 and ahead[0].start - today < today - behind[-1].start:
        return ahead[0]
    return behind[-1]


def weekday(number: int, *, today: date, direction: int | None, tense: str, week: int = 0) -> Period:
    """A weekday: behind us unless the words point ahead; 이번 금요일 is this week's.

    `week` 1 or -1 is next week's (다음 금요일) or last week's (last Friday).
    """
    monday = periods.week(today).start
    if direction == 0 or week:
        return periods.day(monday + timedelta(days=number + 7 * week))
    back = (today.weekday() - number) % 7
    if direction is not None and direction < 0:
        return periods.day(today - timedelta(days=back or 7))
    if (direction is not None and direction > 0) or tense == "planned":
        return periods.day(today + timedelta(days=(number - today.weekday()) % 7 or (7 if direction else 0)))
    return periods.day(today - timedelta(days=back))


def with_weekday(day: Period, number: int, *, today: date, month_said: bool) -> Period:
    """30일(수): the nearest such day that falls on the weekday; the day as it is if none does."""
    step = 12 if month_said else 1
    candidates = [
        periods.on_day(periods.month(day.start.year, day.start.month + step * offset), day.start.day)
        for offset in (-1, 1, -2, 2)
    ]
    fitting = [one for one in candidates if one and one.start.weekday() == number]
    return min(fitting, key=lambda one: abs(one.start - today), default=day)
