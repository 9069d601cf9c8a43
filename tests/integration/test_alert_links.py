"""Links in mails act for their reader without a log-in, for nobody else, and not for ever."""

import dataclasses
import datetime

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from alerts import links, models
from newswatch.accounts.models import User
from tests import factories

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def redis(settings, valkey_url):
    settings.REDIS_URL = valkey_url


@pytest.fixture
def owner() -> User:
    return factories.person("owner", language="en")


@pytest.fixture
def alert(owner) -> models.Alert:
    return factories.alert(owner, "배터리", name="Batteries")


def link(act, person, *alerts, story=None, address=None, **more):
    email = person.email if person else address.address
    return links.Link(
        links.Act(act),
        person.pk if person else None,
        address.pk if address else None,
        links.seal(email),
        tuple(alert.pk for alert in alerts),
        story.pk if story else None,
        **more,
    )


def path(of):
    return f"/alerts/by-mail/{links.sign(of)}/"


def undo_path(page):
    return page.split('<form method="post" action="')[1].split('"')[0]


def address(email="reader@else.example"):
    return models.Address.objects.create(
        address=email, created_at=timezone.now(), confirmed_at=timezone.now(), language="en"
    )


def recipient(alert, **who):
    return models.AlertRecipient.objects.create(alert=alert, created_at=timezone.now(), **who)


def test_looking_at_a_link_does_nothing_and_shows_a_button(client: Client, owner, alert):
    response = client.get(path(link("stop", owner, alert)))
    page = response.content.decode()
    assert response.status_code == 200
    assert "Get no more of these mails?" in page
    assert "Batteries" in page
    assert response["X-Robots-Tag"] == "noindex"
    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]
    alert.refresh_from_db()
    assert alert.tell_owner


def test_one_click_of_a_mail_program_needs_no_cookie_and_acts_without_a_detour(owner, alert):
    programme = Client(enforce_csrf_checks=True)
    response = programme.post(path(link("stop", owner, alert)), {"List-Unsubscribe": "One-Click"})
    assert response.status_code == 200
    assert not response.cookies
    alert.refresh_from_db()
    assert not alert.tell_owner
    assert alert.enabled


def test_each_link_acts_once_and_can_be_taken_back(client: Client, owner, alert):
    def state():
        alert.refresh_from_db()
        return alert.tell_owner, alert.enabled, alert.muted_until is not None

    for act, changed in (
        ("stop", (False, True, False)),
        ("pause", (True, False, False)),
        ("day", (True, True, True)),
    ):
        for _ in range(2):
            page = client.post(path(link(act, owner, alert))).content.decode()
        assert state() == changed, act
        client.post(undo_path(page))
        assert state() == (True, True, False), act


def test_a_mute_ends_after_a_day(client: Client, owner, alert):
    client.post(path(link("day", owner, alert)))
    alert.refresh_from_db()
    assert DAY - datetime.timedelta(minutes=1) < alert.muted_until - timezone.now() <= DAY


def test_a_reader_who_is_not_the_owner_stops_her_own_mails_alone(client: Client, owner, alert):
    other, outside = factories.person("other", language="en"), address()
    recipient(alert, user=other, mode="daily", at_hour=7)
    recipient(alert, address=outside)
    page = client.post(path(link("stop", other, alert))).content.decode()
    assert [row.address for row in alert.recipients.all()] == [outside]
    client.post(undo_path(page))
    restored = alert.recipients.get(user=other)
    assert (restored.mode, restored.at_hour) == ("daily", 7)
    client.post(path(link("stop", None, alert, address=outside)))
    assert [row.user for row in alert.recipients.all()] == [other]
    alert.refresh_from_db()
    assert alert.tell_owner


def test_a_story_is_muted_for_its_reader(client: Client, owner, alert):
    story = factories.story(factories.article("한빛배터리 공장"), factories.article("공장 착공"))
    page = client.post(path(link("story", owner, alert, story=story))).content.decode()
    assert "You get no more mails about this story" in page
    assert "한빛배터리 공장" in page
    mute = models.StoryMute.objects.get()
    assert (mute.story, mute.person, mute.address) == (story, owner, None)
    client.post(undo_path(page))
    assert not models.StoryMute.objects.exists()


def test_what_was_changed_on_the_way_is_refused(client: Client, owner, alert):
    token = links.sign(link("pause", owner, alert))
    forged = [
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        "x" + token,
        token.replace(":", "", 1),
        signing.dumps(dataclasses.astuple(link("pause", owner, alert)), salt="another salt"),
        signing.dumps(dataclasses.astuple(link("pause", owner, alert)), key="another key", salt=links.SALT),
        signing.dumps(["pause", owner.pk], salt=links.SALT),
        signing.dumps("nonsense", salt=links.SALT),
    ]
    for one in forged:
        assert client.post(f"/alerts/by-mail/{one}/").status_code == 404, one
    alert.refresh_from_db()
    assert alert.enabled


def test_only_an_owner_pauses_and_mutes(client: Client, alert):
    other = factories.person("other")
    recipient(alert, user=other)
    for act in ("pause", "day"):
        assert client.post(path(link(act, other, alert))).status_code == 410
    alert.refresh_from_db()
    assert (alert.enabled, alert.muted_until) == (True, None)


def test_a_link_dies_with_age_and_with_its_readers_address(client: Client, owner, alert, monkeypatch):
    old = path(link("pause", owner, alert))
    monkeypatch.setattr(links, "LIVES", datetime.timedelta(seconds=-1))
    response = client.post(old)
    assert response.status_code == 410
    assert "너무 오래" in response.content.decode() or "too old" in response.content.decode()
    monkeypatch.undo()
    owner.email = "elsewhere@example.com"
    owner.save(update_fields=["email"])
    assert client.post(old).status_code == 410
    alert.refresh_from_db()
    assert alert.enabled


def test_undoing_is_for_a_day_only(client: Client, owner, alert, monkeypatch):
    back = path(link("stop", owner, alert, undoes=True, kept=((alert.pk, "owner", None, None),)))
    models.Alert.objects.update(tell_owner=False)
    monkeypatch.setattr(links, "UNDO_LIVES", datetime.timedelta(seconds=-1))
    assert client.post(back).status_code == 410
    alert.refresh_from_db()
    assert not alert.tell_owner


def test_a_closed_account_and_a_deleted_alert_have_no_links(client: Client, owner, alert):
    its = path(link("pause", owner, alert))
    User.objects.update(is_active=False)
    assert client.get(its).status_code == 410
    User.objects.update(is_active=True)
    alert.delete()
    assert client.get(its).status_code == 410


def test_somebody_else_who_is_logged_in_is_refused(client: Client, owner, alert):
    client.force_login(factories.person("other", language="en"))
    response = client.post(path(link("stop", owner, alert)))
    assert response.status_code == 403
    alert.refresh_from_db()
    assert alert.tell_owner


def test_the_page_speaks_the_readers_language(client: Client, alert):
    korean = factories.person("other", language="ko")
    recipient(alert, user=korean)
    page = client.get(path(link("stop", korean, alert)), headers={"Accept-Language": "en"})
    assert '<html lang="ko"' in page.content.decode()


def test_links_are_not_used_without_end(client: Client, owner, alert):
    its = path(link("day", owner, alert))
    answers = {client.post(its).status_code for _ in range(31)}
    assert answers == {200, 429}
    assert client.get(its).status_code == 200
