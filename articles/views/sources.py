"""The sources: everybody sees them, editors add, change, import and hand them out."""

import zoneinfo
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from articles import models, scout, source_forms, source_reads, sources
from articles.feeds import discover, opml

may_add = permission_required("articles.add_source", raise_exception=True)
may_change = permission_required("articles.change_source", raise_exception=True)
# What the import's first page hands to its second one.
SALT = "articles.sources.import"
LONGEST_PLAN_S = 3600


@require_safe
def source_list(request: HttpRequest) -> HttpResponse:
    """All sources by group."""
    search = request.GET.get("q", "").strip()[:200]
    rows = source_reads.rows(search, now=timezone.now())
    state = request.GET.get("state", "")
    context = {
        "groups": source_reads.by_group(rows, state if state in source_reads.STATES else ""),
        "counts": source_reads.counts(rows),
        "total": len(rows),
        "search": search,
        "state": state,
        "days": source_reads.DAYS,
    }
    return render(request, "sources/list.html", context)


@may_add
@require_safe
def new(request: HttpRequest) -> HttpResponse:
    """The first step of adding a source: an address, or a company, and what is found for it."""
    address = request.GET.get("address", "").strip()[:2000].replace("\0", "")
    named = request.GET.get("add", "").strip()[:200].replace("\0", "")
    company = find_company(named) if named else None
    context = {
        "address": address,
        "named": named,
        "company": company,
        "news": scout.google_news(company) if company else (),
        "found": scout.find(address) if address else None,
    }
    part = "sources/_found.html" if request.headers.get("HX-Target") == "found" else "sources/new.html"
    return render(request, part, context)


def find_company(name: str) -> models.Company | None:
    """The watched company of that name or alias."""
    found = models.Company.objects.filter(name__iexact=name).first()
    return found or models.Company.objects.filter(aliases__text__iexact=name).order_by("pk").first()


@may_add
@require_http_methods(["GET", "HEAD", "POST"])
def details(request: HttpRequest) -> HttpResponse:
    """The second step: what the source would bring, and how it is to be read; saving it."""
    if request.method != "POST":
        return propose(request)
    form = source_forms.SourceForm(request.POST, instance=models.Source())
    if not form.is_valid():
        return show_form(request, form, form.instance)
    saved = sources.add(
        form.save(commit=False), outlet_name=form.cleaned_data["new_outlet"], now=timezone.now()
    )
    messages.success(request, gettext("“%(title)s” is added. It is being polled.") % {"title": saved.title})
    return redirect("articles:source", pk=saved.pk)


def propose(request: HttpRequest) -> HttpResponse:
    """The form, filled in with what the feed tells."""
    draft = models.Source(title=request.GET.get("title", "")[:300])
    fill(draft, request)
    try:
        draft.url = discover.address(draft.url)
    except discover.NotAnAddress:
        return redirect("articles:source-new")
    if draft.kind == models.Source.Kind.LISTING and not draft.selector:
        draft.selector = next((one.selector for one in scout.lists_of(draft)), "")
    seen = scout.preview(draft, now=timezone.now())
    scout.guess(draft, seen)
    # Once more with the zone that was guessed: it decides what times without one mean.
    seen = scout.preview(draft, now=timezone.now())
    is_google = discover.is_google_news(draft.url)
    name = "" if draft.outlet_id else "Google News" if is_google else site_name(draft, seen)
    initial = {"new_outlet": name, "group": "Google News" if is_google else ""}
    return show_form(request, source_forms.SourceForm(instance=draft, initial=initial), draft, seen)


def site_name(draft: models.Source, seen: scout.Preview) -> str:
    """What the outlet may be called: the feed's title before a dash or a bar."""
    title = seen.feed.title if seen.feed else ""
    for mark in (" - ", " | ", " :: ", " – ", " : "):
        title = (
            title.partition(mark)[0] if draft.kind == models.Source.Kind.FEED else title.rpartition(mark)[2]
        )
    return title.strip()[:200] or discover.host(draft.url)


@may_change
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The settings of a source."""
    source = get_object_or_404(models.Source.objects.select_related("outlet"), pk=pk)
    form = source_forms.SourceForm(request.POST or None, instance=source)
    if request.method == "POST" and form.is_valid():
        sources.change(
            form.save(commit=False),
            outlet_name=form.cleaned_data["new_outlet"],
            changed=form.changed_data,
            now=timezone.now(),
        )
        messages.success(request, gettext("“%(title)s” is saved.") % {"title": source.title})
        return redirect("articles:source", pk=source.pk)
    return show_form(request, form, source)


@may_add
@require_safe
def preview(request: HttpRequest) -> HttpResponse:
    """What a source would bring with the settings in the form: htmx asks while the editor tries them."""
    pk = request.GET.get("source", "")
    is_known = pk.isdecimal() and len(pk) < 19
    known = models.Source.objects.filter(pk=int(pk)).first() if is_known else None
    draft = known or models.Source()
    fill(draft, request)
    return render(request, "sources/_preview.html", preview_of(draft))


def fill(draft: models.Source, request: HttpRequest) -> None:
    """Take the settings that decide how a source is read out of the address."""
    given = request.GET
    draft.url = given.get("url", "").strip()[:1000]
    draft.kind = "listing" if given.get("kind") == "listing" else "feed"
    draft.selector = given.get("selector", "").strip()[:500]
    draft.language = given.get("language", "") if given.get("language") in ("ko", "en") else ""
    if sources.is_zone(given.get("time_zone", "")):
        draft.time_zone = given["time_zone"]
    elif given.get("time_zone"):
        draft.time_zone = "UTC"


def preview_of(draft: models.Source, seen: scout.Preview | None = None) -> dict[str, Any]:
    """What the preview's template needs."""
    lists = scout.lists_of(draft) if draft.kind == models.Source.Kind.LISTING else ()
    if seen is None:
        seen = scout.preview(draft, now=timezone.now())
    return {"seen": seen, "draft": draft, "lists": lists}


def show_form(
    request: HttpRequest,
    form: source_forms.SourceForm,
    draft: models.Source,
    seen: scout.Preview | None = None,
) -> HttpResponse:
    """The form beside its preview."""
    if not sources.is_zone(draft.time_zone):
        draft.time_zone = timezone.get_default_timezone_name()
    context = {
        "form": form,
        "groups": models.Source.objects.exclude(group="")
        .order_by("group")
        .values_list("group", flat=True)
        .distinct(),
        "zones": source_forms.ZONES,
        **preview_of(draft, seen),
    }
    return render(request, "sources/form.html", context, status=422 if form.errors else 200)


@may_change
@require_POST
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Switch a source on or off."""
    source = get_object_or_404(models.Source, pk=pk)
    on = request.POST.get("to") == "on"
    sources.switch(source, on=on, now=timezone.now())
    text = (
        gettext("“%(title)s” is switched on and being polled.")
        if on
        else gettext("“%(title)s” is switched off.")
    )
    messages.success(request, text % {"title": source.title})
    return redirect("articles:source", pk=pk)


@may_change
@require_POST
def poll(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a source polled now."""
    source = get_object_or_404(models.Source, pk=pk)
    if sources.poll_now(source, now=timezone.now()):
        messages.success(request, gettext("“%(title)s” is being polled.") % {"title": source.title})
    else:
        messages.error(request, gettext("“%(title)s” is switched off.") % {"title": source.title})
    return redirect("articles:source", pk=pk)


@may_add
@require_http_methods(["GET", "HEAD", "POST"])
def import_list(request: HttpRequest) -> HttpResponse:
    """Take in a list: first what would come of it, then, once that is confirmed, the doing."""
    if "plan" in request.POST:
        return apply_plan(request)
    form = source_forms.ImportForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        outlines = form.cleaned_data["file"]
        lines = sources.plan(outlines)
        context |= {
            "lines": lines,
            "new": sum(line.verdict == "new" for line in lines),
            "known": sum(line.verdict == "known" for line in lines),
            "unusable": sum(line.verdict == "unusable" for line in lines),
            "plan": sources.pack(outlines, salt=SALT),
        }
    return render(request, "sources/import.html", context, status=422 if form.errors else 200)


def apply_plan(request: HttpRequest) -> HttpResponse:
    """Add what the confirmed list has; it is planned anew, because time has passed."""
    try:
        outlines = sources.unpack(request.POST["plan"], salt=SALT, seconds=LONGEST_PLAN_S)
    except signing.BadSignature:
        messages.error(request, gettext("The page was open for too long. Choose the file again."))
        return redirect("articles:source-import")
    added = sources.apply(sources.plan(outlines), on=request.POST.get("on") == "yes", now=timezone.now())
    text = ngettext("%d source is added.", "%d sources are added.", added) % added
    messages.success(request, text)
    return redirect("articles:sources")


@may_add
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """All sources as a list that other readers take."""
    now = timezone.now().astimezone(zoneinfo.ZoneInfo("UTC"))
    data = opml.write_opml(sources.outlines(), title="Newswatch", made=now)
    name = f"newswatch-{now:%Y-%m-%d}.opml"
    return HttpResponse(
        data,
        content_type="text/x-opml; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
