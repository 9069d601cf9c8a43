"""What the form shows of a backtest: a fixed number of queries, however much was found. Must not write or render."""

import datetime
import zoneinfo
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from alerts import models, reads
from alerts.matching import backtest, policy
from articles import models as news
from articles.dates import working_days
from articles.reads import Bar
from articles.search import query
from articles.search.context import Context

MOST_NAMES = 8
DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Named:
    """A company or an outlet, and how many of the matches are its."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Day:
    """A day's matches and mails; None for the mails of a day before those that were worked out."""

    date: datetime.date
    matches: int
    mails: int | None


@dataclass(frozen=True, slots=True)
class Change:
    """What a changed query finds that the present one does not, or the other way round, with some of the newest."""

    count: int
    samples: tuple[reads.Sample, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A backtest. `mailed_since`: mails were worked out from there on, if not over all the time."""

    job: models.Backtest
    period: int
    matches: int
    stories: int
    mails: int
    days: tuple[Day, ...]
    bars: tuple[Bar, ...]
    mail_bars: tuple[Bar, ...]
    hours: tuple[int, ...]
    mailed_since: datetime.datetime | None
    mailed_articles: int
    mails_a_week: float
    words: tuple[backtest.Brought, ...]
    more_words: bool
    outlets: tuple[Named, ...]
    companies: tuple[Named, ...]
    samples: tuple[reads.Sample, ...]
    gained: Change | None
    lost: Change | None

    @property
    def noisiest(self) -> backtest.Brought | None:
        """The alternative that brings more than the others together, of what only one of them finds."""
        if len(self.words) < 2 or not self.words[0].only:
            return None
        first, rest = self.words[0], sum(word.only for word in self.words[1:])
        return first if first.only > rest else None


def report(job: models.Backtest, settings: Mapping[str, Any] | None = None) -> Report:
    """What a backtest has found so far, and its mails by an alert's settings, named as its fields. Ten queries."""
    settings = settings or {}
    tally = backtest.Tally.from_json(job.result)
    zone = zoneinfo.ZoneInfo(job.time_zone)
    tree = query.parse_query(job.query)
    told = backtest.told(tally.finds, least_outlets=settings.get("least_outlets") or 1)
    mails = backtest.mails(told, wishes(settings, zone), is_day_off=working_days.is_day_off)
    mails = [mail for mail in mails if mail.at <= job.started_at]
    begin = mailed_since(tally)
    days = days_of(job, tally, [mail.at.astimezone(zone) for mail in mails], begin, zone)
    alternatives = backtest.words(tree)
    return Report(
        job=job,
        period=(job.started_at - job.since).days,
        matches=tally.matches,
        stories=len({find.story or -find.pk for find in tally.finds}),
        mails=len(mails),
        days=days,
        bars=bars([(day.date, day.matches) for day in days]),
        mail_bars=bars([(day.date, day.mails or 0) for day in days]),
        hours=hours_of(mail.at.astimezone(zone) for mail in mails),
        mailed_since=begin,
        mailed_articles=len(tally.finds),
        mails_a_week=a_week(len(mails), begin or job.since, job.started_at),
        words=tuple(backtest.brought(alternatives, tally.words)),
        more_words=len(alternatives) == backtest.MOST_WORDS,
        outlets=tuple(Named(*row) for row in tally.outlets.most_common(MOST_NAMES)),
        companies=companies_of(tally.finds),
        samples=samples_of(backtest.samples(tally.finds), job, job.query),
        gained=change(job, tally.gained, tally.gained_articles, job.query),
        lost=change(job, tally.lost, tally.lost_articles, job.previous),
    )


def wishes(settings: Mapping[str, Any], zone: zoneinfo.ZoneInfo) -> policy.Policy:
    """How the alert's owner would be told by these settings; what is missing is as usual."""
    begin, end = settings.get("quiet_from"), settings.get("quiet_until")
    hour = settings.get("at_hour")
    return policy.Policy(
        zone=zone,
        mode=settings.get("mode") or models.Alert.Mode.INSTANT,
        at_hour=hour if isinstance(hour, int) else 8,
        weekday=int(settings.get("weekday") or 0),
        working_days_only=bool(settings.get("working_days_only")),
        quiet=(begin, end) if begin and end and begin != end else None,
        urgent=settings.get("priority") == models.Alert.Priority.HIGH,
    )


def mailed_since(tally: backtest.Tally) -> datetime.datetime | None:
    """From when on the mails are known; None if they all are."""
    if tally.matches <= len(tally.finds):
        return None
    return min(find.published for find in tally.finds)


def days_of(
    job: models.Backtest,
    tally: backtest.Tally,
    mails: Iterable[datetime.datetime],
    begin: datetime.datetime | None,
    zone: zoneinfo.ZoneInfo,
) -> tuple[Day, ...]:
    """The days in order, those without a match too."""
    a_day = Counter(mail.date() for mail in mails)
    first, last = job.since.astimezone(zone).date(), job.started_at.astimezone(zone).date()
    known = begin.astimezone(zone).date() if begin else first
    dates = [first + number * DAY for number in range((last - first).days + 1)]
    return tuple(
        Day(date, tally.days[date.isoformat()], a_day[date] if date >= known else None) for date in dates
    )


def bars(counts: Sequence[tuple[datetime.date, int]]) -> tuple[Bar, ...]:
    """Counts of days as bars."""
    highest = max((count for _, count in counts), default=0) or 1
    return tuple(Bar(date, date, count, count / highest) for date, count in counts)


def hours_of(moments: Iterable[datetime.datetime]) -> tuple[int, ...]:
    """How many of these are in each hour of the day."""
    found = Counter(moment.hour for moment in moments)
    return tuple(found[hour] for hour in range(24))


def a_week(count: int, begin: datetime.datetime, end: datetime.datetime) -> float:
    """So many from `begin` to `end`, as a number a week."""
    return count / max((end - begin) / (7 * DAY), 1 / 7)


def companies_of(finds: Iterable[backtest.Find]) -> tuple[Named, ...]:
    """The companies named most in the newest matches. One query."""
    tags = news.CompanyTag.objects.filter(article__in=[find.pk for find in finds])
    rows = tags.order_by().values_list("company__name").annotate(n=Count("pk"))
    return tuple(Named(*row) for row in rows.order_by("-n", "company__name")[:MOST_NAMES])


def change(job: models.Backtest, count: int, articles: Sequence[int], text: str) -> Change | None:
    """What comes, or goes, with a changed query; None if nothing is replaced."""
    if not job.previous:
        return None
    return Change(count, samples_of(articles, job, text))


def samples_of(keys: Sequence[int], job: models.Backtest, text: str) -> tuple[reads.Sample, ...]:
    """These articles with what a query marks in them, in their order. Three queries."""
    if not keys or job.started_by is None:
        return ()
    tree = reads.expanded(text, of=job.started_by)
    context = Context(job.started_at, zone=zoneinfo.ZoneInfo(job.time_zone))
    articles = {article.pk: article for article in reads.with_tags(news.Article.objects.filter(pk__in=keys))}
    found = [articles[key] for key in keys if key in articles]
    return tuple(reads.sample(article, reads.spans_of(tree, article, context)) for article in found)
