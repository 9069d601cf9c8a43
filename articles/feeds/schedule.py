"""When to ask a source again. Pure: the time comes in, a time goes out.

Each article waits for the next poll, and each poll costs the publisher and us something. If articles come at a rate
of r a second and a poll is worth sparing PRICE_S seconds of waiting, the cost per second of polling every I seconds is
r*I/2 + PRICE_S/I, least at I = sqrt(2*PRICE_S/r): the square-root rule of Sia, Cho and Cho, "Efficient monitoring
algorithm for fast news alerts" (IEEE TKDE 19, 2007). At that interval the articles of one interval have waited PRICE_S
seconds in all. That is the rule used here, since it holds for a rate that changes with the hour too: the next poll is
due when the articles that are expected since this one will have waited PRICE_S seconds together.

The rate comes from the source's own entry times, by hour of the week in its time zone, the older the lighter. Where
a source has not been watched for many weeks, an hour of the week leans on the same hour of all days, and that on the
overall rate.
"""

import dataclasses
import datetime
import functools
import math
import random
import struct
from collections.abc import Iterable, Mapping
from typing import Any

CEILING = datetime.timedelta(hours=6)
DAY_S = 86_400
WEEK_HOURS = 168
PRICE_S = 30.0
# Four weeks are looked back at first; what is two weeks old counts half.
WINDOW = datetime.timedelta(weeks=4)
HALF_LIFE_S = 14 * DAY_S
# How many hours watched the next coarser rate is worth.
TRUST_IN_DAYS = 1.0
TRUST_IN_HOURS = 2.0
PACKED = struct.Struct("<dd168e")
MOST_COUNTED = 60_000.0  # within half precision


@dataclasses.dataclass(frozen=True, slots=True)
class Pace:
    """Bounds of the wait between two polls that succeed, in seconds; `usual_s` while no rhythm is known."""

    floor_s: float
    usual_s: float
    ceiling_s: float

    @property
    def is_fixed(self) -> bool:
        """Whether somebody has set the interval: then neither rhythm nor hints change it."""
        return self.floor_s == self.usual_s == self.ceiling_s


@dataclasses.dataclass(frozen=True, slots=True)
class Rhythm:
    """When a source publishes: its entries by hour of the week (Monday's first hour first, in its time zone).

    `counts` weigh an entry by its age at `newest`, the time of the newest entry counted; entries count from `since` on.
    """

    counts: tuple[float, ...]
    since: datetime.datetime
    newest: datetime.datetime


@dataclasses.dataclass(frozen=True, slots=True)
class Hints:
    """What a feed asks of its readers: seconds to be left alone after each poll, and hours (0-23) and days
    (Monday = 0) of UTC in which it should not be asked. `undated`: its entries bear no times."""

    ttl_s: int = 0
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()
    undated: bool = False


def pack(rhythm: Rhythm | None) -> bytes | None:
    """The rhythm in 352 bytes."""
    if rhythm is None:
        return None
    return PACKED.pack(rhythm.since.timestamp(), rhythm.newest.timestamp(), *rhythm.counts)


def unpack(data: bytes | memoryview | None) -> Rhythm | None:
    """A packed rhythm; None for what is none."""
    if data is None or len(data) != PACKED.size:
        return None
    since, newest, *counts = PACKED.unpack(data)
    utc = datetime.UTC
    return Rhythm(
        tuple(counts),
        datetime.datetime.fromtimestamp(since, utc),
        datetime.datetime.fromtimestamp(newest, utc),
    )


def pack_hints(hints: Hints) -> dict[str, Any]:
    """The hints as JSON; empty values are left out."""
    return {name: value for name, value in dataclasses.asdict(hints).items() if value}


def unpack_hints(data: Mapping[str, Any]) -> Hints:
    """The hints out of JSON."""
    return Hints(
        ttl_s=int(data.get("ttl_s", 0)),
        skip_hours=tuple(data.get("skip_hours", ())),
        skip_days=tuple(data.get("skip_days", ())),
        undated=bool(data.get("undated")),
    )


def learn(
    rhythm: Rhythm | None,
    times: Iterable[datetime.datetime],
    *,
    now: datetime.datetime,
    zone: datetime.tzinfo,
) -> Rhythm | None:
    """The rhythm with the entries published since the newest one counted. Entries may be given again and again.

    Times later than `now` and, for a source not watched before, earlier than WINDOW do not count.
    """
    after = rhythm.newest if rhythm else now - WINDOW
    fresh = sorted(at for at in times if after < at <= now)
    if not fresh:
        return rhythm
    newest, counts = fresh[-1], [0.0] * WEEK_HOURS
    if rhythm:
        fading = faded((newest - rhythm.newest).total_seconds())
        counts = [count * fading for count in rhythm.counts]
    for at in fresh:
        counts[hour_of_week(at, zone)] += faded((newest - at).total_seconds())
    return Rhythm(
        tuple(min(count, MOST_COUNTED) for count in counts), rhythm.since if rhythm else fresh[0], newest
    )


def hour_of_week(at: datetime.datetime, zone: datetime.tzinfo) -> int:
    """0 for the hour after midnight of Monday in that zone, to 167."""
    local = at.astimezone(zone)
    return local.weekday() * 24 + local.hour


def faded(seconds: float) -> float:
    """What an entry of that age counts."""
    return float(0.5 ** (seconds / HALF_LIFE_S))


class Rates:
    """How many entries an hour are to be expected, by what a rhythm shows at `now`."""

    def __init__(self, rhythm: Rhythm, *, now: datetime.datetime, zone: datetime.tzinfo) -> None:
        self.counts = rhythm.counts
        self.zone = zone
        self.this_hour = hour_of_week(now, zone)
        self.fading = faded(max(0.0, (now - rhythm.newest).total_seconds()))
        self.watched_s = max(3600.0, (now - rhythm.since).total_seconds())
        # All hours watched, each by its age: the integral of faded() over them.
        hours = HALF_LIFE_S / math.log(2) * (1 - faded(self.watched_s)) / 3600
        self.overall = sum(self.counts) * self.fading / hours

    def at(self, moment: datetime.datetime) -> float:
        """Entries an hour in the hour of `moment`."""
        hour = hour_of_week(moment, self.zone)
        of_days = sum(self.counts[hour % 24 :: 24]) * self.fading
        days = self.seen(DAY_S) + (hour % 24 == self.this_hour % 24)
        by_day = (of_days + TRUST_IN_DAYS * self.overall) / (days + TRUST_IN_DAYS)
        of_weeks = self.counts[hour] * self.fading
        weeks = self.seen(7 * DAY_S) + (hour == self.this_hour)
        return (of_weeks + TRUST_IN_HOURS * by_day) / (weeks + TRUST_IN_HOURS)

    def seen(self, apart_s: int) -> float:
        """How often an hour that comes again after so many seconds has been watched before, each time by its age."""
        return occurrences(int((self.watched_s + 3600) // apart_s), apart_s)


@functools.lru_cache(maxsize=4096)
def occurrences(number: int, apart_s: int) -> float:
    """The weight of an hour seen `number` times, so many seconds apart, the last one that long ago."""
    return sum(faded(step * apart_s) for step in range(1, min(number, 400) + 1))


def interval(rhythm: Rhythm | None, *, pace: Pace, now: datetime.datetime, zone: datetime.tzinfo) -> float:
    """Seconds from a poll at `now` to the next one, between the floor and the ceiling: see the module's docstring."""
    if pace.is_fixed or rhythm is None:
        return pace.usual_s
    rates = Rates(rhythm, now=now, zone=zone)
    elapsed = expected = waited = 0.0
    while elapsed < pace.ceiling_s:
        moment = now + datetime.timedelta(seconds=elapsed)
        length = 3600.0 - (moment.minute * 60 + moment.second + moment.microsecond / 1e6)
        rate = rates.at(moment) / 3600
        after = waited + expected * length + rate * length**2 / 2
        if after >= PRICE_S:
            elapsed += time_until(PRICE_S - waited, expected, rate)
            break
        elapsed, expected, waited = elapsed + length, expected + rate * length, after
    return min(max(elapsed, pace.floor_s), pace.ceiling_s)


def time_until(waiting: float, expected: float, rate: float) -> float:
    """The x with `expected`*x + `rate`*x²/2 = `waiting`."""
    return 2 * waiting / (expected + math.sqrt(expected**2 + 2 * rate * waiting))


def next_poll(
    *,
    now: datetime.datetime,
    interval_s: float,
    failures: int,
    retry_after_s: float | None,
    seed: int,
    hints: Hints | None = None,
    fresh_s: float = 0,
    ceiling_s: float = 0,
) -> datetime.datetime:
    """The next poll's time.

    After `failures` failures in a row the interval doubles each time, up to six hours, with a jitter of a tenth
    so that sources that failed together do not come back together; `seed` makes the jitter repeatable. A
    server's Retry-After (seconds) is kept, up to a day. What the feed asks for and how long the server calls
    its answer fresh (`fresh_s`) make the wait longer, up to `ceiling_s`; hours and days to skip up to a day.
    """
    hints = hints or Hints()
    wait = max(interval_s, min(max(hints.ttl_s, fresh_s), ceiling_s))
    if failures:
        wait = min(wait * 2 ** min(failures, 16), max(CEILING.total_seconds(), wait))
        wait *= random.Random(f"{seed}:{failures}").uniform(1.0, 1.1)  # noqa: S311 - spreads load, guards nothing
    if retry_after_s is not None:
        wait = max(wait, min(retry_after_s, DAY_S))
    return after_skips(now, now + datetime.timedelta(seconds=wait), hints)


def after_skips(now: datetime.datetime, at: datetime.datetime, hints: Hints) -> datetime.datetime:
    """The first time from `at` on that is not in an hour or day to skip, but none later than a day from `now`."""
    latest = max(at, now + datetime.timedelta(days=1))
    moment = at.astimezone(datetime.UTC)
    while moment < latest and (moment.hour in hints.skip_hours or moment.weekday() in hints.skip_days):
        moment = moment.replace(minute=0, second=0, microsecond=0) + datetime.timedelta(hours=1)
    return at if moment == at else min(moment, latest)
