"""Celery's way into the pipeline. Each task looks in the database for what there is to do, so that a wake-up call
can be lost, doubled or late without harm."""

import gc
import logging
from typing import Any

from celery import shared_task, signals
from django.db import DatabaseError, connections
from django.utils import timezone

from articles import (
    chronicle,
    collecting,
    notice_mails,
    notices,
    pipeline,
    placing,
    rereading,
    retagging_jobs,
    retention,
    rollup_rows,
    shares,
    suggestions,
    websub,
)

log = logging.getLogger(__name__)
# Queues of the tasks that recognise what articles are about.
RECOGNISING = frozenset(["fetch", "process"])


@signals.worker_init.connect
def prepare(sender: Any, **_: object) -> None:
    """Make ready what a worker's processes share, before they part."""
    if not RECOGNISING.isdisjoint(sender.app.amqp.queues.consume_from):
        load_watch_list()
    # None of what is loaded now ever goes: the collector, which takes an eighth of the time of asking an unchanged feed
    # if it visits all of it again and again, need not do so, nor write to memory that the processes share.
    gc.collect()
    gc.freeze()
    # What a batch makes is mostly freed without the collector, which need not look for circles in each hundredth of it.
    gc.set_threshold(10_000, 20, 20)


def load_watch_list() -> None:
    """Read the watch list, so that it stands in memory once.

    A database that does not answer yet is asked again by each process when it has something to recognise.
    """
    try:
        pipeline.present_tagger()
    except DatabaseError as error:
        log.warning("the watch list is loaded later: %s", error)
    finally:
        # No two processes may talk on one connection.
        connections.close_all()


@shared_task
def poll_sources() -> None:
    """Poll the sources that are due."""
    pipeline.poll_due(now=timezone.now)


@shared_task
def fetch_pages() -> None:
    """Fetch the pages that articles wait for."""
    pipeline.fetch_due_pages(now=timezone.now)


@shared_task
def process_articles() -> None:
    """Read and tag the articles that wait for it."""
    pipeline.process_waiting(now=timezone.now)


@shared_task
def place_articles() -> None:
    """Put the articles that are ready into stories."""
    placing.place_waiting(now=timezone.now)


@shared_task
def fold_rollups() -> None:
    """Bring the counts by hour and day in line with what has come and changed."""
    rollup_rows.fold(now=timezone.now)


@shared_task
def tell_events() -> None:
    """Read what happened when, and who said what, out of articles that have their story."""
    chronicle.tell_waiting(now=timezone.now)


@shared_task
def reread_pages() -> None:
    """Read stored pages again whose outlet's rules an editor changed."""
    rereading.run(now=timezone.now)


@shared_task
def retag() -> None:
    """Find out what changes of the watch list would do to stored articles, and carry out those that were saved."""
    retagging_jobs.run(now=timezone.now)


@shared_task
def measure_suggestions() -> None:
    """Find out what a suggested change of the watch list would do."""
    suggestions.measure_next(now=timezone.now())


@shared_task
def ask_hubs() -> None:
    """Ask the hubs of subscriptions that are new or end soon."""
    websub.ask_due(now=timezone.now)


@shared_task
def check_sources(*, silences: bool = False) -> None:
    """Raise and resolve notices about the sources, and send the mails about them."""
    now = timezone.now()
    notice_mails.tell(notices.check(now=now, silences=silences), now=now)
    notice_mails.send_waiting(now=now)


@shared_task
def send_shares() -> None:
    """Send the mails about what was shared with colleagues."""
    shares.send_waiting(now=timezone.now())


@shared_task
def prune() -> None:
    """Forget what is older than the settings say."""
    retention.prune(now=timezone.now)
    collecting.erase_deleted(now=timezone.now())
