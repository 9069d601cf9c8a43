"""The alerts in a worker's memory, ready to be asked, kept as the tables have them.

Triggers note every change of an alert with its transaction's number (`models.AlertChange`). Each look takes in the
changes of transactions that were not over at the look before, so that none is missed however they overlap, and only
what changed is read. Must not write, but for why an alert can't be used.
"""

import datetime
import functools
import logging
from collections.abc import Iterable
from typing import Any

from django.db import connection

from alerts import alert_faults, models
from alerts.matching import compile as compiler
from alerts.matching import match as matching
from articles import models as news
from articles.search import query, saved
from articles.search.context import NEWSROOM, Context
from newswatch.accounts import middleware

log = logging.getLogger(__name__)

# Of one statement, so that the number and what is read belong together. A transaction of a smaller number is over.
OLDEST_UNDER_WAY = "pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
ALL = f"""
SELECT {OLDEST_UNDER_WAY}, alert.id, NULL, alert.query, alert.owner_id, owner.time_zone
FROM alerts_alert AS alert JOIN accounts_user AS owner ON owner.id = alert.owner_id
LEFT JOIN alerts_alertfault AS fault ON fault.alert_id = alert.id
WHERE alert.enabled AND fault.is_stopped IS NOT TRUE
"""  # noqa: S608 - a constant
CHANGED = f"""
SELECT {OLDEST_UNDER_WAY}, change.alert_id, change.changed_at, alert.query, alert.owner_id, owner.time_zone
FROM (VALUES (1)) AS one
LEFT JOIN alerts_alertchange AS change ON change.changed_in >= %s
LEFT JOIN alerts_alert AS alert ON alert.id = change.alert_id AND alert.enabled
    AND NOT EXISTS (SELECT FROM alerts_alertfault WHERE alert_id = alert.id AND is_stopped)
LEFT JOIN accounts_user AS owner ON owner.id = alert.owner_id
"""  # noqa: S608 - a constant
Row = tuple[int, int, datetime.datetime | None, str | None, int, str]


class Watch:
    """All alerts that are switched on, as one matcher."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Know nothing; the next look reads all."""
        self.matcher = compiler.compile_alerts([])
        self.counted: Any = None
        self.seen: int | None = None
        # Changes that were taken in though transactions older than theirs were under way, by alert.
        self.taken: dict[int, datetime.datetime] = {}

    def look(self) -> None:
        """Take in what changed since the last look."""
        self.count()
        rows = self.rows()
        changed = [row for row in rows if row[1] and not (row[2] and self.taken.get(row[1]) == row[2])]
        if rows:
            self.seen = rows[0][0]
        self.taken = {row[1]: row[2] for row in rows if row[2]}
        if changed:
            self.take_in(changed)

    def rows(self) -> list[Row]:
        """All alerts at first, then those that changed."""
        with connection.cursor() as cursor:
            if self.seen is None:
                # Before, so that what is committed in between is read twice rather than never.
                cursor.execute(f"SELECT {OLDEST_UNDER_WAY}")
                self.seen = cursor.fetchone()[0]
                cursor.execute(ALL)
                rows = cursor.fetchall()
                return [(self.seen, *row[1:]) for row in rows]
            cursor.execute(CHANGED, [self.seen])
            return list(cursor.fetchall())

    def take_in(self, changed: Iterable[Row]) -> None:
        """Know these alerts as they are now."""
        trees = _Trees(changed)
        unreadable: dict[int, str] = {}
        for _, alert, _, text, owner, zone in changed:
            if text is None:
                self.matcher.remove(alert)
                continue
            try:
                self.matcher.put(alert, trees.read(text, owner), middleware.zone_of(zone) or NEWSROOM)
            except query.QueryError as error:
                log.error("alert %d is left out, its query can't be read: %s", alert, error)
                self.matcher.remove(alert)
                unreadable[alert] = str(error)
        alert_faults.note_unreadable(unreadable, read=[row[1] for row in changed if row[1] not in unreadable])

    def count(self) -> None:
        """Go by the newest counts of words."""
        newest = models.WordCount.objects.order_by("pk").values_list("counted_at", flat=True).first()
        if newest != self.counted:
            self.counted = newest
            self.matcher.refile(compiler.planner(frequencies()))


class _Trees:
    """Reads queries, each text once, with the saved searches of their owners."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.known: dict[tuple[str, int], query.Query] = {}
        owners = {owner for _, _, _, text, owner, _ in rows if text and "search:" in text}
        self.saved = saved_searches(owners)

    def read(self, text: str, owner: int) -> query.Query:
        searches = self.saved.get(owner)
        key = (text, owner if searches else 0)
        if key not in self.known:
            self.known[key] = saved.read(text, Context(saved=searches or {}))
        return self.known[key]


def saved_searches(owners: Iterable[int]) -> dict[int, dict[str, str]]:
    """The saved searches of these people, by name."""
    found: dict[int, dict[str, str]] = {}
    rows = news.SavedSearch.objects.filter(owner__in=set(owners))
    for owner, name, text in rows.values_list("owner_id", "name", "query"):
        found.setdefault(owner, {})[name] = text
    return found


def frequencies() -> compiler.Frequencies:
    """The newest counts as the matcher takes them."""
    shares = models.WordCount.objects.order_by("pk").values_list("shares", flat=True).first() or {}
    found: dict[str, float] = dict(shares.pop("", {}))
    for name, of_name in shares.items():
        found.update((matching.whole_key(name, value), share) for value, share in of_name.items())
    return found


@functools.lru_cache(maxsize=1)
def watch() -> Watch:
    """This process's memory."""
    return Watch()
