"""The whole newsroom as its users meet it: real servers, real workers, a real browser, a mail that arrives."""

import json
import signal
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from django.core.management import call_command
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from alerts.models import Alert
from articles import models
from newswatch.services import processes
from tests import workers
from tests.browser import driver

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(driver.missing(), reason="chromium and chromium-driver are not installed"),
]
SEED_LIKE = "/hanbit/article/1001"


@pytest.fixture
def run_process(tmp_path):
    """Start a Python module and wait until its address answers; all are stopped at the end."""
    started = []

    def run(module, *arguments, url, environment=None):
        log = tmp_path / f"{module}.log"
        process = processes.spawn(
            [sys.executable, "-m", module, *arguments], log=log, environment=environment, folder=Path.cwd()
        )
        started.append(process)
        processes.wait_until(lambda: answers(url), process, what=module, log=log, seconds=60)

    yield run
    for process in started:
        processes.stop(process, (signal.SIGTERM, 10.0))


def answers(url):
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return response.status == 200
    except OSError:
        return False


@pytest.fixture
def newsroom(run_process, tmp_path, transactional_db):
    port = processes.free_port()
    url = f"http://127.0.0.1:{port}"
    run_process(
        "newswatch.sample.server",
        "--port",
        str(port),
        "--state",
        str(tmp_path / "newsroom.json"),
        url=url + "/",
    )
    call_command("load_demo", newsroom=url, verbosity=0)
    return url


@pytest.fixture
def site(run_process, newsroom, service_environment, smtp_server, tmp_path):
    port = processes.free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {
        **service_environment,
        "SITE_URL": url,
        "EMAIL_URL": smtp_server.url,
        "FETCH_ALLOW_PRIVATE": "127.0.0.1/32",
        "NEWSWATCH_VAR": str(tmp_path),
    }
    run_process(
        "gunicorn",
        *("newswatch.wsgi:application", "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread"),
        *("--threads", "4", "--no-control-socket"),
        url=url + "/healthz",
        environment=environment,
    )
    with workers.Workers(environment, tmp_path) as crew:
        assert workers.wait_for(lambda: models.Article.objects.ready().count() >= 50), crew.logs()
        yield url


def publish(newsroom, **fields):
    request = urllib.request.Request(
        newsroom + "/control/publish", json.dumps(fields).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=10) as response:
        return json.load(response)


def test_an_analyst_reads_the_news_makes_an_alert_and_gets_a_mail_about_a_new_article(
    site, newsroom, smtp_server
):
    with driver.chromium() as browser:
        wait = WebDriverWait(browser, 20)

        # She logs in and sees a timeline of tagged articles.
        browser.get(site + "/timeline/")
        browser.find_element(By.NAME, "username").send_keys("analyst")
        browser.find_element(By.NAME, "password").send_keys("analyst-analyst", "\n")
        wait.until(lambda page: page.find_elements(By.CSS_SELECTOR, ".row-item"))
        assert browser.find_elements(By.CSS_SELECTOR, ".row-item .badge-sample")

        # She filters it by a theme.
        everything = rows(browser)
        browser.find_element(By.XPATH, "//ul[@class='facets']//span[@class='name'][text()='Bio']").click()
        wait.until(lambda page: "theme=Bio" in page.current_url)
        themed = rows(browser)
        assert 0 < len(themed) < len(everything)
        assert all("Bio" in row for row in themed)

        # She opens the article on the group's visit to North America and sees why it was tagged.
        article = models.Article.objects.get(url__contains=SEED_LIKE)
        browser.get(f"{site}/articles/{article.pk}/")
        text = browser.find_element(By.CSS_SELECTOR, "article").text
        marks = {mark.text for mark in browser.find_elements(By.CSS_SELECTOR, "article mark")}
        assert "LG" in marks
        assert any("AI" in mark or "인공지능" in mark for mark in marks)
        assert (
            article.body.split("\n\n")[-1] in " ".join(text.split("\n")) or article.body.split()[-1] in text
        )

        # She makes an alert; the preview shows what it would have found.
        browser.get(site + "/alerts/new/")
        browser.find_element(By.NAME, "name").send_keys("LG화학 전고체")
        browser.find_element(By.NAME, "query").send_keys("company:LG화학 전고체")
        wait.until(lambda page: page.find_element(By.ID, "preview").text.strip())
        browser.find_element(By.CSS_SELECTOR, "form.form-nw button.btn-accent").click()
        wait.until(lambda page: "/new/" not in page.current_url)
        alert = Alert.objects.get()
        assert alert.owner.username == "analyst"

        # The newsroom publishes one article that matches, and one that does not.
        publish(
            newsroom,
            outlet="hanbit",
            title="LG화학, 전고체 배터리용 전해질 시제품 공개",
            body="LG화학은 전고체 배터리에 쓰이는 전해질 시제품을 공개했다고 밝혔다.\n\n"
            "회사는 내년 상반기에 시험 생산을 시작할 계획이라고 설명했다.",
        )
        publish(
            newsroom,
            outlet="hanbit",
            title="동네 도서관, 겨울 강좌 열어",
            body="강좌는 다음 달에 시작한다고 한다.",
        )

        # The mail arrives, once, and its link leads to the article.
        (message,) = smtp_server.wait_for(1, seconds=90)
        assert message["To"] == "analyst@demo.example"
        assert "LG화학, 전고체 배터리용 전해질 시제품 공개" in message["Subject"]
        plain = message.get_body(("plain",)).get_content()
        link = next(word for word in plain.split() if word.startswith(site + "/articles/"))
        browser.get(link)
        assert "전해질 시제품" in browser.find_element(By.TAG_NAME, "h1").text
        time.sleep(8)
        assert len(smtp_server.messages) == 1

        # The alert's page says what was sent.
        browser.get(f"{site}/alerts/{alert.pk}/")
        assert "analyst@demo.example" in browser.find_element(By.TAG_NAME, "main").text


def rows(browser):
    return [row.text for row in browser.find_elements(By.CSS_SELECTOR, ".row-item")]
