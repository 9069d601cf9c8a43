"""The news pages: who may see them, what the filters do, how many queries they cost."""

import datetime
import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles import models, reads
from newswatch.accounts import roles
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


def titles(page: str) -> list[str]:
    found = re.findall(r'<h3[^>]*><a href="/articles/\d+/">(.*?)</a>', page)
    return [re.sub(r"<[^>]*>", "", title) for title in found]


def fetch(client: Client, path: str, **parameters: object) -> str:
    response = client.get(path, parameters, follow=True)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/timeline/",
        "/companies/",
        "/companies/1/",
        "/articles/1/",
        "/stories/1/",
        "/stories/1/articles",
        "/stories/news",
        "/themes/AI/",
        "/alerts/",
        "/alerts/new/",
        "/account/settings/",
    ],
)
def test_a_stranger_is_sent_to_the_log_in(path: str):
    response = Client().get(path)
    assert response.status_code == 302
    assert urlsplit(response["Location"]).path == reverse("account:login")
    assert parse_qs(urlsplit(response["Location"]).query)["next"] == [path]


def test_there_is_no_sign_up():
    assert Client().get("/account/signup/").status_code in (302, 404)
    assert "signup" not in Client().get("/account/login/").content.decode()


def test_the_demo_people_are_shown_in_the_demo_alone(settings):
    assert "analyst-analyst" not in Client().get("/account/login/").content.decode()
    settings.ENVIRONMENT = "demo"
    assert "analyst-analyst" in Client().get("/account/login/").content.decode()


def test_articles_stand_under_their_day_in_the_readers_time_zone(client: Client, analyst: User):
    # 15:30 UTC is half past midnight of the next day in Seoul.
    at = datetime.datetime(2026, 3, 9, 15, 30, tzinfo=datetime.UTC)
    factories.article("자정을 넘긴 기사", published_at=at)
    assert "2026-03-10 (화)" in fetch(client, "/timeline/")
    User.objects.filter(pk=analyst.pk).update(time_zone="UTC")
    assert "2026-03-09 (월)" in fetch(client, "/timeline/")


def test_todays_and_yesterdays_articles_stand_under_words(client: Client):
    now = timezone.now()
    factories.article("오늘 기사", published_at=now)
    factories.article("어제 기사", published_at=now - datetime.timedelta(days=1))
    page = fetch(client, "/timeline/")
    assert (
        page.index("<span>오늘</span>")
        < page.index("오늘 기사")
        < page.index("<span>어제</span>")
        < page.index("어제 기사")
    )


def test_an_article_that_is_not_ready_is_nowhere(client: Client):
    waiting = factories.article("아직", ready_at=None, stage="tag")
    assert titles(fetch(client, "/timeline/")) == []
    assert client.get(f"/articles/{waiting.pk}/").status_code == 404


def test_companies_and_themes_narrow_the_timeline(client: Client):
    factories.article("LG화학 신약", companies=["LG화학"], themes=["Bio"])
    factories.article("LG화학 배터리", companies=["LG화학"], themes=["Cleantech"])
    factories.article("카카오 인공지능", companies=["카카오"], themes=["AI"])
    lg, kakao = factories.company("LG화학"), factories.company("카카오")
    assert set(titles(fetch(client, "/timeline/", company=lg.pk))) == {"LG화학 신약", "LG화학 배터리"}
    assert len(titles(fetch(client, "/timeline/", company=[lg.pk, kakao.pk]))) == 3
    assert titles(fetch(client, "/timeline/", company=lg.pk, theme="Bio")) == ["LG화학 신약"]
    assert titles(fetch(client, "/timeline/", company=kakao.pk, theme="Bio")) == []


def test_outlet_language_and_days_narrow_the_timeline(client: Client):
    there = factories.source(factories.outlet("Northlight Wire"))
    at = datetime.datetime(2026, 5, 5, 3, tzinfo=datetime.UTC)
    factories.article("English one", of=there, language="en", published_at=at)
    factories.article("우리말 기사", of=factories.source(), published_at=at - datetime.timedelta(days=3))
    assert titles(fetch(client, "/timeline/", outlet=there.outlet_id)) == ["English one"]
    assert titles(fetch(client, "/timeline/", language="ko")) == ["우리말 기사"]
    assert titles(fetch(client, "/timeline/", since="2026-05-05", until="2026-05-05")) == ["English one"]
    assert titles(fetch(client, "/timeline/", until="2026-05-02")) == ["우리말 기사"]
    assert len(titles(fetch(client, "/timeline/", since="2026-05-06", until="2026-05-01"))) == 2


def test_the_search_box_speaks_the_query_language(client: Client):
    factories.article("배터리 공장", "배터리를 만든다.", themes=["Cleantech"])
    factories.article("배터리 야구", "야구 배터리를 이뤘다.")
    assert titles(fetch(client, "/timeline/", q="배터리 -야구")) == ["배터리 공장"]
    assert titles(fetch(client, "/timeline/", q="배터리 theme:Cleantech")) == ["배터리 공장"]
    assert len(titles(fetch(client, "/timeline/", q="published:7d 배터리"))) == 2


def test_a_query_that_cannot_be_read_is_shown_at_its_character(client: Client):
    factories.article("기사")
    page = fetch(client, "/timeline/", q="LG (배터리")
    assert "<span>LG </span><mark>(</mark><span>배터리</span>" in page
    assert "괄호를 닫지 않았습니다" in page
    assert titles(page) == []


@pytest.mark.parametrize(
    "parameters",
    [
        {"company": "x"},
        {"company": "999999999999999999999999"},
        {"theme": "없다"},
        {"outlet": "-1"},
        {"language": "xx"},
        {"since": "2026-13-45"},
        {"since": "0001-01-01"},
        {"until": "9999-12-31"},
        {"before": "x"},
        {"before": "99999999999999999-1"},
        {"before": "1-99999999999999999999"},
        {"q": "\x00"},
        {"q": "가" * 5000},
        {"add": "\x00"},
    ],
)
def test_nonsense_in_the_address_never_breaks_the_timeline(client: Client, parameters: dict[str, str]):
    factories.article("기사")
    assert client.get("/timeline/", parameters).status_code == 200


def test_a_typed_company_becomes_a_filter_in_the_address(client: Client):
    lg = factories.company("LG에너지솔루션", "LG엔솔")
    response = client.get("/timeline/", {"add": "LG엔솔", "theme": ""})
    assert response.status_code == 302
    assert response["Location"] == f"/timeline/?company={lg.pk}"
    assert "감시 목록에 “없는회사” 회사가 없습니다" in fetch(client, "/timeline/", add="없는회사")


def test_typing_a_company_suggests_names_and_aliases(client: Client):
    factories.company("LG에너지솔루션", "엔솔")
    factories.company("카카오")
    assert 'value="LG에너지솔루션"' in fetch(client, "/companies/options", add="엔")
    assert "카카오" not in fetch(client, "/companies/options", add="엔")
    assert "<option" not in fetch(client, "/companies/options", add=" ")


def test_every_article_is_on_exactly_one_page(client: Client, monkeypatch: pytest.MonkeyPatch):
    at = timezone.now() - datetime.timedelta(hours=1)
    for number in range(7):
        # Three at the very same moment: the id decides.
        factories.article(f"기사 {number}", published_at=at - datetime.timedelta(days=number // 3))
    monkeypatch.setattr(reads, "PAGE_SIZE", 3)
    seen, path = [], "/timeline/?language=ko&by=article"
    while path:
        page = client.get(path).content.decode()
        seen += titles(page)
        older = re.search(r'href="(\?[^"]*before=[^"]*)"', page)
        path = "/timeline/" + older[1].replace("&amp;", "&") if older else ""
        assert not older or "language=ko" in path
    assert seen == [f"기사 {number}" for number in (2, 1, 0, 5, 4, 3, 6)]


def test_older_rows_come_without_the_page_around_them(client: Client, monkeypatch: pytest.MonkeyPatch):
    at = timezone.now()
    for number in range(3):
        factories.article(f"기사 {number}", published_at=at - datetime.timedelta(seconds=number))
    monkeypatch.setattr(reads, "PAGE_SIZE", 2)
    before = re.search(r"before=([\d-]+)", fetch(client, "/timeline/", by="article"))[1]
    response = client.get(
        "/timeline/",
        {"before": before, "by": "article"},
        headers={"HX-Request": "true", "HX-Target": "older"},
    )
    rows = response.content.decode()
    assert titles(rows) == ["기사 2"]
    assert "<html" not in rows
    # The day's header stands on the page already.
    assert "<h2" not in rows
    assert "HX-Target" in response["Vary"]


def test_the_panel_counts_what_the_filters_let_through(client: Client):
    factories.article("LG화학 하나", companies=["LG화학", "카카오"], themes=["AI"])
    factories.article("LG화학 둘", companies=["LG화학"], themes=["AI"])
    factories.article(
        "오래된 LG화학", companies=["LG화학"], published_at=timezone.now() - datetime.timedelta(days=50)
    )
    factories.article("SK 셋", companies=["SK"])
    panel = reads.panel(reads.filters.Filters(query="LG화학"), now=timezone.now())
    assert [(facet.name, facet.count) for facet in panel.companies] == [("LG화학", 2), ("카카오", 1)]
    assert [(facet.name, facet.count) for facet in panel.themes] == [("AI", 2)]
    assert (panel.stories, panel.articles) == (2, 2)


def test_an_empty_site_says_what_happens_next(client: Client):
    assert "아직 기사가 없습니다" in fetch(client, "/timeline/")
    factories.article("기사")
    assert "조건에 맞는 기사가 없습니다" in fetch(client, "/timeline/", language="en")


def test_sample_articles_are_marked_and_explained(client: Client):
    factories.article("진짜")
    assert "표본 자료" not in fetch(client, "/timeline/")
    factories.article("가짜", is_sample=True)
    page = fetch(client, "/timeline/")
    assert "표본 자료" in page
    assert page.count("badge-sample") == 2


def test_a_company_page_tells_its_names_its_family_and_its_articles(client: Client):
    parent = factories.company("LG")
    company = factories.company("LG화학", "LG Chem", parent=parent, ticker="051910", market="KOSPI")
    factories.company("LG생활건강", parent=parent)
    factories.article("LG화학 기사", companies=["LG화학", "카카오"])
    page = fetch(client, f"/companies/{company.pk}/", whole="1")
    for text in ("LG Chem", "051910", f"/companies/{parent.pk}/", "LG화학 기사", "카카오"):
        assert text in page
    assert "LG생활건강" in fetch(client, f"/companies/{parent.pk}/")
    assert client.get("/companies/99999999/").status_code == 404


def test_companies_are_found_by_alias_and_ticker(client: Client):
    factories.company("LG화학", "LG Chem", ticker="051910")
    factories.company("카카오")
    for search in ("lg chem", "051910", "화학"):
        page = fetch(client, "/companies/", q=search)
        assert ">LG화학<" in page
        assert ">카카오<" not in page
    assert "감시 목록에 없는 회사입니다" in fetch(client, "/companies/", q="없다")


def test_a_theme_page_tells_its_terms_and_its_articles(client: Client):
    theme = factories.theme("R&D/기술")
    models.ThemeTerm.objects.create(theme=theme, text="인공지능", weight=1.5)
    factories.article("R&D/기술 기사", themes=["R&D/기술"])
    page = fetch(client, reverse("articles:theme", args=["R&D/기술"]), whole="1")
    assert "인공지능" in page
    assert "+1.5" in page
    assert titles(page) == ["R&amp;D/기술 기사"]
    assert client.get("/themes/없다/").status_code == 404


def test_the_fetchers_page_is_open_to_strangers():
    assert Client().get("/about-fetching").status_code == 200


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/timeline/",
        "/timeline/?by=article",
        "/timeline/?theme=AI&language=ko",
        "/companies/",
        "/companies/{company}/",
        "/themes/AI/",
        "/articles/{article}/",
        "/stories/{article}/",
        "/stories/{article}/articles",
        "/stories/news?since=0&swapped=0&theme=AI",
    ],
)
def test_a_page_costs_the_same_number_of_queries_however_many_rows_there_are(client: Client, path: str):
    # Enough for the chart to have a peak, whose story is asked for.
    rows(8)
    path = path.format(company=models.Company.objects.first().pk, article=models.Article.objects.first().pk)
    client.get(path)  # what a process keeps is there from now on
    few = queries(client, path)
    rows(12)
    assert queries(client, path) == few
    assert few <= 26


def rows(count: int) -> None:
    """Articles, each with its own company, half of them in the first one's story, whose mentions grow too."""
    first = models.Article.objects.first()
    for number in range(count):
        name = f"회사{next(factories.NUMBERS)}"
        row = factories.article(f"{name} 기사", f"{name}의 AI 기사.", companies=[name], themes=["AI"])
        factories.company(
            f"자회사 {name}", "별칭 " + name, parent=models.Company.objects.order_by("pk").first()
        )
        factories.story(*([first, row] if first and number % 2 else [row]))
        if first is None:
            first = row
        else:
            factories.tag_company(first, factories.company(name))
            factories.mention(first, "text", 0, "본", kind="company", company=factories.company(name))


def test_editors_keep_the_watch_list_and_nothing_else():
    roles.ensure_roles()
    roles.ensure_roles()
    editor = factories.person("editor", is_staff=True)
    editor.groups.set(roles.Group.objects.filter(name=roles.EDITORS))
    assert editor.has_perms(
        ["articles.change_company", "articles.add_alias", "articles.delete_source", "articles.view_poll"]
    )
    assert not editor.has_perm("accounts.view_user")
    assert not editor.has_perm("alerts.view_delivery")
    assert not editor.has_perm("articles.delete_article")


PAGES = [
    "/",
    "/timeline/",
    "/search/",
    "/search/?q=(",
    "/search/saved/",
    "/companies/",
    "/themes/AI/",
    "/alerts/",
    "/alerts/new/?query=AI",
    "/account/settings/",
    "/account/password/",
    "/nothing-here",
]


@pytest.mark.parametrize("path", PAGES)
def test_no_page_needs_inline_scripts_or_styles(client: Client, path: str):
    article = factories.article("AI 기사", "AI 기사다.", themes=["AI"], companies=["LG"])
    for page in (client.get(path).content.decode(), client.get(f"/articles/{article.pk}/").content.decode()):
        assert not re.search(r"<script(?![^>]*\ssrc=)", page)
        assert "<style" not in page
        assert not re.search(r"<[^>]+\sstyle=", page)
        assert not re.search(r"<[^>]+\son[a-z]+=", page)
        assert not re.search(r'(?:src|<link[^>]+href)="(?:https?:)?//', page)


def test_settings_change_language_zone_and_looks(client: Client, analyst: User):
    response = client.post(
        "/account/settings/",
        {"language": "en", "time_zone": "America/New_York", "appearance": "dark"},
        follow=True,
    )
    page = response.content.decode()
    assert '<html lang="en"' in page
    assert 'data-bs-theme="dark"' in page
    assert "Your settings are saved." in page
    analyst.refresh_from_db()
    assert analyst.time_zone == "America/New_York"


def test_a_choice_in_the_settings_is_saved_as_it_is_made(client: Client, analyst: User):
    given = {"language": "ko", "time_zone": "Asia/Seoul", "appearance": "dark", "density": "compact"}
    script = {"HX-Request": "true"}
    response = client.post("/account/settings/", {**given, "digest_hour": "6"}, headers=script)
    assert json.loads(response["HX-Trigger"])["looks"] == {
        "appearance": "dark",
        "compact": True,
        "keys": False,
    }
    assert "설정을 저장했습니다" in response.content.decode()
    analyst.refresh_from_db()
    assert (analyst.density, analyst.digest_hour) == ("compact", 6)
    assert 'class=" compact"' in fetch(client, "/account/settings/")
    # Another language asks for the page anew.
    response = client.post("/account/settings/", {**given, "language": "en"}, headers=script)
    assert response["HX-Refresh"] == "true"
    response = client.post("/account/settings/", {**given, "digest_hour": "24"}, headers=script)
    assert "This could not be saved." in response.content.decode()
    analyst.refresh_from_db()
    assert (analyst.density, analyst.digest_hour) == ("compact", 6)


def test_a_new_alert_gathers_until_the_hour_of_the_settings(client: Client, analyst: User):
    User.objects.filter(pk=analyst.pk).update(digest_hour=6)
    assert client.get("/alerts/new/").context["form"]["at_hour"].value() == 6


def test_a_time_zone_that_does_not_exist_is_refused(client: Client, analyst: User):
    response = client.post(
        "/account/settings/", {"language": "ko", "time_zone": "Moon/Base", "appearance": "auto"}
    )
    assert response.status_code == 200
    analyst.refresh_from_db()
    assert analyst.time_zone == "Asia/Seoul"
