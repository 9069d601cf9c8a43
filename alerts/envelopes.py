"""Put hits into mails that wait: one for all that a reader is told at a time, whichever alerts it is of.

A mail is like an envelope that stays open until a sender seals it. A story that two alerts find goes into one envelope,
the one that leaves first. Each reader is locked meanwhile, so that two workers fill the same one. Must not send.
"""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.db import connection
from django.db.models import Q, QuerySet

from alerts import models, mutes, readers
from alerts.matching import policy
from articles import models as news
from articles.dates import working_days
from newswatch import wake

# What the locks of readers are numbered from.
LOCK = 0x4E57_414C


@dataclass(frozen=True, slots=True)
class News:
    """A hit that is to be told, and what is new if its story was told before. Its alert and article are loaded."""

    hit: models.Hit
    what: str = ""

    @property
    def story(self) -> int:
        """The story, by a number; an article without one stands for itself."""
        article = self.hit.article
        return article.story_id if article.story_id is not None else -article.pk


@dataclass(slots=True)
class Envelope:
    """A delivery, what it holds of each story, what is put in now, and what comes or came from another one."""

    delivery: models.Delivery
    holds: dict[int, list[models.DeliveryHit]] = field(default_factory=dict)
    put_in: list[News] = field(default_factory=list)
    moved_in: list[models.DeliveryHit] = field(default_factory=list)
    lost: bool = False

    def alerts(self) -> set[int]:
        """Those that it tells of."""
        kept = {row.hit.alert_id for rows in self.holds.values() for row in rows}
        return (
            kept | {item.hit.alert_id for item in self.put_in} | {row.hit.alert_id for row in self.moved_in}
        )

    def has(self, story: int) -> bool:
        """Whether it tells of a story."""
        return story in self.holds or any(item.story == story for item in self.put_in)


def put(
    items: Sequence[News], told_by: Mapping[int, Sequence[readers.Reader]], *, now: datetime.datetime
) -> set[int]:
    """Put hits into the envelopes of their alerts' readers; returns those that reach somebody.

    The number of queries does not depend on how many there are.
    """
    muted = mutes.muted({item.story for item in items if item.story > 0})
    by_reader: dict[readers.Key, list[tuple[News, readers.Reader]]] = defaultdict(list)
    for item in items:
        for reader in told_by.get(item.hit.alert_id, ()):
            if (reader.key, item.story) not in muted:
                by_reader[reader.key].append((item, reader))
    if not by_reader:
        return set()
    lock(by_reader)
    envelopes = open_envelopes(by_reader)
    lately = told_lately(by_reader, since=now - policy.FLOOD_WITHIN)
    for key, wanted in by_reader.items():
        fill(envelopes[key], key, wanted, lately=lately[key], now=now)
    store([envelope for of_reader in envelopes.values() for envelope in of_reader])
    if any(kind == "webhook" for kind, _ in by_reader):
        wake.on_commit("alerts.tasks.call_webhooks")
    return {item.hit.pk for wanted in by_reader.values() for item, _ in wanted}


def lock(keys: Iterable[readers.Key]) -> None:
    """Hold these readers until the transaction ends; in order, so that no two workers wait for each other."""
    names = sorted(f"{kind} {number}" for kind, number in keys)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, hashtext(name)) FROM (SELECT unnest(%s::text[]) AS name) AS names",
            [LOCK, names],
        )


def open_envelopes(keys: Iterable[readers.Key]) -> dict[readers.Key, list[Envelope]]:
    """The deliveries of these readers that no sender has taken, by when they leave. Two queries."""
    rows = of(keys).filter(
        state__in=[models.Delivery.State.WAITING, models.Delivery.State.STOPPED],
        sealed_at__isnull=True,
        briefing__isnull=True,
    )
    found = {row.pk: Envelope(row) for row in rows.order_by("due_at", "pk").select_for_update()}
    told = models.DeliveryHit.objects.filter(delivery__in=found).select_related("hit__article")
    for row in told.only("delivery", "hit__alert", "hit__article__story"):
        found[row.delivery_id].holds.setdefault(News(row.hit).story, []).append(row)
    by_reader: dict[readers.Key, list[Envelope]] = defaultdict(list)
    for envelope in found.values():
        by_reader[readers.key_of(envelope.delivery)].append(envelope)
    return by_reader


def told_lately(
    keys: Iterable[readers.Key], *, since: datetime.datetime
) -> dict[readers.Key, list[tuple[datetime.datetime, bool]]]:
    """When these readers were told of something at once, and whether it was urgent. One query."""
    found: dict[readers.Key, list[tuple[datetime.datetime, bool]]] = defaultdict(list)
    rows = of(keys).filter(created_at__gte=since, held="", briefing__isnull=True)
    for row in rows.only("recipient", "address", "webhook", "created_at", "urgent"):
        found[readers.key_of(row)].append((row.created_at, row.urgent))
    return found


def of(keys: Iterable[readers.Key]) -> "QuerySet[models.Delivery]":
    """The deliveries of these readers."""
    numbers: dict[str, list[int]] = defaultdict(list)
    for kind, number in keys:
        numbers[kind].append(number)
    wanted = Q(pk__in=[])
    for kind, of_kind in numbers.items():
        wanted |= Q(**{f"{kind}__in": of_kind})
    return models.Delivery.objects.filter(wanted)


def fill(
    envelopes: list[Envelope],
    key: readers.Key,
    wanted: Sequence[tuple[News, readers.Reader]],
    *,
    lately: Iterable[tuple[datetime.datetime, bool]],
    now: datetime.datetime,
) -> None:
    """Choose an envelope for each story that a reader is told: the first that leaves once she wants to be told."""
    calls = list(lately)
    stories: dict[int, list[tuple[News, policy.Release, readers.Reader]]] = defaultdict(list)
    for item, reader in wanted:
        # What is urgent is collected only if it is itself too much.
        counted = [at for at, urgent in calls if urgent or not reader.wishes.urgent]
        when = policy.release(reader.wishes, now=now, is_day_off=working_days.is_day_off, lately=counted)
        stories[item.story].append((item, when, reader))
    for story, told in stories.items():
        _, first, reader = min(told, key=lambda one: one[1].at)
        envelope = choose(envelopes, story, first, now=now)
        if envelope is None:
            envelope = Envelope(new_delivery(key, first, stopped=reader.is_stopped, now=now))
            envelopes.append(envelope)
        move(story, envelopes, envelope)
        envelope.put_in += [item for item, _, _ in told]
        envelope.delivery.urgent |= any(reader.wishes.urgent for _, _, reader in told)


def move(story: int, envelopes: Iterable[Envelope], to: Envelope) -> None:
    """Have a story told once: what other envelopes, which leave later, hold of it comes along."""
    for other in envelopes:
        if other is not to and story in other.holds:
            to.moved_in += other.holds.pop(story)
            other.lost = True


def choose(
    envelopes: Iterable[Envelope], story: int, release: policy.Release, *, now: datetime.datetime
) -> Envelope | None:
    """The open envelope that a story goes into: one that has it and leaves no later, or that leaves when it may."""

    def suits(envelope: Envelope) -> bool:
        delivery = envelope.delivery
        if delivery.due_at <= release.at and envelope.has(story):
            return True
        if release.at <= now:
            # One at once that still waits: there is no sender, or the mail server is down.
            return delivery.due_at <= now or not delivery.held
        return delivery.due_at == release.at or (release.why == delivery.held == models.Delivery.Held.FLOOD)

    return next((envelope for envelope in envelopes if suits(envelope)), None)


def new_delivery(
    key: readers.Key, release: policy.Release, *, stopped: bool, now: datetime.datetime
) -> models.Delivery:
    """A delivery to a reader, not yet written."""
    kind, number = key
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
    return models.Delivery(
        **{f"{kind}_id": number},
        state=models.Delivery.State.STOPPED if stopped else models.Delivery.State.WAITING,
        created_at=now,
        due_at=release.at,
        held=release.why,
        message_id=f"<{uuid.uuid4()}@{host}>",
    )


def store(envelopes: Sequence[Envelope]) -> None:
    """Write what was put in and moved. Seven queries at most."""
    filled = [envelope for envelope in envelopes if envelope.put_in]
    models.Delivery.objects.bulk_create(
        envelope.delivery for envelope in filled if envelope.delivery.pk is None
    )
    urgent = [envelope.delivery.pk for envelope in filled if envelope.delivery.urgent]
    models.Delivery.objects.filter(pk__in=urgent, urgent=False).update(urgent=True)
    lost = [envelope for envelope in envelopes if envelope.lost and envelope.delivery.pk]
    if lost:
        store_moves(filled, lost)
    of_alert = models.Delivery.alerts.through
    of_alert.objects.bulk_create(
        [
            of_alert(delivery_id=envelope.delivery.pk, alert_id=alert)
            for envelope in (*filled, *lost)
            for alert in sorted(envelope.alerts())
        ],
        ignore_conflicts=True,
    )
    models.Delivery.objects.filter(
        pk__in=[envelope.delivery.pk for envelope in lost if not envelope.alerts()]
    ).delete()
    outlets = outlets_of(item.story for envelope in filled for item in envelope.put_in)
    models.DeliveryHit.objects.bulk_create(
        [
            models.DeliveryHit(
                delivery_id=envelope.delivery.pk,
                hit_id=item.hit.pk,
                news=item.what,
                outlets=outlets.get(item.story, 1),
            )
            for envelope in filled
            for item in envelope.put_in
        ],
        ignore_conflicts=True,
    )


def outlets_of(stories: Iterable[int]) -> dict[int, int]:
    """How many outlets tell each of the stories. One query."""
    return dict(news.Story.objects.filter(pk__in=set(stories)).values_list("pk", "outlet_count"))


def store_moves(filled: Iterable[Envelope], lost: Iterable[Envelope]) -> None:
    """Write which envelope's what now is, and that others tell of fewer alerts."""
    moved = []
    for envelope in filled:
        for row in envelope.moved_in:
            row.delivery_id = envelope.delivery.pk
            moved.append(row)
    models.DeliveryHit.objects.bulk_update(moved, ["delivery"])
    emptied = [envelope.delivery.pk for envelope in lost]
    models.Delivery.alerts.through.objects.filter(delivery__in=emptied).delete()
