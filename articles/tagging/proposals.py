"""Which changes of the watch list people's verdicts speak for.

A company's form that brought about tags which people call wrong may be ambiguous; a term's weight may be too high or
too low; a longer word around a term, seen in wrong tags alone, may be an exclusion. These are guesses for an editor to
weigh, each to be measured before she does. Pure: takes what was found in judged articles, and changes nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from articles.korean import particles
from articles.tagging import term_syntax, themes, watchlist

Kind = Literal["ambiguous", "common", "lower", "raise", "exclude"]
# So many articles must speak for a change, and more than speak against it.
ENOUGH = 2
LOWER, RAISE = 0.5, 1.5
_WORD = re.compile("[0-9A-Za-z가-힣-]+")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change: of a form's flag, a term's weight (`weight` to `new_weight`), or a phrase to be excluded.

    `cases` are the numbers of the judged articles that speak for it.
    """

    kind: Kind
    text: str
    cases: tuple[int, ...]
    weight: float | None = None
    new_weight: float | None = None


@dataclass(frozen=True, slots=True)
class CompanyCase:
    """An article judged on a company: its number, the forms found in it, and whether the tag belongs there."""

    number: int
    forms: tuple[str, ...]
    belongs: bool


@dataclass(frozen=True, slots=True)
class ThemeCase:
    """An article judged on a theme: its number, its two texts, its sum, and whether the tag belongs there."""

    number: int
    title: str
    text: str
    sum: themes.Verdict
    belongs: bool


def of_company(company: watchlist.Company, cases: Sequence[CompanyCase]) -> list[Proposal]:
    """The forms of a company that are more often wrong than right."""
    aliases = {alias.text: alias for alias in company.aliases}
    found = []
    for form in sorted({form for case in cases for form in case.forms}):
        wrong = [case.number for case in cases if form in case.forms and not case.belongs]
        right = [case.number for case in cases if form in case.forms and case.belongs]
        alias = aliases.get(form, watchlist.Alias(form, "name"))
        if _is_enough(wrong, right) and not alias.common:
            found.append(Proposal("common" if alias.ambiguous else "ambiguous", form, tuple(wrong)))
    return found


def of_theme(theme: watchlist.Theme, cases: Sequence[ThemeCase]) -> list[Proposal]:
    """The terms of a theme that weigh too much or too little, and the words that should cancel them."""
    weights = {term.text: term.weight for term in theme.terms if not term.exclude}
    wrong = [case for case in cases if case.sum.tagged and not case.belongs]
    right = [case for case in cases if case.sum.tagged and case.belongs]
    missed = [case for case in cases if not case.sum.tagged and case.belongs]
    return [
        *_exclusions(theme, wrong, [*right, *missed]),
        *_weights("lower", LOWER, wrong, [*right, *missed], weights),
        *_weights("raise", RAISE, missed, wrong, weights),
    ]


def _weights(
    kind: Literal["lower", "raise"],
    factor: float,
    speaking: Sequence[ThemeCase],
    against: Sequence[ThemeCase],
    weights: dict[str, float],
) -> Iterable[Proposal]:
    terms = sorted({part.term for case in speaking for part in case.sum.parts if part.weight > 0})
    for term in terms:
        cases = [case.number for case in speaking if _has(case, term)]
        if term in weights and _is_enough(cases, [case.number for case in against if _has(case, term)]):
            weight = weights[term]
            yield Proposal(kind, term, tuple(cases), weight, max(0.1, round(weight * factor, 1)))


def _exclusions(
    theme: watchlist.Theme, wrong: Sequence[ThemeCase], right: Sequence[ThemeCase]
) -> Iterable[Proposal]:
    known = {term.text for term in theme.terms}
    seen = Counter(word for case in wrong for word in _words(case))
    for word, _ in seen.most_common():
        cases = [case.number for case in wrong if word in _words(case)]
        is_clean = not any(word in case.title or word in case.text for case in right)
        if len(cases) >= ENOUGH and is_clean and word not in known and _is_term(word):
            yield Proposal("exclude", word, tuple(cases))


def _words(case: ThemeCase) -> set[str]:
    """The words that hold a form of the theme and are more than that form with particles."""
    return {
        word
        for part in case.sum.parts
        if part.weight > 0
        for place in part.mentions
        if (word := _word_around(case.title if place.field == "title" else case.text, place.start, place.end))
    }


def _word_around(text: str, start: int, end: int) -> str:
    for match in _WORD.finditer(text, max(0, start - 40), end + 40):
        if match.start() <= start and end <= match.end():
            tail = text[end : match.end()]
            stop = end if particles.is_chain(tail) else match.end()
            return text[match.start() : stop] if (match.start(), stop) != (start, end) else ""
    return ""


def _is_term(word: str) -> bool:
    try:
        term_syntax.parse(word)
    except term_syntax.TermError:
        return False
    return True


def _has(case: ThemeCase, term: str) -> bool:
    return any(part.term == term for part in case.sum.parts)


def _is_enough(speaking: Sequence[int], against: Sequence[int]) -> bool:
    return len(speaking) >= ENOUGH and len(speaking) > len(against)
