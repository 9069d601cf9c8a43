"""The watch list as editors keep it: companies with their aliases, themes with their terms."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Company(models.Model):
    class Kind(models.TextChoices):
        COMPANY = "company", _("company")
        GROUP = "group", _("group")
        INSTITUTE = "institute", _("institute")

    name = models.CharField(_("name"), max_length=200, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.COMPANY)
    ticker = models.CharField(_("ticker"), max_length=20, blank=True)
    market = models.CharField(_("market"), max_length=20, blank=True)
    country = models.CharField(_("country"), max_length=40, blank=True)
    sector = models.CharField(_("sector"), max_length=200, blank=True)
    parent = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="affiliates", verbose_name=_("parent")
    )
    sport = models.BooleanField(_("lends its name to a sports team"), default=False)
    enabled = models.BooleanField(_("recognised"), default=True)

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Alias(models.Model):
    """A form in which texts name a company. The company's own name counts without an alias."""

    class Kind(models.TextChoices):
        NAME = "name", _("name")
        FORMER = "former", _("former name")
        ABBREVIATION = "abbreviation", _("abbreviation")
        TICKER = "ticker", _("ticker")
        ENGLISH = "english", _("English name")
        MISSPELLING = "misspelling", _("misspelling")
        PRODUCT = "product", _("product")
        OTHER = "other", _("means something else")

    company = models.ForeignKey(Company, models.CASCADE, related_name="aliases", verbose_name=_("company"))
    text = models.CharField(_("form"), max_length=200)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.NAME)
    ambiguous = models.BooleanField(
        _("ambiguous"),
        default=False,
        help_text=_("Also an ordinary word, a place or a person: needs evidence nearby."),
    )

    common = models.BooleanField(
        _("common word"),
        default=False,
        help_text=_(
            "Usually not the company: evidence must speak for the company itself, not for business alone."
        ),
    )

    class Meta:
        verbose_name = _("alias")
        verbose_name_plural = _("aliases")
        constraints = [
            models.UniqueConstraint(fields=["company", "text"], name="alias_once_per_company"),
            models.CheckConstraint(condition=~Q(text=""), name="alias_not_empty"),
        ]

    def __str__(self) -> str:
        return self.text


class Theme(models.Model):
    name = models.CharField(_("name"), max_length=100, unique=True)
    threshold = models.FloatField(_("score needed"), default=1.0)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    companies = models.ManyToManyField(
        Company, blank=True, related_name="implied_themes", verbose_name=_("companies that imply it")
    )
    enabled = models.BooleanField(_("recognised"), default=True)

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ("position", "name")

    def __str__(self) -> str:
        return self.name


class ThemeTerm(models.Model):
    theme = models.ForeignKey(Theme, models.CASCADE, related_name="terms", verbose_name=_("theme"))
    text = models.CharField(_("term"), max_length=1000)
    weight = models.FloatField(_("weight"), default=1.0)
    exclude = models.BooleanField(
        _("cancels"),
        default=False,
        help_text=_("A phrase that cancels the terms it contains or stands beside."),
    )
    subtheme = models.CharField(
        _("sub-theme"),
        max_length=100,
        blank=True,
        db_default="",
        help_text=_("The part of the theme that the term speaks of; empty if any."),
    )

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        constraints = [
            models.UniqueConstraint(fields=["theme", "text", "exclude"], name="term_once_per_theme"),
            models.CheckConstraint(condition=~Q(text=""), name="term_not_empty"),
        ]

    def __str__(self) -> str:
        return self.text


class WatchlistState(models.Model):
    """One row whose revision grows with every change to the watch list: workers see by it that theirs is old."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    revision = models.PositiveBigIntegerField(default=1)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_watchlist_state")]

    def __str__(self) -> str:
        return str(self.revision)
