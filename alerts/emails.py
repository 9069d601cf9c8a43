"""Write the mails: plain text and HTML, in the recipient's language and time zone. Must not send them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from alerts import links, mail_items, models
from alerts.matching import digest
from newswatch import mail_html
from newswatch.accounts import middleware

# Stories that a mail shows in full if it tells of more than MOST_FULL, and stories that it names at all; the rest is on
# the alert's page.
FULL_OF_MANY = 5
MOST_FULL = 10
MOST_STORIES = 40
# Earlier mails of the story that a mail names as what it answers: the first and the last ones.
MOST_REFERENCES = 10
LONGEST_SUBJECT = 400


class UnsendableError(Exception):
    """The mail has lost its reason or its reader; the message says how."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose mail it is, and how she reads it. `person` and `address` are keys; one of them is none."""

    email: str
    language: str
    time_zone: str
    person: int | None = None
    address: int | None = None

    def link(self, act: links.Act, *alerts: int, story: int | None = None) -> str:
        """The address that does this for the reader, without a log-in."""
        return links.url(
            links.Link(
                act, self.person, self.address, links.seal(self.email), alerts[: links.MOST_ALERTS], story
            )
        )

    def stop_briefings(self, writer: int) -> str:
        """The address that ends a person's briefings for the reader, without a log-in."""
        return links.url(
            links.Link(links.Act.BRIEFING, self.person, self.address, links.seal(self.email), writer=writer)
        )


@dataclass(frozen=True, slots=True)
class Footer:
    """What a mail says of an alert at its end. `pause` and `day` are for its owner alone."""

    name: str
    query: str
    url: str
    stop: str
    pause: str
    day: str


@dataclass(frozen=True, slots=True)
class Thread:
    """Earlier mails of the same story to the same reader: their ids, oldest first, and the first one's subject."""

    ids: tuple[str, ...]
    subject: str


def compose(delivery: models.Delivery, *, connection: BaseEmailBackend) -> EmailMultiAlternatives:
    """The delivery as a mail, ready to be sent over the connection. Raises UnsendableError."""
    reader = reader_of(delivery)
    groups = mail_items.groups_of(delivery)
    if not groups:
        raise UnsendableError("its articles, or the alert, were deleted")
    zone = middleware.zone_of(reader.time_zone)
    with translation.override(reader.language), timezone.override(zone):
        return message(delivery, reader, groups, connection)


def reader_of(delivery: models.Delivery) -> Reader:
    """Who gets the mail. Raises UnsendableError."""
    if person := delivery.recipient:
        if not (person.is_active and person.email):
            raise UnsendableError("the recipient's account is closed or has no address")
        return Reader(person.email, person.language, person.time_zone, person=person.pk)
    if address := delivery.address:
        return Reader(address.address, address.language, address.time_zone, address=address.pk)
    raise UnsendableError("a webhook gets no mail")


def message(
    delivery: models.Delivery,
    reader: Reader,
    groups: Sequence[digest.Group[mail_items.Told]],
    connection: BaseEmailBackend,
) -> EmailMultiAlternatives:
    """The mail, in the language and time zone that are active."""
    alerts = alerts_of(groups)
    thread = thread_of(delivery, groups)
    context = context_of(delivery, reader, groups, alerts)
    if thread.subject:
        subject = f"Re: {thread.subject}"
    else:
        subject = " ".join(render_to_string("emails/alert.subject.txt", context).split())
    mail = EmailMultiAlternatives(
        subject=subject[:LONGEST_SUBJECT],
        body=render_to_string("emails/alert.txt", context),
        to=[reader.email],
        connection=connection,
        headers=headers(delivery, reader, alerts, thread),
    )
    mail.attach_alternative(mail_html.inlined(render_to_string("emails/alert.html", context)), "text/html")
    return mail


def context_of(
    delivery: models.Delivery,
    reader: Reader,
    groups: Sequence[digest.Group[mail_items.Told]],
    alerts: Sequence[models.Alert],
) -> dict[str, object]:
    """What the templates know."""
    items = mail_items.items(groups[:MOST_STORIES], logs_in=reader.person is not None)
    full = len(items) if len(items) <= MOST_FULL else FULL_OF_MANY
    return {
        "alerts": [footer(alert, reader) for alert in alerts],
        "name": ", ".join(alert.name for alert in alerts),
        "items": [(item, mute_of(item, reader)) for item in items[:full]],
        "brief": items[full:],
        "counts": mail_items.by_alert(items) if len(alerts) > 1 else {},
        "headline": groups[0].first.hit.article.title,
        "total": len(groups),
        "others": len(groups) - 1,
        "unlisted": max(0, len(groups) - MOST_STORIES),
        "held": delivery.held,
        "spikes": list(models.Spike.objects.filter(hits__deliveries=delivery).distinct().order_by("pk")),
        "is_urgent": delivery.urgent,
        "logs_in": reader.person is not None,
        "site_url": settings.SITE_URL,
        "language": reader.language,
    }


def headers(
    delivery: models.Delivery, reader: Reader, alerts: Sequence[models.Alert], thread: Thread
) -> dict[str, str]:
    """The mail's headers: who it is from as a list, how to stop it in one click (RFC 8058), what it answers."""
    found = {
        "Message-ID": delivery.message_id,
        "Auto-Submitted": "auto-generated",
        "List-Id": f"<alert-{alerts[0].pk}.newswatch>",
        "List-Unsubscribe": f"<{reader.link(links.Act.STOP, *(alert.pk for alert in alerts))}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    if thread.ids:
        found |= {"References": " ".join(thread.ids), "In-Reply-To": thread.ids[-1]}
    if delivery.urgent:
        found |= {"X-Priority": "1", "Importance": "high"}
    return found


def footer(alert: models.Alert, reader: Reader) -> Footer:
    """An alert's lines at the end."""
    is_owner = alert.owner_id == reader.person
    return Footer(
        name=alert.name,
        query=alert.query,
        url=settings.SITE_URL + reverse("alerts:detail", args=[alert.pk]),
        stop=reader.link(links.Act.STOP, alert.pk),
        pause=reader.link(links.Act.PAUSE, alert.pk) if is_owner else "",
        day=reader.link(links.Act.DAY, alert.pk) if is_owner else "",
    )


def mute_of(item: mail_items.Item, reader: Reader) -> str:
    """The address that ends the mails about a story; none for what is in no story."""
    return reader.link(links.Act.STORY, story=item.story_id) if item.story_id else ""


def thread_of(delivery: models.Delivery, groups: Sequence[digest.Group[mail_items.Told]]) -> Thread:
    """Which mails this one goes on from; none for a mail that tells of several stories. One query."""
    story = groups[0].first.story
    if len(groups) > 1 or story is None:
        return Thread((), "")
    earlier = (
        models.Delivery.objects.filter(
            recipient=delivery.recipient_id,
            address=delivery.address_id,
            state=models.Delivery.State.SENT,
            sent_at__lte=delivery.sealed_at or timezone.now(),
            hits__article__story=story,
        )
        .exclude(pk=delivery.pk)
        .order_by("sent_at", "pk")
        .distinct()
        .values_list("message_id", "subject")
    )
    found = list(earlier)
    ids = tuple(one for one, _ in found)
    kept = ids if len(ids) <= MOST_REFERENCES else (ids[0], *ids[1 - MOST_REFERENCES :])
    return Thread(kept, next((subject.removeprefix("Re: ") for _, subject in found if subject), ""))


def alerts_of(groups: Iterable[digest.Group[mail_items.Told]]) -> list[models.Alert]:
    """The alerts that a mail tells of, each once."""
    hits = (told.hit for group in groups for told in (group.first, *group.others))
    return sorted({hit.alert for hit in hits}, key=lambda alert: alert.pk)
