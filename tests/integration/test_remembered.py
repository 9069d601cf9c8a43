"""What is read once for as long as nothing is written: never shown when it is out of date."""

import datetime
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from articles import models, remembered
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


class Counted:
    """Reads how many articles there are, and counts how often it was asked."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> int:
        self.times += 1
        return models.Article.objects.count()


@pytest.fixture
def counted() -> Iterator[Counted]:
    yield Counted()
    remembered.forget()


def test_it_is_read_once_while_nothing_is_written(counted: Counted):
    factories.article()
    assert [remembered.read("number", counted) for _ in range(5)] == [1] * 5
    # The server's own housekeeping may write in between.
    assert counted.times < 5


def test_it_is_read_again_after_each_write(counted: Counted):
    for number in range(1, 4):
        factories.article()
        assert remembered.read("number", counted) == number


def test_another_key_is_read_by_itself(counted: Counted):
    factories.article()
    assert remembered.read("number", counted) == 1
    assert remembered.read("other", lambda: 7) == 7


def test_what_a_transaction_has_not_committed_is_seen_by_itself_alone(counted: Counted):
    assert remembered.read("number", counted) == 0
    with transaction.atomic():
        factories.article()
        assert remembered.read("number", counted) == 1
        transaction.set_rollback(True)
    assert remembered.read("number", counted) == 0


def test_of_many_who_ask_at_once_one_reads(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(remembered, "present", lambda: "a state")
    asked = []

    def reading() -> int:
        asked.append(1)
        time.sleep(0.2)
        return 7

    with ThreadPoolExecutor(4) as pool:
        found = [pool.submit(remembered.read, "at once", reading) for _ in range(4)]
    assert ([one.result() for one in found], len(asked)) == ([7] * 4, 1)
    assert not remembered._under_way
    remembered.forget()


def test_a_read_that_fails_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(remembered, "present", lambda: "a state")
    with pytest.raises(ZeroDivisionError):
        remembered.read("fails", lambda: 1 // 0)
    assert remembered.read("fails", lambda: 7) == 7
    assert not remembered._under_way
    remembered.forget()


def test_another_day_is_read_anew(counted: Counted, monkeypatch: pytest.MonkeyPatch):
    remembered.read("number", counted)
    times = counted.times
    monkeypatch.setattr(timezone, "localdate", lambda *given: datetime.date(2030, 1, 1))
    remembered.read("number", counted)
    assert counted.times == times + 1


def test_a_page_shows_what_came_since(client: Client):
    client.force_login(factories.person("reader"))
    for number in range(3):
        factories.article(f"기사 {number}")
        shown = client.get("/timeline/").content.decode()
        assert shown.count("기사 ") >= number + 1
        assert f"기사 {number}" in shown
    models.Article.objects.filter(title="기사 1").update(title="고친 제목")
    assert "고친 제목" in client.get("/timeline/").content.decode()


def test_a_mark_is_shown_to_its_reader_alone(client: Client):
    factories.article("기사")
    client.force_login(factories.person("reader"))
    other = Client()
    other.force_login(factories.person("other"))
    article = models.Article.objects.get()
    client.get("/timeline/")
    client.post(f"/articles/{article.pk}/mark/", {"do": "star", "next": "/timeline/"})
    assert "★" in client.get("/timeline/").content.decode()
    assert "★" not in other.get("/timeline/").content.decode()


def test_a_page_that_is_kept_bears_the_token_of_who_asks():
    factories.article("기사")
    article = models.Article.objects.get()
    readers = [Client(enforce_csrf_checks=True) for _ in range(2)]
    for number, one in enumerate(readers):
        one.force_login(factories.person(f"reader {number}"))
    for one in (*readers, readers[0]):
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', one.get("/timeline/").content.decode())
        given = {"do": "star", "csrfmiddlewaretoken": token[1] if token else ""}
        assert one.post(f"/articles/{article.pk}/mark/", given).status_code == 302
    page = readers[0].get("/timeline/?by=article").content.decode()
    assert 'name="next" value="/timeline/?by=article"' in page


def test_what_is_kept_is_of_one_state_and_bounded(counted: Counted, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(remembered, "MOST", 2)
    for number in range(5):
        remembered.read(number, counted)
    assert len(remembered._kept) <= 2
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()")
    remembered.read("later", counted)
    assert len(remembered._kept) == 1
