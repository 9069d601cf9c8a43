"""Wake a worker up. A wake-up that can't be sent is only noted: the schedule looks for work every few seconds."""

import functools
import logging
import time

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


class Bell:
    """Wakes for many small pieces of work without a call for each: at most one call a task in `every_s` seconds.

    What rang meanwhile is sent by the next `settle`, which whoever rings calls before waiting and at the end.
    """

    def __init__(self, every_s: float = 0.5) -> None:
        self.every_s = every_s
        self.sent: dict[str, float] = {}
        self.due: set[str] = set()

    def ring(self, task: str) -> None:
        """There is work for the named task."""
        if time.monotonic() - self.sent.get(task, float("-inf")) < self.every_s:
            self.due.add(task)
            return
        self._send(task)

    def settle(self) -> None:
        """Send what is still to be sent."""
        for task in sorted(self.due):
            self._send(task)

    def _send(self, task: str) -> None:
        self.due.discard(task)
        self.sent[task] = time.monotonic()
        send(task)
