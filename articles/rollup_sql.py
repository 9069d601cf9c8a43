"""The SQL of the rollups, in pieces: what reads them and what brings them in line must count alike.

Built of constants; every value is a parameter. Must not run anything.
"""

from articles import models

NO_GAP = models.RollupPart.NO_GAP
HOUR_OF = "floor(extract(epoch FROM published_at) / 3600)::int"
# `{zone}` is a parameter.
DAY_OF = "((to_timestamp(at * 3600::float8) AT TIME ZONE {zone})::date - DATE '1970-01-01')"
# Every article of `members` (key, id, at) once for each thing that it is counted of.
TAGGED = """
tagged AS (
    SELECT key, 0::smallint AS kind, 0::bigint AS subject, at FROM members
    UNION ALL
    SELECT key, 1, tag.company_id, at
    FROM members JOIN articles_companytag AS tag ON tag.article_id = members.id
    UNION ALL
    SELECT key, 2, tag.theme_id, at FROM members JOIN articles_themetag AS tag ON tag.article_id = members.id
)
"""
# What each story has in each hour or day, from rows (key, kind, subject, at).
GAPS = f"""
SELECT key, kind, subject, at, {{articles}}::int AS articles,
    coalesce(at - lag(at) OVER (PARTITION BY key, kind, subject ORDER BY at), {NO_GAP}) AS gap
FROM {{rows}} GROUP BY key, kind, subject, at
"""
BY_HOUR = GAPS.format(articles="count(*)", rows="tagged")
BY_DAY = GAPS.format(
    articles="sum(articles)",
    rows=f"(SELECT key, kind, subject, {DAY_OF} AS at, articles FROM {{hours}}) AS days",
)
# From `marks` (key), in one row of arrays: with these PostgreSQL goes by index, however many it expects.
TOUCHED = """
named AS MATERIALIZED (SELECT array_agg(DISTINCT -key) AS articles FROM marks WHERE key < 0),
touched AS MATERIALIZED (
    SELECT articles, ARRAY(
        SELECT key FROM marks WHERE key > 0
        UNION
        SELECT story_id FROM articles_article
        WHERE id = ANY((SELECT articles FROM named)::bigint[]) AND story_id IS NOT NULL
    ) AS stories
    FROM named
)
"""
MEMBERS = f"""
members AS (
    SELECT story_id AS key, id, {HOUR_OF} AS at FROM articles_article
    WHERE story_id = ANY((SELECT stories FROM touched)::bigint[]) AND ready_at IS NOT NULL
    UNION ALL
    SELECT -id, id, {HOUR_OF} FROM articles_article
    WHERE id = ANY((SELECT articles FROM touched)::bigint[]) AND story_id IS NULL AND ready_at IS NOT NULL
)
"""
STORED = """
stored AS (
    SELECT key, kind, subject, hour AS at, articles, gap FROM articles_rolluppart WHERE key = ANY(
        ARRAY(SELECT unnest(stories) FROM touched UNION ALL SELECT -unnest(articles) FROM touched)
    )
)
"""

# Reading. What is noted counts as it is now, less what it adds to the tables.
READ = """
WITH wanted AS (SELECT * FROM unnest(%(kinds)s::smallint[], %(subjects)s::bigint[]) AS one(kind, subject)),
marks AS MATERIALIZED (SELECT key FROM articles_rollupmark ORDER BY id LIMIT %(most)s),
{touched}, {members}, {tagged}, {stored},
fresh AS ({by_hour}),
counted AS (
    SELECT kind, subject, {at} AS at, gap, articles, stories FROM {table} {wanted}
    UNION ALL
    SELECT kind, subject, at, gap, articles, 1 FROM ({now}) AS now {wanted}
    UNION ALL
    SELECT kind, subject, at, gap, -articles, -1 FROM ({before}) AS before {wanted}
),
placed AS (
    SELECT *, {begin} AS begin FROM counted WHERE at >= %(since)s AND at < %(until)s
)
SELECT kind, {subject} AS subject, begin, sum(articles),
    coalesce(sum(stories) FILTER (WHERE at - gap < greatest(begin, %(since)s)), 0)
FROM placed GROUP BY kind, {grouped} begin HAVING sum(articles) > 0
"""
WANTED = "JOIN wanted USING (kind, subject)"
WANTED_KIND = "JOIN (SELECT kind FROM wanted) AS wanted USING (kind)"
PIECES = {"touched": TOUCHED, "members": MEMBERS, "tagged": TAGGED, "stored": STORED, "by_hour": BY_HOUR}


def reading(*, by_day: bool, step: str, whole_kind: bool = False, together: bool = False) -> str:
    """What reads the rollups, from the counts by day or those by hour.

    `step`: hour, day, week, month, or empty for the whole period as one. With `whole_kind`, of all companies or themes,
    each by itself or together, with 0 as subject.
    """
    zone = "%(zone)s"
    if by_day:
        begin = f"(date_trunc('{step}', (DATE '1970-01-01' + at)::timestamp)::date - DATE '1970-01-01')"
        now, before = (BY_DAY.format(hours=name, zone=zone) for name in ("fresh", "stored"))
        at, table = "day", "articles_daycount"
    else:
        begin = (
            f"(extract(epoch FROM date_trunc('{step}', to_timestamp(at * 3600::float8), {zone})) / 3600)::int"
        )
        now, before = "SELECT * FROM fresh", "SELECT * FROM stored"
        at, table = "hour", "articles_hourcount"
    return READ.format(
        at=at,
        table=table,
        now=now,
        before=before,
        begin=begin if step else "%(since)s::int",
        wanted=WANTED_KIND if whole_kind else WANTED,
        subject="0" if together else "subject",
        grouped="" if together else "subject,",
        **PIECES,
    )


# Which stories each of some spans had, and with how many articles: what is noted as it is now, all else as stored.
SPANS = """
WITH span AS (
    SELECT * FROM unnest(%(kinds)s::smallint[], %(subjects)s::bigint[], %(since)s::{moment}[], %(until)s::{moment}[])
    WITH ORDINALITY AS one(kind, subject, since, until, number)
)
"""
STORIES = f"""
{SPANS.format(moment="int")},
marks AS MATERIALIZED (SELECT key FROM articles_rollupmark ORDER BY id LIMIT %(most)s),
{TOUCHED}, {MEMBERS}, {TAGGED},
fresh AS ({BY_HOUR}),
noted AS (SELECT unnest(stories) AS key FROM touched UNION ALL SELECT -unnest(articles) FROM touched),
parts AS (
    SELECT number, part.key, part.articles
    FROM span JOIN articles_rolluppart AS part USING (kind, subject)
    WHERE part.hour >= span.since AND part.hour < span.until
        AND NOT EXISTS (SELECT FROM noted WHERE noted.key = part.key)
    UNION ALL
    SELECT number, key, articles FROM span JOIN fresh USING (kind, subject) WHERE at >= since AND at < until
)
SELECT number, array_agg(key), array_agg(articles) FROM parts GROUP BY number
"""
# The same from the articles.
RECOUNT_STORIES = f"""
{SPANS.format(moment="timestamptz")},
members AS (
    SELECT coalesce(story_id, -id) AS key, id, published_at AS at FROM articles_article
    WHERE ready_at IS NOT NULL AND published_at >= (SELECT min(since) FROM span)
        AND published_at < (SELECT max(until) FROM span)
),
{TAGGED}
SELECT number, array_agg(key), array_agg(1) FROM span JOIN tagged USING (kind, subject)
WHERE at >= since AND at < until GROUP BY number
"""

# Counting the articles themselves; `at` is the moment here.
RECOUNT = """
WITH wanted AS (SELECT * FROM unnest(%(kinds)s::smallint[], %(subjects)s::bigint[]) AS one(kind, subject)),
members AS (
    SELECT coalesce(story_id, -id) AS key, id, published_at AS at FROM articles_article
    WHERE ready_at IS NOT NULL AND published_at >= %(since)s AND published_at < %(until)s
),
{tagged}
SELECT kind, {subject} AS subject, {begin} AS begin, count(*), count(DISTINCT (subject, key))
FROM tagged {wanted} GROUP BY kind, {grouped} begin
"""


def recounting(*, step: str, whole_kind: bool = False, together: bool = False) -> str:
    """What counts the articles, as `reading` does."""
    begin = f"date_trunc('{step}', at, %(zone)s)" if step else "NULL::timestamptz"
    return RECOUNT.format(
        begin=begin,
        wanted=WANTED_KIND if whole_kind else WANTED,
        subject="0" if together else "subject",
        grouped="" if together else "subject,",
        tagged=TAGGED,
    )


# Bringing in line. The notes that are taken and what they are about are seen by one statement at one moment.
FOLD = f"""
WITH marks AS MATERIALIZED (
    DELETE FROM articles_rollupmark WHERE id IN (
        SELECT id FROM articles_rollupmark ORDER BY id LIMIT %(most)s
    ) RETURNING id, key
),
{TOUCHED}, {MEMBERS}, {TAGGED}, {STORED},
fresh AS MATERIALIZED ({BY_HOUR}),
gone AS (
    DELETE FROM articles_rolluppart AS part USING stored
    WHERE (part.key, part.kind, part.subject, part.hour) = (stored.key, stored.kind, stored.subject, stored.at)
        AND NOT EXISTS (
            SELECT FROM fresh WHERE (fresh.key, fresh.kind, fresh.subject, fresh.at)
                = (stored.key, stored.kind, stored.subject, stored.at)
        )
),
changed AS (SELECT * FROM fresh EXCEPT SELECT key, kind, subject, at, articles, gap FROM stored),
written AS (
    INSERT INTO articles_rolluppart (key, kind, subject, hour, articles, gap)
    SELECT key, kind, subject, at, articles, gap FROM changed
    ON CONFLICT (key, kind, subject, hour) DO UPDATE SET articles = excluded.articles, gap = excluded.gap
),
hours AS (
    INSERT INTO articles_hourcount AS known (kind, subject, hour, gap, articles, stories)
    SELECT kind, subject, at, gap, sum(articles), sum(stories) FROM (
        SELECT kind, subject, at, gap, articles, 1 AS stories FROM fresh
        UNION ALL
        SELECT kind, subject, at, gap, -articles, -1 FROM stored
    ) AS signed
    GROUP BY kind, subject, at, gap HAVING sum(articles) <> 0 OR sum(stories) <> 0
    ON CONFLICT (kind, subject, hour, gap) DO UPDATE
    SET articles = known.articles + excluded.articles, stories = known.stories + excluded.stories
    RETURNING kind, subject, hour, gap, stories
),
days AS (
    INSERT INTO articles_daycount AS known (kind, subject, day, gap, articles, stories)
    SELECT kind, subject, at, gap, sum(articles), sum(stories) FROM (
        SELECT kind, subject, at, gap, articles, 1 AS stories
        FROM ({BY_DAY.format(hours="fresh", zone="%(zone)s")}) AS now
        UNION ALL
        SELECT kind, subject, at, gap, -articles, -1
        FROM ({BY_DAY.format(hours="stored", zone="%(zone)s")}) AS before
    ) AS signed
    GROUP BY kind, subject, at, gap HAVING sum(articles) <> 0 OR sum(stories) <> 0
    ON CONFLICT (kind, subject, day, gap) DO UPDATE
    SET articles = known.articles + excluded.articles, stories = known.stories + excluded.stories
    RETURNING kind, subject, day, gap, stories
)
SELECT 'taken', count(*), 0, 0, 0 FROM marks
UNION ALL SELECT 'hour', kind, subject, hour, gap FROM hours WHERE stories = 0
UNION ALL SELECT 'day', kind, subject, day, gap FROM days WHERE stories = 0
"""
# Afterwards what was counted down to nothing goes.
CLEAR = {
    "hour": "DELETE FROM articles_hourcount WHERE (kind, subject, hour, gap) = (%s, %s, %s, %s)",
    "day": "DELETE FROM articles_daycount WHERE (kind, subject, day, gap) = (%s, %s, %s, %s)",
}
# All anew. The notes go first: what changes while this counts is noted again.
FORGET = (
    "DELETE FROM articles_rollupmark",
    "DELETE FROM articles_rolluppart",
    "DELETE FROM articles_hourcount",
    "DELETE FROM articles_daycount",
)
FILL_PARTS = f"""
WITH members AS (
    SELECT coalesce(story_id, -id) AS key, id, {HOUR_OF} AS at FROM articles_article WHERE ready_at IS NOT NULL
),
{TAGGED}
INSERT INTO articles_rolluppart (key, kind, subject, hour, articles, gap) {BY_HOUR}
"""
FILL_HOURS = """
INSERT INTO articles_hourcount (kind, subject, hour, gap, articles, stories)
SELECT kind, subject, hour, gap, sum(articles), count(*) FROM articles_rolluppart GROUP BY kind, subject, hour, gap
"""
FILL_DAYS = f"""
WITH hours AS (SELECT key, kind, subject, hour AS at, articles FROM articles_rolluppart)
INSERT INTO articles_daycount (kind, subject, day, gap, articles, stories)
SELECT kind, subject, at, gap, sum(articles), count(*)
FROM ({BY_DAY.format(hours="hours", zone="%(zone)s")}) AS days GROUP BY kind, subject, at, gap
"""
