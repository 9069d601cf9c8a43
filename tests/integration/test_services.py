"""The embedded servers: they start, survive what kills them, and leave nobody behind."""

import smtplib

import pytest
import redis
from django.db import connection


@pytest.mark.django_db
def test_korean_letters_have_trigrams():
    with connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        cursor.execute("SELECT cardinality(show_trgm('인공지능'))")
        assert cursor.fetchone() == (5,)


def test_the_broker_answers(valkey_url):
    with redis.Redis.from_url(valkey_url) as client:
        assert client.ping()


def test_the_mail_server_keeps_what_it_receives_and_refuses_when_told(smtp_server):
    with smtplib.SMTP("127.0.0.1", smtp_server.port) as client:
        client.sendmail("a@example.org", ["b@example.org"], "Subject: one\r\n\r\nhello\r\n")
        smtp_server.refuse_with = "451 Later"
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            client.sendmail("a@example.org", ["b@example.org"], "Subject: two\r\n\r\nhello\r\n")
    assert [message["subject"] for message in smtp_server.wait_for(1)] == ["one"]
