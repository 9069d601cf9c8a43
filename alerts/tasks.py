"""Celery's way into the alerts; each task looks in the database for what there is to do."""

from celery import shared_task
from django.utils import timezone

from alerts import (
    actions,
    alert_faults,
    backtests,
    bounced,
    deliver,
    holding,
    outbox,
    spikes,
    webhooks,
    word_counts,
)


@shared_task
def match_outbox() -> None:
    """Match the articles that became ready with the alerts."""
    outbox.match_waiting(now=timezone.now())


@shared_task
def release_hits() -> None:
    """Tell the hits that waited for outlets which their stories have by now."""
    holding.release_all(now=timezone.now())


@shared_task
def read_bounces() -> None:
    """Read the mails that came back, where settings say in which folder."""
    bounced.read_folder(now=timezone.now())


@shared_task
def send_deliveries() -> None:
    """Send the mails that are due."""
    deliver.send_due(now=timezone.now)


@shared_task
def erase_deleted() -> None:
    """Erase the alerts that were deleted long ago."""
    actions.erase_deleted(now=timezone.now())


@shared_task
def run_backtests() -> None:
    """Count what queries would have found in past weeks."""
    backtests.run(now=timezone.now)


@shared_task
def call_webhooks() -> None:
    """Call the webhooks that something is due to."""
    webhooks.call_due(now=timezone.now)


@shared_task
def check_spikes() -> None:
    """Tell the alerts of more than usual that have it."""
    spikes.check(now=timezone.now())


@shared_task
def count_words() -> None:
    """Count which words are rare, and give alerts that broke another try."""
    word_counts.count(now=timezone.now())
    alert_faults.try_again()
