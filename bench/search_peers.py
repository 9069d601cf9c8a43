"""The usual ways to search texts in PostgreSQL, beside ours in the same database: what bench.search compares with."""

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg

TICK = os.sysconf("SC_CLK_TCK")
FILL = """
CREATE UNLOGGED TABLE peer AS SELECT id, published_at, title || E'\\n' || body AS text,
    to_tsvector('simple', title || ' ' || body) AS words FROM articles_article ORDER BY id;
CREATE INDEX peer_newest ON peer (published_at DESC, id DESC);
CREATE INDEX peer_words ON peer USING gin (words);
CREATE INDEX peer_trigrams ON peer USING gin (text gin_trgm_ops);
ANALYZE peer;
"""
SIMPLE = """
SELECT published_at, id FROM peer WHERE words @@ phraseto_tsquery('simple', %s)
ORDER BY published_at DESC, id DESC LIMIT %s
"""
TRIGRAMS = """
SELECT published_at, id FROM peer WHERE text ILIKE %s ORDER BY published_at DESC, id DESC LIMIT %s
"""
SIZES = """
SELECT relname, pg_relation_size(oid), pg_table_size(oid) FROM pg_class
WHERE relname IN ('searchrow_search', 'articles_searchrow', 'peer_words', 'peer_trigrams', 'peer', 'articles_article')
ORDER BY relname
"""
# So many articles are stored once more, and taken back.
INSERTED = 2_000
OURS = "INSERT INTO articles_searchrow SELECT article_id + 1000000000, published_at, search FROM sample"
PEER = "INSERT INTO peer (id, text, words) SELECT id, text, {words} FROM sample"


def fill(url: str) -> None:
    """Make the peers' table and indexes, unless they are there."""
    with psycopg.connect(url, autocommit=True) as connection:
        if connection.execute("SELECT to_regclass('peer') IS NULL").fetchone() == (True,):
            connection.execute("SET maintenance_work_mem = '1500MB'")
            connection.execute(FILL)


def calls(url: str, plain: str, most: int) -> list[Callable[[], object]]:
    """What asks the peers for the newest articles with a word or a phrase; nothing if they have no such query."""
    connection = psycopg.connect(url, autocommit=True)
    if not plain:
        return []
    return [
        lambda: connection.execute(SIMPLE, [plain, most]).fetchall(),
        lambda: connection.execute(TRIGRAMS, [f"%{plain}%", most]).fetchall(),
    ]


def sizes(url: str) -> Iterator[str]:
    """How large tables and indexes are."""
    with psycopg.connect(url) as connection:
        for name, size, whole in connection.execute(SIZES):
            long = f", with long values {whole / 1e6:,.0f} MB" if whole > size else ""
            yield f"{name:40} {size / 1e6:10,.0f} MB{long}"


def insert_costs(url: str) -> Iterator[str]:
    """What storing an article's words costs the server: its processor's time, with what waits in the index's list."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            f"CREATE TEMP TABLE sample AS SELECT * FROM articles_searchrow ORDER BY article_id DESC LIMIT {INSERTED}"
        )
        yield cost(connection, "words and labels", "searchrow_search", OURS)
        if connection.execute("SELECT to_regclass('peer') IS NULL").fetchone() == (True,):
            return
        connection.execute("DROP TABLE sample")
        connection.execute(
            f"CREATE TEMP TABLE sample AS SELECT * FROM peer ORDER BY id DESC LIMIT {INSERTED}"
        )
        yield cost(
            connection,
            "to_tsvector('simple')",
            "peer_words",
            PEER.format(words="to_tsvector('simple', text)"),
        )


def cost(connection: psycopg.Connection, name: str, index: str, statement: str) -> str:
    """The time of a statement, taken back afterwards, and of putting what waits into the index."""
    connection.execute("SELECT gin_clean_pending_list(%s)", [index])
    began = spent(connection)
    with contextlib.suppress(psycopg.Rollback), connection.transaction():
        connection.execute("SET CONSTRAINTS ALL DEFERRED")
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute(statement)
        raise psycopg.Rollback
    connection.execute("SELECT gin_clean_pending_list(%s)", [index])
    return f"{name:40} {(spent(connection) - began) / INSERTED * 1000:10.2f} ms of the server's processor an article"


def spent(connection: psycopg.Connection) -> float:
    """Seconds of processor that a connection's server process has taken."""
    fields = Path(f"/proc/{connection.info.backend_pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK
