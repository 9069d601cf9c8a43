"""What past weeks would have brought: which word brings what, which mails would have gone out."""

import dataclasses
import datetime
import json
import zoneinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.matching import backtest, policy
from articles.search import matches, query

MORNING = datetime.datetime(2026, 11, 20, 0, 0, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)
SEOUL = zoneinfo.ZoneInfo("Asia/Seoul")


def find(pk, *, story=None, hours=0.0, outlet="한빛일보", title=""):
    return backtest.Find(pk, story, outlet, MORNING + hours * HOUR, title or f"제목{pk}")


def parts(text):
    return [
        (word.text, query.canonical(word.without), query.canonical(word.alone))
        for word in backtest.words(query.parse_query(text))
    ]


def test_each_alternative_of_an_or_is_tried_without_and_alone():
    assert parts("(LG OR SK OR 삼성) 배터리") == [
        ("LG", "(SK OR 삼성) 배터리", "LG 배터리"),
        ("SK", "(LG OR 삼성) 배터리", "SK 배터리"),
        ("삼성", "(LG OR SK) 배터리", "삼성 배터리"),
    ]


def test_a_query_without_an_or_has_no_alternatives():
    assert parts("LG 배터리 -야구") == []


def test_what_is_excluded_brings_nothing_and_is_not_tried():
    assert [word for word, *_ in parts("LG -(야구 OR 축구) (투자 OR 인수)")] == ["투자", "인수"]


def test_ors_beside_near_and_inside_one_another_are_tried_too():
    assert parts("(투자 OR 인수) NEAR/3 LG")[0] == ("투자", "인수 NEAR/3 LG", "투자 NEAR/3 LG")
    nested = parts("수소 OR (전지 (LG OR SK))")
    assert nested[2] == ("LG", "수소 OR (전지 SK)", "수소 OR (전지 LG)")


def test_no_more_alternatives_are_tried_than_anybody_reads():
    many = " OR ".join(f"낱말{number}" for number in range(100))
    assert len(backtest.words(query.parse_query(many))) == backtest.MOST_WORDS


def test_the_alternative_that_only_it_brings_most_comes_first():
    tried = backtest.words(query.parse_query("LG OR SK OR 삼성"))
    rows = backtest.brought(tried, [[10, 2], [9, 8], [20, 2]])
    assert [(row.text, row.matches, row.only, row.without) for row in rows] == [
        ("SK", 9, 8, "LG OR 삼성"),
        ("삼성", 20, 2, "LG OR SK"),
        ("LG", 10, 2, "SK OR 삼성"),
    ]


@pytest.mark.parametrize("text", ["LG published:7d", "LG (투자 OR published:2w)", "LG -published:3d"])
def test_an_arriving_article_is_of_the_last_days_whatever_its_age_today(text):
    old = matches.prepare(matches.SearchDocument("1", "LG 투자", published=MORNING))
    fresh = MORNING + HOUR
    tree = query.parse_query(text)
    expected = matches.matches(tree, old, now=fresh) is not None
    found = matches.matches(backtest.at_arrival(tree), old, now=MORNING + 2000 * HOUR)
    assert (found is not None) == expected


def test_a_period_of_fixed_days_stays():
    tree = query.parse_query("LG published:2026-03")
    assert backtest.at_arrival(tree) == tree


def test_a_story_is_told_once_and_again_after_days_of_silence():
    finds = [find(1, story=1), find(2, story=1, hours=1, outlet="새벽신문"), find(3, story=1, hours=24 * 5)]
    assert [one.pk for one in backtest.told(reversed(finds))] == [1, 3]


def test_articles_without_a_story_are_told_one_by_one():
    assert [one.pk for one in backtest.told([find(1), find(2)])] == [1, 2]


def mails(finds, least_outlets=1, **wishes):
    tellings = backtest.told(finds, least_outlets=least_outlets)
    return backtest.mails(
        tellings, policy.Policy(zone=SEOUL, **wishes), is_day_off=lambda day: day.weekday() > 4
    )


def test_what_comes_together_is_one_mail():
    found = mails([find(1), find(2, hours=0.01), find(3, hours=2)])
    assert [(mail.at, mail.stories) for mail in found] == [(MORNING, 2), (MORNING + 2 * HOUR, 1)]


def test_a_daily_mail_collects_and_days_off_are_left_out():
    # 9:00 on a Friday in Seoul.
    finds = [find(number, hours=5 * number) for number in range(12)]
    daily = mails(finds, mode="daily", at_hour=8)
    assert [(mail.at.astimezone(SEOUL).strftime("%a %H"), mail.stories, mail.why) for mail in daily] == [
        ("Sat 08", 5, "digest"),
        ("Sun 08", 5, "digest"),
        ("Mon 08", 2, "digest"),
    ]
    working = mails(finds, mode="daily", at_hour=8, working_days_only=True)
    assert [mail.at.astimezone(SEOUL).strftime("%a %H") for mail in working] == ["Mon 08", "Mon 08"]
    assert sum(mail.stories for mail in working) == 12


def test_quiet_hours_hold_and_then_deliver():
    quiet = (datetime.time(8), datetime.time(12))
    assert [
        (mail.at, mail.stories, mail.why) for mail in mails([find(1), find(2, hours=1)], quiet=quiet)
    ] == [(MORNING + 3 * HOUR, 2, "quiet")]


def test_a_flood_becomes_a_digest():
    found = mails([find(number, hours=number / 30) for number in range(40)])
    assert {mail.stories for mail in found if not mail.why} == {1}
    assert sum(mail.stories for mail in found) == 40
    assert {mail.why for mail in found} == {"", "flood"}
    assert max(mail.stories for mail in found if mail.why) > 3


def test_a_story_is_told_when_enough_outlets_tell_it():
    finds = [find(1, story=1), find(2, story=1, hours=1), find(3, story=1, hours=2, outlet="바다신문")]
    assert [one.pk for one in backtest.told(finds, least_outlets=2)] == [3]
    assert backtest.told([find(4), find(5, outlet="바다신문")], least_outlets=2) == []


def test_samples_are_the_newest_of_different_stories():
    finds = [find(number, story=number // 2, hours=number) for number in range(20)]
    assert backtest.samples(finds) == [19, 17, 15, 13, 11]


@given(
    st.lists(st.tuples(st.integers(0, 5), st.floats(0, 500), st.sampled_from("가나다"))),
    st.lists(st.lists(st.integers(0, 9), min_size=2, max_size=2)),
)
def test_what_is_kept_between_two_parts_comes_back(rows, words):
    tally = backtest.Tally(words=words, gained=3, lost_articles=[1])
    for number, (story, hours, outlet) in enumerate(rows):
        tally.finds.append(find(number, story=story or None, hours=round(hours), outlet=outlet))
        tally.days[f"2026-11-{story:02}"] += 1
        tally.outlets[outlet] += 1
    again = backtest.Tally.from_json(json.loads(json.dumps(tally.to_json())))
    assert dataclasses.asdict(again) == dataclasses.asdict(tally)
    assert again.matches == len(rows)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 400)), max_size=60))
def test_every_story_is_told_and_nothing_is_mailed_twice(rows):
    finds = [find(number, story=story, hours=hours) for number, (story, hours) in enumerate(rows)]
    tellings = backtest.told(finds)
    assert {one.story for one in tellings} == {one.story for one in finds}
    assert len({one.pk for one in tellings}) == len(tellings)
    assert sum(mail.stories for mail in mails(finds, mode="weekly")) == len(tellings)
