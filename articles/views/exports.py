"""Everything that a search finds, as a file."""

from django.http import Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from articles import exports
from articles.search import query
from articles.views import search


@require_GET
def export(request: HttpRequest, suffix: str) -> HttpResponseBase:
    """The file, sent while it is made; for a query that can't be read, the page that says why."""
    kind = exports.BY_SUFFIX.get(suffix)
    if kind is None:
        raise Http404
    wanted, now = search.wanted_by(request), timezone.now()
    try:
        articles = exports.found(wanted, now=now)
    except query.QueryError:
        return search.search(request)
    response = StreamingHttpResponse(exports.pieces(articles, kind), content_type=kind.content_type)
    name = f"newswatch-{timezone.localtime(now):%Y%m%d-%H%M}.{suffix}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    # A proxy that waits for all of it would undo the streaming.
    response["X-Accel-Buffering"] = "no"
    return response
