"""Stories: each arriving article is placed beside those of the last days that tell the same, or begins a story.

The articles of one call are placed together, earliest first, then stories that began in the same call are joined
where they turn out to be one; the order in which they are given changes nothing. A story that an earlier call told is
never taken apart, and is joined to another only whole, while it is young, where an arriving article is likely one with
both (`joined`); anything else only an editor does (`assign`, `merge`).

The window holds fingerprints alone and is as good after `restore` as before. Knows no database and no clock: times are
those of the articles.
"""

from __future__ import annotations

import bisect
import functools
import itertools
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from articles.stories import counts, postings, prints, similarity, templates

Id = int | str

# A headline's weightiest pieces and words bring the candidates, of which the ones with most in common are compared.
MOST_PIECES, MOST_WORDS, MOST_CANDIDATES = 12, 8, 60
# An article joins a story if it is this likely the same, by its nearest article and on average.
JOIN, LEAST_LINK = 0.7, 0.4
# Two stories are one if, of their articles, the average pair is this likely the same; the nearest counts a fifth. But
# not if half of the pairs are less likely than STRANGE: an article that tells of two events does not make them one.
MERGE, NEAREST_COUNTS, STRANGE = 0.5, 0.2, 0.1
# Two stories of earlier calls can still turn out to be one while the later one is this young.
YOUNG_HOURS = 24.0
# So many articles stand for a story, evenly from the first to the last.
MOST_SPOKESMEN = 8
# A headline that its outlet prints again later than this is that of a column, unless the lead is the same too.
REPRINT_HOURS, SAME_LEAD = 18.0, 0.5
DAY, HOUR = 86_400.0, 3_600.0
# What stands under one headline every day tells nothing by it.
_TELLING = (templates.Kind.PEOPLE, templates.Kind.PICTURE, templates.Kind.COLUMN)
_CACHED_PRINTS = 4096


@dataclass(frozen=True, slots=True)
class Document:
    """An article to be placed. `published` is aware. A higher `version` of a placed article stays in its story."""

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


@dataclass(frozen=True, slots=True)
class Joined:
    """A story of an earlier call whose articles all went into an earlier story: both turned out to be one."""

    story: Id
    into: Id


@dataclass(slots=True)
class _Member:
    id: Id
    story: Id
    published: float
    outlet: str
    packed: bytes
    pinned: bool = False


# Of an article, by the number of another: how likely both tell the same.
Links = dict[int, float]


class Window:
    """The articles of some days, by what they say. Times further apart than `days` are never one story."""

    def __init__(self, *, days: float = 14) -> None:
        self.days = days
        self._pieces, self._words = counts.Counts("piece"), counts.Counts("word")
        self._postings = postings.Postings(self._age)
        self._members: dict[int, _Member] = {}
        self._slots: dict[Id, int] = {}
        # A story of one article that began it is not listed: most are.
        self._stories: dict[Id, list[int]] = {}
        self._days: defaultdict[int, set[int]] = defaultdict(set)
        self._merged: dict[Id, Id] = {}
        self._enlarged: set[Id] = set()
        # What the last call of `place` joined, in this order.
        self.joined: list[Joined] = []
        self._next = itertools.count()
        self._unpack = functools.lru_cache(maxsize=_CACHED_PRINTS)(prints.unpack)

    def __len__(self) -> int:
        return len(self._members)

    def place(self, documents: Iterable[Document]) -> list[Placement]:
        """Place each; the answers come in the order given, and don't depend on it."""
        given = list(documents)
        newest = {one.id: one for one in sorted(given, key=_precedence)}
        batch = sorted(newest.values(), key=_order)
        taken = {one.id: prints.take_print(one.title, one.text) for one in batch}
        before = {one.id for one in batch if one.id in self._slots}
        for one in batch:
            self._count(taken[one.id], self._slots.get(one.id))
        weighing = self._weighing()
        links = {one.id: self._place(one, taken[one.id], weighing) for one in batch}
        self.joined = []
        self._join_stories({id: found for id, found in links.items() if id not in before}, weighing)
        told = self._both_ways(links)
        placed = {id: self._placement(id, found, known=id in before) for id, found in told.items()}
        return [placed[one.id] for one in given]

    def fingerprint(self, title: str, text: str) -> bytes:
        """The fingerprint of an article with these words, weighed as the window's words are now; none is placed."""
        taken = prints.take_print(title, text)
        return prints.pack(taken, self._weighing().norms(taken))

    def restore(self, placed: Iterable[Placed]) -> None:
        """Take in what was placed earlier. Raises ValueError for a fingerprint that can't be read."""
        for one in sorted(placed, key=_order):
            if one.id not in self._slots:
                self._count(self._unpack(one.fingerprint)[0], None)
                story = self._resolve(one.story)
                self._add(
                    _Member(one.id, story, _seconds(one.published), one.outlet, one.fingerprint, one.pinned)
                )

    def assign(self, id: Id, story: Id) -> None:
        """An editor moved this article; it stays there. Of an article that the window has not, nothing is noted."""
        slot = self._slots.get(id)
        if slot is not None:
            self._move(slot, self._resolve(story))
            self._members[slot].pinned = True

    def merge(self, story: Id, into: Id) -> None:
        """An editor joined two stories: what would join the one joins the other."""
        if self._resolve(story) != self._resolve(into):
            self.join(story, into)
            self._enlarged.add(self._resolve(into))

    def join(self, story: Id, into: Id) -> None:
        """Two stories turned out to be one, here or in another window of the same articles."""
        story, into = self._resolve(story), self._resolve(into)
        if story != into:
            for slot in self._of(story):
                self._move(slot, into)
            self._merged[story] = into

    def forget(self, before: datetime) -> None:
        """Drop the articles published earlier."""
        limit = _seconds(before)
        for day in [day for day in self._days if day * DAY < limit]:
            for slot in [slot for slot in self._days[day] if self._members[slot].published < limit]:
                self._drop(slot)

    # Placing

    def _place(self, document: Document, taken: prints.Print, weighing: similarity.Weighing) -> Links:
        """Put the article into the window: where it was, into the likeliest story, or into one of its own."""
        packed = prints.pack(taken, weighing.norms(taken))
        member = _Member(document.id, document.id, _seconds(document.published), document.outlet, packed)
        known = self._slots.get(document.id)
        if known is not None:
            former = self._members[known]
            member.story, member.pinned = former.story, former.pinned
            self._drop(known, counted=False)
        links = self._links(member, weighing)
        if known is None:
            member.story = self._likeliest(member, links, weighing)
        self._add(member)
        return links

    def _links(self, member: _Member, weighing: similarity.Weighing) -> Links:
        """The articles that are likely enough the same, and how likely."""
        taken, _ = self._unpack(member.packed)
        if taken.kind is not templates.Kind.NEWS:
            return {slot: 1.0 for slot in self._postings.get(taken.whole) if self._is_twin(member, slot)}
        links = {slot: self._likelihood(member, slot, weighing) for slot in self._candidates(taken, weighing)}
        return {slot: likely for slot, likely in links.items() if likely >= LEAST_LINK}

    def _candidates(self, taken: prints.Print, weighing: similarity.Weighing) -> list[int]:
        evidence: defaultdict[int, float] = defaultdict(float)
        for word, weight in itertools.chain(
            _weightiest(taken.pieces, weighing.piece, MOST_PIECES),
            ((word, 2 * weight) for word, weight in _weightiest(taken.words, weighing.word, MOST_WORDS)),
        ):
            for slot in self._postings.get(word):
                evidence[slot] += weight
        ranked = sorted(evidence.items(), key=lambda found: -found[1])
        if len(ranked) > MOST_CANDIDATES:
            # Equals are told apart by age, which does not depend on when they were added.
            least = ranked[MOST_CANDIDATES - 1][1]
            ranked = sorted(
                (found for found in ranked if found[1] >= least),
                key=lambda found: (-found[1], self._age(found[0])),
            )
        return [slot for slot, _ in ranked[:MOST_CANDIDATES]]

    def _likelihood(self, member: _Member, slot: int, weighing: similarity.Weighing) -> float:
        other = self._members[slot]
        apart = abs(member.published - other.published)
        if apart > self.days * DAY:
            return 0.0
        first, second = self._unpack(member.packed), self._unpack(other.packed)
        if second[0].kind is not templates.Kind.NEWS or _is_reprint(member, other, first[0], second[0]):
            return 0.0
        return similarity.likelihood(first, second, days=apart / DAY, weighing=weighing)

    def _is_twin(self, member: _Member, slot: int) -> bool:
        """Whether two templated items are one that two outlets carry."""
        other = self._members[slot]
        one, two = self._unpack(member.packed)[0], self._unpack(other.packed)[0]
        if one.kind is not two.kind or not one.whole or one.whole != two.whole:
            return False
        if abs(member.published - other.published) > REPRINT_HOURS * HOUR:
            return False
        if one.lead and two.lead:
            return similarity.shares_lead(one, two, SAME_LEAD) or one.lead == two.lead
        return one.kind in _TELLING

    def _likeliest(self, member: _Member, links: Links, weighing: similarity.Weighing) -> Id:
        """The story that the article joins; its own if none is likely enough."""
        nearest: dict[Id, float] = {}
        for slot, likely in links.items():
            story = self._members[slot].story
            nearest[story] = max(nearest.get(story, 0.0), likely)
        scored = (
            (0.5 * likely + 0.5 * self._average(member, story, links, weighing), story)
            for story, likely in nearest.items()
            if likely >= JOIN
        )
        best = max(scored, key=lambda found: (found[0], self._since(found[1])), default=None)
        return best[1] if best and best[0] >= JOIN else self._resolve(member.id)

    def _average(self, member: _Member, story: Id, links: Links, weighing: similarity.Weighing) -> float:
        """How likely the story's articles are the same as this one, taken together."""
        if self._unpack(member.packed)[0].kind is not templates.Kind.NEWS:
            return 1.0
        if self._is_edited(story):
            # What an editor put together need not be alike: its nearest article speaks for it.
            return max(links[slot] for slot in links if self._members[slot].story == story)
        likely = [
            links[slot] if slot in links else self._likelihood(member, slot, weighing)
            for slot in self._spokesmen(story)
        ]
        return math.fsum(likely) / len(likely)

    def _is_edited(self, story: Id) -> bool:
        return story in self._enlarged or any(self._members[slot].pinned for slot in self._of(story))

    # Joining stories

    def _join_stories(self, links: dict[Id, Links], weighing: similarity.Weighing) -> None:
        """Join stories that began in this call, or are young, to those they are one with, the likeliest first."""
        linked = [(self._slots[id], slot) for id, found in links.items() for slot in found]
        scores: dict[tuple[Id, Id], float] = {}
        while True:
            pairs = {pair for one, other in linked if (pair := self._pair(one, other, links))}
            for pair in pairs:
                if pair not in scores:
                    scores[pair] = self._oneness(*pair, weighing)
            likely = [pair for pair in pairs if scores[pair] >= MERGE]
            if not likely:
                return
            changed: set[Id] = set()
            for earlier, later in sorted(likely, key=lambda pair: (-scores[pair], *map(self._since, pair))):
                if earlier not in changed and later not in changed:
                    changed |= {earlier, later}
                    self._join_two(earlier, later, links)
            scores = {pair: score for pair, score in scores.items() if changed.isdisjoint(pair)}

    def _join_two(self, earlier: Id, later: Id, new: dict[Id, Links]) -> None:
        if self._is_new(later, new):
            for slot in self._of(later):
                self._move(slot, earlier)
        else:
            self.join(later, earlier)
            self.joined.append(Joined(later, earlier))

    def _pair(self, one: int, other: int, new: dict[Id, Links]) -> tuple[Id, Id] | None:
        """The stories of two articles, the one to keep first; None if they are one or may not be joined."""
        stories = self._members[one].story, self._members[other].story
        if stories[0] == stories[1]:
            return None
        first, second = sorted(stories, key=lambda story: (story in new, self._since(story)))
        if self._is_new(second, new):
            return first, second
        first, second = sorted(stories, key=self._since)
        now = max(self._members[one].published, self._members[other].published)
        is_young = now - self._since(second)[0] <= YOUNG_HOURS * HOUR
        return (first, second) if is_young and not any(map(self._is_edited, stories)) else None

    def _is_new(self, story: Id, new: dict[Id, Links]) -> bool:
        return story in new and all(self._members[slot].id in new for slot in self._of(story))

    def _oneness(self, story: Id, other: Id, weighing: similarity.Weighing) -> float:
        likely = [
            self._likelihood(self._members[slot], against, weighing)
            for slot in self._spokesmen(story)
            for against in self._spokesmen(other)
        ]
        if 2 * sum(one < STRANGE for one in likely) >= len(likely):
            return 0.0
        return (1 - NEAREST_COUNTS) * math.fsum(likely) / len(likely) + NEAREST_COUNTS * max(likely)

    # Telling why

    def _both_ways(self, links: dict[Id, Links]) -> dict[Id, Links]:
        """Of each article of this call also those that came after it."""
        told = {id: dict(found) for id, found in links.items()}
        for id, found in links.items():
            for other, likely in found.items():
                if (theirs := told.get(self._members[other].id)) is not None:
                    theirs[self._slots[id]] = likely
        return told

    def _placement(self, id: Id, links: Links, *, known: bool) -> Placement:
        slot = self._slots[id]
        member = self._members[slot]
        taken = self._unpack(member.packed)[0]
        if known:
            reason = "pinned" if member.pinned else "known"
            return Placement(id, member.story, None, 0.0, reason, None, member.packed)
        ours = sorted((other for other in links if self._members[other].story == member.story), key=self._age)
        if member.story == id or not ours:
            reason = (
                "template"
                if taken.kind and member.story == id
                else "alone"
                if member.story == id
                else "similar"
            )
            return Placement(id, member.story, None, 0.0, reason, None, member.packed)
        earlier = (other for other in ours if self._age(other) < self._age(slot))
        copied = next((other for other in earlier if self._is_copy(taken, other)), None)
        joined = copied if copied is not None else max(ours, key=lambda other: links[other])
        reason = (
            "similar"
            if copied is None
            else "same-title"
            if self._whole(copied) == taken.whole
            else "same-text"
        )
        return Placement(
            id=id,
            story=member.story,
            near_duplicate_of=None if copied is None else self._members[copied].id,
            similarity=round(links[joined], 4),
            reason=reason,
            joined=self._members[joined].id,
            fingerprint=member.packed,
        )

    def _is_copy(self, taken: prints.Print, slot: int) -> bool:
        return similarity.is_copy(taken, self._unpack(self._members[slot].packed)[0])

    def _whole(self, slot: int) -> int:
        return self._unpack(self._members[slot].packed)[0].whole

    # Keeping

    def _weighing(self) -> similarity.Weighing:
        return similarity.Weighing(self._pieces.weigher(), self._words.weigher())

    def _count(self, taken: prints.Print, replaced: int | None) -> None:
        if replaced is not None:
            self._discount(self._unpack(self._members[replaced].packed)[0])
        self._pieces.add(taken.pieces)
        self._words.add(taken.words | taken.lead)
        self._pieces.articles += 1
        self._words.articles += 1

    def _discount(self, taken: prints.Print) -> None:
        self._pieces.remove(taken.pieces)
        self._words.remove(taken.words | taken.lead)
        self._pieces.articles -= 1
        self._words.articles -= 1

    def _add(self, member: _Member) -> None:
        slot = next(self._next)
        self._members[slot] = member
        self._slots[member.id] = slot
        self._days[math.floor(member.published / DAY)].add(slot)
        self._postings.add(slot, _keys(self._unpack(member.packed)[0]))
        self._list(slot, member)

    def _drop(self, slot: int, *, counted: bool = True) -> None:
        member = self._members[slot]
        taken = self._unpack(member.packed)[0]
        self._postings.remove(slot, _keys(taken))
        if counted:
            self._discount(taken)
        self._unlist(slot, member)
        day = math.floor(member.published / DAY)
        self._days[day].discard(slot)
        if not self._days[day]:
            del self._days[day]
        del self._members[slot], self._slots[member.id]

    def _move(self, slot: int, story: Id) -> None:
        member = self._members[slot]
        self._unlist(slot, member)
        member.story = story
        self._list(slot, member)

    def _list(self, slot: int, member: _Member) -> None:
        if member.story in self._stories:
            bisect.insort(self._stories[member.story], slot, key=self._age)
        elif (beginner := self._slots.get(member.story)) not in (None, slot) and self._began(beginner):
            self._stories[member.story] = sorted([beginner, slot], key=self._age)
        elif member.story != member.id:
            self._stories[member.story] = [slot]

    def _unlist(self, slot: int, member: _Member) -> None:
        listed = self._stories.get(member.story)
        if listed is not None and slot in listed:
            listed.remove(slot)
            if not listed:
                del self._stories[member.story]

    def _began(self, slot: int) -> bool:
        member = self._members[slot]
        return member.story == member.id

    def _of(self, story: Id) -> list[int]:
        """The articles of a story, earliest first."""
        listed = self._stories.get(story)
        if listed is not None:
            return list(listed)
        slot = self._slots.get(story)
        return [slot] if slot is not None and self._began(slot) else []

    def _spokesmen(self, story: Id) -> list[int]:
        slots = self._of(story)
        last = len(slots) - 1
        if last < MOST_SPOKESMEN:
            return slots
        return [slots[round(step * last / (MOST_SPOKESMEN - 1))] for step in range(MOST_SPOKESMEN)]

    def _resolve(self, story: Id) -> Id:
        """The story into which editors merged this one."""
        while story in self._merged:
            story = self._merged[story]
        return story

    def _age(self, slot: int) -> tuple[float, str]:
        member = self._members[slot]
        return member.published, str(member.id)

    def _since(self, story: Id) -> tuple[float, str]:
        """When a story began, to tell the earlier of two."""
        slots = self._of(story)
        return self._age(slots[0]) if slots else (math.inf, str(story))


def _keys(taken: prints.Print) -> Iterator[int]:
    """The words under which an article is found."""
    if taken.kind is not templates.Kind.NEWS:
        return iter((taken.whole,))
    return itertools.chain(taken.pieces, taken.words)


def _weightiest(words: Iterable[int], weigh: similarity.Weigh, most: int) -> list[tuple[int, float]]:
    weighed = sorted(((word, weigh(word)) for word in words), key=lambda found: (-found[1], found[0]))
    return weighed[:most]


def _is_reprint(member: _Member, other: _Member, one: prints.Print, two: prints.Print) -> bool:
    return (
        one.whole == two.whole
        and member.outlet == other.outlet
        and abs(member.published - other.published) > REPRINT_HOURS * HOUR
        and not similarity.shares_lead(one, two, SAME_LEAD)
    )


def _precedence(one: Document) -> tuple[int, float, str, str]:
    """Of several with one id, the last is placed."""
    return one.version, _seconds(one.published), one.title, one.text


def _order(one: Document | Placed) -> tuple[float, str]:
    return _seconds(one.published), str(one.id)


def _seconds(moment: datetime) -> float:
    return moment.astimezone(UTC).timestamp()
