"""A reader's marks: what she read, starred and noted, on the article's page and in lists, hers alone."""

import pytest
from django.test import Client

from articles import models
from newswatch.accounts.models import User
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def analyst() -> User:
    return factories.person("analyst")


@pytest.fixture
def client(analyst: User) -> Client:
    client = Client()
    client.force_login(analyst)
    return client


def mark(of: User, article: models.Article) -> models.Mark:
    return models.Mark.objects.get(reader=of, article=article)


def press(client: Client, article: models.Article, **sent: object):
    return client.post(f"/articles/{article.pk}/mark/", sent)


def test_opening_an_article_marks_it_read_and_keeps_when_that_was_first(client: Client, analyst: User):
    article = factories.article()
    client.get(f"/articles/{article.pk}/")
    first = mark(analyst, article).read_at
    client.get(f"/articles/{article.pk}/")
    assert mark(analyst, article).read_at == first is not None


def test_a_page_fetched_in_advance_is_not_read(client: Client):
    article = factories.article()
    client.get(f"/articles/{article.pk}/", headers={"Sec-Purpose": "prefetch;prerender"})
    client.head(f"/articles/{article.pk}/")
    assert not models.Mark.objects.exists()


def test_a_star_comes_and_goes_and_leads_back_to_the_list(client: Client, analyst: User):
    article = factories.article()
    response = press(client, article, do="star", next="/timeline/?theme=AI")
    assert (response.status_code, response["Location"]) == (302, "/timeline/?theme=AI")
    assert mark(analyst, article).starred_at
    assert f'id="star-{article.pk}" name="do" value="unstar"' in client.get("/timeline/").content.decode()
    press(client, article, do="unstar")
    assert mark(analyst, article).starred_at is None


@pytest.mark.parametrize("elsewhere", ["//evil.example/", "https://evil.example/", "javascript:alert(1)"])
def test_nobody_is_led_to_another_site(client: Client, elsewhere: str):
    article = factories.article()
    assert press(client, article, do="star", next=elsewhere)["Location"] == f"/articles/{article.pk}/"


def test_a_note_is_shown_on_the_page_and_in_the_list_and_can_be_emptied(client: Client, analyst: User):
    article = factories.article()
    press(client, article, do="note", note="  보고서에 <b>넣자</b>\0 ")
    assert mark(analyst, article).note == "보고서에 <b>넣자</b>"
    for place in ("/timeline/", "/timeline/?by=article", f"/articles/{article.pk}/"):
        assert "보고서에 &lt;b&gt;넣자" in client.get(place).content.decode()
    press(client, article, do="note", note="")
    # What is said of it can bring it back; the page after that has forgotten it.
    assert "보고서에" in client.get("/timeline/").content.decode()
    assert "보고서에" not in client.get("/timeline/").content.decode()


def test_a_story_is_read_once_all_its_articles_are(client: Client, analyst: User):
    rows = [factories.article(f"기사 {number}") for number in range(3)]
    story = factories.story(*rows)
    for row in rows[:2]:
        client.get(f"/articles/{row.pk}/")
    assert "is-read" not in client.get("/timeline/").content.decode()
    client.get(f"/articles/{rows[2].pk}/")
    assert "is-read" in client.get("/timeline/").content.decode()
    press(client, story.headline, do="unread", story=story.pk)
    assert "is-read" not in client.get("/timeline/").content.decode()
    press(client, story.headline, do="read", story=story.pk)
    assert models.Mark.objects.filter(reader=analyst, read_at__isnull=False).count() == 3


def test_htmx_gets_the_buttons_and_the_note_alone(client: Client):
    article = factories.article()
    response = client.post(
        f"/articles/{article.pk}/mark/", {"do": "note", "note": "메모"}, headers={"HX-Request": "true"}
    )
    page = response.content.decode()
    assert "<html" not in page
    assert f'id="marks-{article.pk}"' in page
    assert f'id="note-{article.pk}" hx-swap-oob="true"' in page
    assert "메모" in page


def test_the_note_form_is_a_fragment_and_without_htmx_stands_on_the_page(client: Client):
    article = factories.article()
    address = f"/articles/{article.pk}/note/"
    assert client.get(address)["Location"] == f"/articles/{article.pk}/#note"
    assert "<textarea" in client.get(address, headers={"HX-Request": "true"}).content.decode()


def test_another_readers_marks_are_not_seen_and_not_touched(client: Client, analyst: User):
    article = factories.article()
    other = factories.person("other")
    models.Mark.objects.create(reader=other, article=article, starred_at=article.ready_at, note="남의 메모")
    for place in ("/timeline/", f"/articles/{article.pk}/"):
        page = client.get(place).content.decode()
        assert "남의 메모" not in page
        assert 'value="unstar"' not in page
    press(client, article, do="note", note="내 메모")
    assert mark(other, article).note == "남의 메모"


def test_what_there_is_none_of_is_not_found(client: Client):
    article, waiting = factories.article(), factories.article(ready_at=None, stage="tag")
    story = factories.story(factories.article(), factories.article())
    assert press(client, waiting, do="star").status_code == 404
    assert press(client, article, do="burn").status_code == 404
    assert press(client, article, do="read", story=story.pk).status_code == 404
    assert press(client, article, do="read", story="x").status_code == 404
    assert client.post("/articles/99999999/mark/", {"do": "star"}).status_code == 404
    assert client.get(f"/articles/{article.pk}/mark/").status_code == 405
