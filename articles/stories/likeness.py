"""Which articles of other stories are like one, and what they have in common.

Stories join what tells of one event; this finds what tells of like events: earlier rounds of a dispute, a rival's
plant. The rarest words of a headline, two of them together or one beside a company of the article, are what to ask an
index; what it gives is ranked by the words and companies in common, the rarer the more. Pure: shares are passed in.
"""

import math
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from articles.search import tokens
from articles.stories import additions

# A word that more articles have than this share says too little, and is slow to ask for.
MOST_COMMON = 0.03
MOST_WORDS = 6
MOST_COMPANIES = 3
# A company counts less than a word as rare: whoever is in the news is in it with many things.
COMPANY_WEIGHT = 0.5
# What is rarer is as good as this: a word that is nowhere else may be a misprint.
RAREST = 5e-4
# What two headlines share must weigh so much, as two words that each stand in one article of two hundred do.
LEAST = 2 * math.log(200) * 0.75

# The share of articles that have a lexeme or a label, from 0 to 1.
ShareOf = Callable[[str], float]


@dataclass(frozen=True, slots=True)
class Subject:
    """What an article is known by: its headline's rare words (as compared -> as written), and its companies' labels."""

    words: dict[str, str]
    companies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article that an index gave."""

    id: int
    story: int | None
    title: str
    companies: frozenset[str]


@dataclass(frozen=True, slots=True)
class Like:
    """An article that is like the one looked at: the words and the companies' labels that both have, rarest first."""

    id: int
    weight: float
    words: tuple[str, ...]
    companies: tuple[str, ...]


def subject(title: str, companies: Mapping[str, str], share_of: ShareOf) -> Subject:
    """The rarest words of a headline and the rarest of its companies (labels -> names); a name is no word as well."""
    names = {key for name in companies.values() for key in _keys(name)}
    written = {key: _as_written(word.text, key) for word in tokens.words(title) for key in _keys(word.text)}
    written = {key: text for key, text in written.items() if key not in names}
    rare = sorted(written, key=lambda key: (_lexeme_share(key, share_of), key))
    kept = [key for key in rare if _lexeme_share(key, share_of) <= MOST_COMMON][:MOST_WORDS]
    chosen = sorted(companies, key=lambda label: (share_of(label), label))[:MOST_COMPANIES]
    return Subject({key: written[key] for key in kept}, tuple(chosen))


def tsquery(of: Subject) -> str:
    """What asks for articles with two of the words, a word and a company, or all companies; empty for nothing."""
    words = [f"({' | '.join(map(tokens.quoted, tokens.lookup(key)))})" for key in of.words]
    companies = [tokens.quoted(label) for label in of.companies]
    asked: list[tuple[str, ...]] = [
        *combinations(words, 2),
        *((word, label) for word in words for label in companies),
    ]
    if len(companies) == MOST_COMPANIES:
        asked.append(tuple(companies))
    return " | ".join(f"({' & '.join(together)})" for together in asked)


def ranked(of: Subject, found: Iterable[Candidate], share_of: ShareOf, *, most: int) -> list[Like]:
    """The most alike, one of each story; those that have little in common are left out."""
    best: dict[int, Like] = {}
    for one in found:
        like = _like(of, one, share_of)
        key = one.story or -one.id
        if like.weight >= LEAST and (key not in best or like.weight > best[key].weight):
            best[key] = like
    return sorted(best.values(), key=lambda like: (-like.weight, -like.id))[:most]


def _like(of: Subject, one: Candidate, share_of: ShareOf) -> Like:
    has = additions.words_of(one.title)
    words = tuple(key for key in of.words if key in has)
    companies = tuple(label for label in of.companies if label in one.companies)
    weight = sum(_weight(_lexeme_share(key, share_of)) for key in words)
    weight += COMPANY_WEIGHT * sum(_weight(share_of(label)) for label in companies)
    # A company alone is its whole coverage, and a word alone may be a coincidence; three companies are none.
    is_like = len(words) + len(companies) > 1 if words else len(companies) == MOST_COMPANIES
    return Like(one.id, weight if is_like else 0.0, tuple(of.words[key] for key in words), companies)


def _weight(share: float) -> float:
    return -math.log(min(max(share, RAREST), 1.0))


def _lexeme_share(key: str, share_of: ShareOf) -> float:
    return sum(share_of(lexeme) for lexeme in tokens.lookup(key))


def _keys(word: str) -> Collection[str]:
    return additions.words_of(word)


def _as_written(word: str, key: str) -> str:
    """The word without its ending, in the letters of the headline."""
    return word[: len(key)] if word.casefold().startswith(key) else key
