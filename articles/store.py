"""Write what was decided and what was recognised; every function is one transaction and safe to run twice.

Constraints, not hope, keep an article single: rows go in with ON CONFLICT DO NOTHING and are looked up again by
what makes them unique, so that of two workers with the same article one writes it and both find it.
"""

import dataclasses
import datetime
import logging
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F

from articles import decide, faults, models, polls, storable
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
class Failed:
    """A decision that could not be carried out, and why."""

    decision: decide.Decision
    reason: str


def load_known(source: models.Source, candidates: Sequence[decide.Candidate]) -> decide.Known:
    """What is stored of these candidates: two queries, however many there are."""
    keys = {key for one in candidates for key in (one.entry_key, decide.second_key(one))}
    rows = models.Appearance.objects.filter(source=source, entry_key__in=keys).values_list(
        "entry_key",
        "article_id",
        "content_hash",
        "content_at",
        "article__identity",
        "article__feed_title",
        "tries",
        "last_seen_at",
    )
    articles = models.Article.objects.filter(
        outlet_id=source.outlet_id, identity__in={one.identity for one in candidates}
    )
    return decide.Known(
        entries={
            key: decide.Seen(article, text, since, identity, title, tries=tries, is_gone=last is not None)
            for key, article, text, since, identity, title, tries, last in rows
        },
        articles=dict(articles.values_list("identity", "pk")),
    )


# Whoever calls this in a transaction of their own gives up all of it with it: no savepoint is needed.
@transaction.atomic(savepoint=False)
def store_feed(
    source: models.Source,
    response: fetch.Response,
    feed: parse.Feed,
    *,
    now: datetime.datetime,
    at: datetime.datetime,
) -> Stored:
    """Store a feed's entries, their fates and the poll's outcome.

    `now` is the clock on the wall, for the next poll; `at` is the source's own clock, which a replay sets.
    The feed's times have been mended before. An entry that can't be stored leaves the others alone: it is
    recorded as failed, and the feed is asked for in full so that it is tried again.
    """
    candidates = decide.candidates(feed.entries)
    decisions = decide.decide(candidates, load_known(source, candidates), at=at)
    failures = write(source, decisions, now=now, at=at)
    note_presence(source, decisions, in_full=not response.pushed)
    if any(tries(one.decision) < decide.MOST_TRIES for one in failures):
        source.etag = source.last_modified = source.body_hash = ""
        response = dataclasses.replace(response, etag="", last_modified="")
    stored = count(decisions, failures)
    if not response.pushed:
        describe(source, feed)
    detail = "; ".join([*feed.problems, *reasons(decisions, failures)])
    record_success(source, response, now=now, at=at, stored=stored, entries=len(feed.entries), detail=detail)
    return stored


def describe(source: models.Source, feed: parse.Feed) -> None:
    """Keep what the feed says about itself; a row is written when it says something new."""
    about: dict[str, Any] = {
        "title": storable.text(feed.title)[:300],
        "format": feed.format,
        "language": feed.language[:20],
        "encoding": feed.encoding[:40],
        "site": storable.text(feed.site_url)[:1000],
        "hub": storable.text(feed.hub)[:1000],
    }
    about = {name: value for name, value in about.items() if value}
    if about != source.about:
        source.about = about
        models.Source.objects.filter(pk=source.pk).update(about=about)


def count(decisions: Iterable[decide.Decision], failures: Sequence[Failed]) -> Stored:
    """How many there are of each; one that failed counts as that alone."""
    counts = Counter(decision.verdict.value for decision in decisions)
    counts.subtract(one.decision.verdict.value for one in failures)
    return Stored(**counts, failed=len(failures))


def reasons(decisions: Iterable[decide.Decision], failures: Sequence[Failed]) -> list[str]:
    """Why entries were rejected or failed, each reason once."""
    rejected = [one.reason for one in decisions if one.verdict is decide.Verdict.REJECTED]
    failed = [f"an entry could not be stored: {one.reason}" for one in failures]
    return list(dict.fromkeys(rejected + failed))


def write(
    source: models.Source,
    decisions: Sequence[decide.Decision],
    *,
    now: datetime.datetime,
    at: datetime.datetime,
) -> list[Failed]:
    """Carry out decisions, all at once, or one by one if that fails; returns those that can't be."""
    due = [one for one in decisions if one.verdict is not decide.Verdict.UNCHANGED]
    if not due:
        return []
    try:
        with transaction.atomic():
            write_all(source, due, now=now, at=at)
    except faults.ENTRY_ERRORS as error:
        if not faults.is_an_entrys(error):
            raise
        log.warning("%s: stored entry by entry, because of %s", source, error)
        return write_singly(source, due, now=now, at=at)
    return []


def write_singly(
    source: models.Source, due: Iterable[decide.Decision], *, now: datetime.datetime, at: datetime.datetime
) -> list[Failed]:
    """Carry out decisions one by one; returns those that can't be, recorded as failed."""
    failures = []
    for decision in due:
        try:
            with transaction.atomic():
                write_all(source, [decision], now=now, at=at)
        except faults.ENTRY_ERRORS as error:
            if not faults.is_an_entrys(error):
                raise
            log.exception("%s: an entry could not be stored: %s", source, decision.candidate.entry.url)
            failures.append(Failed(decision, faults.reason(error)))
    for failed in failures:
        record_failed(source, failed, at=at)
    return failures


def write_all(
    source: models.Source,
    due: Iterable[decide.Decision],
    *,
    now: datetime.datetime,
    at: datetime.datetime,
) -> None:
    """Write the articles of these decisions, and the entries' fates."""
    groups: dict[decide.Verdict, list[decide.Decision]] = {verdict: [] for verdict in decide.Verdict}
    for decision in due:
        groups[decision.verdict].append(decision)
    new, rejected = groups[decide.Verdict.NEW], groups[decide.Verdict.REJECTED]
    insert_articles(source, [decision.candidate for decision in new], at=at)
    insert_appearances(source, new + groups[decide.Verdict.DUPLICATE] + rejected, at=at)
    update_articles(source, groups[decide.Verdict.UPDATED], now=now, at=at)


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
        url=entry.url,
        title=title,
        feed_title=entry.title,
        summary=extract.text_of_html(entry.summary)[:2000],
        feed_text=text,
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


def insert_appearances(
    source: models.Source, decisions: Sequence[decide.Decision], *, at: datetime.datetime
) -> None:
    """Record which entry of this source is which article, and those that are none."""
    missing = {
        d.candidate.identity
        for d in decisions
        if d.article_id is None and d.verdict is not decide.Verdict.REJECTED
    }
    articles = models.Article.objects.filter(outlet_id=source.outlet_id, identity__in=missing)
    ids = dict(articles.values_list("identity", "pk")) if missing else {}
    rows = [
        models.Appearance(
            source=source,
            entry_key=decision.candidate.entry_key,
            first_seen_at=at,
            **said(decision, at=at),
            fate=FATES[decision.verdict],
            reason=decision.reason,
            article_id=decision.article_id or ids.get(decision.candidate.identity),
        )
        for decision in sorted(decisions, key=lambda d: d.candidate.entry_key)
    ]
    known = {decision.candidate.entry_key for decision in decisions if decision.seen}
    models.Appearance.objects.bulk_create(
        [row for row in rows if row.entry_key not in known], ignore_conflicts=True
    )
    for row in rows:
        if row.entry_key in known:
            settle(row)


def said(decision: decide.Decision, *, at: datetime.datetime) -> dict[str, Any]:
    """What the ledger keeps of an entry: its fields' values."""
    entry = decision.candidate.entry
    return {
        "entry_id": entry.id[:1000],
        "url": entry.url,
        "title": entry.title,
        "content_hash": decision.candidate.content_hash,
        "content_at": at,
    }


def settle(row: models.Appearance) -> None:
    """Write the fate of an entry that was rejected or had failed before; one that became an article stays."""
    fields = ("entry_id", "url", "title", "content_hash", "content_at", "fate", "reason", "article_id")
    models.Appearance.objects.filter(source=row.source, entry_key=row.entry_key, article__isnull=True).update(
        tries=0, **{field: getattr(row, field) for field in fields}
    )


def update_articles(
    source: models.Source,
    decisions: Sequence[decide.Decision],
    *,
    now: datetime.datetime,
    at: datetime.datetime,
) -> None:
    """Take over what an edited entry says and have its article read again; two rows an edited entry.

    Sorted, so that two workers can't wait for each other.
    """
    for decision in sorted(decisions, key=lambda decision: decision.article_id or 0):
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
            **said(decision, at=at), fate=models.Appearance.Fate.UPDATED, reason="", tries=0
        )


def tries(decision: decide.Decision) -> int:
    """How often storing this text has failed, with a failure of now."""
    seen = decision.seen
    same = seen is not None and seen.content_hash == decision.candidate.content_hash
    return (seen.tries if seen and same else 0) + 1


def record_failed(source: models.Source, failed: Failed, *, at: datetime.datetime) -> None:
    """Record that an entry could not be stored. Whatever it holds is cut to what surely can be."""
    fields = said(failed.decision, at=at)
    fields |= {"title": fields["title"][:500], "fate": models.Appearance.Fate.FAILED}
    fields |= {"reason": failed.reason, "tries": tries(failed.decision)}
    models.Appearance.objects.update_or_create(
        source=source,
        entry_key=failed.decision.candidate.entry_key,
        defaults=fields,
        create_defaults={**fields, "first_seen_at": at},
    )


def note_presence(source: models.Source, decisions: Sequence[decide.Decision], *, in_full: bool) -> None:
    """Note which entries have left the feed since it was last read, if it came in full, and which are back."""
    entries = models.Appearance.objects.filter(source=source)
    keys = [decision.candidate.entry_key for decision in decisions]
    if in_full and source.last_success_at is not None:
        entries.shown().exclude(entry_key__in=keys).update(last_seen_at=source.last_success_at)
    back = [one.candidate.entry_key for one in decisions if one.seen and one.seen.is_gone]
    if back:
        entries.filter(entry_key__in=back).update(last_seen_at=None)


def record_success(
    source: models.Source,
    response: fetch.Response,
    *,
    now: datetime.datetime,
    at: datetime.datetime,
    stored: Stored,
    entries: int = 0,
    detail: str = "",
) -> None:
    """Record a poll that got a feed."""
    moved = polls.succeed(source, response, at=at, new=stored.new)
    polls.finish(
        [
            polls.Ending(
                source,
                response,
                models.Poll.Outcome.STORED,
                now=now,
                at=at,
                entries=entries,
                new=stored.new,
                updated=stored.updated,
                detail="; ".join(filter(None, (moved, detail))),
            )
        ]
    )


@transaction.atomic
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
