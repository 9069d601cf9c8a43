import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.feeds import robots

AGENT = "Newswatch"
RULES = b"""
User-agent: *
Disallow: /private/
Allow: /private/open

User-agent: newswatch
Disallow: /search
Disallow: /*.pdf$
Crawl-delay: 3
"""


def read(body=b"", status=200, error=""):
    return robots.policy(status=status, body=body, error=error)


def allowed(policy, path):
    return policy.allows(f"https://news.example{path}", agent=AGENT)


def test_the_rules_for_us_count_and_not_those_for_everybody():
    policy = read(RULES)
    assert not allowed(policy, "/search?q=1")
    assert not allowed(policy, "/a/report.pdf")
    assert allowed(policy, "/private/1")


def test_without_rules_for_us_those_for_everybody_count_and_the_longest_match_wins():
    policy = read(RULES.replace(b"newswatch", b"otherbot"))
    assert not allowed(policy, "/private/1")
    assert allowed(policy, "/private/open/1")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_a_site_without_rules_allows_everything(status):
    assert allowed(read(status=status, error=f"the server answered {status}"), "/search")


@pytest.mark.parametrize("status", [0, 429, 500, 503])
def test_a_site_whose_rules_cannot_be_had_allows_nothing_for_now(status):
    policy = read(status=status, error="no connection")
    assert policy.unreachable == "no connection"
    assert not allowed(policy, "/")


def test_a_page_instead_of_rules_is_no_rules():
    assert allowed(read(b"<!doctype html><title>404</title>Disallow: /"), "/")


def test_a_site_may_ask_for_a_pause_within_reason():
    assert read(RULES).delay_s(agent=AGENT) == 3
    assert read(RULES.replace(b"delay: 3", b"delay: 99999")).delay_s(agent=AGENT) == robots.LONGEST_DELAY_S
    assert read(RULES.replace(b"delay: 3", b"delay: -1")).delay_s(agent=AGENT) == 0
    assert read(b"User-agent: *\nRequest-rate: 1/4").delay_s(agent=AGENT) == 4
    assert read().delay_s(agent=AGENT) == 0


def test_what_is_not_utf_8_or_too_long_is_read_as_far_as_it_goes():
    long = b"User-agent: *\nDisallow: /no\n" + b"# \xc7\xd1\n" * 200_000 + b"Disallow: /later\n"
    policy = read(long)
    assert not allowed(policy, "/no")
    assert allowed(policy, "/later")
    assert len(policy.text) <= robots.MOST_BYTES


def test_the_rules_of_an_address_are_at_its_sites_root():
    assert (
        robots.address("HTTPS://User:pw@News.Example:8443/a/b?c#d") == "https://news.example:8443/robots.txt"
    )
    assert robots.address("ftp://news.example/") == ""
    assert robots.address("https:///a") == ""
    assert robots.address("http://[::/") == ""


def test_rules_call_us_by_our_product_name():
    assert robots.product("Newswatch/0.1 (+https://x/about)") == "Newswatch"
    assert robots.product("Desk") == "Desk"


@given(st.text(max_size=300), st.text(max_size=60))
def test_no_rules_and_no_path_raise(text, path):
    policy = read(
        f"User-agent: *\nDisallow: /{text}\nCrawl-delay: {text}\nRequest-rate: {text}".encode(
            "utf-8", "replace"
        )
    )
    assert policy.allows(f"https://news.example/{path}", agent=AGENT) in (True, False)
    assert 0 <= policy.delay_s(agent=AGENT) <= robots.LONGEST_DELAY_S
