"""What happened when, of a company or a theme, and what a company's people say."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from articles import event_lines, event_reads, models, reads
from articles.charts import event_line


def context_of(
    request: HttpRequest, owner: event_reads.Owner, *, size: int, besides: str = ""
) -> dict[str, object]:
    """A page of events as the address asks for it. `besides`: the parameters that say whose events they are."""
    when = event_reads.parse_when(request.GET.get("when", ""))
    before = event_reads.parse_cursor(request.GET.get("before", ""))
    window = event_line.window_of(request.GET.get("from", ""), request.GET.get("to", ""))
    alone = is_alone(request)
    return {
        "owner": owner,
        "when": when,
        "alone": alone,
        "stretch": event_lines.stretch(window) if window else "",
        "besides": f"&{besides}" if besides else "",
        "kept": f"&{urlencode({'when': when, **({'alone': 1} if alone else {})})}{'&' if besides else ''}{besides}",
        "goes_on": before is not None,
        "events": event_reads.events(owner, when=when, window=window, before=before, size=size),
        "along": None
        if before
        else event_lines.line_of(owner, when=when, window=window, today=timezone.localdate()),
    }


def is_alone(request: HttpRequest) -> bool:
    """Whether the reader wants a group without its affiliates."""
    return request.GET.get("alone") == "1"


@require_safe
def company_events(request: HttpRequest, pk: int) -> HttpResponse:
    """A company's events, all of them, a page at a time."""
    found = find(pk)
    owner = event_reads.of_company(found, alone=is_alone(request))
    context = context_of(request, owner, size=event_reads.PAGE_SIZE)
    return render(request, "events/company.html", {"company": found, **context})


@require_safe
def theme_events(request: HttpRequest, name: str) -> HttpResponse:
    """A theme's events, all of them, a page at a time."""
    found = models.Theme.objects.filter(name=name).first()
    if found is None:
        raise Http404(gettext("There is no such theme."))
    context = context_of(request, event_reads.of_theme(found), size=event_reads.PAGE_SIZE)
    return render(request, "events/theme.html", {"theme": found, **context})


@require_safe
def company_quotes(request: HttpRequest, pk: int) -> HttpResponse:
    """What a company's people say, all of it, a page at a time."""
    found = find(pk)
    alone = is_alone(request)
    owner = event_reads.of_company(found, alone=alone)
    before = reads.parse_cursor(request.GET.get("before", ""))
    context = {
        "company": found,
        "owner": owner,
        "alone": alone,
        "quotes": event_reads.quotes(owner, before=before),
    }
    return render(request, "events/quotes.html", context)


def find(pk: int) -> models.Company:
    """A company. Raises Http404."""
    found = models.Company.objects.filter(pk=pk).first()
    if found is None:
        raise Http404(gettext("There is no such company."))
    return found
