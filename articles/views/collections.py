"""Folders and briefings: listed, begun, written, put in order, published; and what is added to them from elsewhere."""

from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from articles import collecting, collection_reads, draft_reads, models, reads
from articles.briefing import document
from articles.models import collection as limits
from newswatch import back, undo
from newswatch.accounts import reader, roles


@require_http_methods(["GET", "HEAD", "POST"])
def shelf(request: HttpRequest) -> HttpResponse:
    """The reader's briefings and folders; a posted name makes a folder."""
    if request.method == "POST":
        return new_folder(request)
    person, now = reader.of(request), timezone.now()
    page = min(reads.parse_number(request.GET.get("page", "")) or 1, 1000)
    context = {
        "shelf": collection_reads.shelf(person, today=timezone.localdate(now), page=page),
        "plan": collection_reads.plan(person, now=now),
        "page": page,
        "longest": limits.LONGEST_TITLE,
    }
    return render(request, "collections/shelf.html", context)


def new_folder(request: HttpRequest) -> HttpResponse:
    """A folder of the posted name."""
    title = request.POST.get("title", "").strip()
    if not title:
        messages.error(request, gettext("A folder needs a name."))
        return redirect("articles:collections")
    try:
        made = make_folder(request, title)
    except collecting.FullError:
        messages.error(request, gettext("There are too many folders already: delete one first."))
        return redirect("articles:collections")
    return redirect("articles:collection", pk=made.pk)


def make_folder(request: HttpRequest, title: str) -> models.Collection:
    """A new folder of the reader. Raises FullError."""
    person = reader.of(request)
    return collecting.create(person.pk, title, language=person.language, now=timezone.now())


@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Open the reader's briefing of today; one that is not there yet is begun, and fills itself."""
    person, now = reader.of(request), timezone.now()
    plan = collection_reads.plan(person, now=now)
    today = models.Collection.objects.kept().filter(owner=person, kind="briefing", day=plan.day)
    found = today.first()
    if found is not None:
        return redirect("articles:collection", pk=found.pk)
    try:
        made = collecting.create(
            person.pk, plan.title, language=person.language, now=now, day=plan.day, since=plan.since
        )
    except IntegrityError:
        # A second click, or another tab.
        return redirect("articles:collection", pk=today.get().pk)
    parts = collection_reads.draft(person, day=plan.day, since=plan.since)
    came = collecting.fill(made, parts, now=now)
    if came:
        told = ngettext("The draft has %(n)d line.", "The draft has %(n)d lines.", came) % {"n": came}
        messages.success(request, told)
    return redirect("articles:collection", pk=made.pk)


@require_POST
def fill(request: HttpRequest, pk: int) -> HttpResponse:
    """Add to a briefing what has come since it was begun."""
    found, person = own(request, pk), reader.of(request)
    if found.day is None or found.since is None:
        raise Http404
    parts = collection_reads.draft(person, day=found.day, since=found.since, besides=found)
    came = collecting.fill(found, parts, now=timezone.now())
    if came:
        messages.success(request, ngettext("%(n)d line came.", "%(n)d lines came.", came) % {"n": came})
    else:
        messages.info(request, gettext("Nothing new has come since."))
    return changed(request, found)


@require_safe
def collection(request: HttpRequest, pk: int) -> HttpResponse:
    """The editor for its owner; what is published for the members of its team."""
    person = reader.of(request)
    found = models.Collection.objects.kept().select_related("owner", "team").filter(pk=pk).first()
    if found is None:
        raise Http404(gettext("There is no such folder or briefing."))
    if found.owner_id == person.pk:
        return render(request, "collections/edit.html", editing(request, found))
    is_shared = found.team_id is not None and person.groups.filter(pk=found.team_id).exists()
    made = collection_reads.published(found) if is_shared else None
    if made is None:
        raise Http404(gettext("There is no such folder or briefing."))
    context = {"document": made, "collection": found, "is_own": False}
    return render(request, "collections/read.html", context)


def editing(request: HttpRequest, found: models.Collection) -> dict[str, Any]:
    """What the editor shows. Five queries."""
    sections = collection_reads.with_items(found)
    made = collection_reads.document_of(found, sections, reader.of(request))
    return {
        "collection": found,
        "sections": sections,
        "count": made.lines,
        "address": collection_reads.address(found),
        "is_stale": found.published_at is not None and collection_reads.published(found) != made,
        "teams": list(reader.of(request).groups.exclude(name=roles.EDITORS)),
        "limits": collecting.LONGEST,
    }


@require_safe
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """The collection as others would read it."""
    found = own(request, pk)
    context = {"document": current(request, found), "collection": found, "is_own": True}
    with translation.override(found.language):
        return render(request, "collections/read.html", context)


def current(request: HttpRequest, found: models.Collection) -> document.Document:
    """The collection as it is now. Two queries."""
    return collection_reads.document_of(found, collection_reads.with_items(found), reader.of(request))


@require_POST
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a title, introduction, heading or line; a script is answered in JSON.

    What somebody wrote there meanwhile is not lost: it is shown beside what was posted.
    """
    found = own(request, pk)
    what, text, was = (request.POST.get(name, "") for name in ("what", "text", "was"))
    try:
        stored = collecting.write(found, what, text, was=was, now=timezone.now())
    except LookupError:
        return answer(request, found, {"gone": True}, status=404)
    except collecting.ChangedError as error:
        return answer(request, found, {"text": error.text}, status=409, what=what, mine=text)
    return answer(request, found, {"text": stored}, status=200)


def answer(
    request: HttpRequest,
    found: models.Collection,
    told: dict[str, object],
    *,
    status: int,
    what: str = "",
    mine: str = "",
) -> HttpResponse:
    """What became of a text: for the script, or for somebody without one, as a page."""
    if request.headers.get("Accept") == "application/json":
        return JsonResponse(told, status=status)
    if status == 200:
        messages.success(request, gettext("Saved."))
        return redirect("articles:collection", pk=found.pk)
    clash = {"what": what, "mine": mine, "theirs": told.get("text"), "is_gone": "gone" in told}
    context = {**editing(request, found), "clash": clash}
    return render(request, "collections/edit.html", context, status=status)


@require_POST
def order(request: HttpRequest, pk: int) -> HttpResponse:
    """Put everything in the posted order, or one item or section a place up or down."""
    found, now = own(request, pk), timezone.now()
    up = request.POST.get("to") == "up"
    item, section = (reads.parse_number(request.POST.get(name, "")) for name in ("item", "section"))
    if item is not None:
        collecting.move(found, item, up=up, now=now)
    elif section is not None:
        collecting.move_section(found, section, up=up, now=now)
    else:
        collecting.order(found, parse_order(request.POST.get("order", "")), now=now)
    return changed(request, found)


def parse_order(text: str) -> list[tuple[int, list[int]]]:
    """What `s3,i7,i8,s4` says: the sections with their items. What can't be read is passed over."""
    made: list[tuple[int, list[int]]] = []
    for token in text.split(",")[: collecting.MOST_ITEMS + collecting.MOST_SECTIONS]:
        number = reads.parse_number(token[1:])
        if number is None:
            continue
        if token[0] == "s":
            made.append((number, []))
        elif token[0] == "i" and made:
            made[-1][1].append(number)
    return made


@require_POST
def section(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a section, or take one's heading away."""
    found, now = own(request, pk), timezone.now()
    number = reads.parse_number(request.POST.get("section", ""))
    if number is not None:
        collecting.remove_section(found, number, now=now)
        return changed(request, found)
    try:
        collecting.add_section(found, request.POST.get("heading", ""), now=now)
    except collecting.FullError:
        messages.error(request, gettext("There is no room for more sections."))
    return changed(request, found)


@require_POST
def item(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Take an item out, or put it back."""
    found, now = own(request, pk), timezone.now()
    if request.POST.get("do") == "restore":
        if collecting.put_back(found, number, now=now):
            messages.success(request, gettext("It is back."))
    elif collecting.remove(found, number, now=now):
        form = undo.Form(place_of(found, number), {"do": "restore", "next": after_change(request, found)})
        undo.say(request, gettext("Taken out."), form)
    return changed(request, found)


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete it; the message can take that back."""
    found = own(request, pk)
    collecting.delete(found, now=timezone.now())
    said = gettext("“%(name)s” is deleted.") % {"name": found.title}
    undo.say(request, said, undo.Form(reverse("articles:collection-restore", args=[found.pk])))
    return redirect("articles:collections")


@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back that it was deleted."""
    found = get_object_or_404(models.Collection, pk=pk, owner=reader.of(request), deleted_at__isnull=False)
    if collecting.bring_back(found):
        messages.success(request, gettext("“%(name)s” is back.") % {"name": found.title})
        return redirect("articles:collection", pk=pk)
    messages.error(request, gettext("There is another briefing of that day by now: delete it first."))
    return redirect("articles:collections")


@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish it as it is now, give its page another address or none, or show it to a team."""
    found = own(request, pk)
    match request.POST.get("do"):
        case "publish":
            publish_now(request, found)
            if not found.secret:
                collecting.renew_address(found)
            messages.success(
                request, gettext("Published: whoever knows the address can read it without a log-in.")
            )
        case "renew" if found.published_at:
            collecting.renew_address(found)
            messages.success(request, gettext("It has a new address; the one before leads nowhere."))
        case "end":
            collecting.end_address(found)
            messages.success(request, gettext("The page is closed; its address leads nowhere."))
        case "team":
            share(request, found)
        case _:
            raise Http404
    return redirect(f"{reverse('articles:collection', args=[pk])}#publish")


def publish_now(request: HttpRequest, found: models.Collection) -> None:
    """Have others read it as it is now."""
    made = current(request, found)
    collecting.publish(found, document.to_json(made), now=timezone.now())


def share(request: HttpRequest, found: models.Collection) -> None:
    """Show it to one of the reader's teams, or to none any more."""
    number = reads.parse_number(request.POST.get("team", ""))
    team = reader.of(request).groups.exclude(name=roles.EDITORS).filter(pk=number or 0).first()
    if team is not None:
        publish_now(request, found)
    models.Collection.objects.filter(pk=found.pk).update(team=team)
    if team is None:
        messages.success(request, gettext("No team sees it."))
    else:
        messages.success(request, gettext("The members of %(team)s can read it.") % {"team": team.name})


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Ask where to put an article or a story, in a dialogue or on a page of its own, and put it there."""
    if request.method != "POST" and "article" not in request.GET:
        return redirect("articles:collections")
    article, story = subject(request)
    if request.method == "POST":
        return put(request, article, story)
    context: dict[str, Any] = {
        "article": article,
        "story": story,
        "choices": collection_reads.choices(reader.of(request), today=timezone.localdate()),
        "next": back_of(request, request.headers.get("HX-Current-URL", "") or request.GET.get("next", "")),
        "longest": limits.LONGEST_TITLE,
    }
    is_part = request.headers.get("HX-Request") == "true"
    context["is_part"] = is_part
    response = render(request, "collections/_add.html" if is_part else "collections/add.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def put(request: HttpRequest, article: models.Article, story: models.Story | None) -> HttpResponse:
    """Put an article or a story into the chosen collection, or a new folder."""
    entry = draft_reads.of_story(story) if story is not None else None
    entry = entry or draft_reads.of_article(article)
    if entry is None:
        raise Http404(gettext("There is no such article."))
    title = request.POST.get("title", "").strip()
    try:
        found = make_folder(request, title) if title else own(request, number_of(request, "to"))
        made, is_new = collecting.add(found, entry, now=timezone.now())
    except collecting.FullError:
        messages.error(request, gettext("There is no room for more."))
        return after_adding(request)
    said = {"name": found.title}
    if is_new:
        form = undo.Form(place_of(found, made.pk), {"do": "remove", "next": before_adding(request)})
        undo.say(request, gettext("Put into “%(name)s”.") % said, form)
    else:
        messages.info(request, gettext("It is in “%(name)s” already.") % said)
    return after_adding(request)


def after_adding(request: HttpRequest) -> HttpResponse:
    """The message alone for the dialogue, which then closes; else back to where the reader was."""
    if request.headers.get("HX-Request") == "true":
        response = render(request, "includes/toasts.html", {"swapped": True})
        response["HX-Trigger"] = "collected"
        return response
    return redirect(before_adding(request))


def before_adding(request: HttpRequest) -> str:
    """Where the reader was when she put something in: the page under the dialogue, or what the form says."""
    if request.headers.get("HX-Request") == "true":
        return back_of(request, request.headers.get("HX-Current-URL", ""))
    return back_of(request, request.POST.get("next", ""))


def subject(request: HttpRequest) -> tuple[models.Article, models.Story | None]:
    """The article, and the story if that is meant. Raises Http404."""
    given = request.POST if request.method == "POST" else request.GET
    number = reads.parse_number(given.get("article", ""))
    article = (
        models.Article.objects.ready().only("pk", "title", "story", "language").filter(pk=number or 0).first()
    )
    if article is None:
        raise Http404(gettext("There is no such article."))
    wanted = reads.parse_number(given.get("story", ""))
    if wanted is None:
        return article, None
    story = models.Story.objects.told().filter(pk=wanted, articles=article.pk).first()
    return article, story


def number_of(request: HttpRequest, name: str) -> int:
    """A posted number; one that is none finds nothing."""
    return reads.parse_number(request.POST.get(name, "")) or 0


def back_of(request: HttpRequest, given: str) -> str:
    """A page of ours to go back to, without its host: what htmx names has one."""
    if given and url_has_allowed_host_and_scheme(given, allowed_hosts={request.get_host()}):
        there = urlsplit(given)
        return urlunsplit(("", "", there.path or "/", there.query, ""))
    return reverse("articles:timeline")


def changed(request: HttpRequest, found: models.Collection) -> HttpResponse:
    """The sections as they are now for htmx, or the page again, or where the message stood."""
    if request.headers.get("HX-Request") == "true" and request.headers.get("HX-Target") == "sections":
        found.refresh_from_db()
        response = render(request, "collections/_swapped.html", editing(request, found))
        patch_vary_headers(response, ["HX-Request"])
        return response
    return redirect(after_change(request, found))


def after_change(request: HttpRequest, found: models.Collection) -> str:
    """The page that was left for a change: what the form says, or the editor."""
    return back.asked(request, reverse("articles:collection", args=[found.pk]))


def place_of(found: models.Collection, number: int) -> str:
    """Where an item is taken out and put back."""
    return reverse("articles:collection-item", args=[found.pk, number])


def own(request: HttpRequest, pk: int) -> models.Collection:
    """The reader's collection of that number; 404 if there is none, or it is somebody else's."""
    return get_object_or_404(models.Collection.objects.kept(), pk=pk, owner=reader.of(request))
