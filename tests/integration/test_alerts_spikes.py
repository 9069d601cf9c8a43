"""Alerts of more than usual, over stored articles in a real PostgreSQL."""

import datetime

import pytest
from django.utils import timezone

from alerts import models, outbox, spikes, watch, word_counts
from articles import models as news
from tests import factories

pytestmark = pytest.mark.django_db

HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)
NOW = timezone.now().replace(microsecond=0)


@pytest.fixture(autouse=True)
def owner(db):
    watch.watch().clear()
    return factories.person("analyst")


def arrive(title, at, *, outlet="한빛일보"):
    feed = factories.source(factories.outlet(outlet))
    article = factories.article(title, "본문이다.", of=feed, published_at=at, first_seen_at=at, ready_at=at)
    factories.story(article)
    news.Outbox.objects.create(article=article, kind="new", created_at=at)
    return article


def usual_weeks():
    for day in range(3, 50, 2):
        arrive(f"배터리 공장 소식 {day}", NOW - day * DAY - 30 * datetime.timedelta(minutes=1))


def jump(count=9):
    return [
        arrive(f"배터리 화재 {number}번째", NOW - HOUR, outlet=f"신문{number % 3}") for number in range(count)
    ]


def spike_alert(owner):
    return factories.alert(owner, "배터리", kind="spike", active_since=NOW - 2 * HOUR)


def test_a_jump_is_told_once_with_what_explains_it(owner):
    usual_weeks()
    alert = spike_alert(owner)
    articles = jump()
    outbox.match_waiting(now=NOW)
    assert set(alert.hits.values_list("held", flat=True)) == {"spike"}
    assert not models.Delivery.objects.exists()
    assert spikes.check(now=NOW) == 1
    spike = models.Spike.objects.get()
    assert spike.stories == 9
    assert spike.expected < 2
    assert spike.words[0][:2] == ["화재", 9]
    assert {name for name, _, _ in spike.outlets} == {"신문0", "신문1", "신문2"}
    assert {hit.article for hit in spike.hits.all()} == set(articles)
    assert models.Delivery.objects.get().recipient == owner
    assert spikes.check(now=NOW + HOUR / 6) == 0
    assert models.Delivery.objects.count() == 1


def test_as_many_as_usual_are_not_told(owner):
    usual_weeks()
    spike_alert(owner)
    jump(2)
    outbox.match_waiting(now=NOW)
    assert spikes.check(now=NOW) == 0
    assert not models.Spike.objects.exists()


def test_an_alert_that_is_off_or_cannot_be_read_stops_no_other(owner):
    usual_weeks()
    models.Alert.objects.filter(pk=factories.alert(owner, kind="spike").pk).update(query='(("')
    factories.alert(owner, "배터리", kind="spike", enabled=False)
    spike_alert(owner)
    jump()
    assert spikes.check(now=NOW) == 1


def test_a_source_that_is_down_or_new_is_away(owner):
    old, new, down = (factories.source() for _ in range(3))
    for source, days in ((old, 40), (new, 5), (down, 40)):
        news.Poll.objects.create(source=source, at=NOW - days * DAY, outcome="stored")
    news.Source.objects.filter(pk=down.pk).update(failures=3, last_success_at=NOW - 4 * HOUR)
    away = spikes.absences({old.pk, new.pk, down.pk}, now=NOW)
    assert {(one.source, one.begin, one.end) for one in away} == {
        (new.pk, None, NOW - 5 * DAY),
        (down.pk, NOW - 4 * HOUR, NOW),
    }


def test_words_are_counted_in_stored_articles_and_used_from_then_on(owner, monkeypatch):
    monkeypatch.setattr(word_counts, "ARTICLES", 20)
    for number in range(10):
        arrive(f"배터리 {number}", NOW)
    factories.alert(owner, "배터리 공장")
    outbox.match_waiting(now=NOW)
    counted = word_counts.count(now=NOW)
    assert counted.shares[""]["배터리"] == 10_000
    outbox.match_waiting(now=NOW)
    assert set(watch.watch().matcher.by_key) == {"공장", "~공장"}
    assert len(watch.watch().matcher.by_alert) == 1


def test_few_articles_are_not_counted(owner):
    assert word_counts.count(now=NOW) is None
