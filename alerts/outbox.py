"""From articles that became ready to hits and mails to be sent, in one transaction: none is lost, none comes twice."""

import datetime
import functools
import uuid
from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max, Sum

from alerts import models
from alerts.matching import compile as compiler
from articles import models as news
from articles.search import matches, query
from newswatch import wake

BATCH = 100
# An article published longer ago than this before we saw it (a new source's backlog) is listed, not mailed.
NEWS_AGE = datetime.timedelta(days=2)


def match_waiting(*, now: datetime.datetime) -> int:
    """Match every article that waits in the outbox with the alerts; returns how many there were."""
    done = 0
    while True:
        with transaction.atomic():
            rows = list(
                news.Outbox.objects.filter(done_at__isnull=True)
                .order_by("pk")
                .select_for_update(skip_locked=True)[:BATCH]
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
    seen_by = {row.article_id: row.created_at for row in rows}
    articles = (
        news.Article.objects.filter(pk__in=seen_by)
        .select_related("outlet", "source")
        .prefetch_related("company_tags__company", "theme_tags__theme")
        .order_by("pk")
    )
    found = [
        models.Hit(
            alert_id=alert_id,
            article=article,
            at=now,
            spans=[[span.field, span.start, span.end] for span in match.spans],
            held=why_held(article),
        )
        for article in articles
        for alert_id, match in matcher.match(document(article))
    ]
    write(found, seen_by, now=now)


def write(
    found: Sequence[models.Hit], seen_by: dict[int, datetime.datetime], *, now: datetime.datetime
) -> None:
    """Write the hits that are new, and their deliveries."""
    alerts = models.Alert.objects.select_related("owner").in_bulk({hit.alert_id for hit in found})
    known = set(
        models.Hit.objects.filter(alert__in=alerts, article__in=seen_by).values_list("alert_id", "article_id")
    )
    fresh = [
        hit
        for hit in found
        if (hit.alert_id, hit.article_id) not in known
        and alerts[hit.alert_id].active_since <= seen_by[hit.article_id]
    ]
    models.Hit.objects.bulk_create(fresh)
    by_alert: dict[int, list[models.Hit]] = {}
    for hit in fresh:
        if not hit.held:
            by_alert.setdefault(hit.alert_id, []).append(hit)
    for alert_id, hits in by_alert.items():
        add_delivery(alerts[alert_id], hits, now=now)


def add_delivery(
    alert: models.Alert, hits: Sequence[models.Hit], *, now: datetime.datetime
) -> models.Delivery:
    """A mail to the alert's owner, due at once."""
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
    delivery = models.Delivery.objects.create(
        alert=alert,
        recipient=alert.owner,
        created_at=now,
        due_at=now,
        message_id=f"<{uuid.uuid4()}@{host}>",
    )
    delivery.hits.set(hits)
    return delivery


def why_held(article: news.Article) -> str:
    """Why an article is listed as a hit but not mailed; empty if it is mailed."""
    if article.source.replay_at is not None:
        return models.Hit.Held.REPLAY
    if article.first_seen_at - article.published_at > NEWS_AGE:
        return models.Hit.Held.OLD
    return ""


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


def signature() -> tuple[int | None, ...]:
    """Changes whenever an alert is added, changed, switched or removed."""
    sums = models.Alert.objects.filter(enabled=True).aggregate(
        Count("pk"), Max("pk"), Sum("pk"), Sum("revision")
    )
    return tuple(sums.values())


@functools.lru_cache(maxsize=1)
def matcher_of(_signature: tuple[int | None, ...]) -> compiler.Matcher:
    """All alerts that are switched on, as one matcher."""
    alerts = models.Alert.objects.filter(enabled=True).order_by("pk").values_list("pk", "query")
    return compiler.compile_alerts([(pk, query.parse_query(text)) for pk, text in alerts])
