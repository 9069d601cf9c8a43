"""Which themes a document belongs to, and the sum of evidence that says so.

Each term of a theme (see `term_syntax` for how it is written) weighs something. An exclusion silences the
terms it overlaps unless they are longer than itself, so 수소탄 is not 수소, and no phone nearby takes the word
out of 전기차 배터리. Where two terms claim the same characters the heavier has them, then the longer. What a term
adds falls with every repetition and is capped; it counts in full in the title (or in the lead, when there is
no title) and less in the text below. A company that implies the theme adds a little once, never enough alone:
a tag without a place to point at does not exist.

Pure: it decides about one document from what it is given, and knows nothing of where the terms come from.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import ahocorasick_rs

from articles.tagging import mentions, term_syntax, watchlist

REPETITIONS = (1.0, 0.5, 0.25)
TEXT_FACTOR = 0.7
COMPANY_WEIGHT = 0.5
# Of a theme's threshold: what the terms of a sub-theme must add for a document to be about it.
SUBTHEME_SHARE = 0.5
LEAD_LENGTH = 300
# An article has some hundreds; a field with more is not one, and must not cost more.
MOST_PLACES = 20_000
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"'”’)]?\s+|\n")

_REASONS: dict[term_syntax.Reach, str] = {
    "": "term of the theme",
    "sentence": "term beside another in its sentence",
    "document": "term beside another in the document",
}

FIELDS: tuple[mentions.Field, mentions.Field] = ("title", "text")


@dataclass(frozen=True, slots=True)
class Part:
    """What one term added to a theme's score, and where it stands."""

    term: str
    weight: float
    points: float
    mentions: tuple[mentions.Mention, ...]
    subtheme: str = ""

    @property
    def forms(self) -> tuple[str, ...]:
        """What stands in the text for the term, each form once."""
        return tuple(dict.fromkeys(place.text for place in self.mentions))


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A place that would have spoken for a theme, and the exclusion that silenced it."""

    field: mentions.Field
    start: int
    end: int
    text: str
    term: str
    by: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one theme came out: `score` is the sum of the parts' points and of `company_points`."""

    name: str
    score: float
    threshold: float
    parts: tuple[Part, ...]
    company_points: float
    companies: tuple[str, ...]
    cancelled: tuple[Cancelled, ...]

    @property
    def tagged(self) -> bool:
        """Whether the theme is given: enough evidence, and at least one place to point at."""
        return self.score >= self.threshold and any(part.weight > 0 for part in self.parts)

    @property
    def subthemes(self) -> tuple[str, ...]:
        """The parts of the theme that enough was said of, the strongest first."""
        sums: dict[str, float] = {}
        for part in self.parts:
            if part.subtheme:
                sums[part.subtheme] = sums.get(part.subtheme, 0.0) + part.points
        enough = {name: points for name, points in sums.items() if points >= SUBTHEME_SHARE * self.threshold}
        return tuple(sorted(enough, key=lambda name: (-enough[name], name)))

    @property
    def decisive(self) -> tuple[Part, ...]:
        """The parts without any one of which the theme would not be given."""
        return tuple(part for part in self.parts if self.tagged and not self._without(part).tagged)

    def _without(self, part: Part) -> Verdict:
        rest = tuple(other for other in self.parts if other is not part)
        score = round(sum(other.points for other in rest) + self.company_points, 3)
        return replace(self, score=score, parts=rest)

    @property
    def evidence(self) -> tuple[mentions.Mention, ...]:
        """The places that spoke for the theme, in reading order."""
        places = [place for part in self.parts if part.weight > 0 for place in part.mentions]
        return tuple(sorted(places, key=lambda place: (FIELDS.index(place.field), place.start)))


class _Span(NamedTuple):
    field: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class _Rule:
    """A term or exclusion of one theme; `beside` holds the numbers of the words it wants around it."""

    theme: int
    term: watchlist.Term
    reach: term_syntax.Reach
    beside: tuple[int, ...]


_Claim = tuple[_Span, _Rule]
_Found = dict[int, list[_Span]]


class _Fields:
    """The two texts of a document, with their sentences counted only when a rule asks for them."""

    def __init__(self, title: str, text: str) -> None:
        self.texts = (title, text)
        self.narrowed = (term_syntax.narrow(title), term_syntax.narrow(text))
        self._untitled = not title.strip()
        self._sentences: dict[int, list[int]] = {}

    def sentence_of(self, span: _Span) -> tuple[int, int]:
        starts = self._sentences.get(span.field)
        if starts is None:
            starts = [match.end() for match in _SENTENCE_END.finditer(self.texts[span.field])]
            self._sentences[span.field] = starts
        return span.field, bisect.bisect_right(starts, span.start)

    def factor(self, span: _Span) -> float:
        prominent = span.field == 0 or (self._untitled and span.start < LEAD_LENGTH)
        return 1.0 if prominent else TEXT_FACTOR

    def place(self, span: _Span) -> tuple[mentions.Field, int, int, str]:
        """Where the span is, and what stands there."""
        return FIELDS[span.field], span.start, span.end, self.texts[span.field][span.start : span.end]


class ThemeFinder:
    """All terms of all themes in one automaton. Building it raises TermError for a term nobody could find."""

    def __init__(self, themes: Iterable[watchlist.Theme]) -> None:
        self._themes = tuple(themes)
        self._implied = tuple(frozenset(theme.companies) for theme in self._themes)
        self._numbers: dict[term_syntax.Word, int] = {}
        self._rules: dict[int, list[_Rule]] = {}
        for index, theme in enumerate(self._themes):
            for term in theme.terms:
                self._add(index, term)
        self._spelled = _by_spelling(self._numbers)
        self._automaton = ahocorasick_rs.AhoCorasick([text for text, _ in self._spelled])

    def find(self, title: str, text: str, company_names: frozenset[str]) -> tuple[mentions.ThemeTag, ...]:
        """The themes of a document in which these companies were recognised, in the order of the themes."""
        return tuple(
            mentions.ThemeTag(verdict.name, verdict.score, verdict.evidence, verdict.subthemes)
            for verdict in self._verdicts(title, text, company_names, spoken_of=True)
            if verdict.tagged
        )

    def weigh(self, title: str, text: str, company_names: frozenset[str]) -> tuple[Verdict, ...]:
        """The sums behind `find`, one for each theme, those that stay below their threshold included."""
        return tuple(self._verdicts(title, text, company_names))

    def _verdicts(
        self, title: str, text: str, company_names: frozenset[str], *, spoken_of: bool = False
    ) -> Iterator[Verdict]:
        """The sums of all themes, or of those alone that a term may speak of."""
        fields = _Fields(title, text)
        claims: tuple[list[_Claim], ...] = tuple([] for _ in self._themes)
        for claim in self._claims(fields):
            claims[claim[1].theme].append(claim)
        for theme, claimed, implied in zip(self._themes, claims, self._implied, strict=True):
            if claimed or not spoken_of:
                yield _weigh(theme, claimed, implied & company_names, fields)

    def _add(self, index: int, term: watchlist.Term) -> None:
        pattern = term_syntax.parse(term.text)
        beside = tuple(self._number(word) for word in pattern.beside)
        rule = _Rule(index, term, pattern.reach, beside)
        for word in dict.fromkeys(pattern.words):
            self._rules.setdefault(self._number(word), []).append(rule)

    def _number(self, word: term_syntax.Word) -> int:
        return self._numbers.setdefault(word, len(self._numbers))

    def _claims(self, fields: _Fields) -> Iterator[_Claim]:
        found = self._find_words(fields)
        for number, spans in found.items():
            for rule in self._rules.get(number, ()):
                yield from ((span, rule) for span in _allowed(spans, rule, found, fields))

    def _find_words(self, fields: _Fields) -> _Found:
        found: _Found = {}
        for field, narrowed in enumerate(fields.narrowed):
            folded = term_syntax.fold(narrowed)
            matches = self._automaton.find_matches_as_indexes(folded, overlapping=True)
            for index, start, end in matches[:MOST_PLACES]:
                for word, number in self._spelled[index][1]:
                    if word is None or term_syntax.fits(word, narrowed, folded, start, end):
                        found.setdefault(number, []).append(_Span(field, start, end))
        return found


def _by_spelling(
    numbers: dict[term_syntax.Word, int],
) -> list[tuple[str, list[tuple[term_syntax.Word | None, int]]]]:
    """The words of each spelling with their numbers; None for one that fits wherever its letters stand."""
    spelled: dict[str, list[tuple[term_syntax.Word | None, int]]] = {}
    for word, number in numbers.items():
        spelled.setdefault(word.text, []).append((None if word.anywhere else word, number))
    return list(spelled.items())


def _allowed(spans: list[_Span], rule: _Rule, found: _Found, fields: _Fields) -> list[_Span]:
    """The places where the rule also has beside it what it wants beside it."""
    if not rule.reach:
        return spans
    beside = [span for word in rule.beside for span in found.get(word, ())]
    if rule.reach == "document" or not beside:
        return spans if beside else []
    sentences = {fields.sentence_of(span) for span in beside}
    return [span for span in spans if fields.sentence_of(span) in sentences]


def _weigh(
    theme: watchlist.Theme, claims: list[_Claim], implying: frozenset[str], fields: _Fields
) -> Verdict:
    exclusions = [claim for claim in claims if claim[1].term.exclude]
    speaking = [claim for claim in claims if not claim[1].term.exclude]
    cancelled = _silence(speaking, exclusions, fields)
    heard = [claim for claim in speaking if claim[0] not in cancelled]
    parts = tuple(_part(rule, spans, theme, fields) for rule, spans in _share(heard).items())
    company_points = COMPANY_WEIGHT if implying else 0.0
    score = round(sum(part.points for part in parts) + company_points, 3)
    return Verdict(
        theme.name,
        score,
        theme.threshold,
        parts,
        company_points,
        tuple(sorted(implying)),
        tuple(cancelled.values()),
    )


def _silence(speaking: list[_Claim], exclusions: list[_Claim], fields: _Fields) -> dict[_Span, Cancelled]:
    """The places an exclusion at least as long as the term takes away."""
    if not exclusions:
        return {}
    longest: dict[int, _Claim] = {}
    for claim in sorted(exclusions, key=_length):
        longest.update(dict.fromkeys(_cells(claim[0]), claim))
    cancelled: dict[_Span, Cancelled] = {}
    for claim in speaking:
        over = [longest[cell] for cell in _cells(claim[0]) if cell in longest]
        if over and max(map(_length, over)) >= _length(claim):
            cancelled.setdefault(claim[0], _cancelled(claim, max(over, key=_length), fields))
    return cancelled


def _share(claims: list[_Claim]) -> dict[_Rule, list[_Span]]:
    """Give every character to one term alone: the heaviest that claims it, then the longest."""
    taken: set[int] = set()
    kept: dict[_Rule, list[_Span]] = {}
    for span, rule in sorted(claims, key=lambda claim: (-claim[1].term.weight, -_length(claim), claim[0])):
        cells = _cells(span)
        if taken.isdisjoint(cells):
            taken.update(cells)
            kept.setdefault(rule, []).append(span)
    return kept


def _length(claim: _Claim) -> int:
    return claim[0].end - claim[0].start


def _cells(span: _Span) -> range:
    """A number for each character: those of the title are negative."""
    return range(span.start, span.end) if span.field else range(-span.end, -span.start)


def _cancelled(claim: _Claim, by: _Claim, fields: _Fields) -> Cancelled:
    return Cancelled(*fields.place(claim[0]), claim[1].term.text, by[1].term.text)


def _part(rule: _Rule, spans: list[_Span], theme: watchlist.Theme, fields: _Fields) -> Part:
    factors = sorted((fields.factor(span) for span in spans), reverse=True)
    weight = rule.term.weight
    points = weight * sum(a * b for a, b in zip(REPETITIONS, factors, strict=False))
    places = tuple(_mention(span, rule, theme, fields) for span in spans)
    return Part(rule.term.text, weight, round(points, 3), places, rule.term.subtheme)


def _mention(span: _Span, rule: _Rule, theme: watchlist.Theme, fields: _Fields) -> mentions.Mention:
    confidence = min(1.0, max(0.0, rule.term.weight / theme.threshold)) if theme.threshold > 0 else 1.0
    reason = f"{_REASONS[rule.reach]} ({rule.term.weight:+g})"
    return mentions.Mention(*fields.place(span), theme.name, "theme", reason, round(confidence, 2))
