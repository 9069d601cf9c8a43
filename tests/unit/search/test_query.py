"""Reading queries, and writing them back."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.search import periods, query, tokens
from articles.search.query import (
    And,
    AtLeast,
    Attribute,
    Measure,
    Near,
    Not,
    Or,
    Phrase,
    Prefix,
    Regex,
    Saved,
    Sentence,
    Substring,
    When,
    Word,
)
from tests.unit.search import drawn

A, B, C = Word("a"), Word("b"), Word("c")
COMPANY_B, URL_B = Attribute("company", "b", "is"), Attribute("url", "b", "has")
FEBRUARY = periods.Span(datetime.date(2026, 2, 1), datetime.date(2026, 2, 28))
LAST_WEEK, FIRST_HALF = periods.Named("week", -1), periods.Named("year", 0, "h1")


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
        ("published:7d", When("published", periods.Rolling(7))),
        ("published:2026-02", When("published", FEBRUARY)),
        ("날짜:2026-01..", When("published", periods.Span(datetime.date(2026, 1, 1), None))),
        ("date:<2026", When("published", periods.Span(None, datetime.date(2025, 12, 31)))),
        ("after:2026-01-01", When("published", periods.Span(datetime.date(2026, 1, 1), None))),
        ("before:2026", When("published", periods.Span(None, datetime.date(2025, 12, 31)))),
        ("seen:지난주 a", And((When("seen", periods.Span(LAST_WEEK, LAST_WEEK)), A))),
        ("published:올해 상반기 a", And((When("published", periods.Span(FIRST_HALF, FIRST_HALF)), A))),
        ("event:last 3 months", When("event", periods.Rolling(3, "m"))),
        ("a near/5 b", Near(A, B, 5)),
        ("a W/5 b PRE/2 c", Near(Near(A, B, 5), C, 2, ordered=True)),
        ("a AROUND(5) b", Near(A, B, 5)),
        ("intitle:a inurl:b site:c.kr", And((Word("a", "title"), URL_B, Attribute("url", "c.kr", "has")))),
        ("+a +b AND NOT c", And((A, B, Not(C)))),
        ("「a b」 ‘a b’ «a b»", And((Phrase(("a", "b")),) * 3)),
        ("it’s", Phrase(("it", "s"))),
        ("ATLEAST/3 a", AtLeast(3, A)),
        ("atleast/3 (a OR b)", AtLeast(3, Or((A, B)))),
        ("최소/2 title:a", AtLeast(2, Word("a", "title"))),
        ("SENTENCE(a b)", Sentence(And((A, B)))),
        ("문장(a (b OR c) -b)", Sentence(And((A, Or((B, C)), Not(B))))),
        ("문장 (a)", And((Word("문장"), A))),
        ("/a b/i", Regex("a b", "i")),
        ("title:/a[/]\\/b/", Regex("a[/]\\/b", "", "title")),
        ("url:/a/b", Attribute("url", "/a/b", "has")),
        ("company:LG+", Attribute("company", "LG", "group")),
        ('company:"LG Chem"+ a', And((Attribute("company", "LG Chem", "group"), A))),
        ('company:"Disney+"', Attribute("company", "Disney+", "is")),
        ("영역:사진설명", Attribute("region", "caption", "is")),
        ("region:caption(a -b)", And((Word("a", "region:caption"), Not(Word("b", "region:caption"))))),
        ("region:(a) region:body(b)", And((Word("a", "region:"), Word("b", "body")))),
        ("is:안읽음 has:사건", And((Attribute("is", "unread", "is"), Attribute("has", "event", "is")))),
        ("story:007", Attribute("story", "7", "is")),
        ("outlets:>=5", Measure("outlets", ">=", 5.0)),
        ("매체수:5+", Measure("outlets", ">=", 5.0)),
        ("outlets:2..5", And((Measure("outlets", ">=", 2.0), Measure("outlets", "<=", 5.0)))),
        ("confidence:>80%", Measure("confidence", ">", 0.8)),
        ("company:b confidence:>0.8", And((COMPANY_B, Measure("confidence", ">", 0.8, ((COMPANY_B,),))))),
        ('search:"내 검색"', Saved("내 검색")),
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
        ("a te?t", 4, "stands for no letter"),
        ("*전자", 0, "end of a word"),
        ("LG*화학", 2, "end of a word"),
        ("a roam~0.8", 6, "Similar spellings"),
        ("a^3", 1, "no weights"),
        ('"a b"~5', 5, "a NEAR/5 b"),
        ('"a b*"', 0, "quotation marks"),
        ("a /b", 2, "never closed"),
        ("a /b(?=c)/", 4, "looks ahead"),
        ("a /(b)\\1/", 6, "refer back"),
        ("a /b*/", 3, "found in every text"),
        ("a /b/x", 5, "only “i”"),
        ("lead:/a/", 5, "title and the body only"),
        ("author:/a/", 0, "needs a value"),
        ("author:(/a/)", 8, "title and the body only"),
        ("ATLEAST/0 a", 0, "from 1 to"),
        ("ATLEAST/3 company:a", 10, "ATLEAST counts"),
        ("SENTENCE(a company:b)", 0, "SENTENCE holds"),
        ("SENTENCE(a -(-b -c))", 0, "only excludes"),
        ("SENTENCE(-a)", 0, "only excludes"),
        ("a NEAR/3 region:(b)", 2, "one place"),
        ("region:foo", 7, "no kind of region"),
        ("region:caption(~ab)", 16, "a region"),
        ("is:foo", 3, "no value"),
        ("story:x", 6, "by its number"),
        ("outlets:many", 8, "no number"),
        ("outlets:50%", 8, "no number"),
        ("lang:~ko", 6, "means nothing in the field"),
        ("published:next", 10, "no date"),
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
        ("published:지난 분기", "published:last-quarter"),
        ("published:재작년 하반기", "published:year-2-h2"),
        ("published:>지난주", "published:this-week.."),
        ("region:caption(a b)", "region:caption(a) region:caption(b)"),
        ('company:"LG Chem"+', 'company:"LG Chem"+'),
        ("문장(a OR b)", "SENTENCE(a OR b)"),
        ("-ATLEAST/2 (a NEAR/3 b) c", "-ATLEAST/2 (a NEAR/3 b) c"),
        ("confidence:33%", "confidence:0.33"),
        ("/A/i", "/A/i"),
        ("기업:LG* 출처:=SBS", "company:LG* source:=SBS"),
    ],
)
def test_a_query_has_one_canonical_form(text: str, canonical: str):
    assert query.canonical(query.parse_query(text)) == canonical


@given(st.randoms(use_true_random=False))
def test_the_canonical_form_reads_as_the_same_query(random):
    ast = drawn.draw_query(random)
    assert query.parse_query(query.canonical(ast)) == ast


@given(st.text(max_size=60) | st.text(alphabet='ab가LG1-!=~"“()|&*: .OR/NEAR5[]{}\\+?^$「」‘’', max_size=40))
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
