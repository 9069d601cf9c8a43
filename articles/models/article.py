"""An article: one text of one outlet, however many of its feeds name it."""

import datetime

from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class ArticleQuerySet(models.QuerySet["Article"]):
    def ready(self) -> "ArticleQuerySet":
        """Articles that went through the whole pipeline: those that people see."""
        return self.filter(ready_at__isnull=False)

    def with_markup(self) -> "ArticleQuerySet":
        """Articles whose page is kept so that it can be read again; its markup is forgotten after a while."""
        return self.filter(page__isnull=False).exclude(page__markup=b"")

    def claim_pages(self, *, now: datetime.datetime, until: datetime.datetime, most: int) -> list["Article"]:
        """Claim up to `most` articles whose page waits to be fetched, newest first, until `until`.

        Among them are ready ones whose page could not be had before.
        """
        with transaction.atomic():
            waiting = list(
                self.filter(stage__in=(Article.Stage.PAGE, Article.Stage.READY), page_due_at__lte=now)
                .order_by("-pk")
                .select_for_update(skip_locked=True, of=("self",))
                .select_related("source", "outlet")[:most]
            )
            self.model.objects.filter(pk__in=[article.pk for article in waiting]).update(page_due_at=until)
        return waiting


class Article(models.Model):
    class Stage(models.TextChoices):
        PAGE = "page", _("waits for its page")
        TAG = "tag", _("waits to be read")
        READY = "ready", _("ready")

    class TextFrom(models.TextChoices):
        FEED = "feed", _("the feed")
        PAGE = "page", _("the page")

    outlet = models.ForeignKey(
        "articles.Outlet",
        models.PROTECT,
        related_name="articles",
        verbose_name=_("outlet"),
        # The constraint's index begins with it.
        db_index=False,
    )
    source = models.ForeignKey(
        "articles.Source", models.PROTECT, related_name="articles", verbose_name=_("source")
    )
    # What makes it this article and no other within its outlet; decide.py says how it is made.
    identity = models.CharField(max_length=64, editable=False)
    url = models.CharField(_("address"), max_length=4000)
    title = models.TextField(_("title"))
    summary = models.TextField(_("summary"), blank=True)
    body = models.TextField(_("body"), blank=True)
    author = models.CharField(_("byline"), max_length=300, blank=True)
    section = models.CharField(_("section"), max_length=100, blank=True)
    language = models.CharField(_("language"), max_length=5, blank=True)
    is_sample = models.BooleanField(_("sample data"), default=False)

    # Three times: what the outlet says, when we first saw it, when we last saw it changed.
    published_at = models.DateTimeField(_("published"))
    published_is_known = models.BooleanField(default=True)
    first_seen_at = models.DateTimeField(_("first seen"))
    changed_at = models.DateTimeField(_("changed"), null=True, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)

    stage = models.CharField(max_length=5, choices=Stage, default=Stage.TAG)
    text_from = models.CharField(_("text from"), max_length=4, choices=TextFrom, default=TextFrom.FEED)
    # When to ask for the page (again), also where the feed's text serves meanwhile; what went wrong so far, in words.
    page_due_at = models.DateTimeField(null=True, blank=True, editable=False)
    page_attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    page_error = models.TextField(_("why the page is missing"), blank=True, editable=False)
    # When it first went through the whole pipeline. It stays visible while a change is being read.
    ready_at = models.DateTimeField(null=True, blank=True, editable=False)
    # The feed's own title and text in plain paragraphs: what serves until, or instead of, the page. Null: the body
    # is that text, which then stands once (`own_text`).
    feed_title = models.TextField(blank=True, editable=False)
    feed_text = models.TextField(null=True, blank=True, editable=False)
    # What else the feed's text held, as labelled regions; empty where it held nothing but text.
    feed_regions = models.JSONField(default=list, blank=True, editable=False)

    # Where articles.placing put it, and why there (a code of articles.stories.window).
    story = models.ForeignKey(
        "articles.Story",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="articles",
        verbose_name=_("story"),
        editable=False,
        # The index of a story's articles begins with it.
        db_index=False,
    )
    story_reason = models.CharField(_("why in this story"), max_length=20, blank=True, editable=False)
    story_similarity = models.FloatField(_("similarity"), default=0.0, editable=False)
    # The article it was placed beside: the evidence. Nothing keeps it from going, and nobody asks for it backwards.
    story_joined = models.ForeignKey(
        "self",
        models.DO_NOTHING,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("placed beside"),
        editable=False,
        db_index=False,
        db_constraint=False,
    )
    # An editor put it there.
    story_pinned = models.BooleanField(_("placed by an editor"), default=False, editable=False)
    # An earlier article of the story whose text it copies or revises.
    near_duplicate_of = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="near_duplicates",
        verbose_name=_("copy of"),
        editable=False,
        # Few are: a partial index serves.
        db_index=False,
    )

    recognised_by = models.CharField(max_length=40, blank=True, editable=False)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        constraints = [
            models.UniqueConstraint(fields=["outlet", "identity"], name="article_once_per_outlet"),
            models.CheckConstraint(condition=Q(version__gte=1), name="article_version_counts_from_one"),
            models.CheckConstraint(
                condition=~Q(stage="page") | Q(page_due_at__isnull=False), name="article_waiting_has_due_time"
            ),
            models.CheckConstraint(
                condition=Q(story_similarity__gte=0, story_similarity__lte=1), name="article_similarity"
            ),
            models.CheckConstraint(
                condition=Q(near_duplicate_of__isnull=True)
                | (Q(story__isnull=False) & ~Q(near_duplicate_of=F("id"))),
                name="article_copies_another",
            ),
        ]
        indexes = [
            # Lists go along it; with the story in it, stories are counted without a look at the articles.
            models.Index(
                fields=["-published_at", "-id"],
                name="article_newest",
                condition=Q(ready_at__isnull=False),
                include=["story", "language"],
            ),
            models.Index(
                fields=["page_due_at"], name="article_page_due", condition=Q(page_due_at__isnull=False)
            ),
            models.Index(fields=["id"], name="article_tag_waits", condition=Q(stage="tag")),
            models.Index(
                fields=["published_at"],
                name="article_unplaced",
                condition=Q(ready_at__isnull=False, story__isnull=True),
            ),
            models.Index(
                fields=["story", "published_at", "id"],
                name="article_of_story",
                condition=Q(story__isnull=False),
            ),
            models.Index(
                fields=["near_duplicate_of"],
                name="article_copies",
                condition=Q(near_duplicate_of__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def own_text(self) -> str:
        """The text that the feed gave."""
        return self.body if self.feed_text is None else self.feed_text


class Page(models.Model):
    """The page an article was read from: its labelled regions, and its markup so that it can be read again."""

    article = models.OneToOneField(Article, models.CASCADE, related_name="page", primary_key=True)
    url = models.CharField(max_length=2000)
    fetched_at = models.DateTimeField()
    # zlib-compressed bytes as fetched.
    markup = models.BinaryField()
    content_type = models.CharField(max_length=200, blank=True)
    regions = models.JSONField(default=list)

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")

    def __str__(self) -> str:
        return self.url


class Version(models.Model):
    """An earlier text of an article, kept when the outlet changed it or we came to read its page differently."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.TextField()
    body = models.TextField(blank=True)
    replaced_at = models.DateTimeField()
    # Otherwise it was read by other rules of ours from the same page.
    is_outlets = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("earlier version")
        verbose_name_plural = _("earlier versions")
        ordering = ("-number",)
        constraints = [models.UniqueConstraint(fields=["article", "number"], name="version_number_once")]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"


class Outbox(models.Model):
    """Says that an article became ready or changed; written in the same transaction, read by the alerts.

    One that was only read again, by other rules, gives the alerts nothing new to tell.
    """

    article = models.ForeignKey(Article, models.CASCADE, related_name="+")
    kind = models.CharField(
        max_length=7, choices=[("new", _("new")), ("updated", _("updated")), ("reread", _("read again"))]
    )
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("outbox row")
        verbose_name_plural = _("outbox")
        indexes = [models.Index(fields=["id"], name="outbox_waits", condition=Q(done_at__isnull=True))]

    def __str__(self) -> str:
        return f"{self.kind} {self.article_id}"
