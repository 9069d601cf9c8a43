"""What an article is, as lexemes beside its words: companies, themes, language, outlet, source, day, month and year.

So one question to one index answers `company:LG 배터리` for a month. A label begins with a sign that no word has,
and has no position: no phrase and no NEAR sees it. Days are days in UTC. Must not know names, labels are of ids.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping

from articles.search import folding, query

MARK = "@"
# What no article has: there is no row with this id.
NONE = f"{MARK}c0"
# A period of so many days is told by days, a longer one of so many by months, any other by years.
_DAYS, _MONTHS = 40, 800
# Attributes that are labelled, and how their labels begin.
FIELDS = {"company": "c", "theme": "t", "source": "o", "group": "s"}
# A name that so many rows have in it is looked for among the rows.
MOST_IDS = 100
# The ids of rows whose name is, has in it, or starts with a value; an attribute that is not in it stays as it is.
Ids = Mapping[query.Attribute, tuple[int, ...]]


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
    """Labels one of which every article has that was published from `begin` to `end`, both included.

    At its edges others may have one too: the longer the period, the coarser its labels.
    """
    first, last = begin.astimezone(datetime.UTC).date(), end.astimezone(datetime.UTC).date()
    length = (last - first).days
    if length <= _DAYS:
        return tuple(_day(first + datetime.timedelta(days=number)) for number in range(length + 1))
    if length <= _MONTHS:
        months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
        return tuple(_month(number // 12, number % 12 + 1) for number in months)
    return tuple(map(_year, range(first.year, last.year + 1)))


def attributes(ast: query.Query) -> Iterator[query.Attribute]:
    """The attributes of a query that are labelled by ids."""
    return (leaf for leaf in query.leaves(ast) if isinstance(leaf, query.Attribute) and _is_labelled(leaf))


def _is_labelled(one: query.Attribute) -> bool:
    """Whether ids tell the attribute. A theme's may name a part of it, which has none."""
    return one.field in FIELDS and (one.field != "theme" or (one.how == "is" and "/" not in one.value))


def resolve(ast: query.Query, ids: Ids) -> query.Query:
    """The query with labels in place of the attributes that are labelled."""
    match ast:
        case query.And(children):
            return query.And(tuple(resolve(child, ids) for child in children))
        case query.Or(children):
            return query.Or(tuple(resolve(child, ids) for child in children))
        case query.Not(child):
            return query.Not(resolve(child, ids))
        case query.Attribute("lang", value):
            return query.Labelled((language(value),))
        case query.Attribute(field) if ast in ids:
            return query.Labelled(tuple(f"{MARK}{FIELDS[field]}{pk}" for pk in ids[ast]) or (NONE,))
        case _:
            return ast
