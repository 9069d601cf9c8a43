"""Where the words of a query stand, in PostgreSQL: what a tsquery can't ask, counting and sentences.

The words of an article are unnested with their positions, and runs of them joined as `articles.search.matches` joins
them. Only articles that the index finds come so far.
"""

import itertools
from collections.abc import Sequence

from articles.search import conditions, places, query, tokens

SEARCH = "articles_searchrow.search"
# Weights as tsquery writes them; no weight means all.
WEIGHTS = {"": "", "title": "A", "lead": "B", "body": "BD"}


def _runs(ast: query.Query) -> conditions.Condition:
    """A select of the first and the last position, `s` and `e`, of every run of words that a positional query finds.

    It reads `at`, which `_unnested` makes.
    """
    match ast:
        case query.Word(text, where, exact):
            return _positions(places.lexemes_in(tokens.lookup(text, exact=exact), where), where, "=")
        case query.Prefix(text, where):
            return _positions(places.lexemes_in(tokens.lookup_prefix(text), where), where, "^@")
        case query.Phrase(words, where, exact):
            return _followed([query.Word(word, where, exact) for word in words])
        case query.Near(left, right, distance, ordered):
            return _near(_runs(left), _runs(right), distance, ordered=ordered)
        case query.Or(children):
            return conditions.joined([_runs(child) for child in children], " UNION ")
        case _:
            raise TypeError(f"{ast} has no place in the text")


def _positions(lexemes: Sequence[str], where: str, operator: str) -> conditions.Condition:
    weights = list(WEIGHTS.get(where, ""))
    weighed = " AND w = ANY(%s::text[])" if weights else ""
    params = (list(lexemes), *([weights] if weights else []))
    return conditions.Condition(
        f"SELECT p AS s, p AS e FROM at WHERE lexeme {operator} ANY(%s::text[]){weighed}", params
    )


def _followed(words: Sequence[query.Word]) -> conditions.Condition:
    """Words one right after the other."""
    parts = [_runs(word) for word in words]
    tables = ", ".join(f"({part.sql}) r{number}" for number, part in enumerate(parts))
    links = " AND ".join(f"r{number}.s = r{number - 1}.e + 1" for number in range(1, len(parts)))
    return conditions.Condition(
        f"SELECT r0.s, r{len(parts) - 1}.e FROM {tables} WHERE {links}",
        tuple(itertools.chain.from_iterable(part.params for part in parts)),
    )


def _near(
    left: conditions.Condition, right: conditions.Condition, distance: int, *, ordered: bool
) -> conditions.Condition:
    def forward(first: conditions.Condition, second: conditions.Condition) -> conditions.Condition:
        return conditions.Condition(
            f"SELECT a.s, b.e FROM ({first.sql}) a, ({second.sql}) b WHERE b.s - a.e BETWEEN 1 AND %s",
            (*first.params, *second.params, distance),
        )

    one = forward(left, right)
    return one if ordered else conditions.joined([one, forward(right, left)], " UNION ")


# The words of an article with their positions; correlated, so that the index narrows the articles before.
_UNNESTED = (
    "WITH at AS MATERIALIZED (SELECT u.lexeme, x.p::int AS p, x.w FROM unnest({search}) u(lexeme, ps, ws), "
    "unnest(u.ps, u.ws) x(p, w) WHERE {wanted})"
)


def _unnested(ast: query.Query) -> conditions.Condition:
    """The words that a query looks at, to put before a select on them."""
    whole: list[str] = []
    starts: list[str] = []
    for leaf in query.leaves(ast):
        match leaf:
            case query.Word(text, where, exact):
                whole += places.lexemes_in(tokens.lookup(text, exact=exact), where)
            case query.Phrase(words, where, exact):
                for word in words:
                    whole += places.lexemes_in(tokens.lookup(word, exact=exact), where)
            case query.Prefix(text, where):
                starts += places.lexemes_in(tokens.lookup_prefix(text), where)
    wanted = [("u.lexeme = ANY(%s::text[])", whole), ("u.lexeme ^@ ANY(%s::text[])", starts)]
    wanted = [(sql, sorted(set(found))) for sql, found in wanted if found]
    return conditions.Condition(
        _UNNESTED.format(search=SEARCH, wanted=" OR ".join(sql for sql, _ in wanted)),
        tuple(found for _, found in wanted),
    )


def counted(child: query.Query, times: int, question: str) -> conditions.Condition:
    """So many different runs; `question` is a tsquery by which the index finds the articles that have one."""
    words, runs = _unnested(child), _runs(child)
    return conditions.Condition(
        f"({SEARCH} @@ %s::tsquery AND "
        f"({words.sql} SELECT count(*) FROM (SELECT DISTINCT s, e FROM ({runs.sql}) runs) counted) >= %s)",
        (question, *words.params, *runs.params, times),
    )


def in_sentence(child: query.Query, question: str) -> conditions.Condition:
    """A sentence for which the child holds; by `question` the index finds the articles that have what it asks for."""
    words, numbers = _unnested(child), _sentences(child)
    breaks = (
        f", breaks AS MATERIALIZED (SELECT coalesce(array_agg(p::int ORDER BY p), '{{}}') AS b "
        f"FROM unnest({SEARCH}) u(lexeme, ps, ws), unnest(u.ps) p "
        "WHERE u.lexeme ^@ %s)"
    )
    return conditions.Condition(
        f"({SEARCH} @@ %s::tsquery AND EXISTS ({words.sql}{breaks} {numbers.sql}))",
        (question, *words.params, tokens.SENTENCE, *numbers.params),
    )


def without_exclusions(ast: query.Query) -> query.Query:
    """What an article must have in which a sentence is to be found: what is excluded may stand in another one."""
    match ast:
        case query.And(children):
            return query.conjunction(
                without_exclusions(child) for child in children if not isinstance(child, query.Not)
            )
        case query.Or(children):
            return query.disjunction(map(without_exclusions, children))
        case _:
            return ast


def _sentences(ast: query.Query) -> conditions.Condition:
    """A select of the numbers of the sentences for which a query on words holds."""
    match ast:
        case query.And(children):
            wanted = [_sentences(child) for child in children if not isinstance(child, query.Not)]
            unwanted = [_sentences(child.child) for child in children if isinstance(child, query.Not)]
            found = conditions.joined(wanted, " INTERSECT ")
            return conditions.joined([found, *unwanted], " EXCEPT ")
        case query.Or(children):
            return conditions.joined(map(_sentences, children), " UNION ")
        case _:
            runs = _runs(ast)
            return conditions.Condition(
                f"SELECT width_bucket(r.s, b) FROM ({runs.sql}) r, breaks "
                "WHERE r.e < %s AND width_bucket(r.s, b) = width_bucket(r.e, b)",
                (*runs.params, tokens.LAST_POSITION),
            )
