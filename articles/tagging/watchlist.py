"""The watch list: which companies and themes are looked for, and under which names.

Reads the data files that ship in `articles/data/`; knows no database and decides nothing about a text.

`companies.tsv`, one company a line, tab-separated, `#` starts a comment line:
    name, kind, ticker, market, country, parent, sector, flags, aliases
`flags` are separated by commas: `sport` (a team bears its name), `ambiguous` (the name needs evidence), `common`
(the name is an everyday word and needs evidence right beside it).
`aliases` are separated by ` | `; each is `kind:text`, with `?` after the kind where the alias is ambiguous and
`??` where it is common (`name??:현대`). An alias of kind `other` is a longer form that means something else
(`other:아마존 열대우림`): it hides the name inside it.

`themes.tsv`, one fact a line, tab-separated:
    theme, key, value, weight, sub-theme
`key` is `threshold` (value is the number), `term`, `exclude` or `company` (a company that implies the theme). The
sub-theme is for terms alone, and may be left out.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "data"
COMPANIES_FILE = DATA / "companies.tsv"
THEMES_FILE = DATA / "themes.tsv"

ALIAS_KINDS = ("name", "former", "abbreviation", "ticker", "english", "misspelling", "product", "other")
COMPANY_KINDS = ("company", "group", "institute")


class WatchlistError(ValueError):
    """A line of a data file that can't be read; the message names file and line."""


@dataclass(frozen=True, slots=True)
class Alias:
    """A surface form of a company.

    An ambiguous one makes a tag only with evidence from its surroundings; one that is `common` (an everyday word,
    ambiguous too) only with evidence right beside it.
    """

    text: str
    kind: str
    ambiguous: bool = False
    common: bool = False


@dataclass(frozen=True, slots=True)
class Company:
    """A watched company, group or institute. `name` is unique and always among its own surface forms.

    An alias of kind `name` with the same text as `name` says whether the name itself is ambiguous.
    `parent` is the name of the group it belongs to; `sport` tells that a team bears its name.
    """

    name: str
    aliases: tuple[Alias, ...] = ()
    ticker: str = ""
    market: str = ""
    country: str = ""
    kind: str = "company"
    parent: str = ""
    sector: str = ""
    sport: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """A word that speaks for a theme by `weight` (negative: against); `exclude` only hides terms inside it.

    `subtheme` is the part of the theme that the word speaks of; empty for one that may mean any part.
    """

    text: str
    weight: float
    exclude: bool = False
    subtheme: str = ""


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme is tagged when the weights of what was found reach `threshold`. `companies` imply it."""

    name: str
    terms: tuple[Term, ...]
    companies: tuple[str, ...] = ()
    threshold: float = 1.0


@dataclass(frozen=True, slots=True)
class Watchlist:
    """Everything recognition looks for. `version` changes whenever the content does."""

    companies: tuple[Company, ...]
    themes: tuple[Theme, ...]
    version: str


@functools.lru_cache(maxsize=1)
def shipped() -> Watchlist:
    """The watch list that comes with the product. Raises WatchlistError for a line that can't be read."""
    companies = _text_of(COMPANIES_FILE)
    themes = _text_of(THEMES_FILE)
    version = hashlib.sha256(f"{companies}\0{themes}".encode()).hexdigest()[:12]
    return Watchlist(parse_companies(companies), parse_themes(themes), version)


def parse_companies(text: str) -> tuple[Company, ...]:
    """The companies of a `companies.tsv`. Raises WatchlistError."""
    found: dict[str, Company] = {}
    for number, cells in _rows(text):
        if len(cells) != 9:
            raise WatchlistError(f"companies.tsv:{number}: nine columns expected, {len(cells)} found")
        company = _company(number, cells)
        if company.name in found:
            raise WatchlistError(f"companies.tsv:{number}: {company.name} is there already")
        found[company.name] = company
    return tuple(found.values())


def parse_themes(text: str) -> tuple[Theme, ...]:
    """The themes of a `themes.tsv`, in order of first appearance. Raises WatchlistError."""
    facts: dict[str, list[tuple[str, str, float, str]]] = {}
    for number, cells in _rows(text):
        if len(cells) < 3 or cells[1] not in {"threshold", "term", "exclude", "company"}:
            raise WatchlistError(f"themes.tsv:{number}: theme, key, value and weight expected")
        weight = _number(number, cells[3]) if len(cells) > 3 and cells[3] else 0.0
        subtheme = cells[4] if len(cells) > 4 else ""
        if subtheme and cells[1] != "term":
            raise WatchlistError(f"themes.tsv:{number}: only a term has a sub-theme")
        facts.setdefault(cells[0], []).append((cells[1], cells[2], weight, subtheme))
    return tuple(_theme(name, rows) for name, rows in facts.items())


def _text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.startswith("#"):
            yield number, [cell.strip() for cell in line.split("\t")]


def _company(number: int, cells: list[str]) -> Company:
    name, kind, ticker, market, country, parent, sector, flag_cell, alias_cell = cells
    flags = {flag for flag in flag_cell.split(",") if flag}
    if not name or kind not in COMPANY_KINDS or flags - {"sport", "ambiguous", "common"}:
        raise WatchlistError(f"companies.tsv:{number}: a name, a known kind and known flags expected")
    aliases = [Alias(name, "name", bool(flags & {"ambiguous", "common"}), "common" in flags)]
    aliases += [_alias(number, cell) for cell in alias_cell.split(" | ") if cell]
    return Company(name, tuple(aliases), ticker, market, country, kind, parent, sector, "sport" in flags)


def _alias(number: int, cell: str) -> Alias:
    kind, colon, text = cell.partition(":")
    marks = len(kind) - len(kind.rstrip("?"))
    kind = kind.rstrip("?")
    if not colon or not text or kind not in ALIAS_KINDS:
        raise WatchlistError(f"companies.tsv:{number}: an alias is kind:text, found {cell!r}")
    return Alias(text, kind, marks > 0, marks > 1)


def _theme(name: str, rows: Iterable[tuple[str, str, float, str]]) -> Theme:
    terms, companies, threshold = [], [], 1.0
    for key, value, weight, subtheme in rows:
        if key == "company":
            companies.append(value)
        elif key == "threshold":
            threshold = float(value)
        else:
            terms.append(Term(value, weight, key == "exclude", subtheme))
    return Theme(name, tuple(terms), tuple(companies), threshold)


def _number(number: int, cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        raise WatchlistError(f"themes.tsv:{number}: {cell!r} is not a number") from None
