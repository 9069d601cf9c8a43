"""Which companies and themes the articles of companies and themes name. One query each.

Answered from indexes alone: an article's story is had from that of the newest articles, which needs its time. Must not
write, and must not render.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from articles import filters, rollups

# Looked for in so many articles, the newest ones.
MOST = 2000
TOLD = """
WITH own AS MATERIALIZED ({own}),
told AS MATERIALIZED (
    SELECT own.id, COALESCE(article.story_id, -own.id) AS story, own.published_at
    FROM own JOIN articles_article AS article
    ON article.published_at = own.published_at AND article.id = own.id AND article.ready_at IS NOT NULL
)
"""
NAMED = """{told}, newest AS MATERIALIZED (
    SELECT id, story FROM told ORDER BY published_at DESC, id DESC LIMIT %(most)s
)
SELECT 0, 0, count(*), count(DISTINCT story) FROM told
UNION ALL
SELECT 1, tag.company_id, count(*), count(DISTINCT newest.story)
FROM newest JOIN articles_companytag AS tag ON tag.article_id = newest.id GROUP BY tag.company_id
UNION ALL
SELECT 2, tag.theme_id, count(*), count(DISTINCT newest.story)
FROM newest JOIN articles_themetag AS tag ON tag.article_id = newest.id GROUP BY tag.theme_id
"""
BY_STEP = """{told}
SELECT date_trunc(%(step)s, published_at, %(zone)s) AS begin, count(*), count(DISTINCT story) FROM told GROUP BY begin
"""
# What has one tag is in order in its index; what has two, or one of several, is found as a whole.
OF_ONE = """
SELECT tag.article_id AS id, tag.published_at FROM {table} AS tag
WHERE tag.{column} = ANY(%(keys)s) AND tag.published_at >= %(begin)s AND tag.published_at < %(end)s {part}
ORDER BY tag.published_at DESC LIMIT %(most)s
"""
OF_SEVERAL = """
SELECT DISTINCT tag.article_id AS id, tag.published_at FROM {table} AS tag {both}
WHERE tag.{column} = ANY(%(keys)s) AND tag.published_at >= %(begin)s AND tag.published_at < %(end)s {part}
"""
BOTH = "JOIN articles_themetag AS other ON other.article_id = tag.article_id AND other.theme_id = ANY(%(others)s)"
PART = "AND {tag}.subthemes @> ARRAY[%(part)s]::varchar[]"


@dataclass(frozen=True, slots=True)
class Named:
    """How often companies and themes are named in the newest MOST of the articles.

    `whole`: how many articles there are; no more than MOST where they have one tag in common.
    """

    whole: rollups.Count
    companies: Mapping[int, rollups.Count]
    themes: Mapping[int, rollups.Count]


def is_tags_alone(wanted: filters.Filters) -> bool:
    """Whether filters ask for companies and themes, and for nothing else but days."""
    return bool(wanted.companies or wanted.themes) and not (wanted.outlet or wanted.language or wanted.text)


def named(wanted: filters.Filters, begin: datetime.datetime, end: datetime.datetime) -> Named:
    """What the articles name that have these tags and were published from `begin` until before `end`."""
    is_one = len(wanted.companies) + len(wanted.themes) == 1
    rows = _execute(NAMED, OF_ONE if is_one else OF_SEVERAL, wanted, begin=begin, end=end)
    counts = {(kind, pk): rollups.Count(articles, stories) for kind, pk, articles, stories in rows}
    return Named(
        counts[0, 0],
        {pk: count for (kind, pk), count in counts.items() if kind == 1},
        {pk: count for (kind, pk), count in counts.items() if kind == 2},
    )


def by_step(
    wanted: filters.Filters, begin: datetime.datetime, end: datetime.datetime, *, step: str, zone: str
) -> dict[datetime.datetime, rollups.Count]:
    """How many articles have these tags, and how many stories, by hours, days, weeks or months of a time zone."""
    rows = _execute(BY_STEP, OF_SEVERAL, wanted, begin=begin, end=end, step=step, zone=zone)
    return {at: rollups.Count(articles, stories) for at, articles, stories in rows}


def _execute(
    sql: str, own: str, wanted: filters.Filters, **given: datetime.datetime | str
) -> list[tuple[Any, ...]]:
    companies, themes = ([row.pk for row in rows] for rows in (wanted.companies, wanted.themes))
    table, column = ("articles_companytag", "company_id") if companies else ("articles_themetag", "theme_id")
    part = PART.format(tag="other" if companies else "tag") if wanted.subtheme else ""
    both = BOTH if companies and themes else ""
    values = {"keys": companies or themes, "others": themes, "part": wanted.subtheme, "most": MOST, **given}
    with connection.cursor() as cursor:
        found_by = own.format(table=table, column=column, part=part, both=both)
        cursor.execute(sql.format(told=TOLD.format(own=found_by)), values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
