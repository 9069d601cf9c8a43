"""Alert pages: each person's own, and what the form, the preview and the switches do."""

import datetime
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from alerts import actions, models
from newswatch.accounts.models import User
from tests import factories

pytestmark = pytest.mark.django_db
LONG_AGO = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


@pytest.fixture
def analyst() -> User:
    return factories.person("analyst")


@pytest.fixture
def client(analyst: User) -> Client:
    client = Client()
    client.force_login(analyst)
    return client


@pytest.mark.parametrize("way", ["", "edit/", "delete/"])
def test_nobody_sees_anothers_alert(client: Client, way: str):
    theirs = factories.alert(factories.person("other"), name="비밀 알림")
    assert client.get(f"/alerts/{theirs.pk}/{way}").status_code == 404
    assert "비밀 알림" not in client.get("/alerts/").content.decode()


@pytest.mark.parametrize("way", ["edit/", "delete/", "switch/"])
def test_nobody_changes_anothers_alert(client: Client, way: str):
    theirs = factories.alert(factories.person("other"), name="남의 것")
    response = client.post(f"/alerts/{theirs.pk}/{way}", {"name": "내 것", "query": "AI", "to": "off"})
    assert response.status_code == 404
    theirs.refresh_from_db()
    assert (theirs.name, theirs.enabled) == ("남의 것", True)


def test_a_superuser_sees_only_her_own_alerts_on_the_site():
    theirs = factories.alert(factories.person("other"))
    client = Client()
    client.force_login(factories.person("admin", is_staff=True, is_superuser=True))
    assert client.get(f"/alerts/{theirs.pk}/").status_code == 404


def test_a_new_alert_stores_the_canonical_query_and_watches_from_now(client: Client, analyst: User):
    before = timezone.now()
    response = client.post("/alerts/new/", {"name": "전지", "query": "  배터리   |  전지 "})
    alert = models.Alert.objects.get()
    assert response["Location"] == f"/alerts/{alert.pk}/"
    assert (alert.owner, alert.name, alert.query) == (analyst, "전지", "배터리 OR 전지")
    assert before <= alert.active_since <= timezone.now()
    assert alert.revision == 1


@pytest.mark.parametrize("query", ["", "   ", "(", "-배터리", '"', "nosuch:thing", "가" * 5000, "a NEAR"])
def test_a_query_that_cannot_be_read_makes_no_alert(client: Client, query: str):
    response = client.post("/alerts/new/", {"name": "이름", "query": query})
    assert response.status_code == 422
    assert not models.Alert.objects.exists()
    assert 'value="이름"' in response.content.decode()


def test_a_changed_query_counts_from_now_and_raises_the_revision(client: Client, analyst: User):
    alert = factories.alert(analyst, "배터리", active_since=LONG_AGO)
    client.post(f"/alerts/{alert.pk}/edit/", {"name": "새 이름", "query": "배터리"})
    alert.refresh_from_db()
    assert (alert.name, alert.active_since, alert.revision) == ("새 이름", LONG_AGO, 1)
    client.post(f"/alerts/{alert.pk}/edit/", {"name": "새 이름", "query": "전지"})
    alert.refresh_from_db()
    assert (alert.query, alert.revision) == ("전지", 2)
    assert alert.active_since > LONG_AGO


def test_pausing_and_resuming_an_alert_each_count_once(client: Client, analyst: User):
    alert = factories.alert(analyst, active_since=LONG_AGO)
    for _ in range(2):
        client.post(f"/alerts/{alert.pk}/switch/", {"to": "off"})
    alert.refresh_from_db()
    assert (alert.enabled, alert.revision, alert.active_since) == (False, 2, LONG_AGO)
    client.post(f"/alerts/{alert.pk}/switch/", {"to": "on"})
    alert.refresh_from_db()
    assert (alert.enabled, alert.revision) == (True, 3)
    assert alert.active_since > LONG_AGO
    assert not actions.resume(alert, now=timezone.now())


def test_deleting_asks_first(client: Client, analyst: User):
    alert = factories.alert(analyst, name="지울 것")
    factories.hit(alert, factories.article())
    assert "지울까요" in client.get(f"/alerts/{alert.pk}/delete/").content.decode()
    assert models.Alert.objects.exists()
    page = client.post(f"/alerts/{alert.pk}/delete/", follow=True).content.decode()
    assert "“지울 것” 알림을 지웠습니다." in page
    assert not models.Alert.objects.exists()


def test_switching_needs_a_post(client: Client, analyst: User):
    assert client.get(f"/alerts/{factories.alert(analyst).pk}/switch/").status_code == 405


def test_the_preview_counts_and_marks_what_the_query_finds(client: Client):
    for number in range(6):
        factories.article(f"배터리 {number}", "긴 글. " * 100 + "전고체 <b>배터리</b>를 만든다.")
    factories.article("옛 배터리", published_at=timezone.now() - datetime.timedelta(days=31))
    page = client.get("/alerts/preview", {"query": "배터리"}).content.decode()
    assert "<strong>6</strong>" in page
    assert page.count('class="sample-title"') == 5
    assert '<mark class="hit">배터리</mark> 5' in page
    assert '&lt;b&gt;<mark class="hit">배터리</mark>&lt;/b&gt;' in page
    assert "<html" not in page


def test_the_preview_points_at_the_character_that_is_wrong(client: Client):
    page = client.get("/alerts/preview", {"query": 'LG "배터리'}).content.decode()
    assert "<span>LG </span><mark>&quot;</mark>" in page
    assert "4번째 글자" in page


def test_an_empty_preview_says_what_to_do(client: Client):
    assert "검색식을 입력하면" in client.get("/alerts/preview").content.decode()


def test_the_timelines_filters_become_an_alerts_query(client: Client):
    lg, sk = factories.company("LG화학"), factories.company('SK "이노"')
    factories.article("LG화학 배터리", companies=["LG화학"], themes=["Cleantech"])
    timeline = client.get(
        "/", {"company": [lg.pk, sk.pk], "theme": "Cleantech", "q": "배터리 OR 전지", "language": "ko"}
    )
    link = timeline.context["alert_parameters"]
    form = client.get(f"/alerts/new/?{link}")
    assert form.context["problem"] is None
    assert form.context["preview"].count == 1
    assert "company:LG화학" in form.context["preview"].canonical
    assert "(배터리 OR 전지)" in form.context["preview"].canonical


def test_the_detail_tells_hits_mails_and_what_was_held(client: Client, analyst: User):
    alert = factories.alert(analyst)
    factories.hit(alert, factories.article("메일 간 기사", "배터리 글"), spans=[["text", 0, 3]])
    factories.hit(alert, factories.article("묵은 기사"), mailed=False, held="old")
    waiting = models.Delivery.objects.create(
        recipient=analyst,
        created_at=timezone.now(),
        due_at=timezone.now(),
        attempts=2,
        error="451 try later",
        message_id="<waiting@test>",
    )
    waiting.alerts.add(alert)
    waiting.hits.add(factories.hit(alert, factories.article("기다리는 기사"), mailed=False))
    page = client.get(f"/alerts/{alert.pk}/").content.decode()
    assert '<mark class="hit">배터리</mark> 글' in page
    for text in (
        "메일 보냄",
        "메일 안 보냄",
        "수집되기 오래전에 발행됨",
        "메일 다시 시도 예정",
        "451 try later",
    ):
        assert text in page


def test_the_list_tells_state_last_hit_and_mails(client: Client, analyst: User):
    alert = factories.alert(analyst, name="켜진 것")
    factories.hit(alert, factories.article())
    factories.alert(analyst, name="멈춘 것", enabled=False)
    page = client.get("/alerts/").content.decode()
    for text in ("켜진 것", "멈춘 것", "켜짐", "멈춤", "방금"):
        assert text in page


def test_a_hit_leads_to_its_story_where_others_tell_it_too(client: Client, analyst: User):
    alert = factories.alert(analyst, "배터리")
    article = factories.article("배터리 공장")
    alone = factories.article("배터리 시장")
    story = factories.story(
        article, factories.article("공장 착공", of=factories.source(factories.outlet("바다신문")))
    )
    factories.story(alone)
    for row in (article, alone):
        factories.hit(alert, row)
    page = client.get(f"/alerts/{alert.pk}/").content.decode()
    assert re.findall(r'href="/stories/(\d+)/"', page) == [str(story.pk)]
    assert "2곳" in page
    assert (
        f'href="/stories/{story.pk}/"' in client.get("/alerts/preview", {"query": "배터리"}).content.decode()
    )


def test_an_alert_page_costs_the_same_number_of_queries_however_many_hits_there_are(
    client: Client, analyst: User
):
    alert = factories.alert(analyst)
    counts = {"/alerts/": [], f"/alerts/{alert.pk}/": []}
    for _ in range(2):
        for _ in range(5):
            factories.hit(alert, factories.article())
            factories.hit(factories.alert(analyst), factories.article())
        for path, found in counts.items():
            with CaptureQueriesContext(connection) as captured:
                client.get(path)
            found.append(len(captured))
    assert all(len(set(found)) == 1 and found[0] <= 9 for found in counts.values()), counts


def test_a_new_query_is_tried_on_past_weeks_without_being_saved(client: Client):
    for number in range(3):
        factories.article(f"배터리 {number}", published_at=timezone.now() - datetime.timedelta(days=number))
    factories.article("전지", published_at=timezone.now() - datetime.timedelta(days=60))
    given = {"name": "", "query": "배터리 OR 전지", "try": "90"}
    page = client.post("/alerts/new/", given).content.decode()
    assert not models.Alert.objects.exists()
    assert "90일 동안 기사 4건" in page
    assert "<strong>배터리</strong> 하나로" in page
    assert 'name="instead" value="전지"' in page
    part = client.post("/alerts/new/", given, headers={"HX-Target": "backtest"}).content.decode()
    assert part.lstrip().startswith('<div id="backtest"')


def test_one_click_takes_an_alternative_out(client: Client):
    factories.article("배터리")
    page = client.post(
        "/alerts/new/", {"name": "이름", "query": "배터리 OR 전지", "try": "30", "instead": "전지"}
    ).content.decode()
    assert ">전지</textarea>" in page
    assert 'value="이름"' in page
    assert "걸린 기사가 없습니다" in page


def test_a_changed_query_is_held_against_the_present_one(client: Client, analyst: User):
    alert = factories.alert(analyst, "배터리")
    factories.article("배터리 소식")
    factories.article("전지 소식")
    page = client.post(f"/alerts/{alert.pk}/edit/", {"query": "전지", "try": "30"}).content.decode()
    assert "+1</strong>" in page
    assert "−1</strong>" in page
    alert.refresh_from_db()
    assert alert.query == "배터리"


def test_a_query_that_cannot_be_read_is_not_tried(client: Client):
    page = client.post("/alerts/new/", {"query": "(", "try": "30"}, headers={"HX-Target": "backtest"})
    assert page.status_code == 200
    assert "번째 글자" in page.content.decode()
    assert not models.Backtest.objects.exists()


def test_nobody_tries_a_query_against_anothers_alert(client: Client):
    theirs = factories.alert(factories.person("other"), "비밀")
    response = client.post(f"/alerts/{theirs.pk}/edit/", {"query": "전지", "try": "30"})
    assert response.status_code == 404
