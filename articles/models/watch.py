"""What a reader follows: the companies and themes that are her lanes on the first page of the day."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Watch(models.Model):
    """A company or a theme that a reader follows, in her order."""

    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="watches",
        verbose_name=_("reader"),
        db_index=False,
    )
    company = models.ForeignKey("articles.Company", models.CASCADE, null=True, blank=True, related_name="+")
    theme = models.ForeignKey("articles.Theme", models.CASCADE, null=True, blank=True, related_name="+")
    position = models.PositiveIntegerField(_("position"), default=0)
    # Her lane shows its numbers alone.
    is_folded = models.BooleanField(_("folded"), default=False, db_default=False)

    class Meta:
        verbose_name = _("lane")
        verbose_name_plural = _("lanes")
        ordering = ("position", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["reader", "company", "theme"], name="watch_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(company__isnull=True) ^ Q(theme__isnull=True), name="watch_is_of_one_thing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reader_id}: {self.company_id or self.theme_id}"
