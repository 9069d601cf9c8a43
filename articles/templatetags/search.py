"""How templates show what a search found."""

from typing import Any

from django import template

from articles import search_reads

register = template.Library()


@register.simple_tag(takes_context=True)
def hit_on(context: Any, pk: int) -> search_reads.Hit | None:
    """Where an article of the list has what was searched; None in lists that are of no search."""
    stream = context.get("stream")
    return stream.hits.get(pk) if stream else None
