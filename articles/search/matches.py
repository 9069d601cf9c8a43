"""The query language in memory: one document against one query, with the spans that made it match.

Its meaning is that of `articles.search.to_sql` over the same article in PostgreSQL; a test draws queries and documents
and compares them. A document is prepared once and then asked many times. Must not read the clock: `now` is passed in.
"""

import bisect
import datetime
import functools
import itertools
import operator
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from articles.search import fields, folding, periods, places, query, regex, tokens
from articles.search.context import Context

# Weights of the index under which each field's words stand.
WEIGHTS = {"": "ABD", "title": "A", "lead": "B", "body": "BD"}

# Among a document's folded values: the tagged companies and all above them.
BELOW = "company+"

# A query's value is folded for every article that it is asked about.
_folded = functools.lru_cache(maxsize=1 << 13)(folding.fold)

SPAN_FIELDS = ("title", "text", "author", "source", "group", "url", "note")


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """What of an article can be searched. `text` is the body in plain paragraphs.

    Whatever is left out is not there: an article of its own with no story, unread, in one outlet.
    """

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
    # Theme and sub-theme as "theme/sub-theme".
    subthemes: Sequence[str] = ()
    # For each tagged company those above it in the watch list.
    above: Mapping[str, Sequence[str]] = field(default_factory=dict)
    # How sure recognition is of each company, 0 to 1.
    confidences: Mapping[str, float] = field(default_factory=dict)
    # Kinds and texts of what the page has besides the article (fields.REGIONS).
    regions: Sequence[tuple[str, str]] = ()
    # Those who are quoted.
    people: Sequence[str] = ()
    # The number of its story, and how many outlets tell that.
    story: str = ""
    outlets: int = 1
    # What of "is:" and "has:" is so: "duplicate", "walled", "sample", "read", "starred"; "event", "quote", "page".
    states: Collection[str] = ()
    # The reader's.
    note: str = ""
    seen: datetime.datetime | None = None
    changed: datetime.datetime | None = None
    # First and last day of each event that it tells of.
    events: Sequence[tuple[datetime.date, datetime.date]] = ()


@dataclass(frozen=True)
class Prepared:
    """A document ready to be asked; `folded` are its properties' values as they are compared.

    What costs time is made when it is first asked for.
    """

    document: SearchDocument
    folded: dict[str, tuple[str, ...]] = field(default_factory=dict)
    # The words that it will be asked for; None: any.
    asked: tokens.Asked | None = None

    @functools.cached_property
    def index(self) -> tokens.Index:
        """Its words and where they stand."""
        if self.asked is not None:
            return tokens.index_of(self.document.title, self.document.text, self.asked)
        return tokens.index(self.document.title, self.document.text, self.document.regions)

    @functools.cached_property
    def words(self) -> set[str]:
        """Its lexemes, without their places, which take most of the index's time."""
        return tokens.lexemes_of(self.document.title, self.document.text, self.document.regions)

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

    def sentence(self, position: int) -> int:
        """The number of the sentence that a position is in."""
        return bisect.bisect_right(self.index.breaks, position)


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of one of SPAN_FIELDS; offsets in code points."""

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


def asked(queries: Iterable[query.Query]) -> tokens.Asked | None:
    """The words that parts of a query (`edit.wanted`) look for in title and text; None if they look for sentences."""
    whole: set[str] = set()
    starts: set[str] = set()
    for one in queries:
        if isinstance(one, query.Sentence):
            return None
        for leaf in query.leaves(one):
            match leaf:
                case query.Word(text, where, exact):
                    whole.update(places.lexemes_in(tokens.lookup(text, exact=exact), where))
                case query.Phrase(words, where, exact):
                    whole.update(*(tokens.lookup(word, exact=exact) for word in words))
                case query.Prefix(text):
                    starts.update(tokens.lookup_prefix(text))
    return tokens.Asked(whole, starts)


def prepare(document: SearchDocument, *, asked: tokens.Asked | None = None) -> Prepared:
    """A document to be matched against any number of queries.

    `asked`: against those alone that look for these words, in a document without regions, and to show where.
    """
    values: dict[str, Iterable[str]] = {
        "author": (document.author,),
        "source": (document.source,),
        "group": (document.group,),
        "url": (document.url,),
        "person": document.people,
        "note": (document.note,),
        "lang": (document.language,),
        "company": document.companies,
        "theme": (*document.themes, *document.subthemes),
        "subtheme": [pair.partition("/")[2] for pair in document.subthemes],
        "story": (document.story,) if document.story else (),
        "region": {kind for kind, text in document.regions if next(tokens.words(text), None)},
        "is": [state for state in fields.STATES if _is(document, state)],
        "has": [thing for thing in fields.POSSESSIONS if _has(document, thing)],
        BELOW: itertools.chain(document.companies, *document.above.values()),
    }
    folded = {name: tuple(map(folding.fold, found)) for name, found in values.items()}
    folded["tag"] = (*folded["company"], *map(folding.fold, document.themes), *folded["subtheme"])
    return Prepared(document, folded, asked)


def _is(document: SearchDocument, state: str) -> bool:
    return "read" not in document.states if state == "unread" else state in document.states


def _has(document: SearchDocument, thing: str) -> bool:
    return bool(document.note) if thing == "note" else thing in document.states


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


def holds(
    ast: query.Query,
    document: Prepared,
    *,
    now: datetime.datetime | None = None,
    context: Context | None = None,
) -> bool:
    """Whether a document matches: what `matches` says, sooner, for whoever need not know where. Raises as that does."""
    return _holds(ast, document, context or Context(now))


def _holds(  # noqa: PLR0911 - one case for each kind of node
    ast: query.Query, document: Prepared, context: Context
) -> bool:
    match ast:
        case query.Word(text, "", exact):
            return not document.words.isdisjoint(tokens.lookup(text, exact=exact))
        case query.And(children):
            return all(_holds(child, document, context) for child in children)
        case query.Or(children):
            return any(_holds(child, document, context) for child in children)
        case query.Not(child):
            return not _holds(child, document, context)
        case query.Phrase(words, where, exact) if where in WEIGHTS:
            return _has_phrase([tokens.lookup(word, exact=exact) for word in words], where, document)
        case query.Near():
            return bool(_runs(ast, document))
        case _:
            return _spans(ast, document, context) is not None


def _has_phrase(words: Iterable[tuple[str, ...]], where: str, document: Prepared) -> bool:
    """Whether words, each by its lexemes, follow one another in a field."""
    words = list(words)
    if any(map(document.words.isdisjoint, words)):
        return False
    ends = _positions(words[0], where, document)
    for lexemes in words[1:]:
        ends = {place for place in _positions(lexemes, where, document) if place - 1 in ends}
    return bool(ends)


def _positions(lexemes: Iterable[str], where: str, document: Prepared) -> set[int]:
    index, allowed = document.index, WEIGHTS[where]
    return {
        index.positions[number]
        for lexeme in lexemes
        for number in index.postings.get(lexeme, ())
        if index.weights[number] in allowed
    }


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


def _spans(  # noqa: PLR0911, PLR0912 - one case for each kind of node
    ast: query.Query, document: Prepared, context: Context
) -> set[Span] | None:
    """The spans of a match, maybe none; None if there is no match."""
    match ast:
        # The commonest first: each case that is passed over costs.
        case query.Word(text, where, exact) if where in WEIGHTS:
            return _word_spans(tokens.lookup(text, exact=exact), where, document)
        case query.Attribute():
            return _attribute_spans(ast, document)
        case query.And(children):
            return _all_of(children, document, context)
        case query.Or(children):
            found = [spans for child in children if (spans := _spans(child, document, context)) is not None]
            return set().union(*found) if found else None
        case query.Not(child):
            return set() if _spans(child, document, context) is None else None
        case query.Word() | query.Phrase() | query.Prefix() | query.Near():
            runs = _runs(ast, document)
            return _shown(runs, document) if runs else None
        case query.AtLeast(times, child):
            runs = _runs(child, document)
            return _shown(runs, document) if len({(run.start, run.end) for run in runs}) >= times else None
        case query.Sentence(child):
            held = _sentences(child, document)
            return _shown(itertools.chain(*held.values()), document) if held else None
        case query.Substring(text, where):
            return _substring_spans(_folded(text), where, document.document)
        case query.Regex(pattern, flags, where):
            return _regex_spans(regex.compile_pattern(pattern, flags), where, document.document)
        case query.When():
            return set() if _in_period(ast, document.document, context) else None
        case query.Measure():
            return set() if _measures(ast, document.document) else None
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


def _shown(runs: Iterable[_Run], document: Prepared) -> set[Span]:
    """The spans of runs; words of a region are in none of the fields that are shown."""
    shown = {word for run in runs for word in run.shown}
    weights = document.index.weights
    return {_span(document, number, lexeme) for number, lexeme in shown if weights[number] != tokens.REGION}


def _runs(ast: query.Query, document: Prepared) -> list[_Run]:
    """Every place where a positional query is found."""
    match ast:
        case query.Word(text, where, exact):
            return list(_lookup(places.lexemes_in(tokens.lookup(text, exact=exact), where), where, document))
        case query.Prefix(text, where):
            return list(_lookup_beginning(text, where, document))
        case query.Phrase(words, where, exact):
            runs = [
                list(_lookup(places.lexemes_in(tokens.lookup(word, exact=exact), where), where, document))
                for word in words
            ]
            return functools.reduce(_following, runs)
        case query.Near(left, right, distance, ordered):
            return _near(_runs(left, document), _runs(right, document), distance, ordered=ordered)
        case query.Or(children):
            return [run for child in children for run in _runs(child, document)]
        case _:
            raise TypeError(f"{ast} has no place in the text")


def _sentences(ast: query.Query, document: Prepared) -> dict[int, list[_Run]]:
    """The sentences for which a query on words holds, by number, each with the runs that make it hold."""
    match ast:
        case query.And(children):
            wanted = [_sentences(child, document) for child in children if not isinstance(child, query.Not)]
            unwanted = [
                _sentences(child.child, document) for child in children if isinstance(child, query.Not)
            ]
            held = set(wanted[0]).intersection(*wanted[1:]).difference(*unwanted)
            return {number: [run for found in wanted for run in found[number]] for number in held}
        case query.Or(children):
            together: dict[int, list[_Run]] = {}
            for child in children:
                for number, runs in _sentences(child, document).items():
                    together.setdefault(number, []).extend(runs)
            return together
        case _:
            return _by_sentence(_runs(ast, document), document)


def _by_sentence(runs: Iterable[_Run], document: Prepared) -> dict[int, list[_Run]]:
    """Runs within a sentence, by its number. Positions beyond the last are not told apart: they don't count."""
    found: dict[int, list[_Run]] = {}
    for run in runs:
        number = document.sentence(run.start)
        if run.end < tokens.LAST_POSITION and document.sentence(run.end) == number:
            found.setdefault(number, []).append(run)
    return found


def _lookup(lexemes: Sequence[str], where: str, document: Prepared) -> Iterator[_Run]:
    index, allowed = document.index, WEIGHTS.get(where, tokens.REGION)
    for lexeme in lexemes:
        for number in index.postings.get(lexeme, ()):
            if index.weights[number] in allowed:
                position = index.positions[number]
                yield _Run(position, position, frozenset([(number, lexeme)]))


def _lookup_beginning(text: str, where: str, document: Prepared) -> Iterator[_Run]:
    """A word can be found under several lexemes; the shortest is the one to show."""
    seen: set[int] = set()
    starts = places.lexemes_in(tokens.lookup_prefix(text), where)
    for run in _lookup(sorted(_beginning_with(starts, document), key=_letters), where, document):
        number = min(run.shown)[0]
        if number not in seen:
            seen.add(number)
            yield run


def _letters(lexeme: str) -> int:
    return len(lexeme.removeprefix(tokens.DERIVED))


def _beginning_with(starts: Iterable[str], document: Prepared) -> Iterator[str]:
    for start in starts:
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


def _regex_spans(compiled: regex.Compiled, where: str, document: SearchDocument) -> set[Span] | None:
    fields_of = {"title": document.title, "text": document.text}
    wanted = {"": ("title", "text"), "title": ("title",), "body": ("text",)}[where]
    most = folding.MOST_OCCURRENCES
    return {
        Span(name, *place) for name in wanted for place in regex.find(fields_of[name], compiled, most)
    } or None


def _attribute_spans(ast: query.Attribute, document: Prepared) -> set[Span] | None:
    """Tags give no span; a property's span is where the value stands in it."""
    name, how = ast.field, ast.how
    values = document.folded[BELOW if how == fields.GROUP else name]
    value = _folded(ast.value)
    spellings = fields.spellings(name, value)
    if how in ("is", fields.GROUP):
        if all(spelling not in values for spelling in spellings):
            return None
    elif not any(_compares(found, spelling, how) for spelling in spellings for found in values):
        return None
    if name in fields.TAGS or name == "person":
        return set()
    return {Span(name, *place) for place in folding.find(getattr(document.document, name), value)}


def _compares(found: str, value: str, how: str) -> bool:
    match how:
        case "has":
            return value in found
        case "starts":
            return found.startswith(value)
        case _:
            return found == value


def _in_period(ast: query.When, document: SearchDocument, context: Context) -> bool:
    if ast.field == "event":
        first, last = periods.days(ast.period, context.now, context.zone)
        return any(
            (first is None or ends >= first) and (last is None or begins <= last)
            for begins, ends in document.events
        )
    at: datetime.datetime | None = getattr(document, ast.field)
    begin, end = periods.bounds(ast.period, context.now, context.zone)
    return at is not None and (begin is None or at >= begin) and (end is None or at < end)


_SIGNS: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge, ">": operator.gt, "<=": operator.le, "<": operator.lt, "=": operator.eq,
}  # fmt: skip


def _measures(ast: query.Measure, document: SearchDocument) -> bool:
    compares = _SIGNS[ast.sign]
    if ast.field == "outlets":
        return compares(document.outlets, ast.number)
    sure = [name for name, confidence in document.confidences.items() if compares(confidence, ast.number)]
    if not ast.of:
        best = max(document.confidences.values(), default=None)
        return best is not None and compares(best, ast.number)
    return all(any(_is_company(name, one, document) for name in sure for one in choice) for choice in ast.of)


def _is_company(name: str, asked: query.Attribute, document: SearchDocument) -> bool:
    """Whether a tagged company is the one asked for, or one below it if that is asked."""
    names = (name, *document.above.get(name, ())) if asked.how == fields.GROUP else (name,)
    value = _folded(asked.value)
    return any(_compares(folding.fold(one), value, asked.how) for one in names)
