"""How templates show folders and briefings."""

from django import template

from articles import collection_reads, models

register = template.Library()


@register.filter
def said_by(item: models.CollectionItem) -> str:
    """Who says it, when, and how many others do."""
    return collection_reads.source_of(item)
