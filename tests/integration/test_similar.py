"""What stands beside an article: articles of other stories that are like it, and what an outlet changed."""

import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import models, search_costs, similar_reads
from tests import factories

pytestmark = pytest.mark.django_db
PART = {"HX-Request": "true"}


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(factories.person("analyst", language="en"))
    return client


@pytest.fixture(autouse=True)
def nothing_is_common(monkeypatch: pytest.MonkeyPatch) -> None:
    """A handful of articles in which every word is common would have nothing to look for."""
    kept = search_costs.cost.Frequencies(10_000, factories.NOW, factories.NOW, {}, 0.002)
    monkeypatch.setattr(search_costs, "frequencies", lambda *, now: kept)


def similar(client: Client, article: models.Article) -> str:
    return client.get(f"/articles/{article.pk}/similar/", headers=PART).content.decode()


def test_another_story_with_the_same_rare_words_is_found_and_says_why(client: Client):
    one = factories.article("LG화학, 구미에 양극재 공장 착공", companies=["LG화학"])
    same = factories.article("구미 양극재 공장에 주민 반발", companies=["LG화학"])
    factories.story(one, same)
    other = factories.article("포스코, 광양에 양극재 공장 착공")
    factories.article("카카오 새 모델")
    page = similar(client, one)
    assert other.title in page
    assert same.title not in page
    assert "카카오" not in page
    assert "both say" in page
    assert "<b>양극재</b>" in page


def test_far_away_in_time_is_not_like_it(client: Client):
    one = factories.article("구미 양극재 공장 착공")
    factories.article(
        "광양 양극재 공장 착공",
        published_at=one.published_at - datetime.timedelta(days=similar_reads.DAYS + 1),
    )
    assert "Nothing like it" in similar(client, one)


def test_without_a_script_it_is_a_page(client: Client):
    one = factories.article("구미 양극재 공장 착공")
    page = client.get(f"/articles/{one.pk}/similar/").content.decode()
    assert "<h1>Similar articles</h1>" in page
    assert f'href="/articles/{one.pk}/similar/"' in client.get(f"/articles/{one.pk}/").content.decode()
    assert client.get("/articles/999999/similar/").status_code == 404


def test_it_costs_the_same_however_many_there_are(client: Client):
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            similar(client, one)
        return len(asked)

    one = factories.article("구미 양극재 공장 착공", companies=["LG화학"])
    factories.article("광양 양극재 공장 착공", companies=["LG화학"])
    few = cost()
    for number in range(8):
        factories.article(f"광양 양극재 공장 착공 {number}", companies=["LG화학"])
    assert cost() == few


def test_the_versions_of_an_article_are_shown_within_its_story(client: Client):
    one = factories.article("공장 착공", "새 글이다.", version=2)
    models.Version.objects.create(
        article=one, number=1, title="공장 착공", body="옛 글이다.", replaced_at=one.published_at
    )
    story = factories.story(one, factories.article("공장 반발"))
    assert f"/articles/{one.pk}/versions/" in client.get(f"/stories/{story.pk}/").content.decode()
    part = client.get(f"/articles/{one.pk}/versions/", headers=PART).content.decode()
    assert "<del>" in part
    assert "<html" not in part
    assert "<h1>Versions</h1>" in client.get(f"/articles/{one.pk}/versions/").content.decode()
