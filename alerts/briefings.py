"""Who gets a person's briefings by mail, and the sending. Each function is one transaction; the clock is passed in.

An address that nobody logs in with gets nothing but one mail that asks, until its reader agrees. Whom a mail goes to is
chosen each time: nothing is sent by itself.
"""

import datetime
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from alerts import models, recipients
from articles import models as news
from newswatch import wake
from newswatch.accounts.models import User

MOST_READERS = 50
# Whoever presses twice means once.
ONCE = datetime.timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody to whom a briefing can be mailed: its writer, if `row` is None, or one of her readers."""

    person: User | None
    address: models.Address | None
    row: models.BriefingReader | None
    is_stopped: bool

    @property
    def key(self) -> str:
        """What a form calls her."""
        return str(self.row.pk) if self.row else "me"

    @property
    def email(self) -> str:
        if self.person:
            return self.person.email
        return self.address.address if self.address else ""

    @property
    def is_asked(self) -> bool:
        """Whether she has not agreed yet."""
        return self.address is not None and self.address.confirmed_at is None

    @property
    def can_be_told(self) -> bool:
        return bool(self.email) and not self.is_asked and not self.is_stopped


def readers(writer: User) -> list[Reader]:
    """A person herself and those who get her briefings. Two queries."""
    rows = (
        models.BriefingReader.objects.filter(writer=writer).select_related("user", "address").order_by("pk")
    )
    found = [row for row in rows if row.user is None or row.user.is_active]
    emails = {writer.email.lower()} | {row.user.email.lower() for row in found if row.user}
    stopped = set(
        models.Address.objects.filter(address__in=emails, stopped_at__isnull=False).values_list(
            "address", flat=True
        )
    )
    own = Reader(writer, None, None, writer.email.lower() in stopped)
    return [own, *(reader_of(row, stopped) for row in found)]


def reader_of(row: models.BriefingReader, stopped: Collection[str]) -> Reader:
    """A row as a reader; `stopped`: addresses of people to whom nothing is sent."""
    is_stopped = row.address.stopped_at is not None if row.address else False
    if row.user:
        is_stopped = row.user.email.lower() in stopped
    return Reader(row.user, row.address, row, is_stopped)


@transaction.atomic
def add(writer: User, email: str, *, now: datetime.datetime) -> models.BriefingReader:
    """Add a person by the address she logs in with, or an address. Raises recipients.CannotAddError."""
    # Two at once would both find room.
    User.objects.select_for_update().get(pk=writer.pk)
    email = email.strip().lower()
    person = User.objects.filter(email__iexact=email, is_active=True).first()
    rows = models.BriefingReader.objects.filter(writer=writer)
    if person == writer:
        raise recipients.CannotAddError("twice")
    if rows.count() >= MOST_READERS:
        raise recipients.CannotAddError("many")
    address = None
    if person is None:
        address, _ = models.Address.objects.get_or_create(
            address=email, defaults={"created_at": now, "language": writer.language}
        )
    row, is_new = rows.get_or_create(
        writer=writer, user=person, address=address, defaults={"created_at": now}
    )
    if not is_new:
        raise recipients.CannotAddError("twice")
    return row


@transaction.atomic
def remove(row: models.BriefingReader) -> None:
    """Send somebody no more of a writer's briefings, not even what waits already."""
    models.Delivery.objects.filter(
        briefing__owner=row.writer_id,
        recipient=row.user_id,
        address=row.address_id,
        state__in=[models.Delivery.State.WAITING, models.Delivery.State.STOPPED],
        sealed_at__isnull=True,
    ).delete()
    row.delete()


@transaction.atomic
def send(briefing: news.Collection, to: Sequence[Reader], *, now: datetime.datetime) -> int:
    """Mail a published briefing to those of these readers who can be told; returns to how many.

    Who was sent it a moment ago is passed over.
    """
    news.Collection.objects.select_for_update().only("pk").get(pk=briefing.pk)
    lately = set(
        models.Delivery.objects.filter(briefing=briefing, created_at__gt=now - ONCE).values_list(
            "recipient", "address"
        )
    )
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
    made = [
        models.Delivery(
            briefing=briefing,
            recipient=reader.person,
            address=reader.address,
            created_at=now,
            due_at=now,
            message_id=f"<{uuid.uuid4()}@{host}>",
        )
        for reader in to
        if reader.can_be_told
        and (reader.person and reader.person.pk, reader.address and reader.address.pk) not in lately
    ]
    models.Delivery.objects.bulk_create(made)
    if made:
        wake.on_commit("alerts.tasks.send_deliveries")
    return len(made)


def sent(briefing: news.Collection) -> list[models.Delivery]:
    """The mails of a briefing, newest first. One query."""
    rows = models.Delivery.objects.filter(briefing=briefing).select_related("recipient", "address")
    return list(rows.order_by("-created_at", "-pk")[:MOST_READERS])


def is_reader(writer: int, person: User | None, address: models.Address | None) -> bool:
    """Whether somebody is on a writer's list. One query."""
    who = Q(user=person) if person else Q(address=address)
    return models.BriefingReader.objects.filter(who, writer=writer).exists()
