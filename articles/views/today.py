"""The first page of the day, and what stands on it."""

import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from articles import compare_reads, marks, models, reads, shares, today_reads, watches
from articles.views import shares as share_views
from newswatch import back, undo
from newswatch.accounts import models as accounts
from newswatch.accounts import reader

# Whoever comes back sooner has not been away.
AWAY = datetime.timedelta(minutes=30)
# In the session while the reader chooses her lanes.
CHOOSING = "choosing lanes"


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
    shown = today_reads.today(own or watches.usual(), now=now, since=since)
    context = {
        "today": shown,
        "marks": marks.on_lines(person.pk, shown.lines),
        "own": own,
        "since": since,
        "shared": [
            (row, about)
            for row in share_views.seen_by(request, shares.lately(person, now=now))
            if (about := shares.what(row))
        ],
        **choices(request, own),
    }
    return render(request, "today/today.html", context)


def choices(request: HttpRequest, own: list[models.Watch]) -> dict[str, object]:
    """What there is to follow, each with whether it has a lane, if the reader has chosen nothing or is about to.

    At most three queries.
    """
    if own and CHOOSING not in request.session:
        return {"is_choosing": False}
    shown = {today_reads.key_of(watch) for watch in own}
    return {
        "is_choosing": True,
        "themes": [
            (theme, not own or ("theme", theme.pk) in shown)
            for theme in models.Theme.objects.order_by("position", "pk")[: watches.MOST]
        ],
        "named": [(company, ("company", company.pk) in shown) for company in compare_reads.named_lately()],
    }


def last_visit(person: accounts.User, *, now: datetime.datetime) -> datetime.datetime | None:
    """When the reader was here before this visit; notes that she is here. One statement at most."""
    if person.looked_at is None or now - person.looked_at > AWAY:
        person.looked_before = person.looked_at
    person.looked_at = now
    person.save(update_fields=["looked_at", "looked_before"])
    return person.looked_before


@require_POST
def follow(request: HttpRequest) -> HttpResponse:
    """Follow, or no longer, a company or a theme, or move or fold its lane; then back to where the reader was."""
    if request.POST.get("do") == "chosen":
        request.session.pop(CHOOSING, None)
    elif request.POST.get("do") == "choose":
        request.session[CHOOSING] = True
    else:
        if "choosing" in request.POST:
            request.session[CHOOSING] = True
        change(request, *asked_for(request))
    return redirect(back.asked(request, reverse("articles:today")))


def change(request: HttpRequest, company: models.Company | None, theme: models.Theme | None) -> None:
    """Do what a button says, and say how to take it back. Raises Http404 for a button that there is none of."""
    who, keys = reader.of(request).pk, {"company": pk_of(company), "theme": pk_of(theme)}
    name = {"name": str(company or theme)}
    match request.POST.get("do"):
        case "follow" if not watches.follow(who, **keys):
            text = gettext("There is room for %(most)s lanes: take one away first.")
            messages.error(request, text % {"most": watches.MOST})
        case "follow":
            say(request, gettext("You follow %(name)s.") % name, keys, do="unfollow")
        case "unfollow":
            at = watches.unfollow(who, **keys)
            text = gettext("You no longer follow %(name)s.") % name
            say(request, text, keys, do="follow", place=str(at))
        case ("left" | "right") as side:
            watches.move(who, 1 if side == "right" else -1, **keys)
        case ("fold" | "unfold") as done:
            watches.fold(who, done == "fold", **keys)
        case _:
            raise Http404
    back_to = reads.parse_number(request.POST.get("place", ""))
    if request.POST.get("do") == "follow" and back_to is not None:
        watches.move_to(who, back_to, **keys)


def say(request: HttpRequest, text: str, keys: dict[str, int | None], **fields: str) -> None:
    """Say what was done with a button that undoes it, unless that was pressed."""
    if "undo" in request.POST:
        return
    given = {kind: str(pk) for kind, pk in keys.items() if pk is not None}
    there = request.POST.get("next", "")
    target = "#today" if there in ("", reverse("articles:today")) else ""
    form = undo.Form(reverse("articles:follow"), {**given, **fields, "next": there, "undo": "1"}, target)
    undo.say(request, text, form)


def pk_of(row: models.Company | models.Theme | None) -> int | None:
    return row.pk if row else None


def asked_for(request: HttpRequest) -> tuple[models.Company | None, models.Theme | None]:
    """The company or the theme that a form is about: by key, or a company by its name. Raises Http404."""
    company, theme = (reads.parse_number(request.POST.get(kind, "")) for kind in ("company", "theme"))
    if name := request.POST.get("add", "").strip()[:200].replace("\0", ""):
        company = next(iter(reads.suggestions(name, most=1).values_list("pk", flat=True)), None)
    if company is not None and (found := models.Company.objects.filter(pk=company).first()):
        return found, None
    if theme is not None and (named := models.Theme.objects.filter(pk=theme).first()):
        return None, named
    raise Http404(gettext("There is no such company or theme."))
