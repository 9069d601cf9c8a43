"""Write events: number them, and count what they have. All of a row follows from its reports.

Every function belongs inside a transaction. Must not decide what belongs together.
"""

from collections.abc import Collection

from django.db import connection, transaction

from articles import bulk, models

# Whoever holds it has the events to itself. Any number that no other lock of this database has.
LOCK = 0x4E57_4556_4E54
# Events counted in one transaction by `recount_all`.
BATCH = 1000

NUMBERS = "SELECT nextval(pg_get_serial_sequence('articles_event', 'id')) FROM generate_series(1, %s)"
# The row as its report says that tells it most exactly; the earliest of those, and a text before a headline.
BEST = """
SELECT DISTINCT ON (event_id) event_id, id, starts_on, ends_on, precision, sentence
FROM articles_eventreport WHERE event_id = ANY(%s::bigint[])
ORDER BY event_id, ends_on - starts_on, field = 'title', confidence DESC, published_at, article_id, start, id
"""
COUNTS = """
SELECT report.event_id, count(DISTINCT report.article_id) AS articles, count(DISTINCT article.outlet_id) AS outlets,
    min(report.published_at) AS first_at, max(report.confidence) AS certainty, bool_and(article.is_sample) AS is_sample,
    min(array_position(ARRAY['past', 'reported', 'planned', 'goal'], report.relation::text)) AS relation
FROM articles_eventreport AS report JOIN articles_article AS article ON article.id = report.article_id
WHERE report.event_id = ANY(%s::bigint[]) GROUP BY report.event_id
"""
UPDATE = f"""
UPDATE articles_event AS event
SET starts_on = new.starts_on, ends_on = new.ends_on, precision = new.precision, relation = new.relation,
    sentence = new.sentence, certainty = new.certainty, report_count = new.articles, outlet_count = new.outlets,
    first_reported_at = new.first_at, is_sample = new.is_sample, told_by_id = new.told_by
FROM (
    SELECT best.event_id, best.id AS told_by, best.starts_on, best.ends_on, best.precision, best.sentence,
        counts.articles, counts.outlets, counts.first_at, counts.certainty, counts.is_sample,
        (ARRAY['past', 'reported', 'planned', 'goal'])[counts.relation] AS relation
    FROM ({BEST}) AS best JOIN ({COUNTS}) AS counts ON counts.event_id = best.event_id
) AS new
WHERE event.id = new.event_id AND (
    event.starts_on, event.ends_on, event.precision, event.relation, event.sentence, event.certainty,
    event.report_count, event.outlet_count, event.first_reported_at, event.is_sample, event.told_by_id
) IS DISTINCT FROM (
    new.starts_on, new.ends_on, new.precision, new.relation, new.sentence, new.certainty,
    new.articles, new.outlets, new.first_at, new.is_sample, new.told_by
)
"""  # noqa: S608
# Names whose reports are gone go too; what has left the watch list since is left out.
FORGET_NAMES = """
DELETE FROM articles_event{name} AS tie USING articles_event AS event
WHERE tie.event_id = ANY(%s::bigint[]) AND event.id = tie.event_id AND NOT EXISTS (
    SELECT FROM articles_eventreport AS report
    WHERE report.event_id = tie.event_id AND tie.{name}_id = ANY(report.{names})
)
"""
KEEP_NAMES = """
INSERT INTO articles_event{name} (event_id, {name}_id, starts_on, ends_on)
SELECT DISTINCT event.id, named.id, event.starts_on, event.ends_on
FROM articles_event AS event
JOIN articles_eventreport AS report ON report.event_id = event.id
JOIN articles_{name} AS named ON named.id = ANY(report.{names})
WHERE event.id = ANY(%s::bigint[])
ON CONFLICT (event_id, {name}_id) DO UPDATE SET starts_on = excluded.starts_on, ends_on = excluded.ends_on
WHERE (articles_event{name}.starts_on, articles_event{name}.ends_on)
    IS DISTINCT FROM (excluded.starts_on, excluded.ends_on)
"""
NAMES = ({"name": "company", "names": "companies"}, {"name": "theme", "names": "themes"})
EMPTY = """
SELECT id FROM articles_event AS event WHERE id = ANY(%s::bigint[])
    AND NOT EXISTS (SELECT FROM articles_eventreport AS report WHERE report.event_id = event.id)
"""


def numbers(most: int) -> list[int]:
    """Numbers for so many new events."""
    with bulk.cursor() as cursor:
        return [row[0] for row in cursor.execute(NUMBERS, [most]).fetchall()]


def recount(events: Collection[int]) -> int:
    """Set what these events' rows say to what their reports say; one without any goes. Returns how many changed."""
    ids = sorted(set(events))
    if not ids:
        return 0
    with bulk.cursor() as cursor:
        changed = cursor.execute(UPDATE, [ids, ids]).rowcount
        for names in NAMES:
            changed += cursor.execute(FORGET_NAMES.format(**names), [ids]).rowcount
            changed += cursor.execute(KEEP_NAMES.format(**names), [ids]).rowcount
        empty = [row[0] for row in cursor.execute(EMPTY, [ids]).fetchall()]
    return changed + remove(empty)


def remove(events: Collection[int]) -> int:
    """Remove events that nobody tells of any more; returns how many."""
    if not events:
        return 0
    with connection.cursor() as cursor:
        for table, column in (
            ("articles_eventcompany", "event_id"),
            ("articles_eventtheme", "event_id"),
            ("articles_event", "id"),
        ):
            cursor.execute(f"DELETE FROM {table} WHERE {column} = ANY(%s)", [list(events)])  # noqa: S608
    return len(events)


def recount_all() -> int:
    """Recount every event; returns how many rows did not say what their reports say."""
    changed = 0
    for ids in bulk.batches(models.Event.objects.all(), BATCH):
        with transaction.atomic():
            bulk.lock(LOCK)
            changed += recount(ids)
    return changed
