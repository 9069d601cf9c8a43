"""How many articles there are of some, when, and which companies and themes they name. One query.

It is answered from indexes alone where they can tell: an article's story is had from that of the newest articles, which
needs its time. Must not write, and must not render.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from articles import filters, rollups, searching

# Which companies and themes are named is looked for in so many articles, the newest ones.
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
# What has one tag is in order in its index.
OF_ONE = """
SELECT tag.article_id AS id, tag.published_at FROM {table} AS tag
WHERE tag.{column} = %s AND tag.published_at >= %s AND tag.published_at < %s
ORDER BY tag.published_at DESC LIMIT %s
"""
# The tags of an article have its time, both of them.
OF_BOTH = """
SELECT DISTINCT tag.article_id AS id, tag.published_at
FROM articles_companytag AS tag JOIN articles_themetag AS other ON other.article_id = tag.article_id
WHERE tag.company_id = ANY(%s) AND tag.published_at >= %s AND tag.published_at < %s
    AND other.theme_id = ANY(%s) AND other.published_at >= %s AND other.published_at < %s {part}
"""
PART = "AND other.subthemes @> ARRAY[%s]::varchar[]"
FOUND = """
SELECT articles_searchrow.article_id AS id, articles_searchrow.published_at
FROM articles_searchrow {join} WHERE {condition}
"""


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

    `is_searched`: it asks the index of words and labels.
    """

    sql: str
    values: tuple[Any, ...]
    is_searched: bool = False


def is_tags_alone(wanted: filters.Filters) -> bool:
    """Whether filters ask for companies and themes, and for nothing else but days."""
    return bool(wanted.companies or wanted.themes) and not (wanted.outlet or wanted.language or wanted.text)


def of_one(subject: rollups.Subject, begin: datetime.datetime, end: datetime.datetime) -> Told:
    """The newest MOST articles of a company or a theme, of a time: how many there are is in the rollups."""
    is_company = subject.kind == rollups.Kind.COMPANY
    table, column = ("articles_companytag", "company_id") if is_company else ("articles_themetag", "theme_id")
    own = OF_ONE.format(table=table, column=column)
    return Told(TOLD.format(own=own), (subject.pk, begin, end, MOST))


def of_both(wanted: filters.Filters, begin: datetime.datetime, end: datetime.datetime) -> Told:
    """The articles with one of the filters' companies and one of their themes, of a time."""
    companies, themes = ([row.pk for row in rows] for rows in (wanted.companies, wanted.themes))
    own = OF_BOTH.format(part=PART if wanted.subtheme else "")
    values = (companies, begin, end, themes, begin, end, *([wanted.subtheme] if wanted.subtheme else ()))
    return Told(TOLD.format(own=own), values)


def found(search: searching.Search, begin: datetime.datetime, end: datetime.datetime) -> Told:
    """The articles of a time that a search finds."""
    condition = searching.within(search, begin, end)
    own = FOUND.format(join=search.join, condition=condition.sql)
    return Told(TOLD.format(own=own), tuple(condition.params), is_searched=True)


def passing(articles: "QuerySet[Any, tuple[Any, ...]]") -> Told:
    """The articles of a query for their numbers, stories and times."""
    sql, values = articles.query.sql_with_params()
    return Told(sql, values)


def named(told: Told, *, step: str, zone: str) -> Named:
    """What the articles name and how many there are, by steps of a time zone."""
    opened: Any = searching.by_index() if told.is_searched else connection.cursor()
    with opened as cursor:
        cursor.execute(NAMED.format(told=told.sql), [*told.values, MOST, step, zone])
        rows = cursor.fetchall()
    counts = [(kind, pk, begin, rollups.Count(*found)) for kind, pk, begin, *found in rows]
    return Named(
        next(count for kind, _, _, count in counts if kind == 0),
        {pk: count for kind, pk, _, count in counts if kind == 1},
        {pk: count for kind, pk, _, count in counts if kind == 2},
        {begin: count for kind, _, begin, count in counts if kind == 3},
    )
