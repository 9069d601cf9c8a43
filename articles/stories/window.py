"""Stories: each arriving article is placed beside those of the last days that tell the same, or begins a story.

The window holds fingerprints alone and is as good after `restore` as before. Knows no database and no clock: times are
those of the articles. Must not move an article that has been placed; only an editor does that (`assign`, `merge`).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from articles.stories import similarity, templates

Id = int | str
# The newest articles under a word are enough: a word that more share tells no story by itself.
MOST_POSTINGS = 200
# So many of a headline's rarest words look for candidates.
MOST_KEYS = 10
MOST_CANDIDATES = 40
JOIN = 0.5
COPY = 0.8
DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Document:
    """An article to be placed. `published` is aware."""

    id: Id
    title: str
    text: str
    published: datetime
    outlet: str
    language: str = ""
    version: int = 1


@dataclass(frozen=True, slots=True)
class Placement:
    """Where an article was placed, and why.

    `story` is the id of the article that began the story. `near_duplicate_of` is an earlier article of the story that
    it copies or revises. `similarity` (0 to 1) is that to `joined`, the article beside which it was placed; 0 and
    None if it began the story. `reason` is a code: alone, template, same-title, same-text, similar, pinned, known.
    """

    id: Id
    story: Id
    near_duplicate_of: Id | None
    similarity: float
    reason: str
    joined: Id | None
    fingerprint: bytes


@dataclass(frozen=True, slots=True)
class Placed:
    """An article that was placed earlier, as it is stored."""

    id: Id
    story: Id
    fingerprint: bytes
    published: datetime
    outlet: str
    pinned: bool = False


@dataclass(slots=True)
class _Member:
    id: Id
    story: Id
    published: float
    outlet: str
    taken: similarity.Print
    pinned: bool = False


class Window:
    """The articles of some days, by their words."""

    def __init__(self, *, days: float = 14) -> None:
        self.days = days
        self._members: dict[Id, _Member] = {}
        self._postings: defaultdict[int, list[Id]] = defaultdict(list)
        self._counts: defaultdict[int, int] = defaultdict(int)
        self._stories: defaultdict[Id, list[Id]] = defaultdict(list)
        self._merged: dict[Id, Id] = {}

    def __len__(self) -> int:
        return len(self._members)

    def place(self, documents: Iterable[Document]) -> list[Placement]:
        """Place each; the answers come in the order given, and don't depend on it."""
        given = list(documents)
        prints = {one.id: similarity.take_print(one.title, one.text) for one in given}
        placed: dict[Id, Placement] = {}
        for document in sorted(given, key=_order):
            if document.id not in placed:
                placed[document.id] = self._place(document, prints[document.id])
        return [placed[document.id] for document in given]

    def restore(self, placed: Iterable[Placed]) -> None:
        """Take in what was placed earlier. Raises ValueError for a fingerprint that can't be read."""
        for one in sorted(placed, key=_order):
            taken = similarity.unpack(one.fingerprint)
            self._add(_Member(one.id, one.story, _seconds(one.published), one.outlet, taken, one.pinned))

    def assign(self, id: Id, story: Id) -> None:
        """An editor moved this article; it stays there."""
        member = self._members.get(id)
        if member is None:
            return
        self._stories[member.story].remove(id)
        member.story, member.pinned = story, True
        self._stories[story].append(id)

    def merge(self, story: Id, into: Id) -> None:
        """An editor joined two stories: what would join the one joins the other."""
        if story == into:
            return
        self._merged[story] = into
        for one in self._stories.pop(story, []):
            self._members[one].story = into
            self._stories[into].append(one)

    def forget(self, before: datetime) -> None:
        """Drop the articles published earlier."""
        limit = _seconds(before)
        kept = [member for member in self._members.values() if member.published >= limit]
        self._members, self._stories = {}, defaultdict(list)
        self._postings, self._counts = defaultdict(list), defaultdict(int)
        for member in kept:
            self._add(member)

    def _place(self, document: Document, taken: similarity.Print) -> Placement:
        packed = similarity.pack(taken)
        known = self._members.get(document.id)
        if known is not None:
            reason = "pinned" if known.pinned else "known"
            return Placement(document.id, known.story, None, 0.0, reason, None, packed)
        published = _seconds(document.published)
        best, score, copied = self._nearest(taken, published, document.outlet)
        story = best.story if best else document.id
        self._add(_Member(document.id, story, published, document.outlet, taken))
        if best is None:
            reason = "alone" if taken.kind is templates.Kind.NEWS else "template"
            return Placement(document.id, story, None, 0.0, reason, None, packed)
        reason = "same-title" if best.taken.whole == taken.whole else "same-text" if copied else "similar"
        return Placement(document.id, story, best.id if copied else None, score, reason, best.id, packed)

    def _nearest(
        self, taken: similarity.Print, published: float, outlet: str
    ) -> tuple[_Member | None, float, bool]:
        best, most, copied = None, 0.0, False
        for candidate in self._candidates(taken):
            member = self._members[candidate]
            if abs(member.published - published) > self.days * DAY:
                continue
            score, copy = self._compare(taken, member, published)
            if score >= JOIN and score > most:
                best, most, copied = member, score, copy
        return best, most, copied

    def _candidates(self, taken: similarity.Print) -> list[Id]:
        keys = sorted((word for word in taken.title), key=lambda word: (self._counts[word], word))
        shared: defaultdict[Id, float] = defaultdict(float)
        for word in keys[:MOST_KEYS]:
            weight = self._weight(word)
            for one in self._postings[word][-MOST_POSTINGS:]:
                shared[one] += weight
        return sorted(shared, key=lambda one: (-shared[one], str(one)))[:MOST_CANDIDATES]

    def _compare(self, taken: similarity.Print, member: _Member, published: float) -> tuple[float, bool]:
        other = member.taken
        same_title = bool(taken.whole) and taken.whole == other.whole
        days = abs(published - member.published) / DAY
        if taken.kind is not templates.Kind.NEWS or other.kind is not templates.Kind.NEWS:
            return (1.0, True) if same_title and taken.kind == other.kind and days < 0.75 else (0.0, False)
        title = self._cosine(taken.title, other.title)
        lead = self._cosine(taken.lead, other.lead)
        if same_title and days < 3:
            return 1.0, True
        score = 0.65 * title + 0.35 * lead if taken.lead and other.lead else 0.85 * title
        return score * math.exp(-days / 10), lead >= COPY

    def _weight(self, word: int) -> float:
        return math.log((len(self._members) + 1000) / (self._counts[word] + 0.5))

    def _cosine(self, one: frozenset[int], other: frozenset[int]) -> float:
        if not one or not other:
            return 0.0
        total = [sum(self._weight(word) ** 2 for word in words) for words in (one & other, one, other)]
        return total[0] / math.sqrt(total[1] * total[2])

    def _add(self, member: _Member) -> None:
        if member.id in self._members:
            return
        member.story = self._merged.get(member.story, member.story)
        self._members[member.id] = member
        self._stories[member.story].append(member.id)
        for word in member.taken.title:
            self._postings[word].append(member.id)
            self._counts[word] += 1


def _order(one: Document | Placed) -> tuple[float, str]:
    return _seconds(one.published), str(one.id)


def _seconds(moment: datetime) -> float:
    return moment.astimezone(UTC).timestamp()
