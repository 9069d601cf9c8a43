"""When to ask a source again. Pure: the time comes in, a time goes out."""

import datetime
import random

CEILING = datetime.timedelta(hours=6)


def next_poll(
    *, now: datetime.datetime, interval_s: int, failures: int, retry_after_s: float | None, seed: int
) -> datetime.datetime:
    """The next poll's time.

    After `failures` failures in a row the interval doubles each time, up to six hours, with a jitter of a tenth
    so that sources that failed together do not come back together; `seed` makes the jitter repeatable. A
    server's Retry-After (seconds) is kept, up to a day.
    """
    wait = datetime.timedelta(seconds=interval_s)
    if failures:
        wait = min(wait * 2 ** min(failures, 16), max(CEILING, wait))
        wait *= random.Random(f"{seed}:{failures}").uniform(1.0, 1.1)  # noqa: S311 - spreads load, guards nothing
    if retry_after_s is not None:
        wait = max(wait, datetime.timedelta(seconds=min(retry_after_s, 86_400)))
    return now + wait
