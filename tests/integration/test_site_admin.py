"""The editor's desk: who may enter, and what a change there sets off."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from alerts import models as alerts
from articles import models, watchlist_store
from newswatch.accounts import roles
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> Client:
    roles.ensure_roles()
    person = factories.person("editor", is_staff=True)
    person.groups.set(roles.Group.objects.filter(name=roles.EDITORS))
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def admin() -> Client:
    client = Client()
    client.force_login(factories.person("admin", is_staff=True, is_superuser=True))
    return client


def act(client: Client, action: str, *sources: models.Source) -> str:
    data = {"action": action, "_selected_action": [source.pk for source in sources]}
    return client.post("/admin/articles/source/", data, follow=True).content.decode()


def test_an_analyst_has_no_desk():
    client = Client()
    client.force_login(factories.person("analyst"))
    assert client.get("/admin/", follow=True).status_code == 403
    assert "/admin/" not in client.get("/timeline/").content.decode()


def test_a_stranger_comes_to_the_desk_by_the_sites_own_log_in():
    response = Client().get("/admin/articles/source/", follow=True)
    assert response.redirect_chain[-1][0] == "/account/login/?next=/admin/articles/source/"


def test_an_editor_sees_no_people_and_no_mails(editor: Client):
    page = editor.get("/admin/").content.decode()
    assert reverse("admin:articles_company_changelist") in page
    assert editor.get("/admin/accounts/user/").status_code == 403
    assert editor.get("/admin/alerts/delivery/").status_code == 403


@pytest.mark.parametrize("table", ["article", "poll", "source", "outlet", "company", "alias", "theme"])
def test_every_list_and_every_row_opens(admin: Client, table: str):
    article = factories.article("기사", companies=["LG화학"], themes=["AI"])
    models.Page.objects.create(
        article=article,
        url="http://x",
        fetched_at=timezone.now(),
        markup=b"",
        regions=[{"kind": "body", "text": "<b>"}],
    )
    factories.company("LG화학", "LG Chem")
    models.Poll.objects.create(source=article.source, at=timezone.now(), outcome="failed", detail="timed out")
    model = models.__dict__[
        {
            "article": "Article",
            "poll": "Poll",
            "source": "Source",
            "outlet": "Outlet",
            "company": "Company",
            "alias": "Alias",
            "theme": "Theme",
        }[table]
    ]
    assert admin.get(f"/admin/articles/{table}/", {"q": "LG"}).status_code == 200
    page = admin.get(f"/admin/articles/{table}/{model.objects.first().pk}/change/")
    assert page.status_code == 200
    if table == "article":
        assert "&lt;b&gt;" in page.content.decode()


@pytest.mark.parametrize(
    "path",
    ["/admin/alerts/alert/", "/admin/alerts/delivery/", "/admin/accounts/user/", "/admin/accounts/user/add/"],
)
def test_the_administrators_lists_open(admin: Client, path: str):
    factories.hit(factories.alert(factories.person()), factories.article())
    assert admin.get(path).status_code == 200


def test_articles_and_polls_can_only_be_looked_at(admin: Client):
    article = factories.article()
    assert admin.get("/admin/articles/article/add/").status_code == 403
    assert admin.post(f"/admin/articles/article/{article.pk}/delete/", {"post": "yes"}).status_code == 403
    assert admin.post(f"/admin/articles/article/{article.pk}/change/", {"title": "x"}).status_code == 403
    assert models.Article.objects.filter(pk=article.pk, title=article.title).exists()


def test_a_change_to_the_watch_list_tells_the_workers(editor: Client):
    company = factories.company("LG화학")
    before = watchlist_store.revision()
    form = {
        "name": "LG화학",
        "kind": "company",
        "enabled": "on",
        "ticker": "",
        "market": "",
        "country": "",
        "sector": "",
        "parent": "",
        "aliases-TOTAL_FORMS": "1",
        "aliases-INITIAL_FORMS": "0",
        "aliases-0-text": "엘지화학",
        "aliases-0-kind": "name",
        "aliases-0-company": company.pk,
        "aliases-0-id": "",
    }
    response = editor.post(f"/admin/articles/company/{company.pk}/change/", form)
    assert response.status_code == 302
    assert [alias.text for alias in company.aliases.all()] == ["엘지화학"]
    changed = watchlist_store.revision()
    assert changed > before
    editor.post(f"/admin/articles/company/{company.pk}/delete/", {"post": "yes"})
    assert watchlist_store.revision() > changed
    assert not models.Company.objects.exists()


def test_poll_now_makes_sources_due_that_are_on(editor: Client):
    later = timezone.now() + datetime.timedelta(hours=1)
    on, off = factories.source(next_poll_at=later), factories.source(enabled=False, next_poll_at=later)
    assert "수집원 1곳을 곧 수집합니다." in act(editor, "poll_now", on, off)
    on.refresh_from_db()
    off.refresh_from_db()
    assert on.next_poll_at < timezone.now()
    assert off.next_poll_at == later


def test_a_group_is_switched_on_and_off_by_one_of_its_sources(editor: Client):
    daily = [factories.source(group="일간지", enabled=False, failures=3) for _ in range(3)]
    other = factories.source(group="IT", enabled=False)
    act(editor, "switch_groups_on", daily[0])
    assert models.Source.objects.filter(enabled=True, failures=0, next_poll_at__isnull=False).count() == 3
    act(editor, "switch_groups_off", daily[1])
    assert not models.Source.objects.filter(enabled=True).exists()
    act(editor, "switch_on", other)
    other.refresh_from_db()
    assert other.enabled
    assert other.next_poll_at is not None


def test_a_new_source_is_due_at_once(editor: Client):
    outlet = factories.outlet()
    form = {
        "outlet": outlet.pk,
        "title": "새 피드",
        "url": "https://example.com/rss.xml",
        "group": "",
        "enabled": "on",
        "kind": "feed",
        "language": "ko",
        "time_zone": "Asia/Seoul",
        "fetch_pages": "on",
        "poll_interval": "",
    }
    assert editor.post("/admin/articles/source/add/", form).status_code == 302
    assert models.Source.objects.get().next_poll_at <= timezone.now()


def test_a_failed_mail_can_be_tried_again(admin: Client):
    hit = factories.hit(factories.alert(factories.person()), factories.article())
    mail = hit.deliveries.get()
    mail.state, mail.attempts = "failed", 80
    mail.save()
    admin.post("/admin/alerts/delivery/", {"action": "send_again", "_selected_action": [mail.pk]})
    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == ("waiting", 0)


def test_sources_are_changed_together(editor: Client):
    first, second = factories.source(poll_interval=60, enabled=False), factories.source(group="경제")
    other = factories.source()
    page = act(editor, "change_together", first, second)
    assert "datalist" in page
    chosen = {"action": "change_together", "apply": "yes", "_selected_action": [first.pk, second.pk]}
    given = {"set_group": "on", "group": "해외", "fetch_pages": "no", "enabled": "yes"}
    editor.post("/admin/articles/source/", chosen | given)
    for source in (first, second, other):
        source.refresh_from_db()
    assert {(source.group, source.fetch_pages, source.enabled) for source in (first, second)} == {
        ("해외", False, True)
    }
    assert first.next_poll_at is not None
    assert (first.poll_interval, second.next_poll_at) == (60, None)
    assert (other.group, other.fetch_pages) == ("", True)
    editor.post("/admin/articles/source/", chosen | {"set_interval": "on", "poll_interval": "600"})
    first.refresh_from_db()
    assert (first.poll_interval, first.group) == (600, "해외")


def test_a_change_that_makes_no_sense_is_asked_for_again(editor: Client):
    source = factories.source()
    chosen = {"action": "change_together", "apply": "yes", "_selected_action": [source.pk]}
    page = editor.post("/admin/articles/source/", chosen | {"set_interval": "on", "poll_interval": "1"})
    assert page.status_code == 200
    source.refresh_from_db()
    assert source.poll_interval is None


def test_an_editor_sees_what_could_not_be_matched_and_has_it_tried_again(editor: Client):
    article = factories.article("고약한 기사")
    given_up = alerts.MatchSetback.objects.create(
        row_id=7, article=article, tries=5, reason="too deep", at=timezone.now(), due_at=None
    )
    assert "기사 1건" in editor.get("/admin/").content.decode()
    page = editor.get("/admin/alerts/matchsetback/").content.decode()
    assert "고약한 기사" in page
    assert "too deep" in page
    editor.post("/admin/alerts/matchsetback/", {"action": "try_again", "_selected_action": [given_up.pk]})
    given_up.refresh_from_db()
    assert given_up.due_at <= timezone.now()


def test_who_may_only_look_has_nothing_matched_again():
    person = factories.person("looker", is_staff=True)
    person.user_permissions.set(roles.Permission.objects.filter(codename="view_matchsetback"))
    client = Client()
    client.force_login(person)
    row = alerts.MatchSetback.objects.create(
        row_id=7, article=factories.article(), tries=5, reason="x", at=timezone.now(), due_at=None
    )
    client.post("/admin/alerts/matchsetback/", {"action": "try_again", "_selected_action": [row.pk]})
    row.refresh_from_db()
    assert row.due_at is None
