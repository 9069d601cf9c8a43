"""Which article's headline stands for a story, and why.

The earliest with a text of its own and a plain title: one that tells what happened, without a mark in front of it, a
question, or words that only make curious. Must not rank outlets: a rule that knows names is an opinion.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from articles.stories import window

ONLY, ORIGINAL, PLAIN, EARLIEST = "only", "original", "plain", "earliest"
# Of a title; nobody reads the rest.
LONGEST_TITLE = 300

# 속보 is a first line that others outgrow, 종합 tells it over again; a picture or a column tells something else.
_MARK = re.compile(
    r"^\s*[\[(<〈【《].{1,20}?[\])>〉】》]|[\[(<〈【]\s*(?:종합|속보|단독|\d보|종합\s?\d보)[^\])>〉】]{0,4}[\])>〉】]\s*$"
)
_CURIOUS = re.compile(
    r"[?？]|!{2,}|…\s*[\"'”’]?\s*$|\.\.\.?\s*[\"'”’]?\s*$|"
    r"충격|경악|헉|발칵|소름|알고\s?보니|이럴\s?수가|왜\b|이유는|정체는|결국|무슨\s?일|"
    r"\b(?:shocking|you won't believe|here's why|what we know|things to know|exclusive|breaking)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article whose headline may be chosen. `is_full`: it has a text of some length; `is_copy`: another's."""

    id: window.Id
    title: str
    published: datetime
    is_full: bool
    is_copy: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """The article chosen, and why: one of the codes above."""

    id: window.Id
    reason: str


def choose(candidates: Iterable[Candidate]) -> Choice:
    """Choose among the articles of a story; the order given means nothing. Raises ValueError if there is none."""
    found = sorted(candidates, key=_order)
    if not found:
        raise ValueError("a story without articles has no headline")
    if len(found) == 1:
        return Choice(found[0].id, ONLY)
    plain = [one for one in found if is_plain(one.title)]
    original = next((one for one in plain if one.is_full and not one.is_copy), None)
    if original:
        return Choice(original.id, ORIGINAL)
    return Choice(plain[0].id, PLAIN) if plain else Choice(found[0].id, EARLIEST)


def is_plain(title: str) -> bool:
    """Whether a title tells what happened, unmarked and without making curious."""
    head = unicodedata.normalize("NFC", title[:LONGEST_TITLE])
    return bool(head.strip()) and not _MARK.search(head) and not _CURIOUS.search(head)


def _order(one: Candidate) -> tuple[datetime, str]:
    return one.published, str(one.id)
