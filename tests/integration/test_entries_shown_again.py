"""What a feed shows as before is not read again, and the ledger is the same as if it were."""

import datetime
import random

import pytest

from articles import models, pipeline, store, watchlist_store
from articles.feeds import fetch, parse

START = datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def watchlist(transactional_db):
    watchlist_store.load_shipped()
    pipeline.recognition.cache_clear()


def make_source(name):
    outlet = models.Outlet.objects.create(name=name)
    return models.Source.objects.create(
        outlet=outlet, title=name, url="https://paper.example/feed", language="ko", fetch_pages=False
    )


def item(number, *, title="", text="요약", guid="", path="", time=True):
    guid = f"<guid isPermaLink='false'>{guid or f'g{number}'}</guid>"
    at = START + datetime.timedelta(minutes=number)
    date = f"<pubDate>{at:%a, %d %b %Y %H:%M:%S} GMT</pubDate>" if time else ""
    return (
        f"<item>{guid}<title>{title or f'제목 {number}'}</title><link>{path or f'/a/{number}'}</link>"
        f"<description>{text}</description>{date}</item>"
    )


def show(source, *items, at):
    """Poll a source, `at` hours after the beginning."""
    body = f"<rss version='2.0'><channel><title>신문</title>{''.join(items)}</channel></rss>".encode()
    now = START + datetime.timedelta(days=1, hours=at)
    answer = fetch.Response(url=source.url, final_url=source.url, status=200, body=body)
    pipeline.receive_all([(models.Source.objects.get(pk=source.pk), answer)], now=lambda: now, ring=str)


def entries_of(source):
    columns = ("entry_key", "entry_id", "url", "title", "content_hash", "content_at", "first_seen_at")
    columns += ("last_seen_at", "fate", "reason", "tries", "article__identity", "article__feed_text")
    return list(source.appearances.order_by("entry_key").values_list(*columns))


def told(source):
    source.refresh_from_db()
    polls = source.polls.order_by("pk").values_list("outcome", "entries", "new", "updated", "detail")
    return list(polls), source.rhythm and bytes(source.rhythm), source.hints, source.next_poll_at


@pytest.fixture
def read(monkeypatch):
    """The titles of the entries that were read in full."""
    titles = []
    entry = parse._Reading.entry

    def noted(reading, raw, digest):
        titles.append(raw.title)
        return entry(reading, raw, digest)

    monkeypatch.setattr(parse._Reading, "entry", noted)
    return titles


def test_only_what_is_new_or_changed_is_read(read):
    source = make_source("시험 신문")
    show(source, item(2), item(1), at=0)
    read.clear()
    show(source, item(3), item(2), item(1, text="고침"), at=1)
    assert read == ["제목 3", "제목 1"]
    assert source.polls.order_by("-pk").values_list("entries", "new", "updated").first() == (3, 1, 1)


def test_an_article_that_was_deleted_is_stored_anew_though_its_entry_is_as_before(read):
    source = make_source("시험 신문")
    show(source, item(2), item(1), at=0)
    models.Article.objects.get(title="제목 1").delete()
    show(source, item(3), item(2), item(1), at=1)
    assert models.Article.objects.filter(title="제목 1").count() == 1


def test_an_entry_that_left_and_is_back_stands_in_the_feed_again():
    source = make_source("시험 신문")
    for at, items in enumerate(([item(1)], [item(2)], [item(2), item(1)])):
        show(source, *items, at=at)
    assert list(source.appearances.values_list("last_seen_at", flat=True)) == [None, None]


def test_an_entry_that_failed_is_read_again_though_it_is_as_before(read):
    source = make_source("시험 신문")
    show(source, item(1), at=0)
    models.Appearance.objects.update(fate="failed", reason="a fault", tries=1, article=None)
    models.Article.objects.all().delete()
    read.clear()
    show(source, item(2), item(1), at=1)
    assert read == ["제목 2", "제목 1"]
    assert models.Appearance.objects.get(title="제목 1").fate == "stored"


def test_a_new_entry_with_the_id_of_one_shown_before_has_both_read(read):
    source = make_source("시험 신문")
    show(source, item(1), at=0)
    read.clear()
    show(source, item(2, guid="g1"), item(1), at=1)
    assert read == ["제목 2", "제목 1"]
    assert models.Article.objects.count() == 2


def random_item(chance):
    number = chance.randrange(6)
    return item(
        number,
        title=chance.choice(("", "", "같은 제목")),
        text=chance.choice(("요약", "요약", "고침", "")),
        guid=chance.choice(("", "", "", "same", " g1\x7f")),
        path=chance.choice(("", "", "", "/a/1", "https://paper.example/a/2?utm_source=rss")),
        time=chance.random() < 0.8,
    )


@pytest.mark.parametrize("seed", range(24))
def test_whatever_a_feed_shows_the_ledger_is_that_of_reading_everything(monkeypatch, seed):
    chance = random.Random(seed)
    shown, histories = [random_item(chance) for _ in range(4)], []
    for _ in range(8):
        changed = [one if chance.random() < 0.8 else random_item(chance) for one in shown]
        shown = changed[: chance.randrange(2, 7)] + [random_item(chance)] * chance.randrange(2)
        chance.shuffle(shown)
        histories.append(list(shown))
    results = []
    for name in ("quick", "full"):
        if name == "full":
            monkeypatch.setattr(store, "load_digests", lambda _sources: {})
        source = make_source(name)
        for at, items in enumerate(histories):
            show(source, *items, at=at)
        results.append((entries_of(source), told(source)[0], told(source)[1]))
        models.Source.objects.filter(pk=source.pk).update(url=f"https://paper.example/{name}")
    assert results[0] == results[1]
