"""The query language in PostgreSQL: a query to a condition over the stored articles.

Its meaning is that of `articles.search.matches`. Only text is built here, every value is a bound parameter, and nothing
is sent anywhere. Conditions are true or false, never null, as long as the columns named in COLUMNS are not null.
"""

import datetime
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from articles.pages import walls
from articles.search import conditions, fields, folding, periods, places, query, regex, runs_sql, tokens
from articles.search.context import Context

# Where things are stored. A property that is in another table is a condition on that table with one placeholder {}
# for the comparison of the named column.
COLUMNS = {
    "search": runs_sql.SEARCH,
    "title": "articles_article.title",
    "body": "articles_article.body",
    "author": "articles_article.author",
    "url": "articles_article.url",
    "lang": "articles_article.language",
    "published": "articles_searchrow.published_at",
    "seen": "articles_article.first_seen_at",
    "changed": "articles_article.changed_at",
    "source": "o.name",
    "group": "s.group",
    "company": "c.name",
    "theme": "t.name",
    "subtheme": "part",
    "person": "q.speaker",
    "note": "m.note",
}
COMPANIES = (
    "EXISTS (SELECT 1 FROM articles_companytag ct JOIN articles_company c ON c.id = ct.company_id "
    "WHERE ct.article_id = articles_article.id AND {})"
)
ELSEWHERE = {
    "source": "EXISTS (SELECT 1 FROM articles_outlet o WHERE o.id = articles_article.outlet_id AND {})",
    "group": "EXISTS (SELECT 1 FROM articles_source s WHERE s.id = articles_article.source_id AND {})",
    "company": COMPANIES,
    "theme": (
        "EXISTS (SELECT 1 FROM articles_themetag tt JOIN articles_theme t ON t.id = tt.theme_id "
        "WHERE tt.article_id = articles_article.id AND {})"
    ),
    "subtheme": (
        "EXISTS (SELECT 1 FROM articles_themetag tt, unnest(tt.subthemes) part "
        "WHERE tt.article_id = articles_article.id AND {})"
    ),
    "person": "EXISTS (SELECT 1 FROM articles_quote q WHERE q.article_id = articles_article.id AND {})",
}
# A theme's parts go by "theme/sub-theme".
PARTS_OF_THEMES = (
    "EXISTS (SELECT 1 FROM articles_themetag tt JOIN articles_theme t ON t.id = tt.theme_id, "
    "unnest(tt.subthemes) part WHERE tt.article_id = articles_article.id AND {})"
)
PART_OF_THEME = "(t.name || '/' || part)"
# The companies that are so, and all below them in the watch list.
BELOW = (
    "{} IN (WITH RECURSIVE below AS (SELECT c.id FROM articles_company c WHERE {} "
    "UNION SELECT child.id FROM articles_company child JOIN below ON child.parent_id = below.id) "
    "SELECT id FROM below)"
)
TAGGED = "EXISTS (SELECT 1 FROM articles_companytag ct WHERE ct.article_id = articles_article.id AND {})"
# What the reader has marked; nobody's if nobody reads.
MARKED = (
    "EXISTS (SELECT 1 FROM articles_mark m "
    "WHERE m.article_id = articles_article.id AND m.reader_id = %s AND {})"
)
STATES = {
    "duplicate": "articles_article.near_duplicate_of_id IS NOT NULL",
    "sample": "articles_article.is_sample",
    "event": "EXISTS (SELECT 1 FROM articles_eventreport r WHERE r.article_id = articles_article.id)",
    "quote": "EXISTS (SELECT 1 FROM articles_quote q WHERE q.article_id = articles_article.id)",
    "page": "articles_article.text_from = 'page'",
}
WALLED = "articles_article.page_error = ANY(%s::text[])"
MARKS = {"read": "m.read_at IS NOT NULL", "starred": "m.starred_at IS NOT NULL", "note": "m.note <> ''"}
EVENTS = "EXISTS (SELECT 1 FROM articles_eventreport r WHERE r.article_id = articles_article.id AND {})"
STORY = "articles_article.story_id IS NOT NULL AND articles_article.story_id"
OUTLETS = (
    "coalesce((SELECT st.outlet_count FROM articles_story st WHERE st.id = articles_article.story_id), 1)"
)
BEST = (
    "coalesce((SELECT max(ct.confidence) {} %s FROM articles_companytag ct "
    "WHERE ct.article_id = articles_article.id), FALSE)"
)
# Weights as tsquery writes them; no weight means all.
WEIGHTS = runs_sql.WEIGHTS

Condition = conditions.Condition


@dataclass(frozen=True, slots=True)
class _Link:
    """A word of a chain: the lexemes that will do, and the distance from the word before."""

    lexemes: str
    distance: int


def to_sql(
    ast: query.Query, *, now: datetime.datetime | None = None, context: Context | None = None
) -> conditions.Condition:
    """The condition under which a row of articles_article, joined with its row of articles_searchrow, matches.

    `now` alone stands for a context in which nothing else is known. Raises ValueError as `matches` does.
    """
    return _condition(ast, context or Context(now))


def _condition(ast: query.Query, context: Context) -> conditions.Condition:  # noqa: PLR0911, PLR0912 - one case for each node
    if query.place_of(ast):
        return conditions.Condition(f"{COLUMNS['search']} @@ %s::tsquery", (to_tsquery(ast),))
    match ast:
        case query.And(children):
            return _together(ast, children, " AND ", context)
        case query.Or(children):
            return _together(ast, children, " OR ", context)
        case query.Not(child):
            inner = _condition(child, context)
            return conditions.Condition(f"NOT ({inner.sql})", inner.params)
        case query.AtLeast(times, child):
            return runs_sql.counted(child, times, to_tsquery(child))
        case query.Sentence(child):
            return runs_sql.in_sentence(child, to_tsquery(runs_sql.without_exclusions(child)))
        case query.Substring(text, where):
            return _contains(text, where)
        case query.Regex(pattern, flags, where):
            return _matched(regex.compile_pattern(pattern, flags), where)
        case query.Attribute():
            return _attribute(ast, context)
        case query.When():
            return _period(ast, context)
        case query.Measure():
            return _measured(ast)
        case query.Saved(name):
            raise ValueError(f"the saved search {name} was not expanded")
        case _:
            raise TypeError(f"{ast} is no query")


def _together(
    ast: query.And | query.Or, children: tuple[query.Query, ...], joiner: str, context: Context
) -> conditions.Condition:
    """The children's conditions joined; those on words become one question to the index."""
    text = [child for child in children if query.place_of(child)]
    rest = [child for child in children if not query.place_of(child)]
    parts = [_question(type(ast), text)] if text else []
    return conditions.joined([*parts, *(_condition(child, context) for child in rest)], joiner)


def _question(kind: type[query.And | query.Or], children: Sequence[query.Query]) -> conditions.Condition:
    """One question to the index of words."""
    ast = kind(tuple(children)) if len(children) > 1 else children[0]
    return conditions.Condition(f"{COLUMNS['search']} @@ %s::tsquery", (to_tsquery(ast),))


def to_tsquery(ast: query.Query) -> str:
    """A query on words as PostgreSQL's tsquery reads it."""
    match ast:
        case query.And(children):
            return " & ".join(f"({to_tsquery(child)})" for child in children)
        case query.Or(children):
            return " | ".join(f"({to_tsquery(child)})" for child in children)
        case query.Not(child):
            return f"!({to_tsquery(child)})"
        case _:
            return " | ".join(_chain_text(chain) for chain in _chains(ast))


def _chains(ast: query.Query) -> Iterator[tuple[_Link, ...]]:
    """A positional query as chains of words at fixed distances, any of which will do.

    PostgreSQL has no "within n words", and pads alternatives of different lengths inside a phrase in a way that would
    move their ends; written out, a chain has no alternatives but the forms of one word.
    """
    match ast:
        case query.Word(text, where, exact):
            yield (_Link(_alternatives(tokens.lookup(text, exact=exact), where), 0),)
        case query.Labelled(labels):
            yield (_Link(_alternatives(labels, ""), 0),)
        case query.Prefix(text, where):
            yield (_Link(_alternatives(tokens.lookup_prefix(text), where, "*"), 0),)
        case query.Phrase(words, where, exact):
            found = [_alternatives(tokens.lookup(word, exact=exact), where) for word in words]
            yield tuple(_Link(lexemes, 1 if number else 0) for number, lexemes in enumerate(found))
        case query.Near(left, right, most, ordered):
            for first, second in itertools.product(_chains(left), _chains(right)):
                for distance in range(1, most + 1):
                    yield _linked(first, second, distance)
                    if not ordered:
                        yield _linked(second, first, distance)
        case query.Or(children):
            for child in children:
                yield from _chains(child)
        case _:
            raise TypeError(f"{ast} has no place in the text")


def _linked(first: tuple[_Link, ...], second: tuple[_Link, ...], distance: int) -> tuple[_Link, ...]:
    return (*first, _Link(second[0].lexemes, distance), *second[1:])


def _alternatives(lexemes: tuple[str, ...], where: str, flags: str = "") -> str:
    found = places.lexemes_in(lexemes, where)
    flags += WEIGHTS.get(where, "")
    suffix = f":{flags}" if flags else ""
    text = " | ".join(tokens.quoted(lexeme) + suffix for lexeme in found)
    return f"({text})" if len(found) > 1 else text


def _chain_text(chain: tuple[_Link, ...]) -> str:
    """The chain in tsquery's words; nested to the left, as PostgreSQL reads it without parentheses."""
    first, *rest = chain
    return first.lexemes + "".join(f" <{link.distance}> {link.lexemes}" for link in rest)


def _contains(text: str, where: str) -> conditions.Condition:
    fields_of = {"": ("title", "body"), "title": ("title",), "body": ("body",)}[where]
    pattern = f"%{_escaped(folding.fold(text))}%"
    return conditions.Condition(
        " OR ".join(f"{_folded(COLUMNS[name])} LIKE %s" for name in fields_of), (pattern,) * len(fields_of)
    )


def _matched(compiled: regex.Compiled, where: str) -> conditions.Condition:
    """A regular expression; under the collation "C", so that the edge of a word is what it is for RE2."""
    fields_of = {"": ("title", "body"), "title": ("title",), "body": ("body",)}[where]
    fold = _folded if compiled.folds else _composed
    return conditions.Condition(
        " OR ".join(f'({fold(COLUMNS[name])}) COLLATE "C" ~ %s' for name in fields_of),
        (compiled.postgres,) * len(fields_of),
    )


def has_region(kind: str) -> str:
    """A tsquery for articles whose page has words in a region of this kind."""
    return f"{tokens.quoted(tokens.region_start(kind))}:*"


def _attribute(ast: query.Attribute, context: Context) -> conditions.Condition:
    name, value = ast.field, ast.value
    if name == "region":
        return conditions.Condition(f"{COLUMNS['search']} @@ %s::tsquery", (has_region(value),))
    if name in ("is", "has"):
        return _state(value, context)
    if name == "story":
        return conditions.Condition(f"{STORY} = %s", (int(value),))
    if name == "note":
        return _marked(_compared(COLUMNS["note"], folding.fold(value), ast.how), context)
    if ast.how == fields.GROUP:
        named = _compared(COLUMNS["company"], folding.fold(value), "is")
        return conditions.Condition(TAGGED.format(BELOW.format("ct.company_id", named.sql)), named.params)
    spellings = fields.spellings(name, folding.fold(value))
    return conditions.joined([_tagged(name, spelling, ast.how) for spelling in spellings], " OR ")


def _tagged(name: str, value: str, how: str) -> conditions.Condition:
    """A property compared with one spelling of the value."""
    if name == "tag":
        return conditions.joined(
            [_elsewhere(one, value, how) for one in ("company", "theme", "subtheme")], " OR "
        )
    if name == "theme":
        part = _compared(PART_OF_THEME, value, how)
        whole = _elsewhere(name, value, how)
        return conditions.joined(
            [whole, conditions.Condition(PARTS_OF_THEMES.format(part.sql), part.params)], " OR "
        )
    return _elsewhere(name, value, how)


def _elsewhere(name: str, value: str, how: str) -> conditions.Condition:
    compared = _compared(COLUMNS[name], value, how)
    return conditions.Condition(ELSEWHERE.get(name, "{}").format(compared.sql), compared.params)


def comparison(column: str, value: str, how: str) -> conditions.Condition:
    """A column of names that is, has or starts with a value, case and width aside.

    With "group" the column is that of the companies, and the condition is on their table's `id`.
    """
    if how == fields.GROUP:
        named = _compared("c.name", folding.fold(value), "is")
        return conditions.Condition(BELOW.format("id", named.sql), named.params)
    return _compared(column, folding.fold(value), how)


def _compared(column: str, folded: str, how: str) -> conditions.Condition:
    param = {"is": folded, "starts": f"{_escaped(folded)}%", "has": f"%{_escaped(folded)}%"}[how]
    return conditions.Condition(f"{_folded(column)} {'=' if how == 'is' else 'LIKE'} %s", (param,))


def _state(state: str, context: Context) -> conditions.Condition:
    if state in STATES:
        return conditions.Condition(STATES[state])
    if state == "walled":
        return Condition(WALLED, (list(walls.NOTES),))
    if state == "unread":
        read = _marked(conditions.Condition(MARKS["read"]), context)
        return conditions.Condition(f"NOT {read.sql}", read.params)
    return _marked(conditions.Condition(MARKS[state]), context)


def _marked(marked: conditions.Condition, context: Context) -> conditions.Condition:
    """What the reader has marked so."""
    if context.reader is None:
        return conditions.Condition("FALSE")
    return conditions.Condition(MARKED.format(marked.sql), (context.reader, *marked.params))


def _folded(column: str) -> str:
    """The column as articles.search.folding folds it. Asking first is much cheaper than normalising in vain."""
    return f"lower({_composed(column)})"


def _composed(column: str) -> str:
    return f"CASE WHEN {column} IS NFKC NORMALIZED THEN {column} ELSE normalize({column}, NFKC) END"


def _escaped(text: str) -> str:
    """The text as a pattern of LIKE that stands for itself."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def bounds(ast: query.When, context: Context) -> tuple[datetime.datetime | None, datetime.datetime | None]:
    """From when on and before when an article's time is in the period; None where it is open."""
    return periods.bounds(ast.period, context.now, context.zone)


def _period(ast: query.When, context: Context) -> conditions.Condition:
    if ast.field == "event":
        first, last = periods.days(ast.period, context.now, context.zone)
        known = [("r.ends_on >= %s", first), ("r.starts_on <= %s", last)]
        return _bounded(EVENTS, "TRUE", known)
    column = COLUMNS[ast.field]
    begin, end = bounds(ast, context)
    return _bounded("{}", f"{column} IS NOT NULL", [(f"{column} >= %s", begin), (f"{column} < %s", end)])


def _bounded(
    where: str, always: str, bounds: Sequence[tuple[str, datetime.date | datetime.datetime | None]]
) -> conditions.Condition:
    """The bounds that are known, all of them."""
    known = [(sql, at) for sql, at in bounds if at is not None]
    return conditions.Condition(
        where.format(" AND ".join([always, *(sql for sql, _ in known)])), tuple(at for _, at in known)
    )


def _measured(ast: query.Measure) -> conditions.Condition:
    if ast.field == "outlets":
        return conditions.Condition(f"{OUTLETS} {ast.sign} %s", (ast.number,))
    if not ast.of:
        return conditions.Condition(BEST.format(ast.sign), (ast.number,))
    return conditions.joined([_sure(choice, ast) for choice in ast.of], " AND ")


def _sure(choice: Sequence[query.Attribute], ast: query.Measure) -> conditions.Condition:
    """One of these companies, with such a confidence."""
    named = conditions.joined([_company(one) for one in choice], " OR ")
    return conditions.Condition(
        COMPANIES.format(f"ct.confidence {ast.sign} %s AND ({named.sql})"), (ast.number, *named.params)
    )


def _company(asked: query.Attribute) -> conditions.Condition:
    compared = _compared(
        "c.name", folding.fold(asked.value), "is" if asked.how == fields.GROUP else asked.how
    )
    if asked.how != fields.GROUP:
        return compared
    return conditions.Condition(BELOW.format("ct.company_id", compared.sql), compared.params)
