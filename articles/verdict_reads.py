"""People's words about tags as editors look at them, and as cases that recognition can be tried on.

Must not write. A case is an article with what people said belongs to it and what does not; a tag of which nobody spoke
counts neither way. Where people disagree and nobody settled it, the tag is left out.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case as When
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models import When as Then

from articles import models, readings, verdicts
from articles.tagging import mentions

# Digits of a title's hash, as bench/labels has them.
HASH = 10


@dataclass(frozen=True, slots=True)
class Judged:
    """A tag of an article as people see it: whether it belongs there, and the verdicts that say so."""

    tag: verdicts.Tag
    name: str
    belongs: bool
    verdicts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """An article and what people said of its tags."""

    article: models.Article
    judged: tuple[Judged, ...] = field(default_factory=tuple)

    @property
    def document(self) -> mentions.Document:
        """The article as recognition takes it."""
        return readings.document(self.article)

    def names(self, kind: str, *, belongs: bool) -> list[str]:
        """The companies or themes that belong to it, or that don't."""
        return sorted(one.name for one in self.judged if one.tag.kind == kind and one.belongs == belongs)


def listed(*, against: bool) -> "QuerySet[models.TagVerdict]":
    """The verdicts, newest first, each with `recognised`; `against`: those alone that recognition contradicts."""
    same = {"article": OuterRef("article"), "by_hand": False}
    withdrawn = models.WithdrawnTag.objects.filter(article=OuterRef("article"))
    recognised = (
        Exists(models.CompanyTag.objects.filter(company=OuterRef("company"), **same))
        | Exists(models.ThemeTag.objects.filter(theme=OuterRef("theme"), **same))
        | Exists(withdrawn.filter(company=OuterRef("company")))
        | Exists(withdrawn.filter(theme=OuterRef("theme")))
    )
    found = models.TagVerdict.objects.select_related("article__outlet", "company", "theme", "user")
    found = found.defer("article__body", "article__feed_text", "article__feed_regions")
    marked = found.annotate(
        recognised=When(Then(recognised, then=Value(True)), default=Value(False)),
    )
    wrong = Q(verdict=models.TagVerdict.Verdict.WRONG)
    if against:
        marked = marked.filter(Q(wrong, recognised=True) | Q(~wrong, recognised=False))
    return marked.order_by("-made_at", "-pk")


def cases(*, most: int | None = None, **wanted: Any) -> Iterator[Case]:
    """The cases, those that were judged last first; `wanted` narrows the verdicts."""
    said: dict[int, dict[verdicts.Tag, list[models.TagVerdict]]] = {}
    rows = models.TagVerdict.objects.select_related("company", "theme").filter(**wanted)
    for row in rows.order_by(F("made_at").desc(), "-pk")[:most]:
        said.setdefault(row.article_id, {}).setdefault(verdicts.tag_of(row), []).append(row)
    unneeded = ("feed_text", "feed_regions")
    articles = models.Article.objects.select_related("outlet").defer(*unneeded).in_bulk(list(said))
    for pk, tags in said.items():
        judged = tuple(one for tag, on in tags.items() if (one := judge(tag, on)))
        if judged and pk in articles:
            yield Case(articles[pk], judged)


def judge(tag: verdicts.Tag, rows: Sequence[models.TagVerdict]) -> Judged | None:
    """What people think of a tag; None where they disagree."""
    belongs = verdicts.settle(rows)
    if belongs is None:
        opinions = {row.agrees for row in rows}
        if len(opinions) > 1:
            return None
        belongs = opinions.pop()
    owner = rows[0].company or rows[0].theme
    return Judged(tag, owner.name if owner else "", belongs, tuple(sorted(row.pk for row in rows)))


def exported(found: Iterable[Case], *, texts: bool) -> Iterator[dict[str, object]]:
    """The cases as JSON values: ids and labels, and the publishers' texts only if they are asked for."""
    for case in found:
        article = case.article
        line: dict[str, object] = {
            "id": article.pk,
            "url": article.url,
            "sha1": hashlib.sha1(article.title.encode(), usedforsecurity=False).hexdigest()[:HASH],
            "companies": case.names("company", belongs=True),
            "not_companies": case.names("company", belongs=False),
            "themes": case.names("theme", belongs=True),
            "not_themes": case.names("theme", belongs=False),
        }
        yield line | ({"title": article.title, "text": article.body} if texts else {})
