"""What an article is, as lexemes beside its words: companies, themes, language, outlet, source, day, month and year.

So one question to one index answers `company:LG 배터리 published:2026-03`. A label begins with a sign that no word
has, and has no position: no phrase and no NEAR sees it. Days are days in UTC. Must not know names, labels are of ids.
"""

import calendar
import datetime
from collections.abc import Iterable, Iterator

from articles.search import folding

MARK = "@"
# A period is told by so many labels at most; what they cover beyond it is the asker's to leave out.
MOST_LABELS = 60


def company(pk: int) -> str:
    """Of an article that is tagged with this company."""
    return f"{MARK}c{pk}"


def theme(pk: int) -> str:
    """Of an article that is tagged with this theme."""
    return f"{MARK}t{pk}"


def outlet(pk: int) -> str:
    """Of an article of this outlet."""
    return f"{MARK}o{pk}"


def source(pk: int) -> str:
    """Of an article that this source brought first."""
    return f"{MARK}s{pk}"


def language(code: str) -> str:
    """Of an article in this language."""
    return f"{MARK}l{folding.fold(code)}"


def of(
    *,
    companies: Iterable[int],
    themes: Iterable[int],
    outlet_id: int,
    source_id: int,
    language_code: str,
    published: datetime.datetime,
) -> list[str]:
    """All labels of an article."""
    at = published.astimezone(datetime.UTC)
    return [
        *map(company, companies),
        *map(theme, themes),
        outlet(outlet_id),
        source(source_id),
        language(language_code),
        _day(at),
        _month(at.year, at.month),
        _year(at.year),
    ]


def _day(at: datetime.date) -> str:
    return f"{MARK}d{at.year:04d}{at.month:02d}{at.day:02d}"


def _month(year: int, month: int) -> str:
    return f"{MARK}m{year:04d}{month:02d}"


def _year(year: int) -> str:
    return f"{MARK}y{year:04d}"


def period(begin: datetime.datetime, end: datetime.datetime) -> tuple[str, ...]:
    """Labels one of which every article has that was published from `begin` on and before `end`; () if too many.

    Others may have one too: the shorter the list, the more.
    """
    first = begin.astimezone(datetime.UTC).date()
    last = (end - datetime.timedelta(microseconds=1)).astimezone(datetime.UTC).date()
    found = list(_cover(first, last))
    return tuple(found) if len(found) <= MOST_LABELS else ()


def _cover(first: datetime.date, last: datetime.date) -> Iterator[str]:
    """Whole years and months where they fit, days at the edges; for more than a year, months at the edges."""
    is_long = (last - first).days > 366
    at = first
    while at <= last:
        end_of_year = datetime.date(at.year, 12, 31)
        end_of_month = at.replace(day=calendar.monthrange(at.year, at.month)[1])
        if (at.month, at.day) == (1, 1) and end_of_year <= last:
            yield _year(at.year)
            stop = end_of_year
        elif is_long or (at.day == 1 and end_of_month <= last):
            yield _month(at.year, at.month)
            stop = end_of_month
        else:
            yield _day(at)
            stop = at
        if stop == datetime.date.max:
            return
        at = stop + datetime.timedelta(days=1)
