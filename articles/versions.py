"""An article's versions as its page shows them: what each change of the outlet's did to title and text."""

import datetime
from dataclasses import dataclass

from articles import models
from articles.pages import revision

# A page compares so many; older ones stay in the table.
MOST = 20


@dataclass(frozen=True, slots=True)
class Change:
    """How version `number` became the next one, at `at`. `title` is empty if the title stayed."""

    number: int
    at: datetime.datetime
    title: tuple[revision.Piece, ...]
    blocks: tuple[revision.Block, ...]

    @property
    def is_of_text(self) -> bool:
        """Whether the text changed too, not just the title."""
        return not all(block.is_kept for block in self.blocks)


def changes(article: models.Article) -> list[Change]:
    """The changes, newest first; its versions are at hand. What our own reading changed is passed over."""
    found = []
    title, body = article.title, article.body
    for version in list(article.versions.all())[:MOST]:
        if version.is_outlets:
            heads = () if version.title == title else revision.compare_line(version.title, title)
            blocks = revision.compare(version.body, body)
            found.append(Change(version.number, version.replaced_at, heads, blocks))
        title, body = version.title, version.body
    return found
