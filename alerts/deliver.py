"""Send the mails that are due. A mail is claimed, sent, and recorded.

A sender that dies after the server took the mail and before it was recorded sends it again when its claim runs out,
under the same Message-ID, by which mail systems drop the second copy: rather twice in the worst case than never.
"""

import datetime
import logging
import smtplib
from collections.abc import Callable

from django.conf import settings
from django.core import mail

from alerts import emails, models

log = logging.getLogger(__name__)

BATCH = 20
FIRST_RETRY_S = 30
LONGEST_RETRY_S = 3600
# With these waits a mail is tried for about three days.
MOST_ATTEMPTS = 80


def send_due(*, now: Callable[[], datetime.datetime]) -> int:
    """Send every mail that is due; returns how many were tried."""
    tried = 0
    while due := models.Delivery.objects.claim_due(
        now=now(), until=now() + datetime.timedelta(seconds=settings.CLAIM_SECONDS), most=BATCH
    ):
        with_connection(due, now=now)
        tried += len(due)
    return tried


def with_connection(due: list[models.Delivery], *, now: Callable[[], datetime.datetime]) -> None:
    """Send claimed mails over one connection."""
    connection = mail.get_connection()
    try:
        for delivery in due:
            send(delivery, connection, now=now)
    finally:
        try:
            connection.close()
        except (OSError, smtplib.SMTPException) as error:
            log.info("closing the connection to the mail server: %s", error)


def send(
    delivery: models.Delivery,
    connection: mail.backends.base.BaseEmailBackend,
    *,
    now: Callable[[], datetime.datetime],
) -> None:
    """Send one mail, and record how it went."""
    try:
        emails.compose(delivery, connection=connection).send()
    except smtplib.SMTPRecipientsRefused as error:
        code, reason = next(iter(error.recipients.values()))
        record_failure(delivery, f"{code} {reason.decode(errors='replace')}", now=now(), final=code >= 500)
    except (OSError, smtplib.SMTPException) as error:
        record_failure(delivery, str(error) or type(error).__name__, now=now(), final=False)
    else:
        models.Delivery.objects.filter(pk=delivery.pk).update(
            state=models.Delivery.State.SENT, sent_at=now(), attempts=delivery.attempts + 1, error=""
        )


def record_failure(delivery: models.Delivery, why: str, *, now: datetime.datetime, final: bool) -> None:
    """Have the mail sent again later; give it up if the server refused its address for good."""
    attempts = delivery.attempts + 1
    wait = min(FIRST_RETRY_S * 2 ** min(delivery.attempts, 10), LONGEST_RETRY_S)
    final = final or attempts >= MOST_ATTEMPTS
    log.warning("mail %s was not sent: %s", delivery.message_id, why)
    models.Delivery.objects.filter(pk=delivery.pk).update(
        state=models.Delivery.State.FAILED if final else models.Delivery.State.WAITING,
        attempts=attempts,
        error=why,
        due_at=now + datetime.timedelta(seconds=wait),
    )
