"""Briefings by mail: who can get them, who agreed, how they stop; with a real mail server."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from alerts import addresses, briefings, deliver, envelopes, models
from articles import collecting, draft_reads
from articles import models as news
from newswatch.accounts.models import User
from tests import factories, mailbox

pytestmark = pytest.mark.django_db
SENTENCE = "가온전지가 구미에 1조2000억원을 들여 공장을 짓는다고 밝혔다."


@pytest.fixture(autouse=True)
def smtp(smtp_server: mailbox.Mailbox, settings, db) -> mailbox.Mailbox:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", smtp_server.port
    settings.SITE_URL = "http://testserver"
    settings.DEFAULT_FROM_EMAIL = "Newswatch <desk@news.example>"
    return smtp_server


@pytest.fixture
def writer(db) -> User:
    return factories.person("writer", language="en")


@pytest.fixture
def client(writer: User) -> Client:
    client = Client()
    client.force_login(writer)
    return client


@pytest.fixture
def briefing(writer: User) -> news.Collection:
    made = collecting.create(
        writer.pk, "Morning <b>", language="en", now=timezone.now(), day=timezone.localdate()
    )
    article = factories.article("가온전지 공장", SENTENCE, companies=["가온전지"])
    collecting.add(made, draft_reads.of_article(article), now=timezone.now())
    return made


def send(client: Client, briefing: news.Collection, *to: str) -> None:
    client.post(f"/briefing/{briefing.pk}/mail/send/", {"to": to})
    deliver.send_due(now=timezone.now)


def add(client: Client, briefing: news.Collection, email: str):
    return client.post(f"/briefing/{briefing.pk}/mail/readers/", {"email": email}, follow=True)


def test_the_writer_mails_it_to_herself(client: Client, briefing: news.Collection, smtp: mailbox.Mailbox):
    send(client, briefing, "me")
    (mail,) = smtp.wait_for(1)
    assert mail["To"] == "writer@example.com"
    assert mail["Subject"] == "Morning <b>"
    assert mail["List-Unsubscribe"] is None
    assert SENTENCE in mail.get_body(("plain",)).get_content()
    html = mail.get_body(("html",)).get_content()
    assert SENTENCE in html
    assert "<b>" not in html
    assert "<script" not in html
    assert 'style="' in html
    assert "Mail sent" in client.get(f"/briefing/{briefing.pk}/mail/").content.decode()


def test_pressing_twice_sends_once(client: Client, briefing: news.Collection, smtp: mailbox.Mailbox):
    send(client, briefing, "me")
    send(client, briefing, "me")
    assert len(smtp.wait_for(1)) == 1
    assert models.Delivery.objects.count() == 1


def test_what_is_mailed_is_what_she_sees_and_is_published(client: Client, briefing: news.Collection, smtp):
    client.post(f"/briefing/{briefing.pk}/publish/", {"do": "publish"})
    client.post(f"/briefing/{briefing.pk}/write/", {"what": "intro", "was": "", "text": "Good morning."})
    send(client, briefing, "me")
    (mail,) = smtp.wait_for(1)
    briefing.refresh_from_db()
    assert "Good morning." in mail.get_body(("plain",)).get_content()
    assert f"/read/{briefing.secret}/" in mail.get_body(("html",)).get_content()
    assert "Good morning." in Client().get(f"/read/{briefing.secret}/").content.decode()


def test_a_colleague_gets_it_and_leaves_with_one_click(client: Client, briefing: news.Collection, smtp):
    factories.person("colleague", language="ko")
    add(client, briefing, "Colleague@example.com")
    row = models.BriefingReader.objects.get()
    send(client, briefing, str(row.pk))
    (mail,) = smtp.wait_for(1)
    assert mail["To"] == "colleague@example.com"
    stop = re.search(r"<http://testserver(.*?)>", mail["List-Unsubscribe"])[1]
    stranger = Client()
    assert models.BriefingReader.objects.exists() == (stranger.get(stop).status_code == 200)
    page = stranger.post(stop, {"List-Unsubscribe": "One-Click"}).content.decode()
    assert not models.BriefingReader.objects.exists()
    undo = re.search(r'action="(/alerts/by-mail/[^"]+)"', page)[1]
    stranger.post(undo)
    assert models.BriefingReader.objects.get().user == row.user


def test_an_address_is_asked_and_gets_nothing_before_it_agrees(
    client: Client, briefing: news.Collection, smtp
):
    add(client, briefing, "kim@example.org")
    (asked,) = smtp.wait_for(1)
    assert asked["To"] == "kim@example.org"
    row = models.BriefingReader.objects.get()
    send(client, briefing, str(row.pk))
    assert not models.Delivery.objects.exists()
    link = re.search(r"http://testserver(/alerts/confirm/\S+)", asked.get_content())[1]
    page = Client().get(link)
    assert "writer" in page.content.decode()
    assert not models.Address.objects.get().confirmed_at
    Client().post(link)
    send(client, briefing, str(row.pk))
    assert smtp.wait_for(2)[1]["To"] == "kim@example.org"


def test_a_stopped_address_gets_nothing(client: Client, writer: User, briefing: news.Collection, smtp):
    addresses.stop(writer.email, "bounced", "550 no", now=timezone.now())
    send(client, briefing, "me")
    assert not models.Delivery.objects.exists()
    assert "stopped" in client.get(f"/briefing/{briefing.pk}/mail/").content.decode()


def test_a_refused_mail_stops_the_address_as_an_alerts_does(client: Client, briefing: news.Collection, smtp):
    smtp.refuse_with = "550 5.1.1 no such user"
    send(client, briefing, "me")
    assert models.Address.objects.get(address="writer@example.com").stopped_at
    assert models.Delivery.objects.get().state == "stopped"


def test_a_deleted_briefing_is_not_mailed(client: Client, briefing: news.Collection, smtp):
    client.post(f"/briefing/{briefing.pk}/mail/send/", {"to": "me"})
    client.post(f"/briefing/{briefing.pk}/delete/")
    deliver.send_due(now=timezone.now)
    delivery = models.Delivery.objects.get()
    assert (delivery.state, delivery.error) == ("failed", "the briefing was deleted")


def test_a_reader_who_is_taken_off_does_not_even_get_what_waits(
    client: Client, briefing: news.Collection, smtp
):
    factories.person("colleague")
    add(client, briefing, "colleague@example.com")
    row = models.BriefingReader.objects.get()
    client.post(f"/briefing/{briefing.pk}/mail/send/", {"to": str(row.pk)})
    client.post(f"/briefing/{briefing.pk}/mail/readers/{row.pk}/", {"do": "remove"})
    assert not models.Delivery.objects.exists()


def test_an_alerts_mail_never_goes_into_a_briefings(client: Client, writer: User, briefing: news.Collection):
    collecting.publish(briefing, {"title": "x"}, now=timezone.now())
    briefings.send(briefing, briefings.readers(writer), now=timezone.now())
    assert envelopes.open_envelopes([("recipient", writer.pk)]) == {}
    assert envelopes.told_lately([("recipient", writer.pk)], since=timezone.now() - briefings.ONCE) == {}


@pytest.mark.parametrize("email", ["writer@example.com", "not an address", ""])
def test_who_cannot_be_added_is_told_why(client: Client, briefing: news.Collection, email: str):
    answer = add(client, briefing, email)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


@pytest.mark.parametrize(
    ("method", "path"), [("get", ""), ("post", "send/"), ("post", "readers/"), ("post", "readers/1/")]
)
def test_another_persons_briefing_is_not_found(briefing: news.Collection, method: str, path: str):
    stranger = Client()
    stranger.force_login(factories.person("other"))
    assert getattr(stranger, method)(f"/briefing/{briefing.pk}/mail/{path}", {"to": "me"}).status_code == 404
    assert not models.Delivery.objects.exists()
