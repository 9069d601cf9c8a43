"""Where rows of counts part: stretches of time in which one had far more than the others' course lets expect.

Values in, values out: must not know what is counted, nor read the clock.
"""

import math
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# A count stands out by so many standard deviations of a Poisson count, and with so many at least.
UNUSUAL = 3.0
FEWEST = 3
MOST = 5
# What is usual is believed to be at least so much: a row of zeros has something now and then.
LEAST_USUAL = 0.5
# What the others have lowers or raises what is expected by these factors at most.
LEAST_COURSE, MOST_COURSE = 0.5, 4.0
# Fewer stretches tell nothing of what is usual.
FEWEST_STRETCHES = 5


@dataclass(frozen=True, slots=True)
class Parting:
    """The row, the stretch, its count, and what was expected there."""

    row: int
    at: int
    count: int
    expected: float

    @property
    def strength(self) -> float:
        """By how many standard deviations it stands out."""
        return (self.count - self.expected) / math.sqrt(self.expected)


def find(rows: Sequence[Sequence[int]], *, most: int = MOST) -> list[Parting]:
    """The strongest partings in the order of time; of each stretch the strongest alone.

    Expected is the row's median course (of its other stretches), as much higher or lower as the others are there: what
    all have in common, a weekend or a busy week, is no parting.
    """
    if len(rows) < 2 or min(map(len, rows)) < FEWEST_STRETCHES:
        return []
    found: dict[int, Parting] = {}
    for one in _all(rows):
        if one.at not in found or found[one.at].strength < one.strength:
            found[one.at] = one
    strongest = sorted(found.values(), key=lambda one: (-one.strength, one.at))[:most]
    return sorted(strongest, key=lambda one: one.at)


def _all(rows: Sequence[Sequence[int]]) -> Iterator[Parting]:
    for number, row in enumerate(rows):
        others = [sum(counts) - own for own, counts in zip(row, zip(*rows, strict=True), strict=True)]
        middle = statistics.median(others)
        for at, count in enumerate(row):
            if count < FEWEST:
                continue
            course = min(MOST_COURSE, max(LEAST_COURSE, (others[at] + 1) / (middle + 1)))
            usual = statistics.median([*row[:at], *row[at + 1 :]])
            one = Parting(number, at, count, max(usual, LEAST_USUAL) * course)
            if one.strength >= UNUSUAL:
                yield one
