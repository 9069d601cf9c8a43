"""Which articles have a word: for each word the newest ones that have it, up to a number.

A table of fixed size, addressed by hash: two words in one place only bring more articles to look at. Holds numbers of
articles; must not know what they are.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence

MOST = 250
_BITS = 20
_MASK = (1 << _BITS) - 1
_NONE: Sequence[int] = ()


class Postings:
    """Words to articles. `age` gives an article's place in time: which of two is the newer."""

    def __init__(self, age: Callable[[int], tuple[float, str]]) -> None:
        self._age = age
        self._lists: list[array[int] | None] = [None] * (1 << _BITS)

    def get(self, word: int) -> Sequence[int]:
        """The newest articles with the word, oldest first."""
        return self._lists[word & _MASK] or _NONE

    def add(self, slot: int, words: Iterable[int]) -> None:
        """Put an article under its words. Which are kept does not depend on the order in which they come."""
        age = self._age
        mine = age(slot)
        for word in words:
            held = self._lists[word & _MASK]
            if held is None:
                self._lists[word & _MASK] = array("I", (slot,))
                continue
            at = len(held)
            while at and age(held[at - 1]) > mine:
                at -= 1
            if at and held[at - 1] == slot:
                continue
            held.insert(at, slot)
            if len(held) > MOST:
                held.pop(0)

    def remove(self, slot: int, words: Iterable[int]) -> None:
        """Take an article away from under its words."""
        for word in words:
            held = self._lists[word & _MASK]
            if held is None or slot not in held:
                continue
            held.remove(slot)
            if not held:
                self._lists[word & _MASK] = None
