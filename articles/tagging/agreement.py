"""When people's words about a tag are settled: an editor's, or two analysts' who agree.

Pure: knows votes, and neither people nor tags.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

# So many analysts must agree, and be more than those who don't.
ENOUGH = 2


@dataclass(frozen=True, slots=True)
class Vote:
    """One person's word: whether the tag belongs to the article, whether she was an editor then, and when it was."""

    agrees: bool
    by_editor: bool
    at: datetime


def settle(votes: Iterable[Vote]) -> bool | None:
    """Whether the tag belongs to the article; None while that is open.

    The latest word of an editor decides. Without one, two analysts do if more say so than don't.
    """
    votes = tuple(votes)
    editors = [vote for vote in votes if vote.by_editor]
    if editors:
        return max(editors, key=lambda vote: vote.at).agrees
    agree = sum(vote.agrees for vote in votes)
    disagree = len(votes) - agree
    if max(agree, disagree) < ENOUGH or agree == disagree:
        return None
    return agree > disagree
