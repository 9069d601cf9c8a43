"""Call webhooks with what is due to them: claimed, sent and recorded one by one, like mails.

They are called by the fetcher, so that an address inside the network is refused whatever its name resolves to. An
answer that says no for good ends the delivery, one that the address is gone stops the webhook; all else is tried again.
"""

import datetime
import secrets

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext, ngettext

from alerts import deliver, mail_items, models
from alerts.matching import payload
from articles.feeds import fetch
from newswatch import wake
from newswatch.accounts import middleware

State = models.Delivery.State
SIGNATURE = "Newswatch-Signature"
LIMITS = fetch.Limits(total_s=10.0, connect_s=5.0, max_bytes=100_000, max_redirects=0)
# Answers that say: never again, and those among the 4xx that say: later.
GONE = frozenset({404, 410})
LATER = frozenset({408, 409, 425, 429})
LONGEST_WAIT_S = 3600


def call_due(*, now: deliver.Clock) -> int:
    """Call every webhook whose delivery is due; returns how many were tried."""
    stop_at = now() + deliver.LONGEST_RUN
    tried = 0
    while now() < stop_at:
        due = models.Delivery.objects.calls().claim_due(now=now(), until=now() + deliver.claim(), most=1)
        if not due:
            break
        for delivery in due:
            send(delivery, now=now)
        tried += len(due)
    return tried


def send(delivery: models.Delivery, *, now: deliver.Clock) -> None:
    """Call for one claimed delivery, and record how it went."""
    hook = delivery.webhook
    claimed = models.Delivery.objects.filter(pk=delivery.pk, state=State.WAITING, due_at=delivery.due_at)
    if hook is None:
        return
    message = message_of(delivery, hook)
    if not message.stories:
        deliver.give_up(claimed, "its articles were deleted")
        return
    answer = call(hook, message, now=now())
    why = answer.error or ("" if 200 <= answer.status < 300 else f"the server answered {answer.status}")
    models.Webhook.objects.filter(pk=hook.pk).update(error=why)
    if not why:
        models.Delivery.objects.filter(pk=delivery.pk).update(
            state=State.SENT, sent_at=now(), attempts=F("attempts") + 1, error="", subject=message.title[:400]
        )
    elif answer.status in GONE:
        deliver.give_up(claimed, why)
        stop(hook, why, now=now())
    elif is_final(answer):
        deliver.give_up(claimed, why)
    else:
        wait_s = min(max(deliver.wait_s(delivery), answer.retry_after_s or 0), LONGEST_WAIT_S)
        deliver.put_off(claimed, why, wait_s=wait_s, now=now())


def is_final(answer: fetch.Response) -> bool:
    """Whether trying again is useless: the server says no, or the address may not be called."""
    no = 400 <= answer.status < 500 and answer.status not in LATER
    return no or fetch.REFUSED_ADDRESS in answer.error


def call(hook: models.Webhook, message: payload.Message, *, now: datetime.datetime) -> fetch.Response:
    """Call a webhook once."""
    body = payload.body(message, hook.form)
    request = fetch.Request(
        hook.url,
        body=body,
        headers=(
            ("Content-Type", "application/json"),
            (SIGNATURE, payload.signature(hook.secret, body, at=now)),
        ),
    )
    [answer] = fetch.fetch_all(
        [request],
        limits=LIMITS,
        user_agent=settings.FETCH_USER_AGENT,
        allow_private=settings.FETCH_ALLOW_PRIVATE,
    )
    return answer


def message_of(delivery: models.Delivery, hook: models.Webhook) -> payload.Message:
    """What a delivery tells, in the language and the time zone of the alert's owner."""
    owner = hook.alert.owner
    with translation.override(owner.language), timezone.override(middleware.zone_of(owner.time_zone)):
        groups = mail_items.groups_of(delivery)
        told = mail_items.items(groups[: payload.MOST_STORIES], logs_in=True) if groups else []
        left = len(groups) - len(told)
        more = ngettext("%d more story", "%d more stories", left) % left if left else ""
        return payload.Message(
            id=delivery.message_id,
            title=hook.alert.name,
            url=page_of(hook),
            stories=[story_of(item) for item in told],
            more=more,
        )


def story_of(item: mail_items.Item) -> payload.Story:
    """A story of a mail as a message shows it."""
    return payload.Story(
        title="".join(piece.text for piece in item.title),
        url=item.url,
        original=item.original,
        outlet=item.outlet,
        published=timezone.localtime(item.published_at),
        text="".join(piece.text for piece in item.text),
        alerts=item.alerts,
        outlets=1 + len(item.others) + item.unnamed,
        news=", ".join(str(word) for word in item.news),
    )


def page_of(hook: models.Webhook) -> str:
    """The address of its alert's page."""
    return settings.SITE_URL + reverse("alerts:detail", args=[hook.alert_id])


def test(hook: models.Webhook, *, now: datetime.datetime) -> str:
    """Call a webhook with a message that says it is a test; what went wrong, or nothing."""
    with translation.override(hook.alert.owner.language):
        message = payload.Message(
            id=f"test-{hook.pk}",
            title=gettext("Newswatch can reach you: a test of “%(name)s”.") % {"name": hook.alert.name},
            url=page_of(hook),
            stories=(),
            is_test=True,
        )
    answer = call(hook, message, now=now)
    models.Webhook.objects.filter(pk=hook.pk).update(error=answer.error)
    return answer.error


def new_secret() -> str:
    """A key for signatures that nobody can guess."""
    return secrets.token_hex(32)


@transaction.atomic
def stop(hook: models.Webhook, why: str, *, now: datetime.datetime) -> None:
    """Call a webhook no more until it is resumed; what is due to it waits."""
    models.Webhook.objects.filter(pk=hook.pk).update(stopped_at=now, error=why)
    hook.deliveries.filter(state=State.WAITING).update(state=State.STOPPED)


@transaction.atomic
def resume(hook: models.Webhook, *, now: datetime.datetime) -> None:
    """Call a webhook again, and first with what waited."""
    models.Webhook.objects.filter(pk=hook.pk).update(stopped_at=None, error="")
    hook.deliveries.filter(state=State.STOPPED).update(
        state=State.WAITING, due_at=now, attempts=0, created_at=now
    )
    wake.on_commit("alerts.tasks.call_webhooks")
