"""What a mail provider reports over its webhooks: anymail reads every provider's own form and checks the secret.

A provider that relays our mails takes the bounces itself, so no report comes to a mailbox of ours. An address counts
only if we write to it: others may send with the same account.
"""

import logging
from typing import Any

from anymail import signals
from django.utils import timezone

from alerts import addresses, models
from newswatch.accounts.models import User

log = logging.getLogger(__name__)

Stop = models.Address.Stop
# Reasons to reject that say nothing about the address: full, busy, ours.
FOR_NOW = frozenset(
    {signals.RejectReason.TIMED_OUT, signals.RejectReason.BLOCKED, signals.RejectReason.OTHER}
)


def take(sender: object, event: signals.AnymailTrackingEvent, esp_name: str, **_: Any) -> None:
    """Stop the address of a mail that came back for good or was complained about."""
    email = str(event.recipient or "").strip().lower()
    why = reason(event)
    if not why or not is_ours(email):
        return
    words = (
        " ".join(filter(None, (event.description, event.mta_response))) or f"{esp_name}: {event.event_type}"
    )
    addresses.stop(email, why, words[:500], now=timezone.now())
    log.warning("%s is stopped: %s", email, words)


def reason(event: signals.AnymailTrackingEvent) -> str:
    """Why an event stops an address; nothing if it does not."""
    match event.event_type:
        case signals.EventType.COMPLAINED:
            return Stop.COMPLAINT
        case signals.EventType.UNSUBSCRIBED:
            return Stop.LEFT
        case signals.EventType.BOUNCED | signals.EventType.REJECTED if event.reject_reason not in FOR_NOW:
            return Stop.BOUNCED
    return ""


def is_ours(email: str) -> bool:
    """Whether we write to an address."""
    return (
        User.objects.filter(email__iexact=email).exists()
        or models.Address.objects.filter(address=email).exists()
    )
