"""Subscriptions to hubs: ask for them, confirm them when the hub asks back, renew them before they end.

A subscription spares polls; it replaces none. Nothing depends on it: a hub that never answers, lies or stops leaves
the source with its ordinary polls. What a hub pushes is stored by pipeline.push.
"""

import datetime
import logging
from collections.abc import Callable, Mapping, Sequence

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.urls import reverse

from articles import asking, models
from articles.feeds import fetch, parse, websub

log = logging.getLogger(__name__)

HUB_LIMITS = fetch.Limits(total_s=20, max_bytes=100_000, concurrency=20, per_host=4)
MOST = 50
# A hub that was asked is asked again after this, then after twice as long, up to a day, until it confirms.
ASK_AGAIN = datetime.timedelta(minutes=10)
LONGEST = datetime.timedelta(days=1)
# A hub that said no is asked again after this.
AFTER_NO = datetime.timedelta(days=7)
# A hub that does not confirm an end is asked so many times; its lease ends anyway.
MOST_ENDINGS = 5
# The share of its lease after which a subscription is renewed.
RENEW_AFTER = 0.8


def is_wanted() -> bool:
    """Whether hubs are asked at all: they must be able to reach this site."""
    if settings.WEBSUB == "auto":
        return websub.is_reachable(settings.SITE_URL)
    return bool(settings.WEBSUB == "on")


def note(
    source: models.Source, response: fetch.Response, feed: parse.Feed, *, now: datetime.datetime
) -> None:
    """Take down the hub that a feed offers, so that it is asked soon; another one, or none, ends what there was."""
    if response.pushed or source.replay_at or not is_wanted():
        return
    offered = websub.offer(response.headers, hub=feed.hub, topic=feed.self_url, url=response.final_url)
    if offered is None:
        if source.push_until is not None:
            end(models.Subscription.objects.filter(source=source), now=now)
        return
    if models.Subscription.objects.filter(source=source, hub=offered.hub, topic=offered.topic).exists():
        return
    end(models.Subscription.objects.filter(source=source), now=now)
    models.Subscription.objects.create(source=source, hub=offered.hub, topic=offered.topic, due_at=now)


def end(subscriptions: "QuerySet[models.Subscription]", *, now: datetime.datetime) -> None:
    """Part subscriptions from their sources, and have the hubs that know of them told."""
    ended = list(subscriptions.values_list("pk", "source"))
    if not ended:
        return
    models.Source.objects.filter(pk__in=[source for _, source in ended]).update(push_until=None)
    mine = models.Subscription.objects.filter(pk__in=[pk for pk, _ in ended])
    mine.filter(state__in=(models.Subscription.State.WANTED, models.Subscription.State.DENIED)).delete()
    mine.update(
        source=None,
        state=models.Subscription.State.LEAVING,
        due_at=now,
        attempts=0,
        lease_until=None,
        error="",
    )


def end_unwanted(*, now: datetime.datetime) -> None:
    """End the subscriptions of sources that were switched off or removed, in whatever way."""
    all_of_them = models.Subscription.objects.exclude(state=models.Subscription.State.LEAVING)
    end(all_of_them.filter(Q(source=None) | Q(source__enabled=False)), now=now)


def ask_due(*, now: Callable[[], datetime.datetime]) -> int:
    """Ask the hubs of all subscriptions that are due, new ones and those that end soon; returns how many."""
    asked = 0
    if not is_wanted():
        return asked
    end_unwanted(now=now())
    with asking.Asking(HUB_LIMITS) as web:
        while due := models.Subscription.objects.claim_due(now=now(), until=now() + ASK_AGAIN, most=MOST):
            ask(web, due, now=now)
            asked += len(due)
    return asked


def ask(
    web: asking.Asking, due: Sequence[models.Subscription], *, now: Callable[[], datetime.datetime]
) -> None:
    """Ask the hubs of claimed subscriptions. Many share a hub: a fragment, which is never sent, tells them apart."""
    by_url = {f"{one.hub}#{one.pk}": one for one in due}
    web.ask(fetch.Request(url, form=form(one)) for url, one in by_url.items())
    while answers := web.answers():
        for response in answers:
            take_answer(by_url[response.url], response, now=now())


def form(subscription: models.Subscription) -> tuple[tuple[str, str], ...]:
    """What its hub is sent."""
    callback = settings.SITE_URL + reverse("articles:websub", args=[subscription.token])
    offered = websub.Offer(subscription.hub, subscription.topic)
    if subscription.state == models.Subscription.State.LEAVING:
        return websub.ending(offered, callback=callback)
    return websub.request(offered, callback=callback, secret=subscription.secret)


def take_answer(
    subscription: models.Subscription, response: fetch.Response, *, now: datetime.datetime
) -> None:
    """Note what a hub answered. One that has confirmed already, as some do before they answer, stays confirmed."""
    wait = min(ASK_AGAIN * 2 ** min(subscription.attempts, 10), LONGEST)
    accepted = not response.error and 200 <= response.status < 300
    why = "" if accepted else response.error or f"the hub answered {response.status}"
    mine = models.Subscription.objects.filter(pk=subscription.pk, due_at=subscription.due_at)
    if subscription.state == models.Subscription.State.LEAVING and subscription.attempts + 1 >= MOST_ENDINGS:
        mine.delete()
    mine.update(attempts=F("attempts") + 1, due_at=now + wait, error=why)
    if accepted:
        mine = models.Subscription.objects.filter(pk=subscription.pk)
        mine.filter(state=models.Subscription.State.WANTED).update(state=models.Subscription.State.ASKED)


def confirm(
    subscription: models.Subscription, query: Mapping[str, str], *, now: datetime.datetime
) -> str | None:
    """Answer a hub that asks whether a subscription is ours; returns the challenge to repeat, None to deny."""
    if query.get("hub.topic") != subscription.topic:
        return None
    mine = models.Subscription.objects.filter(pk=subscription.pk)
    if subscription.source is None:
        return confirm_end(subscription, query)
    if not subscription.source.enabled:
        return None
    if query.get("hub.mode") == "denied":
        reason = query.get("hub.reason", "")[:300].replace("\x00", "")
        mine.update(
            state=models.Subscription.State.DENIED,
            due_at=now + AFTER_NO,
            lease_until=None,
            error=f"the hub refuses: {reason or 'it does not say why'}",
        )
        models.Source.objects.filter(pk=subscription.source.pk).update(push_until=None)
        return ""
    challenge = query.get("hub.challenge", "")
    if query.get("hub.mode") != "subscribe" or not challenge:
        return None
    lease = datetime.timedelta(seconds=websub.lease_s(query.get("hub.lease_seconds", "")))
    mine.update(
        state=models.Subscription.State.ACTIVE,
        lease_until=now + lease,
        due_at=now + lease * RENEW_AFTER,
        attempts=0,
        error="",
    )
    models.Source.objects.filter(pk=subscription.source.pk).update(push_until=now + lease)
    return challenge


def confirm_end(subscription: models.Subscription, query: Mapping[str, str]) -> str | None:
    """The same for a subscription that nobody wants any more; it is forgotten when its hub asks whether that is so."""
    challenge = query.get("hub.challenge", "")
    if query.get("hub.mode") != "unsubscribe" or not challenge:
        return None
    models.Subscription.objects.filter(pk=subscription.pk).delete()
    return challenge
