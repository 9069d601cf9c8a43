"""The timeline and what it asks for while the reader types."""

import dataclasses
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from articles import filters, forms, models, reads
from articles.search import query

MOST_OPTIONS = 12


@dataclass(frozen=True, slots=True)
class Stream:
    """A page of articles as templates need it: `parameters` is the address's query without the cursor."""

    days: tuple[reads.Day, ...]
    older: reads.Cursor | None
    parameters: str
    first_page: bool


@require_safe
def timeline(request: HttpRequest) -> HttpResponse:
    """Articles by day, filtered by the address."""
    form = forms.TimelineForm(request.GET)
    wanted = form.filters()
    if request.GET.get("add") and not form.errors:
        return redirect(f"{request.path}?{wanted.parameters()}")
    try:
        stream = load_stream(request, wanted)
        if stream.first_page is False and wants_fragment(request):
            return render_fragment(request, stream)
        counted, problem = wanted, None
    except query.QueryError as error:
        stream = Stream((), None, wanted.parameters(), first_page=True)
        # The side panel goes on serving the other filters.
        counted, problem = dataclasses.replace(wanted, query=""), error
    context = {
        "form": form,
        "filters": wanted,
        "stream": stream,
        "panel": reads.panel(counted, now=timezone.now()),
        "problem": problem,
        "has_sample": any(article.is_sample for day in stream.days for article in day.articles),
        "alert_parameters": alert_parameters(wanted),
        "nothing_at_all": not stream.days and not models.Article.objects.ready().exists(),
    }
    return render(request, "articles/timeline.html", context)


@require_safe
def company_options(request: HttpRequest) -> HttpResponse:
    """Options for the field that adds a company: htmx asks while the reader types."""
    typed = request.GET.get("add", "").strip()[:200].replace("\0", "")
    found = reads.suggestions(typed, most=MOST_OPTIONS) if typed else ()
    return render(request, "articles/_company_options.html", {"companies": found})


def load_stream(request: HttpRequest, wanted: filters.Filters, *, parameters: str | None = None) -> Stream:
    """The page of the timeline that the address's cursor points to. Raises QueryError."""
    before = reads.parse_cursor(request.GET.get("before", ""))
    page = reads.timeline(wanted, now=timezone.now(), before=before)
    own = wanted.parameters() if parameters is None else parameters
    return Stream(page.days, page.older, own, first_page=before is None)


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
