"""Whether the reader follows what a page is about."""

from django import template

from articles import watches
from newswatch.accounts import reader

register = template.Library()


@register.simple_tag(takes_context=True)
def follows(context: template.Context, company: int | None = None, theme: int | None = None) -> bool:
    """Whether the reader follows this company or theme. One query."""
    return watches.is_followed(reader.of(context["request"]).pk, company=company, theme=theme)
