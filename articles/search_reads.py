"""What the search page shows besides a list of stories or articles: each function a fixed number of queries.

What is found is what `reads.narrowed` says; here it is ranked, counted, shown in its text, and taken apart where it
is nothing. Must not write, and must not render.
"""

import dataclasses
import datetime
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import BooleanField, Count, FloatField, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import TruncDate
from django.utils import timezone

from articles import filters, highlight, models, reads, searching, story_reads
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

Key = TypeVar("Key", bound=Hashable)


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


@dataclass(frozen=True, slots=True)
class _Row:
    """What is counted of an article."""

    pk: int
    story: int
    day: datetime.date
    outlet: int
    language: str


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
    rows, numbers = _counted(wanted, now) if found is None else _found(found, everything=everything)
    is_capped = len(rows) > MOST_COUNTED or numbers.since is not None
    rows = rows[:MOST_COUNTED]
    by_article = wanted.by_article or is_capped
    count = _counter(rows, by_article=by_article)
    days = numbers.days if is_capped else count(lambda row: row.day)
    since, until = (min(days), max(days)) if days else (timezone.localdate(now),) * 2
    stories = len({row.story for row in rows})
    return Panel(
        numbers.since or since,
        until,
        stories,
        numbers.total if is_capped else len(rows),
        by_article,
        bars=reads.bars(days, numbers.since or since, until),
        companies=_tags(models.CompanyTag, "company", rows, tree, by_article=by_article),
        themes=_tags(models.ThemeTag, "theme", rows, tree, by_article=by_article),
        sources=_sources(count(lambda row: row.outlet), tree),
        languages=_languages(count(lambda row: row.language), tree),
        is_capped=is_capped,
        counted=len(rows),
        is_more=numbers.since is not None,
    )


def _found(found: searching.Search, *, everything: bool) -> tuple[list[_Row], searching.Counted]:
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
    keys = keys[: MOST_COUNTED + 1]
    # One array instead of thousands of parameters.
    is_one = RawSQL("id = ANY(%s::bigint[])", ([pk for _, pk in keys],), output_field=BooleanField())
    return _rows(models.Article.objects.filter(is_one)), numbers


def _counted(wanted: filters.Filters, now: datetime.datetime) -> tuple[list[_Row], searching.Counted]:
    """The same of what no index knows."""
    articles = reads.narrowed(wanted, now=now)
    rows = _rows(articles.order_by("-published_at", "-pk")[: MOST_COUNTED + 1])
    return rows, searching.Counted(_days(articles) if len(rows) > MOST_COUNTED else {}, None)


def _rows(articles: "QuerySet[models.Article]") -> list[_Row]:
    found = articles.values_list("pk", reads.STORY, "published_at", "outlet", "language")
    zone = timezone.get_current_timezone()
    return [
        _Row(pk, story, at.astimezone(zone).date(), outlet, language)
        for pk, story, at, outlet, language in found
    ]


def _days(articles: "QuerySet[models.Article]") -> dict[datetime.date, int]:
    """How many articles each day has."""
    by_day = articles.order_by().annotate(day=TruncDate("published_at")).values_list("day")
    return dict(by_day.annotate(n=Count("pk")))


def _counter(rows: Sequence[_Row], *, by_article: bool) -> "Callable[[Callable[[_Row], Key]], Counter[Key]]":
    """What counts rows by a property: articles, or stories that have it in one article at least."""

    def count(key: Callable[[_Row], Key]) -> "Counter[Key]":
        if by_article:
            return Counter(key(row) for row in rows)
        return Counter(value for value, _ in {(key(row), row.story) for row in rows})

    return count


def _tags(
    table: type[models.CompanyTag] | type[models.ThemeTag],
    field: str,
    rows: Sequence[_Row],
    tree: query.Query,
    *,
    by_article: bool,
) -> tuple[Facet, ...]:
    """The companies or themes that most of the rows have. Two queries."""
    places = {row.pk: row.pk if by_article else row.story for row in rows}
    # One array instead of thousands of parameters.
    is_of_one = RawSQL("article_id = ANY(%s)", (list(places),), output_field=BooleanField())
    tags = table._default_manager.filter(is_of_one).order_by()
    counts = Counter(
        tag for tag, _ in {(tag, places[article]) for tag, article in tags.values_list(field, "article")}
    )
    if field == "theme":
        named = {
            pk: (name, position)
            for pk, name, position in models.Theme.objects.filter(pk__in=counts).values_list(
                "pk", "name", "position"
            )
        }
    else:
        most = [pk for pk, _ in counts.most_common(MOST_FACETS)]
        found = models.Company.objects.filter(pk__in=most).values_list("pk", "name")
        named = {pk: (name, 0) for pk, name in found}
    made = [
        _facet(field, name, counts[pk], tree, position=position) for pk, (name, position) in named.items()
    ]
    return tuple(sorted(made, key=lambda facet: (-facet.count, facet.name)))


def _sources(counts: Mapping[int, int], tree: query.Query) -> tuple[Facet, ...]:
    """The outlets that most of the rows are of. One query."""
    most = sorted(counts, key=lambda pk: -counts[pk])[:MOST_FACETS]
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
