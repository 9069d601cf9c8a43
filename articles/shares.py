"""Sharing an article or a story with a colleague: who may get it, how often, and the mail about it.

A mail is a row before it is sent and is recorded as sent in the transaction that holds the row. Only people of
this site can be written to. Must not render pages.
"""

import datetime
import logging
import smtplib
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from articles import models, notice_mails
from articles.stories import additions
from newswatch import mail_html
from newswatch.accounts.models import User

log = logging.getLogger(__name__)
# A mail waits as long as the offer to undo stands on the page (static/js/newswatch.js).
PAUSE = datetime.timedelta(seconds=30)
# Whoever shares more than this in an hour is not sharing.
MOST_AN_HOUR = 30
HOUR = datetime.timedelta(hours=1)
GIVE_UP_AFTER = datetime.timedelta(days=1)
MOST_COLLEAGUES = 500
# The first page of the day shows what was shared in so many days, so many at most.
LATELY = datetime.timedelta(days=7)
MOST_SHOWN = 5
LONG = ("article__body", "article__feed_text", "article__feed_regions", "story__headline__body")


class TooManyError(Exception):
    """Somebody shared as often as is allowed for now."""


class SeenError(Exception):
    """The recipient has seen it already."""


@dataclass(frozen=True, slots=True)
class Shared:
    """What is shared: an article or a story, with the article whose headline it bears."""

    article: models.Article
    story: models.Story | None = None

    @property
    def path(self) -> str:
        if self.story is not None:
            return reverse("articles:story", args=[self.story.pk])
        return reverse("articles:article", args=[self.article.pk])


def colleagues(person: User) -> list[User]:
    """The other people of the site that can be written to, by name. One query."""
    others = User.objects.filter(is_active=True).exclude(pk=person.pk).exclude(email="")
    return list(others.order_by("first_name", "username")[:MOST_COLLEAGUES])


def share(
    sender: User, recipient: User, what: Shared, *, sentence: str, note: str, now: datetime.datetime
) -> models.Share:
    """Store what is shared; a worker mails it when nobody has undone it for PAUSE. Raises TooManyError."""
    with transaction.atomic():
        # One at a time for each sender, so that the limit holds.
        User.objects.select_for_update(no_key=True).only("pk").get(pk=sender.pk)
        if models.Share.objects.filter(sender=sender, at__gt=now - HOUR).count() >= MOST_AN_HOUR:
            raise TooManyError
        return models.Share.objects.create(
            sender=sender,
            recipient=recipient,
            article=None if what.story else what.article,
            story=what.story,
            sentence=sentence,
            note=note,
            at=now,
        )


def take_back(share: models.Share) -> bool:
    """Undo a share that its recipient has not seen; returns whether its mail had left. Raises SeenError."""
    with transaction.atomic():
        # A worker that is sending it has the row: what it did is seen here.
        row = models.Share.objects.select_for_update().filter(pk=share.pk).first()
        if row is not None and row.seen_at is not None:
            raise SeenError
        if row is not None:
            row.delete()
    return row is not None and row.sent_at is not None


def seen(given: list[models.Share], *, now: datetime.datetime) -> None:
    """Note that the recipient has what they are about before her. One statement at most."""
    fresh = [share.pk for share in given if share.seen_at is None]
    if fresh:
        models.Share.objects.filter(pk__in=fresh, seen_at__isnull=True).update(seen_at=now)


def is_said(sentence: str, article: models.Article) -> bool:
    """Whether the article has these words; spaces don't count."""
    whole = " ".join(f"{article.title} {article.body or article.summary}".split())
    return " ".join(sentence.split()) in whole


def suggested(article: models.Article, mentions: "list[models.Mention]") -> str:
    """The sentence to send along: the first that names a watched company or a theme's term, else the first."""
    text = article.body or article.summary
    names = {one.text for one in mentions if one.field == "text"}
    whole = list(_sentences(text))
    found = next((one for one in whole if any(name in one for name in names)), whole[0] if whole else "")
    return found if len(found) <= models.share.LONGEST_SENTENCE else ""


def _sentences(text: str) -> Iterator[str]:
    for paragraph in text.split("\n\n")[:12]:
        yield from (one.strip() for one in additions.sentences(paragraph))


def given_to(person: User, article: models.Article) -> list[models.Share]:
    """What colleagues said when they shared this article, or its story, with a person. One query."""
    about = models.Share.objects.filter(recipient=person, article=article)
    if article.story_id:
        about |= models.Share.objects.filter(recipient=person, story=article.story_id)
    return list(about.select_related("sender").order_by("-at")[:MOST_SHOWN])


def given_to_story(person: User, story: models.Story) -> list[models.Share]:
    """What colleagues said when they shared this story with a person. One query."""
    about = models.Share.objects.filter(recipient=person, story=story)
    return list(about.select_related("sender").order_by("-at")[:MOST_SHOWN])


def lately(person: User, *, now: datetime.datetime) -> list[models.Share]:
    """What was shared with a person of late, newest first. One query."""
    return list(_with_headlines().filter(recipient=person, at__gt=now - LATELY).order_by("-at")[:MOST_SHOWN])


def _with_headlines() -> "QuerySet[models.Share]":
    return models.Share.objects.select_related("sender", "article__outlet", "story__headline__outlet").defer(
        *LONG
    )


def what(row: models.Share) -> Shared | None:
    """What a row is about; None if the story's headline is gone."""
    if row.article is not None:
        return Shared(row.article)
    headline = row.story.headline if row.story else None
    return Shared(headline, row.story) if headline else None


def send_waiting(*, now: datetime.datetime) -> int:
    """Send the mails that have waited, each in a transaction of its own; returns how many were sent."""
    waiting = models.Share.objects.filter(
        sent_at__isnull=True, at__gt=now - GIVE_UP_AFTER, at__lte=now - PAUSE
    ).order_by("at")
    return sum(send(pk, now=now) for pk in waiting.values_list("pk", flat=True))


@transaction.atomic
def send(pk: int, *, now: datetime.datetime) -> bool:
    """Send one mail unless another worker has it; returns whether it was sent."""
    rows = _with_headlines().select_related("recipient").select_for_update(skip_locked=True, of=("self",))
    row = rows.filter(pk=pk, sent_at__isnull=True).first()
    about = what(row) if row else None
    if row is None or about is None:
        return False
    try:
        compose(row, about).send()
    except (smtplib.SMTPException, OSError) as error:
        log.warning("what was shared with %s could not be sent: %s", row.recipient, error)
        row.error = str(error)[:500]
        row.save(update_fields=["error"])
        return False
    row.sent_at, row.error = now, ""
    row.save(update_fields=["sent_at", "error"])
    return True


def compose(row: models.Share, about: Shared) -> EmailMultiAlternatives:
    """The mail in its recipient's language and time zone; an answer goes to the sender."""
    person = row.recipient
    with translation.override(person.language), timezone.override(notice_mails.zone_of(person)):
        context = {
            "share": row,
            "sender": name_of(row.sender),
            "article": about.article,
            "story": about.story,
            "url": settings.SITE_URL + about.path,
            "language": person.language,
        }
        message = EmailMultiAlternatives(
            subject=" ".join(render_to_string("emails/share.subject.txt", context).split()),
            body=render_to_string("emails/share.txt", context),
            to=[person.email],
            reply_to=[row.sender.email] if row.sender.email else None,
            headers={"Auto-Submitted": "auto-generated", "List-Id": "<shares.newswatch>"},
        )
        html = render_to_string("emails/share.html", context)
    message.attach_alternative(mail_html.inlined(html), "text/html")
    return message


def name_of(person: User) -> str:
    """What colleagues call somebody."""
    return person.get_full_name() or person.get_username()
