"""The desk's pages to take companies and themes in from a file, and to give them out as one."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from articles import models, watchlist_forms, watchlist_imports
from articles.tagging import exchange
from articles.views import retagging
from newswatch.accounts import reader

may_edit = permission_required(
    [
        f"articles.{verb}_{model}"
        for model in ("company", "alias", "theme", "themeterm")
        for verb in ("add", "change", "delete")
    ],
    raise_exception=True,
)
# Lines that are shown; those that are refused come first.
MOST_SHOWN = 500
ORDER = {"refused": 0, "removed": 1, "changed": 2, "added": 3}
SENTENCES = (
    gettext_noop("The file is neither UTF-8 nor Korean (CP949) text."),
    gettext_noop("The file is too large."),
    gettext_noop("The first line must name the columns; one of them is “name” or “theme”."),
    gettext_noop("There are columns of unknown names, or the same column twice."),
    gettext_noop("A line is not CSV."),
    gettext_noop("It has no name."),
    gettext_noop("It stands in line %(line)s already."),
    gettext_noop("It is not there to be removed."),
    gettext_noop("%(column)s is too long."),
    gettext_noop("%(column)s can’t be “%(value)s”."),
    gettext_noop("“%(value)s” has no letters to look for."),
    gettext_noop("The form “%(value)s” stands there twice."),
    gettext_noop("The parent “%(value)s” is not on the list."),
    gettext_noop("It can’t belong to itself."),
    gettext_noop("The company “%(value)s” is not on the list."),
    gettext_noop("“%(value)s” is not a number that makes sense."),
    gettext_noop("No text can hold the term “%(value)s”."),
    gettext_noop("It has more cells than there are columns."),
    gettext_noop("%(column)s: %(before)s → %(after)s"),
    gettext_noop("+ %(value)s"),
    gettext_noop("− %(value)s"),
)
OUTCOMES = {
    "added": gettext_noop("added"),
    "changed": gettext_noop("changed"),
    "removed": gettext_noop("removed"),
    "unchanged": gettext_noop("unchanged"),
    "refused": gettext_noop("refused"),
}


@may_edit
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Take a file to be looked at; the last import, which can be undone."""
    problem = ""
    if request.method == "POST":
        given = request.FILES.get("file")
        try:
            if not isinstance(given, UploadedFile):
                raise exchange.Unreadable(exchange.NO_HEADER)
            if (given.size or 0) > exchange.LARGEST:
                raise exchange.Unreadable(exchange.TOO_LARGE)
            made = watchlist_imports.take(
                given.read(), name=str(given.name), by=reader.of(request), now=timezone.now()
            )
        except exchange.Unreadable as error:
            problem = gettext(str(error))
        else:
            return redirect("admin:articles_watchlistimport_look", pk=made.pk)
    context = {
        **admin.site.each_context(request),
        "title": gettext("Import companies or themes"),
        "problem": problem,
        "last": watchlist_imports.last(),
        "periods": watchlist_forms.PERIOD_NAMES,
        "company_columns": ", ".join(exchange.COMPANY_COLUMNS),
        "theme_columns": ", ".join(exchange.THEME_COLUMNS),
    }
    return render(request, "retagging/upload.html", context, status=422 if problem else 200)


@may_edit
@require_safe
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """What a file would do, line by line."""
    file = get_object_or_404(models.WatchlistImport, pk=pk, applied_at=None)
    found = watchlist_imports.draft(file)
    if found.digest != file.digest:
        # Shown anew, so what is seen now is what may be applied.
        file.digest = found.digest
        file.save(update_fields=["digest"])
    lines = [line for line in found.plan.lines if line.outcome != "unchanged"]
    lines.sort(key=lambda line: (ORDER[line.outcome], line.number))
    counts = [(name, sum(line.outcome == name for line in found.plan.lines)) for name in OUTCOMES]
    context = {
        **admin.site.each_context(request),
        "title": gettext("What %(file)s would change") % {"file": file.file_name},
        "file": file,
        "lines": [(line, gettext(OUTCOMES[line.outcome]), told(line)) for line in lines[:MOST_SHOWN]],
        "more": max(0, len(lines) - MOST_SHOWN),
        "counts": [(gettext(OUTCOMES[name]), count) for name, count in counts],
        "changes": len(found.plan.changes),
        "periods": watchlist_forms.PERIOD_NAMES,
    }
    return render(request, "retagging/look.html", context)


def told(line: exchange.Line) -> list[str]:
    """A line's sentences in the reader's language."""
    return [gettext(one.sentence) % dict(one.values) for one in line.told]


@may_edit
@require_POST
def what_if(request: HttpRequest, pk: int) -> HttpResponse:
    """What a file would do to the articles of the last days."""
    file = get_object_or_404(models.WatchlistImport, pk=pk, applied_at=None)
    return retagging.start(
        request, watchlist_imports.edits(watchlist_imports.draft(file).plan.changes), of=None
    )


@may_edit
@require_POST
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Carry out what was shown."""
    file = get_object_or_404(models.WatchlistImport, pk=pk, applied_at=None)
    try:
        watchlist_imports.apply(file, **wanted(request))
    except watchlist_imports.ChangedMeanwhile:
        messages.error(request, gettext("The list was changed meanwhile. Look at the file’s changes anew."))
        return redirect("admin:articles_watchlistimport_look", pk=pk)
    messages.success(request, gettext("The file is imported."))
    return redirect("admin:articles_watchlistimport_upload")


@may_edit
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Put back what the last import changed."""
    file = get_object_or_404(models.WatchlistImport, pk=pk)
    try:
        watchlist_imports.undo(file, **wanted(request))
    except watchlist_imports.ChangedMeanwhile as error:
        text = gettext("It can’t be undone: what it changed was changed again since. %(names)s")
        messages.error(request, text % {"names": error})
    else:
        messages.success(request, gettext("The import is undone."))
    return redirect("admin:articles_watchlistimport_upload")


def wanted(request: HttpRequest) -> dict[str, Any]:
    """Who asks, when, and how far back articles are to be tagged again."""
    period = request.POST.get("period", "30")
    again = period in watchlist_forms.PERIODS
    days = watchlist_forms.PERIODS.get(period)
    return {"days": days, "again": again, "by": reader.of(request), "now": timezone.now()}


@may_edit
@require_safe
def download(request: HttpRequest, kind: str) -> HttpResponse:
    """All companies or all themes as CSV, which Excel takes for UTF-8."""
    if kind == "themes":
        text = exchange.write_themes(watchlist_imports.themes().values())
    else:
        text = exchange.write_companies(watchlist_imports.companies().values())
    response = HttpResponse(text.encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="newswatch-{kind}.csv"'
    return response
