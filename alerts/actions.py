"""What an analyst does with her alerts. Every function is one transaction; the clock is passed in.

Each change raises the alert's revision, by which workers see that their matcher is old.
"""

import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef

from alerts import models
from newswatch.accounts import models as accounts


@transaction.atomic
def save_alert(
    *,
    owner: accounts.User,
    name: str,
    query: str,
    now: datetime.datetime,
    alert: models.Alert | None = None,
) -> models.Alert:
    """Create an alert, or change one. `query` is canonical.

    A new query counts for articles first seen from `now` on; a new name changes nothing about what is mailed.
    """
    if alert is None:
        return models.Alert.objects.create(
            owner=owner, name=name, query=query, created_at=now, active_since=now
        )
    locked = models.Alert.objects.select_for_update().get(pk=alert.pk)
    locked.name = name
    if locked.query != query:
        locked.query = query
        locked.active_since = now
        locked.revision += 1
    locked.save(update_fields=["name", "query", "active_since", "revision"])
    return locked


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


@transaction.atomic
def delete(alert: models.Alert) -> None:
    """Delete an alert with its hits, and the mails that told of nothing else. Locked first: a worker may be writing
    hits of it."""
    for locked in models.Alert.objects.select_for_update().filter(pk=alert.pk):
        mails = models.Delivery.objects.filter(alerts=locked)
        others = models.Delivery.alerts.through.objects.filter(delivery=OuterRef("pk")).exclude(alert=locked)
        mails.exclude(Exists(others)).delete()
        locked.delete()
