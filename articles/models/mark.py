"""What a reader has done with an article: read it, starred it, written a note on it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

LONGEST_NOTE = 2000


class MarkQuerySet(models.QuerySet["Mark"]):
    def empty(self) -> "MarkQuerySet":
        """Those that say nothing any more."""
        return self.filter(read_at__isnull=True, starred_at__isnull=True, note="")


class Mark(models.Model):
    """One reader's marks on one article; nobody else sees them.

    An article without a row is unread, not starred and has no note. A row that says nothing any more may stay.
    """

    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="marks",
        verbose_name=_("reader"),
        # The constraint's index begins with it.
        db_index=False,
    )
    article = models.ForeignKey(
        "articles.Article", models.CASCADE, related_name="marks", verbose_name=_("article")
    )
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    starred_at = models.DateTimeField(_("starred"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True, max_length=LONGEST_NOTE)

    objects = MarkQuerySet.as_manager()

    class Meta:
        verbose_name = _("mark")
        verbose_name_plural = _("marks")
        constraints = [
            models.UniqueConstraint(fields=["reader", "article"], name="one_mark_per_reader"),
        ]
        indexes = [
            # What was read are many, what was starred or noted are few.
            models.Index(
                fields=["reader", "article"], name="mark_starred", condition=Q(starred_at__isnull=False)
            ),
            models.Index(fields=["reader", "article"], name="mark_noted", condition=~Q(note="")),
        ]

    def __str__(self) -> str:
        return f"{self.reader_id}: {self.article_id}"
