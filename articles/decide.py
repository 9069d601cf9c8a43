"""Decide what each entry of a feed is: new, updated, a duplicate, unchanged, or nothing at all.

Pure: takes what is known and what came in, and returns decisions; store.py writes them. Must not touch the database.

Identity, in this order:
1. An entry whose id this source has shown before is that article, unless both its address and its title differ
   (some feeds give every entry the same id).
2. An entry whose canonical address another entry of the outlet has is that article.
3. An entry without an address of its own is told by its id, else by its title and time.
"""

import dataclasses
import datetime
import enum
import hashlib
import urllib.parse
from collections.abc import Iterable, Mapping

from articles import storable
from articles.feeds import parse
from articles.pages import canonical

EMPTY = "an entry has neither a title, a text nor an address"
# A text that could not be stored is tried at so many polls; then not before it changes.
MOST_TRIES = 5


class Verdict(enum.Enum):
    NEW = "new"
    UPDATED = "updated"
    DUPLICATE = "duplicate"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


@dataclasses.dataclass(frozen=True, slots=True)
class Seen:
    """An entry that this source has shown before; `article_id` is None if it was rejected or failed.

    `tries`: how often storing this text failed, 0 if it did not. `is_gone`: the feed had dropped it since.
    """

    article_id: int | None
    content_hash: str
    content_at: datetime.datetime
    identity: str
    title: str
    tries: int = 0
    is_gone: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Known:
    """What is stored: this source's entries by key, and the outlet's articles by identity."""

    entries: Mapping[str, Seen]
    articles: Mapping[str, int]


@dataclasses.dataclass(frozen=True, slots=True)
class Candidate:
    """An entry with the keys that it is looked up by."""

    entry: parse.Entry
    entry_key: str
    identity: str
    content_hash: str


@dataclasses.dataclass(frozen=True, slots=True)
class Decision:
    """What to do with a candidate. `article_id` is None for a new article, and for a duplicate of one that is
    new in the same batch: then the identity tells which. `seen` is what was known of the entry."""

    verdict: Verdict
    candidate: Candidate
    article_id: int | None = None
    reason: str = ""
    seen: Seen | None = None


def digest(*parts: str) -> str:
    """The SHA-256 of the parts, in hexadecimal; no two lists of parts share one by concatenation."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def key_of(entry: parse.Entry) -> str:
    """The key of an entry that has an id."""
    return digest("id", entry.id)


def candidate(entry: parse.Entry) -> Candidate:
    """The entry with its keys, and without characters that no database takes."""
    entry = storable.cleaned(entry)
    url = canonical.canonical_url(entry.url) if entry.url else ""
    time = entry.published.isoformat() if entry.published else ""
    if has_own_address(url):
        identity = digest("url", url)
    elif entry.id:
        identity = digest("id", entry.id)
    else:
        identity = digest("title", entry.title, time)
    return Candidate(
        entry=entry,
        entry_key=key_of(entry) if entry.id else identity,
        identity=identity,
        content_hash=digest(entry.title, entry.summary, entry.content),
    )


def has_own_address(url: str) -> bool:
    """Whether an address can be an article's own; a home page can't."""
    parts = urllib.parse.urlsplit(url)
    return bool(parts.netloc) and (parts.path not in ("", "/") or bool(parts.query))


def candidates(entries: Iterable[parse.Entry]) -> list[Candidate]:
    """The entries with their keys; where a feed names an entry twice, the first one counts.

    Entries that share an id but neither address nor title are told apart by their address.
    """
    found: dict[str, Candidate] = {}
    for entry in entries:
        one = candidate(entry)
        before = found.get(one.entry_key)
        if before is not None and are_different(one, before.identity, before.entry.title):
            one = dataclasses.replace(one, entry_key=second_key(one))
        found.setdefault(one.entry_key, one)
    return list(found.values())


def second_key(one: Candidate) -> str:
    """The key of an entry whose id another article of the source has taken."""
    return digest("id", one.entry.id, one.identity)


def are_different(one: Candidate, identity: str, title: str) -> bool:
    """Whether a candidate has neither the identity nor the title of what its id was seen with."""
    return one.identity != identity and one.entry.title != title


def decide(
    found: Iterable[Candidate], known: Known, *, at: datetime.datetime, new: set[str] | None = None
) -> list[Decision]:
    """One decision for each candidate, in order; `at` is when the source showed them, by its own clock.

    `new` are the identities that are new in other feeds of the outlet that arrived with this one; what is new in
    this one is added.
    """
    decisions = []
    new = set() if new is None else new
    for one in found:
        decision = decide_one(one, known, new, at=at)
        if decision.verdict is Verdict.NEW:
            new.add(one.identity)
        decisions.append(decision)
    return decisions


def decide_one(one: Candidate, known: Known, new: set[str], *, at: datetime.datetime) -> Decision:
    """The decision for one candidate; `new` holds the identities that are new in this batch."""
    seen = known.entries.get(one.entry_key)
    if is_empty(one.entry):
        # Said once; and an article is not taken back because its entry has become empty.
        known_so = seen is not None and (seen.article_id is not None or not seen.tries)
        return Decision(
            Verdict.UNCHANGED if known_so else Verdict.REJECTED,
            one,
            seen.article_id if seen else None,
            reason=EMPTY,
            seen=seen,
        )
    if seen is not None and seen.article_id is not None and are_different(one, seen.identity, seen.title):
        one = dataclasses.replace(one, entry_key=second_key(one))
        seen = known.entries.get(one.entry_key)
    if seen is not None and not is_due(one, seen, at=at):
        return Decision(Verdict.UNCHANGED, one, seen.article_id, seen=seen)
    if seen is not None and seen.article_id is not None:
        return Decision(Verdict.UPDATED, one, seen.article_id, seen=seen)
    article_id = known.articles.get(one.identity)
    again = article_id is not None or one.identity in new
    return Decision(Verdict.DUPLICATE if again else Verdict.NEW, one, article_id, seen=seen)


def is_empty(entry: parse.Entry) -> bool:
    """Whether there is nothing to store in it."""
    return not (entry.title or entry.summary or entry.content or has_own_address(entry.url))


def is_due(one: Candidate, seen: Seen, *, at: datetime.datetime) -> bool:
    """Whether an entry that was seen before is to be stored: its text is new, or storing it failed so far."""
    if seen.content_hash == one.content_hash:
        return 0 < seen.tries < MOST_TRIES
    # A cache, or a replay run again, may show an older copy: it takes nothing back.
    return at >= seen.content_at
