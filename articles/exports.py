"""Everything that a search finds, as a file: a row at a time from the database to whoever reads it.

Must not render pages, and must not hold what it found: an export may be longer than memory.
"""

import dataclasses
import datetime
import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from articles import filters, models, reads, searching
from articles.sheets import delimited, workbook

# Articles that are fetched together, with their tags.
CHUNK = 1000


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: how it is called, and what makes one of articles."""

    suffix: str
    name: str
    content_type: str
    write: Callable[[Iterable[models.Article]], Iterator[bytes]]


def found(
    wanted: filters.Filters, *, now: datetime.datetime, size: int = CHUNK
) -> Iterator[Sequence[models.Article]]:
    """All that a search finds, newest first, so many at a time with their tags. Raises QueryError at once."""
    search = searching.search(wanted, context=dataclasses.replace(wanted.context, now=now))
    if search is None:
        articles = reads.narrowed(wanted, now=now).order_by("-published_at", "-pk")
        return map(_rows_of, _by_cursor(articles, size))
    return map(_rows_of, _by_index(search, size))


def _by_index(search: searching.Search, size: int) -> Iterator[list[int]]:
    """The articles' ids, looked for as far as they are read."""
    keys = searching.newest(search, before=None, most=size)
    while keys:
        yield [pk for _, pk in keys]
        keys = searching.newest(search, before=keys[-1], most=size)


def _by_cursor(articles: "QuerySet[models.Article]", size: int) -> Iterator[list[int]]:
    """The same where the index is no help. The cursor is WITH HOLD: whoever reads for an hour holds no snapshot."""
    keys = articles.values_list("pk", flat=True).iterator(chunk_size=size)
    while chunk := list(itertools.islice(keys, size)):
        yield chunk


def _rows_of(keys: Sequence[int]) -> list[models.Article]:
    """The articles with their tags, in this order; what was deleted meanwhile is left out."""
    rows = reads.with_tags(models.Article.objects.all()).in_bulk(keys)
    return [rows[pk] for pk in keys if pk in rows]


def pieces(chunks: Iterable[Sequence[models.Article]], kind: Format) -> Iterator[bytes]:
    """A file of these articles, a piece at a time."""
    yield from kind.write(itertools.chain.from_iterable(chunks))


def _csv(articles: Iterable[models.Article]) -> Iterator[bytes]:
    return delimited.to_csv(_rows(articles))


def _xlsx(articles: Iterable[models.Article]) -> Iterator[bytes]:
    return workbook.to_xlsx(_rows(articles))


def _json(articles: Iterable[models.Article]) -> Iterator[bytes]:
    """One array; each article on a line of its own."""
    yield b"["
    for number, article in enumerate(articles):
        text = json.dumps(values(article), ensure_ascii=False, cls=DjangoJSONEncoder)
        yield f"{',' if number else ''}\n{text}".encode()
    yield b"\n]\n"


def _rows(articles: Iterable[models.Article]) -> Iterator[list[delimited.Cell]]:
    """A heading in the reader's language, and a row for each article."""
    yield list(headings())
    for article in articles:
        yield [cell_of(value) for value in values(article).values()]


def cell_of(value: object) -> delimited.Cell:
    """A value as one cell: times by the reader's clock, several names in one line."""
    match value:
        case datetime.datetime():
            return timezone.localtime(value)
        case list():
            return ", ".join(value)
        case int():
            return value
        case _:
            return str(value)


def headings() -> tuple[str, ...]:
    """The names of the columns, in the order of `values`."""
    return (
        gettext("Number"),
        gettext("Published"),
        gettext("Outlet"),
        gettext("Title"),
        gettext("Summary"),
        gettext("Byline"),
        gettext("Language"),
        gettext("Companies"),
        gettext("Themes"),
        gettext("Story"),
        gettext("Address"),
        gettext("Here"),
    )


def values(article: models.Article) -> dict[str, object]:
    """What an export tells of an article, whose tags are prefetched."""
    opening: str = article.opening  # type: ignore[attr-defined]
    return {
        "id": article.pk,
        "published": article.published_at,
        "outlet": article.outlet.name,
        "title": article.title,
        "summary": article.summary or opening,
        "author": article.author,
        "language": article.language,
        "companies": [tag.company.name for tag in article.company_tags.all()],
        "themes": [tag.theme.name for tag in article.theme_tags.all()],
        "story": article.story_id or "",
        "url": article.url,
        "here": settings.SITE_URL + reverse("articles:article", args=[article.pk]),
    }


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS = (
    Format("csv", "CSV", "text/csv; charset=utf-8", _csv),
    Format("xlsx", "Excel", XLSX, _xlsx),
    Format("json", "JSON", "application/json", _json),
)
BY_SUFFIX = {kind.suffix: kind for kind in FORMATS}
