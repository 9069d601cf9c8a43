"""More stories than usual: whether as many as lately are far above what a query finds at this hour of such a day.

What is usual is counted in the same hours of the past weeks' days (and an hour before and after): of working days,
Saturdays, and days off, with how much a weekday differs from the others, recent days weighing more. Hours in which
sources were away count for less, now and then. An earlier spike is cut to what could have been, so that it does not
make the next one usual.

As many stories or more are a spike if a negative binomial distribution gives them less than CHANCE: its mean is what is
expected, its variance what the past days' counts had, and what is not known of the mean because they are few. (The
distribution is the usual one for counts of events that come in bunches; Farrington et al., "A statistical algorithm for
the early detection of outbreaks of infectious disease", 1996, and Noufal et al. 2013 do the same for weeks of disease.)
There must also be LEAST_STORIES, LEAST_TIMES as many as expected.

Must not read the clock, store or send anything.
"""

import datetime
import itertools
import math
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)
# Hours in which stories are counted; a sudden spike shows in the first, a slow one in the second.
WINDOWS = (3, 24)
# Days that say what is usual, and how many there must be before anything is said.
PAST_DAYS = 56
LEAST_DAYS = 14
# Simulated: at most a false alarm in three months of an alert whose days differ by a third (docs/adr/0012).
CHANCE = 1e-4
LEAST_STORIES = 5
LEAST_TIMES = 2.0
# How much less a day says than the one after it.
FADING = 0.98
# Variance beyond chance that any news has: days differ by a fifth.
LEAST_DISPERSION = 0.04
# The share of chance's variance that is left when three windows that overlap are taken together.
SMOOTHED = 0.7
# What an estimate begins with, in days: the hours' mean over all days.
PRIOR_DAYS = 2.0
PRIOR_STORIES = 20.0
# After an alarm there is none for so long, unless there are twice as many stories.
COOLDOWN = datetime.timedelta(hours=24)
AGAIN_TIMES = 2.0
# A word that grew is in so many headlines at least.
LEAST_HEADLINES = 3

IsDayOff = Callable[[datetime.date], bool]


@dataclass(frozen=True, slots=True)
class Series:
    """Stories by the hour: `begin` is the first hour, in the zone whose days are meant; the last one ends now.

    `exposure` says how much of the usual sources was there in each hour, 1 for all.
    """

    begin: datetime.datetime
    stories: Sequence[int]
    exposure: Sequence[float]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a window's stories are, beside what was expected. `most` is what one day in a hundred exceeds."""

    hours: int
    stories: int
    expected: float
    most: int
    chance: float
    is_spike: bool


@dataclass(frozen=True, slots=True)
class Absence:
    """A source that was away, down or not there yet, from and until when; None: since ever."""

    source: int
    begin: datetime.datetime | None
    end: datetime.datetime


@dataclass(frozen=True, slots=True)
class Growth:
    """A word or an outlet, how many of the window's stories have it, and how many usually would."""

    name: str
    stories: int
    usual: float


@dataclass(frozen=True, slots=True)
class _Sample:
    """The window's hours on an earlier day."""

    kind: int
    weekday: int
    weight: float
    stories: float
    exposure: float


def judge(series: Series, *, is_day_off: IsDayOff) -> Verdict | None:
    """The least likely window that ends now; None while too few days are known."""
    found = [verdict for hours in WINDOWS if (verdict := judge_window(series, hours, is_day_off=is_day_off))]
    return min(found, key=_unlikely, default=None)


def _unlikely(verdict: Verdict) -> tuple[bool, float]:
    return not verdict.is_spike, verdict.chance


def judge_window(series: Series, hours: int, *, is_day_off: IsDayOff) -> Verdict | None:
    """The last hours of a series beside those of its earlier days; None while too few are known."""
    days = min((len(series.stories) - hours - 1) // 24, PAST_DAYS)
    if days < LEAST_DAYS:
        return None
    counts, exposures = (
        list(itertools.accumulate(one, initial=0.0)) for one in (series.stories, series.exposure)
    )
    end = len(series.stories)
    samples = [
        _sample(series, counts, exposures, end - 24 * age, hours, is_day_off) for age in range(1, days + 1)
    ]
    last = _sample(series, counts, exposures, end, hours, is_day_off)
    exposure = (exposures[end] - exposures[end - hours]) / hours
    expected, dispersion = _usual(samples, last)
    stories = int(counts[end] - counts[end - hours])
    mean = expected * exposure
    chance = tail(stories, mean, dispersion)
    is_spike = chance < CHANCE and stories >= LEAST_STORIES and stories >= LEAST_TIMES * mean and exposure > 0
    return Verdict(hours, stories, mean, _quantile(mean, dispersion, 0.01), chance, is_spike)


def _sample(  # noqa: PLR0917 - called twice, with the same names
    series: Series,
    counts: Sequence[float],
    exposures: Sequence[float],
    end: int,
    hours: int,
    is_day_off: IsDayOff,
) -> _Sample:
    """The window that ends with an hour, smoothed by those an hour earlier and later where they are over."""
    middle = series.begin + (end - hours / 2) * HOUR
    shifts = [end + shift for shift in (-1, 0, 1) if end + shift < len(counts) and end + shift >= hours]
    stories = sum(counts[stop] - counts[stop - hours] for stop in shifts) / len(shifts)
    exposure = sum(exposures[stop] - exposures[stop - hours] for stop in shifts) / len(shifts) / hours
    age = (len(counts) - 1 - end) / 24
    weekday = middle.weekday()
    kind = 2 if weekday == 6 or (weekday < 5 and is_day_off(middle.date())) else int(weekday == 5)
    return _Sample(kind, weekday if not kind else 7 + kind, FADING**age, stories, exposure)


class _Rates:
    """What the windows of these days had, by kind of day and by weekday."""

    def __init__(self, samples: Sequence[_Sample]) -> None:
        self.samples = samples
        self.sums: dict[int | None, tuple[float, float]] = {}
        for one in samples:
            # Kinds are told from weekdays by their sign.
            for key in (None, -1 - one.kind, one.weekday):
                stories, exposure = self.sums.get(key, (0.0, 0.0))
                self.sums[key] = stories + one.weight * one.stories, exposure + one.weight * one.exposure

    def mean(self, like: _Sample) -> float:
        """The stories of a window on a day like this: as on days of its kind, and as its weekday differs from them."""
        stories, exposure = self.sums[None]
        # Half a story: what was never there may come.
        overall = (stories + 0.5) / max(exposure, 1e-9)
        stories, exposure = self.sums.get(-1 - like.kind, (0.0, 0.0))
        of_kind = (stories + PRIOR_DAYS * overall) / (exposure + PRIOR_DAYS)
        stories, exposure = self.sums.get(like.weekday, (0.0, 0.0))
        return of_kind * (stories + PRIOR_STORIES) / (exposure * of_kind + PRIOR_STORIES)

    def dispersion(self, *, without: int = 0) -> float:
        """How much more the counts vary than by chance, by the method of moments; without so many that vary most."""
        means = [self.mean(one) * one.exposure for one in self.samples]
        excess = sorted(
            (one.stories - mean) ** 2 - SMOOTHED * mean for one, mean in zip(self.samples, means, strict=True)
        )
        square = sum(mean * mean for mean in means)
        return max(sum(excess[: len(excess) - without]) / max(square, 1e-9), LEAST_DISPERSION)

    def alike(self, like: _Sample) -> float:
        """How many days of its kind say what is usual; those that say less are fewer."""
        weights = [one.weight for one in self.samples if one.kind == like.kind]
        return sum(weights) ** 2 / max(sum(weight * weight for weight in weights), 1e-9)


def _usual(samples: Sequence[_Sample], last: _Sample) -> tuple[float, float]:
    """The mean of such a window if all sources are there, and the dispersion around it."""
    rates = _Rates(samples)
    # An earlier spike must not be what says how far a count may be off.
    dispersion = rates.dispersion(without=len(samples) // 20 + 1)
    rates = _Rates(
        [
            replace(one, stories=min(one.stories, _most(rates.mean(one) * one.exposure, dispersion)))
            for one in samples
        ]
    )
    mean, dispersion = rates.mean(last), rates.dispersion()
    # What is not known of the mean adds to the variance of the next count.
    unknown = (1 / max(mean, 0.1) + dispersion) / (rates.alike(last) + PRIOR_DAYS)
    return mean, dispersion + unknown


def _most(mean: float, dispersion: float) -> float:
    return mean + 3 * math.sqrt(mean + dispersion * mean * mean) + 1


def tail(stories: int, mean: float, dispersion: float) -> float:
    """The chance of so many stories or more: a negative binomial of variance mean + dispersion · mean²."""
    below = 0.0
    for probability in itertools.islice(_probabilities(mean, dispersion), stories):
        below += probability
    return max(1.0 - below, 0.0)


def _quantile(mean: float, dispersion: float, chance: float) -> int:
    """The least number that is exceeded with no more than this chance."""
    below = 0.0
    for number, probability in enumerate(_probabilities(mean, dispersion)):
        below += probability
        if 1.0 - below <= chance or number > 100_000:
            return number
    return 0


def _probabilities(mean: float, dispersion: float) -> Iterable[float]:
    """The chances of 0, 1, 2 … stories."""
    mean = max(mean, 1e-6)
    size = 1 / dispersion
    ratio = mean / (mean + size)
    log_chance = size * math.log1p(-ratio)
    for number in itertools.count():
        yield math.exp(log_chance)
        log_chance += math.log(ratio * (size + number) / (number + 1))


def exposure(
    begin: datetime.datetime, hours: int, *, shares: Mapping[int, float], absences: Iterable[Absence]
) -> list[float]:
    """How much of the sources was there in each hour; `shares` say how much each brings, in any unit."""
    whole = sum(shares.values())
    lost = [0.0] * hours
    for absence in absences:
        share = shares.get(absence.source, 0.0)
        first = 0.0 if absence.begin is None else max((absence.begin - begin) / HOUR, 0.0)
        last = min((absence.end - begin) / HOUR, float(hours))
        for hour in range(int(first), math.ceil(last) if share and last > first else 0):
            lost[hour] += share * (min(last, hour + 1) - max(first, hour))
    return [max(1.0 - one / whole, 0.0) if whole else 1.0 for one in lost]


def may_alarm(
    verdict: Verdict, *, now: datetime.datetime, last_at: datetime.datetime | None, last_stories: int
) -> bool:
    """Whether a spike is told: not while one that was told lasts, unless it has doubled since."""
    if not verdict.is_spike:
        return False
    return last_at is None or now - last_at >= COOLDOWN or verdict.stories >= AGAIN_TIMES * last_stories


def grown(
    now: Sequence[Collection[str]], before: Sequence[Collection[str]], *, times: float, most: int
) -> list[Growth]:
    """What the window's stories have that earlier ones have seldom, that which says most first.

    Each story is a set of words, or of outlets; `times` is how many windows' stories are in `before`. By the likelihood
    ratio of Dunning, "Accurate methods for the statistics of surprise and coincidence" (1993).
    """
    counts, earlier = (Counter(itertools.chain.from_iterable(map(set, one))) for one in (now, before))
    found = []
    for name, count in counts.items():
        usual = earlier[name]
        if count >= LEAST_HEADLINES and count * len(before) > usual * len(now):
            found.append((_surprise(count, len(now), usual, len(before)), name))
    found.sort(key=lambda one: (-one[0], one[1]))
    return [Growth(name, counts[name], earlier[name] / max(times, 1e-9)) for _, name in found[:most]]


def _surprise(count: int, total: int, other: int, other_total: int) -> float:
    share = (count + other) / (total + other_total)
    return (
        _fit(count, total, count / total)
        + _fit(other, other_total, other / max(other_total, 1))
        - (_fit(count, total, share) + _fit(other, other_total, share))
    )


def _fit(count: int, total: int, share: float) -> float:
    """The logarithm of the chance of so many of a total, but for what is the same for every share."""
    sure = count * math.log(share) if count else 0.0
    return sure + ((total - count) * math.log1p(-share) if count < total and share < 1 else 0.0)
