"""The data flow, written out.

    fetch      articles.feeds.fetch        a source that is due -> the bytes of its feed
    parse      articles.feeds.reading      bytes -> entries; articles.feeds.clock mends their times
    decide     articles.decide             entries and what is known -> new, updated, duplicate, unchanged
    store      articles.store              an article row that waits for its page; without one, tagged at once
    page       articles.page_fetching      the page's bytes, kept; without them the feed's text serves
    extract    articles.pages.extract      page -> labelled regions, the body alone
    tag        articles.tagging.recognise  title and body -> companies and themes with evidence
    store      articles.readings           text, tags, evidence, search tokens and an outbox row, in one transaction
    place      articles.placing            ready articles -> stories
    alerts     alerts.tasks                reads the outbox rows of placed articles

What waits for the next stage is a row in PostgreSQL (`Source.next_poll_at`, `Article.stage`, `Article.story`,
`Outbox.done_at`).
A stage claims rows, works, and writes; a worker that dies leaves rows that are due again. `now` is a function,
because a stage can take longer than its claim.
"""

import contextlib
import copy
import dataclasses
import datetime
import functools
import gc
import hashlib
import logging
import types
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import F, Func, Value, prefetch_related_objects

from articles import (
    asking,
    decide,
    faults,
    models,
    page_fetching,
    page_rules,
    polls,
    readings,
    setbacks,
    store,
    watchlist_store,
    websub,
)
from articles.feeds import clock, fetch, parse, reading
from articles.pages import extract, walls
from articles.tagging import recognise
from newswatch import wake

log = logging.getLogger(__name__)
Clock = Callable[[], datetime.datetime]
# Says that there is work for the named task.
Ring = Callable[[str], None]
Answer = tuple[models.Source, fetch.Response]

FEED_LIMITS = fetch.Limits(total_s=30, concurrency=200, per_host=8)
PAGE_LIMITS = fetch.Limits(total_s=20, concurrency=50, per_host=4)
# Claimed, and neither answered nor stored yet: a slow host takes up one place and keeps nobody waiting.
POLLS_UNDER_WAY = 400
# They are claimed by and by, so that workers share what is due and no claim runs out while others are stored: few while
# what comes is new, since a worker that still has many when nothing is left for the others keeps them all waiting.
FEWEST_CLAIMED, MOST_CLAIMED = 12, 50
# More are claimed if nothing has come for so long.
PATIENCE_S = 0.1
PAGES_UNDER_WAY = 100
READ_BATCH = 40
# Feeds stored in one transaction.
FEEDS_AT_ONCE = 24
# Workers that may die of a source until it is left alone for a while.
MOST_DEATHS = 3
DIED = "the worker died each time it read the feed"
# What a page says of itself that wants its reader to pay or log in; where the feed has no more, its beginning serves.
# A run claims nothing more after this: its task has a time limit, and the next run is seconds away.
LONGEST_RUN = datetime.timedelta(seconds=120)


def claim() -> datetime.timedelta:
    """How long claimed rows are nobody else's: longer than a batch takes to fetch and store."""
    return datetime.timedelta(seconds=settings.CLAIM_SECONDS)


def poll_due(*, now: Clock) -> int:
    """Poll every source that is due, many at once; returns how many were polled. Each is stored as it arrives."""
    polled, stop, is_more, most = 0, now() + LONGEST_RUN, True, next_claim(0)
    sources = claim_due(most, now=now)
    if not sources:
        return 0
    by_url: dict[str, models.Source] = {}
    bell = wake.Bell()
    if len(sources) == most:
        bell.ring("articles.tasks.poll_sources")  # another worker may help
    with polls.durable_soon(), asking.Asking(FEED_LIMITS) as web:
        while True:
            # Whoever has as many to store already leaves the rest to others.
            if is_more and web.under_way <= POLLS_UNDER_WAY - most and web.arrived < most:
                sources = sources or claim_due(most, now=now)
                by_url |= {source.url: source for source in sources}
                web.ask(fetch.Request(one.url, one.etag, one.last_modified) for one in sources)
                is_more, sources = len(sources) == most and now() < stop, []
            if web.is_waiting:
                bell.settle()
            came = web.answers(patience_s=PATIENCE_S if is_more else None)
            if not came and not web.under_way:
                return polled
            is_light = receive_all([(by_url.pop(one.url), one) for one in came], now=now, ring=bell.ring)
            most = next_claim(most if is_light else 0)
            polled += len(came)


def claim_due(most: int, *, now: Clock) -> list[models.Source]:
    """Claim so many sources that are due, or those that there are."""
    return models.Source.objects.claim_due(now=now(), until=now() + claim(), most=most)


def next_claim(last: int) -> int:
    """How many sources to claim after `last`: twice as many, as far as the bounds allow."""
    return min(max(FEWEST_CLAIMED, 2 * last), MOST_CLAIMED, POLLS_UNDER_WAY // 2)


def receive_all(answers: Sequence[Answer], *, now: Clock, ring: Ring = wake.send) -> bool:
    """Store what sources answered: the unchanged ones all at once, the others by the dozen.

    One that can't be read or stored leaves the others alone. Returns whether all were unchanged.
    """
    unchanged: list[Answer] = []
    changed: list[Answer] = []
    for answer in answers:
        (unchanged if is_unchanged(*answer) else changed).append(answer)
    try:
        store.record_unchanged(unchanged, now=now())
    except DatabaseError:
        # Their claims run out and they are polled again; nothing of it was written.
        log.exception("%d unchanged sources could not be recorded", len(unchanged))
    suspected = [answer for answer in changed if is_suspected(*answer)]
    for source, response in suspected:
        receive_alone(source, response, now=now(), ring=ring)
    others = [answer for answer in changed if not is_suspected(*answer)]
    for first in range(0, len(others), FEEDS_AT_ONCE):
        receive_some(others[first : first + FEEDS_AT_ONCE], now=now(), ring=ring)
    return not changed


def receive_some(answers: Sequence[Answer], *, now: datetime.datetime, ring: Ring) -> None:
    """Store what sources answered in one transaction, or each in its own if that fails."""
    arrivals = []
    prefetch_related_objects([source for source, _ in answers], "outlet")
    digests = store.load_digests(source for source, _ in answers)
    for source, response in answers:
        with left_alone(source, response, now=now):
            if arrival := take(source, response, now=now, seen=digests.get(source.pk, {})):
                arrivals.append(arrival)
    if not arrivals:
        return
    try:
        # On copies, since one that fails has noted on its source what did not come to pass.
        store_feeds([copied(arrival) for arrival in arrivals], now=now, ring=ring)
    except faults.ENTRY_ERRORS:
        log.exception("%d feeds could not be stored together", len(arrivals))
        for arrival in arrivals:
            with left_alone(arrival.source, arrival.response, now=now):
                store_feeds([arrival], now=now, ring=ring)


def is_suspected(source: models.Source, response: fetch.Response) -> bool:
    """Whether a worker may have died of such an answer of the source."""
    return source.deaths > 0 and not (response.error or response.postponed_s)


def receive_alone(
    source: models.Source, response: fetch.Response, *, now: datetime.datetime, ring: Ring
) -> None:
    """Store what a source answered that a worker may have died of, counted durably before.

    Its articles are left to whoever reads each alone. After too many deaths the poll is a failure, and the next one,
    which waits as after any failure, has one try.
    """
    tries, source.deaths = source.deaths + 1, 0
    if tries > MOST_DEATHS:
        source.deaths = MOST_DEATHS - 1
        store.record_failure(source, response, DIED, now=now, at=source.replay_at or now)
        return
    models.Source.objects.filter(pk=source.pk, claimed_until=source.claimed_until).update(deaths=tries)
    with left_alone(source, response, now=now):
        if arrival := take(source, response, now=now):
            store_feeds([arrival], now=now, ring=ring, reads=False)


@contextlib.contextmanager
def left_alone(source: models.Source, response: fetch.Response, *, now: datetime.datetime) -> Iterator[None]:
    """Whatever a source's answer makes fail here fails for that source alone."""
    try:
        yield
    except DatabaseError:
        log.exception("%s could not be stored", source)
    except faults.ENTRY_ERRORS as error:
        log.exception("%s could not be read", source)
        why = f"the feed could not be read: {faults.reason(error)}"
        store.record_failure(source, response, why, now=now, at=source.replay_at or now)


def copied(arrival: store.Arrival) -> store.Arrival:
    """The same with a source of its own."""
    return dataclasses.replace(arrival, source=copy.copy(arrival.source))


def is_unchanged(source: models.Source, response: fetch.Response) -> bool:
    """Whether a source says, or shows by the very same bytes, that nothing is new."""
    if response.error:
        return False
    return response.status == 304 or digest(response.body) == source.body_hash


def digest(body: bytes) -> str:
    """The SHA-256 of a body, in hexadecimal."""
    return hashlib.sha256(body).hexdigest()


def receive(
    source: models.Source, response: fetch.Response, *, now: datetime.datetime, ring: Ring = wake.send
) -> store.Stored | None:
    """Store what a source answered, and `ring` for the next stage; returns None if it was unchanged or failed."""
    if is_unchanged(source, response):
        store.record_unchanged([(source, response)], now=now)
        return None
    arrival = take(source, response, now=now)
    return store_feeds([arrival], now=now, ring=ring)[0] if arrival else None


def take(
    source: models.Source,
    response: fetch.Response,
    *,
    now: datetime.datetime,
    seen: Mapping[bytes, str] = types.MappingProxyType({}),
) -> store.Arrival | None:
    """Read the feed that a source answered with; None if there is none, which is then recorded.

    `seen` are the keys, by digest, of entries that need not be read again.
    """
    at = source.replay_at or now
    if response.postponed_s:
        store.put_off(source, until=now + datetime.timedelta(seconds=response.postponed_s))
        return None
    if response.error:
        store.record_failure(source, response, response.error, now=now, at=at)
        return None
    try:
        feed, again = read_feed(source, response, seen)
    except parse.UnreadableFeed as error:
        if response.pushed:
            store.put_off(source, until=now)  # some hubs only ring the bell: the feed is asked at once
            return None
        store.record_failure(source, response, str(error), now=now, at=at)
        return None
    source.body_hash = digest(response.body)
    feed = with_entries(feed, mend(source, feed, at=at))
    polls.take_in(source, feed, at=at, pushed=response.pushed)
    return store.Arrival(source, response, feed, at, again)


def read_feed(
    source: models.Source, response: fetch.Response, seen: Mapping[bytes, str]
) -> tuple[parse.Feed, frozenset[str]]:
    """The feed, and the keys of the entries that it shows again. Where an entry could be another, all are read."""
    feed = reading.read(source, response, seen=seen)
    again = frozenset(seen[entry.digest] for entry in feed.entries if entry.again)
    if any(not entry.again and decide.key_of(entry) in again for entry in feed.entries):
        return reading.read(source, response), frozenset()
    return feed, again


def mend(source: models.Source, feed: parse.Feed, *, at: datetime.datetime) -> clock.Mended:
    """Mend a feed's times by what is known of its source and of its site, and learn of both from them."""
    host, outlet = fetch.host_of(source.url), source.outlet
    source.clock_is_right = source.clock_is_right or clock.shows_true_utc(
        feed.entries, now=at, since=source.last_success_at, time_zone=source.time_zone
    )
    mended = clock.mend_times(
        feed.entries,
        now=at,
        time_zone=source.time_zone,
        wall_clock_as_utc=source.wall_clock_as_utc,
        siblings_do=host in outlet.wall_clock_hosts and not source.clock_is_right,
    )
    source.wall_clock_as_utc = mended.wall_clock_as_utc
    if mended.wall_clock_as_utc and host not in outlet.wall_clock_hosts:
        outlet.wall_clock_hosts.append(host)
        models.Outlet.objects.filter(pk=outlet.pk).exclude(wall_clock_hosts__contains=[host]).update(
            wall_clock_hosts=Func(F("wall_clock_hosts"), Value(host), function="array_append")
        )
    return mended


def with_entries(feed: parse.Feed, mended: clock.Mended) -> parse.Feed:
    """The feed with mended times, and with what was mended among its problems."""
    return dataclasses.replace(feed, entries=mended.entries, problems=(*feed.problems, *mended.problems))


def store_feeds(
    arrivals: Sequence[store.Arrival], *, now: datetime.datetime, ring: Ring, reads: bool = True
) -> list[store.Stored]:
    """Store feeds and wake up whoever does the next stage.

    Articles that wait for no page are read at once if `reads`: their rows are written only once, and news is there at
    once.
    """
    waits = not reads or all(arrival.source.fetch_pages for arrival in arrivals)
    tagger = None if waits else present_tagger()
    with transaction.atomic():
        results = store.store_feeds(arrivals, now=now, tagger=tagger)
        tasks = set()
        for arrival, stored in zip(arrivals, results, strict=True):
            websub.note(arrival.source, arrival.response, arrival.feed, now=now)
            if arrival.source.fetch_pages and (stored.new or stored.updated):
                tasks.add("articles.tasks.fetch_pages")
            elif stored.updated or (stored.new and not tagger):
                tasks.add("articles.tasks.process_articles")
            if stored.new and tagger:
                tasks.add("articles.tasks.place_articles")
        for task in sorted(tasks):
            transaction.on_commit(functools.partial(ring, task))
    return results


def push(
    subscription: models.Subscription, body: bytes, *, content_type: str, now: datetime.datetime
) -> None:
    """Store what a hub pushed, as if the source had been polled. A poll under way meanwhile keeps its claim."""
    source = subscription.source
    if source is None:
        return
    if source.claimed_until is not None and source.claimed_until > now:
        # Nobody's claim: the entries are stored, the source's own row is left to the poll.
        source.claimed_until = now
    response = fetch.Response(
        url=source.url,
        final_url=subscription.topic,
        status=200,
        body=body,
        content_type=content_type[:200],
        pushed=True,
    )
    receive(source, response, now=now)
    models.Subscription.objects.filter(pk=subscription.pk).update(last_push_at=now, pushes=F("pushes") + 1)


def fetch_due_pages(*, now: Clock) -> int:
    """Fetch every page that an article waits for; returns for how many articles."""
    asked, stop, is_more = 0, now() + LONGEST_RUN, True
    bell = wake.Bell()
    with asking.Asking(PAGE_LIMITS) as web:
        pages = page_fetching.Fetching(web, now=now)
        while True:
            room = PAGES_UNDER_WAY - web.under_way
            if is_more and room > PAGES_UNDER_WAY // 2:
                articles = models.Article.objects.claim_pages(now=now(), until=now() + claim(), most=room)
                pages.begin(articles)
                asked += len(articles)
                is_more = bool(articles) and now() < stop
            if web.is_waiting:
                bell.settle()
            answers = web.answers()
            if not answers and not is_more:
                return asked
            for response in answers:
                pages.go_on(response)
            bell.ring("articles.tasks.process_articles")


def process_waiting(*, now: Clock) -> int:
    """Read and tag every article that waits for it; returns how many.

    The rows stay locked while they are worked on, so that a worker's death gives them back at once; those that its
    death may come of are read one by one (setbacks.py).
    """
    done = 0
    setbacks.recover(now=now())
    while attempt := setbacks.take(now=now(), most=READ_BATCH):
        with transaction.atomic():
            waiting = setbacks.hold(attempt)
            process(waiting, now=now())
            attempt.delete()
            wake.on_commit("articles.tasks.place_articles")
            # Those that were only changed have their story.
            wake.on_commit("alerts.tasks.match_outbox")
        done += len(waiting)
    return done


def process(articles: Sequence[models.Article], *, now: datetime.datetime) -> None:
    """Read, tag and store locked articles. One that breaks is set aside and leaves the others alone."""
    tagger = present_tagger()
    found = []
    for article in articles:
        try:
            found.append(read(article, tagger))
        except faults.ENTRY_ERRORS as error:
            log.exception("article %d could not be read", article.pk)
            setbacks.set_aside(article, faults.reason(error), now=now)
    store_readings(found, tagger, now=now)
    walled = [one.article for one in found if one.article.page_error in walls.NOTES]
    if walled:
        page_fetching.ask_again(walled, now=now)


def store_readings(
    found: Sequence[readings.Reading], tagger: readings.Tagger, *, now: datetime.datetime
) -> None:
    """Store what was read, all at once, or half by half if that fails; what can't be stored is set aside."""
    if not found:
        return
    try:
        with transaction.atomic():
            # Copies, since one that fails has noted on its article what did not come to pass.
            fresh = [dataclasses.replace(one, article=copy.copy(one.article)) for one in found]
            readings.store_readings(fresh, tagger, now=now)
            setbacks.forget([one.article for one in found])
    except faults.ENTRY_ERRORS as error:
        if not faults.is_an_entrys(error):
            raise
        if len(found) == 1:
            log.exception("article %d could not be stored as read", found[0].article.pk)
            setbacks.set_aside(found[0].article, faults.reason(error), now=now)
            return
        log.warning("%d articles are stored in halves, because of %s", len(found), error)
        middle = len(found) // 2
        for half in (found[:middle], found[middle:]):
            store_readings(half, tagger, now=now)


def present_tagger() -> readings.Tagger:
    """What recognises by the watch list as it is now."""
    return recognition(watchlist_store.revision())


@functools.lru_cache(maxsize=1)
def recognition(revision: int) -> readings.Tagger:
    """What recognises by a revision of the watch list."""
    log.info("loading the watch list, revision %d", revision)
    tagger = readings.Tagger(
        recogniser=recognise.Recogniser(watchlist_store.stored()),
        companies=dict(models.Company.objects.values_list("name", "pk")),
        themes=dict(models.Theme.objects.values_list("name", "pk")),
    )
    # Its hundred thousands of objects stay: the collector need not visit them time and again.
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    return tagger


def read(article: models.Article, tagger: readings.Tagger) -> readings.Reading:
    """Take the article's text from its page or its feed, and recognise what it is about.

    A page that the extractor can't read never stops the article: the feed's text serves.
    """
    before = (article.title, article.body)
    regions = None
    article.text_from = models.Article.TextFrom.FEED
    article.title = article.feed_title or article.title
    article.body = article.own_text
    if hasattr(article, "page"):
        regions = read_page(article)
    found = tagger.recognise(article)
    article.language = found.language
    return readings.Reading(article, before, regions, found)


def read_page(article: models.Article) -> list[dict[str, str]] | None:
    """Fill the article in from its stored page; returns the page's regions, None if it could not be read."""
    try:
        markup = zlib.decompress(article.page.markup)
        page = extract.extract_page(
            markup,
            url=article.page.url,
            content_type=article.page.content_type,
            rules=page_rules.present(article.outlet_id),
        )
    except (ValueError, RecursionError, zlib.error) as error:
        log.exception("the page of article %d could not be read", article.pk)
        article.page_error = f"the page could not be read: {error}"
        return None
    choose_text(article, page)
    article.title = article.feed_title or page.title or article.title
    article.author = page.byline[:300] or article.author
    article.section = page.section[:100]
    if page.published and not article.published_is_known and page.published <= article.first_seen_at:
        article.published_at = page.published
        article.published_is_known = True
    return extract.plain_regions(page.regions)


def choose_text(article: models.Article, page: extract.Page) -> None:
    """Take the page's text unless the feed has more; a page behind a wall must have all that the feed has."""
    least = len(article.own_text) if page.walled else len(article.own_text) // 2
    if page.text and len(page.text) > least:
        article.body = page.text
        article.text_from = models.Article.TextFrom.PAGE
        article.page_error = (
            walls.CUT if page.walled else "" if article.page_error == walls.CUT else article.page_error
        )
    elif not article.page_error or page.walled:
        article.page_error = walls.WALLED if page.walled else "the page has no more text than the feed"
