"""Take the README's pictures of the running demo, or of the site given: make screenshots.

Makes an alert if the person has none, changes nothing else, and writes docs/images/*.png, each below 300 kB.
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
MOST_BYTES = 300_000
DESKTOP, PHONE = (1280, 860), (390, 844)
QUERY = "인공지능 OR theme:Bio"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture to take: `article` stands for the address of the article with the most marks."""

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
    Picture("dark", "/timeline/", dark=True),
    Picture("article-dark", "article", dark=True),
    Picture("phone", "/timeline/", PHONE),
    Picture("article-phone", "article", PHONE),
)


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
    }
    return places | {"alert": alert(browser, site)}


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


def point_at_reason(browser: webdriver.Chrome) -> None:
    """Rest on a mark, so that the picture shows what it says."""
    marks = browser.find_elements(By.CSS_SELECTOR, ".body mark.hl-company")
    if marks:
        ActionChains(browser).move_to_element(marks[min(2, len(marks) - 1)]).perform()
        driver.wait_for(browser, lambda: driver.one(browser, "#reason").is_displayed())


if __name__ == "__main__":
    sys.exit(main())
