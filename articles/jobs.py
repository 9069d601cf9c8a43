"""Long work on stored articles, in batches, so that it can be stopped, shows how far it is, and survives its workers.

A batch is one transaction that moves the job's row on: what a dead worker had done of it is undone, and done again.
That a batch is begun is noted durably before; so the next one knows that somebody died of it, and goes carefully.
Runs are short, so that news that arrives meanwhile does not wait behind them. Must know no particular job.
"""

import datetime
from collections.abc import Callable
from typing import TypeVar

from django.db import models, transaction

from articles.models.job import Job
from newswatch import wake

# A run ends after this and asks for another one.
LONGEST_RUN = datetime.timedelta(seconds=5)
MOST_ATTEMPTS = 3

OneJob = TypeVar("OneJob", bound=Job)
Clock = Callable[[], datetime.datetime]
# Does the next articles of a locked job and notes on it how far it is; returns how many, 0 when there are no more.
Batch = Callable[[OneJob, datetime.datetime], int]


def run(unfinished: "models.QuerySet[OneJob]", batch: Batch[OneJob], *, task: str, now: Clock) -> int:
    """Work on these jobs, the first of them first, for some seconds; returns on how many articles."""
    until, done = now() + LONGEST_RUN, 0
    while pk := claim(unfinished):
        done += step(unfinished, pk, batch, now=now())
        if now() >= until:
            wake.send(task)
            break
    return done


def claim(unfinished: "models.QuerySet[OneJob]") -> int | None:
    """Note, durably, that the next batch of the first job is begun; None if there is none to be had."""
    with transaction.atomic():
        found = unfinished.filter(finished_at__isnull=True).select_for_update(skip_locked=True).first()
        if found is None:
            return None
        found.attempts += 1
        found.save(update_fields=["attempts"])
    return int(found.pk)


def step(
    unfinished: "models.QuerySet[OneJob]", pk: int, batch: Batch[OneJob], *, now: datetime.datetime
) -> int:
    """Do the next batch of a job; returns how many articles. 0 if somebody else does it."""
    with transaction.atomic():
        same = unfinished.model._default_manager.filter(pk=pk, finished_at__isnull=True)
        found = same.select_for_update(skip_locked=True).first()
        if found is None:
            return 0
        done = batch(found, now)
        found.attempts = 0
        if not done:
            found.finished_at = now
        found.save(update_fields=found.PROGRESS)
    return done


def stop(unfinished: "models.QuerySet[OneJob]", *, now: datetime.datetime) -> None:
    """Let them be; what they did stays."""
    unfinished.filter(finished_at__isnull=True).update(finished_at=now)
