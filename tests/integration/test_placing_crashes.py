"""Killing a worker while it places articles: none is lost, none is placed twice, and the stories are the same."""

import datetime
import random

import pytest
from django.utils import timezone

from articles import models, placing, story_rows
from tests import factories, workers

STORIES, OUTLETS = 700, 3


@pytest.fixture
def titles(transactional_db):
    """Ready articles of some outlets under the same titles, in no order; no two titles share a word."""
    placing.memory.cache_clear()
    at = timezone.now() - datetime.timedelta(hours=20)
    syllables = [chr(code) for code in range(ord("가"), ord("힣"))]
    draw = random.Random(1)
    words = ["".join(draw.sample(syllables, 4)) for _ in range(STORIES * 8)]
    titles = [" ".join(words[n * 8 : n * 8 + 8]) for n in range(STORIES)]
    feeds = [factories.source(factories.outlet(f"신문 {number}")) for number in range(OUTLETS)]
    rows = [
        models.Article(
            outlet=feed.outlet,
            source=feed,
            identity=f"{feed.pk} {number}",
            url=f"http://127.0.0.1/{feed.pk}/{number}",
            title=title,
            body=f"{title} 소식이다.",
            published_at=at + datetime.timedelta(minutes=number),
            first_seen_at=at,
            ready_at=at,
            stage="ready",
        )
        for number, title in enumerate(titles)
        for feed in feeds
    ]
    models.Article.objects.bulk_create(draw.sample(rows, len(rows)))
    return titles


def placed():
    return models.Article.objects.filter(story__isnull=False).count()


@pytest.mark.slow
def test_killing_the_worker_that_places_loses_and_doubles_nothing(titles, service_environment, tmp_path):
    environment = {**service_environment, "NEWSWATCH_VAR": str(tmp_path)}
    total, seen = STORIES * OUTLETS, []
    with workers.Workers(environment, tmp_path) as crew:
        for _ in range(2):
            before = placed()
            assert workers.wait_for(lambda before=before: placed() > before), crew.logs()
            crew.kill("process")
            seen.append(placed())
            assert models.StoryPrint.objects.count() == seen[-1]
            assert story_rows.recount_all(now=timezone.now()) == 0
            crew.start("process")
        assert workers.wait_for(lambda: placed() == total), crew.logs()
    assert 0 < seen[0] < total
    assert models.StoryPrint.objects.count() == total
    assert story_rows.recount_all(now=timezone.now()) == 0
    stories = models.Story.objects.told()
    assert sorted(stories.values_list("headline__title", flat=True)) == sorted(titles)
    assert set(stories.values_list("article_count", flat=True)) == {OUTLETS}
