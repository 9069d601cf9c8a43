"""Who else gets an alert's mails. Each function is one transaction; the clock is passed in.

An address that nobody logs in with gets nothing but one mail that asks, until its reader agrees.
"""

import datetime
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from alerts import models
from newswatch.accounts.models import User

SALT = "newswatch.alerts.confirm"
# How long the link works that an address is asked with, and how long until it may be asked again.
LIVES = datetime.timedelta(days=14)
ASK_AGAIN = datetime.timedelta(hours=12)
MOST_RECIPIENTS = 50


class CannotAddError(ValueError):
    """Somebody who can't be added; the message is the reason's name: owner, twice, many."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A confirmation link's address, the alerts that it would get mails of, and whose briefings."""

    address: models.Address
    alerts: tuple[models.Alert, ...]
    writers: tuple[User, ...] = ()


@transaction.atomic
def add(alert: models.Alert, email: str, *, mode: str = "", now: datetime.datetime) -> models.AlertRecipient:
    """Add a person by the address she logs in with, or an address. Raises CannotAddError."""
    locked = models.Alert.objects.select_for_update().get(pk=alert.pk)
    email = email.strip().lower()
    person = User.objects.filter(email__iexact=email, is_active=True).first()
    rows = models.AlertRecipient.objects.filter(alert=locked)
    if person and person.pk == locked.owner_id:
        raise CannotAddError("owner")
    if rows.count() >= MOST_RECIPIENTS:
        raise CannotAddError("many")
    address = None
    if person is None:
        address, _ = models.Address.objects.get_or_create(
            address=email, defaults={"created_at": now, "language": locked.owner.language}
        )
    recipient, is_new = rows.get_or_create(
        alert=locked, user=person, address=address, defaults={"mode": mode, "created_at": now}
    )
    if not is_new:
        raise CannotAddError("twice")
    return recipient


@transaction.atomic
def remove(recipient: models.AlertRecipient) -> None:
    """Tell somebody no more of an alert, not even what waits already."""
    models.Alert.objects.select_for_update().get(pk=recipient.alert_id)
    waiting = models.Delivery.objects.filter(
        recipient=recipient.user_id, address=recipient.address_id, webhook=None, sealed_at__isnull=True
    ).filter(state__in=[models.Delivery.State.WAITING, models.Delivery.State.STOPPED])
    told = models.DeliveryHit.objects.filter(delivery__in=waiting, hit__alert=recipient.alert_id)
    emptied = set(told.values_list("delivery", flat=True))
    told.delete()
    models.Delivery.alerts.through.objects.filter(delivery__in=emptied, alert=recipient.alert_id).delete()
    rest = models.DeliveryHit.objects.filter(delivery=OuterRef("pk"))
    models.Delivery.objects.filter(~Exists(rest), pk__in=emptied).delete()
    recipient.delete()


def ask(
    address: models.Address,
    alert: models.Alert | None = None,
    *,
    writer: User | None = None,
    now: datetime.datetime,
) -> bool:
    """Ask an address whether it wants an alert's mails, or a writer's briefings, unless it was asked lately.

    Returns whether it was asked now. Raises OSError.
    """
    if address.confirmed_at or (address.asked_at and now - address.asked_at < ASK_AGAIN):
        return False
    url = settings.SITE_URL + reverse("alerts:confirm", args=[sign(address)])
    with translation.override(address.language):
        context = {"alert": alert, "writer": writer, "url": url, "email": address.address, "days": LIVES.days}
        EmailMessage(
            subject=" ".join(render_to_string("emails/confirm.subject.txt", context).split()),
            body=render_to_string("emails/confirm.txt", context),
            to=[address.address],
            headers={"Auto-Submitted": "auto-generated"},
        ).send()
    models.Address.objects.filter(pk=address.pk).update(asked_at=now)
    return True


def sign(address: models.Address) -> str:
    """The token of an address's confirmation link."""
    return signing.dumps(address.address, salt=SALT, compress=False)


def asked(token: str) -> Asked | None:
    """What a confirmation link is about; None if it is none of ours, too old, or nobody wants it any more."""
    try:
        email = signing.loads(token, salt=SALT, max_age=LIVES)
    except signing.BadSignature:
        return None
    address = models.Address.objects.filter(address=email).first()
    if address is None:
        return None
    rows = models.Alert.objects.filter(recipients__address=address)
    writers = User.objects.filter(briefing_readers__address=address, is_active=True).distinct()
    return Asked(address, tuple(rows.select_related("owner").order_by("pk")), tuple(writers.order_by("pk")))


def confirm(address: models.Address, *, now: datetime.datetime) -> None:
    """Note that an address's reader agreed; what matches from now on is told."""
    models.Address.objects.filter(pk=address.pk, confirmed_at__isnull=True).update(confirmed_at=now)
