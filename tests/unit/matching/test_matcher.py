"""All alerts at once give what each alert alone gives."""

import datetime

from hypothesis import given
from hypothesis import strategies as st

from alerts.matching import compile as compiler
from articles.search import matches, query
from tests.unit.search import drawn


def matcher(*queries: str) -> compiler.Matcher:
    return compiler.compile_alerts([(number, query.parse_query(text)) for number, text in enumerate(queries)])


@given(st.randoms(use_true_random=False))
def test_the_matcher_finds_what_trying_every_alert_finds(random):
    alerts = [(number, drawn.draw_query(random)) for number in range(random.randint(0, 12))]
    compiled = compiler.compile_alerts(alerts)
    for _ in range(3):
        document = matches.prepare(drawn.draw_document(random))
        one_by_one = [
            (number, match)
            for number, ast in alerts
            if (match := matches.matches(ast, document, now=drawn.NOW)) is not None
        ]
        assert compiled.match(document, now=drawn.NOW) == one_by_one


def test_an_alert_is_tried_only_when_its_rarest_word_is_there():
    compiled = matcher("AI 페로브스카이트", "AI 야구장관람기")
    document = matches.prepare(matches.SearchDocument("1", text="AI 페로브스카이트"))
    assert compiled.candidates(document) == {0}


def test_counts_tell_which_word_is_rare():
    alerts = [(1, query.parse_query("AI 페로브스카이트"))]
    compiled = compiler.compile_alerts(
        alerts, frequencies={"ai": 1, "~ai": 1, "페로브스카이트": 900, "~페로브스카이트": 900}
    )
    assert set(compiled.by_key) == {"ai", "~ai"}


def test_an_alert_on_a_company_is_filed_under_it():
    compiled = matcher("company:LG화학 lang:ko")
    document = matches.SearchDocument("1", companies=("LG화학",), language="ko")
    assert not compiled.always
    assert [number for number, _ in compiled.match(document)] == [0]


def test_an_alert_that_requires_no_word_is_always_tried():
    assert list(matcher("author:김", "a OR ~bc", "a").always) == [0, 1]


def test_an_article_is_new_when_it_arrives_unless_the_time_is_given():
    document = matches.SearchDocument(
        "1", text="a", published=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    )
    compiled = matcher("a published:7d")
    assert len(compiled.match(document)) == 1
    assert compiled.match(document, now=datetime.datetime(2026, 2, 1, tzinfo=datetime.UTC)) == []


def test_no_alerts_match_nothing():
    assert matcher().match(matches.SearchDocument("1", title="a")) == []
