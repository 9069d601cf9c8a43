import asyncio
import ipaddress
import socket
import ssl

import pytest
import trustme

from articles.feeds import addresses, fetch
from tests.integration import hostile

LOCAL = ("127.0.0.0/8",)
LIMITS = fetch.Limits(total_s=1.0, connect_s=0.5, max_bytes=1_000_000, max_redirects=3, per_host=50)
AGENT = "Newswatch-test/1 (+http://127.0.0.1/)"


@pytest.fixture(scope="module")
def server():
    with hostile.running() as running:
        yield running


def ask(*urls, allow_private=LOCAL, limits=LIMITS, **options):
    requests = [fetch.Request(url) for url in urls]
    return fetch.fetch_all(requests, limits=limits, user_agent=AGENT, allow_private=allow_private, **options)


def test_a_feed_arrives_with_what_the_next_request_needs(server):
    (response,) = ask(server.url("etag"))
    assert (response.status, response.error, response.body) == (200, "", hostile.FEED)
    assert (response.etag, response.last_modified) == ('"v1"', "Sat, 23 Jul 2022 03:31:41 GMT")


def test_an_unchanged_feed_costs_no_body(server):
    (response,) = fetch.fetch_all(
        [fetch.Request(server.url("etag"), etag='"v1"')], user_agent=AGENT, allow_private=LOCAL
    )
    assert (response.status, response.body, response.error) == (304, b"", "")


def test_the_server_is_told_who_asks(server):
    ask(server.url("ok"))
    assert server.asked[-1][1]["user-agent"] == AGENT


def test_a_validator_with_a_line_break_is_not_sent(server):
    request = fetch.Request(server.url("ok"), etag='"a"\r\nX-Injected: 1')
    (response,) = fetch.fetch_all([request], user_agent=AGENT, allow_private=LOCAL)
    assert response.error == ""
    assert "x-injected" not in server.asked[-1][1]


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd", "not-gzip"])
def test_a_compressed_body_is_inflated(server, encoding):
    (response,) = ask(server.url(encoding))
    assert (response.body, response.error) == (hostile.FEED, "")


@pytest.mark.parametrize("bomb", ["gzip-bomb", "br-bomb", "zstd-bomb", "endless"])
def test_a_body_that_grows_beyond_the_limit_is_given_up(server, bomb):
    (response,) = ask(server.url(bomb))
    assert response.error == "the body is larger than 1000000 bytes"
    assert response.body == b""


def test_a_permanent_redirect_is_noted(server):
    (response,) = ask(server.url("redirect/301/ok"))
    assert response.redirected_permanently
    assert response.final_url == server.url("ok")
    assert response.body == hostile.FEED


def test_a_temporary_hop_makes_the_whole_way_temporary(server):
    (response,) = ask(server.url("redirect/301/redirect/302/ok"))
    assert response.final_url == server.url("ok")
    assert not response.redirected_permanently


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("circle", "redirects in a circle"),
        ("deeper/", "more than 3 redirects"),
        ("redirect/302/file:///etc/passwd", "only http and https"),
        ("redirect/302/http://169.254.169.254/latest/", "not a public address"),
        ("redirect/302/http://[::ffff:10.0.0.1]/", "not a public address"),
        ("drip", "not finished within 1 s"),
        ("drip-head", "not finished within 1 s"),
        ("hang", "not finished within 1 s"),
        ("broken-off", "closed the connection without an answer"),
        ("garbage", "not HTTP"),
        ("large-head", "not HTTP"),
        ("error", "the server answered 500 Internal Server Error"),
        ("gone", "the server answered 410 Gone"),
        ("broken-gzip", "not gzip as it claims"),
    ],
)
def test_each_misbehaviour_is_told_in_words(server, path, words):
    (response,) = ask(server.url(path))
    assert words in response.error
    assert response.body == b""


@pytest.mark.parametrize("path", ["reset", "long-length"])
def test_a_connection_that_breaks_off_leaves_what_had_arrived(server, path):
    (response,) = ask(server.url(path))
    assert "the connection broke off after" in response.error
    assert hostile.FEED.startswith(response.body)
    assert response.body


def test_misbehaving_servers_do_not_disturb_the_others(server):
    bad = ["drip", "gzip-bomb", "circle", "reset", "garbage", "hang", "error", "long-length", "endless"]
    responses = ask(*(server.url(path) for path in bad), *[server.url("ok")] * 20)
    assert all(response.error for response in responses[: len(bad)])
    assert [response.body for response in responses[len(bad) :]] == [hostile.FEED] * 20


def test_answers_keep_the_order_of_the_requests(server):
    urls = [server.url(f"ok/{number}") for number in range(30)]
    assert [response.url for response in ask(*urls)] == urls


def test_a_server_says_how_long_to_wait_in_seconds_or_until_when(server):
    busy, closed = ask(server.url("busy"), server.url("closed-until"))
    assert (busy.retry_after_s, closed.retry_after_s) == (120, 1800)


def test_a_host_that_never_answers_is_asked_only_as_often_as_it_takes_to_know():
    with hostile.running() as server:
        limits = fetch.Limits(total_s=0.3, per_host=1)
        responses = ask(*[server.url("hang")] * 8, limits=limits)
        assert len(server.asked) == fetch.GIVE_UP_AFTER
    assert all("in time" in response.error for response in responses[fetch.GIVE_UP_AFTER :])


def test_one_host_is_asked_no_more_than_it_may_be_at_once():
    with hostile.running() as server:
        responses = ask(*[server.url("crowd")] * 12, limits=fetch.Limits(per_host=3))
    assert [response.error for response in responses] == [""] * 12
    assert 1 < server.most_present <= 3


def test_a_closed_port_and_nonsense_addresses_are_told_in_words(free_port):
    closed, scheme, nothing, host = ask(
        f"http://127.0.0.1:{free_port}/", "ftp://127.0.0.1/", "", "http://[::/"
    )
    assert closed.error.startswith("no connection")
    assert "only http and https" in scheme.error
    assert nothing.error
    assert "not an address" in host.error


def test_without_leave_nothing_on_this_machine_is_reached(server):
    port = server.server_address[1]
    before = len(server.asked)
    names = [
        "127.0.0.1",
        "localhost",
        "[::1]",
        "0.0.0.0",
        "2130706433",
        "0x7f.1",
        "127.1",
        "[::ffff:127.0.0.1]",
    ]
    responses = ask(*(f"http://{name}:{port}/ok" for name in names), allow_private=())
    assert all(response.error for response in responses)
    assert len(server.asked) == before
    assert "not a public address" in responses[0].error


def test_a_name_is_judged_by_the_address_it_resolves_to(server, monkeypatch):
    async def resolve(self, host, port=0, family=socket.AF_INET):
        found = {
            "hostname": host,
            "host": "10.1.2.3",
            "port": port,
            "family": socket.AF_INET,
            "proto": 0,
            "flags": 0,
        }
        return [found, {**found, "host": "192.168.0.9"}]

    monkeypatch.setattr("aiohttp.connector.DefaultResolver.resolve", resolve)
    (response,) = ask("http://feeds.example.com/rss", allow_private=())
    assert response.error == "refused: the host's address is not a public address"


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1", "172.16.0.1", "192.168.1.1", "127.0.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "198.18.0.1", "168.63.129.16", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fec0::1",
        "ff02::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "2001:0:a00:1::", "::7f00:1", "nonsense", "",
    ],
)  # fmt: skip
def test_an_address_that_is_not_public_is_refused(address):
    assert not addresses.may_connect(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888", "64:ff9b::808:808", "::ffff:8.8.8.8"])
def test_a_public_address_is_allowed(address):
    assert addresses.may_connect(address)


def test_an_operator_can_allow_a_network_and_only_that():
    allowed = addresses.networks(["10.0.0.0/8", ipaddress.IPv6Network("::1/128")])
    assert addresses.may_connect("10.9.9.9", allowed)
    assert addresses.may_connect("::ffff:10.9.9.9", allowed)
    assert addresses.may_connect("::1", allowed)
    assert not addresses.may_connect("192.168.0.1", allowed)


def test_a_certificate_nobody_vouches_for_is_refused_and_a_trusted_one_accepted():
    authority = trustme.CA()
    theirs, ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert("127.0.0.1").configure_cert(theirs)
    authority.configure_trust(ours)
    with hostile.running(theirs) as server:
        (refused,) = ask(server.url("ok"))
        (accepted,) = ask(server.url("ok"), tls=ours)
    assert "the TLS certificate is not accepted" in refused.error
    assert (accepted.error, accepted.body) == ("", hostile.FEED)


async def test_answers_can_be_taken_as_they_arrive_and_the_rest_abandoned(server):
    requests = [fetch.Request(server.url("hang")), fetch.Request(server.url("ok"))]
    arriving = fetch.fetch_many(requests, limits=LIMITS, user_agent=AGENT, allow_private=LOCAL)
    first = await anext(arriving)
    await arriving.aclose()
    assert first.url == server.url("ok")
    assert len(asyncio.all_tasks()) == 1
