"""A tag is rejected, undone and added on the article's page, in a real browser."""

import pytest
from pytest_django.live_server_helper import LiveServer
from selenium import webdriver

from articles import models
from newswatch.accounts import roles
from tests import factories
from tests.browser import driver
from tests.integration.test_site_verdicts import cleantech, tagged

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def article() -> models.Article:
    cleantech()
    return tagged(
        "LG화학 배터리 공장 착공", "LG화학이 구미에 친환경 태양광 공장을 짓는다. 보조배터리는 아니다."
    )


def test_a_tag_is_rejected_undone_and_another_added(
    live_server: LiveServer, article: models.Article, browser: webdriver.Chrome
):
    roles.ensure_roles()
    person = factories.person("editor", is_staff=True)
    person.groups.set(roles.Group.objects.filter(name=roles.EDITORS))
    factories.company("코스모신소재", "코스모신소재")
    company = factories.company("LG화학")
    driver.log_in(browser, live_server.url, "editor", "editor-editor")
    browser.get(f"{live_server.url}/articles/{article.pk}/")
    driver.one(browser, f"#wrong-company-{company.pk}").click()
    driver.wait_for(browser, lambda: driver.texts(browser, ".state-withdrawn .company") == ["LG화학"])
    assert f"/articles/{article.pk}/" in browser.current_url
    assert not article.company_tags.exists()
    driver.one(browser, ".toast-line .undo").click()
    driver.wait_for(browser, lambda: driver.texts(browser, ".state-given .company") == ["LG화학"])
    assert article.company_tags.exists()
    assert not article.verdicts.exists()
    driver.one(browser, ".missing summary").click()
    driver.one(browser, "#missing-company").send_keys("코스모신소재")
    driver.one(browser, ".missing .with-button button").click()
    driver.wait_for(browser, lambda: driver.texts(browser, ".state-added .company") == ["코스모신소재"])
    assert article.company_tags.filter(by_hand=True).count() == 1
    assert driver.problems(browser) == []
