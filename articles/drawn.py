"""Rows of lists, and what stands beside them, as HTML, drawn once for all readers who would see the same.

Drawing fifty rows takes longer than finding them, and between two looks at a list most of them stay the same. A row is
kept under every value that its template can read, so that nothing needs to be told when something changes: what changed
is another row. Kept in the memory of each process; of too many, those go that were not shown for longest.

What is the reader's or the page's own, and where an article has what was searched, is put into the kept rows at last.
"""

import contextlib
import re
import secrets
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils import timezone, translation
from django.utils.safestring import SafeString, mark_safe

from articles import highlight, marks, models, search_reads, story_reads

# A row weighs some four kilobytes.
MOST = 4000
# A panel weighs up to a hundred kilobytes.
MOST_PANELS = 100
# What stands in a kept row for what is the reader's or the page's own; no feed can know it.
TOKEN = secrets.token_hex(16)
NEXT = secrets.token_hex(16)
QUERY = secrets.token_hex(16)
# Before the number of an article whose title, or piece of text, stands there with what was searched in it.
_TITLE, _TEXT = secrets.token_hex(16), secrets.token_hex(16)
_PLACE = re.compile(f"({_TITLE}|{_TEXT})([0-9]+)\\.")


@dataclass(frozen=True, slots=True)
class Stand:
    """Stands for an article or a story in what is drawn once for all of them; no number is as long."""

    pk: str
    title: str


ANY_ARTICLE = Stand(str(10**30 + secrets.randbelow(10**30)), secrets.token_hex(16))
ANY_STORY = Stand(str(10**30 + secrets.randbelow(10**30)), secrets.token_hex(16))

# Those that were shown last stand last.
_kept: OrderedDict[Hashable, str] = OrderedDict()
_panels: OrderedDict[Hashable, str] = OrderedDict()


def draw(key: Hashable, drawing: Callable[[Any], str], row: Any) -> str:
    """The row that is kept under this key; drawn if none is."""
    return _keep(_kept, MOST, key, lambda: drawing(row))


def panel(key: Hashable, drawing: Callable[[], str]) -> SafeString:
    """A part of a page that is kept under all it shows, but the reader's day; drawn if none is."""
    made = _keep(_panels, MOST_PANELS, (timezone.localdate(), key), drawing)
    return mark_safe(made)  # noqa: S308 - drawn by templates


def _keep(kept: OrderedDict[Hashable, str], most: int, key: Hashable, drawing: Callable[[], str]) -> str:
    whole = (translation.get_language(), timezone.get_current_timezone_name(), key)
    found = kept.get(whole)
    if found is None:
        found = kept[whole] = drawing()
    # What another thread has dropped or dropped first meanwhile is of no matter.
    with contextlib.suppress(KeyError):
        kept.move_to_end(whole)
        while len(kept) > most:
            kept.popitem(last=False)
    return found


def forget() -> None:
    """Throw all of it away."""
    _kept.clear()
    _panels.clear()


def key_of_line(line: story_reads.Line, marked: marks.Marks, hits: Collection[int] = ()) -> Hashable:
    """All that a story's row shows; `hits` are the articles that show where they have what was searched."""
    shown = marked.on(line.headline, line.story) if line.is_several else marked.on(line.newest)
    articles = (line.headline,) if line.newest is line.headline else (line.headline, line.newest)
    return (
        line.story and values(line.story),
        *map(_of_article, articles),
        line.shows_why,
        line.companies,
        line.themes,
        _of_marks(shown),
        line.headline.pk in hits,
        line.newest.pk in hits,
    )


def key_of_article(article: models.Article, marked: marks.Marks, hits: Collection[int] = ()) -> Hashable:
    """All that an article's row shows, as with a story's."""
    companies = tuple((tag.company_id, tag.company.name) for tag in article.company_tags.all())
    themes = tuple((tag.theme.position, tag.theme.name) for tag in article.theme_tags.all())
    return _of_article(article), companies, themes, _of_marks(marked.on(article)), article.pk in hits


def _of_article(article: models.Article) -> Hashable:
    return values(article), article.outlet.name


def _of_marks(shown: marks.Shown) -> Hashable:
    return shown.is_read, shown.is_starred, shown.note


def values(row: Model) -> tuple[Hashable, ...]:
    """The columns of a row that were read, and what was read beside them."""
    return tuple(_plain(value) for name, value in row.__dict__.items() if not name.startswith("_"))


def _plain(value: Any) -> Hashable:
    """Lists and the like as text."""
    if isinstance(value, list | dict | set):
        return repr(value)
    return value  # type: ignore[no-any-return]


def places(hits: Iterable[int]) -> dict[int, search_reads.Hit]:
    """What stands in kept rows for where these articles have what was searched."""
    return {
        pk: search_reads.Hit(
            (highlight.Piece(f"{_TITLE}{pk}."),),
            (highlight.Piece(f"{_TEXT}{pk}."),),
            begins_before=False,
            goes_on=False,
        )
        for pk in hits
    }


def join(rows: Iterable[str], *, token: str, address: str, asked: str = "") -> SafeString:
    """Rows as they stand on a page, with the reader's token, the page's own address, and what it asks for.

    The last two are HTML as well.
    """
    made = "".join(rows).replace(TOKEN, token).replace(NEXT, address).replace(QUERY, asked)
    return mark_safe(made)  # noqa: S308 - drawn by templates


def fill(
    rows: SafeString, title: Callable[[int], SafeString], text: Callable[[int], SafeString]
) -> SafeString:
    """Joined rows with the titles and texts of `places` in them, by the articles' numbers."""
    if _TITLE not in rows and _TEXT not in rows:
        return rows
    filled = _PLACE.sub(lambda found: (title if found[1] == _TITLE else text)(int(found[2])), rows)
    return mark_safe(filled)  # noqa: S308 - of safe parts
