"""Alerts of more than usual: each few minutes their stories are counted and compared with what is usual, and those far
above it are told with what explains them.

The articles that such an alert matches are hits as any other's, counted and not told (`Hit.Held.SPIKE`). What is usual
is counted in stored articles, also those from before the alert. Must not judge; `alerts.matching.spikes` does.
"""

import datetime
import logging
import zoneinfo
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import Min

from alerts import envelopes, holding, models
from alerts.matching import backtest, spikes
from articles import faults, reads, saved_searches
from articles import models as news
from articles.dates import working_days
from articles.search import query, saved, tokens
from articles.search.context import NEWSROOM, Context
from newswatch.accounts import middleware

log = logging.getLogger(__name__)

# Days and hours of news are those of Korea; so are the holidays.
ZONE = zoneinfo.ZoneInfo("Asia/Seoul")
KNOWN = datetime.timedelta(days=spikes.PAST_DAYS + 2)
# A source that failed for less than this brings what was published meanwhile once it is back.
DOWN_AFTER = datetime.timedelta(hours=1)
# A source whose first poll that is kept is younger than the oldest one of all by this is new.
NEW_AFTER = datetime.timedelta(days=1)
MOST_TOLD = 20
MOST_WORDS = 8
MOST_OUTLETS = 5
# Stories that words and outlets are compared with.
MOST_COMPARED = 3_000


@dataclass(frozen=True, slots=True)
class Found:
    """A story that the query finds: when its first article was published, that article's headline, who tells it."""

    story: int
    first: datetime.datetime
    title: str
    outlets: frozenset[str]
    source: int


def check(*, now: datetime.datetime) -> int:
    """Look at every alert of more than usual; returns how many spikes are told."""
    on = models.Alert.objects.filter(kind=models.Alert.Kind.SPIKE, enabled=True, owner__is_active=True)
    told = 0
    for alert in on.select_related("owner").order_by("pk"):
        try:
            told += check_alert(alert, now=now)
        except faults.ENTRY_ERRORS as error:
            if not faults.is_an_entrys(error):
                raise
            log.exception("alert %d could not be looked at", alert.pk)
    return told


def check_alert(alert: models.Alert, *, now: datetime.datetime) -> bool:
    """Tell a spike of an alert if there is one that was not told; whether there is."""
    found = stories_of(alert, now=now)
    series = series_of(found, now=now)
    verdict = spikes.judge(series, is_day_off=working_days.is_day_off)
    if verdict is None or not verdict.is_spike:
        return False
    with transaction.atomic():
        locked = holding.lock([alert.pk]).get(alert.pk)
        last = models.Spike.objects.filter(alert=alert).first()
        if locked is None or not spikes.may_alarm(
            verdict, now=now, last_at=last.at if last else None, last_stories=last.stories if last else 0
        ):
            return False
        tell(locked, verdict, found, now=now)
    return True


def stories_of(alert: models.Alert, *, now: datetime.datetime) -> list[Found]:
    """The stories that an alert's query finds in the weeks that count. Two queries."""
    # In an alert nothing is read or starred.
    context = replace(
        saved_searches.context_of(alert.owner, alert.query, now=now),
        reader=None,
        zone=middleware.zone_of(alert.owner.time_zone) or NEWSROOM,
    )
    tree = backtest.at_arrival(saved.read(alert.query, context))
    return found_by(tree, context, since=now - KNOWN, until=now)


def found_by(
    tree: query.Query, context: Context, *, since: datetime.datetime, until: datetime.datetime
) -> list[Found]:
    """The stories that a query finds among articles of a time, by their first article. One query."""
    articles = news.Article.objects.ready().filter(
        published_at__gte=since, published_at__lt=until, story__isnull=False, source__replay_at__isnull=True
    )
    rows = (
        reads.matching_tree(articles, tree, context=context)
        .order_by("published_at", "pk")
        .values_list("story_id", "published_at", "title", "outlet__name", "source_id")
    )
    first: dict[int, tuple[datetime.datetime, str, int]] = {}
    outlets: defaultdict[int, set[str]] = defaultdict(set)
    for story, published, title, outlet, source in rows.iterator():
        first.setdefault(story, (published, title, source))
        outlets[story].add(outlet)
    return [
        Found(story, published, title, frozenset(outlets[story]), source)
        for story, (published, title, source) in first.items()
    ]


def series_of(found: Sequence[Found], *, now: datetime.datetime) -> spikes.Series:
    """Stories by the hour up to now, and how much of the sources that bring them was there."""
    start = (now - KNOWN).astimezone(ZONE)
    hours = int(KNOWN / spikes.HOUR)
    counts = [0] * hours
    for one in found:
        hour = int((one.first - start) / spikes.HOUR)
        if 0 <= hour < hours:
            counts[hour] += 1
    away = absences({one.source for one in found}, now=now)
    shares = shares_of(found, away, now=now)
    exposure = spikes.exposure(start, hours, shares=shares, absences=away)
    return spikes.Series(start, counts, exposure)


def absences(sources: Collection[int], *, now: datetime.datetime) -> list[spikes.Absence]:
    """When these sources were away: before their first poll, while they failed for a day, and as they fail now."""
    polls = news.Poll.objects.all()
    oldest = polls.aggregate(at=Min("at"))["at"] or now
    first = dict(
        polls.filter(source__in=sources).values("source").annotate(at=Min("at")).values_list("source", "at")
    )
    away = [spikes.Absence(source, None, at) for source, at in first.items() if at - oldest > NEW_AFTER]
    notices = news.Notice.objects.filter(
        source__in=sources, kind__in=[news.Notice.Kind.FAILING, news.Notice.Kind.OFF]
    )
    away += [
        spikes.Absence(source, since, resolved or now)
        for source, since, resolved in notices.values_list("source_id", "since", "resolved_at")
    ]
    failing = news.Source.objects.filter(
        pk__in=sources, failures__gt=0, last_success_at__lt=now - DOWN_AFTER
    ).exclude(notices__resolved_at__isnull=True, notices__kind=news.Notice.Kind.FAILING)
    away += [
        spikes.Absence(source, since, now) for source, since in failing.values_list("pk", "last_success_at")
    ]
    return away


def shares_of(
    found: Sequence[Found], away: Sequence[spikes.Absence], *, now: datetime.datetime
) -> dict[int, float]:
    """How many stories each source brings in an hour that it is there."""
    hours: Counter[int] = Counter()
    for one in away:
        begin = max(one.begin or now - KNOWN, now - KNOWN)
        hours[one.source] += max(int((one.end - begin) / spikes.HOUR), 0)
    whole = int(KNOWN / spikes.HOUR)
    counts = Counter(one.source for one in found)
    return {source: count / max(whole - hours[source], 24) for source, count in counts.items()}


def tell(
    alert: models.Alert, verdict: spikes.Verdict, found: Sequence[Found], *, now: datetime.datetime
) -> models.Spike:
    """Write down a spike and put its stories into mails. In the transaction that has locked the alert."""
    begin = now - verdict.hours * spikes.HOUR
    lately = [one for one in found if one.first >= begin]
    before = [one for one in found if one.first < begin][-MOST_COMPARED:]
    spike = models.Spike.objects.create(
        alert=alert,
        at=now,
        hours=verdict.hours,
        stories=verdict.stories,
        expected=verdict.expected,
        most=verdict.most,
        chance=verdict.chance,
        words=growth(lately, before, verdict, lambda one: words(one.title), MOST_WORDS),
        outlets=growth(lately, before, verdict, lambda one: one.outlets, MOST_OUTLETS),
    )
    hits = hits_of(alert, lately)
    models.Hit.objects.filter(pk__in=[hit.pk for hit in hits]).update(held="")
    spike.hits.set(hits)
    holding.deliver([envelopes.News(hit) for hit in hits], now=now)
    return spike


def growth(
    lately: Sequence[Found],
    before: Sequence[Found],
    verdict: spikes.Verdict,
    of: Callable[[Found], Collection[str]],
    most: int,
) -> list[list[str | int | float]]:
    """What grew most, for a spike's row."""
    # So many such windows brought as many stories as are compared.
    times = len(before) / max(verdict.expected, 0.1)
    grown = spikes.grown([of(one) for one in lately], [of(one) for one in before], times=times, most=most)
    return [[one.name, one.stories, round(one.usual, 2)] for one in grown]


def words(title: str) -> frozenset[str]:
    """The words of a headline without their particles, as far as those are certain."""
    found = (tokens.lookup(word.text)[-1] for word in tokens.words(title) if len(word.text) > 1)
    return frozenset(word.removeprefix(tokens.DERIVED) for word in found)


def hits_of(alert: models.Alert, lately: Sequence[Found]) -> list[models.Hit]:
    """The hits that tell of a spike: of each story the earliest, of the stories that most outlets tell."""
    widest: Mapping[int, int] = {one.story: len(one.outlets) for one in lately}
    hits = models.Hit.objects.filter(
        alert=alert, held=models.Hit.Held.SPIKE, article__story__in=widest
    ).select_related("article__outlet", "article__source")
    by_story: dict[int | None, models.Hit] = {}
    for hit in hits.order_by("article__published_at", "pk"):
        hit.alert = alert
        by_story.setdefault(hit.article.story_id, hit)
    told = sorted(by_story.values(), key=lambda hit: -widest[hit.article.story_id or 0])
    return told[:MOST_TOLD]
