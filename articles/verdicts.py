"""People's words about tags: kept, and upheld whenever the article is tagged.

A tag is settled by an editor's word, or by two analysts' (articles.tagging.agreement). One that is settled as wrong is
taken out of the tags, so that no list, search, count or alert knows of it; its evidence stays, and the article's page
says so (WithdrawnTag). One that is settled as belonging there, though recognition gives none, becomes a tag marked
`by_hand`. Both survive re-tagging, because `uphold` is part of storing tags. Must not change the watch list: that takes
a suggestion that an editor applies (articles.suggestions). Alerts that were mailed stay mailed.
"""

import datetime
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from django.db import transaction
from django.db.models import Manager

from articles import bulk, models, search_rows
from articles.tagging import agreement
from newswatch.accounts.models import User

Kind = Literal["company", "theme"]
LONGEST_NOTE = 500
# Of a tag given by hand, whatever recognition would have said.
CONFIDENCE_BY_HAND = 1.0
DUE_EVENTS = "articles_eventsdue (article_id)"


@dataclass(frozen=True, slots=True)
class Tag:
    """A company or a theme, as an article can be tagged with it."""

    kind: Kind
    pk: int

    @property
    def key(self) -> dict[str, Any]:
        """The columns that hold it, in every table of tags."""
        return {f"{self.kind}_id": self.pk}


def tag_of(row: "models.TagVerdict | models.WithdrawnTag") -> Tag:
    """What a row is about."""
    if row.company_id is not None:
        return Tag("company", row.company_id)
    return Tag("theme", row.theme_id or 0)


def may_edit(user: User) -> bool:
    """Whether this person's word settles a tag alone."""
    return user.has_perm("articles.change_company")


@transaction.atomic
def say(
    article: models.Article, tag: Tag, *, belongs: bool, by: User, now: datetime.datetime, note: str = ""
) -> models.TagVerdict:
    """Keep a person's word on a tag, in place of what she said before, and let it take effect."""
    locked = models.Article.objects.select_for_update(of=("self",)).only("pk", "recognised_by")
    tagger = locked.get(pk=article.pk).recognised_by
    kinds = models.TagVerdict.Verdict
    given = kinds.RIGHT if is_recognised(article.pk, tag) else kinds.MISSING
    made, _ = models.TagVerdict.objects.update_or_create(
        article_id=article.pk,
        user=by,
        **tag.key,
        defaults={
            "verdict": given if belongs else kinds.WRONG,
            "by_editor": may_edit(by),
            "made_at": now,
            "note": note[:LONGEST_NOTE],
            "tagger": tagger,
        },
    )
    take_effect(article.pk)
    return made


@transaction.atomic
def take_back(article: models.Article, tag: Tag, *, by: User) -> None:
    """Forget what a person said about a tag."""
    models.Article.objects.select_for_update(of=("self",)).only("pk").get(pk=article.pk)
    models.TagVerdict.objects.filter(article_id=article.pk, user=by, **tag.key).delete()
    take_effect(article.pk)


def is_recognised(article: int, tag: Tag) -> bool:
    """Whether recognition gives an article this tag, whatever people say of it."""
    given = tags(tag.kind).filter(article_id=article, by_hand=False, **tag.key)
    withdrawn = models.WithdrawnTag.objects.filter(article_id=article, **tag.key)
    return given.exists() or withdrawn.exists()


def take_effect(article: int) -> None:
    """Bring an article's tags in line with what is said of them now, and have its events read again."""
    restore(article)
    uphold([article])
    search_rows.relabel([article])
    bulk.copy(DUE_EVENTS, [(article,)])


def restore(article: int) -> None:
    """The tags as recognition gave them."""
    for model in (models.CompanyTag, models.ThemeTag):
        model.objects.filter(article_id=article, by_hand=True).delete()
    published = models.Article.objects.values_list("published_at", flat=True).get(pk=article)
    for row in models.WithdrawnTag.objects.filter(article_id=article):
        tag = tag_of(row)
        tags(tag.kind).create(article_id=article, published_at=published, **tag.key, **kept(tag.kind, row))
        row.delete()


def uphold(articles: Collection[int]) -> None:
    """Apply what is settled to articles that have just been tagged. One query where nobody said anything."""
    for (article, tag), belongs in settled(articles):
        if belongs:
            give(article, tag)
        else:
            withdraw(article, tag)


def settled(articles: Collection[int]) -> Iterator[tuple[tuple[int, Tag], bool]]:
    """The tags of these articles on which people's words are settled, and how."""
    said: dict[tuple[int, Tag], list[agreement.Vote]] = {}
    for row in models.TagVerdict.objects.filter(article_id__in=articles).order_by("pk"):
        said.setdefault((row.article_id, tag_of(row)), []).append(vote(row))
    for key, votes in said.items():
        if (belongs := agreement.settle(votes)) is not None:
            yield key, belongs


def vote(row: models.TagVerdict) -> agreement.Vote:
    """A verdict as it counts."""
    return agreement.Vote(row.agrees, row.by_editor, row.made_at)


def settle(rows: Iterable[models.TagVerdict]) -> bool | None:
    """Whether verdicts on one tag are settled, and how."""
    return agreement.settle(vote(row) for row in rows)


def give(article: int, tag: Tag) -> None:
    """Tag an article by hand, unless it has the tag."""
    published = models.Article.objects.values_list("published_at", flat=True).get(pk=article)
    strength: dict[str, float] = {"confidence": CONFIDENCE_BY_HAND}
    if tag.kind == "theme":
        strength = {"score": models.Theme.objects.values_list("threshold", flat=True).get(pk=tag.pk)}
    tags(tag.kind).get_or_create(
        article_id=article,
        **tag.key,
        defaults={"published_at": published, "by_hand": True, **strength},
    )


def withdraw(article: int, tag: Tag) -> None:
    """Take a tag out of an article's tags, and keep what is needed to give it back."""
    row = tags(tag.kind).filter(article_id=article, **tag.key).first()
    if row is None:
        return
    if isinstance(row, models.CompanyTag):
        strength, words = row.confidence, row.aliases
    else:
        strength, words = row.score, row.subthemes
    models.WithdrawnTag.objects.create(article_id=article, **tag.key, strength=strength, words=words)
    row.delete()


def kept(kind: Kind, row: models.WithdrawnTag) -> dict[str, object]:
    """What a withdrawn tag needs to be a tag again."""
    if kind == "company":
        return {"confidence": row.strength, "aliases": row.words}
    return {"score": row.strength, "subthemes": row.words}


def tags(kind: Kind) -> "Manager[Any]":
    """The table of tags of a kind."""
    return models.CompanyTag.objects if kind == "company" else models.ThemeTag.objects
