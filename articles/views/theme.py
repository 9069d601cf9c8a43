"""A theme: what makes an article belong to it, and its timeline."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from articles import event_reads, filters, profile_reads, reads, remembered, volume
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
    stream = timeline.load_stream(request, wanted, own=True)
    if not stream.first_page and timeline.wants_fragment(request):
        return timeline.render_fragment(request, stream)
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
        "companions": remembered.read(
            ("companions", found, wanted.by_article, part),
            lambda: profile_reads.companions(found, now=now, by_article=wanted.by_article, part=part),
        ),
        "volume": timeline.chart_of(wanted, volume.View()),
        "alert_parameters": timeline.alert_parameters(wanted),
    }
    return render(request, "articles/theme.html", context)
