"""Trying a query on past weeks."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from articles.models.job import Job


class Backtest(Job):
    """What a query would have found in past weeks, counted in the background while its author waits.

    `before` is a time here: articles published from then on (microseconds since 1970) are counted.
    """

    PROGRESS: ClassVar[tuple[str, ...]] = (*Job.PROGRESS, "result")

    # In canonical form; `previous` is that of the alert before it is changed, empty if it is not.
    query = models.TextField()
    previous = models.TextField(blank=True)
    # Days are counted in this time zone.
    time_zone = models.CharField(max_length=50)
    # As alerts.matching.backtest.Tally writes it.
    result = models.JSONField(default=dict)

    class Meta:
        ordering = ("-pk",)
        indexes = [
            models.Index(fields=["id"], name="backtest_unfinished", condition=Q(finished_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.query}: {self.done} / {self.total}"
