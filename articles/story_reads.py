"""What lists of stories and a story's page show: each function a fixed number of queries, however many rows there are.

A story stands in a list where the newest of its articles that pass the filters stands, so that one rule orders all
lists, and a story is in a list as soon as one of its articles passes. An article that is in no story yet stands alone.
Must not write, and must not render.
"""

import dataclasses
import datetime
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from articles import filters, models, reads, searching
from articles.search import query, tokens
from articles.stories import additions

PAGE_SIZE = 50
# A page that stood open for long asks to be loaded again instead of being told everything.
MOST_NEWS = 500
# A story's page shows and compares so many articles, the first ones.
MOST_COVERAGE = 150
# So many of them at a time.
COVERAGE_SIZE = 20
# An article's page names so many others of its story.
MOST_AROUND = 8
# Where an editor looks for another story: articles that are looked at, stories that are shown, words that are asked.
MOST_NEARBY = 300
MOST_CANDIDATES = 10
MOST_WORDS = 12
NEARBY_DAYS = 7
MOST_EDITS = 5
# A story's number or address.
STORY_NUMBER = re.compile(r"(?:\S*/stories/)?(\d{1,18})/?")
# Companies that most of a story's articles name come first, themes in their order; among equals the one named first.
TAGS = """
WITH place AS MATERIALIZED (
    SELECT id, story_id AS at FROM articles_article WHERE story_id = ANY(%s) AND ready_at IS NOT NULL
    UNION ALL
    SELECT id, -id FROM unnest(%s::bigint[]) AS alone(id)
)
SELECT at, is_theme, id, name, number, position FROM (
    SELECT at, false AS is_theme, company.id, name, number, 0 AS position, -number AS rank, first FROM (
        SELECT at, company_id, count(*) AS number, min(tag.id) AS first
        FROM place JOIN articles_companytag AS tag ON tag.article_id = place.id GROUP BY at, company_id
    ) AS named JOIN articles_company AS company ON company.id = company_id
    UNION ALL
    SELECT at, true, theme.id, name, number, position, position, first FROM (
        SELECT at, theme_id, count(*) AS number, min(tag.id) AS first
        FROM place JOIN articles_themetag AS tag ON tag.article_id = place.id GROUP BY at, theme_id
    ) AS named JOIN articles_theme AS theme ON theme.id = theme_id
) AS tags ORDER BY rank, first
"""
# What a line of a list shows of its articles; reading the other columns takes longer than finding them.
LISTED = (
    *("title", "summary", "language", "published_at", "published_is_known", "version", "is_sample"),
    *("text_from", "page_error", "story", "outlet__name"),
)
LONG = ("feed_text", "feed_regions", "outlet__homepage", "body")


Tagged = dict[int, tuple[reads.Facet, ...]]


@dataclass(frozen=True, slots=True)
class Line:
    """A story as a line of a list: None as `story` for an article that is in none yet.

    `newest` is the newest article that passes the filters, where the line stands. `shows_why`: the headline itself does
    not pass, so that it is the newest one that says why the story is here. `companies` and `themes` are those of all
    its articles, the ones in most of them first.
    """

    story: models.Story | None
    headline: models.Article
    newest: models.Article
    shows_why: bool
    companies: tuple[reads.Facet, ...]
    themes: tuple[reads.Facet, ...]

    @property
    def published_at(self) -> datetime.datetime:
        """Where it stands."""
        return self.newest.published_at

    @property
    def key(self) -> str:
        """What tells its element on a page from the others."""
        return f"story-{self.story.pk}" if self.story else f"article-{self.newest.pk}"

    @property
    def is_several(self) -> bool:
        """Whether it has more than one article."""
        return self.story is not None and self.story.article_count > 1

    @property
    def outlets(self) -> int:
        """Its heat."""
        return self.story.outlet_count if self.story else 1


@dataclass(frozen=True, slots=True)
class Stories:
    """A page of a timeline of stories. `seen`: how far articles had been placed when it was made."""

    timeline: reads.TimelinePage[Line]
    seen: int


@dataclass(frozen=True, slots=True)
class News:
    """What happened to a list since it was shown: how many stories came to it and how many of its own changed.

    `stale` are those of the changed ones whose line on the page is not up to date; `seen` is how far this sees.
    """

    new: int
    changed: int
    stale: tuple[int, ...]
    seen: int


@dataclass(frozen=True, slots=True)
class Entry:
    """An article of a story and its copies, with what each of them adds to all before it."""

    article: models.Article
    addition: additions.Addition
    copies: tuple["Entry", ...] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """A story's articles in order of time, copies under what they copy. `hidden`: how many later ones are left out."""

    entries: tuple[Entry, ...]
    hidden: int

    @property
    def articles(self) -> list[models.Article]:
        """All that are shown, copies too."""
        return [one.article for entry in self.entries for one in (entry, *entry.copies)]

    @property
    def outlets(self) -> list[tuple[str, int]]:
        """Who reports and how often, in order of appearance."""
        return list(Counter(article.outlet.name for article in self.articles).items())


@dataclass(frozen=True, slots=True)
class Around:
    """The story of an article with its first other articles, and the one that it copies or revises, if any."""

    story: models.Story
    others: tuple[models.Article, ...]
    original: models.Article | None

    @property
    def hidden(self) -> int:
        """How many of the story's other articles are left out."""
        return max(0, self.story.article_count - 1 - len(self.others))


def timeline(
    wanted: filters.Filters,
    *,
    now: datetime.datetime,
    before: reads.Cursor | None = None,
    size: int = PAGE_SIZE,
) -> Stories:
    """A page of the stories that have an article which the filters let through. At most six queries.

    Raises articles.search.query.QueryError for a query that can't be read.
    """
    # The first page, too, is of one state: what is placed while it is read would move stories behind it.
    seen = before.seen if before and before.seen is not None else last_seen()
    keys = _keys(wanted, now=now, before=before, seen=seen, most=size + 1)
    shown = keys[:size]
    older = reads.Cursor(shown[-1][1], shown[-1][0], seen) if len(keys) > size else None
    lines = lines_of([(pk, story) for pk, _, story in shown], wanted, now=now)
    return Stories(reads.TimelinePage(reads.by_day(lines, before), older), seen)


def _keys(
    wanted: filters.Filters, *, now: datetime.datetime, before: reads.Cursor | None, seen: int, most: int
) -> list[tuple[int, datetime.datetime, int | None]]:
    """The articles that stand for stories, where these stand, and the stories."""
    found = searching.search(wanted, context=dataclasses.replace(wanted.context, now=now))
    if found is None:
        standing = reads.going_on(_standing(wanted, now=now, seen=seen), before)
        return list(standing.values_list("pk", "published_at", "story")[:most])
    key = (before.published_at, before.pk) if before else None
    rows = searching.standing(found, before=key, seen=seen, most=most)
    return [(row.pk, row.published_at, row.story) for row in rows]


def last_seen() -> int:
    """How far articles have been placed. One query."""
    return models.StoryPrint.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def news(wanted: filters.Filters, *, now: datetime.datetime, since: int, swapped: int) -> News:
    """What came to a list since `since`; its lines were brought up to date at `swapped`. One query.

    Raises articles.search.query.QueryError.
    """
    passing = reads.narrowed(wanted, now=now)
    earlier = seen_by(passing, since).filter(story=OuterRef("story"))
    fresh = passing.filter(story__isnull=False, story_print__pk__gt=since).order_by("story_print__pk")
    rows = list(
        fresh.annotate(is_known=Exists(earlier)).values_list("story", "is_known", "story_print__pk")[
            :MOST_NEWS
        ]
    )
    new = {story for story, is_known, _ in rows if not is_known}
    changed = {story for story, is_known, _ in rows if is_known}
    stale = {story for story, is_known, at in rows if is_known and at > swapped}
    return News(len(new), len(changed), tuple(sorted(stale)), max((at for *_, at in rows), default=swapped))


def lines(wanted: filters.Filters, stories: Iterable[int], *, now: datetime.datetime) -> list[Line]:
    """These stories as the list shows them now. At most five queries. Raises QueryError."""
    standing = _standing(wanted, now=now).filter(story__in=list(stories))
    return lines_of(list(standing.values_list("pk", "story")), wanted, now=now)


def _standing(
    wanted: filters.Filters, *, now: datetime.datetime, seen: int | None = None
) -> "QuerySet[models.Article]":
    """The newest passing article of each story, as of the time when articles up to `seen` were placed."""
    passing = reads.narrowed(wanted, now=now)
    if seen is not None:
        passing = seen_by(passing, seen)
    newer = passing.filter(
        Q(published_at__gt=OuterRef("published_at"))
        | Q(published_at=OuterRef("published_at"), pk__gt=OuterRef("pk")),
        story=OuterRef("story"),
        # Redundant, but it is this condition that the index can start from.
        published_at__gte=OuterRef("published_at"),
    )
    return passing.filter(~Exists(newer))


def seen_by(articles: "QuerySet[models.Article]", seen: int) -> "QuerySet[models.Article]":
    """Without those that were placed later."""
    later = models.StoryPrint.objects.filter(pk__gt=seen).values("article")
    return articles.exclude(pk__in=later)


def lines_of(
    keys: Sequence[tuple[int, int | None]], wanted: filters.Filters, *, now: datetime.datetime
) -> list[Line]:
    """The lines of these standing articles and their stories, in the order given. At most four queries."""
    stories = models.Story.objects.in_bulk([story for _, story in keys if story is not None])
    heads = [story.headline_id for story in stories.values() if story.headline_id is not None]
    wanted_rows = models.Article.objects.filter(pk__in=[*heads, *(pk for pk, _ in keys)])
    articles = {row.pk: row for row in _for_lists(wanted_rows)}
    passing = _passing(heads, wanted, now=now)
    companies, themes = _tags(stories, [pk for pk, story in keys if story is None])
    made = []
    for pk, key in keys:
        story = stories.get(key or 0)
        head = story.headline_id if story and story.headline_id in articles else pk
        at = key or -pk
        shows_why = head != pk and head not in passing
        made.append(
            Line(
                story,
                articles[head or pk],
                articles[pk],
                shows_why,
                companies.get(at, ()),
                themes.get(at, ()),
            )
        )
    return made


def _passing(heads: Sequence[int], wanted: filters.Filters, *, now: datetime.datetime) -> frozenset[int]:
    """Those of the articles that pass the filters themselves. One query where there are filters."""
    if not wanted:
        return frozenset(heads)
    found = searching.search(wanted, context=dataclasses.replace(wanted.context, now=now))
    if found is not None:
        return searching.passing(found, heads)
    return frozenset(reads.narrowed(wanted, now=now).filter(pk__in=heads).values_list("pk", flat=True))


def _for_lists(articles: "QuerySet[models.Article]") -> "QuerySet[models.Article]":
    return articles.select_related("outlet").only(*LISTED).annotate(opening=reads.OPENING_OF_BODY)


def _tags(stories: Collection[int], alone: Collection[int]) -> "tuple[Tagged, Tagged]":
    """The companies and the themes of these stories, and, under their numbers below zero, of articles alone."""
    found: tuple[defaultdict[int, list[reads.Facet]], ...] = (defaultdict(list), defaultdict(list))
    with connection.cursor() as cursor:
        cursor.execute(TAGS, [list(stories), list(alone)])
        for at, is_theme, *facet in cursor.fetchall():
            found[is_theme][at].append(reads.Facet(*facet))
    companies, themes = ({at: tuple(facets) for at, facets in of.items()} for of in found)
    return companies, themes


def story(pk: int) -> models.Story | None:
    """A story with its headline and what it was merged into. One query."""
    return (
        models.Story.objects.select_related("headline__outlet", "merged_into")
        .defer(*(f"headline__{name}" for name in LONG))
        .filter(pk=pk)
        .first()
    )


def coverage(story: models.Story) -> Coverage:
    """The story's articles in order of time and what each adds. Three queries."""
    rows = list(
        _of_story(story).select_related("story_joined__outlet").defer(*_LONG_BESIDES_BODY)[:MOST_COVERAGE]
    )
    told = _told(tuple(additions.Report(row.title, row.body or row.summary) for row in rows))
    added = {row.pk: addition for row, addition in zip(rows, told, strict=True)}
    return Coverage(
        tuple(
            Entry(row, added[row.pk], tuple(Entry(copy, added[copy.pk]) for copy in copies))
            for row, copies in folded(rows)
        ),
        max(0, story.article_count - len(rows)),
    )


@lru_cache(maxsize=32)
def _told(reports: tuple[additions.Report, ...]) -> list[additions.Addition]:
    """What each adds: worked out once while the same articles are looked at, page by page and by many."""
    return additions.additions(reports)


_LONG_BESIDES_BODY = (
    "feed_text",
    "feed_regions",
    "outlet__homepage",
    *(f"story_joined__{name}" for name in LONG),
)


def members(story: models.Story) -> list[tuple[models.Article, list[models.Article]]]:
    """The story's articles in order of time, each with its copies, for a list. Three queries."""
    rows = list(_of_story(story).defer(*LONG)[:MOST_COVERAGE])
    return folded(rows)


def around(article: models.Article) -> Around | None:
    """What else tells the article's story; None if nothing does. Three queries."""
    story = models.Story.objects.filter(pk=article.story_id or 0, article_count__gt=1).first()
    if story is None:
        return None
    others = _of_story(story).exclude(pk=article.pk).defer(*LONG)
    original = others.filter(pk=article.near_duplicate_of_id or 0).first()
    return Around(story, tuple(others[:MOST_AROUND]), original)


def _of_story(story: models.Story) -> "QuerySet[models.Article]":
    return (
        models.Article.objects.ready()
        .filter(story=story)
        .select_related("outlet")
        .order_by("published_at", "pk")
    )


def folded(rows: Sequence[models.Article]) -> list[tuple[models.Article, list[models.Article]]]:
    """The articles in the order given, each with the copies of it, and of its copies, that follow it."""
    shown: dict[int, list[models.Article]] = {}
    root: dict[int, int] = {}
    for row in rows:
        original = root.get(row.near_duplicate_of_id or 0)
        root[row.pk] = original or row.pk
        if original:
            shown[original].append(row)
        else:
            shown[row.pk] = []
    by_pk = {row.pk: row for row in rows}
    return [(by_pk[pk], copies) for pk, copies in shown.items()]


def tags(story: models.Story) -> tuple[tuple[reads.Facet, ...], tuple[reads.Facet, ...]]:
    """The story's companies and themes. One query."""
    companies, themes = _tags([story.pk], ())
    return companies.get(story.pk, ()), themes.get(story.pk, ())


def edits(story: models.Story) -> list[models.StoryEdit]:
    """What editors did to a story lately, newest first; `is_undone`, and by whom. One query."""
    undone = models.StoryEdit.objects.filter(undoes=OuterRef("pk"))
    return list(
        models.StoryEdit.objects.filter(Q(story=story) | Q(into=story))
        .select_related("by", "story__headline", "into__headline")
        .only("kind", "at", "articles", "story", "into", "by__username")
        .annotate(is_undone=Exists(undone))
        .order_by("-pk")[:MOST_EDITS]
    )


def article_of(story: models.Story, pk: int) -> models.Article | None:
    """An article of a story with how many copies it has there. One query."""
    return (
        models.Article.objects.filter(story=story, pk=pk)
        .select_related("outlet")
        .defer(*LONG)
        .annotate(copies=Count("near_duplicates", filter=Q(near_duplicates__story=story)))
        .first()
    )


def candidates(story: models.Story, typed: str, title: str) -> list[models.Story]:
    """Stories that an article may belong to: those that the typed words name, else those with a headline like `title`.

    An address or number of a story names that one. At most two queries.
    """
    if number := STORY_NUMBER.fullmatch(typed.strip()):
        return list(_named([int(number[1])]).exclude(pk=story.pk))
    if typed.strip():
        words = _title_words(typed)
        found = _titled(query.conjunction(words), story).values_list("story", flat=True) if words else ()
        ranked = list(dict.fromkeys(found[:MOST_NEARBY]))
    else:
        ranked = _alike(story, title)
    order = {pk: place for place, pk in enumerate(ranked[:MOST_CANDIDATES])}
    return sorted(_named(order), key=lambda one: order[one.pk])


def _alike(story: models.Story, title: str) -> list[int]:
    """The stories around that time whose headlines share the most words with a title, most first."""
    wanted = additions.words_of(title)
    words = _title_words(title)
    if not words:
        return []
    near = datetime.timedelta(days=NEARBY_DAYS)
    found = (
        _titled(query.disjunction(words), story)
        .filter(published_at__range=(story.first_at - near, story.last_at + near))
        .values_list("story", "title")[:MOST_NEARBY]
    )
    best: dict[int, int] = {}
    for pk, other in found:
        best[pk] = max(best.get(pk, 0), len(wanted & additions.words_of(other)))
    return sorted((pk for pk in best if best[pk]), key=lambda pk: -best[pk])


def _title_words(text: str) -> list[query.Word]:
    """What asks for each word of a text in titles."""
    return [query.Word(word.text, field="title") for word in tokens.words(text)][:MOST_WORDS]


def _titled(tree: query.Query, story: models.Story) -> "QuerySet[models.Article]":
    """The articles of other stories that a query finds, newest first."""
    articles = models.Article.objects.ready().filter(story__isnull=False).exclude(story=story)
    return reads.matching_tree(articles, tree).order_by("-published_at", "-pk")


def _named(pks: Iterable[int]) -> "QuerySet[models.Story]":
    return (
        models.Story.objects.told()
        .filter(pk__in=list(pks))
        .select_related("headline__outlet")
        .defer(*(f"headline__{name}" for name in LONG))
    )
