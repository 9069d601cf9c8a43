"""Files that editors took into the watch list."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class WatchlistImport(models.Model):
    """A file as it was read, what it changed when it was applied, and whether that was undone."""

    made_at = models.DateTimeField(_("at"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    file_name = models.CharField(_("file"), max_length=200, blank=True)
    text = models.TextField()
    # Of the plan that was shown: what is applied is what was seen.
    digest = models.CharField(max_length=64, blank=True)
    changes = models.JSONField(default=list)
    applied_at = models.DateTimeField(_("applied"), null=True, blank=True)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    class Meta:
        verbose_name = _("import of the watch list")
        verbose_name_plural = _("imports of the watch list")
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True) | Q(applied_at__isnull=False),
                name="import_undone_was_applied",
            )
        ]

    def __str__(self) -> str:
        return self.file_name
