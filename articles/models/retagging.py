"""What a change of the watch list does to stored articles: looked at before it is saved, carried out afterwards."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.models.job import Job


class Retagging(Job):
    """Stored articles being recognised again because of a change of the watch list.

    A preview writes down what would change (TagChange); otherwise the articles' tags are rewritten.
    """

    PROGRESS: ClassVar[tuple[str, ...]] = (*Job.PROGRESS, "added", "removed")

    is_preview = models.BooleanField(_("preview"), default=False)
    # Where it was started, for the pages of both; a list that was imported has neither.
    company = models.ForeignKey(
        "articles.Company",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="retaggings",
        verbose_name=_("company"),
    )
    theme = models.ForeignKey(
        "articles.Theme",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="retaggings",
        verbose_name=_("theme"),
    )
    # What was changed, in words of the watch list.
    subject = models.CharField(_("what changed"), max_length=300, blank=True)
    # As articles.tagging.difference writes them.
    edits = models.JSONField(default=list)
    # Tags, not articles.
    added = models.PositiveIntegerField(_("tags added"), default=0)
    removed = models.PositiveIntegerField(_("tags removed"), default=0)

    class Meta:
        verbose_name = _("re-tagging")
        verbose_name_plural = _("re-taggings")
        ordering = ("-pk",)
        indexes = [
            models.Index(fields=["id"], name="retagging_unfinished", condition=Q(finished_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.subject}: {self.done} / {self.total}"


class TagChange(models.Model):
    """A tag that an article would gain or lose, and the sentence that speaks for it."""

    retagging = models.ForeignKey(Retagging, models.CASCADE, related_name="changes", db_index=False)
    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="+")
    kind = models.CharField(max_length=7, choices=[("company", _("company")), ("theme", _("theme"))])
    # Of the company or theme, which may not be stored yet.
    name = models.CharField(max_length=200)
    is_added = models.BooleanField()
    # The form or term that speaks for the tag, as it is written there.
    form = models.CharField(max_length=200)
    sentence = models.TextField()
    # Where the form stands in the sentence, in code points.
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    rule = models.CharField(max_length=200)
    confidence = models.FloatField()

    class Meta:
        verbose_name = _("change of a tag")
        verbose_name_plural = _("changes of tags")
        constraints = [
            models.UniqueConstraint(
                fields=["retagging", "article", "kind", "name"], name="tag_changes_once_per_retagging"
            )
        ]

    def __str__(self) -> str:
        return f"{'+' if self.is_added else '-'}{self.name}: {self.article_id}"
