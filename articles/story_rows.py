"""Write stories: make their rows, and count what they have. All of a row follows from its articles.

Every function belongs inside a transaction. Must not decide what belongs together.
"""

import datetime
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from articles import bulk, models
from articles.stories import headline

# Whoever holds it has the stories to itself: one worker places, and no editor beside it. Any number that no other
# lock of this database has.
LOCK = 0x4E57_5354_4F52
# The headline is chosen among this many of a story's first articles.
MOST_CANDIDATES = 30
# Bytes of body, some three hundred Korean characters: more than a feed's teaser.
FULL_TEXT = 800
# Stories counted in one transaction by `recount_all`.
BATCH = 1000

ENSURE = """
INSERT INTO articles_story (id, headline_reason, first_at, last_at, article_count, outlet_count, copy_count, language,
    is_sample, changed_at)
SELECT wanted.id, '', wanted.at, wanted.at, 0, 0, 0, '', false, %s
FROM unnest(%s::bigint[], %s::timestamptz[]) AS wanted(id, at)
ON CONFLICT DO NOTHING
"""
COUNT = """
SELECT story_id, min(published_at), max(published_at), count(*), count(DISTINCT outlet_id),
    count(near_duplicate_of_id), bool_and(is_sample), min(id), min(language)
FROM articles_article WHERE story_id = ANY(%s::bigint[]) GROUP BY story_id
"""
# The size of a body is had without reading it.
CANDIDATES = """
SELECT wanted.id, article.*
FROM unnest(%s::bigint[]) AS wanted(id)
CROSS JOIN LATERAL (
    SELECT id, title, published_at, octet_length(body), near_duplicate_of_id IS NOT NULL, language
    FROM articles_article WHERE story_id = wanted.id ORDER BY published_at, id LIMIT %s
) AS article
"""
UPDATE = """
UPDATE articles_story AS story
SET first_at = new.first_at, last_at = new.last_at, article_count = new.articles, outlet_count = new.outlets,
    copy_count = new.copies, is_sample = new.is_sample, headline_id = new.headline, headline_reason = new.reason,
    language = new.language, changed_at = %s
FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[], %s::int[], %s::int[], %s::int[], %s::bool[],
    %s::bigint[], %s::text[], %s::text[])
    AS new(id, first_at, last_at, articles, outlets, copies, is_sample, headline, reason, language)
WHERE story.id = new.id AND (
    story.first_at, story.last_at, story.article_count, story.outlet_count, story.copy_count, story.is_sample,
    story.headline_id, story.headline_reason, story.language
) IS DISTINCT FROM (
    new.first_at, new.last_at, new.articles, new.outlets, new.copies, new.is_sample, new.headline, new.reason,
    new.language
)
"""
EMPTY = """
UPDATE articles_story AS story SET article_count = 0, outlet_count = 0, copy_count = 0, headline_id = NULL,
    headline_reason = '', changed_at = %s
WHERE id = ANY(%s::bigint[]) AND article_count > 0
    AND NOT EXISTS (SELECT FROM articles_article AS article WHERE article.story_id = story.id)
"""


@dataclass(frozen=True, slots=True)
class Count:
    """What a story's articles say of it; `headline` and `language` are the headline's."""

    story: int
    first_at: datetime.datetime
    last_at: datetime.datetime
    articles: int
    outlets: int
    copies: int
    is_sample: bool
    headline: int
    reason: str
    language: str


def ensure(begun: Collection[tuple[int, datetime.datetime]], *, now: datetime.datetime) -> None:
    """Make the rows of stories that are not there yet, given with when they began."""
    with bulk.cursor() as cursor:
        cursor.execute(ENSURE, [now, *bulk.columns(sorted(begun), 2)])


def recount(stories: Collection[int], *, now: datetime.datetime) -> int:
    """Set what these stories' rows say to what their articles say; returns how many rows said otherwise."""
    ids = sorted(set(stories))
    if not ids:
        return 0
    with bulk.cursor() as cursor:
        counted = cursor.execute(COUNT, [ids]).fetchall()
        several = [row[0] for row in counted if row[3] > 1]
        chosen = choices(cursor.execute(CANDIDATES, [several, MOST_CANDIDATES]).fetchall() if several else [])
        counts = [count(row, chosen) for row in counted]
        changed = cursor.execute(UPDATE, [now, *columns(counts)]).rowcount if counts else 0
        return changed + cursor.execute(EMPTY, [now, ids]).rowcount


def count(row: Sequence[Any], chosen: dict[int, tuple[headline.Choice, str]]) -> Count:
    """A story's numbers, from a row of COUNT and the headlines of the stories with several articles."""
    story, first, last, articles, outlets, copies, is_sample, only, language = row
    choice = headline.Choice(only, headline.ONLY)
    if story in chosen:
        choice, language = chosen[story]
    return Count(
        story, first, last, articles, outlets, copies, is_sample, int(choice.id), choice.reason, language
    )


def choices(rows: Iterable[Sequence[Any]]) -> dict[int, tuple[headline.Choice, str]]:
    """The headline of each story and its language, from rows of CANDIDATES."""
    found: dict[int, list[headline.Candidate]] = {}
    languages: dict[int, str] = {}
    for story, article, title, published, size, is_copy, language in rows:
        candidate = headline.Candidate(article, title, published, size >= FULL_TEXT, is_copy)
        found.setdefault(story, []).append(candidate)
        languages[article] = language
    chosen = {story: headline.choose(candidates) for story, candidates in found.items()}
    return {story: (choice, languages[int(choice.id)]) for story, choice in chosen.items()}


def columns(counts: Sequence[Count]) -> list[list[Any]]:
    """The counts as UPDATE takes them."""
    names = Count.__slots__
    return [[getattr(one, name) for one in counts] for name in names]


def recount_all(*, now: datetime.datetime) -> int:
    """Recount every story; returns how many rows did not say what their articles say."""
    changed = 0
    for ids in bulk.batches(models.Story.objects.all(), BATCH):
        with transaction.atomic():
            bulk.lock(LOCK)
            changed += recount(ids, now=now)
    return changed


def recount_of_deleted(instance: models.Article, **_: object) -> None:
    """Recount the story of an article that was just deleted: a receiver of post_delete."""
    if instance.story_id:
        bulk.lock(LOCK)
        recount([instance.story_id], now=timezone.now())
