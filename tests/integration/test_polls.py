import dataclasses
import datetime
import email.utils

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import models, pipeline, polls, store
from articles.feeds import fetch, reading, schedule
from newswatch import wake
from tests import web
from tests.integration import hostile
from tests.integration.test_pipeline import answer, item, make_source

MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture
def site():
    with web.Site() as running:
        yield running


@pytest.fixture(autouse=True)
def database(transactional_db):
    pass


def poll(*sources):
    """Poll them now; returns how many seconds each then waits."""
    models.Source.objects.filter(pk__in=[one.pk for one in sources]).update(next_poll_at=timezone.now())
    pipeline.poll_due(now=timezone.now)
    waits = []
    for source in sources:
        source.refresh_from_db()
        waits.append((source.next_poll_at - source.last_polled_at).total_seconds())
    return waits[0] if len(waits) == 1 else waits


def last_detail():
    return models.Poll.objects.order_by("-pk").first().detail


def busy(site, path, minutes):
    """A feed whose entries came that many minutes apart."""
    site.put_feed(
        path,
        *[
            item(n, date=email.utils.format_datetime(timezone.now() - n * minutes * MINUTE))
            for n in range(30)
        ],
    )


# --- how often it asks -----------------------------------------------------------------------------------------


def test_a_busy_source_is_asked_more_often_than_a_quiet_one(site):
    busy(site, "/busy", 3)
    busy(site, "/quiet", 600)
    short, long = poll(
        make_source(site, "/busy", fetch_pages=False),
        make_source(site, "/quiet", outlet="다른 신문", fetch_pages=False),
    )
    assert 120 <= short < 200
    assert 600 < long <= 1800


def test_what_was_learnt_serves_while_nothing_is_new(site):
    busy(site, "/feed", 60)
    source = make_source(site, fetch_pages=False)
    poll(source)
    first = source.rhythm
    assert (
        abs(
            poll(source)
            - schedule.interval(
                schedule.unpack(first), pace=source.pace, now=timezone.now(), zone=datetime.UTC
            )
        )
        < 120
    )
    assert models.Poll.objects.filter(outcome="unchanged").count() == 1
    assert bytes(source.rhythm) == bytes(first)


def test_an_interval_that_an_editor_set_is_kept(site):
    busy(site, "/feed", 600)
    site.headers["/feed"] = {"Cache-Control": "max-age=1000"}
    assert poll(make_source(site, fetch_pages=False, poll_interval=30)) == 30


def test_a_server_that_calls_its_feed_fresh_is_left_alone_so_long(site):
    busy(site, "/feed", 3)
    site.headers["/feed"] = {"Cache-Control": "public, max-age=900"}
    source = make_source(site, fetch_pages=False)
    assert poll(source) == 900
    assert poll(source) == 900


def test_a_feed_that_asks_for_an_hour_gets_as_much_as_the_ceiling(site, settings):
    settings.POLL_CEILING_SECONDS = 1200
    busy(site, "/feed", 3)
    site.pages["/feed"] = site.pages["/feed"].replace(b"<language>", b"<ttl>60</ttl><language>")
    source = make_source(site, fetch_pages=False)
    assert poll(source) == 1200
    assert poll(source) == 1200


def test_hours_that_a_feed_asks_to_skip_are_skipped(site):
    busy(site, "/feed", 3)
    now = timezone.now()
    hours = "".join(f"<hour>{(now.hour + step) % 24}</hour>" for step in range(3))
    skip = f"<skipHours>{hours}</skipHours><language>".encode()
    site.pages["/feed"] = site.pages["/feed"].replace(b"<language>", skip)
    source = make_source(site, fetch_pages=False)
    assert poll(source) > 2 * 3600


def test_entries_without_times_count_from_when_they_appeared(site):
    source = make_source(site, fetch_pages=False)
    for number in range(3):
        site.put_feed("/feed", *[item(n) for n in range(number * 10 + 1)])
        site.pages["/feed"] = site.pages["/feed"].replace(b"pubDate", b"whenever")
        poll(source)
    rhythm = schedule.unpack(source.rhythm)
    assert 19 < sum(rhythm.counts) < 21


# --- where it has gone -----------------------------------------------------------------------------------------


def test_a_permanent_redirect_seen_three_times_in_a_row_changes_the_address(site):
    site.put_feed("/new", item(1))
    site.redirect("/old", site.url + "/new")
    source = make_source(site, "/old", fetch_pages=False)
    for _ in range(2):
        poll(source)
        assert source.url == site.url + "/old"
        assert "moved permanently" in last_detail()
    poll(source)
    assert (source.url, source.moved_from) == (site.url + "/new", site.url + "/old")
    assert "its address is changed" in last_detail()
    asked = site.asked["/old"]
    poll(source)
    assert site.asked["/old"] == asked
    assert last_detail() == ""


def test_a_redirect_that_changes_its_mind_starts_anew(site):
    site.put_feed("/new", item(1))
    site.put_feed("/newer", item(1))
    source = make_source(site, "/old", fetch_pages=False)
    for target in ("/new", "/new", "/newer", "/newer"):
        site.redirect("/old", site.url + target)
        poll(source)
    site.redirect("/old", site.url + "/newer", status=302)
    poll(source)
    assert (source.url, source.moved_times) == (site.url + "/old", 0)


def test_an_address_that_another_source_has_is_not_taken(site):
    site.put_feed("/new", item(1))
    site.redirect("/old", site.url + "/new")
    source = make_source(site, "/old", fetch_pages=False)
    make_source(site, "/new", fetch_pages=False, next_poll_at=None)
    for _ in range(4):
        poll(source)
    assert source.url == site.url + "/old"
    assert "another source's address" in last_detail()
    assert source.failures == 0


def test_nobody_is_led_from_https_to_http():
    source = models.Source(url="https://news.example/feed")
    moved = answer("https://news.example/feed")
    for _ in range(5):
        assert (
            polls.follow(
                source, dataclasses.replace(moved, final_url="http://x.example/", redirected_permanently=True)
            )
            == ""
        )
    assert source.moved_times == 0


def test_a_feed_that_is_gone_for_good_is_switched_off_and_says_why(site):
    site.statuses["/feed"] = 410
    source = make_source(site)
    poll(source)
    assert not source.enabled
    assert "gone for good" in source.off_because
    assert (
        models.Source.objects.claim_due(
            now=timezone.now() + datetime.timedelta(days=9), until=timezone.now(), most=9
        )
        == []
    )


def test_a_feed_that_is_not_found_waits_longer_and_comes_back_by_itself(site):
    source = make_source(site, fetch_pages=False)
    waits = [poll(source) for _ in range(3)]
    assert source.enabled
    assert waits[0] < waits[1] < waits[2]
    site.put_feed("/feed", item(1))
    poll(source)
    assert (source.failures, source.last_error) == (0, "")


# --- how it is written -----------------------------------------------------------------------------------------


def test_many_unchanged_sources_are_recorded_in_as_few_statements_as_one(site):
    def recorded(number):
        sources = [make_source(site, f"/{number}/{n}") for n in range(number)]
        with CaptureQueriesContext(
            connection,
        ) as queries:
            store.record_unchanged([(one, answer(one.url)) for one in sources], now=timezone.now())
        return len(queries)

    assert recorded(1) == recorded(50)
    assert models.Poll.objects.filter(outcome="unchanged").count() == 51


def test_a_source_that_somebody_else_has_claimed_since_is_left_to_them(site):
    source = make_source(site)
    (mine,) = models.Source.objects.claim_due(now=timezone.now(), until=timezone.now(), most=1)
    later = timezone.now() + MINUTE
    (theirs,) = models.Source.objects.claim_due(now=timezone.now(), until=later, most=1)
    store.record_failure(mine, answer(mine.url), "too late", now=timezone.now(), at=timezone.now())
    source.refresh_from_db()
    assert (source.failures, source.claimed_until) == (0, later)
    store.record_unchanged([(theirs, answer(theirs.url))], now=timezone.now())
    source.refresh_from_db()
    assert source.claimed_until is None


def test_a_source_that_is_switched_off_during_its_poll_stays_off(site):
    source = make_source(site)
    (claimed,) = models.Source.objects.claim_due(now=timezone.now(), until=timezone.now(), most=1)
    models.Source.objects.update(enabled=False)
    store.record_unchanged([(claimed, answer(source.url))], now=timezone.now())
    source.refresh_from_db()
    assert not source.enabled


def test_a_source_that_breaks_our_reading_is_a_failure_in_words_and_stops_nobody(site, monkeypatch):
    site.put_feed("/odd", item(1))
    site.put_feed("/feed", item(2))
    read = reading.read

    def stumble(source, response, **given):
        if response.url.endswith("/odd"):
            raise RecursionError("too deep")
        return read(source, response, **given)

    monkeypatch.setattr(reading, "read", stumble)
    odd, good = make_source(site, "/odd", fetch_pages=False), make_source(site, "/feed", fetch_pages=False)
    poll(odd, good)
    assert "RecursionError: too deep" in odd.last_error
    assert (good.failures, models.Article.objects.count()) == (0, 1)


def test_a_time_zone_that_is_none_is_a_failure_in_words(site):
    site.put_feed("/feed", item(1))
    source = make_source(site, fetch_pages=False, time_zone="Asia/Nowhere")
    poll(source)
    assert "time zone" in source.last_error


def test_one_call_wakes_the_next_stage_for_many_feeds(site, monkeypatch):
    sent = []
    monkeypatch.setattr(wake, "send", sent.append)
    sources = [make_source(site, f"/feed{n}", fetch_pages=False) for n in range(20)]
    for number in range(20):
        site.put_feed(f"/feed{number}", item(number))
    poll(*sources)
    assert models.Article.objects.count() == 20
    # Another worker may help, since more are due than one claims at first.
    assert set(sent) == {"articles.tasks.place_articles", "articles.tasks.poll_sources"}
    assert len(sent) < 10


def test_few_are_claimed_while_what_comes_is_new_and_more_while_nothing_is(site, monkeypatch):
    claimed, queries = [], type(models.Source.objects.all())
    claim_due = queries.claim_due

    def note(self, *, most, **given):
        claimed.append(most)
        return claim_due(self, most=most, **given)

    monkeypatch.setattr(queries, "claim_due", note)
    monkeypatch.setattr(pipeline, "PATIENCE_S", 60)
    sources = [make_source(site, f"/feed{n}", fetch_pages=False) for n in range(40)]
    for number in range(40):
        site.put_feed(f"/feed{number}", item(number))
    poll(*sources)
    assert set(claimed) == {12}
    claimed.clear()
    poll(*sources)
    assert claimed[:2] == [12, 24]
    assert models.Poll.objects.filter(outcome="unchanged").count() == 40


def test_servers_that_misbehave_are_each_told_in_words_and_the_other_feeds_are_read(site, monkeypatch):
    limits = fetch.Limits(total_s=4, max_bytes=1_000_000, per_host=50)
    monkeypatch.setattr(pipeline, "FEED_LIMITS", limits)
    expected = {
        "drip": "not finished within",
        "drip-head": "not finished within",
        "hang": "not finished within",
        "gzip-bomb": "larger than",
        "endless": "larger than",
        "circle": "redirects in a circle",
        "reset": "broke off",
        "long-length": "broke off",
        "broken-off": "closed the connection",
        "error": "500",
        "garbage": "not HTTP",
        "redirect/302/http://169.254.169.254/": "not a public address",
    }
    good = [make_source(site, f"/feed{n}", fetch_pages=False) for n in range(30)]
    for number in range(30):
        site.put_feed(f"/feed{number}", item(number))
    with hostile.running() as server:
        bad = {
            path: models.Source.objects.create(
                outlet=good[0].outlet, title=path, url=server.url(path), next_poll_at=timezone.now()
            )
            for path in expected
        }
        poll(*bad.values(), *good)
    for path, words in expected.items():
        assert words in bad[path].last_error, path
        assert bad[path].failures == 1
    assert models.Article.objects.count() == 30
    assert all(source.failures == 0 for source in good)


def test_more_sources_than_may_be_under_way_are_all_polled_once(site, monkeypatch):
    monkeypatch.setattr(pipeline, "POLLS_UNDER_WAY", 6)
    sources = [make_source(site, f"/feed{n}", fetch_pages=False) for n in range(25)]
    for number in range(25):
        site.put_feed(f"/feed{number}", item(number))
    poll(*sources)
    assert set(site.asked.values()) == {1}
    assert models.Poll.objects.filter(outcome="stored").count() == 25


def test_only_polls_leave_their_commits_to_reach_the_disk_soon(site):
    def waits():
        with connection.cursor() as cursor:
            cursor.execute("SHOW synchronous_commit")
            return cursor.fetchone()[0]

    before = waits()
    with polls.durable_soon():
        assert waits() == "off"
    assert waits() == before
    poll(make_source(site))
    assert waits() == before
