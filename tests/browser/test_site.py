"""The analyst's main path in a real browser, with the scripts running."""

import pytest
from pytest_django.live_server_helper import LiveServer
from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from alerts import models
from tests import factories
from tests.browser import driver

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = (390, 844)


@pytest.fixture
def newsroom() -> None:
    factories.person("analyst")
    for number in range(55):
        factories.article(f"지난 기사 {number}", published_at=factories.NOW)
    factories.article(
        "카카오 새 모델", "카카오가 인공지능 모델을 내놨다.", companies=["카카오"], themes=["AI"]
    )
    battery = factories.article(
        "LG화학, 배터리 소재 공장",
        "LG화학이 배터리 소재 공장을 짓는다.\n\n두 번째 문단이다.",
        companies=["LG화학"],
    )
    factories.tag_theme(battery, factories.theme("Cleantech"), term="배터리")


@pytest.fixture
def site(live_server: LiveServer, newsroom: None, browser: webdriver.Chrome) -> str:
    driver.log_in(browser, live_server.url, "analyst", "analyst-analyst")
    browser.get(f"{live_server.url}/timeline/")
    return str(live_server.url)


def test_an_analyst_filters_reads_and_sets_an_alert(site: str, browser: webdriver.Chrome):
    driver.one(browser, '.facets a[href*="theme=Cleantech"]').click()
    driver.wait_for(browser, lambda: driver.texts(browser, ".row-item h3") == ["LG화학, 배터리 소재 공장"])
    assert "theme=Cleantech" in browser.current_url

    driver.one(browser, ".row-item h3 a").click()
    mark = driver.one(browser, ".body mark.hl-theme")
    assert mark.text == "배터리"
    ActionChains(browser).move_to_element(mark).perform()
    reason = driver.one(browser, "#reason")
    driver.wait_for(browser, reason.is_displayed)
    assert reason.text == "주제 Cleantech의 근거: 배터리 +1"
    browser.back()

    driver.one(browser, ".alert-me").click()
    query = driver.one(browser, "#id_query")
    assert query.get_property("value") == 'theme:"Cleantech"'
    query.send_keys(" 배터리 (")
    driver.wait_for(browser, lambda: "읽을 수 없습니다" in driver.one(browser, "#preview").text)
    query.send_keys(Keys.BACKSPACE)
    driver.wait_for(browser, lambda: "LG화학, 배터리 소재 공장" in driver.one(browser, "#preview").text)
    assert set(driver.texts(browser, "#preview mark.hit")) == {"배터리"}
    driver.one(browser, ".form-nw button.btn-accent").click()
    driver.wait_for(browser, lambda: "알림을 저장했습니다" in driver.one(browser, ".toasts").text)
    assert models.Alert.objects.get().query == "theme:Cleantech 배터리"
    assert driver.problems(browser) == []


def test_older_articles_are_added_below_and_days_stay_single(site: str, browser: webdriver.Chrome):
    rows = len(driver.texts(browser, ".row-item"))
    browser.execute_script("document.querySelector('#older a').scrollIntoView()")
    driver.wait_for(browser, lambda: len(driver.texts(browser, ".row-item")) == 57)
    assert rows == 50
    days = driver.texts(browser, ".day")
    assert len(days) == len(set(days)) == 2


def test_choosing_and_typing_filters_keeps_the_address_short(site: str, browser: webdriver.Chrome):
    browser.find_element(By.CSS_SELECTOR, "#id_language option[value=ko]").click()
    driver.wait_for(browser, lambda: browser.current_url.endswith("/timeline/?language=ko"))
    field = driver.one(browser, "#id_add")
    field.send_keys("카카")
    driver.wait_for(
        browser, lambda: browser.find_elements(By.CSS_SELECTOR, '#company-options option[value="카카오"]')
    )
    field.send_keys("오", Keys.ENTER)
    driver.wait_for(browser, lambda: driver.texts(browser, ".row-item h3") == ["카카오 새 모델"])
    assert "add=" not in browser.current_url
    assert driver.texts(browser, ".chip.on span:first-child") == ["카카오", "한국어"]
    assert driver.problems(browser) == []


@pytest.mark.parametrize(
    "path", ["/", "/timeline/", "/companies/", "/alerts/", "/alerts/new/", "/account/settings/", "article"]
)
def test_nothing_sticks_out_on_a_phone(site: str, browser: webdriver.Chrome, path: str):
    driver.resize(browser, *PHONE)
    browser.get(site + "/timeline/")
    if path == "article":
        driver.one(browser, ".row-item h3 a").click()
        driver.one(browser, ".paper")
    else:
        browser.get(site + path)
    width = browser.execute_script("return document.documentElement.scrollWidth")
    assert width <= PHONE[0]


def test_the_device_decides_between_light_and_dark(site: str, browser: webdriver.Chrome):
    def ground() -> str:
        return str(browser.execute_script("return getComputedStyle(document.body).backgroundColor"))

    light = ground()
    driver.prefer_dark(browser)
    driver.wait_for(browser, lambda: ground() != light)
    browser.refresh()
    assert ground() != light


def test_filters_open_and_close_on_a_phone_without_a_script(site: str, browser: webdriver.Chrome):
    driver.resize(browser, *PHONE)
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    browser.get(site + "/timeline/")
    panel = driver.one(browser, "#filter-panel")
    assert not panel.is_displayed()
    driver.one(browser, ".to-filters").click()
    driver.wait_for(browser, panel.is_displayed)
    driver.one(browser, ".side-head .close").click()
    driver.wait_for(browser, lambda: not panel.is_displayed())
