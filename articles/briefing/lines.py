"""The one sentence of a story's articles that tells it best: who did what, how much, as the outlet wrote it.

A sentence near the beginning that names what the reader follows, says a figure, and shares its words with the headline
stands for a report; one that leans on the sentence before it does not. The sentence is quoted as it stands, without a
dateline: whoever writes the briefing edits it.

Texts in, values out: must not know the database, and must not put several sentences together.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from articles.stories import additions

# Where a report says what it is about.
MOST_SENTENCES = 8
MOST_CHARACTERS = 4000
# Characters that a line has at least and at most, and with which it says enough in comfort; Latin letters say half as
# much as Hangul.
SHORTEST, TERSE, COMFORT, LONGEST = 18, 30, 110, 240
# A sentence that is worth less is no better than the headline.
LEAST = 3.0

_HANGUL = re.compile("[가-힣]")
# What stands before a report's first words: the agency, the place, the reporter, marks of a list.
_REPORTER = r"[가-힣]{2,4}\s?(?:선임|수습|인턴|전문|객원)?\s?(?:기자|특파원|통신원|논설위원|에디터)"
_DATELINE = re.compile(
    r"\s*(?:"
    rf"[\[(【〔<〈][^\])】〕>〉]{{1,40}}[\])】〕>〉]\s*(?:{_REPORTER}\s*)?[=:|]?\s*"
    rf"|{_REPORTER}(?:\s*[(\[]?[\w.+-]+@[\w.-]+[)\]]?)?\s*[=:|]\s*"
    r"|[A-Z][A-Z .'/-]{2,30}(?:,\s[^—–-]{1,30})?\s?(?:\([^)]{1,30}\)\s?)?(?:—|–|--|-)\s+"
    r"|[■◆◇▲△▶▷●○□※*·•ㆍ=–—-]+\s*"
    r")"
)
_COMPLETE = re.compile(r"(?:[가-힣][.!]|[A-Za-z0-9%)][.!])[\"'”’」』)\]]*$")
_CLOSES = re.compile(r"[\"'”’」』)\]]+$")
_LEANS = re.compile(
    r"(?:이(?:는|에|와|를|로|번|같은|어|밖에|외에|\s?(?:같은|밖에|외에|가운데|중))\s?|그(?:는|러나|리고|런데|래서|러면서|럼에도|녀는|들은|에)\s|"
    r"또(?:한)?[\s,]|한편[\s,]|다만[\s,]|특히[\s,]|반면|하지만|아울러|앞서[\s,]|이어[\s,]|더불어|따라서|즉[\s,]|실제로?[\s,]|"
    r"여기에|당시|해당\s|양사는|양측은|회사\s?(?:측은|는|관계자)|관계자는|"
    r"(?:It|He|She|They|This|That|These|Those|But|And|However|Meanwhile|Also|In addition|Moreover|Still|Instead|"
    r"The company|The firm|The two)\b)"
)
_NO_NEWS = re.compile(
    r"무단\s?(?:전재|복제)|재배포|저작권|[ⓒ©]|구독|제보|사진\s?[=|:]|사진\s?제공|자료\s?사진|연합뉴스\s?자료|\S@\S|https?://|www\.|"
    r"[가-힣]{2,4}\s?기자(?:입니다|가 전합니다)|"
    r"\b(?:all rights reserved|subscribe|newsletter|click here|read more|photo (?:by|courtesy)|getty)\b",
    re.IGNORECASE,
)
_FIGURE = re.compile(
    r"\d[\d,.]*\s?(?:%|％|퍼센트|%p|[조억만천]\s?\d*|원|달러|유로|엔|위안|명|개|곳|대|톤|배|건|호|주|GW|MW|㎿|㎾|kW|GWh|MWh|㎡|km|평|"
    r"percent|per cent|billion|million|trillion|won|dollars|people|jobs|tons|tonnes|units|times)"
    r"|[$€£¥₩]\s?\d"
)
_QUOTED = re.compile(r"[\"“][^\"“”]{8,}[\"”]")


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a text: code-point offsets, end exclusive."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Source:
    """An article that a line may be taken from. `subjects`: where its text names what the reader follows; `names`:
    where it names any company."""

    id: int
    title: str
    text: str
    subjects: tuple[Span, ...] = ()
    names: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence and where it stands: `field` is "text", or "title" if no sentence was good enough."""

    source: int
    field: str
    start: int
    end: int
    text: str


def choose(sources: Sequence[Source]) -> Line | None:
    """The best sentence of these articles of one story, the ones that tell it best first.

    The first one's headline if no sentence is good enough; None if there is no article, or none that says anything.
    """
    found = [
        (worth - place / 4, -place, -start, Line(source.id, "text", start, end, source.text[start:end]))
        for place, source in enumerate(sources)
        for start, end, worth in rated(source)
    ]
    if found:
        worth, _, _, line = max(found, key=lambda one: one[:3])
        if worth >= LEAST:
            return line
    return next((headline(source) for source in sources if source.title.strip()), None)


def choose_new(sources: Sequence[Source], told: Sequence[additions.Report]) -> Line | None:
    """The best sentence of these later articles of a story that says something new; None if there is none.

    New is what was not said in the articles `told` and names a figure that they had not, as alerts have it: most of
    what comes later only says the same in other words.
    """
    figures = frozenset[str]().union(*(additions.figures_of(f"{one.title}\n{one.text}") for one in told))
    found = []
    for place, source in enumerate(sources):
        report = additions.Report(source.title, source.text[:MOST_CHARACTERS])
        fresh = additions.additions([*told, report])[-1].sentences
        for start, end, points in rated(source):
            text = source.text[start:end]
            if points >= LEAST and additions.figures_of(text) - figures and any(text in one for one in fresh):
                found.append((points, -place, -start, Line(source.id, "text", start, end, text)))
    return max(found, key=lambda one: one[:3])[-1] if found else None


def headline(source: Source) -> Line:
    """An article's headline as a line."""
    text = source.title.strip()
    start = source.title.index(text)
    return Line(source.id, "title", start, start + len(text), text)


def rated(source: Source) -> Iterator[tuple[int, int, float]]:
    """The sentences at an article's beginning that could stand alone: start, end, and what each is worth."""
    title = additions.words_of(source.title)
    for number, (start, end) in enumerate(places(source.text)):
        text = source.text[start:end]
        if stands_alone(text):
            yield start, end, worth(text, number, title) + named(source, start, end)


def stands_alone(sentence: str) -> bool:
    """Whether a sentence is whole, tells news, can be read in passing and leans on no other one."""
    if not SHORTEST <= size_of(sentence) <= LONGEST or not _COMPLETE.search(sentence):
        return False
    return not (_NO_NEWS.search(sentence) or _LEANS.match(sentence))


def places(text: str) -> Iterator[tuple[int, int]]:
    """Where the first sentences of a text stand, without datelines."""
    at = 0
    opening = text[:MOST_CHARACTERS]
    for number, sentence in enumerate(additions.sentences(opening)):
        if number == MOST_SENTENCES:
            return
        begin = opening.index(sentence, at)
        at = begin + len(sentence)
        start = begin
        # A dateline may have several parts; more than four are none.
        for _ in range(4):
            mark = _DATELINE.match(text, start, at)
            if not mark or not mark[0]:
                break
            start = mark.end()
        if start < at:
            yield start, at


def worth(sentence: str, number: int, title: frozenset[str]) -> float:
    """How well a sentence tells by itself; `number` of its text's sentences stand before it."""
    words = additions.words_of(sentence)
    shared = len(words & title) / len(title) if title else 0.0
    points = 2.5 - min(number, 5) * 0.5 + 2.0 * shared
    points += 1.5 if _FIGURE.search(sentence) else 0.0
    points -= 1.5 if quoted_share(sentence) > 0.4 else 0.0
    points -= 2.0 if _CLOSES.sub("", sentence).endswith("?") else 0.0
    size = size_of(sentence)
    return points - max(0.0, (size - COMFORT) / 50, (TERSE - size) / 10)


def named(source: Source, start: int, end: int) -> float:
    """What it is worth that a sentence says whom it is about."""
    of_subject = any(start <= span.start and span.end <= end for span in source.subjects)
    of_company = any(start <= span.start and span.end <= end for span in source.names)
    return 1.5 * of_subject + 1.0 * of_company


def size_of(sentence: str) -> float:
    """How much there is to read, in characters of Hangul."""
    return float(len(sentence)) if _HANGUL.search(sentence) else len(sentence) / 2


def quoted_share(sentence: str) -> float:
    """How much of a sentence is somebody's words."""
    return sum(len(mark[0]) for mark in _QUOTED.finditer(sentence)) / len(sentence)


def spans(found: Iterable[tuple[int, int]]) -> tuple[Span, ...]:
    """Spans of offsets."""
    return tuple(Span(start, end) for start, end in found)
