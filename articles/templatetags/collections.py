"""How templates show folders and briefings."""

from dataclasses import dataclass

from django import template
from django.urls import reverse

from articles import collection_reads, models

register = template.Library()


@dataclass(frozen=True, slots=True)
class Undo:
    """Where a form goes that takes something back, and what it says."""

    url: str
    do: str


@register.filter
def collected_undo(tags: str) -> Undo | None:
    """What takes back that something was put in, taken out or deleted, if a message is about that."""
    found = next((tag for tag in tags.split() if tag.startswith("collected-")), "").split("-")
    if len(found) != 3:
        return None
    _, collection, item = found
    if item == "all":
        return Undo(reverse("articles:collection-restore", args=[collection]), "restore")
    way, number = ("remove", item[1:]) if item.startswith("x") else ("restore", item)
    return Undo(reverse("articles:collection-item", args=[collection, number]), way)


@register.filter
def said_by(item: models.CollectionItem) -> str:
    """Who says it, when, and how many others do."""
    return collection_reads.source_of(item)
