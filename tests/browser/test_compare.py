"""Setting companies side by side, in a real browser."""

import datetime

import pytest
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from articles import models
from tests import factories
from tests.browser import driver
from tests.browser.test_every_page import axe

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def news(live_server: LiveServer) -> str:
    """A month in which two companies are named, at times together."""
    factories.theme("Bio")
    for days in range(1, 20):
        for names in (("LG화학",), ("삼성SDI",), ("LG화학", "삼성SDI"))[: 3 if days % 4 == 0 else 2]:
            at = timezone.now() - datetime.timedelta(days=days)
            factories.story(factories.article(" ".join(names), companies=names, published_at=at))
    return str(live_server.url)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ko", ["언급 점유율", "함께 언급", "갈린 날"]),
        ("en", ["Share of voice", "Named together", "Where they part"]),
    ],
)
def test_an_analyst_compares_from_a_companys_page_to_the_articles_that_name_both(
    news: str, browser: webdriver.Chrome, language: str, words: list[str]
):
    factories.person("analyst", language=language)
    driver.log_in(browser, news, "analyst", "analyst-analyst")
    company = models.Company.objects.get(name="LG화학")
    browser.get(f"{news}/companies/{company.pk}/")
    driver.one(browser, '.actions a[href^="/compare/"]').click()
    field = driver.one(browser, "#compare-add")
    field.send_keys("삼성")
    driver.wait_for(
        browser, lambda: browser.find_elements(By.CSS_SELECTOR, '#compare-options option[value="삼성SDI"]')
    )
    field.send_keys("SDI", Keys.ENTER)
    driver.wait_for(browser, lambda: browser.find_elements(By.CSS_SELECTOR, ".one-chart polyline"))
    headings = driver.texts(browser, ".compare h2")
    assert [word for word in words if word in headings] == words
    assert len(browser.find_elements(By.CSS_SELECTOR, ".one-chart polyline")) == 2
    assert axe(browser) == []
    driver.one(browser, ".matrix tbody tr:first-child td:last-child a").click()
    driver.wait_for(browser, lambda: "/search/" in browser.current_url)
    assert len(browser.find_elements(By.CSS_SELECTOR, ".row-item")) == 4
    browser.back()
    driver.one(browser, ".matrix")
    assert driver.problems(browser) == []


def test_the_arrows_go_along_the_chart_and_tell_each_days_numbers(news: str, browser: webdriver.Chrome):
    factories.person("analyst", language="en")
    driver.log_in(browser, news, "analyst", "analyst-analyst")
    first, second = models.Company.objects.order_by("name")
    browser.get(f"{news}/compare/?c={first.pk}&c={second.pk}&days=7")
    chart = driver.one(browser, "[data-chart] [role=slider]")
    chart.send_keys(Keys.HOME)
    day = timezone.localdate() - datetime.timedelta(days=6)
    assert (chart.get_attribute("aria-valuetext") or "").startswith(day.isoformat())
    chart.send_keys(Keys.ARROW_RIGHT)
    told = chart.get_attribute("aria-valuetext") or ""
    assert told.endswith("LG화학 1, 삼성SDI 1")
    assert driver.one(browser, ".chart-tip").is_displayed()
    chart.send_keys(Keys.ENTER)
    driver.wait_for(browser, lambda: "/search/" in browser.current_url)


def test_the_palette_leads_to_the_comparison(news: str, browser: webdriver.Chrome):
    factories.person("analyst", language="en")
    driver.log_in(browser, news, "analyst", "analyst-analyst")
    browser.get(f"{news}/go/?to=compa")
    links = browser.find_elements(By.CSS_SELECTOR, '.places a[href="/compare/"]')
    assert len(links) == 1
