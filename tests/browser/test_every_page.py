"""Every page in a real browser: nothing that its policy forbids is asked for, and axe-core finds nothing.

The pages are found by following links from the first one, so that a new page is looked at without being named here.
"""

import importlib.resources
import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import pytest
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer
from selenium import webdriver
from selenium.webdriver.common.by import By

from articles import collecting, draft_reads
from newswatch.accounts import roles
from tests import factories
from tests.browser import driver

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AXE = importlib.resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
# The rules of WCAG 2.2 up to AA; best practices beyond them are not asked for.
LOOK = """
const done = arguments[arguments.length - 1];
axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], resultTypes: ["violations"]})
  .then(found => done(found.violations.map(
    one => one.id + ": " + one.nodes.map(node => node.html.slice(0, 200)).join(" | "))));
"""
NOT_PAGES = re.compile(r"^/(static|media)/|/logout/")


@pytest.fixture
def newsroom() -> None:
    """Something of each kind to be seen, and somebody who may see all of it."""
    roles.ensure_roles()
    person = factories.person("editor", is_staff=True, is_superuser=True)
    first = factories.article(
        "LG화학, 구미에 배터리 공장", "LG화학이 2027년까지 구미에 배터리 공장을 짓는다.", companies=["LG화학"]
    )
    second = factories.article(
        "LG화학 공장에 주민 반발", "주민 300명은 소음을 걱정한다.", companies=["LG화학"]
    )
    factories.story(first, second)
    factories.tag_theme(first, factories.theme("Cleantech"), term="배터리")
    factories.hit(factories.alert(person, "배터리"), first)
    folder = collecting.create(person.pk, "배터리", language="ko", now=timezone.now())
    collecting.add(folder, draft_reads.of_article(first), now=timezone.now())


@pytest.fixture
def site(live_server: LiveServer, newsroom: None, browser: webdriver.Chrome) -> str:
    driver.log_in(browser, live_server.url, "editor", "editor-editor")
    return str(live_server.url)


def walk(browser: webdriver.Chrome, site: str, start: str) -> Iterator[str]:
    """Open the pages that links lead to, one of each kind, and give the path of each while it is open."""
    seen = {kind(start)}
    waiting = [start]
    while waiting:
        path = waiting.pop(0)
        browser.get(site + path)
        if browser.execute_script("return document.contentType") != "text/html":
            continue
        yield path
        for href in links(browser):
            there = urlsplit(urljoin(browser.current_url, href))
            if (
                site.endswith(there.netloc)
                and kind(there.path) not in seen
                and not NOT_PAGES.search(there.path)
            ):
                seen.add(kind(there.path))
                waiting.append(there.path)


def links(browser: webdriver.Chrome) -> list[str]:
    """Where the open page's links lead, downloads left out."""
    found = browser.find_elements(By.CSS_SELECTOR, "a[href]:not([download])")
    return [href for link in found if (href := link.get_dom_attribute("href"))]


def kind(path: str) -> str:
    """Pages that differ in a number alone are of one kind."""
    return re.sub(r"\d+", "0", path)


def axe(browser: webdriver.Chrome) -> list[str]:
    """What axe-core finds on the open page, in light and in dark."""
    browser.execute_script(AXE)
    found = []
    for dark in (True, False):
        driver.prefer_dark(browser, dark)
        found += [f"{'dark' if dark else 'light'}: {one}" for one in browser.execute_async_script(LOOK)]
    return found


def test_every_page_keeps_its_policy_and_axe_finds_nothing(site: str, browser: webdriver.Chrome):
    driver.problems(browser)
    hindered, asked = {}, {}
    for path in walk(browser, site, "/"):
        asked[path] = driver.problems(browser)
        if not path.startswith("/admin/"):
            hindered[path] = axe(browser)
    assert len(hindered) > 15
    assert len(asked) > 40
    assert {path: problems for path, problems in asked.items() if problems} == {}
    assert {path: problems for path, problems in hindered.items() if problems} == {}
