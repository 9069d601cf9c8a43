"""Where mails and webhook calls go, and whether they may."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from newswatch.accounts.models import User


class Address(models.Model):
    """An e-mail address: of somebody who does not log in, or of a person whose mails came back.

    One without a person gets nothing before it was confirmed; one that is stopped gets nothing before it is resumed.
    """

    class Stop(models.TextChoices):
        REFUSED = "refused", _("the mail server refused it")
        BOUNCED = "bounced", _("a mail came back")
        COMPLAINT = "complaint", _("a mail was reported as unwanted")
        LEFT = "left", _("the reader asked for no more mails")

    # In small letters.
    address = models.EmailField(_("e-mail address"), unique=True)
    created_at = models.DateTimeField(_("added"))
    # When its reader agreed to get mails.
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    # When it was asked for that.
    asked_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Of a reader who does not log in.
    language = models.CharField(
        _("language"), max_length=2, choices=User.Language, default=User.Language.KOREAN
    )
    time_zone = models.CharField(_("time zone"), max_length=50, default="Asia/Seoul")
    stopped_at = models.DateTimeField(_("stopped"), null=True, blank=True)
    stop = models.CharField(_("why stopped"), max_length=9, choices=Stop, blank=True)
    # What the mail server said.
    stop_words = models.TextField(blank=True)
    # Refusals in a row that did not say that the address is wrong.
    refusals = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        constraints = [
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True, stop="") | (Q(stopped_at__isnull=False) & ~Q(stop="")),
                name="address_stop_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.address


class Webhook(models.Model):
    """An address that is called with an alert's stories as JSON, signed."""

    class Form(models.TextChoices):
        JSON = "json", "JSON"
        SLACK = "slack", "Slack"
        TEAMS = "teams", "Microsoft Teams"

    alert = models.ForeignKey(
        "alerts.Alert", models.CASCADE, related_name="webhooks", verbose_name=_("alert")
    )
    url = models.URLField(_("address"), max_length=1000)
    form = models.CharField(_("form"), max_length=5, choices=Form, default=Form.JSON)
    # The key of the signature.
    secret = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(_("added"))
    # It refused too often: nothing is sent before it is resumed.
    stopped_at = models.DateTimeField(_("stopped"), null=True, blank=True)
    error = models.TextField(_("last error"), blank=True)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        constraints = [models.UniqueConstraint(fields=["alert", "url"], name="webhook_once_per_alert")]

    def __str__(self) -> str:
        return f"{self.alert_id}: {self.form}"
