"""What is left of an article once its text is gone: hashes of what its headline and lead say, to keep and compare.

Must not compare two articles; `similarity` does.
"""

from __future__ import annotations

import functools
import itertools
import re
import struct
import unicodedata
import zlib
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from articles.korean import jamo
from articles.search import endings, tokens
from articles.stories import numbers, templates

FORMAT = 1
LONGEST_TITLE = 300
LONGEST_LEAD = 400
MOST_WORDS = 36
MOST_PIECES = 72
MOST_NUMBERS = 16

_MARKS = re.compile(
    r"[\[(<〈【]\s*(?:속보|단독|상보|종합|종합\s?\d보|\d보|수정|재송|영상|동영상|그래픽|그래픽뉴스|인터뷰|공식|전문|외신|현장|르포|"
    r"exclusive|breaking|update(?:\s?\d)?|updated|video|watch|live)\s*[\])>〉】]"
    r"|^\W*(?:breaking|exclusive|update(?:\s?\d)?|속보|단독)\s*[:|]",
)
# What is left of a character reference whose ampersand a feed has lost.
_REMNANTS = re.compile(r"&?(?<![a-z])(?:quot|hellip|middot|[lr][sd]quo|amp|nbsp|lt|gt);")
# Who wrote it where: [서울=뉴시스] 홍길동 기자 =, (서울=연합뉴스), SEOUL, May 1 (Reuters) -
_BYLINE = re.compile(
    r"^\s*(?:[\[(【][^\])】]{0,40}[\])】]\s*)?(?:[가-힣]{2,4}\s*(?:인턴\s?)?(?:기자|특파원)\s*)?=?\s*"
    r"(?:[a-z ,.\d]{0,30}\([a-z ]{2,20}\)\s*[-–—]+\s*)?"
)
# Headlines abbreviate in Chinese characters; others write the same syllable.
_READINGS = str.maketrans(
    "美中日北韓尹文檢與野靑軍前李朴金女男英佛獨伊印露銀車株法黨故對反親新現大小長父母子妻警核戰死無非外內高低最全國民人會道市區家曺安洪劉秋宋姜趙崔鄭張徐權黃吳發勞使重行",
    "미중일북한윤문검여야청군전이박김여남영불독이인러은차주법당고대반친신현대소장부모자처경핵전사무비외내고저최전국민인회도시구가조안홍유추송강조최정장서권황오발노사중행",
)
_RUN = re.compile(
    r"(?P<syllables>[가-힣]+)|(?P<word>[^\W\d_가-힣]+)|(?P<number>\d)|(?P<break>[…|/:;\[\](){}<>〈〉])"
)
# English words that say nothing by themselves. What is common in Korean the counts tell.
_FUNCTION_WORDS = frozenset(
    re.findall(
        r"\w+",
        "a an the and or but of to in on at for from by with as is are was were be been it its this that these those "
        "he she they his her their what when where why how not no new says say said after over amid into out up "
        "down off will would can could may might has have had do does did more most than about you your we our us i",
    )
)
_QUOTES = ('"', "'", "“", "‘", "「", "『", "«", "")
_HEAD = struct.Struct("<BBBBBBBBIIfff")


@dataclass(frozen=True, slots=True)
class Print:
    """Hashes of what an article says.

    `pieces` are those of the headline that spaces and compounds don't change: pairs of Korean syllables, other words,
    numbers. `words` are those of the headline without endings, `numbers` those of the
    headline, `measures` those of them in which reports of one event agree, `lead` the words of the lead. `subject` has
    the pieces of the headline's first word and `topic` is that word, unless it begins with a quotation; else 0. `whole`
    is the hash of all letters of the headline, 0 if there are none.
    """

    kind: templates.Kind
    whole: int
    topic: int
    pieces: frozenset[int]
    subject: frozenset[int]
    words: frozenset[int]
    numbers: frozenset[int]
    measures: frozenset[int]
    lead: frozenset[int]


def take_print(title: str, text: str) -> Print:
    """The print of an article; the text may be empty."""
    headline = plain(title[:LONGEST_TITLE])
    kind = templates.kind_of(headline)
    bare = _MARKS.sub(" ", headline)
    told = bare if kind else templates.without_labels(bare)
    lead = _BYLINE.sub("", plain(text[: 2 * LONGEST_LEAD].strip()), count=1)[:LONGEST_LEAD]
    letters = "".join(filter(str.isalnum, told))
    topic = _topic(told)
    return Print(
        kind=kind,
        whole=hash_of(letters) if letters else 0,
        topic=hash_of(topic) if topic else 0,
        pieces=_first(map(hash_of, pieces_of(told)), MOST_PIECES),
        subject=_first(map(hash_of, pieces_of(topic)), MOST_NUMBERS),
        words=_first(map(hash_of, words_of(told)), MOST_WORDS),
        numbers=_first(map(hash_of, numbers.numbers(told)), MOST_NUMBERS),
        measures=_first(itertools.starmap(measure, numbers.measures(told)), MOST_NUMBERS),
        lead=_first(map(hash_of, words_of(lead)), MOST_WORDS),
    )


@dataclass(frozen=True, slots=True)
class Norms:
    """How much a print weighs in all, as the root of the sum of squared weights, when it was placed."""

    pieces: float
    words: float
    told: float


def pack(taken: Print, norms: Norms) -> bytes:
    """The print as bytes."""
    parts = (taken.pieces, taken.subject, taken.words, taken.numbers, taken.measures, taken.lead)
    weights = (norms.pieces, norms.words, norms.told)
    head = _HEAD.pack(FORMAT, taken.kind, *map(len, parts), taken.whole, taken.topic, *weights)
    return head + array("I", itertools.chain.from_iterable(map(sorted, parts))).tobytes()


def unpack(packed: bytes) -> tuple[Print, Norms]:
    """The print that was packed. Raises ValueError for bytes that are not one."""
    if len(packed) < _HEAD.size or packed[0] != FORMAT:
        raise ValueError("not a fingerprint of this format")
    fields = _HEAD.unpack_from(packed)
    kind, sizes, (whole, topic), norms = fields[1], fields[2:8], fields[8:10], fields[10:]
    hashes = array("I")
    if len(packed) != _HEAD.size + hashes.itemsize * sum(sizes):
        raise ValueError("a fingerprint of the wrong length")
    hashes.frombytes(packed[_HEAD.size :])
    ends = itertools.pairwise(itertools.accumulate(sizes, initial=0))
    parts = [frozenset(hashes[start:end]) for start, end in ends]
    return Print(templates.Kind(kind), whole, topic, *parts), Norms(*norms)


def plain(text: str) -> str:
    """The text folded: composed, in lower case, Chinese characters of headlines as their Korean syllables."""
    composed = jamo.compose(text)
    folded = unicodedata.normalize("NFKC", composed.text if composed else text).casefold()
    return _REMNANTS.sub(" ", folded.translate(_READINGS))


def words_of(text: str) -> Iterator[str]:
    """The words of a folded text without their endings."""
    return (base for word in tokens.words(text) if (base := _base(word.text)) not in _FUNCTION_WORDS)


@functools.lru_cache(maxsize=1 << 15)
def _base(word: str) -> str:
    """The word without its endings."""
    folded = tokens.fold(word) or word
    if not endings.is_hangul(folded[-1]):
        return tokens.stem(folded)
    bases = endings.without_ending(folded)
    return bases[-1] if bases else folded


def _topic(headline: str) -> str:
    """The first word, which names whom a headline is about; none if it begins with what somebody said."""
    if headline.lstrip()[:1] in _QUOTES:
        return ""
    found = next(tokens.words(headline), None)
    base = _base(found.text) if found else ""
    return base if len(base) > 1 and not base[0].isdigit() else ""


def measure(kind: str, value: str) -> int:
    """The hash of a measured value, whose first eight bits are those of what is measured."""
    return (hash_of(kind) & 0xFF) << 24 | hash_of(value) & 0xFFFFFF


def pieces_of(text: str) -> Iterator[str]:
    """Pairs of neighbouring Korean syllables, other words, and numbers of a folded headline."""
    last = ""
    for found in _RUN.finditer(text):
        if syllables := found["syllables"]:
            last += syllables
            yield from (last[at : at + 2] for at in range(len(last) - 1))
            last = last[-1]
        else:
            last = ""
            word = found["word"]
            if word and word not in _FUNCTION_WORDS:
                yield tokens.stem(word)
    yield from ("#" + number for number in numbers.numbers(text))


def _first(hashes: Iterable[int], most: int) -> frozenset[int]:
    """The first different ones."""
    return frozenset(itertools.islice(dict.fromkeys(itertools.islice(hashes, 4 * most)), most))


def hash_of(word: str) -> int:
    """The 32 bits that stand for a word."""
    return zlib.crc32(word.encode("utf-8", "surrogatepass"))
