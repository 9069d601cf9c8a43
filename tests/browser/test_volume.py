"""The volume chart in a real browser: a stretch chosen by dragging and by keys, series hidden, and the way back."""

import datetime
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer
from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests import factories
from tests.browser import driver

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DAYS = 30
PEAK = 9


@pytest.fixture
def news() -> None:
    """A month with a day on which one story was told by many."""
    noon = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0) - datetime.timedelta(
        days=1
    )
    themes, companies = ("AI", "Bio", "Cleantech"), ("가온전자", "한빛화학", "누리바이오")
    for back in range(DAYS - 1):
        for number in range(1 + (back * 7) % 3):
            factories.article(
                f"{back}일 전 소식 {number}",
                themes=[themes[(back + number) % 3]],
                companies=[companies[(back * 2 + number) % 3]],
                published_at=noon - datetime.timedelta(days=back, minutes=number),
            )
    told = [
        factories.article(
            f"전고체 배터리 공장 착공 {number}",
            themes=["Cleantech"],
            companies=["가온전자"],
            of=factories.source(factories.outlet(f"신문 {number}")),
            published_at=noon - datetime.timedelta(days=PEAK, minutes=number),
        )
        for number in range(14)
    ]
    factories.story(*told)


@pytest.fixture(params=["ko", "en"])
def language(request: pytest.FixtureRequest) -> str:
    """The reader's, for tests of what every reader does."""
    return str(request.param)


@pytest.fixture
def site(
    live_server: LiveServer, news: None, browser: webdriver.Chrome, request: pytest.FixtureRequest
) -> str:
    own = request.getfixturevalue("language") if "language" in request.fixturenames else "ko"
    factories.person("analyst", language=own)
    driver.log_in(browser, live_server.url, "analyst", "analyst-analyst")
    return str(live_server.url)


def asked(browser: webdriver.Chrome) -> dict[str, list[str]]:
    """The address's parameters."""
    return parse_qs(urlsplit(browser.current_url).query)


def day(back: int) -> str:
    return (timezone.localdate() - datetime.timedelta(days=back)).isoformat()


def bar(browser: webdriver.Chrome, back: int) -> object:
    return driver.one(browser, f"#volume a.col[data-first='{day(back)}']")


def test_a_stretch_is_chosen_by_dragging_and_left_by_going_back(
    site: str, browser: webdriver.Chrome, language: str
):
    browser.get(f"{site}/timeline/?stack=theme&by=article")
    told = {"ko": "숫자를 표로 보기", "en": "The numbers as a table"}[language]
    assert driver.one(browser, "#volume .table-behind summary").text == told
    ActionChains(browser).click_and_hold(bar(browser, 12)).move_to_element(bar(browser, 10)).move_to_element(
        bar(browser, 8)
    ).release().perform()
    driver.wait_for(browser, lambda: "since" in asked(browser))
    assert asked(browser) == {
        "stack": ["theme"],
        "by": ["article"],
        "since": [day(12)],
        "until": [day(8)],
    }
    driver.wait_for(browser, lambda: len(browser.find_elements(By.CSS_SELECTOR, "#volume a.col")) == 5)
    browser.back()
    driver.wait_for(browser, lambda: len(browser.find_elements(By.CSS_SELECTOR, "#volume a.col")) == DAYS)
    assert "since" not in asked(browser)
    assert driver.problems(browser) == []


def test_a_stretch_is_chosen_by_keys(site: str, browser: webdriver.Chrome):
    browser.get(f"{site}/timeline/")
    browser.execute_script("document.querySelector('#volume a.col').focus()")
    keys = ActionChains(browser).send_keys(Keys.END).send_keys(Keys.ARROW_LEFT)
    keys.key_down(Keys.SHIFT).send_keys(Keys.ARROW_LEFT, Keys.ARROW_LEFT).key_up(Keys.SHIFT).perform()
    said = driver.one(browser, "#volume [role=status]").get_attribute("textContent")
    assert day(3) in said
    assert day(1) in said
    ActionChains(browser).send_keys(Keys.ENTER).perform()
    driver.wait_for(browser, lambda: asked(browser).get("since") == [day(3)])
    assert asked(browser)["until"] == [day(1)]
    assert driver.problems(browser) == []


def test_a_series_is_hidden_and_shown_and_the_address_says_so(
    site: str, browser: webdriver.Chrome, language: str
):
    browser.get(f"{site}/timeline/?stack=theme&by=article")
    before = len(browser.find_elements(By.CSS_SELECTOR, "#volume .tone-t2"))
    assert before > 1
    link = driver.one(browser, ".legend li:first-child a")
    name = link.text
    link.click()
    driver.wait_for(browser, lambda: "hide" in asked(browser))
    driver.wait_for(browser, lambda: driver.texts(browser, ".legend .off .name") == [name.split("\n")[0]])
    # In the legend alone.
    assert len(browser.find_elements(By.CSS_SELECTOR, "#volume .tone-t2")) == 1
    browser.back()
    driver.wait_for(
        browser, lambda: len(browser.find_elements(By.CSS_SELECTOR, "#volume .tone-t2")) == before
    )
    assert driver.problems(browser) == []


def test_pointing_at_a_bar_tells_its_numbers_and_a_peak_names_its_story(site: str, browser: webdriver.Chrome):
    browser.get(f"{site}/timeline/?stack=company&by=article")
    ActionChains(browser).move_to_element(bar(browser, PEAK + 1)).perform()
    tip = driver.one(browser, "#volume .tip").text
    assert day(PEAK + 1) in tip
    assert "가온전자" in tip
    assert "전고체 배터리 공장 착공" in driver.texts(browser, ".peaks a")[0]
    assert driver.problems(browser) == []


@pytest.fixture
def plain() -> Iterator[webdriver.Chrome]:
    """A browser that runs no scripts."""
    with driver.chromium(width=390, height=844) as opened:
        opened.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
        yield opened


def test_without_scripts_bars_and_the_table_are_links(site: str, browser: webdriver.Chrome):
    browser.get(f"{site}/timeline/")
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.get(f"{site}/timeline/?stack=theme")
        href = bar(browser, PEAK + 1).get_dom_attribute("href")
        assert f"since={day(PEAK + 1)}&until={day(PEAK + 1)}" in href
        browser.find_element(By.CSS_SELECTOR, ".volume .table-behind summary").click()
        row = browser.find_element(By.XPATH, f"//table//a[contains(., '{day(PEAK + 1)}')]")
        row.click()
        assert asked(browser)["since"] == [day(PEAK + 1)]
        assert len(browser.find_elements(By.CSS_SELECTOR, "#volume a.col")) == 24
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_the_chart_fits_a_phone(site: str, browser: webdriver.Chrome, language: str):
    driver.resize(browser, 390, 844)
    try:
        browser.get(f"{site}/timeline/?stack=company")
        wide = browser.execute_script("return document.documentElement.scrollWidth")
        assert wide <= 390
        assert driver.one(browser, ".volume-bars").size["width"] > 300
    finally:
        driver.resize(browser, 1280, 900)
