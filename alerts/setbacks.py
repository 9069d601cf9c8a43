"""Articles that break while they are matched, or kill their worker: each is matched alone, then set aside and says why.

As `articles.setbacks` does for reading: what a worker is about to match stands in a `MatchAttempt` that is committed
before it begins. Who finds one that nobody holds knows that its worker died, and has each of its articles matched
alone. An article that breaks alone is tried again later and later, then given up. Must not match; outbox.py does.
"""

import datetime
import logging
from collections.abc import Sequence

from django.db import connection, transaction
from django.db.models import QuerySet

from alerts import models
from articles import models as news
from articles import setbacks as reading
from newswatch import wake

log = logging.getLogger(__name__)

# As patient as reading is.
WAITS, MOST_TRIES, LOST_AFTER = reading.WAITS, reading.MOST_TRIES, reading.LOST_AFTER
DIED = "a worker died while it matched this article"

# Rows of attempts are taken by nobody else; those with a setback wait for their time, and are alone.
NEXT_TOGETHER = """
SELECT outbox.id FROM articles_outbox AS outbox JOIN articles_article AS article ON article.id = outbox.article_id
WHERE outbox.done_at IS NULL AND article.story_id IS NOT NULL AND outbox.id <> ALL (ARRAY(
    SELECT unnest(rows) FROM alerts_matchattempt UNION ALL SELECT row_id FROM alerts_matchsetback
))
ORDER BY outbox.id LIMIT %s FOR UPDATE OF outbox SKIP LOCKED
"""
NEXT_ALONE = """
SELECT outbox.id FROM alerts_matchsetback AS setback JOIN articles_outbox AS outbox ON outbox.id = setback.row_id
WHERE setback.due_at <= %s AND outbox.id <> ALL (ARRAY(SELECT unnest(rows) FROM alerts_matchattempt))
ORDER BY setback.due_at LIMIT 1 FOR UPDATE OF outbox SKIP LOCKED
"""
TAKE_LOST = """
DELETE FROM alerts_matchattempt
WHERE id IN (SELECT id FROM alerts_matchattempt WHERE began_at < %s FOR UPDATE SKIP LOCKED)
RETURNING rows
"""


@transaction.atomic
def take(*, now: datetime.datetime, most: int) -> models.MatchAttempt | None:
    """Note durably which articles are matched next: up to `most` together, else one alone; None if none waits."""
    found = reading.next_keys(NEXT_TOGETHER, NEXT_ALONE, now=now, most=most)
    return models.MatchAttempt.objects.create(rows=found, began_at=now) if found else None


def hold(attempt: models.MatchAttempt) -> list[news.Outbox]:
    """Lock an attempt and its rows until the transaction ends; none if somebody took its worker for dead."""
    if not models.MatchAttempt.objects.filter(pk=attempt.pk).select_for_update().first():
        return []
    return list(news.Outbox.objects.filter(pk__in=attempt.rows).order_by("pk").select_for_update())


@transaction.atomic
def recover(*, now: datetime.datetime) -> None:
    """Have the articles of workers that died matched alone; those that killed too many are given up."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE_LOST, [now - LOST_AFTER])
        lost = [pk for (rows,) in cursor.fetchall() for pk in rows]
    if lost:
        log.warning("a worker died while it matched %d articles; each is matched alone", len(lost))
    for row in news.Outbox.objects.filter(pk__in=lost).order_by("pk"):
        set_aside(row, DIED, now=now, wait=datetime.timedelta(0))


def set_aside(
    row: news.Outbox, reason: str, *, now: datetime.datetime, wait: datetime.timedelta | None = None
) -> None:
    """Note why an article could not be matched and when to try again: after `wait`, by default later each time."""
    earlier = models.MatchSetback.objects.filter(pk=row.pk).first()
    tries = earlier.tries + 1 if earlier else 1
    if tries >= MOST_TRIES:
        log.error("article %d is not matched any more: %s", row.article_id, reason)
        due_at = None
    else:
        due_at = now + (WAITS[tries - 1] if wait is None else wait)
    models.MatchSetback.objects.update_or_create(
        row_id=row.pk,
        defaults={
            "article_id": row.article_id,
            "tries": tries,
            "reason": reason,
            "at": now,
            "due_at": due_at,
        },
    )


def try_again(setbacks: "QuerySet[models.MatchSetback]", *, now: datetime.datetime) -> int:
    """Have these articles matched now, also those that were given up; returns how many there are."""
    due = setbacks.update(due_at=now)
    wake.on_commit("alerts.tasks.match_outbox")
    return due


def forget(rows: Sequence[news.Outbox]) -> None:
    """These were matched well."""
    models.MatchSetback.objects.filter(pk__in=[row.pk for row in rows]).delete()
