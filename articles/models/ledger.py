"""The ledger: every entry that a source ever showed, and what became of it.

A row is written when an entry appears, when it changes, when it leaves the feed and when storing it fails; never for
an entry that is shown again unchanged.
"""

import datetime

from django.contrib.postgres.indexes import HashIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class AppearanceQuerySet(models.QuerySet["Appearance"]):
    def shown(self) -> "AppearanceQuerySet":
        """The entries that stood in their feed when it was last read."""
        return self.filter(last_seen_at__isnull=True)

    def unstored(self) -> "AppearanceQuerySet":
        """The entries that did not become what their feed says: rejected, or failed so far."""
        return self.filter(fate__in=(Appearance.Fate.REJECTED, Appearance.Fate.FAILED))


class Appearance(models.Model):
    """An entry of a feed and its fate."""

    class Fate(models.TextChoices):
        STORED = "stored", _("stored")
        DUPLICATE = "duplicate", _("duplicate")
        UPDATED = "updated", _("updated")
        REJECTED = "rejected", _("rejected")
        FAILED = "failed", _("failed")

    source = models.ForeignKey(
        "articles.Source",
        models.CASCADE,
        related_name="appearances",
        verbose_name=_("source"),
        # The constraint's index begins with it.
        db_index=False,
    )
    # SHA-256 of the entry's id, or of its address if it has none.
    entry_key = models.CharField(max_length=64, editable=False)
    entry_id = models.CharField(_("entry id"), max_length=1000, blank=True)
    url = models.CharField(_("address"), max_length=4000, blank=True)
    title = models.TextField(_("title"), blank=True)
    # SHA-256 of the entry's title and text as last seen: tells an edited entry from an unchanged one.
    content_hash = models.CharField(max_length=64, editable=False)
    # Of all that the feed said of it then (articles.feeds.parse): shown like this again, it need not be read again.
    digest = models.BinaryField(null=True, blank=True, editable=False)
    # When the source showed that text, by the source's clock: an older copy that comes later changes nothing.
    content_at = models.DateTimeField(_("text since"))
    first_seen_at = models.DateTimeField(_("first seen"))
    # Empty while the entry stands in the feed: then it was last seen when the source was last read.
    last_seen_at = models.DateTimeField(_("last seen"), null=True, blank=True)

    fate = models.CharField(_("fate"), max_length=9, choices=Fate, default=Fate.STORED)
    reason = models.TextField(_("reason"), blank=True)
    # How often storing this text failed.
    tries = models.PositiveSmallIntegerField(default=0, editable=False)
    article = models.ForeignKey(
        "articles.Article",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="appearances",
        verbose_name=_("article"),
    )

    objects = AppearanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        constraints = [
            models.UniqueConstraint(fields=["source", "entry_key"], name="entry_once_per_source"),
            # An edit that fails leaves the article that is known.
            models.CheckConstraint(
                condition=Q(fate__in=("rejected", "failed")) | Q(article__isnull=False),
                name="entry_stored_has_article",
            ),
            models.CheckConstraint(
                condition=~Q(fate__in=("rejected", "failed")) | ~Q(reason=""),
                name="entry_unstored_has_reason",
            ),
        ]
        indexes = [
            HashIndex(fields=["url"], name="entry_address"),
            models.Index(F("source"), F("first_seen_at").desc(), name="entry_recent"),
            models.Index(fields=["source"], name="entry_shown", condition=Q(last_seen_at__isnull=True)),
            models.Index(
                fields=["source"], name="entry_unstored", condition=Q(fate__in=("rejected", "failed"))
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.url or self.entry_id

    def seen_until(self, last_success_at: datetime.datetime | None) -> datetime.datetime:
        """When it was last seen, given when its source was last read."""
        return self.last_seen_at or max(self.first_seen_at, last_success_at or self.first_seen_at)
