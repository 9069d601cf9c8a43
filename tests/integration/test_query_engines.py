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

from articles import bulk
from articles.pages import walls
from articles.search import labels, matches, needed, query, to_sql, tokens
from tests.unit.search import drawn

# How many times the 300 drawn queries of a plain run are tried, each on 100 documents: 100 makes 30,000 queries.
EFFORT = int(os.environ.get("NEWSWATCH_QUERY_EFFORT", "1"))

TABLES = """
CREATE TEMP TABLE articles_outlet (id int PRIMARY KEY, name text NOT NULL);
CREATE TEMP TABLE articles_source (id int PRIMARY KEY, "group" text NOT NULL);
CREATE TEMP TABLE articles_company (id serial PRIMARY KEY, name text NOT NULL UNIQUE, parent_id int);
CREATE TEMP TABLE articles_theme (id serial PRIMARY KEY, name text NOT NULL UNIQUE);
CREATE TEMP TABLE articles_companytag (article_id int, company_id int, confidence float8 NOT NULL);
CREATE TEMP TABLE articles_themetag (article_id int, theme_id int, subthemes varchar(100)[] NOT NULL);
CREATE TEMP TABLE articles_story (id bigint PRIMARY KEY, outlet_count int NOT NULL);
CREATE TEMP TABLE articles_quote (article_id int, speaker text NOT NULL);
CREATE TEMP TABLE articles_eventreport (article_id int, starts_on date NOT NULL, ends_on date NOT NULL);
CREATE TEMP TABLE articles_mark (
    article_id int, reader_id int, read_at timestamptz, starred_at timestamptz, note text NOT NULL
);
CREATE TEMP TABLE articles_article (
    id int PRIMARY KEY, title text NOT NULL, body text NOT NULL, author text NOT NULL, url text NOT NULL,
    language text NOT NULL, published_at timestamptz, outlet_id int NOT NULL, source_id int NOT NULL,
    first_seen_at timestamptz, changed_at timestamptz, story_id bigint, near_duplicate_of_id int,
    is_sample bool NOT NULL, page_error text NOT NULL, text_from text NOT NULL
);
CREATE TEMP TABLE articles_searchrow (article_id int PRIMARY KEY, published_at timestamptz, search tsvector NOT NULL);
CREATE INDEX ON articles_searchrow USING gin (search);
"""
ALL_TABLES = (
    "article", "searchrow", "companytag", "themetag", "company", "theme", "outlet", "source", "story", "quote",
    "eventreport", "mark",
)  # fmt: skip


@pytest.fixture(scope="module")
def connection(postgres_url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.adapters.register_dumper(bulk.Tsvector, bulk.TsvectorDumper)
        connection.execute(TABLES)
        connection.execute("SET enable_seqscan = off")
        yield connection


def store(connection: psycopg.Connection, documents: Sequence[matches.SearchDocument]) -> None:
    """Replace what is stored by these documents."""
    connection.execute(f"TRUNCATE {', '.join(f'articles_{table}' for table in ALL_TABLES)}")
    companies = {name for one in documents for name in one.companies} | {
        *drawn.PARENTS,
        *drawn.PARENTS.values(),
    }
    themes = {name for one in documents for name in one.themes}
    stories = {(int(one.story), one.outlets) for one in documents if one.story}
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO articles_company (name) VALUES (%s)", [(name,) for name in companies])
        cursor.executemany(
            "UPDATE articles_company SET parent_id = (SELECT id FROM articles_company WHERE name = %s) "
            "WHERE name = %s",
            [(parent, name) for name, parent in drawn.PARENTS.items()],
        )
        cursor.executemany("INSERT INTO articles_theme (name) VALUES (%s)", [(name,) for name in themes])
        cursor.executemany("INSERT INTO articles_story VALUES (%s, %s)", list(stories))
        for one in documents:
            store_one(cursor, one)


def store_one(cursor: psycopg.Cursor, one: matches.SearchDocument) -> None:
    cursor.execute("INSERT INTO articles_outlet VALUES (%s, %s)", (one.id, one.source))
    cursor.execute("INSERT INTO articles_source VALUES (%s, %s)", (one.id, one.group))
    insert(
        cursor,
        "articles_article",
        id=one.id,
        title=one.title,
        body=one.text,
        author=one.author,
        url=one.url,
        language=one.language,
        published_at=one.published,
        outlet_id=one.id,
        source_id=one.id,
        first_seen_at=one.seen,
        changed_at=one.changed,
        story_id=int(one.story) if one.story else None,
        near_duplicate_of_id=1 if "duplicate" in one.states else None,
        is_sample="sample" in one.states,
        page_error=walls.CUT if "walled" in one.states else "",
        text_from="page" if "page" in one.states else "feed",
    )
    store_tags(cursor, one)
    words = tokens.to_tsvector(one.title, one.text, one.regions)
    cursor.execute(
        "INSERT INTO articles_searchrow VALUES (%s, %s, %s)",
        (one.id, one.published, bulk.Tsvector(tokens.labelled(words, labels_of(cursor, one)))),
    )
    for name in one.people:
        insert(cursor, "articles_quote", article_id=one.id, speaker=name)
    for first, last in one.events:
        insert(cursor, "articles_eventreport", article_id=one.id, starts_on=first, ends_on=last)
    store_marks(cursor, one)


def store_tags(cursor: psycopg.Cursor, one: matches.SearchDocument) -> None:
    for name in one.companies:
        cursor.execute(
            "INSERT INTO articles_companytag SELECT %s, id, %s FROM articles_company WHERE name = %s",
            (one.id, one.confidences.get(name, 1.0), name),
        )
    for name in one.themes:
        parts = [pair.partition("/")[2] for pair in one.subthemes if pair.startswith(f"{name}/")]
        cursor.execute(
            "INSERT INTO articles_themetag SELECT %s, id, %s FROM articles_theme WHERE name = %s",
            (one.id, parts, name),
        )


def labels_of(cursor: psycopg.Cursor, one: matches.SearchDocument) -> list[str]:
    return labels.of(
        companies=ids_of(cursor, "company", one.id),
        themes=ids_of(cursor, "theme", one.id),
        outlet_id=one.id,
        source_id=one.id,
        language_code=one.language,
        published=one.published or drawn.FIRST_DAY,
    )


def ids_of(cursor: psycopg.Cursor, table: str, article: int) -> list[int]:
    rows = cursor.execute(f"SELECT {table}_id FROM articles_{table}tag WHERE article_id = %s", [article])
    return [pk for (pk,) in rows]


def store_marks(cursor: psycopg.Cursor, one: matches.SearchDocument) -> None:
    """The reader's own, and another's, who has read and starred everything."""
    at = {state: drawn.NOW if state in one.states else None for state in ("read", "starred")}
    marks = {"article_id": one.id, "note": one.note, "read_at": at["read"], "starred_at": at["starred"]}
    insert(cursor, "articles_mark", reader_id=drawn.READER, **marks)
    everything = {"read_at": drawn.NOW, "starred_at": drawn.NOW, "note": "LG 100% 확인"}
    insert(cursor, "articles_mark", article_id=one.id, reader_id=drawn.READER + 1, **everything)


def insert(cursor: psycopg.Cursor, table: str, **values: object) -> None:
    names, places = ", ".join(values), ", ".join(["%s"] * len(values))
    cursor.execute(f"INSERT INTO {table} ({names}) VALUES ({places})", list(values.values()))


def found_in_database(connection: psycopg.Connection, ast: query.Query) -> set[int]:
    condition = to_sql.to_sql(ast, context=drawn.CONTEXT)
    rows = connection.execute(
        f"SELECT id FROM articles_article JOIN articles_searchrow ON article_id = id WHERE {condition.sql}",
        condition.params,
    )
    return {row[0] for row in rows}


def found_by_labels(connection: psycopg.Connection, ast: query.Query) -> set[int]:
    """As a page of results is found: by one question to the index, and a condition on what it gives."""
    named = {one: ids_named(connection, one) for one in labels.attributes(ast)}
    context = drawn.CONTEXT
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
    return {one.document.id for one in documents if matches.matches(ast, one, context=drawn.CONTEXT)}


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
        "SENTENCE(끝말 LG)",
        "SENTENCE(자주 드물게)",
        "ATLEAST/200 자주",
        "ATLEAST/1 끝말",
    ):
        ast = query.parse_query(text)
        assert found_in_memory(prepared, ast) == found_in_database(connection, ast), text


def test_a_word_at_the_end_of_a_very_long_text_is_still_found(connection: psycopg.Connection):
    far = " ".join(f"낱말{number}" for number in range(20_000)) + " 끝말"
    store(connection, [matches.SearchDocument(1, text=far)])
    assert found_in_database(connection, query.parse_query("끝말")) == {1}
