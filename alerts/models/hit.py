"""What an alert found."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Hit(models.Model):
    """An article that matched an alert, with where it matched.

    It is held for a reason, or is in a delivery to each reader of the alert.
    """

    class Held(models.TextChoices):
        OLD = "old", _("published long before it was seen")
        REPLAY = "replay", _("from a replay")
        SAME = "same", _("the same story was mailed before")
        MUTED = "muted", _("the alert or the story was muted")
        # Until the story has them.
        FEW = "few", _("too few outlets tell the story so far")
        SPIKE = "spike", _("counted: the alert tells of more than usual")
        NOBODY = "nobody", _("the alert had no reader")

    # Its index is `hits_of_an_alert`.
    alert = models.ForeignKey("alerts.Alert", models.CASCADE, related_name="hits", db_index=False)
    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="hits")
    at = models.DateTimeField()
    # [[field, start, end], …]: code-point offsets, end exclusive.
    spans = models.JSONField(default=list)
    held = models.CharField(_("why no mail"), max_length=8, choices=Held, blank=True)

    class Meta:
        verbose_name = _("hit")
        verbose_name_plural = _("hits")
        constraints = [
            models.UniqueConstraint(fields=["alert", "article"], name="hit_once_per_alert_and_article")
        ]
        # Looked through every few seconds.
        indexes = [
            models.Index(fields=["alert", "-id"], name="hits_of_an_alert"),
            models.Index(fields=["at"], name="hit_waits_for_outlets", condition=Q(held="few")),
        ]

    def __str__(self) -> str:
        return f"{self.alert_id}: {self.article_id}"
