"""What the index is asked for a query, and what is left to look at."""

import datetime

import pytest

from articles.search import needed, query
from articles.search.context import Context

NOW = datetime.datetime(2026, 11, 20, 3, tzinfo=datetime.UTC)


def plan(text: str) -> needed.Plan:
    return needed.plan(query.parse_query(text), Context(NOW))


def test_words_are_all_that_is_needed():
    for text in ("LG", "LG 배터리", "LG OR SK", "LG -야구", "제주*", "title:수소", "=LG (수소 OR 태양광)"):
        assert plan(text).tsquery, text
        assert plan(text).rest is None, text


def test_the_words_of_a_phrase_and_of_near_are_needed_and_their_order_is_looked_at():
    for text in ('"재생 에너지"', "투자 NEAR/5 바이오"):
        found = plan(text)
        assert "&" in found.tsquery
        assert "<" not in found.tsquery
        assert found.rest == query.parse_query(text)


def test_what_the_index_cannot_see_is_looked_at_in_what_it_gives():
    found = plan("LG ~화학 author:김")
    assert found.tsquery == plan("LG").tsquery
    assert found.rest == query.parse_query("~화학 author:김")


def test_a_query_that_one_side_of_an_or_can_match_without_words_needs_none():
    assert plan("LG OR ~화학").tsquery == ""
    assert plan("LG OR ~화학").rest == query.parse_query("LG OR ~화학")


def test_what_must_not_be_there_alone_narrows_nothing():
    found = plan("~화학 -LG")
    assert found.tsquery == ""
    assert found.rest == query.parse_query("~화학 -LG")


def test_a_phrase_that_must_not_be_there_is_looked_at():
    found = plan('LG -"재생 에너지"')
    assert found.tsquery == plan("LG").tsquery
    assert found.rest == query.parse_query('LG -"재생 에너지"').children[1]


def test_a_period_is_no_condition_but_a_period():
    found = plan("LG published:2026-03")
    assert found.rest is None
    assert (found.begin, found.end) == (
        datetime.datetime(2026, 2, 28, 15, tzinfo=datetime.UTC),
        datetime.datetime(2026, 3, 31, 15, tzinfo=datetime.UTC),
    )


def test_periods_narrow_each_other():
    found = plan("LG published:2026 published:2026-03..")
    assert found.begin == datetime.datetime(2026, 2, 28, 15, tzinfo=datetime.UTC)
    assert found.end == datetime.datetime(2026, 12, 31, 15, tzinfo=datetime.UTC)


def test_the_sides_of_an_or_are_looked_for_in_the_period_around_theirs():
    found = plan("LG (published:2026-01 OR published:2026-03)")
    assert found.end - found.begin == datetime.timedelta(days=31 + 28 + 31)
    assert found.rest == query.parse_query("published:2026-01 OR published:2026-03")


def test_a_side_without_a_period_leaves_it_open():
    assert plan("(LG published:2026-01) OR SK").begin is None
    assert plan("-published:2026-01 LG").end is None


def test_a_period_that_depends_on_the_time_needs_it():
    with pytest.raises(ValueError, match="7d"):
        needed.plan(query.parse_query("LG published:7d"), Context())
