"""Why an article is among what a search found: which parts of the query are in it, and where."""

import dataclasses

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from alerts import documents
from alerts.matching import evidence
from articles import highlight, marks, models, saved_searches
from articles.search import explain, matches, query, saved
from newswatch.accounts import reader

# Places of one part that are quoted, and characters around each.
MOST_PLACES = 3
AROUND = 60


@dataclasses.dataclass(frozen=True, slots=True)
class Reason:
    """A part of a query as typed, whether it is so of the article, some of its places, and what it is made of."""

    part: explain.Part
    places: tuple[tuple[highlight.Piece[highlight.Range], ...], ...]
    more: int
    reasons: tuple["Reason", ...]


@require_safe
def why(request: HttpRequest, pk: int) -> HttpResponse:
    """The parts of a query and how each of them stands with an article: a page, or for htmx its middle."""
    text = request.GET.get("q", "").replace("\0", " ").strip()[: query.MOST_CHARACTERS]
    article = (
        models.Article.objects.ready()
        .filter(pk=pk)
        .select_related("outlet", "source", "story")
        .prefetch_related("company_tags__company__parent", "theme_tags__theme", "mentions")
        .first()
    )
    if article is None or not text:
        raise Http404
    context = {"article": article, "query": text}
    try:
        context["reason"] = reason_of(request, article, text)
    except query.QueryError as problem:
        context["problem"] = problem
    is_part = request.headers.get("HX-Request") == "true"
    return render(request, "search/_why.html" if is_part else "search/why.html", context)


def reason_of(request: HttpRequest, article: models.Article, text: str) -> Reason:
    """Why the article is found, part by part. Raises QueryError."""
    person = reader.of(request)
    context = saved_searches.context_of(person, text, now=timezone.now())
    tree = saved.read(text, context)
    document = documents.document(article, evidence.needs(tree))
    mark = marks.on_articles(person.pk, [article]).on(article)
    own = [name for name, is_so in (("read", mark.is_read), ("starred", mark.is_starred)) if is_so]
    document = dataclasses.replace(document, note=mark.note, states=(*document.states, *own))
    return told(explain.explain(tree, matches.prepare(document), context), document)


def told(part: explain.Part, document: matches.SearchDocument) -> Reason:
    """A part with its places as they are shown."""
    shown = [span for span in part.spans if span.field in ("title", "text")] if not part.parts else []
    return Reason(
        part,
        tuple(quoted(span, document) for span in shown[:MOST_PLACES]),
        max(0, len(shown) - MOST_PLACES),
        tuple(told(child, document) for child in part.parts),
    )


def quoted(
    span: matches.Span, document: matches.SearchDocument
) -> tuple[highlight.Piece[highlight.Range], ...]:
    """A place with what stands around it."""
    text = document.title if span.field == "title" else document.text
    start, end = max(0, span.start - AROUND), min(len(text), span.end + AROUND)
    return tuple(highlight.cut(text, [highlight.Range(span.start, span.end)], start=start, end=end))
