"""Celery's way into the pipeline. Each task looks in the database for what there is to do, so that a wake-up call
can be lost, doubled or late without harm."""

from celery import shared_task
from django.utils import timezone

from articles import pipeline, websub


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
def ask_hubs() -> None:
    """Ask the hubs of subscriptions that are new or end soon."""
    websub.ask_due(now=timezone.now)
