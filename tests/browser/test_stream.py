"""A long list in a real browser: it goes on by itself, its address says where one is, and one comes back there."""

import datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from articles import reads
from tests import factories
from tests.browser import driver

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ROWS, A_PAGE = 100, 30


@pytest.fixture
def site(live_server: LiveServer, browser: webdriver.Chrome, monkeypatch: pytest.MonkeyPatch) -> str:
    assert reads.PAGE_SIZE > A_PAGE
    monkeypatch.setattr(reads, "PAGE_SIZE", A_PAGE)
    noon = timezone.localtime().replace(hour=12, minute=0) - datetime.timedelta(days=1)
    for number in range(ROWS):
        at = noon - datetime.timedelta(hours=number)
        factories.story(factories.article(f"소식 {number}", "배터리 이야기다.", published_at=at))
    return str(live_server.url)


def enter(browser: webdriver.Chrome, site: str, language: str = "ko") -> None:
    factories.person("analyst", language=language)
    driver.log_in(browser, site, "analyst", "analyst-analyst")


def titles(browser: webdriver.Chrome) -> list[str]:
    return list(
        browser.execute_script(
            "return [...document.querySelectorAll('.row-item h3 a')].map((one) => one.textContent)"
        )
    )


def to_the_end(browser: webdriver.Chrome) -> None:
    browser.execute_script("window.scrollTo(0, document.documentElement.scrollHeight)")


def to_row(browser: webdriver.Chrome, number: int) -> None:
    browser.execute_script(
        "document.querySelectorAll('.row-item')[arguments[0]].scrollIntoView({block: 'start'})", number
    )


def first_seen(browser: webdriver.Chrome) -> str:
    """The title of the first row below the header and the day's heading."""
    return str(
        browser.execute_script(
            "const line = document.querySelector('.top').getBoundingClientRect().bottom + 48;"
            "return [...document.querySelectorAll('.row-item')]"
            ".find((row) => row.getBoundingClientRect().bottom > line)?.querySelector('h3 a').textContent"
        )
    )


def named(browser: webdriver.Chrome) -> str:
    """The title of the row that the address names."""
    row = urlsplit(browser.current_url).fragment
    found = browser.find_elements(By.CSS_SELECTOR, f"#{row} h3 a") if row else []
    return found[0].text if found else ""


def all_of_it(browser: webdriver.Chrome) -> None:
    def went_on() -> bool:
        to_the_end(browser)
        return len(titles(browser)) == ROWS

    driver.wait_for(browser, went_on, seconds=40)


@pytest.mark.parametrize(
    ("path", "language", "last"),
    [
        ("/timeline/", "ko", "가장 오래된 것까지 보았습니다."),
        ("/timeline/?by=article", "en", "That was the oldest one."),
        ("/search/?q=배터리", "en", "That was the oldest one."),
    ],
)
def test_a_list_goes_on_by_itself_and_nothing_is_missing_or_twice(
    site: str, browser: webdriver.Chrome, path: str, language: str, last: str
):
    enter(browser, site, language)
    browser.get(f"{site}{path}")
    assert len(titles(browser)) == A_PAGE
    all_of_it(browser)
    assert titles(browser) == [f"소식 {number}" for number in range(ROWS)]
    days = driver.texts(browser, ".day")
    assert len(days) == len(set(days))
    assert driver.texts(browser, "p.older") != []
    assert driver.one(browser, ".stream").get_attribute("aria-busy") is None
    assert driver.one(browser, "#stream-says").get_attribute("textContent") != ""
    if language == "en":
        assert driver.one(browser, "p.older").text == last
    assert driver.problems(browser) == []


def test_the_address_leads_back_to_the_row_that_was_seen(site: str, browser: webdriver.Chrome):
    enter(browser, site)
    browser.get(f"{site}/timeline/?language=ko")
    all_of_it(browser)
    to_row(browser, 70)
    driver.wait_for(browser, lambda: named(browser) == first_seen(browser))
    seen = first_seen(browser)
    asked = parse_qs(urlsplit(browser.current_url).query)
    assert asked["language"] == ["ko"]
    assert "before" in asked
    browser.refresh()
    driver.wait_for(browser, lambda: titles(browser))
    driver.wait_for(browser, lambda: first_seen(browser) == seen)
    assert len(titles(browser)) < ROWS
    # The day has its heading though an earlier page began it.
    assert driver.texts(browser, ".day")
    # To an article and back.
    browser.execute_script(
        "[...document.querySelectorAll('.row-item h3 a')].find((one) => one.textContent === arguments[0]).click()",
        seen,
    )
    driver.wait_for(browser, lambda: "/articles/" in browser.current_url)
    browser.back()
    driver.wait_for(browser, lambda: "/timeline/" in browser.current_url)
    driver.wait_for(browser, lambda: first_seen(browser) == seen)
    # The header may lie over it where the row is near the list's beginning.
    browser.execute_script("document.querySelector('.back-to-newest a').click()")
    driver.wait_for(browser, lambda: titles(browser)[:1] == ["소식 0"])
    assert driver.problems(browser) == []


def test_at_the_top_the_address_is_as_it_was(site: str, browser: webdriver.Chrome):
    enter(browser, site, "en")
    browser.get(f"{site}/timeline/?language=ko")
    all_of_it(browser)
    to_the_end(browser)
    button = driver.wait_for(browser, lambda: driver.one(browser, ".to-newest"))
    driver.wait_for(browser, button.is_displayed)
    assert "newest" in button.text
    button.click()
    driver.wait_for(browser, lambda: browser.current_url == f"{site}/timeline/?language=ko")
    assert len(titles(browser)) == ROWS
    assert not button.is_displayed()


def test_whoever_presses_the_link_goes_on_at_the_first_new_row(site: str, browser: webdriver.Chrome):
    enter(browser, site)
    browser.get(f"{site}/timeline/")
    # Nothing happens by itself.
    browser.execute_script("document.querySelector('#older a').dataset.asked = 'true'")
    link = browser.find_element(By.CSS_SELECTOR, "#older a")
    link.send_keys(Keys.ENTER)
    driver.wait_for(browser, lambda: len(titles(browser)) > A_PAGE)
    driver.wait_for(
        browser,
        lambda: browser.execute_script("return document.activeElement.textContent") == f"소식 {A_PAGE}",
    )


def test_without_scripts_there_is_a_link_and_a_way_back(site: str, browser: webdriver.Chrome):
    enter(browser, site, "en")
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.get(f"{site}/timeline/")
        browser.find_element(By.CSS_SELECTOR, "#older a").click()
        assert browser.find_element(By.CSS_SELECTOR, ".row-item h3 a").text == f"소식 {A_PAGE}"
        assert browser.find_element(By.CSS_SELECTOR, ".day").text
        browser.find_element(By.LINK_TEXT, "↑ Back to the newest").click()
        assert browser.find_element(By.CSS_SELECTOR, ".row-item h3 a").text == "소식 0"
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
