"""Send the mails that are due. A mail is claimed, sent, and recorded, one after the other over one connection.

A sender that dies after the server took the mail and before it was recorded sends it again when its claim runs out,
under the same Message-ID, by which mail systems drop the second copy: rather twice in the worst case than never.
"""

import dataclasses
import datetime
import logging
import smtplib
from collections.abc import Callable

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import Case, F, QuerySet, Value, When

from alerts import addresses, briefing_mails, emails, models, readers
from alerts.matching import policy
from articles.dates import working_days

log = logging.getLogger(__name__)
Clock = Callable[[], datetime.datetime]

# One run ends after this; the next goes on.
LONGEST_RUN = datetime.timedelta(seconds=120)
# When to try again a mail that the server refused for now: twice as long each time.
FIRST_RETRY_S = 30
LONGEST_RETRY_S = 3600
# When to try again while the server can't be reached: soon, since that says nothing about the mails.
UNREACHABLE_RETRY_S = 30
# A mail that could not be sent this long after it was written is given up.
PATIENCE = datetime.timedelta(days=3)


def claim() -> datetime.timedelta:
    """How long a mail is nobody else's: longer than a server that stalls at every step can hold us."""
    return datetime.timedelta(seconds=max(settings.CLAIM_SECONDS, 5 * settings.EMAIL_TIMEOUT))


def send_due(*, now: Clock) -> int:
    """Send every mail that is due; returns how many were tried."""
    connection = get_connection()
    stop_at = now() + LONGEST_RUN
    tried = 0
    try:
        while now() < stop_at and reach(connection, now=now):
            due = models.Delivery.objects.mails().claim_due(now=now(), until=now() + claim(), most=1)
            for delivery in due:
                send(delivery, connection, now=now)
            tried += len(due)
    finally:
        hang_up(connection)
    return tried


def reach(connection: BaseEmailBackend, *, now: Clock) -> bool:
    """Open the connection if a mail is due. If the server can't be reached, all that are due wait and say why."""
    waiting = models.Delivery.objects.mails().filter(state=models.Delivery.State.WAITING, due_at__lte=now())
    if not waiting.exists():
        return False
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        put_off(waiting, f"the mail server can't be used: {error}", wait_s=UNREACHABLE_RETRY_S, now=now())
        return False
    return True


def hang_up(connection: BaseEmailBackend) -> None:
    """Close the connection; the next mail opens another."""
    try:
        connection.close()
    except (OSError, smtplib.SMTPException) as error:
        log.info("closing the connection to the mail server: %s", error)


def send(delivery: models.Delivery, connection: BaseEmailBackend, *, now: Clock) -> None:
    """Send one claimed mail, and record how it went."""
    claimed = models.Delivery.objects.filter(
        pk=delivery.pk, state=models.Delivery.State.WAITING, due_at=delivery.due_at
    )
    if later := unwelcome_until(delivery, now=now()):
        claimed.update(due_at=later)
        return
    try:
        writer = briefing_mails if delivery.briefing_id else emails
        mail = writer.compose(delivery, connection=connection)
        return_to(mail)
        mail.send()
    except emails.UnsendableError as error:
        give_up(claimed, str(error))
    except (OSError, smtplib.SMTPException) as error:
        # After an error nothing is certain about the connection.
        hang_up(connection)
        if is_final(error):
            give_up(claimed, reason(error))
            if isinstance(error, smtplib.SMTPRecipientsRefused):
                code, _ = next(iter(error.recipients.values()))
                addresses.refused(delivery, code, reason(error), now=now())
        else:
            put_off(claimed, reason(error), wait_s=wait_s(delivery), now=now())
    except Exception as error:
        # A mail that can't even be written must not stop the others.
        log.exception("mail %s could not be written", delivery.message_id)
        put_off(claimed, f"{type(error).__name__}: {error}", wait_s=wait_s(delivery), now=now())
    else:
        models.Delivery.objects.filter(pk=delivery.pk).update(
            state=models.Delivery.State.SENT,
            sent_at=now(),
            attempts=F("attempts") + 1,
            error="",
            subject=mail.subject,
        )
        addresses.accepted(delivery)


def unwelcome_until(delivery: models.Delivery, *, now: datetime.datetime) -> datetime.datetime | None:
    """When a mail that is late may go, if its reader's quiet hours or days off have begun meanwhile; else None."""
    if not delivery.attempts:
        return None
    key = readers.key_of(delivery)
    told_by = readers.readers_of(delivery.alerts.select_related("owner"))
    wishes = [reader.wishes for of_alert in told_by.values() for reader in of_alert if reader.key == key]
    times = [
        policy.release(
            dataclasses.replace(wish, mode="instant"), now=now, is_day_off=working_days.is_day_off
        ).at
        for wish in wishes
    ]
    return min(times) if times and min(times) > now else None


def return_to(mail: EmailMultiAlternatives) -> None:
    """Have what can't be delivered come back to the mailbox that is read for it, if there is one."""
    if settings.BOUNCE_ADDRESS:
        mail.extra_headers.setdefault("From", mail.from_email)
        mail.from_email = settings.BOUNCE_ADDRESS


def reason(error: Exception) -> str:
    """What the mail server said."""
    said: tuple[int, bytes | str]
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        said = next(iter(error.recipients.values()))
    elif isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_code, error.smtp_error
    else:
        return str(error) or type(error).__name__
    code, words = said
    return f"{code} {words.decode(errors='replace') if isinstance(words, bytes) else words}"


def is_final(error: Exception) -> bool:
    """Whether the server refused this recipient or this mail for good. Any other refusal is about us or for now."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500


def wait_s(delivery: models.Delivery) -> int:
    """Seconds to wait after one more failure."""
    return min(FIRST_RETRY_S << min(delivery.attempts, 10), LONGEST_RETRY_S)


def put_off(
    deliveries: "QuerySet[models.Delivery]", why: str, *, wait_s: int, now: datetime.datetime
) -> None:
    """Have mails sent again later; those that have waited too long are given up."""
    log.warning("mails were not sent: %s", why)
    too_old = When(created_at__lte=now - PATIENCE, then=Value(models.Delivery.State.FAILED))
    deliveries.update(
        state=Case(too_old, default=F("state")),
        attempts=F("attempts") + 1,
        error=why,
        due_at=now + datetime.timedelta(seconds=wait_s),
    )


def give_up(deliveries: "QuerySet[models.Delivery]", why: str) -> None:
    """End deliveries as failed."""
    log.warning("a mail is given up: %s", why)
    deliveries.update(state=models.Delivery.State.FAILED, attempts=F("attempts") + 1, error=why)
