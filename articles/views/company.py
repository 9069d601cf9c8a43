"""The watched companies and each one's own page."""

import datetime

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from articles import event_reads, filters, models, profile_reads, reads, remembered
from articles.views import events, profiles, timeline

PER_PAGE = 60


@require_safe
def companies(request: HttpRequest) -> HttpResponse:
    """All watched companies, the ones named most first."""
    search = request.GET.get("q", "").strip()[:200].replace("\0", "")
    counts = reads.company_counts(now=timezone.now())
    # Names decide among equals: they are in order of these.
    busiest_first = sorted(reads.companies(search), key=lambda pk: -counts.get(pk, 0))
    page = Paginator(busiest_first, PER_PAGE).get_page(request.GET.get("page"))
    known = models.Company.objects.select_related("parent").in_bulk(page.object_list)
    context = {
        "page": page,
        "rows": [(known[pk], counts.get(pk, 0)) for pk in page.object_list if pk in known],
        "search": search,
        "days": reads.PANEL_DAYS,
    }
    return render(request, "articles/companies.html", context)


@require_safe
def company(request: HttpRequest, pk: int) -> HttpResponse:
    """A company's profile and its timeline."""
    found = reads.company(pk)
    if found is None:
        raise Http404(gettext("There is no such company."))
    wanted = filters.Filters(companies=(found,), by_article=timeline.wants_articles(request))
    now = timezone.now()
    late = profiles.Late(request, wanted, found.name, lambda: companions(found, wanted, now=now))
    if part := late.part():
        return part
    owner = event_reads.of_company(found, alone=events.is_alone(request))
    context = {
        **events.context_of(request, owner, size=event_reads.FEW),
        **late.context(),
        "quotes": event_reads.quotes(owner, size=event_reads.FEW_QUOTES),
        "company": found,
        "panel": profile_reads.panel(found, by_article=wanted.by_article, now=now),
        "family": profile_reads.family(found),
    }
    return render(request, "articles/company.html", context)


def companions(
    found: models.Company, wanted: filters.Filters, *, now: datetime.datetime
) -> profile_reads.Companions:
    """Who is named with the company."""
    return remembered.read(
        ("companions", found, wanted.by_article),
        lambda: profile_reads.companions(found, now=now, by_article=wanted.by_article),
    )
