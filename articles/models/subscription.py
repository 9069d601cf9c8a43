"""A WebSub subscription: a hub that tells us at once when a source publishes."""

import datetime
import secrets

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


def new_token() -> str:
    """A secret that nobody guesses, safe in an address."""
    return secrets.token_urlsafe(32)


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def claim_due(
        self, *, now: datetime.datetime, until: datetime.datetime, most: int
    ) -> list["Subscription"]:
        """Claim up to `most` subscriptions whose hub is to be asked at `now`; nobody else asks before `until`."""
        with transaction.atomic():
            due = list(
                self.filter(Q(source__enabled=True) | Q(state=Subscription.State.LEAVING), due_at__lte=now)
                .order_by("due_at")
                .select_for_update(skip_locked=True, of=("self",))
                .select_related("source")[:most]
            )
            self.model.objects.filter(pk__in=[one.pk for one in due]).update(due_at=until)
        for one in due:
            one.due_at = until
        return due


class Subscription(models.Model):
    """What we asked a hub for and how it stands. The hub calls us at an address that ends in `token`."""

    class State(models.TextChoices):
        WANTED = "wanted", _("to be asked for")
        ASKED = "asked", _("asked for")
        ACTIVE = "active", _("active")
        DENIED = "denied", _("denied")
        LEAVING = "leaving", _("to be ended")

    # None: nobody wants it any more, and the hub is to be told.
    source = models.OneToOneField(
        "articles.Source",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="subscription",
        verbose_name=_("source"),
    )
    hub = models.CharField(_("hub"), max_length=1000)
    topic = models.CharField(_("topic"), max_length=1000)
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    # Signs what the hub sends.
    secret = models.CharField(max_length=64, default=new_token, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WANTED)
    # When the hub is to be asked (again); empty: never.
    due_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(_("lease until"), null=True, blank=True)
    last_push_at = models.DateTimeField(_("last push"), null=True, blank=True)
    pushes = models.PositiveIntegerField(_("pushes"), default=0)
    error = models.TextField(_("error"), blank=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        indexes = [
            models.Index(fields=["due_at"], name="subscription_due", condition=Q(due_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.hub} {self.state}"
