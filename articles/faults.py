"""Whose fault it is that storing failed: the entry's, or the database's.

An entry's fault comes back with the entry alone, so that it is recorded and the others are stored. A server that is
down, full, restarting or in a deadlock says nothing about an entry: the whole poll is tried again.
"""

from django.db import DatabaseError, OperationalError

# What hostile or odd data makes our code or PostgreSQL raise. Not Exception: a time limit must get through.
ENTRY_ERRORS = (
    DatabaseError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
# SQLSTATE classes that are the server's: connection, transaction rollback, resources, intervention, system.
SERVERS = ("08", "25", "40", "53", "55", "57", "58")
# Program limits (a row or an index entry too large) come as operational errors, but are the data's.
LIMITS = "54"
LONGEST_REASON = 500


def is_an_entrys(error: BaseException) -> bool:
    """Whether the same entry would fail again while others would not."""
    if not isinstance(error, DatabaseError):
        return isinstance(error, ENTRY_ERRORS)
    state = str(getattr(error.__cause__, "sqlstate", None) or "")
    if isinstance(error, OperationalError):
        return state.startswith(LIMITS)
    return not state.startswith(SERVERS)


def reason(error: BaseException) -> str:
    """The error in one line that any database can hold."""
    first = (str(error).strip().splitlines() or [""])[0]
    text = f"{type(error).__name__}: {first}" if first else type(error).__name__
    return text.replace("\x00", "").encode("utf-8", "replace").decode()[:LONGEST_REASON]
