"""An editor tries an alias on stored articles in a real browser, saves it, and earlier articles are tagged again."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer
from selenium import webdriver

from articles import models, pipeline, readings, retagging_jobs, watchlist_store
from newswatch.accounts import roles
from tests import factories
from tests.browser import driver

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = (390, 844)
# Pictures of the test's pages are left here if it is set.
PICTURES = os.environ.get("NEWSWATCH_PICTURES", "")


@pytest.fixture
def company() -> Iterator[models.Company]:
    group = factories.company("LG", "LG", kind="group")
    made = factories.company("LG화학", "LG화학", parent=group, ticker="051910")
    watchlist_store.touch()
    for number in range(6):
        name = "엘지켐" if number % 2 else "LG화학"
        title, body = (
            f"{name}, 공장 증설 {number}",
            f"{name}이 새 공장 {number}곳을 짓는다고 밝혔다. 다음 문장.",
        )
        row = factories.article(title, body)
        tagger = pipeline.present_tagger()
        found = readings.Reading(row, (title, body), None, tagger.recognise(row))
        readings.store_tags([found], tagger)
    yield made
    pipeline.recognition.cache_clear()
    retagging_jobs.lists_of.cache_clear()


@pytest.fixture
def site(live_server: LiveServer, browser: webdriver.Chrome) -> str:
    roles.ensure_roles()
    person = factories.person("editor", is_staff=True)
    person.groups.set(roles.Group.objects.filter(name=roles.EDITORS))
    driver.log_in(browser, live_server.url, "editor", "editor-editor")
    return str(live_server.url)


def picture(browser: webdriver.Chrome, name: str) -> None:
    if PICTURES:
        (Path(PICTURES) / f"{name}.png").write_bytes(browser.get_screenshot_as_png())


def work() -> None:
    """What a worker does, on connections of its own."""
    retagging_jobs.run(now=timezone.now)
    connections.close_all()


def in_a_worker() -> None:
    worker = threading.Thread(target=work)
    worker.start()
    worker.join()


def add_alias(browser: webdriver.Chrome, company: models.Company, text: str) -> None:
    """Fill in a row for a new alias, named as the panel's own script names it."""
    browser.execute_script(
        """
        const form = document.getElementById("company_form");
        const total = form.elements["aliases-TOTAL_FORMS"];
        const row = {id: "", company: arguments[0], text: arguments[1], kind: "name"};
        for (const [name, value] of Object.entries(row)) {
          const input = document.createElement("input");
          Object.assign(input, {type: "hidden", name: `aliases-${total.value}-${name}`, value});
          form.append(input);
        }
        total.value = Number(total.value) + 1;
        """,
        str(company.pk),
        text,
    )


def test_an_editor_sees_what_an_alias_would_change_and_saves_it(
    site: str, company: models.Company, browser: webdriver.Chrome
):
    browser.get(f"{site}/admin/articles/company/{company.pk}/change/")
    add_alias(browser, company, "엘지켐")
    driver.one(browser, "#what-if-button").click()
    driver.wait_for(browser, lambda: driver.texts(browser, "#what-if progress") == [""])
    picture(browser, "what-if-under-way")
    in_a_worker()
    driver.wait_for(
        browser, lambda: "기사 3건에 LG화학 태그가 붙습니다" in driver.one(browser, "#what-if").text
    )
    assert "+3" in driver.one(browser, "#what-if .rt-sum").text
    assert driver.texts(browser, "#what-if mark") == ["엘지켐"] * 3
    picture(browser, "what-if")
    assert not company.aliases.filter(text="엘지켐").exists()

    driver.one(browser, "button[name=_continue]").click()
    driver.wait_for(
        browser, lambda: "이전 기사에 태그를 다시 붙이는 중" in driver.one(browser, "#history").text
    )
    in_a_worker()
    driver.wait_for(
        browser, lambda: "태그 3개가 붙고 0개가 빠졌습니다" in driver.one(browser, "#history").text
    )
    picture(browser, "tagged-again")
    assert company.tags.count() == 6
    assert driver.problems(browser) == []


def test_a_theme_is_tried_on_a_phone_in_the_dark_and_nothing_sticks_out(
    site: str, company: models.Company, browser: webdriver.Chrome
):
    theme = factories.theme("공장", threshold=9.0)
    models.ThemeTerm.objects.create(theme=theme, text="공장", weight=1.5)
    watchlist_store.touch()
    driver.resize(browser, *PHONE)
    driver.prefer_dark(browser)
    browser.get(f"{site}/admin/articles/theme/{theme.pk}/change/")
    browser.execute_script("document.querySelector('[name=threshold]').value = '0.5'")
    driver.one(browser, "#what-if-button").click()
    in_a_worker_when_it_runs(browser)
    driver.wait_for(
        browser, lambda: "기사 6건에 공장 태그가 붙습니다" in driver.one(browser, "#what-if").text
    )
    picture(browser, "what-if-phone")
    assert driver.one(browser, "#what-if").rect["width"] <= PHONE[0]
    assert browser.execute_script("return document.documentElement.scrollWidth") <= PHONE[0]


def in_a_worker_when_it_runs(browser: webdriver.Chrome) -> None:
    driver.wait_for(browser, lambda: bool(driver.texts(browser, "#what-if progress")))
    in_a_worker()


def test_a_file_is_looked_at_line_by_line(
    site: str, company: models.Company, browser: webdriver.Chrome, tmp_path: Path
):
    file = tmp_path / "companies.csv"
    file.write_bytes(
        "name,kind,aliases,parent\r\nLG화학,,name:LG화학 | name?:엘지켐,LG\r\n두빌,firm,,\r\n".encode("cp949")
    )
    browser.get(f"{site}/admin/articles/watchlistimport/upload/")
    driver.one(browser, "#id_file").send_keys(str(file))
    driver.one(browser, "form[enctype] button").click()
    driver.wait_for(browser, lambda: "+ name?:엘지켐" in driver.one(browser, "table").text)
    assert "“firm”" in driver.one(browser, "table").text
    driver.one(browser, "#what-if-button").click()
    in_a_worker_when_it_runs(browser)
    driver.wait_for(browser, lambda: "최근 30일" in driver.one(browser, "#what-if").text)
    picture(browser, "import")
    driver.one(browser, "button.rt-main").click()
    driver.wait_for(browser, lambda: "파일을 가져왔습니다." in driver.one(browser, "body").text)
    assert company.aliases.filter(text="엘지켐", ambiguous=True).exists()
