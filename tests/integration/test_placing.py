"""From ready articles to stories, in a real PostgreSQL."""

import datetime
import random
import threading

import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import models, placing, story_rows
from articles.stories import prints
from newswatch import wake
from tests import factories

pytestmark = pytest.mark.django_db

HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)
TITLE = "한빛배터리, 북미 공장 착공… 2028년 양산"
BODY = (
    "한빛배터리는 20일 북미에 배터리 공장을 짓기 시작했다고 밝혔다. 공장은 해마다 전기차 30만 대에 들어갈 전지를 "
    "만들며 2028년에 양산을 시작한다. 회사는 3조 원을 들여 일자리 2천 개를 만든다고 덧붙였다."
)
OTHER = "새벽전자, 신형 돌봄 로봇을 병원 열 곳에 공급"


def arrive(title=TITLE, body=BODY, *, outlet="한빛일보", hours=0.0, **fields):
    """A ready article of an outlet, published some hours ago."""
    at = timezone.now() - hours * HOUR
    return factories.article(
        title, body, of=factories.source(factories.outlet(outlet)), published_at=at, **fields
    )


def place():
    return placing.place_waiting(now=timezone.now)


def story_of(article):
    article.refresh_from_db()
    return article.story


def restart():
    """Another worker, that knows nothing yet."""
    placing.memory.cache_clear()


def test_the_same_news_of_two_outlets_is_one_story_and_other_news_another():
    first, second = arrive(hours=2), arrive(outlet="새벽신문", hours=1)
    other = arrive(OTHER, "로봇을 판다.")
    assert place() == 3
    assert story_of(first) == story_of(second) != story_of(other)
    story = first.story
    assert story.pk == first.pk
    assert (story.article_count, story.outlet_count, story.copy_count) == (2, 2, 1)
    assert (story.first_at, story.last_at) == (first.published_at, second.published_at)
    assert story.headline == first
    assert (second.near_duplicate_of, second.story_joined) == (first, first)
    assert second.story_similarity > 0
    assert other.story.headline_reason == "only"
    assert place() == 0


def test_a_later_article_joins_in_another_worker_too():
    first = arrive(hours=30)
    place()
    restart()
    second = arrive(outlet="새벽신문")
    place()
    assert story_of(second) == story_of(first)
    assert first.story.outlet_count == 2


def test_what_another_worker_placed_meanwhile_is_known(monkeypatch):
    arrive(OTHER, hours=5)
    place()
    mine = placing.memory()
    restart()
    first = arrive(hours=2)
    place()
    monkeypatch.setattr(placing, "memory", lambda: mine)
    second = arrive(outlet="새벽신문")
    place()
    assert story_of(second) == story_of(first)


def test_a_changed_article_stays_in_its_story():
    first, second = arrive(hours=2), arrive(outlet="새벽신문", hours=1)
    place()
    second.title, second.body, second.version = OTHER, "로봇을 판다.", 2
    second.save(update_fields=["title", "body", "version"])
    models.Outbox.objects.create(article=second, kind="updated", created_at=timezone.now())
    restart()
    assert place() == 0
    assert story_of(second) == story_of(first)


def test_an_article_that_is_not_ready_waits():
    article = arrive(ready_at=None, stage="tag")
    assert place() == 0
    assert story_of(article) is None


def test_those_that_the_alerts_wait_for_come_before_the_backlog(monkeypatch):
    monkeypatch.setattr(placing, "BATCH", 1)
    old = arrive(hours=9)
    new = arrive(OTHER)
    models.Outbox.objects.create(article=new, kind="new", created_at=timezone.now())
    placing.place_some(now=timezone.now())
    assert story_of(new) is not None
    assert story_of(old) is None


def test_an_article_of_years_ago_finds_those_of_its_own_days():
    first, second = arrive(hours=24 * 1500), arrive(outlet="새벽신문", hours=24 * 1500 - 20)
    third = arrive(outlet="한낮경제")
    place()
    restart()
    fourth = arrive(outlet="오늘통신", hours=24 * 1500 - 30)
    place()
    assert story_of(first) == story_of(second) == story_of(fourth) != story_of(third)


def test_a_backlog_is_forgotten_when_it_has_filled_the_memory(monkeypatch):
    monkeypatch.setattr(placing, "MOST_LATE", 3)
    monkeypatch.setattr(placing, "BATCH", 2)
    for number in range(12):
        arrive(f"{number}번째 소식을 전하는 제목 {number * 37}", hours=24 * (400 - 20 * number))
        place()
    assert len(placing.memory().window) < 12
    assert not models.Article.objects.filter(story=None).exists()


def test_the_articles_of_a_deleted_story_are_no_trap():
    first = arrive(hours=2)
    place()
    models.Article.objects.all().delete()
    models.Story.objects.all().delete()
    second = arrive(outlet="새벽신문")
    place()
    assert story_of(second).article_count == 1
    assert second.near_duplicate_of is None
    assert first.pk != second.pk


def test_a_fingerprint_of_an_earlier_format_is_taken_anew():
    first = arrive(hours=2)
    place()
    models.StoryPrint.objects.update(fingerprint=b"\x00old")
    restart()
    second = arrive(outlet="새벽신문")
    place()
    assert story_of(second) == story_of(first)


def test_an_article_that_cannot_be_compared_is_placed_alone_and_stops_no_other(monkeypatch):
    original = prints.take_print

    def take_print(title, text):
        if "깨진" in title:
            raise ValueError("broken")
        return original(title, text)

    monkeypatch.setattr(prints, "take_print", take_print)
    first, broken, second = arrive(hours=2), arrive("깨진 제목"), arrive(outlet="새벽신문")
    place()
    assert story_of(first) == story_of(second) != story_of(broken)
    assert broken.story.article_count == 1


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_arrival_within_a_batch_does_not_matter(seed):
    drafts = [
        (f"{company}, {what}", f"{company}가 {what} 소식을 전했다. {BODY}", outlet, hour)
        for hour, (company, what, outlet) in enumerate(
            (company, what, outlet)
            for company in ("한빛배터리", "새벽전자", "누리바이오")
            for what in ("3분기 영업이익 12% 증가", "새 대표에 김하늘 선임")
            for outlet in ("한빛일보", "새벽신문", "한낮경제")
        )
    ]
    shuffled = random.Random(seed).sample(drafts, len(drafts))
    now = timezone.now()
    for given in (drafts, shuffled):
        for title, body, outlet, hour in given:
            factories.article(
                title,
                body,
                of=factories.source(factories.outlet(outlet)),
                published_at=now - (40 - hour) * HOUR,
            )
        place()
        if given is drafts:
            expected = stories()
            models.Article.objects.all().delete()
            models.Story.objects.all().delete()
    assert stories() == expected


def stories():
    """Each story as the outlets and titles of its articles, its headline and its copies."""
    return sorted(
        (
            sorted((article.outlet.name, article.title) for article in story.articles.all()),
            (story.headline.outlet.name, story.headline.title, story.headline_reason),
            story.copy_count,
        )
        for story in models.Story.objects.all()
    )


def test_what_stories_say_is_what_their_articles_say():
    for number in range(8):
        arrive(TITLE if number % 2 else f"{OTHER} {number}", outlet=f"신문 {number % 3}", hours=20 - number)
        if number % 3 == 0:
            place()
    place()
    assert story_rows.recount_all(now=timezone.now()) == 0
    models.Story.objects.update(article_count=1, outlet_count=0, copy_count=0, headline=None)
    assert story_rows.recount_all(now=timezone.now()) > 0
    for story in models.Story.objects.all():
        articles = story.articles.all()
        assert story.article_count == len(articles)
        assert story.outlet_count == len({article.outlet_id for article in articles})
        assert story.copy_count == sum(article.near_duplicate_of_id is not None for article in articles)
        assert story.headline in articles


def test_the_queries_of_a_batch_do_not_grow_with_its_articles():
    def queries(articles):
        for number in range(articles):
            arrive(f"{TITLE} {number % 7}", outlet=f"신문 {number % 3}")
        with CaptureQueriesContext(connection) as captured:
            place()
        return len(captured)

    queries(2)
    assert queries(3) == queries(30)


def test_the_alerts_are_woken_after_a_batch(monkeypatch, django_capture_on_commit_callbacks):
    sent = []
    monkeypatch.setattr(wake, "send", sent.append)
    arrive()
    with django_capture_on_commit_callbacks(execute=True):
        place()
    assert sent == ["alerts.tasks.match_outbox"]


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_dies_in_the_middle_has_placed_nothing(monkeypatch):
    first, second = arrive(hours=2), arrive(outlet="새벽신문")

    def die(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(story_rows, "recount", die)
        with pytest.raises(KeyboardInterrupt):
            place()
    assert not models.Story.objects.exists()
    assert place() == 2
    assert story_of(first) == story_of(second)


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_place_each_article_once(monkeypatch):
    monkeypatch.setattr(placing, "BATCH", 5)
    for number in range(40):
        arrive(f"{TITLE} {number % 4}", outlet=f"신문 {number % 10}", hours=40 - number)
    memories = threading.local()

    def memory():
        if not hasattr(memories, "one"):
            memories.one = placing.Memory()
        return memories.one

    memory.cache_clear = lambda: None
    monkeypatch.setattr(placing, "memory", memory)
    counts, failed = [], []

    def run():
        try:
            counts.append(place())
        except Exception as error:  # noqa: BLE001
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert sum(counts) == 40
    with transaction.atomic():
        assert story_rows.recount_all(now=timezone.now()) == 0
    assert models.StoryPrint.objects.count() == 40


def test_the_command_counts_stories_again(capsys):
    first, second = arrive(hours=2), arrive(outlet="새벽신문")
    place()
    first.delete()
    call_command("recount_stories")
    assert "1 stories" in capsys.readouterr().out
    story = story_of(second)
    assert (story.article_count, story.headline, story.headline_reason) == (1, second, "only")
