"""What may follow a Korean noun inside the same word: particles, their chains, and the copula.

Knows particles, not names: whether a tail is one depends on its own letters alone. Nothing here looks at a list
of words of the text's subject.
"""

from __future__ import annotations

import functools
import re

_CASE = (
    "에서부터|에서|서는|서도|서|에게서|에게|에까지|에|한테서|한테|께서|께|으로부터|로부터|으로서|로서|으로써|로써|으로|로|까지|부터|"
    "과|와|하고|이랑|랑|이나|나|보다|처럼|만큼|마다|조차|밖에|마저|대로|이라도|라도|이란|란|이라는|라는|이라고|라고|"
    "이라면|라면|이든|든|이며|며|이고|이자|이냐|커녕|의|가|이|을|를|은|는|도|만|야|여"
)
_COPULA = "입니다|이다|였다|이었다|이었던|였던|인데|이지만|지만|인|임|일|이라|라|이라며|라며|이라서|라서|예요|이에요"
_CHAIN = re.compile(f"들?(?:{_CASE}){{0,3}}(?:{_COPULA})?")
# Bound nouns written without a space after a name: 측 "the side of", 등 "and others", 뿐 "alone".
_BOUND = re.compile(f"(?:측|등|뿐|쪽|끼리|같은|간|발|식|표|류|용)(?:{_CASE}){{0,2}}(?:{_COPULA})?")


@functools.lru_cache(maxsize=20_000)
def is_chain(tail: str) -> bool:
    """Whether the Hangul after a noun is nothing but particles (에서도, 와의, 들이, 였다), or empty."""
    return len(tail) <= 9 and (_CHAIN.fullmatch(tail) or _BOUND.fullmatch(tail)) is not None
