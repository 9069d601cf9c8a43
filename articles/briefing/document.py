"""A briefing as values: what is published, mailed and written as a file. Everything in it is said in its language.

Must not know who reads it, nor how it looks.
"""

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

# Control characters, lone surrogates, and marks that turn the direction of what comes after them.
_HARMFUL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")
LONGEST_ADDRESS = 2000


@dataclass(frozen=True, slots=True)
class Line:
    """What is said of a story. `source`: who says so and when; `url`: where, empty if nowhere that can be followed."""

    text: str
    source: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Lines under a heading, which may be empty."""

    heading: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A briefing or a folder. `date`: its day, `colophon`: who made it, both in words; `original`: what a link says."""

    title: str
    date: str
    intro: str
    sections: tuple[Section, ...]
    language: str
    colophon: str = ""
    original: str = ""

    @property
    def lines(self) -> int:
        """How many lines it has."""
        return sum(len(section.lines) for section in self.sections)


def to_json(made: Document) -> dict[str, Any]:
    """What can be stored."""
    return dataclasses.asdict(made)


def from_json(stored: Mapping[str, Any]) -> Document:
    """What was stored. Raises KeyError or TypeError for anything else."""
    sections = tuple(
        Section(section["heading"], tuple(Line(**line) for line in section["lines"]))
        for section in stored["sections"]
    )
    return Document(**{**stored, "sections": sections})


def clean(made: Document) -> Document:
    """The document without what could break a file or deceive a reader; a link leads to the web or nowhere."""
    sections = tuple(
        Section(
            readable(section.heading),
            tuple(
                Line(readable(line.text), readable(line.source), address(line.url)) for line in section.lines
            ),
        )
        for section in made.sections
    )
    texts = {
        name: readable(getattr(made, name))
        for name in ("title", "date", "intro", "language", "colophon", "original")
    }
    return Document(sections=sections, **texts)


def readable(text: str) -> str:
    """The text without control characters, but for line ends."""
    return _HARMFUL.sub("", text.replace("\r\n", "\n").replace("\t", " "))


def address(url: str) -> str:
    """An address of the web in ASCII; empty for any other, or one that no program would follow."""
    url = readable(url).strip()
    if not url.startswith(("http://", "https://")):
        return ""
    found = quote(url, safe="%:/?#[]@!$&'()*+,;=-._~", errors="ignore")
    return found if len(found) <= LONGEST_ADDRESS else ""
