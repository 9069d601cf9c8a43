"""Hits to what one mail says: articles that tell the same story stand together, and a story is mailed once.

A story is told by its title alone here: two articles with other words in their titles are two stories. Must not store
or send anything, nor read the clock.
"""

import datetime
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

# Another outlet's article under the same title tells the same story this long.
RETOLD_WITHIN = datetime.timedelta(days=3)
# The outlet's own article does so for a shorter time: what comes a day later is the next of a column or a table.
REISSUED_WITHIN = datetime.timedelta(hours=12)
# A title with fewer letters ("[TV 하이라이트]") is that of a column.
LEAST_LETTERS = 8
# A column of the database holds this much.
MOST_LETTERS = 200

# What an outlet puts around the same title when the story breaks, grows or gets a picture.
_STAGE = (
    r"속보|단독|상보|종합|\d보|종합\s?\d보|수정|재송|영상|동영상|포토|사진|그래픽|"
    r"exclusive|breaking|update(?:\s?\d)?|updated|video|photos?"
)
_STAGES = re.compile(rf"[\[(<〈【]\s*(?:{_STAGE})\s*[\])>〉】]")
_OTHER_THAN_LETTERS = re.compile(r"[\W_]+")


class Article(Protocol):
    """What of an article tells its story. `story` is its `story_key`."""

    @property
    def story(self) -> str: ...
    @property
    def outlet(self) -> str: ...
    @property
    def published(self) -> datetime.datetime: ...


@dataclass(frozen=True, slots=True)
class Telling:
    """The plainest Article."""

    story: str
    outlet: str
    published: datetime.datetime


Told = TypeVar("Told", bound=Article)


@dataclass(frozen=True, slots=True)
class Group(Generic[Told]):
    """One story: the article that told it first, and the others that tell it."""

    first: Told
    others: tuple[Told, ...]


def story_key(title: str) -> str:
    """The title's letters and digits without case, width, punctuation and marks like "[속보]".

    Empty if they are too few to tell a story by.
    """
    folded = unicodedata.normalize("NFKC", title[: 4 * MOST_LETTERS]).casefold()
    letters = _OTHER_THAN_LETTERS.sub("", _STAGES.sub(" ", folded))
    return letters[:MOST_LETTERS] if len(letters) >= LEAST_LETTERS else ""


def tell_the_same(one: Article, other: Article) -> bool:
    """Whether two articles tell the same story."""
    if not one.story or one.story != other.story:
        return False
    within = REISSUED_WITHIN if one.outlet == other.outlet else RETOLD_WITHIN
    return abs(one.published - other.published) <= within


def group_hits(hits: Iterable[Told]) -> list[Group[Told]]:
    """The hits by story; the stories that began last come first."""
    stories: dict[str, list[list[Told]]] = {}
    groups: list[list[Told]] = []
    for hit in sorted(hits, key=_published):
        of_title = stories.setdefault(hit.story, [])
        group = next((group for group in of_title if tell_the_same(group[0], hit)), None)
        if group is None:
            group = []
            of_title.append(group)
            groups.append(group)
        group.append(hit)
    return [Group(group[0], tuple(group[1:])) for group in reversed(groups)]


def _published(hit: Article) -> datetime.datetime:
    return hit.published
