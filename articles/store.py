"""Write what was decided and what was recognised; every function is one transaction and safe to run twice.

Constraints, not hope, keep an article single: rows go in with ON CONFLICT DO NOTHING and are looked up again by
what makes them unique, so that of two workers with the same article one writes it and both find it.
"""

import datetime
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import F

from articles import decide, models
from articles.feeds import fetch, parse, schedule
from articles.pages import extract, language
from articles.search import tokens
from articles.tagging import mentions


@dataclass(frozen=True, slots=True)
class Stored:
    """How many of a feed's entries were new, updated, duplicates, unchanged and rejected."""

    new: int = 0
    updated: int = 0
    duplicate: int = 0
    unchanged: int = 0
    rejected: int = 0


def load_known(source: models.Source, candidates: Sequence[decide.Candidate]) -> decide.Known:
    """What is stored of these candidates: two queries, however many there are."""
    keys = {key for one in candidates for key in (one.entry_key, decide.second_key(one))}
    rows = models.Appearance.objects.filter(source=source, entry_key__in=keys).select_related("article")
    articles = models.Article.objects.filter(
        outlet_id=source.outlet_id, identity__in={one.identity for one in candidates}
    )
    return decide.Known(
        entries={row.entry_key: seen(row) for row in rows.defer("article__body", "article__search")},
        articles=dict(articles.values_list("identity", "pk")),
    )


def seen(row: models.Appearance) -> decide.Seen:
    """An appearance as a value. Its article is loaded."""
    article = row.article
    return decide.Seen(article.pk, row.content_hash, row.content_at, article.identity, article.feed_title)


@transaction.atomic
def store_feed(
    source: models.Source,
    response: fetch.Response,
    feed: parse.Feed,
    *,
    now: datetime.datetime,
    at: datetime.datetime,
) -> Stored:
    """Store a feed's entries and the poll's outcome.

    `now` is the clock on the wall, for the next poll; `at` is the source's own clock, which a replay sets.
    The feed's times have been mended before.
    """
    candidates = decide.candidates(feed.entries)
    decisions = decide.decide(candidates, load_known(source, candidates), at=at)
    groups: dict[decide.Verdict, list[decide.Decision]] = {verdict: [] for verdict in decide.Verdict}
    for decision in decisions:
        groups[decision.verdict].append(decision)
    new = groups[decide.Verdict.NEW]
    insert_articles(source, [decision.candidate for decision in new], at=at)
    insert_appearances(source, new + groups[decide.Verdict.DUPLICATE], at=at)
    update_articles(source, groups[decide.Verdict.UPDATED], now=now, at=at)
    stored = Stored(**{verdict.value: len(group) for verdict, group in groups.items()})
    detail = "; ".join([*feed.problems, *(d.reason for d in groups[decide.Verdict.REJECTED])])
    record_success(source, response, now=now, at=at, stored=stored, entries=len(feed.entries), detail=detail)
    return stored


def insert_articles(source: models.Source, new: Sequence[decide.Candidate], *, at: datetime.datetime) -> None:
    """Insert articles that nobody has inserted yet. Sorted, so that two workers can't wait for each other."""
    rows = [new_article(source, one, at=at) for one in sorted(new, key=lambda one: one.identity)]
    models.Article.objects.bulk_create(rows, ignore_conflicts=True)


def new_article(source: models.Source, one: decide.Candidate, *, at: datetime.datetime) -> models.Article:
    """An article as the feed tells it, before its page is read."""
    entry = one.entry
    text = extract.text_of_html(entry.content or entry.summary)
    title = entry.title or text[:80] or entry.url
    wants_page = source.fetch_pages and bool(entry.url)
    published = entry.published or entry.updated
    return models.Article(
        outlet_id=source.outlet_id,
        source=source,
        identity=one.identity,
        url=entry.url[:2000],
        title=title,
        feed_title=entry.title,
        summary=extract.text_of_html(entry.summary)[:2000],
        feed_text=text,
        author=", ".join(entry.authors)[:300],
        language=source.language or language.detect(f"{title} {text[:500]}"),
        is_sample=source.is_sample,
        published_at=published or at,
        published_is_known=published is not None,
        first_seen_at=at,
        stage=models.Article.Stage.PAGE if wants_page else models.Article.Stage.TAG,
        page_due_at=at if wants_page else None,
    )


def insert_appearances(
    source: models.Source, decisions: Sequence[decide.Decision], *, at: datetime.datetime
) -> None:
    """Record which entry of this source is which article."""
    missing = {d.candidate.identity for d in decisions if d.article_id is None}
    ids = dict(
        models.Article.objects.filter(outlet_id=source.outlet_id, identity__in=missing).values_list(
            "identity", "pk"
        )
    )
    rows = [
        models.Appearance(
            article_id=decision.article_id or ids[decision.candidate.identity],
            source=source,
            entry_key=decision.candidate.entry_key,
            content_hash=decision.candidate.content_hash,
            content_at=at,
            url=decision.candidate.entry.url[:2000],
            first_seen_at=at,
        )
        for decision in sorted(decisions, key=lambda d: d.candidate.entry_key)
    ]
    models.Appearance.objects.bulk_create(rows, ignore_conflicts=True)


def update_articles(
    source: models.Source,
    decisions: Sequence[decide.Decision],
    *,
    now: datetime.datetime,
    at: datetime.datetime,
) -> None:
    """Take over what an edited entry says and have its article read again; one row an edited entry."""
    for decision in decisions:
        assert decision.article_id is not None  # noqa: S101 - an update is of an article that is known
        entry = decision.candidate.entry
        wants_page = source.fetch_pages and bool(entry.url)
        models.Article.objects.filter(pk=decision.article_id).update(
            feed_title=entry.title,
            feed_text=extract.text_of_html(entry.content or entry.summary),
            summary=extract.text_of_html(entry.summary)[:2000],
            stage=models.Article.Stage.PAGE if wants_page else models.Article.Stage.TAG,
            page_due_at=now if wants_page else None,
            page_attempts=0,
        )
        models.Appearance.objects.filter(source=source, entry_key=decision.candidate.entry_key).update(
            content_hash=decision.candidate.content_hash, content_at=at
        )


def record_success(
    source: models.Source,
    response: fetch.Response,
    *,
    now: datetime.datetime,
    at: datetime.datetime,
    stored: Stored | None,
    entries: int = 0,
    detail: str = "",
) -> None:
    """Record a poll that got an answer; `stored` is None if the feed was unchanged."""
    source.etag = response.etag[:500]
    source.last_modified = response.last_modified[:200]
    source.failures = 0
    source.last_error = ""
    source.last_success_at = at
    outcome = models.Poll.Outcome.UNCHANGED if stored is None else models.Poll.Outcome.STORED
    finish_poll(
        source, response, outcome, now=now, at=at, stored=stored or Stored(), entries=entries, detail=detail
    )


@transaction.atomic
def record_failure(
    source: models.Source,
    response: fetch.Response,
    why: str,
    *,
    now: datetime.datetime,
    at: datetime.datetime,
) -> None:
    """Record a poll that failed, in words; the next one waits longer."""
    source.failures += 1
    source.last_error = why
    finish_poll(source, response, models.Poll.Outcome.FAILED, now=now, at=at, stored=Stored(), detail=why)


def finish_poll(
    source: models.Source,
    response: fetch.Response,
    outcome: models.Poll.Outcome,
    *,
    now: datetime.datetime,
    at: datetime.datetime,
    stored: Stored,
    entries: int = 0,
    detail: str = "",
) -> None:
    """Give the source back with its next poll's time, and write the poll's row.

    A source that somebody has claimed since (our claim ran out) is left to them: only its rows were written.
    """
    next_at = schedule.next_poll(
        now=now,
        interval_s=source.interval_s,
        failures=source.failures,
        retry_after_s=response.retry_after_s,
        seed=source.pk,
    )
    replayed = source.replay_at is not None
    models.Source.objects.filter(pk=source.pk, claimed_until=source.claimed_until).update(
        etag=source.etag,
        last_modified=source.last_modified,
        body_hash=source.body_hash,
        wall_clock_as_utc=source.wall_clock_as_utc,
        failures=source.failures,
        last_error=source.last_error,
        last_success_at=source.last_success_at,
        last_polled_at=at,
        # A replay says itself when a source's next capture is due.
        next_poll_at=None if replayed else next_at,
        claimed_until=None,
    )
    models.Poll.objects.create(
        source=source,
        at=at,
        outcome=outcome,
        status=response.status or None,
        detail=detail[:2000],
        entries=entries,
        new=stored.new,
        updated=stored.updated,
        elapsed_ms=response.elapsed_ms,
    )


@transaction.atomic
def store_page(article: models.Article, response: fetch.Response, *, now: datetime.datetime) -> None:
    """Keep a fetched page and have the article read from it."""
    models.Page.objects.update_or_create(
        article=article,
        defaults={
            "url": response.final_url[:2000],
            "fetched_at": now,
            "markup": zlib.compress(response.body, 6),
            "content_type": response.content_type[:200],
        },
    )
    models.Article.objects.filter(pk=article.pk).update(
        stage=models.Article.Stage.TAG, page_due_at=None, page_error="", page_attempts=F("page_attempts") + 1
    )


def give_up_page(article: models.Article, why: str) -> None:
    """Go on with the feed's text; the article says why."""
    models.Article.objects.filter(pk=article.pk).update(
        stage=models.Article.Stage.TAG, page_due_at=None, page_error=why, page_attempts=F("page_attempts") + 1
    )


def postpone_page(article: models.Article, why: str, *, until: datetime.datetime) -> None:
    """Ask for the page again at `until`."""
    models.Article.objects.filter(pk=article.pk).update(
        page_due_at=until, page_error=why, page_attempts=F("page_attempts") + 1
    )


@dataclass(frozen=True, slots=True)
class Reading:
    """An article as read: the row to write, its page's regions (None without a page) and what was recognised."""

    article: models.Article
    before: tuple[str, str]
    regions: list[dict[str, str]] | None
    recognition: mentions.Recognition


UPDATE_ARTICLE = """
UPDATE articles_article SET title = %s, body = %s, author = %s, section = %s, language = %s, published_at = %s,
    published_is_known = %s, text_from = %s, page_error = %s, version = %s, changed_at = %s, stage = 'ready',
    ready_at = %s, recognised_by = %s, search = %s::tsvector
WHERE id = %s
"""


def store_readings(
    readings: Sequence[Reading], *, companies: dict[str, int], themes: dict[str, int], now: datetime.datetime
) -> None:
    """Write articles with their tags, evidence and search tokens, and tell the alerts; inside a transaction.

    `companies` and `themes` give the ids of names. An article whose text changed keeps the text it had.
    """
    outbox = []
    for reading in readings:
        kind = settle_version(reading, now=now)
        if kind:
            outbox.append(models.Outbox(article=reading.article, kind=kind, created_at=now))
    with connection.cursor() as cursor:
        cursor.executemany(UPDATE_ARTICLE, [article_values(reading) for reading in readings])
    store_regions(readings)
    store_tags(readings, companies=companies, themes=themes)
    models.Outbox.objects.bulk_create(outbox)


def settle_version(reading: Reading, *, now: datetime.datetime) -> str:
    """Keep the text that a changed article had. Returns what the alerts are told: new, updated or nothing."""
    article = reading.article
    if article.ready_at is None:
        article.ready_at = now
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


def article_values(reading: Reading) -> list[str | int | datetime.datetime | None]:
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
        tokens.to_tsvector_literal(article.title, article.body),
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


def store_tags(readings: Sequence[Reading], *, companies: dict[str, int], themes: dict[str, int]) -> None:
    """Replace the articles' tags and evidence."""
    ids = [reading.article.pk for reading in readings]
    for model in (models.Mention, models.CompanyTag, models.ThemeTag):
        model.objects.filter(article_id__in=ids).delete()
    models.CompanyTag.objects.bulk_create(
        models.CompanyTag(
            article=reading.article,
            company_id=companies[tag.name],
            confidence=tag.confidence,
            aliases=list(tag.aliases),
            published_at=reading.article.published_at,
        )
        for reading in readings
        for tag in reading.recognition.companies
        if tag.name in companies
    )
    models.ThemeTag.objects.bulk_create(
        models.ThemeTag(
            article=reading.article,
            theme_id=themes[tag.name],
            score=tag.score,
            published_at=reading.article.published_at,
        )
        for reading in readings
        for tag in reading.recognition.themes
        if tag.name in themes
    )
    models.Mention.objects.bulk_create(
        mention_row(reading.article, mention, companies, themes)
        for reading in readings
        for mention in all_mentions(reading.recognition)
        if mention.name in (themes if mention.kind == "theme" else companies)
    )


def all_mentions(recognition: mentions.Recognition) -> list[mentions.Mention]:
    """The evidence of every tag, and the mentions of sports teams."""
    tags: list[mentions.CompanyTag | mentions.ThemeTag] = [*recognition.companies, *recognition.themes]
    return [mention for tag in tags for mention in tag.mentions] + list(recognition.sports)


def mention_row(
    article: models.Article, mention: mentions.Mention, companies: dict[str, int], themes: dict[str, int]
) -> models.Mention:
    """A mention as a row."""
    is_theme = mention.kind == "theme"
    return models.Mention(
        article=article,
        kind=mention.kind,
        company_id=None if is_theme else companies[mention.name],
        theme_id=themes[mention.name] if is_theme else None,
        field=mention.field,
        start=mention.start,
        end=mention.end,
        text=mention.text[:200],
        rule=mention.rule[:200],
        confidence=mention.confidence,
    )
