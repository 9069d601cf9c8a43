"""Why an article is among what a search found."""

import re

import pytest
from django.test import Client

from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(factories.person("analyst", language="en"))
    return client


def verdicts(page: str) -> dict[str, bool]:
    """Each part of the query, and whether it is so."""
    found = re.findall(r'class="(yes|no)">.*?<code class="query">(.*?)</code>', page, re.DOTALL)
    return {text.replace("&quot;", '"'): verdict == "yes" for verdict, text in found}


def test_each_part_of_a_query_says_whether_and_where_it_is_in_the_article(client: Client):
    article = factories.article(
        "LG화학, 배터리 공장", "LG화학이 구미에 <공장>을 짓는다.", companies=["LG화학"]
    )
    page = client.get(f"/why/{article.pk}/", {"q": 'company:"LG화학" (수소 OR 공장) -야구'}).content.decode()
    told = verdicts(page)
    assert told["수소"] is False
    assert told["공장"] is True
    assert told["야구"] is False
    assert told["-야구"] is True
    assert "company:LG화학" in told or 'company:"LG화학"' in told
    assert "&lt;<mark" in page
    assert "<공장>" not in page


def test_the_results_lead_there_and_htmx_gets_the_middle_alone(client: Client):
    article = factories.article("배터리 공장", "공장을 짓는다.")
    factories.story(article)
    results = client.get("/search/", {"q": "공장"}).content.decode()
    assert f'hx-get="/why/{article.pk}/?q=' in results
    part = client.get(f"/why/{article.pk}/", {"q": "공장"}, headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith("<ul")


def test_marks_are_the_readers_own(client: Client):
    article = factories.article("배터리 공장", "공장을 짓는다.")
    assert verdicts(client.get(f"/why/{article.pk}/", {"q": "is:starred"}).content.decode()) == {
        "is:starred": False
    }


def test_a_query_that_cannot_be_read_says_so_and_an_unknown_article_is_none(client: Client):
    article = factories.article("배터리 공장")
    assert client.get(f"/why/{article.pk}/", {"q": "(공장"}).status_code == 200
    assert client.get("/why/999999/", {"q": "공장"}).status_code == 404
    assert client.get(f"/why/{article.pk}/").status_code == 404
