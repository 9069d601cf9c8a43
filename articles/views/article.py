"""One article with the evidence for its tags."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from articles import evidence, reads, regions, versions


@require_safe
def article(request: HttpRequest, pk: int) -> HttpResponse:
    """The article's page; 404 until it has gone through the pipeline."""
    found = reads.article(pk)
    if found is None:
        raise Http404(gettext("There is no such article."))
    mentions = list(found.mentions.all())
    text = found.body or found.summary
    of_text = evidence.marks(mentions, "text") if found.body else []
    page = getattr(found, "page", None)
    page_regions = page.regions if page else []
    context = {
        "article": found,
        "title": evidence.pieces(found.title, evidence.marks(mentions, "title")),
        "paragraphs": evidence.paragraphs(text, of_text),
        "companies": evidence.companies(found),
        "themes": evidence.themes(found),
        "sports": evidence.sports(found),
        "subtitles": regions.standfirst(page_regions, found.body),
        "rest": regions.rest(page_regions),
        "changes": versions.changes(found),
        "same_title": reads.same_title(found),
    }
    return render(request, "articles/article.html", context)
