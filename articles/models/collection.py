"""Folders and briefings: articles and stories that somebody put together, in order, with a line on each."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from articles.models.event import FIELDS

LONGEST_TITLE = 200
LONGEST_HEADING = 100
LONGEST_INTRO = 4000
LONGEST_LINE = 1000


class CollectionQuerySet(models.QuerySet["Collection"]):
    def kept(self) -> "CollectionQuerySet":
        """Those that were not deleted."""
        return self.filter(deleted_at__isnull=True)

    def published_at_address(self, secret: str) -> "Collection | None":
        """The one that whoever knows this address may read, while its owner may log in."""
        if not secret:
            return None
        return self.kept().filter(secret=secret, published__isnull=False, owner__is_active=True).first()


class Collection(models.Model):
    """A folder, or the briefing of a day. Its owner alone changes it.

    What others read is `published`, as it was when she published it: articles.briefing.document as JSON. Whoever knows
    `secret` can read that without a log-in; empty: nobody can.
    """

    class Kind(models.TextChoices):
        FOLDER = "folder", _("folder")
        BRIEFING = "briefing", _("briefing")

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="collections",
        verbose_name=_("owner"),
        # The index begins with it.
        db_index=False,
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.FOLDER)
    title = models.CharField(_("title"), max_length=LONGEST_TITLE)
    intro = models.TextField(_("introduction"), blank=True, max_length=LONGEST_INTRO)
    # A briefing's, by its owner's clock.
    day = models.DateField(_("day"), null=True, blank=True)
    # In which its own words are.
    language = models.CharField(_("language"), max_length=2, default="ko")
    # Whose members may read it.
    team = models.ForeignKey(
        "auth.Group",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="collections",
        verbose_name=_("team"),
    )
    created_at = models.DateTimeField(_("made"))
    changed_at = models.DateTimeField(_("changed"))
    # Since when the news is told that the draft was filled with.
    since = models.DateTimeField(null=True, blank=True, editable=False)
    published = models.JSONField(null=True, blank=True, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    secret = models.CharField(max_length=43, blank=True, editable=False)
    # It can be brought back for a while.
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = CollectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("collection")
        verbose_name_plural = _("collections")
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "day"],
                condition=Q(kind="briefing", deleted_at__isnull=True),
                name="one_briefing_a_day",
            ),
            models.UniqueConstraint(
                fields=["secret"], condition=~Q(secret=""), name="collection_secret_once"
            ),
            models.CheckConstraint(condition=~Q(title=""), name="collection_has_a_title"),
            models.CheckConstraint(
                condition=Q(kind="folder") | Q(day__isnull=False), name="briefing_has_a_day"
            ),
            models.CheckConstraint(
                condition=Q(published__isnull=True, published_at__isnull=True, secret="")
                | Q(published__isnull=False, published_at__isnull=False),
                name="collection_published_at_a_time",
            ),
        ]
        indexes = [models.Index(F("owner"), F("changed_at").desc(), name="collection_of_owner")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_briefing(self) -> bool:
        return self.kind == self.Kind.BRIEFING


class CollectionSection(models.Model):
    """A part of a collection under a heading; each collection has one without a heading at least."""

    collection = models.ForeignKey(Collection, models.CASCADE, related_name="sections")
    heading = models.CharField(_("heading"), max_length=LONGEST_HEADING, blank=True)
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.heading


class CollectionItem(models.Model):
    """An article or a story in a collection, and the line on it.

    What the line was taken from stands in `article`: `field` and offsets in code points, end exclusive, and
    `sentence`, by which it is found again in a text that changed. The article's name and place are kept beside it, so
    that a briefing stays whole whatever becomes of the article.
    """

    section = models.ForeignKey(CollectionSection, models.CASCADE, related_name="items")
    position = models.PositiveIntegerField(_("position"), default=0)
    article = models.ForeignKey(
        "articles.Article",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("article"),
    )
    story = models.ForeignKey(
        "articles.Story", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("story")
    )
    text = models.TextField(_("line"), blank=True, max_length=LONGEST_LINE)
    title = models.TextField(_("title"), blank=True)
    outlet = models.CharField(_("outlet"), max_length=200, blank=True)
    url = models.CharField(_("address"), max_length=4000, blank=True)
    article_language = models.CharField(max_length=5, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    # How many other outlets told its story when it was put here.
    others = models.PositiveIntegerField(default=0)
    field = models.CharField(max_length=5, choices=FIELDS, blank=True)
    start = models.PositiveIntegerField(default=0)
    end = models.PositiveIntegerField(default=0)
    sentence = models.TextField(blank=True)
    added_at = models.DateTimeField(_("added"))
    # It can be brought back for a while, and a draft does not bring it again.
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("item of a collection")
        verbose_name_plural = _("items of collections")
        ordering = ("position", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(field="") | Q(end__gt=F("start")), name="collection_item_has_its_source"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80] or self.title[:80]
