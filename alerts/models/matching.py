"""What matching keeps for itself: which alerts changed, what could not be matched, how often words stand."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class AlertChange(models.Model):
    """The last change of an alert, also of one that is gone. Triggers of the database write it, whoever changes alerts.

    `changed_in` is the number of the transaction: who has seen all that were over by then has seen all changes before.
    """

    # Not a foreign key: it outlives the alert.
    alert_id = models.BigIntegerField(primary_key=True)
    changed_in = models.BigIntegerField(db_index=True)
    changed_at = models.DateTimeField()
    # Articles may have been matched without it, though it counts for them.
    is_due = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("change of an alert")
        verbose_name_plural = _("changes of alerts")
        indexes = [
            models.Index(fields=["alert_id"], name="alertchange_due", condition=models.Q(is_due=True)),
        ]

    def __str__(self) -> str:
        return f"{self.alert_id}: {self.changed_at:%Y-%m-%d %H:%M:%S}"


class AlertFault(models.Model):
    """Why an alert finds nothing, or not all: its query can't be read, or broke on articles."""

    alert = models.OneToOneField(
        "alerts.Alert", models.CASCADE, related_name="fault", primary_key=True, verbose_name=_("alert")
    )
    reason = models.TextField(_("reason"))
    at = models.DateTimeField(_("last time"))
    # On how many articles it broke; 0: it can't be read.
    times = models.PositiveIntegerField(_("articles"), default=0)
    # It is not tried any more, until its query changes or the next day.
    is_stopped = models.BooleanField(_("not tried"), default=False)

    class Meta:
        verbose_name = _("alert that can't be used")
        verbose_name_plural = _("alerts that can't be used")

    def __str__(self) -> str:
        return self.reason


class MatchAttempt(models.Model):
    """Outbox rows that a worker has taken up, committed before it begins and deleted with what it writes.

    Its worker holds a lock on it; one that nobody holds is of a worker that died.
    """

    rows = ArrayField(models.BigIntegerField())
    began_at = models.DateTimeField()

    class Meta:
        verbose_name = _("attempt to match articles")
        verbose_name_plural = _("attempts to match articles")

    def __str__(self) -> str:
        return f"{self.began_at:%Y-%m-%d %H:%M:%S} {self.rows}"


class MatchSetback(models.Model):
    """Why an article could not be matched, or not with all alerts. It is matched alone when that is due."""

    # The outbox row; not a foreign key, since those are forgotten by themselves.
    row_id = models.BigIntegerField(primary_key=True)
    article = models.ForeignKey(
        "articles.Article", models.CASCADE, related_name="match_setbacks", verbose_name=_("article")
    )
    tries = models.PositiveSmallIntegerField(_("tries"))
    reason = models.TextField(_("reason"))
    at = models.DateTimeField(_("last try"))
    # Empty: not by itself any more.
    due_at = models.DateTimeField(_("next try"), null=True, blank=True)

    class Meta:
        verbose_name = _("article that could not be matched")
        verbose_name_plural = _("articles that could not be matched")
        indexes = [
            models.Index(
                fields=["due_at"], name="matchsetback_due", condition=models.Q(due_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.reason


class WordCount(models.Model):
    """In how many of 10,000 articles words and tags stood when they were last counted. One row."""

    counted_at = models.DateTimeField()
    articles = models.PositiveIntegerField()
    # {"": {lexeme: share}, "company": {folded name: share}, …}
    shares = models.JSONField()

    class Meta:
        verbose_name = _("count of words")
        verbose_name_plural = _("counts of words")

    def __str__(self) -> str:
        return f"{self.counted_at:%Y-%m-%d %H:%M}"
