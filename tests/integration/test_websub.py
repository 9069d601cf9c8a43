"""Through real HTTP both ways: our site is served on 127.0.0.1, and so is the hub."""

import datetime

import pytest
from django.utils import timezone

from articles import models, pipeline, websub
from articles.views import websub as view
from tests import web
from tests.integration import hub as hubs
from tests.integration.test_pipeline import item, make_source


@pytest.fixture
def hub():
    with hubs.running() as running:
        yield running


@pytest.fixture
def site(live_server, settings):
    settings.WEBSUB, settings.SITE_URL = "on", live_server.url
    with web.Site() as running:
        yield running


def publish(site, hub, *numbers):
    site.put_feed("/feed", *[item(number) for number in numbers])
    links = f'<{hub.url}>; rel="hub", <{site.url}/feed>; rel="self"'
    site.headers["/feed"] = {"Link": links}
    return site.pages["/feed"]


def poll(source):
    models.Source.objects.filter(pk=source.pk).update(next_poll_at=timezone.now())
    pipeline.poll_due(now=timezone.now)
    source.refresh_from_db()


def subscribe(site, hub, **fields):
    """A source whose hub has confirmed."""
    publish(site, hub, 1)
    source = make_source(site, fetch_pages=False, **fields)
    poll(source)
    assert websub.ask_due(now=timezone.now) == 1
    assert hub.verify() == (200, "c-1")
    source.refresh_from_db()
    return source


def test_a_feed_with_a_hub_is_subscribed_to_and_the_hub_gets_its_challenge_back(site, hub):
    source = subscribe(site, hub)
    (form,) = hub.asked
    assert (form["hub.mode"], form["hub.topic"]) == ("subscribe", f"{site.url}/feed")
    subscription = models.Subscription.objects.get()
    assert (subscription.state, subscription.error) == ("active", "")
    assert source.push_until == subscription.lease_until
    assert abs((source.push_until - timezone.now()).total_seconds() - 3600) < 60


def test_what_a_hub_pushes_is_stored_like_what_a_poll_finds(site, hub):
    source = subscribe(site, hub)
    asked = site.asked["/feed"]
    assert hub.push(publish(site, hub, 1, 2)) == 204
    assert models.Article.objects.count() == 2
    assert site.asked["/feed"] == asked
    poll_row = models.Poll.objects.order_by("-pk").first()
    assert (poll_row.outcome, poll_row.new, poll_row.detail) == ("stored", 1, "pushed by its hub")
    subscription = models.Subscription.objects.get()
    assert subscription.pushes == 1
    source.refresh_from_db()
    assert source.etag != ""


def test_polls_become_rarer_while_pushes_work_and_not_when_one_was_missed(site, hub):
    source = subscribe(site, hub)
    hub.push(publish(site, hub, 1, 2))
    poll(source)
    rare = (source.next_poll_at - source.last_polled_at).total_seconds()
    assert rare == 3600
    publish(site, hub, 1, 2, 3)
    poll(source)
    assert not source.push_works
    assert (source.next_poll_at - source.last_polled_at).total_seconds() < rare


def test_a_push_of_the_new_entry_alone_leaves_the_others_in_the_ledger(site, hub):
    subscribe(site, hub)
    hub.push(publish(site, hub, 2))
    assert models.Appearance.objects.filter(last_seen_at__isnull=True).count() == 2


def test_a_push_that_is_not_signed_with_our_secret_is_not_stored(site, hub):
    subscribe(site, hub)
    body = publish(site, hub, 1, 2)
    assert hub.push(body, secret="guessed") == 403
    assert hub.push(body, method="md5") == 403
    assert hubs.call(hub.asked[-1]["hub.callback"], body)[0] == 403
    assert models.Article.objects.count() == 1


def test_a_push_that_is_too_large_is_not_read(site, hub, monkeypatch):
    subscribe(site, hub)
    monkeypatch.setattr(view, "LARGEST_PUSH", 1000)
    assert hub.push(publish(site, hub, 1, 2) + b" " * 5000) == 413
    assert models.Article.objects.count() == 1


def test_a_push_that_only_rings_the_bell_has_the_feed_polled_at_once(site, hub):
    source = subscribe(site, hub)
    assert hub.push(b"something is new") == 204
    source.refresh_from_db()
    assert (source.failures, source.last_error) == (0, "")
    assert source.next_poll_at <= timezone.now()


def test_a_push_during_a_poll_leaves_the_poll_its_claim(site, hub):
    source = subscribe(site, hub)
    models.Source.objects.update(next_poll_at=timezone.now())
    until = timezone.now() + datetime.timedelta(seconds=60)
    models.Source.objects.claim_due(now=timezone.now(), until=until, most=1)
    assert hub.push(publish(site, hub, 1, 2)) == 204
    source.refresh_from_db()
    assert source.claimed_until == until
    assert models.Article.objects.count() == 2


@pytest.mark.parametrize(
    "changed", [{"topic": "http://x.example/"}, {"mode": "unsubscribe"}, {"challenge": ""}]
)
def test_what_we_did_not_ask_for_is_not_confirmed(site, hub, changed):
    subscribe(site, hub)
    assert hub.verify(**changed)[0] == 404


def test_an_address_that_nobody_was_given_is_not_found(site, hub):
    assert hubs.call(f"{websub.settings.SITE_URL}/websub/guess", b"body")[0] == 404


def test_a_source_that_is_switched_off_takes_no_pushes(site, hub):
    subscribe(site, hub)
    models.Source.objects.update(enabled=False)
    assert hub.push(publish(site, hub, 1, 2)) == 410
    assert hub.verify()[0] == 404


def test_a_hub_that_refuses_is_noted_and_left_alone_for_a_week(site, hub):
    source = subscribe(site, hub)
    assert hub.verify(mode="denied", reason="no more")[0] == 200
    subscription = models.Subscription.objects.get()
    assert (subscription.state, subscription.lease_until) == ("denied", None)
    assert "no more" in subscription.error
    source.refresh_from_db()
    assert source.push_until is None
    assert websub.ask_due(now=timezone.now) == 0


def test_a_hub_that_fails_is_asked_again_ever_later(site, hub):
    hub.status = 500
    publish(site, hub, 1)
    poll(make_source(site, fetch_pages=False))
    waits = []
    for _ in range(3):
        models.Subscription.objects.update(due_at=timezone.now())
        websub.ask_due(now=timezone.now)
        waits.append(models.Subscription.objects.get().due_at - timezone.now())
    assert waits[0] < waits[1] < waits[2]
    assert "500" in models.Subscription.objects.get().error


def test_a_subscription_is_renewed_before_it_ends(site, hub):
    source = subscribe(site, hub)
    assert websub.ask_due(now=timezone.now) == 0
    later = timezone.now() + datetime.timedelta(seconds=3000)
    assert websub.ask_due(now=lambda: later) == 1
    hub.verify(lease=7200)
    before = source.push_until
    source.refresh_from_db()
    assert source.push_until > before
    assert hub.asked[0]["hub.callback"] == hub.asked[1]["hub.callback"]


def test_another_hub_starts_anew_and_the_old_one_is_not_believed(site, hub):
    source = subscribe(site, hub)
    with hubs.running() as other:
        publish(site, other, 1, 2)
        poll(source)
        websub.ask_due(now=timezone.now)
        assert other.verify()[0] == 200
        assert hub.asked[-1]["hub.mode"] == "unsubscribe"
        assert hub.push_of(0, publish(site, other, 1, 2, 3)) == 410
        assert other.push(publish(site, other, 1, 2, 3)) == 204


def test_many_subscriptions_at_one_hub_are_each_asked_for(site, hub):
    links = {"Link": f'<{hub.url}>; rel="hub"'}
    for number in range(5):
        site.put_feed(f"/feed{number}", item(number))
        site.headers[f"/feed{number}"] = links
        make_source(site, f"/feed{number}", fetch_pages=False)
    pipeline.poll_due(now=timezone.now)
    assert websub.ask_due(now=timezone.now) == 5
    assert {form["hub.topic"] for form in hub.asked} == {f"{site.url}/feed{n}" for n in range(5)}
    assert models.Subscription.objects.filter(state="asked").count() == 5


def test_no_hub_is_asked_where_none_can_reach_us(site, hub, settings):
    settings.WEBSUB = "auto"
    publish(site, hub, 1)
    poll(make_source(site, fetch_pages=False))
    assert models.Subscription.objects.count() == 0
    assert websub.ask_due(now=timezone.now) == 0


def ended(hub, subscription_count=0):
    """Whether the hub was asked to end the subscription that it had confirmed, and its question is answered."""
    first, last = hub.asked[0], hub.asked[-1]
    assert (last["hub.mode"], last["hub.topic"]) == ("unsubscribe", first["hub.topic"])
    assert last["hub.callback"] == first["hub.callback"]
    assert hub.verify(mode="subscribe")[0] == 404
    assert hub.verify(mode="unsubscribe", challenge="bye") == (200, "bye")
    return models.Subscription.objects.count() == subscription_count


def test_a_source_that_is_switched_off_has_its_hub_told(site, hub):
    source = subscribe(site, hub)
    models.Source.objects.update(enabled=False)
    assert websub.ask_due(now=timezone.now) == 1
    assert ended(hub)
    models.Source.objects.update(enabled=True)
    models.Source.objects.update(body_hash="", etag="", last_modified="")
    poll(source)
    assert models.Subscription.objects.get().state == "wanted"


def test_a_source_that_is_removed_has_its_hub_told(site, hub):
    source = subscribe(site, hub)
    models.Article.objects.all().delete()
    source.delete()
    assert websub.ask_due(now=timezone.now) == 1
    assert ended(hub)


def test_a_feed_that_names_its_hub_no_more_has_it_told_and_is_polled_as_before(site, hub):
    source = subscribe(site, hub)
    site.put_feed("/feed", item(1), item(2))
    site.headers["/feed"] = {}
    poll(source)
    assert source.push_until is None
    assert websub.ask_due(now=timezone.now) == 1
    assert ended(hub)


def test_a_hub_that_does_not_confirm_the_end_is_left_alone_after_a_while(site, hub):
    subscribe(site, hub)
    models.Source.objects.update(enabled=False)
    hub.status = 500
    asked = [
        websub.ask_due(now=lambda hours=hours: timezone.now() + datetime.timedelta(hours=hours))
        for hours in range(0, 60, 3)
    ]
    assert sum(asked) == websub.MOST_ENDINGS
    assert not models.Subscription.objects.exists()


def test_a_subscription_that_no_hub_knows_of_yet_is_dropped_without_a_word(site, hub):
    publish(site, hub, 1)
    poll(make_source(site, fetch_pages=False))
    models.Source.objects.update(enabled=False)
    assert websub.ask_due(now=timezone.now) == 0
    assert not models.Subscription.objects.exists()
