"""Why a document matches a query, or doesn't: which of the query's parts are in it, and where.

Values in, values out; the meaning is that of `articles.search.matches`, which is asked part by part.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from articles.search import matches, query
from articles.search.context import Context

KINDS = {
    query.And: "and",
    query.Or: "or",
    query.Not: "not",
    query.Near: "near",
    query.AtLeast: "atleast",
    query.Sentence: "sentence",
}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a query as it would be typed, whether it is so of the document, where, and the parts it is made of.

    `kind` is "and", "or", "not", "near", "atleast", "sentence", or "leaf". What stands under "not" is explained for
    itself: there it should not match. The sides of a NEAR, and what is within SENTENCE or ATLEAST, are looked for in
    the whole document, which shows whether they are missing or only too far apart.
    """

    text: str
    kind: str
    matched: bool
    spans: tuple[matches.Span, ...] = ()
    parts: tuple["Part", ...] = ()


def explain(ast: query.Query, document: matches.Prepared, context: Context) -> Part:
    """The tree of a query's parts. Raises ValueError as `matches` does."""
    found = matches.matches(ast, document, context=context)
    return Part(
        query.canonical(ast),
        KINDS.get(type(ast), "leaf"),
        found is not None,
        found.spans if found else (),
        tuple(explain(child, document, context) for child in _children(ast)),
    )


def _children(ast: query.Query) -> Iterator[query.Query]:
    match ast:
        case query.And(children) | query.Or(children):
            yield from children
        case query.Not(child) | query.AtLeast(_, child) | query.Sentence(child):
            yield child
        case query.Near(left, right):
            yield left
            yield right
