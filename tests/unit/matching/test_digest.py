"""Which articles tell the same story, and how a mail groups them."""

import datetime
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.matching import digest

MORNING = datetime.datetime(2026, 11, 20, 0, 0, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)


def telling(title="한빛배터리, 북미 공장 착공", outlet="한빛일보", hours=0):
    return digest.Telling(digest.story_key(title), outlet, MORNING + hours * HOUR)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("[속보] 한빛배터리, 북미 공장 착공", "한빛배터리 북미 공장 착공"),
        ("한빛배터리 “북미 공장 착공”", "한빛배터리 '북미공장 착공'(종합2보)"),
        ("Maker breaks ground in Arizona (Update 2)", "MAKER Breaks Ground in Arizona"),
        ("한빛배터리, 북미 공장 착공", "한빛배터리, 북미 공장 착공"),
    ],
)
def test_titles_that_differ_in_marks_and_punctuation_are_one_story(one, other):
    assert digest.story_key(one) == digest.story_key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("한빛배터리, 3분기 영업이익 12% 증가", "한빛배터리, 3분기 영업이익 13% 증가"),
        ("[인사] 한빛배터리 주식회사", "한빛배터리 주식회사"),
    ],
)
def test_a_number_or_a_heading_makes_another_story(one, other):
    assert digest.story_key(one) != digest.story_key(other)


@pytest.mark.parametrize("title", ["", "[속보]", "오늘의 운세", "…!?", "[TV 표]"])
def test_a_title_of_few_letters_tells_no_story(title):
    assert digest.story_key(title) == ""
    assert not digest.tell_the_same(telling(title), telling(title, "새벽신문"))


def test_another_outlet_tells_the_same_story_for_three_days():
    assert digest.tell_the_same(telling(), telling(outlet="새벽신문", hours=71))
    assert not digest.tell_the_same(telling(), telling(outlet="새벽신문", hours=73))


def test_an_outlets_own_title_of_the_next_day_is_another_story():
    assert digest.tell_the_same(telling(), telling(hours=11))
    assert not digest.tell_the_same(telling(), telling(hours=24))


def test_a_group_begins_with_who_told_it_first_and_the_newest_story_comes_first():
    late, first, other = (
        telling(outlet="나", hours=5),
        telling(outlet="가"),
        telling("다른 기사의 긴 제목", hours=2),
    )
    assert digest.group_hits([late, other, first]) == [
        digest.Group(other, ()),
        digest.Group(first, (late,)),
    ]


@given(
    st.lists(
        st.builds(
            telling,
            st.sampled_from(["한빛배터리, 북미 공장 착공", "새벽전자, 신형 로봇 공개", "짧다", ""]),
            st.sampled_from(["가", "나", "다"]),
            st.integers(0, 200),
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


@given(st.text(max_size=300))
def test_any_text_has_a_key_that_fits_its_column(title):
    assert len(digest.story_key(title)) <= digest.MOST_LETTERS
