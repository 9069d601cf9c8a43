"""The starter catalogue: real feeds an editor can switch on by group.

Reads `articles/data/catalogue.tsv`, whose head says what its columns are. Asks no server whether a feed is still
there and writes nothing: what becomes of a line is decided where sources are stored.
"""

from __future__ import annotations

import functools
import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

CATALOGUE_FILE = Path(__file__).resolve().parent / "data" / "catalogue.tsv"
LANGUAGES = frozenset({"ko", "en"})


class CatalogueError(ValueError):
    """A line of the catalogue that can't be read; the message names the line and what is wrong."""


@dataclass(frozen=True, slots=True)
class CatalogueSource:
    """One feed: `time_zone` is that of its times without an offset, `fetch_pages` whether it only has teasers."""

    group: str
    outlet: str
    title: str
    url: str
    language: str
    time_zone: str
    fetch_pages: bool


@functools.lru_cache(maxsize=1)
def read_catalogue() -> tuple[CatalogueSource, ...]:
    """The feeds that ship with the product, in the file's order. Raises CatalogueError."""
    return parse_catalogue(CATALOGUE_FILE.read_text(encoding="utf-8"))


def groups(sources: tuple[CatalogueSource, ...]) -> tuple[str, ...]:
    """The groups of these feeds, in order of first appearance."""
    return tuple(dict.fromkeys(source.group for source in sources))


def parse_catalogue(text: str) -> tuple[CatalogueSource, ...]:
    """The feeds of a catalogue's text. Raises CatalogueError, also for an address that is there twice."""
    lines: dict[str, int] = {}
    found = []
    for number, cells in _rows(text):
        source = _source(number, cells)
        if source.url in lines:
            raise CatalogueError(
                f"catalogue.tsv:{number}: {source.url} is in line {lines[source.url]} already"
            )
        lines[source.url] = number
        found.append(source)
    return tuple(found)


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.startswith("#"):
            yield number, [cell.strip() for cell in line.split("\t")]


def _source(number: int, cells: list[str]) -> CatalogueSource:
    if len(cells) != 7 or not all(cells):
        raise CatalogueError(f"catalogue.tsv:{number}: seven filled columns expected")
    group, outlet, title, url, language, time_zone, pages = cells
    for wrong, what in (
        (not _is_address(url), f"{url} is no http or https address"),
        (language not in LANGUAGES, f"{language} is none of {', '.join(sorted(LANGUAGES))}"),
        (not _is_time_zone(time_zone), f"there is no time zone {time_zone}"),
        (pages not in {"yes", "no"}, f"pages are yes or no, not {pages}"),
    ):
        if wrong:
            raise CatalogueError(f"catalogue.tsv:{number}: {what}")
    return CatalogueSource(group, outlet, title, url, language, time_zone, pages == "yes")


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and "." in (parts.hostname or "") and " " not in url
    except ValueError:
        return False


def _is_time_zone(name: str) -> bool:
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return False
    return True
