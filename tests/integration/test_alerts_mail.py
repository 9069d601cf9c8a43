"""From mails that wait to mails received, with a real PostgreSQL and a real SMTP server."""

import datetime
import email.utils
import html.parser
import itertools
import smtplib
import socketserver
import threading

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from alerts import deliver, emails, links, models, outbox
from alerts.matching import digest
from articles import models as news
from tests import factories, mailbox

pytestmark = pytest.mark.django_db

TITLE = "한빛배터리, 북미 공장 착공"
BODY = "한빛배터리는 20일 북미에 배터리 공장을 짓는다고 밝혔다."
SECOND = datetime.timedelta(seconds=1)


@pytest.fixture(autouse=True)
def smtp(smtp_server, settings, db):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", smtp_server.port
    settings.EMAIL_TIMEOUT = 5
    settings.SITE_URL = "https://news.example"
    settings.DEFAULT_FROM_EMAIL = "Newswatch <desk@news.example>"
    return smtp_server


@pytest.fixture
def owner(db):
    return factories.person("analyst", language="en")


def arrive(title=TITLE, body=BODY, *, outlet="한빛일보", **fields):
    """An article as the pipeline leaves it: ready, in a story (of its title), with an outbox row."""
    now = timezone.now()
    article = factories.article(
        title, body, of=factories.source(factories.outlet(outlet)), ready_at=now, **fields
    )
    key = digest.title_key(title)
    others = [one for one in news.Article.objects.order_by("pk") if digest.title_key(one.title) == key]
    factories.story(others[0], article)
    news.Outbox.objects.create(article=article, kind="new", created_at=now)
    return article


def match():
    outbox.match_waiting(now=timezone.now())


def send(after=0 * SECOND):
    return deliver.send_due(now=lambda: timezone.now() + after)


def subject(message):
    """The subject as a reader sees it: a long first word is folded to a line of its own."""
    return message["Subject"].strip()


def mails_of(owner, count):
    """Deliveries that wait: the owner's, and other people's."""
    for person in (owner, *(factories.person(language="en") for _ in range(count - 1))):
        factories.alert(person, "배터리")
    arrive()
    match()
    return list(models.Delivery.objects.order_by("pk"))


class Links(html.parser.HTMLParser):
    """What a mail reader makes of the HTML: text, links, highlighted text, elements."""

    def __init__(self, message):
        super().__init__()
        self.text, self.links, self.marked, self.tags = "", [], [], []
        self.source = message.get_body(("html",)).get_content()
        self.feed(self.source)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.within = dict(attrs)
        if tag == "a":
            self.links.append(self.within["href"])

    def handle_data(self, data):
        self.text += data
        if getattr(self, "within", {}).get("class") == "match":
            self.marked.append(data)
            self.within = {}


def test_a_hit_is_received_as_one_mail_in_plain_text_and_html(owner, smtp):
    alert = factories.alert(owner, "배터리", name="Batteries")
    article = arrive()
    match()
    assert send() == 1
    [message], [envelope] = smtp.messages, smtp.envelopes
    delivery = models.Delivery.objects.get()
    assert (delivery.state, delivery.attempts, delivery.error) == ("sent", 1, "")
    assert envelope.rcpt_tos == ["analyst@example.com"]
    assert message["To"] == "analyst@example.com"
    assert subject(message) == f"[Batteries] {TITLE}"
    assert message["Message-ID"] == delivery.message_id
    assert delivery.message_id.endswith("@news.example>")
    assert email.utils.parsedate_to_datetime(message["Date"])
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    ours = f"https://news.example/articles/{article.pk}/"
    plain = message.get_body(("plain",)).get_content()
    for expected in (TITLE, "한빛일보", "*배터리*", ours, article.url, f"/alerts/{alert.pk}/"):
        assert expected in plain
    page = Links(message)
    assert TITLE in page.text
    assert ours in page.links
    assert article.url in page.links
    assert set(page.marked) == {"배터리"}


def test_a_mail_speaks_its_readers_language_and_tells_her_time(smtp):
    at = datetime.datetime.now(datetime.UTC).replace(hour=1, minute=30)
    for language, zone in (("ko", "Asia/Seoul"), ("en", "Europe/London")):
        factories.alert(factories.person(language=language, time_zone=zone), "배터리")
    arrive(published_at=at, first_seen_at=at)
    match()
    send()
    korean, english = sorted(
        (Links(message) for message in smtp.messages), key=lambda page: "10:30" not in page.text
    )
    assert '<html lang="ko"' in korean.source
    assert "10:30 KST" in korean.text
    assert '<html lang="en"' in english.source
    assert "01:30 " in english.text
    assert "Matched:" in english.text


def test_a_hostile_title_stays_text(owner, smtp):
    title = "<script>alert(1)</script> & 배터리\r\nBcc: all@example.com <img src=x onerror=y>"
    factories.alert(owner, "배터리", name="<b>A & B</b>\n")
    arrive(title, "<a href='https://evil.example/'>배터리</a>", url="javascript:alert(1)")
    match()
    send()
    [message] = smtp.messages
    page = Links(message)
    assert subject(message).startswith(
        "[<b>A & B</b> ] <script>alert(1)</script> & 배터리 Bcc: all@example.com"
    )
    assert message["Bcc"] is None
    assert smtp.envelopes[0].rcpt_tos == ["analyst@example.com"]
    assert not {"script", "img", "b"} & set(page.tags)
    assert all(link.startswith("https://news.example/") for link in page.links)
    assert "<script>alert(1)</script>" in page.text


def test_several_hits_come_in_one_mail_newest_first(owner, smtp):
    factories.alert(owner, "배터리", name="Batteries")
    now = timezone.now()
    for number in range(3):
        arrive(f"{TITLE} {number}단계", published_at=now - number * SECOND)
    match()
    assert send() == 1
    [message] = smtp.messages
    assert subject(message) == f"[Batteries] {TITLE} 0단계 and 2 more"
    text = Links(message).text
    assert "3 stories" in text
    places = [text.rindex(f"{number}단계") for number in range(3)]
    assert places == sorted(places)


def test_a_story_of_three_outlets_is_one_item_that_names_the_others(owner, smtp):
    factories.alert(owner, "배터리", name="Batteries")
    now = timezone.now()
    first = arrive(published_at=now - 9 * SECOND)
    second = arrive(f"[속보] {TITLE}", outlet="새벽신문", published_at=now)
    arrive(TITLE, outlet="한낮경제", published_at=now - SECOND)
    match()
    send()
    [message] = smtp.messages
    page = Links(message)
    assert subject(message) == f"[Batteries] {TITLE}"
    assert "Also in: 한낮경제, 새벽신문" in page.text
    assert page.links[0] == f"https://news.example/articles/{first.pk}/"
    assert f"https://news.example/articles/{second.pk}/" in page.links
    first.refresh_from_db()
    assert f"https://news.example/stories/{first.story_id}/" in page.links
    assert "The whole story (3 outlets)" in page.text
    assert models.Hit.objects.filter(held="").count() == 3


def test_a_mail_of_many_stories_shows_five_names_forty_and_counts_the_rest(owner, smtp):
    factories.alert(owner, "배터리")
    for number in range(45):
        arrive(f"{TITLE} {number}단계")
    match()
    send()
    [message] = smtp.messages
    page = Links(message)
    assert page.tags.count("h2") == 5
    assert len({link for link in page.links if "news.example/articles/" in link}) == 40
    assert "5 more stories are on the alert’s page." in page.text


def test_places_that_overlap_are_highlighted_as_one(owner, smtp):
    factories.alert(owner, "배터리 company:한빛배터리")
    arrive(companies=["한빛배터리"])
    match()
    send()
    assert Links(smtp.messages[0]).marked == ["한빛배터리", "한빛배터리", "배터리"]


def test_places_beyond_a_text_that_has_changed_do_no_harm(owner, smtp):
    factories.alert(owner, "배터리")
    article = arrive()
    match()
    news.Article.objects.filter(pk=article.pk).update(title="짧다", body="")
    send()
    assert Links(smtp.messages[0]).marked == []


@pytest.mark.parametrize("answer", ["451 4.3.0 Try again later", "421 4.7.0 Too many connections"])
def test_a_mail_refused_for_now_is_sent_later(owner, smtp, answer):
    smtp.refuse_with = answer
    mails_of(owner, 1)
    send()
    delivery = models.Delivery.objects.get()
    assert (delivery.state, delivery.attempts) == ("waiting", 1)
    assert delivery.error == answer
    assert delivery.due_at > timezone.now() + 20 * SECOND
    smtp.refuse_with = ""
    assert send() == 0
    assert send(after=31 * SECOND) == 1
    assert len(smtp.messages) == 1
    assert models.Delivery.objects.get().error == ""


def test_every_refusal_makes_the_wait_longer_up_to_an_hour(owner, smtp):
    smtp.refuse_with = "450 4.2.0 Greylisted"
    mails_of(owner, 1)
    waits = []
    after = 0 * SECOND
    for _ in range(9):
        before = timezone.now() + after
        send(after=after)
        wait = models.Delivery.objects.get().due_at - before
        waits.append(round(wait / SECOND / 10) * 10)
        after += wait + SECOND
    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]


def test_a_mail_refused_for_good_is_stopped_with_the_servers_words_and_the_others_go(owner, smtp):
    factories.alert(factories.person("nobody"), "배터리")
    mails_of(owner, 1)

    async def refuse_nobody(server, session, envelope, address, options):
        if address.startswith("nobody"):
            return "550 5.1.1 No such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    smtp.handle_RCPT = refuse_nobody
    assert send() == 2
    failed, sent = models.Delivery.objects.order_by("recipient__username").reverse()
    assert (failed.state, failed.error) == ("stopped", "550 5.1.1 No such user here")
    assert sent.state == "sent"
    assert send(after=10_000 * SECOND) == 0


@pytest.mark.parametrize(
    ("answer", "state"), [("552 5.2.3 Too big", "failed"), ("451 4.3.1 Disk full", "waiting")]
)
def test_a_text_that_the_server_refuses_fails_or_waits_as_it_says(owner, smtp, answer, state):
    async def refuse(server, session, envelope):
        return answer

    smtp.handle_DATA = refuse
    mails_of(owner, 1)
    send()
    delivery = models.Delivery.objects.get()
    assert (delivery.state, delivery.error) == (state, answer)


def test_while_the_server_cannot_be_reached_every_mail_waits_and_says_why(owner, smtp, settings, free_port):
    settings.EMAIL_PORT = free_port
    mails_of(owner, 3)
    assert send() == 0
    for delivery in models.Delivery.objects.all():
        assert (delivery.state, delivery.attempts) == ("waiting", 1)
        assert "refused" in delivery.error
    settings.EMAIL_PORT = smtp.port
    assert send(after=31 * SECOND) == 3
    assert len(smtp.messages) == 3


def test_a_mail_that_cannot_be_sent_for_three_days_is_given_up(owner, smtp, settings, free_port):
    settings.EMAIL_PORT = free_port
    mails_of(owner, 1)
    send(after=datetime.timedelta(days=2))
    assert models.Delivery.objects.get().state == "waiting"
    send(after=datetime.timedelta(days=4))
    assert models.Delivery.objects.get().state == "failed"


class DyingServer(socketserver.ThreadingTCPServer):
    """Speaks SMTP and hangs up where it is told to, the first times."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, at: bytes, times: int):
        super().__init__(("127.0.0.1", 0), DyingSession)
        self.at, self.left, self.received = at, times, []


class DyingSession(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(b"220 ready\r\n")
        for line in self.rfile:
            verb = line.strip().upper()[:4]
            if self.server.left and verb == self.server.at:
                self.server.left -= 1
                return
            if verb == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                text = b"".join(itertools.takewhile(lambda line: line != b".\r\n", self.rfile))
                self.server.received.append(text)
                if self.server.left and self.server.at == b".":
                    self.server.left -= 1
                    return
            self.wfile.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 OK\r\n")
            if verb == b"QUIT":
                return


@pytest.mark.parametrize("at", [b"EHLO", b"MAIL", b"RCPT", b"DATA", b"."])
def test_a_server_that_dies_mid_way_gets_the_mail_again_under_the_same_id(owner, settings, at):
    with DyingServer(at, times=2) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.EMAIL_PORT = server.server_address[1]
        [delivery] = mails_of(owner, 1)
        for minutes in range(4):
            send(after=minutes * 61 * SECOND)
        server.shutdown()
    delivery.refresh_from_db()
    assert delivery.state == "sent"
    assert len(server.received) == (3 if at == b"." else 1)
    assert all(f"Message-ID: {delivery.message_id}".encode() in text for text in server.received)


def test_a_server_that_hangs_up_after_each_mail_gets_them_all(owner, settings):
    with DyingServer(b"MAIL", times=1) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.EMAIL_PORT = server.server_address[1]
        mails_of(owner, 3)
        assert send() == 3
        server.shutdown()
    assert sorted(models.Delivery.objects.values_list("state", flat=True)) == ["sent", "sent", "waiting"]


def test_a_sender_killed_before_it_recorded_sends_again_under_the_same_id_after_its_claim(
    owner, smtp, settings, monkeypatch
):
    settings.CLAIM_SECONDS = 75
    [delivery] = mails_of(owner, 1)
    deliver_mail = emails.EmailMultiAlternatives.send

    def send_and_die(message):
        deliver_mail(message)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(emails.EmailMultiAlternatives, "send", send_and_die)
        with pytest.raises(KeyboardInterrupt):
            send()
    assert send(after=70 * SECOND) == 0
    assert send(after=80 * SECOND) == 1
    assert [message["Message-ID"] for message in smtp.messages] == [delivery.message_id] * 2
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("sent", 1)


def test_a_sender_whose_claim_ran_out_takes_nothing_back(owner, smtp, monkeypatch):
    [delivery] = mails_of(owner, 1)
    later = deliver.claim() + SECOND

    def stall(message):
        monkeypatch.undo()
        send(after=later)
        raise smtplib.SMTPServerDisconnected("stalled")

    monkeypatch.setattr(emails.EmailMultiAlternatives, "send", stall)
    send()
    delivery.refresh_from_db()
    assert delivery.state == "sent"
    assert len(smtp.messages) == 1


def test_a_mail_that_cannot_be_written_waits_and_the_others_go(owner, smtp, monkeypatch, caplog):
    first, second = mails_of(owner, 2)
    compose = emails.compose

    def fail_once(delivery, **kwargs):
        if delivery.pk == first.pk:
            raise LookupError("no such template")
        return compose(delivery, **kwargs)

    monkeypatch.setattr(emails, "compose", fail_once)
    send()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.error) == ("waiting", "LookupError: no such template")
    assert second.state == "sent"
    assert "could not be written" in caplog.text


def test_a_mail_without_a_reader_or_without_articles_fails(owner, smtp):
    mails_of(owner, 1)
    other = factories.person()
    factories.alert(other, "공장")
    lost = arrive("공장 하나를 더 짓는다", "북미")
    match()
    owner.is_active = False
    owner.save()
    models.Hit.objects.filter(alert__owner=other).delete()
    lost.delete()
    send()
    assert sorted(models.Delivery.objects.values_list("state", "error")) == [
        ("failed", "its articles, or the alert, were deleted"),
        ("failed", "the recipient's account is closed or has no address"),
    ]
    assert smtp.messages == []


@pytest.mark.django_db(transaction=True)
def test_senders_at_once_send_each_mail_once(smtp):
    owner = factories.person()
    mails_of(owner, 30)

    def work():
        try:
            send()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ids = [message["Message-ID"] for message in smtp.messages]
    assert sorted(ids) == sorted(models.Delivery.objects.values_list("message_id", flat=True))
    assert set(models.Delivery.objects.values_list("state", "attempts")) == {("sent", 1)}


@pytest.mark.django_db(transaction=True)
def test_claims_of_two_senders_never_overlap(smtp):
    mails_of(factories.person(), 40)
    now = timezone.now() + SECOND
    claimed = []

    def claim():
        try:
            while due := models.Delivery.objects.claim_due(now=now, until=now + 60 * SECOND, most=3):
                claimed.extend(delivery.pk for delivery in due)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=claim) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(claimed) == len(set(claimed)) == 40


def test_mails_go_over_one_connection(owner, smtp, monkeypatch):
    sessions = []
    accept = mailbox.Mailbox.handle_RCPT

    async def note_session(self, server, session, *rest):
        sessions.append(session)
        return await accept(self, server, session, *rest)

    monkeypatch.setattr(smtp, "handle_RCPT", note_session.__get__(smtp))
    mails_of(owner, 5)
    send()
    assert len(smtp.messages) == 5
    assert len({id(session) for session in sessions}) == 1


def test_the_sentence_that_matched_is_shown_whole(owner, smtp):
    factories.alert(owner, "전고체")
    body = "첫 문장은 다른 이야기다. " * 30 + "전고체 전지를 내년에 만든다고 밝혔다. 다음 문장이다."
    arrive(TITLE, body)
    match()
    send()
    page = Links(smtp.messages[0])
    assert "… 전고체 전지를 내년에 만든다고 밝혔다. 다음 문장이다." in " ".join(page.text.split())
    assert page.marked == ["전고체"]


def test_a_mail_says_which_tags_and_words_matched(owner, smtp):
    factories.alert(owner, "company:한빛배터리 공장")
    arrive(TITLE, BODY, companies=["한빛배터리"])
    match()
    send()
    text = " ".join(Links(smtp.messages[0]).text.split())
    assert "Matched: company 한빛배터리 공장" in text
    assert "Matched: company 한빛배터리, 공장" in smtp.messages[0].get_body(("plain",)).get_content()


def test_a_mail_can_be_stopped_in_one_click_by_any_mail_program(owner, smtp):
    alert = factories.alert(owner, "배터리")
    arrive()
    match()
    send()
    [message] = smtp.messages
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = message["List-Unsubscribe"].strip(" <>")
    assert address.startswith("https://news.example/alerts/by-mail/")
    path = address.removeprefix("https://news.example")
    programme = Client(enforce_csrf_checks=True)
    assert programme.get(path).status_code == 200
    alert.refresh_from_db()
    assert alert.tell_owner
    body = "List-Unsubscribe=One-Click"
    assert programme.post(path, body, content_type="application/x-www-form-urlencoded").status_code == 200
    alert.refresh_from_db()
    assert not alert.tell_owner


def test_the_links_of_a_mail_do_what_they_say(owner, smtp):
    alert = factories.alert(owner, "배터리")
    article = arrive()
    match()
    send()
    by_mail = [link for link in Links(smtp.messages[0]).links if "/by-mail/" in link]
    acts = [links.read(link.rstrip("/").rpartition("/")[2]) for link in by_mail]
    assert [(one.act, one.alerts, one.story) for one in acts] == [
        ("story", (), article.story_id or news.Article.objects.get().story_id),
        ("day", (alert.pk,), None),
        ("pause", (alert.pk,), None),
        ("stop", (alert.pk,), None),
    ]
    assert {one.person for one in acts} == {owner.pk}


def test_a_later_mail_of_a_story_answers_the_first_one(owner, smtp):
    alert = factories.alert(owner, "배터리", name="Batteries")
    first = arrive()
    match()
    send()
    sent = models.Delivery.objects.get()
    assert sent.subject == f"[Batteries] {TITLE}"
    later = arrive(f"[속보] {TITLE}", outlet="새벽신문")
    match()
    hit = models.Hit.objects.get(article=later)
    again = models.Delivery.objects.create(
        recipient=owner,
        created_at=timezone.now(),
        due_at=timezone.now(),
        message_id="<later@news.example>",
    )
    again.alerts.add(alert)
    models.DeliveryHit.objects.create(delivery=again, hit=hit, news="outlets")
    send()
    message = smtp.messages[1]
    assert message["References"] == message["In-Reply-To"] == sent.message_id
    assert subject(message) == f"Re: [Batteries] {TITLE}"
    assert "More outlets tell it" in Links(message).text
    assert first.story_id != 0


def test_a_reader_without_an_account_is_led_to_the_outlets(owner, smtp):
    alert = factories.alert(owner, "배터리")
    article = arrive()
    match()
    models.Delivery.objects.all().delete()
    address = models.Address.objects.create(
        address="outside@example.org", created_at=timezone.now(), confirmed_at=timezone.now(), language="en"
    )
    delivery = models.Delivery.objects.create(
        address=address, created_at=timezone.now(), due_at=timezone.now(), message_id="<x@news.example>"
    )
    delivery.alerts.add(alert)
    delivery.hits.add(models.Hit.objects.get())
    send()
    page = Links(smtp.messages[0])
    assert article.url in page.links
    ours = [link for link in page.links if link.startswith("https://news.example/")]
    assert all("/by-mail/" in link for link in ours)
    acts = [links.read(link.rstrip("/").rpartition("/")[2]).act for link in ours]
    assert acts == ["story", "stop"]


@pytest.mark.parametrize(
    ("held", "words"),
    [("flood", "comes as one mail"), ("quiet", "quiet hours"), ("digest", "Your digest"), ("", "")],
)
def test_a_mail_that_waited_says_why(owner, smtp, held, words):
    mails_of(owner, 1)
    models.Delivery.objects.update(held=held)
    send()
    [message] = smtp.messages
    assert words in " ".join(Links(message).text.split())
    assert words in message.get_body(("plain",)).get_content()
