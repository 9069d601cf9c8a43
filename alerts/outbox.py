"""From articles that became ready to hits and mails to be sent, in one transaction: none is lost, none comes twice.

The alerts that an article concerns are locked while their hits are written, so that of two workers with the same
article, or with the same story in two outlets, the second sees what the first one wrote.
"""

import dataclasses
import datetime
import functools
import logging
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence

from django.conf import settings
from django.contrib.postgres.aggregates import StringAgg
from django.db import transaction
from django.db.models import Count, Q, TextField, Value
from django.db.models.functions import MD5, Cast, Concat

from alerts import models
from alerts.matching import compile as compiler
from alerts.matching import digest, evidence
from articles import models as news
from articles.search import matches, query
from newswatch import wake

log = logging.getLogger(__name__)

BATCH = 100
# An article published longer ago than this before we saw it (a new source's backlog) is listed, not mailed.
NEWS_AGE = datetime.timedelta(days=2)
# More places where a tag's evidence stands are not kept with a hit.
MOST_EVIDENCE = 40

# Where an article matches: [field, start, end].
Spans = list[list[str | int]]


@dataclasses.dataclass(frozen=True, slots=True)
class Find:
    """An article that matches an alert's query as both are now, and where."""

    article: news.Article
    query: query.Query
    spans: Spans


def match_waiting(*, now: datetime.datetime) -> int:
    """Match every article that waits in the outbox and has a story with the alerts; returns how many there were."""
    done = 0
    while True:
        with transaction.atomic():
            rows = list(
                news.Outbox.objects.filter(done_at__isnull=True, article__story__isnull=False)
                .order_by("pk")
                .select_for_update(skip_locked=True, of=("self",))[:BATCH]
            )
            if not rows:
                return done
            match(rows, now=now)
            news.Outbox.objects.filter(pk__in=[row.pk for row in rows]).update(done_at=now)
            wake.on_commit("alerts.tasks.send_deliveries")
        done += len(rows)


def match(rows: Sequence[news.Outbox], *, now: datetime.datetime) -> None:
    """Write the hits of these articles, and one mail for each alert that has new ones."""
    matcher = matcher_of(signature())
    ids = {row.article_id for row in rows}
    if not matcher.alerts and not models.Hit.objects.filter(article__in=ids).exists():
        return
    queries = dict(matcher.alerts)
    articles = list(
        news.Article.objects.filter(pk__in=ids)
        .select_related("outlet", "source")
        .prefetch_related(
            "company_tags__company", "theme_tags__theme", "mentions__company", "mentions__theme"
        )
        .defer("search", "feed_text", "feed_regions")
        .order_by("pk")
    )
    finds = {
        (alert_id, article.pk): Find(article, queries[alert_id], spans(match, queries[alert_id], article))
        for article in articles
        for alert_id, match in matcher.match(document(article), now=article.first_seen_at)
    }
    told = {row.article_id for row in rows if row.kind != "reread"}
    write(finds, articles, told=told, now=now)


def write(
    finds: Mapping[tuple[int, int], Find],
    articles: Sequence[news.Article],
    *,
    told: Collection[int],
    now: datetime.datetime,
) -> None:
    """Write the hits that are new, and their deliveries. An article's earlier hits show its present text.

    `told` are the articles that came or that their outlets changed: only those can be hits that were none before.
    """
    hits = models.Hit.objects.filter(article__in=articles)
    alerts = lock({alert_id for alert_id, _ in finds} | set(hits.values_list("alert_id", flat=True)))
    known = {(hit.alert_id, hit.article_id): hit for hit in hits}
    for key, hit in known.items():
        hit.spans = finds[key].spans if key in finds else []
    models.Hit.objects.bulk_update(known.values(), ["spans"])
    fresh = [
        new_hit(alert, find, now=now)
        for key, find in finds.items()
        if key not in known and key[1] in told and (alert := alerts.get(key[0])) and is_wanted(alert, find)
    ]
    hold_retold(fresh)
    models.Hit.objects.bulk_create(fresh)
    add_deliveries([hit for hit in fresh if not hit.held], now=now)


def lock(alert_ids: Iterable[int]) -> dict[int, models.Alert]:
    """These alerts as they are now, and stay until the transaction ends. In order, so that no two workers wait
    for each other."""
    alerts = models.Alert.objects.filter(pk__in=set(alert_ids)).select_related("owner").order_by("pk")
    return {alert.pk: alert for alert in alerts.select_for_update(of=("self",), no_key=True)}


def is_wanted(alert: models.Alert, find: Find) -> bool:
    """Whether a find is a hit: the alert is on, and the article came, or came to match, since it became active."""
    if not (alert.enabled and alert.owner.is_active):
        return False
    article = find.article
    if article.ready_at is None or alert.active_since <= article.ready_at:
        return True
    before = article.versions.filter(replaced_at__gte=alert.active_since).order_by("number").first()
    if before is None:
        return False
    earlier = dataclasses.replace(document(article), title=before.title, text=before.body)
    return matches.matches(find.query, matches.prepare(earlier), now=article.first_seen_at) is None


def new_hit(alert: models.Alert, find: Find, *, now: datetime.datetime) -> models.Hit:
    """A hit, not yet written."""
    return models.Hit(
        alert=alert,
        article=find.article,
        at=now,
        spans=find.spans,
        held=why_held(find.article),
    )


def why_held(article: news.Article) -> str:
    """Why an article is listed as a hit but not mailed; empty if it is mailed."""
    if article.source.replay_at is not None:
        return models.Hit.Held.REPLAY
    if article.first_seen_at - article.published_at > NEWS_AGE:
        return models.Hit.Held.OLD
    return ""


def hold_retold(fresh: Sequence[models.Hit]) -> None:
    """Hold the hits whose story the alert has mailed before, or is about to. One query."""
    hits = models.Hit.objects.filter(
        alert__in={hit.alert_id for hit in fresh},
        article__story__in={hit.article.story_id for hit in fresh},
        held__in=["", models.Hit.Held.SAME],
    )
    sent_or_waiting = Q(deliveries__state__in=[models.Delivery.State.WAITING, models.Delivery.State.SENT])
    told = hits.annotate(mailed=Count("deliveries", filter=sent_or_waiting)).values_list(
        "alert_id",
        "article__story_id",
        "article__title",
        "article__outlet__name",
        "article__published_at",
        "mailed",
    )
    before: dict[tuple[int, int | None], list[tuple[digest.Telling, bool]]] = {}
    for alert_id, story, title, outlet, published, mailed in told:
        before.setdefault((alert_id, story), []).append(
            (digest.Telling(story, title, outlet, published), mailed > 0)
        )
    for hit in fresh:
        others = before.get((hit.alert_id, hit.article.story_id), [])
        if not hit.held and digest.is_told(telling(hit), others):
            hit.held = models.Hit.Held.SAME


def telling(hit: models.Hit) -> digest.Telling:
    """Which story a hit tells."""
    article = hit.article
    return digest.Telling(article.story_id, article.title, article.outlet.name, article.published_at)


def add_deliveries(hits: Iterable[models.Hit], *, now: datetime.datetime) -> None:
    """A mail for each alert, to its owner, due at once. Two queries."""
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
    by_alert: dict[int, list[models.Hit]] = {}
    for hit in hits:
        by_alert.setdefault(hit.alert_id, []).append(hit)
    deliveries = models.Delivery.objects.bulk_create(
        models.Delivery(
            alert_id=alert_id,
            recipient=of_alert[0].alert.owner,
            created_at=now,
            due_at=now,
            message_id=f"<{uuid.uuid4()}@{host}>",
        )
        for alert_id, of_alert in by_alert.items()
    )
    through = models.Delivery.hits.through
    through.objects.bulk_create(
        through(delivery_id=delivery.pk, hit_id=hit.pk)
        for delivery in deliveries
        for hit in by_alert[delivery.alert_id]
    )


def spans(match: matches.Match, ast: query.Query, article: news.Article) -> Spans:
    """Where the article matches: the query's words, and the evidence of the tags it asks for."""
    found: Spans = [[span.field, span.start, span.end] for span in match.spans]
    asked = evidence.tags_asked_for(ast)
    if asked:
        mentions = [mention for mention in article.mentions.all() if tag_of(mention) in asked]
        mentions.sort(key=lambda mention: (mention.field, mention.start))
        found += [[mention.field, mention.start, mention.end] for mention in mentions[:MOST_EVIDENCE]]
    return found


def tag_of(mention: news.Mention) -> evidence.Tag | None:
    """The tag that a mention is evidence for; a sports team's is for none."""
    match mention.kind:
        case news.Mention.Kind.COMPANY if mention.company:
            return evidence.tag("company", mention.company.name)
        case news.Mention.Kind.THEME if mention.theme:
            return evidence.tag("theme", mention.theme.name)
    return None


def document(article: news.Article) -> matches.SearchDocument:
    """The article as the query language sees it. Its tags are prefetched."""
    return matches.SearchDocument(
        id=str(article.pk),
        title=article.title,
        text=article.body,
        author=article.author,
        source=article.outlet.name,
        group=article.source.group,
        url=article.url,
        language=article.language,
        companies=tuple(tag.company.name for tag in article.company_tags.all()),
        themes=tuple(tag.theme.name for tag in article.theme_tags.all()),
        published=article.published_at,
    )


def signature() -> str:
    """Changes whenever the alerts that are switched on, or their queries, do."""
    line = Concat(Cast("pk", TextField()), Value(" "), "query", Value("\n"), output_field=TextField())
    switched_on = models.Alert.objects.filter(enabled=True).order_by()
    found = switched_on.aggregate(all=MD5(StringAgg(line, delimiter="", order_by="pk", default=Value(""))))
    return str(found["all"])


@functools.lru_cache(maxsize=1)
def matcher_of(_signature: str) -> compiler.Matcher:
    """All alerts that are switched on, as one matcher. A query that can't be read (any more) is left out."""
    compiled = []
    for pk, text in models.Alert.objects.filter(enabled=True).order_by("pk").values_list("pk", "query"):
        try:
            compiled.append((pk, query.parse_query(text)))
        except query.QueryError as error:
            log.error("alert %d is left out, its query can't be read: %s", pk, error)
    return compiler.compile_alerts(compiled)
