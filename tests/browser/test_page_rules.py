"""An editor tries rules on stored pages in a real browser, saves them and has the pages read again."""

import datetime
import os
import threading
import zlib
from pathlib import Path

import pytest
from django.db import connections
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from articles import models, page_rules, pipeline, rereading
from newswatch.accounts import roles
from tests import factories
from tests.browser import driver

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = (390, 844)
# Pictures of the test's pages are left here if it is set.
PICTURES = os.environ.get("NEWSWATCH_PICTURES", "")

NEWS = (
    "새벽시는 강변 공원에 자전거 길 12㎞를 새로 놓는다고 20일 밝혔다.",
    "공사는 내년 3월에 시작해 가을에 끝나며 모두 84억 원이 든다고 시는 설명했다.",
    "주민들은 낡은 다리도 함께 고쳐 달라고 요구해 왔고 시의회는 이를 받아들였다.",
)
CLUTTER = "이 아래는 등대호텔이 권하는 겨울 여행 꾸러미 이야기라고 한다."


def page(number: int) -> bytes:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in (*NEWS, f"{number}번째 구간은 여름에 문을 연다."))
    return (
        f"<!doctype html><html lang=ko><head><meta charset=utf-8><title>강변 자전거 길 {number}</title></head>"
        f"<body><h1>강변 자전거 길 {number}</h1><div class=text>{text}<p class=zz>{CLUTTER}</p>"
        "<p>한들새 마을지기</p></div><ul class=more><li><a href=/1>다른 마을 소식을 한 줄로</a></li></ul></body></html>"
    ).encode()


@pytest.fixture
def outlet() -> models.Outlet:
    for number in range(5):
        at = timezone.now() - datetime.timedelta(hours=9 - number)
        title = f"강변 자전거 길 {number}"
        row = factories.article(title, published_at=at, feed_title=title, stage="tag", ready_at=None)
        models.Page.objects.create(
            article=row, url=row.url, fetched_at=at, markup=zlib.compress(page(number))
        )
    pipeline.process(list(models.Article.objects.all()), now=timezone.now())
    return factories.outlet()


@pytest.fixture
def site(live_server: LiveServer, browser: webdriver.Chrome) -> str:
    roles.ensure_roles()
    person = factories.person("editor", is_staff=True)
    person.groups.set(roles.Group.objects.filter(name=roles.EDITORS))
    driver.log_in(browser, live_server.url, "editor", "editor-editor")
    return str(live_server.url)


def picture(browser: webdriver.Chrome, name: str) -> None:
    if PICTURES:
        (Path(PICTURES) / f"{name}.png").write_bytes(browser.get_screenshot_as_png())


def work() -> None:
    """What a worker does, on connections of its own."""
    rereading.run(now=timezone.now)
    connections.close_all()


def test_an_editor_tries_rules_saves_them_and_has_pages_read_again(
    site: str, outlet: models.Outlet, browser: webdriver.Chrome
):
    browser.get(f"{site}/admin/articles/outlet/{outlet.pk}/page-rules/")
    driver.wait_for(browser, lambda: "0줄이 바뀝니다" in driver.one(browser, "#preview .pr-sum").text)
    assert "강변 자전거 길 4" in driver.one(browser, "#preview h2").text
    text = driver.one(browser, "#id_text")
    text.send_keys("promotoin: .zz")
    driver.wait_for(browser, lambda: "“promotion”" in driver.one(browser, "#problems").text)
    assert "1번째 줄" in driver.one(browser, "#problems").text
    driver.one(browser, "#problems button").send_keys(Keys.ENTER)
    text.send_keys("promotion: .zz")
    driver.wait_for(
        browser, lambda: driver.texts(browser, "#preview .pr-moved .pr-kind") == ["body", "promotion"]
    )
    assert driver.texts(browser, "#problems li") == []
    driver.wait_for(browser, lambda: "5줄이 바뀝니다" in driver.one(browser, "#preview section .pr-sum").text)
    assert driver.texts(browser, ".pr-table tbody td")[:2] == ["1 promotion: .zz", "5 / 5"]
    picture(browser, "page-rules")

    name = next(
        row for row in browser.find_elements(By.CSS_SELECTOR, ".pr-lines tr") if "한들새 마을지기" in row.text
    )
    name.find_element(By.CSS_SELECTOR, "button").send_keys(Keys.ENTER)
    assert text.get_attribute("value") == "promotion: .zz\nnotice if line is: 한들새 마을지기"
    text.send_keys("byline")
    driver.wait_for(browser, lambda: "2줄이 바뀝니다" in driver.one(browser, "#preview .pr-sum").text)
    driver.one(browser, ".pr-only input").send_keys(Keys.SPACE)
    shown = [
        row for row in browser.find_elements(By.CSS_SELECTOR, ".pr-lines tbody tr") if row.is_displayed()
    ]
    assert len(shown) == 2

    driver.wait_for(browser, lambda: len(browser.find_elements(By.CSS_SELECTOR, "button[data-page]")) == 5)
    browser.find_elements(By.CSS_SELECTOR, "button[data-page]")[4].click()
    driver.wait_for(browser, lambda: "강변 자전거 길 0" in driver.one(browser, "#preview h2").text)
    driver.one(browser, "#id_note").send_keys("새 광고 상자")
    text.send_keys(Keys.CONTROL, Keys.ENTER)
    driver.wait_for(browser, lambda: browser.find_elements(By.CSS_SELECTOR, ".pr-earlier li"))
    assert page_rules.saved(outlet).text == "promotion: .zz\nbyline if line is: 한들새 마을지기"

    driver.one(browser, "#id_days").send_keys(Keys.ENTER)
    driver.one(browser, "#reread-bar")
    driver.one(browser, "#reread-head").location_once_scrolled_into_view  # noqa: B018
    picture(browser, "page-rules-rereading")
    worker = threading.Thread(target=work)
    worker.start()
    driver.wait_for(browser, lambda: "글 5개가 바뀌었습니다" in driver.one(browser, "#rereading").text)
    worker.join()
    assert not models.Article.objects.filter(body__contains="겨울 여행").exists()
    assert driver.problems(browser) == []


def test_it_works_on_a_phone_in_the_dark_and_nothing_sticks_out(
    site: str, outlet: models.Outlet, browser: webdriver.Chrome
):
    driver.resize(browser, *PHONE)
    driver.prefer_dark(browser)
    browser.get(f"{site}/admin/articles/outlet/{outlet.pk}/page-rules/")
    driver.one(browser, "#id_text").send_keys("promotion: .zz\ncaption: .nowhere")
    driver.wait_for(browser, lambda: "5줄이 바뀝니다" in driver.one(browser, "#preview section .pr-sum").text)
    driver.one(browser, ".pr-lines .pr-moved")
    assert browser.execute_script("return document.documentElement.scrollWidth") <= PHONE[0]
    picture(browser, "page-rules-phone-top")
    driver.one(browser, ".pr-lines .pr-moved").location_once_scrolled_into_view  # noqa: B018
    picture(browser, "page-rules-phone")
    driver.one(browser, ".pr-table").location_once_scrolled_into_view  # noqa: B018
    picture(browser, "page-rules-phone-table")
    assert driver.problems(browser) == []
