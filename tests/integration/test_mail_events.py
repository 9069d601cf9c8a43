"""What a mail provider reports of mails that came back: in Postmark's form, read by anymail."""

import base64
import importlib

import pytest
from django.test import Client, override_settings
from django.urls import clear_url_caches

from alerts import models
from newswatch import urls
from tests import factories

pytestmark = pytest.mark.django_db

SECRET = "provider:a long password"


@pytest.fixture(autouse=True)
def allowed():
    with override_settings(MAIL_EVENTS_SECRET=SECRET, ANYMAIL={"WEBHOOK_SECRET": [SECRET]}):
        importlib.reload(urls)
        clear_url_caches()
        yield
    importlib.reload(urls)
    clear_url_caches()


def report(email, kind="HardBounce", code=1, secret=SECRET):
    bounce = {
        "RecordType": "Bounce",
        "MessageID": "1-2-3",
        "Type": kind,
        "TypeCode": code,
        "Email": email,
        "BouncedAt": "2026-11-20T03:00:00Z",
        "Details": "550 5.1.1 no such user",
        "Description": "Unknown user",
    }
    word = base64.b64encode(secret.encode()).decode()
    return Client().post(
        "/mail-events/postmark/tracking/",
        bounce,
        content_type="application/json",
        headers={"authorization": f"Basic {word}"},
    )


def test_a_mail_that_came_back_for_good_stops_its_address():
    person = factories.person("kim")
    assert report("Kim@example.com").status_code == 200
    address = models.Address.objects.get()
    assert (address.address, address.stop) == (person.email, "bounced")
    assert "no such user" in address.stop_words


def test_a_complaint_stops_it_too():
    factories.person("kim")
    report("kim@example.com", "SpamComplaint", 100001)
    assert models.Address.objects.get().stop == "complaint"


def test_a_full_mailbox_and_a_stranger_stop_nothing():
    factories.person("kim")
    report("kim@example.com", "Transient", 2)
    report("stranger@example.com")
    assert not models.Address.objects.exists()


def test_without_the_secret_nothing_is_believed():
    factories.person("kim")
    assert report("kim@example.com", secret="provider:guess").status_code == 400
    assert not models.Address.objects.exists()
