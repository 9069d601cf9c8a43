"""A source: one feed that we poll, and one row for every poll."""

import datetime
import zoneinfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, URLValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from articles.feeds import reading, schedule, selectors


def check_time_zone(name: str) -> None:
    """Raises ValidationError unless there is a time zone of that name."""
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError) as error:
        raise ValidationError(
            _("There is no time zone %(name)s; write one like Asia/Seoul."), params={"name": name}
        ) from error


def check_selector(text: str) -> None:
    """Raises ValidationError unless the CSS selector can be used."""
    try:
        selectors.read(text)
    except selectors.UnusableSelector as error:
        raise ValidationError(
            _("This selector can’t be used: %(why)s."), params={"why": str(error)}
        ) from error


# The sources that are due, oldest first, in one statement. A worker died while it had those whose claim ran out: one
# of them may be why, so that each is read alone.
CLAIM_DUE = """
WITH due AS (
    SELECT id, claimed_until FROM articles_source
    WHERE enabled AND next_poll_at <= %(now)s AND (claimed_until IS NULL OR claimed_until <= %(now)s)
    ORDER BY next_poll_at LIMIT %(most)s FOR UPDATE SKIP LOCKED
)
UPDATE articles_source AS source SET claimed_until = %(until)s,
    deaths = CASE WHEN due.claimed_until IS NULL THEN source.deaths ELSE greatest(source.deaths, 1) END
FROM due WHERE source.id = due.id RETURNING source.*
"""


class SourceQuerySet(models.QuerySet["Source"]):
    def claim_due(self, *, now: datetime.datetime, until: datetime.datetime, most: int) -> list["Source"]:
        """Claim up to `most` sources that are due at `now`, oldest first, until `until`.

        Nobody else gets them before `until`; what a dead worker had claimed is due again then. Their outlets are not
        loaded: a feed that is unchanged needs none.
        """
        due = self.raw(CLAIM_DUE, {"now": now, "until": until, "most": most})
        return sorted(due, key=lambda source: (source.next_poll_at, source.pk))


class Source(models.Model):
    """A feed, or a page read as one: where it is, how to read it, and when to ask again."""

    class Kind(models.TextChoices):
        FEED = reading.FEED, _("feed or news sitemap")
        LISTING = reading.LISTING, _("web page without a feed")

    outlet = models.ForeignKey(
        "articles.Outlet", models.PROTECT, related_name="sources", verbose_name=_("outlet")
    )
    title = models.CharField(_("title"), max_length=300)
    url = models.CharField(
        _("feed address"), max_length=1000, unique=True, validators=[URLValidator(["http", "https"])]
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.FEED)
    selector = models.CharField(
        _("selector of the links"),
        max_length=selectors.LONGEST,
        blank=True,
        validators=[check_selector],
        help_text=_("For a web page: which of its links are articles, as a CSS selector."),
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
        help_text=_("Empty: as often as the source publishes."),
    )
    # The clock this source lives on, for a replay of captured feeds; empty: the real one.
    replay_at = models.DateTimeField(null=True, blank=True, editable=False)

    etag = models.CharField(max_length=500, blank=True, editable=False)
    last_modified = models.CharField(max_length=200, blank=True, editable=False)
    # SHA-256 of the last body: servers without ETag send the same feed again and again.
    body_hash = models.CharField(max_length=64, blank=True, editable=False)
    # This source stamps its local wall-clock time as UTC; learnt from times in the future.
    wall_clock_as_utc = models.BooleanField(default=False, editable=False)
    # It has published in true UTC while we watched: what other feeds of its site do says nothing about it.
    clock_is_right = models.BooleanField(default=False, editable=False)
    # When it publishes (schedule.pack), what its feed asks of us (schedule.Hints), and until when a hub pushes.
    rhythm = models.BinaryField(null=True, blank=True, editable=False)
    hints = models.JSONField(default=dict, blank=True, editable=False)
    # What the feed says about itself, as of when it was last read in full (articles.store.describe).
    about = models.JSONField(default=dict, blank=True, editable=False)
    push_until = models.DateTimeField(_("pushed until"), null=True, blank=True, editable=False)
    # Since the last push no poll has found what a push should have brought.
    push_works = models.BooleanField(default=False, editable=False)
    # Where its permanent redirects led in the last polls, how many times in a row, and where it was before.
    moved_to = models.CharField(max_length=1000, blank=True, editable=False)
    moved_times = models.PositiveSmallIntegerField(default=0, editable=False)
    moved_from = models.CharField(_("moved from"), max_length=1000, blank=True, editable=False)
    off_because = models.TextField(_("switched off because"), blank=True, editable=False)
    next_poll_at = models.DateTimeField(_("next poll"), null=True, blank=True, editable=False)
    claimed_until = models.DateTimeField(null=True, blank=True, editable=False)
    last_polled_at = models.DateTimeField(_("last poll"), null=True, blank=True, editable=False)
    last_success_at = models.DateTimeField(_("last success"), null=True, blank=True, editable=False)
    # Workers in a row that died while they had it.
    deaths = models.PositiveSmallIntegerField(default=0, editable=False)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0, editable=False)
    last_error = models.TextField(_("last error"), blank=True, editable=False)

    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ("group", "title")
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind=reading.LISTING) | ~Q(selector=""),
                name="source_listing_has_selector",
                violation_error_message=_("A web page needs a selector of its links."),
            ),
        ]
        indexes = [
            models.Index(fields=["next_poll_at"], name="source_due", condition=Q(enabled=True)),
        ]

    def __str__(self) -> str:
        return f"{self.outlet} · {self.title}"

    @property
    def pace(self) -> schedule.Pace:
        """How often it may be asked: as its editor says, else between the site's bounds."""
        if self.poll_interval:
            return schedule.Pace(self.poll_interval, self.poll_interval, self.poll_interval)
        return schedule.Pace(
            floor_s=settings.POLL_FLOOR_SECONDS,
            usual_s=settings.POLL_INTERVAL_SECONDS,
            ceiling_s=max(settings.POLL_CEILING_SECONDS, settings.POLL_FLOOR_SECONDS),
        )


class Poll(models.Model):
    """One poll of a source and how it ended."""

    class Outcome(models.TextChoices):
        STORED = "stored", _("read")
        UNCHANGED = "unchanged", _("unchanged")
        FAILED = "failed", _("failed")

    # The index of a source's polls begins with it.
    source = models.ForeignKey(Source, models.CASCADE, related_name="polls", db_index=False)
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
