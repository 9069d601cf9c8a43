"""From what matched to hits: which one is told, which is held and why.

Called in the transaction that matched. The alerts are locked while their hits are written, so that of two workers with
the same article, or with the same story in two outlets, the second sees what the first one wrote. Must not send.
"""

import dataclasses
import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence

from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet

from alerts import documents, envelopes, models, readers
from alerts.matching import digest, evidence, policy
from alerts.matching import news as additions
from articles import models as news
from articles.search import matches, query
from articles.search.context import NEWSROOM, Context
from newswatch.accounts import middleware

# A hit waits this long for its story's outlets; then it stays held.
WAITS_FOR_OUTLETS = datetime.timedelta(days=14)
# A new fact is told this long after the story's last mail, not earlier: until then it is one of many reports.
UPDATE_GAP = datetime.timedelta(hours=1)

Held = models.Hit.Held
What = models.DeliveryHit.News


@dataclasses.dataclass(frozen=True, slots=True)
class Find:
    """An article that matches an alert's query as both are now, and where."""

    article: news.Article
    query: query.Query
    spans: documents.Spans


@dataclasses.dataclass(frozen=True, slots=True)
class Told:
    """What an earlier hit of an alert told, and when it was last put into a mail; None if it never was."""

    telling: digest.Telling
    at: datetime.datetime | None


@dataclasses.dataclass(frozen=True, slots=True)
class Again:
    """A hit from before whose article its outlet may have changed."""

    hit: models.Hit
    find: Find


def write(
    finds: Mapping[tuple[int, int], Find],
    articles: Sequence[news.Article],
    *,
    told: Collection[int],
    now: datetime.datetime,
) -> None:
    """Write the hits that are new, and put them into mails. An article's earlier hits show its present text.

    `told` are the articles that came or that their outlets changed: only those can be hits that were none before.
    """
    hits = models.Hit.objects.filter(article__in=articles)
    alerts = lock({alert_id for alert_id, _ in finds} | set(hits.values_list("alert_id", flat=True)))
    known = {(hit.alert_id, hit.article_id): hit for hit in hits}
    for key, hit in known.items():
        hit.spans = finds[key].spans if key in finds else []
    models.Hit.objects.bulk_update(known.values(), ["spans"])
    fresh = [
        models.Hit(alert=alert, article=find.article, at=now, spans=find.spans)
        for key, find in finds.items()
        if key not in known and key[1] in told and (alert := alerts.get(key[0])) and is_wanted(alert, find)
    ]
    items = judge(fresh, now=now)
    models.Hit.objects.bulk_create(fresh)
    seen_again = []
    for key, find in finds.items():
        if key in known and key[1] in told and (alert := alerts.get(key[0])):
            known[key].alert, known[key].article = alert, find.article
            seen_again.append(Again(known[key], find))
    items += corrections(seen_again)
    deliver(items, now=now)
    release({article.story_id for article in articles if article.story_id}, now=now)


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
    earlier = dataclasses.replace(
        documents.document(article, evidence.needs(find.query)), title=before.title, text=before.body
    )
    context = Context(article.first_seen_at, zone=middleware.zone_of(alert.owner.time_zone) or NEWSROOM)
    return not matches.holds(find.query, matches.prepare(earlier), context=context)


def judge(hits: Sequence[models.Hit], *, now: datetime.datetime) -> list[envelopes.News]:
    """Say of each hit why it is held, if it is; those that are to be told, with what is new about their stories.

    The hits' alerts and articles are loaded. Three queries.
    """
    before = tellings(hits)
    outlets = dict(
        news.Story.objects.filter(pk__in={hit.article.story_id for hit in hits}).values_list(
            "pk", "outlet_count"
        )
    )
    retold = {}
    for hit in hits:
        others = before.get((hit.alert_id, hit.article.story_id), [])
        if digest.is_told(telling(hit), [(other.telling, other.at is not None) for other in others]):
            retold[hit.alert_id, hit.article_id] = max(other.at for other in others if other.at)
    facts = new_facts([hit for hit in hits if is_update(hit, retold, now=now)])
    items = []
    for hit in hits:
        key = hit.alert_id, hit.article_id
        what = What.FACT if key in facts else ""
        hit.held = policy.why_held(
            policy.Facts(
                late=hit.article.first_seen_at - hit.article.published_at,
                is_replay=hit.article.source.replay_at is not None,
                is_muted=is_muted(hit.alert, now=now),
                is_counted=hit.alert.kind == models.Alert.Kind.SPIKE,
                told=key in retold,
                news=what,
                outlets=outlets.get(hit.article.story_id or 0, 1),
                least_outlets=hit.alert.least_outlets,
            )
        )
        if not hit.held:
            items.append(envelopes.News(hit, what if key in retold else ""))
    return items


def is_muted(alert: models.Alert, *, now: datetime.datetime) -> bool:
    """Whether an alert's readers want to hear nothing of it for a while."""
    return alert.muted_until is not None and now < alert.muted_until


def is_update(
    hit: models.Hit, retold: Mapping[tuple[int, int], datetime.datetime], *, now: datetime.datetime
) -> bool:
    """Whether a hit of a told story is looked at for what is new."""
    at = retold.get((hit.alert_id, hit.article_id))
    is_own = hit.article.near_duplicate_of_id is None
    return at is not None and hit.alert.tell_updates and is_own and now - at >= UPDATE_GAP


def new_facts(hits: Sequence[models.Hit]) -> set[tuple[int, int]]:
    """The hits, as alert and article, whose article has a new fact for its story. One query if there are any."""
    if not hits:
        return set()
    stories: dict[int | None, list[news.Article]] = {}
    rows = news.Article.objects.filter(
        story__in={hit.article.story_id for hit in hits}, ready_at__isnull=False
    )
    for row in rows.only("story", "title", "body", "published_at").order_by("published_at", "pk"):
        stories.setdefault(row.story_id, []).append(row)
    found = set()
    for hit in hits:
        article = hit.article
        earlier = [
            additions.Text(row.title, row.body)
            for row in stories.get(article.story_id, ())
            if (row.published_at, row.pk) < (article.published_at, article.pk)
        ]
        if earlier and additions.has_new_fact(
            additions.Text(article.title, article.body), earlier, hit.spans
        ):
            found.add((hit.alert_id, hit.article_id))
    return found


def corrections(seen_again: Sequence[Again]) -> list[envelopes.News]:
    """The hits that were told of articles whose outlet has changed what matters since. Two queries if there are any."""
    wanted = {
        again.hit.pk: again
        for again in seen_again
        if again.find.article.version > 1 and again.hit.alert.enabled and again.hit.alert.tell_updates
    }
    if not wanted:
        return []
    sealed = Q(delivery__state="sent") | Q(delivery__state="waiting", delivery__sealed_at__isnull=False)
    rows = models.DeliveryHit.objects.filter(sealed, hit__in=wanted).values("hit")
    told = dict(rows.annotate(at=Max("delivery__created_at")).values_list("hit", "at"))
    versions: dict[int, list[news.Version]] = {}
    changed = news.Version.objects.filter(article__in={again.hit.article_id for again in wanted.values()})
    for version in changed.order_by("number"):
        versions.setdefault(version.article_id, []).append(version)
    return [
        envelopes.News(again.hit, What.CORRECTED)
        for pk, again in wanted.items()
        if pk in told and is_corrected(again, versions.get(again.hit.article_id, ()), since=told[pk])
    ]


def is_corrected(again: Again, versions: Iterable[news.Version], *, since: datetime.datetime) -> bool:
    """Whether the outlet changed what matters since an article was told. The versions are in their order."""
    before = next((one for one in versions if one.is_outlets and one.replaced_at >= since), None)
    if before is None:
        return False
    article = again.find.article
    return additions.is_corrected(
        additions.Text(before.title, before.body),
        additions.Text(article.title, article.body),
        again.find.spans,
    )


@transaction.atomic
def release_all(*, now: datetime.datetime) -> None:
    """Tell what waited for outlets that its story has now, however it got them."""
    release(None, now=now)


def release(stories: Collection[int] | None, *, now: datetime.datetime) -> None:
    """Tell the hits whose stories, all or these, have as many outlets as their alerts ask for. Two queries if none."""
    hits = models.Hit.objects.filter(alert__enabled=True, at__gt=now - WAITS_FOR_OUTLETS)
    if stories is not None:
        hits = hits.filter(article__story__in=stories)
    first, again = waited(hits), passed_again(hits)
    alerts = lock({*first.values_list("alert", flat=True), *again.values_list("alert", flat=True)})
    if not alerts:
        return
    # As they are now that nobody else can release them.
    told_first = loaded(first, alerts)
    items = judge(told_first, now=now)
    models.Hit.objects.bulk_update(told_first, ["held"])
    done = {(item.hit.alert_id, item.story) for item in items}
    for hit in loaded(again, alerts):
        item = envelopes.News(hit, What.OUTLETS)
        if (hit.alert_id, item.story) not in done and not is_muted(hit.alert, now=now):
            done.add((hit.alert_id, item.story))
            items.append(item)
    deliver(items, now=now)


def waited(hits: "QuerySet[models.Hit]") -> "QuerySet[models.Hit]":
    """Those that waited for outlets which their story has by now."""
    return hits.filter(held=Held.FEW, article__story__outlet_count__gte=F("alert__least_outlets"))


def passed_again(hits: "QuerySet[models.Hit]") -> "QuerySet[models.Hit]":
    """The told ones whose story has by now as many outlets as their alert is to tell it again at, and has not yet."""
    heard = models.DeliveryHit.objects.filter(
        hit__alert=OuterRef("alert"), hit__article__story=OuterRef("article__story")
    )
    return hits.filter(
        Exists(heard.filter(outlets__gt=0, outlets__lt=F("hit__alert__again_at_outlets"))),
        ~Exists(heard.filter(outlets__gte=F("hit__alert__again_at_outlets"))),
        held="",
        article__story__outlet_count__gte=F("alert__again_at_outlets"),
    )


def loaded(hits: "QuerySet[models.Hit]", alerts: Mapping[int, models.Alert]) -> list[models.Hit]:
    """The hits of these alerts with all that decides on them, newest articles first."""
    rows = list(
        hits.filter(alert__in=alerts)
        .select_related("article__outlet", "article__source", "article__story")
        .order_by("-article__published_at", "-pk")
    )
    for row in rows:
        row.alert = alerts[row.alert_id]
    return rows


def tellings(hits: Sequence[models.Hit]) -> dict[tuple[int, int | None], list[Told]]:
    """What these hits' alerts have told of their stories before, by alert and story. One query."""
    others = models.Hit.objects.filter(
        alert__in={hit.alert_id for hit in hits},
        article__story__in={hit.article.story_id for hit in hits},
        held__in=["", Held.SAME],
    )
    state = models.Delivery.State
    not_failed = Q(deliveries__state__in=[state.WAITING, state.SENT, state.STOPPED])
    rows = others.annotate(told_at=Max("deliveries__created_at", filter=not_failed)).values_list(
        "alert_id",
        "article__story_id",
        "article__title",
        "article__outlet__name",
        "article__published_at",
        "told_at",
    )
    found: dict[tuple[int, int | None], list[Told]] = {}
    for alert, story, title, outlet, published, told_at in rows:
        found.setdefault((alert, story), []).append(
            Told(digest.Telling(story, title, outlet, published), told_at)
        )
    return found


def telling(hit: models.Hit) -> digest.Telling:
    """Which story a hit tells."""
    article = hit.article
    return digest.Telling(article.story_id, article.title, article.outlet.name, article.published_at)


def deliver(items: Sequence[envelopes.News], *, now: datetime.datetime) -> None:
    """Put hits into mails to their alerts' readers; one that has no reader says so."""
    if not items:
        return
    told_by = readers.readers_of({item.hit.alert_id: item.hit.alert for item in items}.values())
    reached = envelopes.put(items, told_by, now=now)
    for why, lost in (
        (Held.NOBODY, [item for item in items if not told_by[item.hit.alert_id]]),
        (Held.MUTED, [item for item in items if told_by[item.hit.alert_id] and item.hit.pk not in reached]),
    ):
        if lost:
            models.Hit.objects.filter(pk__in=[item.hit.pk for item in lost if not item.what]).update(held=why)
