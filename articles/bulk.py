"""Many rows in one statement, past the ORM: values go to the server as they are, as parameters or through COPY.

Django puts values into the statement's text and compiles it field by field, which costs more than the rest of the
writing where rows come by the hundred. Must know no table; the callers' SQL does.
"""

import datetime
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection, models
from psycopg.types.json import Jsonb
from psycopg.types.numeric import Int8
from psycopg.types.string import BytesBinaryDumper


class Tsvector(bytes):
    """A tsvector in the form in which the server receives it (articles.search.tokens)."""


class TsvectorDumper(BytesBinaryDumper):
    """Tells the server that a parameter is one."""

    oid = 3614


Value = str | int | float | bool | bytes | datetime.date | list[str] | list[int] | Jsonb | None


@contextmanager
def cursor() -> Iterator[psycopg.Cursor[tuple[Any, ...]]]:
    """A cursor of the connection in use whose parameters the server binds; errors come as Django's."""
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as opened:
        opened.adapters.register_dumper(Tsvector, TsvectorDumper)
        yield opened


def columns(rows: Collection[Sequence[Value]], width: int) -> list[list[Value]]:
    """Rows of `width` values as columns, which is how unnest takes them."""
    return [[row[number] for row in rows] for number in range(width)]


def rows(sql: str, keys: Collection[Sequence[Value]]) -> list[tuple[Any, ...]]:
    """What a query answers whose two parameters are the columns of these keys; nothing for none."""
    if not keys:
        return []
    with cursor() as opened:
        return opened.execute(sql, columns(keys, 2)).fetchall()


def execute(sql: str, *parameters: Sequence[Value]) -> None:
    """Run a statement."""
    with cursor() as opened:
        opened.execute(sql, parameters)


def lock(key: int) -> None:
    """Wait for an advisory lock of the database and hold it until the transaction ends."""
    with cursor() as opened:
        opened.execute("SELECT pg_advisory_xact_lock(%s)", [key])


def try_lock(key: int) -> bool:
    """The same without waiting; returns whether the lock is held, or False if somebody else has it."""
    with cursor() as opened:
        row = opened.execute("SELECT pg_try_advisory_xact_lock(%s)", [key]).fetchone()
    return bool(row and row[0])


def batches(of: models.QuerySet[Any], size: int) -> Iterator[list[int]]:
    """The ids of the rows there are, so many at a time, smallest first; rows that come meanwhile are among them."""
    last = 0
    while ids := list(of.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:size]):
        yield ids
        last = ids[-1]


def execute_many(sql: str, parameters: Iterable[Sequence[Value]]) -> None:
    """Run a statement once for each row of parameters; the server reads it once."""
    with cursor() as opened:
        opened.executemany(sql, parameters)


def copy(table: str, given: Iterable[Sequence[Value]]) -> None:
    """Insert rows that can't be there yet; `table` names its columns too."""
    found = list(given)
    if not found:
        return
    with cursor() as opened, opened.copy(f"COPY {table} FROM STDIN") as stream:
        for row in found:
            stream.write_row(row)


def copy_binary(table: str, given: Iterable[Sequence[Int8 | datetime.datetime | Tsvector]]) -> None:
    """The same for values whose text the server would have to read word by word. Their types are the columns'."""
    with cursor() as opened, opened.copy(f"COPY {table} FROM STDIN (FORMAT binary)") as stream:
        for row in given:
            stream.write_row(row)


def insert(instances: Sequence[models.Model], returning: Sequence[str] = ()) -> list[tuple[Any, ...]]:
    """Insert instances of one model in this order, leaving out those that break a unique constraint.

    For models of plain fields: text, numbers, times, relations, and JSON. Gives the columns `returning` of the rows
    that were inserted.
    """
    if not instances:
        return []
    meta = instances[0]._meta
    fields = [field for field in meta.concrete_fields if not field.primary_key]
    # Without the length: a cast would cut what is too long, and say nothing.
    types = [str(field.db_type(connection)).partition("(")[0] for field in fields]
    # In binary: as text, each value in an array would be quoted and read again.
    values = ", ".join(f"%b::{name}[]" for name in types)
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    sql = f"INSERT INTO {meta.db_table} ({names}) SELECT * FROM unnest({values}) ON CONFLICT DO NOTHING"  # noqa: S608
    parameters = [[_plain(getattr(row, field.attname)) for row in instances] for field in fields]
    with cursor() as opened:
        if not returning:
            opened.execute(sql, parameters)
            return []
        return opened.execute(f"{sql} RETURNING {', '.join(returning)}", parameters).fetchall()


def _plain(value: Any) -> Value:
    """A choice as the text that it is, since a list must not hold both; lists and objects as JSON."""
    if isinstance(value, list | dict):
        return Jsonb(value)
    return str(value) if isinstance(value, str) else value
