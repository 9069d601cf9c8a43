"""Alerts to a matcher: for each query the rarest words or tags of which a matching article must have one.

Must not be wrong the other way: a query that nothing can be required of is tried on every article. A node of the query
language that is not known here is such a query; a test holds all of them to it.
"""

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from alerts.matching import match as matching
from articles.search import fields, folding, matches, places, query, tokens

# What compile_alerts gives, under the name that its callers know.
Matcher = matching.Matcher

# In how many of 10,000 articles a lexeme or tag is guessed to stand where no counts are given: the shorter, the more.
_GUESS_BY_LENGTH = {1: 1_000.0, 2: 300.0, 3: 60.0, 4: 20.0}
_GUESS_LONGER = 8.0
_GUESS_BEGINNING = 4.0
_GUESS_WHOLE = {
    "company": 30.0,
    "theme": 3_000.0,
    "lang": 7_000.0,
    "source": 100.0,
    "group": 1_000.0,
    "is": 5_000.0,
    "has": 3_000.0,
}
_GUESS_PART = {"": 100.0, "source": 100.0, "group": 1_000.0, "url": 100.0, "author": 10.0}
_GUESS_OTHER = 30.0
# The same for one that is not among those that were counted.
_UNCOUNTED = 5.0
# More clauses than this let hardly anything through that the first ones did.
_MOST_CHECKS = 4

# In how many of 10,000 articles a key occurs, where known.
Frequencies = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Requirement:
    """A matching article has at least one of these; `cost` is the guessed number of articles in 10,000 that do."""

    keys: matching.Clause
    cost: float


def compile_alerts(
    alerts: Iterable[tuple[int, query.Query]], *, frequencies: Frequencies | None = None
) -> Matcher:
    """One matcher for all alerts, given as ids and queries."""
    matcher = Matcher(planner(frequencies or {}))
    for alert, ast in alerts:
        matcher.put(alert, ast)
    return matcher


def planner(frequencies: Frequencies) -> matching.Planner:
    """Plans queries by these frequencies; the guesses serve for what they leave out."""
    return functools.partial(plan, frequencies=frequencies)


def plan(ast: query.Query, frequencies: Frequencies) -> matching.Plan:
    """Under what a query is filed, and what else a match must have."""
    distinct = {one.keys: one for one in required(ast, frequencies)}
    clauses = [one.keys for one in sorted(distinct.values(), key=_cost)]
    if not clauses:
        return matching.Plan(frozenset(), ())
    children = ast.children if isinstance(ast, query.And) else (ast,)
    if not all(_is_told(child) or _is_told_not(child) for child in children):
        return matching.Plan(clauses[0], tuple(clauses[1 : 1 + _MOST_CHECKS]))
    without = [required(child.child, frequencies) for child in children if isinstance(child, query.Not)]
    keys = frozenset[str]().union(*(one.keys for of_child in without for one in of_child))
    return matching.Plan(clauses[0], tuple(clauses[1:]), keys, decides=True)


def _is_told(ast: query.Query) -> bool:
    """Whether a document matches this if and only if it has one of the keys that `required` gives."""
    match ast:
        case query.Word(_, where):
            return where == "" or where.startswith(query.REGION)
        case query.Prefix(text, ""):
            return all(map(matching.has_head, tokens.lookup_prefix(text)))
        case query.Substring(text, ""):
            return bool(folding.fold(text))
        case query.Attribute(name, value, how):
            return (how in ("is", fields.GROUP) and name in matching.PROPERTIES) or (
                how == "has"
                and name in matching.PROPERTIES
                and all(fields.spellings(name, folding.fold(value)))
            )
        case query.Or(children):
            return all(map(_is_told, children))
    return False


def _is_told_not(ast: query.Query) -> bool:
    return isinstance(ast, query.Not) and _is_told(ast.child)


def required(ast: query.Query, frequencies: Frequencies) -> Iterator[Requirement]:
    """What a matching article must have, all of it; nothing if nothing can be said."""
    match ast:
        case query.Word(text, where, exact):
            yield _any_key(places.lexemes_in(tokens.lookup(text, exact=exact), where), frequencies)
        case query.Phrase(words, where, exact):
            for word in words:
                yield from required(query.Word(word, where, exact), frequencies)
        case query.Prefix(text, where):
            starts = places.lexemes_in(tokens.lookup_prefix(text), where)
            if all(map(matching.has_head, starts)):
                cost = _GUESS_BEGINNING * _guess(text)
                yield Requirement(frozenset(map(matching.beginning_key, starts)), cost)
        case query.Substring(text):
            yield from _part("", [folding.fold(text)])
        case query.Attribute(name, value, how):
            yield from _property(name, folding.fold(value), how, frequencies)
        case query.AtLeast(_, child) | query.Sentence(child):
            yield from required(child, frequencies)
        case query.Near(left, right):
            yield from required(left, frequencies)
            yield from required(right, frequencies)
        case query.And(children):
            for child in children:
                yield from required(child, frequencies)
        case query.Or(children):
            yield from _any_of([list(required(child, frequencies)) for child in children])


def _any_key(keys: Iterable[str], frequencies: Frequencies) -> Requirement:
    """One of a word's lexemes. Where counts are known, one that was not counted is rare."""
    found = frozenset(keys)
    known = [frequencies[key] for key in found if key in frequencies]
    if known:
        return Requirement(found, sum(known))
    guessed = max(map(_guess, found))
    return Requirement(found, min(guessed, _UNCOUNTED) if frequencies else guessed)


def _guess(lexeme: str) -> float:
    return _GUESS_BY_LENGTH.get(len(lexeme.removeprefix(tokens.DERIVED)), _GUESS_LONGER)


def _property(name: str, value: str, how: str, frequencies: Frequencies) -> Iterator[Requirement]:
    if how == fields.GROUP:
        name, how = matches.BELOW, "is"
    if name not in matching.PROPERTIES:
        return
    spellings = fields.spellings(name, value)
    if how == "is":
        keys = [matching.whole_key(name, spelling) for spelling in spellings]
        cost = sum(frequencies.get(key, _GUESS_WHOLE.get(name, _GUESS_OTHER)) for key in keys)
        yield Requirement(frozenset(keys), cost)
    else:
        yield from _part(name, spellings)


def _part(name: str, folded: Sequence[str]) -> Iterator[Requirement]:
    if all(folded):
        keys = frozenset(matching.part_key(name, part) for part in folded)
        yield Requirement(keys, _GUESS_PART.get(name, _GUESS_OTHER))


def _any_of(alternatives: list[list[Requirement]]) -> Iterator[Requirement]:
    """The cheapest of each together; nothing if one of them requires nothing."""
    if all(alternatives):
        cheapest = [min(requirements, key=_cost) for requirements in alternatives]
        yield Requirement(
            frozenset().union(*(one.keys for one in cheapest)), sum(one.cost for one in cheapest)
        )


def _cost(requirement: Requirement) -> float:
    return requirement.cost
