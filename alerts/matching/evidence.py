"""Which tags a query asks for, so that their evidence can be shown beside its own words. Must not store anything."""

from collections.abc import Iterator

from articles.search import folding, query

# A tag with a field of its own and a folded name: ("company", "lg화학").
Tag = tuple[str, str]


def tags_asked_for(ast: query.Query) -> frozenset[Tag]:
    """The companies and themes that a query asks for, not those it excludes."""
    return frozenset(_tags(ast))


def tag(field: str, name: str) -> Tag:
    """A tag as `tags_asked_for` gives it."""
    return field, folding.fold(name)


def _tags(ast: query.Query) -> Iterator[Tag]:
    match ast:
        case query.And(children) | query.Or(children):
            for child in children:
                yield from _tags(child)
        case query.Attribute(("company" | "theme") as field, name):
            yield tag(field, name)
