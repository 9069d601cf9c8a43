"""What editors do to stories: move an article, merge two, and undo either. It stays: nothing else moves an article, but
that two young stories that turn out to be one are joined whole, which an editor can undo for good.

Every edit is a row that says who did it, when, and how the articles stood before. `articles.placing` reads the rows
before its next batch, so that what comes later is placed beside the articles where they are now.
"""

import datetime
from collections.abc import Collection, Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from articles import bulk, models, story_rows
from newswatch.accounts.models import User

# What of an article an edit changes.
PLACE = (
    "story_id",
    "story_pinned",
    "story_reason",
    "story_similarity",
    "story_joined_id",
    "near_duplicate_of_id",
)
PINNED = "pinned"


class EditError(ValueError):
    """The edit makes no sense (any more); the message says why, in the reader's language."""


@transaction.atomic
def move(
    article: models.Article, *, by: User | None, now: datetime.datetime, to: models.Story | None = None
) -> models.StoryEdit:
    """Put an article into another story, or into a new one of its own. Raises EditError."""
    bulk.lock(story_rows.LOCK)
    article = models.Article.objects.select_related("story").get(pk=article.pk)
    story = article.story
    if story is None:
        raise EditError(_("The article is in no story yet."))
    if to is None and story.article_count == 1:
        raise EditError(_("The article is alone in its story already."))
    into = follow(to) if to else new_story(article, now=now)
    if into == story:
        raise EditError(_("The article is in this story already."))
    copies = models.Article.objects.filter(near_duplicate_of=article)
    before = state([article, *copies])
    copies.update(near_duplicate_of=None)
    carry([article.pk], story, into, now=now)
    # What it was placed beside, and what it copies, is in the other story.
    models.Article.objects.filter(pk=article.pk).update(
        near_duplicate_of=None, story_joined=None, story_similarity=0.0, story_reason=PINNED
    )
    return record(models.StoryEdit.Kind.MOVE, story, into, [article.pk], before=before, by=by, now=now)


@transaction.atomic
def merge(
    story: models.Story, into: models.Story, *, by: User | None, now: datetime.datetime
) -> models.StoryEdit:
    """Put all articles of a story into another one, to which its address leads from then on. Raises EditError."""
    bulk.lock(story_rows.LOCK)
    story, into = follow(story), follow(into)
    if story == into:
        raise EditError(_("They are one story already."))
    articles = list(models.Article.objects.filter(story=story).order_by("pk"))
    if not articles:
        raise EditError(_("The story has no articles (any more)."))
    ids = [article.pk for article in articles]
    before = state(articles)
    carry(ids, story, into, now=now)
    return record(models.StoryEdit.Kind.MERGE, story, into, ids, before=before, by=by, now=now)


def join(story: int, into: int, *, now: datetime.datetime) -> models.StoryEdit | None:
    """Two stories that no editor has touched turned out to be one. Inside the transaction of whoever has the lock."""
    articles = list(models.Article.objects.filter(story=story).order_by("pk"))
    if not articles:
        return None
    ids = [article.pk for article in articles]
    before = state(articles)
    former, kept = models.Story.objects.get(pk=story), models.Story.objects.get(pk=into)
    carry(ids, former, kept, now=now, pinned=False)
    return record(models.StoryEdit.Kind.JOIN, former, kept, ids, before=before, by=None, now=now)


@transaction.atomic
def undo(edit: models.StoryEdit, *, by: User | None, now: datetime.datetime) -> models.StoryEdit:
    """Put the articles of an edit back as they stood; those that were moved on since stay. Raises EditError."""
    bulk.lock(story_rows.LOCK)
    edit = models.StoryEdit.objects.select_related("story", "into").get(pk=edit.pk)
    if edit.kind == models.StoryEdit.Kind.UNDO or models.StoryEdit.objects.filter(undoes=edit).exists():
        raise EditError(_("This was undone already."))
    at = follow(edit.into)
    story = follow(edit.story) if edit.kind == models.StoryEdit.Kind.MOVE else edit.story
    articles = list(models.Article.objects.filter(pk__in=edit.articles, story=at).order_by("pk"))
    if not articles or story == at:
        raise EditError(_("The articles were moved on since: nothing is left to undo."))
    ids = [article.pk for article in articles]
    before = state(articles)
    carry(ids, at, story, now=now)
    restore(edit.before, at=story)
    if edit.kind == models.StoryEdit.Kind.JOIN:
        # What an editor took apart does not join again.
        models.Article.objects.filter(pk__in=ids).update(story_pinned=True)
    story_rows.recount([story.pk, at.pk], now=now)
    return record(models.StoryEdit.Kind.UNDO, at, story, ids, before=before, by=by, now=now, undoes=edit)


def follow(story: models.Story) -> models.Story:
    """The story that a story's address leads to: itself, unless it was merged into another one."""
    found = models.Story.objects.get(pk=story.pk)
    while found.merged_into is not None:
        found = found.merged_into
    return found


def new_story(article: models.Article, *, now: datetime.datetime) -> models.Story:
    """A story without articles, begun when this one was published."""
    return models.Story.objects.create(
        first_at=article.published_at, last_at=article.published_at, changed_at=now
    )


def carry(
    articles: Collection[int],
    story: models.Story,
    into: models.Story,
    *,
    now: datetime.datetime,
    pinned: bool = True,
) -> None:
    """Put articles from one story into another; the address of one that is left empty leads to the other."""
    models.Story.objects.filter(pk=into.pk).update(merged_into=None)
    models.Article.objects.filter(pk__in=articles).update(story=into, story_pinned=pinned)
    story_rows.recount([story.pk, into.pk], now=now)
    models.Story.objects.filter(pk=story.pk, article_count=0).update(merged_into=into)


def state(articles: Iterable[models.Article]) -> dict[str, list[Any]]:
    """How articles are placed, by their ids, as JSON has them."""
    return {str(article.pk): [getattr(article, name) for name in PLACE] for article in articles}


def restore(before: dict[str, list[Any]], *, at: models.Story) -> None:
    """Place the articles of a story as they were; a relation to an article that left it stays cut."""
    rows = {str(row.pk): row for row in models.Article.objects.filter(pk__in=before, story=at)}
    joined = {values[number] for values in before.values() for number in (4, 5)}
    there = set(models.Article.objects.filter(pk__in=joined - {None}, story=at).values_list("pk", flat=True))
    for key, row in rows.items():
        __, row.story_pinned, row.story_reason, row.story_similarity, beside, original = before[key]
        row.story_joined_id = beside if beside in there else None
        row.near_duplicate_of_id = original if original in there else None
    fields = [name.removesuffix("_id") for name in PLACE if name != "story_id"]
    models.Article.objects.bulk_update(rows.values(), fields)


def record(
    kind: models.StoryEdit.Kind,
    story: models.Story,
    into: models.Story,
    articles: list[int],
    *,
    before: dict[str, list[Any]],
    by: User | None,
    now: datetime.datetime,
    undoes: models.StoryEdit | None = None,
) -> models.StoryEdit:
    """Write down what was done."""
    return models.StoryEdit.objects.create(
        kind=kind, at=now, by=by, story=story, into=into, articles=articles, before=before, undoes=undoes
    )
