"""Who is told besides the owner: recipients, addresses that confirm, webhooks; with a real mail and web server."""

import datetime
import hashlib
import hmac
import http.server
import json
import re
import threading

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from alerts import addresses, models, outbox, recipients, watch, webhooks
from articles import models as news
from tests import factories

pytestmark = pytest.mark.django_db

MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def smtp(smtp_server, settings, db):
    watch.watch().clear()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", smtp_server.port
    settings.SITE_URL = "http://testserver"
    settings.DEFAULT_FROM_EMAIL = "Newswatch <desk@news.example>"
    return smtp_server


@pytest.fixture
def owner(db):
    return factories.person("analyst", language="en")


@pytest.fixture
def client(owner):
    client = Client()
    client.force_login(owner)
    return client


def arrive(title="배터리 공장 착공"):
    now = timezone.now()
    article = factories.article(title, of=factories.source(factories.outlet()), ready_at=now + MINUTE)
    factories.story(article)
    news.Outbox.objects.create(article=article, kind="new", created_at=now)
    outbox.match_waiting(now=now)


def add(client, alert, email, **fields):
    return client.post(f"/alerts/{alert.pk}/readers/add/", {"email": email, **fields}, follow=True)


def test_a_colleague_gets_the_mails_at_once(client, owner):
    alert, colleague = factories.alert(owner), factories.person("colleague")
    page = add(client, alert, "Colleague@Example.com", mode="daily").content.decode()
    assert "colleague@example.com" in page
    row = models.AlertRecipient.objects.get()
    assert (row.user, row.address, row.mode) == (colleague, None, "daily")


def test_another_address_gets_mails_only_after_its_reader_confirms(client, owner, smtp):
    alert = factories.alert(owner, name="Batteries")
    page = add(client, alert, "kim@example.org").content.decode()
    assert "has not confirmed yet" in page
    [mail] = smtp.messages
    assert (mail["To"], "Batteries" in mail.get_content()) == ("kim@example.org", True)
    arrive("배터리 하나")
    assert {row.recipient for row in models.Delivery.objects.all()} == {owner}
    url = re.search(r"http://testserver(/alerts/confirm/\S+)", mail.get_content())[1]
    stranger = Client(enforce_csrf_checks=False)
    assert "Yes, send them" in stranger.get(url, headers={"accept-language": "en"}).content.decode()
    assert models.Address.objects.get().confirmed_at is None
    assert stranger.post(url).status_code == 200
    arrive("배터리 둘")
    assert models.Delivery.objects.get(address__isnull=False).to == "kim@example.org"


def test_a_confirmation_link_cannot_be_made_up(client, owner, smtp):
    add(client, factories.alert(owner), "kim@example.org")
    token = recipients.sign(models.Address.objects.get())
    assert Client().post(f"/alerts/confirm/{token[:-2]}xx/").status_code == 404
    models.AlertRecipient.objects.all().delete()
    assert Client().post(f"/alerts/confirm/{token}/").status_code == 404
    assert models.Address.objects.get().confirmed_at is None


def test_an_address_is_not_asked_twice_in_a_short_time(client, owner, smtp):
    alert, other = factories.alert(owner), factories.alert(owner)
    add(client, alert, "kim@example.org")
    add(client, other, "kim@example.org")
    client.post(f"/alerts/{alert.pk}/readers/{alert.recipients.get().pk}/ask/")
    assert len(smtp.messages) == 1


def test_nobody_is_on_the_list_twice_or_as_its_owner(client, owner):
    alert = factories.alert(owner)
    assert add(client, alert, owner.email).status_code == 422
    add(client, alert, "kim@example.org")
    assert add(client, alert, "KIM@example.org").status_code == 422
    assert add(client, alert, "no address").status_code == 422
    assert alert.recipients.count() == 1


def test_who_is_taken_off_gets_not_even_what_waits(client, owner):
    alert, other = factories.alert(owner, mode="daily"), factories.alert(owner, "공장", mode="daily")
    colleague = factories.person()
    for one in (alert, other):
        models.AlertRecipient.objects.create(alert=one, user=colleague, created_at=timezone.now())
    arrive()
    client.post(f"/alerts/{alert.pk}/readers/{alert.recipients.get().pk}/remove/")
    left = models.Delivery.objects.get(recipient=colleague)
    assert list(left.alerts.all()) == [other]
    assert left.hits.get().alert == other
    client.post(f"/alerts/{other.pk}/readers/{other.recipients.get().pk}/remove/")
    assert not models.Delivery.objects.filter(recipient=colleague).exists()
    assert models.Delivery.objects.get().recipient == owner


def test_a_recipient_may_take_herself_off_and_nothing_else(owner):
    alert, colleague, other = factories.alert(owner), factories.person(), factories.person()
    rows = [
        models.AlertRecipient.objects.create(alert=alert, user=person, created_at=timezone.now())
        for person in (colleague, other)
    ]
    hers = Client()
    hers.force_login(colleague)
    assert hers.get(f"/alerts/{alert.pk}/readers/").status_code == 404
    assert add(hers, alert, "kim@example.org").status_code == 404
    assert hers.post(f"/alerts/{alert.pk}/readers/{rows[1].pk}/remove/").status_code == 404
    assert hers.post(f"/alerts/{alert.pk}/webhooks/add/", {"url": "https://x.example"}).status_code == 404
    assert hers.post(f"/alerts/{alert.pk}/readers/{rows[0].pk}/remove/").status_code == 302
    assert alert.recipients.get().user == other


def test_a_stopped_address_is_shown_and_resumed_by_its_reader(client, owner):
    alert = factories.alert(owner)
    addresses.stop(owner.email, "bounced", "550 5.1.1 no such user", now=timezone.now())
    arrive()
    page = client.get(f"/alerts/{alert.pk}/readers/").content.decode()
    assert "550 5.1.1 no such user" in page
    assert models.Delivery.objects.get().state == "stopped"
    client.post("/alerts/resume-address/")
    assert models.Delivery.objects.get().state == "waiting"
    other = Client()
    other.force_login(factories.person())
    assert other.post("/alerts/resume-address/").status_code == 404


def test_the_queries_of_the_page_do_not_grow_with_its_rows(client, owner):
    def queries(alert):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/alerts/{alert.pk}/readers/").status_code == 200
        return len(captured)

    few, many = factories.alert(owner), factories.alert(owner)
    now = timezone.now()
    for alert, count in ((few, 1), (many, 8)):
        for number in range(count):
            address = models.Address.objects.create(
                address=f"{alert.pk}-{number}@example.org", created_at=now
            )
            models.AlertRecipient.objects.create(alert=alert, address=address, created_at=now)
            models.AlertRecipient.objects.create(alert=alert, user=factories.person(), created_at=now)
            models.Webhook.objects.create(
                alert=alert, url=f"https://x.example/{number}", secret="s", created_at=now
            )
    queries(few)
    assert queries(few) == queries(many)


class Hook(http.server.BaseHTTPRequestHandler):
    """Keeps what it is called with, and answers what it is told to."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.calls.append((dict(self.headers), body))
        answer = self.server.answers.pop(0) if self.server.answers else 200
        self.send_response(answer)
        if answer in (302, 429):
            self.send_header("Location" if answer == 302 else "Retry-After", "120")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook) as server:
        server.calls, server.answers = [], []
        server.url = f"http://127.0.0.1:{server.server_address[1]}/hook"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def hook(owner, server):
    return models.Webhook.objects.create(
        alert=factories.alert(owner, tell_owner=False),
        url=server.url,
        secret="the secret",
        created_at=timezone.now(),
    )


def call(after=0 * MINUTE):
    return webhooks.call_due(now=lambda: timezone.now() + after)


def test_a_webhook_is_called_with_the_story_signed(hook, server):
    arrive()
    assert call() == 1
    [(headers, body)] = server.calls
    when, _, digest = headers["Newswatch-Signature"].partition(",v1=")
    signed = when.removeprefix("t=").encode() + b"." + body
    assert hmac.new(b"the secret", signed, hashlib.sha256).hexdigest() == digest
    assert [story["title"] for story in json.loads(body)["stories"]] == ["배터리 공장 착공"]
    assert models.Delivery.objects.get().state == "sent"
    assert call() == 0


@pytest.mark.parametrize("answer", [500, 503, 429, 408])
def test_a_call_that_fails_for_now_is_tried_again(hook, server, answer):
    server.answers = [answer]
    arrive()
    call()
    delivery = models.Delivery.objects.get()
    assert (delivery.state, delivery.attempts) == ("waiting", 1)
    assert str(answer) in delivery.error
    call(after=10 * MINUTE)
    assert models.Delivery.objects.get().state == "sent"
    assert len(server.calls) == 2
    assert len({json.loads(body)["id"] for _, body in server.calls}) == 1


@pytest.mark.parametrize("answer", [400, 403, 302])
def test_a_call_that_is_refused_fails_and_says_why(hook, server, answer):
    server.answers = [answer] * 2
    arrive()
    call()
    delivery = models.Delivery.objects.get()
    assert (delivery.state == "failed") == (answer != 302)
    assert str(answer) in delivery.error
    assert len(server.calls) == 1


def test_a_webhook_that_is_gone_is_stopped_and_goes_on_when_it_is_resumed(client, hook, server):
    server.answers = [410]
    arrive("배터리 하나")
    call()
    arrive("배터리 둘")
    assert call() == 0
    client.post(f"/alerts/{hook.alert_id}/webhooks/{hook.pk}/", {"do": "resume"})
    assert call() == 1
    assert "배터리 둘" in server.calls[-1][1].decode()


def test_an_address_inside_the_network_is_refused(hook, server, settings):
    settings.FETCH_ALLOW_PRIVATE = []
    arrive()
    call()
    delivery = models.Delivery.objects.get()
    assert delivery.state == "failed"
    assert "not a public address" in delivery.error
    assert server.calls == []


def test_a_new_webhooks_secret_is_shown_once_and_a_test_reaches_it(client, owner, server):
    alert = factories.alert(owner)
    page = client.post(f"/alerts/{alert.pk}/webhooks/add/", {"url": server.url, "form": "slack"})
    hook = models.Webhook.objects.get()
    assert hook.secret in page.content.decode()
    assert hook.secret not in client.get(f"/alerts/{alert.pk}/readers/").content.decode()
    client.post(f"/alerts/{alert.pk}/webhooks/{hook.pk}/", {"do": "test"})
    assert json.loads(server.calls[0][1])["blocks"]
    again = client.post(f"/alerts/{alert.pk}/webhooks/add/", {"url": server.url, "form": "json"})
    assert again.status_code == 422
    client.post(f"/alerts/{alert.pk}/webhooks/{hook.pk}/", {"do": "remove"})
    assert not models.Webhook.objects.exists()
