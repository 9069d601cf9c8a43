"""What an analyst does with her alerts. Every function is one transaction; the clock is passed in.

Each change raises the alert's revision, by which workers see that their matcher is old.
"""

import datetime
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef

from alerts import models
from newswatch import wake
from newswatch.accounts import models as accounts

SEND = "alerts.tasks.send_deliveries"
# A deleted alert can be had back for so long.
KEEP_DELETED = datetime.timedelta(days=30)


@transaction.atomic
def save_alert(
    *,
    owner: accounts.User,
    name: str,
    query: str,
    now: datetime.datetime,
    alert: models.Alert | None = None,
    policy: Mapping[str, Any] | None = None,
) -> models.Alert:
    """Create an alert, or change one. `query` is canonical, `policy` has further fields of it.

    A new query counts for articles first seen from `now` on; a new name changes nothing about what is mailed.
    """
    policy = policy or {}
    if alert is None:
        return models.Alert.objects.create(
            owner=owner, name=name, query=query, created_at=now, active_since=now, **policy
        )
    locked = models.Alert.objects.select_for_update().get(pk=alert.pk)
    locked.name = name
    if locked.query != query:
        locked.query = query
        locked.active_since = now
        locked.revision += 1
    for field, value in policy.items():
        setattr(locked, field, value)
    locked.save(update_fields=["name", "query", "active_since", "revision", *policy])
    return locked


@transaction.atomic
def copy(alert: models.Alert, *, name: str, now: datetime.datetime) -> models.Alert:
    """Another alert of the same owner like this one, paused, so that it can be changed before it tells anything."""
    kept = models.AlertRecipient.objects.filter(alert=alert)
    made = models.Alert.objects.get(pk=alert.pk)
    made.pk, made._state.adding = None, True
    made.name, made.enabled, made.created_at, made.active_since, made.muted_until = (
        name,
        False,
        now,
        now,
        None,
    )
    made.revision = 1
    made.save()
    for row in kept:
        row.pk, row._state.adding, row.alert, row.created_at = None, True, made, now
        row.save()
    return made


def mute(alert: models.Alert, *, until: datetime.datetime | None) -> None:
    """Have an alert's hits listed and not mailed until then; None ends it."""
    models.Alert.objects.filter(pk=alert.pk).update(muted_until=until)


def pause(alert: models.Alert) -> bool:
    """Switch an alert off; whether it was on. Mails that wait already are still sent."""
    return bool(
        models.Alert.objects.filter(pk=alert.pk, enabled=True).update(
            enabled=False, revision=F("revision") + 1
        )
    )


def resume(alert: models.Alert, *, now: datetime.datetime) -> bool:
    """Switch an alert on; whether it was off. What came while it was off is not mailed."""
    return bool(
        models.Alert.objects.filter(pk=alert.pk, enabled=False).update(
            enabled=True, active_since=now, revision=F("revision") + 1
        )
    )


def delete(alert: models.Alert, *, now: datetime.datetime) -> None:
    """Switch an alert off and show it to nobody any more. It can be restored until it is `erased`."""
    models.Alert.objects.filter(pk=alert.pk, deleted_at__isnull=True).update(
        deleted_at=now, enabled=False, revision=F("revision") + 1
    )


def restore(alert: models.Alert, *, enabled: bool, now: datetime.datetime) -> None:
    """Take deleting back. What came meanwhile is not mailed."""
    models.Alert.objects.filter(pk=alert.pk, deleted_at__isnull=False).update(
        deleted_at=None, enabled=enabled, active_since=now, revision=F("revision") + 1
    )


def erase_deleted(*, now: datetime.datetime) -> int:
    """Erase the alerts that were deleted long ago; returns how many."""
    old = models.Alert.objects.filter(deleted_at__lt=now - KEEP_DELETED)
    for alert in old:
        erase(alert)
    return len(old)


@transaction.atomic
def erase(alert: models.Alert) -> None:
    """Erase an alert with its hits, and the mails that told of nothing else. Locked first: a worker may be writing
    hits of it."""
    for locked in models.Alert.objects.select_for_update().filter(pk=alert.pk):
        mails = models.Delivery.objects.filter(alerts=locked)
        others = models.Delivery.alerts.through.objects.filter(delivery=OuterRef("pk")).exclude(alert=locked)
        mails.exclude(Exists(others)).delete()
        locked.delete()


class CannotResendError(ValueError):
    """A mail that is not to be sent again; it still waits, or what it told is gone."""


@transaction.atomic
def resend(delivery: models.Delivery, *, now: datetime.datetime) -> models.Delivery:
    """Send a mail again: one that failed goes on, one that was sent gets a copy. Raises CannotResendError."""
    locked = models.Delivery.objects.select_for_update().get(pk=delivery.pk)
    if locked.state == models.Delivery.State.FAILED:
        locked.state, locked.attempts, locked.due_at, locked.error = "waiting", 0, now, ""
        # A patience of days begins anew.
        locked.created_at = now
        locked.save(update_fields=["state", "attempts", "due_at", "error", "created_at"])
        wake.on_commit(SEND)
        return locked
    if locked.state != models.Delivery.State.SENT or not locked.told.exists():
        raise CannotResendError(locked.state)
    reader = {name: getattr(locked, name) for name in ("recipient_id", "address_id", "webhook_id")}
    told = [(row.hit, row.news) for row in locked.told.select_related("hit").order_by("pk")]
    return send_now(told, reader, now=now)


@transaction.atomic
def tell_now(hit: models.Hit, *, now: datetime.datetime) -> models.Delivery:
    """Mail a hit to its alert's owner, whatever it was held for."""
    reader = {"recipient_id": hit.alert.owner_id}
    return send_now([(hit, "")], reader, now=now)


def send_now(
    told: Sequence[tuple[models.Hit, str]], reader: Mapping[str, int | None], *, now: datetime.datetime
) -> models.Delivery:
    """A delivery of its own, due at once."""
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
    made = models.Delivery.objects.create(
        created_at=now, due_at=now, sealed_at=now, message_id=f"<{uuid.uuid4()}@{host}>", **reader
    )
    made.alerts.set({hit.alert_id for hit, _ in told})
    models.DeliveryHit.objects.bulk_create(
        models.DeliveryHit(delivery=made, hit=hit, news=news) for hit, news in told
    )
    wake.on_commit(SEND)
    return made
