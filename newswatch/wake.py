"""Wake a worker up. A wake-up that can't be sent is only noted: the schedule looks for work every few seconds."""

import functools
import logging

from celery import current_app
from django.db import transaction
from kombu import exceptions

log = logging.getLogger(__name__)


def on_commit(task: str) -> None:
    """Send the named task once the transaction in progress has committed; at once if there is none."""
    transaction.on_commit(functools.partial(send, task))


def send(task: str) -> None:
    """Send the named task without waiting for a broker that is down."""
    try:
        current_app.send_task(task, retry=False, expires=60)
    except (exceptions.OperationalError, OSError) as error:
        log.info("%s was not sent (%s); the schedule will", task, error)
