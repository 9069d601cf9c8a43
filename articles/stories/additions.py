"""What each article of a story adds: its sentences that nobody said before.

A sentence was said before if most of its words stand in one earlier sentence (containment, after Broder, "On the
resemblance and containment of documents", 1997) and every figure in it has been named already: an update is often
the same sentence with another number. Words are compared without their particles and endings.

Texts in, values out: must not know the database, and must not say which of the articles are shown.
"""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from articles.search import endings, tokens

# This share of a sentence's words in one earlier sentence makes it nothing new.
SAID = 0.7
# A word that stands in more sentences than this says nothing about which of them is meant.
MOST_PLACES = 400
# Of one text; nobody reads the rest of a page that long.
MOST_SENTENCES = 400

_END = re.compile(
    # A mark of the end, what closes behind it, and white space; after 다. and 요. Korean needs no space.
    r"(?:[.!?。…]+[\"'”’」』)\]]*(?=\s)|[!?]+[\"”’」』]?(?=[\"“‘「『])|(?<=[다요죠])\.(?=[가-힣\"“‘「『△▲■]))"
)
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\"“‘])(?:Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Col|Lt|St|Jr|Sr|Inc|Corp|Co|Ltd|No|vs|etc|e\.g|i\.e|a\.m|p\.m|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|approx|(?:[A-Z]\.)*[A-Z])\.$"
)
_OPENS_A_SENTENCE = re.compile(r"\s+[\"“‘'(]*[A-Z0-9가-힣]")
_ENDS_ONE_TOO = re.compile(r"(?:Inc|Corp|Co|Ltd|etc|a\.m|p\.m|[A-Z]\.[A-Z])\.$")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_HANGUL_TAIL = re.compile("[가-힣]$")
_VERB_TAIL = re.compile("(?:습니다|니다|다면서|다며|다고|라고|다는|라는|다)$")
_SHORTEST_KEY = 2
_PLURAL = "들"
# What is in any report, and who reports: 지난, 밝혔다, said.
_COMMON_WORDS = (
    "이 그 저 것 수 등 및 또 더 이번 지난 오는 이날 한편 또한 이어 특히 이를 위해 통해 대해 대한 따르면 따라 관련 "
    "있 있다 했다 한다 된다 됐다 밝혔 말했 전했 설명했 강조했 덧붙였 알렸 발표했 기자 "
    "a an the of to in on at for and or by with from as is are was were be been has have had it its that this "
    "their his her he she they will would said says say told according also which who"
)
_COMMON = frozenset(_COMMON_WORDS.split())


@dataclass(frozen=True, slots=True)
class Report:
    """An article of a story: its title and its text in paragraphs parted by line ends."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Addition:
    """The sentences of a report that are new, in its order, and of how many sentences they are."""

    sentences: tuple[str, ...]
    total: int

    @property
    def repeated(self) -> int:
        """How many of its sentences were said before."""
        return self.total - len(self.sentences)


@dataclass(slots=True)
class _Said:
    """What was said so far: by word, the numbers of the sentences that have it."""

    places: dict[str, list[int]] = field(default_factory=dict)
    sentences: list[frozenset[str]] = field(default_factory=list)
    figures: set[str] = field(default_factory=set)

    def add(self, words: frozenset[str], figures: frozenset[str]) -> None:
        for word in words:
            self.places.setdefault(word, []).append(len(self.sentences))
        self.figures |= figures
        self.sentences.append(words)

    def has(self, words: frozenset[str], figures: frozenset[str]) -> bool:
        """Whether one earlier sentence has most of the words, and all figures were named."""
        if not figures <= self.figures:
            return False
        if not words:
            return True
        least = math.ceil(SAID * len(words))
        # Whoever has that many of them has one of the rarest: only these are looked at.
        rarest = sorted(words, key=lambda word: len(self.places.get(word, ())))[: len(words) - least + 1]
        places = {at for word in rarest for at in self.places.get(word, ())[-MOST_PLACES:]}
        return any(self._in_common(words, at) >= least for at in places)

    def _in_common(self, words: frozenset[str], at: int) -> int:
        """How many of the words a sentence has, without those that say nothing of it."""
        return sum(
            len(known := self.places[word]) <= MOST_PLACES or at >= known[-MOST_PLACES]
            for word in words & self.sentences[at]
        )


def additions(reports: Iterable[Report]) -> list[Addition]:
    """What each report adds to those before it, in the order given; the first one says everything first.

    A sentence that is the report's own title counts as none, and its own repetitions are no additions either. The
    titles of those before it count as said.
    """
    said = _Said()
    found = []
    for report in reports:
        title = _letters(report.title)
        parts = [part for part in sentences(report.text) if not _is_of(part, title)][:MOST_SENTENCES]
        found.append(Addition(tuple(_new(parts, said)), len(parts)))
        said.add(words_of(report.title), figures_of(report.title))
    return found


def _letters(text: str) -> str:
    """The text without case, space and punctuation."""
    return "".join(tokens.fold(word.text) for word in tokens.words(text))


def _is_of(text: str, letters: str) -> bool:
    """Whether these are the text's letters; most texts differ in their first word."""
    at = 0
    for word in tokens.words(text):
        folded = tokens.fold(word.text)
        if not letters.startswith(folded, at):
            return False
        at += len(folded)
    return at == len(letters)


def _new(parts: Sequence[str], said: _Said) -> Iterator[str]:
    for sentence in parts:
        words, figures = words_of(sentence), figures_of(sentence)
        if not said.has(words, figures):
            yield sentence
        said.add(words, figures)


def sentences(text: str) -> Iterator[str]:
    """The sentences of a text in Korean or English; a line end always ends one."""
    for line in text.splitlines():
        start = 0
        for mark in _END.finditer(line):
            if _is_inside(line, mark):
                continue
            if part := line[start : mark.end()].strip():
                yield part
            start = mark.end()
        if part := line[start:].strip():
            yield part


def _is_inside(line: str, mark: re.Match[str]) -> bool:
    """Whether a full stop belongs to an abbreviation and the sentence goes on."""
    if mark[0] != ".":
        return False
    before = line[max(0, mark.start() - 12) : mark.end()]
    if not _ABBREVIATION.search(before):
        return False
    return not (_ENDS_ONE_TOO.search(before) and _OPENS_A_SENTENCE.match(line, mark.end()))


# Copies say the same sentences, and so does the page when it is asked for again.
@lru_cache(maxsize=20_000)
def words_of(sentence: str) -> frozenset[str]:
    """The words that carry a sentence's sense, as they are compared: folded, without endings, without figures."""
    keys = (_key(word.text) for word in tokens.words(sentence))
    return frozenset(key for key in keys if key and key not in _COMMON and not key[0].isdigit())


def figures_of(sentence: str) -> frozenset[str]:
    """The figures of a sentence, without separators of thousands."""
    return frozenset(number.replace(",", "") for number in _NUMBER.findall(sentence))


@lru_cache(maxsize=50_000)
def _key(word: str) -> str:
    folded = tokens.fold(word)
    if not _HANGUL_TAIL.search(folded):
        return tokens.stem(folded)
    bases = [base for base in endings.without_ending(folded) if len(base) >= _SHORTEST_KEY]
    base = min(bases, key=len) if bases else _VERB_TAIL.sub("", folded) or folded
    return base[:-1] if base.endswith(_PLURAL) and len(base) > _SHORTEST_KEY else base
