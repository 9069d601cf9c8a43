"""Events in a real browser: filtered in place, their sources unfolded, and an article's times explained and hidden."""

import datetime

import pytest
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer
from selenium import webdriver
from selenium.webdriver.common.by import By

from articles import chronicle, models
from tests import factories
from tests.browser import driver

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PUBLISHED = datetime.datetime(2023, 8, 24, 3, 0, tzinfo=datetime.UTC)
BODY = (
    "가온전자는 지난 1월 하늘반도체 인수를 마무리했다.\n\n"
    '김하늘 가온전자 대표는 "2030년까지 매출을 두 배로 늘리겠다"고 말했다.\n\n'
    "가온전자는 2035년까지 세계 3위로 도약한다는 목표를 세웠다."
)


@pytest.fixture
def article() -> models.Article:
    made = [
        factories.article(
            "가온전자의 계획",
            body,
            companies=["가온전자"],
            of=factories.source(factories.outlet(outlet)),
            published_at=PUBLISHED,
        )
        for outlet, body in (("한빛일보", BODY), ("새벽신문", BODY.partition("\n")[0]))
    ]
    for row in made:
        factories.story(row)
        models.EventsDue.objects.create(article=row)
    chronicle.tell_waiting(now=timezone.now)
    return made[0]


@pytest.fixture
def site(live_server: LiveServer, article: models.Article, browser: webdriver.Chrome) -> str:
    factories.person("analyst")
    driver.log_in(browser, live_server.url, "analyst", "analyst-analyst")
    return str(live_server.url)


def test_events_are_filtered_in_place_and_name_their_sources(site: str, browser: webdriver.Chrome):
    browser.get(f"{site}/companies/{models.Company.objects.get(name='가온전자').pk}/")
    assert driver.texts(browser, ".event-when time")[-1] == "2023년 1월"
    driver.one(browser, "#events a[href$='when=past']").click()
    driver.wait_for(browser, lambda: driver.texts(browser, ".event-when time") == ["2023년 1월"])
    assert "/events/" not in browser.current_url
    assert driver.texts(browser, "#events .unit a[aria-current]") == ["있었던 일"]
    driver.one(browser, ".event-sources summary").click()
    sources = driver.texts(browser, ".event-sources li .quiet")
    assert ["한빛일보" in sources[0], "새벽신문" in sources[1]] == [True, True]
    assert driver.problems(browser) == []


def test_a_time_says_what_it_means_and_kinds_of_marks_are_switched_off(
    site: str, article: models.Article, browser: webdriver.Chrome
):
    browser.get(f"{site}/articles/{article.pk}/")
    driver.one(browser, ".body .hl-date").click()
    assert "지난 1월 → 2023년 1월" in driver.one(browser, "#reason").text
    plain = "rgba(0, 0, 0, 0)"

    def background(selector: str) -> str:
        return driver.one(browser, selector).value_of_css_property("background-color")

    assert background(".body .hl-date") != plain
    driver.one(browser, "#marks-date").click()
    driver.wait_for(browser, lambda: background(".body .hl-date:not(.hl-company)") == plain)
    assert background(".body .hl-company") != plain
    assert browser.find_element(By.CSS_SELECTOR, ".body").text.startswith("가온전자는 지난 1월")
    assert driver.problems(browser) == []
