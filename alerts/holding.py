"""From what matched to hits, and to mails that wait: which hit is mailed, which is held and why.

Called in the transaction that matched. The alerts are locked while their hits are written, so that of two workers with
the same article, or with the same story in two outlets, the second sees what the first one wrote. Must not send.
"""

import dataclasses
import datetime
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence

from django.conf import settings
from django.db.models import Count, Q

from alerts import documents, models
from alerts.matching import digest
from articles import models as news
from articles.search import matches, query

# An article published longer ago than this before we saw it (a new source's backlog) is listed, not mailed.
NEWS_AGE = datetime.timedelta(days=2)


@dataclasses.dataclass(frozen=True, slots=True)
class Find:
    """An article that matches an alert's query as both are now, and where."""

    article: news.Article
    query: query.Query
    spans: documents.Spans


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
    earlier = dataclasses.replace(documents.document(article), title=before.title, text=before.body)
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
    """A mail to each alert's owner, due at once. Three queries."""
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
    by_owner: dict[int, list[models.Hit]] = {}
    for hit in hits:
        by_owner.setdefault(hit.alert.owner_id, []).append(hit)
    deliveries = models.Delivery.objects.bulk_create(
        models.Delivery(recipient_id=owner, created_at=now, due_at=now, message_id=f"<{uuid.uuid4()}@{host}>")
        for owner in by_owner
    )
    of_alert = models.Delivery.alerts.through
    of_alert.objects.bulk_create(
        of_alert(delivery_id=delivery.pk, alert_id=alert)
        for delivery, told in zip(deliveries, by_owner.values(), strict=True)
        for alert in sorted({hit.alert_id for hit in told})
    )
    models.DeliveryHit.objects.bulk_create(
        models.DeliveryHit(delivery_id=delivery.pk, hit_id=hit.pk)
        for delivery, told in zip(deliveries, by_owner.values(), strict=True)
        for hit in told
    )
