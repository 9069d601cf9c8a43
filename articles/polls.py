"""How a poll ends: the source is given back with the time of its next poll, and a row says how it went.

Also what a source learns from a poll about asking it: when it publishes, what it asks of us, where it has moved to.
Must not touch articles; store.py writes those.
"""

import contextlib
import datetime
import zoneinfo
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import orjson
from django.db import DatabaseError, IntegrityError, connection, transaction

from articles import bulk, models, storable
from articles.feeds import caching, fetch, parse, schedule

# Polls in a row that a permanent redirect must lead to one place, until that is the source's address.
MOVES = 3
# A source with a subscription is asked as rarely as this many times its ceiling.
PUSHED_CEILINGS = 2
LONGEST_ADDRESS = 1000


@contextlib.contextmanager
def durable_soon() -> Iterator[None]:
    """Commits within do not wait for the disk, which otherwise takes half of the time of storing a small feed.

    A machine that dies takes the last moments with it, but never a part of them: a source is then as it was before
    its poll, and is polled again. A later commit of others makes all earlier ones durable with it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")
    try:
        yield
    finally:
        with contextlib.suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute("RESET synchronous_commit")


@dataclass(frozen=True, slots=True)
class Ending:
    """A poll that is over. `now` is the clock on the wall, `at` the source's own, which a replay sets."""

    source: models.Source
    response: fetch.Response
    outcome: models.Poll.Outcome
    now: datetime.datetime
    at: datetime.datetime
    entries: int = 0
    new: int = 0
    updated: int = 0
    detail: str = ""


def take_in(source: models.Source, feed: parse.Feed, *, at: datetime.datetime, pushed: bool = False) -> None:
    """Learn from a feed when its source publishes and what it asks of those who poll it.

    What a hub `pushed` may be a part of the feed, so that it tells times alone.
    """
    times = [entry.published for entry in feed.entries if entry.published]
    learn(source, times, at=at)
    if pushed:
        return
    source.hints = schedule.pack_hints(
        schedule.Hints(
            ttl_s=(feed.ttl_minutes or 0) * 60,
            skip_hours=feed.skip_hours,
            skip_days=feed.skip_days,
            undated=not times,
        )
    )


def learn(source: models.Source, times: Sequence[datetime.datetime], *, at: datetime.datetime) -> None:
    """Take these times of entries into the source's rhythm."""
    known = schedule.unpack(source.rhythm)
    rhythm = schedule.learn(known, times, now=at, zone=zone(source))
    if rhythm is not known:
        source.rhythm = schedule.pack(rhythm)


def zone(source: models.Source) -> datetime.tzinfo:
    """The source's time zone; UTC for a name that is none, so that its poll still ends."""
    try:
        return zoneinfo.ZoneInfo(source.time_zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return datetime.UTC


def succeed(source: models.Source, response: fetch.Response, *, at: datetime.datetime, new: int) -> str:
    """Note on the source that it answered, `new` of its entries being new; returns what is to be told of it."""
    if new and source.last_success_at and source.hints.get("undated"):
        # Its entries bear no times: they appeared since the last poll.
        learn(source, [at] * new, at=at)
    if response.pushed:
        source.push_works = True
    else:
        # What a poll finds first, no push had brought.
        source.push_works = source.push_works and not new
        source.etag = storable.text(response.etag)[:500]
        source.last_modified = storable.text(response.last_modified)[:200]
    source.failures = source.deaths = 0
    source.last_error = ""
    source.off_because = ""
    source.last_success_at = at
    return "pushed by its hub" if response.pushed else follow(source, response)


def follow(source: models.Source, response: fetch.Response) -> str:
    """Note where a permanent redirect leads, and go there if it did in MOVES polls in a row; returns it in words.

    Never from https to http, which somebody on the way could feign.
    """
    target = response.final_url if response.redirected_permanently else ""
    downgrade = source.url.startswith("https:") and not target.startswith("https:")
    if not target or target == source.url or len(target) > LONGEST_ADDRESS or downgrade:
        source.moved_to, source.moved_times = "", 0
        return ""
    source.moved_times = min(source.moved_times + 1, MOVES) if target == source.moved_to else 1
    source.moved_to = target
    if source.moved_times < MOVES:
        return f"moved permanently to {target}; its address is changed after {MOVES} polls that say so"
    if not move(source, target):
        return f"moved permanently to {target}, which is another source's address already"
    return f"moved permanently from {source.moved_from} to {target}: its address is changed"


def move(source: models.Source, target: str) -> bool:
    """Change the source's address; returns whether it could be, since no two sources have one address."""
    try:
        with transaction.atomic():
            models.Source.objects.filter(pk=source.pk, url=source.url).update(
                url=target, moved_from=source.url
            )
    except IntegrityError:
        return False
    source.moved_from, source.url = source.url, target
    source.moved_to, source.moved_times = "", 0
    return True


def fail(source: models.Source, response: fetch.Response, why: str) -> None:
    """Note on the source that a poll failed. A feed that is gone for good, says the server, is switched off."""
    source.failures += 1
    source.last_error = storable.text(why)
    if response.status == 410:
        source.enabled = False
        source.off_because = f"the server says that the feed is gone for good ({why})"


def next_poll(
    source: models.Source, response: fetch.Response, *, now: datetime.datetime
) -> datetime.datetime | None:
    """When to ask next; None for a replayed source: the replay says itself when its next capture is due."""
    if source.replay_at is not None:
        return None
    pace = source.pace
    rhythm = schedule.unpack(source.rhythm)
    interval_s = schedule.interval(rhythm, pace=pace, now=now, zone=zone(source))
    if source.push_works and source.push_until and source.push_until > now and not pace.is_fixed:
        interval_s = pace.ceiling_s * PUSHED_CEILINGS
    return schedule.next_poll(
        now=now,
        interval_s=interval_s,
        failures=source.failures,
        retry_after_s=response.retry_after_s,
        seed=source.pk,
        hints=None if pace.is_fixed else schedule.unpack_hints(source.hints),
        fresh_s=caching.fresh_s(response.headers, now=now),
        ceiling_s=0 if pace.is_fixed else pace.ceiling_s,
    )


# Column and type of what a poll writes to its source.
COLUMNS = {
    "etag": "text",
    "last_modified": "text",
    "body_hash": "text",
    "wall_clock_as_utc": "boolean",
    "clock_is_right": "boolean",
    "rhythm": "bytea",
    "hints": "jsonb",
    "about": "jsonb",
    "push_works": "boolean",
    "moved_to": "text",
    "moved_times": "smallint",
    "enabled": "boolean",
    "off_because": "text",
    "deaths": "smallint",
    "failures": "integer",
    "last_error": "text",
    "last_success_at": "timestamptz",
    "last_polled_at": "timestamptz",
    "next_poll_at": "timestamptz",
}
# A source that somebody has claimed since (our claim ran out) is left to them. Whoever switched one off meanwhile
# has it off.
GIVE_BACK = f"""
UPDATE articles_source AS source SET claimed_until = NULL,
    {", ".join(f"{name} = ended.{name}" for name in COLUMNS if name != "enabled")},
    enabled = source.enabled AND ended.enabled
FROM unnest(%b::bigint[], %b::timestamptz[], {", ".join(f"%b::{kind}[]" for kind in COLUMNS.values())})
    AS ended(id, claim, {", ".join(COLUMNS)})
WHERE source.id = ended.id AND source.claimed_until IS NOT DISTINCT FROM ended.claim
"""  # noqa: S608 - made of the names above


# Column and type of the row that tells of a poll.
POLL_COLUMNS = {
    "source_id": "bigint",
    "at": "timestamptz",
    "outcome": "text",
    "status": "smallint",
    "detail": "text",
    "entries": "integer",
    "new": "integer",
    "updated": "integer",
    "elapsed_ms": "integer",
}
# One statement, and so a transaction by itself.
FINISH = f"""
WITH given_back AS ({GIVE_BACK})
INSERT INTO articles_poll ({", ".join(POLL_COLUMNS)})
SELECT * FROM unnest({", ".join(f"%b::{kind}[]" for kind in POLL_COLUMNS.values())})
"""  # noqa: S608 - made of the names above


def finish(endings: Sequence[Ending]) -> None:
    """Give the sources back with their next polls' times and write the polls' rows: one statement for all of them.

    Inside the transaction in progress, if there is one.
    """
    if endings:
        sources = [source_values(ending) for ending in endings]
        told = [poll_values(ending) for ending in endings]
        bulk.execute(FINISH, *bulk.columns(sources, len(sources[0])), *bulk.columns(told, len(told[0])))


def source_values(ending: Ending) -> list[bulk.Value]:
    """The source's id, its claim and the values of COLUMNS."""
    source = ending.source
    source.last_polled_at = ending.at
    source.next_poll_at = next_poll(source, ending.response, now=ending.now)
    values: dict[str, bulk.Value] = {name: getattr(source, name) for name in COLUMNS}
    values["hints"] = orjson.dumps(source.hints).decode()
    values["about"] = orjson.dumps(source.about).decode()
    values["rhythm"] = None if source.rhythm is None else bytes(source.rhythm)
    return [source.pk, source.claimed_until, *values.values()]


def poll_values(ending: Ending) -> Sequence[bulk.Value]:
    """The poll's row, as POLLS names its columns."""
    return (
        ending.source.pk,
        ending.at,
        ending.outcome.value,
        ending.response.status or None,
        storable.text(ending.detail)[:2000],
        ending.entries,
        ending.new,
        ending.updated,
        ending.response.elapsed_ms,
    )
