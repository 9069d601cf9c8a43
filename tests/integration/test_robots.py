import datetime

import pytest
from django.utils import timezone

from articles import models, page_fetching, pipeline, robots
from articles.feeds import fetch
from articles.feeds import robots as rules
from tests import web
from tests.integration.test_pipeline import BODY, item, make_source


@pytest.fixture
def site(transactional_db):
    robots.forget()
    with web.Site() as running:
        yield running
    robots.forget()


def publish(site, *numbers):
    site.put_feed("/feed", *[item(number) for number in numbers])
    for number in numbers:
        site.put_page(f"/a/{number}", item(number)["title"], *BODY)


def run():
    models.Source.objects.update(next_poll_at=timezone.now())
    models.Article.objects.filter(page_due_at__isnull=False).update(page_due_at=timezone.now())
    pipeline.poll_due(now=timezone.now)
    pipeline.fetch_due_pages(now=timezone.now)


def test_a_page_that_robots_may_not_fetch_is_not_asked_for_and_the_article_says_why(site):
    publish(site, 1, 2)
    site.pages["/robots.txt"] = b"User-agent: *\nDisallow: /a/1\n"
    make_source(site)
    run()
    closed, opened = (models.Article.objects.get(url__endswith=f"/a/{n}") for n in (1, 2))
    assert site.asked["/a/1"] == 0
    assert (closed.stage, hasattr(closed, "page")) == ("tag", False)
    assert closed.page_error == page_fetching.DISALLOWED
    assert hasattr(opened, "page")


def test_the_rules_are_asked_for_once_however_many_pages_and_runs(site):
    publish(site, 1, 2, 3)
    make_source(site)
    run()
    publish(site, 4, 5)
    run()
    assert site.asked["/robots.txt"] == 1
    assert models.Page.objects.count() == 5


def test_another_worker_finds_the_rules_in_redis(site, valkey_url):
    publish(site, 1)
    make_source(site)
    run()
    robots.forget()
    publish(site, 2)
    run()
    assert site.asked["/robots.txt"] == 1
    assert robots.known([f"{site.url}/robots.txt"]) == {f"{site.url}/robots.txt": rules.Policy()}


def test_rules_that_cannot_be_had_put_the_pages_off_and_then_the_feed_serves(site, monkeypatch):
    monkeypatch.setattr(robots, "KEEP_UNREACHABLE_S", 0)
    publish(site, 1)
    site.statuses["/robots.txt"] = 503
    make_source(site)
    run()
    article = models.Article.objects.get()
    assert (article.stage, article.page_attempts, site.asked["/a/1"]) == ("page", 1, 0)
    run()
    run()
    article.refresh_from_db()
    assert article.stage == "tag"
    assert "robots.txt could not be had" in article.page_error


def test_rules_that_come_back_let_the_page_be_read(site, monkeypatch):
    monkeypatch.setattr(robots, "KEEP_UNREACHABLE_S", 0)
    publish(site, 1)
    site.statuses["/robots.txt"] = 500
    make_source(site)
    run()
    site.statuses.clear()
    run()
    assert models.Page.objects.count() == 1


def test_a_page_whose_turn_has_not_come_waits_without_an_attempt_but_not_for_ever(site):
    publish(site, 1)
    make_source(site)
    pipeline.poll_due(now=timezone.now)
    (article,) = models.Article.objects.all()
    turn = fetch.Response(article.url, article.url, error="not asked", postponed_s=30)
    now = article.first_seen_at
    page_fetching.receive(article, turn, now=now)
    article.refresh_from_db()
    assert (article.page_attempts, article.page_due_at) == (0, now + datetime.timedelta(seconds=30))
    page_fetching.receive(article, turn, now=now + datetime.timedelta(hours=1))
    article.refresh_from_db()
    assert (article.stage, article.page_error) == ("tag", "not asked")
