"""How an editor writes a theme's term, and where such a term stands in a text.

A term is one or more words parted by `|`; any of them will do. What follows ` + ` must stand in the same
sentence, what follows ` & ` anywhere in the document:

    인공지능 | 기계학습               either word
    이산화탄소 + 저감 | 포집          이산화탄소, but only in a sentence that speaks of reducing or capturing it
    AI & 살처분 | 고병원성            AI, but only in a document about culled poultry

A word ends at a word edge. Latin letters: no letter or digit beside it, a plural or possessive s aside; written
in capitals alone (`AI`, `ESS`) it is found in capitals alone, otherwise in any case. Hangul: a word of three
characters or more is also found inside compounds (인공지능 in 초거대인공지능연구소); a shorter one stands for
itself, with or without particles, since 수소 is also part of 여수소방서. A `*` lifts that on its side: 수소* is found in
수소경제. A space in a Korean word may be missing in the text: 전고체 배터리 is also found as 전고체배터리.

Knows nothing of themes and weights, and looks at no list of words: it says what a word means, not where it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Reach = Literal["", "sentence", "document"]

COMPOUND_LENGTH = 3
_HANGUL = re.compile("[가-힣]")
_WIDE = re.compile("[\uff01-\uff5e\u00a0\u3000]")
_NARROWED = {0xFF01 + i: 0x21 + i for i in range(94)} | {0xA0: 0x20, 0x3000: 0x20}
_LATIN_END = re.compile("(?:['’]?s)?(?![A-Za-z0-9])")
# What may stand between a Korean noun and the end of the word: plural, up to two particles, or the copula.
_PARTICLES = (
    "에서|에게서|에게|에|한테|께|으로|로|으로써|로써|으로서|로서|까지|부터|만|와|과|이나|나|보다|처럼|마다|조차|밖에|마저|"
    "이라도|라도|이라고|라고|이라는|라는|이란|란|이며|며|이고|고|이자|이든|든|뿐|대로|만큼|하고|같은|용|등"
)
_KOREAN_END = re.compile(
    f"들?(?:{_PARTICLES})?(?:은|는|이|가|을|를|의|도|만|이다|인|입니다|였다|이었다|이라|라|임|일|이냐|야|랑|이랑)?(?![가-힣])"
)


class TermError(ValueError):
    """A term nobody could find; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Word:
    """One surface form: `text` as `fold` leaves it, `exact` if its case matters, and which edges are open."""

    text: str
    exact: str = ""
    open_left: bool = False
    open_right: bool = False


@dataclass(frozen=True, slots=True)
class Pattern:
    """A term taken apart: any of `words`, given that any of `beside` is within `reach` (if there is one)."""

    words: tuple[Word, ...]
    reach: Reach = ""
    beside: tuple[Word, ...] = ()


def fold(text: str) -> str:
    """The text in lower case and with narrow letters and spaces, character for character as long as before."""
    if _WIDE.search(text):
        text = text.translate(_NARROWED)
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


def parse(term: str) -> Pattern:
    """Take a term apart. Raises TermError for an empty word, or one of nothing but stars and signs."""
    for sign, reach in ((" + ", "sentence"), (" & ", "document")):
        head, found, beside = term.partition(sign)
        if found:
            return Pattern(_words(head), reach, _words(beside))  # type: ignore[arg-type]
    return Pattern(_words(term))


def fits(word: Word, text: str, folded: str, start: int, end: int) -> bool:
    """Whether the word, found at these offsets of the folded text, is that word and not a part of another."""
    if word.exact and text[start:end] != word.exact:
        return False
    return (word.open_left or _starts(folded, start)) and (word.open_right or _ends(folded, end))


def _words(side: str) -> tuple[Word, ...]:
    return tuple(word for part in side.split("|") for word in _forms(part.strip()))


def _forms(written: str) -> list[Word]:
    bare = written.strip("*")
    if not any(char.isalnum() for char in bare):
        raise TermError(f"{written!r} has no letters to look for")
    forms = [bare]
    if " " in bare and _HANGUL.search(bare):
        forms.append(bare.replace(" ", ""))
    return [_word(form, written.startswith("*"), written.endswith("*")) for form in forms]


def _word(bare: str, open_left: bool, open_right: bool) -> Word:
    compound = len(bare.replace(" ", "")) >= COMPOUND_LENGTH
    return Word(
        text=fold(bare),
        exact=bare if bare.isupper() and bare.isascii() else "",
        open_left=open_left or (compound and _is_hangul(bare[0])),
        open_right=open_right or (compound and _is_hangul(bare[-1])),
    )


def _starts(folded: str, start: int) -> bool:
    if start == 0:
        return True
    before, first = folded[start - 1], folded[start]
    if _is_hangul(first):
        return not _is_hangul(before)
    return not (_is_latin(first) and _is_latin(before))


def _ends(folded: str, end: int) -> bool:
    last = folded[end - 1]
    if _is_hangul(last):
        return _KOREAN_END.match(folded, end) is not None
    return not _is_latin(last) or _LATIN_END.match(folded, end) is not None


def _is_hangul(char: str) -> bool:
    return "가" <= char <= "힣"


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalnum()
