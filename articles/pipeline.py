"""The data flow, written out.

    fetch      articles.feeds.fetch        a source that is due -> the bytes of its feed
    parse      articles.feeds.parse        bytes -> entries; articles.feeds.clock mends their times
    decide     articles.decide             entries and what is known -> new, updated, duplicate, unchanged
    store      articles.store              an article row that waits for its page, or at once for being read
    page       articles.feeds.fetch        the page's bytes, kept; without them the feed's text serves
    extract    articles.pages.extract      page -> labelled regions, the body alone
    tag        articles.tagging.recognise  title and body -> companies and themes with evidence
    store      articles.store              text, tags, evidence, search tokens and an outbox row, in one transaction
    alerts     alerts.tasks                reads the outbox

What waits for the next stage is a row in PostgreSQL (`Source.next_poll_at`, `Article.stage`, `Outbox.done_at`).
A stage claims rows, works, and writes; a worker that dies leaves rows that are due again. `now` is a function,
because a stage can take longer than its claim.
"""

import asyncio
import dataclasses
import datetime
import functools
import hashlib
import logging
import queue
import threading
import zlib
from collections.abc import Callable, Iterator, Sequence

from django.conf import settings
from django.db import DatabaseError, transaction

from articles import models, store, watchlist_store
from articles.feeds import clock, fetch, parse
from articles.pages import extract, language
from articles.store import Reading
from articles.tagging import mentions, recognise
from newswatch import wake

log = logging.getLogger(__name__)
Clock = Callable[[], datetime.datetime]

FEED_LIMITS = fetch.Limits(total_s=30, concurrency=200, per_host=8)
PAGE_LIMITS = fetch.Limits(total_s=20, concurrency=50, per_host=4)
POLL_BATCH = 200
PAGE_BATCH = 100
READ_BATCH = 40
# A page that can't be had now is asked for again after these seconds, then the feed's text serves.
PAGE_RETRIES_S = (15, 60)


def claim() -> datetime.timedelta:
    """How long claimed rows are nobody else's: longer than a batch takes to fetch and store."""
    return datetime.timedelta(seconds=settings.CLAIM_SECONDS)


def poll_due(*, now: Clock) -> int:
    """Poll every source that is due, many at once; returns how many were polled."""
    polled = 0
    while sources := models.Source.objects.claim_due(now=now(), until=now() + claim(), most=POLL_BATCH):
        poll(sources, now=now)
        polled += len(sources)
    return polled


def poll(sources: Sequence[models.Source], *, now: Clock) -> None:
    """Poll claimed sources. Each is stored as soon as it arrives; one that fails leaves the others alone."""
    by_url = {source.url: source for source in sources}
    requests = [fetch.Request(source.url, source.etag, source.last_modified) for source in sources]
    for response in arrivals(requests, FEED_LIMITS):
        source = by_url[response.url]
        try:
            receive(source, response, now=now())
        except DatabaseError:
            # Its claim runs out and it is polled again; nothing of it was written.
            log.exception("%s could not be stored", source)


def arrivals(requests: Sequence[fetch.Request], limits: fetch.Limits) -> Iterator[fetch.Response]:
    """The responses in order of arrival. Fetching goes on in a thread of its own while one is being stored."""
    arrived: queue.SimpleQueue[fetch.Response | None] = queue.SimpleQueue()

    async def collect() -> None:
        async for response in fetch.fetch_many(
            requests,
            limits=limits,
            user_agent=settings.FETCH_USER_AGENT,
            allow_private=settings.FETCH_ALLOW_PRIVATE,
        ):
            arrived.put(response)

    def run() -> None:
        try:
            asyncio.run(collect())
        finally:
            arrived.put(None)

    thread = threading.Thread(target=run, name="fetch", daemon=True)
    thread.start()
    while (response := arrived.get()) is not None:
        yield response
    thread.join()


def receive(
    source: models.Source, response: fetch.Response, *, now: datetime.datetime
) -> store.Stored | None:
    """Store what a source answered; returns None if it was unchanged or failed."""
    at = source.replay_at or now
    if response.error:
        store.record_failure(source, response, response.error, now=now, at=at)
        return None
    body_hash = hashlib.sha256(response.body).hexdigest()
    if response.status == 304 or body_hash == source.body_hash:
        store.record_success(source, response, now=now, at=at, stored=None)
        return None
    try:
        feed = parse.parse_feed(
            response.body,
            url=response.final_url,
            content_type=response.content_type,
            time_zone=source.time_zone,
        )
    except parse.UnreadableFeed as error:
        store.record_failure(source, response, str(error), now=now, at=at)
        return None
    mended = clock.mend_times(
        feed.entries, now=at, time_zone=source.time_zone, wall_clock_as_utc=source.wall_clock_as_utc
    )
    source.wall_clock_as_utc = mended.wall_clock_as_utc
    source.body_hash = body_hash
    return store_feed(source, response, with_entries(feed, mended), now=now, at=at)


def with_entries(feed: parse.Feed, mended: clock.Mended) -> parse.Feed:
    """The feed with mended times, and with what was mended among its problems."""
    return dataclasses.replace(feed, entries=mended.entries, problems=(*feed.problems, *mended.problems))


def store_feed(
    source: models.Source,
    response: fetch.Response,
    feed: parse.Feed,
    *,
    now: datetime.datetime,
    at: datetime.datetime,
) -> store.Stored:
    """Store a feed and wake up whoever does the next stage."""
    with transaction.atomic():
        stored = store.store_feed(source, response, feed, now=now, at=at)
        if stored.new or stored.updated:
            wake.on_commit(
                "articles.tasks.fetch_pages" if source.fetch_pages else "articles.tasks.process_articles"
            )
    return stored


def fetch_due_pages(*, now: Clock) -> int:
    """Fetch every page that an article waits for; returns how many were asked for."""
    asked = 0
    while articles := models.Article.objects.claim_pages(now=now(), until=now() + claim(), most=PAGE_BATCH):
        by_url: dict[str, list[models.Article]] = {}
        for article in articles:
            by_url.setdefault(article.url, []).append(article)
        for response in arrivals([fetch.Request(url) for url in by_url], PAGE_LIMITS):
            for article in by_url[response.url]:
                receive_page(article, response, now=now())
        asked += len(articles)
        wake.send("articles.tasks.process_articles")
    return asked


def receive_page(article: models.Article, response: fetch.Response, *, now: datetime.datetime) -> None:
    """Keep a page, or say why there is none."""
    if not response.error and response.body:
        store.store_page(article, response, now=now)
        return
    why = response.error or "the page is empty"
    if article.page_attempts < len(PAGE_RETRIES_S) and may_pass(response):
        wait = datetime.timedelta(
            seconds=max(PAGE_RETRIES_S[article.page_attempts], response.retry_after_s or 0)
        )
        store.postpone_page(article, why, until=now + min(wait, datetime.timedelta(minutes=5)))
    else:
        store.give_up_page(article, why)


def may_pass(response: fetch.Response) -> bool:
    """Whether asking again can help: not where the server said no."""
    return response.status == 0 or response.status in (408, 425, 429) or response.status >= 500


def process_waiting(*, now: Clock) -> int:
    """Read and tag every article that waits for it; returns how many.

    The rows stay locked while they are worked on, so that a worker's death gives them back at once.
    """
    done = 0
    while True:
        with transaction.atomic():
            waiting = list(
                models.Article.objects.filter(stage=models.Article.Stage.TAG)
                .order_by("pk")
                .select_for_update(skip_locked=True, of=("self",))
                .select_related("source", "outlet", "page")[:READ_BATCH]
            )
            if not waiting:
                return done
            process(waiting, now=now())
            wake.on_commit("alerts.tasks.match_outbox")
        done += len(waiting)


def process(articles: Sequence[models.Article], *, now: datetime.datetime) -> None:
    """Read, tag and store locked articles."""
    recogniser, companies, themes = recognition(watchlist_store.revision())
    readings = [read(article, recogniser) for article in articles]
    store.store_readings(readings, companies=companies, themes=themes, now=now)


@functools.lru_cache(maxsize=1)
def recognition(revision: int) -> tuple[recognise.Recogniser, dict[str, int], dict[str, int]]:
    """The recogniser for a revision of the watch list, and the ids of its companies and themes by name."""
    log.info("loading the watch list, revision %d", revision)
    companies = dict(models.Company.objects.values_list("name", "pk"))
    themes = dict(models.Theme.objects.values_list("name", "pk"))
    return recognise.Recogniser(watchlist_store.stored()), companies, themes


def read(article: models.Article, recogniser: recognise.Recogniser) -> Reading:
    """Take the article's text from its page or its feed, and recognise what it is about.

    A page that the extractor can't read never stops the article: the feed's text serves.
    """
    before = (article.title, article.body)
    regions = None
    article.text_from = models.Article.TextFrom.FEED
    article.title = article.feed_title or article.title
    article.body = article.feed_text
    if hasattr(article, "page"):
        regions = read_page(article)
    article.language = language.detect(f"{article.title}\n{article.body[:2000]}") or article.language
    found = recogniser.recognise(
        mentions.Document(
            id=str(article.pk),
            title=article.title,
            text=article.body,
            published=article.published_at,
            url=article.url,
            source=article.outlet.name,
        )
    )
    return Reading(article, before, regions, found)


def read_page(article: models.Article) -> list[dict[str, str]] | None:
    """Fill the article in from its stored page; returns the page's regions, None if it could not be read."""
    try:
        markup = zlib.decompress(article.page.markup)
        page = extract.extract_page(markup, url=article.page.url, content_type=article.page.content_type)
    except (ValueError, RecursionError, zlib.error) as error:
        log.exception("the page of article %d could not be read", article.pk)
        article.page_error = f"the page could not be read: {error}"
        return None
    if page.text and len(page.text) * 2 > len(article.feed_text):
        article.body = page.text
        article.text_from = models.Article.TextFrom.PAGE
    elif not article.page_error:
        article.page_error = "the page has no more text than the feed"
    article.title = article.feed_title or page.title or article.title
    article.author = page.byline[:300] or article.author
    article.section = page.section[:100]
    if page.published and not article.published_is_known and page.published <= article.first_seen_at:
        article.published_at = page.published
        article.published_is_known = True
    return [{"kind": region.kind, "text": region.text} for region in page.regions]
