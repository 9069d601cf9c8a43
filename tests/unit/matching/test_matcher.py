"""All alerts at once give what each alert alone gives."""

import datetime
import zoneinfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from alerts.matching import compile as compiler
from articles.search import matches, query
from tests.unit.search import drawn


def matcher(*queries: str) -> compiler.Matcher:
    return compiler.compile_alerts([(number, query.parse_query(text)) for number, text in enumerate(queries)])


def found_by(compiled, document):
    """The alerts that match, without asking where."""
    return sorted(alert for entry in compiled.find(document, now=drawn.NOW) for alert in entry.alerts)


@given(st.randoms(use_true_random=False))
def test_the_matcher_finds_what_trying_every_alert_finds(random):
    alerts = [(number, drawn.draw_query(random)) for number in range(random.randint(0, 12))]
    compiled = compiler.compile_alerts(alerts)
    for _ in range(3):
        document = matches.prepare(drawn.draw_document(random))
        one_by_one = [
            (number, match)
            for number, ast in alerts
            if (match := matches.matches(ast, document, context=drawn.CONTEXT)) is not None
        ]
        assert compiled.match(document, now=drawn.NOW) == one_by_one
        assert found_by(compiled, document) == [number for number, _ in one_by_one]


def test_an_alert_is_tried_only_when_its_rarest_word_is_there():
    compiled = matcher("AI 페로브스카이트", "AI 야구장관람기")
    document = matches.prepare(matches.SearchDocument("1", text="AI 페로브스카이트"))
    assert [entry.alerts for entry in compiled.candidates(document)] == [[0]]


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


def test_an_alert_that_requires_nothing_to_look_up_is_always_tried():
    compiled = matcher("published:7d", "a OR published:7d", "a")
    assert [entry.alerts for entry in compiled.always] == [[0], [1]]


def test_an_article_is_new_when_it_arrives_unless_the_time_is_given():
    document = matches.SearchDocument(
        "1", text="a", published=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    )
    compiled = matcher("a published:7d")
    assert len(compiled.match(document)) == 1
    assert compiled.match(document, now=datetime.datetime(2026, 2, 1, tzinfo=datetime.UTC)) == []


def test_no_alerts_match_nothing():
    assert matcher().match(matches.SearchDocument("1", title="a")) == []


@pytest.mark.parametrize(
    ("text", "found", "not_found"),
    [
        ("author:김", "김철수", "이영희"),
        ("author:김*", "김철수", "이김수"),
        ("author:=김철수", "김철수", "김철수 기자"),
    ],
)
def test_an_alert_on_a_property_is_tried_only_where_the_property_may_be_so(text, found, not_found):
    compiled = matcher(text)
    assert not compiled.always
    assert len(compiled.match(matches.SearchDocument("1", author=found))) == 1
    assert compiled.match(matches.SearchDocument("1", author=not_found)) == []


def test_an_alert_on_letters_within_words_is_tried_only_where_they_stand():
    compiled = matcher("~브스카")
    there = matches.prepare(matches.SearchDocument("1", text="페로브스카이트"))
    elsewhere = matches.prepare(matches.SearchDocument("1", text="배터리", source="브스카"))
    assert len(list(compiled.candidates(there))) == 1
    assert list(compiled.candidates(elsewhere)) == []


def test_a_second_word_spares_trying_the_query():
    compiled = matcher("배터리 야구")
    document = matches.prepare(matches.SearchDocument("1", text="배터리"))
    assert list(compiled.candidates(document)) == []


@pytest.mark.parametrize(
    ("text", "decides"),
    [
        ("(배터리 OR 전고체*) company:LG화학 -공장 -(야구 OR theme:AI)", True),
        ("배터리 source:매일", True),
        ("공장 ~터리", True),
        ("배터리 OR (공장 증설)", False),
        ("배터리 -(공장 증설)", False),
        ('배터리 "공장 증설"', False),
        ("title:배터리", False),
        ("배터리 published:7d", False),
    ],
)
def test_a_query_that_look_ups_answer_is_not_tried(text, decides):
    assert next(iter(matcher(text).entries.values())).plan.decides is decides


def test_alerts_that_ask_the_same_are_tried_once():
    compiled = matcher("배터리 공장", "배터리 공장", "배터리")
    document = matches.prepare(matches.SearchDocument("1", text="배터리 공장"))
    assert len(list(compiled.candidates(document))) == 2
    assert [alert for alert, _ in compiled.match(document)] == [0, 1, 2]


def test_a_query_that_breaks_is_noted_and_stops_no_other(monkeypatch):
    whole = matches.matches

    def breaking(ast, document, *, context):
        if ast == query.parse_query("공장"):
            raise RecursionError("too deep")
        return whole(ast, document, context=context)

    monkeypatch.setattr(matches, "matches", breaking)
    compiled = matcher("배터리", "공장")
    document = matches.SearchDocument("1", text="배터리 공장")
    failed = []
    assert [alert for alert, _ in compiled.match(document, failed=failed)] == [0]
    assert [(failure.alert, str(failure.error)) for failure in failed] == [(1, "too deep")]
    with pytest.raises(RecursionError):
        compiled.match(document)


def test_the_days_of_a_query_are_those_of_its_owner():
    compiled = compiler.compile_alerts([])
    ast = query.parse_query("a published:2026-03-02")
    for alert, zone in enumerate(["Asia/Seoul", "Europe/Berlin", "Asia/Seoul"]):
        compiled.put(alert, ast, zoneinfo.ZoneInfo(zone))
    evening = datetime.datetime(2026, 3, 1, 18, tzinfo=datetime.UTC)
    document = matches.SearchDocument("1", text="a", published=evening)
    assert [alert for alert, _ in compiled.match(document)] == [0, 2]
    compiled.put(0, ast, zoneinfo.ZoneInfo("Europe/Berlin"))
    assert [alert for alert, _ in compiled.match(document)] == [2]


def test_where_days_begin_parts_no_queries_without_days():
    compiled = compiler.compile_alerts([])
    for alert, zone in enumerate(["Asia/Seoul", "Europe/Berlin"]):
        compiled.put(alert, query.parse_query("a"), zoneinfo.ZoneInfo(zone))
    assert len(compiled.entries) == 1


class Changes(RuleBasedStateMachine):
    """Alerts come, change and go; the matcher is always one made of those that there are."""

    def __init__(self):
        super().__init__()
        self.matcher = compiler.compile_alerts([])
        self.alerts = {}

    @rule(number=st.integers(0, 6), random=st.randoms(use_true_random=False))
    def put(self, number, random):
        self.alerts[number] = drawn.draw_query(random)
        self.matcher.put(number, self.alerts[number])

    @rule(number=st.integers(0, 6), other=st.integers(0, 6))
    def copy(self, number, other):
        if number in self.alerts:
            self.alerts[other] = self.alerts[number]
            self.matcher.put(other, self.alerts[other])

    @rule(number=st.integers(0, 6))
    def remove(self, number):
        self.alerts.pop(number, None)
        self.matcher.remove(number)

    @rule(random=st.randoms(use_true_random=False))
    def refile(self, random):
        counts = {stem: random.uniform(0, 9_000) for stem in random.sample(drawn.STEMS, 10)}
        self.matcher.refile(compiler.planner(counts))

    @rule(random=st.randoms(use_true_random=False))
    def match(self, random):
        document = matches.prepare(drawn.draw_document(random))
        expected = [
            (number, match)
            for number, ast in sorted(self.alerts.items())
            if (match := matches.matches(ast, document, now=drawn.NOW)) is not None
        ]
        assert self.matcher.match(document, now=drawn.NOW) == expected
        assert found_by(self.matcher, document) == [number for number, _ in expected]

    @invariant()
    def nothing_is_left_of_alerts_that_are_gone(self):
        held = [number for entry in self.matcher.entries.values() for number in entry.alerts]
        assert sorted(held) == sorted(self.alerts) == sorted(self.matcher.by_alert)
        filed = {id(entry) for entries in self.matcher.by_key.values() for entry in entries}
        filed |= {id(entry) for entry in self.matcher.always}
        assert filed == {id(entry) for entry in self.matcher.entries.values()}


TestChanges = Changes.TestCase
TestChanges.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
