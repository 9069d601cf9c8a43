"""Pages about a person's alerts: nobody sees another's."""

import datetime
from collections.abc import Collection, Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alerts import (
    actions,
    backtest_reads,
    backtests,
    forms,
    models,
    reader_views,
    reads,
    recipients,
    words,
)
from articles.search import query
from newswatch import limits, undo
from newswatch.accounts import reader
from newswatch.accounts.models import User

A_DAY = datetime.timedelta(days=1)
# Mails that a person may have sent by hand in an hour.
MOST_RESENT = 30


@require_safe
def alerts(request: HttpRequest) -> HttpResponse:
    """The reader's alerts, and those of others that she may see."""
    person = reader.of(request)
    found = list(reads.alerts_seen_by(person, now=timezone.now()))
    context = {
        "alerts": [alert for alert in found if alert.owner_id == person.pk],
        "others": [alert for alert in found if alert.owner_id != person.pk],
        "stopped": reads.stopped_address(person),
    }
    return render(request, "alerts/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A form for a new alert; the address may fill it in."""
    if request.method == "POST":
        form = forms.AlertForm(forms.instead(request.POST), person=reader.of(request))
        if "try" in form.data:
            return try_out(request, form)
        if form.is_valid():
            return save(request, form)
    else:
        given = {name: request.GET.get(name, "")[:4000] for name in ("name", "query")}
        form = forms.AlertForm(initial=given, person=reader.of(request))
    return show_form(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The form for one of the reader's alerts."""
    alert = own(request, pk)
    given = forms.instead(request.POST) if request.POST else None
    form = forms.AlertForm(given, instance=alert, person=reader.of(request))
    if "try" in form.data:
        return try_out(request, form, alert)
    if request.method == "POST" and form.is_valid():
        return save(request, form, alert)
    return show_form(request, form, alert)


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """An alert's hits, what became of each, and its last mails."""
    person = reader.of(request)
    alert = get_object_or_404(reads.alert_seen_by(person), pk=pk)
    show = chosen(request, reads.HITS)
    hits, older = reads.hits_of(alert, show=show, before=before_of(request))
    context = {
        "alert": alert,
        "hits": hits,
        "older": older,
        "show": show,
        "deliveries": reads.deliveries_of(alert)[: reads.MOST_DELIVERIES],
        "is_owner": alert.owner_id == person.pk,
        "stopped": reads.stopped_address(person),
        "spikes": models.Spike.objects.filter(alert=alert).order_by("-at")[: reads.MOST_SPIKES],
        "when_words": words.when(words.of(alert)),
    }
    return render(request, "alerts/detail.html", context)


@require_safe
def mails(request: HttpRequest, pk: int) -> HttpResponse:
    """All mails of an alert: to whom and when, what waits and why, what failed and what mends it."""
    person = reader.of(request)
    alert = get_object_or_404(models.Alert.objects.seen_by(person), pk=pk)
    show = chosen(request, reads.MAILS)
    rows, older = reads.mails_page(alert, show=show, before=before_of(request))
    context = {"alert": alert, "deliveries": rows, "older": older, "show": show}
    return render(request, "alerts/mails.html", context | {"is_owner": alert.owner_id == person.pk})


@require_POST
def resend(request: HttpRequest, pk: int, delivery: int) -> HttpResponse:
    """Send one of an alert's mails again."""
    alert = own(request, pk)
    mail = get_object_or_404(models.Delivery, pk=delivery, alerts=alert)
    if not may_send(request):
        return redirect("alerts:mails", pk=pk)
    try:
        actions.resend(mail, now=timezone.now())
    except actions.CannotResendError:
        messages.error(request, gettext("This mail still waits, or what it told is gone."))
    else:
        messages.success(request, gettext("The mail is sent again to %(to)s.") % {"to": mail.to})
    return redirect("alerts:mails", pk=pk)


@require_POST
def tell_now(request: HttpRequest, pk: int, hit: int) -> HttpResponse:
    """Mail the reader a hit that was held."""
    alert = own(request, pk)
    held = get_object_or_404(models.Hit.objects.select_related("alert"), pk=hit, alert=alert)
    if may_send(request):
        actions.tell_now(held, now=timezone.now())
        messages.success(request, gettext("The mail is on its way to %(to)s.") % {"to": alert.owner.email})
    return redirect("alerts:detail", pk=pk)


def may_send(request: HttpRequest) -> bool:
    """Whether the reader has not had too many mails sent by hand lately; she is told if so."""
    if limits.allows(f"resend:{reader.of(request).pk}", most=MOST_RESENT, seconds=3600):
        return True
    messages.error(request, gettext("You have sent many mails by hand. Try again in an hour."))
    return False


def chosen(request: HttpRequest, known: Collection[str]) -> str:
    """What is to be shown, by the address; all if it names something unknown."""
    show = request.GET.get("show", "")
    return show if show in known else ""


def before_of(request: HttpRequest) -> int | None:
    """Where the page goes on from, by the address."""
    before = request.GET.get("before", "")
    return int(before) if before.isascii() and before.isdecimal() and len(before) < 19 else None


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """What the typed query would have found lately: htmx asks while the reader types. A long one fits in no address."""
    text = request.POST.get("query", "")
    return render(request, "alerts/_preview.html", preview_of(text, of=reader.of(request)))


@require_safe
def summary(request: HttpRequest) -> HttpResponse:
    """What the chosen settings mean, in a line for each fold of the form: htmx asks when one is changed."""
    form = forms.AlertForm(request.GET, person=reader.of(request))
    return render(request, "alerts/_summary.html", {"form": form})


@require_POST
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Pause, resume, mute or unmute an alert."""
    alert, now = own(request, pk), timezone.now()
    to = request.POST.get("to")
    if to == "off":
        actions.pause(alert)
        say(request, gettext("“%(name)s” is paused."), alert, to="on")
    elif to == "mute":
        actions.mute(alert, until=now + A_DAY)
        say(request, gettext("“%(name)s” is muted for a day."), alert, to="unmute")
    elif to == "unmute":
        actions.mute(alert, until=None)
        say(request, gettext("“%(name)s” is no longer muted."), alert)
    else:
        actions.resume(alert, now=now)
        say(request, gettext("“%(name)s” is on again."), alert, to="off")
    return redirect(back(request, pk))


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete an alert, which can be taken back; or ask first."""
    alert = get_object_or_404(reads.alerts_of(reader.of(request)), pk=pk)
    if request.method == "POST":
        actions.delete(alert, now=timezone.now())
        to = "restore-on" if alert.enabled else "restore-off"
        say(request, gettext("“%(name)s” is deleted."), alert, to=to, at="alerts:restore")
        return redirect("alerts:list")
    return render(request, "alerts/delete.html", {"alert": alert})


@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Take deleting back."""
    alert = get_object_or_404(models.Alert, pk=pk, owner=reader.of(request), deleted_at__isnull=False)
    actions.restore(alert, enabled=request.POST.get("to") == "restore-on", now=timezone.now())
    say(request, gettext("“%(name)s” is back."), alert)
    return redirect("alerts:list")


@require_POST
def duplicate(request: HttpRequest, pk: int) -> HttpResponse:
    """Another alert like this one, to be changed."""
    alert = own(request, pk)
    name = gettext("%(name)s (copy)") % {"name": alert.name[:180]}
    made = actions.copy(alert, name=name, now=timezone.now())
    say(request, gettext("“%(name)s” is a copy and paused. Change it, then resume it."), made)
    return redirect("alerts:edit", pk=made.pk)


def say(
    request: HttpRequest, text: str, alert: models.Alert, *, to: str = "", at: str = "alerts:switch"
) -> None:
    """Tell the reader what became of an alert, with a way back, to what it was before, if there is one."""
    form = None
    if to:
        # Back to the same page: the list says that it is the list.
        place = {"list": "1"} if "list" in request.POST else {}
        form = undo.Form(reverse(at, args=[alert.pk]), {**place, "to": to})
    undo.say(request, text % {"name": alert.name}, form)


def back(request: HttpRequest, pk: int) -> str:
    """Where the reader came from: the list or the alert's page."""
    return reverse("alerts:list") if "list" in request.POST else reverse("alerts:detail", args=[pk])


def own(request: HttpRequest, pk: int) -> models.Alert:
    """The reader's alert of that number; 404 if there is none, or it is somebody else's."""
    return get_object_or_404(models.Alert.objects.kept(), pk=pk, owner=reader.of(request))


def save(request: HttpRequest, form: forms.AlertForm, alert: models.Alert | None = None) -> HttpResponse:
    """Store a valid form and show the alert."""
    saved = actions.save_alert(
        owner=reader.of(request),
        name=form.cleaned_data["name"],
        query=form.cleaned_data["query"],
        now=timezone.now(),
        alert=alert,
        policy=form.policy(),
    )
    if "others" in form.data:
        set_readers(request, saved, form.cleaned_data["others"])
    messages.success(
        request, gettext("“%(name)s” is saved. A mail comes with the next match.") % {"name": saved.name}
    )
    return redirect("alerts:detail", pk=saved.pk)


def set_readers(request: HttpRequest, alert: models.Alert, addresses: Sequence[str]) -> None:
    """Have these, and no others, get an alert's mails besides its owner; new addresses are asked first."""
    present = {forms.address_of(row): row for row in forms.recipients_of(alert)}
    for address, row in present.items():
        if address not in addresses:
            recipients.remove(row)
    for address in addresses:
        if address not in present:
            added = recipients.add(alert, address, now=timezone.now())
            if added.address:
                reader_views.ask(request, added.address, alert)


def try_out(request: HttpRequest, form: forms.AlertForm, alert: models.Alert | None = None) -> HttpResponse:
    """What the typed query would have done in past weeks: the form with it, or that part alone for htmx."""
    context = backtest_of(request, form, alert)
    if request.headers.get("HX-Target") == "backtest":
        return render(request, "alerts/_backtest.html", {"alert": alert, **context})
    return show_form(request, form, alert, **context)


def backtest_of(request: HttpRequest, form: forms.AlertForm, alert: models.Alert | None) -> dict[str, object]:
    """The backtest of the query in a form, as far as it has come; or the query's problem."""
    text = str(form["query"].value() or "").strip()
    wanted = form.data.get("try", "")
    days = int(wanted) if wanted in map(str, backtests.PERIODS) else backtests.PERIODS[0]
    try:
        canonical = query.canonical(query.parse_query(text))
        reads.expanded(text, of=reader.of(request))
    except query.QueryError as error:
        return {"problem": error, "query": text, "tried": days}
    job = backtests.ask(
        canonical,
        previous=alert.query if alert else "",
        days=days,
        by=reader.of(request),
        time_zone=timezone.get_current_timezone_name(),
        now=timezone.now(),
    )
    job = backtests.wait_for(job, now=timezone.now)
    return {"report": backtest_reads.report(job, form.present()), "tried": days, "settled": form.when_words()}


def show_form(
    request: HttpRequest, form: forms.AlertForm, alert: models.Alert | None = None, **more: object
) -> HttpResponse:
    """The form with the preview of what is in it."""
    typed = form["query"].value() or ""
    context = {
        "form": form,
        "alert": alert,
        "periods": backtests.PERIODS,
        **preview_of(str(typed), of=reader.of(request)),
        **more,
    }
    status = 422 if form.is_bound and not more and form.errors else 200
    return render(request, "alerts/form.html", context, status=status)


def preview_of(text: str, *, of: User) -> dict[str, object]:
    """The preview of a query, or its problem; neither for an empty one."""
    text = text.strip()
    if not text:
        return {"preview": None, "problem": None, "query": ""}
    try:
        return {"preview": reads.preview(text, of=of, now=timezone.now()), "problem": None, "query": text}
    except query.QueryError as error:
        return {"preview": None, "problem": error, "query": text}
