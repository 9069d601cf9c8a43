"""How templates show what a search found."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from articles import highlight, search_reads

register = template.Library()


@register.simple_tag(takes_context=True)
def hit_on(context: Any, pk: int) -> search_reads.Hit | None:
    """Where an article of the list has what was searched; None in lists that are of no search."""
    stream = context.get("stream")
    return stream.hits.get(pk) if stream else None


@register.filter
def marked(pieces: Iterable[highlight.Piece[highlight.Range]]) -> SafeString:
    """Pieces of a text; those that were searched are marked."""
    made = [
        f'<mark class="hit">{escape(piece.text)}</mark>' if piece.marks else escape(piece.text)
        for piece in pieces
    ]
    return mark_safe("".join(made))  # noqa: S308 - escaped piece by piece


@register.filter
def snippet(hit: search_reads.Hit) -> SafeString:
    """The part of a text that shows what was searched."""
    return SafeString(("… " if hit.begins_before else "") + marked(hit.text) + (" …" if hit.goes_on else ""))
