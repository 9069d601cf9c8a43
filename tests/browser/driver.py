"""A real chromium for tests and screenshots, without a window and without asking the network for anything."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from selenium import webdriver
from selenium.common import exceptions
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

Found = TypeVar("Found")

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
)
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")


def program() -> str | None:
    """Where chromium is, or None."""
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


def missing() -> bool:
    """Whether chromium or its driver is not installed."""
    return program() is None or shutil.which("chromedriver") is None


@contextmanager
def chromium(
    *, width: int = 1280, height: int = 900, language: str = "ko", dark: bool = False
) -> Iterator[webdriver.Chrome]:
    """A browser window of that size; gone when the context ends."""
    options = Options()
    options.binary_location = program() or ""
    for flag in (*FLAGS, f"--window-size={width},{height}", f"--lang={language}"):
        options.add_argument(flag)
    options.add_experimental_option("prefs", {"intl.accept_languages": language})
    # Messages of the page, so that a script's error fails a test.
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    try:
        resize(driver, width, height)
        if dark:
            prefer_dark(driver)
        yield driver
    finally:
        driver.quit()


def resize(driver: webdriver.Chrome, width: int, height: int) -> None:
    """Give the page itself that size; a window can't be as narrow as a phone."""
    driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600},
    )


def prefer_dark(driver: webdriver.Chrome, dark: bool = True) -> None:
    """Have the device say that it is dark (or light), and that nothing is to move while that changes."""
    features = {"prefers-color-scheme": "dark" if dark else "light", "prefers-reduced-motion": "reduce"}
    driver.execute_cdp_cmd(
        "Emulation.setEmulatedMedia",
        {"features": [{"name": name, "value": value} for name, value in features.items()]},
    )


def log_in(driver: webdriver.Chrome, site: str, username: str, password: str) -> None:
    """Log in through the form and wait for what comes after."""
    driver.get(f"{site}/account/login/")
    one(driver, "#id_username").send_keys(username)
    one(driver, "#id_password").send_keys(password)
    one(driver, ".form-nw button").click()
    wait_for(driver, lambda: "/account/login/" not in driver.current_url)


def one(driver: webdriver.Chrome, selector: str) -> WebElement:
    """The first element of a CSS selector, waited for."""
    return wait_for(driver, lambda: driver.find_element(By.CSS_SELECTOR, selector))


def texts(driver: webdriver.Chrome, selector: str) -> list[str]:
    """The visible texts of all elements of a CSS selector."""
    return [element.text for element in driver.find_elements(By.CSS_SELECTOR, selector)]


def wait_for(driver: webdriver.Chrome, look: Callable[[], Found], *, seconds: float = 20) -> Found:
    """What `look` returns once it is true; elements that are gone or not there yet count as not."""
    ignored = (exceptions.NoSuchElementException, exceptions.StaleElementReferenceException)
    return WebDriverWait(driver, seconds, 0.1, ignored_exceptions=ignored).until(lambda _: look())


def problems(driver: webdriver.Chrome) -> list[str]:
    """What the page's scripts complained about since the last time this was asked."""
    return [entry["message"] for entry in driver.get_log("browser") if entry["level"] == "SEVERE"]
