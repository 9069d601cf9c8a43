"""One arriving article against every alert: a few look-ups find the alerts that may match, the full query decides.

The look-ups are what Luwak and Lucene Monitor call a presearcher. Every query is filed under the words, tags or parts
of words of which a matching article must have at least one, and names a few more of these clauses, which are checked
before the query itself (`alerts.matching.compile` chooses them). Alerts with the same query are one entry. Must not
store or send anything, nor read the clock.
"""

import collections
import datetime
import itertools
from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass, field

import ahocorasick_rs

from alerts.matching import evidence
from articles.search import context, matches, query, tokens

# What parts a property's name from a whole value or from a part of one in a key, and what stands before a beginning. No
# lexeme contains any of them, nor does a value in a query.
_WHOLE, _PART, _BEGINNING = "\0", "\1", "\2"
_SIGNS = frozenset((_PART, _BEGINNING))
# The properties of an article that are compared as a whole or by a part.
PROPERTIES = (*query.TAG_FIELDS, *query.ATTRIBUTE_FIELDS, matches.BELOW)
# Letters by which most lexemes are known not to begin with any of the beginnings that are asked for.
_HEAD = 2

# Lexemes of which it is remembered that they begin with nothing that is asked for.
_MOST_REMEMBERED = 100_000

# A matching article has at least one of these keys.
Clause = frozenset[str]


@dataclass(frozen=True, slots=True)
class Plan:
    """Under what a query is filed (nothing: it is tried on every article), and what else a match must have.

    If that and having nothing `without` is all that the query asks, the plan `decides`: the query is not tried.
    """

    filed: Clause
    checks: tuple[Clause, ...]
    without: Clause = frozenset()
    decides: bool = False


@dataclass(frozen=True, slots=True)
class Failure:
    """An alert's query that could not be tried on an article."""

    alert: int
    error: Exception


@dataclass(slots=True, eq=False)
class Entry:
    """A query, where its days begin, and the alerts that ask it."""

    ast: query.Query
    zone: datetime.tzinfo
    plan: Plan
    alerts: list[int] = field(default_factory=list)


Planner = Callable[[query.Query], Plan]


class Matcher:
    """All alerts, ready to be asked. Not for several threads at once: it changes as the alerts do."""

    def __init__(self, plan: Planner) -> None:
        """Know no alert; `plan` says how a query is filed."""
        self.plan = plan
        self.entries: dict[tuple[query.Query, datetime.tzinfo], Entry] = {}
        self.by_alert: dict[int, Entry] = {}
        self.by_key: dict[str, list[Entry]] = {}
        # The same keys, as the set that an article's are compared with.
        self._filed: set[str] = set()
        self.always: list[Entry] = []
        # What must be worked out of an article because queries ask for it: `evidence.needs`.
        self.needs: collections.Counter[str] = collections.Counter()
        self._clauses: dict[Clause, Clause] = {}
        self._asked = _Asked()

    def put(self, alert: int, ast: query.Query, zone: datetime.tzinfo = context.NEWSROOM) -> None:
        """Know this alert, or that its query is another now. `zone`: where the days begin that it asks for."""
        if not any(isinstance(leaf, query.When) for leaf in query.leaves(ast)):
            zone = context.NEWSROOM
        known = self.by_alert.get(alert)
        if known is not None and (known.ast, known.zone) == (ast, zone):
            return
        self.remove(alert)
        entry = self.entries.get((ast, zone)) or self._file(Entry(ast, zone, self._shared(self.plan(ast))))
        entry.alerts.append(alert)
        self.by_alert[alert] = entry

    def remove(self, alert: int) -> None:
        """Forget an alert, if it is known."""
        entry = self.by_alert.pop(alert, None)
        if entry is None:
            return
        entry.alerts.remove(alert)
        if not entry.alerts:
            self._take_out(entry)

    def refile(self, plan: Planner) -> None:
        """File all queries anew, since what is rare has changed."""
        entries = list(self.entries.values())
        self.__init__(plan)  # type: ignore[misc]
        for entry in entries:
            entry.plan = self._shared(plan(entry.ast))
            self._file(entry)
            self.by_alert.update(dict.fromkeys(entry.alerts, entry))

    def match(
        self,
        document: matches.SearchDocument | matches.Prepared,
        *,
        now: datetime.datetime | None = None,
        failed: list[Failure] | None = None,
    ) -> list[tuple[int, matches.Match]]:
        """The ids of the alerts that match, in order, each with its match.

        `now` is the time that periods like "7d" are counted back from; by default the time of publication. An alert
        whose query raises is noted in `failed`; without it, the error is the caller's.
        """
        prepared = document if isinstance(document, matches.Prepared) else matches.prepare(document)
        now = now or prepared.document.published or _NEVER
        found = []
        for entry in self.find(prepared, now=now, failed=failed):
            try:
                match = matches.matches(entry.ast, prepared, context=context.Context(now, zone=entry.zone))
            except Exception as error:
                if failed is None:
                    raise
                failed += _failures(entry, error)
                continue
            if match is not None:
                found += [(alert, match) for alert in entry.alerts]
        return sorted(found, key=_alert)

    def find(
        self, document: matches.Prepared, *, now: datetime.datetime, failed: list[Failure] | None = None
    ) -> list[Entry]:
        """The entries whose query matches: what `match` does first, and does not ask where."""
        found = []
        for entry in self.candidates(document):
            try:
                if entry.plan.decides or matches.holds(
                    entry.ast, document, context=context.Context(now, zone=entry.zone)
                ):
                    found.append(entry)
            except Exception as error:
                if failed is None:
                    raise
                failed += _failures(entry, error)
        return found

    def candidates(self, document: matches.Prepared) -> Iterator[Entry]:
        """The entries whose query may match, each once; no other does. Those whose plan decides do."""
        words, others = document.words, self._asked.keys_of(document)
        present = self._filed.intersection(words) | self._filed.intersection(others)
        seen: set[Entry] = set()
        for entry in itertools.chain(self.always, *map(self.by_key.__getitem__, present)):
            plan = entry.plan
            for clause in plan.checks:
                if clause.isdisjoint(words) and clause.isdisjoint(others):
                    break
            else:
                without = plan.without
                if without.isdisjoint(words) and without.isdisjoint(others) and entry not in seen:
                    seen.add(entry)
                    yield entry

    def _shared(self, plan: Plan) -> Plan:
        """The plan with clauses that other entries have as well: common words stand in thousands of alerts."""
        shared = self._clauses
        return Plan(
            shared.setdefault(plan.filed, plan.filed),
            tuple([shared.setdefault(clause, clause) for clause in plan.checks]),
            shared.setdefault(plan.without, plan.without),
            plan.decides,
        )

    def _file(self, entry: Entry) -> Entry:
        self.entries[entry.ast, entry.zone] = entry
        for key in entry.plan.filed:
            self.by_key.setdefault(key, []).append(entry)
        self._filed.update(entry.plan.filed)
        if not entry.plan.filed:
            self.always.append(entry)
        self._asked.add(_keys(entry.plan))
        self.needs.update(evidence.needs(entry.ast))
        return entry

    def _take_out(self, entry: Entry) -> None:
        del self.entries[entry.ast, entry.zone]
        for key in entry.plan.filed:
            self.by_key[key].remove(entry)
            if not self.by_key[key]:
                del self.by_key[key]
                self._filed.discard(key)
        if not entry.plan.filed:
            self.always.remove(entry)
        self._asked.remove(_keys(entry.plan))
        self.needs -= collections.Counter(evidence.needs(entry.ast))


class _Asked:
    """The keys that entries name and that a document has to be looked through for: beginnings, parts of properties."""

    def __init__(self) -> None:
        self._uses: dict[str, int] = {}
        self._by_head: dict[str, list[str]] = {}
        # Lexemes that have none of the beginnings, and what others have: news is made of the same words all over again.
        self._plain: set[str] = set()
        self._begun: dict[str, list[str]] = {}
        self._parts: dict[str, list[str]] = {}
        # Made when it is needed: alerts that ask for parts change seldom, and all at once when a worker starts.
        self._automata: dict[str, ahocorasick_rs.AhoCorasick] = {}

    def add(self, keys: Iterable[str]) -> None:
        """One more entry names these."""
        for key in keys:
            self._uses[key] = uses = self._uses.get(key, 0) + 1
            if uses == 1:
                self._begin(key)

    def remove(self, keys: Iterable[str]) -> None:
        """One entry that named these is gone."""
        for key in keys:
            self._uses[key] -= 1
            if not self._uses[key]:
                del self._uses[key]
                self._end(key)

    def keys_of(self, document: matches.Prepared) -> set[str]:
        """Of the keys that are no words those that a document has, and all its tags and properties as a whole."""
        keys = {whole_key(name, value) for name in PROPERTIES for value in document.folded[name]}
        if self._by_head:
            keys.update(self._beginnings(document.words))
        for name, parts in self._parts.items():
            found = set(itertools.chain.from_iterable(map(self._automaton(name), _values(document, name))))
            keys.update([part_key(name, parts[number]) for number in found])
        return keys

    def _beginnings(self, lexemes: Set[str]) -> Iterator[str]:
        """The keys of the beginnings that lexemes have."""
        if len(self._plain) > _MOST_REMEMBERED:
            self._forget_words()
        for lexeme in lexemes - self._plain:
            found = self._begun.get(lexeme)
            if found is None:
                starts = self._by_head.get(head(lexeme), ())
                found = [beginning_key(start) for start in starts if lexeme.startswith(start)]
                if found:
                    self._begun[lexeme] = found
                else:
                    self._plain.add(lexeme)
            yield from found

    def _forget_words(self) -> None:
        self._plain.clear()
        self._begun.clear()

    def _begin(self, key: str) -> None:
        if key.startswith(_BEGINNING):
            start = key.removeprefix(_BEGINNING)
            self._by_head.setdefault(head(start), []).append(start)
            self._forget_words()
        elif _PART in key:
            name, _, part = key.partition(_PART)
            self._parts.setdefault(name, []).append(part)
            self._automata.pop(name, None)

    def _end(self, key: str) -> None:
        if key.startswith(_BEGINNING):
            start = key.removeprefix(_BEGINNING)
            _drop(self._by_head, head(start), start)
            self._begun.clear()
        elif _PART in key:
            name, _, part = key.partition(_PART)
            _drop(self._parts, name, part)
            self._automata.pop(name, None)

    def _automaton(self, name: str) -> Callable[[str], list[int]]:
        """What finds the numbers of the parts that are asked for in a property."""
        if name not in self._automata:
            self._automata[name] = ahocorasick_rs.AhoCorasick(self._parts[name], store_patterns=False)
        find = self._automata[name].find_matches_as_indexes
        return lambda value: [number for number, _, _ in find(value, overlapping=True)]


def _drop(lists: dict[str, list[str]], name: str, value: str) -> None:
    lists[name].remove(value)
    if not lists[name]:
        del lists[name]


def _values(document: matches.Prepared, name: str) -> Iterable[str]:
    if name == "":
        return (document.folded_title, document.folded_text)
    return document.folded[name]


def _keys(plan: Plan) -> Iterator[str]:
    """The keys in a plan that a document has to be looked through for."""
    return (key for key in itertools.chain(plan.filed, *plan.checks) if not _SIGNS.isdisjoint(key))


def _failures(entry: Entry, error: Exception) -> list[Failure]:
    return [Failure(alert, error) for alert in entry.alerts]


def _alert(found: tuple[int, matches.Match]) -> int:
    return found[0]


# Stands for "now" if neither it nor the time of publication is known: no period matches such a document anyway.
_NEVER = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


def head(start: str) -> str:
    """The letters by which a beginning is looked up."""
    return start[: _HEAD + start.startswith(tokens.DERIVED)]


def has_head(start: str) -> bool:
    """Whether a beginning is long enough to be looked up."""
    return len(start) >= _HEAD + start.startswith(tokens.DERIVED)


def whole_key(name: str, folded_value: str) -> str:
    """The key of a property that is this."""
    return f"{name}{_WHOLE}{folded_value}"


def part_key(name: str, folded_part: str) -> str:
    """The key of a property that contains this; without a name, of a title or text that does."""
    return f"{name}{_PART}{folded_part}"


def beginning_key(start: str) -> str:
    """The key of a text that has a lexeme with this beginning."""
    return _BEGINNING + start
