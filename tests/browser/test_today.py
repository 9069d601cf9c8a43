"""The first page of the day, sharing and the settings in a real browser, in both languages."""

import pytest
from pytest_django.live_server_helper import LiveServer
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.select import Select

from articles import models
from newswatch.accounts.models import User
from tests import factories
from tests.browser import driver, test_every_page, test_keys

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SAID = {
    "ko": {"follow": "카카오를 지켜봅니다.", "undo": "되돌리기", "shared": "Jiwoo 님에게 공유했습니다."},
    "en": {"follow": "You follow 카카오.", "undo": "Undo", "shared": "Shared with Jiwoo."},
}


@pytest.fixture
def reader() -> User:
    first = factories.article("카카오 새 모델", "카카오가 인공지능 모델을 내놨다.", companies=["카카오"])
    factories.tag_theme(first, factories.theme("AI"), term="인공지능")
    second = factories.article("AI 반도체", "인공지능 반도체가 나온다.", themes=["AI"])
    factories.theme("Bio")
    for row in (first, second):
        factories.story(row)
    factories.person("colleague", first_name="Jiwoo")
    return factories.person("analyst")


@pytest.fixture(params=["ko", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def site(live_server: LiveServer, reader: User, browser: webdriver.Chrome, language: str) -> str:
    User.objects.filter(pk=reader.pk).update(language=language)
    driver.log_in(browser, live_server.url, "analyst", "analyst-analyst")
    return str(live_server.url)


def lanes(browser: webdriver.Chrome) -> list[str]:
    return driver.texts(browser, ".lane-head h2")


def test_a_reader_makes_the_page_hers_reads_shares_and_sets_her_looks(
    site: str, browser: webdriver.Chrome, language: str, reader: User
):
    said = SAID[language]
    # The first page of the day is what a log-in leads to; what is offered becomes a lane at once.
    assert browser.current_url == f"{site}/"
    assert lanes(browser) == ["AI", "Bio"]
    kakao = models.Company.objects.get(name="카카오")
    driver.one(browser, f"#choose-company-{kakao.pk}").click()
    driver.wait_for(browser, lambda: lanes(browser) == ["AI", "Bio", "카카오"])
    assert said["follow"] in driver.one(browser, "#toasts").text
    driver.one(browser, "#left-3").click()
    driver.wait_for(browser, lambda: lanes(browser) == ["AI", "카카오", "Bio"])
    driver.one(browser, "#away-3").click()
    driver.wait_for(browser, lambda: lanes(browser) == ["AI", "카카오"])
    button = driver.one(browser, "#toasts .undo")
    assert button.text == said["undo"]
    button.click()
    driver.wait_for(browser, lambda: lanes(browser) == ["AI", "카카오", "Bio"])
    assert test_every_page.axe(browser) == []

    # Keys go along the lanes, star, and the toast takes the star back.
    driver.one(browser, ".offer-head button").click()
    driver.wait_for(browser, lambda: not browser.find_elements(By.CSS_SELECTOR, ".offer-lanes"))
    test_keys.press(browser, "j", "s")
    driver.wait_for(browser, lambda: models.Mark.objects.filter(starred_at__isnull=False).exists())
    driver.wait_for(browser, lambda: browser.find_elements(By.CSS_SELECTOR, "#toasts .undo"))
    driver.one(browser, "#toasts .undo").click()
    driver.wait_for(browser, lambda: not models.Mark.objects.filter(starred_at__isnull=False).exists())

    # An article, with what is like it, goes to a colleague.
    article = models.Article.objects.get(title="카카오 새 모델")
    browser.get(f"{site}/articles/{article.pk}/")
    driver.wait_for(browser, lambda: not browser.find_elements(By.CSS_SELECTOR, "#similar .skeleton"))
    test_keys.press(browser, "e")
    driver.wait_for(browser, lambda: driver.one(browser, "#share-note").is_displayed())
    assert driver.one(browser, "#share-sentence").get_property("value") == "카카오가 인공지능 모델을 내놨다."
    driver.one(browser, "#share-note").send_keys("보세요")
    assert test_every_page.axe(browser) == []
    driver.one(browser, "#share .btn-accent").click()
    driver.wait_for(browser, lambda: said["shared"] in driver.one(browser, "#toasts").text)
    assert models.Share.objects.get().note == "보세요"

    # The settings work as they are made.
    browser.get(f"{site}/account/settings/")
    driver.one(browser, "input[name=appearance][value=dark]").click()
    driver.wait_for(browser, lambda: driver.one(browser, "html").get_attribute("data-bs-theme") == "dark")
    driver.one(browser, "input[name=density][value=compact]").click()
    driver.wait_for(browser, lambda: "compact" in driver.one(browser, "body").get_attribute("class"))
    Select(driver.one(browser, "#id_digest_hour")).select_by_value("6")
    driver.wait_for(browser, lambda: User.objects.filter(pk=reader.pk, digest_hour=6).exists())
    other = "en" if language == "ko" else "ko"
    driver.one(browser, f"input[name=language][value={other}]").click()
    driver.wait_for(browser, lambda: driver.one(browser, "html").get_attribute("lang") == other)
    assert driver.problems(browser) == []
