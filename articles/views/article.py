"""One article with the evidence for its tags."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from articles import (
    collection_reads,
    evidence,
    marks,
    models,
    reads,
    regions,
    setbacks,
    shares,
    similar_reads,
    story_reads,
    tag_reads,
    versions,
)
from articles.views import shares as share_views
from newswatch import wake
from newswatch.accounts import reader


@require_safe
def article(request: HttpRequest, pk: int) -> HttpResponse:
    """The article's page, which marks it read; 404 until it has gone through the pipeline."""
    found = reads.article(pk)
    if found is None:
        raise Http404(gettext("There is no such article."))
    who = reader.of(request)
    if reader.is_looking(request):
        marks.read(who.pk, pk, now=timezone.now())
    mentions = tag_reads.shown_mentions(found)
    text = found.body or found.summary
    times = evidence.times(found)
    quotes = evidence.quotes(found, mentions)
    of_title = [*evidence.marks(mentions, "title"), *evidence.time_marks(times["title"], found)]
    of_text = [
        *evidence.marks(mentions, "text"),
        *evidence.time_marks(times["text"], found),
        *evidence.quote_marks(quotes),
    ]
    if cited := cited_by(request, found):
        (of_title if cited[0] == "title" else of_text).append(evidence.said_mark(*cited[1:]))
    page = getattr(found, "page", None)
    is_of_page = found.text_from == models.Article.TextFrom.PAGE
    page_regions = [*([] if is_of_page else found.feed_regions), *(page.regions if page else [])]
    context = {
        "article": found,
        "title": evidence.pieces(found.title, of_title),
        "paragraphs": evidence.paragraphs(text, of_text if found.body else []),
        "kinds": evidence.kinds([*of_title, *of_text]),
        "times": evidence.told_times([*times["title"], *times["text"]], found),
        "speakers": evidence.speakers(quotes),
        "tags": tag_reads.tags(found, who),
        "sports": evidence.sports(found),
        "subtitles": regions.standfirst(page_regions, found.body),
        "rest": regions.rest(page_regions),
        "changes": versions.changes(found),
        "setback": setbacks.sentence(found.setback) if hasattr(found, "setback") else "",
        "around": story_reads.around(found),
        "shared": shares.Shared(found),
        "share_form": share_views.form_of(
            who, shares.Shared(found), sentence=shares.suggested(found, mentions)
        ),
        "given": share_views.seen_by(request, shares.given_to(who, found)),
        "shown": marks.on_articles(who.pk, [found]).on(found),
    }
    return render(request, "articles/article.html", context)


def cited_by(request: HttpRequest, found: models.Article) -> tuple[str, int, int] | None:
    """Where the sentence is that the reader's line was taken from which the address names."""
    line = reads.parse_number(request.GET.get("line", ""))
    return collection_reads.cited(reader.of(request), line, found) if line is not None else None


@require_safe
def versions_of(request: HttpRequest, pk: int) -> HttpResponse:
    """What an outlet changed in an article: a page, or for htmx a part of the story's page."""
    found = reads.article(pk)
    if found is None:
        raise Http404(gettext("There is no such article."))
    context = {"article": found, "changes": versions.changes(found)}
    return part_or_page(request, "articles/_versions.html", "articles/versions.html", context)


def part_or_page(request: HttpRequest, part: str, page: str, context: dict[str, object]) -> HttpResponse:
    """The part that htmx asked for, or the page around it."""
    response = render(request, part if request.headers.get("HX-Request") == "true" else page, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_safe
def similar(request: HttpRequest, pk: int) -> HttpResponse:
    """Articles of other stories that are like this one: htmx asks once the article is there, others get a page."""
    found = reads.article(pk)
    if found is None:
        raise Http404(gettext("There is no such article."))
    context = {"article": found, "similar": similar_reads.similar(found, now=timezone.now())}
    return part_or_page(request, "articles/_similar.html", "articles/similar.html", context)


@permission_required("articles.change_source", raise_exception=True)
@require_POST
def read_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Have an article that could not be read read again."""
    get_object_or_404(models.Article.objects.ready().only("pk"), pk=pk)
    if setbacks.ask_again([pk], now=timezone.now()):
        wake.send("articles.tasks.process_articles")
        messages.success(request, gettext("The article is being read again."))
    return redirect("articles:article", pk=pk)
