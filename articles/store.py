"""Write what was decided and what was recognised; every function is one transaction and safe to run twice.

Constraints, not hope, keep an article single: rows go in with ON CONFLICT DO NOTHING and are looked up again by
what makes them unique, so that of two workers with the same article one writes it and both find it.
"""

import datetime
import logging
import zlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F

from articles import bulk, decide, faults, models, polls, readings, storable
from articles.feeds import fetch, parse
from articles.pages import extract

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Stored:
    """How many of a feed's entries were new, updated, duplicates, unchanged, rejected, and failed to be stored."""

    new: int = 0
    updated: int = 0
    duplicate: int = 0
    unchanged: int = 0
    rejected: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Arrival:
    """A feed that came. `at` is the source's own clock, which a replay sets; its entries' times have been mended.

    `again` are the keys of those entries that it shows as it did before.
    """

    source: models.Source
    response: fetch.Response
    feed: parse.Feed
    at: datetime.datetime
    again: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Due:
    """A decision of a source's entry that is to be carried out."""

    source: models.Source
    at: datetime.datetime
    decision: decide.Decision


@dataclass(frozen=True, slots=True)
class Failed:
    """A decision that could not be carried out, and why."""

    due: Due
    reason: str


# Whoever calls this in a transaction of their own gives up all of it with it: no savepoint is needed.
@transaction.atomic(savepoint=False)
def store_feeds(
    arrivals: Sequence[Arrival], *, now: datetime.datetime, tagger: readings.Tagger | None = None
) -> list[Stored]:
    """Store the entries of feeds of different sources, their fates and the polls' outcomes.

    With a `tagger`, new articles that wait for no page are stored ready; else they wait to be read.

    The statements are as many for a dozen feeds as for one. `now` is the clock on the wall, for the next polls. An
    entry that can't be stored leaves the others alone: it is recorded as failed, and its feed is asked for in full
    so that it is tried again.
    """
    decided = decide_all(arrivals)
    due = [
        Due(arrival.source, arrival.at, decision)
        for arrival, decisions in zip(arrivals, decided, strict=True)
        for decision in decisions
        if decision.verdict is not decide.Verdict.UNCHANGED
    ]
    failures: dict[int, list[Failed]] = defaultdict(list)
    for failed in write(due, now=now, tagger=tagger):
        failures[failed.due.source.pk].append(failed)
    note_presence(arrivals, decided)
    results = [
        outcome(arrival, decisions, failures[arrival.source.pk])
        for arrival, decisions in zip(arrivals, decided, strict=True)
    ]
    polls.finish(
        [ending(arrival, *result, now=now) for arrival, result in zip(arrivals, results, strict=True)]
    )
    return [stored for stored, _ in results]


def decide_all(arrivals: Sequence[Arrival]) -> list[list[decide.Decision]]:
    """What each feed's entries are. What is new in one feed of an outlet is a duplicate in the next."""
    found = [
        decide.candidates(entry for entry in arrival.feed.entries if not entry.again) for arrival in arrivals
    ]
    entries, articles = load_known(arrivals, found)
    new: dict[int, set[str]] = defaultdict(set)
    return [
        decide.decide(
            candidates,
            decide.Known(entries[arrival.source.pk], articles[arrival.source.outlet_id]),
            at=arrival.at,
            new=new[arrival.source.outlet_id],
        )
        for arrival, candidates in zip(arrivals, found, strict=True)
    ]


# What the keys of a set of entries, or the identities of a set of articles, are known as.
LOAD_SEEN = """
SELECT entry.source_id, entry.entry_key, entry.article_id, entry.content_hash, entry.content_at, article.identity,
    article.feed_title, entry.tries, entry.last_seen_at IS NOT NULL
FROM unnest(%s::bigint[], %s::text[]) AS wanted(source_id, entry_key)
JOIN articles_appearance AS entry USING (source_id, entry_key)
LEFT JOIN articles_article AS article ON article.id = entry.article_id
"""
LOAD_ARTICLES = """
SELECT article.outlet_id, article.identity, article.id
FROM unnest(%s::bigint[], %s::text[]) AS wanted(outlet_id, identity)
JOIN articles_article AS article USING (outlet_id, identity)
"""


# What the sources' entries are known by that they showed when they were last read, apart from those to be tried again.
LOAD_DIGESTS = """
SELECT source_id, digest, entry_id, entry_key FROM articles_appearance
WHERE source_id = ANY(%s::bigint[]) AND last_seen_at IS NULL AND tries = 0 AND digest IS NOT NULL
"""


def load_digests(sources: Iterable[models.Source]) -> Mapping[int, dict[bytes, str]]:
    """The keys of the entries that these sources show, by source and by digest."""
    wanted = [source.pk for source in sources if source.last_success_at is not None]
    found: dict[int, dict[bytes, str]] = defaultdict(dict)
    if wanted:
        with bulk.cursor() as cursor:
            for source, digest, entry_id, key in cursor.execute(LOAD_DIGESTS, [wanted]):
                # What shares its id with another gets its key by what stands beside it.
                if key == decide.digest("id", entry_id):
                    found[source][digest] = key
    return found


def load_known(
    arrivals: Sequence[Arrival], found: Sequence[Sequence[decide.Candidate]]
) -> tuple[Mapping[int, dict[str, decide.Seen]], Mapping[int, dict[str, int]]]:
    """What is stored of the feeds' candidates, entries by source and articles by outlet; two queries in all."""
    pairs = [
        (arrival.source, one)
        for arrival, candidates in zip(arrivals, found, strict=True)
        for one in candidates
    ]
    entries: dict[int, dict[str, decide.Seen]] = defaultdict(dict)
    keys = {(source.pk, key) for source, one in pairs for key in (one.entry_key, decide.second_key(one))}
    for source, key, article, text, since, identity, title, tries, is_gone in bulk.rows(LOAD_SEEN, keys):
        entries[source][key] = decide.Seen(
            article, text, since, identity, title, tries=tries, is_gone=is_gone
        )
    articles: dict[int, dict[str, int]] = defaultdict(dict)
    for outlet, identity, pk in articles_of({(source.outlet_id, one.identity) for source, one in pairs}):
        articles[outlet][identity] = pk
    return entries, articles


def articles_of(identities: Collection[tuple[int, str]]) -> list[tuple[int, str, int]]:
    """The ids of those articles that are stored, with their outlets and identities."""
    return bulk.rows(LOAD_ARTICLES, identities)


def outcome(
    arrival: Arrival, decisions: Sequence[decide.Decision], failures: Sequence[Failed]
) -> tuple[Stored, str]:
    """What a feed brought, and what is to be told of it; noted on its source."""
    source, response, feed = arrival.source, arrival.response, arrival.feed
    stored = count(decisions, failures, again=len(arrival.again))
    if not response.pushed:
        describe(source, feed)
    moved = polls.succeed(source, response, at=arrival.at, new=stored.new)
    if any(tries(one.due.decision) < decide.MOST_TRIES for one in failures):
        source.etag = source.last_modified = source.body_hash = ""
    return stored, "; ".join(filter(None, [moved, *feed.problems, *reasons(decisions, failures)]))


def ending(arrival: Arrival, stored: Stored, detail: str, *, now: datetime.datetime) -> polls.Ending:
    """How the poll that brought a feed ended."""
    return polls.Ending(
        arrival.source,
        arrival.response,
        models.Poll.Outcome.STORED,
        now=now,
        at=arrival.at,
        entries=len(arrival.feed.entries),
        new=stored.new,
        updated=stored.updated,
        detail=detail,
    )


def describe(source: models.Source, feed: parse.Feed) -> None:
    """Note on the source what the feed says about itself."""
    about: dict[str, Any] = {
        "title": storable.text(feed.title)[:300],
        "format": feed.format,
        "language": feed.language[:20],
        "encoding": feed.encoding[:40],
        "site": storable.text(feed.site_url)[:1000],
        "hub": storable.text(feed.hub)[:1000],
    }
    source.about = {name: value for name, value in about.items() if value}


def count(decisions: Iterable[decide.Decision], failures: Sequence[Failed], *, again: int) -> Stored:
    """How many there are of each; one that failed counts as that alone. Those shown `again` are unchanged."""
    counts = Counter(decision.verdict.value for decision in decisions)
    counts["unchanged"] += again
    counts.subtract(one.due.decision.verdict.value for one in failures)
    return Stored(**counts, failed=len(failures))


def reasons(decisions: Iterable[decide.Decision], failures: Sequence[Failed]) -> list[str]:
    """Why entries were rejected or failed, each reason once."""
    rejected = [one.reason for one in decisions if one.verdict is decide.Verdict.REJECTED]
    failed = [f"an entry could not be stored: {one.reason}" for one in failures]
    return list(dict.fromkeys(rejected + failed))


def write(due: Sequence[Due], *, now: datetime.datetime, tagger: readings.Tagger | None) -> list[Failed]:
    """Carry out decisions, all at once, or half by half if that fails; returns those that can't be."""
    if not due:
        return []
    try:
        with transaction.atomic():
            write_all(due, now=now, tagger=tagger)
    except faults.ENTRY_ERRORS as error:
        if not faults.is_an_entrys(error):
            raise
        if len(due) == 1 and tagger:
            # Perhaps what was read of it can't be stored: then it waits to be read, alone.
            return write(due, now=now, tagger=None)
        if len(due) == 1:
            log.exception("%s: an entry could not be stored", due[0].source)
            return [record_failed(Failed(due[0], faults.reason(error)))]
        log.warning("%d entries are stored in halves, because of %s", len(due), error)
        middle = len(due) // 2
        halves = due[:middle], due[middle:]
        return [failed for half in halves for failed in write(half, now=now, tagger=tagger)]
    return []


def write_all(due: Iterable[Due], *, now: datetime.datetime, tagger: readings.Tagger | None) -> None:
    """Write the articles of these decisions, and the entries' fates."""
    groups: dict[decide.Verdict, list[Due]] = {verdict: [] for verdict in decide.Verdict}
    for one in due:
        groups[one.decision.verdict].append(one)
    new, rejected = groups[decide.Verdict.NEW], groups[decide.Verdict.REJECTED]
    insert_articles(new, now=now, tagger=tagger)
    insert_appearances(new + groups[decide.Verdict.DUPLICATE] + rejected)
    update_articles(groups[decide.Verdict.UPDATED], now=now)


def insert_articles(new: Iterable[Due], *, now: datetime.datetime, tagger: readings.Tagger | None) -> None:
    """Insert articles that nobody has inserted yet. Sorted, so that two workers can't wait for each other."""
    rows = [stored_article(one) for one in new]
    rows.sort(key=lambda row: (row.outlet_id, row.identity))
    read = read_all(rows, tagger, now=now) if tagger else []
    inserted = bulk.insert(rows, returning=("outlet_id", "identity", "id"))
    ids = {(outlet, identity): pk for outlet, identity, pk in inserted}
    for row in rows:
        row.pk = ids.get((row.outlet_id, row.identity))
    if tagger:
        readings.store_new([one for one in read if one.article.pk], tagger, now=now)


def read_all(
    rows: Iterable[models.Article], tagger: readings.Tagger, *, now: datetime.datetime
) -> list[readings.Reading]:
    """Read the new articles that wait for no page. One that can't be read goes on waiting; then it is read alone."""
    found = []
    for row in rows:
        if row.stage == models.Article.Stage.TAG:
            try:
                found.append(readings.read_new(row, tagger, now=now))
            except faults.ENTRY_ERRORS:
                log.exception("%s could not be read as it came", row.url)
    return found


def stored_article(one: Due) -> models.Article:
    """The article of a new entry, with its outlet at hand for whoever reads it."""
    article = new_article(one.source, one.decision.candidate, at=one.at)
    article.outlet = one.source.outlet
    return article


def new_article(source: models.Source, one: decide.Candidate, *, at: datetime.datetime) -> models.Article:
    """An article as the feed tells it, before its page is read."""
    entry = one.entry
    text = extract.read_fragment(entry.content or entry.summary, title=entry.title)
    title = entry.title or text.text[:80] or entry.url
    wants_page = source.fetch_pages and bool(entry.url)
    published = entry.published or entry.updated
    return models.Article(
        outlet_id=source.outlet_id,
        source=source,
        identity=one.identity,
        url=entry.url,
        title=title,
        feed_title=entry.title,
        summary=extract.text_of_html(entry.summary)[:2000],
        feed_text=text.text,
        feed_regions=extract.plain_regions(text.regions),
        author=", ".join(entry.authors)[:300],
        language=source.language,
        is_sample=source.is_sample,
        published_at=published or at,
        published_is_known=published is not None,
        first_seen_at=at,
        stage=models.Article.Stage.PAGE if wants_page else models.Article.Stage.TAG,
        page_due_at=at if wants_page else None,
    )


FATES = {
    decide.Verdict.NEW: models.Appearance.Fate.STORED,
    decide.Verdict.DUPLICATE: models.Appearance.Fate.DUPLICATE,
    decide.Verdict.UPDATED: models.Appearance.Fate.UPDATED,
    decide.Verdict.REJECTED: models.Appearance.Fate.REJECTED,
}


def insert_appearances(due: Sequence[Due]) -> None:
    """Record which entry of its source is which article, and those that are none."""
    missing = {
        (one.source.outlet_id, one.decision.candidate.identity)
        for one in due
        if one.decision.article_id is None and one.decision.verdict is not decide.Verdict.REJECTED
    }
    ids = {(outlet, identity): pk for outlet, identity, pk in articles_of(missing)}
    fresh = [new_appearance(one, ids) for one in due if one.decision.seen is None]
    fresh.sort(key=lambda row: (row.source_id, row.entry_key))
    bulk.insert(fresh)
    for one in due:
        if one.decision.seen is not None:
            settle(new_appearance(one, ids))


def new_appearance(due: Due, ids: Mapping[tuple[int, str], int]) -> models.Appearance:
    """An entry as the ledger keeps it; `ids` are those of articles by outlet and identity."""
    decision = due.decision
    return models.Appearance(
        source=due.source,
        entry_key=decision.candidate.entry_key,
        first_seen_at=due.at,
        **said(decision, at=due.at),
        fate=FATES[decision.verdict],
        reason=decision.reason,
        article_id=decision.article_id or ids.get((due.source.outlet_id, decision.candidate.identity)),
    )


def said(decision: decide.Decision, *, at: datetime.datetime) -> dict[str, Any]:
    """What the ledger keeps of an entry: its fields' values."""
    entry = decision.candidate.entry
    return {
        "entry_id": entry.id[:1000],
        "url": entry.url,
        "title": entry.title,
        "content_hash": decision.candidate.content_hash,
        "digest": entry.digest or None,
        "content_at": at,
    }


def settle(row: models.Appearance) -> None:
    """Write the fate of an entry that was rejected or had failed before; one that became an article stays."""
    fields = (
        *("entry_id", "url", "title", "content_hash", "digest", "content_at"),
        *("fate", "reason", "article_id"),
    )
    models.Appearance.objects.filter(source=row.source, entry_key=row.entry_key, article__isnull=True).update(
        tries=0, **{field: getattr(row, field) for field in fields}
    )


def update_articles(due: Iterable[Due], *, now: datetime.datetime) -> None:
    """Take over what edited entries say and have their articles read again; two rows an edited entry.

    Sorted, so that two workers can't wait for each other.
    """
    for one in sorted(due, key=lambda one: one.decision.article_id or 0):
        decision, source = one.decision, one.source
        assert decision.article_id is not None  # noqa: S101 - an update is of an article that is known
        entry = decision.candidate.entry
        text = extract.read_fragment(entry.content or entry.summary, title=entry.title)
        wants_page = source.fetch_pages and bool(entry.url)
        models.Article.objects.filter(pk=decision.article_id).update(
            feed_title=entry.title,
            feed_text=text.text,
            feed_regions=extract.plain_regions(text.regions),
            summary=extract.text_of_html(entry.summary)[:2000],
            stage=models.Article.Stage.PAGE if wants_page else models.Article.Stage.TAG,
            page_due_at=now if wants_page else None,
            page_attempts=0,
        )
        models.Appearance.objects.filter(source=source, entry_key=decision.candidate.entry_key).update(
            **said(decision, at=one.at), fate=models.Appearance.Fate.UPDATED, reason="", tries=0
        )


def tries(decision: decide.Decision) -> int:
    """How often storing this text has failed, with a failure of now."""
    seen = decision.seen
    same = seen is not None and seen.content_hash == decision.candidate.content_hash
    return (seen.tries if seen and same else 0) + 1


def record_failed(failed: Failed) -> Failed:
    """Record that an entry could not be stored. Whatever it holds is cut to what surely can be."""
    source, at, decision = failed.due.source, failed.due.at, failed.due.decision
    fields = said(decision, at=at)
    fields |= {"title": fields["title"][:500], "fate": models.Appearance.Fate.FAILED}
    fields |= {"reason": failed.reason, "tries": tries(decision)}
    models.Appearance.objects.update_or_create(
        source=source,
        entry_key=decision.candidate.entry_key,
        defaults=fields,
        create_defaults={**fields, "first_seen_at": at},
    )
    return failed


NOTE_GONE = """
UPDATE articles_appearance AS entry SET last_seen_at = feed.read_at
FROM unnest(%s::bigint[], %s::timestamptz[]) AS feed(source_id, read_at)
WHERE entry.source_id = feed.source_id AND entry.last_seen_at IS NULL AND NOT EXISTS (
    SELECT FROM unnest(%s::bigint[], %s::text[]) AS shown(source_id, entry_key)
    WHERE shown.source_id = entry.source_id AND shown.entry_key = entry.entry_key
)
"""


def note_presence(arrivals: Sequence[Arrival], decided: Sequence[Sequence[decide.Decision]]) -> None:
    """Note which entries have left their feed since it was last read, if it came in full, and which are back."""
    read = [
        (arrival.source.pk, arrival.source.last_success_at)
        for arrival in arrivals
        if arrival.source.last_success_at is not None and not arrival.response.pushed
    ]
    shown = [
        (arrival.source.pk, decision)
        for arrival, decisions in zip(arrivals, decided, strict=True)
        for decision in decisions
    ]
    if read:
        keys = [(source, decision.candidate.entry_key) for source, decision in shown]
        keys += [(arrival.source.pk, key) for arrival in arrivals for key in arrival.again]
        bulk.execute(NOTE_GONE, *bulk.columns(read, 2), *bulk.columns(keys, 2))
    for source, decision in shown:
        if decision.seen and decision.seen.is_gone:
            models.Appearance.objects.filter(source=source, entry_key=decision.candidate.entry_key).update(
                last_seen_at=None
            )


def record_unchanged(
    answers: Iterable[tuple[models.Source, fetch.Response]], *, now: datetime.datetime
) -> None:
    """Record polls that found their feeds as they were, all at once."""
    polls.finish(
        [
            polls.Ending(
                source,
                response,
                models.Poll.Outcome.UNCHANGED,
                now=now,
                at=source.replay_at or now,
                detail=polls.succeed(source, response, at=source.replay_at or now, new=0),
            )
            for source, response in answers
        ]
    )


def record_failure(
    source: models.Source,
    response: fetch.Response,
    why: str,
    *,
    now: datetime.datetime,
    at: datetime.datetime,
) -> None:
    """Record a poll that failed, in words; the next one waits longer."""
    polls.fail(source, response, why)
    polls.finish([polls.Ending(source, response, models.Poll.Outcome.FAILED, now=now, at=at, detail=why)])


def put_off(source: models.Source, *, until: datetime.datetime) -> None:
    """Give a claimed source back unasked, to be asked at `until`: no poll took place."""
    models.Source.objects.filter(pk=source.pk, claimed_until=source.claimed_until).update(
        next_poll_at=until, claimed_until=None
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
            "content_type": storable.text(response.content_type)[:200],
        },
    )
    models.Article.objects.filter(pk=article.pk).update(
        stage=models.Article.Stage.TAG, page_due_at=None, page_error="", page_attempts=F("page_attempts") + 1
    )


def give_up_page(
    article: models.Article, why: str, *, attempts: int, again_at: datetime.datetime | None
) -> None:
    """Go on with the feed's text after so many attempts; the article says why. `again_at` is the next one, if any.

    An article that is ready already stays as it is.
    """
    stage = models.Article.Stage.READY
    models.Article.objects.filter(pk=article.pk, stage=article.stage).update(
        stage=stage if article.stage == stage else models.Article.Stage.TAG,
        page_due_at=again_at,
        page_error=why,
        page_attempts=attempts,
    )


def postpone_page(article: models.Article, why: str, *, until: datetime.datetime) -> None:
    """Ask for the page again at `until`."""
    models.Article.objects.filter(pk=article.pk).update(
        page_due_at=until, page_error=why, page_attempts=F("page_attempts") + 1
    )
