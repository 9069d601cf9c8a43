import asyncio
import datetime
import html
import os
import re
import signal
import subprocess
import sys
import urllib.parse
from collections.abc import AsyncIterator

import feedparser
import pytest
from aiohttp import test_utils

from newswatch.sample import desk, newsroom, server

LIBRARY = newsroom.shipped()
FEEDS = [feed for outlet in LIBRARY.outlets.values() for feed in outlet.feeds]


def make_app(tmp_path, **options):
    newsdesk = desk.Desk(LIBRARY, tmp_path / "state.json", now=datetime.datetime.now(datetime.UTC))
    return server.make_app(newsdesk, **{"controls": True, **options})


@pytest.fixture
async def client(tmp_path) -> AsyncIterator[test_utils.TestClient]:
    async with test_utils.TestClient(test_utils.TestServer(make_app(tmp_path))) as client:
        yield client


async def entries_of(client, path):
    return feedparser.parse(await (await client.get(path)).read()).entries


async def test_every_feed_answers_with_its_type_and_not_again_when_nothing_changed(client):
    for feed in FEEDS:
        first = await client.get(feed.path)
        assert first.status == 200
        assert first.content_type.endswith(("xml", "json"))
        by_tag = await client.get(feed.path, headers={"If-None-Match": first.headers["ETag"]})
        by_date = await client.get(feed.path, headers={"If-Modified-Since": first.headers["Last-Modified"]})
        assert (by_tag.status, await by_tag.read()) == (304, b"")
        assert by_date.status == 304
        assert by_tag.headers["ETag"] == first.headers["ETag"]


async def test_every_link_of_every_feed_and_every_link_on_those_pages_answers(client):
    links = set()
    for feed in FEEDS:
        if feed.format != "json":
            links |= {entry.link for entry in await entries_of(client, feed.path)}
    assert len(links) > 60
    inner = set()
    for link in links:
        answer = await client.get(path_of(link))
        assert answer.status == 200
        text = (await answer.read()).decode(answer.charset)
        inner |= {html.unescape(found) for found in re.findall(r'(?:href|src)="(/[^"]*)"', text)}
    assert inner
    for path in inner:
        assert (await client.get(path)).status == 200


def path_of(link):
    parts = urllib.parse.urlsplit(link)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


async def test_no_guid_occurs_twice_in_a_feed_and_each_outlet_has_its_own(client):
    owners: dict[str, str] = {}
    for feed in FEEDS:
        guids = [entry.id for entry in await entries_of(client, feed.path)]
        assert len(set(guids)) == len(guids)
        outlet = feed.path.split("/")[1]
        assert all(owners.setdefault(guid, outlet) == outlet for guid in guids)


async def test_pages_of_the_old_outlet_are_euc_kr_and_told_apart_by_their_query(client):
    one = await client.get("/saebyeok/view?id=3001&utm_source=rss")
    other = await client.get("/saebyeok/view?id=3002")
    assert one.charset == "euc-kr"
    assert "셀트리온" in (await one.read()).decode("euc-kr")
    assert "충전" in (await other.read()).decode("euc-kr")
    assert (await client.get("/saebyeok/view")).status == 404


@pytest.mark.parametrize(
    "path", ["/nobody/", "/hanbit/article/1", "/hanbit", "/nuri/news/1.html", "/control/nothing"]
)
async def test_an_unknown_address_is_not_found(client, path):
    assert (await client.get(path)).status == 404


async def test_an_article_by_hand_is_in_the_feed_at_once_and_changes_its_tag(client):
    before = (await client.get("/northlight/atom.xml")).headers["ETag"]
    fields = {
        "outlet": "northlight",
        "title": "LG opens a lab & a café",
        "body": "First.\n\nSecond.",
        "lang": "en",
    }
    answer = await client.post("/control/publish", json=fields)
    told = await answer.json()
    assert answer.status == 201
    again = await client.get("/northlight/atom.xml", headers={"If-None-Match": before})
    assert again.status == 200
    newest = feedparser.parse(await again.read()).entries[0]
    assert (newest.link, newest.id) == (told["url"], told["guid"])
    assert told["feeds"] == [str(client.make_url("/northlight/atom.xml"))]
    page = await (await client.get(path_of(told["url"]))).text()
    assert "<p>Second.</p>" in page


async def test_the_form_publishes_and_says_where(client):
    answer = await client.post("/publish", data={"outlet": "nuri", "title": "손으로 쓴 기사", "body": "본문"})
    page = await answer.text()
    assert answer.status == 200
    assert "손으로 쓴 기사" in page
    assert (await entries_of(client, "/nuri/atom.xml"))[0].title == "손으로 쓴 기사"


async def test_a_form_without_a_headline_is_refused_with_the_reason(client):
    answer = await client.post("/publish", data={"outlet": "nuri", "title": "", "body": "본문"})
    assert answer.status == 400
    assert "title is missing" in await answer.text()


async def test_a_correction_is_served_under_the_same_guid(client):
    answer = await client.post("/control/correct", json={"guid": "hanbit-1006"})
    assert (await answer.json())["version"] == 2
    titles = {entry.id: entry.title for entry in await entries_of(client, "/hanbit/rss/all.xml")}
    assert "26.8%" in titles["hanbit-1006"]
    assert (await client.post("/control/correct", json={"guid": "hanbit-1002"})).status == 404


async def test_state_tells_what_is_out_and_what_is_held_and_release_moves_one(client):
    before = await (await client.get("/control/state")).json()
    released = (await (await client.post("/control/release", json={})).json())["released"]
    after = await (await client.get("/control/state")).json()
    assert released["guid"] == before["held"][0]
    assert after["held"] == before["held"][1:]
    assert len(after["articles"]) == len(before["articles"]) + 1


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        ("{", {"Content-Type": "application/json"}, 400),
        ("[]", {"Content-Type": "application/json"}, 400),
        ("{}", {"Content-Type": "application/json"}, 400),
        ('{"title": "t", "body": "b"}', {"Content-Type": "text/plain"}, 415),
        (
            '{"title": "t", "body": "b"}',
            {"Content-Type": "application/json", "Origin": "http://evil.example"},
            403,
        ),
        ('{"title": "t", "body": "b"}', {"Content-Type": "application/json", "Host": "evil.example"}, 403),
    ],
)
async def test_orders_that_are_malformed_or_come_from_elsewhere_are_refused(client, body, headers, status):
    answer = await client.post("/control/publish", data=body, headers=headers)
    assert answer.status == status
    state = await (await client.get("/control/state")).json()
    assert not [article for article in state["articles"] if article["title"] == "t"]


async def test_without_loopback_there_are_no_controls(tmp_path):
    async with test_utils.TestClient(test_utils.TestServer(make_app(tmp_path, controls=False))) as client:
        assert (await client.get("/control/state")).status == 404
        assert (await client.post("/publish", data={"title": "t", "body": "b"})).status in (404, 405)
        assert "<form" not in await (await client.get("/")).text()


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("[::1]", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("a.b", False),
    ],
)
def test_loopback_is_told_from_the_rest(host, expected):
    assert server.is_loopback(host) is expected


async def test_held_articles_come_out_by_themselves(tmp_path):
    app = make_app(tmp_path, release_every=0.01)
    async with test_utils.TestClient(test_utils.TestServer(app)) as client, asyncio.timeout(20):
        while app[server.DESK].held():  # noqa: ASYNC110 - nothing to wait on but the articles themselves
            await asyncio.sleep(0.01)
        assert "hanbit-1015" in [entry.id for entry in await entries_of(client, "/hanbit/rss/all.xml")]


def test_the_command_says_where_it_listens_keeps_its_first_start_and_stops_when_told(tmp_path):
    state = tmp_path / "var" / "state.json"
    for today in ("2026-09-01T00:00:00+00:00", "2026-10-01T00:00:00+00:00"):
        command = [
            sys.executable,
            "-m",
            "newswatch.sample.server",
            "--port",
            "0",
            "--state",
            state,
            "--today",
            today,
        ]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ) as process:
            line = process.stdout.readline()
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=20) == 0
        assert re.fullmatch(r"Sample newsroom: http://127\.0\.0\.1:\d+/\n", line)
        assert "2026-09-01" in state.read_text()


def test_a_port_that_is_taken_is_named(tmp_path):
    command = [sys.executable, "-m", "newswatch.sample.server", "--state", tmp_path / "s", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        port = process.stdout.readline().rstrip("/\n").rpartition(":")[2]
        second = subprocess.run(
            [*command[:-1], port], capture_output=True, text=True, timeout=30, check=False
        )
        process.terminate()
        process.wait(timeout=20)
    assert second.returncode == 1
    assert f"Cannot listen on 127.0.0.1 port {port}" in second.stderr
