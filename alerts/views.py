"""Pages about a person's alerts: nobody sees another's."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alerts import actions, backtest_reads, backtests, forms, models, reads
from articles.search import query
from newswatch.accounts import reader


@require_safe
def alerts(request: HttpRequest) -> HttpResponse:
    """The reader's alerts."""
    return render(request, "alerts/list.html", {"alerts": reads.alerts_of(reader.of(request))})


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A form for a new alert; the address may fill it in."""
    if request.method == "POST":
        form = forms.AlertForm(forms.instead(request.POST))
        if "try" in form.data:
            return try_out(request, form)
        if form.is_valid():
            return save(request, form)
    else:
        given = {name: request.GET.get(name, "")[:4000] for name in ("name", "query")}
        form = forms.AlertForm(initial=given)
    return show_form(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The form for one of the reader's alerts."""
    alert = own(request, pk)
    form = forms.AlertForm(forms.instead(request.POST) if request.POST else None, instance=alert)
    if "try" in form.data:
        return try_out(request, form, alert)
    if request.method == "POST" and form.is_valid():
        return save(request, form, alert)
    return show_form(request, form, alert)


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """An alert's hits and mails."""
    alert = get_object_or_404(reads.alerts_of(reader.of(request)), pk=pk)
    before = request.GET.get("before", "")
    hits, older = reads.hits_of(
        alert, before=int(before) if before.isdecimal() and len(before) < 19 else None
    )
    context = {"alert": alert, "hits": hits, "older": older, "deliveries": reads.deliveries_of(alert)}
    return render(request, "alerts/detail.html", context)


@require_safe
def preview(request: HttpRequest) -> HttpResponse:
    """What the typed query would have found lately: htmx asks while the reader types."""
    return render(request, "alerts/_preview.html", preview_of(request.GET.get("query", "")))


@require_POST
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Pause or resume an alert."""
    alert = own(request, pk)
    if request.POST.get("to") == "off":
        actions.pause(alert)
        messages.success(request, gettext("“%(name)s” is paused.") % {"name": alert.name})
    else:
        actions.resume(alert, now=timezone.now())
        messages.success(request, gettext("“%(name)s” is on again.") % {"name": alert.name})
    return redirect("alerts:detail", pk=alert.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then delete an alert."""
    alert = get_object_or_404(reads.alerts_of(reader.of(request)), pk=pk)
    if request.method == "POST":
        actions.delete(alert)
        messages.success(request, gettext("“%(name)s” is deleted.") % {"name": alert.name})
        return redirect("alerts:list")
    return render(request, "alerts/delete.html", {"alert": alert})


def own(request: HttpRequest, pk: int) -> models.Alert:
    """The reader's alert of that number; 404 if there is none, or it is somebody else's."""
    return get_object_or_404(models.Alert, pk=pk, owner=reader.of(request))


def save(request: HttpRequest, form: forms.AlertForm, alert: models.Alert | None = None) -> HttpResponse:
    """Store a valid form and show the alert."""
    saved = actions.save_alert(
        owner=reader.of(request),
        name=form.cleaned_data["name"],
        query=form.cleaned_data["query"],
        now=timezone.now(),
        alert=alert,
    )
    messages.success(
        request, gettext("“%(name)s” is saved. A mail comes with the next match.") % {"name": saved.name}
    )
    return redirect("alerts:detail", pk=saved.pk)


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
    return {"report": backtest_reads.report(backtests.wait_for(job, now=timezone.now)), "tried": days}


def show_form(
    request: HttpRequest, form: forms.AlertForm, alert: models.Alert | None = None, **more: object
) -> HttpResponse:
    """The form with the preview of what is in it."""
    typed = form["query"].value() or ""
    context = {"form": form, "alert": alert, "periods": backtests.PERIODS, **preview_of(str(typed)), **more}
    status = 422 if form.is_bound and not more and form.errors else 200
    return render(request, "alerts/form.html", context, status=status)


def preview_of(text: str) -> dict[str, object]:
    """The preview of a query, or its problem; neither for an empty one."""
    text = text.strip()
    if not text:
        return {"preview": None, "problem": None, "query": ""}
    try:
        return {"preview": reads.preview(text, now=timezone.now()), "problem": None, "query": text}
    except query.QueryError as error:
        return {"preview": None, "problem": error, "query": text}
