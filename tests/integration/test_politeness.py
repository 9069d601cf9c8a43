"""Two gates stand for two workers: each is an event loop's, and both look at one Redis."""

import asyncio
import contextlib
import time
import urllib.parse

import pytest
import redis

from articles import politeness
from articles.feeds import addresses, fetch
from tests.integration import hostile

HOST = "news.example:443"
LOCAL = addresses.networks(["127.0.0.0/8"])


@pytest.fixture
def url(valkey_url):
    with redis.Redis.from_url(valkey_url) as client:
        client.flushdb()
    return valkey_url


@contextlib.asynccontextmanager
async def gates(url, number=1, **options):
    opened = [politeness.HostGate(url, **{"most": 2, "gap_s": 0.0, **options}) for _ in range(number)]
    try:
        yield opened
    finally:
        for gate in opened:
            await gate.close()


async def enter(gate, host=HOST, patience_s=5.0):
    return await gate.enter(host, patience_s=patience_s)


async def test_no_more_than_so_many_pass_at_once_in_all_workers_together(url):
    async with gates(url, 2) as (one, other):
        passages = [await enter(one), await enter(other), await enter(one), await enter(other)]
        assert [passage.granted for passage in passages] == [True, True, False, False]
        other.leave(HOST)
        await other.sending
        assert (await enter(one)).granted


async def test_hosts_do_not_wait_for_each_other(url):
    async with gates(url, most=1, gap_s=60) as (gate,):
        passages = await asyncio.gather(*(enter(gate, f"host{number}.example:443") for number in range(500)))
    assert all(passage == fetch.Passage(granted=True) for passage in passages)


async def test_who_asks_next_is_told_how_long_to_wait_and_never_longer_than_it_can(url):
    async with gates(url, 2, most=9, gap_s=2.0) as (one, other):
        first, second, third = await enter(one), await enter(other), await enter(one, patience_s=2.5)
    assert first.wait_s == 0
    assert 1.5 < second.wait_s <= 2
    assert not third.granted
    assert 3.5 < third.wait_s <= 4


async def test_a_site_that_wants_a_longer_pause_gets_it(url):
    async with gates(url, most=9, gap_s=0.1) as (gate,):
        gate.keep_apart(HOST, 4.0)
        await enter(gate)
        assert 3.5 < (await enter(gate)).wait_s <= 4


async def test_the_place_of_a_dead_worker_is_free_after_its_lease(url, monkeypatch):
    monkeypatch.setattr(politeness, "LEASE_MS", 50)
    async with gates(url, 2, most=1) as (dead, alive):
        assert (await enter(dead)).granted
        assert not (await enter(alive)).granted
        await asyncio.sleep(0.1)
        assert (await enter(alive)).granted


async def test_our_own_networks_need_no_sparing_and_no_redis():
    async with gates("redis://127.0.0.1:1/0", most=1, gap_s=60, exempt=LOCAL) as (gate,):
        passages = [await enter(gate, host) for host in ("127.0.0.1:8000", "localhost:80") * 3]
    assert all(passage == fetch.Passage(granted=True) for passage in passages)
    assert gate.down_until == 0


async def test_without_redis_the_pause_is_kept_by_the_process_alone(free_port):
    async with gates(f"redis://127.0.0.1:{free_port}/0", most=1, gap_s=3.0) as (gate,):
        first, second, third = await enter(gate), await enter(gate), await enter(gate, patience_s=1.0)
        gate.leave(HOST)
    assert (first.granted, first.wait_s) == (True, 0)
    assert second.granted
    assert 2 < second.wait_s <= 3
    assert not third.granted


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("127.0.0.1:80", True),
        ("localhost:80", True),
        ("[::1]:80", False),
        ("10.0.0.1:80", False),
        ("news.example:443", False),
        ("127.0.0.1.example:80", False),
        ("", False),
    ],
)
def test_a_host_is_ours_by_its_name_alone(host, own):
    assert addresses.is_own(host, LOCAL) is own


def test_an_ipv6_host_is_ours_where_its_network_is_allowed():
    assert addresses.is_own(fetch.host_of("http://[::1]:8000/"), addresses.networks(["::1/128"]))


# --- through the fetcher ---------------------------------------------------------------------------------------


async def ask(server, number, gate, **limits):
    requests = [fetch.Request(server.url("crowd")) for _ in range(number)]
    found = fetch.fetch_many(
        requests,
        limits=fetch.Limits(per_host=50, **limits),
        user_agent="test",
        allow_private=LOCAL,
        gate=gate,
    )
    return [response async for response in found]


async def test_two_workers_together_ask_one_host_no_more_than_allowed_at_once(url):
    with hostile.running() as server:
        async with gates(url, 2, most=3) as pair:
            answers = await asyncio.gather(*(ask(server, 10, gate) for gate in pair))
    assert [response.error for some in answers for response in some] == [""] * 20
    assert server.most_present <= 3


async def test_requests_whose_turn_is_too_far_off_are_put_off_and_not_sent(url):
    with hostile.running() as server:
        async with gates(url, most=50, gap_s=0.5) as (gate,):
            answers = await ask(server, 8, gate, patience_s=1.2)
        asked = len(server.asked)
    put_off = [response for response in answers if response.postponed_s]
    assert asked == 3
    assert len(put_off) == 5
    assert all("not asked" in response.error for response in put_off)


async def test_a_pause_lies_between_two_requests(url):
    with hostile.running() as server:
        async with gates(url, most=50, gap_s=0.1) as (gate,):
            began = time.monotonic()
            await ask(server, 4, gate)
    assert time.monotonic() - began >= 0.3


class Diary:
    """A gate that notes who passes, and refuses some."""

    def __init__(self, *refused):
        self.refused = refused
        self.lines = []

    async def enter(self, host, *, patience_s):
        self.lines.append(("enter", host))
        refused = any(name in host for name in self.refused)
        return fetch.Passage(granted=not refused, wait_s=patience_s + 9 if refused else 0.0)

    def leave(self, host):
        self.lines.append(("leave", host))


async def follow(gate, *, to="localhost"):
    """Ask 127.0.0.1 for what redirects to another name of it."""
    with hostile.running() as server:
        target = server.url("ok").replace("127.0.0.1", to)
        request = fetch.Request(server.url(f"redirect/302/{urllib.parse.quote(target, safe='')}"))
        arriving = fetch.fetch_many(
            [request], user_agent="test", allow_private=["127.0.0.0/8", "::1/128"], gate=gate
        )
        answers = [response async for response in arriving]
        return answers[0], [path for path, *_ in server.asked]


async def test_a_redirect_to_another_host_passes_that_hosts_gate_and_holds_one_place_at_a_time():
    gate = Diary()
    answer, _ = await follow(gate)
    assert answer.error == ""
    hosts = [(what, host.partition(":")[0]) for what, host in gate.lines]
    assert hosts == [
        ("enter", "127.0.0.1"),
        ("leave", "127.0.0.1"),
        ("enter", "localhost"),
        ("leave", "localhost"),
    ]


async def test_a_redirect_within_a_host_passes_its_gate_once():
    gate = Diary()
    answer, _ = await follow(gate, to="127.0.0.1")
    assert answer.error == ""
    assert [what for what, _ in gate.lines] == ["enter", "leave"]


async def test_a_redirect_to_a_host_whose_turn_is_too_far_off_puts_the_request_off():
    gate = Diary("localhost")
    answer, asked = await follow(gate)
    assert answer.postponed_s > 9
    assert len(asked) == 1
    assert [what for what, _ in gate.lines] == ["enter", "leave", "enter"]


@pytest.mark.parametrize(
    "url", ["https://News.Example/a", "HTTPS://NEWS.EXAMPLE:443/b", "https://news.example./"]
)
def test_a_host_has_one_name_however_it_is_spelled(url):
    assert fetch.host_of(url) == "news.example:443"
