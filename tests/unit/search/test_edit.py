"""What a page adds to a query and takes from it, and what stands open while it is typed."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.search import edit, query

LG = edit.tagged("company", "LG화학")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("배터리", "배터리 company:LG화학"),
        ("배터리 또는 전지", "(배터리 또는 전지) company:LG화학"),
        ("제목:(수소 OR 태양광)", "(제목:(수소 OR 태양광)) company:LG화학"),
        ("배터리 company:LG화학", "배터리 company:LG화학"),
        ("배터리 -야구 ", "배터리 -야구 company:LG화학"),
        ("투자 NEAR/5 바이오", "투자 NEAR/5 바이오 company:LG화학"),
    ],
)
def test_one_thing_more_leaves_what_was_typed(text: str, expected: str):
    added = edit.with_part(text, LG)
    assert added == expected
    assert edit.has_part(query.parse_query(added), LG)


def test_a_period_takes_the_place_of_the_one_before():
    days = edit.within(datetime.date(2026, 3, 1), datetime.date(2026, 3, 31))
    assert edit.with_part("배터리 published:7d", days) == "배터리 published:2026-03-01..2026-03-31"
    assert edit.with_part("published:7d", days) == "published:2026-03-01..2026-03-31"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("배터리 company:LG화학", "배터리"),
        ("company:LG화학", ""),
        ("-배터리 company:LG화학", ""),
        ("(배터리 OR 전지) company:LG화학", "배터리 OR 전지"),
        ("배터리", "배터리"),
    ],
)
def test_one_thing_less_is_a_query_or_nothing(text: str, expected: str):
    assert edit.without_part(text, LG) == expected


def test_what_is_excluded_is_not_wanted():
    tree = query.parse_query("(배터리 OR 전지) -야구 title:LG")
    assert [query.canonical(part) for part in edit.wanted(tree)] == ["배터리", "전지", "title:LG"]


@given(st.text(min_size=1, max_size=30))
def test_any_name_can_be_asked_for(name: str):
    part = edit.tagged("source", name)
    if not part.value or not part.value.isprintable():
        return
    try:
        added = edit.with_part("배터리", part)
        tree = query.parse_query(added)
    except query.QueryError:
        # A name of signs alone has nothing to be searched for.
        return
    assert edit.has_part(tree, part)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("배터리 comp", ("배터리 ", "", "comp")),
        ("배터리 -삼", ("배터리 -", "", "삼")),
        ("(삼", ("(", "", "삼")),
        ("company:", ("", "company", "")),
        ('배터리 company:"LG 화', ("배터리 ", "company", "LG 화")),
        ("theme:b", ("", "theme", "b")),
    ],
)
def test_what_is_being_typed(text: str, expected: tuple[str, str, str]):
    assert edit.being_typed(text) == edit.Open(*expected)


@pytest.mark.parametrize("text", ["", "배터리 ", '"삼성 ', '"삼성"', "(배터리)"])
def test_nothing_is_being_typed(text: str):
    assert edit.being_typed(text) is None
