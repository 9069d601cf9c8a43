"""The search page: what a query finds and how it is shown, counted, narrowed and taken apart; constant queries."""

import datetime
import html
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import models, search_reads
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


def fetch(client: Client, q: str, **parameters: object) -> str:
    response = client.get("/search/", {"q": q, **parameters})
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def titles(page: str) -> list[str]:
    found = re.findall(r'<h3[^>]*><a href="/(?:articles|stories)/\d+/">(.*?)</a>', page)
    return [re.sub(r"<[^>]*>", "", title) for title in found]


def counted(client: Client, q: str, **parameters: object) -> str:
    headers = {"HX-Request": "true", "HX-Target": "counted"}
    return client.get("/search/", {"q": q, **parameters}, headers=headers).content.decode()


def facets(page: str) -> dict[str, str]:
    """The names of the facets and the queries that they lead to."""
    rows = re.findall(
        r'<a href="\?([^"]*)"[^>]*>(?:<span class="dot[^>]*></span>)?<span class="name">([^<]*)<', page
    )
    return {name: parse_qs(parameters.replace("&amp;", "&")).get("q", [""])[0] for parameters, name in rows}


def test_a_query_finds_and_marks_what_it_looked_for(client: Client):
    factories.article("구미에 공장", "서론이다. " * 60 + "LG화학이 배터리를 <만든다>. " + "결론이다. " * 60)
    factories.article("다른 소식", "비가 온다.")
    page = fetch(client, "배터리")
    assert titles(page) == ["구미에 공장"]
    assert '<mark class="hit">배터리</mark>를 &lt;만든다&gt;.' in page
    assert '<mark class="hit">공장</mark>' in fetch(client, "title:공장 배터리")


def test_stories_stand_in_one_line_and_articles_each_in_their_own(client: Client):
    first = factories.article("LG화학 배터리 공장", "배터리를 만든다.")
    factories.story(first, factories.article("공장에 주민 반발", "배터리 공장이 싫다."))
    assert len(titles(fetch(client, "배터리"))) == 1
    assert len(titles(fetch(client, "배터리", by="article"))) == 2


def test_the_most_relevant_come_first_and_pages_neither_skip_nor_repeat(client: Client, monkeypatch):
    now = timezone.now()
    for number in range(7):
        at = now - datetime.timedelta(hours=number)
        factories.place(factories.article(f"소식 {number}", "배터리 이야기다.", published_at=at))
    best = factories.article("배터리", "배터리 배터리.", published_at=now - datetime.timedelta(days=9))
    factories.place(best)
    monkeypatch.setattr(search_reads, "PAGE_SIZE", 3)
    monkeypatch.setattr(search_reads.ranked, "__kwdefaults__", {"size": 3})
    seen, page = [], fetch(client, "배터리", by="article", sort="relevance")
    assert titles(page)[0] == "배터리"
    factories.place(factories.article("새 배터리", "배터리 배터리 배터리."))
    while True:
        seen += titles(page)
        more = re.search(r'href="\?([^"]*before=[^"]*)"', page)
        if more is None:
            break
        page = client.get("/search/?" + more[1].replace("&amp;", "&")).content.decode()
    assert len(seen) == len(set(seen)) == 8
    assert "새 배터리" in titles(fetch(client, "배터리", sort="relevance"))


def test_newest_first_pages_by_key(client: Client):
    now = timezone.now()
    for number in range(65):
        at = now - datetime.timedelta(minutes=number)
        factories.article(f"배터리 {number}", published_at=at)
    seen, page = [], fetch(client, "배터리", by="article")
    while True:
        seen += titles(page)
        more = re.search(r'href="\?([^"]*before=[^"]*)"', page)
        if more is None:
            break
        page = client.get("/search/?" + more[1].replace("&amp;", "&")).content.decode()
    assert seen == [f"배터리 {number}" for number in range(65)]


def test_facets_add_to_the_query_in_the_query_language(client: Client):
    wire = factories.source(factories.outlet('The "Wire"'))
    factories.article("LG화학 배터리", companies=["LG화학"], themes=["Cleantech"], of=wire)
    factories.article("battery", "배터리", language="en")
    offered = facets(counted(client, "배터리 OR battery"))
    assert offered["LG화학"] == "(배터리 OR battery) company:LG화학"
    assert offered["Cleantech"] == "(배터리 OR battery) theme:Cleantech"
    assert offered["영어"] == "(배터리 OR battery) lang:en"
    for name in ("LG화학", "Cleantech"):
        assert titles(fetch(client, offered[name])) == ["LG화학 배터리"]
    assert titles(fetch(client, offered["영어"])) == ["battery"]
    chosen = counted(client, "배터리 company:LG화학")
    assert facets(chosen)["LG화학"] == "배터리"
    assert 'aria-current="true"' in chosen
    assert "-company%3ALG%ED%99%94%ED%95%99" in counted(client, "배터리")


def test_facets_and_bars_count_stories_or_articles(client: Client):
    first = factories.article("LG화학 배터리", companies=["LG화학"])
    factories.story(first, factories.article("LG화학 배터리 공장", companies=["LG화학"]))
    row = '<span class="name">LG화학</span><span class="count">{}</span>'
    assert row.format(1) in counted(client, "배터리")
    page = counted(client, "배터리", by="article")
    assert row.format(2) in page
    assert "<strong>2</strong>" in page
    assert f"published%3A{timezone.localdate():%Y-%m-%d}" in page


def test_without_a_script_the_counts_come_with_the_page(client: Client):
    factories.article("LG화학 배터리", companies=["LG화학"])
    plain = fetch(client, "배터리")
    link = re.search(r'<p><a href="\?([^"]*counted)">', plain)
    page = client.get("/search/?" + link[1].replace("&amp;", "&")).content.decode()
    assert '<svg class="bars"' in page
    assert facets(page)["LG화학"] == "배터리 company:LG화학"
    assert '<svg class="bars"' not in plain


def test_beyond_what_is_counted_the_page_says_so(client: Client, monkeypatch):
    monkeypatch.setattr(search_reads, "MOST_COUNTED", 2)
    for number in range(3):
        factories.article(f"배터리 {number}")
    page = counted(client, "배터리")
    assert "<strong>3</strong>" in page
    assert "최신 기사 2건에서 센 수" in page


def test_what_is_older_than_what_is_counted_is_counted_when_asked_for(client: Client, monkeypatch):
    monkeypatch.setattr(search_reads, "MOST_NUMBERED", 2)
    now = timezone.now()
    for days in (0, 0, 3, 40, 90):
        factories.article("배터리 공장", published_at=now - datetime.timedelta(days=days))
    page = counted(client, "배터리")
    assert "<strong>2</strong>건, 그 전은 세지 않음" in page
    link = re.search(r'href="\?([^"]*counted=all)"', page)
    headers = {"HX-Request": "true", "HX-Target": "counted"}
    whole = client.get("/search/?" + link[1].replace("&amp;", "&"), headers=headers).content.decode()
    assert "모두 세기" not in whole
    assert f"{timezone.localdate(now) - datetime.timedelta(days=90)}" in whole
    assert "5</strong>" in whole


def test_a_phrase_is_looked_for_in_so_many_articles_and_in_all_when_asked_for(client: Client, monkeypatch):
    monkeypatch.setattr(search_reads, "MOST_LOOKED_AT", 2)
    now = timezone.now()
    for days in (0, 0, 3, 40, 90):
        factories.article(
            "배터리 공장" if days else "공장 배터리", published_at=now - datetime.timedelta(days=days)
        )
    assert "<strong>0</strong>건, 그 전은 세지 않음" in counted(client, '"배터리 공장"')
    assert "3</strong>" in counted(client, '"배터리 공장"', counted="all")


def test_nothing_found_says_which_part_finds_nothing(client: Client):
    factories.article("배터리 공장")
    page = fetch(client, "배터리 없는말 -공장")
    assert re.search(r"<code[^>]*>없는말</code></th>\s*<td><strong>없음", page)
    assert re.search(
        r'<code[^>]*>배터리</code></th>\s*<td><a href="\?q=%EB%B0%B0%ED%84%B0%EB%A6%AC">1</a>', page
    )
    assert "하나도" in page or "맞는 기사가 없습니다" in fetch(client, "없는말")
    alternatives = fetch(client, "없는말 OR 없는글")
    assert alternatives.count("<strong>없음") == 2


def test_a_query_that_cannot_be_read_points_at_the_character(client: Client):
    page = fetch(client, "LG (배터리")
    assert "<span>LG </span><mark>(</mark>" in page
    assert 'aria-invalid="true"' in page


@pytest.mark.parametrize(
    "given",
    [
        {"q": "\0"},
        {"q": "가" * 5000},
        {"q": "배터리", "before": "x"},
        {"q": "배터리", "before": "99999999999999999999-1"},
        {"q": "배터리", "sort": "relevance", "before": "5000-1"},
        {"q": "배터리", "sort": "nonsense", "by": "nonsense"},
        {"q": "published:9999"},
        {"q": 'search:"nothing"'},
        {"q": "배터리", "within": "("},
    ],
)
def test_no_address_breaks_the_page(client: Client, given: dict[str, str]):
    factories.article("배터리")
    assert client.get("/search/", given).status_code in (200, 302)
    assert client.get("/search/", given, headers={"HX-Target": "counted"}).status_code in (200, 302)
    assert client.get("/search/export.csv", given).status_code in (200, 302)
    assert client.get("/search/complete/", given).status_code == 200


def test_without_a_query_the_page_says_how_to_ask(client: Client, analyst: User):
    page = client.get("/search/").content.decode()
    assert "검색하는 법" in page
    assert "company:LG화학" in page


def test_the_timelines_box_searches_within_its_filters(client: Client):
    outlet = factories.outlet("누리신문")
    factories.article("배터리 하나", of=factories.source(outlet), language="ko")
    factories.article("배터리 둘", of=factories.source(factories.outlet("다른신문")))
    page = client.get("/timeline/", {"outlet": outlet.pk}).content.decode()
    within = 'source:="누리신문"'
    assert f'name="within" value="{html.escape(within)}"' in page
    response = client.get("/search/", {"q": "배터리 OR 전지", "within": within})
    assert response.status_code == 302
    assert titles(client.get(response["Location"]).content.decode()) == ["배터리 하나"]
    narrowed = client.get("/timeline/", {"outlet": outlet.pk, "q": "배터리 OR 전지"})
    assert titles(narrowed.content.decode()) == ["배터리 하나"]


def test_what_is_typed_is_completed(client: Client, analyst: User):
    factories.company("LG화학"), factories.company("삼성전자"), factories.theme("Bio")
    factories.outlet("누리신문")
    models.SavedSearch.objects.create(owner=analyst, name="내 검색", query="LG", created_at=timezone.now())

    def offered(typed: str) -> list[str]:
        page = client.get("/search/complete/", {"q": typed}).content.decode()
        return [value.replace("&quot;", '"') for value in re.findall(r'value="([^"]*)"', page)]

    assert offered("배터리 comp") == ["배터리 company:"]
    assert offered("배터리 -삼") == ["배터리 -company:삼성전자"]
    assert offered("배터리 (company:삼") == ["배터리 (company:삼성전자"]
    assert offered('company:"LG') == ["company:LG화학"]
    assert offered("theme:b") == ["theme:Bio"]
    assert offered("source:누") == ["source:누리신문"]
    assert offered("search:내") == ['search:"내 검색"']
    assert "is:unread" in offered("is:")
    assert offered("배터리 ") == offered('"삼성') == offered("zzz") == []


def test_my_marks_are_searched_and_nobody_elses(client: Client, analyst: User):
    mine, others = factories.article("배터리 하나"), factories.article("배터리 둘")
    client.get(f"/articles/{mine.pk}/")
    models.Mark.objects.create(reader=factories.person("other"), article=others, read_at=timezone.now())
    assert titles(fetch(client, "배터리 is:unread")) == ["배터리 둘"]


def queries(client: Client, path: str, **headers: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(path, headers=headers).status_code == 200
    return len(captured)


@pytest.mark.parametrize(
    "parameters", ["", "&by=article", "&sort=relevance", "&sort=relevance&by=article", "&counted"]
)
def test_a_search_costs_the_same_number_of_queries_however_many_rows_there_are(
    client: Client, parameters: str
):
    def rows(number: int) -> None:
        for _ in range(number):
            row = factories.article("LG화학 배터리", companies=["LG화학"], themes=["Cleantech"])
            factories.story(row, factories.article("배터리 공장", companies=["LG화학"]))

    rows(2)
    path = f"/search/?q=배터리{parameters}"
    client.get(path)
    few = queries(client, path)
    rows(8)
    assert queries(client, path) == few
    assert few <= 25


def test_a_stranger_is_sent_to_the_log_in():
    for path in ("/search/", "/search/complete/", "/search/export.csv", "/search/saved/"):
        response = Client().get(path)
        assert response.status_code == 302
        assert urlsplit(response["Location"]).path == "/account/login/"
