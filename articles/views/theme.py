"""A theme: what makes an article belong to it, and its timeline."""

import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from articles import event_reads, filters, models, profile_reads, reads, remembered, volume
from articles.views import events, timeline


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
    asked, whole = timeline.part_of(request), timeline.is_whole(request)
    if asked == "named":
        context = {"name": found.name, "companions": companions(found, wanted, now=now)}
        return timeline.render_part(request, "articles/_companions.html", context)
    is_list = whole or asked == "stream"
    stream = (
        timeline.load_stream(request, wanted, own=True)
        if is_list
        else timeline.empty_stream(wanted, own=True)
    )
    if not stream.first_page and timeline.wants_fragment(request):
        return timeline.render_fragment(request, stream)
    if asked == "stream":
        return timeline.render_part(request, "articles/_profile_list.html", {"stream": stream})
    context = {
        **events.context_of(request, event_reads.of_theme(found), size=event_reads.FEW),
        "theme": found,
        "filters": wanted,
        "stream": stream,
        "parts": parts,
        # The rollups know themes, not their parts.
        "panel": reads.panel(wanted, now=now)
        if part
        else profile_reads.panel(found, by_article=wanted.by_article, now=now),
        "is_whole": whole,
        "companions": companions(found, wanted, now=now) if whole else None,
        "volume": timeline.chart_of(wanted, volume.View()),
        "alert_parameters": timeline.alert_parameters(wanted),
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
