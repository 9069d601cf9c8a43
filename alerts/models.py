"""Alerts, what they matched, and the mails that say so."""

import datetime

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Alert(models.Model):
    """A query whose new matches are mailed to its owner."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="alerts", verbose_name=_("owner")
    )
    name = models.CharField(_("name"), max_length=200)
    # In canonical form: articles.search.query.
    query = models.TextField(_("query"))
    enabled = models.BooleanField(_("switched on"), default=True)
    created_at = models.DateTimeField(_("created"))
    # Articles first seen before this are not mailed; moved when the query changes or the alert is switched on.
    active_since = models.DateTimeField(_("active since"))
    # Grows with every change, so that workers know when their matcher is old.
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        ordering = ("name",)
        constraints = [models.CheckConstraint(condition=~Q(query=""), name="alert_query_not_empty")]

    def __str__(self) -> str:
        return self.name


class Hit(models.Model):
    """An article that matched an alert, with where it matched."""

    class Held(models.TextChoices):
        OLD = "old", _("published long before it was seen")
        REPLAY = "replay", _("from a replay")
        SAME = "same", _("the same story was mailed before")

    alert = models.ForeignKey(Alert, models.CASCADE, related_name="hits")
    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="hits")
    at = models.DateTimeField()
    # [[field, start, end], …]: code-point offsets, end exclusive.
    spans = models.JSONField(default=list)
    held = models.CharField(_("why no mail"), max_length=6, choices=Held, blank=True)

    class Meta:
        verbose_name = _("hit")
        verbose_name_plural = _("hits")
        constraints = [
            models.UniqueConstraint(fields=["alert", "article"], name="hit_once_per_alert_and_article")
        ]

    def __str__(self) -> str:
        return f"{self.alert_id}: {self.article_id}"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def claim_due(self, *, now: datetime.datetime, until: datetime.datetime, most: int) -> list["Delivery"]:
        """Claim up to `most` mails that are to be sent by `now`; a dead sender's are due again at `until`."""
        with transaction.atomic():
            due = list(
                self.filter(state=Delivery.State.WAITING, due_at__lte=now)
                .order_by("due_at")
                .select_for_update(skip_locked=True, of=("self",))
                .select_related("alert", "recipient")[:most]
            )
            self.model.objects.filter(pk__in=[delivery.pk for delivery in due]).update(due_at=until)
        for delivery in due:
            delivery.due_at = until
        return due


class Delivery(models.Model):
    """A mail about one or more hits of an alert to one person; written in the same transaction as the hits."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")

    alert = models.ForeignKey(Alert, models.CASCADE, related_name="deliveries")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="deliveries")
    hits = models.ManyToManyField(Hit, related_name="deliveries")
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    created_at = models.DateTimeField()
    # When to send it (again).
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    message_id = models.CharField(max_length=200, unique=True)
    error = models.TextField(blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ("-created_at",)
        indexes = [models.Index(fields=["due_at"], name="delivery_waits", condition=Q(state="waiting"))]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False), name="sent_has_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.alert_id} → {self.recipient_id}: {self.state}"
