"""Take the README's pictures of the running demo, or of the site given, and one of every page: make screenshots.

Makes an alert and today's briefing if the person has none, and changes nothing else. The README's go to docs/images,
each below 300 kB; those of every page, in light, dark and on a phone, to var/screenshots.
"""

import argparse
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By

from tests.browser import driver

BASE = Path(__file__).resolve().parents[2]
IMAGES = BASE / "docs" / "images"
EVERY = Path(os.environ.get("NEWSWATCH_VAR", BASE / "var")) / "screenshots"
MOST_BYTES = 300_000
MOST_HEIGHT = 4000
DESKTOP, PHONE = (1280, 860), (390, 844)
QUERY = "인공지능 OR theme:Bio"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture to take: `path` is an address, or the name of one of `find_places`."""

    name: str
    path: str
    size: tuple[int, int] = DESKTOP
    dark: bool = False


PICTURES = (
    Picture("today", "/"),
    Picture("timeline", "/timeline/"),
    Picture("search", "/search/?q=%EC%9D%B8%EA%B3%B5%EC%A7%80%EB%8A%A5+OR+%EB%B0%B0%ED%84%B0%EB%A6%AC"),
    Picture("article", "article"),
    Picture("story", "story"),
    Picture("alert", "alert"),
    Picture("company", "company"),
    Picture("compare", "compare"),
    Picture("briefing", "briefing"),
    Picture("dark", "/timeline/", dark=True),
    Picture("article-dark", "article", dark=True),
    Picture("phone", "/timeline/", PHONE),
    Picture("article-phone", "article", PHONE),
)
# Every page that a reader gets to.
PAGES = {
    "today": "/",
    "timeline": "/timeline/",
    "timeline-articles": "/timeline/?by=article",
    "search": "/search/?q=%EC%9D%B8%EA%B3%B5%EC%A7%80%EB%8A%A5+OR+%EB%B0%B0%ED%84%B0%EB%A6%AC",
    "search-start": "/search/",
    "search-nothing": "/search/?q=%EB%B6%84%ED%99%8D%EC%BD%94%EB%81%BC%EB%A6%AC+AND+LG",
    "saved": "/search/saved/",
    "companies": "/companies/",
    "company": "company",
    "company-events": "company-events",
    "company-quotes": "company-quotes",
    "theme": "/themes/AI/",
    "theme-events": "/theme-events/AI/",
    "compare": "compare",
    "compare-start": "/compare/",
    "story": "story",
    "article": "article",
    "article-versions": "versions",
    "briefings": "/briefing/",
    "briefing": "briefing",
    "briefing-read": "briefing-read",
    "alerts": "/alerts/",
    "alert": "alert-page",
    "alert-form": "alert",
    "alert-mails": "alert-mails",
    "alert-readers": "alert-readers",
    "sources": "/sources/",
    "source": "source",
    "settings": "/account/settings/",
    "go": "/go/?q=LG",
}
LOOKS = (("light", DESKTOP, False), ("dark", DESKTOP, True), ("phone", PHONE, False))


def main() -> int:
    given = parser().parse_args()
    if driver.missing():
        print(
            "chromium and chromedriver are not installed. Debian: apt install chromium-driver",
            file=sys.stderr,
        )
        return 1
    IMAGES.mkdir(parents=True, exist_ok=True)
    site = given.site.rstrip("/")
    with driver.chromium(language=given.language) as browser:
        driver.log_in(browser, site, given.username, given.password)
        places = find_places(browser, site)
        for picture in PICTURES:
            print(take(browser, site + places.get(picture.path, picture.path), picture))
        for name, path in PAGES.items():
            for look, size, dark in LOOKS:
                picture = Picture(f"{name}-{look}", path, size, dark)
                take_all(browser, site + places.get(path, path), picture)
        print(f"{EVERY}: {len(PAGES)} pages")
    return 0


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(description=__doc__)
    made.add_argument(
        "site", nargs="?", default=demo_address(), help="the running site's address (%(default)s)"
    )
    made.add_argument("--username", default="analyst")
    made.add_argument("--password", default="analyst-analyst")
    made.add_argument("--language", default="ko", help="the browser's language (%(default)s)")
    return made


def demo_address() -> str:
    """Where the running demo is, by the note that it leaves; else where it usually is."""
    note = Path(os.environ.get("NEWSWATCH_VAR", BASE / "var")) / "demo.env"
    lines = note.read_text().splitlines() if note.exists() else []
    found = [line.partition("=")[2] for line in lines if line.startswith("SITE_URL=")]
    return found[0] if found else "http://127.0.0.1:8000"


def find_places(browser: webdriver.Chrome, site: str) -> dict[str, str]:
    """The addresses of an article, a story, a company and an alert that are worth a picture."""
    browser.get(f"{site}/timeline/")
    story = driver.one(browser, "a.unfold").get_attribute("href")
    browser.get(f"{site}/timeline/?theme=AI&theme=Bio&theme=Cleantech&by=article")
    driver.one(browser, ".row-item")
    article = max(browser.find_elements(By.CSS_SELECTOR, ".row-item"), key=tags)
    company = driver.one(browser, '.facets a[href*="company="]').get_attribute("href") or ""
    places = {
        "article": address(article.find_element(By.CSS_SELECTOR, "h3 a").get_attribute("href"), site),
        "story": address(story, site),
        "company": f"/companies/{company.rpartition('company=')[2].partition('&')[0]}/",
        "compare": example(browser, site),
        "briefing": briefing(browser, site),
        "source": first_link(browser, site, "/sources/", 'main a[href^="/sources/"][href$="/"]'),
    }
    form = alert(browser, site)
    one = form.removesuffix("edit/")
    return places | {
        "alert": form,
        "alert-page": one,
        "alert-mails": f"{one}mails/",
        "alert-readers": f"{one}readers/",
        "company-events": f"{places['company']}events/",
        "company-quotes": f"{places['company']}quotes/",
        "versions": f"{places['article']}versions/",
        "briefing-read": f"{places['briefing']}read/",
    }


def example(browser: webdriver.Chrome, site: str) -> str:
    """The first of the comparisons that the page offers."""
    return first_link(browser, site, "/compare/", 'main a[href*="?"]')


def first_link(browser: webdriver.Chrome, site: str, page: str, selector: str) -> str:
    browser.get(site + page)
    return address(driver.one(browser, selector).get_attribute("href"), site)


def briefing(browser: webdriver.Chrome, site: str) -> str:
    """Today's briefing, which is begun if the person has none."""
    browser.get(f"{site}/briefing/")
    driver.one(browser, ".today-briefing .btn-accent").click()
    driver.one(browser, "#sections")
    return address(browser.current_url, site).partition("?")[0]


def tags(row: object) -> int:
    """How many companies and themes a row shows; Korean articles first."""
    found = len(row.find_elements(By.CSS_SELECTOR, ".theme, .company"))  # type: ignore[attr-defined]
    return found + (10 if row.find_elements(By.CSS_SELECTOR, "h3[lang=ko]") else 0)  # type: ignore[attr-defined]


def address(link: str | None, site: str) -> str:
    return (link or "").removeprefix(site)


def alert(browser: webdriver.Chrome, site: str) -> str:
    """The form of the person's first alert, which is made if she has none."""
    browser.get(f"{site}/alerts/")
    if not browser.find_elements(By.CSS_SELECTOR, ".alert-card"):
        browser.get(f"{site}/alerts/new/")
        driver.one(browser, "#id_name").send_keys("인공지능과 바이오")
        driver.one(browser, "#id_query").send_keys(QUERY)
        driver.one(browser, ".form-nw button.btn-accent").click()
        driver.one(browser, "h1 .state")
        browser.get(f"{site}/alerts/")
    return address(driver.one(browser, ".alert-card h2 a").get_attribute("href"), site) + "edit/"


def take(browser: webdriver.Chrome, url: str, picture: Picture) -> str:
    """Write one picture; returns a line that says so. Raises SystemExit if it is too large."""
    driver.resize(browser, *picture.size)
    driver.prefer_dark(browser, picture.dark)
    browser.get(url)
    driver.one(browser, "main")
    if "/articles/" in url and picture.size == DESKTOP:
        point_at_reason(browser)
    path = IMAGES / f"{picture.name}.png"
    path.write_bytes(browser.get_screenshot_as_png())
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise SystemExit(f"{path} has {size} bytes, more than {MOST_BYTES}.")
    return f"{path.name}: {size // 1000} kB"


def take_all(browser: webdriver.Chrome, url: str, picture: Picture) -> None:
    """Write one picture of a whole page, as long as it is."""
    EVERY.mkdir(parents=True, exist_ok=True)
    driver.resize(browser, *picture.size)
    driver.prefer_dark(browser, picture.dark)
    browser.get(url)
    driver.one(browser, "main")
    height = browser.execute_script("return document.documentElement.scrollHeight")
    driver.resize(browser, picture.size[0], max(picture.size[1], min(height, MOST_HEIGHT)))
    (EVERY / f"{picture.name}.png").write_bytes(browser.get_screenshot_as_png())


def point_at_reason(browser: webdriver.Chrome) -> None:
    """Rest on a mark, so that the picture shows what it says."""
    marks = browser.find_elements(By.CSS_SELECTOR, ".body mark.hl-company")
    if marks:
        ActionChains(browser).move_to_element(marks[min(2, len(marks) - 1)]).perform()
        driver.wait_for(browser, lambda: driver.one(browser, "#reason").is_displayed())


if __name__ == "__main__":
    sys.exit(main())
