"""The one tokenizer: what is a word of a text, under which lexemes it can be found, and at which position.

Search in PostgreSQL and matching in memory both work on what this module makes, so that they can't disagree: the
index that `index` builds is what the matcher reads and, written by `to_tsvector`, what the database stores.
PostgreSQL's limits on a tsvector (positions up to 16,383, 256 positions a lexeme, 1 MB) are therefore applied here,
once, and not left to the server.

A word is a run of letters and digits of one text (LG유플러스 is one word), with R&D and C++ kept whole; a Chinese
character or a kana is a word of its own, so that 대통령 is found in 尹대통령. Every word yields

- its surface: the word as written, in Unicode's compatible composed form (NFKC), and
- derived lexemes, marked with a leading tilde: the word folded, without its particles or verb ending, its English
  stem, and the words it is compounded of, as far as syllables and scripts show them (`articles.search.endings`).

A query's plain word looks up both kinds, its exact form the surface alone. Offsets are code points of the original
field; nothing here changes the text.

Beside the words stand marks: where sentences begin, and the words of what a page has besides its text (captions, boxes,
headlines of other articles), each under its region's name. They have signs in them that no word has.
"""

import itertools
import re
import types
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from articles.dates import sentences
from articles.search import endings

DERIVED = "~"
TITLE, LEAD, REGION, BODY = "A", "B", "C", "D"
# Before the number of a mark under which the beginnings of sentences stand, as many as one lexeme can have.
SENTENCE = "."
# Around a region's name, before a lexeme of a word in it.
IN_REGION = ":"
# Words of one kind of region that can be found: a list of other headlines may be longer than the article.
MOST_REGION_WORDS = 200
# PostgreSQL's: a later position is stored as this one, more occurrences of one lexeme are dropped.
LAST_POSITION = 16_383
MOST_POSITIONS = 256
# Below PostgreSQL's 1,048,575 bytes by a margin for the alignment of each entry.
MOST_BYTES = 900_000
# The words of a text of so many characters have positions below the last.
_SHORT = 15_000
# What takes so many bytes in binary form surely takes fewer than MOST_BYTES when it is stored.
_SURELY_FITS = MOST_BYTES // 4
# A tsvector's binary form: how many lexemes; behind each the NUL that ends it, and how many places it has; a weight
# in the highest bits of each place.
_COUNT_BYTES = 4
_COUNTS = tuple(b"\0" + number.to_bytes(2) for number in range(MOST_POSITIONS + 1))
_WEIGHTS = {BODY: 0, REGION: 1 << 14, LEAD: 2 << 14, TITLE: 3 << 14}
# Words in each of the two dictionaries of words met lately: some 20 MB a process.
_MOST_KNOWN = 1 << 16
# Positions between title and text, so that no phrase and no NEAR reaches across (query.MOST_DISTANCE is smaller).
FIELD_GAP = 64
# So many lexemes of a text that is no longer are surely within MOST_BYTES.
_FEW_LEXEMES = 2_000
# A longer word is cut; nobody types more.
LONGEST_WORD = 64
MOST_LEXEMES_A_WORD = 32

# A noun of two syllables is believed to end a compound (협동로봇) after two others, one of three after one (폐배터리).
_SHORTEST_PART = 2
_SHORTEST_PART_AFTER_ONE = 3
_LONGEST_PART = 10

_SINGLE = "\u3005\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9d\U00020000-\U0003ffff"
_MARKS = "[\u0300-\u036f\u3099\u309a]"
_LETTER = rf"[^\W_{_SINGLE}]"
_RUN = rf"{_LETTER}+(?:{_MARKS}+{_LETTER}*)*"
_LATIN = "[A-Za-zＡ-Ｚａ-ｚ]"
_KOREAN = "[\uac00-\ud7a3]"
_WORD = re.compile(
    rf"{_KOREAN}*{_LATIN}+(?:[&＆]{_LATIN}+)+(?:{_KOREAN}|[0-9])*"
    rf"|{_KOREAN}*{_LATIN}+(?:[#＃]|[+＋]{{1,2}})(?![+＋#＃A-Za-z0-9Ａ-Ｚａ-ｚ]){_KOREAN}*"
    rf"|{_RUN}|[{_SINGLE}]{_MARKS}*"
)
# Where none of these stands, a word is nothing but letters and digits, which are found in half the time.
_UNUSUAL = re.compile(f"[_&＆#＃+＋{_SINGLE}{_MARKS[1:]}")
_PLAIN_WORD = re.compile(r"\w+")
_PARAGRAPH_END = re.compile(r"\n[^\S\n]*\n")
_LATIN_WORD = re.compile(r"[a-z]+")
_HANGUL = re.compile("[\uac00-\ud7a3]+")
_HANGUL_TAIL = re.compile("[\uac00-\ud7a3]+$")
_LATIN_TAIL = re.compile("(?<=[\uac00-\ud7a3])[a-z][a-z0-9&+#]+$")
_LATIN_PLUS = re.compile(r"[a-z]{2,}\+")

# Words that only look like a plural.
_NOT_PLURAL = frozenset(["news", "series", "species", "always", "perhaps", "lens", "texas", "dallas", "mars"])
_SHORTEST_STEM = 3
_LONGEST_ACRONYM = 5


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: its offsets and what is written there."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Index:
    """The words of a title and a text, numbered through, and the numbers under each lexeme.

    `starts` and `ends` are offsets into the word's own field: the title for weight A, a region for C, else the text.
    `positions` are PostgreSQL's, starting at 1. `breaks` are the positions at which sentences begin, all but the first.
    """

    starts: list[int]
    ends: list[int]
    positions: list[int]
    weights: list[str]
    postings: dict[str, list[int]]
    breaks: list[int]


def words(text: str) -> Iterator[Word]:
    """The words of a text, in order."""
    for found in _WORD.finditer(text):
        yield Word(found.start(), found.end(), found.group())


def surface(word: str) -> str:
    """The word as it is written, in compatible composed form and cut to the longest length."""
    composed = word if word.isascii() else unicodedata.normalize("NFKC", word)
    return composed[:LONGEST_WORD]


@lru_cache(maxsize=1 << 14)
def fold(word: str) -> str:
    """The word without differences of case, width and accents."""
    if word.isascii():
        return word[:LONGEST_WORD].lower()
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", word).casefold())
    apart = unicodedata.normalize("NFD", folded)
    if any("\u0300" <= char <= "\u036f" for char in apart):
        folded = unicodedata.normalize("NFC", re.sub("[\u0300-\u036f]", "", apart))
    return folded[:LONGEST_WORD]


def stem(word: str) -> str:
    """A folded English word without plural, -ing, -ed and final e: light, so that it seldom joins what differs.

    After the S-stemmer of Harman, "How effective is suffixing?" (1991), and the first step of Porter's (1980).
    """
    if len(word) <= _SHORTEST_STEM or not _LATIN_WORD.fullmatch(word):
        return word
    singular = _singular(word)
    for suffix in ("ing", "ed"):
        base = singular.removesuffix(suffix)
        if base != singular and _can_be_a_stem(base, suffix):
            return _without_final_e(_undoubled(base))
    return _without_final_e(singular)


def _singular(word: str) -> str:
    if word in _NOT_PLURAL or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes", "zes")):
        return word[:-2]
    return word[:-1]


def _can_be_a_stem(base: str, suffix: str) -> bool:
    return (
        len(base) >= _SHORTEST_STEM
        and not (suffix == "ed" and base.endswith("e"))
        and any(char in "aeiouy" for char in base)
    )


def _undoubled(base: str) -> str:
    """running gives run; telling keeps tell."""
    if base[-1] == base[-2] and base[-1] not in "aeiouylsz":
        return base[:-1]
    return base


def _without_final_e(word: str) -> str:
    if word.endswith("e") and len(word) > _SHORTEST_STEM + 1:
        return word[:-1]
    return word


@lru_cache(maxsize=1 << 16)
def lexemes(word: str) -> tuple[str, ...]:
    """The lexemes that a word of a text is found under: its surface, then the derived ones."""
    if _HANGUL.fullmatch(word):  # most words of a Korean text: composed, and without case
        written = word[:LONGEST_WORD]
        derived = dict.fromkeys(_hangul_parts(written))
    else:
        written, folded = surface(word), fold(word)
        derived = dict.fromkeys([folded, *_parts(written, folded)] if folded else [])
        derived.pop(written, None)
    if not derived:
        return (written,)
    return (written, *[DERIVED + lexeme for lexeme in derived][: MOST_LEXEMES_A_WORD - 1])


def _parts(written: str, folded: str) -> Iterable[str]:
    if endings.is_hangul(folded[-1]):
        if _HANGUL.fullmatch(folded):
            return _hangul_parts(folded)
        return _korean_parts(folded, _compound_ends, _SHORTEST_PART + 1)
    if found := _LATIN_TAIL.search(folded):
        return (found.group(),)
    if _LATIN_PLUS.fullmatch(folded):
        return (folded[:-1],)
    stemmed = stem(folded)
    return (stemmed, folded[:-1]) if _is_plural_acronym(written) else (stemmed,)


def _is_plural_acronym(written: str) -> bool:
    """EVs, CEOs."""
    return len(written) > 2 and written.endswith("s") and written[:-1].isupper()


def _is_acronym(written: str) -> bool:
    return len(written) <= _LONGEST_ACRONYM and written.isupper()


def _hangul_parts(word: str) -> list[str]:
    """The parts of a word of nothing but Hangul."""
    return _korean_parts(word, _hangul_ends, 2 + _SHORTEST_PART)


def _korean_parts(word: str, ends: Callable[[str, int], Iterable[str]], least: int) -> list[str]:
    """The word without endings, without generic nouns, and the ends of what remains if it is a compound.

    `ends` finds none in what has fewer than `least` characters.
    """
    bases = endings.without_ending(word)
    shorter = endings.without_generic_noun(word)
    for base in bases:
        shorter += endings.without_generic_noun(base)
    parts = bases + shorter
    for head in (bases[-1] if bases else word, *shorter):
        if len(head) >= least:
            parts += ends(head, _SHORTEST_PART)
    # A last syllable may belong to the noun (길고양이) though it could be a particle.
    if bases and len(word) - len(bases[-1]) == 1 and word[-1] in endings.OFTEN_PART_OF_THE_NOUN:
        parts += ends(word, _SHORTEST_PART_AFTER_ONE)
    return parts


def _compound_ends(word: str, shortest: int) -> Iterator[str]:
    """What a compound may end with: 인공지능 in 생성형인공지능, 하이닉스 in sk하이닉스, ai in 생성형ai."""
    if found := _LATIN_TAIL.search(word):
        yield found.group()
        return
    tail = _HANGUL_TAIL.search(word)
    if tail is None:
        return
    for start in range(max(tail.start(), len(word) - _LONGEST_PART, 1), len(word) - shortest + 1):
        if _splits(word[:start], len(word) - start):
            yield word[start:]


def _hangul_ends(word: str, shortest: int) -> list[str]:
    """The same for a word of nothing but Hangul: after two syllables it can be parted anywhere."""
    length = len(word)
    if length < 2 + _SHORTEST_PART:
        return []
    ends = [word[start:] for start in range(max(2, length - _LONGEST_PART), length - shortest + 1)]
    if word[0] in endings.PREFIX_SYLLABLES and _SHORTEST_PART_AFTER_ONE < length <= _LONGEST_PART + 1:
        ends.insert(0, word[1:])
    return ends


def _splits(head: str, length: int) -> bool:
    """Whether a compound can be parted after this head, `length` syllables being left."""
    if endings.is_hangul(head[0]) and len(head) > 1:
        return True
    if length < _SHORTEST_PART_AFTER_ONE:
        return False
    return head in endings.PREFIX_SYLLABLES if endings.is_hangul(head[0]) else not head.isdigit()


@lru_cache(maxsize=1 << 14)
def lookup(word: str, *, exact: bool = False) -> tuple[str, ...]:
    """The lexemes under which a query's word is looked up: any of them is a hit."""
    written = surface(word)
    if exact:
        return (written,)
    keys = dict.fromkeys(_keys(written, fold(word) or written))
    return tuple(lexeme for key in keys for lexeme in (key, DERIVED + key))


def _keys(written: str, folded: str) -> Iterator[str]:
    """What a query's word stands for: all its forms, but AIDS is not the plural of aid."""
    if not endings.is_hangul(folded[-1]):
        yield folded if _is_acronym(written) else stem(folded)
        if _is_plural_acronym(written):
            yield folded[:-1]
        return
    yield folded
    yield from endings.without_certain_particle(folded)


def lookup_prefix(start: str) -> tuple[str, ...]:
    """The beginnings of lexemes under which a query's prefix is looked up."""
    key = fold(start)
    return (key, DERIVED + key)


def lead_end(text: str) -> int:
    """Where the first paragraph of a text ends."""
    begin = len(text) - len(text.lstrip())
    found = _PARAGRAPH_END.search(text, begin)
    return found.start() if found else len(text)


def in_region(lexemes: Iterable[str], kinds: Iterable[str]) -> tuple[str, ...]:
    """What words of regions of these kinds are found under."""
    return tuple(f"{region_start(kind)}{lexeme}" for kind in kinds for lexeme in lexemes)


def region_start(kind: str) -> str:
    """What every lexeme of a region of this kind begins with."""
    return f"{IN_REGION}{kind}{IN_REGION}"


class _Builder:
    """Collects words into an index and keeps PostgreSQL's limits while doing so."""

    def __init__(self) -> None:
        self.index = Index([], [], [], [], {}, [])
        self.position = 0
        self.bytes = 0

    def add(self, text: str, start: int, end: int, weight: str, kind: str = "") -> None:
        """Add the words of text[start:end]."""
        index = self.index
        for found in _WORD.finditer(text, start, end):
            self.position += 1
            begin, stop = found.span()
            index.starts.append(begin)
            index.ends.append(stop)
            index.positions.append(min(self.position, LAST_POSITION))
            index.weights.append(weight)
            names = lexemes(found.group())
            self._post(in_region(names, (kind,)) if kind else names)

    def add_region(self, kind: str, text: str, most: int) -> int:
        """Add the first words of a region; returns how many."""
        self.position += FIELD_GAP
        found = list(itertools.islice(_WORD.finditer(text), most))
        if found:
            self.add(text, 0, found[-1].end(), REGION, kind)
        return len(found)

    def break_here(self) -> None:
        """Let a sentence begin at the next word."""
        if (begin := self.position + 1) < LAST_POSITION:
            self.index.breaks.append(begin)

    def _post(self, found: tuple[str, ...]) -> None:
        """Put the newest word under its lexemes, as far as the limits allow."""
        postings, positions, used = self.index.postings, self.index.positions, self.bytes
        number = len(positions) - 1
        for lexeme in found:
            numbers = postings.get(lexeme)
            if numbers is None:
                size = 8 + len(lexeme.encode())
                if used + size <= MOST_BYTES:
                    postings[lexeme] = [number]
                    used += size
            elif (
                used + 2 <= MOST_BYTES
                and len(numbers) < MOST_POSITIONS
                and positions[numbers[-1]] != LAST_POSITION
            ):
                numbers.append(number)
                used += 2
        self.bytes = used


def index(title: str, text: str, regions: Iterable[tuple[str, str]] = ()) -> Index:
    """The index of a document: the title at weight A, the first paragraph at B, the rest at D, regions at C.

    `regions` are kinds and texts; those of one kind are one after another.
    """
    builder = _Builder()
    builder.add(title, 0, len(title), TITLE)
    builder.position += FIELD_GAP
    lead = lead_end(text)
    for start, end in sentences.split(text):
        builder.break_here()
        builder.add(text, start, end, LEAD if start < lead else BODY)
    left: dict[str, int] = {}
    for kind, words_of in regions:
        left[kind] = left.get(kind, MOST_REGION_WORDS)
        left[kind] -= builder.add_region(kind, words_of, left[kind])
    return builder.index


class Asked(dict[str, tuple[str, ...]]):
    """The lexemes that somebody asks for, whole or by how they begin: for a word of a text those of its lexemes.

    What was found out about a word is kept; meant for the documents of one page.
    """

    def __init__(self, whole: Iterable[str], starts: Iterable[str] = ()) -> None:
        super().__init__()
        self.whole, self.starts = frozenset(whole), tuple(starts)

    def __missing__(self, word: str) -> tuple[str, ...]:
        names = lexemes(word)
        found: tuple[str, ...] = ()
        if self.starts or not self.whole.isdisjoint(names):
            found = tuple(name for name in names if name in self.whole or name.startswith(self.starts))
        self[word] = found
        return found


def index_of(title: str, text: str, asked: Asked) -> Index:
    """What the index of a document tells of the words asked for, in a tenth of its time: no regions, no sentences.

    To show where a text has what was found: of a text that is too long for PostgreSQL it may know more than `index`.
    """
    made = Index([], [], [], [], {}, [])

    def add(words: Iterable[re.Match[str]], done: int, lead: int, weight: str) -> int:
        """Add the words asked for, whose positions follow `done`; returns the last one's."""
        for position, found in enumerate(words, done + 1):
            done = position
            if names := asked[found[0]]:
                number = len(made.starts)
                start, end = found.span()
                made.starts.append(start)
                made.ends.append(end)
                made.positions.append(min(position, LAST_POSITION))
                made.weights.append(weight if start < lead else BODY)
                for name in names:
                    made.postings.setdefault(name, []).append(number)
        return done

    done = add(_pattern(title).finditer(title), 0, len(title), TITLE)
    add(_pattern(text).finditer(text), done + FIELD_GAP, lead_end(text), LEAD)
    return made


def lexemes_of(title: str, text: str, regions: Sequence[tuple[str, str]] = ()) -> set[str]:
    """The lexemes of a document's index, in a fifth of its time."""
    found: set[str] = set()
    if len(title) + len(text) + sum(len(words_of) for _, words_of in regions) <= _SHORT:
        found.update(*map(lexemes, {*_pattern(title).findall(title), *_pattern(text).findall(text)}))
        left: dict[str, int] = {}
        for kind, words_of in regions:
            most = left.get(kind, MOST_REGION_WORDS)
            of_region = _pattern(words_of).findall(words_of)[:most]
            left[kind] = most - len(of_region)
            found.update(*(in_region(lexemes(word), (kind,)) for word in of_region))
        if len(found) <= _FEW_LEXEMES:
            return found
    return set(index(title, text, regions).postings)


def tsvector_literal(index: Index) -> str:
    """The index as PostgreSQL reads it: `%s::tsvector`."""
    at = [f"{position}{weight}" for position, weight in zip(index.positions, index.weights, strict=True)]
    return " ".join(
        [
            *(
                f"{quoted(lexeme)}:{','.join([at[n] for n in numbers])}"
                for lexeme, numbers in index.postings.items()
            ),
            *(f"{quoted(mark)}:{','.join(map(str, at))}" for mark, at in _marks(index.breaks)),
        ]
    )


def _marks(breaks: Sequence[int]) -> Iterator[tuple[str, Sequence[int]]]:
    """The lexemes under which the beginnings of sentences stand, and their positions."""
    breaks = list(dict.fromkeys(breaks))  # a sentence without words begins where the next one does
    for number, first in enumerate(range(0, len(breaks), MOST_POSITIONS - 1)):
        yield f"{SENTENCE}{number}", breaks[first : first + MOST_POSITIONS - 1]


def to_tsvector(title: str, text: str, regions: Sequence[tuple[str, str]] = ()) -> bytes:
    """The tsvector of an article in PostgreSQL's binary form, which it takes in a quarter of a literal's time.

    Without offsets, so quicker than the index that it is equal to. The server sorts the lexemes.
    """
    if len(title) + len(text) + sum(len(words_of) + FIELD_GAP for _, words_of in regions) <= _SHORT:
        vector = _packed(_places(title, text, regions))
        if len(vector) <= _SURELY_FITS:
            return vector
    return _packed(_places_of(index(title, text, regions)))


def labelled(vector: bytes, labels: Iterable[str]) -> bytes:
    """A tsvector with lexemes more that it has not, without positions."""
    added = [label.encode() + _COUNTS[0] for label in dict.fromkeys(labels)]
    count = int.from_bytes(vector[:_COUNT_BYTES]) + len(added)
    return b"".join([count.to_bytes(_COUNT_BYTES), vector[_COUNT_BYTES:], *added])


# Lexemes in UTF-8, and where each stands: two bytes a place, the weight above the position.
_Places = dict[bytes, bytes]


def _packed(places: _Places) -> bytes:
    """Lexemes and places as the server receives a tsvector: how many lexemes, each up to a NUL, how many places."""
    pieces = [len(places).to_bytes(_COUNT_BYTES)]
    for lexeme, at in places.items():
        pieces += (lexeme, _COUNTS[len(at) >> 1], at)
    return b"".join(pieces)


def _places(title: str, text: str, regions: Iterable[tuple[str, str]]) -> _Places:
    """Where each lexeme of a text stands that is short."""
    places: _Places = {}
    done = _place(places, _pattern(title).findall(title), 0, TITLE) + FIELD_GAP
    lead, pattern, breaks = lead_end(text), _pattern(text), []
    for start, end in sentences.split(text):
        breaks.append(done + 1)
        done = _place(places, pattern.findall(text, start, end), done, LEAD if start < lead else BODY)
    left: dict[str, int] = {}
    for kind, words_of in regions:
        left.setdefault(kind, MOST_REGION_WORDS)
        found = _pattern(words_of).findall(words_of)[: left[kind]]
        left[kind] -= len(found)
        done = _place(places, found, done + FIELD_GAP, REGION, region_start(kind).encode())
    places.update({mark.encode(): _at(positions) for mark, positions in _marks(breaks)})
    return places


def _place(places: _Places, words: Sequence[str], done: int, weight: str, prefix: bytes = b"") -> int:
    """Note where words stand that follow the position `done`; returns the last one's."""
    for place, word in enumerate(words, done + 1 + _WEIGHTS[weight]):
        at = place.to_bytes(2)
        for lexeme in [prefix + lexeme for lexeme in _known[word]] if prefix else _known[word]:
            before = places.get(lexeme)
            if before is None:
                places[lexeme] = at
            elif len(before) < 2 * MOST_POSITIONS:
                places[lexeme] = before + at
    return done + len(words)


def _places_of(index: Index) -> _Places:
    """The same of any text, by its index."""
    at = [
        position + _WEIGHTS[weight] for position, weight in zip(index.positions, index.weights, strict=True)
    ]
    places = {
        lexeme.encode(): _at([at[number] for number in numbers]) for lexeme, numbers in index.postings.items()
    }
    return places | {mark.encode(): _at(positions) for mark, positions in _marks(index.breaks)}


def _at(places: Iterable[int]) -> bytes:
    return b"".join([place.to_bytes(2) for place in places])


class _Known(dict[str, tuple[bytes, ...]]):
    """The lexemes of the words met lately, in UTF-8.

    A newspaper's words are many: the dictionary that was filled before is kept, and what is met again is taken over
    from it. To move each word to the front when it is met, as an LRU cache does, costs more than looking it up.
    """

    before: Mapping[str, tuple[bytes, ...]] = types.MappingProxyType({})

    def __missing__(self, word: str) -> tuple[bytes, ...]:
        found = self.before.get(word)
        if found is None:
            found = tuple([lexeme.encode() for lexeme in lexemes.__wrapped__(word)])
        if len(self) >= _MOST_KNOWN:
            self.before = self.copy()
            self.clear()
        self[word] = found
        return found


_known = _Known()


def _pattern(text: str) -> re.Pattern[str]:
    """What finds the words of a text."""
    return _WORD if _UNUSUAL.search(text) else _PLAIN_WORD


def quoted(lexeme: str) -> str:
    """A lexeme as a literal of tsvector and tsquery."""
    if "'" in lexeme or "\\" in lexeme:
        lexeme = lexeme.replace("\\", "\\\\").replace("'", "''")
    return f"'{lexeme}'"
