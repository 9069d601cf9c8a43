"""Single slips of the pen in Korean words: one letter (jamo) of one syllable is another, missing or too many.

Two syllables a letter apart are 세 and 센, or 백 and 벡. Knows no names.
"""

from __future__ import annotations

from collections.abc import Iterator

LEAST_LENGTH = 4
_BASE, _VOWELS, _FINALS = 0xAC00, 21, 28


def is_hangul(word: str) -> bool:
    """Whether every character is a Hangul syllable."""
    return all("가" <= char <= "힣" for char in word)


def letters(syllable: str) -> tuple[int, int, int]:
    """The numbers of a syllable's leading consonant, vowel and trailing consonant (0: none)."""
    rest, final = divmod(ord(syllable) - _BASE, _FINALS)
    lead, vowel = divmod(rest, _VOWELS)
    return lead, vowel, final


def is_slip(word: str, right: str) -> bool:
    """Whether one letter of one syllable tells the two apart."""
    pairs = [(a, b) for a, b in zip(word, right, strict=True) if a != b]
    if len(pairs) != 1 or not is_hangul(pairs[0][0]):
        return False
    ours, theirs = letters(pairs[0][0]), letters(pairs[0][1])
    return sum(a != b for a, b in zip(ours, theirs, strict=True)) == 1


def find(text: str, right: str) -> list[int]:
    """Where a slip of the word `right` starts a Hangul word in the text, in order.

    One half of the word survives a single slip, so only places where a half stands are looked at.
    """
    middle = len(right) // 2
    starts = {*_places(text, right[:middle], 0), *_places(text, right[middle:], middle)}
    return sorted(start for start in starts if _is_slip_at(text, start, right))


def _places(text: str, half: str, offset: int) -> Iterator[int]:
    position = text.find(half, offset)
    while position >= 0:
        yield position - offset
        position = text.find(half, position + 1)


def _is_slip_at(text: str, start: int, right: str) -> bool:
    if start and is_hangul(text[start - 1]):
        return False
    word = text[start : start + len(right)]
    return len(word) == len(right) and is_slip(word, right)
