"""The rules by which an outlet's pages are read, and the reading again of what was read before they changed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.models.job import Job


class PageRules(models.Model):
    """The rules of an outlet as an editor saved them, in the form of articles.pages.rules.

    Rows are added and never changed: the newest counts, the others are how it came about.
    """

    outlet = models.ForeignKey("articles.Outlet", models.CASCADE, related_name="page_rules")
    text = models.TextField(_("rules"), blank=True)
    note = models.CharField(_("why"), max_length=200, blank=True)
    changed_at = models.DateTimeField(_("changed"))
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("changed by")
    )

    class Meta:
        verbose_name = _("page rules")
        verbose_name_plural = _("page rules")
        ordering = ("-pk",)
        indexes = [models.Index(fields=["outlet", "-id"], name="page_rules_newest")]

    def __str__(self) -> str:
        return f"{self.outlet_id}: {self.pk}"


class Rereading(Job):
    """An outlet's stored pages being read again, the newest article first."""

    outlet = models.ForeignKey("articles.Outlet", models.CASCADE, related_name="rereadings")

    class Meta:
        verbose_name = _("rereading")
        verbose_name_plural = _("rereadings")
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["outlet"], condition=Q(finished_at__isnull=True), name="one_rereading_per_outlet"
            )
        ]

    def __str__(self) -> str:
        return f"{self.outlet_id}: {self.done} / {self.total}"
