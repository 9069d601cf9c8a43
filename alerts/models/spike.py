"""When a query found more stories than usual."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Spike(models.Model):
    """A spike that was told: how many stories there were in how many hours, what was expected, and what explains it."""

    alert = models.ForeignKey(
        "alerts.Alert", models.CASCADE, related_name="spikes", verbose_name=_("alert"), db_index=False
    )
    at = models.DateTimeField(_("noticed"))
    hours = models.PositiveSmallIntegerField(_("hours"))
    stories = models.PositiveIntegerField(_("stories"))
    expected = models.FloatField(_("expected"))
    # What one such time in a hundred exceeds.
    most = models.PositiveIntegerField(_("at most"))
    chance = models.FloatField(_("chance"))
    # What grew most: [[name, stories now, stories usually], …].
    words = models.JSONField(default=list)
    outlets = models.JSONField(default=list)
    # Those that were told of it.
    hits = models.ManyToManyField("alerts.Hit", related_name="spikes")

    class Meta:
        verbose_name = _("spike")
        verbose_name_plural = _("spikes")
        ordering = ("-at",)
        indexes = [models.Index(fields=["alert", "-at"], name="spike_of_alert")]

    def __str__(self) -> str:
        return f"{self.alert_id}: {self.stories} ({self.expected:.1f})"
