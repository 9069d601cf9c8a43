"""Numbers as dates write them: digits, Sino-Korean and native Korean numerals, English number words."""

from __future__ import annotations

import re

_SINO = {char: value for value, char in enumerate("영일이삼사오육칠팔구")} | {"유": 6, "시": 10}
_NATIVE = {
    **dict(zip("한두세네", range(1, 5), strict=True)),
    **dict(zip(("다섯", "여섯", "일곱", "여덟", "아홉", "열", "열한", "열두"), range(5, 13), strict=True)),
    **dict.fromkeys(("석", "서", "몇", "수"), 3),
    **dict.fromkeys(("넉", "너"), 4),
    "스무": 20,
}
_DAY_WORDS = ("하루", "이틀", "사흘", "나흘", "닷새", "엿새", "이레", "여드레", "아흐레", "열흘")
_DAYS = dict(zip(_DAY_WORDS, range(1, 11), strict=True)) | {"보름": 15, "며칠": 3, "몇일": 3}
_UP_TO_TWELVE = (
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
_ENGLISH_NUMBERS = dict(zip(_UP_TO_TWELVE, range(1, 13), strict=True)) | {
    "a": 1,
    "an": 1,
    "few": 3,
    "couple": 2,
}
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
    if text[:1].isdecimal():
        return int(text[0])
    return next((value for word, value in _ORDINALS.items() if text.startswith(word)), 0)


def english(text: str) -> int | None:
    """A count in digits or an English word up to twelve; "a few" counts as three."""
    word = text.lower().split()[-1] if text.split() else ""
    return int(word) if word.isdecimal() else _ENGLISH_NUMBERS.get(word)
