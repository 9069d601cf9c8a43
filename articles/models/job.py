"""Work on many stored articles that takes a while: how far it is, and who wanted it."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class Job(models.Model):
    """Goes through stored articles, the newest first, in batches (articles.jobs)."""

    # What a batch moves on.
    PROGRESS: ClassVar[tuple[str, ...]] = ("finished_at", "before", "done", "changed", "failed", "attempts")

    since = models.DateTimeField()
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    finished_at = models.DateTimeField(null=True, blank=True)
    # Articles from this id on are done, or came later.
    before = models.BigIntegerField()
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    # Workers that began the next batch and did not end it.
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True

    @property
    def is_under_way(self) -> bool:
        return self.finished_at is None

    @property
    def is_whole(self) -> bool:
        """Whether it went through all there is and was not stopped."""
        return self.finished_at is not None and self.done >= self.total
