"""All alerts to one matcher: for each, the rarest words or tags of which a matching article must have one.

Must not be wrong the other way: an alert that nothing can be required of is tried on every article.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from alerts.matching import match as matching
from articles.search import folding, query, tokens

# What compile_alerts gives, under the name that its callers know.
Matcher = matching.Matcher

# What share of articles has a tag or word is guessed where no counts are given: the shorter, the commoner.
_GUESS_BY_LENGTH = {1: 1_000.0, 2: 300.0, 3: 60.0, 4: 20.0}
_GUESS_LONGER = 8.0
_GUESS_BEGINNING = 4.0
_GUESS_TAG = {"company": 30.0, "theme": 3_000.0, "lang": 7_000.0}


@dataclass(frozen=True, slots=True)
class Requirement:
    """A matching article has at least one of these; `cost` is the guessed number of articles in 10,000 that do."""

    keys: frozenset[str]
    beginnings: frozenset[str]
    cost: float


def compile_alerts(
    alerts: Iterable[tuple[int, query.Query]], *, frequencies: Mapping[str, float] | None = None
) -> Matcher:
    """One matcher for all alerts, given as ids and queries.

    `frequencies`: in how many of 10,000 articles a lexeme occurs, where known; the guesses serve for the others.
    """
    given = list(alerts)
    by_key: defaultdict[str, list[int]] = defaultdict(list)
    by_beginning: defaultdict[str, list[int]] = defaultdict(list)
    always = []
    for number, (_, ast) in enumerate(given):
        requirement = required(ast, frequencies or {})
        if requirement is None:
            always.append(number)
            continue
        for key in requirement.keys:
            by_key[key].append(number)
        for start in requirement.beginnings:
            by_beginning[start].append(number)
    lengths = sorted({len(start) for start in by_beginning})
    return Matcher(given, dict(by_key), dict(by_beginning), lengths, always)


def required(  # noqa: PLR0911 - one case for each kind of node
    ast: query.Query, frequencies: Mapping[str, float]
) -> Requirement | None:
    """What a matching article must have one of; None if nothing can be said."""
    match ast:
        case query.Word(text, _, exact):
            return _any_lexeme(tokens.lookup(text, exact=exact), frequencies)
        case query.Phrase(words, _, exact):
            return _cheapest(_any_lexeme(tokens.lookup(word, exact=exact), frequencies) for word in words)
        case query.Prefix(text):
            starts = tokens.lookup_prefix(text)
            return Requirement(frozenset(), frozenset(starts), _GUESS_BEGINNING * _guess(text))
        case query.Attribute(name, value, "is") if name in query.TAG_FIELDS:
            return Requirement(frozenset([_tag(name, value)]), frozenset(), _GUESS_TAG[name])
        case query.Near(left, right):
            return _cheapest(required(side, frequencies) for side in (left, right))
        case query.And(children):
            return _cheapest(required(child, frequencies) for child in children)
        case query.Or(children):
            return _any_of([required(child, frequencies) for child in children])
        case _:
            return None


def _tag(name: str, value: str) -> str:
    return matching.tag_key(name, folding.fold(value))


def _any_lexeme(lexemes: tuple[str, ...], frequencies: Mapping[str, float]) -> Requirement:
    cost = sum(frequencies.get(lexeme, _guess(lexeme) / len(lexemes)) for lexeme in lexemes)
    return Requirement(frozenset(lexemes), frozenset(), cost)


def _guess(lexeme: str) -> float:
    return _GUESS_BY_LENGTH.get(len(lexeme.removeprefix(tokens.DERIVED)), _GUESS_LONGER)


def _cheapest(requirements: Iterable[Requirement | None]) -> Requirement | None:
    """The requirement that the fewest articles are guessed to fulfil."""
    known = [requirement for requirement in requirements if requirement is not None]
    return min(known, key=_cost, default=None)


def _cost(requirement: Requirement) -> float:
    return requirement.cost


def _any_of(requirements: list[Requirement | None]) -> Requirement | None:
    """All of them together; None if one of them is."""
    known = [requirement for requirement in requirements if requirement is not None]
    if len(known) < len(requirements):
        return None
    return Requirement(
        frozenset().union(*(one.keys for one in known)),
        frozenset().union(*(one.beginnings for one in known)),
        sum(one.cost for one in known),
    )
