"""Who is told of an alert, and how each of them wants to be told. Must not write anything."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Prefetch, prefetch_related_objects
from django.utils import timezone

from alerts import models
from alerts.matching import policy
from newswatch.accounts import middleware

# Which of a delivery's three readers, and its number.
Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who is told of an alert. What a stopped one would get waits until it is resumed."""

    key: Key
    wishes: policy.Policy
    is_stopped: bool = False


def readers_of(alerts: Iterable[models.Alert]) -> dict[int, list[Reader]]:
    """The readers of each alert, whose owners are loaded. Four queries."""
    rows = list(alerts)
    prefetch_related_objects(
        rows,
        Prefetch(
            "recipients", models.AlertRecipient.objects.select_related("user", "address").order_by("pk")
        ),
        Prefetch("webhooks", models.Webhook.objects.order_by("pk")),
    )
    people = {alert.owner.email for alert in rows} | {
        recipient.user.email for alert in rows for recipient in alert.recipients.all() if recipient.user
    }
    stopped = stopped_of(people)
    return {alert.pk: list(_readers(alert, stopped)) for alert in rows}


def stopped_of(emails: Iterable[str]) -> frozenset[str]:
    """Those of the e-mail addresses, in small letters, that are stopped. One query."""
    asked = [email.lower() for email in emails]
    rows = models.Address.objects.filter(address__in=asked, stopped_at__isnull=False)
    return frozenset(rows.values_list("address", flat=True))


def key_of(delivery: models.Delivery) -> Key:
    """Whose a delivery is."""
    for name in ("recipient", "address", "webhook"):
        if number := getattr(delivery, f"{name}_id"):
            return name, number
    raise ValueError("a delivery without a reader")


def _readers(alert: models.Alert, stopped: frozenset[str]) -> Iterator[Reader]:
    owner = alert.owner
    if alert.tell_owner and owner.is_active:
        yield Reader(("recipient", owner.pk), wishes(alert, owner.time_zone), owner.email.lower() in stopped)
    for recipient in alert.recipients.all():
        person, address = recipient.user, recipient.address
        if person and person.is_active and not (alert.tell_owner and person == owner):
            yield Reader(
                ("recipient", person.pk),
                wishes(alert, person.time_zone, recipient),
                person.email.lower() in stopped,
            )
        if address and address.confirmed_at:
            yield Reader(
                ("address", address.pk),
                wishes(alert, address.time_zone, recipient),
                address.stopped_at is not None,
            )
    for webhook in alert.webhooks.all():
        yield Reader(("webhook", webhook.pk), wishes(alert, owner.time_zone), webhook.stopped_at is not None)


def wishes(
    alert: models.Alert, time_zone: str, recipient: models.AlertRecipient | None = None
) -> policy.Policy:
    """How a reader in a time zone wants to be told: as the alert says, or as she said herself."""
    mode, at_hour, weekday = alert.mode, alert.at_hour, alert.weekday
    if recipient and recipient.mode:
        mode = recipient.mode
        at_hour = at_hour if recipient.at_hour is None else recipient.at_hour
        weekday = weekday if recipient.weekday is None else recipient.weekday
    quiet = None
    if alert.quiet_from is not None and alert.quiet_until is not None:
        quiet = (alert.quiet_from, alert.quiet_until)
    return policy.Policy(
        zone=middleware.zone_of(time_zone) or timezone.get_default_timezone(),
        mode=mode,
        at_hour=at_hour,
        weekday=weekday,
        working_days_only=alert.working_days_only,
        quiet=quiet,
        urgent=alert.priority == models.Alert.Priority.HIGH,
    )
