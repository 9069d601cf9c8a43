"""What a query would have done over past weeks: matches a day, mails, and what each of its alternatives brings.

Works on what a search has found, as if each article had arrived when it was published: whoever imports a backlog today
would otherwise see one flood. Must not search, store or read the clock.
"""

import collections
import dataclasses
import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from alerts.matching import digest, policy
from articles.search import periods, query

Change = Callable[[query.Query], query.Query]
# Alternatives that are counted one by one; more than anybody looks through.
MOST_WORDS = 24
# Matches from which the mails are worked out, the newest ones.
MOST_FINDS = 5_000
# Articles of one story that a new one is compared with: the first, and the last so many.
MOST_OF_A_STORY = 100
# Articles that come within this time are matched, and mailed, together.
TOGETHER = datetime.timedelta(minutes=1)
# Samples, one a story.
MOST_SAMPLES = 5


@dataclass(frozen=True, slots=True)
class Word:
    """One alternative of an OR, the query without it, and the query with it as the only one."""

    text: str
    without: query.Query
    alone: query.Query


@dataclass(frozen=True, slots=True)
class Brought:
    """What an alternative brings: matches that have it, those that only it finds, and the query without it."""

    text: str
    matches: int
    only: int
    without: str


@dataclass(frozen=True, slots=True)
class Find:
    """An article that matched. `title` is its `digest.title_key`, all that a column is told by."""

    pk: int
    story: int | None
    outlet: str
    published: datetime.datetime
    title: str

    def to_json(self) -> list[object]:
        return [self.pk, self.story, self.outlet, self.published.timestamp(), self.title]

    @classmethod
    def from_json(cls, row: Sequence[object]) -> "Find":
        pk, story, outlet, published, title = row
        at = datetime.datetime.fromtimestamp(float(str(published)), datetime.UTC)
        return cls(int(str(pk)), None if story is None else int(str(story)), str(outlet), at, str(title))


@dataclass(slots=True)
class Tally:
    """What has been counted so far; grows part by part, the newest part first."""

    days: collections.Counter[str] = field(default_factory=collections.Counter)
    outlets: collections.Counter[str] = field(default_factory=collections.Counter)
    # For each alternative: matches that have it, and those that only it finds.
    words: list[list[int]] = field(default_factory=list)
    finds: list[Find] = field(default_factory=list)
    # Against the rule as it is: matches that come and go, and the newest articles among them.
    gained: int = 0
    lost: int = 0
    gained_articles: list[int] = field(default_factory=list)
    lost_articles: list[int] = field(default_factory=list)

    @property
    def matches(self) -> int:
        return sum(self.days.values())

    def to_json(self) -> dict[str, object]:
        """As it is kept between two parts."""
        kept = {item.name: getattr(self, item.name) for item in dataclasses.fields(self)}
        return kept | {
            "days": dict(self.days),
            "outlets": dict(self.outlets),
            "finds": [find.to_json() for find in self.finds],
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, object]) -> "Tally":
        """What `to_json` gave."""
        if not kept:
            return cls()
        made = cls(**kept)  # type: ignore[arg-type]
        made.days, made.outlets = collections.Counter(made.days), collections.Counter(made.outlets)
        made.finds = [Find.from_json(row) for row in made.finds]  # type: ignore[arg-type]
        return made


def words(tree: query.Query) -> list[Word]:
    """The alternatives of the query's ORs that are not excluded ones, in the order they are written."""
    found = []
    for pieces in _ors(tree):
        for number, child in enumerate(pieces.children):
            rest = query.disjunction(pieces.children[:number] + pieces.children[number + 1 :])
            without, alone = (_read_again(_with(tree, pieces, part)) for part in (rest, child))
            found.append(Word(query.canonical(child), without, alone))
    return found[:MOST_WORDS]


def _read_again(tree: query.Query) -> query.Query:
    """The query as it is read from its text: what stands together there depends on what is there."""
    return query.parse_query(query.canonical(tree))


def brought(alternatives: Sequence[Word], counts: Sequence[Sequence[int]]) -> list[Brought]:
    """The alternatives with what they brought, those first without which most would be missing."""
    rows = [
        Brought(word.text, count[0], count[1], query.canonical(word.without))
        for word, count in zip(alternatives, counts, strict=False)
    ]
    return sorted(rows, key=lambda row: (-row.only, -row.matches))


def at_arrival(tree: query.Query) -> query.Query:
    """The query as an arriving article meets it: it is always of the last days, whichever the query asks for."""
    if isinstance(tree, query.When) and tree.field in ("published", "seen") and _is_of_now(tree.period):
        return query.When(tree.field, periods.Span(first=datetime.date(1900, 1, 1)))
    return _rebuilt(tree, at_arrival)


def _is_of_now(period: periods.Period) -> bool:
    """Whether a period always has the present in it: the last days, this week."""
    if isinstance(period, periods.Rolling):
        return not period.ahead
    edges = [edge for edge in (period.first, period.last) if edge is not None]
    return all(isinstance(edge, periods.Named) and edge.offset == 0 and not edge.part for edge in edges)


def _ors(tree: query.Query) -> Iterator[query.Or]:
    """The ORs of a tree, each once, outer ones first; none inside a NOT."""
    if isinstance(tree, query.Not):
        return
    if isinstance(tree, query.Or):
        yield tree
    for child in _children(tree):
        yield from _ors(child)


def _with(tree: query.Query, old: query.Query, new: query.Query) -> query.Query:
    """The tree with a part of it, the very same object, replaced."""
    if tree is old:
        return new
    made = _rebuilt(tree, lambda child: _with(child, old, new))
    match made:
        case query.And(children):
            return query.conjunction(children)
        case query.Or(children):
            return query.disjunction(children)
        case _:
            return made


def _children(node: query.Query) -> Iterator[query.Query]:
    """Whatever parts of a node are nodes, so that a new kind of node needs nothing here."""
    for item in dataclasses.fields(node):
        value = getattr(node, item.name)
        for one in value if isinstance(value, tuple) else (value,):
            if dataclasses.is_dataclass(one):
                yield one  # type: ignore[misc]


def _rebuilt(node: query.Query, change: Change) -> query.Query:
    """The node with its parts changed; itself if none is."""
    changed: dict[str, object] = {}
    for item in dataclasses.fields(node):
        value = getattr(node, item.name)
        parts = value if isinstance(value, tuple) else (value,)
        if not any(map(dataclasses.is_dataclass, parts)):
            continue
        made = tuple(change(part) if dataclasses.is_dataclass(part) else part for part in parts)  # type: ignore[arg-type]
        if any(one is not other for one, other in zip(made, parts, strict=True)):
            changed[item.name] = made if isinstance(value, tuple) else made[0]
    return dataclasses.replace(node, **changed) if changed else node  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that would have gone out, of how many stories, and why not at once: digest, quiet, day-off, flood."""

    at: datetime.datetime
    stories: int
    why: str = ""


def told(finds: Iterable[Find], *, least_outlets: int = 1) -> list[Find]:
    """The finds that the alert would have told of, oldest first: not those of a story that it had told of before.

    A story is told with the find of the outlet that made them enough; outlets that did not match are not known here.
    """
    stories: dict[int | None, list[tuple[digest.Article, bool]]] = {}
    outlets: dict[int | None, set[str]] = {}
    tellings = []
    for find in sorted(finds, key=_when):
        before = stories.setdefault(find.story, [])
        telling = outlets.setdefault(find.story, set())
        if find.story is None:
            telling.clear()
        telling.add(find.outlet)
        is_new = len(telling) >= least_outlets and (find.story is None or not digest.is_told(find, before))
        before.append((find, is_new))
        if len(before) > MOST_OF_A_STORY:
            del before[1]
        if is_new:
            tellings.append(find)
    return tellings


def mails(tellings: Iterable[Find], wishes: policy.Policy, *, is_day_off: policy.IsDayOff) -> list[Mail]:
    """The mails to a reader of these wishes, in the order in which they go out."""
    found: dict[tuple[datetime.datetime, str], int] = {}
    lately: list[datetime.datetime] = []
    flood: datetime.datetime | None = None
    for find in tellings:
        now = find.published
        if lately and now - lately[-1] <= TOGETHER:
            found[lately[-1], ""] += 1
            continue
        lately = [at for at in lately if now - at < policy.FLOOD_WITHIN]
        release = policy.release(wishes, now=now, is_day_off=is_day_off, lately=lately)
        if release.why == "flood":
            # It goes into the one that waits already.
            flood = release.at if flood is None or flood <= now else flood
            release = policy.Release(flood, release.why)
        key = (release.at, release.why)
        found[key] = found.get(key, 0) + 1
        if not release.why:
            lately.append(release.at)
    return [Mail(at, stories, why) for (at, why), stories in sorted(found.items())]


def samples(finds: Iterable[Find]) -> list[int]:
    """Some of the newest articles, of different stories."""
    chosen: dict[int, int] = {}
    for find in sorted(finds, key=_when, reverse=True):
        chosen.setdefault(-find.pk if find.story is None else find.story, find.pk)
        if len(chosen) == MOST_SAMPLES:
            break
    return list(chosen.values())


def _when(find: Find) -> tuple[datetime.datetime, int]:
    return find.published, find.pk
