"""An outlet: a publisher whose articles we read."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Outlet(models.Model):
    name = models.CharField(_("name"), max_length=200, unique=True)
    homepage = models.URLField(_("home page"), max_length=500, blank=True)
    language = models.CharField(_("language"), max_length=5, blank=True)
    # Hosts of its feeds on which one has given away that it stamps the wall clock as UTC (articles.feeds.clock).
    wall_clock_hosts = ArrayField(models.CharField(max_length=300), default=list, blank=True, editable=False)
    is_sample = models.BooleanField(_("sample data"), default=False)

    class Meta:
        verbose_name = _("outlet")
        verbose_name_plural = _("outlets")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name
