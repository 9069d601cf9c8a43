"""Put ready articles into stories: the stage between reading and the alerts.

One worker at a time does it (`story_rows.LOCK`), with what it needs of earlier articles in memory: before each batch it
takes in what others placed and what editors changed. All of a batch is one transaction, so that a worker that dies
has placed it or not. Memory is only a copy of the tables, and is dropped whenever it may say something else.

An article stays in its story when its text changes; only an editor moves it (articles.story_edits). A young story that
turns out to be one with another goes into that one whole, which is written down as editors' changes are.
"""

import dataclasses
import datetime
import functools
import logging
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import psycopg
from django.db import transaction

from articles import bulk, faults, models, story_edits, story_rows
from articles.stories import window
from newswatch import wake

log = logging.getLogger(__name__)
Clock = Callable[[], datetime.datetime]
Cursor = psycopg.Cursor[tuple[Any, ...]]

BATCH = 500
# When a flood comes in (many sources are new, or were away), its articles are placed together once it is over: what
# arrives together finds its stories better, and storing has the cores meanwhile. Nobody waits longer than FLOOD_WAIT.
FLOOD = 300
FLOOD_GOES_ON = datetime.timedelta(seconds=5)
FLOOD_WAIT = datetime.timedelta(seconds=30)
# An article is placed beside those of so many days before; one published earlier than that, which comes late, beside
# those of the days around its own.
DAYS = 14
LATE_REACH = 3
# Articles older than DAYS that are kept in memory while a backlog is placed.
MOST_LATE = 200_000
# Characters of a text by which an article is placed.
LONGEST_TEXT = 4000
# A run ends after this: its task has a time limit, and the next run is seconds away.
LONGEST_RUN = datetime.timedelta(seconds=120)

# Those that the alerts wait for come first; a backlog from before there were stories follows, oldest first.
WAITING = "AND article.id IN (SELECT article_id FROM articles_outbox WHERE done_at IS NULL)"
PICK = """
SELECT article.id, article.title, left(article.body, %s), article.published_at, outlet.name, article.language,
    article.version
FROM articles_article AS article JOIN articles_outlet AS outlet ON outlet.id = article.outlet_id
WHERE article.ready_at IS NOT NULL AND article.story_id IS NULL {}
ORDER BY article.published_at, article.id LIMIT %s
FOR NO KEY UPDATE OF article SKIP LOCKED
"""
PLACE = """
UPDATE articles_article AS article
SET story_id = new.story, story_reason = new.reason, story_similarity = new.similarity,
    story_joined_id = new.joined, near_duplicate_of_id = original.id
FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::float8[], %s::bigint[], %s::bigint[])
    AS new(id, story, reason, similarity, joined, original)
LEFT JOIN articles_article AS original ON original.id = new.original
WHERE article.id = new.id
"""
ARRIVALS = "SELECT count(*), min(created_at), max(created_at) FROM articles_outbox WHERE done_at IS NULL"
KEEP = """
INSERT INTO articles_storyprint (article_id, fingerprint, placed_at)
SELECT new.id, new.fingerprint, %s FROM unnest(%s::bigint[], %s::bytea[]) AS new(id, fingerprint)
ON CONFLICT (article_id) DO UPDATE SET fingerprint = excluded.fingerprint, placed_at = excluded.placed_at
"""
PRINTS = """
SELECT article.id, article.story_id, print.fingerprint, article.published_at, outlet.name, article.story_pinned
FROM articles_storyprint AS print
JOIN articles_article AS article ON article.id = print.article_id
JOIN articles_outlet AS outlet ON outlet.id = article.outlet_id
WHERE article.story_id IS NOT NULL AND {}
"""
SINCE = PRINTS.format("print.id > %s")
OF_DAY = PRINTS.format(
    "article.ready_at IS NOT NULL AND article.published_at >= %s AND article.published_at < %s"
)
EDITS = """
SELECT edit.kind, edit.story_id, edit.into_id, edit.articles, undone.kind
FROM articles_storyedit AS edit LEFT JOIN articles_storyedit AS undone ON undone.id = edit.undoes_id
WHERE edit.id > %s ORDER BY edit.id
"""
# Up to where the tables have been read, and whether they are still those that were read.
MARKS = """
SELECT (SELECT coalesce(max(id), 0) FROM articles_storyprint), (SELECT coalesce(max(id), 0) FROM articles_storyedit),
    %s = 0 OR EXISTS (SELECT FROM articles_storyprint WHERE id = %s)
"""
TEXTS = "SELECT id, title, left(body, %s) FROM articles_article WHERE id = ANY(%s::bigint[])"


class Memory:
    """The window of articles placed before, as far as they were needed, and up to where the tables were read."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Know nothing."""
        self.window = window.Window(days=DAYS)
        self.seen_print = 0
        self.seen_edit = 0
        # The days of which all articles are in the window, by their ordinals.
        self.days: set[int] = set()
        self.late = 0
        self.today = 0
        # The stories that the last documents showed to be one.
        self.joined: list[window.Joined] = []

    def catch_up(self, cursor: Cursor, documents: Sequence[window.Document], *, today: int) -> None:
        """Know all that these documents are to be placed beside."""
        newest_print, newest_edit, is_same = self.marks(cursor)
        if not is_same:
            self.clear()
        if self.days:
            self.take_in_others(cursor)
        self.seen_print, self.seen_edit = newest_print, newest_edit
        self.drop_old(today)
        for day in sorted(needed_days(documents, today=today) - self.days):
            self.load(cursor, day)

    def marks(self, cursor: Cursor) -> tuple[int, int, bool]:
        """The newest print, the newest edit, and whether the newest print that was seen is still there."""
        row = cursor.execute(MARKS, [self.seen_print, self.seen_print]).fetchone()
        return row or (0, 0, False)

    def take_in_others(self, cursor: Cursor) -> None:
        """Take in what others placed and what editors changed since the last batch."""
        placed = cursor.execute(SINCE, [self.seen_print]).fetchall()
        self.restore(cursor, [row for row in placed if day_of(row[3]) in self.days])
        for kind, story, into, articles, undone in cursor.execute(EDITS, [self.seen_edit]).fetchall():
            if kind == models.StoryEdit.Kind.JOIN:
                self.window.join(story, into)
                continue
            for article in articles:
                self.window.assign(article, into)
            if kind == models.StoryEdit.Kind.MERGE:
                self.window.merge(story, into)
            if undone in (models.StoryEdit.Kind.MERGE, models.StoryEdit.Kind.JOIN):
                # Nothing that the window could take back.
                self.clear()
                return

    def drop_old(self, today: int) -> None:
        """Forget what is older than the window's days, once a day or when a backlog has filled the memory."""
        if self.days and (today != self.today or self.late > MOST_LATE):
            first = today - DAYS
            self.window.forget(midnight(first))
            self.days = {day for day in self.days if day >= first}
            self.late = 0
        self.today = today

    def load(self, cursor: Cursor, day: int) -> None:
        """Take in what was placed of a day."""
        rows = cursor.execute(OF_DAY, [midnight(day), midnight(day + 1)]).fetchall()
        self.restore(cursor, rows)
        self.late += len(rows) if day < self.today - DAYS else 0
        self.days.add(day)

    def restore(self, cursor: Cursor, rows: Sequence[Sequence[Any]]) -> None:
        """Take in placed articles, rows of PRINTS. A print of an earlier format is taken anew from the text."""
        placed = [window.Placed(*row) for row in rows]
        try:
            self.window.restore(placed)
        except ValueError:
            log.info("%d fingerprints are taken anew", len(placed))
            texts = cursor.execute(TEXTS, [LONGEST_TEXT, [one.id for one in placed]]).fetchall()
            words = {pk: (title, text) for pk, title, text in texts}
            self.window.restore(
                dataclasses.replace(one, fingerprint=self.window.fingerprint(*words[one.id]))
                for one in placed
                if one.id in words
            )

    def place(self, documents: Sequence[window.Document]) -> list[window.Placement]:
        """Place documents. One that can't be read is placed as if it had no words."""
        self.late += sum(day_of(one.published) < self.today - DAYS for one in documents)
        self.joined = []
        try:
            return self.place_together(documents)
        except faults.ENTRY_ERRORS:
            log.exception("%d articles could not be placed together", len(documents))
        return [self.place_one(document) for document in sorted(documents, key=_published)]

    def place_together(self, documents: Sequence[window.Document]) -> list[window.Placement]:
        """Place documents, and note which stories were joined."""
        placed = self.window.place(documents)
        self.joined += self.window.joined
        return placed

    def place_one(self, document: window.Document) -> window.Placement:
        """Place a document, without its words if it must be."""
        try:
            return self.place_together([document])[0]
        except faults.ENTRY_ERRORS:
            log.exception("article %s could not be compared with others", document.id)
            nothing = self.window.fingerprint("", "")
            return window.Placement(document.id, document.id, None, 0.0, "alone", None, nothing)


@functools.lru_cache(maxsize=1)
def memory() -> Memory:
    """This process's memory."""
    return Memory()


def place_waiting(*, now: Clock) -> int:
    """Place every article that waits for it, and wake the alerts; returns how many there were."""
    done, stop = 0, now() + LONGEST_RUN
    while now() < stop and not is_flood(now=now()) and (placed := place_some(now=now())):
        done += placed
    return done


def is_flood(*, now: datetime.datetime) -> bool:
    """Whether many articles wait, none of them long, and more are coming. The schedule looks again in seconds."""
    with bulk.cursor() as cursor:
        waiting, first, last = cursor.execute(ARRIVALS).fetchone() or (0, now, now)
    return bool(waiting > FLOOD and now - first < FLOOD_WAIT and now - last < FLOOD_GOES_ON)


def place_some(*, now: datetime.datetime) -> int:
    """Place a batch in one transaction; returns how many articles it had."""
    try:
        with transaction.atomic():
            bulk.lock(story_rows.LOCK)
            documents = pick()
            if documents:
                place(documents, now=now)
                wake.on_commit("alerts.tasks.match_outbox")
            return len(documents)
    except BaseException:
        # What the window knows has not come to pass.
        memory.cache_clear()
        raise


def pick() -> list[window.Document]:
    """Lock a batch of articles that wait; those that somebody works on are left for later."""
    with bulk.cursor() as cursor:
        for which in (WAITING, ""):
            if rows := cursor.execute(PICK.format(which), [LONGEST_TEXT, BATCH]).fetchall():
                return [window.Document(*row) for row in rows]
    return []


def place(documents: Sequence[window.Document], *, now: datetime.datetime) -> None:
    """Place locked articles and write where they are."""
    with bulk.cursor() as cursor:
        known = memory()
        known.catch_up(cursor, documents, today=day_of(now))
        placements = known.place(documents)
        published = {document.id: document.published for document in documents}
        begun = {(int(one.story), published[one.id]) for one in placements}
        story_rows.ensure(begun, now=now)
        cursor.execute(PLACE, place_columns(placements))
        ids = [int(one.id) for one in placements]
        cursor.execute(KEEP, [now, ids, [one.fingerprint for one in placements]])
        story_rows.recount({story for story, _ in begun}, now=now)
        for pair in known.joined:
            story_edits.join(int(pair.story), int(pair.into), now=now)
        known.seen_print, known.seen_edit, _ = known.marks(cursor)


def place_columns(placements: Iterable[window.Placement]) -> list[list[Any]]:
    """The parameters of PLACE."""
    rows = [
        (one.id, one.story, one.reason, min(max(one.similarity, 0.0), 1.0), one.joined, one.near_duplicate_of)
        for one in placements
    ]
    return bulk.columns(rows, 6)


def needed_days(documents: Iterable[window.Document], *, today: int) -> set[int]:
    """The days whose articles these are placed beside."""
    needed: set[int] = set()
    for day in {day_of(document.published) for document in documents}:
        if day >= today - DAYS:
            needed.update(range(today - DAYS, max(today, day) + 1))
        else:
            needed.update(range(day - LATE_REACH, day + LATE_REACH + 1))
    return needed


def day_of(moment: datetime.datetime) -> int:
    """The ordinal of a moment's day in UTC."""
    return moment.astimezone(datetime.UTC).toordinal()


def midnight(day: int) -> datetime.datetime:
    """When a day begins in UTC."""
    return datetime.datetime.fromordinal(day).replace(tzinfo=datetime.UTC)


def _published(document: window.Document) -> tuple[datetime.datetime, int]:
    return document.published, int(document.id)
