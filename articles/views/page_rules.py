"""The editor of an outlet's page rules in the admin panel, with its preview and the reading again."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from articles import models, page_rules, regions, rereading, rule_preview
from articles.pages import clean, rules
from newswatch.accounts import reader

may_edit = permission_required("articles.change_outlet", raise_exception=True)
EARLIER = 10
DAYS = 7
WHY_NOT = {
    "missing": _("There is no stored page of it."),
    "large": _("The page is too large for a preview."),
    "broken": _("The stored page is broken."),
}
EXAMPLE = """body: #article-body
caption: .photo-text
drop: .vote, .player
related from line starts with: ▶ 관련 기사
promotion if line contains: 구독하기
field byline: .reporter strong"""


class RulesForm(forms.Form):
    """Rules as an editor typed them."""

    text = forms.CharField(required=False, strip=False)
    note = forms.CharField(required=False, max_length=200)
    based_on = forms.IntegerField(min_value=0)


@may_edit
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The rules of an outlet; saving them."""
    outlet = get_object_or_404(models.Outlet, pk=pk)
    if request.method == "POST":
        return save(request, outlet)
    saved = page_rules.saved(outlet)
    taken = request.GET.get("from", "")
    chosen = (
        outlet.page_rules.filter(pk=int(taken)).first() if taken.isdecimal() and len(taken) < 19 else None
    )
    text = (chosen or saved).text if saved else ""
    return show(request, outlet, text, based_on=saved.pk if saved else 0)


def save(request: HttpRequest, outlet: models.Outlet) -> HttpResponse:
    """Save what was typed, or show it again with what is wrong."""
    form = RulesForm(request.POST)
    text = request.POST.get("text", "").replace("\0", "")
    if not form.is_valid():
        return show(request, outlet, text, based_on=0, note=request.POST.get("note", ""), status=422)
    note, based_on = form.cleaned_data["note"], form.cleaned_data["based_on"]
    if rules.parse(text)[1]:
        return show(request, outlet, text, based_on=based_on, note=note, status=422)
    try:
        made = page_rules.save(
            outlet, text, note=note, based_on=based_on, by=reader.of(request), now=timezone.now()
        )
    except page_rules.ChangedMeanwhile:
        return show(request, outlet, text, based_on=based_on, note=note, status=409, is_late=True)
    if made is None:
        messages.info(request, gettext("Nothing was changed."))
    else:
        log(request, outlet, made)
        messages.success(request, gettext("The rules are saved. New pages are read by them."))
    return redirect("admin:articles_outlet_page_rules", pk=outlet.pk)


def log(request: HttpRequest, outlet: models.Outlet, made: models.PageRules) -> None:
    """Note the change in the outlet's history."""
    changed = {
        "name": gettext_noop("page rules"),
        "object": made.note or str(made.pk),
        "fields": [gettext_noop("rules")],
    }
    LogEntry.objects.log_actions(
        reader.of(request).pk, [outlet], CHANGE, change_message=[{"changed": changed}], single_object=True
    )


def show(
    request: HttpRequest,
    outlet: models.Outlet,
    text: str,
    *,
    based_on: int,
    note: str = "",
    status: int = 200,
    is_late: bool = False,
) -> HttpResponse:
    """The page of the editor."""
    context = {
        **admin.site.each_context(request),
        "title": gettext("Page rules of %(outlet)s") % {"outlet": outlet},
        "opts": models.Outlet._meta,
        "outlet": outlet,
        "text": text,
        "note": note,
        "based_on": based_on,
        "is_late": is_late,
        "problems": told(rules.parse(text)[1]),
        "pages": rule_preview.recent(outlet),
        "earlier": outlet.page_rules.select_related("changed_by").order_by("-pk")[:EARLIER],
        "kinds": [(kind, regions.name_of(kind)) for kind in clean.KINDS],
        "example": EXAMPLE,
        **progress_of(outlet),
    }
    return render(request, "page_rules/editor.html", context, status=status)


def told(problems: tuple[rules.Problem, ...]) -> list[tuple[int, str]]:
    """Problems with their lines, in the reader's language."""
    return [(problem.line, page_rules.message(problem)) for problem in problems]


@may_edit
@require_POST
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """One page as it is read now and as the edited rules would have it read; htmx asks while the editor types."""
    outlet = get_object_or_404(models.Outlet, pk=pk)
    edited, problems = rules.parse(request.POST.get("text", ""))
    context: dict[str, Any] = {"outlet": outlet, "problems": told(problems)}
    try:
        sample = chosen(request, outlet)
    except rule_preview.NoPreview as problem:
        context["why_not"] = WHY_NOT[str(problem)]
    else:
        context["sample"] = sample
        if sample:
            context["found"] = rule_preview.try_on(sample, page_rules.present(outlet.pk), edited)
    return render(request, "page_rules/_preview.html", context)


def chosen(request: HttpRequest, outlet: models.Outlet) -> rule_preview.Sample | None:
    """The page that the editor looks at: pasted, by its address, or of the list; the newest if none is chosen.

    None if the outlet has no stored page. Raises NoPreview.
    """
    given = request.POST
    if text := given.get("pasted", "").strip():
        return rule_preview.pasted(text)
    if address := given.get("address", "").strip()[:2000].replace("\0", ""):
        found = rule_preview.find(outlet, address)
        if found is None:
            raise rule_preview.NoPreview("missing")
        return rule_preview.sample_of(found)
    number = given.get("page", "")
    of_list = models.Article.objects.with_markup().filter(outlet=outlet)
    if number.isdecimal() and len(number) < 19:
        of_list = of_list.filter(pk=int(number))
    found = of_list.order_by("-pk").first()
    return rule_preview.sample_of(found) if found else None


@may_edit
@require_POST
def pages(request: HttpRequest, pk: int) -> HttpResponse:
    """What the edited rules would do to all of the newest pages."""
    outlet = get_object_or_404(models.Outlet, pk=pk)
    text = request.POST.get("text", "")
    edited, _problems = rules.parse(text)
    overview = rule_preview.try_on_recent(outlet, page_rules.present(outlet.pk), edited)
    lines = text.splitlines()
    numbers = edited.numbers
    context = {
        "overview": overview,
        "lines": [(line, WHY_NOT.get(line.problem, "")) for line in overview.lines],
        "fitted": [(number, lines[number - 1], overview.fitted.get(number, 0)) for number in numbers],
    }
    return render(request, "page_rules/_pages.html", context)


@may_edit
@require_http_methods(["GET", "HEAD", "POST"])
def reread(request: HttpRequest, pk: int) -> HttpResponse:
    """How far reading again is; starting or stopping it."""
    outlet = get_object_or_404(models.Outlet, pk=pk)
    if request.method == "POST":
        days = request.POST.get("days", "")
        if "stop" in request.POST:
            rereading.stop(outlet, now=timezone.now())
        elif days.isdecimal() and len(days) < 9 and 1 <= int(days) <= rereading.LONGEST_DAYS:
            rereading.start(outlet, days=int(days), by=reader.of(request), now=timezone.now())
        elif not request.headers.get("HX-Request"):
            messages.error(request, gettext("Say a number of days."))
        if not request.headers.get("HX-Request"):
            return redirect("admin:articles_outlet_page_rules", pk=outlet.pk)
    return render(request, "page_rules/_rereading.html", {"outlet": outlet, **progress_of(outlet)})


def progress_of(outlet: models.Outlet) -> dict[str, Any]:
    """What the progress' template needs."""
    latest = rereading.latest(outlet)
    return {"reread": latest, "days": DAYS, "most_days": rereading.LONGEST_DAYS}
