"""What was read from the database, read once for as long as nothing has been written to it.

PostgreSQL says which transactions a statement can see (`pg_current_snapshot`). Two statements that see the same ones
find the same rows, so what was read then is what would be read now: nothing needs to be told of changes, and nothing
is shown that is out of date. On a busy newsroom this helps the readers between two writes, who are many only when many
read at once. Kept in the memory of each process, for one state of the database.

Must not keep what depends on more than its key: the time of day, a reader.
"""

import contextlib
import threading
from collections.abc import Callable, Hashable, Iterator
from typing import TypeVar

from django.db import connection
from django.utils import timezone

# A page of a list weighs some three hundred kilobytes.
MOST = 60
Found = TypeVar("Found")

_kept: dict[Hashable, object] = {}
_under_way: dict[Hashable, threading.RLock] = {}
_state = ""
_lock = threading.Lock()


def read(key: Hashable, reading: Callable[[], Found]) -> Found:
    """What `reading` gives, which depends on the database, the key and the reader's day alone. One query more.

    Within a transaction, whose own changes no other can see, it is read each time.
    """
    if connection.in_atomic_block:
        return reading()
    state = present()
    whole = (state, timezone.localdate(), timezone.get_current_timezone_name(), key)
    found = _kept.get(whole)
    if found is None:
        with _alone(whole):
            found = _kept.get(whole)
            if found is None:
                found = reading()
                keep(state, whole, found)
    return found  # type: ignore[return-value]


@contextlib.contextmanager
def _alone(whole: Hashable) -> Iterator[None]:
    """One thread at a time: those that ask for the same meanwhile wait for it, which is quicker than all at once."""
    with _lock:
        reads = _under_way.setdefault(whole, threading.RLock())
    try:
        with reads:
            yield
    finally:
        with _lock:
            _under_way.pop(whole, None)


def present() -> str:
    """What a statement can see now: the same text, the same rows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text")
        return str(cursor.fetchone()[0])


def keep(state: str, whole: Hashable, found: object) -> None:
    """Keep what was found in a state of the database, and nothing of an earlier one."""
    global _state  # noqa: PLW0603 - one state for the process
    with _lock:
        if state != _state or len(_kept) >= MOST:
            _kept.clear()
            _state = state
        _kept[whole] = found


def forget() -> None:
    """Keep nothing."""
    with _lock:
        _kept.clear()
