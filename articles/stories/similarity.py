"""What two articles have in common: the words of their headlines and leads, as numbers that can be kept and compared.

A `Print` is what is left of an article once its text is gone: hashes of its words. Must not decide which articles
are one story; `window` does.
"""

from __future__ import annotations

import functools
import re
import struct
import unicodedata
import zlib
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from articles.korean import jamo
from articles.search import endings, tokens
from articles.stories import templates

FORMAT = 1
LONGEST_TITLE = 300
LONGEST_LEAD = 400
MOST_TITLE_WORDS = 40
MOST_LEAD_WORDS = 60
MOST_PAIRS = 100

_MARKS = re.compile(
    r"[\[(<〈【]\s*(?:속보|단독|상보|종합|종합\s?\d보|\d보|수정|재송|영상|동영상|포토|사진|그래픽|인터뷰|"
    r"exclusive|breaking|update(?:\s?\d)?|updated|video|photos?)\s*[\])>〉】]",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NOT_LETTERS = re.compile(r"[\W_]+")
_BYLINE = re.compile(
    r"^\s*(?:[\[(【][^\])】]{0,40}[\])】]\s*)?(?:[가-힣]{2,4}\s*(?:기자|특파원|인턴기자)\s*)?=?\s*"
)
_SIZES = struct.Struct("<BBBBBBI")


@dataclass(frozen=True, slots=True)
class Print:
    """Hashes of an article's words. `whole` is that of all letters of the headline, 0 if it has none."""

    kind: templates.Kind
    whole: int
    title: frozenset[int]
    numbers: frozenset[int]
    lead: frozenset[int]
    pairs: frozenset[int]


def take_print(title: str, text: str) -> Print:
    """The print of an article; the text may be empty."""
    headline = _plain(title[:LONGEST_TITLE])
    bare = _MARKS.sub(" ", headline)
    lead = _BYLINE.sub("", _plain(text[:LONGEST_LEAD]), count=1)
    letters = _NOT_LETTERS.sub("", bare)
    return Print(
        kind=templates.kind_of(headline),
        whole=_hash(letters) if letters else 0,
        title=frozenset(_take(_words(bare), MOST_TITLE_WORDS)),
        numbers=frozenset(_take(_numbers(bare), MOST_TITLE_WORDS)),
        lead=frozenset(_take(_words(lead), MOST_LEAD_WORDS)),
        pairs=frozenset(_take(_pairs(letters), MOST_PAIRS)),
    )


def pack(taken: Print) -> bytes:
    """The print as bytes."""
    parts = (taken.title, taken.numbers, taken.lead)
    sizes = _SIZES.pack(FORMAT, taken.kind, *map(len, parts), len(taken.pairs), taken.whole)
    words = array("I", [word for part in parts for word in sorted(part)])
    return sizes + words.tobytes() + array("H", sorted(taken.pairs)).tobytes()


def unpack(packed: bytes) -> Print:
    """The print that was packed. Raises ValueError for bytes that are not one."""
    if len(packed) < _SIZES.size or packed[0] != FORMAT:
        raise ValueError("not a fingerprint of this format")
    _, kind, titles, numbers, leads, pairs, whole = _SIZES.unpack_from(packed)
    if len(packed) != _SIZES.size + 4 * (titles + numbers + leads) + 2 * pairs:
        raise ValueError("a fingerprint of the wrong length")
    words = array("I")
    words.frombytes(packed[_SIZES.size : len(packed) - 2 * pairs])
    bigrams = array("H")
    bigrams.frombytes(packed[len(packed) - 2 * pairs :])
    return Print(
        kind=templates.Kind(kind),
        whole=whole,
        title=frozenset(words[:titles]),
        numbers=frozenset(words[titles : titles + numbers]),
        lead=frozenset(words[titles + numbers :]),
        pairs=frozenset(bigrams),
    )


def _plain(text: str) -> str:
    composed = jamo.compose(text)
    return unicodedata.normalize("NFKC", composed.text if composed else text).casefold()


def _words(text: str) -> Iterator[int]:
    return (_word(word.text) for word in tokens.words(text))


@functools.lru_cache(maxsize=1 << 16)
def _word(word: str) -> int:
    """The hash of a word without its endings."""
    folded = tokens.fold(word) or word
    bases = endings.without_ending(folded) if endings.is_hangul(folded[-1]) else [tokens.stem(folded)]
    return _hash(bases[-1] if bases else folded)


def _numbers(text: str) -> Iterator[int]:
    return (_hash(found.group().replace(",", "")) for found in _NUMBER.finditer(text))


def _pairs(letters: str) -> Iterator[int]:
    return (_hash(letters[at : at + 2]) & 0xFFFF for at in range(len(letters) - 1))


def _take(hashes: Iterable[int], most: int) -> Iterator[int]:
    """The first different ones."""
    seen: set[int] = set()
    for value in hashes:
        if value not in seen:
            seen.add(value)
            yield value
            if len(seen) == most:
                return


def _hash(word: str) -> int:
    return zlib.crc32(word.encode("utf-8", "surrogatepass"))
