"""Which tags a query asks for, so that their evidence can be shown beside its own words, and what else it needs to
know of an article. Must not store anything.
"""

from collections.abc import Iterator

from articles.search import folding, query

# A tag with a field of its own and a folded name: ("company", "lg화학").
Tag = tuple[str, str]


def tags_asked_for(ast: query.Query) -> frozenset[Tag]:
    """The companies and themes that a query asks for, not those it excludes."""
    return frozenset(_tags(ast))


def needs(ast: query.Query) -> frozenset[str]:
    """What a query asks of an article that is not at hand when it arrives: "regions", "people", "events"."""
    return frozenset(filter(None, map(_need, query.leaves(ast))))


def _need(leaf: query.Leaf) -> str:
    match leaf:
        case query.Word(_, where) | query.Phrase(_, where) | query.Prefix(_, where):
            return "regions" if where.startswith(query.REGION) else ""
        case query.Attribute("region"):
            return "regions"
        case query.Attribute("person") | query.Attribute("has", "quote"):
            return "people"
        case query.When("event") | query.Attribute("has", "event"):
            return "events"
    return ""


def tag(field: str, name: str) -> Tag:
    """A tag as `tags_asked_for` gives it."""
    return field, folding.fold(name)


def _tags(ast: query.Query) -> Iterator[Tag]:
    match ast:
        case query.And(children) | query.Or(children):
            for child in children:
                yield from _tags(child)
        case query.Attribute("company", name):
            yield tag("company", name)
        case query.Attribute("theme", name):
            yield tag("theme", name.partition("/")[0])
        case query.Attribute("tag", name):
            yield tag("company", name)
            yield tag("theme", name)
