"""Mails about notices: a daily digest, and one at once when many sources fail together.

A mail is a row before it is sent, so that nobody is told twice; it is recorded as sent in the transaction that holds
the row, so that a worker's death between the two at worst sends it again. A mail that the server refuses is tried again
at the next check, for a day.
"""

import datetime
import logging
import smtplib
import zoneinfo
from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import get_language

from articles import models, notices
from newswatch import mail_html
from newswatch.accounts import middleware
from newswatch.accounts.models import User

log = logging.getLogger(__name__)
# The hour of the recipient's day from which the digest is sent.
MORNING = 8
GIVE_UP_AFTER = datetime.timedelta(days=1)
MOST_LISTED = 40


def recipients() -> "QuerySet[User]":
    """Those who keep the sources and want to be told."""
    people = User.objects.filter(is_active=True, gets_notices=True).exclude(email="")
    return people.filter(Q(is_staff=True) | Q(is_superuser=True)).order_by("pk")


def tell(raised: Sequence[models.Notice], *, now: datetime.datetime) -> None:
    """Make the mails that are due: at once for what is about the whole site, else the day's digest."""
    at_once = [notice for notice in raised if notice.kind == models.Notice.Kind.MANY]
    rows = []
    for person in recipients():
        rows += [mail(person, models.NoticeMail.Kind.AT_ONCE, str(one.pk), now=now) for one in at_once]
        morning = now.astimezone(zone_of(person))
        if morning.hour >= MORNING and has_news(person, now=now):
            rows.append(mail(person, models.NoticeMail.Kind.DIGEST, morning.date().isoformat(), now=now))
    models.NoticeMail.objects.bulk_create(rows, ignore_conflicts=True)


def mail(person: User, kind: str, about: str, *, now: datetime.datetime) -> models.NoticeMail:
    """A mail that is not sent yet."""
    return models.NoticeMail(recipient=person, kind=kind, about=about, created_at=now)


def zone_of(person: User) -> zoneinfo.ZoneInfo:
    """The person's time zone."""
    return middleware.zone_of(person.time_zone) or zoneinfo.ZoneInfo(settings.TIME_ZONE)


def last_digest(person: User, *, before: datetime.datetime) -> datetime.datetime:
    """When the person's last digest was made; a day ago if there was none."""
    earlier = models.NoticeMail.objects.filter(
        recipient=person, kind=models.NoticeMail.Kind.DIGEST, created_at__lt=before
    )
    found = earlier.order_by("-created_at").values_list("created_at", flat=True).first()
    return found or before - datetime.timedelta(days=1)


def has_news(person: User, *, now: datetime.datetime) -> bool:
    """Whether a notice was raised or resolved since the person's last digest, and none was sent today."""
    since = last_digest(person, before=now)
    zone = zone_of(person)
    told_today = models.NoticeMail.objects.filter(
        recipient=person, kind=models.NoticeMail.Kind.DIGEST, about=now.astimezone(zone).date().isoformat()
    )
    return not told_today.exists() and changed(since, now).exists()


def changed(since: datetime.datetime, until: datetime.datetime) -> "QuerySet[models.Notice]":
    """The notices raised or resolved between two times."""
    return models.Notice.objects.filter(
        Q(raised_at__gt=since, raised_at__lte=until) | Q(resolved_at__gt=since, resolved_at__lte=until)
    )


def send_waiting(*, now: datetime.datetime) -> int:
    """Send the mails that wait, each in a transaction of its own; returns how many were sent."""
    waiting = models.NoticeMail.objects.filter(sent_at__isnull=True, created_at__gt=now - GIVE_UP_AFTER)
    return sum(send(pk, now=now) for pk in waiting.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def send(pk: int, *, now: datetime.datetime) -> bool:
    """Send one mail unless another worker has it; returns whether it was sent."""
    rows = models.NoticeMail.objects.select_for_update(skip_locked=True, of=("self",))
    row = rows.select_related("recipient").filter(pk=pk, sent_at__isnull=True).first()
    if row is None:
        return False
    try:
        compose(row).send()
    except (smtplib.SMTPException, OSError) as error:
        log.warning("a mail about notices to %s could not be sent: %s", row.recipient, error)
        row.error = str(error)[:500]
        row.save(update_fields=["error"])
        return False
    row.sent_at, row.error = now, ""
    row.save(update_fields=["sent_at", "error"])
    return True


def compose(row: models.NoticeMail) -> EmailMultiAlternatives:
    """The mail in its recipient's language and time zone."""
    person = row.recipient
    with translation.override(person.language), timezone.override(zone_of(person)):
        context = {
            **content(row),
            "language": get_language(),
            "kind": row.kind,
            "sources_url": settings.SITE_URL + reverse("articles:sources"),
            "settings_url": settings.SITE_URL + reverse("account:settings"),
        }
        message = EmailMultiAlternatives(
            subject=" ".join(render_to_string("emails/notice.subject.txt", context).split()),
            body=render_to_string("emails/notice.txt", context),
            to=[person.email],
            headers={"Auto-Submitted": "auto-generated", "List-Id": "<notices.newswatch>"},
        )
        html = render_to_string("emails/notice.html", context)
    message.attach_alternative(mail_html.inlined(html), "text/html")
    return message


def content(row: models.NoticeMail) -> dict[str, object]:
    """What the mail lists: new notices, those that are over, and those still open from before."""
    if row.kind == models.NoticeMail.Kind.AT_ONCE:
        about = models.Notice.objects.filter(pk=int(row.about))
        return {"new": listed(about), "over": [], "still": [], "unlisted": 0}
    since = last_digest(row.recipient, before=row.created_at)
    news = changed(since, row.created_at)
    new = news.filter(raised_at__gt=since, resolved_at__isnull=True)
    still = models.Notice.objects.open().filter(raised_at__lte=since)
    groups = {"new": new, "over": news.filter(resolved_at__isnull=False), "still": still}
    unlisted = sum(max(group.count() - MOST_LISTED, 0) for group in groups.values())
    return {name: listed(group) for name, group in groups.items()} | {"unlisted": unlisted}


def listed(group: "QuerySet[models.Notice]") -> list[dict[str, object]]:
    """The notices as the mail shows them."""
    rows = group.select_related("source__outlet").order_by("source__outlet__name", "since")[:MOST_LISTED]
    return [
        {
            "name": str(notice.source) if notice.source else notice.get_kind_display(),
            "url": settings.SITE_URL
            + (
                reverse("articles:source", args=[notice.source_id])
                if notice.source_id
                else reverse("articles:sources")
            ),
            "text": notices.sentence(notice),
            "over": notice.resolved_at,
        }
        for notice in rows
    ]
