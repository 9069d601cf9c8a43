"""The timeline of a saved search and whatever it is combined with, in a real browser and both languages."""

import datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer
from selenium import webdriver
from selenium.webdriver.common.by import By

from articles import chronicle, models, saved_searches
from tests import factories
from tests.browser import driver
from tests.browser.test_every_page import axe
from tests.integration.test_site_events import arrive

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def news() -> None:
    """Two companies over a few days; one built a plant in 2019 and wants more by 2030."""
    for days in range(1, 5):
        ago = timezone.now() - datetime.timedelta(days=days)
        arrive("가온전자는 2019년 3월 배터리 공장을 세웠다.", title=f"배터리 공장 {days}", published_at=ago)
        arrive(
            "한빛화학은 2030년까지 배터리 인력을 두 배로 늘린다.",
            title=f"배터리 인력 {days}",
            names=("한빛화학",),
            published_at=ago - datetime.timedelta(hours=1),
        )
        arrive("가온전자는 2021년 야구단을 샀다.", title=f"야구단 {days}", published_at=ago)
    while chronicle.tell_waiting(now=timezone.now):
        pass


def asked(browser: webdriver.Chrome) -> dict[str, list[str]]:
    return parse_qs(urlsplit(browser.current_url).query)


def titles(browser: webdriver.Chrome) -> set[str]:
    """What the list shows, without the numbers."""
    return {title.rsplit(" ", 1)[0] for title in driver.texts(browser, ".stream h3")}


def dated(browser: webdriver.Chrome) -> list[str]:
    """When the events of the table happened or are to happen."""
    found = browser.find_elements(By.CSS_SELECTOR, ".events-table tbody th")
    return [one.get_attribute("textContent") or "" for one in found]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ko", ("저장한 검색", "시점별 사건", "예정", "문장과 출처 보기", "2030년")),
        ("en", ("Saved searches", "What happened when", "planned", "With sentences and sources", "2030")),
    ],
)
def test_an_analyst_follows_a_saved_search_and_narrows_it(
    live_server: LiveServer, news: None, browser: webdriver.Chrome, language: str, words: tuple[str, ...]
):
    heading, events, planned, behind, year = words
    person = factories.person("analyst", language=language)
    search = saved_searches.save(person, "배터리 소식", "배터리", now=timezone.now())
    driver.log_in(browser, live_server.url, "analyst", "analyst-analyst")
    browser.get(f"{live_server.url}/timeline/")
    assert driver.one(browser, ".own-searches h3").text == heading
    assert titles(browser) == {"배터리 공장", "배터리 인력", "야구단"}
    driver.one(browser, ".own-searches a").click()
    driver.wait_for(browser, lambda: asked(browser) == {"search": [str(search.pk)]})
    assert titles(browser) == {"배터리 공장", "배터리 인력"}
    assert driver.one(browser, "#event-line h2").text == events
    assert len(dated(browser)) == 2
    assert axe(browser) == []
    # What is planned alone; the address says so, and back takes it back.
    driver.one(browser, "#event-line .unit a:last-child").click()
    driver.wait_for(browser, lambda: asked(browser).get("when") == ["ahead"])
    driver.wait_for(browser, lambda: dated(browser) == [year])
    assert driver.one(browser, "#event-line .unit a[aria-current]").text == planned
    browser.back()
    driver.wait_for(browser, lambda: len(dated(browser)) == 2)
    # A company beside it, then a day of the chart.
    company = models.Company.objects.get(name="가온전자")
    driver.one(browser, f".facets a[href*='company={company.pk}']").click()
    driver.wait_for(browser, lambda: titles(browser) == {"배터리 공장"})
    day = (timezone.localdate() - datetime.timedelta(days=2)).isoformat()
    row = browser.execute_script(
        "return [...document.querySelectorAll('#volume tbody a')]"
        ".find((one) => one.textContent.includes(arguments[0])).getAttribute('href')",
        day,
    )
    browser.get(f"{live_server.url}{row}")
    assert asked(browser) == {
        "search": [str(search.pk)],
        "company": [str(company.pk)],
        "since": [day],
        "until": [day],
    }
    assert driver.texts(browser, ".stream h3") == ["배터리 공장 2"]
    assert len(dated(browser)) == 1
    link = driver.one(browser, ".all-events")
    assert link.text == behind
    link.click()
    driver.wait_for(browser, lambda: "/timeline/events/" in browser.current_url)
    assert len(browser.find_elements(By.CSS_SELECTOR, ".event-list > .event")) == 1
    assert axe(browser) == []
    assert driver.problems(browser) == []
