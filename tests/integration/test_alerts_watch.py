"""The alerts in a worker's memory are those of the tables, and none falls between old and new: in real transactions."""

import contextlib
import datetime
import random
import threading
import time

import pytest
from django.db import connections, transaction
from django.utils import timezone

from alerts import actions, alert_faults, models, outbox, setbacks, watch
from articles import models as news
from articles.search import matches, query
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

TITLE = "한빛배터리, 북미 공장 착공"
MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def owner(db):
    watch.watch().clear()
    return factories.person("analyst")


def arrive(title=TITLE, **fields):
    now = timezone.now()
    values = {"published_at": now, "first_seen_at": now, "ready_at": now, **fields}
    article = factories.article(title, "공장을 짓는다고 밝혔다.", **values)
    factories.story(article)
    news.Outbox.objects.create(article=article, kind="new", created_at=now)
    return article


def match():
    return outbox.match_waiting(now=timezone.now())


def known(memory):
    return {alert: query.canonical(entry.ast) for alert, entry in memory.matcher.by_alert.items()}


def stored():
    return dict(models.Alert.objects.filter(enabled=True).values_list("pk", "query"))


@contextlib.contextmanager
def meanwhile(work):
    """The work in a thread, over a connection of its own; its error is ours."""
    failed = []

    def run():
        try:
            work()
        except Exception as error:  # noqa: BLE001
            failed.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    yield
    thread.join(30)
    assert not thread.is_alive()
    assert failed == []


def test_only_alerts_that_changed_are_read_again(owner, monkeypatch):
    alerts = [factories.alert(owner, f"낱말{number}") for number in range(5)]
    memory = watch.Watch()
    memory.look()
    put = []
    monkeypatch.setattr(memory.matcher, "put", lambda alert, ast, zone: put.append(alert))
    memory.look()
    models.Alert.objects.filter(pk=alerts[2].pk).update(query="다른말")
    memory.look()
    memory.look()
    assert put == [alerts[2].pk]


def test_a_change_that_is_committed_after_a_later_one_is_not_missed(owner):
    early, late = factories.alert(owner, "수소"), factories.alert(owner, "공장")
    memory = watch.Watch()
    memory.look()
    is_written, may_commit = threading.Event(), threading.Event()

    def slowly():
        with transaction.atomic():
            models.Alert.objects.filter(pk=early.pk).update(query="바람")
            is_written.set()
            assert may_commit.wait(20)

    with meanwhile(slowly):
        assert is_written.wait(20)
        models.Alert.objects.filter(pk=late.pk).update(query="태양")
        memory.look()
        assert known(memory) == {early.pk: "수소", late.pk: "태양"}
        memory.look()
        may_commit.set()
    memory.look()
    assert known(memory) == {early.pk: "바람", late.pk: "태양"}


def test_the_memory_follows_whatever_is_done_to_alerts(owner):
    memory = watch.Watch()
    chance = random.Random(5)
    factories.alert(owner, "언제나")
    for _ in range(60):
        rows = list(models.Alert.objects.exclude(query="언제나"))
        row = chance.choice(rows) if rows else None
        what = chance.randint(0, 5)
        if row is None or what == 0:
            factories.alert(owner, f"낱말{chance.randint(0, 4)}")
        elif what == 1:
            actions.pause(row)
        elif what == 2:
            actions.resume(row, now=timezone.now())
        elif what == 3:
            actions.delete(row, now=timezone.now())
        elif what == 4:
            models.Alert.objects.filter(pk=row.pk).update(query=f"다른말{chance.randint(0, 4)}")
        else:
            models.Alert.objects.filter(pk=row.pk).update(kind=chance.choice(["query", "spike"]))
        if chance.random() < 0.5:
            memory.look()
    memory.look()
    assert known(memory) == stored() != {}


def test_an_alert_changes_with_the_saved_search_that_it_names(owner):
    search = news.SavedSearch.objects.create(
        owner=owner, name="ours", query="배터리", created_at=timezone.now()
    )
    alert = factories.alert(owner, 'search:"ours" 공장')
    memory = watch.Watch()
    memory.look()
    assert known(memory) == {alert.pk: "배터리 공장"}
    news.SavedSearch.objects.filter(pk=search.pk).update(query="수소")
    memory.look()
    assert known(memory) == {alert.pk: "수소 공장"}
    search.delete()
    memory.look()
    assert known(memory) == {}
    assert "ours" in models.AlertFault.objects.get().reason


def test_an_article_matched_while_an_alert_is_saved_is_found_once_the_alert_is_there(owner):
    """The alert counts from before the article, and is committed after it was matched."""
    saved, may_commit = threading.Event(), threading.Event()

    def save_slowly():
        with transaction.atomic():
            factories.alert(owner, "배터리")
            saved.set()
            assert may_commit.wait(20)

    with meanwhile(save_slowly):
        assert saved.wait(20)
        article = arrive()
        assert match() == 1
        assert not models.Hit.objects.exists()
        may_commit.set()
    assert match() == 0
    assert models.Hit.objects.get().article == article
    match()
    assert models.Delivery.objects.count() == 1


def test_an_alert_that_is_committed_in_the_midst_of_matching_finds_the_article(owner, monkeypatch):
    whole = outbox.match_safely

    def save_first(rows, *, now):
        with meanwhile(lambda: factories.alert(owner, "배터리", active_since=timezone.now() - MINUTE)):
            pass
        monkeypatch.setattr(outbox, "match_safely", whole)
        whole(rows, now=now)

    monkeypatch.setattr(outbox, "match_safely", save_first)
    article = arrive()
    match()
    assert not models.Hit.objects.exists()
    match()
    assert models.Hit.objects.get().article == article


def test_alerts_saved_while_articles_pour_in_find_each_article_or_are_younger(owner):
    """Three workers match, two people save: what an alert lacks was ready before the alert counted."""
    ended = threading.Event()

    def save(numbers):
        for number in numbers:
            with transaction.atomic():
                factories.alert(owner, "배터리", name=f"alert {number}")
                time.sleep(random.Random(number).random() / 20)

    def work():
        memory = watch.Watch()
        while not ended.is_set():
            with_memory(memory)
            time.sleep(0.002)

    def with_memory(memory):
        locals_.memory = memory
        match()

    locals_ = threading.local()
    patch = pytest.MonkeyPatch()
    patch.setattr(watch, "watch", lambda: locals_.memory)
    feed = factories.source()
    with patch.context(), contextlib.ExitStack() as stack:
        for job in (work, work, work):
            stack.enter_context(meanwhile(job))
        savers = [meanwhile(lambda numbers=numbers: save(numbers)) for numbers in (range(25), range(25, 50))]
        for saver in savers:
            saver.__enter__()
        articles = [arrive(f"{TITLE} {number}", of=feed) for number in range(80)]
        for saver in savers:
            saver.__exit__(None, None, None)
        while news.Outbox.objects.filter(done_at=None).exists():
            time.sleep(0.01)
        time.sleep(0.3)
        ended.set()
    patch.undo()
    found = set(models.Hit.objects.values_list("alert_id", "article_id"))
    assert found
    for alert in models.Alert.objects.all():
        for article in articles:
            counts = alert.active_since <= article.ready_at
            assert ((alert.pk, article.pk) in found) == counts, (alert.active_since, article.ready_at)


def breaking_on(monkeypatch, word):
    whole = matches.prepare

    def prepare(document):
        if word in document.title:
            raise ValueError("odd")
        return whole(document)

    monkeypatch.setattr(matches, "prepare", prepare)


def test_an_article_that_breaks_stops_no_other_and_says_why(owner, monkeypatch):
    factories.alert(owner, "배터리")
    match()
    articles = [arrive(f"{TITLE} {number}") for number in range(7)]
    breaking_on(monkeypatch, " 3")
    assert match() == 7
    found = set(models.Hit.objects.values_list("article_id", flat=True))
    assert found == {article.pk for article in articles} - {articles[3].pk}
    setback = models.MatchSetback.objects.get()
    assert (setback.article, setback.tries, setback.reason) == (articles[3], 1, "ValueError: odd")


def test_an_article_that_broke_is_matched_when_its_time_has_come(owner, monkeypatch):
    factories.alert(owner, "배터리")
    article = arrive()
    with monkeypatch.context() as patch:
        breaking_on(patch, TITLE)
        match()
    match()
    assert not models.Hit.objects.exists()
    outbox.match_waiting(now=timezone.now() + 11 * MINUTE)
    assert models.Hit.objects.get().article == article
    assert not models.MatchSetback.objects.exists()


def test_an_article_that_breaks_three_times_is_given_up(owner, monkeypatch):
    factories.alert(owner, "배터리")
    arrive()
    breaking_on(monkeypatch, TITLE)
    for hours in range(0, 40, 8):
        outbox.match_waiting(now=timezone.now() + 60 * hours * MINUTE)
    setback = models.MatchSetback.objects.get()
    assert (setback.tries, setback.due_at) == (3, None)


def test_articles_of_a_worker_that_died_are_matched_alone(owner, monkeypatch):
    factories.alert(owner, "배터리")
    articles = [arrive(f"{TITLE} {number}") for number in range(3)]
    attempt = setbacks.take(now=timezone.now(), most=100)
    assert attempt is not None
    assert match() == 0
    taken = []
    whole = outbox.match
    monkeypatch.setattr(outbox, "match", lambda rows, *, now: taken.append(len(rows)) or whole(rows, now=now))
    outbox.match_waiting(now=timezone.now() + MINUTE)
    assert taken == [1, 1, 1]
    assert set(models.Hit.objects.values_list("article_id", flat=True)) == {one.pk for one in articles}
    assert not models.MatchAttempt.objects.exists()


def test_an_article_that_kills_its_worker_each_time_is_given_up(owner, monkeypatch):
    arrive()
    factories.alert(owner, "배터리")

    def die(rows, *, now):
        raise KeyboardInterrupt

    monkeypatch.setattr(outbox, "match", die)
    now = timezone.now()
    for minutes in range(4):
        with contextlib.suppress(KeyboardInterrupt):
            outbox.match_waiting(now=now + minutes * MINUTE)
    assert models.MatchSetback.objects.get().due_at is None
    assert outbox.match_waiting(now=now + 10 * MINUTE) == 0


def broken_query(monkeypatch, text):
    whole, bad = matches.matches, query.parse_query(text)

    def breaking(ast, document, **given):
        if ast == bad:
            raise RecursionError("too deep")
        return whole(ast, document, **given)

    monkeypatch.setattr(matches, "matches", breaking)


def test_an_alert_whose_query_breaks_says_so_and_stops_no_other(owner, monkeypatch):
    bad, good = factories.alert(owner, "공장"), factories.alert(owner, "배터리")
    broken_query(monkeypatch, "공장")
    arrive()
    match()
    assert models.Hit.objects.get().alert == good
    fault = models.AlertFault.objects.get()
    assert (fault.alert, fault.times, fault.is_stopped) == (bad, 1, False)
    assert "too deep" in fault.reason


def test_an_alert_that_breaks_again_and_again_is_not_tried_until_its_query_changes(owner, monkeypatch):
    bad = factories.alert(owner, "공장")
    broken_query(monkeypatch, "공장")
    for number in range(4):
        arrive(f"{TITLE} {number}")
    match()
    match()
    assert models.AlertFault.objects.get().is_stopped
    assert watch.watch().matcher.by_alert == {}
    actions.save_alert(owner=owner, name=bad.name, query="공장 북미", now=timezone.now(), alert=bad)
    arrive("북미 공장")
    match()
    assert not models.AlertFault.objects.exists()
    assert models.Hit.objects.get().alert == bad


def test_an_alert_that_was_stopped_is_tried_again_the_next_day(owner, monkeypatch):
    alert = factories.alert(owner, "공장")
    now = timezone.now()
    models.AlertFault.objects.create(alert=alert, reason="x", at=now, times=3, is_stopped=True)
    match()
    assert watch.watch().matcher.by_alert == {}
    alert_faults.try_again()
    match()
    assert known(watch.watch()) == {alert.pk: "공장"}


def test_a_query_that_cannot_be_read_is_shown_to_its_owner_until_it_can(owner):
    alert = factories.alert(owner, "배터리")
    models.Alert.objects.filter(pk=alert.pk).update(query='(("')
    match()
    assert models.AlertFault.objects.get().alert == alert
    models.Alert.objects.filter(pk=alert.pk).update(query="배터리")
    match()
    assert not models.AlertFault.objects.exists()


def test_the_days_of_an_alert_are_its_owners_also_after_she_moved(owner):
    memory = watch.Watch()
    alert = factories.alert(owner, "공장 published:2026-11-20")
    memory.look()
    assert memory.matcher.by_alert[alert.pk].zone.key == "Asia/Seoul"
    owner.time_zone = "Europe/Berlin"
    owner.save(update_fields=["time_zone"])
    memory.look()
    assert memory.matcher.by_alert[alert.pk].zone.key == "Europe/Berlin"
