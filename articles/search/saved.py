"""Saved searches inside a query: `search:"name"` becomes the query that is saved under the name.

Both engines take expanded queries only. Must not load saved searches: they are passed in, by name.
"""

from collections.abc import Mapping

from articles.search import folding, query
from articles.search.context import Context

# Leaves of an expanded query: saved searches that name each other twice grow quickly.
MOST_LEAVES = 2_000
# Saved searches inside one another.
DEEPEST = 20


def read(text: str, context: Context) -> query.Query:
    """The tree of a query, ready for both engines. Raises QueryError."""
    return expand(query.parse_query(text), context.saved)


def names(ast: query.Query) -> frozenset[str]:
    """The saved searches that a query names itself: what must be loaded first."""
    return frozenset(leaf.name for leaf in query.leaves(ast) if isinstance(leaf, query.Saved))


def expand(ast: query.Query, saved: Mapping[str, str]) -> query.Query:
    """The query with the saved searches that it names, and those that they name, in their places.

    `saved` are texts by name, whose case and width don't count. Raises QueryError, at the place where `ast` names
    the search, for a name that is not among them, for one that names itself, directly or by others, and for a text
    that can't be read or is too long.
    """
    if not names(ast):
        return ast
    return _Expansion(saved).expanded(ast)


class _Expansion:
    """Expands one query; each saved search is read once.

    `trail` are the searches that are being expanded, the outermost first, and `at` is where the query names that one.
    """

    def __init__(self, saved: Mapping[str, str]) -> None:
        self.saved = {folding.fold(name): text for name, text in saved.items()}
        self.known: dict[str, query.Query] = {}
        self.trail: list[str] = []
        self.at = 0
        self.size = 0

    def expanded(self, ast: query.Query) -> query.Query:
        match ast:
            case query.Saved():
                return self.replaced(ast)
            case query.And(children):
                return query.conjunction(self.expanded(child) for child in children)
            case query.Or(children):
                return query.disjunction(self.expanded(child) for child in children)
            case query.Not(child):
                return query.negation(self.expanded(child))
            case _:
                return ast

    def replaced(self, reference: query.Saved) -> query.Query:
        name = folding.fold(reference.name)
        found = self.known.get(name)
        if found is None:
            found = self.known[name] = self.looked_up(name, reference)
        self.size += sum(1 for _ in query.leaves(found))
        if self.size > MOST_LEAVES:
            raise self.error(
                "The saved search “%(name)s” makes the query longer than %(most)s words.",
                reference,
                most=MOST_LEAVES,
            )
        return found

    def looked_up(self, name: str, reference: query.Saved) -> query.Query:
        if name in self.trail or len(self.trail) >= DEEPEST:
            raise self.error("The saved search “%(name)s” refers to itself.", reference)
        text = self.saved.get(name)
        if text is None:
            raise self.error("There is no saved search “%(name)s”.", reference)
        if not self.trail:
            self.at = reference.at
        ast = self.parsed(text, reference)
        self.trail.append(name)
        found = self.expanded(ast)
        self.trail.pop()
        return found

    def parsed(self, text: str, reference: query.Saved) -> query.Query:
        try:
            return query.parse_query(text)
        except query.QueryError as problem:
            raise self.error(
                "The saved search “%(name)s” can’t be read: %(problem)s", reference, problem=problem.message
            ) from problem

    def error(self, template: str, reference: query.Saved, **values: object) -> query.QueryError:
        """An error at the place where the query itself names a search, if by others."""
        at = self.at if self.trail else reference.at
        return query.QueryError(template, at, name=reference.name, **values)
