"""Pages of results: the newest articles, or stories, that pass filters, found step by step back in time."""

import dataclasses
import datetime
import zoneinfo
from collections import Counter
from random import Random

import pytest

from articles import filters, models, reads, searching, story_reads
from articles.search.context import Context
from tests import factories

pytestmark = pytest.mark.django_db
NOW = factories.NOW
CONTEXT = Context(NOW)


@pytest.fixture
def news() -> list[models.Article]:
    """Articles of two years, many of today; every third one is of a story of up to six."""
    random = Random(1)
    feeds = [factories.source(factories.outlet(name)) for name in ("한빛일보", "대한경제")]
    rows: list[models.Article] = []
    for number in range(60):
        days = random.choice([0, 0, 0.1, 1, 2, 9, 30, 90, 400, 730]) + random.choice([0, 0.01])
        rows.append(
            factories.article(
                f"{'수소 ' if number % 2 else ''}{'배터리' if number % 3 else '재생 에너지'} {number}",
                companies=["가온전자"] if number % 4 == 0 else [],
                themes=["Cleantech"] if number % 5 == 0 else [],
                language="en" if number % 7 == 0 else "ko",
                of=random.choice(feeds),
                published_at=NOW - datetime.timedelta(days=days),
            )
        )
    for start in range(0, 60, 15):
        factories.story(*sorted(rows[start : start + 6], key=lambda row: row.published_at))
    return rows


WANTED = (
    filters.Filters(query="수소"),
    filters.Filters(query='"재생 에너지"'),
    filters.Filters(query="수소 -배터리 OR 재생 NEAR/3 에너지"),
    filters.Filters(query="company:가온전자 published:2026-01.."),
    filters.Filters(query="배터리 ~수소"),
    filters.Filters(query="source:한빛 lang:ko 배터리"),
    filters.Filters(query="없는말"),
    filters.Filters(query="company:없는회사 OR 수소"),
    filters.Filters(language="en"),
    filters.Filters(query="수소", since=datetime.date(2026, 11, 1), until=datetime.date(2026, 11, 19)),
)


def expected(wanted: filters.Filters) -> list[int]:
    """By one statement over all articles."""
    found = reads.going_on(reads.narrowed(wanted, now=NOW), None)
    return list(found.values_list("pk", flat=True))


@pytest.mark.parametrize("wanted", WANTED, ids=lambda wanted: wanted.parameters())
def test_pages_of_articles_hold_each_found_article_once_newest_first(
    news: list[models.Article], wanted: filters.Filters
):
    shown, before = [], None
    for _ in range(60):
        page = reads.timeline(wanted, now=NOW, before=before, size=4)
        shown += [row.pk for day in page.days for row in day.rows]
        before = page.older
        if before is None:
            break
    assert shown == expected(wanted)


@pytest.mark.parametrize("wanted", WANTED, ids=lambda wanted: wanted.parameters())
def test_pages_of_stories_hold_each_story_once_where_its_newest_found_article_stands(
    news: list[models.Article], wanted: filters.Filters
):
    shown, before = [], None
    for _ in range(60):
        page = story_reads.timeline(wanted, now=NOW, before=before, size=3)
        shown += [line.newest.pk for day in page.timeline.days for line in day.rows]
        before = page.timeline.older
        if before is None:
            break
    standing = story_reads._standing(wanted, now=NOW)
    assert shown == list(reads.going_on(standing, None).values_list("pk", flat=True))


def test_a_filter_finds_what_its_tag_says(news: list[models.Article]):
    company, theme = factories.company("가온전자"), factories.theme("Cleantech")
    wanted = filters.Filters(companies=(company,), themes=(theme,), query="수소 OR 배터리")
    found = searching.search(wanted, context=CONTEXT)
    pks = [pk for _, pk in searching.newest(found, before=None, most=100)]
    assert pks == expected(wanted)
    assert set(pks) <= set(company.tags.values_list("article", flat=True))


def test_a_part_of_a_theme_is_looked_for_in_its_tags(news: list[models.Article]):
    theme = factories.theme("Cleantech")
    some = theme.tags.order_by("pk")[:3]
    models.ThemeTag.objects.filter(pk__in=[tag.pk for tag in some]).update(subthemes=["수소"])
    wanted = filters.Filters(themes=(theme,), subtheme="수소")
    found = searching.search(wanted, context=CONTEXT)
    pks = {pk for _, pk in searching.newest(found, before=None, most=100)}
    assert pks == {tag.article_id for tag in some}


def test_what_words_and_labels_do_not_narrow_is_no_search():
    assert searching.search(filters.Filters(), context=CONTEXT) is None
    assert searching.search(filters.Filters(query="~수소"), context=CONTEXT) is None
    assert searching.search(filters.Filters(since=NOW.date()), context=CONTEXT) is None


def test_stories_that_came_after_the_first_page_are_not_in_those_after_it(news: list[models.Article]):
    wanted = filters.Filters(query="수소 OR 배터리 OR 재생")
    first = story_reads.timeline(wanted, now=NOW, size=3)
    late = factories.article("수소 늦게", published_at=first.timeline.older.published_at)
    late.published_at -= datetime.timedelta(hours=1)
    late.save()
    factories.index(late)
    factories.story(late)
    second = story_reads.timeline(wanted, now=NOW, before=first.timeline.older, size=100)
    assert late.pk not in [line.newest.pk for day in second.timeline.days for line in day.rows]
    fresh = dataclasses.replace(first.timeline.older, seen=None)
    again = story_reads.timeline(wanted, now=NOW, before=fresh, size=100)
    assert late.pk in [line.newest.pk for day in again.timeline.days for line in day.rows]


def test_a_name_that_very_many_rows_have_is_looked_for_among_them(news: list[models.Article]):
    models.Outlet.objects.bulk_create(models.Outlet(name=f"일보 {number}") for number in range(120))
    wanted = filters.Filters(query="source:일보 배터리")
    found = searching.search(wanted, context=CONTEXT)
    assert "articles_outlet" in found.sql
    assert [pk for _, pk in searching.newest(found, before=None, most=100)] == expected(wanted)


@pytest.mark.parametrize("wanted", WANTED, ids=lambda wanted: wanted.parameters())
@pytest.mark.parametrize("most", [None, 1, 5])
def test_days_are_counted_whole_and_back_as_far_as_is_told(
    news: list[models.Article], wanted: filters.Filters, most: int | None
):
    found = searching.search(wanted, context=CONTEXT)
    if found is None:
        return
    zone = zoneinfo.ZoneInfo("Asia/Seoul")
    made = searching.counted(found, zone=zone, most=most)
    at = dict(models.Article.objects.values_list("pk", "published_at"))
    days = Counter(at[pk].astimezone(zone).date() for pk in expected(wanted))
    assert made.days == {day: n for day, n in days.items() if made.since is None or day >= made.since}
    assert most is not None or made.since is None
