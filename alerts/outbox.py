"""From articles that became ready to what matched them, in one transaction: none is lost, none comes twice."""

import datetime
import functools
import logging
from collections.abc import Sequence

from django.contrib.postgres.aggregates import StringAgg
from django.db import transaction
from django.db.models import TextField, Value
from django.db.models.functions import MD5, Cast, Concat

from alerts import documents, holding, models
from alerts.matching import compile as compiler
from articles import models as news
from articles.search import query
from newswatch import wake

log = logging.getLogger(__name__)

BATCH = 100


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
        .defer("feed_text", "feed_regions")
        .order_by("pk")
    )
    finds = {
        (alert_id, article.pk): holding.Find(
            article, queries[alert_id], documents.spans(match, queries[alert_id], article)
        )
        for article in articles
        for alert_id, match in matcher.match(documents.document(article), now=article.first_seen_at)
    }
    told = {row.article_id for row in rows if row.kind != "reread"}
    holding.write(finds, articles, told=told, now=now)


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
