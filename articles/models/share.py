"""What a reader shared with a colleague: an article or a story, with a sentence of it and a note."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

LONGEST_NOTE = 1000
LONGEST_SENTENCE = 600


class Share(models.Model):
    """An article or a story that one person sent to another; the two of them alone see it.

    It is a row before it is mailed, so that nothing is mailed twice or lost with a worker.
    """

    sender = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="shares_sent", db_index=False
    )
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="shares", db_index=False
    )
    article = models.ForeignKey("articles.Article", models.CASCADE, null=True, blank=True, related_name="+")
    story = models.ForeignKey("articles.Story", models.CASCADE, null=True, blank=True, related_name="+")
    # Words of the article itself; empty if none were chosen.
    sentence = models.TextField(_("sentence"), blank=True, max_length=LONGEST_SENTENCE)
    note = models.TextField(_("note"), blank=True, max_length=LONGEST_NOTE)
    at = models.DateTimeField(_("shared"))
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    # When the recipient first had it before her on a page of this site.
    seen_at = models.DateTimeField(_("seen"), null=True, blank=True)
    # Why it could not be sent yet.
    error = models.CharField(_("error"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("share")
        verbose_name_plural = _("shares")
        constraints = [
            models.CheckConstraint(
                condition=Q(article__isnull=True) ^ Q(story__isnull=True), name="share_is_of_one_thing"
            ),
            models.CheckConstraint(condition=~Q(sender=F("recipient")), name="share_is_with_another"),
        ]
        indexes = [
            models.Index(F("recipient"), F("at").desc(), name="share_received"),
            models.Index(F("sender"), F("at").desc(), name="share_given"),
            models.Index(fields=["at"], name="share_waiting", condition=Q(sent_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.sender_id} → {self.recipient_id}: {self.article_id or self.story_id}"
