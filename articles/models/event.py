"""What happened when: events told by articles, the places that tell of them, and what people said.

All that an event's row says follows from its reports (articles.event_rows).
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

FIELDS = [("title", _("title")), ("text", _("text"))]


class Precision(models.TextChoices):
    """How exactly a time is told: articles.dates.values."""

    TIME = "time", _("time of day")
    DAY = "day", _("day")
    WEEK = "week", _("week")
    MONTH = "month", _("month")
    QUARTER = "quarter", _("quarter")
    HALF = "half", _("half-year")
    YEAR = "year", _("year")
    DECADE = "decade", _("decade")
    RANGE = "range", _("range")


class Relation(models.TextChoices):
    """What a report says of the event; the further down, the less has happened."""

    PAST = "past", _("happened")
    REPORTED = "reported", _("announced")
    PLANNED = "planned", _("planned")
    GOAL = "goal", _("goal")


class Event(models.Model):
    """Something dated that one or more articles tell of watched companies or themes.

    Its days, both included, its sentence and its precision are those of the report that tells it most exactly.
    """

    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    precision = models.CharField(_("precision"), max_length=7, choices=Precision)
    relation = models.CharField(_("happened or planned"), max_length=8, choices=Relation)
    sentence = models.TextField(_("sentence"))
    # 0 to 1, the highest of its reports'.
    certainty = models.FloatField(_("certainty"))
    # How many articles tell of it, and of how many outlets.
    report_count = models.PositiveIntegerField(_("articles"), default=0)
    outlet_count = models.PositiveIntegerField(_("outlets"), default=0)
    # When the first of these articles was published.
    first_reported_at = models.DateTimeField(_("first reported"))
    # All of these articles are.
    is_sample = models.BooleanField(_("sample data"), default=False)
    # The report whose sentence it is. Empty only between an article's deletion and the next recount.
    told_by = models.ForeignKey("articles.EventReport", models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="event_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(outlet_count__lte=F("report_count")), name="event_counts_its_reports"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on}: {self.sentence[:80]}"


class EventReport(models.Model):
    """A place in an article that tells of an event; offsets in code points, end exclusive.

    `start` to `end` is its clause, the sentence begins at `sentence_start`, the time stands at `when_start`.
    """

    event = models.ForeignKey(Event, models.CASCADE, related_name="reports")
    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="event_reports")
    field = models.CharField(max_length=5, choices=FIELDS)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    sentence = models.TextField()
    sentence_start = models.PositiveIntegerField()
    when_text = models.CharField(max_length=200)
    when_start = models.PositiveIntegerField()
    when_end = models.PositiveIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    precision = models.CharField(max_length=7, choices=Precision)
    relation = models.CharField(max_length=8, choices=Relation)
    rule = models.CharField(max_length=200)
    confidence = models.FloatField()
    # Keys of those that the report is about; what has left the watch list since counts no more.
    companies = ArrayField(models.BigIntegerField(), default=list)
    themes = ArrayField(models.BigIntegerField(), default=list)
    # The article's.
    published_at = models.DateTimeField()

    class Meta:
        verbose_name = _("report of an event")
        verbose_name_plural = _("reports of events")
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="event_report_is_a_span"),
            models.CheckConstraint(
                condition=Q(when_end__gt=F("when_start"), when_start__gte=F("sentence_start")),
                name="event_report_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="event_report_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(confidence__gte=0, confidence__lte=1), name="event_report_confidence"
            ),
        ]

    def __str__(self) -> str:
        return self.sentence[:80]


# The days are the event's, repeated so that a company's events are one index scan, by time or by overlap.
class EventCompany(models.Model):
    event = models.ForeignKey(Event, models.CASCADE, related_name="companies", db_index=False)
    company = models.ForeignKey("articles.Company", models.CASCADE, related_name="events", db_index=False)
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        verbose_name = _("company of an event")
        verbose_name_plural = _("companies of events")
        constraints = [models.UniqueConstraint(fields=["event", "company"], name="event_company_once")]
        indexes = [
            models.Index(F("company"), F("starts_on").desc(), F("event").desc(), name="event_company_by_day"),
            models.Index(fields=["company", "ends_on", "starts_on"], name="event_company_around"),
        ]

    def __str__(self) -> str:
        return f"{self.company_id} in {self.event_id}"


class EventTheme(models.Model):
    event = models.ForeignKey(Event, models.CASCADE, related_name="themes", db_index=False)
    theme = models.ForeignKey("articles.Theme", models.CASCADE, related_name="events", db_index=False)
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        verbose_name = _("theme of an event")
        verbose_name_plural = _("themes of events")
        constraints = [models.UniqueConstraint(fields=["event", "theme"], name="event_theme_once")]
        indexes = [
            models.Index(F("theme"), F("starts_on").desc(), F("event").desc(), name="event_theme_by_day"),
            models.Index(fields=["theme", "ends_on", "starts_on"], name="event_theme_around"),
        ]

    def __str__(self) -> str:
        return f"{self.theme_id} in {self.event_id}"


class Quote(models.Model):
    """What somebody said, as an article quotes it: without the marks; offsets in code points, end exclusive."""

    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="quotes")
    # The watched company that the speaker is of, if any; `affiliation` is how the text names it, watched or not.
    company = models.ForeignKey(
        "articles.Company",
        models.SET_NULL,
        null=True,
        related_name="quotes",
        # The index of a company's quotes begins with it.
        db_index=False,
    )
    speaker = models.CharField(_("speaker"), max_length=200, blank=True)
    role = models.CharField(_("role"), max_length=200, blank=True)
    affiliation = models.CharField(_("company or body"), max_length=200, blank=True)
    text = models.TextField(_("words"))
    field = models.CharField(max_length=5, choices=FIELDS)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    confidence = models.FloatField()
    # When the article was published: what is said when is seldom told.
    said_at = models.DateTimeField(_("said"))

    class Meta:
        verbose_name = _("quotation")
        verbose_name_plural = _("quotations")
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="quote_is_a_span"),
            models.CheckConstraint(
                condition=Q(confidence__gte=0, confidence__lte=1), name="quote_confidence"
            ),
        ]
        indexes = [
            models.Index(
                F("company"),
                F("said_at").desc(),
                F("id").desc(),
                name="quote_of_company",
                condition=Q(company__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.text[:80]


class EventsDue(models.Model):
    """Says that an article was tagged, anew or again, so that what it tells is to be read (articles.chronicle).

    Written in the transaction that tags it. `due_at` is when it may be taken (again), `attempts` how often it was.
    """

    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="+")
    due_at = models.DateTimeField(db_default=Now())
    attempts = models.PositiveSmallIntegerField(db_default=0)

    class Meta:
        verbose_name = _("article whose events wait to be read")
        verbose_name_plural = _("articles whose events wait to be read")

    def __str__(self) -> str:
        return str(self.article_id)
