"""Which time a morning's briefing is about. Must not read the clock, and must not know which days are off."""

import datetime
from collections.abc import Callable

# When a briefing is usually read, by the reader's clock.
MORNING = datetime.time(8)
# More days in a row are never off.
MOST_DAYS = 14
# Events that a briefing looks ahead to: so many days, the briefing's own among them.
DAYS_AHEAD = 7


def last_working_day(before: datetime.date, is_day_off: Callable[[datetime.date], bool]) -> datetime.date:
    """The last day before this one on which people were at work; after two weeks of holidays, whatever day that was."""
    days = [before - datetime.timedelta(days=back) for back in range(1, MOST_DAYS + 1)]
    return next((day for day in days if not is_day_off(day)), days[-1])


def begins(
    now: datetime.datetime, earlier: datetime.datetime | None, is_day_off: Callable[[datetime.date], bool]
) -> datetime.datetime:
    """Since when a briefing that is written now tells the news; `now` is by the reader's clock.

    Since the earlier briefing, if that is of the last working day or later; else since the morning of that day, so that
    Monday's covers the weekend.
    """
    day = last_working_day(now.date(), is_day_off)
    if earlier is not None and earlier.astimezone(now.tzinfo).date() >= day and earlier < now:
        return earlier
    return datetime.datetime.combine(day, MORNING, now.tzinfo)


def ahead(day: datetime.date) -> tuple[datetime.date, datetime.date]:
    """The first and the last day of the events that a day's briefing looks ahead to."""
    return day, day + datetime.timedelta(days=DAYS_AHEAD - 1)
