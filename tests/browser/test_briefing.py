"""The morning briefing in a real browser, in both languages: from the draft to the page, the mail and the files."""

import io
import os
import urllib.request
from collections.abc import Callable

import docx
import pypdf
import pytest
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer
from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from alerts import deliver
from articles import models, watches
from newswatch.accounts.models import User
from tests import factories, mailbox
from tests.browser import driver, test_every_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = (390, 844)
WORDS = {
    "ko": {"saved": "모두 저장했습니다", "undo": "되돌리기", "theirs": "그쪽 것으로"},
    "en": {"saved": "All changes are saved", "undo": "Undo", "theirs": "Take theirs"},
}


@pytest.fixture(params=["ko", "en"])
def analyst(request: pytest.FixtureRequest, settings, smtp_server: mailbox.Mailbox) -> User:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", smtp_server.port
    person = factories.person("analyst", language=request.param)
    for number, name in enumerate(("가온전지", "나래바이오"), 1):
        for outlet in ("한빛일보", "새벽경제")[:number]:
            factories.article(
                f"{name}, 구미에 공장",
                f"{name}가 구미에 {number}조2000억원을 들여 공장을 짓는다고 밝혔다.\n\n이는 가장 크다.",
                of=factories.source(factories.outlet(outlet)),
                companies=[name],
                published_at=timezone.now(),
            )
        factories.story(*models.Article.objects.filter(title__startswith=name))
        watches.follow(person.pk, company=models.Company.objects.get(name=name).pk)
    return person


@pytest.fixture
def site(live_server: LiveServer, analyst: User, browser: webdriver.Chrome, settings) -> str:
    settings.SITE_URL = live_server.url
    driver.log_in(browser, live_server.url, "analyst", "analyst-analyst")
    return str(live_server.url)


def look(browser: webdriver.Chrome, name: str) -> None:
    """Keep a picture, where somebody wants to see it."""
    if folder := os.environ.get("PICTURES"):
        browser.save_screenshot(f"{folder}/{name}.png")


def lines(browser: webdriver.Chrome) -> list[str]:
    return [
        str(field.get_property("value"))
        for field in browser.find_elements(By.CSS_SELECTOR, "#sections .line-field")
    ]


def stored() -> list[str]:
    rows = models.CollectionItem.objects.filter(removed_at=None).order_by("section__position", "position")
    return list(rows.values_list("text", flat=True))


def download(browser: webdriver.Chrome, url: str) -> bytes:
    """What the browser's reader would save."""
    cookies = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in browser.get_cookies())
    request = urllib.request.Request(url, headers={"Cookie": cookies})
    with urllib.request.urlopen(request, timeout=20) as answer:
        return bytes(answer.read())


def and_swapped(browser: webdriver.Chrome, act: Callable[[], object]) -> None:
    """Do something that has the list sent anew, and wait until that is on the page."""
    browser.execute_script("document.getElementById('sections').dataset.before = 'yes'")
    act()
    driver.wait_for(
        browser,
        lambda: browser.find_elements(By.CSS_SELECTOR, "#sections:not([data-before]):not(.htmx-settling)"),
    )


def drag_to_the_top(browser: webdriver.Chrome, item: int) -> None:
    """Take a line by its grip, and let go of it in the first section, which is empty."""
    grip = driver.one(browser, f"#item-{item} .grip")
    hand = ActionChains(browser).click_and_hold(grip).move_by_offset(0, -10)
    hand.move_to_element(driver.one(browser, ".part .part-head")).move_by_offset(0, 2).release().perform()


def test_a_briefing_goes_from_draft_to_page_mail_and_files(
    site: str, browser: webdriver.Chrome, analyst: User, smtp_server: mailbox.Mailbox
):
    words = WORDS[analyst.language]
    browser.get(f"{site}/briefing/")
    look(browser, f"briefing-shelf-{analyst.language}")
    assert test_every_page.axe(browser) == []
    driver.one(browser, ".today-briefing button").click()
    driver.wait_for(browser, lambda: len(lines(browser)) == 2)
    first, second = lines(browser)
    assert (first[:4], second[:5]) == ("가온전지", "나래바이오")

    # What is typed is saved by itself.
    field = driver.one(browser, ".line-field")
    field.send_keys(Keys.END, " 착공은 내년이다.")
    driver.wait_for(browser, lambda: stored()[0].endswith("착공은 내년이다."))
    driver.wait_for(browser, lambda: driver.one(browser, "#save-state").text == words["saved"])

    # Another tab wrote the same line: nothing is lost, and the writer chooses.
    item = models.CollectionItem.objects.order_by("section__position", "position").first()
    models.CollectionItem.objects.filter(pk=item.pk).update(text="다른 창에서 쓴 줄")
    field.send_keys(" 더")
    clash = driver.one(browser, ".clash")
    assert clash.find_element(By.TAG_NAME, "blockquote").text == "다른 창에서 쓴 줄"
    look(browser, f"briefing-clash-{analyst.language}")
    # The answer that says so is one that the browser notes.
    assert all("409" in problem for problem in driver.problems(browser))
    next(one for one in clash.find_elements(By.TAG_NAME, "button") if one.text == words["theirs"]).click()
    driver.wait_for(browser, lambda: lines(browser)[0] == "다른 창에서 쓴 줄")
    driver.wait_for(browser, lambda: driver.one(browser, "#save-state").text == words["saved"])

    # By keyboard over into the next section, by the mouse back.
    first_line = driver.one(browser, ".line-field")
    and_swapped(browser, lambda: first_line.send_keys(Keys.ALT, Keys.ARROW_DOWN))
    assert models.CollectionItem.objects.get(pk=item.pk).section_id != item.section_id
    and_swapped(browser, lambda: drag_to_the_top(browser, item.pk))
    assert models.CollectionItem.objects.get(pk=item.pk).section_id == item.section_id

    # Taken out, and brought back by the toast.
    removal = driver.one(browser, f"#item-{item.pk} button[value=remove]")
    and_swapped(browser, removal.click)
    assert len(lines(browser)) == 1
    undo = driver.one(browser, "#toasts .undo")
    assert undo.text == words["undo"]
    undo.click()
    driver.wait_for(browser, lambda: len(lines(browser)) == 2)

    assert test_every_page.axe(browser) == []
    # The line leads to its sentence.
    link = driver.one(browser, ".cited a")
    address = str(link.get_attribute("href"))
    look(browser, f"briefing-desk-{analyst.language}")
    pdf = download(browser, driver.one(browser, 'a[href$="file.pdf"]').get_attribute("href"))
    word = download(browser, driver.one(browser, 'a[href$="file.docx"]').get_attribute("href"))
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    assert "나래바이오가" in text
    paragraphs = [paragraph.text for paragraph in docx.Document(io.BytesIO(word)).paragraphs]
    assert any("다른 창에서 쓴 줄" in paragraph for paragraph in paragraphs)

    driver.one(browser, '#publish button[value="publish"]').click()
    published = driver.one(browser, "[data-address]").text

    driver.one(browser, 'a[href$="/mail/"]').click()
    driver.one(browser, 'button[form="send"]').click()
    driver.wait_for(browser, lambda: driver.one(browser, ".mails .state"))
    assert deliver.send_due(now=timezone.now) == 1
    (mail,) = smtp_server.wait_for(1)
    assert mail["To"] == "analyst@example.com"
    assert "다른 창에서 쓴 줄" in mail.get_body(("plain",)).get_content()
    html = mail.get_body(("html",)).get_content()
    assert published in html
    if folder := os.environ.get("PICTURES"):
        with open(f"{folder}/briefing-mail-{analyst.language}.html", "w", encoding="utf-8") as file:
            file.write(html)
    look(browser, f"briefing-mailing-{analyst.language}")
    assert test_every_page.axe(browser) == []

    browser.get(address)
    driver.wait_for(browser, lambda: driver.one(browser, "mark.hl-said").is_displayed())
    look(browser, f"briefing-said-{analyst.language}")

    # Whoever knows the address needs no log-in.
    browser.delete_all_cookies()
    browser.get(published)
    assert "다른 창에서 쓴 줄" in driver.one(browser, ".document").text
    assert driver.one(browser, "html").get_attribute("lang") == analyst.language
    look(browser, f"briefing-published-{analyst.language}")
    assert test_every_page.axe(browser) == []
    driver.resize(browser, *PHONE)
    look(browser, f"briefing-published-phone-{analyst.language}")
    assert browser.execute_script("return document.documentElement.scrollWidth") <= PHONE[0]
    assert driver.problems(browser) == []


def test_a_line_of_a_list_is_put_into_a_folder_by_keyboard(
    site: str, browser: webdriver.Chrome, analyst: User
):
    browser.get(f"{site}/timeline/")
    driver.one(browser, ".row-item")
    browser.find_element(By.TAG_NAME, "body").send_keys("j")
    ActionChains(browser).send_keys("b").perform()
    title = driver.one(browser, "#add-to[open] #adding-title")
    look(browser, f"briefing-add-{analyst.language}")
    assert test_every_page.axe(browser) == []
    title.send_keys("공장", Keys.ENTER)
    driver.wait_for(browser, lambda: models.CollectionItem.objects.count() == 1)
    driver.wait_for(browser, lambda: not browser.find_elements(By.CSS_SELECTOR, "#add-to[open]"))
    driver.one(browser, "#toasts .undo").click()
    driver.wait_for(browser, lambda: models.CollectionItem.objects.get().removed_at)
    driver.wait_for(browser, lambda: driver.one(browser, ".row-item"))
    ActionChains(browser).send_keys("gb").perform()
    driver.wait_for(browser, lambda: "/briefing/" in browser.current_url)
    assert driver.texts(browser, ".shelf-list h3") == ["공장"]
    driver.resize(browser, *PHONE)
    browser.get(f"{site}/briefing/{models.Collection.objects.get().pk}/")
    assert browser.execute_script("return document.documentElement.scrollWidth") <= PHONE[0]
    look(browser, f"briefing-folder-phone-{analyst.language}")
    assert driver.problems(browser) == []
