import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newswatch.sample import wording

DAY = datetime.date(2026, 11, 22)


def fill(text, language="ko", published=DAY):
    return wording.fill(text, published=published, language=language)


@pytest.mark.parametrize(
    ("token", "korean", "english"),
    [
        ("{day -1}", "21일", "Nov. 21"),
        ("{day 0}", "22일", "Nov. 22"),
        ("{day -22}", "지난달 31일", "Oct. 31"),
        ("{day 9}", "다음 달 1일", "Dec. 1"),
        ("{day 60}", "내년 1월 21일", "Jan. 21, 2027"),
        ("{ahead 5}", "오는 27일", "Nov. 27"),
        ("{ahead 20}", "다음 달 12일", "Dec. 12"),
        ("{date -1}", "11월 21일", "Nov. 21"),
        ("{month -1}", "10월", "October"),
        ("{month 2}", "내년 1월", "January 2027"),
        ("{quarter -1}", "3분기", "the third quarter"),
        ("{quarter 1}", "내년 1분기", "the first quarter of 2027"),
        ("{weekday -1}", "토요일", "Saturday"),
        ("{year 4}", "2030", "2030"),
        ("{last_month_end}", "지난달 31일", "Oct. 31"),
    ],
)
def test_a_token_is_written_the_way_journalists_do(token, korean, english):
    assert fill(token) == korean
    assert fill(token, "en") == english


def test_the_month_before_january_is_december_of_last_year():
    assert fill("{month -1}", published=datetime.date(2027, 1, 5)) == "지난해 12월"
    assert fill("{day -6}", published=datetime.date(2027, 1, 5)) == "지난달 30일"


def test_an_unknown_token_is_refused_with_the_known_ones_named():
    with pytest.raises(ValueError, match=r"unknown date token \{yesterday\}.*weekday"):
        fill("{yesterday}")


@given(st.dates(datetime.date(2020, 1, 1), datetime.date(2040, 1, 1)), st.integers(-400, 400))
def test_no_token_survives_on_any_day(published, shift):
    tokens = "".join(
        f"{{{name} {shift}}}" for name in ("day", "ahead", "date", "month", "quarter", "weekday")
    )
    for language in ("ko", "en"):
        assert "{" not in fill(tokens, language, published)
