"""Killing a worker, or Redis with all it holds, in the middle of a replay ends with the same articles."""

import threading

import pytest
from django.db import connections
from django.utils import timezone

from articles import captures, models, pipeline, replay, story_rows, watchlist_store
from newswatch.services import valkey
from tests import workers

FEEDS, ENTRIES = 24, 40
COMPANIES = ("LG화학", "삼성전자", "네이버", "현대차", "셀트리온")


def make_captures(root):
    """Two days of captured feeds; the second repeats half of the first and edits some of it."""
    for day, first in (("20260301", 0), ("20260302", ENTRIES // 2)):
        (root / day).mkdir()
        for feed in range(FEEDS):
            items = "".join(make_item(day, feed, number) for number in range(first, first + ENTRIES))
            (root / day / f"paper{feed % 4}-{feed}.xml").write_text(
                f'<rss version="2.0"><channel><title>{feed}</title><link>http://paper{feed % 4}.example/</link>'
                f"<lastBuildDate>2026-03-0{day[-1]}T12:00:00Z</lastBuildDate>{items}</channel></rss>",
                encoding="utf-8",
            )


def make_item(day, feed, number):
    company = COMPANIES[(feed + number) % len(COMPANIES)]
    corrected = " 정정했다." if day.endswith("2") and number % 7 == 0 else ""
    return (
        f"<item><guid>{feed}-{number}</guid><link>http://paper{feed % 4}.example/a/{feed}-{number}</link>"
        f"<title>{company}, 배터리와 인공지능 연구에 투자 {feed}-{number}</title>"
        f"<description>{company}는 배터리 소재와 인공지능 신약 개발에 투자한다고 밝혔다.{corrected}</description>"
        f"<pubDate>2026-03-01T0{number % 8}:00:00Z</pubDate></item>"
    )


def play(root, *, with_workers):
    days = captures.read_days(root)
    with captures.serve(days[0].folder) as server:
        for day in days:
            replay.play(day, server, {}, workers=with_workers, tell=lambda progress: None)


def snapshot():
    """What a reader would see, without ids and times of the wall clock."""
    return sorted(
        (
            article.outlet.name,
            article.url,
            article.title,
            article.body,
            article.version,
            article.published_at,
            article.first_seen_at,
            tuple(sorted((tag.company.name, round(tag.confidence, 6)) for tag in article.company_tags.all())),
            tuple(sorted((tag.theme.name, round(tag.score, 6)) for tag in article.theme_tags.all())),
            tuple(sorted((m.field, m.start, m.end, m.text, m.kind) for m in article.mentions.all())),
            article.appearances.count(),
            article.versions.count(),
        )
        for article in models.Article.objects.ready()
        .select_related("outlet")
        .prefetch_related("company_tags__company", "theme_tags__theme", "mentions")
    )


@pytest.fixture
def root(tmp_path, transactional_db):
    (tmp_path / "captures").mkdir()
    make_captures(tmp_path / "captures")
    watchlist_store.load_shipped()
    pipeline.recognition.cache_clear()
    return tmp_path / "captures"


@pytest.fixture
def undisturbed(root):
    """The articles of a replay that nothing disturbs; they are gone again when the test begins."""
    play(root, with_workers=False)
    found = snapshot()
    models.Outbox.objects.all().delete()
    models.Article.objects.all().delete()
    models.Story.objects.all().delete()
    models.Poll.objects.all().delete()
    models.Source.objects.all().delete()
    assert len(found) == FEEDS * ENTRIES * 3 // 2
    return found


@pytest.fixture
def environment(service_environment, tmp_path):
    return {**service_environment, "CLAIM_SECONDS": "5", "NEWSWATCH_VAR": str(tmp_path)}


def assert_all_are_placed_once():
    assert not models.Article.objects.ready().filter(story=None).exists()
    assert models.StoryPrint.objects.count() == models.Article.objects.count()
    assert story_rows.recount_all(now=timezone.now()) == 0


def replay_in_background(root):
    def work():
        try:
            play(root, with_workers=True)
        finally:
            connections.close_all()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def ready(least):
    return lambda: models.Article.objects.ready().count() >= least


@pytest.mark.slow
def test_killing_the_workers_in_the_middle_ends_with_the_same_articles(
    root, undisturbed, environment, tmp_path
):
    with workers.Workers(environment, tmp_path) as crew:
        thread = replay_in_background(root)
        assert workers.wait_for(ready(1)), crew.logs()
        crew.kill("process")
        crew.kill("fetch")
        middle = models.Article.objects.ready().count()
        crew.start("fetch")
        assert workers.wait_for(lambda: models.Article.objects.count() > middle), crew.logs()
        crew.kill("fetch")
        crew.start("fetch")
        crew.start("process")
        thread.join(150)
        assert not thread.is_alive(), crew.logs()
    assert 0 < middle < len(undisturbed)
    assert snapshot() == undisturbed
    assert_all_are_placed_once()
    assert models.Outbox.objects.filter(kind="new").count() == len(undisturbed)


@pytest.mark.slow
def test_losing_redis_and_its_data_in_the_middle_ends_with_the_same_articles(
    root, undisturbed, environment, tmp_path
):
    broker = valkey.Valkey(tmp_path / "valkey", log=tmp_path / "valkey.log", durable=False)
    broker.start()
    try:
        with workers.Workers({**environment, "REDIS_URL": broker.url}, tmp_path) as crew:
            started = timezone.now()
            thread = replay_in_background(root)
            assert workers.wait_for(ready(1)), crew.logs()
            broker.stop()
            valkey.forget(broker.data)
            middle = models.Article.objects.ready().count()
            # The workers notice, and whoever has work in hand finishes it.
            assert workers.wait_for(lambda: (timezone.now() - started).total_seconds() > 8)
            broker.start()
            thread.join(150)
            assert not thread.is_alive(), crew.logs()
    finally:
        broker.stop()
    assert 0 < middle < len(undisturbed)
    assert snapshot() == undisturbed
