"""The query language in PostgreSQL: a query to a condition over the stored articles.

Its meaning is that of `articles.search.matches`. Only text is built here, every value is a bound parameter, and nothing
is sent anywhere. Conditions are true or false, never null, as long as the columns named in COLUMNS are not null.
"""

import datetime
import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from articles.search import folding, periods, query, tokens
from articles.search.context import Context

# Where things are stored. A property that is in another table is a condition on that table with one placeholder {}
# for the comparison of the named column.
COLUMNS = {
    "search": "articles_searchrow.search",
    "title": "articles_article.title",
    "body": "articles_article.body",
    "author": "articles_article.author",
    "url": "articles_article.url",
    "lang": "articles_article.language",
    "published": "articles_searchrow.published_at",
    "source": "o.name",
    "group": "s.group",
    "company": "c.name",
    "theme": "t.name",
}
ELSEWHERE = {
    "source": "EXISTS (SELECT 1 FROM articles_outlet o WHERE o.id = articles_article.outlet_id AND {})",
    "group": "EXISTS (SELECT 1 FROM articles_source s WHERE s.id = articles_article.source_id AND {})",
    "company": (
        "EXISTS (SELECT 1 FROM articles_companytag ct JOIN articles_company c ON c.id = ct.company_id "
        "WHERE ct.article_id = articles_article.id AND {})"
    ),
    "theme": (
        "EXISTS (SELECT 1 FROM articles_themetag tt JOIN articles_theme t ON t.id = tt.theme_id "
        "WHERE tt.article_id = articles_article.id AND {})"
    ),
}
# Weights as tsquery writes them; no weight means all.
WEIGHTS = {"": "", "title": "A", "lead": "B", "body": "BD"}


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition with %s for each parameter, in order."""

    sql: str
    params: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class _Link:
    """A word of a chain: the lexemes that will do, and the distance from the word before."""

    lexemes: str
    distance: int


def to_sql(
    ast: query.Query, *, now: datetime.datetime | None = None, context: Context | None = None
) -> Condition:
    """The condition under which a row of articles_article, joined with its row of articles_searchrow, matches.

    `now` alone stands for a context in which nothing else is known. Raises ValueError as `matches` does.
    """
    return _condition(ast, context or Context(now))


def _condition(ast: query.Query, context: Context) -> Condition:  # noqa: PLR0911 - one case for each kind of node
    if is_text(ast):
        return Condition(f"{COLUMNS['search']} @@ %s::tsquery", (to_tsquery(ast),))
    match ast:
        case query.And(children):
            return _together(ast, children, " AND ", context)
        case query.Or(children):
            return _together(ast, children, " OR ", context)
        case query.Not(child):
            inner = _condition(child, context)
            return Condition(f"NOT ({inner.sql})", inner.params)
        case query.Substring(text, where):
            return _contains(text, where)
        case query.Attribute(name, value, how):
            return _compared(name, value, how)
        case query.Published():
            return _period(ast, context)
        case query.Saved(name):
            raise ValueError(f"the saved search {name} was not expanded")
        case _:
            raise TypeError(f"{ast} is no query")


def is_text(ast: query.Query) -> bool:
    """Whether the whole query can be answered by the index of words."""
    return all(
        isinstance(leaf, query.Word | query.Phrase | query.Prefix | query.Labelled)
        for leaf in query.leaves(ast)
    )


def _together(
    ast: query.And | query.Or, children: tuple[query.Query, ...], joiner: str, context: Context
) -> Condition:
    """The children's conditions joined; those on words become one question to the index."""
    text = [child for child in children if is_text(child)]
    rest = [child for child in children if not is_text(child)]
    grouped: list[query.Query] = [type(ast)(tuple(text)) if len(text) > 1 else text[0]] if text else []
    parts = [_condition(child, context) for child in grouped + rest]
    return Condition(
        joiner.join(f"({part.sql})" for part in parts),
        tuple(itertools.chain.from_iterable(part.params for part in parts)),
    )


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
            yield (_Link(_alternatives(tokens.lookup(text, exact=exact), WEIGHTS[where]), 0),)
        case query.Labelled(labels):
            yield (_Link(_alternatives(labels, ""), 0),)
        case query.Prefix(text, where):
            yield (_Link(_alternatives(tokens.lookup_prefix(text), "*" + WEIGHTS[where]), 0),)
        case query.Phrase(words, where, exact):
            found = [_alternatives(tokens.lookup(word, exact=exact), WEIGHTS[where]) for word in words]
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


def _alternatives(lexemes: tuple[str, ...], flags: str) -> str:
    suffix = f":{flags}" if flags else ""
    text = " | ".join(tokens.quoted(lexeme) + suffix for lexeme in lexemes)
    return f"({text})" if len(lexemes) > 1 else text


def _chain_text(chain: tuple[_Link, ...]) -> str:
    """The chain in tsquery's words; nested to the left, as PostgreSQL reads it without parentheses."""
    first, *rest = chain
    return first.lexemes + "".join(f" <{link.distance}> {link.lexemes}" for link in rest)


def _contains(text: str, where: str) -> Condition:
    fields = {"": ("title", "body"), "title": ("title",), "body": ("body",)}[where]
    pattern = f"%{_escaped(folding.fold(text))}%"
    return Condition(
        " OR ".join(f"{_folded(COLUMNS[name])} LIKE %s" for name in fields), (pattern,) * len(fields)
    )


def _compared(name: str, value: str, how: str) -> Condition:
    compared = comparison(COLUMNS[name], value, how)
    return Condition(ELSEWHERE.get(name, "{}").format(compared.sql), compared.params)


def comparison(column: str, value: str, how: str) -> Condition:
    """A column that is, has or starts with a value, case and width aside."""
    value, column = folding.fold(value), _folded(column)
    param = {"is": value, "starts": f"{_escaped(value)}%", "has": f"%{_escaped(value)}%"}[how]
    return Condition(f"{column} = %s" if how == "is" else f"{column} LIKE %s", (param,))


def _folded(column: str) -> str:
    """The column as articles.search.folding folds it. Asking first is much cheaper than normalising in vain."""
    return f"lower(CASE WHEN {column} IS NFKC NORMALIZED THEN {column} ELSE normalize({column}, NFKC) END)"


def _escaped(text: str) -> str:
    """The text as a pattern of LIKE that stands for itself."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def bounds(
    ast: query.Published, context: Context
) -> tuple[datetime.datetime | None, datetime.datetime | None]:
    """From when on and before when an article of the period was published; None where it is open."""
    return periods.bounds(ast.first, ast.last, ast.days, context.now, context.zone)


def _period(ast: query.Published, context: Context) -> Condition:
    column = COLUMNS["published"]
    begin, end = bounds(ast, context)
    known = [(f"{column} {sign} %s", at) for sign, at in ((">=", begin), ("<", end)) if at is not None]
    return Condition(
        " AND ".join([f"{column} IS NOT NULL", *(sql for sql, _ in known)]), tuple(at for _, at in known)
    )
