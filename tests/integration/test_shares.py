"""Sharing an article or a story with a colleague."""

import datetime
import re

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from articles import models, shares
from newswatch.accounts.models import User
from tests import factories

pytestmark = pytest.mark.django_db
BODY = "LG화학이 구미에 공장을 짓는다.\n\n주민은 걱정한다."


@pytest.fixture
def analyst() -> User:
    return factories.person("analyst", language="en", first_name="Mina")


@pytest.fixture
def colleague() -> User:
    return factories.person("colleague", language="ko", first_name="지우", time_zone="America/New_York")


@pytest.fixture
def client(analyst: User) -> Client:
    client = Client()
    client.force_login(analyst)
    return client


def give(client: Client, path: str, to: User, **fields: object):  # type: ignore[no-untyped-def]
    return client.post(path, {"to": to.pk, "sentence": "", "note": "", **fields}, follow=True)


def send() -> None:
    shares.send_waiting(now=timezone.now() + shares.PAUSE)


def test_a_mail_leaves_only_when_it_can_no_longer_be_undone_from_the_page(client: Client, colleague: User):
    article = factories.article("공장", BODY)
    give(client, f"/articles/{article.pk}/share/", colleague)
    shares.send_waiting(now=timezone.now() + shares.PAUSE / 2)
    assert mail.outbox == []
    share = models.Share.objects.get()
    page = client.post(f"/shares/{share.pk}/undo/", follow=True).content.decode()
    assert "지우 got no mail about it" in page
    send()
    assert mail.outbox == []


def test_a_colleague_gets_a_mail_in_her_language_with_the_sentence_and_the_note(
    client: Client, colleague: User
):
    article = factories.article("LG화학 <b>구미</b> 공장", BODY)
    fields = {"sentence": "주민은 걱정한다.", "note": "Look at <this>.\nTomorrow's page?"}
    page = give(client, f"/articles/{article.pk}/share/", colleague, **fields).content.decode()
    assert "Shared with 지우." in page
    send()
    send()
    (sent,) = mail.outbox
    assert sent.to == [colleague.email]
    assert sent.reply_to == ["analyst@example.com"]
    assert sent.subject == "Mina 님의 공유: LG화학 <b>구미</b> 공장"
    assert "주민은 걱정한다." in sent.body
    assert "Look at <this>." in sent.body
    assert f"/articles/{article.pk}/" in sent.body
    assert "EST" in sent.body or "EDT" in sent.body
    html = sent.alternatives[0][0]
    assert "Look at &lt;this&gt;." in html
    assert "<b>구미" not in html


def test_a_story_is_shared_too(client: Client, colleague: User):
    story = factories.story(factories.article("공장 착공"), factories.article("공장 반발"))
    give(client, f"/stories/{story.pk}/share/", colleague, note="둘 다 보세요")
    send()
    assert f"/stories/{story.pk}/" in mail.outbox[0].body


def test_what_the_article_does_not_say_is_not_sent_under_its_name(client: Client, colleague: User):
    article = factories.article("공장", BODY)
    path = f"/articles/{article.pk}/share/"
    response = client.post(
        path, {"to": colleague.pk, "sentence": "사장이 사임했다."}, headers={"HX-Request": "true"}
    )
    assert "The article does not say this." in response.content.decode()
    assert not models.Share.objects.exists()


def test_nobody_outside_the_site_can_be_written_to(client: Client, analyst: User):
    article = factories.article("공장", BODY)
    gone = factories.person("gone", is_active=False)
    for to in (analyst.pk, gone.pk, "stranger@example.org", 10**12):
        client.post(f"/articles/{article.pk}/share/", {"to": to})
    assert not models.Share.objects.exists()


def test_so_many_an_hour_and_no_more(client: Client, colleague: User, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(shares, "MOST_AN_HOUR", 2)
    article = factories.article("공장", BODY)
    pages = [give(client, f"/articles/{article.pk}/share/", colleague).content.decode() for _ in range(3)]
    assert "You have shared a lot" in pages[2]
    assert models.Share.objects.count() == 2
    models.Share.objects.update(at=timezone.now() - datetime.timedelta(hours=2))
    give(client, f"/articles/{article.pk}/share/", colleague)
    assert models.Share.objects.count() == 3


def test_a_mail_server_that_is_down_is_tried_again(
    client: Client, colleague: User, monkeypatch: pytest.MonkeyPatch
):
    article = factories.article("공장", BODY)
    give(client, f"/articles/{article.pk}/share/", colleague)
    with monkeypatch.context() as patch:
        patch.setattr(mail.EmailMessage, "send", lambda *_: (_ for _ in ()).throw(OSError("down")))
        send()
    assert models.Share.objects.get().error == "down"
    send()
    share = models.Share.objects.get()
    assert (share.error, share.sent_at is not None, len(mail.outbox)) == ("", True, 1)


def test_the_recipient_sees_the_note_and_nobody_else_does(client: Client, colleague: User):
    article = factories.article("공장", BODY)
    give(client, f"/articles/{article.pk}/share/", colleague, note="비밀 메모")
    hers, other = Client(), Client()
    hers.force_login(colleague)
    other.force_login(factories.person("other"))
    for path in (f"/articles/{article.pk}/", "/"):
        assert "비밀 메모" in hers.get(path).content.decode()
        assert "비밀 메모" not in other.get(path).content.decode()
    assert "Mina" in hers.get("/").content.decode()


def test_the_form_begins_with_a_sentence_that_names_a_company(client: Client, colleague: User):
    article = factories.article("공장", f"날씨가 맑다. {BODY}", companies=["LG화학"])
    page = client.get(f"/articles/{article.pk}/").content.decode()
    assert re.search(
        r"<textarea name=\"sentence\".*?>\s*LG화학이 구미에 공장을 짓는다.</textarea>", page, re.DOTALL
    )


def test_there_is_nothing_to_share_that_is_not_there(client: Client, colleague: User):
    waiting = factories.article("아직", stage="tag", ready_at=None)
    for path in (f"/articles/{waiting.pk}/share/", "/stories/999999/share/", "/articles/999999/share/"):
        assert client.post(path, {"to": colleague.pk}).status_code == 404


def undo_last(client: Client) -> str:
    """Press the button beside the message about the last share."""
    return client.post(f"/shares/{models.Share.objects.latest('pk').pk}/undo/", follow=True).content.decode()


def test_a_share_can_be_taken_back_before_its_mail_leaves(client: Client, colleague: User):
    article = factories.article("공장", BODY)
    page = give(client, f"/articles/{article.pk}/share/", colleague).content.decode()
    assert f'action="/shares/{models.Share.objects.get().pk}/undo/"' in page
    assert "It is not shared any more; 지우 got no mail about it." in undo_last(client)
    send()
    assert (mail.outbox, models.Share.objects.count()) == ([], 0)


def test_taking_back_says_that_the_mail_had_left(client: Client, colleague: User):
    article = factories.article("공장", BODY)
    give(client, f"/articles/{article.pk}/share/", colleague, note="하나뿐인 귀띔")
    send()
    assert "but 지우 got the mail about it." in undo_last(client)
    hers = Client()
    hers.force_login(colleague)
    assert "하나뿐인 귀띔" not in hers.get(f"/articles/{article.pk}/").content.decode()


@pytest.mark.parametrize("where", ["/", "article", "story"])
def test_what_its_recipient_has_seen_stays_shared(client: Client, colleague: User, where: str):
    article = factories.article("공장", BODY)
    story = factories.story(article, factories.article("공장 반발"))
    path = f"/stories/{story.pk}/" if where == "story" else f"/articles/{article.pk}/"
    give(client, f"{path}share/", colleague)
    hers = Client()
    hers.force_login(colleague)
    hers.get("/" if where == "/" else path)
    assert "지우 has seen it already: it stays shared." in undo_last(client)
    assert models.Share.objects.count() == 1


def test_what_only_her_browser_fetched_in_advance_is_not_seen(client: Client, colleague: User):
    article = factories.article("공장", BODY)
    give(client, f"/articles/{article.pk}/share/", colleague)
    hers = Client()
    hers.force_login(colleague)
    hers.get(f"/articles/{article.pk}/", headers={"Sec-Purpose": "prefetch"})
    undo_last(client)
    assert not models.Share.objects.exists()


def test_nobody_else_takes_a_share_back(client: Client, colleague: User):
    article = factories.article("공장", BODY)
    give(client, f"/articles/{article.pk}/share/", colleague)
    share = models.Share.objects.get()
    for person in (colleague, factories.person("other")):
        other = Client()
        other.force_login(person)
        assert other.post(f"/shares/{share.pk}/undo/").status_code == 404
    assert models.Share.objects.count() == 1
    assert client.get(f"/shares/{share.pk}/undo/").status_code == 405


def test_taking_back_twice_finds_nothing_the_second_time(client: Client, colleague: User):
    article = factories.article("공장", BODY)
    give(client, f"/articles/{article.pk}/share/", colleague)
    pk = models.Share.objects.get().pk
    client.post(f"/shares/{pk}/undo/")
    assert client.post(f"/shares/{pk}/undo/").status_code == 404
