"""A source: one feed that we poll, and one row for every poll."""

import datetime
import zoneinfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, URLValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


def check_time_zone(name: str) -> None:
    """Raises ValidationError unless there is a time zone of that name."""
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError) as error:
        raise ValidationError(
            _("There is no time zone %(name)s; write one like Asia/Seoul."), params={"name": name}
        ) from error


class SourceQuerySet(models.QuerySet["Source"]):
    def claim_due(self, *, now: datetime.datetime, until: datetime.datetime, most: int) -> list["Source"]:
        """Claim up to `most` sources that are due at `now`, oldest first, until `until`.

        Nobody else gets them before `until`; what a dead worker had claimed is due again then.
        """
        with transaction.atomic():
            due = list(
                self.filter(enabled=True, next_poll_at__lte=now)
                .filter(Q(claimed_until__isnull=True) | Q(claimed_until__lte=now))
                .order_by("next_poll_at")
                .select_for_update(skip_locked=True, of=("self",))
                .select_related("outlet")[:most]
            )
            self.model.objects.filter(pk__in=[source.pk for source in due]).update(claimed_until=until)
        for source in due:
            source.claimed_until = until
        return due


class Source(models.Model):
    """A feed: where it is, how to read it, and when to ask again."""

    outlet = models.ForeignKey(
        "articles.Outlet", models.PROTECT, related_name="sources", verbose_name=_("outlet")
    )
    title = models.CharField(_("title"), max_length=300)
    url = models.CharField(
        _("feed address"), max_length=1000, unique=True, validators=[URLValidator(["http", "https"])]
    )
    group = models.CharField(_("group"), max_length=100, blank=True, db_index=True)
    language = models.CharField(_("language"), max_length=5, blank=True)
    time_zone = models.CharField(
        _("time zone"), max_length=50, default="Asia/Seoul", validators=[check_time_zone]
    )
    fetch_pages = models.BooleanField(
        _("fetch the pages"), default=True, help_text=_("Off: the feed's own text is the article's text.")
    )
    enabled = models.BooleanField(_("switched on"), default=True)
    is_sample = models.BooleanField(_("sample data"), default=False)
    poll_interval = models.PositiveIntegerField(
        _("seconds between polls"),
        null=True,
        blank=True,
        validators=[MinValueValidator(5)],
        help_text=_("Empty: the site's usual interval."),
    )
    # The clock this source lives on, for a replay of captured feeds; empty: the real one.
    replay_at = models.DateTimeField(null=True, blank=True, editable=False)

    etag = models.CharField(max_length=500, blank=True, editable=False)
    last_modified = models.CharField(max_length=200, blank=True, editable=False)
    # SHA-256 of the last body: servers without ETag send the same feed again and again.
    body_hash = models.CharField(max_length=64, blank=True, editable=False)
    # This source stamps its local wall-clock time as UTC; learnt from times in the future.
    wall_clock_as_utc = models.BooleanField(default=False, editable=False)
    next_poll_at = models.DateTimeField(_("next poll"), null=True, blank=True, editable=False)
    claimed_until = models.DateTimeField(null=True, blank=True, editable=False)
    last_polled_at = models.DateTimeField(_("last poll"), null=True, blank=True, editable=False)
    last_success_at = models.DateTimeField(_("last success"), null=True, blank=True, editable=False)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0, editable=False)
    last_error = models.TextField(_("last error"), blank=True, editable=False)

    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ("group", "title")
        indexes = [
            models.Index(fields=["next_poll_at"], name="source_due", condition=Q(enabled=True)),
        ]

    def __str__(self) -> str:
        return f"{self.outlet} · {self.title}"

    @property
    def interval_s(self) -> int:
        """Seconds between two polls that succeed."""
        return self.poll_interval or int(settings.POLL_INTERVAL_SECONDS)


class Poll(models.Model):
    """One poll of a source and how it ended."""

    class Outcome(models.TextChoices):
        STORED = "stored", _("read")
        UNCHANGED = "unchanged", _("unchanged")
        FAILED = "failed", _("failed")

    source = models.ForeignKey(Source, models.CASCADE, related_name="polls")
    at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    detail = models.TextField(blank=True)
    entries = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    elapsed_ms = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("poll")
        verbose_name_plural = _("polls")
        indexes = [models.Index(F("source"), F("at").desc(), name="poll_recent")]

    def __str__(self) -> str:
        return f"{self.source} {self.at:%Y-%m-%d %H:%M} {self.outcome}"
