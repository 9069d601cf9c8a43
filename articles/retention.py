"""Forget what nobody needs any more, by age: each kind has its setting, in days; 0 keeps it for ever.

Articles, their versions and tags, and the ledger's rows of articles are never forgotten. Rows go in batches, each a
transaction of its own, so that nobody waits for them. Must not decide what is shown.
"""

import datetime
import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db import connection

log = logging.getLogger(__name__)

BATCH = 5000
# A run's task has a time limit; what is left waits for the next day.
LONGEST_RUN = datetime.timedelta(seconds=200)


@dataclass(frozen=True, slots=True)
class Kind:
    """Rows that are forgotten: the setting with their days, and the statement; its parameters are time and number."""

    setting: str
    statement: str


KINDS = (
    Kind(
        "KEEP_OUTBOX_DAYS",
        """DELETE FROM articles_outbox WHERE id IN (
            SELECT id FROM articles_outbox WHERE done_at < %s ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
        )""",
    ),
    # The streak of failures that a source is in tells since when it fails.
    Kind(
        "KEEP_POLLS_DAYS",
        """DELETE FROM articles_poll WHERE id IN (
            SELECT poll.id FROM articles_poll AS poll JOIN articles_source AS source ON source.id = poll.source_id
            WHERE poll.at < %s
                AND (source.failures = 0 OR poll.at <= source.last_success_at OR poll.outcome <> 'failed')
            LIMIT %s
        )""",
    ),
    Kind(
        "KEEP_NOTICES_DAYS",
        """DELETE FROM articles_notice WHERE id IN (
            SELECT id FROM articles_notice WHERE resolved_at < %s LIMIT %s
        )""",
    ),
    Kind(
        "KEEP_NOTICES_DAYS",
        """DELETE FROM articles_noticemail WHERE id IN (
            SELECT id FROM articles_noticemail WHERE sent_at < %s LIMIT %s
        )""",
    ),
    # Those that still stand in their feed would only come back.
    Kind(
        "KEEP_UNSTORED_DAYS",
        """DELETE FROM articles_appearance WHERE id IN (
            SELECT id FROM articles_appearance
            WHERE fate IN ('rejected', 'failed') AND article_id IS NULL AND last_seen_at < %s LIMIT %s
        )""",
    ),
    # The labelled regions stay.
    Kind(
        "KEEP_MARKUP_DAYS",
        """UPDATE articles_page SET markup = '' WHERE article_id IN (
            SELECT page.article_id FROM articles_page AS page JOIN articles_article AS article
                ON article.id = page.article_id
            WHERE page.fetched_at < %s AND page.markup <> '' AND article.stage = 'ready' LIMIT %s
        )""",
    ),
)


def prune(*, now: Callable[[], datetime.datetime], batch: int = BATCH) -> int:
    """Forget what is older than the settings say, for some minutes; returns how many rows."""
    until, done = now() + LONGEST_RUN, 0
    for kind in KINDS:
        days = getattr(settings, kind.setting)
        if not days:
            continue
        before = now() - datetime.timedelta(days=days)
        found, last = 0, batch
        while last == batch and now() < until:
            last = prune_some(kind, before=before, most=batch)
            found += last
        log.info("%d rows older than %s (%d days) are forgotten", found, kind.setting, days)
        done += found
    return done


def prune_some(kind: Kind, *, before: datetime.datetime, most: int) -> int:
    """Forget up to `most` rows of a kind; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(kind.statement, [before, most])
        return int(cursor.rowcount)
