"""A reader's saved searches: listed, saved, renamed, put in order, deleted and brought back; and their feeds."""

import hashlib

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from articles import models, query_problems, saved_feeds, saved_searches
from articles.search import query
from articles.views import search as search_page
from newswatch import undo
from newswatch.accounts import reader

KINDS = {
    "rss": ("application/rss+xml; charset=utf-8", saved_feeds.to_rss),
    "json": ("application/feed+json; charset=utf-8", saved_feeds.to_json),
}
# Seconds for which a feed's answer may be kept by whoever asked.
KEPT_SECONDS = 300


@require_http_methods(["GET", "HEAD", "POST"])
def saved(request: HttpRequest) -> HttpResponse:
    """The reader's saved searches; a posted one is added."""
    if request.method == "POST":
        return save(request)
    found = list(models.SavedSearch.objects.filter(owner=reader.of(request)))
    rows = [
        (search, {kind: saved_feeds.address(search, kind) for kind in KINDS} if search.feed_secret else {})
        for search in found
    ]
    context = {"rows": rows, "longest_name": models.saved_search.LONGEST_NAME}
    return render(request, "search/saved.html", context)


def save(request: HttpRequest) -> HttpResponse:
    """Keep a search, and go back to it."""
    text, name = typed(request, "query"), typed_name(request)
    try:
        if not name:
            messages.error(request, gettext("A saved search needs a name."))
        else:
            search = saved_searches.save(reader.of(request), name, text, now=timezone.now())
            messages.success(request, gettext("“%(name)s” is saved.") % {"name": search.name})
            return redirect("articles:saved")
    except query.QueryError as problem:
        messages.error(request, query_problems.message(problem))
    except saved_searches.TooManyError:
        messages.error(request, gettext("There are %d saved searches already.") % saved_searches.MOST)
    return redirect(search_page.address(text))


@require_POST
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a search another name."""
    search, name = own(request, pk), typed_name(request)
    try:
        if name:
            alerts = saved_searches.rename(search, name)
            messages.success(request, gettext("It is called “%(name)s” now.") % {"name": name})
            if alerts:
                said = gettext("These alerts use it, and go on under its new name: %(alerts)s")
                messages.info(request, said % {"alerts": ", ".join(alerts)})
        else:
            messages.error(request, gettext("A saved search needs a name."))
    except saved_searches.NameTakenError:
        messages.error(request, gettext("You have a search of that name already."))
    return redirect("articles:saved")


@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a search one place up or down."""
    saved_searches.move(own(request, pk), up=request.POST.get("to") == "up")
    return redirect(f"{reverse('articles:saved')}#search-{pk}")


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a search; the message can take it back."""
    search = own(request, pk)
    try:
        token = saved_searches.delete(search)
    except saved_searches.InUseError as error:
        said = gettext("“%(name)s” stays: these alerts use it. Change or delete them first: %(alerts)s")
        messages.error(request, said % {"name": search.name, "alerts": ", ".join(error.users)})
        return redirect(f"{reverse('articles:saved')}#search-{pk}")
    said = gettext("“%(name)s” is deleted.") % {"name": search.name}
    undo.say(request, said, undo.Form(reverse("articles:saved-undo"), {"token": token}))
    return redirect("articles:saved")


@require_POST
def bring_back(request: HttpRequest) -> HttpResponse:
    """Take back that a search was deleted."""
    try:
        search = saved_searches.bring_back(reader.of(request), request.POST.get("token", ""))
        messages.success(request, gettext("“%(name)s” is back.") % {"name": search.name})
    except signing.BadSignature:
        messages.error(request, gettext("That can’t be undone any more."))
    except saved_searches.NameTakenError:
        messages.error(request, gettext("You have a search of that name already."))
    return redirect("articles:saved")


@require_POST
def feed_address(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a search's feed a new address, or none."""
    search = own(request, pk)
    if request.POST.get("to") == "off":
        saved_searches.end_feed(search)
        messages.success(request, gettext("The feed is off; its address leads nowhere."))
    else:
        saved_searches.renew_feed(search)
        messages.success(request, gettext("The feed has a new address; an earlier one leads nowhere."))
    return redirect(f"{reverse('articles:saved')}#search-{pk}")


@login_not_required
@require_safe
def feed(request: HttpRequest, secret: str, kind: str) -> HttpResponse:
    """What a saved search finds, for feed readers, which can't log in."""
    search, now = saved_feeds.find(secret), timezone.now()
    if search is None or kind not in KINDS:
        raise Http404
    if saved_feeds.is_too_often(search, now=now):
        return HttpResponse(status=429, headers={"Retry-After": "60"})
    content_type, write = KINDS[kind]
    try:
        body = write(search, saved_feeds.items(search, now=now))
    except query.QueryError as problem:
        return HttpResponse(problem.message, status=409, content_type="text/plain; charset=utf-8")
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response = HttpResponse(body, content_type=content_type, headers={"ETag": etag})
    # Its address is the key: no shared cache keeps it, and no search engine lists it.
    patch_cache_control(response, private=True, max_age=KEPT_SECONDS)
    response["X-Robots-Tag"] = "noindex"
    return get_conditional_response(request, etag=etag, response=response) or response


def own(request: HttpRequest, pk: int) -> models.SavedSearch:
    """The reader's search of that number; 404 if there is none, or it is somebody else's."""
    return get_object_or_404(models.SavedSearch, pk=pk, owner=reader.of(request))


def typed(request: HttpRequest, name: str) -> str:
    """What a posted field holds, without what can't be stored."""
    return request.POST.get(name, "").replace("\0", "").strip()[: query.MOST_CHARACTERS]


def typed_name(request: HttpRequest) -> str:
    """A posted name in one line. A quotation mark could not be told apart in a query."""
    name = " ".join(typed(request, "name").replace('"', "").split())
    return name[: models.saved_search.LONGEST_NAME]
