"""How many articles there are of some, when, and which companies and themes they name. One query.

Of companies and themes it is answered from indexes alone: an article's story is had from that of the newest articles,
which needs its time. Must not write, and must not render.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from articles import filters, rollups

# Of companies and themes, what else is named is looked for in so many articles, the newest ones.
MOST = 2000
TOLD = """
SELECT own.id, COALESCE(article.story_id, -own.id), own.published_at
FROM ({own}) AS own JOIN articles_article AS article
ON article.published_at = own.published_at AND article.id = own.id AND article.ready_at IS NOT NULL
"""
NAMED = """
WITH told(id, story, published_at) AS MATERIALIZED ({told}),
newest AS MATERIALIZED (SELECT id, story FROM told ORDER BY published_at DESC, id DESC LIMIT %s)
SELECT 0, 0, NULL::timestamptz, count(*), count(DISTINCT story) FROM told
UNION ALL
SELECT 1, tag.company_id, NULL, count(*), count(DISTINCT newest.story)
FROM newest JOIN articles_companytag AS tag ON tag.article_id = newest.id GROUP BY tag.company_id
UNION ALL
SELECT 2, tag.theme_id, NULL, count(*), count(DISTINCT newest.story)
FROM newest JOIN articles_themetag AS tag ON tag.article_id = newest.id GROUP BY tag.theme_id
UNION ALL
SELECT 3, 0, date_trunc(%s, published_at, %s) AS begin, count(*), count(DISTINCT story) FROM told GROUP BY begin
"""
# What has one tag is in order in its index; what has two, or one of several, is found as a whole.
OF_ONE = """
SELECT tag.article_id AS id, tag.published_at FROM {table} AS tag
WHERE tag.{column} = %s AND tag.published_at >= %s AND tag.published_at < %s
ORDER BY tag.published_at DESC LIMIT %s
"""
OF_SEVERAL = """
SELECT DISTINCT tag.article_id AS id, tag.published_at FROM {table} AS tag {both}
WHERE tag.{column} = ANY(%s) AND tag.published_at >= %s AND tag.published_at < %s {part}
"""
# The tags of an article have its time, both of them.
BOTH = """
JOIN articles_themetag AS other ON other.article_id = tag.article_id AND other.theme_id = ANY(%s)
    AND other.published_at >= %s AND other.published_at < %s
"""
PART = "AND {tag}.subthemes @> ARRAY[%s]::varchar[]"


@dataclass(frozen=True, slots=True)
class Named:
    """How many articles there are, in all and by step, and how many of them name each company and theme.

    The steps are hours, days, weeks or months of a time zone.
    """

    whole: rollups.Count
    companies: Mapping[int, rollups.Count]
    themes: Mapping[int, rollups.Count]
    steps: Mapping[datetime.datetime, rollups.Count]


@dataclass(frozen=True, slots=True)
class Told:
    """A statement that gives articles' numbers, stories and times, and its values.

    `most`: companies and themes are looked for in so many of them, the newest ones.
    """

    sql: str
    values: tuple[Any, ...]
    most: int | None = None


def is_tags_alone(wanted: filters.Filters) -> bool:
    """Whether filters ask for companies and themes, and for nothing else but days."""
    return bool(wanted.companies or wanted.themes) and not (wanted.outlet or wanted.language or wanted.text)


def tagged(wanted: filters.Filters, begin: datetime.datetime, end: datetime.datetime) -> Told:
    """The articles with the filters' companies and themes that were published from `begin` until before `end`.

    With one company or one theme alone the newest MOST of them: how many there are is in the rollups.
    """
    companies, themes = ([row.pk for row in rows] for rows in (wanted.companies, wanted.themes))
    table, column = ("articles_companytag", "company_id") if companies else ("articles_themetag", "theme_id")
    values: list[Any] = [companies or themes, begin, end]
    if len(companies) + len(themes) == 1 and not wanted.subtheme:
        own = OF_ONE.format(table=table, column=column)
        return Told(TOLD.format(own=own), (*(companies or themes), begin, end, MOST), MOST)
    both = BOTH if companies and themes else ""
    if both:
        values = [themes, begin, end, *values]
    part = PART.format(tag="other" if companies else "tag") if wanted.subtheme else ""
    if part:
        values.append(wanted.subtheme)
    own = OF_SEVERAL.format(table=table, column=column, both=both, part=part)
    return Told(TOLD.format(own=own), tuple(values), MOST)


def passing(articles: "QuerySet[Any, tuple[Any, ...]]") -> Told:
    """The articles of a query for their numbers, stories and times."""
    sql, values = articles.query.sql_with_params()
    return Told(sql, values)


def named(told: Told, *, step: str, zone: str) -> Named:
    """What the articles name and how many there are, by steps of a time zone."""
    with connection.cursor() as cursor:
        cursor.execute(NAMED.format(told=told.sql), [*told.values, told.most, step, zone])
        rows = cursor.fetchall()
    counts = [(kind, pk, begin, rollups.Count(*found)) for kind, pk, begin, *found in rows]
    return Named(
        next(count for kind, _, _, count in counts if kind == 0),
        {pk: count for kind, pk, _, count in counts if kind == 1},
        {pk: count for kind, pk, _, count in counts if kind == 2},
        {begin: count for kind, _, begin, count in counts if kind == 3},
    )
