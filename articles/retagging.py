"""What a change of the watch list adds to and removes from the tags of stored articles. Writes nothing.

`affected` answers for any two watch lists, in one go; articles.retagging_jobs does the same in batches, with progress.

Only texts that hold what the two lists differ in are recognised again (articles.tagging.difference). Of an article
whose tags then differ from the stored ones, the present list is asked as well, so that what an earlier release
recognised otherwise is not laid to the change.
"""

import datetime
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from articles import bulk, models, readings, verdicts
from articles.tagging import difference, mentions, recognise, watchlist

# Texts that are looked through at a time, and articles recognised in a batch.
TEXTS = 2_000
BATCH = 100

# Articles that could not be recognised are shown untagged, and wait for that.
TEXTS_SQL = """
SELECT id, title, body FROM articles_article
WHERE id < %s AND published_at >= %s AND ready_at IS NOT NULL AND recognised_by <> ''
ORDER BY id DESC LIMIT %s
"""
# Later than any.
NO_ID = 2**62

Tag = tuple[str, str]  # kind and name
_FIELDS: dict[str, mentions.Field] = {"title": "title", "text": "text"}
_KINDS: dict[str, mentions.Kind] = {"company": "company", "theme": "theme"}


@dataclass(frozen=True, slots=True)
class Change:
    """A tag that an article gains or loses: kind (company or theme) and name, and what speaks for it.

    The mentions are those found if it is gained, those stored if it is lost.
    """

    article: models.Article
    kind: str
    name: str
    is_added: bool
    mentions: tuple[mentions.Mention, ...]


@dataclass(frozen=True, slots=True)
class Reach:
    """The next stored articles: how many texts were looked through, which must be recognised, and where to go on."""

    texts: int
    candidates: tuple[int, ...]
    before: int


@dataclass(frozen=True, slots=True)
class Lists:
    """The recognisers of two watch lists, and where these differ."""

    changed: recognise.Recogniser
    present: recognise.Recogniser
    difference: difference.Difference


def affected(
    changed: watchlist.Watchlist, present: watchlist.Watchlist, *, since: datetime.datetime
) -> Iterator[Change]:
    """The tags that articles published since then gain or lose if the `changed` list replaces the `present` one.

    Newest articles first, as they are found; writes nothing. A company that only changes its name counts as two. Raises
    TermError for a term nobody could find.
    """
    lists = Lists(
        recognise.Recogniser(changed),
        recognise.Recogniser(present),
        difference.between(changed, present),
    )
    search = Search(lists.difference, since=since)
    reach = Reach(0, (), NO_ID)
    while (reach := search.next(reach.before, most=BATCH)).texts:
        yield from changes(reach.candidates, lists)


def readable(*, since: datetime.datetime, before: int) -> "models.article.ArticleQuerySet":
    """The stored articles that a search from there on looks through."""
    ready = models.Article.objects.ready().exclude(recognised_by="")
    return ready.filter(published_at__gte=since, pk__lt=before)


class Search:
    """Finds the stored articles that a difference may matter to."""

    def __init__(self, differ: difference.Difference, *, since: datetime.datetime) -> None:
        self._sieve = difference.Sieve(differ.forms)
        self._companies = sorted(differ.companies)
        self._since = since

    def next(self, before: int, *, most: int) -> Reach:
        """Look through stored texts with an id below `before` until `most` of them are found."""
        with bulk.cursor() as cursor:
            rows = cursor.execute(TEXTS_SQL, [before, self._since, TEXTS]).fetchall()
        if not rows:
            return Reach(0, (), before)
        implied = self._tagged(rows[-1][0], rows[0][0])
        found: list[int] = []
        for number, (pk, title, body) in enumerate(rows, start=1):
            if pk in implied or self._sieve.holds(title, body):
                found.append(pk)
                if len(found) == most:
                    return Reach(number, tuple(found), pk)
        return Reach(len(rows), tuple(found), rows[-1][0])

    def _tagged(self, first: int, last: int) -> frozenset[int]:
        """The articles of these ids that name a company which implies a theme by one list alone."""
        if not self._companies:
            return frozenset()
        tags = models.CompanyTag.objects.filter(company__name__in=self._companies)
        return frozenset(tags.filter(article__pk__range=(first, last)).values_list("article_id", flat=True))


def changes(candidates: Collection[int], lists: Lists) -> Iterator[Change]:
    """The tags that these articles gain or lose, the newest article first.

    What people's words keep in the tags, or out of them, is neither gained nor lost.
    """
    settled = settled_tags(candidates)
    for article in tagged(candidates):
        for change in changes_of(article, lists):
            if settled.get((article.pk, change.kind, change.name), change.is_added) == change.is_added:
                yield change


def settled_tags(articles: Collection[int]) -> dict[tuple[int, str, str], bool]:
    """Whether the tags on which people's words are settled belong to these articles; by article, kind and name."""
    found = list(verdicts.settled(articles))
    if not found:
        return {}
    names = {kind: names_of(kind, [tag.pk for (_, tag), _ in found if tag.kind == kind]) for kind in _KINDS}
    return {(article, tag.kind, names[tag.kind][tag.pk]): belongs for (article, tag), belongs in found}


def names_of(kind: str, pks: Collection[int]) -> dict[int, str]:
    """The names of companies or themes."""
    rows = (models.Company if kind == "company" else models.Theme).objects.filter(pk__in=pks)
    return dict(rows.values_list("pk", "name"))


def tagged(pks: Collection[int]) -> "models.article.ArticleQuerySet":
    """Articles with what is needed to recognise them, and with their tags; the newest first."""
    found = models.Article.objects.filter(pk__in=pks).order_by("-pk").select_related("outlet")
    unneeded = found.defer("summary", "feed_text", "feed_regions")
    return unneeded.prefetch_related("company_tags__company", "theme_tags__theme")


def changes_of(article: models.Article, lists: Lists) -> Iterator[Change]:
    """The tags that an article gains or loses."""
    document = readings.document(article)
    found = tags_of(lists.changed.recognise(document))
    stored: set[Tag] = {("company", tag.company.name) for tag in article.company_tags.all()}
    stored |= {("theme", tag.theme.name) for tag in article.theme_tags.all()}
    if stored == found.keys():
        return
    present = tags_of(lists.present.recognise(document))
    for tag in sorted(found.keys() - stored - present.keys()):
        yield Change(article, *tag, is_added=True, mentions=found[tag])
    for tag in sorted((stored & present.keys()) - found.keys()):
        yield Change(article, *tag, is_added=False, mentions=evidence(article, tag) or present[tag])


def tags_of(found: mentions.Recognition) -> dict[Tag, tuple[mentions.Mention, ...]]:
    """The tags of a recognition with their evidence."""
    companies: dict[Tag, tuple[mentions.Mention, ...]] = {
        ("company", tag.name): tag.mentions for tag in found.companies
    }
    return companies | {("theme", tag.name): tag.mentions for tag in found.themes}


def evidence(article: models.Article, tag: Tag) -> tuple[mentions.Mention, ...]:
    """The stored evidence for a tag."""
    kind, name = tag
    return tuple(
        mentions.Mention(
            _FIELDS[one.field], one.start, one.end, one.text, name, _KINDS[kind], one.rule, one.confidence
        )
        for one in article.mentions.filter(kind=kind, **{f"{kind}__name": name}).order_by("pk")
    )
