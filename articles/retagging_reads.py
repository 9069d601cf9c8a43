"""What the desk shows of a preview or a re-tagging: counts, and examples with their evidence."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber

from articles import models, rules

# Examples for each direction, forms for each name.
MOST_EXAMPLES = 20
MOST_FORMS = 30


@dataclass(frozen=True, slots=True)
class Example:
    """An article that would gain or lose a tag: the sentence in three pieces, the form in the middle, and why."""

    article: models.Article
    before: str
    form: str
    after: str
    reason: str


@dataclass(frozen=True, slots=True)
class FormCount:
    """A form that speaks for a tag, in how many of the articles, and some of them."""

    form: str
    count: int
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A tag that articles would gain or lose, form by form."""

    name: str
    is_added: bool
    count: int
    forms: tuple[FormCount, ...]
    more_forms: int


def groups(job: models.Retagging) -> list[Group]:
    """The tags that a preview has found to be gained or lost, the most frequent first."""
    rows = list(
        job.changes.values_list("is_added", "kind", "name", "form")
        .annotate(n=Count("pk"))
        .order_by("-n", "name", "form")
    )
    examples = _examples(job)
    return sorted(_groups(rows, examples), key=lambda group: (not group.is_added, -group.count, group.name))


Key = tuple[bool, str, str, str]


def _groups(
    rows: list[tuple[bool, str, str, str, int]], examples: dict[Key, list[Example]]
) -> Iterator[Group]:
    for is_added, kind, name in dict.fromkeys(row[:3] for row in rows):
        forms = [row for row in rows if row[:3] == (is_added, kind, name)]
        told = tuple(
            FormCount(row[3], row[4], tuple(examples.get(row[:4], ()))) for row in forms[:MOST_FORMS]
        )
        yield Group(name, is_added, sum(row[4] for row in forms), told, max(0, len(forms) - MOST_FORMS))


def _examples(job: models.Retagging) -> dict[Key, list[Example]]:
    """The newest articles for each form, in turn, so that each has some."""
    found: dict[Key, list[Example]] = {}
    turn = Window(
        RowNumber(),
        partition_by=[F("is_added"), F("kind"), F("name"), F("form")],
        order_by=F("article_id").desc(),
    )
    for is_added in (True, False):
        some = job.changes.filter(is_added=is_added).annotate(turn=turn).order_by("turn", "-article_id")
        for change in some.select_related("article__outlet").defer("article__body")[:MOST_EXAMPLES]:
            key = (change.is_added, change.kind, change.name, change.form)
            found.setdefault(key, []).append(_example(change))
    return found


def _example(change: models.TagChange) -> Example:
    sentence = change.sentence
    return Example(
        change.article,
        sentence[: change.start],
        sentence[change.start : change.end],
        sentence[change.end :],
        rules.words_for(change.rule),
    )


def latest(of: "models.Company | models.Theme") -> models.Retagging | None:
    """The re-tagging under way because of a company or theme, or the last one."""
    return of.retaggings.filter(is_preview=False).order_by("-pk").first()
