"""What recognition hands on: where a name or term stands, and the tags that follow from it.

Values only: nothing here looks anything up. Offsets count code points of the field they name (as Python
strings do), the end is exclusive, and `field[start:end] == text` always holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Field = Literal["title", "text"]
Kind = Literal["company", "sport", "theme"]


@dataclass(frozen=True, slots=True)
class Document:
    """An article's words as recognition takes them: plain text, no markup."""

    id: str
    title: str
    text: str
    published: datetime | None = None
    url: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """One place in a document, whom or what it names, and why we think so.

    `rule` says in a few words what decided (it is shown to the reader); `confidence` runs from 0 to 1.
    A mention of kind `sport` is a team that bears the company's name: it never makes a company tag.
    """

    field: Field
    start: int
    end: int
    text: str
    name: str
    kind: Kind
    rule: str
    confidence: float


@dataclass(frozen=True, slots=True)
class CompanyTag:
    """A company the document is about. `aliases` are the surface forms found, in order of appearance."""

    name: str
    aliases: tuple[str, ...]
    confidence: float
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class ThemeTag:
    """A theme the document belongs to. `score` is the sum the theme's threshold was compared with.

    `subthemes` are the parts of the theme it is about, the strongest first; often none.
    """

    name: str
    score: float
    mentions: tuple[Mention, ...]
    subthemes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recognition:
    """All that was recognised in one document, and the version of the watch list that did it."""

    language: str
    companies: tuple[CompanyTag, ...]
    themes: tuple[ThemeTag, ...]
    sports: tuple[Mention, ...]
    version: str
