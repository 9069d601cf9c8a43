"""How templates draw the rows of a list."""

import dataclasses
from collections.abc import Callable, Hashable
from typing import Any
from urllib.parse import quote

from django import template
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString

from articles import drawn, reads
from articles.templatetags import search

register = template.Library()


@register.simple_tag(takes_context=True)
def rows(context: Any, day: "reads.Day[Any]") -> SafeString:
    """A day's rows, with what was searched marked in them."""
    stream, request = context["stream"], context["request"]
    name, variable, key_of = kind(by_article=stream.by_article)
    row_template = context.template.engine.get_template(name)
    asked = request.GET.get("q", "")
    own = {
        "stream": dataclasses.replace(stream, hits=drawn.places(stream.hits)),
        "request": request,
        "csrf_token": drawn.TOKEN,
        "next": drawn.NEXT,
        "asked": asked and drawn.QUERY,
    }

    def drawing(row: Any) -> str:
        return str(row_template.render(template.Context({variable: row, **own})))

    # By relevance, rows of today say so.
    of_page = (bool(asked), stream.is_ranked and timezone.localdate())
    made = [drawn.draw((key_of(row, stream.marked, stream.hits), of_page), drawing, row) for row in day.rows]
    address = escape(context.get("next") or request.get_full_path())
    token = str(context.get("csrf_token", ""))
    joined = drawn.join(made, token=token, address=address, asked=quote(asked, safe=""))
    hits = stream.hits
    return drawn.fill(joined, lambda pk: search.marked(hits[pk].title), lambda pk: search.snippet(hits[pk]))


def kind(*, by_article: bool) -> tuple[str, str, Callable[..., Hashable]]:
    """A row's template, what it calls the row, and what the row is kept under."""
    if by_article:
        return "articles/_row.html", "article", drawn.key_of_article
    return "stories/_row.html", "line", drawn.key_of_line
