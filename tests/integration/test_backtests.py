"""What a query would have found in past weeks, counted on a real PostgreSQL."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from alerts import backtest_reads, backtests, models
from alerts.matching import backtest
from articles import saved_searches
from newswatch.accounts.models import User
from tests import factories

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 20, 3, 0, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)


@pytest.fixture
def analyst() -> User:
    return factories.person("analyst")


def article(title, *, days=0.0, **fields):
    return factories.article(title, published_at=NOW - days * DAY - datetime.timedelta(minutes=1), **fields)


def ask(by, query="배터리", *, previous="", days=30, now=NOW):
    return backtests.ask(query, previous=previous, days=days, by=by, time_zone="Asia/Seoul", now=now)


def finished(job):
    while backtests.run(now=lambda: NOW):
        pass
    job.refresh_from_db()
    assert not job.is_under_way
    return backtest_reads.report(job)


def test_matches_are_counted_by_the_readers_days(analyst):
    article("배터리 하나", days=1)
    article("배터리 둘", days=1.4)  # In London it is the 18th still.
    article("배터리 셋", days=29)
    article("배터리 넷", days=31)
    article("반도체", days=1)
    report = finished(ask(analyst))
    assert report.matches == 3
    assert {day.date.isoformat(): day.matches for day in report.days if day.matches} == {
        "2026-11-19": 2,
        "2026-10-22": 1,
    }
    assert len(report.days) == 31


def test_many_parts_give_what_one_gives(analyst, monkeypatch):
    for number in range(25):
        article(f"{'배터리' if number % 2 else '전지'} {number}", days=number)
    whole = finished(ask(analyst, "배터리 OR 전지", previous="배터리"))
    models.Backtest.objects.all().delete()
    monkeypatch.setattr(backtests, "PART", 4)
    parts = finished(ask(analyst, "배터리 OR 전지", previous="배터리"))
    assert parts.job.done == parts.job.total == 25
    assert parts.job.result == whole.job.result
    assert (parts.matches, parts.gained.count, parts.lost.count) == (25, 13, 0)


def test_articles_of_one_instant_are_passed_once(analyst, monkeypatch):
    monkeypatch.setattr(backtests, "PART", 2)
    for number in range(7):
        article(f"배터리 {number}", days=2)
    report = finished(ask(analyst))
    assert (report.matches, report.job.done) == (7, 7)


def test_each_word_is_counted_with_and_without_the_others(analyst):
    for title in ("배터리", "배터리 전지", "전지", "전지 소식", "전지 시장", "전고체 배터리"):
        article(title, days=3)
    report = finished(ask(analyst, "배터리 OR 전지 OR 전고체"))
    assert [(word.text, word.matches, word.only) for word in report.words] == [
        ("전지", 4, 3),
        ("배터리", 3, 1),
        ("전고체", 1, 0),
    ]
    assert report.noisiest.text == "전지"
    assert report.words[0].without == "배터리 OR 전고체"


def test_a_tag_among_the_alternatives_is_counted_as_well(analyst):
    article("LG화학 소식", companies=["LG화학"])
    article("배터리 소식")
    report = finished(ask(analyst, "company:LG화학 OR 배터리 OR ~터리"))
    assert {word.text: (word.matches, word.only) for word in report.words} == {
        "company:LG화학": (1, 1),
        "배터리": (1, 0),
        "~터리": (1, 0),
    }
    assert [(named.name, named.count) for named in report.companies] == [("LG화학", 1)]


def test_a_story_is_one_mail_and_outlets_are_counted(analyst):
    first = article("배터리 공장", days=2)
    other = factories.article(
        "배터리 공장 착공",
        of=factories.source(factories.outlet("바다신문")),
        published_at=NOW - 1.9 * DAY,
    )
    factories.story(first, other)
    report = finished(ask(analyst))
    assert (report.matches, report.stories, report.mails) == (2, 1, 1)
    assert {named.name: named.count for named in report.outlets}["바다신문"] == 1
    assert sum(report.hours) == 1
    assert len(report.samples) == 1


def test_what_a_changed_query_gains_and_loses_is_told_with_samples(analyst):
    gained, lost = article("전지 소식", days=1), article("배터리 소식", days=1)
    article("배터리와 전지", days=2)
    report = finished(ask(analyst, "전지", previous="배터리"))
    assert (report.gained.count, [one.article.pk for one in report.gained.samples]) == (1, [gained.pk])
    assert (report.lost.count, [one.article.pk for one in report.lost.samples]) == (1, [lost.pk])
    assert any(piece.marks for piece in report.lost.samples[0].title)


def test_an_unchanged_query_has_no_difference(analyst):
    assert finished(ask(analyst, "배터리", previous="배터리")).gained is None


def test_the_last_days_of_a_query_are_those_before_each_article(analyst):
    article("배터리 소식", days=25)
    assert finished(ask(analyst, "배터리 published:7d")).matches == 1


def test_mails_beyond_the_newest_matches_are_said_to_be_unknown(analyst, monkeypatch):
    monkeypatch.setattr(backtest, "MOST_FINDS", 3)
    for number in range(6):
        article(f"배터리 {number}", days=number)
    report = finished(ask(analyst))
    assert (report.matches, report.mails) == (6, 3)
    assert report.mailed_since == NOW - 2 * DAY - datetime.timedelta(minutes=1)
    assert [day.mails for day in report.days][-4:] == [None, 1, 1, 1]


def test_asking_again_gives_the_same_count_and_asking_otherwise_drops_what_is_under_way(analyst):
    article("배터리")
    job = ask(analyst)
    assert ask(analyst, now=NOW + datetime.timedelta(minutes=1)).pk == job.pk
    other = ask(analyst, days=90)
    assert set(models.Backtest.objects.values_list("pk", flat=True)) == {other.pk}
    assert ask(factories.person("another"), days=90).pk != other.pk


def test_a_page_has_the_result_at_once_where_articles_are_few(analyst):
    article("배터리")
    job = backtests.wait_for(ask(analyst), now=timezone.now)
    assert not job.is_under_way
    assert backtest_reads.report(job).matches == 1


def test_a_page_leaves_what_takes_long_to_a_worker(analyst, monkeypatch):
    article("배터리")
    monkeypatch.setattr(backtests, "PAGE_STATEMENT_MS", 20)

    def slow(*_args):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(5)")

    with monkeypatch.context() as while_slow:
        while_slow.setattr(backtests, "count", slow)
        job = backtests.wait_for(ask(analyst), now=timezone.now)
    assert (job.is_under_way, job.attempts, job.done) == (True, 0, 0)
    assert finished(job).matches == 1


def test_a_part_that_workers_die_of_ends_the_count_and_says_so(analyst):
    article("배터리")
    job = ask(analyst)
    models.Backtest.objects.filter(pk=job.pk).update(attempts=5)
    report = finished(job)
    assert (report.job.failed, report.matches) == (1, 0)


def test_a_report_costs_the_same_however_much_was_found(analyst):
    counts = []
    for _ in range(2):
        for number in range(6):
            article(f"배터리 {number}", days=number, companies=["LG화학"])
        models.Backtest.objects.all().delete()
        job = ask(analyst, "배터리 OR 전지", previous="전지")
        backtests.run(now=lambda: NOW)
        job.refresh_from_db()
        with CaptureQueriesContext(connection) as captured:
            backtest_reads.report(job)
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 10


def test_a_saved_search_inside_a_query_is_the_askers_own(analyst):
    saved_searches.save(analyst, "전지", "전지 OR 이차전지", now=NOW)
    article("전지 시장", days=1)
    article("배터리 시장", days=1)
    report = finished(ask(analyst, 'search:"전지" OR 배터리'))
    assert report.matches == 2
    assert {word.text: word.only for word in report.words} == {"search:전지": 1, "배터리": 1}
    assert all(any(piece.marks for piece in sample.title) for sample in report.samples)
