"""The timeline and what it asks for while the reader types."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.html import escape
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from articles import (
    drawn,
    filters,
    forms,
    marks,
    models,
    reads,
    remembered,
    search_reads,
    story_reads,
    volume,
)
from newswatch.accounts import reader

MOST_OPTIONS = 12


@dataclass(frozen=True, slots=True)
class Stream:
    """A page of stories or articles as templates need it.

    `parameters` is the address's query without the cursor, `other_parameters` that of the same list in the other unit,
    `all_parameters` that of the same list at the timeline's address. `seen`: how far articles had been placed in
    stories when the first page was made; 0 where articles are shown. `hits` say where articles have what was searched;
    `is_ranked`: the most relevant ones come first.
    """

    days: tuple[reads.Day[story_reads.Line], ...] | tuple[reads.Day[models.Article], ...]
    older: reads.Cursor | search_reads.Place | None
    parameters: str
    other_parameters: str
    all_parameters: str
    by_article: bool
    first_page: bool = True
    seen: int = 0
    marked: marks.Marks = field(default_factory=marks.Marks)
    hits: Mapping[int, search_reads.Hit] = field(default_factory=dict)
    is_ranked: bool = False

    @property
    def has_sample(self) -> bool:
        """Whether a row is of sample data."""
        rows = (row for day in self.days for row in day.rows)
        return any((row.newest if isinstance(row, story_reads.Line) else row).is_sample for row in rows)


@dataclass(frozen=True, slots=True)
class Page:
    """The list, and HTML: its rows, with places for what is the request's own, its filters and its chart."""

    stream: Stream
    rows: str
    filters: str
    volume: str


@require_safe
def timeline(request: HttpRequest) -> HttpResponse:
    """Stories or articles by day, filtered by the address."""
    form = forms.TimelineForm(request.GET)
    view = volume.view_of(request.GET)
    wanted = dataclasses.replace(form.filters(), shown=view.pairs())
    if wanted.query:
        # What is searched in words is asked on the search page, by one query.
        asked = {"q": wanted.as_search()} | ({"by": filters.BY_ARTICLE} if wanted.by_article else {})
        return redirect(f"{reverse('articles:search')}?{urlencode(asked)}")
    if request.GET.get("add") and not form.errors:
        return redirect(f"{request.path}?{wanted.parameters()}")
    if wants_fragment(request):
        stream = load_stream(request, wanted)
        if not stream.first_page:
            return render_fragment(request, stream)
    page = drawn_page(request, form, wanted, view)
    context = {
        "form": form,
        "filters": wanted,
        "page": page,
        "stream": page.stream,
        "rows": drawn.join([page.rows], token=get_token(request), address=escape(request.get_full_path())),
        "within": wanted.as_search(),
        "alert_parameters": alert_parameters(wanted),
        "nothing_at_all": not page.stream.days and not models.Article.objects.ready().exists(),
    }
    return render(request, "articles/timeline.html", context)


def drawn_page(
    request: HttpRequest, form: forms.TimelineForm, wanted: filters.Filters, view: volume.View
) -> Page:
    """What the address shows, as it was drawn for this reader since anything was written. Raises QueryError."""
    address = request.META.get("QUERY_STRING", "")

    def panels() -> tuple[str, str]:
        shown = reads.panel(wanted, now=timezone.now())
        chart = {"volume": chart_of(wanted, view), "panel": shown, "stream": empty_stream(wanted)}
        place = {"path": request.path, "in_place": True}
        return (
            render_to_string("articles/_filters.html", {"form": form, "filters": wanted, "panel": shown}),
            render_to_string("articles/_volume.html", {**chart, **place}),
        )

    def page() -> Page:
        stream = load_stream(request, wanted)
        own = {"stream": stream, "request": request, "csrf_token": drawn.TOKEN, "next": drawn.NEXT}
        rows = render_to_string("articles/_stream.html", own) if stream.days else ""
        # What is beside the list is the same for all readers.
        return Page(stream, rows, *remembered.read(("panels", get_language(), address), panels))

    return remembered.read(("timeline", reader.of(request).pk, get_language(), address), page)


def chart_of(wanted: filters.Filters, view: volume.View) -> volume.Volume:
    """The volume chart of a timeline. Raises QueryError."""
    # Its words are in the reader's language.
    key = ("volume", get_language(), wanted.parameters(), wanted.subtheme, view)
    return remembered.read(key, lambda: volume.read(wanted, view, now=timezone.now()))


@require_safe
def company_options(request: HttpRequest) -> HttpResponse:
    """Options for the field that adds a company: htmx asks while the reader types."""
    typed = request.GET.get("add", "").strip()[:200].replace("\0", "")
    found = reads.suggestions(typed, most=MOST_OPTIONS) if typed else ()
    return render(request, "articles/_company_options.html", {"companies": found})


def load_stream(
    request: HttpRequest, wanted: filters.Filters, *, own: bool = False, size: int = reads.PAGE_SIZE
) -> Stream:
    """The page of the list that the address's cursor points to. Raises QueryError.

    `own`: the list stands at an address that says what it is about, such as a company's.
    """
    person = reader.of(request).pk
    before = reads.parse_cursor(request.GET.get("before", ""))
    if wanted.query:
        # It may speak of the time of day.
        return read_stream(wanted, person, before, own=own, size=size)
    return remembered.read(
        ("stream", person, wanted.parameters(), wanted.subtheme, str(before), own, size),
        lambda: read_stream(wanted, person, before, own=own, size=size),
    )


def read_stream(
    wanted: filters.Filters, person: int, before: reads.Cursor | None, *, own: bool, size: int
) -> Stream:
    """The page of the list before a cursor, with a person's marks. Raises QueryError."""
    empty = dataclasses.replace(empty_stream(wanted, own=own), first_page=before is None)
    if wanted.by_article:
        page = reads.timeline(wanted, now=timezone.now(), before=before, size=size)
        made = dataclasses.replace(empty, days=page.days, older=page.older)
    else:
        found = story_reads.timeline(wanted, now=timezone.now(), before=before, size=size)
        made = dataclasses.replace(
            empty, days=found.timeline.days, older=found.timeline.older, seen=found.seen
        )
    return dataclasses.replace(made, marked=marks.on_days(person, made.days))


def empty_stream(wanted: filters.Filters, *, own: bool = False) -> Stream:
    """A list of nothing."""
    said = filters.Filters(subtheme=wanted.subtheme, by_article=wanted.by_article) if own else wanted
    return Stream((), None, said.parameters(), said.switched(), wanted.parameters(), wanted.by_article)


def wants_articles(request: HttpRequest) -> bool:
    """Whether the address asks for articles one by one instead of stories."""
    return request.GET.get("by") == filters.BY_ARTICLE


def wants_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for more rows rather than for a page."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Target", "").startswith(
        "older"
    )


def render_fragment(request: HttpRequest, stream: Stream) -> HttpResponse:
    """More rows, to be put in the place of the "older" link."""
    response = render(request, "articles/_stream.html", {"stream": stream})
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def alert_parameters(wanted: filters.Filters) -> str:
    """The parameters that fill the form for a new alert on this in."""
    return urlencode({"query": wanted.as_query(), "name": wanted.title()})
