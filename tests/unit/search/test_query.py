"""Reading queries, and writing them back."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.search import query, tokens
from articles.search.query import And, Attribute, Near, Not, Or, Phrase, Prefix, Published, Substring, Word
from tests.unit.search import drawn

A, B, C = Word("a"), Word("b"), Word("c")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a", A),
        ("a b", And((A, B))),
        ("a AND b & c 그리고 a", And((A, B, C, A))),
        ("a OR b | c", Or((A, B, C))),
        ("a 또는 b", Or((A, B))),
        ("a b OR c", Or((And((A, B)), C))),
        ("a (b OR c)", And((A, Or((B, C))))),
        ("((a) (b c))", And((A, B, C))),
        ("a -b !c", And((A, Not(B), Not(C)))),
        ("a NOT b 제외 c", And((A, Not(B), Not(C)))),
        ("a --b", And((A, B))),
        ("a -(b c)", And((A, Not(And((B, C)))))),
        ('"a b"', Phrase(("a", "b"))),
        ("“a b”", Phrase(("a", "b"))),
        ('"a"', A),
        ("COVID-19", Phrase(("COVID", "19"))),
        ("R&D C++", And((Word("R&D"), Word("C++")))),
        ("삼성&LG", And((Word("삼성"), Word("LG")))),
        ("a NEAR/5 b", Near(A, B, 5)),
        ("a ONEAR/5 b", Near(A, B, 5, ordered=True)),
        ("a NEAR b NEAR/2 c", Near(Near(A, B, query.USUAL_DISTANCE), C, 2)),
        ("(a OR b) NEAR/3 c", Near(Or((A, B)), C, 3)),
        ("-a NEAR/5 b c", And((Not(Near(A, B, 5)), C))),
        ("태양*", Prefix("태양")),
        ("~LG", Substring("LG")),
        ('body:~"a b"', Substring("a b", "body")),
        ("=LG", Word("LG", exact=True)),
        ('="a b"', Phrase(("a", "b"), exact=True)),
        ("title:a", Word("a", "title")),
        ("제목:a 본문:b", And((Word("a", "title"), Word("b", "body")))),
        ("Title: (a OR b)", Or((Word("a", "title"), Word("b", "title")))),
        ("title:(a -b)", And((Word("a", "title"), Not(Word("b", "title"))))),
        (
            'company:(LG화학 OR "LG에너지솔루션")',
            Or((Attribute("company", "LG화학", "is"), Attribute("company", "LG에너지솔루션", "is"))),
        ),
        ("기업:LG* 출처:=SBS", And((Attribute("company", "LG", "starts"), Attribute("source", "SBS", "is")))),
        ("url:https://a.b/c?d=1", Attribute("url", "https://a.b/c?d=1", "has")),
        ("언어:한국어", Attribute("lang", "ko", "is")),
        ("published:7d", Published(days=7)),
        ("published:2026-02", Published(datetime.date(2026, 2, 1), datetime.date(2026, 2, 28))),
        ("날짜:2026-01..", Published(datetime.date(2026, 1, 1), None)),
        ("date:<2026", Published(None, datetime.date(2025, 12, 31))),
        ('"OR" or', And((Word("OR"), Word("or")))),
        ("10:30", Phrase(("10", "30"))),
    ],
)
def test_a_query_is_read(text: str, tree: query.Query):
    assert query.parse_query(text) == tree


@pytest.mark.parametrize(
    ("text", "position", "hint"),
    [
        ("", 0, "empty"),
        ("   ", 3, "empty"),
        ("-a", 0, "only excludes"),
        ("a OR -b", 5, "only excludes"),
        ('a "b c', 2, "never closed"),
        ("a (b c", 2, "never closed"),
        ("a b)", 3, "closes nothing"),
        ("a ()", 3, "nothing before"),
        ("a OR", 4, "missing at the end"),
        ("OR a", 0, "two sides"),
        ("a AND AND b", 6, "two sides"),
        ("foo:a", 0, "no field"),
        ("a title:", 2, "needs a value"),
        ("title:company:a", 0, "needs a value"),
        ("title:(company:a)", 7, "inside the parentheses"),
        ("LG - 야구", 3, "must touch"),
        ("a NEAR/99 b", 2, "distance"),
        ("a NEAR/0 b", 2, "distance"),
        ("a NEAR company:b", 7, "NEAR stands between"),
        ("a NEAR (b c)", 7, "NEAR stands between"),
        ("a NEAR/50 b NEAR/50 c", 12, "too many combinations"),
        ("a*", 0, "at least 2"),
        ("~a", 1, "at least 2"),
        ("lead:~ab", 6, "lead"),
        ("*", 0, "no letter"),
        ("a …", 2, "no letter"),
        ("published:2026-13", 10, "no date"),
        ("published:2026-03..2026-01", 10, "no date"),
        ("published:99999d", 10, "no date"),
        ("(" * 21 + "a" + ")" * 21, 20, "deeper"),
        ("a " * 2000 + "b", 4000, "longer"),
        ("a " * 401, 800, "more than"),
    ],
)
def test_an_error_points_at_the_character_and_says_what_to_do(text: str, position: int, hint: str):
    with pytest.raises(query.QueryError, match=hint) as caught:
        query.parse_query(text)
    assert caught.value.position == position
    assert caught.value.template % caught.value.values == caught.value.message


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("a AND b", "a b"),
        ("a b | c", "(a b) OR c"),
        ("a NOT (b c)", "a -(b c)"),
        ("제목:(a OR b)", "title:a OR title:b"),
        ("a NEAR (b NEAR/2 c)", "a NEAR/10 (b NEAR/2 c)"),
        ('"OR" a', '"OR" a'),
        ("published:2026-03", "published:2026-03-01..2026-03-31"),
        ("published:2주", "published:14d"),
        ("기업:LG* 출처:=SBS", "company:LG* source:=SBS"),
    ],
)
def test_a_query_has_one_canonical_form(text: str, canonical: str):
    assert query.canonical(query.parse_query(text)) == canonical


@given(st.randoms(use_true_random=False))
def test_the_canonical_form_reads_as_the_same_query(random):
    ast = drawn.draw_query(random)
    assert query.parse_query(query.canonical(ast)) == ast


@given(st.text(max_size=60) | st.text(alphabet='ab가LG1-!=~"“()|&*: .OR/NEAR5', max_size=40))
def test_any_text_is_a_query_or_a_query_error(text: str):
    position, ast = read(text)
    assert (ast is None and 0 <= position <= len(text)) or query.parse_query(query.canonical(ast)) == ast


def read(text: str) -> tuple[int, query.Query | None]:
    """The query; if it is none, the position of the error."""
    try:
        return 0, query.parse_query(text)
    except query.QueryError as error:
        return error.position, None


def test_leaves_come_in_the_order_they_are_written():
    ast = query.parse_query("a (b OR -c) a NEAR/2 b")
    assert list(query.leaves(ast)) == [A, B, C, A, B]


def test_no_near_reaches_from_the_title_into_the_text():
    assert query.MOST_DISTANCE < tokens.FIELD_GAP
