import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.feeds import websub

URL = "https://news.example/feed"
HUB = "https://hub.example/"


def offer(link="", hub="", topic="", url=URL):
    return websub.offer({"link": link} if link else {}, hub=hub, topic=topic, url=url)


def test_a_feed_offers_its_hub_and_its_topic():
    assert offer(hub=HUB, topic=URL) == websub.Offer(HUB, URL)


def test_the_header_counts_before_the_feed():
    link = f'<https://other.example/hub>; rel="hub", <{URL}?all>; rel=self'
    assert offer(link, hub=HUB, topic=URL) == websub.Offer("https://other.example/hub", URL + "?all")


def test_one_link_may_have_several_relations_and_be_relative():
    assert offer('</hub#x>; title="a, b"; rel="alternate hub"') == websub.Offer(
        "https://news.example/hub", URL
    )


@pytest.mark.parametrize(
    "bad", [{}, {"topic": URL}, {"hub": "javascript:alert(1)"}, {"hub": "https://" + "x" * 2000}]
)
def test_without_a_usable_hub_there_is_no_offer(bad):
    assert offer(**bad) is None


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_a_body_signed_with_our_secret_is_genuine(method):
    signature = f"{method}={hmac.new(b'secret', b'body', method).hexdigest()}"
    assert websub.is_genuine(b"body", signature, secret="secret")
    assert not websub.is_genuine(b"body2", signature, secret="secret")
    assert not websub.is_genuine(b"body", signature, secret="other")


@given(st.text(max_size=80))
def test_no_other_signature_is_genuine(signature):
    assert not websub.is_genuine(b"body", signature, secret="secret")
    assert not websub.is_genuine(b"body", f"sha256={signature}", secret="secret")


def test_a_method_that_is_not_safe_enough_is_not_taken():
    assert not websub.is_genuine(b"", f"md5={hashlib.md5(b'').hexdigest()}", secret="")


@pytest.mark.parametrize(
    ("text", "seconds"), [("3600", 3600), ("1", 300), ("", 864_000), ("x", 864_000), ("9" * 11, 90 * 86_400)]
)
def test_a_lease_is_believed_within_reason(text, seconds):
    assert websub.lease_s(text) == seconds


@pytest.mark.parametrize(
    ("site", "reachable"),
    [
        ("https://desk.news.example.org", True),
        ("https://8.8.8.8", True),
        ("http://desk.news.example.org", False),
        ("https://localhost", False),
        ("https://127.0.0.1:8000", False),
        ("https://10.0.0.7", False),
        ("https://desk.local", False),
        ("https://desk", False),
        ("", False),
    ],
)
def test_a_hub_reaches_only_what_is_public_and_encrypted(site, reachable):
    assert websub.is_reachable(site) is reachable


@given(st.text(max_size=200))
def test_no_link_header_raises(value):
    assert isinstance(websub.header_links(value), dict)
