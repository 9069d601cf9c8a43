"""Which articles tell the same story, and how a mail groups them."""

import datetime
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.matching import digest

MORNING = datetime.datetime(2026, 11, 20, 0, 0, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)


def telling(story=1, outlet="한빛일보", hours=0, title=""):
    return digest.Telling(story, title or f"{outlet}의 {hours}시 기사", outlet, MORNING + hours * HOUR)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("[속보] 한빛배터리, 북미 공장 착공", "한빛배터리 북미 공장 착공"),
        ("한빛배터리 “북미 공장 착공”", "한빛배터리 '북미공장 착공'(종합2보)"),
        ("Maker breaks ground in Arizona (Update 2)", "MAKER Breaks Ground in Arizona"),
        ("한빛배터리, 북미 공장 착공", "한빛배터리, 북미 공장 착공"),
    ],
)
def test_titles_that_differ_in_marks_and_punctuation_are_the_same_title(one, other):
    assert digest.title_key(one) == digest.title_key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("한빛배터리, 3분기 영업이익 12% 증가", "한빛배터리, 3분기 영업이익 13% 증가"),
        ("[인사] 한빛배터리 주식회사", "한빛배터리 주식회사"),
    ],
)
def test_a_number_or_a_heading_makes_another_title(one, other):
    assert digest.title_key(one) != digest.title_key(other)


def test_articles_of_one_story_tell_the_same_whatever_their_titles():
    assert digest.tell_the_same(telling(), telling(outlet="새벽신문", hours=200))
    assert not digest.tell_the_same(telling(), telling(2, outlet="새벽신문"))


def test_articles_that_were_never_placed_tell_nothing_the_same():
    assert not digest.tell_the_same(telling(None), telling(None, "새벽신문"))


def test_an_outlets_own_title_of_the_next_day_is_the_next_of_a_column():
    column = "오늘의 배터리 업계 소식"
    assert digest.tell_the_same(telling(title=column), telling(title=column, hours=11))
    assert not digest.tell_the_same(telling(title=column), telling(title=column, hours=24))
    assert digest.tell_the_same(telling(title=column), telling(outlet="새벽신문", title=column, hours=24))


def test_a_story_stays_told_while_something_comes_of_it_at_least_every_three_days():
    mailed, held = (telling(), True), (telling(outlet="새벽신문", hours=71), False)
    assert digest.is_told(telling(hours=71), [mailed])
    assert digest.is_told(telling(hours=142), [mailed, held])
    assert not digest.is_told(telling(hours=144), [mailed, held])


def test_a_story_of_which_nothing_was_mailed_is_not_told():
    assert not digest.is_told(telling(hours=1), [(telling(), False)])
    assert not digest.is_told(telling(hours=1), [(telling(2), True)])
    assert not digest.is_told(telling(hours=1), [])


def test_a_group_begins_with_who_told_it_first_and_the_newest_story_comes_first():
    late, first, other = (
        telling(outlet="나", hours=5),
        telling(outlet="가"),
        telling(2, hours=2),
    )
    assert digest.group_hits([late, other, first]) == [
        digest.Group(other, ()),
        digest.Group(first, (late,)),
    ]


@given(
    st.lists(
        st.builds(
            telling,
            st.sampled_from([1, 2, None]),
            st.sampled_from(["가", "나", "다"]),
            st.integers(0, 200),
            st.sampled_from(["한빛배터리, 북미 공장 착공", "새벽전자, 신형 로봇 공개", ""]),
        )
    ),
    st.randoms(use_true_random=False),
)
def test_every_hit_is_in_one_group_whatever_their_order(hits, order: random.Random):
    shuffled = order.sample(hits, len(hits))
    groups = digest.group_hits(shuffled)
    members = [hit for group in groups for hit in (group.first, *group.others)]
    assert sorted(members, key=str) == sorted(hits, key=str)
    assert all(digest.tell_the_same(group.first, other) for group in groups for other in group.others)


@given(st.text(max_size=1000))
def test_a_titles_key_is_never_long(title):
    assert len(digest.title_key(title)) <= digest.MOST_LETTERS
