"""What the news pages show: each function a fixed number of queries, however many rows there are.

Must not write, and must not render.
"""

import dataclasses
import datetime
import itertools
import operator
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Count, Exists, F, Func, OuterRef, Prefetch, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, Left
from django.db.models.sql.compiler import SQLCompiler
from django.utils import timezone

from articles import filters, models, named_reads, rollups, searching
from articles.search import conditions, query, saved, to_sql
from articles.search.context import Context

PAGE_SIZE = 50
# The side panel and the bars look back this far when the reader sets no days.
PANEL_DAYS = 30
ONE_DAY = datetime.timedelta(days=1)
MOST_PANEL_COMPANIES = 12
MOST_BARS = 62
# Code points of the body that a list shows where the feed gave no summary.
OPENING = 240
OPENING_OF_BODY = Left("body", OPENING)
# As `to_sql` names them.
TABLES = ("articles_article", "articles_searchrow")
# An article that is in no story yet is counted as one.
STORY = Coalesce(F("story"), -F("pk"))
# Forms that name a company; the others only say what does not.
NAMES = models.Alias.objects.exclude(kind=models.Alias.Kind.OTHER)


@dataclass(frozen=True, slots=True)
class Cursor:
    """The article at the end of a page: the next page goes on before it.

    `seen`: how far articles had been placed in stories when the first page was shown; the pages after it are of that
    state, so that no story is skipped or shown twice because articles came meanwhile.
    """

    published_at: datetime.datetime
    pk: int
    seen: int | None = None

    def __str__(self) -> str:
        micros = (self.published_at - EPOCH) // datetime.timedelta(microseconds=1)
        return f"{micros}-{self.pk}" if self.seen is None else f"{micros}-{self.pk}-{self.seen}"


EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


def parse_cursor(text: str) -> Cursor | None:
    """The cursor of an address; None if it is none."""
    parts = text.split("-")
    if len(parts) not in (2, 3) or len(parts[0]) > 17:
        return None
    numbers = [parse_number(part) for part in parts]
    micros, pk, seen = (*numbers, None)[:3]
    if micros is None or pk is None or None in numbers:
        return None
    try:
        return Cursor(EPOCH + datetime.timedelta(microseconds=micros), pk, seen)
    except OverflowError:
        return None


def parse_number(text: str) -> int | None:
    """A whole number that a column of keys can hold; None if it is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


# What stands on a timeline's lines: it has a `published_at`.
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Day(Generic[Row]):
    """A day in the reader's time zone and its rows, newest first. `continues`: an earlier page began it."""

    date: datetime.date
    rows: tuple[Row, ...]
    continues: bool = False


@dataclass(frozen=True, slots=True)
class TimelinePage(Generic[Row]):
    """One page of a timeline. `older` is None on the last one."""

    days: tuple[Day[Row], ...]
    older: Cursor | None


@dataclass(frozen=True, slots=True)
class Bar:
    """How many articles, or stories, the days from `first` to `last` had. `height`: its share of the highest bar."""

    first: datetime.date
    last: datetime.date
    count: int
    height: float


@dataclass(frozen=True, slots=True)
class Facet:
    """A company or a theme and how many of the filtered articles, or of their stories, are tagged with it."""

    pk: int
    name: str
    count: int
    position: int = 0


@dataclass(frozen=True, slots=True)
class Panel:
    """What the filtered articles of a period are about. All but the first two counts are in the reader's unit.

    `is_cut`: companies and themes are counted in the newest articles alone, because there are very many.
    """

    since: datetime.date
    until: datetime.date
    stories: int
    articles: int
    by_article: bool
    companies: tuple[Facet, ...]
    themes: tuple[Facet, ...]
    is_cut: bool = False

    @property
    def newest(self) -> int:
        """In how many of the newest articles they are counted, if there are more."""
        return named_reads.MOST

    @property
    def total(self) -> int:
        """How many there are in the reader's unit."""
        return self.articles if self.by_article else self.stories


def timeline(
    wanted: filters.Filters, *, now: datetime.datetime, before: Cursor | None = None, size: int = PAGE_SIZE
) -> TimelinePage[models.Article]:
    """A page of the articles that the filters let through, newest first. Three queries.

    Raises articles.search.query.QueryError for a query that can't be read.
    """
    found = searching.search(wanted, context=dataclasses.replace(wanted.context, now=now))
    if found is None:
        rows = list(with_tags(going_on(narrowed(wanted, now=now), before))[: size + 1])
    else:
        key = (before.published_at, before.pk) if before else None
        pks = [pk for _, pk in searching.newest(found, before=key, most=size + 1)]
        rows = list(going_on(with_tags(models.Article.objects.filter(pk__in=pks)), None))
    shown = rows[:size]
    older = Cursor(shown[-1].published_at, shown[-1].pk) if len(rows) > size else None
    return TimelinePage(by_day(shown, before), older)


def going_on(articles: "QuerySet[models.Article]", before: Cursor | None) -> "QuerySet[models.Article]":
    """The articles newest first, from where an earlier page ended."""
    if before:
        articles = articles.filter(
            Q(published_at__lt=before.published_at) | Q(published_at=before.published_at, pk__lt=before.pk),
            # Redundant, but it is this condition that the index can start from.
            published_at__lte=before.published_at,
        )
    return articles.order_by("-published_at", "-pk")


def by_day(rows: Sequence[Row], before: Cursor | None) -> tuple[Day[Row], ...]:
    """The rows grouped by the day they were published on, in the current time zone."""
    last = _day(before.published_at) if before else None
    published = operator.attrgetter("published_at")
    groups = itertools.groupby(rows, key=lambda row: _day(published(row)))
    return tuple(Day(date, tuple(group), continues=date == last) for date, group in groups)


def narrowed(wanted: filters.Filters, *, now: datetime.datetime) -> "QuerySet[models.Article]":
    """The ready articles that pass the filters. Raises QueryError."""
    articles = _tagged(models.Article.objects.ready(), wanted)
    if wanted.outlet:
        articles = articles.filter(outlet=wanted.outlet)
    if wanted.language:
        articles = articles.filter(language=wanted.language)
    if wanted.since:
        articles = articles.filter(published_at__gte=midnight(wanted.since))
    if wanted.until:
        articles = articles.filter(published_at__lt=midnight(wanted.until + datetime.timedelta(days=1)))
    if not wanted.text:
        return articles
    return matching(articles, wanted.text, context=dataclasses.replace(wanted.context, now=now))


def _tagged(articles: "QuerySet[models.Article]", wanted: filters.Filters) -> "QuerySet[models.Article]":
    if wanted.companies:
        tags = models.CompanyTag.objects.filter(article=OuterRef("pk"), company__in=wanted.companies)
        articles = articles.filter(Exists(tags))
    if wanted.themes:
        theme_tags = models.ThemeTag.objects.filter(article=OuterRef("pk"), theme__in=wanted.themes)
        if wanted.subtheme:
            theme_tags = theme_tags.filter(subthemes__contains=[wanted.subtheme])
        articles = articles.filter(Exists(theme_tags))
    return articles


def matching(
    articles: "QuerySet[models.Article]", text: str, *, context: Context
) -> "QuerySet[models.Article]":
    """The articles that a query of the query language finds. Raises QueryError."""
    return matching_tree(articles, saved.read(text, context), context=context)


def matching_tree(
    articles: "QuerySet[models.Article]", tree: query.Query, *, context: Context | None = None
) -> "QuerySet[models.Article]":
    """The articles that an expanded query finds. Raises ValueError if it needs the time and that is not given."""
    return passing(articles, to_sql.to_sql(tree, context=context))


def passing(
    articles: "QuerySet[models.Article]", condition: conditions.Condition
) -> "QuerySet[models.Article]":
    """The articles for which a condition on them and their search rows is true."""
    # Joined first: the condition is one on both tables.
    joined = articles.filter(search_row__isnull=False)
    return joined.filter(Matching(condition.sql, condition.params, output_field=BooleanField()))


class Matching(RawSQL):
    """A condition of `to_sql` on the articles of a query and their search rows, which have other names in a subquery.

    The condition is built of constants; every value in it is a parameter.
    """

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        sql, params = super().as_sql(compiler, connection)
        names = {table.table_name: alias for alias, table in reversed(compiler.query.alias_map.items())}
        for table in TABLES:
            sql = sql.replace(f"{table}.", f"{compiler.quote_name_unless_alias(names[table])}.")
        return sql, params


def with_tags(articles: "QuerySet[models.Article]") -> "QuerySet[models.Article]":
    """With outlet, companies and themes at hand, and without the long columns that a list doesn't show."""
    return (
        articles.select_related("outlet")
        .defer("feed_text", "feed_regions", "outlet__homepage", "body")
        .annotate(opening=OPENING_OF_BODY)
        .prefetch_related(
            Prefetch(
                "company_tags",
                models.CompanyTag.objects.select_related("company").order_by("pk"),
            ),
            Prefetch(
                "theme_tags",
                models.ThemeTag.objects.select_related("theme").order_by("theme__position", "pk"),
            ),
        )
    )


def panel(
    wanted: filters.Filters, *, now: datetime.datetime, found: named_reads.Named | None = None
) -> Panel:
    """Counts by company and theme over the filters' days, or the last 30. At most four queries. Raises QueryError.

    `found`: what `named` gives for these days, if it is known.
    """
    until = wanted.until or _day(now)
    since = min(wanted.since or until - datetime.timedelta(days=PANEL_DAYS - 1), until)
    subject = subject_of(wanted)
    if subject == rollups.EVERYTHING:
        kinds = busiest(tuple(rollups.Kind), since, until)
        whole = kinds[rollups.Kind.EVERYTHING].get(0, rollups.Count())
        companies, themes = kinds[rollups.Kind.COMPANY], kinds[rollups.Kind.THEME]
    else:
        found = found or named(dataclasses.replace(wanted, since=since, until=until), now=now)
        whole = total_of(subject, since, until) if subject else found.whole
        companies, themes = found.companies, found.themes
    return Panel(
        since,
        until,
        stories=whole.stories,
        articles=whole.articles,
        by_article=wanted.by_article,
        companies=_most_named(in_unit(companies, wanted)),
        themes=_all_themes(in_unit(themes, wanted)),
        is_cut=subject != rollups.EVERYTHING and whole.articles > named_reads.MOST,
    )


def named(
    wanted: filters.Filters, step: rollups.Step = rollups.Step.DAY, *, now: datetime.datetime
) -> named_reads.Named:
    """What passes filters that have their days: how much, by step, and whom it names. One query. Raises QueryError."""
    return named_reads.named(
        _told(wanted, now=now), step=step.value, zone=timezone.get_current_timezone_name()
    )


def _told(wanted: filters.Filters, *, now: datetime.datetime) -> named_reads.Told:
    """How the articles that pass filters which have their days are found the quickest. Raises QueryError."""
    begin, end = wanted.period()
    subject = subject_of(wanted)
    if begin and end and subject and subject != rollups.EVERYTHING:
        return named_reads.of_one(subject, begin, end)
    if begin and end and wanted.companies and wanted.themes and named_reads.is_tags_alone(wanted):
        return named_reads.of_both(wanted, begin, end)
    search = searching.search(wanted, context=dataclasses.replace(wanted.context, now=now))
    # What most articles have is seen quickest by going through all of them, in the index of their times.
    if begin and end and search and not is_language_alone(wanted):
        return named_reads.found(search, begin, end)
    articles = narrowed(wanted, now=now).order_by()
    return named_reads.passing(articles.values_list("pk", STORY, "published_at"))


def is_language_alone(wanted: filters.Filters) -> bool:
    """Whether filters ask for a language, and for nothing else but days."""
    others = wanted.companies, wanted.themes, wanted.outlet, wanted.text
    return bool(wanted.language) and not any(others)


def in_unit(counts: Mapping[int, rollups.Count], wanted: filters.Filters) -> dict[int, int]:
    """Counts in the filters' unit."""
    return {pk: count.of(by_article=wanted.by_article) for pk, count in counts.items()}


def subject_of(wanted: filters.Filters) -> rollups.Subject | None:
    """What the rollups count that passes just these filters, whatever their days; None if there is no such thing."""
    plain = filters.Filters(
        companies=wanted.companies,
        themes=wanted.themes,
        since=wanted.since,
        until=wanted.until,
        by_article=wanted.by_article,
        shown=wanted.shown,
    )
    if wanted != plain or len(wanted.companies) + len(wanted.themes) > 1:
        return None
    if wanted.companies:
        return rollups.Subject(rollups.Kind.COMPANY, wanted.companies[0].pk)
    if wanted.themes:
        return rollups.Subject(rollups.Kind.THEME, wanted.themes[0].pk)
    return rollups.EVERYTHING


def total_of(subject: rollups.Subject, since: datetime.date, until: datetime.date) -> rollups.Count:
    """What the rollups have of a subject on these days, both included. One query."""
    days = {"since": midnight(since), "until": midnight(until + ONE_DAY)}
    zone = timezone.get_current_timezone()
    found = rollups.counts([subject], step=rollups.Step.WHOLE, zone=zone, **days)[subject]
    return next(iter(found.values()), rollups.Count())


def busiest(
    kinds: Collection[rollups.Kind], since: datetime.date, until: datetime.date
) -> dict[rollups.Kind, Mapping[int, rollups.Count]]:
    """How much everything, each company or each theme had on these days, both included. One query."""
    days = {"since": midnight(since), "until": midnight(until + ONE_DAY)}
    found = rollups.busiest(kinds, zone=timezone.get_current_timezone(), **days)
    return {kind: {one.pk: count for one, count in found.items() if one.kind == kind} for kind in kinds}


def _most_named(counts: Mapping[int, int]) -> tuple[Facet, ...]:
    """The companies with most. One query."""
    # Names decide among the last that are equal.
    least = sorted(counts.values(), reverse=True)[:MOST_PANEL_COMPANIES][-1:]
    shown = [pk for pk, count in counts.items() if count >= least[0]] if least else []
    names = models.Company.objects.filter(pk__in=shown).values_list("pk", "name")
    found = sorted(
        (Facet(pk, name, counts[pk]) for pk, name in names), key=lambda one: (-one.count, one.name)
    )
    return tuple(found[:MOST_PANEL_COMPANIES])


def companies_in(articles: "QuerySet[models.Article]", unit: Count) -> tuple[Facet, ...]:
    """The companies named most in these articles. One query."""
    named = articles.filter(company_tags__isnull=False)
    rows = named.values_list("company_tags__company", "company_tags__company__name").annotate(n=unit)
    ordered = rows.order_by("-n", "company_tags__company__name")
    return tuple(Facet(*row) for row in ordered[:MOST_PANEL_COMPANIES])


def _all_themes(counts: Mapping[int, int]) -> tuple[Facet, ...]:
    return tuple(
        Facet(theme.pk, theme.name, counts.get(theme.pk, 0), theme.position)
        for theme in models.Theme.objects.all()
        if theme.enabled or theme.pk in counts
    )


def bars(counts: Mapping[datetime.date, int], since: datetime.date, until: datetime.date) -> tuple[Bar, ...]:
    """Numbers by day as bars from `since` to `until`, several days to a bar where they are many."""
    length = (until - since).days + 1
    step = -(-length // MOST_BARS)
    sums = []
    for start in range(0, length, step):
        dates = [since + datetime.timedelta(days=start + n) for n in range(min(step, length - start))]
        sums.append((dates[0], dates[-1], sum(counts.get(date, 0) for date in dates)))
    highest = max((count for *_, count in sums), default=0) or 1
    return tuple(Bar(first, last, count, count / highest) for first, last, count in sums)


def companies(search: str) -> list[int]:
    """Companies whose name, alias or ticker has `search` in it (all if it is empty), by name. One query."""
    found = models.Company.objects.filter(enabled=True)
    if search:
        named = NAMES.filter(company=OuterRef("pk"), text__icontains=search)
        found = found.filter(Q(name__icontains=search) | Q(ticker__iexact=search) | Exists(named))
    return list(found.order_by("name").values_list("pk", flat=True))


def company_counts(*, now: datetime.datetime) -> dict[int, int]:
    """How many articles of the last days, today included, name each company that any names. One query."""
    zone = timezone.get_current_timezone()
    since, until = midnight(_day(now) - (PANEL_DAYS - 1) * ONE_DAY), midnight(_day(now) + ONE_DAY)
    found = rollups.busiest([rollups.Kind.COMPANY], since=since, until=until, zone=zone)
    return {subject.pk: count.articles for subject, count in found.items()}


def suggestions(typed: str, *, most: int) -> "QuerySet[models.Company]":
    """Companies whose name or alias begins with what the reader typed. One query."""
    named = NAMES.filter(company=OuterRef("pk"), text__istartswith=typed)
    found = models.Company.objects.filter(Q(name__istartswith=typed) | Exists(named), enabled=True)
    return found.only("name").order_by("name")[:most]


def company(pk: int) -> models.Company | None:
    """A company with its aliases and the themes it implies. Three queries."""
    return (
        models.Company.objects.prefetch_related(
            Prefetch("aliases", NAMES.order_by("kind", "text")),
            "implied_themes",
        )
        .filter(pk=pk)
        .first()
    )


def theme(name: str) -> models.Theme | None:
    """A theme with its terms, heaviest first. Two queries."""
    terms = models.ThemeTerm.objects.order_by("exclude", "-weight", "text")
    return models.Theme.objects.prefetch_related(Prefetch("terms", terms)).filter(name=name).first()


def subthemes(theme: models.Theme, *, now: datetime.datetime) -> tuple[Facet, ...]:
    """The parts of a theme, and how many articles of the last days are about each, most first. Two queries."""
    since = now - datetime.timedelta(days=PANEL_DAYS)
    recent = theme.tags.filter(published_at__gte=since).order_by()
    named = recent.annotate(part=Func(F("subthemes"), function="unnest")).values_list("part")
    counts = dict(named.annotate(n=Count("pk")))
    listed = theme.terms.exclude(subtheme="").order_by().values_list("subtheme", flat=True).distinct()
    found = [Facet(theme.pk, name, counts.get(name, 0), theme.position) for name in {*listed, *counts}]
    return tuple(sorted(found, key=lambda facet: (-facet.count, facet.name)))


def article(pk: int) -> models.Article | None:
    """A ready article with all that its page shows. Nine queries."""
    return (
        models.Article.objects.ready()
        .select_related("outlet", "source", "page")
        .defer("feed_text", "page__markup")
        .prefetch_related(
            Prefetch(
                "company_tags",
                models.CompanyTag.objects.select_related("company").order_by("pk"),
            ),
            Prefetch("theme_tags", models.ThemeTag.objects.select_related("theme").order_by("-score", "pk")),
            Prefetch(
                "mentions",
                models.Mention.objects.select_related("company", "theme").order_by("start", "-end"),
            ),
            "versions",
            Prefetch(
                "verdicts",
                models.TagVerdict.objects.select_related("company", "theme", "user").order_by(
                    "made_at", "pk"
                ),
            ),
            Prefetch(
                "withdrawn_tags",
                models.WithdrawnTag.objects.select_related("company", "theme").order_by("pk"),
            ),
            Prefetch(
                "appearances", models.Appearance.objects.select_related("source").order_by("first_seen_at")
            ),
        )
        .filter(pk=pk)
        .first()
    )


def _day(moment: datetime.datetime) -> datetime.date:
    return timezone.localtime(moment).date()


def midnight(day: datetime.date) -> datetime.datetime:
    """When a day begins in the reader's time zone."""
    return datetime.datetime.combine(day, datetime.time.min, tzinfo=timezone.get_current_timezone())
