"""An editor adds sources in a real browser: a site's feed, and a page without one."""

import pytest
from pytest_django.live_server_helper import LiveServer
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from articles import models, scout
from newswatch.accounts import roles
from tests import factories, web
from tests.browser import driver

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = (390, 844)


@pytest.fixture
def papers():
    scout.MEMORY.clear()
    with web.Site() as site:
        items = [
            {
                "guid": str(n),
                "path": f"/a/{n}",
                "title": f"배터리 기사 {n}",
                "date": f"Fri, 20 Nov 2026 1{n}:00:00",
            }
            for n in range(3)
        ]
        site.put_feed("/rss.xml", *items)
        rows = "".join(
            f"<li class=row><h3><a href='/b/{n}'>피드 없는 신문의 {n}번째 기사 제목</a></h3>"
            f"<i>2026.11.20 0{n}:00</i></li>"
            for n in range(4)
        )
        site.pages["/"] = (
            "<html lang=ko><head><title>시험 신문</title>"
            f'<link rel=alternate type="application/rss+xml" href="/rss.xml"></head><body><ul>{rows}</ul></body></html>'
        ).encode()
        yield site


@pytest.fixture
def site(live_server: LiveServer, browser: webdriver.Chrome) -> str:
    roles.ensure_roles()
    person = factories.person("editor", is_staff=True)
    person.groups.set(roles.Group.objects.filter(name=roles.EDITORS))
    driver.log_in(browser, live_server.url, "editor", "editor-editor")
    return str(live_server.url)


def test_an_editor_pastes_an_address_and_adds_the_feed_that_is_found(
    site: str, papers: web.Site, browser: webdriver.Chrome
):
    browser.get(site + "/sources/")
    driver.one(browser, '.sheet-head a[href$="/sources/new/"]').click()
    driver.one(browser, "#address").send_keys(papers.url, Keys.ENTER)
    driver.wait_for(browser, lambda: driver.texts(browser, "#found .offer h3")[:1] == ["시험 신문"])
    assert "address=" in browser.current_url
    driver.one(browser, "#found .offer .btn-accent").click()
    driver.wait_for(browser, lambda: len(driver.texts(browser, ".entries li")) == 3)
    assert driver.texts(browser, ".entry-title")[0] == "배터리 기사 0"
    assert "10:00 KST" in driver.texts(browser, ".entries .meta")[0]

    zone = driver.one(browser, "#id_time_zone")
    # Typed over: an emptied field would be asked for as well, and a request that is given up complains.
    zone.send_keys(Keys.CONTROL + "a", Keys.NULL, "UTC", Keys.TAB)
    driver.wait_for(browser, lambda: "10:00 UTC" in driver.texts(browser, ".entries .meta")[0])
    zone.send_keys(Keys.CONTROL + "a", Keys.NULL, "Asia/Seoul", Keys.TAB)
    driver.wait_for(browser, lambda: "10:00 KST" in driver.texts(browser, ".entries .meta")[0])
    driver.one(browser, "#id_group").send_keys("시험")
    # A page that is left amid a request complains too.
    driver.wait_for(browser, lambda: not browser.find_elements(By.CSS_SELECTOR, ".htmx-request"))
    driver.one(browser, ".source-form .btn-accent").click()
    driver.wait_for(browser, lambda: "추가했습니다" in driver.one(browser, ".toasts").text)
    source = models.Source.objects.get()
    assert (source.url, source.outlet.name, source.group) == (f"{papers.url}/rss.xml", "시험 신문", "시험")
    browser.get(site + "/sources/")
    assert driver.texts(browser, ".table-sources tbody th a") == ["시험 신문"]
    assert driver.problems(browser) == []


def test_an_editor_tries_selectors_on_a_page_without_a_feed(
    site: str, papers: web.Site, browser: webdriver.Chrome
):
    del papers.pages["/rss.xml"]
    browser.get(f"{site}/sources/new/?address={papers.url}")
    driver.one(browser, ".page-instead .btn").click()
    driver.wait_for(browser, lambda: len(driver.texts(browser, ".entries li")) == 4)
    field = driver.one(browser, "#id_selector")
    field.clear()
    field.send_keys("li:nth-child(-n+2) a")
    driver.wait_for(browser, lambda: len(driver.texts(browser, ".entries li")) == 2)
    field.send_keys("[")
    driver.wait_for(browser, lambda: "선택자를 읽을 수 없습니다" in driver.one(browser, "#preview").text)
    field.send_keys(Keys.BACKSPACE)
    driver.wait_for(browser, lambda: len(driver.texts(browser, ".entries li")) == 2)
    driver.one(browser, ".source-form .btn-accent").click()
    driver.wait_for(browser, lambda: "추가했습니다" in driver.one(browser, ".toasts").text)
    assert models.Source.objects.get().selector == "li:nth-child(-n+2) a"
    assert papers.asked["/"] == 1
    assert driver.problems(browser) == []


@pytest.mark.parametrize("path", ["/sources/", "/sources/new/", "/sources/import/", "details"])
def test_nothing_sticks_out_on_a_phone(site: str, papers: web.Site, browser: webdriver.Chrome, path: str):
    factories.source(title="제목이 아주 긴 수집원 " * 6, url="https://a.kr/" + "long" * 60, group="그룹")
    driver.resize(browser, *PHONE)
    if path == "details":
        path = f"/sources/new/details/?url={papers.url}/rss.xml"
    browser.get(site + path)
    driver.one(browser, "main h1")
    assert browser.execute_script("return document.documentElement.scrollWidth") <= PHONE[0]
    assert browser.find_elements(By.CSS_SELECTOR, ".sections a[aria-current]")
