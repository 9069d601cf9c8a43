"""Whether a search would be slow, and what would make it quick: said before it runs, from how common its words are.

A page of results is slow where many articles must be looked at one by one: for a part of a word or a property that no
index holds, or for the order of words that many articles have. Must not ask the database: frequencies are passed in.
"""

import datetime
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from articles.search import needed, query, tokens
from articles.search.context import Context

# Microseconds that looking at an article takes, on one core: its text letter by letter, the
# places of its words (with all that counts or orders them), a short property.
LETTERS, PLACES, RUNS, PROPERTY = 110, 20, 200, 5
# A search that takes longer than this is told of beforehand.
PATIENCE = 1_000_000
# The share of articles that an attribute with labels leaves, if it is not known.
LABELLED, LANGUAGE = 0.05, 0.8
# Of "NEAR", each distance is tried.
_NEAR_STEP = 0.03


@dataclass(frozen=True, slots=True)
class Frequencies:
    """How many articles there are, published from when to when, and in which share of them each common lexeme stands.

    `rest` is the share of a lexeme that is not among them, at most.
    """

    articles: int
    first: datetime.datetime
    last: datetime.datetime
    shares: Mapping[str, float]
    rest: float = 0.0


@dataclass(frozen=True, slots=True)
class Warning:
    """What is slow about a query and what would help: `template` with `values` filled in, for a catalogue.

    `articles`: how many must be looked at if it finds little; `seconds`: how long that takes, about.
    """

    template: str
    values: Mapping[str, object]
    articles: int
    seconds: float

    @property
    def message(self) -> str:
        """In English."""
        return self.template % self.values


LETTER_TEMPLATE = (
    "This looks through the letters of up to %(articles)s articles (about %(seconds)s s). A whole word beside "
    "“%(part)s”, a company or a period such as published:30d makes it quick."
)
PLACE_TEMPLATE = (
    "“%(part)s” has words that very many articles have, and looks at their places in up to %(articles)s articles "
    "(about %(seconds)s s). A rarer word, a company or a period such as published:30d makes it quick."
)


def warning(ast: query.Query, frequencies: Frequencies, context: Context | None = None) -> Warning | None:
    """What is to be said before a query runs; None if it is quick.

    Raises ValueError as `to_sql` does.
    """
    plan = needed.plan(ast, context or Context())
    if plan.rest is None:
        return None
    slow = [(_microseconds(leaf), leaf) for leaf in _parts(plan.rest)]
    each, part = max(slow, key=lambda one: one[0], default=(0.0, None))
    if part is None:
        return None
    share = _share(ast, frequencies) if plan.tsquery else 1.0
    looked_at = round(frequencies.articles * _of_period(plan, frequencies) * share)
    if looked_at * each < PATIENCE:
        return None
    seconds = looked_at * each / 1_000_000
    template = (
        PLACE_TEMPLATE
        if isinstance(part, query.Phrase | query.Near | query.AtLeast | query.Sentence)
        else LETTER_TEMPLATE
    )
    values = {
        "part": query.canonical(part),
        "articles": f"{float(f'{looked_at:.1g}'):,.0f}",
        "seconds": f"{seconds:.0f}",
    }
    return Warning(template, values, looked_at, seconds)


def _parts(ast: query.Query) -> list[query.Query]:
    """The parts of a query that are looked at article by article."""
    match ast:
        case query.And(children) | query.Or(children):
            return [part for child in children for part in _parts(child)]
        case query.Not(child):
            return _parts(child)
        case _:
            return [ast]


def _microseconds(part: query.Query) -> float:
    """How long looking at an article for this takes; 0 for what is quick or hardly ever left to look at."""
    match part:
        case query.Substring() | query.Regex():
            return LETTERS
        case query.AtLeast() | query.Sentence():
            return RUNS
        case query.Phrase():
            return PLACES
        case query.Near(_, _, distance):
            return PLACES * (1 + _NEAR_STEP * distance)
        case query.Attribute("author" | "url"):
            return PROPERTY
        case _:
            return 0


def _of_period(plan: needed.Plan, frequencies: Frequencies) -> float:
    """The share of articles that were published in a plan's period, if they came evenly."""
    first, last = frequencies.first, frequencies.last
    begin, end = max(plan.begin or first, first), min(plan.end or last, last)
    whole = (last - first).total_seconds()
    return max((end - begin).total_seconds(), 0.0) / whole if whole > 0 else 1.0


def _share(ast: query.Query, frequencies: Frequencies) -> float:  # noqa: PLR0911 - one case for each kind of node
    """The share of articles that the index gives for a query, its words taken as independent of each other."""
    match ast:
        case query.Word(text, _, exact):
            return _of_lexemes(tokens.lookup(text, exact=exact), frequencies)
        case query.Phrase(words, field, exact):
            return math.prod(_share(query.Word(word, field, exact), frequencies) for word in words)
        case query.Near(left, right):
            return _share(left, frequencies) * _share(right, frequencies)
        case query.AtLeast(_, child) | query.Sentence(child):
            return _share(child, frequencies)
        case query.Prefix(text):
            return _of_beginnings(tokens.lookup_prefix(text), frequencies)
        case query.Labelled(labels):
            return _of_lexemes(labels, frequencies)
        case query.Attribute("lang"):
            return LANGUAGE
        case query.Attribute("company" | "theme" | "source" | "group"):
            return LABELLED
        case query.And(children):
            return math.prod(_share(child, frequencies) for child in children)
        case query.Or(children):
            return min(1.0, sum(_share(child, frequencies) for child in children))
        case _:
            return 1.0


def _of_lexemes(lexemes: Iterable[str], frequencies: Frequencies) -> float:
    return min(1.0, sum(frequencies.shares.get(lexeme, frequencies.rest) for lexeme in lexemes))


def _of_beginnings(starts: tuple[str, ...], frequencies: Frequencies) -> float:
    """What begins in the same way, of the common lexemes alone."""
    return min(1.0, sum(share for lexeme, share in frequencies.shares.items() if lexeme.startswith(starts)))
