"""A theme: what makes an article belong to it, and its timeline."""

import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from articles import event_reads, filters, models, profile_reads, reads, remembered
from articles.views import events, profiles, timeline


@require_safe
def theme(request: HttpRequest, name: str) -> HttpResponse:
    """A theme's terms and its timeline."""
    found = reads.theme(name)
    if found is None:
        raise Http404(gettext("There is no such theme."))
    now = timezone.now()
    parts = reads.subthemes(found, now=now)
    part = request.GET.get("part", "")
    if part and part not in {one.name for one in parts}:
        raise Http404(gettext("This theme has no such part."))
    wanted = filters.Filters(themes=(found,), subtheme=part, by_article=timeline.wants_articles(request))
    late = profiles.Late(request, wanted, found.name, lambda: companions(found, wanted, now=now))
    if answer := late.part():
        return answer
    context = {
        **events.context_of(request, event_reads.of_theme(found), size=event_reads.FEW),
        **late.context(),
        "theme": found,
        "parts": parts,
        # The rollups know themes, not their parts.
        "panel": reads.panel(wanted, now=now)
        if part
        else profile_reads.panel(found, by_article=wanted.by_article, now=now),
    }
    return render(request, "articles/theme.html", context)


def companions(
    found: models.Theme, wanted: filters.Filters, *, now: datetime.datetime
) -> profile_reads.Companions:
    """Who is named with the theme, or with the part of it that is asked for."""
    return remembered.read(
        ("companions", found, wanted.by_article, wanted.subtheme),
        lambda: profile_reads.companions(found, now=now, by_article=wanted.by_article, part=wanted.subtheme),
    )
