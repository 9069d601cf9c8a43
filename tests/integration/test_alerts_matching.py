"""From articles that became ready to hits and mails that wait, in a real PostgreSQL."""

import datetime
import logging
import threading

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from alerts import actions, holding, models, outbox, watch
from alerts import tasks as alerts_tasks
from alerts.matching import digest
from articles import models as news
from articles import tasks
from tests import factories

pytestmark = pytest.mark.django_db

HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)
TITLE = "한빛배터리, 북미 공장 착공"
OTHER_WORDS = "[종합]"
BODY = "한빛배터리는 20일 북미에 배터리 공장을 짓는다고 밝혔다."


@pytest.fixture(autouse=True)
def owner(db):
    watch.watch().clear()
    return factories.person("analyst")


def arrive(title=TITLE, body=BODY, *, kind="new", outlet="한빛일보", **fields):
    """An article as the pipeline leaves it: ready, in a story, with an outbox row."""
    feed = factories.source(factories.outlet(outlet)) if "of" not in fields else fields.pop("of")
    now = timezone.now()
    values = {"published_at": now, "first_seen_at": now, "ready_at": now, **fields}
    article = factories.article(title, body, of=feed, **values)
    factories.story(*same_title(article), article)
    tell(article, kind)
    return article


def same_title(article):
    """An earlier article under the same title: here, that is what makes a story (test_placing.py has the real way)."""
    key = digest.title_key(article.title)
    earlier = news.Article.objects.exclude(pk=article.pk).order_by("pk")
    return [other for other in earlier if digest.title_key(other.title) == key][:1]


def tell(article, kind="updated"):
    news.Outbox.objects.create(article=article, kind=kind, created_at=timezone.now())


def correct(article, body):
    """A changed text, as the pipeline stores it."""
    news.Version.objects.create(
        article=article,
        number=article.version,
        title=article.title,
        body=article.body,
        replaced_at=timezone.now(),
    )
    article.version += 1
    article.body = body
    article.save()
    tell(article)


def match():
    return outbox.match_waiting(now=timezone.now())


def test_an_article_that_matches_makes_one_hit_and_one_mail(owner):
    alert = factories.alert(owner, "배터리")
    article = arrive()
    assert match() == 1
    hit = models.Hit.objects.get()
    assert (hit.alert, hit.article, hit.held) == (alert, article, "")
    texts = {"title": article.title, "text": article.body}
    assert {texts[field][start:end] for field, start, end in hit.spans} == {"배터리"}
    delivery = models.Delivery.objects.get()
    assert (delivery.recipient, delivery.state, list(delivery.hits.all())) == (owner, "waiting", [hit])


def test_an_article_that_does_not_match_leaves_nothing_and_is_done(owner):
    factories.alert(owner, "수소")
    arrive()
    assert match() == 1
    assert not models.Hit.objects.exists()
    assert not models.Delivery.objects.exists()
    assert match() == 0


def test_several_hits_of_one_batch_make_one_mail_for_each_alert(owner):
    factories.alert(owner, "배터리")
    factories.alert(factories.person(), "공장")
    for number in range(3):
        arrive(f"{TITLE} {number}단계")
    match()
    assert models.Hit.objects.count() == 6
    assert sorted(delivery.hits.count() for delivery in models.Delivery.objects.all()) == [3, 3]


def test_two_alerts_of_one_person_make_one_mail_that_names_both(owner):
    first, second = factories.alert(owner, "배터리"), factories.alert(owner, "공장")
    arrive()
    match()
    delivery = models.Delivery.objects.get()
    assert set(delivery.alerts.all()) == {first, second}
    assert delivery.hits.count() == 2


def test_a_hit_of_a_tag_shows_the_tags_evidence(owner):
    factories.alert(owner, "company:한빛배터리")
    article = arrive(companies=["한빛배터리"])
    match()
    spans = models.Hit.objects.get().spans
    assert ["title", 0, 5] in spans
    assert {article.body[start:end] for field, start, end in spans if field == "text"} == {"한빛배터리"}


def test_a_changed_article_is_not_mailed_again_but_shows_its_new_text(owner):
    factories.alert(owner, "배터리")
    article = arrive()
    match()
    correct(article, "다시 쓴다. " + BODY)
    match()
    assert models.Delivery.objects.count() == 1
    spans = models.Hit.objects.get().spans
    assert all(article.body[start:end] == "배터리" for field, start, end in spans if field == "text")


def test_a_corrected_article_that_matches_no_longer_keeps_its_hit_without_places(owner):
    factories.alert(owner, "북미")
    article = arrive("공장 착공 소식을 전한다")
    match()
    correct(article, "공장을 짓는다.")
    match()
    assert models.Hit.objects.get().spans == []


def test_an_article_that_matches_only_after_its_correction_is_mailed_then(owner):
    factories.alert(owner, "수소")
    article = arrive()
    match()
    correct(article, "수소 공장을 짓는다고 밝혔다.")
    match()
    assert models.Hit.objects.get().article == article
    assert models.Delivery.objects.count() == 1


def test_an_article_from_before_the_alert_is_no_hit(owner):
    arrive(ready_at=timezone.now() - HOUR)
    factories.alert(owner, "배터리")
    match()
    assert not models.Hit.objects.exists()


def test_a_correction_of_an_article_from_before_the_alert_is_a_hit_only_if_it_matches_now_for_the_first_time(
    owner,
):
    article = arrive(ready_at=timezone.now() - HOUR)
    match()
    old = factories.alert(owner, "배터리")
    new = factories.alert(owner, "수소")
    correct(article, "배터리와 수소 공장을 짓는다.")
    match()
    assert not old.hits.exists()
    assert new.hits.count() == 1


def test_a_changed_query_counts_from_the_next_article_on(owner):
    alert = factories.alert(owner, "수소")
    arrive()
    match()
    actions.save_alert(owner=owner, name=alert.name, query="배터리", now=timezone.now(), alert=alert)
    second = arrive(f"{TITLE} 이어져")
    match()
    assert [hit.article for hit in alert.hits.all()] == [second]


def test_a_query_changed_behind_the_actions_back_is_used_too(owner):
    factories.alert(owner, "수소")
    arrive()
    match()
    models.Alert.objects.update(query="배터리")
    arrive(f"{TITLE} 이어져")
    match()
    assert models.Hit.objects.count() == 1


def test_an_alert_finds_nothing_while_it_is_off_and_goes_on_when_it_is_on_again(owner):
    alert = factories.alert(owner, "배터리")
    arrive(f"{TITLE} 하나")
    match()
    actions.pause(alert)
    arrive(f"{TITLE} 둘")
    match()
    actions.resume(alert, now=timezone.now())
    arrive(f"{TITLE} 셋")
    match()
    titles = alert.hits.order_by("pk").values_list("article__title", flat=True)
    assert list(titles) == [f"{TITLE} 하나", f"{TITLE} 셋"]


def test_an_alert_deleted_after_the_alerts_were_read_is_passed_over(owner, monkeypatch):
    alert, other = factories.alert(owner, "배터리"), factories.alert(owner, "공장")
    watch.watch().look()
    monkeypatch.setattr(watch.Watch, "look", lambda self: None)
    actions.delete(alert, now=timezone.now())
    arrive()
    assert match() == 1
    assert models.Hit.objects.get().alert == other


def test_nothing_is_found_for_somebody_whose_account_is_closed(owner):
    factories.alert(owner, "배터리")
    owner.is_active = False
    owner.save()
    arrive()
    match()
    assert not models.Hit.objects.exists()


def test_old_backlog_is_listed_but_not_mailed(owner):
    factories.alert(owner, "배터리")
    arrive(published_at=timezone.now() - 3 * DAY)
    match()
    assert models.Hit.objects.get().held == "old"
    assert not models.Delivery.objects.exists()


def test_a_replay_is_listed_but_not_mailed(owner):
    factories.alert(owner, "배터리")
    at = timezone.now() - 1500 * DAY
    arrive(of=factories.source(replay_at=at), published_at=at, first_seen_at=at)
    match()
    assert models.Hit.objects.get().held == "replay"
    assert not models.Delivery.objects.exists()


def test_a_story_that_was_mailed_is_held_when_another_outlet_tells_it(owner):
    factories.alert(owner, "배터리")
    arrive(published_at=timezone.now() - 30 * HOUR)
    match()
    arrive(f"[종합] {TITLE}", outlet="새벽신문")
    match()
    assert list(models.Hit.objects.order_by("pk").values_list("held", flat=True)) == ["", "same"]
    assert models.Delivery.objects.count() == 1


def test_an_article_without_a_story_waits(owner):
    factories.alert(owner, "배터리")
    article = arrive()
    news.Article.objects.update(story=None)
    assert match() == 0
    factories.story(article)
    assert match() == 1
    assert models.Hit.objects.get().held == ""


def test_an_article_reaches_the_alerts_by_the_tasks_alone(owner):
    factories.alert(owner, "배터리")
    first = arrive()
    second = arrive(f"{OTHER_WORDS} {TITLE}", outlet="새벽신문")
    news.Article.objects.update(story=None)
    tasks.place_articles()
    alerts_tasks.match_outbox()
    first.refresh_from_db()
    second.refresh_from_db()
    assert None is not first.story == second.story
    assert models.Delivery.objects.get().hits.count() == 2


def test_a_story_is_mailed_once_while_something_comes_of_it(owner):
    factories.alert(owner, "배터리")
    now = timezone.now()
    first = arrive(published_at=now - 40 * HOUR)
    match()
    for number, hours in enumerate((20, 4)):
        later = arrive(f"배터리 공장 착공 {number}보", outlet="새벽신문", published_at=now - hours * HOUR)
        factories.story(first, later)
        match()
    assert list(models.Hit.objects.order_by("pk").values_list("held", flat=True)) == ["", "same", "same"]


def test_an_article_that_an_editor_moved_out_of_a_story_is_told_as_what_it_is_now(owner):
    factories.alert(owner, "배터리")
    arrive()
    match()
    moved = arrive(outlet="새벽신문")
    moved.story_id = None
    factories.story(moved)
    match()
    assert models.Hit.objects.get(article=moved).held == ""


def test_a_column_of_the_same_title_is_mailed_the_next_day(owner):
    factories.alert(owner, "배터리")
    arrive("오늘의 배터리 업계 소식", published_at=timezone.now() - 24 * HOUR)
    match()
    arrive("오늘의 배터리 업계 소식")
    match()
    assert models.DeliveryHit.objects.count() == 2


def test_a_story_whose_mail_failed_or_was_held_is_mailed_with_its_next_telling(owner):
    factories.alert(owner, "배터리")
    arrive(published_at=timezone.now() - 49 * HOUR, first_seen_at=timezone.now())
    match()
    arrive(outlet="새벽신문")
    match()
    models.Delivery.objects.update(state="failed")
    arrive(outlet="한낮경제")
    match()
    assert list(models.Hit.objects.order_by("pk").values_list("held", flat=True)) == ["old", "", ""]


def test_a_story_is_held_for_the_alert_that_mailed_it_alone(owner):
    factories.alert(owner, "배터리")
    arrive()
    match()
    late = factories.alert(owner, "공장")
    arrive(outlet="새벽신문")
    match()
    assert late.hits.get().held == ""
    assert late.deliveries.count() == 1


def test_a_query_that_cannot_be_read_stops_no_other(owner, caplog):
    broken = factories.alert(owner, "배터리")
    models.Alert.objects.filter(pk=broken.pk).update(query='(("')
    factories.alert(owner, "공장")
    arrive()
    with caplog.at_level(logging.ERROR):
        match()
    assert models.Hit.objects.get().alert.query == "공장"
    assert f"alert {broken.pk} is left out" in caplog.text


def test_the_queries_of_a_batch_do_not_grow_with_its_articles_and_alerts(owner):
    def queries(articles, alerts):
        for _ in range(alerts):
            factories.alert(factories.person(), "배터리")
        for _ in range(articles):
            arrive(f"{TITLE} {next(factories.NUMBERS)}호")
        with CaptureQueriesContext(
            connection,
        ) as captured:
            match()
        return len(captured)

    # The second time there are mails that wait already.
    queries(1, 1)
    assert queries(2, 2) == queries(12, 12)


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_make_no_second_hit_or_mail(owner, settings):
    for query in ("배터리", "공장", "한빛배터리 OR 북미"):
        factories.alert(owner, query)
    articles = [arrive(f"{TITLE} {number}번째 소식") for number in range(120)]
    for article in articles[::3]:
        tell(article)
    together(*[match] * 4)
    assert models.Hit.objects.count() == 360
    mailed = models.Delivery.hits.through.objects.values_list("hit_id", flat=True)
    assert len(mailed) == len(set(mailed)) == 360
    assert not news.Outbox.objects.filter(done_at=None).exists()


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_mail_a_story_of_two_outlets_once(owner, monkeypatch):
    factories.alert(owner, "배터리")
    monkeypatch.setattr(outbox, "BATCH", 1)
    for number in range(10):
        for outlet in ("한빛일보", "새벽신문", "한낮경제"):
            arrive(f"{TITLE} {number}번째 소식", outlet=outlet)
    together(*[match] * 4)
    assert models.Hit.objects.count() == 30
    assert models.Hit.objects.filter(held="").count() == 10
    assert models.DeliveryHit.objects.count() == 10


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_dies_while_writing_hits_leaves_the_articles_to_others(owner, monkeypatch):
    factories.alert(owner, "배터리")
    arrive()

    def die(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(holding, "deliver", die)
        with pytest.raises(KeyboardInterrupt):
            match()
    assert not models.Hit.objects.exists()
    assert match() == 1
    assert models.Delivery.objects.count() == 1


def together(*works):
    failed = []

    def run(work):
        try:
            work()
        except Exception as error:  # noqa: BLE001
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
