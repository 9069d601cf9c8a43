"""How templates draw the rows of a list."""

from collections.abc import Callable, Hashable
from typing import Any

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString

from articles import drawn, marks, reads

register = template.Library()


@register.simple_tag(takes_context=True)
def rows(context: Any, day: "reads.Day[Any]") -> SafeString:
    """A day's rows; those that say where a search was found, and those in order of relevance, are the page's own."""
    stream, request = context["stream"], context["request"]
    name, variable, key_of = kind(by_article=stream.by_article)
    row_template = context.template.engine.get_template(name)
    own = {"stream": stream, "request": request, "csrf_token": drawn.TOKEN, "next": drawn.NEXT}

    def drawing(row: Any) -> str:
        return str(row_template.render(template.Context({variable: row, **own})))

    if stream.hits or stream.is_ranked:
        made = [drawing(row) for row in day.rows]
    else:
        made = [drawn.draw(key_of(row, stream.marked), drawing, row) for row in day.rows]
    address = escape(context.get("next") or request.get_full_path())
    return drawn.join(made, token=str(context.get("csrf_token", "")), address=address)


def kind(*, by_article: bool) -> tuple[str, str, Callable[[Any, marks.Marks], Hashable]]:
    """A row's template, what it calls the row, and what the row is kept under."""
    if by_article:
        return "articles/_row.html", "article", drawn.key_of_article
    return "stories/_row.html", "line", drawn.key_of_line
