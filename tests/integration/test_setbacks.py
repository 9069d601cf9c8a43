"""An article that can't be read, can't be stored or kills its reader leaves the others alone, and is not lost."""

import datetime
import subprocess
import sys
import textwrap

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.utils import timezone

from articles import models, pipeline, readings, setbacks
from articles.feeds import fetch
from articles.search import tokens
from tests import factories

HOUR = datetime.timedelta(hours=1)
POISON = "독이 든 기사"


@pytest.fixture(autouse=True)
def no_watchlist(transactional_db):
    pipeline.recognition.cache_clear()
    yield
    pipeline.recognition.cache_clear()


def waiting(title, text="배터리 공장을 짓는다.", **fields):
    """An article that waits to be read."""
    given = {"feed_title": title, "feed_text": text, "stage": "tag", "ready_at": None, "recognised_by": ""}
    return factories.article(title, "", **{**given, **fields})


def some(number=6, *, poison=3):
    """Articles that wait, of which one is not like the others; that one."""
    rows = [waiting(POISON if one == poison else f"기사 {one}") for one in range(number)]
    return rows[poison]


def at(moment):
    return lambda: moment


def break_on_poison(monkeypatch, owner, name):
    """Have a function raise for the poison, however deep in its arguments it is."""
    original = getattr(owner, name)

    def broken(*args, **kwargs):
        if any(POISON in (one, getattr(one, "title", "")) for one in args):
            raise ValueError("이상한 글")
        return original(*args, **kwargs)

    monkeypatch.setattr(owner, name, broken)


@pytest.fixture
def allowed_again():
    yield
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE articles_article DROP CONSTRAINT IF EXISTS no_poison")


def test_an_article_whose_recognition_raises_leaves_its_batch_alone(monkeypatch):
    poison = some()
    break_on_poison(monkeypatch, readings.Tagger, "recognise")
    now = timezone.now()
    assert pipeline.process_waiting(now=at(now)) == 6
    assert models.Article.objects.ready().exclude(recognised_by="").count() == 5
    poison.refresh_from_db()
    assert (poison.stage, poison.body) == ("ready", "배터리 공장을 짓는다.")
    assert poison.ready_at == now
    assert poison.setback.reason == "ValueError: 이상한 글"
    assert poison.setback.due_at == now + setbacks.WAITS[0]
    assert not models.Attempt.objects.exists()


def test_an_article_that_was_set_aside_is_found_by_its_words_and_told_to_the_alerts(monkeypatch):
    poison = some()
    break_on_poison(monkeypatch, readings.Tagger, "recognise")
    pipeline.process_waiting(now=timezone.now)
    assert models.SearchRow.objects.filter(pk=poison.pk).exclude(search__isnull=True).exists()
    assert models.Outbox.objects.filter(article=poison, kind="new").count() == 1


def test_an_article_that_can_not_be_split_into_words_is_shown_all_the_same(monkeypatch):
    poison = some()
    break_on_poison(monkeypatch, tokens, "to_tsvector")
    pipeline.process_waiting(now=timezone.now)
    poison.refresh_from_db()
    assert poison.ready_at is not None
    assert poison.setback.reason == "ValueError: 이상한 글"
    assert not models.Outbox.objects.filter(article=poison).exists()
    assert models.Outbox.objects.count() == 5


def test_an_article_that_the_database_refuses_leaves_its_batch_alone(allowed_again):
    poison = some()
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE articles_article ADD CONSTRAINT no_poison "
            f"CHECK (recognised_by = '' OR title <> '{POISON}') NOT VALID"
        )
    pipeline.process_waiting(now=timezone.now)
    assert models.Article.objects.ready().exclude(recognised_by="").count() == 5
    poison.refresh_from_db()
    assert poison.ready_at is not None
    assert "no_poison" in poison.setback.reason
    assert models.Article.objects.exclude(version=1).count() == 0


def test_a_broken_article_is_tried_later_and_later_then_not_by_itself(monkeypatch):
    poison = some()
    break_on_poison(monkeypatch, readings.Tagger, "recognise")
    now = timezone.now()
    assert pipeline.process_waiting(now=at(now)) == 6
    assert pipeline.process_waiting(now=at(now)) == 0
    tried = [now + minutes * HOUR / 60 for minutes in range(0, 60 * 48, 5)]
    assert sum(pipeline.process_waiting(now=at(moment)) for moment in tried) == setbacks.MOST_TRIES - 1
    assert models.Setback.objects.get(article=poison).due_at is None


def test_an_article_that_can_be_read_later_has_its_tags_and_no_setback(monkeypatch):
    poison = some()
    with monkeypatch.context() as patch:
        break_on_poison(patch, tokens, "to_tsvector")
        pipeline.process_waiting(now=timezone.now)
    assert pipeline.process_waiting(now=at(timezone.now() + HOUR)) == 1
    poison.refresh_from_db()
    assert poison.recognised_by
    assert not hasattr(poison, "setback")
    assert (poison.version, poison.versions.count()) == (1, 0)
    assert models.Outbox.objects.filter(article=poison, kind="new").count() == 1


def test_an_editor_has_it_read_again_at_once(monkeypatch):
    poison = some()
    with monkeypatch.context() as patch:
        break_on_poison(patch, readings.Tagger, "recognise")
        for hours in range(0, 48, 3):
            pipeline.process_waiting(now=at(timezone.now() + hours * HOUR))
    assert setbacks.ask_again([poison.pk], now=timezone.now()) == 1
    assert pipeline.process_waiting(now=timezone.now) == 1
    assert not models.Setback.objects.exists()


def test_a_changed_text_is_read_though_the_one_before_could_not(monkeypatch):
    poison = some()
    with monkeypatch.context() as patch:
        break_on_poison(patch, readings.Tagger, "recognise")
        for hours in range(0, 48, 3):
            pipeline.process_waiting(now=at(timezone.now() + hours * HOUR))
    models.Article.objects.filter(pk=poison.pk).update(stage="tag", feed_text="고친 글")
    assert pipeline.process_waiting(now=timezone.now) == 1
    assert not models.Setback.objects.exists()


WORKER = """
import os, signal
import django
django.setup()
from django.utils import timezone
from articles import pipeline
read = pipeline.read
def deadly(article, tagger):
    if article.feed_title == {poison!r}:
        os.kill(os.getpid(), signal.SIGKILL)
    return read(article, tagger)
pipeline.read = deadly
pipeline.setbacks.LOST_AFTER *= 0
pipeline.process_waiting(now=timezone.now)
"""


def run_worker(environment):
    """A worker in a process of its own, as far as it gets; whether it survived."""
    code = textwrap.dedent(WORKER.format(poison=POISON))
    return (
        subprocess.run([sys.executable, "-c", code], env=environment, check=False, timeout=60).returncode == 0
    )


def test_an_article_that_kills_its_worker_each_time_is_set_aside(service_environment):
    poison = some()
    survived = [run_worker(service_environment) for _ in range(6)]
    assert survived == [False] * setbacks.MOST_TRIES + [True] * 3
    assert models.Article.objects.ready().exclude(recognised_by="").count() == 5
    poison.refresh_from_db()
    assert (poison.stage, poison.body) == ("ready", "배터리 공장을 짓는다.")
    assert poison.setback.reason == setbacks.DIED
    assert poison.setback.due_at is None
    assert list(models.Setback.objects.values_list("article", flat=True)) == [poison.pk]
    assert not models.Outbox.objects.filter(article=poison).exists()


def test_a_worker_that_died_of_something_else_costs_no_article_anything():
    some(poison=0)
    attempt = setbacks.take(now=timezone.now() - HOUR, most=40)
    assert attempt is not None
    assert pipeline.process_waiting(now=timezone.now) == 6
    assert models.Article.objects.ready().count() == 6
    assert not models.Setback.objects.exists()
    assert not models.Attempt.objects.exists()


def answer(source, *titles):
    items = "".join(
        f"<item><guid>{number}</guid><link>http://127.0.0.1/a/{number}</link><title>{title}</title>"
        f"<description>배터리 공장을 짓는다.</description></item>"
        for number, title in enumerate(titles)
    )
    body = f'<rss version="2.0"><channel><title>t</title>{items}</channel></rss>'.encode()
    return fetch.Response(url=source.url, final_url=source.url, status=200, body=body)


def receive(source, *titles):
    source.refresh_from_db()
    pipeline.receive_all([(source, answer(source, *titles))], now=timezone.now, ring=lambda task: None)


def test_an_entry_that_can_not_be_read_as_it_comes_is_stored_and_read_later(monkeypatch):
    source = factories.source(fetch_pages=False)
    with monkeypatch.context() as patch:
        break_on_poison(patch, readings.Tagger, "recognise")
        receive(source, "기사 1", POISON, "기사 2")
        assert models.Article.objects.ready().count() == 2
        assert models.Appearance.objects.filter(fate="stored").count() == 3
        pipeline.process_waiting(now=timezone.now)
    assert models.Article.objects.ready().count() == 3
    assert models.Setback.objects.get().article.title == POISON


def test_an_entry_whose_reading_can_not_be_stored_is_stored_unread(allowed_again):
    source = factories.source(fetch_pages=False)
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE articles_article ADD CONSTRAINT no_poison "
            f"CHECK (recognised_by = '' OR title <> '{POISON}') NOT VALID"
        )
    receive(source, "기사 1", POISON, "기사 2")
    assert models.Article.objects.ready().count() == 2
    assert models.Article.objects.get(title=POISON).stage == "tag"
    assert models.Appearance.objects.filter(fate="stored").count() == 3


FETCHER = """
import os, signal, sys
import django
django.setup()
from django.utils import timezone
from articles import models, pipeline
from articles.feeds import fetch, reading
read = reading.read
def deadly(source, response, **given):
    if b"poison" in response.body:
        os.kill(os.getpid(), signal.SIGKILL)
    return read(source, response, **given)
reading.read = deadly
now = timezone.now()
due = models.Source.objects.claim_due(now=now, until=now, most=9)
def answer(source):
    item = f"<item><link>http://127.0.0.1/{source.pk}</link><title>t</title></item>"
    body = f'<rss version="2.0"><channel><title>{source.title}</title>{item}</channel></rss>'.encode()
    return fetch.Response(url=source.url, final_url=source.url, status=200, body=body)
pipeline.receive_all([(source, answer(source)) for source in due], now=timezone.now, ring=print)
"""


def test_a_feed_that_kills_its_worker_each_time_becomes_a_failed_poll(service_environment):
    start = timezone.now()
    deadly = factories.source(title="poison", next_poll_at=start)
    other = factories.source(title="other", next_poll_at=start)
    ends = []
    for _ in range(5):
        command = [sys.executable, "-c", FETCHER]
        done = subprocess.run(command, env=service_environment, check=False, timeout=60)
        ends.append(done.returncode == 0)
    assert ends == [False, False, False, True, True]
    deadly.refresh_from_db()
    other.refresh_from_db()
    assert deadly.last_error == pipeline.DIED
    assert deadly.next_poll_at > timezone.now() + HOUR / 12
    assert other.last_success_at is not None
    assert other.deaths == 0
    assert models.Article.objects.count() == 1


@pytest.fixture
def broken(monkeypatch):
    """An article that could not be read, shown by what its entry gives."""
    source = factories.source(fetch_pages=False)
    with monkeypatch.context() as patch:
        break_on_poison(patch, readings.Tagger, "recognise")
        receive(source, POISON)
        pipeline.process_waiting(now=timezone.now)
    return models.Article.objects.get()


@pytest.fixture
def editor(client):
    person = factories.person()
    person.user_permissions.add(*Permission.objects.filter(codename__in=["change_source", "view_appearance"]))
    client.force_login(person)
    return client


def test_the_article_its_source_and_the_ledger_say_that_it_could_not_be_read(broken, editor):
    for path in (
        f"/articles/{broken.pk}/",
        f"/sources/{broken.source_id}/",
        "/sources/ledger/?q=http://127.0.0.1/a/0",
    ):
        page = editor.get(path).content.decode()
        assert "읽지 못했습니다(ValueError: 이상한 글). 1번 시도했습니다." in page, path


def test_an_editor_may_have_an_article_read_again_and_nobody_else(broken, editor, client):
    path = f"/articles/{broken.pk}/read/"
    assert path in editor.get(f"/articles/{broken.pk}/").content.decode()
    assert editor.post(path).status_code == 302
    assert pipeline.process_waiting(now=timezone.now) == 1
    assert path not in editor.get(f"/articles/{broken.pk}/").content.decode()
    client.force_login(factories.person())
    assert client.post(path).status_code == 403
