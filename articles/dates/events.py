"""What happened when, and to whom: clauses with a resolved date and a watched company or theme.

Takes dates from `resolve` and mentions from `articles.tagging` as values; finds neither itself. Offsets count code
points of the text, the end is exclusive.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from articles.dates import clauses, sentences
from articles.dates.values import TimeValue, words_of

Relation = Literal["past", "reported", "planned", "goal"]


class Mention(Protocol):
    """A place in the text that names a company or a theme (`articles.tagging.mentions.Mention` is one)."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Event:
    """Something dated that a text tells of watched names.

    `start_offset` to `end_offset` is its clause, `clause` its words, `sentence` those of the whole sentence. `who` are
    the companies, `themes` the themes; one of them is never empty. `confidence` runs from 0 to 1, `rule` says how the
    clause and its names were taken.
    """

    start_offset: int
    end_offset: int
    clause: str
    sentence: str
    when: TimeValue
    who: tuple[str, ...]
    themes: tuple[str, ...]
    relation: Relation
    confidence: float
    rule: str


# Values that measure against something or stretch back from today tell of no happening.
_NO_EVENT = ("lately", "same_period", "after_gap", "to_date", "year_of_text")
_LEAST_CERTAIN = 0.4
_COMPARED = re.compile(r"\s?(?:보다|대비|에\s비해|비\s|比|만\s못)|\s(?:versus|compared)")
_REPORTS = re.compile(
    r"\s?(?:오[전후]\s)?(?:보도자료를\s통해\s|기자(?:회견|간담회)에서\s|공시를?\s?(?:통해\s)?|이같이\s|이\s같이\s)?"
    r"(?:밝혔|말했|전했|알렸|공시했|발표했|설명했|보도했|강조했|덧붙였)"
)
_REPORTS_BEFORE = re.compile(r"\b(?:said|announced|reported|told|says|disclosed)\b[^.\n]{0,12}$")
_JOINT = re.compile(
    r"[가-힣](?:[했됐였았었렸겼났갔왔졌켰](?:고|으며|지만|으나|는데)|(?:하|되)(?:며|면서|고(?!\s?있))|[한된친긴낸]\s?데\s?이어|면서)[,]?\s"
    r"|;\s|,\s(?:and|but|while)\s"
)
_ADNOMINAL = re.compile(r"\s?(?:[가-힣A-Za-z0-9·'\"]+\s){0,2}?[가-힣]{1,8}(?:[한된긴친낸킨린진]|했던|됐던)\s")
_PHRASE_END = re.compile(r"(?:을|를|은|는|이|가|에서|에게|에|와|과|으로|로|도|까지|부터)$")
_MOST_WORDS = 8


def find_events(text: str, values: Sequence[TimeValue], mentions: Iterable[Mention]) -> tuple[Event, ...]:
    """The events of one text (a title or a body), in the order of their dates in it."""
    placed = sorted((one for one in mentions if one.kind in ("company", "theme")), key=lambda one: one.start)
    found: list[Event] = []
    for start, end in sentences.split(text) if values and placed else ():
        inside = [one for one in values if start <= one.start_offset < end]
        names = [one for one in placed if start <= one.start < end]
        if inside and names:
            found += _of_sentence(text, start, end, inside, names)
    return tuple(found)


def _of_sentence(
    text: str, start: int, end: int, values: list[TimeValue], names: list[Mention]
) -> list[Event]:
    found: list[Event] = []
    telling = [one for one in values if not _is_measure(one, text)]
    for value in telling:
        reports = _is_report(value, text)
        if reports and len(telling) > 1:
            continue
        event = _event(text, (start, end), value, names, reports=reports)
        if event is not None:
            found.append(event)
    return found


def _is_measure(value: TimeValue, text: str) -> bool:
    if value.certainty < _LEAST_CERTAIN:
        return True
    return (
        any(rule in value.rule for rule in _NO_EVENT) or _COMPARED.match(text, value.end_offset) is not None
    )


def _is_report(value: TimeValue, text: str) -> bool:
    """Whether it is only the day of the announcement: … 24일 밝혔다, said on Tuesday."""
    if _REPORTS.match(text, value.end_offset):
        return True
    return _REPORTS_BEFORE.search(text[max(0, value.start_offset - 40) : value.start_offset]) is not None


def _event(
    text: str, sentence: tuple[int, int], value: TimeValue, names: list[Mention], *, reports: bool
) -> Event | None:
    clause, rule = (sentence, "sentence") if reports else _clause(text, sentence, value)
    close = [one for one in names if clause[0] <= one.start < clause[1]]
    certainty = 1.0
    if not close and rule != "adnominal":
        close, certainty, rule = (
            [one for one in names if one.start < clause[0]],
            0.7,
            rule + ", subject before it",
        )
    if not close:
        close, certainty = names, 0.5
    who, themes = (_names(close, kind) for kind in ("company", "theme"))
    if not who and not themes:
        return None
    confidence = value.certainty * certainty * min(1.0, max((_sure(one) for one in close), default=1.0))
    return Event(
        clause[0],
        clause[1],
        text[clause[0] : clause[1]],
        text[sentence[0] : sentence[1]],
        value,
        who,
        themes,
        "reported" if reports else _relation(value, text),
        round(confidence, 2),
        rule,
    )


def _sure(mention: Mention) -> float:
    found = getattr(mention, "confidence", 1.0)
    return float(found)


def _names(mentions: Iterable[Mention], kind: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.name for one in mentions if one.kind == kind))


def _relation(value: TimeValue, text: str) -> Relation:
    match value.relation:
        case "past" | "planned" | "goal":
            return value.relation
    language = "ko" if re.search("[가-힣]", text[value.end_offset : value.end_offset + 100]) else "en"
    tense = clauses.tense(text, value.start_offset, value.end_offset, language)
    return "planned" if tense == "planned" else "past"


def _clause(text: str, sentence: tuple[int, int], value: TimeValue) -> tuple[tuple[int, int], str]:
    """The clause of a date: a phrase it modifies (2019년 설립된 법인), else from one conjunction to the next."""
    phrase = _phrase(text, sentence[1], value)
    if phrase is not None:
        return (value.start_offset, phrase), "adnominal"
    start, end = sentence
    for joint in _JOINT.finditer(text, *sentence):
        if joint.end() <= value.start_offset:
            start = joint.end()
        elif joint.start() >= value.end_offset:
            end = joint.end() - 1
            break
    return (start, end), "sentence" if (start, end) == sentence else "clause"


def _phrase(text: str, stop: int, value: TimeValue) -> int | None:
    """The end of the noun phrase that the date and a verb before a noun modify, without its particle."""
    verb = _ADNOMINAL.match(text, value.end_offset, stop)
    if verb is None:
        return None
    position = verb.end()
    for word in text[position : min(stop, position + 120)].split(" ")[:_MOST_WORDS]:
        position += len(word)
        bare = word.rstrip(",.'\"”’")
        particle = _PHRASE_END.search(bare)
        if particle and len(bare) > len(particle.group()):
            return position - (len(word) - len(bare)) - len(particle.group())
        position += 1
    return None


# --- the same event in two articles --------------------------------------------------------------------------------

_WORD = re.compile("[가-힣]{2,}|[A-Za-z]{3,}")
_STOP = words_of(
    "대표 회사 지난 올해 이번 오는 내년 통해 위해 대한 관련 the and for with said that from will"
)
_RANK = {
    "time": 0,
    "day": 0,
    "week": 1,
    "range": 2,
    "month": 2,
    "quarter": 3,
    "half": 4,
    "year": 5,
    "decade": 6,
}


def same_event(first: Event, second: Event, *, beside: bool = False) -> bool:
    """Whether two articles tell of the same: a company in common, times that agree, and words in common.

    Times agree when one holds the other; the further apart their precision, the more words are asked for. `beside`:
    the articles are of one story, where the very same days ask for few words, and for none in another language.
    """
    shared = set(first.who) & set(second.who) or (
        not first.who and not second.who and set(first.themes) & set(second.themes)
    )
    if not shared or {"goal", "past"} == {first.relation, second.relation}:
        return False
    if not _agree(first.when, second.when):
        return False
    apart = abs(_RANK[first.when.precision] - _RANK[second.when.precision])
    if beside and _same_days(first.when, second.when):
        return _is_korean(first) != _is_korean(second) or _overlap(first, second) >= 0.15
    return _overlap(first, second) >= 0.3 + 0.06 * apart


def _same_days(first: TimeValue, second: TimeValue) -> bool:
    """Whether two times are the same and exact enough to mean one event: a year has many."""
    days = (first.first_day, first.last_day) == (second.first_day, second.last_day)
    return days and (first.last_day - first.first_day).days < 100


def _is_korean(event: Event) -> bool:
    return re.search("[가-힣]", event.clause) is not None


def _agree(first: TimeValue, second: TimeValue) -> bool:
    if first.first_day > second.last_day or second.first_day > first.last_day:
        return False
    inside = first.first_day >= second.first_day and first.last_day <= second.last_day
    around = second.first_day >= first.first_day and second.last_day <= first.last_day
    if inside or around:
        return True
    overlap = (min(first.last_day, second.last_day) - max(first.first_day, second.first_day)).days + 1
    shorter = min((one.last_day - one.first_day).days + 1 for one in (first, second))
    return overlap * 2 >= shorter


def _overlap(first: Event, second: Event) -> float:
    """The share of the shorter clause's words that the other has too, by their first two syllables or five letters."""
    ours, theirs = _words(first), _words(second)
    return len(ours & theirs) / max(1, min(len(ours), len(theirs)))


def _words(event: Event) -> set[str]:
    names = " ".join((*event.who, *event.themes, event.when.text)).lower()
    words = (word.lower() for word in _WORD.findall(event.clause))
    stems = {word[:2] if word[0] >= "가" else word[:5] for word in words if word not in _STOP}
    return {stem for stem in stems if stem not in names and stem not in _STOP}
