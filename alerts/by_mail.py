"""What the links in mails do (alerts.links). Each function is one transaction; the clock is passed in.

A link acts as long as its reader is one to whom the alert's mails go; what only an owner may do is refused to others.
"""

import dataclasses
import datetime
from dataclasses import dataclass

from django.db import transaction

from alerts import actions, briefings, links, models, mutes
from alerts import recipients as addressees
from articles import models as news
from newswatch.accounts.models import User

A_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose link it is: a person, or an address of somebody who does not log in."""

    person: User | None
    address: models.Address | None

    @property
    def email(self) -> str:
        if self.person:
            return self.person.email
        return self.address.address if self.address else ""

    @property
    def language(self) -> str:
        reader = self.person or self.address
        return reader.language if reader else ""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a link is about, as it is now."""

    link: links.Link
    reader: Reader
    alerts: tuple[models.Alert, ...]
    story: news.Story | None
    # Whose briefings it is about.
    writer: User | None = None


def subject(link: links.Link) -> Subject:
    """What a link is about. Raises OldLinkError if that, or its reader, is gone."""
    reader = Reader(
        User.objects.filter(pk=link.person, is_active=True).first() if link.person else None,
        models.Address.objects.filter(pk=link.address).first() if link.address else None,
    )
    if not links.is_sealed(link, reader.email):
        raise links.OldLinkError("its reader is gone, or has another address")
    alerts = tuple(models.Alert.objects.kept().filter(pk__in=link.alerts).order_by("pk"))
    story = news.Story.objects.filter(pk=link.story).first() if link.story else None
    owner_only = link.act in (links.Act.PAUSE, links.Act.DAY)
    if owner_only and any(alert.owner_id != link.person for alert in alerts):
        raise links.OldLinkError("the alert is another person's now")
    writer = User.objects.filter(pk=link.writer, is_active=True).first() if link.writer else None
    if story is None and writer is None and not alerts:
        raise links.OldLinkError("what it is about was deleted")
    return Subject(link, reader, alerts, story, writer)


@transaction.atomic
def act(about: Subject, *, now: datetime.datetime) -> links.Link:
    """Do what the link says, or take it back; returns the link that does the opposite. Doing it twice is once."""
    link = about.link
    match link.act:
        case links.Act.STOP:
            kept = resume_mails(about, now=now) if link.undoes else stop_mails(about)
        case links.Act.PAUSE:
            kept = pause(about, now=now)
        case links.Act.DAY:
            kept = mute(about, now=now)
        case links.Act.STORY:
            kept = mute_story(about, now=now)
        case links.Act.BRIEFING:
            kept = stop_briefings(about, now=now)
    return dataclasses.replace(link, undoes=not link.undoes, kept=kept)


def stop_mails(about: Subject) -> tuple[links.Kept, ...]:
    """Take the reader from those who are told. What is returned puts her back as she was."""
    kept: list[links.Kept] = []
    for alert in about.alerts:
        if alert.owner_id == about.link.person:
            kept.append((alert.pk, "owner", None, None))
            models.Alert.objects.filter(pk=alert.pk).update(tell_owner=False)
        for row in recipients(about, alert):
            kept.append((alert.pk, row.mode, row.at_hour, row.weekday))
            addressees.remove(row)
    return tuple(kept)


def resume_mails(about: Subject, *, now: datetime.datetime) -> tuple[links.Kept, ...]:
    """Put the reader back among those who are told."""
    present = {alert.pk: alert for alert in about.alerts}
    for pk, mode, at_hour, weekday in about.link.kept:
        alert = present.get(pk)
        if alert is None:
            continue
        if mode == "owner":
            models.Alert.objects.filter(pk=alert.pk, owner=about.link.person).update(tell_owner=True)
            continue
        models.AlertRecipient.objects.get_or_create(
            alert=alert,
            user=about.reader.person,
            address=about.reader.address,
            defaults={"mode": mode, "at_hour": at_hour, "weekday": weekday, "created_at": now},
        )
    return ()


def recipients(about: Subject, alert: models.Alert) -> list[models.AlertRecipient]:
    """The rows by which the reader gets an alert's mails besides owning it."""
    rows = models.AlertRecipient.objects.filter(alert=alert)
    if about.reader.person:
        return list(rows.filter(user=about.reader.person))
    return list(rows.filter(address=about.reader.address))


def pause(about: Subject, *, now: datetime.datetime) -> tuple[links.Kept, ...]:
    """Switch the alerts off, or on again."""
    for alert in about.alerts:
        if about.link.undoes:
            actions.resume(alert, now=now)
        else:
            actions.pause(alert)
    return ()


def mute(about: Subject, *, now: datetime.datetime) -> tuple[links.Kept, ...]:
    """Mute the alerts for a day, or no longer."""
    for alert in about.alerts:
        models.Alert.objects.filter(pk=alert.pk).update(
            muted_until=None if about.link.undoes else now + A_DAY
        )
    return ()


def stop_briefings(about: Subject, *, now: datetime.datetime) -> tuple[links.Kept, ...]:
    """Take the reader off a writer's list, or put her on it again."""
    who = {"writer": about.writer, "user": about.reader.person, "address": about.reader.address}
    if about.link.undoes:
        models.BriefingReader.objects.get_or_create(**who, defaults={"created_at": now})
        return ()
    for row in models.BriefingReader.objects.filter(**who):
        briefings.remove(row)
    return ()


def mute_story(about: Subject, *, now: datetime.datetime) -> tuple[links.Kept, ...]:
    """Tell the reader no more of the story, or again."""
    if about.story is None:
        return ()
    reader: dict[str, object] = {"person": about.reader.person, "address": about.reader.address}
    if about.link.undoes:
        mutes.unmute(about.story, reader)
    else:
        mutes.mute(about.story, reader, now=now)
    return ()
