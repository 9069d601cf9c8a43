"""Judge the times of a feed against the present, which is passed in, and mend those that cannot be.

Many Korean publishers write the wall clock of Seoul and stamp it `Z`: an article of this minute then seems to be nine
hours ahead. That is a habit of a feed, not of an entry, so it is decided once from all of them. Other times in the
future are held back. Nothing here reads a clock or remembers a feed: the caller keeps `Mended.wall_clock_as_utc` and
passes it in again, since at night a feed may have nothing recent enough to give itself away.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from articles.feeds import parse

TOLERANCE = timedelta(minutes=10)  # by which two honest clocks may differ
# One entry ahead among many recent ones is an announcement; a feed on the wrong clock is ahead by its whole news.
LEAST_SHARE_AHEAD = 25


@dataclass(frozen=True, slots=True)
class Mended:
    """The entries with believable times; whether the feed stamps its wall clock as UTC; what was done, in words."""

    entries: tuple[parse.Entry, ...]
    wall_clock_as_utc: bool
    problems: tuple[str, ...]


def mend_times(
    entries: Sequence[parse.Entry],
    *,
    now: datetime,
    time_zone: str,
    wall_clock_as_utc: bool = False,
    siblings_do: bool = False,
) -> Mended:
    """Shift wall-clock times stamped as UTC to what they mean, and hold (set to None) times later than `now`.

    `now` is aware; `time_zone` is the source's; `wall_clock_as_utc` says that the source is known for it, `siblings_do`
    that other feeds of the same site are: that counts unless this feed names a zone somewhere, which shows that it
    knows zones, and is not told on as its own habit. Entries already mended are left alone, so mending twice changes
    nothing. Raises ValueError for a naive `now`.
    """
    if now.utcoffset() is None:
        raise ValueError("now must be an aware datetime")
    zone = ZoneInfo(time_zone)
    own_habit = wall_clock_as_utc or is_wall_clock(entries, now=now, zone=zone)
    shifting = own_habit or (siblings_do and not any(entry.stated_zone == "offset" for entry in entries))
    mended, problems = list(entries), []
    if shifting:
        mended = [_shifted(entry, zone) for entry in mended]
        problems.append(f"times are {time_zone} wall-clock times stamped as UTC")
    held = [_held(entry, now + TOLERANCE) for entry in mended]
    early = [
        before for before, after in zip(mended, held, strict=True) if before.published and not after.published
    ]
    if early:
        problems.append(
            f"{len(early)} times are in the future and held, such as {early[0].published:%Y-%m-%d %H:%M} UTC"
            f" of {early[0].title[:60]!r}"
        )
    return Mended(tuple(held), own_habit, tuple(problems))


def is_wall_clock(entries: Iterable[parse.Entry], *, now: datetime, zone: tzinfo) -> bool:
    """Whether the feed as a whole reads as wall-clock times of `zone` stamped as UTC.

    Evidence is a time stamped as UTC and ahead of `now` by no more than the zone is ahead of UTC. It counts when such
    times are no rarer than one in LEAST_SHARE_AHEAD of those as recent on the other side of `now`, and outnumber the
    times too far ahead to be explained like this.
    """
    offset = now.astimezone(zone).utcoffset() or timedelta()
    if offset <= TOLERANCE:
        return False
    leads = [
        entry.published - now for entry in entries if entry.published and entry.stated_zone in ("utc", "")
    ]
    ahead = sum(TOLERANCE < lead <= offset + TOLERANCE for lead in leads)
    beyond = sum(lead > offset + TOLERANCE for lead in leads)
    recent = sum(-offset <= lead <= TOLERANCE for lead in leads)
    return ahead > beyond and ahead * LEAST_SHARE_AHEAD >= recent


def shows_true_utc(
    entries: Iterable[parse.Entry], *, now: datetime, since: datetime | None, time_zone: str
) -> bool:
    """Whether a feed that was read at `since` has published in true UTC meanwhile.

    A time stamped as UTC between then and `now` is either true, or a wall-clock time of some hours ago; but that would
    have been ahead of the clock at `since`, and other times would be now. So nothing may be ahead, and no longer may
    have passed since than the zone is ahead of UTC.
    """
    if since is None:
        return False
    offset = now.astimezone(ZoneInfo(time_zone)).utcoffset() or timedelta()
    stamped = [entry.published for entry in entries if entry.published and entry.stated_zone == "utc"]
    if now - since >= offset or any(at > now + TOLERANCE for at in stamped):
        return False
    return any(since < at for at in stamped)


def _shifted(entry: parse.Entry, zone: tzinfo) -> parse.Entry:
    if entry.stated_zone not in ("utc", "") or entry.published is None:
        return entry
    return dataclasses.replace(
        entry,
        published=_as_wall_clock(entry.published, zone),
        updated=_as_wall_clock(entry.updated, zone) if entry.updated else None,
        stated_zone="mended",
    )


def _as_wall_clock(at: datetime, zone: tzinfo) -> datetime:
    return at.astimezone(UTC).replace(tzinfo=zone).astimezone(UTC)


def _held(entry: parse.Entry, latest: datetime) -> parse.Entry:
    """Without the times nobody can have published at yet; the caller falls back on when it saw the entry."""
    published = entry.published if entry.published is None or entry.published <= latest else None
    updated = entry.updated if entry.updated is None or entry.updated <= latest else None
    if (published, updated) == (entry.published, entry.updated):
        return entry
    return dataclasses.replace(entry, published=published, updated=updated)
