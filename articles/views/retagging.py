"""The desk's answers about a changed watch list: what it would change, and how far re-tagging is."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from articles import models, retagging_jobs, retagging_reads, watchlist_forms, watchlist_store
from articles.tagging import difference
from newswatch.accounts import reader

PREVIEW_DAYS = 30
KINDS: dict[str, type[models.Company] | type[models.Theme]] = {
    "company": models.Company,
    "theme": models.Theme,
}
may_edit = permission_required(("articles.change_company", "articles.change_theme"), raise_exception=True)


def preview(request: HttpRequest, admin: Any, pk: int | None) -> HttpResponse:
    """Start a preview of the form that an editor sent and did not save."""
    saved = get_object_or_404(admin.model, pk=pk) if pk is not None else None
    before = watchlist_store.value_of(saved) if saved else None
    form, formsets = admin.bound_forms(request, saved)
    # Each of them, so that all that is wrong is told.
    if not all([form.is_valid(), *(formset.is_valid() for formset in formsets)]):
        told = watchlist_forms.problems(form, formsets)
        return render(request, "retagging/_problems.html", {"problems": told})
    edit = watchlist_forms.edit(before, admin.value_after(form, formsets))
    of = admin.model.objects.filter(pk=pk).first()
    return start(request, [edit] if edit else [], of=of)


def start(request: HttpRequest, edits: list[difference.Edit], *, of: retagging_jobs.Subject) -> HttpResponse:
    """Start a preview and show that it runs."""
    if not edits:
        return render(request, "retagging/_problems.html", {"is_same": True})
    job = retagging_jobs.preview(edits, of=of, days=PREVIEW_DAYS, by=reader.of(request), now=timezone.now())
    return show(request, job)


@may_edit
@require_http_methods(["GET", "HEAD", "POST"])
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a preview or a re-tagging is; stopping it."""
    job = models.Retagging.objects.filter(pk=pk).first()
    if job is None:
        return render(request, "retagging/_problems.html", {"is_gone": True})
    if request.method == "POST" and "stop" in request.POST:
        retagging_jobs.stop(job, now=timezone.now())
        job.refresh_from_db()
    return show(request, job)


def show(request: HttpRequest, job: models.Retagging) -> HttpResponse:
    """A preview with what it has found so far, or a re-tagging's progress."""
    if job.is_preview:
        context = {"job": job, "groups": retagging_reads.groups(job), "days": PREVIEW_DAYS}
        return render(request, "retagging/_preview.html", context)
    return render(request, "retagging/_history.html", {"job": job})


@may_edit
@require_POST
def again(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Tag earlier articles again, wherever a form of a company or a term of a theme stands, by the list as it is."""
    of = KINDS[kind]._default_manager.filter(pk=pk).first() if kind in KINDS else None
    if of is None:
        raise Http404
    period = request.POST.get("period", "")
    value = watchlist_store.value_of(of)
    if period in watchlist_forms.PERIODS and value:
        edit = watchlist_forms.edit(None, value)
        days = watchlist_forms.PERIODS[period]
        retagging_jobs.retag(
            [edit] if edit else [], of=of, days=days, by=reader.of(request), now=timezone.now()
        )
    else:
        messages.error(request, gettext("Nothing is tagged again: it is not recognised."))
    if request.headers.get("HX-Request"):
        job = retagging_reads.latest(of)
        return show(request, job) if job else HttpResponse()
    return redirect(f"admin:articles_{kind}_change", object_id=pk)
