"""What mail servers and mailboxes say of mails that did not arrive."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.matching import bounces

STATUS = """Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; kim@example.org
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 <kim@example.org>:
 No such user
"""


def report(kind="delivery-status", action="failed", status="5.1.1", returned="message/rfc822", fields=""):
    body = fields or STATUS.format(action=action, status=status)
    return f"""From: MAILER-DAEMON@mx.example.org
To: bounces@news.example
Message-ID: <the-report@mx.example.org>
MIME-Version: 1.0
Content-Type: multipart/report; report-type={kind}; boundary="b"

--b
Content-Type: text/plain

It did not arrive. Message-ID: <in-the-prose@news.example>
--b
Content-Type: message/{kind}

{body}
--b
Content-Type: {returned}

Message-ID: <ours@news.example>
Subject: [Batteries] news

--b--
""".encode()


def test_a_bounce_names_our_mail_and_says_why():
    found = bounces.read_report(report())
    assert found == bounces.Report(
        ("<ours@news.example>",),
        complaint=False,
        final=True,
        words="550 5.1.1 <kim@example.org>: No such user",
    )


def test_headers_alone_are_enough():
    assert bounces.read_report(report(returned="text/rfc822-headers")).message_ids == ("<ours@news.example>",)


@pytest.mark.parametrize(
    ("action", "status"), [("delayed", "4.4.1"), ("failed", "4.4.7"), ("relayed", "2.0.0")]
)
def test_what_may_still_arrive_is_not_final(action, status):
    assert not bounces.read_report(report(action=action, status=status)).final


def test_a_complaint_is_one():
    fields = "Feedback-Type: abuse\nUser-Agent: x/1\nVersion: 1\n"
    found = bounces.read_report(report(kind="feedback-report", fields=fields))
    assert (found.complaint, found.message_ids) == (True, ("<ours@news.example>",))


def test_other_mails_are_no_reports():
    assert bounces.read_report(b"Subject: out of office\n\nI am away. Status: 5.1.1\n") is None
    assert bounces.read_report(b"") is None


@given(st.binary(max_size=400), st.integers(0, 700))
def test_nothing_that_comes_in_a_mail_breaks_it(noise, at):
    whole = report()
    bounces.read_report(whole[:at] + noise + whole[at:])


@pytest.mark.parametrize(
    ("code", "words", "gone"),
    [
        (550, "5.1.1 No such user here", True),
        (550, "no such user", True),
        (550, "5.2.1 Mailbox disabled", True),
        (552, "5.2.2 Mailbox full", False),
        (550, "5.7.1 Message refused by policy", False),
        (554, "rejected", False),
        (450, "4.2.0 Greylisted", False),
    ],
)
def test_a_refusal_says_whether_the_mailbox_is_gone(code, words, gone):
    assert bounces.is_gone(code, words) == gone
