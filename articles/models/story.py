"""A story: the articles that tell of the same event. Kept as its articles come (articles.placing)."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class StoryQuerySet(models.QuerySet["Story"]):
    def told(self) -> "StoryQuerySet":
        """Stories that have articles: neither emptied nor merged into another. Those that lists show."""
        return self.filter(article_count__gt=0)


class Story(models.Model):
    """What its articles tell together, with the numbers that lists need; all of it follows from the articles.

    Its id is that of the article that began it; a story that an editor made has an id beyond those of articles.
    """

    class Headline(models.TextChoices):
        """Why the headline's article was chosen: articles.stories.headline."""

        ONLY = "only", _("the only article")
        ORIGINAL = "original", _("the earliest with its own full text and a plain title")
        PLAIN = "plain", _("the earliest with a plain title")
        EARLIEST = "earliest", _("the earliest")

    # The chosen article. Empty only between the article's deletion and the next recount.
    headline = models.ForeignKey(
        "articles.Article",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("headline"),
    )
    headline_reason = models.CharField(_("why this headline"), max_length=10, choices=Headline, blank=True)
    # When its first and its last article were published.
    first_at = models.DateTimeField(_("first article"))
    last_at = models.DateTimeField(_("last article"))
    article_count = models.PositiveIntegerField(_("articles"), default=0)
    # How many outlets tell it: its heat.
    outlet_count = models.PositiveIntegerField(_("outlets"), default=0)
    # Articles that copy or revise another one of the story.
    copy_count = models.PositiveIntegerField(_("copies"), default=0)
    # The headline's.
    language = models.CharField(_("language"), max_length=5, blank=True)
    # All its articles are.
    is_sample = models.BooleanField(_("sample data"), default=False)
    # It was joined to this story: its address leads there, and it has no articles.
    merged_into = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="merged", verbose_name=_("merged into")
    )
    # When articles last came to it or left it.
    changed_at = models.DateTimeField(_("changed"))

    objects = StoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("story")
        verbose_name_plural = _("stories")
        constraints = [
            models.CheckConstraint(
                condition=Q(last_at__gte=F("first_at")), name="story_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(outlet_count__lte=F("article_count"), copy_count__lte=F("article_count")),
                name="story_counts_its_articles",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(article_count=0), name="story_merged_is_empty"
            ),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="story_merged_into_another"),
        ]
        indexes = [
            models.Index(
                F("last_at").desc(),
                F("id").desc(),
                name="story_newest",
                condition=Q(article_count__gt=0),
            ),
            # Most stories have one outlet and need no place in a list by heat.
            models.Index(
                F("outlet_count").desc(),
                F("last_at").desc(),
                F("id").desc(),
                name="story_hottest",
                condition=Q(outlet_count__gt=1),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.headline_id} + {self.article_count}"


class StoryPrint(models.Model):
    """What `articles.stories.window` needs of a placed article to place others beside it.

    Rows are made in the order of placing: who has seen up to an id knows which articles were placed since.
    """

    article = models.OneToOneField("articles.Article", models.CASCADE, related_name="story_print")
    fingerprint = models.BinaryField()
    placed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("story fingerprint")
        verbose_name_plural = _("story fingerprints")

    def __str__(self) -> str:
        return str(self.article_id)


class StoryEdit(models.Model):
    """What an editor did to stories, and what joined by itself; rows are only added, and an edit that was undone says
    by which."""

    class Kind(models.TextChoices):
        MOVE = "move", _("moved")
        # By nobody: the stories turned out to be one.
        JOIN = "join", _("joined")
        MERGE = "merge", _("merged")
        UNDO = "undo", _("undone")

    kind = models.CharField(_("what"), max_length=5, choices=Kind)
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    story = models.ForeignKey(Story, models.CASCADE, related_name="edits", verbose_name=_("story"))
    into = models.ForeignKey(Story, models.CASCADE, related_name="edits_into", verbose_name=_("into"))
    # The articles that went from the one to the other.
    articles = ArrayField(models.BigIntegerField(), default=list)
    # How they, and those that copy them, were placed before: articles.story_edits.PLACE by article.
    before = models.JSONField(default=dict, editable=False)
    undoes = models.OneToOneField(
        "self", models.CASCADE, null=True, blank=True, related_name="undone_by", verbose_name=_("undoes")
    )

    class Meta:
        verbose_name = _("edit of a story")
        verbose_name_plural = _("edits of stories")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="undo", undoes__isnull=False) | (~Q(kind="undo") & Q(undoes__isnull=True)),
                name="story_edit_undoes",
            ),
            models.CheckConstraint(condition=~Q(story=F("into")), name="story_edit_between_two"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.story_id} → {self.into_id}"
