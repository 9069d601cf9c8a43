"""Saved searches, the files of what a search finds, and the feeds that need no log-in."""

import csv
import io
import json
import xml.etree.ElementTree as ET
import zipfile

import feedparser
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from alerts import actions
from articles import exports, filters, models, saved_feeds, saved_searches
from newswatch.accounts.models import User
from tests import factories

pytestmark = pytest.mark.django_db
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture
def analyst() -> User:
    return factories.person("analyst")


@pytest.fixture
def client(analyst: User) -> Client:
    client = Client()
    client.force_login(analyst)
    return client


def save(owner: User, name: str = "배터리", query: str = "배터리") -> models.SavedSearch:
    return saved_searches.save(owner, name, query, now=timezone.now())


def names(owner: User) -> list[str]:
    return list(models.SavedSearch.objects.filter(owner=owner).values_list("name", flat=True))


def said(response: object) -> str:
    return response.content.decode()


def sent(client: Client, suffix: str, q: str = "배터리") -> bytes:
    response = client.get(f"/search/export.{suffix}", {"q": q})
    assert response.status_code == 200
    assert response.streaming
    return b"".join(response.streaming_content)


def test_a_search_is_saved_in_its_canonical_form_under_a_clean_name(client: Client, analyst: User):
    client.post("/search/saved/", {"name": '  내 "큰"\n검색 ', "query": "제목:(수소 또는 태양광) 그리고 LG"})
    search = models.SavedSearch.objects.get()
    assert (search.name, search.query) == ("내 큰 검색", "(title:수소 OR title:태양광) LG")
    page = said(client.get("/search/", {"q": "(title:수소 OR title:태양광) LG"}))
    assert "‘내 큰 검색’ 이름으로 저장됨" in page


def test_saving_under_a_name_that_is_taken_changes_that_search(client: Client, analyst: User):
    search = save(analyst, "Battery")
    client.post("/search/saved/", {"name": "battery", "query": "전지"})
    assert list(models.SavedSearch.objects.values_list("pk", "query")) == [(search.pk, "전지")]


@pytest.mark.parametrize("given", [{"name": "", "query": "LG"}, {"name": "x", "query": "("}, {"name": "x"}])
def test_what_cannot_be_saved_says_why(client: Client, given: dict[str, str]):
    assert "toast-line error" in said(client.post("/search/saved/", given, follow=True))
    assert not models.SavedSearch.objects.exists()


def test_a_search_that_would_name_itself_is_refused(client: Client, analyst: User):
    save(analyst, "하나", "LG")
    save(analyst, "둘", 'search:"하나" 배터리')
    client.post("/search/saved/", {"name": "하나", "query": 'search:"둘"'})
    assert models.SavedSearch.objects.get(name="하나").query == "LG"


def test_a_saved_search_is_used_by_its_name(client: Client, analyst: User):
    save(analyst, "큰 회사", "LG OR SK")
    factories.article("LG 배터리"), factories.article("카카오 배터리")
    page = said(client.get("/search/", {"q": 'search:"큰 회사" 배터리'}))
    assert "카카오" not in page
    assert '<mark class="hit">LG</mark> <mark class="hit">배터리</mark>' in page
    save(factories.person("other"), "남의 것", "LG")
    assert "남의 것" in said(client.get("/search/", {"q": 'search:"남의 것"'}))
    assert "aria-invalid" in said(client.get("/search/", {"q": 'search:"남의 것"'}))


def test_a_new_name_is_known_where_the_old_one_was_used(client: Client, analyst: User):
    first, second = save(analyst, "하나", "LG"), save(analyst, "둘", '(search:"하나" OR SK) -search:"하나"')
    client.post(f"/search/saved/{first.pk}/rename/", {"name": "새 이름"})
    second.refresh_from_db()
    assert second.query == '(search:"새 이름" OR SK) -search:"새 이름"'
    page = said(client.post(f"/search/saved/{first.pk}/rename/", {"name": "둘"}, follow=True))
    assert "같은 이름으로" in page
    assert names(analyst) == ["새 이름", "둘"]


def test_searches_are_put_in_order(client: Client, analyst: User):
    one, _, three = save(analyst, "1"), save(analyst, "2"), save(analyst, "3")
    client.post(f"/search/saved/{three.pk}/move/", {"to": "up"})
    assert names(analyst) == ["1", "3", "2"]
    client.post(f"/search/saved/{one.pk}/move/", {"to": "up"})
    client.post(f"/search/saved/{one.pk}/move/", {"to": "down"})
    assert names(analyst) == ["3", "1", "2"]


def test_a_deleted_search_comes_back_with_its_feed(client: Client, analyst: User):
    search = save(analyst)
    saved_searches.renew_feed(search)
    token = saved_searches.delete(search)
    stranger = Client()
    stranger.force_login(factories.person("other"))
    stranger.post("/search/saved/undo/", {"token": token})
    client.post("/search/saved/undo/", {"token": token[:-2]})
    assert not models.SavedSearch.objects.exists()
    client.post("/search/saved/undo/", {"token": token})
    back = models.SavedSearch.objects.get()
    assert (back.owner, back.name, back.feed_secret) == (analyst, "배터리", search.feed_secret)
    page = said(client.post(f"/search/saved/{back.pk}/delete/", follow=True))
    assert 'action="/search/saved/undo/"' in page
    assert not models.SavedSearch.objects.exists()


@pytest.mark.parametrize("what", ["rename", "move", "delete", "feed"])
def test_another_persons_search_is_not_found(client: Client, what: str):
    search = save(factories.person("other"), "남의 것")
    assert client.post(f"/search/saved/{search.pk}/{what}/", {"name": "x", "to": "up"}).status_code == 404
    assert "남의 것" not in said(client.get("/search/saved/"))
    assert "남의 것" not in said(client.get("/search/"))
    search.refresh_from_db()
    assert (search.name, search.feed_secret) == ("남의 것", "")


def test_the_list_costs_the_same_number_of_queries(client: Client, analyst: User):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/search/saved/")
        return len(captured)

    save(analyst, "1")
    few = queries()
    for number in range(9):
        saved_searches.renew_feed(save(analyst, f"n{number}"))
    assert queries() == few


def test_csv_has_every_article_and_nothing_a_spreadsheet_runs(client: Client):
    factories.article("=HYPERLINK(1) 배터리", companies=[])
    factories.article('배터리, "둘"\n줄', companies=["LG화학"], themes=["Bio"])
    factories.article("다른 소식")
    text = sent(client, "csv").decode("utf-8-sig")
    heading, *rows = list(csv.reader(io.StringIO(text)))
    assert heading[3] == "제목"
    assert [row[3] for row in rows] == ['배터리, "둘"\n줄', "'=HYPERLINK(1) 배터리"]
    assert all(row[-1].startswith("http://127.0.0.1:8000/articles/") for row in rows)


def test_the_workbook_is_one_that_excel_reads(client: Client):
    factories.article("=1+1 배터리 <둘> &\x0b", companies=["LG화학"])
    with zipfile.ZipFile(io.BytesIO(sent(client, "xlsx"))) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            ET.fromstring(archive.read(name))
        sheet = ET.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    rows = [list(row) for row in sheet.iter(f"{MAIN}row")]
    assert len(rows) == 2
    title = rows[1][3]
    assert title.attrib["t"] == "inlineStr"
    assert "".join(title.itertext()) == "=1+1 배터리 <둘> &"
    assert sheet.find(f".//{MAIN}f") is None


def test_json_is_one_array(client: Client):
    article = factories.article("배터리", companies=["LG화학"], themes=["Bio"])
    rows = json.loads(sent(client, "json"))
    assert [(row["id"], row["companies"], row["themes"]) for row in rows] == [
        (article.pk, ["LG화학"], ["Bio"])
    ]
    assert json.loads(sent(client, "json", "없는말")) == []


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "json"])
def test_thousands_of_rows_come_in_pieces_and_none_is_missing(client: Client, suffix: str):
    first = factories.article("배터리 0")
    fields = [field.attname for field in models.Article._meta.concrete_fields if field.attname != "id"]
    given = {name: getattr(first, name) for name in fields}
    rows = [
        models.Article(**{**given, "identity": f"many {number}", "title": f"배터리 {number}"})
        for number in range(3000)
    ]
    made = models.Article.objects.bulk_create(rows)
    row = models.SearchRow.objects.get(article=first)
    models.SearchRow.objects.bulk_create(
        models.SearchRow(article=one, published_at=row.published_at, search=row.search) for one in made
    )
    response = client.get(f"/search/export.{suffix}", {"q": "배터리"})
    with CaptureQueriesContext(connection) as captured:
        pieces = list(response.streaming_content)
    assert len(pieces) > 10
    # The cursor is one query; tags come with each thousand.
    assert len(captured) < 20
    whole = b"".join(pieces)
    if suffix == "csv":
        assert len(whole.decode().splitlines()) == 3002
    elif suffix == "json":
        assert len(json.loads(whole)) == 3001
    else:
        with zipfile.ZipFile(io.BytesIO(whole)) as archive:
            assert archive.read("xl/worksheets/sheet1.xml").count(b"<row>") == 3002


def test_an_export_knows_its_formats_and_shows_what_is_wrong_with_a_query(client: Client):
    assert client.get("/search/export.exe", {"q": "LG"}).status_code == 404
    assert "aria-invalid" in said(client.get("/search/export.csv", {"q": "("}))


@pytest.mark.parametrize("q", ["배터리", ""])
def test_an_export_goes_on_until_nothing_is_left(q: str):
    """By the index, and by what no index knows."""
    rows = [factories.article(f"배터리 {number}") for number in range(5)]
    chunks = list(exports.found(filters.Filters(query=q), now=timezone.now(), size=2))
    assert [len(chunk) for chunk in chunks] == [2, 2, 1]
    assert {row.pk for chunk in chunks for row in chunk} == {row.pk for row in rows}
    order = [(row.published_at, row.pk) for chunk in chunks for row in chunk]
    assert order == sorted(order, reverse=True)


def test_an_export_leaves_out_what_was_deleted_meanwhile():
    for number in range(3):
        factories.article(f"배터리 {number}")
    chunks = exports.found(filters.Filters(query="배터리"), now=timezone.now(), size=2)
    assert len(next(chunks)) == 2
    models.Article.objects.all().delete()
    assert [row for chunk in chunks for row in chunk] == []


def feed(search: models.SavedSearch, kind: str = "rss", **headers: str):
    return Client().get(f"/feeds/{search.feed_secret}.{kind}", headers=headers)


@pytest.fixture
def followed(analyst: User) -> models.SavedSearch:
    search = save(analyst, "내 <배터리> &")
    saved_searches.renew_feed(search)
    return search


def test_the_feed_is_valid_rss_with_whole_addresses(followed: models.SavedSearch):
    article = factories.article(
        "배터리 <공장> & \x0b둘", "첫 문장이다.", companies=["LG화학"], themes=["Bio"]
    )
    response = feed(followed)
    assert response["Content-Type"].startswith("application/rss+xml")
    found = feedparser.parse(response.content)
    assert not found.bozo
    assert found.version == "rss20"
    assert "내 <배터리> &" in found.feed.title
    entry = found.entries[0]
    assert (entry.link, entry.id) == (article.url, f"http://127.0.0.1:8000/articles/{article.pk}/")
    assert {tag.term for tag in entry.tags} == {"LG화학", "Bio"}
    assert entry.published_parsed
    for link in ET.fromstring(response.content).iter("link"):
        assert str(link.text).startswith("http")


def test_the_json_feed_says_what_the_standard_asks_for(followed: models.SavedSearch):
    article = factories.article("배터리")
    told = json.loads(feed(followed, "json").content)
    assert told["version"] == "https://jsonfeed.org/version/1.1"
    assert told["feed_url"].endswith(f"/feeds/{followed.feed_secret}.json")
    (item,) = told["items"]
    assert item["id"] == f"http://127.0.0.1:8000/articles/{article.pk}/"
    assert item["content_text"]
    assert item["date_published"].endswith("+00:00")


@pytest.mark.parametrize("kind", ["rss", "json"])
def test_a_feed_without_items_is_a_feed(followed: models.SavedSearch, kind: str):
    assert feed(followed, kind).status_code == 200


@pytest.mark.parametrize("kind", ["rss", "json"])
def test_what_did_not_change_is_not_sent_again(followed: models.SavedSearch, kind: str):
    factories.article("배터리")
    first = feed(followed, kind)
    assert "private" in first["Cache-Control"]
    assert "max-age=300" in first["Cache-Control"]
    assert "Set-Cookie" not in first
    again = feed(followed, kind, **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    factories.article("배터리 둘")
    assert feed(followed, kind, **{"If-None-Match": first["ETag"]}).status_code == 200


def test_a_renewed_or_ended_address_leads_nowhere(client: Client, followed: models.SavedSearch):
    old = followed.feed_secret
    client.post(f"/search/saved/{followed.pk}/feed/", {"to": "new"})
    assert Client().get(f"/feeds/{old}.rss").status_code == 404
    followed.refresh_from_db()
    assert len(followed.feed_secret) == 43
    assert feed(followed).status_code == 200
    client.post(f"/search/saved/{followed.pk}/feed/", {"to": "off"})
    assert feed(followed).status_code == 404
    assert Client().get("/feeds/.rss").status_code == 404


def test_whoever_may_not_log_in_any_more_has_no_feed(followed: models.SavedSearch):
    assert feed(followed, "atom").status_code == 404
    User.objects.filter(pk=followed.owner_id).update(is_active=False)
    assert feed(followed).status_code == 404


def test_an_address_is_not_asked_without_end(followed: models.SavedSearch, valkey_url: str, monkeypatch):
    monkeypatch.setattr(saved_feeds, "MOST_ASKED", 2)
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
    codes = [feed(followed).status_code for _ in range(3)]
    assert codes == [200, 200, 429]
    assert feed(followed)["Retry-After"]


def test_a_feed_whose_search_lost_a_part_says_so(analyst: User, followed: models.SavedSearch):
    save(analyst, "둘", "LG")
    models.SavedSearch.objects.filter(pk=followed.pk).update(query='search:"둘"')
    models.SavedSearch.objects.filter(name="둘").delete()
    assert feed(followed).status_code == 409


def test_a_renamed_search_is_renamed_in_the_alerts_that_name_it(client: Client, analyst: User):
    search = save(analyst)
    mine = factories.alert(analyst, name="내 것", query='search:"배터리" LG')
    factories.alert(analyst, name="딴것", query="배터리")
    others = factories.alert(factories.person(), query='search:"배터리"')
    page = said(client.post(f"/search/saved/{search.pk}/rename/", {"name": "전지"}, follow=True))
    assert "내 것" in page
    assert "딴것" not in page
    mine.refresh_from_db()
    others.refresh_from_db()
    assert (mine.query, others.query) == ("search:전지 LG", 'search:"배터리"')


def test_a_search_that_an_alert_names_is_not_deleted(client: Client, analyst: User):
    search = save(analyst, "Battery")
    alert = factories.alert(analyst, name="내 것", query='search:"battery"')
    page = said(client.post(f"/search/saved/{search.pk}/delete/", follow=True))
    assert "“Battery” 검색은 그대로 둡니다" in page
    assert "내 것" in page
    assert names(analyst) == ["Battery"]
    actions.delete(alert, now=timezone.now())
    client.post(f"/search/saved/{search.pk}/delete/")
    assert names(analyst) == []


def test_a_search_is_renamed_in_other_searches_whatever_the_case(analyst: User):
    search = save(analyst, "Battery")
    save(analyst, "둘", 'search:"battery" 공장')
    assert saved_searches.rename(search, "전지") == []
    assert models.SavedSearch.objects.get(name="둘").query == "search:전지 공장"
