"""The watch list as tables for spreadsheets: written as CSV, and read from CSV as a plan of what would change.

Companies, one a line: name, kind, ticker, market, country, sector, parent, sport, recognised, aliases, remove.
`aliases` are parted by ` | `, each as in the shipped list: `kind:text`, with `?` behind the kind if it is ambiguous
and `??` if it is a common word; without a kind it is a name. Themes, one fact a line: theme, key, value, weight,
subtheme, remove; keys are threshold, term, exclude, company, recognised, and theme (to remove all of it). A column that
is missing leaves what is stored; so does a company or theme that is not named. `remove` is `yes` for what is to go.

Files are hostile input: they are capped, what a cell can't mean is refused line by line, and cells that a spreadsheet
would take for a formula are written behind an apostrophe, which reading takes off again. Knows no database: what is
stored is passed in, and a plan is values.
"""

from __future__ import annotations

import codecs
import csv
import dataclasses
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from articles.tagging import term_syntax, watchlist

COMPANY_COLUMNS = (
    *("name", "kind", "ticker", "market", "country", "sector", "parent", "sport", "recognised", "aliases"),
    "remove",
)
THEME_COLUMNS = ("theme", "key", "value", "weight", "subtheme", "remove")
KEYS = ("theme", "threshold", "recognised", "term", "exclude", "company")
LENGTHS = {"name": 200, "ticker": 20, "market": 20, "country": 40, "sector": 200}
LONGEST_FORM, LONGEST_TERM, LONGEST_THEME = 200, 1_000, 100
LARGEST = 5_000_000
MOST_LINES = 20_000
MOST_WEIGHT = 1_000.0
YES = frozenset({"yes", "y", "1", "true", "o", "x", "예"})
NO = frozenset({"", "no", "n", "0", "false", "아니오"})

Outcome = Literal["added", "changed", "removed", "unchanged", "refused"]
Value = TypeVar("Value", watchlist.Company, watchlist.Theme)
_FORMULA = re.compile(r"[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
_PLAIN = re.compile(r"-?\d+(?:\.\d+)?")


class Unreadable(ValueError):  # noqa: N818 -- named for what the file is
    """A file that is no such table; the message is one of SENTENCES."""


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of SENTENCES with what it speaks of."""

    sentence: str
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """What one line of a file would do, or why it is refused."""

    number: int
    name: str
    outcome: Outcome
    told: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry(Generic[Value]):
    """A company or theme as it is stored, whether it is recognised or not."""

    value: Value
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Change(Generic[Value]):
    """An entry before and after; None where there is none."""

    before: Entry[Value] | None
    after: Entry[Value] | None


@dataclass(frozen=True, slots=True)
class Plan(Generic[Value]):
    """What a file would do, line by line, and the changes that makes."""

    lines: tuple[Line, ...]
    changes: tuple[Change[Value], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A file's lines by column, with their numbers; `kind` is company or theme."""

    kind: Literal["company", "theme"]
    columns: tuple[str, ...]
    rows: tuple[tuple[int, Mapping[str, str]], ...]


NOT_TEXT = "The file is neither UTF-8 nor Korean (CP949) text."
TOO_LARGE = "The file is too large."
NO_HEADER = "The first line must name the columns; one of them is “name” or “theme”."
UNKNOWN_COLUMNS = "There are columns of unknown names, or the same column twice."
NOT_CSV = "A line is not CSV."
NO_NAME = "It has no name."
TWICE = "It stands in line %(line)s already."
NOT_THERE = "It is not there to be removed."
TOO_LONG = "%(column)s is too long."
UNKNOWN_VALUE = "%(column)s can’t be “%(value)s”."
NO_LETTERS = "“%(value)s” has no letters to look for."
FORM_TWICE = "The form “%(value)s” stands there twice."
NO_PARENT = "The parent “%(value)s” is not on the list."
OWN_PARENT = "It can’t belong to itself."
NO_COMPANY = "The company “%(value)s” is not on the list."
NOT_A_NUMBER = "“%(value)s” is not a number that makes sense."
BAD_TERM = "No text can hold the term “%(value)s”."
CELLS = "It has more cells than there are columns."
FACT = "%(column)s: %(before)s → %(after)s"
GAINS = "+ %(value)s"
LOSES = "− %(value)s"
SENTENCES = (
    *(NOT_TEXT, TOO_LARGE, NO_HEADER, UNKNOWN_COLUMNS, NOT_CSV, NO_NAME, TWICE, NOT_THERE, TOO_LONG),
    *(UNKNOWN_VALUE, NO_LETTERS, FORM_TWICE, NO_PARENT, OWN_PARENT, NO_COMPANY, NOT_A_NUMBER, BAD_TERM),
    *(CELLS, FACT, GAINS, LOSES),
)


class _Refused(Exception):  # noqa: N818 -- of a line
    def __init__(self, sentence: str, **values: str) -> None:
        super().__init__(sentence)
        self.said = said(sentence, **values)


def said(sentence: str, **values: str) -> Said:
    """A sentence with what it speaks of, cut to what can be shown."""
    return Said(sentence, tuple((key, value[:100]) for key, value in values.items()))


def write_companies(entries: Iterable[Entry[watchlist.Company]]) -> str:
    """Companies as CSV."""
    return _written(COMPANY_COLUMNS, map(_company_cells, entries))


def write_themes(entries: Iterable[Entry[watchlist.Theme]]) -> str:
    """Themes as CSV."""
    return _written(THEME_COLUMNS, (row for entry in entries for row in _theme_rows(entry)))


def decode(data: bytes) -> str:
    """A file's text, by its byte order mark, else UTF-8, else what Excel writes in Korea. Raises Unreadable."""
    if len(data) > LARGEST:
        raise Unreadable(TOO_LARGE)
    marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp949"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Unreadable(NOT_TEXT)


def read(text: str) -> Table:
    """The lines of a table. Raises Unreadable."""
    head = text.lstrip().partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = tuple(cell.strip().lower() for cell in next(lines, []))
        kind: Literal["company", "theme"] = "theme" if "theme" in header else "company"
        known = THEME_COLUMNS if kind == "theme" else COMPANY_COLUMNS
        if known[0] not in header:
            raise Unreadable(NO_HEADER)
        if not set(header) - {""} <= set(known) or len(set(header)) < len(header):
            raise Unreadable(UNKNOWN_COLUMNS)
        return Table(kind, header, tuple(_rows(lines, header)))
    except csv.Error as error:
        raise Unreadable(NOT_CSV) from error


def _rows(lines: Any, header: Sequence[str]) -> Iterator[tuple[int, Mapping[str, str]]]:
    for number, cells in enumerate(lines, start=2):
        if number > MOST_LINES + 1:
            raise Unreadable(TOO_LARGE)
        if not any(cell.strip() for cell in cells):
            continue
        row = dict(zip(header, map(_clean, cells), strict=False))
        if any(cell.strip() for cell in cells[len(header) :]):
            row["\0"] = "too many"
        yield number, row


def plan_companies(table: Table, stored: Mapping[str, Entry[watchlist.Company]]) -> Plan[watchlist.Company]:
    """What a table of companies would do to those that are stored."""
    going = {row.get("name", "") for _, row in table.rows if _says_yes(row.get("remove", ""))}
    listed = (stored.keys() | {row.get("name", "") for _, row in table.rows}) - going
    seen: dict[str, int] = {}
    lines, changes = [], []
    for number, row in table.rows:
        name = row.get("name", "")
        try:
            _once(name, number, row, seen)
            change = _company_change(row, stored.get(name), listed)
        except _Refused as refused:
            lines.append(Line(number, name, "refused", (refused.said,)))
            continue
        lines.append(Line(number, name, _outcome(change), tuple(_company_told(change))))
        changes += [change] if change.before != change.after else []
    return Plan(tuple(lines), tuple(changes))


def plan_themes(
    table: Table, stored: Mapping[str, Entry[watchlist.Theme]], companies: Iterable[str]
) -> Plan[watchlist.Theme]:
    """What a table of themes would do to those that are stored; `companies` are the names of all."""
    listed = frozenset(companies)
    themes: dict[str, Entry[watchlist.Theme] | None] = dict(stored)
    seen: dict[str, int] = {}
    lines = []
    for number, row in table.rows:
        name = row.get("theme", "")
        told = (said(GAINS, value=" ".join(filter(None, (row.get("key", ""), row.get("value", ""))))),)
        try:
            fact = f"{name}\0{row.get('key', '')}\0{row.get('value', '')}"
            _once(name, number, row, seen, fact)
            before = themes.get(name)
            themes[name] = _theme_after(row, before, listed)
        except _Refused as refused:
            lines.append(Line(number, name, "refused", (refused.said,)))
            continue
        outcome = _outcome(Change(before, themes[name]))
        if outcome == "changed" and _says_yes(row.get("remove", "")):
            told = (said(LOSES, value=told[0].values[0][1]),)
        lines.append(Line(number, name, outcome, told if outcome != "unchanged" else ()))
    changed = [Change(stored.get(name), after) for name, after in themes.items() if stored.get(name) != after]
    return Plan(tuple(lines), tuple(changed))


def _once(name: str, number: int, row: Mapping[str, str], seen: dict[str, int], fact: str = "") -> None:
    """Raises _Refused for a line without a name, with too many cells, or of what stands above."""
    if not name:
        raise _Refused(NO_NAME)
    if "\0" in row:
        raise _Refused(CELLS)
    if seen.setdefault(fact or name, number) != number:
        raise _Refused(TWICE, line=str(seen[fact or name]))


def _outcome(change: Change[Any]) -> Outcome:
    if change.before == change.after:
        return "unchanged"
    if change.before is None:
        return "added"
    return "changed" if change.after else "removed"


def _company_change(
    row: Mapping[str, str], before: Entry[watchlist.Company] | None, listed: frozenset[str] | set[str]
) -> Change[watchlist.Company]:
    if _flag(row, "remove", default=False):
        if before is None:
            raise _Refused(NOT_THERE)
        return Change(before, None)
    value = before.value if before else watchlist.Company(row["name"])
    facts: dict[str, Any] = {}
    for column, longest in LENGTHS.items():
        if column in row:
            if len(row[column]) > longest:
                raise _Refused(TOO_LONG, column=column)
            facts[column] = row[column]
    _check_form(row["name"], LONGEST_FORM)
    if row.get("kind"):
        if row["kind"] not in watchlist.COMPANY_KINDS:
            raise _Refused(UNKNOWN_VALUE, column="kind", value=row["kind"])
        facts["kind"] = row["kind"]
    if "parent" in row:
        facts["parent"] = _parent(row, listed)
    facts["sport"] = _flag(row, "sport", default=value.sport)
    aliases = tuple(_aliases(row["aliases"])) if "aliases" in row else value.aliases
    if not any(alias.text == row["name"] for alias in aliases):
        aliases = (watchlist.Alias(row["name"], "name"), *aliases)
    enabled = _flag(row, "recognised", default=before.enabled if before else True)
    return Change(before, Entry(dataclasses.replace(value, aliases=aliases, **facts), enabled))


def _parent(row: Mapping[str, str], listed: frozenset[str] | set[str]) -> str:
    parent = row["parent"]
    if parent and parent == row["name"]:
        raise _Refused(OWN_PARENT)
    if parent and parent not in listed:
        raise _Refused(NO_PARENT, value=parent)
    return parent


def _aliases(cell: str) -> Iterator[watchlist.Alias]:
    seen = set()
    for part in filter(None, (one.strip() for one in cell.split("|"))):
        kind, colon, text = part.partition(":")
        marks = len(kind) - len(kind.rstrip("?"))
        kind, text = (kind.rstrip("?").strip(), text.strip()) if colon else ("name", part)
        if kind not in watchlist.ALIAS_KINDS or marks > 2:
            raise _Refused(UNKNOWN_VALUE, column="aliases", value=part)
        _check_form(text, LONGEST_FORM)
        if text in seen:
            raise _Refused(FORM_TWICE, value=text)
        seen.add(text)
        yield watchlist.Alias(text, kind, marks > 0 if colon else False, marks > 1 if colon else False)


def _check_form(text: str, longest: int) -> None:
    if len(text) > longest:
        raise _Refused(TOO_LONG, column=text)
    if not any(char.isalnum() for char in text) or not text.isprintable():
        raise _Refused(NO_LETTERS, value=text)


def _theme_after(
    row: Mapping[str, str], before: Entry[watchlist.Theme] | None, listed: frozenset[str]
) -> Entry[watchlist.Theme] | None:
    """A theme with one line carried out."""
    key, value, goes = row.get("key", ""), row.get("value", ""), _flag(row, "remove", default=False)
    if key not in KEYS or (key == "theme" and not goes):
        raise _Refused(UNKNOWN_VALUE, column="key", value=key)
    if goes and (before is None or not _has(before.value, key, value)):
        raise _Refused(NOT_THERE)
    if key == "theme":
        return None
    if len(row["theme"]) > LONGEST_THEME:
        raise _Refused(TOO_LONG, column="theme")
    entry = before or Entry(watchlist.Theme(row["theme"], ()))
    theme = entry.value
    match key:
        case "threshold":
            return dataclasses.replace(entry, value=dataclasses.replace(theme, threshold=_number(value)))
        case "recognised":
            return dataclasses.replace(entry, enabled=_flag({key: value}, key, default=True))
        case "company":
            if not goes and value not in listed:
                raise _Refused(NO_COMPANY, value=value)
            names = set(theme.companies) - {value} if goes else {*theme.companies, value}
            return dataclasses.replace(
                entry, value=dataclasses.replace(theme, companies=tuple(sorted(names)))
            )
    terms = _terms(theme, row, excludes=key == "exclude", goes=goes)
    return dataclasses.replace(entry, value=dataclasses.replace(theme, terms=terms))


def _has(theme: watchlist.Theme, key: str, value: str) -> bool:
    if key == "company":
        return value in theme.companies
    if key in {"term", "exclude"}:
        return any(term.text == value and term.exclude == (key == "exclude") for term in theme.terms)
    return key == "theme"


def _terms(
    theme: watchlist.Theme, row: Mapping[str, str], *, excludes: bool, goes: bool
) -> tuple[watchlist.Term, ...]:
    text = row.get("value", "")
    old = {(term.text, term.exclude): term for term in theme.terms}
    if goes:
        del old[text, excludes]
        return tuple(old.values())
    try:
        term_syntax.parse(text)
    except term_syntax.TermError as error:
        raise _Refused(BAD_TERM, value=text) from error
    if len(text) > LONGEST_TERM:
        raise _Refused(TOO_LONG, column=text)
    term = old.get((text, excludes), watchlist.Term(text, 1.0, excludes))
    weight = _number(row["weight"]) if row.get("weight") else term.weight
    part = row["subtheme"][:100] if "subtheme" in row else term.subtheme
    old[text, excludes] = dataclasses.replace(term, weight=weight, subtheme=part)
    return tuple(old.values())


def _number(cell: str) -> float:
    if not _NUMBER.fullmatch(cell) or abs(float(cell)) > MOST_WEIGHT:
        raise _Refused(NOT_A_NUMBER, value=cell)
    return float(cell)


def _flag(row: Mapping[str, str], column: str, *, default: bool) -> bool:
    cell = row.get(column, "").lower()
    if cell not in YES | NO:
        raise _Refused(UNKNOWN_VALUE, column=column, value=cell)
    return default if not cell else cell in YES


def _says_yes(cell: str) -> bool:
    return cell.lower() in YES


def _company_told(change: Change[watchlist.Company]) -> Iterator[Said]:
    """What is different, fact by fact and form by form."""
    before = change.before.value if change.before else watchlist.Company("")
    after = change.after.value if change.after else watchlist.Company("")
    if not change.after:
        return
    for column in (*list(LENGTHS)[1:], "kind", "parent", "sport"):
        old, new = (str(getattr(one, column)) for one in (before, after))
        if old != new:
            yield said(FACT, column=column, before=old or "–", after=new or "–")
    if change.before and change.before.enabled != change.after.enabled:
        yield said(
            FACT, column="recognised", before=str(change.before.enabled), after=str(change.after.enabled)
        )
    for alias in after.aliases:
        if alias not in before.aliases:
            yield said(GAINS, value=_alias_cell(alias))
    for alias in before.aliases:
        if alias not in after.aliases:
            yield said(LOSES, value=_alias_cell(alias))


def _company_cells(entry: Entry[watchlist.Company]) -> Sequence[str]:
    company = entry.value
    return (
        company.name,
        company.kind,
        company.ticker,
        company.market,
        company.country,
        company.sector,
        company.parent,
        "yes" if company.sport else "no",
        "yes" if entry.enabled else "no",
        " | ".join(_alias_cell(alias) for alias in company.aliases),
        "",
    )


def _alias_cell(alias: watchlist.Alias) -> str:
    marks = "??" if alias.common else "?" if alias.ambiguous else ""
    return f"{alias.kind}{marks}:{alias.text}"


def _theme_rows(entry: Entry[watchlist.Theme]) -> Iterator[Sequence[str]]:
    theme = entry.value
    yield theme.name, "threshold", f"{theme.threshold:g}", "", "", ""
    yield theme.name, "recognised", "yes" if entry.enabled else "no", "", "", ""
    for term in theme.terms:
        key = "exclude" if term.exclude else "term"
        yield theme.name, key, term.text, f"{term.weight:g}", term.subtheme, ""
    for name in theme.companies:
        yield theme.name, "company", name, "", "", ""


def _written(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([_guarded(cell) for cell in row] for row in rows)
    return out.getvalue()


def _guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) and not _PLAIN.fullmatch(cell) else cell


def _clean(cell: str) -> str:
    text = unicodedata.normalize("NFC", " ".join(cell.split()))
    return text[1:] if text.startswith("'") and _FORMULA.match(text, 1) else text
