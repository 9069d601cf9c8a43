"""Search in a real browser: asked, narrowed, saved, marked and followed, by mouse and keys, in both languages."""

import pytest
from pytest_django.live_server_helper import LiveServer
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from articles import models
from newswatch.accounts.models import User
from tests import factories
from tests.browser import driver

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = (390, 844)
WORDS = {"ko": ("알림 받기", "저장한 검색"), "en": ("Alert me", "Saved searches")}


@pytest.fixture
def reader() -> User:
    return factories.person("analyst")


@pytest.fixture
def site(live_server: LiveServer, reader: User, browser: webdriver.Chrome) -> str:
    first = factories.article(
        "LG화학 배터리 공장", "배터리를 만든다.", companies=["LG화학"], themes=["Cleantech"]
    )
    factories.story(first, factories.article("공장에 주민 반발", "배터리 공장이 시끄럽다."))
    factories.article("카카오 배터리", "배터리를 산다.", companies=["카카오"])
    driver.log_in(browser, live_server.url, "analyst", "analyst-analyst")
    return str(live_server.url)


def titles(browser: webdriver.Chrome) -> list[str]:
    return driver.texts(browser, ".row-item h3")


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_reader_searches_narrows_saves_and_sets_an_alert(
    site: str, browser: webdriver.Chrome, reader: User, language: str
):
    User.objects.filter(pk=reader.pk).update(language=language)
    alert, saved = WORDS[language]
    browser.get(site + "/timeline/")
    driver.one(browser, "#top-q").send_keys("배터리", Keys.ENTER)
    driver.wait_for(browser, lambda: len(titles(browser)) == 2)
    assert driver.texts(browser, ".row-item h3 mark") == ["배터리", "배터리"]
    driver.wait_for(browser, lambda: driver.one(browser, "svg.bars").is_displayed())
    facet = driver.wait_for(
        browser, lambda: browser.find_element(By.XPATH, "//*[@id='facets']//a[contains(., 'LG화학')]")
    )
    facet.click()
    driver.wait_for(browser, lambda: titles(browser) == ["LG화학 배터리 공장"])
    assert driver.one(browser, "#id_q").get_attribute("value") == "배터리 company:LG화학"
    driver.one(browser, ".pop summary").click()
    driver.one(browser, "#id_name").send_keys("LG 배터리", Keys.ENTER)
    driver.wait_for(browser, lambda: driver.one(browser, "h1").text == saved)
    assert driver.texts(browser, ".saved-list h2") == ["LG 배터리"]
    browser.find_element(By.LINK_TEXT, "LG 배터리").click()
    driver.wait_for(browser, lambda: titles(browser) == ["LG화학 배터리 공장"])
    browser.find_element(By.LINK_TEXT, alert).click()
    field = driver.one(browser, "#id_query")
    assert field.get_attribute("value") == "배터리 company:LG화학"
    assert driver.problems(browser) == []


def test_what_is_typed_is_completed(site: str, browser: webdriver.Chrome):
    browser.get(site + "/search/")
    driver.one(browser, "#id_q").send_keys("배터리 company:LG")
    options = "#completions option"
    driver.wait_for(browser, lambda: browser.find_elements(By.CSS_SELECTOR, options))
    found = [option.get_attribute("value") for option in browser.find_elements(By.CSS_SELECTOR, options)]
    assert found == ["배터리 company:LG화학"]


def test_star_read_and_note_by_keyboard_alone(site: str, browser: webdriver.Chrome, reader: User):
    browser.get(site + "/search/?q=카카오")
    article = models.Article.objects.get(title="카카오 배터리")
    star = driver.one(browser, f"#star-{article.pk}")
    star.send_keys(Keys.ENTER)
    driver.wait_for(
        browser, lambda: driver.one(browser, f"#star-{article.pk}").get_attribute("aria-pressed") == "true"
    )
    # The focus stays where the reader was.
    assert browser.switch_to.active_element.get_attribute("id") == f"star-{article.pk}"
    browser.switch_to.active_element.send_keys(Keys.TAB, Keys.NULL)
    driver.one(browser, f"#seen-{article.pk}").send_keys(Keys.SPACE)
    driver.wait_for(browser, lambda: browser.find_elements(By.CSS_SELECTOR, ".marks.is-read"))
    driver.one(browser, f"#note-link-{article.pk}").send_keys(Keys.ENTER)
    note = driver.one(browser, f"#note-text-{article.pk}")
    note.send_keys("보고서에")
    driver.one(browser, ".my-note button").send_keys(Keys.ENTER)
    driver.wait_for(browser, lambda: "보고서에" in driver.one(browser, ".my-note p").text)
    mark = models.Mark.objects.get(reader=reader)
    assert mark.starred_at
    assert mark.read_at
    assert mark.note == "보고서에"
    assert driver.problems(browser) == []


def test_a_deleted_search_is_brought_back(site: str, browser: webdriver.Chrome, reader: User):
    factories_saved(reader)
    browser.get(site + "/search/saved/")
    driver.one(browser, ".saved-buttons .danger").click()
    driver.wait_for(browser, lambda: browser.find_elements(By.CSS_SELECTOR, ".saved-list li") == [])
    driver.one(browser, ".toasts .undo").click()
    driver.wait_for(browser, lambda: driver.texts(browser, ".saved-list h2") == ["배터리"])


def factories_saved(owner: User) -> models.SavedSearch:
    at = models.Article.objects.first().ready_at
    return models.SavedSearch.objects.create(owner=owner, name="배터리", query="배터리", created_at=at)


def test_without_a_script_everything_is_a_link_or_a_form(site: str, browser: webdriver.Chrome):
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    browser.get(site + "/search/?q=배터리")
    driver.one(browser, "#counted a").click()
    driver.wait_for(browser, lambda: driver.one(browser, "svg.bars"))
    browser.find_element(By.XPATH, "//*[@id='facets']//a[contains(., '카카오')]").click()
    driver.wait_for(browser, lambda: titles(browser) == ["카카오 배터리"])
    driver.one(browser, "button.star").click()
    driver.wait_for(browser, lambda: driver.one(browser, "button.star").get_attribute("value") == "unstar")
    driver.one(browser, ".note-link").click()
    driver.wait_for(browser, lambda: driver.one(browser, ".marks-box textarea"))


@pytest.mark.parametrize(
    "path", ["/search/", "/search/?q=배터리&counted", "/search/?q=배터리+없는말", "/search/saved/"]
)
def test_nothing_sticks_out_on_a_phone(site: str, browser: webdriver.Chrome, reader: User, path: str):
    factories_saved(reader)
    driver.resize(browser, *PHONE)
    browser.get(site + path)
    driver.one(browser, "main h1")
    assert browser.execute_script("return document.documentElement.scrollWidth") <= PHONE[0]
