"""The query language has two engines and one meaning: what matches in memory is what PostgreSQL finds.

The tables are temporary ones under the real names, with the columns that a query can ask for, so that a query is sent
exactly as the site would send it.
"""

import os
from collections.abc import Iterator, Sequence
from random import Random

import hypothesis
import psycopg
import pytest
from hypothesis import strategies as st

from articles.search import labels, matches, needed, query, to_sql, tokens
from articles.search.context import Context
from tests.unit.search import drawn

# How many times the drawn queries of a plain run are tried; set it to 50 for millions of pairs.
EFFORT = int(os.environ.get("NEWSWATCH_QUERY_EFFORT", "1"))

TABLES = """
CREATE TEMP TABLE articles_outlet (id int PRIMARY KEY, name text NOT NULL);
CREATE TEMP TABLE articles_source (id int PRIMARY KEY, "group" text NOT NULL);
CREATE TEMP TABLE articles_company (id serial PRIMARY KEY, name text NOT NULL UNIQUE);
CREATE TEMP TABLE articles_theme (id serial PRIMARY KEY, name text NOT NULL UNIQUE);
CREATE TEMP TABLE articles_companytag (article_id int, company_id int);
CREATE TEMP TABLE articles_themetag (article_id int, theme_id int);
CREATE TEMP TABLE articles_article (
    id int PRIMARY KEY, title text NOT NULL, body text NOT NULL, author text NOT NULL, url text NOT NULL,
    language text NOT NULL, published_at timestamptz, outlet_id int NOT NULL, source_id int NOT NULL
);
CREATE TEMP TABLE articles_searchrow (article_id int PRIMARY KEY, published_at timestamptz, search tsvector NOT NULL);
CREATE INDEX ON articles_searchrow USING gin (search);
"""
ALL_TABLES = ("article", "searchrow", "companytag", "themetag", "company", "theme", "outlet", "source")


@pytest.fixture(scope="module")
def connection(postgres_url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(TABLES)
        connection.execute("SET enable_seqscan = off")
        yield connection


def store(connection: psycopg.Connection, documents: Sequence[matches.SearchDocument]) -> None:
    """Replace what is stored by these documents."""
    connection.execute(f"TRUNCATE {', '.join(f'articles_{table}' for table in ALL_TABLES)}")
    with connection.cursor() as cursor:
        for table, names in (
            ("company", {name for one in documents for name in one.companies}),
            ("theme", {name for one in documents for name in one.themes}),
        ):
            cursor.executemany(
                f"INSERT INTO articles_{table} (name) VALUES (%s)", [(name,) for name in names]
            )
        for one in documents:
            store_one(cursor, one)


def store_one(cursor: psycopg.Cursor, one: matches.SearchDocument) -> None:
    cursor.execute("INSERT INTO articles_outlet VALUES (%s, %s)", (one.id, one.source))
    cursor.execute("INSERT INTO articles_source VALUES (%s, %s)", (one.id, one.group))
    words = tokens.to_tsvector_literal(one.title, one.text)
    cursor.execute(
        "INSERT INTO articles_article VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            one.id,
            one.title,
            one.text,
            one.author,
            one.url,
            one.language,
            one.published,
            one.id,
            one.id,
        ),
    )
    for table, name in [("company", name) for name in one.companies] + [
        ("theme", name) for name in one.themes
    ]:
        cursor.execute(
            f"INSERT INTO articles_{table}tag SELECT %s, id FROM articles_{table} WHERE name = %s",
            (one.id, name),
        )
    cursor.execute(
        "INSERT INTO articles_searchrow VALUES (%s, %s, %s::tsvector)",
        (one.id, one.published, f"{words} {written_labels(cursor, one)}"),
    )


def written_labels(cursor: psycopg.Cursor, one: matches.SearchDocument) -> str:
    found = labels.of(
        companies=ids_of(cursor, "company", one.id),
        themes=ids_of(cursor, "theme", one.id),
        outlet_id=one.id,
        source_id=one.id,
        language_code=one.language,
        published=one.published or drawn.FIRST_DAY,
    )
    return " ".join(map(tokens.quoted, found))


def ids_of(cursor: psycopg.Cursor, table: str, article: int) -> list[int]:
    rows = cursor.execute(f"SELECT {table}_id FROM articles_{table}tag WHERE article_id = %s", [article])
    return [pk for (pk,) in rows]


def found_in_database(connection: psycopg.Connection, ast: query.Query) -> set[int]:
    condition = to_sql.to_sql(ast, now=drawn.NOW)
    rows = connection.execute(
        f"SELECT id FROM articles_article JOIN articles_searchrow ON article_id = id WHERE {condition.sql}",
        condition.params,
    )
    return {row[0] for row in rows}


def found_by_labels(connection: psycopg.Connection, ast: query.Query) -> set[int]:
    """As a page of results is found: by one question to the index, and a condition on what it gives."""
    named = {one: ids_named(connection, one) for one in labels.attributes(ast)}
    context = Context(drawn.NOW)
    plan = needed.plan(labels.resolve(ast, named), context)
    rest = to_sql.to_sql(plan.rest, context=context) if plan.rest else to_sql.Condition("true", ())
    rows = connection.execute(
        "SELECT id FROM articles_article JOIN articles_searchrow r ON article_id = id "
        "JOIN articles_searchrow USING (article_id) "
        "WHERE (%s OR r.search @@ %s::tsquery) AND coalesce(r.published_at >= %s, true) "
        f"AND coalesce(r.published_at < %s, true) AND ({rest.sql})",
        (not plan.tsquery, plan.tsquery, plan.begin, plan.end, *rest.params),
    )
    return {row[0] for row in rows}


def ids_named(connection: psycopg.Connection, one: query.Attribute) -> tuple[int, ...]:
    table, column = {"source": ("outlet", "name"), "group": ("source", '"group"')}.get(
        one.field, (one.field, "name")
    )
    condition = to_sql.comparison(column, one.value, one.how)
    rows = connection.execute(f"SELECT id FROM articles_{table} WHERE {condition.sql}", condition.params)
    return tuple(pk for (pk,) in rows)


def found_in_memory(documents: Sequence[matches.Prepared], ast: query.Query) -> set[int]:
    return {one.document.id for one in documents if matches.matches(ast, one, now=drawn.NOW)}


@hypothesis.settings(max_examples=60)
@hypothesis.given(random=st.randoms(use_true_random=False))
def test_both_engines_find_the_same_in_a_few_documents(connection: psycopg.Connection, random: Random):
    documents = [drawn.draw_document(random, number) for number in range(1, 4)]
    store(connection, documents)
    ast = drawn.draw_query(random)
    prepared = [matches.prepare(document) for document in documents]
    in_memory = found_in_memory(prepared, ast)
    assert in_memory == found_in_database(connection, ast), query.canonical(ast)
    assert in_memory == found_by_labels(connection, ast), query.canonical(ast)


@pytest.mark.parametrize("seed", range(2 * EFFORT))
def test_both_engines_find_the_same_in_many_documents(connection: psycopg.Connection, seed: int):
    random = Random(seed)
    documents = [drawn.draw_document(random, number) for number in range(1, 101)]
    store(connection, documents)
    prepared = [matches.prepare(document) for document in documents]
    sizes = set()
    for _ in range(150):
        ast = drawn.draw_query(random)
        in_memory = found_in_memory(prepared, ast)
        assert in_memory == found_in_database(connection, ast), query.canonical(ast)
        assert in_memory == found_by_labels(connection, ast), query.canonical(ast)
        sizes.add(len(in_memory))
    assert len(sizes) > 10, "the queries hardly tell the documents apart"


def test_both_engines_agree_beyond_the_limits_of_a_tsvector(connection: psycopg.Connection):
    often = "자주 " * 400 + "드물게"
    far = " ".join(f"낱말{number}" for number in range(20_000)) + " 끝말 LG"
    huge = " ".join(f"{'아주긴낱말' * 8}{number}" for number in range(9_000)) + " 끝말"
    documents = [
        matches.SearchDocument(number, title="제목", text=text)
        for number, text in enumerate([often, far, huge], start=1)
    ]
    store(connection, documents)
    prepared = [matches.prepare(document) for document in documents]
    for text in (
        "자주 드물게",
        '"자주 드물게"',
        "끝말",
        '"끝말 LG"',
        "끝말 NEAR/5 LG",
        "제목 NEAR/50 낱말1",
        "낱말19999*",
    ):
        ast = query.parse_query(text)
        assert found_in_memory(prepared, ast) == found_in_database(connection, ast), text


def test_a_word_at_the_end_of_a_very_long_text_is_still_found(connection: psycopg.Connection):
    far = " ".join(f"낱말{number}" for number in range(20_000)) + " 끝말"
    store(connection, [matches.SearchDocument(1, text=far)])
    assert found_in_database(connection, query.parse_query("끝말")) == {1}
