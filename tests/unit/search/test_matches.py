"""One document against one query."""

import dataclasses
import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.search import edit, matches, query
from tests.unit.search import drawn

DOCUMENT = matches.SearchDocument(
    "1",
    title="LG, 인공지능을 말하다",
    text="LG전자는 생성형인공지능에 투자했다.\n\nIts R&D centre in the café is running C++ code.",
    author="김철수 기자",
    source="SBS Biz",
    url="https://news.example/LG",
    language="ko",
    companies=("LG", "LG전자"),
    themes=("AI",),
    published=datetime.datetime(2026, 3, 1, 15, tzinfo=datetime.UTC),
)
PREPARED = matches.prepare(DOCUMENT)
NOW = datetime.datetime(2026, 3, 5, tzinfo=datetime.UTC)


def spans(text: str) -> list[str] | None:
    """The pieces that a query marks, as field:text; None if it does not match."""
    match = matches.matches(query.parse_query(text), PREPARED, now=NOW)
    if match is None:
        return None
    return [f"{span.field}:{getattr(DOCUMENT, span.field)[span.start : span.end]}" for span in match.spans]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("인공지능", ["title:인공지능", "text:인공지능"]),
        ("LG", ["title:LG"]),
        ("body:인공지능", ["text:인공지능"]),
        ("lead:run OR title:LG", ["title:LG"]),
        ("body:run", ["text:running"]),
        ("cafe c++ r&d", ["text:R&D", "text:café", "text:C++"]),
        ('"R&D centre"', ["text:R&D", "text:centre"]),
        ("centre ONEAR/5 running", ["text:centre", "text:running"]),
        ("running NEAR/9 R&D", ["text:R&D", "text:running"]),
        ("생성*", ["text:생성형인공지능"]),
        ("~lg", ["title:LG", "text:LG"]),
        ("=LG전자는", ["text:LG전자는"]),
        ("author:철수", ["author:철수"]),
        ("source:sbs", ["source:SBS"]),
        ("url:lg", ["url:LG"]),
        ("company:lg전자", []),
        ("company:(SK OR LG)", []),
        ("theme:AI lang:ko", []),
        ("published:2026-03-02", []),
        ("published:7d", []),
        ("인공지능 -야구", ["title:인공지능", "text:인공지능"]),
        ("야구 OR 투자", ["text:투자"]),
        ("LG ~LG전자", ["title:LG", "text:LG전자"]),
    ],
)
def test_a_match_shows_what_made_it(text: str, pieces: list[str]):
    assert spans(text) == pieces


@pytest.mark.parametrize(
    "text",
    [
        "야구",
        "인공지능 야구",
        "투자 -LG",
        "title:투자",
        "lead:running",
        "title:LG전자",
        '"centre R&D"',
        "running ONEAR/9 centre",
        "centre NEAR/4 running",
        "말하다 NEAR/50 LG전자",
        "=인공지능",
        "company:SK",
        "company:LG화학",
        "theme:Bio",
        "lang:en",
        "source:=SBS",
        "published:2026-03-01",
        "published:3d",
        "-(LG OR 야구) 투자",
    ],
)
def test_a_document_does_not_match(text: str):
    assert spans(text) is None


def test_a_document_without_a_time_is_in_no_period():
    undated = matches.prepare(matches.SearchDocument("1", text="a"))
    assert matches.matches(query.parse_query("published:>2000"), undated) is None
    assert matches.matches(query.parse_query("a -published:>2000"), undated) is not None


def test_a_relative_period_needs_to_know_the_time():
    with pytest.raises(ValueError, match="needs the time"):
        matches.matches(query.parse_query("published:7d"), PREPARED)


def test_a_substring_in_wide_letters_is_shown_where_it_stands():
    document = matches.SearchDocument("1", title="ﬁ ＬＧ화학")
    match = matches.matches(query.parse_query("~lg화"), matches.prepare(document))
    assert match is not None
    assert [document.title[span.start : span.end] for span in match.spans] == ["ＬＧ화"]


@given(st.randoms(use_true_random=False))
def test_a_negated_query_matches_just_where_the_query_does_not(random):
    document = matches.prepare(drawn.draw_document(random))
    ast = drawn.draw_query(random)
    found = matches.matches(ast, document, now=drawn.NOW)
    assert (found is None) == (matches.matches(query.Not(ast), document, now=drawn.NOW) is not None)


@given(st.randoms(use_true_random=False))
def test_spans_lie_in_their_field_in_order_and_apart(random):
    document = drawn.draw_document(random)
    match = matches.matches(drawn.draw_query(random), matches.prepare(document), now=drawn.NOW)
    end: dict[str, int] = {}
    for span in match.spans if match else ():
        assert end.get(span.field, 0) <= span.start < span.end <= len(getattr(document, span.field))
        end[span.field] = span.end


@given(st.randoms(use_true_random=False))
def test_whether_a_document_matches_is_what_its_match_says(random):
    document, ast = drawn.draw_document(random), drawn.draw_query(random)
    match = matches.matches(ast, matches.prepare(document), context=drawn.CONTEXT)
    assert matches.holds(ast, matches.prepare(document), context=drawn.CONTEXT) == (match is not None)


@given(st.randoms(use_true_random=False))
def test_looking_at_the_words_asked_for_alone_shows_the_same(random):
    document = dataclasses.replace(drawn.draw_document(random), regions=())
    parts = list(edit.wanted(drawn.draw_query(random)))
    whole, narrow = matches.prepare(document), matches.prepare(document, asked=matches.asked(parts))
    for part in parts:
        found = matches.matches(part, whole, context=drawn.CONTEXT)
        assert matches.matches(part, narrow, context=drawn.CONTEXT) == found, query.canonical(part)
