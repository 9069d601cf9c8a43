"""What a reader does with articles (reads them, stars them, writes notes), and what lists show of it.

Nobody sees another reader's marks: every function is told whose they are.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db import connection

from articles import models, reads, story_reads

# Reading an article again leaves the time when it was read first.
READ = """
INSERT INTO articles_mark (reader_id, article_id, read_at, note)
SELECT %(reader)s, id, %(now)s, '' FROM articles_article WHERE ready_at IS NOT NULL AND {}
ON CONFLICT (reader_id, article_id) DO UPDATE SET read_at = excluded.read_at WHERE articles_mark.read_at IS NULL
"""
# How many articles of stories she has read.
READ_OF = """
SELECT article.story_id, count(*)
FROM articles_mark AS mark JOIN articles_article AS article ON article.id = mark.article_id
WHERE mark.reader_id = %s AND mark.read_at IS NOT NULL AND article.story_id = ANY(%s) GROUP BY article.story_id
"""


@dataclass(frozen=True, slots=True)
class Marks:
    """A reader's marks on what a list shows; `read` has how many articles of each story she has read."""

    articles: Mapping[int, models.Mark] = field(default_factory=dict)
    read: Mapping[int, int] = field(default_factory=dict)

    def on(self, article: models.Article, story: models.Story | None = None) -> "Shown":
        """What a line says; one of a story says whether all of its articles are read."""
        mark = self.articles.get(article.pk)
        if story is not None and story.article_count > 1:
            number = self.read.get(story.pk, 0)
            return Shown(mark, number >= story.article_count, number)
        is_read = mark is not None and mark.read_at is not None
        return Shown(mark, is_read, int(is_read))


@dataclass(frozen=True, slots=True)
class Shown:
    """The marks of one line. `number`: how many articles of its story are read."""

    mark: models.Mark | None
    is_read: bool
    number: int

    @property
    def is_starred(self) -> bool:
        return self.mark is not None and self.mark.starred_at is not None

    @property
    def note(self) -> str:
        return self.mark.note if self.mark else ""


def read(reader: int, article: int, *, now: datetime.datetime) -> None:
    """Note that an article was read. One statement."""
    _read("id = %(one)s", reader, article, now)


def read_story(reader: int, story: int, *, now: datetime.datetime) -> None:
    """Note that all articles of a story were read. One statement."""
    _read("story_id = %(one)s", reader, story, now)


def _read(condition: str, reader: int, one: int, now: datetime.datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(READ.format(condition), {"reader": reader, "now": now, "one": one})


def unread(reader: int, article: int) -> None:
    """Note that an article counts as unread. One statement."""
    models.Mark.objects.filter(reader=reader, article=article).update(read_at=None)


def unread_story(reader: int, story: int, *, read_at: datetime.datetime | None = None) -> None:
    """Note that all articles of a story count as unread, or those that were read at a time. One statement."""
    own = models.Mark.objects.filter(reader=reader, article__story=story)
    (own.filter(read_at=read_at) if read_at else own).update(read_at=None)


def star(reader: int, article: int, *, at: datetime.datetime | None) -> None:
    """Star an article, or take the star away. One that is starred keeps its time."""
    mark, _ = models.Mark.objects.get_or_create(reader_id=reader, article_id=article)
    if (mark.starred_at is None) != (at is None):
        mark.starred_at = at
        mark.save(update_fields=["starred_at"])


def write_note(reader: int, article: int, text: str) -> None:
    """Keep a note on an article in the place of the one before; an empty one takes it away."""
    models.Mark.objects.update_or_create(
        reader_id=reader, article_id=article, defaults={"note": text[: models.mark.LONGEST_NOTE]}
    )


def on_articles(reader: int, articles: Iterable[models.Article]) -> Marks:
    """The reader's marks on these articles. One query."""
    pks = [article.pk for article in articles]
    found = models.Mark.objects.filter(reader=reader, article__in=pks) if pks else ()
    return Marks({mark.article_id: mark for mark in found})


def on_lines(reader: int, lines: Iterable[story_reads.Line]) -> Marks:
    """The reader's marks on a list of stories. Two queries."""
    lines = list(lines)
    shown = on_articles(reader, (line.headline if line.is_several else line.newest for line in lines))
    several = [line.story.pk for line in lines if line.story is not None and line.is_several]
    if not several:
        return shown
    with connection.cursor() as cursor:
        cursor.execute(READ_OF, [reader, several])
        return Marks(shown.articles, dict(cursor.fetchall()))


def on_days(
    reader: int, days: "tuple[reads.Day[story_reads.Line], ...] | tuple[reads.Day[models.Article], ...]"
) -> Marks:
    """The reader's marks on the rows of a list, be they stories or articles. At most two queries."""
    rows = [row for day in days for row in day.rows]
    lines = [row for row in rows if isinstance(row, story_reads.Line)]
    if lines:
        return on_lines(reader, lines)
    return on_articles(reader, (row for row in rows if isinstance(row, models.Article)))
