"""Notices to the people who run the site: something is wrong with a source, or with all of them; and their mails."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class NoticeQuerySet(models.QuerySet["Notice"]):
    def open(self) -> "NoticeQuerySet":
        """Those that still hold, gravest first."""
        return self.filter(resolved_at__isnull=True).order_by(F("source").asc(nulls_first=True), "since")


class Notice(models.Model):
    """Something that people should look at, from when it began until it was over by itself."""

    class Kind(models.TextChoices):
        MANY = "many", _("many sources at once")
        FAILING = "failing", _("failing for a day")
        OFF = "off", _("switched off by itself")
        SILENT = "silent", _("silent")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    # None: it is about the whole site.
    source = models.ForeignKey(
        "articles.Source",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="notices",
        verbose_name=_("source"),
        db_index=False,
    )
    since = models.DateTimeField(_("since"))
    raised_at = models.DateTimeField(_("noticed"))
    resolved_at = models.DateTimeField(_("over"), null=True, blank=True)
    # Numbers and words for the sentence that says it, by kind (articles.notices.sentence).
    facts = models.JSONField(default=dict, editable=False)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ("-since",)
        constraints = [
            models.UniqueConstraint(
                fields=["source", "kind"],
                condition=Q(resolved_at__isnull=True),
                nulls_distinct=False,
                name="notice_open_once",
            ),
            models.CheckConstraint(
                condition=Q(kind="many", source__isnull=True) | (~Q(kind="many") & Q(source__isnull=False)),
                name="notice_of_source_or_site",
            ),
        ]
        indexes = [models.Index(F("source"), F("since").desc(), name="notice_of_source")]

    def __str__(self) -> str:
        return f"{self.kind} {self.source_id or '–'} {self.since:%Y-%m-%d %H:%M}"


class NoticeMail(models.Model):
    """One mail to one person about notices: the row is made first, so that nobody is told twice."""

    class Kind(models.TextChoices):
        DIGEST = "digest", _("daily digest")
        AT_ONCE = "at_once", _("at once")

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="+",
        verbose_name=_("recipient"),
        db_index=False,
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    # The digest's day in the recipient's time zone, or the number of the notice that is told at once.
    about = models.CharField(max_length=20)
    created_at = models.DateTimeField(_("made"))
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    error = models.TextField(_("error"), blank=True)

    class Meta:
        verbose_name = _("mail about notices")
        verbose_name_plural = _("mails about notices")
        constraints = [
            models.UniqueConstraint(fields=["recipient", "kind", "about"], name="notice_mail_once")
        ]
        indexes = [
            models.Index(fields=["created_at"], name="notice_mail_waits", condition=Q(sent_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.about}"
