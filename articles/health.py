"""How a source is doing, for its page: a fixed number of queries, however long its history. Must not write."""

import datetime
import zoneinfo
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Func, IntegerField, QuerySet
from django.db.models.functions import Coalesce, Least

from articles import models, setbacks
from articles.feeds import rhythm, schedule

DAYS = 60
MOST_POLLS = 30
MOST_ENTRIES = 12
# A day without an entry is a gap if this much hazard was in it: two usual days in fifteen would be so by chance.
GAP = 2.0
# Since 1970, in UTC: thousands of them are read.
HOUR_OF = "floor(extract(epoch FROM %(expressions)s) / 3600)::int"


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the source's own zone and how many entries are of it. `height` is its share of the highest, 0 to 1.

    `is_gap`: there was nothing though there usually is; `is_known`: the source had begun by then.
    """

    date: datetime.date
    count: int
    height: float
    is_gap: bool
    is_known: bool


@dataclass(frozen=True, slots=True)
class Report:
    """All that a source's page shows. `failing_since` is the first failed poll of the streak."""

    source: models.Source
    hints: schedule.Hints
    polls: tuple[models.Poll, ...]
    failing_since: datetime.datetime | None
    days: tuple[Day, ...]
    entries: tuple[models.Appearance, ...]
    unstored: tuple[models.Appearance, ...]
    unread: tuple[models.Setback, ...]
    notices: tuple[models.Notice, ...]
    total: int
    usual_by: datetime.datetime | None

    @property
    def ttl_minutes(self) -> int:
        """Minutes that the feed asks to be left alone after a poll."""
        return self.hints.ttl_s // 60

    @property
    def gaps(self) -> int:
        """How many of the days are gaps."""
        return sum(day.is_gap for day in self.days)


def report(pk: int, *, now: datetime.datetime) -> Report | None:
    """A source's report; None if there is no such source. Nine queries."""
    source = models.Source.objects.select_related("outlet", "subscription").filter(pk=pk).first()
    if source is None:
        return None
    zone = zoneinfo.ZoneInfo(source.time_zone)
    hours = hours_of([pk], now=now).get(pk, {})
    learnt = rhythm.learn(hours, until=now, zone=zone)
    entries = models.Appearance.objects.filter(source=source).select_related(
        "article__source__outlet", "article__setback"
    )
    entries = entries.defer("article__body", "article__feed_text", "article__summary")
    newest = tuple(entries.order_by("-first_seen_at", "-pk")[:MOST_ENTRIES])
    last = newest[0].first_seen_at if newest else None
    return Report(
        source=source,
        hints=schedule.unpack_hints(source.hints),
        polls=tuple(models.Poll.objects.filter(source=source).order_by("-at", "-pk")[:MOST_POLLS]),
        failing_since=failing_since(source),
        days=days(hours, learnt, until=now, zone=zone),
        entries=newest,
        unstored=tuple(entries.unstored().order_by("-first_seen_at", "-pk")[:MOST_ENTRIES]),
        unread=tuple(setbacks.of_source(source, most=MOST_ENTRIES)),
        notices=tuple(source.notices.open()),
        total=models.Appearance.objects.filter(source=source).count(),
        usual_by=rhythm.usual_by(learnt, last) if learnt and last else None,
    )


def failing_since(source: models.Source) -> datetime.datetime | None:
    """When the first failed poll of the present streak was."""
    if not source.failures:
        return None
    failed = source.polls.filter(outcome=models.Poll.Outcome.FAILED)
    if source.last_success_at:
        failed = failed.filter(at__gt=source.last_success_at)
    return failed.order_by("at").values_list("at", flat=True).first()


def hours_of(sources: Sequence[int], *, now: datetime.datetime) -> dict[int, dict[datetime.datetime, int]]:
    """For each of these sources: the hours of the last twelve weeks and how many entries are of each. One query.

    An entry is of the time that its outlet gives, or of when we saw it if that was earlier.
    """
    rows = (
        dated(models.Appearance.objects.filter(source__in=sources, first_seen_at__gte=now - rhythm.HISTORY))
        .annotate(hour=Func("time", template=HOUR_OF, output_field=IntegerField()))
        .order_by()
        .values_list("source", "hour")
        .annotate(number=Count("pk"))
    )
    found: dict[int, dict[datetime.datetime, int]] = {}
    for source, hour, number in rows:
        found.setdefault(source, {})[datetime.datetime.fromtimestamp(hour * 3600, datetime.UTC)] = number
    return found


def dated(entries: "QuerySet[models.Appearance]") -> "QuerySet[models.Appearance]":
    """With `time`: when the entry was published, as far as that can be known."""
    return entries.annotate(time=Least(Coalesce("article__published_at", "first_seen_at"), "first_seen_at"))


def days(
    hours: Mapping[datetime.datetime, int],
    learnt: rhythm.Rhythm | None,
    *,
    until: datetime.datetime,
    zone: datetime.tzinfo,
) -> tuple[Day, ...]:
    """The last sixty days up to `until`, which is today and never a gap yet."""
    counts: Counter[datetime.date] = Counter()
    for hour, number in hours.items():
        counts[hour.astimezone(zone).date()] += number
    today = until.astimezone(zone).date()
    dates = [today - datetime.timedelta(days=ago) for ago in range(DAYS - 1, -1, -1)]
    highest = max((counts[date] for date in dates), default=0) or 1
    first = min(counts, default=today)
    return tuple(
        Day(
            date,
            counts[date],
            counts[date] / highest,
            is_gap=not counts[date] and first < date < today and is_busy(date, learnt),
            is_known=date >= first,
        )
        for date in dates
    )


def is_busy(date: datetime.date, learnt: rhythm.Rhythm | None) -> bool:
    """Whether the source usually brings something on such a day."""
    if learnt is None:
        return False
    start = date.weekday() * 24
    return sum(learnt.hazards[start : start + 24]) >= GAP
