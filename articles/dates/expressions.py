"""Finds time expressions in Korean and English text. Does not know which day it is: `resolve` does.

Each language is a lexicon of small patterns and a table of which may follow which; an expression is the longest chain
from a word's beginning. Looking for one costs no more than a bounded number of characters at each place, so the time
is proportional to the text, whatever the text.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from articles.dates import english, korean
from articles.dates.values import Atom, Entry, Expression, words_of
from articles.korean import jamo

# Same length, so offsets stay: wide digits and spaces, dashes and quotes that mean the same here.
_WIDE = re.compile("[０-９]")
_WIDE_DIGITS = str.maketrans({chr(0xFF10 + digit): str(digit) for digit in range(10)})
_SAME = (
    [(char, "~") for char in "∼～〜˜"] + [(char, "-") for char in "‐‑‒–—−"] + [(char, "'") for char in "’‘＇"]
)
_SAME += [(char, " ") for char in "\u00a0\u3000\u2009\u202f\t"] + [(char, "·") for char in "ㆍ‧∙•・"]
_SAME += [("（", "("), ("）", ")")]
_MOST_ATOMS = 8
# What is looked at of one text, and how much is found in it; a longer one is not an article.
LONGEST, MOST = 400_000, 2_000
_HANGUL, _LATIN = re.compile("[가-힣]"), re.compile("[A-Za-z]")
_LANGUAGE_SAMPLE = 150


@dataclass(frozen=True, slots=True)
class _Grammar:
    language: str
    opening: re.Pattern[str]
    first: re.Pattern[str]
    next: dict[str, re.Pattern[str]]
    makers: dict[str, tuple[str, Any]]
    leads: frozenset[str]
    glue: re.Pattern[str]


def _alternatives(entries: list[Entry], kinds: frozenset[str]) -> str:
    return "|".join(f"(?P<e{i}>{pattern})" for i, (kind, pattern, _) in enumerate(entries) if kind in kinds)


def _renumbered(entries: list[Entry]) -> list[Entry]:
    """Patterns whose back-references go by a name of their own, for they stand among others."""
    return [
        (kind, re.sub(r"\(\[([./-]+)\]\)", rf"(?P<s{i}>[\1])", pattern).replace(r"\1", f"(?P=s{i})"), maker)
        if r"\1" in pattern
        else (kind, pattern, maker)
        for i, (kind, pattern, maker) in enumerate(entries)
    ]


def _grammar(lexicon: Any) -> _Grammar:
    """The compiled grammar of a lexicon: one of the modules `korean` and `english`."""
    edge = r"(?<![0-9A-Za-z가-힣])(?<![0-9][.,/·:~-])(?<![/@_#])"
    entries = _renumbered(lexicon.LEXICON)
    return _Grammar(
        language=lexicon.LANGUAGE,
        opening=re.compile(f"(?=[{lexicon.FIRST_LETTERS}])" + edge + lexicon.OPENINGS),
        first=re.compile(_alternatives(entries, lexicon.STARTS)),
        next={kind: re.compile(_alternatives(entries, after)) for kind, after in lexicon.FOLLOWS.items()},
        makers={f"e{i}": (kind, maker) for i, (kind, _, maker) in enumerate(entries)},
        leads=lexicon.LEADS,
        glue=lexicon.GLUE,
    )


_KOREAN, _ENGLISH = _grammar(korean), _grammar(english)
_SPAN = re.compile(rf"(?:{korean.SPAN})\s?(?:간|동안|에\s걸쳐|(?=\s일정))")
_JOINS = {
    "ko": re.compile(
        r"\s?(?P<from>부터|에서)\s{0,2}|\s?(?P<dash>[~]|\s-\s|-(?=[0-9]))\s?|\s?(?P<and>와|과)\s"
    ),
    "en": re.compile(r"\s(?P<from>to|through|until|and)\s|\s?(?P<dash>[~-])\s?"),
}
_UP_TO, _BETWEEN = re.compile(r"\s?까지"), re.compile(r"\s?사이")
_BEFORE_RANGE = re.compile(r"(?i:from|between)\s+(?:the\s+)?$")


def find(text: str) -> tuple[Expression, ...]:
    """All time expressions of a text, in order, none inside another. Offsets are those of the text as given."""
    composed = jamo.compose(text[:LONGEST])
    read = composed.text if composed else text[:LONGEST]
    folded = _fold(read)
    found = [
        one for grammar in _languages(folded) for one in itertools.islice(_scan(folded, read, grammar), MOST)
    ]
    found.sort(key=lambda one: one.start)
    return tuple(found if composed is None else (_placed(one, composed.offsets, text) for one in found))


def _fold(text: str) -> str:
    for char, plain in _SAME:
        text = text.replace(char, plain)
    return text.translate(_WIDE_DIGITS) if _WIDE.search(text) else text


def _languages(text: str) -> list[_Grammar]:
    middle = len(text) // 2
    sample = text[:_LANGUAGE_SAMPLE] + text[middle : middle + _LANGUAGE_SAMPLE]
    hangul, latin = len(_HANGUL.findall(sample)), len(_LATIN.findall(sample))
    if hangul * 10 > latin or not latin:
        return [_KOREAN]
    return [_ENGLISH] if not hangul else [_ENGLISH, _KOREAN]


def _placed(one: Expression, offsets: tuple[int, ...], text: str) -> Expression:
    start, end = offsets[one.start], offsets[one.end]
    return replace(one, start=start, end=end, text=text[start:end])


def _scan(text: str, given: str, grammar: _Grammar) -> Iterator[Expression]:
    """The expressions of a folded text, with their words as they were given."""
    position = 0
    while (opening := grammar.opening.search(text, position)) is not None:
        position = opening.start() + 1
        match = grammar.first.match(text, opening.start())
        chain = _chain(text, match, grammar) if match else ()
        if chain:
            one = _expression(text, given, chain, grammar)
            yield one
            position = max(one.end, position)


def _chain(text: str, first: re.Match[str], grammar: _Grammar, *, of_range: bool = False) -> tuple[Atom, ...]:
    """The atoms from a first match on; empty if there is no date in them. `of_range`: a range's other end."""
    atoms: list[Atom] = []
    match: re.Match[str] | None = first
    while match is not None and len(atoms) < _MOST_ATOMS:
        atom = _atom(match, grammar)
        if atom is None:
            break
        atoms.append(atom)
        following = grammar.next.get(atom.kind)
        glued = grammar.glue.match(text, atom.end)
        match = following.match(text, glued.end() if glued else atom.end) if following else None
    while atoms and atoms[-1].kind in _UNFINISHED:
        atoms.pop()
    whole = any(atom.kind not in _EMPTY for atom in atoms) and (of_range or _is_whole(atoms))
    return tuple(atoms) if whole else ()


# What can't end an expression, and what makes none by itself.
_UNFINISHED = words_of("prep prep_end prep_day the dir dir_last dir_next dir_this nth")
_EMPTY = _UNFINISHED | words_of("daypart paren unit minute second whole")


def _is_whole(atoms: list[Atom]) -> bool:
    """Whether the chain can stand alone: a season or an hour needs something with it."""
    kinds = [atom.kind for atom in atoms if atom.kind not in english.LEADS]
    return kinds not in (["hour"], ["season"], ["part"])


def _atom(match: re.Match[str], grammar: _Grammar) -> Atom | None:
    if match.lastgroup is None or match.lastgroup not in grammar.makers:
        return None
    kind, maker = grammar.makers[match.lastgroup]
    value = maker(match.group())
    if kind == "counted" and value is not None:
        kind, value = value
    if value is None and kind not in ("prep", "prep_day", "the", "paren", "whole", "weekend_bare"):
        return None
    return Atom(kind, value, match.start(), match.end())


@dataclass(slots=True)
class _Draft:
    """An expression while its end is looked for."""

    atoms: tuple[Atom, ...]
    start: int
    end: int
    until: tuple[Atom, ...] = ()
    lasting: tuple[tuple[int, str], ...] = ()
    deadline: bool = False


def _expression(text: str, given: str, chain: tuple[Atom, ...], grammar: _Grammar) -> Expression:
    """The expression of a chain, with the other end of a range or a length after it if there is one."""
    leads = grammar.leads
    body = tuple(atom for atom in chain if atom.kind not in leads) if leads else chain
    start = next(atom.start for atom in chain if atom.kind not in leads or atom.kind == "the")
    end = body[-1].end
    while text[end - 1].isspace():
        end -= 1
    draft = _Draft(body, start, end, deadline=bool(leads) and any(atom.kind == "prep_end" for atom in chain))
    if not _ranged(text, draft, grammar) and text.startswith((" 까지", "까지"), end):
        draft.end, draft.deadline = text.index("까지", end) + 2, True
    return Expression(
        start,
        draft.end,
        given[start : draft.end],
        body,
        draft.until,
        draft.lasting,
        draft.deadline,
        grammar.language,
    )


def _ranged(text: str, draft: _Draft, grammar: _Grammar) -> bool:
    """Take in the other end of a range or a length behind the expression, if there is one."""
    join = _JOINS[grammar.language].match(text, draft.end)
    if join is None:
        return False
    if join.lastgroup == "from" and grammar.language == "ko":
        span = _SPAN.match(text, join.end())
        lasting = korean.spans(span.group()) if span else None
        if span and lasting:
            draft.end, draft.lasting = span.end(), lasting
            return True
    other = grammar.first.match(text, join.end()) or _match_behind(text, join.end(), draft, grammar)
    chain = _chain(text, other, grammar, of_range=True) if other else ()
    if not chain or chain[0].kind in grammar.leads:
        return False
    end = _range_end(text, draft, join, chain[-1].end, grammar)
    if end is None:
        return False
    draft.end, draft.until = end, chain
    return True


def _match_behind(text: str, position: int, one: _Draft, grammar: _Grammar) -> re.Match[str] | None:
    """What counts in English only behind a date or a preposition: 2015 to 2018, March to May."""
    if grammar.language == "en" and one.atoms[-1].kind in ("plain_year", "month", "spoken_month"):
        return grammar.next["prep"].match(text, position)
    return None


def _range_end(text: str, one: _Draft, join: re.Match[str], end: int, grammar: _Grammar) -> int | None:
    """Where the range ends, or None if the two are no range: 3월과 5월, 3월부터 … 9월."""
    if grammar.language == "en":
        led = _BEFORE_RANGE.search(text, max(0, one.start - 12), one.start)
        return end if led or join.lastgroup == "dash" or join.group().strip() != "and" else None
    closing = _BETWEEN.match(text, end) or (_UP_TO.match(text, end) if join.lastgroup != "and" else None)
    if closing:
        return closing.end()
    at_end = len(text) - end < 3 and not text[end:].strip()
    return end if join.lastgroup == "dash" or (join.lastgroup == "from" and at_end) else None
