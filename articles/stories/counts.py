"""How often words stand in articles, and so how much it says that two articles share one.

Counts what the window holds on top of a shipped count of Korean headlines, so that a window of ten articles knows that
대통령 is common. A table of fixed size, addressed by hash: two words in one place only look commoner than they are.
Must not know what the words are.
"""

from __future__ import annotations

import functools
import math
from array import array
from collections.abc import Callable, Iterable
from pathlib import Path

from articles.stories import prints

BACKGROUND = Path(__file__).resolve().parents[1] / "data" / "headline_counts.tsv"
_BITS = 22
_MASK = (1 << _BITS) - 1


class Counts:
    """In how many articles each word stands."""

    def __init__(self, kind: str) -> None:
        """Begin with the shipped counts of a kind: those of pieces or of words."""
        self.articles, table = background(kind)
        self._table = array("I", table)

    def add(self, words: Iterable[int]) -> None:
        """Count an article's words."""
        table = self._table
        for word in words:
            table[word & _MASK] += 1

    def remove(self, words: Iterable[int]) -> None:
        """Take back an article that was counted."""
        table = self._table
        for word in words:
            table[word & _MASK] -= 1

    def weigher(self) -> Callable[[int], float]:
        """What weighs a word now: 1 for one that no article has, 0 for one that all have.

        The inverse document frequency of Spärck Jones (1972), as a share of the greatest there is, so that it means
        the same in a window of any size.
        """
        table, log = self._table, math.log
        all_articles = self.articles + 1
        whole = log(all_articles)

        def weigh(word: int) -> float:
            weight = log(all_articles / (table[word & _MASK] + 0.5)) / whole
            return 0.0 if weight < 0.0 else min(weight, 1.0)

        return weigh


@functools.cache
def background(kind: str) -> tuple[int, array[int]]:
    """The number of headlines that were counted, and the table of what they have."""
    headlines = 0
    table = array("I", bytes(4 << _BITS))
    for line in BACKGROUND.read_text(encoding="utf-8").splitlines():
        of, written, times = line.split("\t")
        if of == "headlines":
            headlines = int(times)
        elif of == kind:
            table[prints.hash_of(written) & _MASK] += int(times)
    return headlines, table
