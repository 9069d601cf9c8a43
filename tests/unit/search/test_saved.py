"""Saved searches inside queries."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.search import query, saved
from articles.search.context import Context
from tests.unit.search import drawn


def read(text: str, **searches: str) -> str:
    return query.canonical(saved.read(text, Context(saved=searches)))


def test_a_saved_search_stands_for_its_query():
    assert read("가 search:나", 나="다 OR 라") == "가 (다 OR 라)"
    assert read('-search:"나" 가', 나="다 -라") == "-(다 -라) 가"


def test_saved_searches_may_name_others_and_one_twice():
    assert read("search:가", 가="search:나 OR (search:나 x)", 나="다") == "다 OR (다 x)"


@pytest.mark.parametrize(
    ("text", "position", "hint"),
    [
        ("x search:none", 9, "no saved search “none”"),
        ("x search:lost", 9, "no saved search “none”"),
        ("x OR search:loop", 12, "“loop” refers to itself"),
        ("search:outer", 7, "“loop” refers to itself"),
        ("x search:bad", 9, "“bad” can’t be read: This parenthesis is never closed"),
    ],
)
def test_an_error_points_at_the_name_in_the_query_itself(text: str, position: int, hint: str):
    searches = {"loop": "search:turn", "turn": "a search:loop", "outer": "search:loop", "bad": "(a"}
    with pytest.raises(query.QueryError, match=hint) as caught:
        saved.expand(query.parse_query(text), searches | {"lost": "search:none"})
    assert caught.value.position == position
    assert caught.value.template % caught.value.values == caught.value.message


def test_saved_searches_that_grow_without_end_are_refused():
    searches = {str(n): f"search:{n + 1} (search:{n + 1} OR x)" for n in range(19)} | {"19": "a b"}
    with pytest.raises(query.QueryError, match="longer than"):
        saved.expand(query.parse_query("search:0"), searches)


def test_the_names_that_a_query_mentions_are_known_before_it_is_expanded():
    ast = query.parse_query('a (search:b OR -search:"c d")')
    assert saved.names(ast) == {"b", "c d"}
    assert query.canonical(ast) == 'a (search:b OR -search:"c d")'


@given(st.randoms(use_true_random=False))
def test_a_query_put_in_place_is_the_query(random):
    inner, outer = drawn.draw_query(random), drawn.draw_query(random)
    text = query.canonical(inner)
    both = query.conjunction([outer, query.disjunction([query.Saved("it"), query.Word("x")])])
    expected = query.conjunction([outer, query.disjunction([inner, query.Word("x")])])
    assert saved.expand(both, {"it": text}) == expected


def test_the_case_of_a_name_does_not_count():
    assert saved.expand(query.parse_query('search:"배터리 LG"'), {"배터리 lg": "전고체"}) == query.Word(
        "전고체"
    )
    with pytest.raises(query.QueryError, match="itself"):
        saved.expand(query.parse_query("search:a"), {"A": "search:a"})
