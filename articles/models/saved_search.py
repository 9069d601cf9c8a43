"""Searches that a reader keeps under a name."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

LONGEST_NAME = 100


class SavedSearch(models.Model):
    """A query under a name that its owner can use in other queries: `search:"name"`.

    Whoever knows `feed_secret` can read what it finds as a feed, without a log-in; empty: nobody can.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_searches", verbose_name=_("owner")
    )
    name = models.CharField(_("name"), max_length=LONGEST_NAME)
    # Canonical, so that it reads the same whatever the language learns later.
    query = models.TextField(_("query"))
    created_at = models.DateTimeField(_("saved"))
    feed_secret = models.CharField(max_length=43, blank=True, editable=False)
    # Where it stands in the owner's list.
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        ordering = ("position", "pk")
        constraints = [
            # A name is found whatever its case.
            models.UniqueConstraint(F("owner"), Lower("name"), name="saved_search_name_once"),
            models.UniqueConstraint(
                fields=["feed_secret"], condition=~Q(feed_secret=""), name="saved_search_secret_once"
            ),
            models.CheckConstraint(condition=~Q(name="") & ~Q(query=""), name="saved_search_says_something"),
        ]

    def __str__(self) -> str:
        return self.name
