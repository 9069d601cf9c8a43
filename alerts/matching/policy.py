"""When a reader is told of a hit, or why not: nothing is dropped without a reason that can be shown.

A hit is held for a reason, or released at a time: at once, or when her collected mail is due, her quiet hours end, her
working day begins. Times on the clock are those of her own zone. Must not read the clock, store or send anything.

On the day when clocks are put forward, a time that does not exist is as much later as they are put; when they are put
back, a daily mail goes at the first of the two, and quiet hours last until the second.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

DAY = datetime.timedelta(days=1)
# An article published longer ago than this before we saw it (a new source's backlog) is listed, not mailed.
NEWS_AGE = datetime.timedelta(days=2)
# After so many mails at once within this time, a reader's next ones are collected for as long.
FLOOD_MAILS = 10
FLOOD_WITHIN = datetime.timedelta(minutes=30)
# Days off in a row that are believed.
MOST_DAYS_OFF = 30
# Longer than any combination of quiet hours and days off takes.
MOST_MOVES = 100

IsDayOff = Callable[[datetime.date], bool]


@dataclass(frozen=True, slots=True)
class Policy:
    """How a reader wants to be told of an alert. `quiet`: from, until; never the same time twice."""

    zone: datetime.tzinfo
    mode: str = "instant"
    at_hour: int = 8
    weekday: int = 0
    working_days_only: bool = False
    quiet: tuple[datetime.time, datetime.time] | None = None
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Release:
    """When a hit is told, and why not at once: digest, quiet, day-off, flood, or nothing."""

    at: datetime.datetime
    why: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides whether a hit is told at all. `told`: its story was told before; `news`: what is new then;
    `is_counted`: its alert tells of unusual numbers alone."""

    late: datetime.timedelta = datetime.timedelta()
    is_replay: bool = False
    is_muted: bool = False
    is_counted: bool = False
    told: bool = False
    news: str = ""
    outlets: int = 1
    least_outlets: int = 1


def why_held(facts: Facts) -> str:
    """Why a hit is listed and not told (replay, old, spike, muted, same, few); nothing if it is told."""
    reasons = {
        "replay": facts.is_replay,
        "old": facts.late > NEWS_AGE,
        "spike": facts.is_counted,
        "muted": facts.is_muted,
        "same": facts.told and not facts.news,
        "few": not facts.told and facts.outlets < facts.least_outlets,
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def release(
    policy: Policy,
    *,
    now: datetime.datetime,
    is_day_off: IsDayOff,
    lately: Iterable[datetime.datetime] = (),
) -> Release:
    """When a hit of `now` is told, never earlier. `lately`: when the reader was told of something at once."""
    found = _by_mode(policy, now)
    if policy.mode == "instant" and is_flood(lately, now=now):
        found = Release(now + FLOOD_WITHIN, "flood")
    for _ in range(MOST_MOVES):
        later = _moved(policy, found.at, is_day_off)
        if later is None:
            break
        found = later
    return found


def is_flood(lately: Iterable[datetime.datetime], *, now: datetime.datetime) -> bool:
    """Whether a reader was told at once so often that the next is to be collected."""
    return sum(now - at < FLOOD_WITHIN for at in lately) >= FLOOD_MAILS


def is_quiet(policy: Policy, at: datetime.datetime) -> bool:
    """Whether a moment lies in the reader's quiet hours, which hold for what is not urgent."""
    if policy.quiet is None or policy.urgent:
        return False
    begin, end = policy.quiet
    clock = at.astimezone(policy.zone).time()
    return begin <= clock < end if begin < end else clock >= begin or clock < end


def _by_mode(policy: Policy, now: datetime.datetime) -> Release:
    """When it is due by how often the reader wants to be told."""
    hour = datetime.time(policy.at_hour)
    match policy.mode:
        case "hourly":
            return Release(_next_full_hour(now, policy.zone), "digest")
        case "daily":
            return Release(next(_moments(policy.zone, hour, now)), "digest")
        case "weekly":
            moments = _moments(policy.zone, hour, now)
            on_day = (at for at in moments if at.astimezone(policy.zone).weekday() == policy.weekday)
            return Release(next(on_day), "digest")
    return Release(now)


def _moved(policy: Policy, at: datetime.datetime, is_day_off: IsDayOff) -> Release | None:
    """To when a moment that does not suit the reader is put off; None if it suits."""
    if policy.working_days_only and _is_off(at.astimezone(policy.zone).date(), is_day_off):
        mornings = _moments(policy.zone, datetime.time(policy.at_hour), at)
        return Release(
            next(at for at in mornings if not _is_off(at.astimezone(policy.zone).date(), is_day_off)),
            "day-off",
        )
    if policy.quiet is not None and is_quiet(policy, at):
        return Release(next(_moments(policy.zone, policy.quiet[1], at, both=True)), "quiet")
    return None


def _is_off(day: datetime.date, is_day_off: IsDayOff) -> bool:
    """Whether a day is off; not after so many in a row that somebody must have made a mistake."""
    return any(not is_day_off(day - back * DAY) for back in range(1, MOST_DAYS_OFF)) and is_day_off(day)


def _next_full_hour(now: datetime.datetime, zone: datetime.tzinfo) -> datetime.datetime:
    """The first moment from `now` on at which the zone's clock shows a full hour."""
    past = now.astimezone(zone)
    over = datetime.timedelta(minutes=past.minute, seconds=past.second, microseconds=past.microsecond)
    return now if not over else now + datetime.timedelta(hours=1) - over


def _moments(
    zone: datetime.tzinfo, clock: datetime.time, start: datetime.datetime, *, both: bool = False
) -> Iterator[datetime.datetime]:
    """The moments from `start` on, a day apart, at which the zone's clock shows a time; `both` of a repeated one."""
    day = start.astimezone(zone).date() - DAY
    while True:
        for fold in (0, 1) if both else (0,):
            wall = datetime.datetime.combine(day, clock.replace(fold=fold), zone)
            at = wall.astimezone(datetime.UTC)
            exists = at.astimezone(zone).replace(tzinfo=None, fold=0) >= wall.replace(tzinfo=None, fold=0)
            if at >= start and exists and (fold == 0 or wall.utcoffset() != wall.replace(fold=0).utcoffset()):
                yield at
        day += DAY
