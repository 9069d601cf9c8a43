"""What an article must have to be found by a query, as one question to the index of words and labels, and a period.

The index answers that at once; what it can't see (the order of words, parts of words, properties without labels) is
left to the condition of `articles.search.to_sql`. Must not leave out an article that the query finds.
"""

import datetime
from dataclasses import dataclass

from articles.search import query, runs_sql, to_sql
from articles.search.context import Context

Moment = datetime.datetime | None


@dataclass(frozen=True, slots=True)
class Needed:
    """A tsquery, empty if anything will do. `is_all`: what has it is found; `narrows`: it asks for something."""

    tsquery: str
    is_all: bool
    narrows: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """How to look for what a query finds: articles with these words and labels (all, if empty), published from `begin`
    on and before `end`, that pass the `rest`, a query.
    """

    tsquery: str
    begin: Moment
    end: Moment
    rest: query.Query | None


NOTHING = Needed("", is_all=False, narrows=False)


def plan(ast: query.Query, context: Context) -> Plan:
    """How to look for what a query finds. Raises ValueError if that depends on the time and the context has none."""
    children = ast.children if isinstance(ast, query.And) else (ast,)
    others = [child for child in children if not _is_published(child)]
    begin, end = span(ast, context)
    parts = [_needed(child) for child in others]
    asked = _all_of(parts)
    if not asked.narrows:
        return Plan("", begin, end, query.conjunction(others) if others else None)
    rest = [child for child, part in zip(others, parts, strict=True) if not part.is_all]
    return Plan(asked.tsquery, begin, end, query.conjunction(rest) if rest else None)


def _is_published(ast: query.Query) -> bool:
    return isinstance(ast, query.When) and ast.field == "published"


def _needed(ast: query.Query) -> Needed:  # noqa: PLR0911 - one case for each kind of node
    match ast:
        case query.Word() | query.Prefix() | query.Labelled():
            return Needed(to_sql.to_tsquery(ast), is_all=True, narrows=True)
        case query.Phrase(words, field, exact):
            parts = [_needed(query.Word(word, field, exact)) for word in words]
            return _all_of(parts, is_all=False)
        case query.Near(left, right):
            return _all_of([_needed(left), _needed(right)], is_all=False)
        case query.AtLeast(_, child):
            return _all_of([_needed(child)], is_all=False)
        case query.Sentence(child):
            return _all_of([_needed(runs_sql.without_exclusions(child))], is_all=False)
        case query.Attribute("region", kind):
            return Needed(to_sql.has_region(kind), is_all=True, narrows=True)
        case query.And(children):
            return _all_of([_needed(child) for child in children])
        case query.Or(children):
            return _one_of([_needed(child) for child in children])
        case query.Not(child):
            inner = _needed(child)
            return Needed(f"!({inner.tsquery})", is_all=True, narrows=False) if inner.is_all else NOTHING
        case _:
            return NOTHING


def _all_of(parts: list[Needed], *, is_all: bool = True) -> Needed:
    asked = [part for part in parts if part.tsquery]
    return Needed(
        " & ".join(f"({part.tsquery})" for part in asked),
        is_all=is_all and all(part.is_all for part in parts),
        narrows=any(part.narrows for part in asked),
    )


def _one_of(parts: list[Needed]) -> Needed:
    if not all(part.tsquery for part in parts):
        return NOTHING
    return Needed(
        " | ".join(f"({part.tsquery})" for part in parts),
        is_all=all(part.is_all for part in parts),
        narrows=all(part.narrows for part in parts),
    )


def span(ast: query.Query, context: Context) -> tuple[Moment, Moment]:
    """From when on and before when an article must have been published to be found; None where that is open.

    Raises ValueError if that depends on the time and the context has none.
    """
    match ast:
        case query.When("published"):
            return to_sql.bounds(ast, context)
        case query.And(children):
            spans = [span(child, context) for child in children]
            begins = [begin for begin, _ in spans if begin is not None]
            ends = [end for _, end in spans if end is not None]
            return max(begins, default=None), min(ends, default=None)
        case query.Or(children):
            spans = [span(child, context) for child in children]
            first, last = [begin for begin, _ in spans], [end for _, end in spans]
            return (
                None if None in first else min(one for one in first if one is not None),
                None if None in last else max(one for one in last if one is not None),
            )
        case _:
            return None, None
