"""Text without differences of case and width, the way PostgreSQL's `lower(normalize(x, NFKC))` folds it.

Substrings and properties are compared folded in both engines, so this must do exactly what the server does: one
lower-case letter per letter, no special casing (`str.lower` turns İ into two characters and ends a Greek word with ς).
"""

import itertools
import unicodedata
from collections.abc import Callable, Iterator

# More are not shown.
MOST_OCCURRENCES = 200

_SPECIAL = str.maketrans("İΣ", "iσ")


def fold(text: str) -> str:
    """The folded text; its length may differ from the text's."""
    if text.isascii():
        return text.lower()
    composed = unicodedata.normalize("NFKC", text)
    if "İ" in composed or "Σ" in composed:  # looking costs a hundredth of translating
        composed = composed.translate(_SPECIAL)
    return composed.lower()


def composed(text: str) -> str:
    """The text in compatible composed form, its capitals kept: PostgreSQL's `normalize(x, NFKC)`."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def find(text: str, folded_part: str) -> list[tuple[int, int]]:
    """Where a folded part occurs in a text: offsets of the text as it is written, none of them overlapping.

    In a text with characters that NFKC changes, only the first is given: the shortest piece of the text that holds it.
    """
    folded = fold(text)
    if not folded_part or folded_part not in folded:
        return []
    if not unicodedata.is_normalized("NFKC", text):
        return [shortest_piece(text, folded_part, fold)]
    return list(itertools.islice(_occurrences(folded, folded_part), MOST_OCCURRENCES))


def _occurrences(text: str, part: str) -> Iterator[tuple[int, int]]:
    start = text.find(part)
    while start >= 0:
        yield start, start + len(part)
        start = text.find(part, start + len(part))


def shortest_piece(text: str, part: str, changed: Callable[[str], str]) -> tuple[int, int]:
    """The first piece of a text that, when it is changed so, has the part, which the whole changed text has.

    Bisects for the first end, then for the last start.
    """
    low, high = 0, len(text)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if part in changed(text[:middle]) else (middle + 1, high)
    end = low
    low, high = 0, end
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if part in changed(text[middle:end]) else (low, middle - 1)
    return low, end
