"""How an editor writes a theme's term, and where such a term stands in a text.

A term is one or more words parted by `|`; any of them will do. What follows ` + ` must stand in the same
sentence, what follows ` & ` anywhere in the document:

    인공지능 | 기계학습               either word
    이산화탄소 + 저감 | 포집          이산화탄소, but only in a sentence that speaks of reducing or capturing it
    AI & 살처분 | 고병원성            AI, but only in a document about culled poultry

A word ends at a word edge. Latin letters: no letter or digit beside it, a plural or possessive s aside; written
in capitals alone (`AI`, `ESS`) it is found in capitals alone, otherwise in any case. Hangul: a word of three
characters or more is also found inside compounds (인공지능 in 초거대인공지능연구소); a shorter one stands for
itself, with or without particles, since 수소 is also part of 여수소방서. A `*` lifts that on its side: 수소* is
found in 수소경제. A space in a Korean word may be missing in the text: 전고체 배터리 is also found as 전고체배터리.

Knows nothing of themes and weights, and looks at no list of words: it says what a word means, not where it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from articles.korean import particles

Reach = Literal["", "sentence", "document"]

COMPOUND_LENGTH = 3
_CONDITION = re.compile(" ([+&]) ")
_HANGUL = re.compile("[가-힣]")
_WIDE = re.compile("[\uff01-\uff5e\u00a0\u3000]")
_NARROWED = {0xFF01 + i: 0x21 + i for i in range(94)} | {0xA0: 0x20, 0x3000: 0x20}
_LATIN_END = re.compile("(?:['’]?s)?(?![A-Za-z0-9])")
# One character more than the longest chain of particles: a longer tail needs no reading.
_KOREAN_TAIL = re.compile("[가-힣]{0,10}")


class TermError(ValueError):
    """A term nobody could find; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Word:
    """One surface form: `text` as `fold` leaves it, `exact` if its case matters, and which edges are open."""

    text: str
    exact: str = ""
    open_left: bool = False
    open_right: bool = False

    @property
    def anywhere(self) -> bool:
        """Whether its letters are the word wherever they stand."""
        return self.open_left and self.open_right and not self.exact


@dataclass(frozen=True, slots=True)
class Pattern:
    """A term taken apart: any of `words`, given that any of `beside` is within `reach` (if there is one)."""

    words: tuple[Word, ...]
    reach: Reach = ""
    beside: tuple[Word, ...] = ()


def narrow(text: str) -> str:
    """The text with full-width letters and spaces made narrow, character for character as long as before."""
    return text.translate(_NARROWED) if _WIDE.search(text) else text


def fold(text: str) -> str:
    """The text in lower case, character for character as long as before."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


def parse(term: str) -> Pattern:
    """Take a term apart. Raises TermError for an empty word, one of nothing but signs, or two conditions."""
    head, *beside = _CONDITION.split(term)
    if not beside:
        return Pattern(_words(head))
    if len(beside) > 2:
        raise TermError(f"{term!r} has more than one condition")
    return Pattern(_words(head), "sentence" if beside[0] == "+" else "document", _words(beside[1]))


def fits(word: Word, text: str, folded: str, start: int, end: int) -> bool:
    """Whether what the folded text has at these offsets is that word and not a part of another.

    `text` is the narrow text before folding, for the words whose case matters.
    """
    if word.exact and text[start:end] != word.exact:
        return False
    return (word.open_left or _starts(folded, start)) and (word.open_right or _ends(folded, end))


def _words(side: str) -> tuple[Word, ...]:
    return tuple(word for part in side.split("|") for word in _forms(part.strip()))


def _forms(written: str) -> list[Word]:
    bare = narrow(written.strip("*"))
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
        tail = _KOREAN_TAIL.match(folded, end)
        return tail is None or particles.is_chain(tail[0])
    return not _is_latin(last) or _LATIN_END.match(folded, end) is not None


def _is_hangul(char: str) -> bool:
    return "가" <= char <= "힣"


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalnum()
