"""What the words around a name speak of: sport, or business.

A linear model over word beginnings, its weights learnt from headlines whose desk is known (`bench/train_context.py`)
and kept as plain data in `articles/data/context.tsv`: feature, weight for sport, weight for business. The sum over a
stretch of text is the log-odds of that desk. A feature is a word's beginning (선발승 has 선발 and 선발승), any number
is 0, and `@name` is a company or team that stands there.

Looks at words only; it does not know which of them are asked about.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).resolve().parent.parent / "data" / "context.tsv"
BIAS = "@bias"
_WORD = re.compile(r"[가-힣]+|[A-Za-z]+|[一-鿿]|\d+(?:[.,]\d+)*[가-힣%]*|[↑↓%]")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_LONGEST = 4


@dataclass(frozen=True, slots=True)
class Leaning:
    """Log-odds that a stretch of text is sport, and that it is business or technology."""

    sport: float
    business: float


@functools.lru_cache(maxsize=1)
def shipped() -> dict[str, tuple[float, float]]:
    """The weights that come with the product: feature -> (sport, business)."""
    weights = {}
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            feature, sport, business = line.split("\t")
            weights[feature] = float(sport), float(business)
    return weights


def features(text: str) -> Iterator[str]:
    """The beginnings, two to four characters long, of every word."""
    for word in _WORD.findall(text):
        yield from _beginnings(word)


class Model:
    """The weights, with the words met lately kept beside what is known of them. Safe to share between threads."""

    def __init__(self, weights: dict[str, tuple[float, float]]) -> None:
        self._weights = weights
        self._known = functools.lru_cache(maxsize=65_536)(self._look_up)

    def lean(self, text: str, names: Iterable[str] = ()) -> Leaning:
        """The sums of the weights of a text's features and of the names in it, each counted once, and the bias."""
        found = {name for name in names if name in self._weights}
        found.update(*map(self._known, _WORD.findall(text)))
        sport, business = self._weights.get(BIAS, (0.0, 0.0))
        for feature in found:
            weight = self._weights[feature]
            sport += weight[0]
            business += weight[1]
        return Leaning(sport, business)

    def _look_up(self, word: str) -> tuple[str, ...]:
        return tuple(feature for feature in _beginnings(word) if feature in self._weights)


def _beginnings(found: str) -> Iterator[str]:
    word = _NUMBER.sub("0", found) if found[0].isdigit() else found
    yield word[:_LONGEST]
    for length in range(2, min(len(word), _LONGEST)):
        yield word[:length]
