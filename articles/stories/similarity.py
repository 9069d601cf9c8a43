"""How likely two articles tell one story, and whether one copies the other, from what is left of them.

The weights were learned from pairs of headlines labelled by hand (bench/stories.py; docs/adr/0009-stories.md). Must not
decide where an article goes; `window` does.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from articles.stories import prints

# The logistic model. Evidence counts the shared pieces, each by its weight; an age beyond some days says no more.
INTERCEPT = -2.9
EVIDENCE, TOLD, NUMBERS, DAY = 0.9, 6.3, 0.9, -2.8
# With two leads to compare: the part of each headline that the other article says anywhere. Those of one event say
# most of it.
LEADS, COVERED = -1.3, 3.5
# Two headlines whose subjects the other doesn't name; the more alike the rest, the likelier they are of one mould
# ("… 2분기 영업이익 20%↑" of two companies). And two that measure the same thing differently. Seldom in the labelled
# pairs, so set by hand and kept while the others were learned.
FOREIGN, MOULD, CONTRADICTION = -1.5, -3.0, -3.0
MOST_EVIDENCE = 15.0
MOST_DAYS = 3.0
# A copy has nearly all words of the shorter lead, or nearly all pieces and the very numbers of the headline.
COPIED_LEAD, COPIED_HEADLINE, LEAST_LEAD = 0.8, 0.7, 10

Weigh = Callable[[int], float]
Kept = tuple[prints.Print, prints.Norms]


@dataclass(frozen=True, slots=True)
class Weighing:
    """What a headline's piece and what a word weighs at a moment."""

    piece: Weigh
    word: Weigh
    # What headlines' words weigh together: each is compared with many.
    sums: dict[frozenset[int], float] = field(default_factory=dict)

    def whole(self, words: frozenset[int]) -> float:
        """What these words weigh together."""
        weight = self.sums.get(words)
        if weight is None:
            weight = self.sums[words] = math.fsum(map(self.word, words))
        return weight

    def norms(self, taken: prints.Print) -> prints.Norms:
        """How much a print weighs in all."""
        return prints.Norms(
            pieces=_norm(self.piece, taken.pieces),
            words=_norm(self.word, taken.words),
            told=_norm(self.word, taken.words | taken.lead),
        )


def likelihood(first: Kept, second: Kept, *, days: float, weighing: Weighing) -> float:
    """How likely (0 to 1) two articles, published so many days apart, tell the same story."""
    (one, ones), (other, others) = first, second
    weights = list(map(weighing.piece, one.pieces & other.pieces))
    logit = (
        INTERCEPT
        + EVIDENCE * min(math.fsum(weights), MOST_EVIDENCE)
        + NUMBERS * _share(one.numbers, other.numbers)
        + DAY * min(days, MOST_DAYS)
    )
    if one.lead and other.lead:
        shared = {word: weighing.word(word) for word in (one.words | one.lead) & (other.words | other.lead)}
        logit += TOLD * _cosine(list(shared.values()), ones.told, others.told)
        logit += LEADS + COVERED * (_said(one, shared, weighing) + _said(other, shared, weighing)) / 2
    else:
        logit += TOLD * _cosine(list(map(weighing.word, one.words & other.words)), ones.words, others.words)
    if _is_foreign(one, other, weighing.piece) and _is_foreign(other, one, weighing.piece):
        logit += FOREIGN + MOULD * _cosine(weights, ones.pieces, others.pieces)
    if _contradict(one.measures, other.measures):
        logit += CONTRADICTION
    return 1.0 / (1.0 + math.exp(-logit))


def is_copy(one: prints.Print, other: prints.Print) -> bool:
    """Whether one of two articles of the same story copies or revises the other."""
    if one.whole and one.whole == other.whole:
        return True
    if shares_lead(one, other, COPIED_LEAD):
        return True
    return one.numbers == other.numbers and _share(one.pieces, other.pieces) >= COPIED_HEADLINE


def shares_lead(one: prints.Print, other: prints.Print, least: float) -> bool:
    """Whether at least this part of the shorter lead's words stands in the other."""
    shorter = min(len(one.lead), len(other.lead))
    return shorter >= LEAST_LEAD and len(one.lead & other.lead) >= least * shorter


def _is_foreign(one: prints.Print, other: prints.Print, weigh: Weigh) -> bool:
    """Whether the one headline is about somebody of whom the other article says nothing; LG전자 is not 삼성전자."""
    if not one.subject or one.topic in other.words or one.topic in other.lead:
        return False
    shared = one.subject & other.pieces
    half = math.fsum(map(weigh, one.subject)) / 2
    return 2 * len(shared) <= len(one.subject) or math.fsum(map(weigh, shared)) < half


def _said(one: prints.Print, shared: dict[int, float], weighing: Weighing) -> float:
    """What part of a headline's words, by weight, is among those shared with the other article."""
    said = math.fsum(map(shared.__getitem__, one.words & shared.keys()))
    return said / weighing.whole(one.words) if said else 0.0


def _contradict(one: frozenset[int], other: frozenset[int]) -> bool:
    """Whether both measure something, and nothing that both measure is the same."""
    kinds = {measured >> 24 for measured in one} & {measured >> 24 for measured in other}
    return any({measured for measured in one if measured >> 24 == kind}.isdisjoint(other) for kind in kinds)


def _cosine(shared: list[float], norm: float, other_norm: float) -> float:
    if not shared or not norm or not other_norm:
        return 0.0
    return min(1.0, math.fsum(weight * weight for weight in shared) / (norm * other_norm))


def _norm(weigh: Weigh, words: frozenset[int]) -> float:
    return math.sqrt(math.fsum(weigh(word) ** 2 for word in words))


def _share(one: frozenset[int], other: frozenset[int]) -> float:
    """What two sets share of all they have (Jaccard)."""
    return len(one & other) / len(one | other) if one and other else 0.0
