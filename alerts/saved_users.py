"""The alerts that name a saved search: they follow it to a new name, and keep it from being deleted.

Must not know how a search is kept; `articles.saved_searches` asks.
"""

from collections.abc import Iterator

from alerts import models
from articles import saved_searches
from articles.search import query


def rename(owner: int, before: str, after: str) -> list[str]:
    """Let a person's alerts, deleted ones too, name a search by its new name; returns the kept ones' names."""
    found = []
    for alert in models.Alert.objects.filter(owner=owner, query__contains="search:").select_for_update(
        no_key=True
    ):
        try:
            text = saved_searches.renamed_text(alert.query, before, after)
        except query.QueryError:
            continue
        if text:
            alert.query = text
            alert.save(update_fields=["query"])
            found += [alert.name] if alert.deleted_at is None else []
    return found


def naming(owner: int, name: str) -> list[str]:
    """The names of a person's alerts that name this search."""
    return list(_naming(owner, name))


def _naming(owner: int, name: str) -> Iterator[str]:
    for alert in models.Alert.objects.kept().filter(owner=owner, query__contains="search:").order_by("name"):
        try:
            tree = query.parse_query(alert.query)
        except query.QueryError:
            continue
        if saved_searches.is_named(tree, name):
            yield alert.name
