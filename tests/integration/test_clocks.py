"""What one feed of a site gives away about its clock mends the quiet ones, and never one that shows itself right."""

import datetime

import pytest
from django.utils import timezone

from articles import models, pipeline
from articles.feeds import fetch
from tests import factories

pytestmark = pytest.mark.django_db

HOUR = datetime.timedelta(hours=1)
START = datetime.datetime(2026, 11, 20, 3, 0, tzinfo=datetime.UTC)


def show(source, at, *ahead, zone="Z"):
    """Have a source show entries of so many hours ahead of `at`, as it stamps them; their times as stored."""
    source = models.Source.objects.select_related("outlet").get(pk=source.pk)
    items = ""
    for hours in ahead:
        stamp = at + hours * HOUR
        path = f"{source.pk}/{stamp:%d%H%M}"
        items += (
            f"<item><link>http://127.0.0.1/{path}</link><title>{path}</title>"
            f"<pubDate>{stamp:%Y-%m-%dT%H:%M:%S}{zone}</pubDate></item>"
        )
    body = f'<rss version="2.0"><channel><title>t</title>{items}</channel></rss>'.encode()
    answer = fetch.Response(url=source.url, final_url=source.url, status=200, body=body)
    pipeline.receive(source, answer, now=at, ring=lambda task: None)
    found = models.Article.objects.filter(source=source).order_by("-published_at")
    return [(article.published_at - at) / HOUR for article in found]


@pytest.fixture
def loud():
    """A source that has given its habit away."""
    source = factories.source(time_zone="Asia/Seoul")
    assert show(source, START, 8.5, 7, -2) == [-0.5, -2, -11]
    return source


def test_a_quiet_section_is_mended_by_what_its_sibling_gave_away(loud):
    quiet = factories.source(time_zone="Asia/Seoul")
    assert show(quiet, START + HOUR / 10, -1, -20) == [-10, -29]
    quiet.refresh_from_db()
    assert not quiet.wall_clock_as_utc


def test_a_sibling_on_another_host_or_of_another_outlet_is_left_alone(loud):
    elsewhere = factories.source(time_zone="Asia/Seoul", url="http://english.example/feed")
    stranger = factories.source(factories.outlet("다른 신문"), time_zone="Asia/Seoul")
    assert show(elsewhere, START, -1) == [-1]
    assert show(stranger, START, -1) == [-1]


def test_a_sibling_that_names_its_zone_is_left_alone(loud):
    assert show(factories.source(time_zone="Asia/Seoul"), START, -1, zone="+00:30") == [-1.5]


def test_a_sibling_that_published_in_true_utc_while_we_watched_is_left_alone_for_ever(loud):
    models.Outlet.objects.update(wall_clock_hosts=[])
    right = factories.source(time_zone="Asia/Seoul")
    show(right, START, -1)
    show(right, START + HOUR, -1.5, -0.1)
    models.Outlet.objects.update(wall_clock_hosts=[fetch.host_of(right.url)])
    later = START + 30 * HOUR
    assert show(right, later, -2)[0] == -2


def test_a_truthful_sibling_that_was_shifted_is_believed_from_its_first_news_on(loud):
    right = factories.source(time_zone="Asia/Seoul")
    assert show(right, START, -1) == [-10]
    at = timezone.now().replace(second=0, microsecond=0)
    models.Source.objects.filter(pk=right.pk).update(last_success_at=at - HOUR / 5)
    assert show(right, at, -0.1)[0] == -0.1
