"""What the alert pages show: each function a fixed number of queries. Must not write, and must not render."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, IntegerField, Min, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from django.utils import timezone

from alerts import documents, models
from alerts.matching import evidence
from articles import highlight, saved_searches, searching
from articles import models as news
from articles import reads as all_articles
from articles.search import matches, query, saved
from articles.search.context import Context
from newswatch.accounts import models as accounts

PREVIEW_DAYS = 30
PREVIEW_ITEMS = 5
PREVIEW_LENGTH = 180
MOST_COUNTED = 2_000
# Hits of an alert are counted up to so many.
MOST_HITS = 10_000
HITS_PER_PAGE = 30
MAILS_PER_PAGE = 40
# On an alert's own page.
# An alert's page tells so many times of more than usual.
MOST_SPIKES = 5
MOST_DELIVERIES = 8
# A week's mails are reckoned from those of this time.
LATELY = datetime.timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Sample:
    """An article that a query finds: its title and a part of its text, cut at the matches."""

    article: news.Article
    title: tuple[highlight.Piece[highlight.Range], ...]
    text: tuple[highlight.Piece[highlight.Range], ...]
    # Whether the text goes on before and after the part.
    begins_before: bool
    goes_on: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """What a query would have found in the last days."""

    count: int
    samples: tuple[Sample, ...]
    canonical: str
    days: int = PREVIEW_DAYS
    # There are more than `count`.
    is_more: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A hit as the alert's page shows it."""

    hit: models.Hit
    sample: Sample


def alerts_of(owner: accounts.User) -> "QuerySet[models.Alert]":
    """A person's alerts, each with `hit_count` and `sent`. One query."""
    return counted(models.Alert.objects.kept().filter(owner=owner))


def alert_seen_by(person: accounts.User) -> "QuerySet[models.Alert]":
    """The alerts that a person may look at, her own and others', each with `hit_count` and `sent`. One query."""
    return counted(models.Alert.objects.seen_by(person)).select_related("owner", "team", "fault")


def alerts_seen_by(person: accounts.User, *, now: datetime.datetime) -> "QuerySet[models.Alert]":
    """The alerts that a person may look at, her own and others', with their numbers of late. One query."""
    return numbered(models.Alert.objects.seen_by(person), now=now).select_related("owner", "team", "fault")


# As many as are counted, and one more: an index that is read to its end tells nobody more than "very many".
HIT_COUNT = "(SELECT count(*) FROM (SELECT FROM alerts_hit WHERE alert_id = alerts_alert.id LIMIT %s) AS hit)"


def with_hits(alerts: "QuerySet[models.Alert]") -> "QuerySet[models.Alert]":
    """Each with `hit_count`; above MOST_HITS it says no more."""
    count = RawSQL(HIT_COUNT, [MOST_HITS + 1], output_field=IntegerField())  # noqa: S611 - a constant
    return alerts.select_related("fault").annotate(hit_count=count)


def counted(alerts: "QuerySet[models.Alert]") -> "QuerySet[models.Alert]":
    """Each with `hit_count` and `sent`, and with its fault."""
    return with_hits(alerts).annotate(sent=_number(_mails().filter(delivery__state="sent")))


def numbered(alerts: "QuerySet[models.Alert]", *, now: datetime.datetime) -> "QuerySet[models.Alert]":
    """Each with `hit_count`, `last_hit`, `sent_lately`, `failed` and `next_mail`, and with its fault."""
    hits = models.Hit.objects.filter(alert=OuterRef("pk")).order_by("-pk")
    waiting = _mails().filter(delivery__state=models.Delivery.State.WAITING)
    return with_hits(alerts).annotate(
        last_hit=Subquery(hits.values("at")[:1]),
        sent_lately=_number(_mails().filter(delivery__state="sent", delivery__sent_at__gte=now - LATELY)),
        failed=_number(_mails().filter(delivery__state="failed")),
        next_mail=Subquery(waiting.values(at=Min("delivery__due_at"))),
    )


def _mails() -> "QuerySet[Any]":
    """The mails of an alert."""
    through: QuerySet[Any] = models.Delivery.alerts.through.objects.filter(alert=OuterRef("pk"))
    return through.values("alert")


def _number(mails: "QuerySet[Any]") -> Coalesce:
    return Coalesce(Subquery(mails.values(n=Count("pk"))), 0)


# What of an alert's hits is shown, by the value in the address.
HITS = {
    "": Q(),
    "mailed": Q(held="", deliveries__state="sent"),
    "waiting": Q(deliveries__state__in=["waiting", "stopped"]),
    "failed": Q(deliveries__state="failed"),
    "held": ~Q(held=""),
}
MAILS = {state: Q(state=state) for state in ("sent", "waiting", "failed", "stopped")} | {"": Q()}


def hits_of(
    alert: models.Alert, *, show: str = "", before: int | None = None
) -> tuple[list[Shown], int | None]:
    """A page of an alert's hits, newest first, and the key of the next page. Four queries."""
    hits = (
        models.Hit.objects.filter(alert=alert)
        .select_related("article__outlet", "article__story")
        .defer("article__feed_text", "article__feed_regions")
        .prefetch_related(
            Prefetch(
                "deliveries",
                models.Delivery.objects.order_by("pk").select_related("recipient", "address", "webhook"),
            )
        )
        .order_by("-pk")
    )
    if show:
        hits = hits.filter(HITS[show]).distinct()
    if before:
        hits = hits.filter(pk__lt=before)
    rows = list(hits[: HITS_PER_PAGE + 1])
    shown = [Shown(hit, sample(hit.article, hit.spans)) for hit in rows[:HITS_PER_PAGE]]
    return shown, rows[HITS_PER_PAGE - 1].pk if len(rows) > HITS_PER_PAGE else None


def deliveries_of(alert: models.Alert, *, show: str = "") -> "QuerySet[models.Delivery]":
    """An alert's mails, newest first, each with `hit_count`."""
    mails = models.Delivery.objects.filter(MAILS[show], alerts=alert).select_related(
        "recipient", "address", "webhook"
    )
    told = (
        models.DeliveryHit.objects.filter(delivery=OuterRef("pk"), hit__alert=alert)
        .order_by()
        .values("delivery")
    )
    counted = mails.annotate(hit_count=Coalesce(Subquery(told.values(n=Count("pk"))), 0))
    return counted.order_by("-pk")


def mails_page(
    alert: models.Alert, *, show: str = "", before: int | None = None
) -> tuple[list[models.Delivery], int | None]:
    """A page of an alert's mails and the key of the next page. One query."""
    mails = deliveries_of(alert, show=show)
    if before:
        mails = mails.filter(pk__lt=before)
    rows = list(mails[: MAILS_PER_PAGE + 1])
    shown = rows[:MAILS_PER_PAGE]
    return shown, shown[-1].pk if len(rows) > MAILS_PER_PAGE else None


def stopped_address(person: accounts.User) -> models.Address | None:
    """The person's own address if mails to it came back, so that none are sent. One query."""
    return models.Address.objects.filter(address=person.email.lower(), stopped_at__isnull=False).first()


def expanded(text: str, *, of: accounts.User) -> query.Query:
    """A query of a person's alert with her saved searches in their places. Raises QueryError."""
    tree = query.parse_query(text)
    return saved.expand(tree, saved_searches.texts_of(of)) if saved.names(tree) else tree


def preview(text: str, *, of: accounts.User, now: datetime.datetime) -> Preview:
    """What a person's query finds among the last 30 days' articles. Raises QueryError."""
    tree = expanded(text, of=of)
    canonical = query.canonical(query.parse_query(text))
    context = Context(now, zone=timezone.get_current_timezone())
    keys = newest(tree, context, since=now - datetime.timedelta(days=PREVIEW_DAYS), most=MOST_COUNTED + 1)
    shown = [pk for _, pk in keys[:PREVIEW_ITEMS]]
    articles = with_tags(news.Article.objects.filter(pk__in=shown)).order_by("-published_at", "-pk")
    samples = tuple(sample(article, spans_of(tree, article, context)) for article in articles)
    # Beyond so many nobody wants to know it exactly, and counting them is what takes long.
    count = min(len(keys), MOST_COUNTED)
    return Preview(count, samples, canonical, is_more=len(keys) > MOST_COUNTED)


def newest(
    tree: query.Query, context: Context, *, since: datetime.datetime, most: int
) -> Sequence[searching.Key]:
    """The newest articles since a time that an expanded query finds, in the way of the search where that helps."""
    found = searching.planned(tree, context)
    if found is not None:
        return searching.newest(replace(found, begin=max(found.begin, since)), before=None, most=most)
    ready = news.Article.objects.ready().filter(published_at__gte=since)
    rows = all_articles.matching_tree(ready, tree, context=context).order_by("-published_at", "-pk")
    return list(rows.values_list("published_at", "pk")[:most])


def with_tags(articles: "QuerySet[news.Article]") -> "QuerySet[news.Article]":
    """The articles with all that the query language looks at, and that a sample shows. Three queries."""
    return (
        articles.select_related("outlet", "source", "story")
        .prefetch_related("company_tags__company__parent__parent", "theme_tags__theme")
        .defer("feed_text", "feed_regions")
    )


def sample(article: news.Article, spans: Iterable[Sequence[object]]) -> Sample:
    """An article with its matches drawn; `spans` are (field, start, end)."""
    ranges: dict[str, list[highlight.Range]] = {"title": [], "text": []}
    for field, start, end in spans:
        ranges.setdefault(str(field), []).append(highlight.Range(int(str(start)), int(str(end))))
    text = article.body or article.summary
    part = highlight.excerpt(text, ranges["text"], length=PREVIEW_LENGTH)
    return Sample(
        article,
        tuple(highlight.cut(article.title, ranges["title"])),
        tuple(highlight.cut(text, ranges["text"], start=part.start, end=part.end)),
        begins_before=part.start > 0,
        goes_on=part.end < len(text),
    )


def spans_of(tree: query.Query, article: news.Article, context: Context) -> list[tuple[str, int, int]]:
    """Where a query matches an article."""
    prepared = matches.prepare(documents.document(article, evidence.needs(tree)))
    found = matches.matches(tree, prepared, context=context)
    return [(span.field, span.start, span.end) for span in found.spans] if found else []
