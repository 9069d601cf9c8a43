"""An analyst writes an alert, tries it on past weeks, saves it, gets a mail, and comes back by its links."""

import datetime
import os
import re
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.exceptions import SuspiciousOperation
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer
from selenium import webdriver

from alerts import deliver, models, outbox, views
from articles import models as news
from newswatch.accounts.models import User
from tests import factories, mailbox
from tests.browser import driver
from tests.browser.test_every_page import axe

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = (390, 844)
DESKTOP = (1280, 900)
# Pictures of the test's pages are left here if it is set.
PICTURES = os.environ.get("NEWSWATCH_PICTURES", "")
WORDS = {
    "ko": {
        "gain": "+",
        "alone": "이것만으로",
        "saved": "저장했습니다",
        "story": "이 이야기는 더",
        "undo": "다시 알려",
        "refused": "서버가 요청을 읽지 못했습니다",
        "offline": "서버가 응답하지 않습니다",
    },
    "en": {
        "gain": "+",
        "alone": "by it alone",
        "saved": "is saved",
        "story": "You get no more mails",
        "undo": "You are told of this story again",
        "refused": "The server could not read what was asked",
        "offline": "The server does not answer",
    },
}


def picture(browser: webdriver.Chrome, name: str) -> None:
    """Leave pictures of the whole page: wide and light, narrow and dark."""
    if not PICTURES:
        return
    for size, dark in ((DESKTOP, False), (PHONE, True)):
        driver.resize(browser, *size)
        driver.prefer_dark(browser, dark)
        height = browser.execute_script("return document.documentElement.scrollHeight")
        driver.resize(browser, size[0], max(size[1], min(height, 4000)))
        path = Path(PICTURES) / f"{name}-{'phone' if dark else 'desk'}.png"
        path.write_bytes(browser.get_screenshot_as_png())
    driver.resize(browser, *DESKTOP)
    driver.prefer_dark(browser, False)


def click(browser: webdriver.Chrome, selector: str) -> None:
    """Click what may stand under the head of the page."""
    element = driver.one(browser, selector)
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
    element.click()


@pytest.fixture
def mails(smtp_server: mailbox.Mailbox, settings: LazySettings, live_server: LiveServer) -> mailbox.Mailbox:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", smtp_server.port
    settings.SITE_URL = live_server.url
    return smtp_server


@pytest.fixture
def analyst(request: pytest.FixtureRequest) -> User:
    now = timezone.now()
    for number in range(12):
        word = "배터리" if number % 3 else "전지"
        factories.article(
            f"{word} 시장 소식 {number}",
            f"{word} 시장이 커진다고 업계가 밝혔다.",
            published_at=now - datetime.timedelta(days=2 * number, hours=1),
        )
    return factories.person("analyst", language=request.param)


def arrive(title: str, body: str) -> news.Article:
    """An article as the pipeline leaves it, matched and mailed."""
    now = timezone.now()
    article = factories.article(title, body, ready_at=now)
    factories.story(article)
    news.Outbox.objects.create(article=article, kind="new", created_at=now)
    outbox.match_waiting(now=timezone.now())
    deliver.send_due(now=timezone.now)
    return article


def links_of(mail: EmailMessage) -> list[str]:
    page = mail.get_body(("html",))
    assert page is not None
    return re.findall(r'href="([^"]+)"', page.get_content())


@pytest.mark.parametrize("analyst", ["ko", "en"], indirect=True)
def test_from_writing_an_alert_to_reading_the_article_it_mailed(
    live_server: LiveServer, analyst: User, browser: webdriver.Chrome, mails: mailbox.Mailbox
):
    site, words = live_server.url, WORDS[analyst.language]
    driver.log_in(browser, site, "analyst", "analyst-analyst")
    browser.get(f"{site}/alerts/new/")
    driver.one(browser, "#id_name").send_keys("배터리 소식")
    driver.one(browser, "#id_query").send_keys("배터리 OR 전지")
    driver.wait_for(browser, lambda: "배터리 OR 전지" in driver.one(browser, "#preview").text)

    driver.one(browser, "button[name=try]").click()
    driver.wait_for(browser, lambda: words["alone"] in driver.one(browser, "#backtest").text)
    assert driver.one(browser, ".backtest-sum strong").text == "12"
    picture(browser, f"form-{analyst.language}")
    assert axe(browser) == []
    click(browser, 'button[name=instead][value="배터리"]')
    query = driver.wait_for(
        browser,
        lambda: (
            driver.one(browser, "#id_query").get_property("value") == "배터리"
            and driver.one(browser, "#id_query")
        ),
    )
    assert query
    driver.wait_for(browser, lambda: driver.one(browser, ".backtest-sum strong").text == "8")
    assert driver.one(browser, "#id_name").get_property("value") == "배터리 소식"

    click(browser, ".form-nw button.btn-accent")
    driver.wait_for(browser, lambda: words["saved"] in driver.one(browser, ".toasts").text)
    article = arrive("한빛배터리, 북미 공장 착공", "한빛배터리가 북미에 배터리 공장을 짓는다고 밝혔다.")
    [mail] = mails.wait_for(1)
    links = links_of(mail)
    browser.get(links[0])
    driver.wait_for(browser, lambda: article.title in driver.one(browser, "h1").text)

    mute = next(link for link in links if "/by-mail/" in link)
    browser.get(mute)
    picture(browser, f"by-mail-{analyst.language}")
    assert axe(browser) == []
    driver.one(browser, ".card-page form button").click()
    driver.wait_for(browser, lambda: words["story"] in driver.one(browser, "h1").text)
    assert models.StoryMute.objects.count() == 1
    driver.one(browser, ".card-page form button").click()
    driver.wait_for(browser, lambda: words["undo"] in driver.one(browser, "h1").text)
    assert models.StoryMute.objects.count() == 0
    assert driver.problems(browser) == []


@pytest.mark.parametrize("analyst", ["ko", "en"], indirect=True)
def test_history_settings_and_undo(
    live_server: LiveServer, analyst: User, browser: webdriver.Chrome, mails: mailbox.Mailbox
):
    site = live_server.url
    alert = factories.alert(analyst, "배터리", name="배터리 소식", mode="daily", at_hour=8, least_outlets=1)
    factories.hit(alert, factories.article("배터리 뉴스", "배터리 이야기"), spans=[["title", 0, 3]])
    factories.hit(alert, factories.article("배터리 옛 뉴스"), mailed=False, held="old")
    now = timezone.now()
    for number, fields in enumerate(
        ({"held": "quiet"}, {"state": "failed", "error": "550 5.1.1 No such user here"})
    ):
        mail = models.Delivery.objects.create(
            recipient=analyst,
            created_at=now,
            due_at=now + datetime.timedelta(hours=6),
            message_id=f"<{number}@test>",
            **fields,
        )
        mail.alerts.add(alert)
        mail.hits.add(factories.hit(alert, factories.article(f"배터리 {number}"), mailed=False))
    driver.log_in(browser, site, "analyst", "analyst-analyst")
    for path, name in (("", "list"), (f"{alert.pk}/", "detail"), (f"{alert.pk}/mails/", "mails")):
        browser.get(f"{site}/alerts/{path}")
        picture(browser, f"{name}-{analyst.language}")
        assert axe(browser) == [], name
        driver.resize(browser, *PHONE)
        assert browser.execute_script("return document.documentElement.scrollWidth") <= PHONE[0]
        driver.resize(browser, *DESKTOP)

    browser.get(f"{site}/alerts/{alert.pk}/edit/")
    before = driver.one(browser, "#when-words").text
    driver.one(browser, "details.settings summary").click()
    driver.one(browser, "#id_working_days_only").click()
    driver.wait_for(browser, lambda: driver.one(browser, "#when-words").text not in ("", before))
    picture(browser, f"settings-{analyst.language}")
    assert axe(browser) == []

    browser.get(f"{site}/alerts/")
    driver.one(browser, ".alert-card .btn.danger").click()
    driver.one(browser, ".toasts .undo").click()
    driver.wait_for(browser, lambda: driver.texts(browser, ".alert-card h2") == ["배터리 소식"])
    alert.refresh_from_db()
    assert (alert.enabled, alert.deleted_at) == (True, None)
    assert driver.problems(browser) == []


@pytest.mark.parametrize("analyst", ["ko", "en"], indirect=True)
def test_a_preview_that_fails_says_so(
    live_server: LiveServer, analyst: User, browser: webdriver.Chrome, monkeypatch: pytest.MonkeyPatch
):
    def refuse(*_: object, **__: object) -> None:
        raise SuspiciousOperation

    words = WORDS[analyst.language]
    driver.log_in(browser, live_server.url, "analyst", "analyst-analyst")
    browser.get(f"{live_server.url}/alerts/new/")
    monkeypatch.setattr(views, "preview_of", refuse)
    driver.one(browser, "#id_query").send_keys("배터리")
    driver.wait_for(browser, lambda: words["refused"] in driver.one(browser, ".toasts").text)
    browser.execute_cdp_cmd("Network.enable", {})
    browser.execute_cdp_cmd("Network.setBlockedURLs", {"urls": ["*/alerts/preview*"]})
    driver.one(browser, "#id_query").send_keys(" 공장")
    driver.wait_for(browser, lambda: words["offline"] in driver.one(browser, ".toasts").text)
    assert driver.one(browser, "#id_query").get_property("value") == "배터리 공장"
    picture(browser, f"failed-{analyst.language}")
    assert axe(browser) == []
