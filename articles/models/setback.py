"""Articles that are being read, and those that could not be: both are known before and after a worker dies of one."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article


class Attempt(models.Model):
    """What a worker has taken up to read, committed before it begins and deleted with what it writes.

    Its worker holds a lock on it; one that nobody holds is of a worker that died.
    """

    articles = ArrayField(models.BigIntegerField())
    began_at = models.DateTimeField()

    class Meta:
        verbose_name = _("attempt to read articles")
        verbose_name_plural = _("attempts to read articles")

    def __str__(self) -> str:
        return f"{self.began_at:%Y-%m-%d %H:%M:%S} {self.articles}"


class Setback(models.Model):
    """Why an article could not be read. It is read alone when that is due, and the row is deleted when it went well."""

    article = models.OneToOneField(Article, models.CASCADE, related_name="setback", primary_key=True)
    tries = models.PositiveSmallIntegerField(_("tries"))
    reason = models.TextField(_("reason"))
    at = models.DateTimeField(_("last try"))
    # Empty: not by itself, but when its text changes or an editor asks.
    due_at = models.DateTimeField(_("next try"), null=True, blank=True)

    class Meta:
        verbose_name = _("article that could not be read")
        verbose_name_plural = _("articles that could not be read")
        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="setback_has_reason"),
        ]

    def __str__(self) -> str:
        return self.reason
