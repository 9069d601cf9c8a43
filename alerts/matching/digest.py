"""Hits to what one mail says: articles of the same story stand together, and a story is mailed once.

Which story an article tells is known by then (articles.stories). What is decided here is how long a story stays told:
until nothing has come of it for some days; and that a column under its usual title is news each time. Must not store
or send anything, nor read the clock.
"""

import datetime
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

# A story of which nothing came for longer than this is told anew.
RETOLD_WITHIN = datetime.timedelta(days=3)
# An outlet's own article under the same title is the next of a column or a table if it comes later than this.
REISSUED_WITHIN = datetime.timedelta(hours=12)
# Letters of a title that are compared.
MOST_LETTERS = 200

# What an outlet puts around the same title when the story breaks, grows or gets a picture.
_STAGE = (
    r"속보|단독|상보|종합|\d보|종합\s?\d보|수정|재송|영상|동영상|포토|사진|그래픽|"
    r"exclusive|breaking|update(?:\s?\d)?|updated|video|photos?"
)
_STAGES = re.compile(rf"[\[(<〈【]\s*(?:{_STAGE})\s*[\])>〉】]")
_OTHER_THAN_LETTERS = re.compile(r"[\W_]+")


class Article(Protocol):
    """What of an article tells its story; `story` is None for one that was never placed."""

    @property
    def story(self) -> int | None: ...
    @property
    def title(self) -> str: ...
    @property
    def outlet(self) -> str: ...
    @property
    def published(self) -> datetime.datetime: ...


@dataclass(frozen=True, slots=True)
class Telling:
    """The plainest Article."""

    story: int | None
    title: str
    outlet: str
    published: datetime.datetime


Told = TypeVar("Told", bound=Article)


@dataclass(frozen=True, slots=True)
class Group(Generic[Told]):
    """One story: the article that told it first, and the others that tell it."""

    first: Told
    others: tuple[Told, ...]


def title_key(title: str) -> str:
    """The title's letters and digits without case, width, punctuation and marks like "[속보]"."""
    folded = unicodedata.normalize("NFKC", title[: 4 * MOST_LETTERS]).casefold()
    return _OTHER_THAN_LETTERS.sub("", _STAGES.sub(" ", folded))[:MOST_LETTERS]


def tell_the_same(one: Article, other: Article) -> bool:
    """Whether two articles tell the same story."""
    return one.story is not None and one.story == other.story and not is_next_of_a_column(one, other)


def is_next_of_a_column(one: Article, other: Article) -> bool:
    """Whether an outlet uses a title again so much later that it is a column's or a table's."""
    apart = abs(one.published - other.published)
    return (
        one.outlet == other.outlet
        and apart > REISSUED_WITHIN
        and title_key(one.title) == title_key(other.title)
    )


def is_told(one: Article, others: Sequence[tuple[Article, bool]]) -> bool:
    """Whether a story has been told, given other articles of it and which of them were mailed.

    One was mailed, and the story has not been silent since for longer than RETOLD_WITHIN.
    """
    same = [(other, mailed) for other, mailed in others if tell_the_same(one, other)]
    if not any(mailed for _, mailed in same):
        return False
    return any(abs(one.published - other.published) <= RETOLD_WITHIN for other, _ in same)


def group_hits(hits: Iterable[Told]) -> list[Group[Told]]:
    """The hits by story; the stories that began last come first."""
    stories: dict[int | None, list[list[Told]]] = {}
    groups: list[list[Told]] = []
    for hit in sorted(hits, key=_published):
        of_story = stories.setdefault(hit.story, [])
        group = next((group for group in of_story if tell_the_same(group[0], hit)), None)
        if group is None:
            group = []
            of_story.append(group)
            groups.append(group)
        group.append(hit)
    return [Group(group[0], tuple(group[1:])) for group in reversed(groups)]


def _published(hit: Article) -> datetime.datetime:
    return hit.published
