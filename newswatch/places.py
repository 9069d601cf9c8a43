"""Where a reader can go by typing: the site's pages, companies, themes, her saved searches and alerts."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from alerts import models as alerts
from articles import models, reads
from newswatch.accounts import reader

MOST = 8
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Place:
    """A page by its name; `kind` says what it is about."""

    kind: str
    name: str
    url: str


@require_safe
def go(request: HttpRequest) -> HttpResponse:
    """The places that what was typed leads to: a page, or for htmx the list alone. At most six queries."""
    typed = request.GET.get("to", "").strip()[:LONGEST].replace("\0", "")
    context = {"typed": typed, "places": list(places(request, typed))}
    is_part = request.headers.get("HX-Request") == "true"
    return render(request, "go/_places.html" if is_part else "go/page.html", context)


def places(request: HttpRequest, typed: str) -> Iterator[Place]:
    """The pages whose name holds what was typed, and then everything else whose name begins with it."""
    yield from (page for page in pages(request) if typed.casefold() in page.name.casefold())
    if not typed:
        return
    for company in reads.suggestions(typed, most=MOST):
        yield Place(gettext("Company"), company.name, reverse("articles:company", args=[company.pk]))
    for theme in models.Theme.objects.filter(name__istartswith=typed)[:MOST]:
        yield Place(gettext("Theme"), theme.name, reverse("articles:theme", args=[theme.name]))
    own = alerts.Alert.objects.filter(owner=reader.of(request), name__icontains=typed)
    for alert in own.order_by("name")[:MOST]:
        yield Place(gettext("Alert"), alert.name, reverse("alerts:detail", args=[alert.pk]))
    for search in models.SavedSearch.objects.filter(owner=reader.of(request), name__icontains=typed)[:MOST]:
        query = urlencode({"q": search.query})
        yield Place(gettext("Saved search"), search.name, f"{reverse('articles:search')}?{query}")
    kept = models.Collection.objects.kept().filter(owner=reader.of(request), title__icontains=typed)
    for one in kept.order_by("-changed_at").only("pk", "title", "kind")[:MOST]:
        kind = gettext("Briefing") if one.is_briefing else gettext("Folder")
        yield Place(kind, one.title, reverse("articles:collection", args=[one.pk]))
    yield Place(gettext("Search"), typed, f"{reverse('articles:search')}?{urlencode({'q': typed})}")


def pages(request: HttpRequest) -> Iterator[Place]:
    """The site's own pages that this reader may see."""
    kind = gettext("Page")
    yield Place(kind, gettext("Today"), reverse("articles:today"))
    yield Place(kind, gettext("Timeline"), reverse("articles:timeline"))
    yield Place(kind, gettext("Search"), reverse("articles:search"))
    yield Place(kind, gettext("Saved searches"), reverse("articles:saved"))
    yield Place(kind, gettext("Briefing and folders"), reverse("articles:collections"))
    yield Place(kind, gettext("Companies"), reverse("articles:companies"))
    yield Place(kind, gettext("Compare"), reverse("articles:compare"))
    yield Place(kind, gettext("Alerts"), reverse("alerts:list"))
    yield Place(kind, gettext("New alert"), reverse("alerts:new"))
    yield Place(kind, gettext("Sources"), reverse("articles:sources"))
    yield Place(kind, gettext("Settings"), reverse("account:settings"))
    if reader.of(request).has_perm("articles.add_source"):
        yield Place(kind, gettext("Add a source"), reverse("articles:source-new"))
    if reader.of(request).is_staff:
        yield Place(kind, gettext("Editing and sources"), reverse("admin:index"))
