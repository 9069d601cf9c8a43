"""Hangul written in conjoining letters (as macOS stores file names) read as syllables, with the way back.

Changes no other character. Offsets of the composed text are translated with `Composed.offsets`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

# A syllable in conjoining letters: a leading consonant, a vowel and perhaps a trailing consonant; or an open
# syllable (every 28th of the block is one) followed by its trailing consonant.
_OPEN = "".join(map(chr, range(0xAC00, 0xD7A4, 28)))
_SYLLABLE = re.compile(f"[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?|[{_OPEN}][\u11a8-\u11c2]")

_LETTER = re.compile("[\u1100-\u11c2]")


@dataclass(frozen=True, slots=True)
class Composed:
    """A text in syllables. `offsets[i]` is where its character i starts in the original, one more for the end."""

    text: str
    offsets: tuple[int, ...]


def compose(text: str) -> Composed | None:
    """The text with conjoining letters joined to syllables, or None where there are none (the usual case)."""
    if _LETTER.search(text) is None or _SYLLABLE.search(text) is None:
        return None
    parts: list[str] = []
    offsets: list[int] = []
    done = 0
    for match in _SYLLABLE.finditer(text):
        joined = unicodedata.normalize("NFC", match.group())
        parts += text[done : match.start()], joined
        offsets.extend(range(done, match.start()))
        offsets.extend([match.start()] * len(joined))
        done = match.end()
    parts.append(text[done:])
    offsets.extend(range(done, len(text) + 1))
    return Composed("".join(parts), tuple(offsets))
