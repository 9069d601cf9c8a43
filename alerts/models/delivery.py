"""A mail or a call that is to be sent, or was."""

import datetime

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from alerts.models.alert import Alert
from alerts.models.hit import Hit


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def mails(self) -> "DeliveryQuerySet":
        return self.filter(webhook__isnull=True)

    def calls(self) -> "DeliveryQuerySet":
        return self.filter(webhook__isnull=False)

    def claim_due(self, *, now: datetime.datetime, until: datetime.datetime, most: int) -> list["Delivery"]:
        """Claim up to `most` that are to be sent by `now`, and seal them; a dead sender's are due again at `until`."""
        with transaction.atomic():
            due = list(
                self.filter(state=Delivery.State.WAITING, due_at__lte=now)
                .order_by("due_at")
                .select_for_update(skip_locked=True, of=("self",))
                .select_related("recipient", "address", "webhook__alert__owner")[:most]
            )
            self.model.objects.filter(pk__in=[delivery.pk for delivery in due]).update(
                due_at=until, sealed_at=Coalesce(F("sealed_at"), now)
            )
        for delivery in due:
            delivery.due_at = until
        return due


class Delivery(models.Model):
    """A mail to one reader: about hits of one or more alerts, written in the same transaction as these; or a briefing.

    Its reader is a person, an address, or a webhook. Hits are added until a sender seals it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")
        # Goes on when the address or the webhook is resumed.
        STOPPED = "stopped", _("stopped")

    class Held(models.TextChoices):
        """Why it was not to be sent at once."""

        DIGEST = "digest", _("collected")
        QUIET = "quiet", _("quiet hours")
        DAY_OFF = "day-off", _("no working day")
        FLOOD = "flood", _("too many mails in a short time")

    alerts = models.ManyToManyField(Alert, related_name="deliveries")
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="deliveries"
    )
    address = models.ForeignKey(
        "alerts.Address", models.CASCADE, null=True, blank=True, related_name="deliveries"
    )
    webhook = models.ForeignKey(
        "alerts.Webhook", models.CASCADE, null=True, blank=True, related_name="deliveries"
    )
    # It brings what was published of this, and no hits.
    briefing = models.ForeignKey(
        "articles.Collection", models.CASCADE, null=True, blank=True, related_name="deliveries"
    )
    hits = models.ManyToManyField(Hit, through="DeliveryHit", related_name="deliveries")
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    created_at = models.DateTimeField()
    held = models.CharField(_("why later"), max_length=7, choices=Held, blank=True)
    # It tells of an alert of high priority.
    urgent = models.BooleanField(default=False)
    # When to send it (again).
    due_at = models.DateTimeField()
    # When a sender first took it: nothing is added from then on, so that every copy says the same.
    sealed_at = models.DateTimeField(null=True, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    message_id = models.CharField(max_length=200, unique=True)
    # As it was sent; a later mail of the same story answers it.
    subject = models.CharField(max_length=400, blank=True)
    error = models.TextField(blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ("-created_at",)
        indexes = [
            models.Index(fields=["due_at"], name="delivery_waits", condition=Q(state="waiting")),
            models.Index(fields=["sent_at"], name="delivery_sent", condition=Q(state="sent")),
            models.Index(fields=["id"], name="delivery_failed", condition=Q(state="failed")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False), name="sent_has_a_time"
            ),
            models.CheckConstraint(
                condition=Q(recipient__isnull=False, address__isnull=True, webhook__isnull=True)
                | Q(recipient__isnull=True, address__isnull=False, webhook__isnull=True)
                | Q(recipient__isnull=True, address__isnull=True, webhook__isnull=False),
                name="delivery_has_one_reader",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.message_id}: {self.state}"

    @property
    def to(self) -> str:
        """Its reader, in words."""
        return self.recipient.email if self.recipient else str(self.address or self.webhook)


class DeliveryHit(models.Model):
    """A hit that a delivery tells, and why again if its story was told before."""

    class News(models.TextChoices):
        OUTLETS = "outlets", _("more outlets tell it")
        CORRECTED = "corrected", _("the outlet changed it")
        FACT = "fact", _("something new")

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="told")
    hit = models.ForeignKey(Hit, models.CASCADE, related_name="told")
    news = models.CharField(_("what is new"), max_length=9, choices=News, blank=True)
    # How many outlets told its story then.
    outlets = models.PositiveIntegerField(_("outlets"), default=0)

    class Meta:
        verbose_name = _("hit of a delivery")
        verbose_name_plural = _("hits of deliveries")
        constraints = [models.UniqueConstraint(fields=["delivery", "hit"], name="delivery_tells_a_hit_once")]

    def __str__(self) -> str:
        return f"{self.delivery_id}: {self.hit_id}"
