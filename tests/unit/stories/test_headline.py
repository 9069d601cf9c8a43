"""Whose headline stands for a story, and why."""

import datetime
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.stories import headline

MORNING = datetime.datetime(2026, 11, 20, tzinfo=datetime.UTC)
PLAIN = "한빛배터리, 북미 공장 착공"


def candidate(id=1, title=PLAIN, hours=0, *, is_full=True, is_copy=False):
    at = MORNING + datetime.timedelta(hours=hours)
    return headline.Candidate(id, title, at, is_full=is_full, is_copy=is_copy)


def test_a_story_of_one_article_has_its_headline():
    assert headline.choose([candidate(7, "[속보] 왜?")]) == headline.Choice(7, "only")


def test_the_earliest_original_with_its_own_text_and_a_plain_title_is_chosen():
    chosen = headline.choose(
        [
            candidate(1, f"[속보] {PLAIN}"),
            candidate(2, hours=1, is_full=False),
            candidate(3, hours=2, is_copy=True),
            candidate(4, hours=3),
            candidate(5, hours=4),
        ]
    )
    assert chosen == headline.Choice(4, "original")


def test_without_an_original_text_the_earliest_plain_title_is_chosen():
    rows = [
        candidate(1, "한빛배터리에 무슨 일이?"),
        candidate(2, hours=1, is_full=False),
        candidate(3, hours=2, is_copy=True),
    ]
    assert headline.choose(rows) == headline.Choice(2, "plain")


def test_without_a_plain_title_the_earliest_is_chosen():
    rows = [candidate(2, f"[단독] {PLAIN}", 1), candidate(1, f"[속보] {PLAIN}")]
    assert headline.choose(rows) == headline.Choice(1, "earliest")


def test_a_story_without_articles_has_no_headline():
    with pytest.raises(ValueError, match="without articles"):
        headline.choose([])


@pytest.mark.parametrize(
    "title",
    [
        PLAIN,
        "LG Energy breaks ground in Arizona",
        "한빛배터리(주), 3분기 이익 12%↑",
        "“공장 짓는다”… 한빛배터리, 북미행",
    ],
)
def test_titles_that_tell_what_happened_are_plain(title):
    assert headline.is_plain(title)


@pytest.mark.parametrize(
    "title",
    [
        "",
        "  ",
        f"[속보] {PLAIN}",
        f"(종합) {PLAIN}",
        f"{PLAIN}(종합2보)",
        f"{PLAIN} [2보]",
        "한빛배터리, 북미로 간 이유는",
        "한빛배터리가 북미에 공장을?",
        "충격! 한빛배터리의 결정",
        "한빛배터리, 알고 보니…",
        "Here's why the maker chose Arizona",
        "You won't believe where the plant is",
    ],
)
def test_titles_that_are_marked_or_make_curious_are_not_plain(title):
    assert not headline.is_plain(title)


@given(
    st.lists(
        st.builds(
            candidate,
            st.integers(1, 10**6),
            st.sampled_from([PLAIN, "[속보] 공장", "왜?", ""]),
            st.integers(0, 48),
            is_full=st.booleans(),
            is_copy=st.booleans(),
        ),
        min_size=1,
        unique_by=lambda one: one.id,
    ),
    st.randoms(use_true_random=False),
)
def test_the_order_of_the_articles_means_nothing(rows, order: random.Random):
    assert headline.choose(order.sample(rows, len(rows))) == headline.choose(rows)


@given(st.text())
def test_any_title_can_be_judged(title):
    assert headline.is_plain(title) in (True, False)
