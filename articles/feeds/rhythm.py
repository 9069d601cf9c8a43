"""Whether a source has fallen silent, judged by its own history. Pure: the time comes in.

A fixed number of hours would call a weekly paper silent six days a week and notice a wire service's breakdown too
late. So a silence is measured in what the source usually does in it. An hour in which something appeared is an active
hour (a burst of entries counts once). How likely each hour of the week is to be active is estimated from its own weeks,
drawn towards the same hour of the other workdays (or of the weekend): from a few weeks, 168 separate estimates would
only learn the noise. A chance p is a hazard of -log(1 - p), and the hazards of the hours of a silence add up. This is
the time-rescaling theorem in its form for counted time (Haslinger, Pipa and Brown, "Discrete time rescaling theorem",
Neural Computation 22, 2010, after Papangelou 1972): measured so, gaps are alike by day and night, on Mondays and
Sundays. They would be exponential if hours were independent of each other; news comes in clusters, so that the source's
own gaps say how long is too long. That lies beyond all gaps seen, and is found as in the peaks-over-threshold method
(Pickands 1975; for alarms: Siffer, Fouque, Termier and Largouet, "Anomaly detection in streams with extreme value
theory", KDD 2017) with an exponential tail: the gaps beyond the 90th percentile and their mean excess say which
length is passed once in four years. The longest of many gaps is left out: it may be a breakdown that nobody should get
used to.

Must not know Django, and must not read a clock.
"""

import datetime
import itertools
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

HISTORY = datetime.timedelta(weeks=12)
HOUR, WEEK = datetime.timedelta(hours=1), datetime.timedelta(weeks=1)
# Fewer active hours, or a shorter history, say nothing yet.
LEAST_ACTIVE, LEAST_HISTORY = 10, datetime.timedelta(days=14)
TAIL = 0.9
FALSE_ALARMS_PER_YEAR = 0.25
# The mean excess is drawn towards 1, what it is for independent hours, as if so many gaps had said so.
PRIOR = 3.0
MANY_GAPS = 50
YEAR = datetime.timedelta(days=365)
# However regular a source is: this much hazard must have passed (by chance once in 50 such silences).
LEAST_LIMIT = 4.0
# What passes in 19 of 20 silences before something comes.
USUAL = 3.0
# No silence below it is worth a word, however busy the source.
LEAST_SILENCE = datetime.timedelta(hours=6)
# The same hour of the days alike counts as much as so many weeks of an hour's own.
PRIOR_WEEKS = 8.0
# No hour is surer than this.
MOST_CHANCE = 0.98
WORKDAYS, WEEKEND = range(5), range(5, 7)
LIKE_DAYS = (WORKDAYS,) * 5 + (WEEKEND,) * 2


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The hazard of each hour of the week (Monday's first in `zone` comes first) and the hazard of a silence that is
    too long."""

    zone: datetime.tzinfo
    hazards: tuple[float, ...]
    limit: float


@dataclass(frozen=True, slots=True)
class Silence:
    """A silence: when it began, by when something should have come, and whether somebody should look."""

    since: datetime.datetime
    usual_by: datetime.datetime
    is_strange: bool


def learn(
    times: Iterable[datetime.datetime], *, until: datetime.datetime, zone: datetime.tzinfo
) -> Rhythm | None:
    """The rhythm in these times of entries up to `until`; None if they are too few or too recent to tell.

    Weekdays and hours are those of `zone`. Times more than twelve weeks before `until` are left out.
    """
    hours = sorted({floor(time) for time in times if until - HISTORY <= time <= until})
    if len(hours) < LEAST_ACTIVE or until - hours[0] < LEAST_HISTORY:
        return None
    slots = [hour_of_week(hour, zone) for hour in hours]
    hazards = estimate(slots, weeks=(until - hours[0]) / WEEK)
    # What has passed since a Monday: thousands of gaps are measured by it.
    passed = [0.0, *itertools.accumulate(hazards * (HISTORY // WEEK + 1))]
    gaps = [
        passed[slot + (to - since) // HOUR] - passed[slot + 1]
        for slot, (since, to) in zip(slots, itertools.pairwise(hours), strict=False)
    ]
    return Rhythm(zone, hazards, max(limit(gaps, years=(until - hours[0]) / YEAR), LEAST_LIMIT))


def estimate(slots: Sequence[int], *, weeks: float) -> tuple[float, ...]:
    """The hazard of each hour of the week, from the hours of the week that were active in so many weeks."""
    own = Counter(slots)
    hazards = []
    for slot in range(168):
        alike = LIKE_DAYS[slot // 24]
        shared = sum(own[day * 24 + slot % 24] for day in alike) / (weeks * len(alike))
        chance = (own[slot] + shared * PRIOR_WEEKS) / (weeks + PRIOR_WEEKS)
        hazards.append(-math.log1p(-min(chance, MOST_CHANCE)))
    return tuple(hazards)


def hazard(rhythm: Rhythm, since: datetime.datetime, to: datetime.datetime) -> float:
    """The sum of the hazards of the whole hours between the hour of `since` and that of `to`."""
    start = floor(since) + HOUR
    weeks, rest = divmod(max(int((floor(to) - start) / HOUR), 0), 168)
    first = hour_of_week(start, rhythm.zone)
    hazards = rhythm.hazards
    return weeks * sum(hazards) + sum(hazards[(first + step) % 168] for step in range(rest))


def judge(rhythm: Rhythm, *, since: datetime.datetime, until: datetime.datetime) -> Silence:
    """The silence from the last sign of life to when the source was last read."""
    strange = until - since >= LEAST_SILENCE and hazard(rhythm, since, until) >= rhythm.limit
    return Silence(since, usual_by(rhythm, since), strange)


def usual_by(rhythm: Rhythm, since: datetime.datetime) -> datetime.datetime:
    """When something should have come after `since`; at most twelve weeks later."""
    start = floor(since) + HOUR
    first, passed, step = hour_of_week(start, rhythm.zone), 0.0, 0
    while passed < USUAL and step * HOUR < HISTORY:
        passed += rhythm.hazards[(first + step) % 168]
        step += 1
    return start + step * HOUR


def limit(gaps: Sequence[float], *, years: float) -> float:
    """The length that a gap passes FALSE_ALARMS_PER_YEAR times a year, given the gaps of so many years."""
    ordered = sorted(gaps)
    if len(ordered) >= MANY_GAPS:
        ordered.pop()
    start = math.ceil(TAIL * len(ordered)) - 1
    threshold, beyond = ordered[start], ordered[start + 1 :]
    excess = (sum(beyond) - threshold * len(beyond) + PRIOR) / (len(beyond) + PRIOR)
    return threshold + excess * math.log(max((len(beyond) or 1) / years / FALSE_ALARMS_PER_YEAR, 1.0))


def floor(time: datetime.datetime) -> datetime.datetime:
    """The whole hour of UTC that it is in."""
    return time.astimezone(datetime.UTC).replace(minute=0, second=0, microsecond=0)


def hour_of_week(time: datetime.datetime, zone: datetime.tzinfo) -> int:
    """0 for Monday's first hour, 167 for Sunday's last. A change of the clock within a week is ignored."""
    local = time.astimezone(zone)
    return local.weekday() * 24 + local.hour
