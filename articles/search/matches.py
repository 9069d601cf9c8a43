"""The query language in memory: one document against one query, with the spans that made it match.

Its meaning is that of `articles.search.to_sql` over the same article in PostgreSQL; a test draws queries and documents
and compares them. A document is prepared once and then asked many times. Must not read the clock: `now` is passed in.
"""

import bisect
import datetime
import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from articles.search import folding, periods, query, tokens
from articles.search.context import Context

# Weights of the index under which each field's words stand.
WEIGHTS = {"": "ABD", "title": "A", "lead": "B", "body": "BD"}

# A query's value is folded for every article that it is asked about.
_folded = functools.lru_cache(maxsize=1 << 13)(folding.fold)

SPAN_FIELDS = ("title", "text", "author", "source", "group", "url")


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """What of an article can be searched. `text` is the body in plain paragraphs."""

    id: str | int
    title: str = ""
    text: str = ""
    author: str = ""
    source: str = ""
    group: str = ""
    url: str = ""
    language: str = ""
    companies: Sequence[str] = ()
    themes: Sequence[str] = ()
    published: datetime.datetime | None = None


@dataclass(frozen=True)
class Prepared:
    """A document with its index; `folded` are its properties' values as they are compared."""

    document: SearchDocument
    index: tokens.Index
    folded: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @functools.cached_property
    def lexemes(self) -> list[str]:
        """All lexemes in order, for prefixes."""
        return sorted(self.index.postings)

    @functools.cached_property
    def folded_title(self) -> str:
        """The title as substrings are compared with it."""
        return folding.fold(self.document.title)

    @functools.cached_property
    def folded_text(self) -> str:
        """The text as substrings are compared with it."""
        return folding.fold(self.document.text)


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a field: "title", "text", "author", "source", "group" or "url"; offsets in code points."""

    field: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Match:
    """Why a document matches. Without spans it matches by its tags, language or time alone."""

    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class _Run:
    """Words that stand for a positional query: first and last position, and which words to show."""

    start: int
    end: int
    shown: frozenset[tuple[int, str]]


def prepare(document: SearchDocument) -> Prepared:
    """Index a document, to be matched against any number of queries."""
    values: dict[str, Sequence[str]] = {
        "author": (document.author,),
        "source": (document.source,),
        "group": (document.group,),
        "url": (document.url,),
        "lang": (document.language,),
        "company": document.companies,
        "theme": document.themes,
    }
    folded = {name: tuple(map(folding.fold, found)) for name, found in values.items()}
    return Prepared(document, tokens.index(document.title, document.text), folded)


def matches(
    ast: query.Query,
    document: Prepared,
    *,
    now: datetime.datetime | None = None,
    context: Context | None = None,
) -> Match | None:
    """The match of a document, or None. `now` alone stands for a context in which nothing else is known.

    Raises ValueError if the query's period is relative ("7d") and no time is given, or if it names a saved search:
    those are expanded before (`articles.search.saved`).
    """
    spans = _spans(ast, document, context or Context(now))
    return None if spans is None else Match(tuple(_merged(spans)))


def _merged(spans: set[Span]) -> Iterator[Span]:
    """The spans in the order of reading, those that overlap made one."""
    last: Span | None = None
    for span in sorted(spans, key=_reading_order):
        if last and last.field == span.field and span.start < last.end:
            last = Span(last.field, last.start, max(last.end, span.end))
            continue
        if last:
            yield last
        last = span
    if last:
        yield last


def _reading_order(span: Span) -> tuple[int, int, int]:
    return SPAN_FIELDS.index(span.field), span.start, span.end


def _spans(  # noqa: PLR0911 - one case for each kind of node
    ast: query.Query, document: Prepared, context: Context
) -> set[Span] | None:
    """The spans of a match, maybe none; None if there is no match."""
    match ast:
        # The commonest first: each case that is passed over costs.
        case query.Word(text, where, exact):
            return _word_spans(tokens.lookup(text, exact=exact), where, document)
        case query.Attribute(name, value, how):
            return _attribute_spans(name, _folded(value), how, document)
        case query.And(children):
            return _all_of(children, document, context)
        case query.Or(children):
            found = [spans for child in children if (spans := _spans(child, document, context)) is not None]
            return set().union(*found) if found else None
        case query.Not(child):
            return set() if _spans(child, document, context) is None else None
        case query.Phrase() | query.Prefix() | query.Near():
            shown = {word for run in _runs(ast, document) for word in run.shown}
            return {_span(document, number, lexeme) for number, lexeme in shown} or None
        case query.Substring(text, where):
            return _substring_spans(_folded(text), where, document.document)
        case query.Published():
            return set() if _in_period(ast, document.document.published, context) else None
        case query.Saved(name):
            raise ValueError(f"the saved search {name} was not expanded")
        case query.Labelled():
            raise TypeError("labels are for SQL")


def _all_of(children: tuple[query.Query, ...], document: Prepared, context: Context) -> set[Span] | None:
    together: set[Span] = set()
    for child in children:
        spans = _spans(child, document, context)
        if spans is None:
            return None
        together |= spans
    return together


def _word_spans(lexemes: tuple[str, ...], where: str, document: Prepared) -> set[Span] | None:
    """The spans of a single word: the commonest case, kept short."""
    weights, postings = document.index.weights, document.index.postings
    if not any(map(postings.__contains__, lexemes)):
        return None
    allowed = WEIGHTS[where]
    return {
        _span(document, number, lexeme)
        for lexeme in lexemes
        for number in postings.get(lexeme, ())
        if weights[number] in allowed
    } or None


def _span(document: Prepared, number: int, lexeme: str) -> Span:
    """The span of a word: the part that is the lexeme in a Korean word (인공지능 of 인공지능을), else the whole."""
    index = document.index
    name, source = (
        ("title", document.document.title)
        if index.weights[number] == tokens.TITLE
        else ("text", document.document.text)
    )
    start, end = index.starts[number], index.ends[number]
    if lexeme.startswith(tokens.DERIVED) and not source[start:end].isascii():
        folded, part = tokens.fold(source[start:end]), lexeme.removeprefix(tokens.DERIVED)
        at = folded.find(part)
        if at >= 0 and len(folded) == end - start:
            return Span(name, start + at, start + at + len(part))
    return Span(name, start, end)


def _runs(ast: query.Query, document: Prepared) -> list[_Run]:
    """Every place where a positional query is found."""
    match ast:
        case query.Word(text, where, exact):
            return list(_lookup(tokens.lookup(text, exact=exact), where, document))
        case query.Prefix(text, where):
            return list(_lookup_beginning(text, where, document))
        case query.Phrase(words, where, exact):
            runs = [list(_lookup(tokens.lookup(word, exact=exact), where, document)) for word in words]
            return functools.reduce(_following, runs)
        case query.Near(left, right, distance, ordered):
            return _near(_runs(left, document), _runs(right, document), distance, ordered=ordered)
        case query.Or(children):
            return [run for child in children for run in _runs(child, document)]
        case _:
            raise TypeError(f"{ast} has no place in the text")


def _lookup(lexemes: Sequence[str], where: str, document: Prepared) -> Iterator[_Run]:
    index, allowed = document.index, WEIGHTS[where]
    for lexeme in lexemes:
        for number in index.postings.get(lexeme, ()):
            if index.weights[number] in allowed:
                position = index.positions[number]
                yield _Run(position, position, frozenset([(number, lexeme)]))


def _lookup_beginning(text: str, where: str, document: Prepared) -> Iterator[_Run]:
    """A word can be found under several lexemes; the shortest is the one to show."""
    seen: set[int] = set()
    for run in _lookup(sorted(_beginning_with(text, document), key=_letters), where, document):
        number = min(run.shown)[0]
        if number not in seen:
            seen.add(number)
            yield run


def _letters(lexeme: str) -> int:
    return len(lexeme.removeprefix(tokens.DERIVED))


def _beginning_with(text: str, document: Prepared) -> Iterator[str]:
    for start in tokens.lookup_prefix(text):
        for place in range(bisect.bisect_left(document.lexemes, start), len(document.lexemes)):
            if not document.lexemes[place].startswith(start):
                break
            yield document.lexemes[place]


def _following(left: list[_Run], right: list[_Run]) -> list[_Run]:
    """Runs of the left that go on in the right with the very next word."""
    return _joined(left, right, 1, 1)


def _joined(left: list[_Run], right: list[_Run], least: int, most: int) -> list[_Run]:
    """Runs of the left with those of the right that start `least` to `most` positions after their end."""
    right = sorted(right, key=_start)
    starts = [run.start for run in right]
    joined: dict[tuple[int, int], frozenset[tuple[int, str]]] = {}
    for run in left:
        begin = bisect.bisect_left(starts, run.end + least)
        for other in right[begin : bisect.bisect_right(starts, run.end + most)]:
            key = (run.start, other.end)
            joined[key] = joined.get(key, frozenset()) | run.shown | other.shown
    return [_Run(start, end, shown) for (start, end), shown in joined.items()]


def _start(run: _Run) -> int:
    return run.start


def _near(left: list[_Run], right: list[_Run], distance: int, *, ordered: bool) -> list[_Run]:
    forward = _joined(left, right, 1, distance)
    return forward if ordered else forward + _joined(right, left, 1, distance)


def _substring_spans(part: str, where: str, document: SearchDocument) -> set[Span] | None:
    fields = {"title": document.title, "text": document.text}
    wanted = {"": ("title", "text"), "title": ("title",), "body": ("text",)}[where]
    return {Span(name, *place) for name in wanted for place in folding.find(fields[name], part)} or None


def _attribute_spans(name: str, value: str, how: str, document: Prepared) -> set[Span] | None:
    """Tags give no span; a property's span is where the value stands in it."""
    values = document.folded[name]
    if value not in values if how == "is" else not any(_compares(found, value, how) for found in values):
        return None
    if name in query.TAG_FIELDS:
        return set()
    return {Span(name, *place) for place in folding.find(getattr(document.document, name), value)}


def _compares(found: str, value: str, how: str) -> bool:
    match how:
        case "is":
            return found == value
        case "starts":
            return found.startswith(value)
        case _:
            return value in found


def _in_period(period: query.Published, published: datetime.datetime | None, context: Context) -> bool:
    begin, end = periods.bounds(period.first, period.last, period.days, context.now, context.zone)
    return (
        published is not None and (begin is None or published >= begin) and (end is None or published < end)
    )
