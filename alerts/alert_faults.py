"""Alerts that can't be used: shown to their owners, instead of finding nothing without a word.

A query that can't be read (any more) is one. One that breaks on an article is tried on the others; after MOST_TIMES it
is not tried any more until its query changes or the next day. A changed query is a fresh start (a trigger of the
database sees to that).
"""

import datetime
from collections.abc import Collection, Iterable, Mapping

from django.db.models import F
from django.utils import timezone

from alerts import models
from alerts.matching import match as matching
from articles import faults

MOST_TIMES = 3


def note_unreadable(unreadable: Mapping[int, str], *, read: Collection[int]) -> None:
    """Note which queries can't be read and why; those that were `read` can be."""
    known = dict(models.AlertFault.objects.filter(times=0).values_list("alert_id", "reason"))
    mended = known.keys() & set(read)
    if mended:
        models.AlertFault.objects.filter(alert__in=mended, times=0).delete()
    new = {alert: reason for alert, reason in unreadable.items() if known.get(alert) != reason}
    now = timezone.now()
    there = models.Alert.objects.filter(pk__in=new).values_list("pk", flat=True)
    models.AlertFault.objects.bulk_create(
        [models.AlertFault(alert_id=alert, reason=new[alert], at=now) for alert in there],
        update_conflicts=True,
        unique_fields=["alert"],
        update_fields=["reason", "at"],
    )


def note_broken(failures: Iterable[matching.Failure], *, now: datetime.datetime) -> None:
    """Note queries that broke on an article; those that did so too often are tried no more."""
    for failure in failures:
        fault, is_new = models.AlertFault.objects.get_or_create(
            alert_id=failure.alert,
            defaults={"reason": faults.reason(failure.error), "at": now, "times": 1},
        )
        if not is_new:
            fault.times += 1
            fault.reason, fault.at = faults.reason(failure.error), now
        if fault.times >= MOST_TIMES:
            fault.is_stopped = True
        fault.save()
        if fault.is_stopped:
            touch([failure.alert])


def try_again() -> None:
    """Have alerts that were stopped tried again, as if nothing had been."""
    stopped = list(models.AlertFault.objects.filter(times__gt=0).values_list("alert_id", flat=True))
    models.AlertFault.objects.filter(alert__in=stopped).delete()
    touch(stopped)


def touch(alerts: Collection[int]) -> None:
    """Have every worker look at these alerts again."""
    models.Alert.objects.filter(pk__in=alerts).update(enabled=F("enabled"))
