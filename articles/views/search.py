"""The search page: one query, what it finds, and what can be done with it."""

import dataclasses
import datetime
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from articles import (
    completions,
    exports,
    filters,
    marks,
    models,
    reads,
    saved_searches,
    search_costs,
    search_reads,
    story_reads,
)
from articles.search import edit, query, saved
from articles.views import timeline
from newswatch.accounts import reader

BY_RELEVANCE = "relevance"
# The part of the page that comes later, and the parameter that asks for it at once, or with this value for all of it.
COUNTS = "counted"
EVERYTHING = "all"
PAGE_SIZE = 30
LONGEST_ADDRESS = 12_000


@dataclass(frozen=True, slots=True)
class Choice:
    """A facet as a link: what the search becomes when it is chosen, or taken back, or what has it is left out."""

    facet: search_reads.Facet
    parameters: str
    without: str


@dataclass(frozen=True, slots=True)
class Column:
    """A bar of the chart with the search for its days alone."""

    bar: reads.Bar
    parameters: str


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What a query finds; without one, how to ask."""
    wanted = wanted_by(request)
    if wanted.query and (within := request.GET.get("within", "").strip()):
        return redirect(address(f"{within} ({wanted.query})"))
    if not wanted.query:
        return render(request, "search/start.html", {"filters": wanted, **own(request)})
    try:
        if request.headers.get("HX-Target") == COUNTS:
            return counts(request, wanted)
        stream = load(request, wanted)
    except query.QueryError as problem:
        context = {"filters": wanted, "problem": problem, "query": wanted.query}
        return render(request, "search/search.html", context)
    if not stream.first_page and timeline.wants_fragment(request):
        return timeline.render_fragment(request, stream)
    return render(request, "search/search.html", context_of(request, wanted, stream))


def counts(request: HttpRequest, wanted: filters.Filters) -> HttpResponse:
    """Number, chart and facets: htmx asks once the results are there. Raises QueryError."""
    response = render(request, "search/_counts.html", {"filters": wanted, **counted(request, wanted)})
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


@require_safe
def complete(request: HttpRequest) -> HttpResponse:
    """How the typed query may go on: htmx asks while the reader types."""
    typed = request.GET.get("q", "").replace("\0", "")[: query.MOST_CHARACTERS]
    found = completions.completions(typed, reader.of(request))
    return render(request, "search/_completions.html", {"completions": found})


def wanted_by(request: HttpRequest) -> filters.Filters:
    """What the address asks for."""
    text = request.GET.get("q", "").replace("\0", " ").strip()
    return filters.Filters(
        query=text,
        by_article=timeline.wants_articles(request),
        context=saved_searches.context_of(reader.of(request), text, now=timezone.now()),
    )


def load(request: HttpRequest, wanted: filters.Filters) -> timeline.Stream:
    """A page of results with what was searched marked in them. Raises QueryError."""
    now = timezone.now()
    if is_ranked(request):
        stream = ranked(request, wanted, now)
    else:
        stream = timeline.load_stream(request, wanted, size=PAGE_SIZE)
    return dataclasses.replace(stream, hits=search_reads.hits(wanted, shown(stream), now=now))


def ranked(request: HttpRequest, wanted: filters.Filters, now: datetime.datetime) -> timeline.Stream:
    """A page of the most relevant results. Raises QueryError."""
    place = search_reads.parse_place(request.GET.get("before", ""))
    page = search_reads.ranked(wanted, now=now, place=place)
    # One "day" that goes on: no heading, since relevance knows no days.
    days = (reads.Day(timezone.localdate(now), page.rows, continues=True),) if page.rows else ()
    made = dataclasses.replace(
        timeline.empty_stream(wanted),
        days=days,  # type: ignore[arg-type]
        older=page.more,
        parameters=parameters(wanted, by_relevance=True),
        other_parameters=parameters(
            dataclasses.replace(wanted, by_article=not wanted.by_article), by_relevance=True
        ),
        first_page=place is None,
        begins=str(place) if place else "",
        is_ranked=True,
    )
    return dataclasses.replace(made, marked=marks.on_days(reader.of(request).pk, made.days))


def shown(stream: timeline.Stream) -> list[int]:
    """The articles whose titles stand in a list."""
    rows = [row for day in stream.days for row in day.rows]
    lines = [row for row in rows if isinstance(row, story_reads.Line)]
    articles = [row.pk for row in rows if isinstance(row, models.Article)]
    reasons = [line.newest.pk for line in lines if line.shows_why]
    return [*articles, *(line.headline.pk for line in lines), *reasons]


def context_of(request: HttpRequest, wanted: filters.Filters, stream: timeline.Stream) -> dict[str, object]:
    """What the page of results shows."""
    now = timezone.now()
    tree = query.parse_query(wanted.query)
    canonical = query.canonical(tree)
    by_relevance = is_ranked(request)
    wants_counts = COUNTS in request.GET
    context = dataclasses.replace(wanted.context, now=now)
    return {
        "filters": wanted,
        "query": wanted.query,
        "cost": search_costs.warning(saved.expand(tree, wanted.context.saved), context),
        "canonical": canonical,
        "stream": stream,
        "by_relevance": by_relevance,
        "newest_parameters": parameters(wanted),
        "relevant_parameters": parameters(wanted, by_relevance=True),
        "parts": () if stream.days else search_reads.parts(wanted, now=now),
        "counts_parameters": f"{parameters(wanted, by_relevance=by_relevance)}&{COUNTS}",
        "alert_parameters": urlencode({"query": wanted.query, "name": wanted.query[:200]}),
        "saved": models.SavedSearch.objects.filter(owner=reader.of(request), query=canonical).first(),
        "formats": exports.FORMATS,
        "longest_name": models.saved_search.LONGEST_NAME,
        **(counted(request, wanted) if wants_counts and stream.days else {}),
    }


def counted(request: HttpRequest, wanted: filters.Filters) -> dict[str, object]:
    """Number, chart and facets with the searches that they lead to. Raises QueryError."""
    everything = request.GET.get(COUNTS) == EVERYTHING
    panel = search_reads.panel(wanted, now=timezone.now(), everything=everything)
    by_relevance = is_ranked(request)
    columns = [
        Column(bar, with_part(wanted, edit.within(bar.first, bar.last), by_relevance)) for bar in panel.bars
    ]
    return {
        "panel": panel,
        "all_parameters": f"{parameters(wanted, by_relevance=by_relevance)}&{COUNTS}={EVERYTHING}",
        "columns": columns,
        "bar_parameters": [column.parameters for column in columns],
        "facets": {
            kind: [choice(wanted, facet, by_relevance) for facet in getattr(panel, kind)]
            for kind in ("companies", "themes", "sources", "languages")
        },
    }


def choice(wanted: filters.Filters, facet: search_reads.Facet, by_relevance: bool) -> Choice:
    """A facet as a link."""
    if facet.is_on:
        rest = edit.without_part(wanted.query, facet.part)
        changed = dataclasses.replace(wanted, query=rest)
        return Choice(facet, parameters(changed, by_relevance=by_relevance), "")
    return Choice(
        facet,
        with_part(wanted, facet.part, by_relevance),
        with_part(wanted, query.Not(facet.part), by_relevance),
    )


def with_part(wanted: filters.Filters, part: query.Query, by_relevance: bool) -> str:
    """The parameters of the search with one thing more."""
    changed = dataclasses.replace(wanted, query=edit.with_part(wanted.query, part))
    return parameters(changed, by_relevance=by_relevance)


def parameters(wanted: filters.Filters, *, by_relevance: bool = False) -> str:
    """The query part of a search's address, without the question mark."""
    return urlencode([*wanted.pairs(), *([("sort", BY_RELEVANCE)] if by_relevance else [])])


def address(text: str) -> str:
    """Where a query's results are; the empty page for one that makes an address which servers refuse."""
    whole = f"{reverse('articles:search')}?{urlencode({'q': text})}"
    return whole if len(whole) < LONGEST_ADDRESS else reverse("articles:search")


def is_ranked(request: HttpRequest) -> bool:
    """Whether the address asks for the most relevant results first."""
    return request.GET.get("sort") == BY_RELEVANCE


def own(request: HttpRequest) -> dict[str, object]:
    """What the start page shows of the reader's own. Two queries."""
    who = reader.of(request)
    return {
        "searches": models.SavedSearch.objects.filter(owner=who),
        "stars": models.Mark.objects.filter(reader=who, starred_at__isnull=False).exists(),
    }
