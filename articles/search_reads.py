"""What the search page shows besides a list of stories or articles: each function a fixed number of queries.

What is found is what `reads.narrowed` says; here it is ranked, counted, shown in its text, and taken apart where it
is nothing. Must not write, and must not render.
"""

import dataclasses
import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, FloatField, QuerySet, Value
from django.db.models.functions import TruncDate
from django.utils import timezone

from articles import bulk, filters, highlight, models, reads, rollups, searching, story_reads
from articles.search import edit, fields, matches, query, saved, to_sql

PAGE_SIZE = 30
# By relevance the newest ones are ranked, and so many of them can be paged through.
MOST_RANKED = 1000
# The panel's lists count the newest articles found. The number and the bars go back to the day on which the index has
# given so many articles, or so many that have to be looked at one by one; all of them are counted if a reader asks.
MOST_COUNTED = 2_000
MOST_NUMBERED = 10_000
MOST_LOOKED_AT = 1_500
MOST_FACETS = 12
# A query that finds nothing is taken apart into so many parts, each of which is counted so far.
MOST_PARTS = 6
MOST_ALONE = 1000
# Code points of a text that a result shows.
SNIPPET = 220

# How many of some articles, and of their stories, each day, outlet, language, company and theme has.
FACETS = """
WITH found AS MATERIALIZED (
    SELECT id, COALESCE(story_id, -id) AS story, outlet_id, language, (published_at AT TIME ZONE %s)::date AS day
    FROM articles_article WHERE id = ANY(%s::bigint[])
)
SELECT 'all', NULL::bigint, NULL::date, '', count(*), count(DISTINCT story) FROM found
UNION ALL
SELECT 'day', NULL, day, '', count(*), count(DISTINCT story) FROM found GROUP BY day
UNION ALL
SELECT 'source', outlet_id, NULL, '', count(*), count(DISTINCT story) FROM found GROUP BY outlet_id
UNION ALL
SELECT 'lang', NULL, NULL, language, count(*), count(DISTINCT story) FROM found GROUP BY language
UNION ALL
SELECT 'company', tag.company_id, NULL, '', count(*), count(DISTINCT story)
FROM found JOIN articles_companytag AS tag ON tag.article_id = found.id GROUP BY tag.company_id
UNION ALL
SELECT 'theme', tag.theme_id, NULL, '', count(*), count(DISTINCT story)
FROM found JOIN articles_themetag AS tag ON tag.article_id = found.id GROUP BY tag.theme_id
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page by relevance goes on. `seen` is as in reads.Cursor."""

    offset: int
    seen: int

    def __str__(self) -> str:
        return f"{self.offset}-{self.seen}"


@dataclass(frozen=True, slots=True)
class Ranked:
    """A page of what is most relevant: articles, or the lines of their stories. `more` is None on the last one."""

    rows: tuple[story_reads.Line, ...] | tuple[models.Article, ...]
    more: Place | None


@dataclass(frozen=True, slots=True)
class Hit:
    """An article's title and a part of its text, cut where what was searched begins and ends.

    `begins_before` and `goes_on` say whether the text has more before and after the part.
    """

    title: tuple[highlight.Piece[highlight.Range], ...]
    text: tuple[highlight.Piece[highlight.Range], ...]
    begins_before: bool
    goes_on: bool

    @property
    def is_in_title(self) -> bool:
        return any(piece.marks for piece in self.title)

    @property
    def is_in_text(self) -> bool:
        return any(piece.marks for piece in self.text)


@dataclass(frozen=True, slots=True)
class Facet:
    """A property of what was found: what asks for it, and how many have it. `is_on`: the query asks for it already."""

    part: query.Attribute
    name: str
    count: int
    is_on: bool
    position: int = 0


@dataclass(frozen=True, slots=True)
class Panel:
    """What was found, counted.

    `is_capped`: the facets count the newest articles, `counted` of them, and `stories` is of those alone. `is_more`:
    what was found before `since` is not counted at all.
    """

    since: datetime.date
    until: datetime.date
    stories: int
    articles: int
    by_article: bool
    bars: tuple[reads.Bar, ...]
    companies: tuple[Facet, ...]
    themes: tuple[Facet, ...]
    sources: tuple[Facet, ...]
    languages: tuple[Facet, ...]
    is_capped: bool
    counted: int = 0
    is_more: bool = False

    @property
    def total(self) -> int:
        """How many there are in the reader's unit."""
        return self.articles if self.by_article else self.stories


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a query: how many articles it finds alone, and how many the query would find without it.

    Numbers stop at MOST_ALONE. None where the question makes no sense.
    """

    text: str
    alone: int | None
    without: str
    rest: int | None

    @property
    def is_missing(self) -> bool:
        return self.alone == 0


def parse_place(text: str) -> Place | None:
    """The place that an address names; None if it names none."""
    numbers = [reads.parse_number(part) for part in text.split("-")]
    if len(numbers) != 2 or numbers[0] is None or numbers[1] is None or numbers[0] > MOST_RANKED:
        return None
    return Place(numbers[0], numbers[1])


def ranked(
    wanted: filters.Filters, *, now: datetime.datetime, place: Place | None, size: int = PAGE_SIZE
) -> Ranked:
    """A page of the newest articles found, or of their stories, the most relevant first. At most eight queries.

    Raises articles.search.query.QueryError.
    """
    seen = place.seen if place else story_reads.last_seen()
    found = story_reads.seen_by(reads.narrowed(wanted, now=now), seen)
    tree = saved.read(wanted.query, dataclasses.replace(wanted.context, now=now))
    scored = list(_scored(found, tree)[:MOST_RANKED])
    scored.sort(key=lambda row: -row[2])
    keys = [(pk, story) for pk, story, _ in scored]
    if not wanted.by_article:
        # The best of a story's articles stands for it.
        firsts = {story or -pk: (pk, story) for pk, story in reversed(keys)}
        keys = [key for key in keys if firsts[key[1] or -key[0]] == key]
    start = place.offset if place else 0
    shown = keys[start : start + size]
    more = Place(start + size, seen) if len(keys) > start + size else None
    if wanted.by_article:
        return Ranked(tuple(_in_order([pk for pk, _ in shown])), more)
    return Ranked(tuple(story_reads.lines_of(shown, wanted, now=now)), more)


def _scored(
    found: "QuerySet[models.Article]", tree: query.Query
) -> "QuerySet[models.Article, tuple[int, int | None, float]]":
    """The articles newest first with how well they match: by the weights of title, lead and body."""
    words = [part for part in edit.wanted(tree) if _is_of_words(part)]
    newest = found.order_by("-published_at", "-pk")
    if not words:
        return newest.values_list("pk", "story", Value(0.0))
    asked = to_sql.to_tsquery(query.disjunction(words))
    # Longer articles say more words: the rank is divided by the logarithm of their number.
    rank = reads.Matching(
        "ts_rank(articles_searchrow.search, %s::tsquery, 1)", (asked,), output_field=FloatField()
    )
    return newest.values_list("pk", "story", rank)


def _is_of_words(part: query.Query) -> bool:
    """Whether the index of words knows how often an article has it."""
    return isinstance(part, query.Word | query.Phrase | query.Prefix) and (
        not part.field or part.field in fields.TEXT
    )


def _in_order(pks: Sequence[int]) -> list[models.Article]:
    rows = {row.pk: row for row in reads.with_tags(models.Article.objects.filter(pk__in=pks))}
    return [rows[pk] for pk in pks if pk in rows]


def hits(wanted: filters.Filters, pks: Iterable[int], *, now: datetime.datetime) -> dict[int, Hit]:
    """Where each of these articles has what was searched. One query. Raises QueryError."""
    context = dataclasses.replace(wanted.context, now=now)
    shown = list(edit.wanted(saved.read(wanted.query, context)))
    asked = matches.asked(shown)
    rows = models.Article.objects.filter(pk__in=list(pks)).values_list("pk", "title", "body", "summary")
    made = {}
    for pk, title, body, summary in rows:
        document = matches.prepare(matches.SearchDocument(pk, title, body), asked=asked)
        spans = [
            span
            for part in shown
            if (found := matches.matches(part, document, context=context))
            for span in found.spans
        ]
        made[pk] = hit(title, body or summary, spans if body else [s for s in spans if s.field == "title"])
    return made


def hit(title: str, text: str, spans: Iterable[matches.Span]) -> Hit:
    """A title and the part of a text that has the most different words of what was found."""
    ranges: dict[str, list[highlight.Range]] = {"title": [], "text": []}
    for span in spans:
        if span.field in ranges:
            ranges[span.field].append(highlight.Range(span.start, span.end))
    part = highlight.excerpt(text, _densest(text, ranges["text"]), length=SNIPPET)
    return Hit(
        tuple(highlight.cut(title, ranges["title"])),
        tuple(highlight.cut(text, ranges["text"], start=part.start, end=part.end)),
        begins_before=part.start > 0,
        goes_on=part.end < len(text),
    )


def _densest(text: str, ranges: Sequence[highlight.Range]) -> list[highlight.Range]:
    """The spans from the one on with which most different words stand within a snippet; the first of several."""
    ordered = sorted(ranges, key=lambda one: one.start)
    best: tuple[int, int] = (0, 0)
    for number, first in enumerate(ordered):
        near = [one for one in ordered[number : number + 20] if one.end <= first.start + SNIPPET * 2 // 3]
        words = len({text[one.start : one.end].casefold() for one in near})
        if words > best[0]:
            best = (words, number)
    return ordered[best[1] :]


def panel(wanted: filters.Filters, *, now: datetime.datetime, everything: bool = False) -> Panel:
    """What was found, counted as far back as is quick, or all of it. Raises QueryError.

    At most six queries, and one for each look back in time that it takes.
    """
    tree = query.parse_query(wanted.query)
    found = searching.search(wanted, context=dataclasses.replace(wanted.context, now=now))
    keys, numbers = _counted(wanted, now) if found is None else _found(found, everything=everything)
    is_capped = len(keys) > MOST_COUNTED or numbers.since is not None
    counts = _facets(keys[:MOST_COUNTED])
    by_article = wanted.by_article or is_capped
    whole = counts["all"].get("", rollups.Count())

    def of(kind: str) -> dict[Any, int]:
        return {key: count.of(by_article=by_article) for key, count in counts[kind].items()}

    days = numbers.days if is_capped else of("day")
    since, until = (min(days), max(days)) if days else (timezone.localdate(now),) * 2
    return Panel(
        numbers.since or since,
        until,
        whole.stories,
        numbers.total if is_capped else whole.articles,
        by_article,
        bars=reads.bars(days, numbers.since or since, until),
        companies=_companies(of("company"), tree),
        themes=_themes(of("theme"), tree),
        sources=_sources(of("source"), tree),
        languages=_languages(of("lang"), tree),
        is_capped=is_capped,
        counted=whole.articles,
        is_more=numbers.since is not None,
    )


def _found(found: searching.Search, *, everything: bool) -> tuple[list[int], searching.Counted]:
    """The newest articles that a search finds, at most one more than is counted, and what each day has."""
    zone = timezone.get_current_timezone()
    is_looked_at = bool(found.sql) and not everything
    indexed = dataclasses.replace(found, sql="", params=()) if is_looked_at else found
    most = None if everything else MOST_LOOKED_AT if found.sql else MOST_NUMBERED
    numbers = searching.counted(indexed, zone=zone, most=most)
    if numbers.since:
        midnight = datetime.datetime.combine(numbers.since, datetime.time.min, zone)
        found = dataclasses.replace(found, begin=max(found.begin, midnight))
    keys = searching.newest(found, before=None, most=(MOST_NUMBERED if is_looked_at else MOST_COUNTED) + 1)
    if is_looked_at:
        numbers = searching.Counted(Counter(at.astimezone(zone).date() for at, _ in keys), numbers.since)
    return [pk for _, pk in keys[: MOST_COUNTED + 1]], numbers


def _counted(wanted: filters.Filters, now: datetime.datetime) -> tuple[list[int], searching.Counted]:
    """The same of what no index knows."""
    articles = reads.narrowed(wanted, now=now)
    newest = articles.order_by("-published_at", "-pk").values_list("pk", flat=True)
    keys = list(newest[: MOST_COUNTED + 1])
    return keys, searching.Counted(_days(articles) if len(keys) > MOST_COUNTED else {}, None)


def _facets(keys: Sequence[int]) -> dict[str, dict[Any, rollups.Count]]:
    """What there is of each kind in these articles, under its number, its day or its code. One query."""
    counts: defaultdict[str, dict[Any, rollups.Count]] = defaultdict(dict)
    with bulk.cursor() as cursor:
        found = cursor.execute(FACETS, [timezone.get_current_timezone_name(), list(keys)])
        for kind, pk, day, text, articles, stories in found:
            counts[kind][pk or day or text] = rollups.Count(articles, stories)
    return counts


def _days(articles: "QuerySet[models.Article]") -> dict[datetime.date, int]:
    """How many articles each day has."""
    by_day = articles.order_by().annotate(day=TruncDate("published_at")).values_list("day")
    return dict(by_day.annotate(n=Count("pk")))


def _companies(counts: Mapping[int, int], tree: query.Query) -> tuple[Facet, ...]:
    """The companies that most of the articles name. One query."""
    most = sorted(counts, key=lambda pk: (-counts[pk], pk))[:MOST_FACETS]
    found = models.Company.objects.filter(pk__in=most).values_list("pk", "name")
    return _by_count(_facet("company", name, counts[pk], tree) for pk, name in found)


def _themes(counts: Mapping[int, int], tree: query.Query) -> tuple[Facet, ...]:
    """The themes of the articles. One query."""
    found = models.Theme.objects.filter(pk__in=counts).values_list("pk", "name", "position")
    return _by_count(
        _facet("theme", name, counts[pk], tree, position=position) for pk, name, position in found
    )


def _by_count(facets: Iterable[Facet]) -> tuple[Facet, ...]:
    return tuple(sorted(facets, key=lambda facet: (-facet.count, facet.name)))


def _sources(counts: Mapping[int, int], tree: query.Query) -> tuple[Facet, ...]:
    """The outlets that most of the articles are of. One query."""
    most = sorted(counts, key=lambda pk: (-counts[pk], pk))[:MOST_FACETS]
    names = dict(models.Outlet.objects.filter(pk__in=most).values_list("pk", "name"))
    return tuple(_facet("source", names[pk], counts[pk], tree) for pk in most if pk in names)


def _languages(counts: Mapping[str, int], tree: query.Query) -> tuple[Facet, ...]:
    ordered = sorted((code for code in counts if code), key=lambda code: -counts[code])
    return tuple(_facet("lang", code, counts[code], tree) for code in ordered)


def _facet(field: str, name: str, count: int, tree: query.Query, *, position: int = 0) -> Facet:
    part = edit.tagged(field, name)
    return Facet(part, name, count, edit.has_part(tree, part), position)


def parts(wanted: filters.Filters, *, now: datetime.datetime) -> tuple[Part, ...]:
    """What each part of a query finds alone, and what the query finds without it. Two queries a part, of few parts.

    Raises QueryError.
    """
    tree = query.parse_query(wanted.query)
    together = edit.parts(tree)
    alternatives = tree.children if isinstance(tree, query.Or) else ()
    made = []
    for part in (alternatives or together)[:MOST_PARTS]:
        rest = "" if alternatives or len(together) < 2 else edit.without(tree, part)
        alone = None if isinstance(part, query.Not) else _number(wanted, query.canonical(part), now)
        made.append(Part(query.canonical(part), alone, rest, _number(wanted, rest, now) if rest else None))
    return tuple(made)


def _number(wanted: filters.Filters, text: str, now: datetime.datetime) -> int:
    """How many articles a query finds, counted up to MOST_ALONE."""
    found = reads.narrowed(dataclasses.replace(wanted, query=text), now=now)
    return found.order_by()[:MOST_ALONE].count()
