"""Times in words: as exactly as they are known, in Korean and English, and why they are meant."""

import datetime

import pytest
from django.utils import translation

from articles import date_words
from articles.dates import resolve

PUBLISHED = datetime.datetime(2023, 8, 24, 9, 0, tzinfo=datetime.timezone(datetime.timedelta(hours=9)))


@pytest.mark.parametrize(
    ("words", "korean", "english"),
    [
        ("지난 1월 인수했다.", "2023년 1월", "January 2023"),
        ("올 하반기 공장을 연다.", "2023년 하반기", "second half of 2023"),
        ("내년 상반기 공장을 연다.", "2024년 상반기", "first half of 2024"),
        ("지난해 3분기 매출이 늘었다.", "2022년 3분기", "Q3 2022"),
        ("2017년 세웠다.", "2017년", "2017"),
        ("1990년대 세웠다.", "1990년대", "the 1990s"),
        ("지난달 31일 열었다.", "2023년 7월 31일", "31 July 2023"),
        ("21일부터 나흘 동안 방문했다.", "2023년 8월 21–24일", "21–24 August 2023"),
        ("8월 30일부터 9월 2일까지 연다.", "2023년 8월 30일–9월 2일", "30 August – 2 September 2023"),
        ("2018년 7월부터 2020년 12월까지 이끌었다.", "2018년 7월 – 2020년 12월", "July 2018 – December 2020"),
        ("10~11월 연다.", "2023년 10월–11월", "October – November 2023"),
        ("다음 주 연다.", "2023년 8월 28일부터 한 주", "week of 28 August 2023"),
        ("2030년까지 세계 3위가 된다는 목표를 세웠다.", "2030년까지", "by 2030"),
    ],
)
def test_a_time_is_told_as_exactly_as_it_is_known(words: str, korean: str, english: str):
    (value,) = resolve.resolve_text(words, PUBLISHED)
    for language, expected in (("ko", korean), ("en", english)):
        with translation.override(language):
            assert date_words.means(value) == expected


def test_years_and_days_across_a_new_year_are_told_in_full():
    spans = [
        ((2018, 1, 1), (2020, 12, 31), "2018–2020년", "2018–2020"),
        (
            (2022, 12, 30),
            (2023, 1, 2),
            "2022년 12월 30일 – 2023년 1월 2일",
            "30 December 2022 – 2 January 2023",
        ),
        ((2023, 2, 1), (2023, 2, 28), "2023년 2월", "February 2023"),
        ((2023, 2, 3), (2023, 2, 3), "2023년 2월 3일", "3 February 2023"),
    ]
    for first, last, korean, english in spans:
        for language, expected in (("ko", korean), ("en", english)):
            with translation.override(language):
                told = date_words.period(datetime.date(*first), datetime.date(*last), "range")
                assert told == expected


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("지난 1월 인수했다.", "the last one before the publication on 24 August 2023"),
        ("오는 8월 22일 연다.", "the next one after the publication on 24 August 2023"),
        ("지난달 31일 열었다.", "counted from the publication on 24 August 2023"),
        ("사흘 전 열었다.", "counted from the publication on 24 August 2023"),
        ("2017년 세웠다.", "as the text says"),
        ("24일 밝혔다.", "what the text leaves out follows from the publication on 24 August 2023"),
        ("2020년 세웠다. 같은 해 3월 옮겼다.", "goes on from a time that the text names before"),
    ],
)
def test_the_reason_says_how_a_time_was_found(words: str, why: str):
    value = resolve.resolve_text(words, PUBLISHED)[-1]
    with translation.override("en"):
        told = date_words.reason(value, PUBLISHED.date())
    assert told.startswith(f"{value.text} → ")
    assert f": {why} · " in told
    assert told.endswith(f"{value.certainty:.0%} sure")


def test_a_reason_says_what_is_planned_and_what_a_goal():
    for words, standing in (
        ("내달 5일 연다고 밝혔다.", "예정"),
        ("2030년까지 세계 3위가 된다는 목표를 세웠다.", "목표"),
    ):
        (value,) = resolve.resolve_text(words, PUBLISHED)
        with translation.override("ko"):
            assert f" · {standing} · " in date_words.reason(value, PUBLISHED.date())
