"""Stories in a real browser: unfolded by mouse and keys, brought up to date in place, taken apart and undone."""

import pytest
from django.contrib.sessions.models import Session
from pytest_django.live_server_helper import LiveServer
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from articles import models
from articles.templatetags import stories
from newswatch.accounts import roles
from tests import factories
from tests.browser import driver

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = (390, 844)
HEADLINE, LATER = "LG화학, 구미에 공장 착공", "LG화학 공장에 주민 반발"


def told(title: str, by: str, body: str) -> models.Article:
    return factories.article(title, body, of=factories.source(factories.outlet(by)))


@pytest.fixture
def battery() -> models.Story:
    first = told(HEADLINE, "한빛일보", "LG화학이 구미에 공장을 짓는다.")
    copy = told("[속보] " + HEADLINE, "나루경제", "LG화학이 구미에 공장을 짓는다.")
    later = told(LATER, "누리신문", "주민 300명은 소음을 걱정한다.")
    return factories.story(first, later, copies=[copy])


@pytest.fixture
def site(live_server: LiveServer, battery: models.Story, browser: webdriver.Chrome) -> str:
    roles.ensure_roles()
    person = factories.person("editor", is_staff=True)
    person.groups.set(roles.Group.objects.filter(name=roles.EDITORS))
    driver.log_in(browser, live_server.url, "editor", "editor-editor")
    return str(live_server.url)


def members(browser: webdriver.Chrome) -> list[str]:
    """The titles that are seen under the unfolded line."""
    return [text for text in driver.texts(browser, ".members .member-title > a") if text]


def test_a_line_unfolds_and_folds_by_mouse_and_keyboard(site: str, browser: webdriver.Chrome):
    browser.get(site + "/timeline/")
    link = driver.one(browser, "a.unfold")
    link.click()
    driver.wait_for(browser, lambda: members(browser) == [HEADLINE, LATER])
    assert link.get_attribute("aria-expanded") == "true"
    assert "/stories/" not in browser.current_url
    driver.one(browser, ".members .copies summary").click()
    assert any("나루경제" in text for text in driver.texts(browser, ".members .copies li"))
    link.send_keys(Keys.SPACE)
    driver.wait_for(browser, lambda: members(browser) == [])
    assert link.get_attribute("aria-expanded") == "false"
    link.send_keys(Keys.ENTER)
    driver.wait_for(browser, lambda: members(browser) == [HEADLINE, LATER])
    assert driver.problems(browser) == []


def test_without_a_script_the_line_leads_to_the_storys_page(site: str, browser: webdriver.Chrome):
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    browser.get(site + "/timeline/")
    driver.one(browser, "a.unfold").click()
    driver.wait_for(browser, lambda: driver.texts(browser, ".coverage h3") == [HEADLINE, LATER])


def test_a_story_that_gains_an_outlet_changes_in_place_and_stays_unfolded(
    site: str, battery: models.Story, browser: webdriver.Chrome, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(stories, "NEWS_SECONDS", 1)
    browser.get(site + "/timeline/")
    driver.one(browser, "a.unfold").click()
    driver.wait_for(browser, lambda: len(members(browser)) == 2)
    factories.story(battery.headline, told("LG화학 공장, 시장도 반겨", "바다신문", "시장은 반긴다고 했다."))
    factories.story(told("아주 다른 소식", "바다신문", "비가 온다."))
    driver.wait_for(browser, lambda: driver.one(browser, "#news").text == "새 소식 1건, 갱신 1건")
    driver.wait_for(browser, lambda: driver.one(browser, "a.unfold").text.startswith("4곳"))
    driver.wait_for(browser, lambda: len(members(browser)) == 3)
    assert driver.one(browser, "a.unfold").get_attribute("aria-expanded") == "true"
    assert driver.texts(browser, ".row-item h3") == [HEADLINE]
    driver.one(browser, ".news-bar a").click()
    driver.wait_for(browser, lambda: driver.texts(browser, ".row-item h3") == ["아주 다른 소식", HEADLINE])
    assert driver.problems(browser) == []


def test_a_page_left_open_past_the_session_stays_as_it_is(
    site: str, browser: webdriver.Chrome, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(stories, "NEWS_SECONDS", 1)
    browser.get(site + "/timeline/")
    driver.one(browser, "a.unfold")
    browser.execute_script(
        "window.asked = 0; document.addEventListener('htmx:afterRequest', () => { window.asked += 1; });"
    )
    Session.objects.all().delete()
    driver.wait_for(browser, lambda: browser.execute_script("return window.asked") > 0)
    assert driver.one(browser, "#news").text == ""
    assert "/account/login/" not in browser.current_url
    driver.one(browser, "a.unfold").click()
    driver.wait_for(browser, lambda: "/account/login/" in browser.current_url)


def test_an_editor_splits_an_article_out_and_undoes_it(
    site: str, battery: models.Story, browser: webdriver.Chrome
):
    driver.one(browser, ".row-item h3 a").click()
    driver.wait_for(browser, lambda: driver.texts(browser, ".coverage h3") == [HEADLINE, LATER])
    assert "주민 300명은 소음을 걱정한다." in driver.texts(browser, ".adds li")
    browser.find_elements(By.CSS_SELECTOR, ".entry-head .move")[1].click()
    driver.one(browser, 'a[href$="to=new"]').click()
    driver.wait_for(browser, lambda: LATER in driver.one(browser, ".happens").text)
    driver.one(browser, "form.actions .btn-accent").click()
    driver.wait_for(browser, lambda: driver.texts(browser, ".coverage h3") == [LATER])
    assert models.Article.objects.get(title=LATER).story_id != battery.pk
    driver.one(browser, ".toasts .undo").click()
    driver.wait_for(browser, lambda: driver.texts(browser, ".coverage h3") == [HEADLINE, LATER])
    assert models.Article.objects.get(title=LATER).story_id == battery.pk
    assert driver.problems(browser) == []


@pytest.mark.parametrize("path", ["/", "/timeline/", "/stories/{}/", "/stories/{}/edit/", "unfolded"])
def test_nothing_sticks_out_on_a_phone(
    site: str, battery: models.Story, browser: webdriver.Chrome, path: str
):
    driver.resize(browser, *PHONE)
    factories.story(told("제목이 아주 긴 소식 " * 12, "이름이 아주 긴 신문사", "본문이다. " * 80))
    browser.get(site + ("/timeline/" if path == "unfolded" else path.format(battery.pk)))
    if path == "unfolded":
        driver.one(browser, "a.unfold").click()
        driver.wait_for(browser, lambda: members(browser))
    driver.one(browser, "main h1")
    assert browser.execute_script("return document.documentElement.scrollWidth") <= PHONE[0]
