"""Mails are not lost and not doubled whatever servers, processes and mailboxes do; with real ones of each."""

import datetime
import mailbox
import subprocess
import sys
import zoneinfo

import pytest
from django.core.management import call_command
from django.utils import timezone

from alerts import addresses, bounced, deliver, emails, models, outbox, watch
from articles import models as news
from tests import factories

pytestmark = pytest.mark.django_db

MINUTE = datetime.timedelta(minutes=1)
HOUR = datetime.timedelta(hours=1)
DSN = """From: MAILER-DAEMON@mx.example.org
To: bounces@news.example
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It did not arrive.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; somebody@example.org
Action: failed
Status: {status}
Diagnostic-Code: smtp; 550 {status} no such user
--b
Content-Type: text/rfc822-headers

Message-ID: {message_id}
--b--
"""


@pytest.fixture(autouse=True)
def smtp(smtp_server, settings, db):
    watch.watch().clear()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", smtp_server.port
    settings.EMAIL_TIMEOUT = 5
    settings.DEFAULT_FROM_EMAIL = "Newswatch <desk@news.example>"
    return smtp_server


@pytest.fixture
def owner(db):
    return factories.person("analyst", language="en")


def arrive(title="배터리 공장 착공", at=None):
    now = at or timezone.now()
    article = factories.article(
        title,
        of=factories.source(factories.outlet()),
        published_at=now,
        first_seen_at=now,
        ready_at=now + MINUTE,
    )
    factories.story(article)
    news.Outbox.objects.create(article=article, kind="new", created_at=now)
    outbox.match_waiting(now=now)


def send(after=0 * MINUTE):
    return deliver.send_due(now=lambda: timezone.now() + after)


def states():
    return list(models.Delivery.objects.order_by("pk").values_list("state", flat=True))


def test_a_greylisting_server_gets_the_mail_a_little_later(owner, smtp):
    smtp.greylists = True
    factories.alert(owner)
    arrive()
    send()
    assert (states(), smtp.messages) == (["waiting"], [])
    assert models.Delivery.objects.get().error.startswith("451 4.7.1 Greylisted")
    send(after=MINUTE)
    assert (states(), len(smtp.messages)) == (["sent"], 1)


def test_a_server_that_stalls_after_the_mail_gets_it_again_under_the_same_id(owner, smtp, settings):
    settings.EMAIL_TIMEOUT = 1
    smtp.stall_s = 3
    factories.alert(owner)
    arrive()
    send()
    assert states() == ["waiting"]
    smtp.stall_s = 0
    send(after=MINUTE)
    assert states() == ["sent"]
    ids = {message["Message-ID"] for message in smtp.messages}
    assert ids == {models.Delivery.objects.get().message_id}


def test_an_hour_without_a_mail_server_means_later_mails_and_no_lost_ones(owner, smtp, settings, free_port):
    factories.alert(owner)
    colleague = factories.person(language="en")
    factories.alert(colleague)
    settings.EMAIL_PORT = free_port
    for number in range(6):
        arrive(f"배터리 {number}호")
        send(after=number * 10 * MINUTE)
    assert smtp.messages == []
    settings.EMAIL_PORT = smtp.port
    send(after=HOUR)
    assert set(states()) == {"sent"}
    told = models.DeliveryHit.objects.filter(delivery__state="sent")
    assert told.count() == models.Hit.objects.count() == 12
    for person in (owner, colleague):
        [mail] = [message for message in smtp.messages if message["To"] == person.email]
        text = mail.get_body(("plain",)).get_content()
        assert all(f"{number}호" in text for number in range(6))


def test_a_mail_that_is_late_does_not_come_at_night(owner, smtp):
    zone = zoneinfo.ZoneInfo("Asia/Seoul")
    evening = timezone.now().astimezone(zone).replace(hour=21, minute=59, second=0, microsecond=0)
    factories.alert(
        owner,
        quiet_from=datetime.time(22),
        quiet_until=datetime.time(7),
        active_since=evening - HOUR,
    )
    smtp.refuse_with = "451 later"
    arrive(at=evening)
    deliver.send_due(now=lambda: evening)
    smtp.refuse_with = ""
    deliver.send_due(now=lambda: evening + 10 * MINUTE)
    assert smtp.messages == []
    assert models.Delivery.objects.get().due_at == (evening + 9 * HOUR).replace(hour=7, minute=0)
    deliver.send_due(now=lambda: evening + 10 * HOUR)
    assert len(smtp.messages) == 1


SENDER = """
import django
django.setup()
from django.utils import timezone
from alerts import deliver
deliver.send_due(now=timezone.now)
"""


@pytest.mark.django_db(transaction=True)
def test_a_sender_killed_between_sending_and_recording_costs_a_second_copy_and_no_mail(
    service_environment, smtp
):
    factories.alert(factories.person("killed", language="en"))
    arrive()
    smtp.stall_s = 2
    worker = subprocess.Popen(
        [sys.executable, "-c", SENDER],
        env={**service_environment, "EMAIL_URL": smtp.url, "DEFAULT_FROM_EMAIL": "desk@news.example"},
    )
    try:
        assert len(smtp.wait_for(1, seconds=60)) == 1
    finally:
        worker.kill()
        worker.wait()
    smtp.stall_s = 0
    delivery = models.Delivery.objects.get()
    assert (delivery.state, delivery.sent_at) == ("waiting", None)
    assert send() == 0
    assert send(after=deliver.claim() + MINUTE) == 1
    assert {message["Message-ID"] for message in smtp.messages} == {delivery.message_id}
    assert len(smtp.messages) == 2
    assert states() == ["sent"]


def test_an_address_that_does_not_exist_is_stopped_and_goes_on_when_it_is_resumed(owner, smtp):
    factories.alert(owner)
    smtp.refuse_with = "550 5.1.1 No such user here"
    arrive("배터리 하나")
    send()
    address = models.Address.objects.get()
    assert (address.address, address.stop) == (owner.email, "refused")
    assert address.stop_words == "550 5.1.1 No such user here"
    arrive("배터리 둘")
    arrive("배터리 셋")
    assert states() == ["stopped", "stopped"]
    smtp.refuse_with = ""
    assert send(after=HOUR) == 0
    addresses.resume(address, now=timezone.now())
    assert send() == 2
    assert states() == ["sent", "sent"]


def test_an_address_is_not_stopped_for_what_is_wrong_with_one_mail(owner, smtp):
    factories.alert(owner)
    smtp.refuse_with = "552 5.2.2 Mailbox full"
    for number in range(addresses.MOST_REFUSALS - 1):
        arrive(f"배터리 {number}호")
        send()
    assert set(states()) == {"failed"}
    assert models.Address.objects.get().stopped_at is None
    arrive("배터리 하나 더")
    send()
    assert models.Address.objects.get().stop == "refused"


def test_a_mail_that_came_back_stops_its_address(owner, smtp, settings, tmp_path):
    settings.BOUNCE_ADDRESS = "bounces@news.example"
    factories.alert(owner)
    arrive()
    send()
    [message], [envelope] = smtp.messages, smtp.envelopes
    assert envelope.mail_from == "bounces@news.example"
    assert message["From"] == "Newswatch <desk@news.example>"
    box = mailbox.Maildir(tmp_path / "bounces")
    box.add(DSN.format(status="5.1.1", message_id=message["Message-ID"]))
    box.add("Subject: hello\n\nA person wrote this.\n")
    settings.BOUNCE_MAILDIR = str(tmp_path / "bounces")
    assert bounced.read_folder(now=timezone.now()) == 1
    assert bounced.read_folder(now=timezone.now()) == 0
    assert models.Address.objects.get().stop == "bounced"
    assert states() == ["stopped"]
    assert len(list(box)) == 2


@pytest.mark.parametrize(
    ("status", "message_id"), [("5.1.1", "<somebody-elses@news.example>"), ("4.2.2", None)]
)
def test_a_report_of_another_mail_or_of_a_delay_stops_nothing(owner, smtp, status, message_id):
    factories.alert(owner)
    arrive()
    send()
    data = DSN.format(status=status, message_id=message_id or smtp.messages[0]["Message-ID"])
    assert bounced.take(data.encode(), now=timezone.now()) == (True, None)
    assert not models.Address.objects.filter(stopped_at__isnull=False).exists()
    assert states() == ["sent"]


def test_the_command_reads_a_mail_that_a_server_pipes_to_it(owner, smtp, monkeypatch, capsys):
    factories.alert(owner)
    arrive()
    send()
    data = DSN.format(status="5.1.1", message_id=smtp.messages[0]["Message-ID"]).encode()

    class Piped:
        class buffer:
            read = staticmethod(lambda most: data[:most])

    monkeypatch.setattr(sys, "stdin", Piped)
    call_command("read_bounces")
    assert capsys.readouterr().out == f"stopped: {owner.email}\n"


def test_what_was_sealed_says_the_same_in_every_copy(owner, smtp, monkeypatch):
    factories.alert(owner)
    arrive("배터리 하나")
    smtp.refuse_with = "451 later"
    send()
    arrive("배터리 둘")
    smtp.refuse_with = ""
    send(after=MINUTE)
    assert len(smtp.messages) == 2
    assert [emails.reader_of(row).email for row in models.Delivery.objects.all()] == [owner.email] * 2
    assert sorted(row.hits.count() for row in models.Delivery.objects.all()) == [1, 1]
