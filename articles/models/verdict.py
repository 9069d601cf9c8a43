"""What people say about tags: which are right, which are wrong, and which are missing."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

OF_ONE_THING = Q(company__isnull=False, theme__isnull=True) | Q(company__isnull=True, theme__isnull=False)


class TagVerdict(models.Model):
    """One person's word on one tag of one article; a later word of the same person takes its place."""

    class Verdict(models.TextChoices):
        RIGHT = "right", _("right")
        WRONG = "wrong", _("wrong")
        # Right, of a tag that recognition did not give when it was said.
        MISSING = "missing", _("missing")

    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="verdicts", db_index=False)
    company = models.ForeignKey(
        "articles.Company", models.CASCADE, null=True, blank=True, related_name="verdicts"
    )
    theme = models.ForeignKey(
        "articles.Theme", models.CASCADE, null=True, blank=True, related_name="verdicts"
    )
    verdict = models.CharField(_("verdict"), max_length=7, choices=Verdict)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="tag_verdicts",
        verbose_name=_("by"),
    )
    # Whether she was an editor when she said it.
    by_editor = models.BooleanField(_("by an editor"), default=False)
    made_at = models.DateTimeField(_("at"))
    note = models.CharField(_("note"), max_length=500, blank=True)
    # The watch list whose recognition was judged: Article.recognised_by of that moment.
    tagger = models.CharField(_("recognised by"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("verdict on a tag")
        verbose_name_plural = _("verdicts on tags")
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(condition=OF_ONE_THING, name="verdict_on_one_thing"),
            models.UniqueConstraint(
                fields=["article", "company", "user"],
                condition=Q(company__isnull=False),
                name="one_word_on_a_company",
            ),
            models.UniqueConstraint(
                fields=["article", "theme", "user"],
                condition=Q(theme__isnull=False),
                name="one_word_on_a_theme",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verdict}: {self.company or self.theme} in {self.article_id}"

    @property
    def agrees(self) -> bool:
        """Whether it says that the tag belongs there."""
        return self.verdict != self.Verdict.WRONG


class WithdrawnTag(models.Model):
    """A tag that recognition gave and people have taken away: no list knows of it, the article's page shows it so.

    It has what is needed to give the tag back: `strength` is the confidence or the score, `words` are the aliases or
    the sub-themes.
    """

    article = models.ForeignKey(
        "articles.Article", models.CASCADE, related_name="withdrawn_tags", db_index=False
    )
    company = models.ForeignKey("articles.Company", models.CASCADE, null=True, blank=True, related_name="+")
    theme = models.ForeignKey("articles.Theme", models.CASCADE, null=True, blank=True, related_name="+")
    strength = models.FloatField()
    words = ArrayField(models.CharField(max_length=200), default=list)

    class Meta:
        verbose_name = _("withdrawn tag")
        verbose_name_plural = _("withdrawn tags")
        constraints = [
            models.CheckConstraint(condition=OF_ONE_THING, name="withdrawn_one_thing"),
            models.UniqueConstraint(
                fields=["article", "company"],
                condition=Q(company__isnull=False),
                name="company_withdrawn_once",
            ),
            models.UniqueConstraint(
                fields=["article", "theme"], condition=Q(theme__isnull=False), name="theme_withdrawn_once"
            ),
        ]

    def __str__(self) -> str:
        return f"-{self.company or self.theme} in {self.article_id}"
