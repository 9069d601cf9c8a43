"""The first page of the day, and what stands on it."""

import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from articles import models, reads, today_reads, watches
from newswatch.accounts import models as accounts
from newswatch.accounts import reader

# Whoever comes back sooner has not been away.
AWAY = datetime.timedelta(minutes=30)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The first page of the day; an address with filters is one of the timeline, which once stood here."""
    if request.GET:
        timeline = f"{reverse('articles:timeline')}?{request.GET.urlencode()}"
        return HttpResponsePermanentRedirect(timeline)
    return today(request)


def today(request: HttpRequest) -> HttpResponse:
    """What the reader follows, side by side."""
    now = timezone.now()
    person = reader.of(request)
    since = last_visit(person, now=now)
    own = watches.of(person.pk)
    context = {
        "lanes": today_reads.lanes(own or watches.usual(), now=now, since=since),
        "own": own,
        "since": since,
        "themes": models.Theme.objects.order_by("position", "pk"),
    }
    return render(request, "today/today.html", context)


def last_visit(person: accounts.User, *, now: datetime.datetime) -> datetime.datetime | None:
    """When the reader was here before this visit; notes that she is here. One statement at most."""
    if person.looked_at is None or now - person.looked_at > AWAY:
        person.looked_before = person.looked_at
    person.looked_at = now
    person.save(update_fields=["looked_at", "looked_before"])
    return person.looked_before


@require_POST
def follow(request: HttpRequest) -> HttpResponse:
    """Follow, or no longer, a company or a theme, or move its lane; then back to where the reader was."""
    person = reader.of(request)
    company, theme = asked_for(request)
    match request.POST.get("do"):
        case "follow" if not watches.follow(person.pk, company=company, theme=theme):
            text = gettext("There is room for %(most)s lanes: take one away first.")
            messages.error(request, text % {"most": watches.MOST})
        case "follow":
            pass
        case "unfollow":
            watches.unfollow(person.pk, company=company, theme=theme)
        case ("left" | "right") as side:
            watch = models.Watch.objects.filter(reader=person, company=company, theme=theme).first()
            if watch:
                watches.move(person.pk, watch.pk, 1 if side == "right" else -1)
        case _:
            raise Http404
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = reverse("articles:today")
    return redirect(back)


def asked_for(request: HttpRequest) -> tuple[int | None, int | None]:
    """The company or the theme that a form is about: by key, or a company by its name. Raises Http404."""
    company, theme = (reads.parse_number(request.POST.get(kind, "")) for kind in ("company", "theme"))
    if name := request.POST.get("add", "").strip()[:200].replace("\0", ""):
        company = next(iter(reads.suggestions(name, most=1).values_list("pk", flat=True)), None)
    if company is not None and models.Company.objects.filter(pk=company).exists():
        return company, None
    if theme is not None and models.Theme.objects.filter(pk=theme).exists():
        return None, theme
    raise Http404(gettext("There is no such company or theme."))
