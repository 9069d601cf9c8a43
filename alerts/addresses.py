"""Which addresses get no more mails, why, and how they get them again. Each function is one transaction.

What was to be sent to one that is stopped waits, and leaves as one mail when it is resumed. The clock is passed in.
"""

import datetime

from django.db import transaction
from django.db.models import F, Q

from alerts import models
from alerts.matching import bounces
from newswatch import wake

State = models.Delivery.State
Stop = models.Address.Stop
# Refusals in a row, of whatever kind, after which an address is stopped.
MOST_REFUSALS = 5


def email_of(delivery: models.Delivery) -> str:
    """Where a mail goes, in small letters; nothing for a webhook's."""
    if delivery.recipient:
        return delivery.recipient.email.lower()
    return delivery.address.address if delivery.address else ""


def of(address: models.Address) -> Q:
    """The deliveries that go to an address, be it a person's or not."""
    return Q(address=address) | Q(recipient__email__iexact=address.address)


@transaction.atomic
def stop(email: str, why: str, words: str, *, now: datetime.datetime) -> models.Address:
    """Send nothing more to an address. What waits for it, waits until it is resumed."""
    address, _ = models.Address.objects.get_or_create(address=email.lower(), defaults={"created_at": now})
    address.stopped_at = address.stopped_at or now
    address.stop, address.stop_words = why, words
    address.save(update_fields=["stopped_at", "stop", "stop_words"])
    models.Delivery.objects.filter(of(address), state=State.WAITING).update(state=State.STOPPED)
    return address


@transaction.atomic
def resume(address: models.Address, *, now: datetime.datetime) -> None:
    """Send to an address again, and first what waited for it."""
    models.Address.objects.filter(pk=address.pk).update(stopped_at=None, stop="", stop_words="", refusals=0)
    models.Delivery.objects.filter(of(address), state=State.STOPPED).update(
        state=State.WAITING, due_at=now, attempts=0, created_at=now
    )
    wake.on_commit("alerts.tasks.send_deliveries")


@transaction.atomic
def refused(delivery: models.Delivery, code: int, words: str, *, now: datetime.datetime) -> None:
    """A mail server refused a mail's recipient for good: the address is stopped if it does not exist, or goes on so."""
    email = email_of(delivery)
    address, _ = models.Address.objects.get_or_create(address=email, defaults={"created_at": now})
    models.Address.objects.filter(pk=address.pk).update(refusals=F("refusals") + 1)
    address.refresh_from_db(fields=["refusals"])
    if bounces.is_gone(code, words) or address.refusals >= MOST_REFUSALS:
        stop(email, Stop.REFUSED, words, now=now)
        # It waits with the others, to be sent when the address is right.
        models.Delivery.objects.filter(pk=delivery.pk).update(state=State.STOPPED)


def accepted(delivery: models.Delivery) -> None:
    """A mail server took a mail: earlier refusals say nothing any more."""
    models.Address.objects.filter(address=email_of(delivery), refusals__gt=0).update(refusals=0)


@transaction.atomic
def reported(report: bounces.Report, *, now: datetime.datetime) -> models.Address | None:
    """A mail came back or was complained about; returns the address that is stopped, if it was ours and final."""
    rows = models.Delivery.objects.filter(message_id__in=report.message_ids, webhook__isnull=True)
    delivery = rows.select_related("recipient", "address").first()
    if delivery is None:
        return None
    if not report.final:
        models.Delivery.objects.filter(pk=delivery.pk).update(error=report.words)
        return None
    why = Stop.COMPLAINT if report.complaint else Stop.BOUNCED
    address = stop(email_of(delivery), why, report.words, now=now)
    if not report.complaint:
        models.Delivery.objects.filter(pk=delivery.pk, state=State.SENT).update(
            state=State.STOPPED, error=report.words
        )
    return address
