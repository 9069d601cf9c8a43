"""A source's page: how it is doing."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from articles import health, ledger, notices, setbacks, source_reads

# The bars' drawing, in units of its view box.
HEIGHT, STEP = 48, 10


@require_safe
def source(request: HttpRequest, pk: int) -> HttpResponse:
    """The health of one source, for everybody; editors may act on it."""
    report = health.report(pk, now=timezone.now())
    if report is None:
        raise Http404(gettext("There is no such source."))
    context = {
        "report": report,
        "source": report.source,
        "entries": [(entry, ledger.sentence(entry)) for entry in report.entries],
        "unstored": [(entry, ledger.sentence(entry)) for entry in report.unstored],
        "unread": [(one.article, setbacks.sentence(one)) for one in report.unread],
        "bars": [bar(number, day) for number, day in enumerate(report.days)],
        "width": STEP * len(report.days),
        "height": HEIGHT,
        "state": source_reads.state_of(
            report.source, silent=any(notice.kind == "silent" for notice in report.notices)
        ),
        "notices": [(notice, notices.sentence(notice)) for notice in report.notices],
    }
    return render(request, "sources/health.html", context)


def bar(number: int, day: health.Day) -> dict[str, object]:
    """A day's bar: where it stands in the drawing, and how it looks. A gap is as high as the drawing."""
    look = "gap" if day.is_gap else "none" if not day.count else "some"
    size = HEIGHT if day.is_gap else max(round(day.height * HEIGHT, 1), 1)
    return {"day": day, "look": look, "x": number * STEP, "y": str(HEIGHT - size), "height": str(size)}
