"""The timeline and what it asks for while the reader types."""

import dataclasses
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar
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
    event_lines,
    event_reads,
    event_scopes,
    filters,
    forms,
    marks,
    models,
    reads,
    remembered,
    saved_searches,
    search_reads,
    story_reads,
    volume,
)
from articles.search import query
from articles.views import events
from newswatch.accounts import reader

MOST_OPTIONS = 12
Found = TypeVar("Found")


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
    # What the address says of where this page begins; empty on the first one.
    begins: str = ""

    @property
    def has_sample(self) -> bool:
        """Whether a row is of sample data."""
        rows = (row for day in self.days for row in day.rows)
        return any((row.newest if isinstance(row, story_reads.Line) else row).is_sample for row in rows)


@dataclass(frozen=True, slots=True)
class Page:
    """The list, and HTML: its rows, with places for what is the request's own, its filters, chart and events."""

    stream: Stream
    rows: str
    filters: str
    volume: str
    events: str


@require_safe
def timeline(request: HttpRequest) -> HttpResponse:
    """Stories or articles by day, filtered by the address."""
    searches = saved_searches.of(reader.of(request))
    form = forms.TimelineForm(request.GET, searches)
    along = event_lines.view_of(request.GET)
    view = dataclasses.replace(volume.view_of(request.GET), besides=along.pairs())
    wanted = dataclasses.replace(asked_by(request, form), shown=view.pairs())
    if request.GET.get("add") and not form.errors:
        return redirect(f"{request.path}?{wanted.parameters()}")
    try:
        if wants_fragment(request):
            stream = load_stream(request, wanted)
            if not stream.first_page:
                return render_fragment(request, stream)
        page = drawn_page(request, form, wanted, view, along)
    except query.QueryError:
        return to_be_mended(wanted)
    context = {
        "form": form,
        "filters": wanted,
        "searches": [(search, wanted.toggled_search(search)) for search in searches],
        "page": page,
        "stream": page.stream,
        "rows": drawn.join([page.rows], token=get_token(request), address=escape(request.get_full_path())),
        "within": wanted.as_search(),
        "alert_parameters": alert_parameters(wanted),
        "nothing_at_all": not page.stream.days and not models.Article.objects.ready().exists(),
    }
    return render(request, "articles/timeline.html", context)


def drawn_page(
    request: HttpRequest,
    form: forms.TimelineForm,
    wanted: filters.Filters,
    view: volume.View,
    along: event_lines.View,
) -> Page:
    """What the address shows, as it was drawn for this reader since anything was written. Raises QueryError."""
    address = request.META.get("QUERY_STRING", "")

    def panels() -> tuple[str, str, str]:
        now = timezone.now()
        found = volume.named(wanted, view, now=now)
        shown = reads.panel(wanted, now=now, found=found)
        bars = volume.read(wanted, view, now=now, found=found)
        return (
            drawn_filters(address, form, wanted, shown),
            drawn_volume(request.path, wanted, bars, shown),
            drawn_events(wanted, along),
        )

    def page() -> Page:
        stream = read_stream(request, wanted)
        own = {"stream": stream, "request": request, "csrf_token": drawn.TOKEN, "next": drawn.NEXT}
        rows = render_to_string("articles/_stream.html", own) if stream.days else ""
        # What is beside the list is the same for all readers.
        return Page(stream, rows, *kept(("panels", get_language(), address), wanted, panels))

    return kept(("timeline", reader.of(request).pk, get_language(), address), wanted, page)


@require_safe
def events_list(request: HttpRequest) -> HttpResponse:
    """The events that belong to a timeline, all of them, a page at a time, each with its sentence and its sources."""
    form = forms.TimelineForm(request.GET, saved_searches.of(reader.of(request)))
    wanted = asked_by(request, form)
    try:
        owner = event_scopes.of(wanted, now=timezone.now())
    except query.QueryError:
        return to_be_mended(wanted)
    if owner is None:
        return redirect(f"{reverse('articles:timeline')}?{wanted.parameters()}")
    context = {
        "filters": wanted,
        "most_articles": event_scopes.MOST_ARTICLES,
        **events.context_of(request, owner, size=event_reads.PAGE_SIZE, besides=wanted.parameters()),
    }
    return render(request, "events/timeline.html", context)


def asked_by(request: HttpRequest, form: forms.TimelineForm) -> filters.Filters:
    """What the address asks for, with what its query may need."""
    return form.filters(saved_searches.context(reader.of(request), now=timezone.now()))


def to_be_mended(wanted: filters.Filters) -> HttpResponse:
    """To the search page, which shows at which character a query can't be read."""
    return redirect(f"{reverse('articles:search')}?{urlencode({'q': wanted.as_search()})}")


def drawn_filters(address: str, form: forms.TimelineForm, wanted: filters.Filters, shown: reads.Panel) -> str:
    """The filters of a timeline, with how much there is of each."""
    key = ("filters", address, wanted.parameters(), wanted.theme_ids, shown, form.outlets())
    context = {"form": form, "filters": wanted, "panel": shown}
    return drawn.panel(key, lambda: render_to_string("articles/_filters.html", context))


def drawn_volume(path: str, wanted: filters.Filters, bars: volume.Volume, shown: reads.Panel) -> str:
    """The chart of a timeline."""
    context = {"volume": bars, "panel": shown, "stream": empty_stream(wanted), "path": path, "in_place": True}
    key = ("volume", path, wanted.parameters(), bars, bars.headlines, shown)
    return drawn.panel(key, lambda: render_to_string("articles/_volume.html", context))


def drawn_events(wanted: filters.Filters, along: event_lines.View) -> str:
    """The events that belong to a timeline, along a line, and the ways to see others. Raises QueryError."""
    owner, today = event_scopes.of(wanted, now=timezone.now()), timezone.localdate()
    if owner is None:
        return ""
    items = event_reads.on_a_line(owner, today=today, when=along.when, window=along.window)

    def drawing() -> str:
        others = [pair for pair in wanted.shown if pair not in along.pairs()]
        kept_along = dataclasses.replace(wanted, shown=(*others, *without_window(along)))
        context = {
            "filters": wanted,
            "owner": owner,
            "line": event_lines.along(items, along.window, today),
            "line_kept": f"&{kept_along.parameters()}",
            "whens": [
                (
                    name,
                    dataclasses.replace(wanted, shown=(*others, *other.pairs())).parameters(),
                    one == along.when,
                )
                for one, name in event_lines.WHENS.items()
                for other in [dataclasses.replace(along, when=one)]
            ],
            "most_articles": event_scopes.MOST_ARTICLES,
        }
        return render_to_string("events/_timeline.html", context)

    return drawn.panel(("events", wanted.parameters(), along, owner.is_capped, tuple(items)), drawing)


def without_window(along: event_lines.View) -> tuple[tuple[str, str], ...]:
    """The address's parameters of a line whose stretch of time something else says."""
    return dataclasses.replace(along, window=None).pairs()


def kept(key: Hashable, wanted: filters.Filters, reading: Callable[[], Found]) -> Found:
    """What was read for these filters; anew where a query may speak of the time of day or of the reader."""
    return reading() if wanted.text else remembered.read(key, reading)


def chart_of(wanted: filters.Filters, view: volume.View) -> volume.Volume:
    """The volume chart of a timeline. Raises QueryError."""
    # Its words are in the reader's language.
    key = ("volume", get_language(), wanted.parameters(), view)
    return kept(key, wanted, lambda: volume.read(wanted, view, now=timezone.now()))


@require_safe
def company_options(request: HttpRequest) -> HttpResponse:
    """Options for the field that adds a company: htmx asks while the reader types."""
    typed = request.GET.get("add", "").strip()[:200].replace("\0", "")
    found = reads.suggestions(typed, most=MOST_OPTIONS) if typed else ()
    return render(request, "articles/_company_options.html", {"companies": found})


def load_stream(request: HttpRequest, wanted: filters.Filters, *, own: bool = False, size: int = 0) -> Stream:
    """What `read_stream` gives, as it was read since anything was written. Raises QueryError."""
    before = reads.parse_cursor(request.GET.get("before", ""))
    return kept(
        ("stream", reader.of(request).pk, wanted.parameters(), str(before), own, size),
        wanted,
        lambda: read_stream(request, wanted, own=own, size=size),
    )


def read_stream(request: HttpRequest, wanted: filters.Filters, *, own: bool = False, size: int = 0) -> Stream:
    """The page of the list that the address's cursor points to, with the reader's marks. Raises QueryError.

    `own`: the list stands at an address that says what it is about, such as a company's. `size`: how many rows, if not
    as many as usual.
    """
    before = reads.parse_cursor(request.GET.get("before", ""))
    begins, size = str(before) if before else "", size or reads.PAGE_SIZE
    empty = dataclasses.replace(empty_stream(wanted, own=own), first_page=before is None, begins=begins)
    if wanted.by_article:
        page = reads.timeline(wanted, now=timezone.now(), before=before, size=size)
        made = dataclasses.replace(empty, days=page.days, older=page.older)
    else:
        found = story_reads.timeline(wanted, now=timezone.now(), before=before, size=size)
        made = dataclasses.replace(
            empty, days=found.timeline.days, older=found.timeline.older, seen=found.seen
        )
    return dataclasses.replace(made, marked=marks.on_days(reader.of(request).pk, made.days))


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


def render_part(request: HttpRequest, template: str, context: dict[str, object]) -> HttpResponse:
    """A part of a page, as htmx asks for it."""
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def render_fragment(request: HttpRequest, stream: Stream) -> HttpResponse:
    """More rows, to be put in the place of the "older" link."""
    return render_part(request, "articles/_stream.html", {"stream": stream, "is_more": True})


def alert_parameters(wanted: filters.Filters) -> str:
    """The parameters that fill the form for a new alert on this in."""
    return urlencode({"query": wanted.as_query(), "name": wanted.title()})
