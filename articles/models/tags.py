"""What an article is about, and the evidence for it. A tag without a mention does not exist."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


# Where a constraint's or an index's first column is the relation, it needs no index of its own.
class CompanyTag(models.Model):
    article = models.ForeignKey(
        "articles.Article", models.CASCADE, related_name="company_tags", db_index=False
    )
    company = models.ForeignKey("articles.Company", models.CASCADE, related_name="tags", db_index=False)
    confidence = models.FloatField(_("confidence"))
    aliases = ArrayField(models.CharField(max_length=200), default=list)
    # The article's, repeated here so that a company's timeline is one index scan.
    published_at = models.DateTimeField()
    # Given by people (TagVerdict) where recognition gave none.
    by_hand = models.BooleanField(_("by hand"), default=False, db_default=False)

    class Meta:
        verbose_name = _("company tag")
        verbose_name_plural = _("company tags")
        constraints = [
            models.UniqueConstraint(fields=["article", "company"], name="company_once_per_article"),
            models.CheckConstraint(
                condition=Q(confidence__gt=0, confidence__lte=1), name="company_tag_confidence"
            ),
        ]
        indexes = [
            models.Index(fields=["company", "-published_at"], include=["article"], name="company_timeline")
        ]

    def __str__(self) -> str:
        return f"{self.company_id} in {self.article_id}"


class ThemeTag(models.Model):
    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="theme_tags", db_index=False)
    theme = models.ForeignKey("articles.Theme", models.CASCADE, related_name="tags", db_index=False)
    score = models.FloatField(_("score"))
    published_at = models.DateTimeField()
    # The parts of the theme that the article is about, the strongest first.
    subthemes = ArrayField(models.CharField(max_length=100), default=list, verbose_name=_("sub-themes"))
    by_hand = models.BooleanField(_("by hand"), default=False, db_default=False)

    class Meta:
        verbose_name = _("theme tag")
        verbose_name_plural = _("theme tags")
        constraints = [models.UniqueConstraint(fields=["article", "theme"], name="theme_once_per_article")]
        indexes = [
            models.Index(fields=["theme", "-published_at"], include=["article"], name="theme_timeline")
        ]

    def __str__(self) -> str:
        return f"{self.theme_id} in {self.article_id}"


class Mention(models.Model):
    """A span of the title or the body that is evidence for a tag; offsets in code points, end exclusive."""

    class Kind(models.TextChoices):
        COMPANY = "company", _("company")
        THEME = "theme", _("theme")
        SPORT = "sport", _("sports team")

    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="mentions")
    kind = models.CharField(max_length=7, choices=Kind)
    company = models.ForeignKey("articles.Company", models.CASCADE, null=True, related_name="mentions")
    theme = models.ForeignKey("articles.Theme", models.CASCADE, null=True, related_name="mentions")
    field = models.CharField(max_length=5, choices=[("title", _("title")), ("text", _("text"))])
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    text = models.CharField(max_length=200)
    rule = models.CharField(max_length=200)
    confidence = models.FloatField()

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="mention_is_a_span"),
            models.CheckConstraint(
                condition=Q(company__isnull=False, theme__isnull=True)
                | Q(company__isnull=True, theme__isnull=False),
                name="mention_of_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return self.text
