"""Write what was read and recognised: an article's text, tags, evidence, search row and outbox row.

Must be called inside a transaction that has locked the articles, with COPY and prepared statements, since this is
where most rows of the whole flow are written.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from articles import bulk, models, search_rows, verdicts
from articles.tagging import mentions, recognise


@dataclass(frozen=True, slots=True)
class Reading:
    """An article as read: the row to write, its page's regions (None without a page) and what was recognised."""

    article: models.Article
    before: tuple[str, str]
    regions: list[dict[str, str]] | None
    recognition: mentions.Recognition


@dataclass(frozen=True, slots=True)
class Tagger:
    """The recogniser for a revision of the watch list, and the ids of its companies and themes by name."""

    recogniser: recognise.Recogniser
    companies: Mapping[str, int]
    themes: Mapping[str, int]

    def recognise(self, article: models.Article) -> mentions.Recognition:
        """What an article is about, by its title and its body."""
        return self.recogniser.recognise(document(article))


UPDATE_ARTICLE = """
UPDATE articles_article SET title = %s, body = %s, author = %s, section = %s, language = %s, published_at = %s,
    published_is_known = %s, text_from = %s, page_error = %s, version = %s, changed_at = %s, stage = 'ready',
    ready_at = %s, recognised_by = %s,
    feed_text = CASE WHEN %s = 'page' THEN coalesce(feed_text, body) ELSE feed_text END
WHERE id = %s
"""
OUTBOX = "articles_outbox (article_id, kind, created_at)"
COMPANY_TAGS = "articles_companytag (article_id, company_id, confidence, aliases, published_at)"
THEME_TAGS = "articles_themetag (article_id, theme_id, score, published_at, subthemes)"
MENTIONS = """
articles_mention (article_id, kind, company_id, theme_id, field, start, "end", text, rule, confidence)
"""
EVENTS_DUE = "articles_eventsdue (article_id)"


def document(article: models.Article) -> mentions.Document:
    """An article as recognition takes it."""
    return mentions.Document(
        id=str(article.pk),
        title=article.title,
        text=article.body,
        published=article.published_at,
        url=article.url,
        source=article.outlet.name,
    )


def read_new(article: models.Article, tagger: Tagger, *, now: datetime.datetime) -> Reading:
    """Make a new article ready that is not stored yet and waits for no page: the feed's text is its text.

    Raises what recognising raises; the article then waits to be read, as before.
    """
    article.body = article.own_text
    found = tagger.recognise(article)
    article.feed_text = None
    article.language = found.language
    article.recognised_by = found.version
    article.stage = models.Article.Stage.READY
    article.ready_at = now
    return Reading(article, ("", ""), None, found)


def store_new(readings: Sequence[Reading], tagger: Tagger, *, now: datetime.datetime) -> None:
    """Write tags, evidence and search rows of articles that have just been inserted, and tell the alerts."""
    store_tags(readings, tagger)
    search_rows.insert([facts(reading, tagger) for reading in readings])
    bulk.copy(OUTBOX, ((reading.article.pk, "new", now) for reading in readings))


def store_readings(readings: Sequence[Reading], tagger: Tagger, *, now: datetime.datetime) -> None:
    """Write articles with their tags, evidence and search rows, and tell the alerts.

    An article whose text changed keeps the text it had.
    """
    forget_tags([reading.article.pk for reading in readings if reading.article.ready_at is not None])
    kinds = [(reading.article.pk, settle_version(reading, now=now)) for reading in readings]
    bulk.execute_many(UPDATE_ARTICLE, [article_values(reading) for reading in readings])
    store_regions(readings)
    store_tags(readings, tagger)
    store_words(readings)
    bulk.copy(OUTBOX, ((pk, kind, now) for pk, kind in kinds if kind))


def settle_version(reading: Reading, *, now: datetime.datetime) -> str:
    """Keep the text that a changed article had. Returns what the alerts are told: new, updated or nothing."""
    article = reading.article
    # What was shown before it could be read is new as well.
    if article.ready_at is None or not article.recognised_by:
        article.ready_at = article.ready_at or now
        return "new"
    title, body = reading.before
    if (title, body) == (article.title, article.body):
        return ""
    models.Version.objects.get_or_create(
        article=article, number=article.version, defaults={"title": title, "body": body, "replaced_at": now}
    )
    article.version += 1
    article.changed_at = now
    return "updated"


def article_values(reading: Reading) -> list[bulk.Value]:
    """The parameters of UPDATE_ARTICLE."""
    article = reading.article
    return [
        article.title,
        article.body,
        article.author,
        article.section,
        article.language,
        article.published_at,
        article.published_is_known,
        article.text_from,
        article.page_error,
        article.version,
        article.changed_at,
        article.ready_at,
        reading.recognition.version,
        article.text_from,
        article.pk,
    ]


def store_regions(readings: Iterable[Reading]) -> None:
    """Keep the labelled regions of the pages that were read."""
    pages = [
        models.Page(article_id=reading.article.pk, regions=reading.regions)
        for reading in readings
        if reading.regions is not None
    ]
    models.Page.objects.bulk_update(pages, ["regions"])


def forget_tags(articles: Sequence[int]) -> None:
    """Take the tags and the evidence off articles that were read before."""
    if not articles:
        return
    for model in (models.Mention, models.CompanyTag, models.ThemeTag, models.WithdrawnTag):
        model.objects.filter(article_id__in=articles).delete()


def store_tags(readings: Iterable[Reading], tagger: Tagger) -> None:
    """Write the articles' tags and evidence, and have their events read, which name what is tagged.

    What has left the watch list meanwhile is left out. What people settled about the tags is upheld.
    """
    readings = list(readings)
    bulk.copy(EVENTS_DUE, ((reading.article.pk,) for reading in readings if may_tell(reading)))
    bulk.copy(COMPANY_TAGS, (row for reading in readings for row in company_rows(reading, tagger.companies)))
    bulk.copy(THEME_TAGS, (row for reading in readings for row in theme_rows(reading, tagger.themes)))
    bulk.copy(MENTIONS, (row for reading in readings for row in mention_rows(reading, tagger)))
    if before := [reading.article.pk for reading in readings if reading.before != ("", "")]:
        verdicts.uphold(before)


def store_words(readings: Iterable[Reading]) -> None:
    """Write the search rows of articles whose tags are stored."""
    search_rows.store(
        {
            reading.article.pk: search_rows.words(reading.article, page_regions(reading))
            for reading in readings
        }
    )


def page_regions(reading: Reading) -> list[dict[str, str]]:
    """The regions of an article's page: those that were read now, or before if the page can't be read any more."""
    if reading.regions is not None:
        return reading.regions
    return reading.article.page.regions if hasattr(reading.article, "page") else []


def facts(reading: Reading, tagger: Tagger) -> search_rows.Facts:
    """What the labels of an article tell that has just been recognised."""
    found = reading.recognition
    return search_rows.Facts(
        reading.article,
        [tagger.companies[tag.name] for tag in found.companies if tag.name in tagger.companies],
        [tagger.themes[tag.name] for tag in found.themes if tag.name in tagger.themes],
    )


def may_tell(reading: Reading) -> bool:
    """Whether an article may tell of watched names, or did so before."""
    found = reading.recognition
    return bool(found.companies or found.themes or reading.before != ("", ""))


def company_rows(reading: Reading, ids: Mapping[str, int]) -> Iterator[Sequence[bulk.Value]]:
    """The rows of an article's companies."""
    article = reading.article
    for tag in reading.recognition.companies:
        if tag.name in ids:
            yield article.pk, ids[tag.name], tag.confidence, list(tag.aliases), article.published_at


def theme_rows(reading: Reading, ids: Mapping[str, int]) -> Iterator[Sequence[bulk.Value]]:
    """The rows of an article's themes."""
    article = reading.article
    for tag in reading.recognition.themes:
        if tag.name in ids:
            yield article.pk, ids[tag.name], tag.score, article.published_at, list(tag.subthemes)


def mention_rows(reading: Reading, tagger: Tagger) -> Iterator[Sequence[bulk.Value]]:
    """The rows of the evidence of every tag, and of the mentions of sports teams."""
    found, companies, themes = reading.recognition, tagger.companies, tagger.themes
    for mention in (*evidence_of(found.companies), *found.sports):
        if mention.name in companies:
            yield reading.article.pk, mention.kind, companies[mention.name], None, *place(mention)
    for mention in evidence_of(found.themes):
        if mention.name in themes:
            yield reading.article.pk, mention.kind, None, themes[mention.name], *place(mention)


def evidence_of(tags: Iterable[mentions.CompanyTag | mentions.ThemeTag]) -> Iterator[mentions.Mention]:
    """The mentions of tags, tag by tag."""
    return (mention for tag in tags for mention in tag.mentions)


def place(mention: mentions.Mention) -> tuple[bulk.Value, ...]:
    """Where a mention stands and why it counts, as the table's columns have it."""
    return (
        mention.field,
        mention.start,
        mention.end,
        mention.text[:200],
        mention.rule[:200],
        mention.confidence,
    )
