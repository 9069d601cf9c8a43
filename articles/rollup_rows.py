"""Bring the rollups in line with the articles: what triggers noted is taken up every few seconds.

One process at a time does it. Nobody waits for it: articles.rollups reads what is noted as well. Must not decide what
is counted: articles.rollup_sql does.
"""

import datetime
import zoneinfo
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max, Min

from articles import bulk, models, rollup_sql, rollups

# Any number that no other lock of this database has.
LOCK = 0x4E57_524F_4C4C
# Notes that are taken up in one transaction.
BATCH = 10_000
# With more notes than this, counting everything again is quicker.
FLOOD = 1_000_000
LONGEST_RUN = datetime.timedelta(seconds=100)


@dataclass(frozen=True, slots=True)
class Difference:
    """A bucket, what the rollups say of it and what the articles do. None: nothing."""

    subject: rollups.Subject
    step: rollups.Step
    begin: datetime.datetime
    says: rollups.Count | None
    has: rollups.Count | None


def fold(*, now: Callable[[], datetime.datetime], batch: int = BATCH) -> int:
    """Take up all notes, for a minute or two at most; returns how many: none if another process is at it."""
    until, done, last = now() + LONGEST_RUN, 0, batch
    if models.RollupMark.objects.count() > FLOOD:
        recount()
    while last == batch and now() < until:
        last = fold_some(most=batch)
        done += last
    return done


def fold_some(*, most: int) -> int:
    """Take up to `most` notes in one transaction; returns how many."""
    with transaction.atomic():
        if not bulk.try_lock(LOCK):
            return 0
        with connection.cursor() as cursor:
            cursor.execute(rollup_sql.FOLD, {"most": most, "zone": settings.TIME_ZONE})
            (_, taken, *_), *empty = sorted(cursor.fetchall(), key=lambda row: row[0] != "taken")
            for table, *key in empty:
                cursor.execute(rollup_sql.CLEAR[table], key)
        return int(taken)


def recount() -> None:
    """Count everything again, in one transaction. Needed after TIME_ZONE of the settings has changed."""
    with transaction.atomic(), connection.cursor() as cursor:
        bulk.lock(LOCK)
        for statement in (*rollup_sql.FORGET, rollup_sql.FILL_PARTS, rollup_sql.FILL_HOURS):
            cursor.execute(statement)
        cursor.execute(rollup_sql.FILL_DAYS, {"zone": settings.TIME_ZONE})


def differences() -> list[Difference]:
    """Where the rollups, with what is noted, say something else than the articles, at one moment."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if is_outermost:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        period = whole_period()
        return [
            difference
            for kind in rollups.Kind
            for step in rollups.Step
            for difference in _of(kind, step, *period)
        ]


def whole_period() -> tuple[datetime.datetime, datetime.datetime]:
    """Whole days around all articles."""
    ends = models.Article.objects.ready().aggregate(first=Min("published_at"), last=Max("published_at"))
    first, last = ends["first"] or rollups.EPOCH, ends["last"] or rollups.EPOCH
    zone = zoneinfo.ZoneInfo(settings.TIME_ZONE)
    days = (first.astimezone(zone).date(), last.astimezone(zone).date() + datetime.timedelta(days=1))
    since, until = (datetime.datetime.combine(day, datetime.time.min, tzinfo=zone) for day in days)
    return since, until


def _of(
    kind: rollups.Kind, step: rollups.Step, since: datetime.datetime, until: datetime.datetime
) -> Iterator[Difference]:
    period = rollups.Period(since, until, step, zoneinfo.ZoneInfo(settings.TIME_ZONE))
    told = rollups.read([rollups.Subject(kind)], period, whole_kind=True)
    found = rollups.recount([rollups.Subject(kind)], period, whole_kind=True)
    for subject in sorted({*told, *found}):
        says, has = told.get(subject, {}), found.get(subject, {})
        for begin in sorted({*says, *has}):
            if says.get(begin) != has.get(begin):
                yield Difference(subject, step, begin, says.get(begin), has.get(begin))
