"""Which texts two watch lists may read differently: those that hold a form or a word in which the lists differ.

What recognition finds depends on names and terms that stand in the text, and on nothing that doesn't. So a text that
holds none of those that were added, removed or flagged otherwise is read as before, and needs no second reading. The
other way round nothing is promised. Edits are pairs of what was and what is to be; None stands for nothing at all.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import ahocorasick_rs

from articles.korean import jamo
from articles.tagging import recognise, term_syntax, watchlist

# So few forms are looked for one by one; more of them by an automaton.
FEW = 8


@dataclass(frozen=True, slots=True)
class CompanyEdit:
    """A company before and after; it is new without a `before`, and goes without an `after`."""

    before: watchlist.Company | None
    after: watchlist.Company | None


@dataclass(frozen=True, slots=True)
class ThemeEdit:
    """A theme before and after."""

    before: watchlist.Theme | None
    after: watchlist.Theme | None


Edit = CompanyEdit | ThemeEdit
One = TypeVar("One")
Named = TypeVar("Named", watchlist.Company, watchlist.Theme)


@dataclass(frozen=True, slots=True)
class Difference:
    """What a text or its tags must have to be read differently.

    `forms` are folded letters, `companies` the names of those that imply a theme by one of the two lists alone.
    """

    forms: frozenset[str]
    companies: frozenset[str]

    def __bool__(self) -> bool:
        return bool(self.forms or self.companies)


class Sieve:
    """Tells texts that hold one of some folded forms."""

    def __init__(self, forms: Iterable[str]) -> None:
        self._forms = sorted(forms, key=len)
        self._automaton = ahocorasick_rs.AhoCorasick(self._forms) if len(self._forms) > FEW else None

    def holds(self, *texts: str) -> bool:
        """Whether one of the texts, as far as recognition reads it, holds a form."""
        return any(self._holds(fold(text[: recognise.LONGEST])) for text in texts)

    def _holds(self, folded: str) -> bool:
        if self._automaton is None:
            return any(form in folded for form in self._forms)
        return bool(self._automaton.find_matches_as_indexes(folded))


def fold(text: str) -> str:
    """A text's letters without what recognition overlooks: case, width, and how syllables are spelt."""
    composed = jamo.compose(text)
    return term_syntax.fold(term_syntax.narrow(composed.text if composed else text))


def between(changed: watchlist.Watchlist, present: watchlist.Watchlist) -> Difference:
    """Where two watch lists differ. Raises TermError for a term nobody could find."""
    return of_edits(edits(changed, present))


def edits(changed: watchlist.Watchlist, present: watchlist.Watchlist) -> list[Edit]:
    """The edits that make one watch list of the other."""
    companies = _pairs(_by_name(present.companies), _by_name(changed.companies))
    themes = _pairs(_by_name(present.themes), _by_name(changed.themes))
    found: list[Edit] = [CompanyEdit(*pair) for pair in companies if pair[0] != pair[1]]
    return found + [ThemeEdit(*pair) for pair in themes if pair[0] != pair[1]]


def of_edits(given: Iterable[Edit]) -> Difference:
    """Where a watch list differs from itself with these edits. Raises TermError for a term nobody could find."""
    forms: set[str] = set()
    companies: set[str] = set()
    for edit in given:
        if isinstance(edit, CompanyEdit):
            forms.update(fold(text) for text in _names(edit.before, edit.after))
        else:
            forms.update(_words(edit.before, edit.after))
            companies |= _implying(edit.before) ^ _implying(edit.after)
    return Difference(frozenset(forms - {""}), frozenset(companies))


def apply(given: Iterable[Edit], to: watchlist.Watchlist) -> watchlist.Watchlist:
    """The watch list with these edits. What an edit replaces is known by its name; what is new comes last."""
    companies: dict[str, watchlist.Company | None] = dict(_by_name(to.companies))
    themes: dict[str, watchlist.Theme | None] = dict(_by_name(to.themes))
    for edit in given:
        if isinstance(edit, CompanyEdit):
            companies[_key(edit)] = edit.after
        else:
            themes[_key(edit)] = edit.after
    return watchlist.Watchlist(
        tuple(one for one in companies.values() if one),
        tuple(one for one in themes.values() if one),
        f"{to.version}+",
    )


def to_json(given: Iterable[Edit]) -> list[dict[str, Any]]:
    """Edits as plain values, which `from_json` reads."""
    return [
        {
            "kind": "company" if isinstance(edit, CompanyEdit) else "theme",
            "before": dataclasses.asdict(edit.before) if edit.before else None,
            "after": dataclasses.asdict(edit.after) if edit.after else None,
        }
        for edit in given
    ]


def from_json(given: Iterable[Mapping[str, Any]]) -> list[Edit]:
    """The edits that `to_json` wrote."""
    return [
        CompanyEdit(_company(one["before"]), _company(one["after"]))
        if one["kind"] == "company"
        else ThemeEdit(_theme(one["before"]), _theme(one["after"]))
        for one in given
    ]


def _key(edit: Edit) -> str:
    one = edit.before or edit.after
    return one.name if one else ""


def _by_name(given: Iterable[Named]) -> dict[str, Named]:
    return {one.name: one for one in given}


def _pairs(old: Mapping[str, One], new: Mapping[str, One]) -> Iterator[tuple[One | None, One | None]]:
    for name in dict.fromkeys([*old, *new]):
        yield old.get(name), new.get(name)


def _names(before: watchlist.Company | None, after: watchlist.Company | None) -> set[str]:
    """The forms that count differently; all of them if the company itself does."""
    old: set[watchlist.Alias] = set(_aliases(before))
    new: set[watchlist.Alias] = set(_aliases(after))
    facts = [dataclasses.replace(one, aliases=()) if one else None for one in (before, after)]
    counted = old ^ new if facts[0] == facts[1] else old | new
    return {alias.text for alias in counted}


def _aliases(company: watchlist.Company | None) -> tuple[watchlist.Alias, ...]:
    if company is None:
        return ()
    return company.aliases or (watchlist.Alias(company.name, "name"),)


def _words(before: watchlist.Theme | None, after: watchlist.Theme | None) -> Iterator[str]:
    """The words of the terms that count differently; of all of them if the theme itself does."""
    old: set[watchlist.Term] = set(before.terms) if before else set()
    new: set[watchlist.Term] = set(after.terms) if after else set()
    facts = [dataclasses.replace(one, terms=(), companies=()) if one else None for one in (before, after)]
    for term in old ^ new if facts[0] == facts[1] else old | new:
        yield from (fold(word.text) for word in term_syntax.parse(term.text).words)


def _implying(theme: watchlist.Theme | None) -> frozenset[str]:
    return frozenset(theme.companies) if theme else frozenset()


def _company(given: Mapping[str, Any] | None) -> watchlist.Company | None:
    if given is None:
        return None
    return watchlist.Company(
        **{**given, "aliases": tuple(watchlist.Alias(**one) for one in given["aliases"])}
    )


def _theme(given: Mapping[str, Any] | None) -> watchlist.Theme | None:
    if given is None:
        return None
    terms = tuple(watchlist.Term(**one) for one in given["terms"])
    return watchlist.Theme(**{**given, "terms": terms, "companies": tuple(given["companies"])})
