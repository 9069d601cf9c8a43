"""Links in mails that act for their reader without a log-in: what they carry, signed, so that nobody can make one.

A link says what it does, to which alerts or story, and for whom. It dies with age, and when its reader's address
changes. Must not do what links say (alerts.by_mail does).
"""

import dataclasses
import datetime
import hashlib
import hmac
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.core import signing
from django.urls import reverse

SALT = "newswatch.alerts.links"
# An alert whose mails were stopped, and how often its reader got them: mode, hour, weekday.
Kept = tuple[int, str, int | None, int | None]
# How long a link in a mail works; undoing is for those who look at the page.
LIVES = datetime.timedelta(days=90)
UNDO_LIVES = datetime.timedelta(hours=24)
# Alerts that one link may stop.
MOST_ALERTS = 50


class Act(StrEnum):
    """What a link does."""

    STOP = "stop"  # no more mails of these alerts to this reader
    PAUSE = "pause"  # the alert is switched off
    DAY = "day"  # the alert is muted for a day
    STORY = "story"  # no more mails about this story to this reader
    BRIEFING = "briefing"  # no more briefings of this writer to this reader


class BadLinkError(ValueError):
    """A link that nobody of us made, or that was changed."""


class OldLinkError(BadLinkError):
    """A link of ours that no longer works."""


@dataclass(frozen=True, slots=True)
class Link:
    """What a link says. Its reader is a person or an address, by key; `seal` stands for where the mail went.

    `undoes`: it takes back what the same link did; `kept` is what it needs for that.
    """

    act: Act
    person: int | None
    address: int | None
    seal: str
    alerts: tuple[int, ...] = ()
    story: int | None = None
    undoes: bool = False
    kept: tuple[Kept, ...] = ()
    writer: int | None = None


def seal(email: str) -> str:
    """What stands for an address in a link: enough to see that it is another one now, too little to know it."""
    return hashlib.blake2b(email.casefold().encode(), digest_size=6).hexdigest()


def is_sealed(link: Link, email: str) -> bool:
    """Whether a link was made for mails to this address."""
    return hmac.compare_digest(link.seal, seal(email))


def sign(link: Link) -> str:
    """The link as a token of letters, digits, -, _ and :."""
    return signing.dumps(dataclasses.astuple(link), salt=SALT, compress=True)


def read(token: str) -> Link:
    """What a token says. Raises BadLinkError for one that is not ours, OldLinkError for one that is too old."""
    try:
        # Links of before briefings end with `kept`.
        act, person, address, sealed, alerts, story, undoes, kept, *rest = signing.loads(
            token, salt=SALT, max_age=LIVES
        )
        kept = tuple(map(tuple, kept))
        link = Link(Act(act), person, address, sealed, tuple(alerts), story, undoes, kept, *rest[:1])
        if link.undoes:
            signing.loads(token, salt=SALT, max_age=UNDO_LIVES)
    except signing.SignatureExpired as error:
        raise OldLinkError(str(error)) from error
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise BadLinkError(str(error)) from error
    return link


def url(link: Link) -> str:
    """The link as an address for a mail."""
    return settings.SITE_URL + reverse("alerts:by-mail", args=[sign(link)])
