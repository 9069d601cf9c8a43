"""Numbers as dates write them: digits, Sino-Korean and native Korean numerals, English number words."""

from __future__ import annotations

import re

_SINO = {char: value for value, char in enumerate("영일이삼사오육칠팔구")} | {"유": 6, "시": 10}
_NATIVE = {
    **dict(zip("한두세네", range(1, 5), strict=True)),
    **{"석": 3, "서": 3, "넉": 4, "너": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9, "열": 10},
    **{"열한": 11, "열두": 12, "몇": 3, "수": 3, "스무": 20},
}
_DAYS = {
    **{"하루": 1, "이틀": 2, "사흘": 3, "나흘": 4, "닷새": 5, "엿새": 6, "이레": 7, "여드레": 8, "아흐레": 9},
    **{"열흘": 10, "보름": 15, "며칠": 3, "몇일": 3},
}
_ENGLISH = "zero one two three four five six seven eight nine ten eleven twelve".split()
_ENGLISH_NUMBERS = {word: value for value, word in enumerate(_ENGLISH)} | {"a": 1, "an": 1, "few": 3, "couple": 2}
_ORDINALS = {"첫": 1, "둘": 2, "두": 2, "셋": 3, "세": 3, "넷": 4, "네": 4, "다섯": 5, "여섯": 6, "열": 10}

DIGITS = re.compile("[0-9]+")


def integers(text: str) -> list[int]:
    """The numbers written in digits, in order."""
    return [int(found) for found in DIGITS.findall(text)]


def sino(text: str) -> int | None:
    """A Sino-Korean numeral up to 99 (이십일), or None."""
    if not text or any(char not in _SINO and char != "십" for char in text):
        return None
    tens, ten, ones = text.rpartition("십")
    if not ten:
        return _SINO[text] if len(text) == 1 else None
    if len(tens) > 1 or len(ones) > 1:
        return None
    return (_SINO[tens] if tens else 1) * 10 + (_SINO[ones] if ones else 0)


def korean(text: str) -> int | None:
    """A count in digits, native or Sino-Korean numerals, or a word for days (사흘)."""
    text = text.strip()
    if text.isdecimal():
        return int(text)
    return _NATIVE.get(text) or _DAYS.get(text) or sino(text)


def ordinal(text: str) -> int:
    """첫째, 두 번째, 마지막: 1, 2, -1; 0 for what is none."""
    if text.startswith("마지막"):
        return -1
    return next((value for word, value in _ORDINALS.items() if text.startswith(word)), 0)


def english(text: str) -> int | None:
    """A count in digits or an English word up to twelve; "a few" counts as three."""
    word = text.lower().split()[-1] if text.split() else ""
    return int(word) if word.isdecimal() else _ENGLISH_NUMBERS.get(word)
