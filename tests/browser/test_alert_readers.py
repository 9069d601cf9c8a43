"""Who is told of an alert, in a real browser: a colleague, an address that is asked, a webhook."""

import os

import pytest
from pytest_django.live_server_helper import LiveServer
from selenium import webdriver
from selenium.webdriver.common.by import By

from alerts import addresses, models
from tests import factories
from tests.browser import driver

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = (390, 844)


def test_an_owner_adds_a_colleague_an_address_and_a_webhook(
    live_server: LiveServer, browser: webdriver.Chrome, smtp_server, settings
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", smtp_server.port
    owner = factories.person("analyst")
    factories.person("colleague")
    alert = factories.alert(owner, name="배터리 소재")
    driver.log_in(browser, live_server.url, "analyst", "analyst-analyst")
    browser.get(f"{live_server.url}/alerts/{alert.pk}/readers/")
    for email in ("colleague@example.com", "kim@example.org"):
        driver.one(browser, "#id_email").send_keys(email)
        driver.one(browser, 'form[action$="/readers/add/"] button').click()
        driver.wait_for(browser, lambda email=email: email in driver.one(browser, "ul.mails").text)
    assert "아직 확인하지 않음" in driver.one(browser, "ul.mails").text
    assert smtp_server.wait_for(1)[0]["To"] == "kim@example.org"

    driver.one(browser, "#id_url").send_keys("https://hooks.example/x")
    driver.one(browser, 'form[action$="/webhooks/add/"] button').click()
    driver.wait_for(
        browser, lambda: driver.one(browser, "#webhook-secret").text == models.Webhook.objects.get().secret
    )

    addresses.stop(owner.email, "bounced", "550 5.1.1 no such user", now=factories.NOW)
    browser.get(f"{live_server.url}/alerts/{alert.pk}/readers/")
    look(browser, "readers")
    driver.one(browser, ".notice.bad button").click()
    driver.wait_for(browser, lambda: not models.Address.objects.filter(stopped_at__isnull=False).exists())

    driver.resize(browser, *PHONE)
    browser.get(f"{live_server.url}/alerts/{alert.pk}/readers/")
    look(browser, "readers-phone")
    assert browser.execute_script("return document.documentElement.scrollWidth") <= PHONE[0]
    assert len(browser.find_elements(By.CSS_SELECTOR, "h1")) == 1


def look(browser: webdriver.Chrome, name: str) -> None:
    """Keep a picture, where somebody wants to see it."""
    if folder := os.environ.get("PICTURES"):
        browser.save_screenshot(f"{folder}/{name}.png")
