"""How many articles and stories each hour and each day had, of everything, of each company and of each theme.

Triggers note in `RollupMark` what was touched, in the transaction that touched it; articles.rollup_rows brings the
other tables in line from time to time, and articles.rollups reads them together with what is noted.

A story is counted once in a period however long that is: each of a story's hours knows how far back the story's hour
before it lies (`gap`), and a story counts in the first hour that has no earlier one within the period.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RollupMark(models.Model):
    """Something was touched: a story (its id), or an article, its tags or its place (its id, negative)."""

    key = models.BigIntegerField()

    class Meta:
        verbose_name = _("note for the rollups")
        verbose_name_plural = _("notes for the rollups")

    def __str__(self) -> str:
        return str(self.key)


class Rollup(models.Model):
    """What all rollups have.

    `kind`: 0 everything, 1 a company, 2 a theme; `subject`: its id, 0 for everything. `gap`: so many hours (days)
    lie between this one and the story's one before with such an article; NO_GAP if there is none.
    """

    NO_GAP = 10_000_000

    kind = models.SmallIntegerField()
    subject = models.BigIntegerField()
    gap = models.IntegerField()

    class Meta:
        abstract = True


class RollupPart(Rollup):
    """What one story (its id; negative: one article in no story) adds to the counts of an hour."""

    pk = models.CompositePrimaryKey("key", "kind", "subject", "hour")
    key = models.BigIntegerField()
    # Since 1970, in UTC.
    hour = models.IntegerField()
    articles = models.IntegerField()

    class Meta:
        verbose_name = _("part of the rollups")
        verbose_name_plural = _("parts of the rollups")
        # Which stories a company had in a period.
        indexes = [
            models.Index(
                fields=["kind", "subject", "hour"], include=["key", "articles"], name="rolluppart_of_subject"
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.hour}"


class HourCount(Rollup):
    """Stories with such an article in an hour since 1970, in UTC, and their articles."""

    pk = models.CompositePrimaryKey("kind", "subject", "hour", "gap")
    hour = models.IntegerField()
    stories = models.IntegerField()
    articles = models.IntegerField()

    class Meta:
        verbose_name = _("count by hour")
        verbose_name_plural = _("counts by hour")

    def __str__(self) -> str:
        return f"{self.kind}/{self.subject} {self.hour}: {self.articles}"


class DayCount(Rollup):
    """Stories with such an article on a day since 1970, in the time zone of the settings, and their articles."""

    pk = models.CompositePrimaryKey("kind", "subject", "day", "gap")
    day = models.IntegerField()
    stories = models.IntegerField()
    articles = models.IntegerField()

    class Meta:
        verbose_name = _("count by day")
        verbose_name_plural = _("counts by day")
        # Which companies had most in a period.
        indexes = [models.Index(fields=["kind", "day"], name="daycount_of_kind")]

    def __str__(self) -> str:
        return f"{self.kind}/{self.subject} {self.day}: {self.articles}"
