"""What somebody published: a page for whoever knows its address, without a log-in, and its files."""

import hashlib

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import content_disposition_header
from django.utils.text import get_valid_filename
from django.views.decorators.http import require_safe

from articles import collection_reads, models
from articles.briefing import document, pdf, word
from articles.views import collections
from newswatch import limits

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FILES = {"pdf": ("application/pdf", pdf.to_pdf), "docx": (DOCX, word.to_docx)}
# How often one published collection is made a file of, in so many seconds.
MOST_FILES, SPAN_S = 60, 60


@require_safe
def file(request: HttpRequest, pk: int, suffix: str) -> HttpResponse:
    """The reader's own collection, as it is now, as a file."""
    return as_file(collections.current(request, collections.own(request, pk)), suffix)


@login_not_required
@require_safe
def published(request: HttpRequest, secret: str) -> HttpResponse:
    """The page of what was published at this address."""
    found, made = at_address(secret)
    with translation.override(made.language):
        context = {"document": made, "collection": found, "secret": secret}
        response = render(request, "collections/published.html", context)
    return guarded(request, response)


@login_not_required
@require_safe
def published_file(request: HttpRequest, secret: str, suffix: str) -> HttpResponse:
    """The same as a file."""
    found, made = at_address(secret)
    if not limits.allows(f"published-file:{found.pk}", most=MOST_FILES, seconds=SPAN_S):
        return HttpResponse(status=429, headers={"Retry-After": str(SPAN_S)})
    return guarded(request, as_file(made, suffix))


def at_address(secret: str) -> tuple[models.Collection, document.Document]:
    """What was published at an address. Raises Http404."""
    found = models.Collection.objects.published_at_address(secret)
    made = collection_reads.published(found) if found else None
    if found is None or made is None:
        raise Http404
    return found, made


def as_file(made: document.Document, suffix: str) -> HttpResponse:
    """A document as a download. Raises Http404 for a kind of file that there is none of."""
    if suffix not in FILES:
        raise Http404
    content_type, write = FILES[suffix]
    # No name of a file is longer than this many bytes anywhere.
    name = get_valid_filename(made.title.strip(". ") or "briefing")[:60]
    named = content_disposition_header(as_attachment=True, filename=f"{name}.{suffix}") or "attachment"
    return HttpResponse(write(made), content_type=content_type, headers={"Content-Disposition": named})


def guarded(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """An answer that no shared cache keeps, no search engine lists, and that tells no site its address."""
    patch_cache_control(response, private=True, max_age=60)
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response) or response
