"""Keys: along a list, marks, the sheet that shows them all, and going somewhere by typing."""

import pytest
from pytest_django.live_server_helper import LiveServer
from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from articles import models
from newswatch.accounts.models import User
from tests import factories
from tests.browser import driver, test_every_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def site(live_server: LiveServer, browser: webdriver.Chrome) -> str:
    factories.person("analyst")
    for number in range(3):
        at = factories.NOW.replace(minute=number)
        factories.article(f"기사 {number}", published_at=at, companies=["카카오"] if number else [])
    factories.company("카카오")
    driver.log_in(browser, live_server.url, "analyst", "analyst-analyst")
    browser.get(f"{live_server.url}/timeline/?by=article")
    return str(live_server.url)


def press(browser: webdriver.Chrome, *keys: str) -> None:
    for key in keys:
        ActionChains(browser).send_keys(key).perform()


def focused(browser: webdriver.Chrome) -> str:
    return browser.switch_to.active_element.text


def is_open(browser: webdriver.Chrome, dialog: str) -> bool:
    return browser.find_element(By.ID, dialog).get_attribute("open") is not None


def test_j_and_k_go_along_the_list_and_o_opens(site: str, browser: webdriver.Chrome):
    press(browser, "j")
    assert focused(browser) == "기사 2"
    press(browser, "j", "j", "j", "k")
    assert focused(browser) == "기사 1"
    press(browser, "o")
    driver.wait_for(browser, lambda: driver.one(browser, "h1").text == "기사 1")
    assert driver.problems(browser) == []


def test_s_stars_and_m_marks_the_one_that_has_the_focus(site: str, browser: webdriver.Chrome):
    press(browser, "j", "s")
    driver.wait_for(browser, lambda: models.Mark.objects.filter(starred_at__isnull=False).exists())
    press(browser, "m")
    driver.wait_for(browser, lambda: models.Mark.objects.filter(read_at__isnull=False).exists())
    assert models.Mark.objects.get().article.title == "기사 2"
    assert focused(browser) == "기사 2"


def test_a_question_mark_shows_all_keys_and_letters_are_letters_where_one_types(
    site: str, browser: webdriver.Chrome
):
    ActionChains(browser).key_down(Keys.SHIFT).send_keys("/").key_up(Keys.SHIFT).perform()
    driver.wait_for(browser, lambda: is_open(browser, "keys"))
    assert "j k 목록에서 다음, 이전" in driver.one(browser, "#keys").text
    assert test_every_page.axe(browser) == []
    press(browser, Keys.ESCAPE)
    driver.wait_for(browser, lambda: not is_open(browser, "keys"))
    press(browser, "/")
    press(browser, "j", "s")
    assert browser.switch_to.active_element.get_property("value") == "js"
    assert not models.Mark.objects.exists()


def test_typing_leads_to_a_company(site: str, browser: webdriver.Chrome):
    ActionChains(browser).key_down(Keys.CONTROL).send_keys("k").key_up(Keys.CONTROL).perform()
    driver.wait_for(browser, lambda: "타임라인" in driver.one(browser, "#palette-places").text)
    press(browser, "카카")
    driver.wait_for(browser, lambda: "카카오" in driver.one(browser, "#palette-places").text)
    assert test_every_page.axe(browser) == []
    press(browser, Keys.ARROW_DOWN)
    assert focused(browser).startswith("카카오")
    press(browser, Keys.ENTER)
    driver.wait_for(browser, lambda: driver.one(browser, "h1").text == "카카오")
    press(browser, "g", "t")
    driver.wait_for(browser, lambda: browser.current_url == f"{site}/timeline/")
    assert driver.problems(browser) == []


def test_whoever_switched_them_off_is_left_alone(site: str, browser: webdriver.Chrome):
    User.objects.update(uses_shortcuts=False)
    browser.refresh()
    press(browser, "j", "o")
    assert browser.switch_to.active_element.tag_name == "body"
    assert browser.current_url == f"{site}/timeline/?by=article"


def test_without_a_script_typing_leads_there_too(client):
    client.force_login(factories.person("analyst", language="en"))
    factories.company("카카오")
    other = factories.alert(factories.person("other"), name="카카오 남의 것")
    page = client.get("/go/", {"to": "카카"}).content.decode()
    assert f"/companies/{models.Company.objects.get().pk}/" in page
    assert other.name not in page
    assert "Nothing by that name" not in page
