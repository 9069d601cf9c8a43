"""What a reader says about an article's tags: one press, told in a toast that can take it back; and for editors what
all said, and what follows from it.
"""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST, require_safe

from articles import forms, models, reads, suggestions, tag_reads, verdict_reads, verdicts
from newswatch import undo
from newswatch.accounts.models import User

# What is said of a tag; NOTHING takes the reader's word back.
RIGHT, WRONG, NOTHING = "right", "wrong", "nothing"
PER_PAGE = 50
DECIDED = 20
may_edit = permission_required("articles.change_company", raise_exception=True)


@require_POST
def judge(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what the reader says of a tag, and show the article's tags again."""
    article = find(pk)
    said = request.POST.get("verdict", "")
    if said not in (RIGHT, WRONG, NOTHING):
        raise Http404
    tag = wanted_tag(request.POST)
    if tag is None:
        messages.error(request, gettext("There is no such company on the watch list."))
        return answer(request, pk)
    user = cast(User, request.user)
    before = models.TagVerdict.objects.filter(article=article, user=user, **tag.key).first()
    if said == NOTHING:
        verdicts.take_back(article, tag, by=user)
    else:
        note = request.POST.get("note", before.note if before else "").replace("\0", "").strip()
        now = timezone.now()
        verdicts.say(article, tag, belongs=said == RIGHT, by=user, now=now, note=note)
    earlier = NOTHING if before is None else RIGHT if before.agrees else WRONG
    form = None
    if "undo" not in request.POST and earlier != said:
        fields = {"kind": tag.kind, "id": str(tag.pk), "verdict": earlier, "undo": "1"}
        form = undo.Form(reverse("articles:verdict", args=[pk]), fields, "#tags")
    undo.say(request, told(said, "undo" in request.POST), form)
    return answer(request, pk)


def find(pk: int) -> models.Article:
    """The article, if it is to be seen."""
    found = models.Article.objects.ready().only("pk", "recognised_by").filter(pk=pk).first()
    if found is None:
        raise Http404(gettext("There is no such article."))
    return found


def wanted_tag(given: QueryDict) -> verdicts.Tag | None:
    """The company or theme that a form names, by its number or as somebody typed it; None if there is none.

    Raises Http404 for a number of nothing.
    """
    if "add" in given:
        typed = given.get("add", "").strip()[:200].replace("\0", "")
        company = forms.find_company(typed) if typed else None
        return verdicts.Tag("company", company.pk) if company else None
    if "theme" in given:
        theme = models.Theme.objects.filter(name=given.get("theme", "").replace("\0", "")).first()
        return verdicts.Tag("theme", theme.pk) if theme else None
    number = reads.parse_number(given.get("id", "")) or 0
    kind = given.get("kind", "")
    table = {"company": models.Company, "theme": models.Theme}.get(kind)
    if table is None or not table._default_manager.filter(pk=number).exists():
        raise Http404
    return verdicts.Tag("company" if kind == "company" else "theme", number)


def told(said: str, is_undo: bool) -> str:
    """What has been done, in a sentence."""
    if is_undo:
        return gettext("It is undone.")
    if said == NOTHING:
        return gettext("Your word on this tag is taken back.")
    return gettext("Noted: the tag is right.") if said == RIGHT else gettext("Noted: the tag is wrong.")


def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The tags alone for htmx, else the article's page."""
    if request.headers.get("HX-Request") != "true":
        return redirect(f"{reverse('articles:article', args=[pk])}#tags")
    found = reads.article(pk)
    if found is None:
        raise Http404
    context = {"article": found, "tags": tag_reads.tags(found, cast(User, request.user)), "is_fragment": True}
    response = render(request, "articles/_tags.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@may_edit
@require_safe
def verdict_list(request: HttpRequest) -> HttpResponse:
    """All verdicts, or those that recognition contradicts."""
    against = request.GET.get("show") == "against"
    page = Paginator(verdict_reads.listed(against=against), PER_PAGE).get_page(request.GET.get("page"))
    counts = {
        "all": models.TagVerdict.objects.count(),
        "against": verdict_reads.listed(against=True).count(),
    }
    context = {"page": page, "against": against, "counts": counts, "more": "show=against&" if against else ""}
    return render(request, "verdicts/list.html", context)


@may_edit
@require_safe
def suggestion_list(request: HttpRequest) -> HttpResponse:
    """What the verdicts suggest, with its measured effect, and what became of earlier suggestions."""
    found = models.Suggestion.objects.select_related("company", "theme", "decided_by")
    waiting = list(found.filter(state=suggestions.OPEN).order_by("-mended", "pk"))
    context = {
        "open": waiting,
        "is_measuring": any(one.measured_at is None for one in waiting),
        "decided": found.exclude(state=suggestions.OPEN).order_by("-decided_at", "-pk")[:DECIDED],
        "verdicts": models.TagVerdict.objects.count(),
    }
    return render(request, "verdicts/suggestions.html", context)


@may_edit
@require_POST
def look_again(request: HttpRequest) -> HttpResponse:
    """Look through the verdicts for suggestions."""
    found = suggestions.find(now=timezone.now())
    messages.success(request, ngettext("%d new suggestion.", "%d new suggestions.", found) % found)
    return redirect("articles:suggestions")


@may_edit
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Apply a suggestion, or dismiss it."""
    one = get_object_or_404(models.Suggestion, pk=pk)
    user, now = cast(User, request.user), timezone.now()
    if request.POST.get("decision") == "apply":
        try:
            suggestions.apply(one, by=user, now=now)
        except suggestions.SuggestionError:
            messages.error(request, gettext("The watch list has changed; this suggestion no longer fits."))
        else:
            messages.success(
                request, gettext("Applied. The articles of the last days are being tagged again.")
            )
    elif one.state == suggestions.OPEN:
        suggestions.dismiss(one, by=user, now=now)
        messages.success(request, gettext("Dismissed. It will not be suggested again."))
    return redirect("articles:suggestions")
