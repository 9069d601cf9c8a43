"""Backtests: what a query would have found in past weeks, counted in the database, part by part (articles.jobs).

The newest part comes first. Where articles are few the page has it at once; where they are many workers go on with it.
Must not tell or change anything but its own rows.
"""

import datetime
import zoneinfo
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import OperationalError, connection
from django.db.models import BooleanField, Count, Q, QuerySet
from django.db.models.functions import TruncDate

from alerts import models
from alerts.matching import backtest, digest
from articles import jobs, reads, saved_searches, searching
from articles import models as news
from articles.search import query, saved, to_sql
from articles.search.context import Context
from newswatch import wake
from newswatch.accounts.models import User

TASK = "alerts.tasks.run_backtests"
Searches = Mapping[str, str]
# What a reader may choose.
PERIODS = (30, 90)
# Articles that one part goes through.
PART = 20_000
# How long a page waits for it before it leaves the rest to a worker.
PAGE_WAITS = datetime.timedelta(seconds=1.5)
# A statement for a page ends after this; a worker will have to do it.
PAGE_STATEMENT_MS = 2_500
# One that is asked for again within this time is not counted again.
STAYS_TRUE = datetime.timedelta(minutes=10)
MOST_ARTICLES_OF_A_CHANGE = 5
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
MICROSECOND = datetime.timedelta(microseconds=1)


def ask(
    text: str, *, previous: str, days: int, by: User, time_zone: str, now: datetime.datetime
) -> models.Backtest:
    """The backtest of a canonical query over the last days: one asked for a moment ago, or a new one.

    `previous` is the canonical query that it would replace; empty if there is none.
    """
    previous = "" if previous == text else previous
    hers = models.Backtest.objects.filter(started_by=by)
    same = hers.filter(query=text, previous=previous, time_zone=time_zone, started_at__gt=now - STAYS_TRUE)
    since = datetime.timedelta(days=days)
    for known in same:
        if known.started_at - known.since == since:
            return known
    old = Q(started_by=by, finished_at__isnull=True) | Q(started_at__lt=now - STAYS_TRUE)
    models.Backtest.objects.filter(old).delete()
    return models.Backtest.objects.create(
        query=text,
        previous=previous,
        time_zone=time_zone,
        since=now - since,
        started_at=now,
        started_by=by,
        before=micros(now),
        total=readable(now - since, now).count(),
    )


def wait_for(job: models.Backtest, *, now: jobs.Clock) -> models.Backtest:
    """Count for a moment, and leave the rest to a worker; the job as it is then."""
    one = models.Backtest.objects.filter(pk=job.pk)
    until = now() + PAGE_WAITS
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"SET statement_timeout = {PAGE_STATEMENT_MS:d}")
        while now() < until and (pk := jobs.claim(one)):
            jobs.step(one, pk, do_part, now=now())
    except OperationalError:
        # A part that takes too long for a page. What it did is undone, and that it was tried is no worker's death.
        one.update(attempts=0)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET statement_timeout")
    job.refresh_from_db()
    if job.is_under_way:
        wake.on_commit(TASK)
    return job


def run(*, now: jobs.Clock) -> int:
    """Go on with what was asked for, for some seconds, the oldest first; returns how many articles were passed."""
    unfinished = models.Backtest.objects.order_by("attempts", "pk")
    return jobs.run(unfinished, do_part, task=TASK, now=now)


def do_part(job: models.Backtest, now: datetime.datetime) -> int:
    """Count the next articles of a job; returns how many it passed, 0 when there are no more."""
    if job.attempts > jobs.MOST_ATTEMPTS:
        job.failed = job.total - job.done
        return 0
    end = EPOCH + job.before * MICROSECOND
    begin, passed = part(job.since, end, PART if job.attempts == 1 else PART // 10)
    if passed:
        tally = backtest.Tally.from_json(job.result)
        count(tally, job, begin, end)
        job.result = tally.to_json()
    job.before = micros(begin)
    job.done += passed
    job.changed = backtest.Tally.from_json(job.result).matches
    return passed


def part(since: datetime.datetime, end: datetime.datetime, most: int) -> tuple[datetime.datetime, int]:
    """Where the part before `end` begins, and how many articles it has: `most`, and those of its first instant."""
    newest = readable(since, end).order_by("-published_at", "-pk").values_list("published_at", flat=True)
    beyond = newest[most : most + 1]
    begin = next(iter(beyond), since)
    return begin, readable(begin, end).count()


def readable(since: datetime.datetime, until: datetime.datetime) -> "QuerySet[news.Article]":
    """The ready articles of a time."""
    return news.Article.objects.ready().filter(published_at__gte=since, published_at__lt=until).order_by()


def count(
    tally: backtest.Tally, job: models.Backtest, begin: datetime.datetime, end: datetime.datetime
) -> None:
    """Add what a query finds in a part of the time. Two queries, and four more for what it would replace."""
    searches = saved_searches.texts_of(job.started_by) if job.started_by else {}
    context = Context(saved=searches, zone=zoneinfo.ZoneInfo(job.time_zone))
    tree = backtest.at_arrival(query.parse_query(job.query))
    articles = readable(begin, end)
    found = matching(articles, tree, context, begin, end)
    words = backtest.words(tree)
    tally.words = tally.words or [[0, 0] for _ in words]
    add_counts(tally, found, words, context)
    room = backtest.MOST_FINDS - len(tally.finds)
    if room > 0:
        tally.finds += finds(found, room)
    if job.previous:
        before = backtest.at_arrival(query.parse_query(job.previous))
        previous = matching(articles, before, context, begin, end)
        tally.gained += add_change(found, holds(before, context), tally.gained_articles)
        tally.lost += add_change(previous, holds(tree, context), tally.lost_articles)


def matching(
    articles: "QuerySet[news.Article]",
    tree: query.Query,
    context: Context,
    begin: datetime.datetime,
    end: datetime.datetime,
) -> "QuerySet[news.Article]":
    """The articles of a time that a query finds, which may name saved searches."""
    whole = expanded(tree, context.saved)
    found = searching.planned(whole, context)
    if found is None:
        return reads.matching_tree(articles, whole, context=context)
    return reads.passing(articles, searching.within(found, begin, end))


def expanded(tree: query.Query, searches: Searches) -> query.Query:
    """A query with the saved searches in their places, as they meet articles that arrive."""
    return backtest.at_arrival(saved.expand(tree, searches))


def add_counts(
    tally: backtest.Tally,
    found: "QuerySet[news.Article]",
    words: Sequence[backtest.Word],
    context: Context,
) -> None:
    """Add the matches by day, outlet and word. One query."""
    sums = {}
    for number, word in enumerate(words):
        found = found.annotate(
            **{
                f"has_{number}": holds(word.alone, context),
                f"without_{number}": holds(word.without, context),
            }
        )
        sums[f"has_{number}_sum"] = Count("pk", filter=Q(**{f"has_{number}": True}))
        sums[f"only_{number}_sum"] = Count("pk", filter=Q(**{f"without_{number}": False}))
    rows: Any = (
        found.annotate(day=TruncDate("published_at", tzinfo=context.zone))
        .values("day", "outlet__name")
        .annotate(n=Count("pk"), **sums)
    )
    for row in rows:
        tally.days[row["day"].isoformat()] += row["n"]
        tally.outlets[row["outlet__name"]] += row["n"]
        for number, counts in enumerate(tally.words):
            counts[0] += row[f"has_{number}_sum"]
            counts[1] += row[f"only_{number}_sum"]


def holds(tree: query.Query, context: Context) -> reads.Matching:
    """Whether a query finds the article of a row."""
    condition = to_sql.to_sql(expanded(tree, context.saved), context=context)
    return reads.Matching(condition.sql, condition.params, output_field=BooleanField())


def finds(found: "QuerySet[news.Article]", most: int) -> list[backtest.Find]:
    """The newest articles that were found. One query."""
    rows = found.order_by("-published_at", "-pk").values_list(
        "pk", "story_id", "outlet__name", "published_at", "title"
    )[:most]
    return [
        backtest.Find(pk, story, outlet, published, digest.title_key(title))
        for pk, story, outlet, published, title in rows
    ]


def add_change(found: "QuerySet[news.Article]", other: reads.Matching, articles: list[int]) -> int:
    """How many of these another query does not find; the newest are noted. Two queries."""
    missed = found.annotate(is_found=other).filter(is_found=False)
    room = MOST_ARTICLES_OF_A_CHANGE - len(articles)
    if room > 0:
        articles += missed.order_by("-published_at", "-pk").values_list("pk", flat=True)[:room]
    return missed.count()


def micros(moment: datetime.datetime) -> int:
    """Microseconds since 1970."""
    return (moment - EPOCH) // MICROSECOND
