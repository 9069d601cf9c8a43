"""Regular expressions in a query: the part of their language that means the same in memory and in PostgreSQL.

A pattern is read into a tree and written twice, for RE2 and for PostgreSQL's own engine (an ARE). Both take time in
proportion to the text: there are no back references and nothing that looks around, and the size of what a repetition
stands for is limited. What the two engines read differently (`.` and line ends, `\\w` and Hangul, `$`) is written out,
and letters stand as code points.

Texts are compared in composed form (NFKC); with the flag "i" both sides are folded (`articles.search.folding`), since
the engines know different letters' cases.
"""

import functools
import itertools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import re2

from articles.search import folding

LONGEST = 500
# What PostgreSQL takes.
MOST_REPETITIONS = 255
# Characters of the pattern with every repetition written out.
MOST_STEPS = 1_000
# Groups inside one another.
DEEPEST = 20

_HIGHEST = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)
# Letters and digits as they occur in Korean and English news, and "_".
_WORD = (
    (0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A), (0xAA, 0xAA), (0xB5, 0xB5), (0xBA, 0xBA), (0xC0, 0xD6),
    (0xD8, 0xF6), (0xF8, 0x24F), (0x370, 0x373), (0x376, 0x377), (0x37B, 0x37D), (0x386, 0x386), (0x388, 0x3FF),
    (0x400, 0x481), (0x48A, 0x52F), (0x1100, 0x11FF), (0x1E00, 0x1FFF), (0x3005, 0x3007), (0x3040, 0x30FF),
    (0x3131, 0x318E), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0xF900, 0xFAFF),
)  # fmt: skip
_DIGIT = ((0x30, 0x39),)
_SPACE = ((0x09, 0x0D), (0x20, 0x20), (0x85, 0x85), (0x2028, 0x2029))
_NOT_NEWLINE = ((0x0, 0x9), (0xB, _HIGHEST))
_CLASSES = {"w": _WORD, "d": _DIGIT, "s": _SPACE}
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r"}
_BOUNDS = re.compile(r"\{(\d{1,5})(,?)(\d{0,5})\}")
# Below this, and in these blocks, letters have a lower case.
_CASED = ((0x41, 0x2E00), (0xA640, 0xABC0), (0x10400, 0x10600))

Ranges = tuple[tuple[int, int], ...]


class RegexError(ValueError):
    """A pattern that can't be used: a template with its values, and the offset in the pattern."""

    def __init__(self, template: str, position: int, **values: object) -> None:
        super().__init__(template % values if values else template)
        self.template = template
        self.position = position
        self.values = values


@dataclass(frozen=True, slots=True)
class _Set:
    """One character out of these."""

    ranges: Ranges


@dataclass(frozen=True, slots=True)
class _Edge:
    """A place: the beginning or the end of the field, or the edge of a word of Latin letters."""

    kind: str


@dataclass(frozen=True, slots=True)
class _Repeat:
    """Something `least` to `most` times; None is any number."""

    part: "_Part"
    least: int
    most: int | None
    lazy: bool


@dataclass(frozen=True, slots=True)
class _Sequence:
    parts: tuple["_Part", ...]


@dataclass(frozen=True, slots=True)
class _Choice:
    parts: tuple["_Part", ...]


_Part = _Set | _Edge | _Repeat | _Sequence | _Choice


@dataclass(frozen=True, slots=True)
class Compiled:
    """A pattern for both engines. Their texts are folded first if `folds`, else only composed."""

    folds: bool
    re2: Any
    postgres: str


@functools.lru_cache(maxsize=2_000)
def compile_pattern(source: str, flags: str = "") -> Compiled:
    """Both engines' form of a pattern. Raises RegexError."""
    if set(flags) - {"i"} or len(flags) > 1:
        raise RegexError("After the closing “/” only “i” may stand: capitals don’t count.", len(source) + 1)
    if len(source) > LONGEST:
        raise RegexError("The regular expression is longer than %(most)s characters.", LONGEST, most=LONGEST)
    composed = unicodedata.normalize("NFC", source)
    tree = _Reader(composed, folds=bool(flags)).read()
    if _least(tree) == 0:
        raise RegexError("This regular expression is found in every text; ask for a character at least.", 0)
    if _steps(tree) > MOST_STEPS:
        raise RegexError("This regular expression repeats too much; use smaller numbers.", 0)
    return Compiled(bool(flags), re2.compile(_written(tree, "re2"), _OPTIONS), _written(tree, "postgres"))


_OPTIONS = re2.Options()
_OPTIONS.log_errors = False
_OPTIONS.never_capture = True


def find(text: str, compiled: Compiled, most: int) -> list[tuple[int, int]]:
    """Where a pattern is found in a text, at most so many places: offsets of the text as it is written.

    In a text with characters that composing or folding changes, only the first place is given.
    """
    fold = folding.fold if compiled.folds else folding.composed
    read = fold(text)
    places = [match.span() for match in itertools.islice(compiled.re2.finditer(read), most)]
    if not places or unicodedata.is_normalized("NFKC", text):
        return places
    begin, end = places[0]
    return [folding.shortest_piece(text, read[begin:end], fold)]


class _Reader:
    """Reads a pattern, left to right."""

    def __init__(self, source: str, *, folds: bool) -> None:
        self.source = source
        self.folds = folds
        self.at = 0
        self.depth = 0

    def fail(self, template: str, at: int | None = None, **values: object) -> RegexError:
        return RegexError(template, self.at if at is None else at, **values)

    @property
    def sign(self) -> str:
        return self.source[self.at : self.at + 1]

    def take(self) -> str:
        sign = self.sign
        self.at += 1
        return sign

    def read(self) -> _Part:
        part = self.choice()
        if self.sign:
            raise self.fail("This parenthesis closes nothing; take it out, or open one before it.")
        return part

    def choice(self) -> _Part:
        parts = [self.sequence()]
        while self.sign == "|":
            self.take()
            parts.append(self.sequence())
        return parts[0] if len(parts) == 1 else _Choice(tuple(parts))

    def sequence(self) -> _Part:
        parts = []
        while self.sign and self.sign not in "|)":
            parts.append(self.repeated())
        return _Sequence(tuple(parts))

    def repeated(self) -> _Part:
        start = self.at
        part = self.atom()
        bounds = self.bounds()
        if bounds is None:
            return part
        if isinstance(part, _Edge):
            raise self.fail(
                "There is nothing to repeat here; write “\\%(sign)s” for the sign itself.", start, sign="^"
            )
        lazy = self.sign == "?"
        if lazy:
            self.take()
        if self.sign and self.sign in "*+?{":
            raise self.fail("Two signs of repetition stand side by side; take one out.")
        return _Repeat(part, *bounds, lazy)

    def bounds(self) -> tuple[int, int | None] | None:
        """How often what was read is repeated, if a sign says so."""
        simple: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
        if self.sign in simple:
            return simple[self.take()]
        if self.sign != "{":
            return None
        found = _BOUNDS.match(self.source, self.at)
        if not found:
            raise self.fail("Write {2}, {2,} or {2,5}, or “\\{” for the sign itself.")
        least = int(found[1])
        most = int(found[3]) if found[3] else (None if found[2] else least)
        if max(least, most or 0) > MOST_REPETITIONS or (most is not None and most < least):
            raise self.fail(
                "A repetition is from 0 to %(most)s times, the smaller number first.", most=MOST_REPETITIONS
            )
        self.at = found.end()
        return least, most

    def atom(self) -> _Part:
        start, sign = self.at, self.take()
        match sign:
            case "(":
                return self.group(start)
            case "[":
                return _Set(self.bracket(start))
            case ".":
                return _Set(_NOT_NEWLINE)
            case "^" | "$":
                return _Edge(sign)
            case "\\":
                return self.escaped(start)
            case "*" | "+" | "?" | "{":
                raise self.fail(
                    "There is nothing to repeat here; write “\\%(sign)s” for the sign itself.",
                    start,
                    sign=sign,
                )
            case _:
                return self.literal(sign)

    def group(self, start: int) -> _Part:
        if self.sign == "?":
            if not self.source.startswith("?:", self.at):
                raise self.fail(
                    "Nothing that looks ahead or back, and no names or flags: a group is written (…) or (?:…).",
                    start,
                )
            self.at += 2
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.fail("Parentheses are nested deeper than %(most)s.", start, most=DEEPEST)
        part = self.choice()
        if self.take() != ")":
            raise self.fail("This parenthesis is never closed; add one where it ends.", start)
        self.depth -= 1
        return part

    def escaped(self, start: int) -> _Part:
        sign = self.take()
        if sign.lower() in _CLASSES and sign:
            ranges = _CLASSES[sign.lower()]
            return _Set(_others(ranges) if sign.isupper() else ranges)
        if sign in {"b", "B"}:
            return _Edge(sign)
        return self.literal(self.escaped_character(start, sign))

    def escaped_character(self, start: int, sign: str) -> str:
        if sign in _CONTROLS:
            return _CONTROLS[sign]
        if sign.isdigit():
            raise self.fail(
                "A regular expression can’t refer back to a group; write out what is meant.", start
            )
        if not sign or sign.isalnum():
            raise self.fail(
                "“\\%(sign)s” means nothing here; there are \\d, \\w, \\s, \\b, \\n and \\t.",
                start,
                sign=sign,
            )
        return sign

    def literal(self, character: str) -> _Part:
        """A character as the texts have it, which may be several: ﬁ is found as fi."""
        folded = folding.fold(character) if self.folds else folding.composed(character)
        parts = tuple(_Set(((ord(one), ord(one)),)) for one in folded)
        return parts[0] if len(parts) == 1 else _Sequence(parts)

    def bracket(self, start: int) -> Ranges:
        negated = self.sign == "^"
        if negated:
            self.take()
        ranges: list[tuple[int, int]] = []
        while self.sign != "]":
            if not self.sign:
                raise self.fail(
                    "This bracket is never closed; add “]”, or write “\\[” for the sign itself.", start
                )
            ranges += self.member()
        self.take()
        if not ranges:
            raise self.fail("There is nothing between these brackets.", start)
        folded = _joined(_folded(ranges) if self.folds else ranges)
        return _others(folded) if negated else folded

    def member(self) -> Ranges:
        """A character, a range or a class between brackets."""
        start = self.at
        if self.source.startswith(("[:", "[.", "[="), self.at):
            raise self.fail("Write \\d, \\w, \\s or a range such as [가-힣] here.", start)
        first = self.take()
        if first == "\\":
            sign = self.take()
            if sign and sign.lower() in _CLASSES:
                ranges = _CLASSES[sign.lower()]
                return _others(ranges) if sign.isupper() else ranges
            first = self.escaped_character(start, sign)
        low = self.single(first, start)
        if self.sign != "-" or self.source[self.at + 1 : self.at + 2] in ("]", ""):
            return ((low, low),)
        self.take()
        last_at, last = self.at, self.take()
        high = self.single(self.escaped_character(last_at, self.take()) if last == "\\" else last, last_at)
        if high < low:
            raise self.fail("The range “%(first)s-%(last)s” is upside down.", start, first=first, last=last)
        return ((low, high),)

    def single(self, character: str, at: int) -> int:
        composed = folding.composed(character)
        if len(composed) != 1:
            raise self.fail(
                "“%(sign)s” is more than one character; put it outside the brackets.", at, sign=character
            )
        return ord(composed)


def _folded(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The ranges as folded texts have them: capitals in lower case, and nothing else changed."""
    folded = []
    for low, high in ranges:
        at = low
        for first, last in _CASED:
            if at < min(first, high + 1):
                folded.append((at, min(first - 1, high)))
                at = min(first, high + 1)
            lower = [
                folding.fold(chr(code)) for code in range(at, min(last, high + 1)) if code not in _SURROGATES
            ]
            folded += [(ord(one), ord(one)) for one in lower if len(one) == 1]
            at = max(at, min(last, high + 1))
        if at <= high:
            folded.append((at, high))
    return folded


def _joined(ranges: list[tuple[int, int]]) -> Ranges:
    """The ranges in order, those that touch made one."""
    joined: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if joined and low <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], high))
        else:
            joined.append((low, high))
    return tuple(joined)


def _others(ranges: Ranges) -> Ranges:
    """Every character that is in none of the ranges."""
    found, at = [], 0
    for low, high in _joined(list(ranges)):
        if at < low:
            found.append((at, low - 1))
        at = high + 1
    if at <= _HIGHEST:
        found.append((at, _HIGHEST))
    return tuple(found)


def _least(part: _Part) -> int:
    """The length of the shortest text that is found."""
    match part:
        case _Set():
            return 1
        case _Edge():
            return 0
        case _Repeat(inner, least):
            return _least(inner) * least
        case _Sequence(parts):
            return sum(map(_least, parts))
        case _Choice(parts):
            return min(map(_least, parts))


def _steps(part: _Part) -> int:
    """How long the pattern is with every repetition written out."""
    match part:
        case _Set() | _Edge():
            return 1
        case _Repeat(inner, least, most):
            return _steps(inner) * max(least, most or 1, 1)
        case _Sequence(parts) | _Choice(parts):
            return sum(map(_steps, parts)) + 1


def _written(part: _Part, engine: str) -> str:
    match part:
        case _Set(ranges):
            return _written_set(ranges, engine)
        case _Edge(kind):
            return (
                {"^": "^", "$": "$", "b": r"\b", "B": r"\B"}[kind]
                if engine == "re2"
                else _POSTGRES_EDGES[kind]
            )
        case _Repeat(inner, least, most, lazy):
            times = f"{{{least}}}" if least == most else f"{{{least},{'' if most is None else most}}}"
            # Which way it repeats changes where a match ends, not whether there is one.
            return f"(?:{_written(inner, engine)}){times}" + ("?" if lazy and engine == "re2" else "")
        case _Sequence(parts):
            return "".join(_written(one, engine) for one in parts)
        case _Choice(parts):
            return "(?:" + "|".join(_written(one, engine) for one in parts) + ")"


_POSTGRES_EDGES = {"^": r"\A", "$": r"\Z", "b": r"\y", "B": r"\Y"}


def _written_set(ranges: Ranges, engine: str) -> str:
    if len(ranges) == 1 and ranges[0][0] == ranges[0][1]:
        return _written_character(ranges[0][0], engine)
    return "[" + "".join(_written_range(low, high, engine) for low, high in _storable(ranges, engine)) + "]"


def _storable(ranges: Ranges, engine: str) -> Iterator[tuple[int, int]]:
    """The ranges without what no text has in the database, and PostgreSQL's brackets refuse: NUL and surrogates."""
    if engine == "re2":
        yield from ranges
        return
    for low, high in ranges:
        for first, last in ((1, _SURROGATES.start - 1), (_SURROGATES.stop, _HIGHEST)):
            if max(low, first) <= min(high, last):
                yield max(low, first), min(high, last)


def _written_range(low: int, high: int, engine: str) -> str:
    first = _written_character(low, engine)
    return first if low == high else f"{first}-{_written_character(high, engine)}"


def _written_character(code: int, engine: str) -> str:
    if chr(code).isascii() and chr(code).isalnum():
        return chr(code)
    if engine == "re2":
        return f"\\x{{{code:X}}}"
    return f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"
