"""A browser, and the site running for it."""

from collections.abc import Iterator

import pytest
from selenium import webdriver

from tests.browser import driver


@pytest.fixture
def browser() -> Iterator[webdriver.Chrome]:
    """A real chromium of desktop size that speaks Korean. Skips where there is none."""
    if driver.missing():
        pytest.skip("chromium and chromedriver are not installed")
    with driver.chromium() as window:
        yield window
