"""Alert pages: each person's own, and what the form, the preview and the switches do."""

import datetime
import re

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from alerts import actions, models, reads, recipients
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
    assert not models.Alert.objects.kept().exists()
    for way in ("", "edit/", "mails/"):
        assert client.get(f"/alerts/{alert.pk}/{way}").status_code == 404
    undo = re.search(rf'action="(/alerts/{alert.pk}/restore/)".*?name="to" value="([^"]+)"', page)
    page = client.post(undo[1], {"to": undo[2]}, follow=True).content.decode()
    assert "“지울 것” 알림을 되살렸습니다." in page
    alert.refresh_from_db()
    assert (alert.enabled, alert.deleted_at) == (True, None)
    assert alert.hits.count() == 1


def test_deleted_alerts_are_erased_after_a_month(analyst: User):
    old, fresh, kept = (factories.alert(analyst) for _ in range(3))
    for row in (old, fresh, kept):
        factories.hit(row, factories.article())
    actions.delete(old, now=timezone.now() - datetime.timedelta(days=31))
    actions.delete(fresh, now=timezone.now() - datetime.timedelta(days=29))
    assert actions.erase_deleted(now=timezone.now()) == 1
    assert set(models.Alert.objects.all()) == {fresh, kept}
    assert models.Delivery.objects.count() == 2


def test_switching_needs_a_post(client: Client, analyst: User):
    assert client.get(f"/alerts/{factories.alert(analyst).pk}/switch/").status_code == 405


def test_the_preview_counts_and_marks_what_the_query_finds(client: Client):
    for number in range(6):
        factories.article(f"배터리 {number}", "긴 글. " * 100 + "전고체 <b>배터리</b>를 만든다.")
    factories.article("옛 배터리", published_at=timezone.now() - datetime.timedelta(days=31))
    page = client.post("/alerts/preview", {"query": "배터리"}).content.decode()
    assert "<strong>6</strong>" in page
    assert page.count('class="sample-title"') == 5
    assert '<mark class="hit">배터리</mark> 5' in page
    assert '&lt;b&gt;<mark class="hit">배터리</mark>&lt;/b&gt;' in page
    assert "<html" not in page


def test_the_preview_points_at_the_character_that_is_wrong(client: Client):
    page = client.post("/alerts/preview", {"query": 'LG "배터리'}).content.decode()
    assert "<span>LG </span><mark>&quot;</mark>" in page
    assert "4번째 글자" in page


def test_an_empty_preview_says_what_to_do(client: Client):
    assert "검색식을 입력하면" in client.post("/alerts/preview").content.decode()


def test_the_timelines_filters_become_an_alerts_query(client: Client):
    lg, sk = factories.company("LG화학"), factories.company('SK "이노"')
    factories.article("LG화학 배터리", companies=["LG화학"], themes=["Cleantech"])
    timeline = client.get(
        "/timeline/",
        {"company": [lg.pk, sk.pk], "theme": "Cleantech", "q": "배터리 OR 전지", "language": "ko"},
        follow=True,
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


def test_hits_are_counted_up_to_a_bound_of_their_own(
    client: Client, analyst: User, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(reads, "MOST_COUNTED", 1)
    monkeypatch.setattr(reads, "MOST_HITS", 3)
    alert = factories.alert(analyst, "배터리")

    def counted() -> list[str]:
        return re.findall(r'id="hits">[^<]*<span class="quiet">([^<]+)', fetch(f"/alerts/{alert.pk}/"))

    def fetch(address: str) -> str:
        return client.get(address).content.decode()

    for _ in range(3):
        factories.hit(alert, factories.article())
    assert counted() == ["3"]
    factories.hit(alert, factories.article())
    assert counted() == ["3+"]
    assert "<dd>3+</dd>" in fetch("/alerts/")


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
        f'href="/stories/{story.pk}/"' in client.post("/alerts/preview", {"query": "배터리"}).content.decode()
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
    assert all(len(set(found)) == 1 and found[0] <= 11 for found in counts.values()), counts


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


SETTINGS = {
    "name": "배터리 소식",
    "query": "배터리",
    "whole": "1",
    "mode": "daily",
    "at_hour": "7",
    "weekday": "2",
    "working_days_only": "on",
    "quiet_from": "22:00",
    "quiet_until": "06:30",
    "least_outlets": "3",
    "priority": "high",
    "tell_owner": "on",
    "others": "",
}


def test_a_name_and_a_query_are_enough_and_the_rest_is_as_usual(client: Client):
    client.post("/alerts/new/", {"name": "전지", "query": "배터리"})
    alert = models.Alert.objects.get()
    assert (alert.mode, alert.at_hour, alert.least_outlets) == ("instant", 8, 1)
    assert (alert.tell_updates, alert.tell_owner, alert.priority) == (True, True, "normal")
    assert not alert.recipients.exists()


def test_everything_that_can_be_set_is_stored_and_shown_again(client: Client):
    client.post("/alerts/new/", SETTINGS)
    alert = models.Alert.objects.get()
    assert (alert.mode, alert.at_hour, alert.weekday, alert.working_days_only) == ("daily", 7, 2, True)
    assert (alert.quiet_from, alert.quiet_until) == (datetime.time(22), datetime.time(6, 30))
    assert (alert.least_outlets, alert.tell_updates, alert.priority) == (3, False, "high")
    page = client.get(f"/alerts/{alert.pk}/edit/").content.decode()
    assert "매일 7:00, 평일, 22:00~06:30 방해 금지, 3개 매체 이상, 이야기마다 한 번, 긴급" in page
    assert 'value="22:00"' in page
    assert "매일 7:00, 평일" in client.get(f"/alerts/{alert.pk}/").content.decode()
    client.post(f"/alerts/{alert.pk}/edit/", SETTINGS | {"quiet_from": "", "quiet_until": ""})
    alert.refresh_from_db()
    assert (alert.quiet_from, alert.quiet_until) == (None, None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"quiet_until": ""},
        {"quiet_until": "22:00"},
        {"at_hour": "24"},
        {"mode": "yearly"},
        {"others": "no address"},
        {"others": " ".join(f"a{number}@example.org" for number in range(60))},
        {"least_outlets": "99999999"},
    ],
)
def test_settings_that_make_no_sense_are_refused_with_what_was_typed(client: Client, wrong: dict[str, str]):
    response = client.post("/alerts/new/", SETTINGS | wrong)
    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()
    assert not models.Alert.objects.exists()


def test_others_get_the_mails_as_people_or_as_addresses(client: Client, analyst: User, mailoutbox):
    colleague = factories.person("colleague")
    others = "Colleague@example.com, outside@example.org\nanalyst@example.com"
    client.post("/alerts/new/", SETTINGS | {"others": others})
    alert = models.Alert.objects.get()
    rows = list(alert.recipients.order_by("pk"))
    assert [(row.user, str(row.address) if row.address else None) for row in rows] == [
        (colleague, None),
        (None, "outside@example.org"),
    ]
    assert rows[1].address.confirmed_at is None
    assert [mail.to for mail in mailoutbox] == [["outside@example.org"]]
    page = client.get(f"/alerts/{alert.pk}/edit/").content.decode()
    assert "나에게, 다른 2명에게" in page
    client.post(f"/alerts/{alert.pk}/edit/", SETTINGS | {"others": "outside@example.org"})
    assert [row.pk for row in alert.recipients.all()] == [rows[1].pk]


def test_the_summary_follows_what_is_chosen(client: Client):
    page = client.get("/alerts/summary", {"whole": "1", "mode": "weekly", "weekday": "0", "at_hour": "9"})
    assert "매주 월요일 9:00" in page.content.decode()
    assert "아무에게도" in page.content.decode()


def test_a_backtest_counts_the_mails_of_the_chosen_settings(client: Client):
    midnight = timezone.localtime().replace(hour=0, minute=30) - datetime.timedelta(days=3)
    for number in range(4):
        factories.article(f"배터리 {number}", published_at=midnight + datetime.timedelta(hours=number))
    page = client.post(
        "/alerts/new/", SETTINGS | {"try": "30", "least_outlets": "1", "working_days_only": ""}
    )
    assert page.context["report"].mails == 1
    page = client.post("/alerts/new/", {"name": "", "query": "배터리", "try": "30"})
    assert page.context["report"].mails == 4


def test_a_copy_is_paused_and_has_the_same_readers(client: Client, analyst: User):
    alert = factories.alert(analyst, "배터리", name="원본", mode="daily")
    recipients.add(alert, "outside@example.org", now=timezone.now())
    response = client.post(f"/alerts/{alert.pk}/duplicate/", follow=True)
    made = models.Alert.objects.exclude(pk=alert.pk).get()
    assert (made.name, made.query, made.mode, made.enabled) == ("원본 (사본)", "배터리", "daily", False)
    assert [str(row.address) for row in made.recipients.all()] == ["outside@example.org"]
    assert response.redirect_chain[-1][0] == f"/alerts/{made.pk}/edit/"


def test_pausing_can_be_undone_where_it_is_told(client: Client, analyst: User):
    alert = factories.alert(analyst)
    page = client.post(f"/alerts/{alert.pk}/switch/", {"to": "off", "list": "1"}, follow=True)
    assert page.redirect_chain[-1][0] == "/alerts/"
    undo = re.search(
        rf'action="(/alerts/{alert.pk}/switch/)"[^>]*>(?:<input type="hidden"[^>]*>)*?'
        r'<input type="hidden" name="to" value="(\w+)">',
        page.content.decode(),
    )
    assert 'name="list" value="1"' in undo[0]
    client.post(undo[1], {"to": undo[2]})
    alert.refresh_from_db()
    assert alert.enabled


def test_a_muted_alert_says_until_when(client: Client, analyst: User):
    alert = factories.alert(analyst)
    client.post(f"/alerts/{alert.pk}/switch/", {"to": "mute"})
    assert "까지 쉼" in client.get("/alerts/").content.decode()
    client.post(f"/alerts/{alert.pk}/switch/", {"to": "unmute"})
    assert "까지 쉼" not in client.get(f"/alerts/{alert.pk}/").content.decode()


def waiting(alert: models.Alert, analyst: User, **fields: object) -> models.Delivery:
    at = timezone.now()
    given = {"recipient": analyst, "created_at": at, "due_at": at, "message_id": f"<{at.timestamp()}@test>"}
    mail = models.Delivery.objects.create(**{**given, **fields})
    mail.alerts.add(alert)
    mail.hits.add(factories.hit(alert, factories.article(), mailed=False))
    return mail


def test_the_mails_page_says_what_waits_until_when_and_what_mends_a_failure(client: Client, analyst: User):
    alert = factories.alert(analyst)
    due = timezone.now() + datetime.timedelta(hours=5)
    waiting(alert, analyst, held="quiet", due_at=due)
    waiting(alert, analyst, state="failed", error="550 5.1.1 No such user")
    factories.hit(alert, factories.article())
    page = client.get(f"/alerts/{alert.pk}/mails/").content.decode()
    assert f"{timezone.localtime(due):%Y-%m-%d %H:%M}" in page
    assert "방해 금지" in page or "quiet" in page
    assert "주소를 바로잡고 다시 보내세요" in page
    shown = {
        show: client.get(f"/alerts/{alert.pk}/mails/", {"show": show}) for show in ("sent", "failed", "x")
    }
    assert {show: len(page.context["deliveries"]) for show, page in shown.items()} == {
        "sent": 1,
        "failed": 1,
        "x": 3,
    }


def test_hits_are_filtered_by_what_became_of_them(client: Client, analyst: User):
    alert = factories.alert(analyst)
    factories.hit(alert, factories.article("간 것"))
    factories.hit(alert, factories.article("묵은 것"), mailed=False, held="old")
    waiting(alert, analyst)
    counts = {
        show: len(client.get(f"/alerts/{alert.pk}/", {"show": show}).context["hits"])
        for show in ("", "mailed", "held", "waiting", "failed")
    }
    assert counts == {"": 3, "mailed": 1, "held": 1, "waiting": 1, "failed": 0}


def test_mails_are_sent_again(client: Client, analyst: User):
    alert = factories.alert(analyst)
    factories.hit(alert, factories.article())
    sent = models.Delivery.objects.get()
    client.post(f"/alerts/{alert.pk}/mails/{sent.pk}/resend/")
    again = models.Delivery.objects.exclude(pk=sent.pk).get()
    assert (again.state, again.recipient, again.hits.get()) == ("waiting", analyst, sent.hits.get())
    assert again.message_id != sent.message_id
    failed = waiting(alert, analyst, state="failed", error="451 later", attempts=9)
    client.post(f"/alerts/{alert.pk}/mails/{failed.pk}/resend/")
    failed.refresh_from_db()
    assert (failed.state, failed.attempts, failed.error) == ("waiting", 0, "")
    page = client.post(f"/alerts/{alert.pk}/mails/{failed.pk}/resend/", follow=True).content.decode()
    assert "아직 기다리는 메일" in page
    assert models.Delivery.objects.count() == 3


def test_a_held_hit_is_mailed_on_demand(client: Client, analyst: User):
    alert = factories.alert(analyst)
    held = factories.hit(alert, factories.article(), mailed=False, held="old")
    client.post(f"/alerts/{alert.pk}/hits/{held.pk}/mail/")
    mail = models.Delivery.objects.get()
    assert (mail.recipient, mail.hits.get(), list(mail.alerts.all())) == (analyst, held, [alert])


@pytest.mark.parametrize(
    "way", ["mails/", "duplicate/", "restore/", "mails/{mail}/resend/", "hits/{hit}/mail/"]
)
def test_nobody_gets_at_anothers_history(client: Client, way: str):
    theirs = factories.alert(factories.person("other"))
    hit = factories.hit(theirs, factories.article())
    path = f"/alerts/{theirs.pk}/" + way.format(mail=hit.deliveries.get().pk, hit=hit.pk)
    assert (client.get if way == "mails/" else client.post)(path).status_code == 404
    assert models.Delivery.objects.count() == 1


def test_a_mail_of_another_alert_is_not_sent_by_way_of_ones_own(client: Client, analyst: User):
    mine = factories.alert(analyst)
    hit = factories.hit(factories.alert(factories.person("other")), factories.article())
    mail = hit.deliveries.get().pk
    assert client.post(f"/alerts/{mine.pk}/mails/{mail}/resend/").status_code == 404
    assert client.post(f"/alerts/{mine.pk}/hits/{hit.pk}/mail/").status_code == 404


def test_a_team_sees_its_alerts_and_changes_nothing(client: Client, analyst: User):
    team = Group.objects.create(name="바이오팀")
    analyst.groups.add(team)
    theirs = factories.alert(factories.person("other"), name="팀 알림", team=team)
    factories.hit(theirs, factories.article())
    assert "팀 알림" in client.get("/alerts/").content.decode()
    page = client.get(f"/alerts/{theirs.pk}/").content.decode()
    assert "팀 알림" in page
    assert "/edit/" not in page
    assert "resend" not in client.get(f"/alerts/{theirs.pk}/mails/").content.decode()
    assert client.get(f"/alerts/{theirs.pk}/edit/").status_code == 404
    assert client.post(f"/alerts/{theirs.pk}/switch/", {"to": "off"}).status_code == 404


def test_an_analyst_is_told_on_the_site_that_mails_to_her_came_back(client: Client, analyst: User):
    assert "resume-address" not in client.get("/alerts/").content.decode()
    models.Address.objects.create(
        address="analyst@example.com",
        created_at=timezone.now(),
        stopped_at=timezone.now(),
        stop="bounced",
        stop_words="550 no such <user>",
    )
    alert = factories.alert(analyst)
    for path in ("/alerts/", f"/alerts/{alert.pk}/"):
        page = client.get(path).content.decode()
        assert "/alerts/resume-address/" in page
        assert "550 no such &lt;user&gt;" in page


def test_the_mails_page_costs_the_same_however_many_there_are(client: Client, analyst: User):
    alert = factories.alert(analyst)
    counts = []
    for _ in range(2):
        for _ in range(5):
            factories.hit(alert, factories.article())
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/alerts/{alert.pk}/mails/")
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 6


def test_a_query_too_long_for_an_address_has_a_preview(client: Client):
    factories.article("전고체배터리공장7 착공")
    words = " OR ".join(f"전고체배터리공장{number}" for number in range(200))
    page = client.post("/alerts/preview", {"query": words}).content.decode()
    assert "<strong>1</strong>" in page
    assert client.get("/alerts/preview", {"query": "배터리"}).status_code == 405


def test_the_days_of_a_preview_are_those_of_its_reader(client: Client, analyst: User):
    evening = timezone.now().replace(hour=18, minute=0) - datetime.timedelta(days=3)
    factories.article("배터리", published_at=evening)
    day = f"배터리 published:{evening.date() + datetime.timedelta(days=1)}"
    assert "<strong>1</strong>" in client.post("/alerts/preview", {"query": day}).content.decode()
    User.objects.filter(pk=analyst.pk).update(time_zone="America/New_York")
    assert "<strong>0</strong>" in client.post("/alerts/preview", {"query": day}).content.decode()
