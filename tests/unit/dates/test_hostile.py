"""Whatever the text, dates come back with offsets that are right, and nothing is raised."""

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from articles.dates import events, expressions, inspect, resolve, sentences, speech
from articles.dates.values import TimeValue
from tests.unit.dates.reading import at, read

WORDS = """
지난 오는 올 내달 이달 24일 31일 2월 30일 13월 2023년 0년 2분기 부터 까지 사이 에서 ~ - · , . ( ) 만에 전 뒤
나흘 동안 오전 밤 12시 25시 30분 금요일 첫째 주 마지막 날 말 초 하반기 전년 동기 같은 달 이듬해 2018-2020
last next May 2022 Q3 on by in the Friday 24:61 9999년 12월 추석 음력 1년 999년 9999일 “ ” " 말했다 대표
"""
PIECES = st.sampled_from(
    [
        *WORDS.split(),
        *["🎉", "\0", "\u1112\u1161\u11ab", "가", " ", "  ", "\n", "２４일", "\ud7b0", "（현지시간）"],
    ]
)
HOSTILE = st.one_of(
    st.text(max_size=200),
    st.lists(PIECES, max_size=40).map("".join),
    st.lists(PIECES, max_size=30).map(" ".join),
)


def check(text: str, values: tuple[TimeValue, ...]) -> None:
    end = 0
    for value in values:
        assert end <= value.start_offset < value.end_offset <= len(text)
        assert text[value.start_offset : value.end_offset] == value.text
        assert value.first_day <= value.last_day
        assert 0 <= value.certainty <= 1
        assert inspect.written(value)
        end = value.end_offset


@settings(max_examples=400, deadline=None)
@given(HOSTILE)
def test_offsets_are_right_and_nothing_is_raised(text: str) -> None:
    check(text, resolve.resolve_text(text, at("2023-08-24")))


@settings(max_examples=150, deadline=None)
@given(HOSTILE, st.dates())
def test_any_day_of_publication_will_do(text: str, day: object) -> None:
    check(text, resolve.resolve_text(text, at(str(day))))


@settings(max_examples=150, deadline=None)
@given(HOSTILE)
def test_quotations_sentences_and_events_keep_inside_the_text(text: str) -> None:
    for quote in speech.find_quotes(text):
        assert text[quote.start : quote.end] == quote.text
    ends = [0]
    for start, end in sentences.split(text):
        assert ends[-1] <= start < end <= len(text)
        ends.append(end)
    assert events.find_events(text, resolve.resolve_text(text, at("2023-08-24")), []) == ()


def test_decomposed_hangul_is_read_and_its_offsets_are_of_the_text_as_given() -> None:
    text = unicodedata.normalize("NFD", "회사는 지난달 31일 밝혔다.")
    found = resolve.resolve_text(text, at("2023-08-24"))
    assert [inspect.written(value) for value in found] == ["2023-07-31"]
    check(text, found)


def test_no_more_is_found_in_one_text_than_an_article_could_hold() -> None:
    assert len(expressions.find("24일 " * 10_000)) == expressions.MOST


def test_what_lies_beyond_the_longest_text_is_not_read() -> None:
    assert read("가" * expressions.LONGEST + " 지난달 31일") == []
