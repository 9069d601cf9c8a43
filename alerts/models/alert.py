"""An alert: what is watched for, and when, to whom and how often it is told."""

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, Group
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Mode(models.TextChoices):
    """How often a person is told."""

    INSTANT = "instant", _("at once")
    HOURLY = "hourly", _("every hour")
    DAILY = "daily", _("every day")
    WEEKLY = "weekly", _("every week")


class Weekday(models.IntegerChoices):
    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class AlertQuerySet(models.QuerySet["Alert"]):
    def seen_by(self, person: AbstractBaseUser | AnonymousUser) -> "AlertQuerySet":
        """The alerts that a person may look at: her own, her teams', and those that she gets mails of."""
        groups = Group.objects.filter(pk=OuterRef("team"), user=person.pk)
        told = AlertRecipient.objects.filter(alert=OuterRef("pk"), user=person.pk)
        return self.kept().filter(Q(owner=person.pk) | Exists(groups) | Exists(told))

    def kept(self) -> "AlertQuerySet":
        """Those that were not deleted."""
        return self.filter(deleted_at__isnull=True)


class Alert(models.Model):
    """A query whose new matches are told to its owner and to others; she alone may change it.

    Its times (hour, weekday, quiet hours) are those of each reader's own time zone.
    """

    class Kind(models.TextChoices):
        QUERY = "query", _("every match")
        SPIKE = "spike", _("more than usual")

    class Priority(models.TextChoices):
        NORMAL = "normal", _("normal")
        HIGH = "high", _("high")

    Mode = Mode
    Weekday = Weekday

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="alerts", verbose_name=_("owner")
    )
    # Its members see the alert.
    team = models.ForeignKey(
        Group, models.SET_NULL, null=True, blank=True, related_name="alerts", verbose_name=_("team")
    )
    name = models.CharField(_("name"), max_length=200)
    # In canonical form: articles.search.query.
    query = models.TextField(_("query"))
    kind = models.CharField(_("kind"), max_length=5, choices=Kind, default=Kind.QUERY)
    enabled = models.BooleanField(_("switched on"), default=True)
    # Until then its hits are listed and not mailed, later neither.
    muted_until = models.DateTimeField(_("muted until"), null=True, blank=True)
    # Switched off and shown to nobody since; gone for good some time later.
    deleted_at = models.DateTimeField(_("deleted"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"))
    # Articles first seen before this are not mailed; moved when the query changes or the alert is switched on.
    active_since = models.DateTimeField(_("active since"))
    # Grows with every change, so that workers know when their matcher is old.
    revision = models.PositiveIntegerField(default=1)

    mode = models.CharField(_("how often"), max_length=7, choices=Mode, default=Mode.INSTANT)
    # Of daily and weekly mails, and of those that waited for a working day.
    at_hour = models.PositiveSmallIntegerField(_("hour"), default=8)
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday, default=Weekday.MONDAY)
    working_days_only = models.BooleanField(_("working days only"), default=False)
    # Both or neither. Mails wait for the end, but for those of high priority.
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)
    priority = models.CharField(_("priority"), max_length=6, choices=Priority, default=Priority.NORMAL)
    # A story is told as soon as so many outlets tell it.
    least_outlets = models.PositiveSmallIntegerField(_("outlets at least"), default=1)
    # A story that was told is told again when it has that many.
    again_at_outlets = models.PositiveSmallIntegerField(_("again at outlets"), null=True, blank=True)
    # A story that was told is told again when an outlet corrects it or has something new.
    tell_updates = models.BooleanField(_("tell what is new in a story"), default=True)
    tell_owner = models.BooleanField(_("mail it to the owner"), default=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        ordering = ("name",)
        constraints = [
            models.CheckConstraint(condition=~Q(query=""), name="alert_query_not_empty"),
            models.CheckConstraint(condition=Q(at_hour__lte=23), name="alert_hour"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="alert_weekday"),
            models.CheckConstraint(condition=Q(least_outlets__gte=1), name="alert_least_outlets"),
            models.CheckConstraint(
                condition=Q(again_at_outlets__isnull=True) | Q(again_at_outlets__gt=F("least_outlets")),
                name="alert_again_at_more_outlets",
            ),
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | (Q(quiet_from__isnull=False, quiet_until__isnull=False) & ~Q(quiet_from=F("quiet_until"))),
                name="alert_quiet_hours",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_muted(self) -> bool:
        """Whether its hits are listed and not mailed now."""
        return self.muted_until is not None and self.muted_until > timezone.now()


class AlertRecipient(models.Model):
    """Somebody besides its owner who gets an alert's mails: a person who logs in, or a confirmed address."""

    alert = models.ForeignKey(Alert, models.CASCADE, related_name="recipients", verbose_name=_("alert"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="alert_recipients",
        verbose_name=_("person"),
    )
    address = models.ForeignKey(
        "alerts.Address",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="alert_recipients",
        verbose_name=_("address"),
    )
    # Empty: as the alert says.
    mode = models.CharField(_("how often"), max_length=7, choices=Mode, blank=True)
    at_hour = models.PositiveSmallIntegerField(_("hour"), null=True, blank=True)
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday, null=True, blank=True)
    created_at = models.DateTimeField(_("added"))

    class Meta:
        verbose_name = _("recipient")
        verbose_name_plural = _("recipients")
        constraints = [
            models.UniqueConstraint(fields=["alert", "user"], name="recipient_person_once"),
            models.UniqueConstraint(fields=["alert", "address"], name="recipient_address_once"),
            models.CheckConstraint(
                condition=Q(user__isnull=False, address__isnull=True)
                | Q(user__isnull=True, address__isnull=False),
                name="recipient_person_or_address",
            ),
            models.CheckConstraint(
                condition=Q(at_hour__isnull=True) | Q(at_hour__lte=23), name="recipient_hour"
            ),
            models.CheckConstraint(
                condition=Q(weekday__isnull=True) | Q(weekday__lte=6), name="recipient_weekday"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.alert_id}: {self.user_id or self.address_id}"
