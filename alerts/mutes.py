"""Which stories readers want to hear no more of.

A mute stays with the story that it was asked for. While that story is merged into another one, or was joined with it,
it counts for the other; once they are parted again, it does not. Must not decide what else is told.
"""

import datetime
from collections.abc import Collection

from django.db import connection

from alerts import models, readers
from articles import models as news
from articles import story_edits

# Stories, those that were merged into them, and so on, each with the story that it counts for.
MERGED = """
WITH RECURSIVE merged (id, counts_for) AS (
    SELECT id, id FROM unnest(%s::bigint[]) AS asked (id)
    UNION SELECT story.id, merged.counts_for
    FROM articles_story AS story JOIN merged ON story.merged_into_id = merged.id
)
"""
MUTED = f"""{MERGED}
SELECT mute.person_id, mute.address_id, merged.counts_for
FROM merged JOIN alerts_storymute AS mute ON mute.story_id = merged.id
"""  # noqa: S608 - a constant
ONE = f"{MERGED} SELECT id FROM merged"  # noqa: S608 - a constant


def muted(stories: Collection[int]) -> set[tuple[readers.Key, int]]:
    """Which readers want to hear no more of which of these stories. One query."""
    if not stories:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(MUTED, [list(stories)])
        return {
            (("recipient", person) if person else ("address", address), story)
            for person, address, story in cursor.fetchall()
        }


def mute(story: news.Story, reader: dict[str, object], *, now: datetime.datetime) -> None:
    """Tell a reader (`person` and `address`, one of them None) no more of a story."""
    models.StoryMute.objects.get_or_create(story=story, **reader, defaults={"at": now})


def unmute(story: news.Story, reader: dict[str, object]) -> None:
    """Tell a reader of a story again, by whichever of the stories that are one by now it was muted."""
    with connection.cursor() as cursor:
        cursor.execute(ONE, [[story_edits.follow(story).pk]])
        one = [pk for (pk,) in cursor.fetchall()]
    models.StoryMute.objects.filter(story__in=one, **reader).delete()
