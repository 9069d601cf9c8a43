"""Pages that can't be had at first, or show only their beginning: the feed's text serves until a later try succeeds."""

import datetime
import html

import pytest
from django.utils import timezone

from alerts import models as alert_models
from alerts import outbox
from articles import models, page_fetching, pipeline, placing
from articles.pages import walls
from tests import factories
from tests.integration.test_pipeline import BODY, item, make_source, site, watchlist  # noqa: F401 - fixtures

SUMMARY = "LG에너지솔루션이 배터리 공장을 짓는다."
WALL = "이 기사는 유료 구독자 전용입니다. 구독하시면 기사 전체를 보실 수 있습니다."


def work(now):
    pipeline.poll_due(now=lambda: now)
    pipeline.fetch_due_pages(now=lambda: now)
    pipeline.process_waiting(now=lambda: now)


def after(**time):
    return timezone.now() + datetime.timedelta(**time)


@pytest.fixture
def first_failure(site, watchlist):  # noqa: F811
    """An article whose page the site does not have yet."""
    site.put_feed("/feed", item(1, summary=SUMMARY))
    make_source(site)
    work(timezone.now())
    return models.Article.objects.ready().get()


def test_a_page_that_comes_later_makes_a_new_version_from_the_page(site, first_failure):  # noqa: F811
    assert (first_failure.text_from, first_failure.body) == ("feed", SUMMARY)
    assert "404" in first_failure.page_error

    site.put_page("/a/1", item(1)["title"], *BODY)
    work(after(hours=25))

    article = models.Article.objects.get()
    assert (article.text_from, article.body) == ("page", "\n\n".join(BODY))
    assert (article.version, article.page_error, article.page_due_at) == (2, "", None)
    assert article.versions.get(number=1).body == SUMMARY


def test_it_is_not_asked_for_before_its_time(site, first_failure):  # noqa: F811
    asked = site.asked["/a/1"]
    work(after(hours=23))

    assert site.asked["/a/1"] == asked


def test_a_page_that_stays_away_is_given_up_and_the_article_stays_as_it_is(site, first_failure):  # noqa: F811
    for day in range(1, 6):
        work(after(hours=25 * day))

    article = models.Article.objects.get()
    assert (article.stage, article.version, article.page_due_at) == ("ready", 1, None)
    assert site.asked["/a/1"] == 2
    assert models.Outbox.objects.count() == 1


def test_a_server_that_is_down_is_asked_three_times_more(site, watchlist):  # noqa: F811
    site.put_feed("/feed", item(1, summary=SUMMARY))
    site.statuses["/a/1"] = 503
    make_source(site)
    for time in (
        {"hours": 0},
        {"minutes": 1},
        {"minutes": 5},
        {"hours": 2},
        {"hours": 9},
        {"hours": 40},
        {"hours": 90},
    ):
        work(after(**time))

    assert site.asked["/a/1"] == len(page_fetching.RETRIES_S) + 1 + len(page_fetching.LATER)
    assert models.Article.objects.ready().get().page_due_at is None


def test_an_upgrade_is_no_second_alert(site, watchlist):  # noqa: F811
    factories.alert(factories.person(), "배터리")
    site.put_feed("/feed", item(1, summary=SUMMARY))
    make_source(site)
    work(timezone.now())
    placing.place_waiting(now=timezone.now)
    outbox.match_waiting(now=timezone.now())
    sent = alert_models.Delivery.objects.count()
    assert alert_models.Hit.objects.count() == 1

    site.put_page("/a/1", item(1)["title"], *BODY)
    work(after(hours=25))
    outbox.match_waiting(now=timezone.now())

    assert models.Article.objects.get().version == 2
    assert alert_models.Hit.objects.count() == 1
    assert alert_models.Delivery.objects.count() == sent


def test_behind_a_wall_the_longer_text_of_the_feed_serves_and_the_article_says_why(site, watchlist):  # noqa: F811
    site.put_feed("/feed", item(1, summary=html.escape("<br><br>".join(BODY))))
    site.put_page("/a/1", item(1)["title"], BODY[0], WALL)
    make_source(site)
    work(timezone.now())

    article = models.Article.objects.ready().get()
    assert (article.text_from, article.body) == ("feed", "\n\n".join(BODY))
    assert article.page_error == walls.WALLED


def test_behind_a_wall_a_beginning_that_is_more_than_the_feed_has_serves_and_says_so(site, watchlist):  # noqa: F811
    site.put_feed("/feed", item(1, summary=SUMMARY))
    site.put_page("/a/1", item(1)["title"], *BODY[:2], WALL)
    make_source(site)
    work(timezone.now())

    article = models.Article.objects.ready().get()
    assert (article.text_from, article.body) == ("page", "\n\n".join(BODY[:2]))
    assert article.page_error == walls.CUT


def test_a_wall_that_is_gone_a_day_later_leaves_the_whole_text(site, watchlist):  # noqa: F811
    site.put_feed("/feed", item(1, summary=SUMMARY))
    site.put_page("/a/1", item(1)["title"], BODY[0], WALL)
    make_source(site)
    work(timezone.now())
    site.put_page("/a/1", item(1)["title"], *BODY)
    work(after(hours=25))

    article = models.Article.objects.get()
    assert (article.text_from, article.body, article.page_error) == ("page", "\n\n".join(BODY), "")
    assert article.version == 2


def test_a_feeds_full_content_keeps_its_clutter_out_of_the_body(site, watchlist, client):  # noqa: F811
    clutter = ("서가온 기자 gaon@a.example", "▶ 채널 구독하기", "ⓒ 시험 신문 무단전재 및 재배포 금지")
    content = "".join(f"<p>{line}</p>" for line in (*BODY, *clutter))
    site.put_feed("/feed", item(1, summary=html.escape(content)))
    make_source(site, fetch_pages=False)
    work(timezone.now())

    article = models.Article.objects.ready().get()
    assert article.body == "\n\n".join(BODY)
    assert [region["text"] for region in article.feed_regions if region["kind"] != "body"] == list(clutter)
    client.force_login(factories.person())
    shown = client.get(f"/articles/{article.pk}/").content.decode()
    assert "무단전재" in shown
