"""Who gets somebody's briefings by mail."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class BriefingReader(models.Model):
    """A person or an address to whom a writer mails her briefings. An address gets none before it was confirmed."""

    writer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="briefing_readers",
        verbose_name=_("writer"),
        # The constraint's index begins with it.
        db_index=False,
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("person"),
    )
    address = models.ForeignKey(
        "alerts.Address",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="briefings",
        verbose_name=_("address"),
    )
    created_at = models.DateTimeField(_("added"))

    class Meta:
        verbose_name = _("reader of briefings")
        verbose_name_plural = _("readers of briefings")
        constraints = [
            models.UniqueConstraint(
                fields=["writer", "user", "address"], name="briefing_reader_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=True) ^ Q(address__isnull=True), name="briefing_reader_is_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.writer_id}: {self.user_id or self.address_id}"
