"""Changes of the watch list that verdicts speak for: proposed with what they would do, applied by an editor or not."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Suggestion(models.Model):
    class Kind(models.TextChoices):
        AMBIGUOUS = "ambiguous", _("mark a form as ambiguous")
        COMMON = "common", _("mark a form as a common word")
        LOWER = "lower", _("lower a term’s weight")
        RAISE = "raise", _("raise a term’s weight")
        EXCLUDE = "exclude", _("add an exclusion")

    class State(models.TextChoices):
        OPEN = "open", _("open")
        APPLIED = "applied", _("applied")
        DISMISSED = "dismissed", _("dismissed")

    kind = models.CharField(_("kind"), max_length=9, choices=Kind)
    company = models.ForeignKey(
        "articles.Company", models.CASCADE, null=True, blank=True, related_name="suggestions"
    )
    theme = models.ForeignKey(
        "articles.Theme", models.CASCADE, null=True, blank=True, related_name="suggestions"
    )
    # The form, the term, or the phrase to be excluded.
    text = models.CharField(_("form or term"), max_length=1000)
    # Of a term: its weight now and as proposed.
    weight = models.FloatField(_("weight"), null=True, blank=True)
    new_weight = models.FloatField(_("new weight"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.OPEN)
    made_at = models.DateTimeField(_("at"))
    # Ids of the verdicts that speak for it.
    verdicts = models.JSONField(default=list)
    # What it does to the settled verdicts on its company or theme, in numbers of tags: come right, go wrong.
    mended = models.PositiveIntegerField(default=0)
    broken = models.PositiveIntegerField(default=0)
    judged = models.PositiveIntegerField(default=0)
    # What it does to the articles of the last `days`; null until that is measured.
    days = models.PositiveSmallIntegerField(default=30)
    added = models.PositiveIntegerField(null=True)
    removed = models.PositiveIntegerField(null=True)
    # Titles and ids of some of the articles that would change.
    examples = models.JSONField(default=list)
    measured_at = models.DateTimeField(null=True)
    # The revision of the watch list that it was measured against.
    revision = models.PositiveBigIntegerField(default=0)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("decided by")
    )

    class Meta:
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(company__isnull=False, theme__isnull=True)
                | Q(company__isnull=True, theme__isnull=False),
                name="suggestion_on_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.text}"
