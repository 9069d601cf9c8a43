"""The watched companies and each one's own page."""

import datetime

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from articles import event_reads, filters, profile_reads, reads, remembered, volume
from articles.views import events, timeline

PER_PAGE = 60


@require_safe
def companies(request: HttpRequest) -> HttpResponse:
    """All watched companies, the ones named most first."""
    search = request.GET.get("q", "").strip()[:200].replace("\0", "")
    since = timezone.now() - datetime.timedelta(days=reads.PANEL_DAYS)
    page = Paginator(reads.companies(search, since=since), PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request, "articles/companies.html", {"page": page, "search": search, "days": reads.PANEL_DAYS}
    )


@require_safe
def company(request: HttpRequest, pk: int) -> HttpResponse:
    """A company's profile and its timeline."""
    found = reads.company(pk)
    if found is None:
        raise Http404(gettext("There is no such company."))
    wanted = filters.Filters(companies=(found,), by_article=timeline.wants_articles(request))
    stream = timeline.load_stream(request, wanted, own=True)
    if not stream.first_page and timeline.wants_fragment(request):
        return timeline.render_fragment(request, stream)
    owner = event_reads.of_company(found, alone=events.is_alone(request))
    now = timezone.now()
    context = {
        **events.context_of(request, owner, size=event_reads.FEW),
        "quotes": event_reads.quotes(owner, size=event_reads.FEW_QUOTES),
        "company": found,
        "filters": wanted,
        "stream": stream,
        "panel": profile_reads.panel(found, by_article=wanted.by_article, now=now),
        "family": profile_reads.family(found),
        "companions": remembered.read(
            ("companions", found, wanted.by_article),
            lambda: profile_reads.companions(found, now=now, by_article=wanted.by_article),
        ),
        "volume": timeline.chart_of(wanted, volume.View()),
        "alert_parameters": timeline.alert_parameters(wanted),
    }
    return render(request, "articles/company.html", context)
