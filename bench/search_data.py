"""A database of made-up articles for measuring search: words and names as frequent as in news, a year of publication.

Texts are those of bench.news_text with further words planted as often as they stand in articles, so that what a query
finds is known: LG in every fifth article, 양자점 in every twenty-thousandth. So many of them are different, the others
repeat them with other times: a hundred thousand made-up texts hold more different words than a million articles of
a language do. Texts are made once and kept; what is tagged is planted too, since recognising costs most of the time.
"""

import datetime
import multiprocessing
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

from articles.search import tokens
from bench import news_text

LANGUAGES = ("ko", "ko", "ko", "ko", "en")
CHUNK = 1_000
DAYS = 365
# In which share of the articles each stands; a phrase is planted as such.
PLANTED = (
    ("LG", 0.20),
    ("인공지능", 0.08),
    ("반도체", 0.08),
    ("에너지", 0.10),
    ("배터리", 0.05),
    ("재생", 0.03),
    ("재생 에너지", 0.01),
    ("삼성전자", 0.06),
    ("야구", 0.03),
    ("수소", 0.02),
    ("LG화학", 0.02),
    ("바이오", 0.04),
    ("전고체", 0.002),
    ("페로브스카이트", 0.0005),
    ("양자점", 0.00005),
    ("battery", 0.03),
    ("perovskite", 0.0005),
)
# Tags go with words in most cases: the number of the company or theme, and the word.
COMPANIES = ((0, "LG", 0.9), (1, "LG화학", 0.95), (2, "삼성전자", 0.95))
THEMES = ((0, "인공지능", 0.8), (1, "바이오", 0.8), (2, "배터리", 0.8))
OTHER_COMPANIES = 300
PARTICLES = ("", "은", "의", "를", "에서")

STAGE = """
CREATE UNLOGGED TABLE stage (number int PRIMARY KEY, language text, title text, body text, words tsvector,
    companies int[], themes int[])
"""


def texts(folder: Path, different: int, url: str) -> None:
    """Make texts in the table `stage` of a database, from the kept file if there is one."""
    kept = folder / f"texts-{different}.bin"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(STAGE)
        # A tsvector hardly gets smaller by being compressed.
        connection.execute("ALTER TABLE stage ALTER words SET STORAGE EXTERNAL")
    if not kept.exists():
        chunks = [(url, start, min(start + CHUNK, different)) for start in range(0, different, CHUNK)]
        with multiprocessing.Pool(2) as pool:
            for _ in pool.imap_unordered(make, chunks):
                pass
    with psycopg.connect(url, autocommit=True) as connection, connection.cursor() as cursor:
        if kept.exists():
            with kept.open("rb") as stream, cursor.copy("COPY stage FROM STDIN (FORMAT binary)") as copy:
                while data := stream.read(1 << 20):
                    copy.write(data)
        else:
            with kept.open("wb") as stream, cursor.copy("COPY stage TO STDOUT (FORMAT binary)") as copy:
                for data in copy:
                    stream.write(data)
        connection.execute("ANALYZE stage")


def make(chunk: tuple[str, int, int]) -> None:
    """Make the texts of these numbers and copy them into the stage."""
    url, first, last = chunk
    with (
        psycopg.connect(url, autocommit=True) as connection,
        connection.cursor() as cursor,
        cursor.copy("COPY stage FROM STDIN") as copy,
    ):
        for row in rows(first, last):
            copy.write_row(row)


_NEWSROOM: list[news_text.Newsroom] = []


def rows(first: int, last: int) -> Iterator[tuple[Any, ...]]:
    """Texts as the stage has them."""
    if not _NEWSROOM:
        _NEWSROOM.append(news_text.Newsroom())
    for number in range(first, last):
        text = _NEWSROOM[0].article(number, LANGUAGES[number % len(LANGUAGES)])
        chance = random.Random(-number)
        planted = [word for word, share in PLANTED if chance.random() < share]
        body = grown(text.text, planted, chance)
        title = f"{planted[0]}, {text.title}" if planted and chance.random() < 0.3 else text.title
        companies = [at for at, word, share in COMPANIES if word in planted and chance.random() < share]
        companies += [chance.randrange(3, OTHER_COMPANIES) for _ in range(chance.randint(0, 2))]
        themes = [at for at, word, share in THEMES if word in planted and chance.random() < share]
        literal = tokens.tsvector_literal(tokens.index(title, body))
        yield number, text.language, title, body, literal, sorted(set(companies)), themes


def grown(text: str, planted: list[str], chance: random.Random) -> str:
    """The text with these words in it, one to three times each."""
    words = text.split(" ")
    for word in planted:
        for _ in range(chance.randint(1, 3)):
            words.insert(chance.randrange(len(words)), word + chance.choice(PARTICLES))
    return " ".join(words)


# The articles of one round of the stage: i is an article's id and its place in time.
ARTICLES = """
INSERT INTO articles_article (id, outlet_id, source_id, identity, url, title, summary, body, author, section, language,
    is_sample, published_at, published_is_known, first_seen_at, version, stage, text_from, page_attempts, page_error,
    ready_at, feed_title, feed_text, feed_regions, story_id, story_reason, story_similarity, story_pinned,
    recognised_by)
SELECT i, {outlet}, {source}, i::text,
    'http://127.0.0.1/news/' || i, title, '', body, '', '', language, false, at, true, at, 1, 'ready', 'feed', 0, '',
    at, title, '', '[]', {story}, 'similar', 0.8, false, 'bench'
FROM (SELECT *, number + 1 + %(start)s AS i, {at} AS at FROM stage WHERE number < %(most)s) AS made ORDER BY made.number
"""
TAGS = """
INSERT INTO articles_{table}tag (article_id, {table}_id, {value}, {names}, published_at)
SELECT i, (%({ids})s::bigint[])[1 + tag], 0.9, '{empty}', {at}
FROM (SELECT *, number + 1 + %(start)s AS i FROM stage WHERE number < %(most)s ORDER BY number) AS made,
    unnest({ids}) AS tag
"""
ROWS = """
INSERT INTO articles_searchrow (article_id, published_at, search)
SELECT i, at, words || array_to_tsvector(
    ARRAY(SELECT '@c' || (%(companies)s::bigint[])[1 + tag] FROM unnest(companies) AS tag)
    || ARRAY(SELECT '@t' || (%(themes)s::bigint[])[1 + tag] FROM unnest(themes) AS tag)
    || ARRAY['@o' || {outlet}, '@s' || {source},
        '@l' || language, to_char(at AT TIME ZONE 'UTC', '"@d"YYYYMMDD'), to_char(at AT TIME ZONE 'UTC', '"@m"YYYYMM'),
        to_char(at AT TIME ZONE 'UTC', '"@y"YYYY')])
FROM (SELECT *, number + 1 + %(start)s AS i, {at} AS at FROM stage WHERE number < %(most)s) AS made ORDER BY made.number
"""
PRINTS = """
INSERT INTO articles_storyprint (article_id, fingerprint, placed_at)
SELECT number + 1 + %(start)s, '', %(end)s FROM stage WHERE number < %(most)s ORDER BY number
"""
STORIES = """
INSERT INTO articles_story (id, headline_id, headline_reason, first_at, last_at, article_count, outlet_count,
    copy_count, language, is_sample, changed_at)
SELECT story_id, story_id, 'original', min(published_at), max(published_at), count(*), count(DISTINCT outlet_id), 0,
    min(language), false, max(published_at)
FROM articles_article GROUP BY story_id
"""
AT = "%(end)s::timestamptz - %(days)s * interval '1 day' * (%(number)s - number - 1 - %(start)s) / %(number)s"
# Of twenty articles in a row ten stand alone, three are one story and seven another.
STORY = "CASE WHEN i %% 20 < 10 THEN i WHEN i %% 20 < 13 THEN i - i %% 20 + 10 ELSE i - i %% 20 + 13 END"
# The outlets and their sources take turns.
OUTLET = "(%(outlets)s::bigint[])[1 + i %% cardinality(%(outlets)s::bigint[])]"
SOURCE = "(%(sources)s::bigint[])[1 + i %% cardinality(%(sources)s::bigint[])]"
TABLES = ("article", "companytag", "themetag", "searchrow", "storyprint", "story")
# What is quicker made when the rows are there.
INDEXES = """
SELECT indexname, indexdef FROM pg_indexes
WHERE tablename = ANY(%s) AND indexname NOT IN (SELECT conname FROM pg_constraint)
"""


def fill(url: str, number: int, different: int, ids: dict[str, list[int]], end: datetime.datetime) -> None:
    """Store articles, tags, search rows and stories, and make the indexes."""
    tables = [f"articles_{name}" for name in TABLES]
    with psycopg.connect(url, autocommit=True, cursor_factory=psycopg.ClientCursor) as connection:
        for setting in (
            "session_replication_role = replica",
            "maintenance_work_mem = '1500MB'",
            "max_parallel_maintenance_workers = 2",
        ):
            connection.execute(f"SET {setting}")
        switch(connection, tables, "autovacuum_enabled = off, toast.autovacuum_enabled = off")
        indexes = connection.execute(INDEXES, [tables]).fetchall()
        for name, _ in indexes:
            connection.execute(f"DROP INDEX {name}")
        for start in range(0, number, different):
            given = {**ids, "start": start, "most": min(different, number - start), "number": number}
            for sql in (ARTICLES, *tag_statements(), ROWS, PRINTS):
                connection.execute(
                    sql.format(at=AT, story=STORY, outlet=OUTLET, source=SOURCE),
                    {**given, "end": end, "days": DAYS},
                )
        connection.execute(STORIES)
        for _, definition in indexes:
            connection.execute(definition)
        connection.execute("SELECT setval('articles_article_id_seq', %s)", [number])
        connection.execute("DROP TABLE stage")
        for table in tables:
            connection.execute(f"VACUUM ANALYZE {table}")
        switch(connection, tables, "autovacuum_enabled = on, toast.autovacuum_enabled = on")


def switch(connection: psycopg.Connection, tables: list[str], settings: str) -> None:
    """Set what holds for tables: nobody is to tidy up while they are filled."""
    for table in tables:
        connection.execute(f"ALTER TABLE {table} SET ({settings})")


def tag_statements() -> tuple[str, str]:
    """The statements that insert tags, with the places for the times."""
    kinds = (("company", "confidence", "aliases", "companies"), ("theme", "score", "subthemes", "themes"))
    first, second = (
        TAGS.format(table=table, value=value, names=names, ids=ids, empty="{{}}", at="{at}")
        for table, value, names, ids in kinds
    )
    return first, second
