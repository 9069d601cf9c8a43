"""Find the newest articles, or the newest of each story, that pass filters: keys first, rows later.

A page of results asks the index of words and labels for the newest days alone and goes back in time until the page is
full, each step as far as the last one's yield suggests: what is common is found in the newest days, what is rare has
few rows to look at. Whatever the index can't see is tried on what it gives. Must not write, and loads no rows to show.
"""

import contextlib
import datetime
import math
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import psycopg
from django.db import transaction

from articles import bulk, filters
from articles.search import conditions, labels, needed, query, saved, to_sql, tokens
from articles.search.context import Context

# How far back the first look goes, and how the next ones grow. Each goes a little farther than the last one's yield
# says: another look costs less than a month of articles whose words' order has to be looked at.
FIRST = datetime.timedelta(days=1)
LEAST_GROWTH, MOST_GROWTH, SPARE = 0.5, 20.0, 1.2
# Stories take more articles than there are stories: so many times what is wanted are taken along if a look has them.
ALONG = 2

# Where the names of attributes are, and in which column.
NAMES = {
    "company": ("articles_company", "name"),
    "theme": ("articles_theme", "name"),
    "source": ("articles_outlet", "name"),
    "group": ("articles_source", '"group"'),
}
NAMED = "SELECT id FROM {table} WHERE {condition} LIMIT %s"
ENDS = """
SELECT min(published_at), max(published_at) FROM articles_article WHERE ready_at IS NOT NULL
"""
# Two questions to one index: asked as one, with a day for each label, it would weigh the whole of it for each article
# of these days, ten times as long. The order of words is looked at last, and not in articles outside the time.
ASKED = "articles_searchrow.search @@ %s::tsquery"
WITHIN = "articles_searchrow.published_at >= %s AND articles_searchrow.published_at <= %s"
COUNT = """
SELECT (articles_searchrow.published_at AT TIME ZONE %s)::date, count(*), {counted}
FROM articles_searchrow {join}
WHERE {indexed} AND articles_searchrow.published_at < %s
GROUP BY 1
"""
NEWEST = """
SELECT articles_searchrow.published_at, articles_searchrow.article_id
FROM articles_searchrow {join}
WHERE {indexed}
    AND (articles_searchrow.published_at, articles_searchrow.article_id) < (%s, %s) {rest}
ORDER BY articles_searchrow.published_at DESC, articles_searchrow.article_id DESC LIMIT %s
"""
# A function is answered by no index. The index is asked one plain question; with the order of words in it, it would
# weigh every distance of a NEAR for each article, three times as long as looking at the article itself.
OPERATOR = "articles_searchrow.search @@ %s::tsquery"
FUNCTION = "ts_match_vq(articles_searchrow.search, %s::tsquery)"
PASSING = """
SELECT articles_searchrow.article_id
FROM articles_searchrow {join}
WHERE articles_searchrow.article_id = ANY(%s::bigint[]) AND ts_match_vq(articles_searchrow.search, %s::tsquery)
    AND articles_searchrow.published_at >= %s AND articles_searchrow.published_at < %s {rest}
"""
JOIN = "JOIN articles_article ON articles_article.id = articles_searchrow.article_id"
PLACES = """
SELECT article.id, article.story_id, print.id
FROM articles_article AS article LEFT JOIN articles_storyprint AS print ON print.article_id = article.id
WHERE article.id = ANY(%s::bigint[])
"""
NEWER = """
SELECT article.id, article.story_id
FROM articles_article AS article LEFT JOIN articles_storyprint AS print ON print.article_id = article.id
WHERE article.story_id = ANY(%s::bigint[]) AND (article.published_at, article.id) >= (%s, %s)
    AND article.ready_at IS NOT NULL AND coalesce(print.id, 0) <= %s
"""
MICROSECOND = datetime.timedelta(microseconds=1)
EARLIEST = datetime.datetime.min.replace(tzinfo=datetime.UTC)
LATEST = datetime.datetime.max.replace(tzinfo=datetime.UTC)

Key = tuple[datetime.datetime, int]
Cursor = psycopg.Cursor[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for: words and labels for the index, a period, and a condition on what the index gives."""

    tsquery: str
    begin: datetime.datetime
    end: datetime.datetime
    sql: str
    params: tuple[Any, ...]

    @property
    def join(self) -> str:
        """The join with the articles, if the condition is on them."""
        return JOIN if "articles_article." in self.sql else ""

    @property
    def rest(self) -> str:
        """The condition, to be put after others."""
        return f"AND ({self.sql})" if self.sql else ""


@dataclass(frozen=True, slots=True)
class Standing:
    """An article that stands for its story in a list; an article in no story stands alone."""

    published_at: datetime.datetime
    pk: int
    story: int | None


def search(wanted: filters.Filters, *, context: Context) -> Search | None:
    """The search for what passes the filters; None if no words and no labels narrow it, so that the index is no help.

    Raises articles.search.query.QueryError for a query that can't be read.
    """
    parts: list[query.Query] = list(_labelled(wanted))
    if wanted.text:
        parts.append(saved.read(wanted.text, context))
    if not parts:
        return None
    found = planned(query.conjunction(parts), context)
    if found is None:
        return None
    begin, end = wanted.period()
    found = replace(found, begin=max(found.begin, begin or EARLIEST), end=min(found.end, end or LATEST))
    return _in_part(found, wanted)


def planned(tree: query.Query, context: Context) -> Search | None:
    """The search for what an expanded query finds; None if the index is no help."""
    tree = resolved(tree)
    plan = needed.plan(tree, context)
    if not plan.tsquery:
        return None
    rest = to_sql.to_sql(plan.rest, context=context) if plan.rest else to_sql.Condition("", ())
    sql = rest.sql.replace(OPERATOR, FUNCTION)
    return Search(plan.tsquery, plan.begin or EARLIEST, plan.end or LATEST, sql, rest.params)


def resolved(tree: query.Query) -> query.Query:
    """The query with labels in place of names, as far as there are some. A query for each different name."""
    named = {one: ids_named(one) for one in dict.fromkeys(labels.attributes(tree))}
    return labels.resolve(tree, {one: ids for one, ids in named.items() if len(ids) <= labels.MOST_IDS})


def ids_named(one: query.Attribute) -> tuple[int, ...]:
    """The rows that are so called; one more than labels are good for if they are too many."""
    table, column = NAMES[one.field]
    condition = to_sql.comparison(column, one.value, one.how)
    with bulk.cursor() as cursor:
        sql = NAMED.format(table=table, condition=condition.sql)
        return tuple(pk for (pk,) in cursor.execute(sql, [*condition.params, labels.MOST_IDS + 1]))


def _labelled(wanted: filters.Filters) -> Iterator[query.Labelled]:
    """The filters that are labels."""
    if wanted.companies:
        yield query.Labelled(tuple(labels.company(one.pk) for one in wanted.companies))
    if wanted.themes:
        yield query.Labelled(tuple(labels.theme(one.pk) for one in wanted.themes))
    if wanted.outlet:
        yield query.Labelled((labels.outlet(wanted.outlet.pk),))
    if wanted.language:
        yield query.Labelled((labels.language(wanted.language),))


def _in_part(found: Search, wanted: filters.Filters) -> Search:
    """The search for articles that are about a part of a theme."""
    if not wanted.subtheme:
        return found
    parts = [
        "EXISTS (SELECT 1 FROM articles_themetag pt WHERE pt.article_id = articles_searchrow.article_id "
        "AND pt.theme_id = ANY(%s::bigint[]) AND %s = ANY(pt.subthemes))",
        *([f"({found.sql})"] if found.sql else []),
    ]
    params = ([one.pk for one in wanted.themes], wanted.subtheme, *found.params)
    return replace(found, sql=" AND ".join(parts), params=params)


def newest(found: Search, *, before: Key | None, most: int) -> list[Key]:
    """The newest articles that a search finds, up to `most`, those before a key."""
    rows: list[Key] = []
    walk = _Walk(found, before)
    while len(rows) < most and (keys := walk.go_on(most - len(rows), most=most - len(rows))):
        rows += keys
    return rows


@contextlib.contextmanager
def by_index() -> Iterator[Cursor]:
    """A cursor whose queries go by an index even where a table looks small: words lie outside it, and are long."""
    with transaction.atomic(savepoint=False), bulk.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan TO off")
        yield cursor


class _Walk:
    """The way back in time through what a search finds, as far as somebody wants to go."""

    def __init__(self, found: Search, before: Key | None) -> None:
        self.found = found
        with bulk.cursor() as cursor:
            first, last = cursor.execute(ENDS).fetchone() or (None, None)
        self.reach = FIRST
        self.length = last - first if last and first else FIRST
        # Nothing is stored: what begins after all ends is over.
        self.begin = max(found.begin, first or LATEST)
        self.end: Key = min((found.end, 0), (last or EARLIEST, 2**62), before or (LATEST, 0))
        self.is_over = self.end[0] < self.begin

    def go_on(self, wanted: int, *, most: int) -> list[Key]:
        """The next articles, at most so many, from as far back as it takes to have those wanted; none at the end."""
        rows: list[Key] = []
        while not rows and not self.is_over:
            since = max(self.begin, self.end[0] - min(self.reach, self.end[0] - self.begin))
            rows = self._between(since, most)
            if len(rows) == most:
                self.end = rows[-1]
                continue
            self.is_over, self.end = since == self.begin, (since, 0)
            growth = SPARE * (wanted - len(rows)) / len(rows) if rows else math.inf
            self.reach *= min(MOST_GROWTH, max(LEAST_GROWTH, growth))
        return rows

    def is_short(self, since: datetime.datetime, until: datetime.datetime) -> bool:
        """Whether a time is less than half of what is stored."""
        return (until - since) * 2 < self.length

    def _between(self, since: datetime.datetime, most: int) -> list[Key]:
        """The newest articles from a time on and before the key where the walk has come to."""
        found, end = self.found, self.end
        indexed = _indexed(found, since, end[0], by_labels=self.is_short(since, end[0]))
        sql = NEWEST.format(indexed=indexed.sql, join=found.join, rest=found.rest)
        params = [*indexed.params, *end, *found.params, most]
        with by_index() as cursor:
            # A thousand times as text take longer to read than to find.
            return cursor.execute(sql, params, binary=True).fetchall()


def _indexed(
    found: Search, since: datetime.datetime, until: datetime.datetime, *, by_labels: bool = True
) -> conditions.Condition:
    """What the index is asked about a time; where that is most of all, its days and months are no help."""
    told = " | ".join(map(tokens.quoted, labels.period(since, until)))
    asked = [found.tsquery, told] if by_labels else [found.tsquery]
    return conditions.Condition(" AND ".join([*[ASKED] * len(asked), WITHIN]), (*asked, since, until))


def within(found: Search, since: datetime.datetime, until: datetime.datetime) -> conditions.Condition:
    """The condition under which a search finds an article of a time that ends before `until`."""
    since, until = max(since, found.begin), min(until, found.end)
    indexed = _indexed(found, since, until)
    sql = f"{indexed.sql} AND articles_searchrow.published_at < %s {found.rest}"
    return conditions.Condition(sql, (*indexed.params, until, *found.params))


@dataclass(frozen=True, slots=True)
class Counted:
    """How many articles each day has, in the reader's zone, of those from `since` on; None: of all."""

    days: Mapping[datetime.date, int]
    since: datetime.date | None

    @property
    def total(self) -> int:
        return sum(self.days.values())


def counted(found: Search, *, zone: datetime.tzinfo, most: int | None) -> Counted:
    """What a search finds by day, back to the day on which `most` articles have been looked at; None: everything.

    What the index finds is looked at: all that is found, and more where the order of words decides, or a property.
    """
    walk = _Walk(found, None)
    days: Counter[datetime.date] = Counter()
    looked, until = 0, min(found.end, walk.end[0] + MICROSECOND) if not walk.is_over else found.end
    while not walk.is_over and (most is None or looked < most):
        reach = until - walk.begin if most is None else min(walk.reach, until - walk.begin)
        morning = datetime.datetime.combine((until - reach).astimezone(zone), datetime.time.min, zone)
        since = max(walk.begin, morning)
        indexed = _indexed(found, since, until, by_labels=walk.is_short(since, until))
        in_part = _by_day(found, indexed, until, zone)
        days.update({day: number for day, _, number in in_part})
        here = sum(number for _, number, _ in in_part)
        looked += here
        walk.is_over, until = since == walk.begin, since
        walk.reach *= min(
            MOST_GROWTH, max(LEAST_GROWTH, SPARE * ((most or 0) - looked) / here if here else math.inf)
        )
    return Counted(+days, None if walk.is_over else until.astimezone(zone).date())


def _by_day(
    found: Search, indexed: conditions.Condition, until: datetime.datetime, zone: datetime.tzinfo
) -> list[tuple[datetime.date, int, int]]:
    """The days of a time with how many articles the index finds and how many the search."""
    counts = f"count(*) FILTER (WHERE {found.sql})" if found.sql else "count(*)"
    sql = COUNT.format(indexed=indexed.sql, join=found.join, counted=counts)
    params = [str(zone), *found.params, *indexed.params, until]
    with by_index() as cursor:
        return cursor.execute(sql, params).fetchall()


def passing(found: Search, articles: Collection[int]) -> frozenset[int]:
    """Those of the articles that a search finds. One query."""
    sql = PASSING.format(join=found.join, rest=found.rest)
    params = [list(articles), found.tsquery, found.begin, found.end, *found.params]
    with by_index() as cursor:
        return frozenset(pk for (pk,) in cursor.execute(sql, params))


def standing(found: Search, *, before: Key | None, seen: int, most: int) -> list[Standing]:
    """The newest articles of stories that a search finds, as when articles up to `seen` had been placed.

    Those before a key, where an earlier page ended: stories that stand above it are left out.
    """
    rows: list[Standing] = []
    known: set[int] = set()
    walk = _Walk(found, before)
    while len(rows) < most and (keys := walk.go_on(most - len(rows), most=ALONG * most)):
        placed = [one for one in _placed(keys, seen) if one.story is None or one.story not in known]
        if before:
            known |= _above(found, before, {one.story for one in placed if one.story is not None}, seen)
        for one in placed:
            if one.story is None or one.story not in known:
                rows.append(one)
                known |= {one.story} if one.story is not None else set()
    return rows[:most]


def _placed(keys: Sequence[Key], seen: int) -> Iterator[Standing]:
    """The articles with their stories, without those that were placed later."""
    with bulk.cursor() as cursor:
        places = {
            pk: (story, at) for pk, story, at in cursor.execute(PLACES, [[pk for _, pk in keys]]).fetchall()
        }
    for published_at, pk in keys:
        story, at = places.get(pk, (None, None))
        if pk in places and (at is None or at <= seen):
            yield Standing(published_at, pk, story)


def _above(found: Search, key: Key, stories: Collection[int], seen: int) -> frozenset[int]:
    """Those of the stories that stand at a key or above it. At most two queries."""
    if not stories:
        return frozenset()
    with bulk.cursor() as cursor:
        newer = dict(cursor.execute(NEWER, [list(stories), *key, seen]).fetchall())
    return frozenset(newer[pk] for pk in passing(found, newer)) if newer else frozenset()
