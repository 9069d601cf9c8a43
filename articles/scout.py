"""Look at a site before it becomes a source: where its feeds are, and what would be stored of one.

Asks the web by the same fetcher and rules as the workers; what was just asked is not asked again while an editor
tries settings. Must not write to the database.
"""

import collections
import dataclasses
import datetime
import threading
import time
import zoneinfo
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count

from articles import decide, models, store
from articles.feeds import clock, discover, fetch, listing, parse, reading
from articles.pages import extract

FIRST_LIMITS = fetch.Limits(total_s=12, connect_s=6, max_bytes=5_000_000)
SEARCH_LIMITS = fetch.Limits(total_s=7, connect_s=4, max_bytes=5_000_000, per_host=6)
MOST_NAMED = 12
MOST_GUIDES = 2
MOST_OFFERS = 20
SHOWN = 20
# A feed whose texts are longer than this says what its pages say.
WHOLE_TEXT = 600


@dataclass(frozen=True, slots=True)
class Offer:
    """A feed that was found; `source` is the one that has this address already."""

    url: str
    title: str
    format: str
    entries: int
    newest: datetime.datetime | None
    latest: str
    why: str
    source: models.Source | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What an address has led to; `lists` are selectors for reading the page itself. `error` is in words."""

    address: str
    offers: tuple[Offer, ...] = ()
    lists: tuple[listing.Suggestion, ...] = ()
    page: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as it would be stored; `stored` is the article that it is already. `at` is in the source's zone."""

    article: models.Article
    at: datetime.datetime | None
    stored: models.Article | None


@dataclass(frozen=True, slots=True)
class Overlap:
    """Another source that shows some of the same articles."""

    source: models.Source
    shared: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What a source would bring. Without `feed`, `error` says why it can't be read."""

    error: str = ""
    feed: parse.Feed | None = None
    final_url: str = ""
    entries: tuple[Entry, ...] = ()
    stored: int = 0
    problems: tuple[str, ...] = ()
    twins: tuple[models.Source, ...] = ()
    overlaps: tuple[Overlap, ...] = ()
    text_length: int = 0


class _Memory:
    """The last answers, for some minutes: trying a selector must not ask the site at every key."""

    def __init__(self, *, most: int, seconds: float) -> None:
        self.most = most
        self.seconds = seconds
        self.lock = threading.Lock()
        self.kept: collections.OrderedDict[str, tuple[float, fetch.Response]] = collections.OrderedDict()

    def get(self, url: str) -> fetch.Response | None:
        with self.lock:
            at, response = self.kept.get(url, (0.0, None))
            return response if response and time.monotonic() - at < self.seconds else None

    def put(self, response: fetch.Response) -> None:
        with self.lock:
            self.kept[response.url] = (time.monotonic(), response)
            self.kept.move_to_end(response.url)
            while len(self.kept) > self.most:
                self.kept.popitem(last=False)

    def clear(self) -> None:
        with self.lock:
            self.kept.clear()


MEMORY = _Memory(most=24, seconds=180)


def ask(urls: Iterable[str], limits: fetch.Limits) -> list[fetch.Response]:
    """The answers in the order of the addresses, from memory where they have just been asked."""
    wanted = list(urls)
    known = {url: response for url in wanted if (response := MEMORY.get(url))}
    missing = [url for url in dict.fromkeys(wanted) if url not in known]
    for response in fetch.fetch_all(
        [fetch.Request(url) for url in missing],
        limits=limits,
        user_agent=settings.FETCH_USER_AGENT,
        allow_private=settings.FETCH_ALLOW_PRIVATE,
    ):
        known[response.url] = response
        # Failures are asked again: the editor may be waiting for her server to come up.
        if not response.error:
            MEMORY.put(response)
    return [known[url] for url in wanted]


def find(pasted: str) -> Found:
    """The feeds of a site, or the feed itself, for what an editor pasted."""
    try:
        address = discover.address(pasted)
    except discover.NotAnAddress as error:
        return Found(pasted, error=str(error))
    response = ask([address], FIRST_LIMITS)[0]
    if response.status == 0 and "://" not in pasted:
        address = address.replace("https:", "http:", 1)
        response = ask([address], FIRST_LIMITS)[0]
    if response.error:
        return Found(address, error=response.error)
    feed = as_feed(response)
    if feed:
        return Found(address, offers=with_sources([offer(response, feed, "given")]))
    offers = search(response)
    lists = listing.suggest(response.body, url=response.final_url, content_type=response.content_type)
    return Found(address, offers=with_sources(offers), lists=lists, page=response.final_url)


def as_feed(response: fetch.Response) -> parse.Feed | None:
    """The answer as a feed; None if it is none."""
    if response.error or not response.body:
        return None
    try:
        return parse.parse_feed(response.body, url=response.final_url, content_type=response.content_type)
    except parse.UnreadableFeed:
        return None


def search(page: fetch.Response) -> list[Offer]:
    """The feeds of a page's site: named by the page, in the usual places, and one step further on."""
    url = page.final_url
    named = discover.named(page.body, url=url, content_type=page.content_type)[:MOST_NAMED]
    robots, *answers = ask_places(
        [discover.Place(discover.robots_of(url), "robots"), *named, *discover.usual(url)]
    )
    further: list[discover.Place] = list(discover.sitemaps(robots[1].body, url=url))
    guides = [response for place, response in answers if place.why == "linked" and not as_feed(response)]
    for guide in guides[:MOST_GUIDES]:
        further += discover.named(guide.body, url=guide.final_url, content_type=guide.content_type)[
            :MOST_NAMED
        ]
    asked = {place.url for place, _ in answers}
    answers += ask_places([place for place in further if place.url not in asked])
    indexed = [
        place
        for _, response in answers
        for place in discover.news_sitemaps(response.body, url=response.final_url)
    ]
    return offers_of([*answers, *ask_places(indexed)])


def ask_places(places: Sequence[discover.Place]) -> list[tuple[discover.Place, fetch.Response]]:
    """Places with what is there."""
    return list(zip(places, ask([place.url for place in places], SEARCH_LIMITS), strict=True))


def offers_of(answers: Iterable[tuple[discover.Place, fetch.Response]]) -> list[Offer]:
    """The feeds among the answers; those with the same entries are one."""
    found: dict[object, Offer] = {}
    for place, response in answers:
        feed = as_feed(response)
        if feed and feed.entries and (feed.format != "sitemap" or discover.IS_NEWS.search(place.url)):
            entries = tuple(sorted(entry.url or entry.id for entry in feed.entries[:10]))
            found.setdefault(entries, offer(response, feed, place.why, place.title))
    return list(found.values())[:MOST_OFFERS]


def offer(response: fetch.Response, feed: parse.Feed, why: str, title: str = "") -> Offer:
    """A feed as it is offered."""
    times = [entry.published for entry in feed.entries if entry.published]
    return Offer(
        url=response.final_url if response.redirected_permanently else response.url,
        title=feed.title or title or discover.host(response.final_url),
        format=feed.format,
        entries=len(feed.entries),
        newest=max(times, default=None),
        latest=feed.entries[0].title if feed.entries else "",
        why=why,
    )


def with_sources(offers: Iterable[Offer]) -> tuple[Offer, ...]:
    """The offers with the sources that have them already; one query."""
    known = sources_by_key()
    return tuple(dataclasses.replace(one, source=known.get(discover.feed_key(one.url))) for one in offers)


def sources_by_key() -> dict[str, models.Source]:
    """All sources by what their addresses share with other spellings."""
    return {
        discover.feed_key(source.url): source for source in models.Source.objects.select_related("outlet")
    }


def google_news(company: models.Company) -> tuple[Offer, ...]:
    """The searches of Google News for a company, in Korean and English; nothing is asked for."""
    aliases = [(alias.kind, alias.text) for alias in company.aliases.all()]
    english = next((text for kind, text in aliases if kind == "english"), "")
    if not english:
        names = [company.name, *(text for _, text in aliases)]
        english = next((text for text in names if text.isascii() and not text.isdecimal()), "")
    named = {"ko": company.name, "en": english}
    return with_sources(
        Offer(
            url=discover.google_news(name, language=language),
            title=f"Google News · {name}",
            format=language,
            entries=0,
            newest=None,
            latest="",
            why="google",
        )
        for language, name in named.items()
        if name
    )


def preview(draft: models.Source, *, now: datetime.datetime) -> Preview:
    """What a source (it need not be saved) would bring, read and mended as a poll does."""
    response = ask([draft.url], FIRST_LIMITS)[0]
    twins = twins_of(draft, response.final_url)
    if response.error:
        return Preview(error=response.error, twins=twins)
    try:
        feed = reading.read(draft, response)
    except parse.UnreadableFeed as error:
        return Preview(error=str(error), final_url=response.final_url, twins=twins)
    mended = clock.mend_times(
        feed.entries,
        now=now,
        time_zone=draft.time_zone,
        wall_clock_as_utc=draft.wall_clock_as_utc,
        siblings_do=draft.outlet_id is not None and fetch.host_of(draft.url) in draft.outlet.wall_clock_hosts,
    )
    candidates = decide.candidates(mended.entries)
    stored = stored_articles(candidates)
    lengths = sorted(
        len(extract.text_of_html(entry.content or entry.summary)) for entry in feed.entries[:SHOWN]
    )
    return Preview(
        feed=feed,
        final_url=response.final_url,
        entries=tuple(as_stored(draft, one, stored, now=now) for one in candidates[:SHOWN]),
        stored=sum(one.identity in stored for one in candidates),
        problems=(*feed.problems, *mended.problems),
        twins=twins,
        overlaps=overlaps_of(draft, stored.values()),
        text_length=lengths[len(lengths) // 2] if lengths else 0,
    )


def lists_of(draft: models.Source) -> tuple[listing.Suggestion, ...]:
    """Selectors for the lists of a draft's page."""
    response = ask([draft.url], FIRST_LIMITS)[0]
    return listing.suggest(response.body, url=response.final_url, content_type=response.content_type)


def as_stored(
    draft: models.Source,
    one: decide.Candidate,
    stored: dict[str, models.Article],
    *,
    now: datetime.datetime,
) -> Entry:
    """An entry as the pipeline would store it."""
    article = store.new_article(draft, one, at=now)
    zone = zoneinfo.ZoneInfo(draft.time_zone)
    at = article.published_at.astimezone(zone) if article.published_is_known else None
    return Entry(article, at, stored.get(one.identity))


def stored_articles(candidates: Sequence[decide.Candidate]) -> dict[str, models.Article]:
    """The articles of any outlet that these candidates are; the outlets' ids let the index find them."""
    outlets = list(models.Outlet.objects.values_list("pk", flat=True))
    found = models.Article.objects.filter(
        outlet_id__in=outlets, identity__in={one.identity for one in candidates}
    )
    return {article.identity: article for article in found.only("identity", "title", "ready_at")}


def twins_of(draft: models.Source, final_url: str) -> tuple[models.Source, ...]:
    """Other sources with the same address, or with that which it leads to."""
    known = sources_by_key()
    keys = dict.fromkeys((discover.feed_key(draft.url), discover.feed_key(final_url)))
    found = {source.pk: source for key in keys if (source := known.get(key)) and source.pk != draft.pk}
    return tuple(found.values())


def overlaps_of(draft: models.Source, articles: Iterable[models.Article]) -> tuple[Overlap, ...]:
    """Other sources that show these articles, most first."""
    counted = (
        models.Appearance.objects.filter(article__in=[article.pk for article in articles])
        .exclude(source=draft.pk)
        .values_list("source")
        .annotate(Count("article", distinct=True))
    )
    shared = dict(counted)
    sources = models.Source.objects.filter(pk__in=shared).select_related("outlet")
    found = [Overlap(source, shared[source.pk]) for source in sources]
    return tuple(sorted(found, key=lambda one: -one.shared)[:5])


def guess(draft: models.Source, seen: Preview) -> None:
    """Fill in what a feed tells of its source: title, language, zone, outlet, whether its pages are needed."""
    feed = seen.feed
    if feed is None:
        return
    is_google = discover.is_google_news(draft.url)
    draft.title = draft.title or feed.title[:300] or discover.host(draft.url)
    languages = collections.Counter(one.article.language for one in seen.entries)
    told = feed.language[:2].lower() or (languages.most_common(1)[0][0] if languages else "")
    draft.language = "" if is_google or told not in ("ko", "en") else told
    draft.time_zone = "Asia/Seoul" if told == "ko" else feed.time_zone
    draft.fetch_pages = not is_google and seen.text_length < WHOLE_TEXT
    if outlet := outlet_of(draft.url, feed):
        draft.outlet = outlet


def outlet_of(url: str, feed: parse.Feed) -> models.Outlet | None:
    """The outlet that a feed belongs to, by its site's host or its name; None if there is none yet."""
    if discover.is_google_news(url):
        return models.Outlet.objects.filter(name="Google News").first()
    servers = {discover.server(url), discover.server(feed.site_url)} - {""}
    outlets = {
        outlet
        for outlet in models.Outlet.objects.exclude(homepage="")
        if discover.server(outlet.homepage) in servers
    } or {
        source.outlet
        for source in models.Source.objects.select_related("outlet")
        if discover.server(source.url) in servers
    }
    # Of several outlets on one server only the address can tell; without that nobody can.
    below = [one for one in outlets if one.homepage and (feed.site_url or url).startswith(one.homepage)]
    fitting = [one for one in outlets if one.name == feed.title] or below or list(outlets)
    if len(fitting) == 1:
        return fitting[0]
    return models.Outlet.objects.filter(name=feed.title).first()
