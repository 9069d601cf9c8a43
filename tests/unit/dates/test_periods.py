from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.dates import choose, holidays, periods

ERA = st.dates(date(1900, 1, 1), date(2100, 12, 31))


def test_a_week_belongs_to_the_month_of_its_thursday() -> None:
    first = periods.nth_week(periods.month(2023, 9), 1)
    assert first is not None
    assert (first.start, first.end) == (date(2023, 9, 4), date(2023, 9, 10))


def test_a_fifth_weekday_may_not_exist() -> None:
    assert periods.nth_weekday(periods.month(2023, 2), 5, 0) is None


def test_the_end_of_february_stays_in_february() -> None:
    assert periods.shift(date(2023, 8, 31), -6, "month") == date(2023, 2, 28)
    assert periods.shift_period(periods.month(2024, 2), -1).end == date(2023, 2, 28)


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("seollal", date(2024, 2, 10)),
        ("chuseok", date(2025, 10, 6)),
        ("buddha", date(2026, 5, 24)),
        ("liberation", date(2023, 8, 15)),
        ("thanksgiving", date(2023, 11, 23)),
    ],
)
def test_a_holiday_has_its_day(name: str, day: date) -> None:
    assert holidays.in_year(name, day.year) == day


def test_a_lunar_holiday_outside_the_table_has_none() -> None:
    assert holidays.in_year("seollal", 1999) is None
    assert holidays.in_year("chuseok", 2041) is None


@given(ERA, st.integers(1, 31), st.sampled_from(["past", "planned", "stated", ""]))
def test_a_bare_day_is_within_a_few_weeks_and_has_its_number(today: date, number: int, tense: str) -> None:
    found = choose.day_of_month(number, today=today, direction=None, tense=tense)
    assert found is not None
    assert found.start.day == number
    assert abs((found.start - today).days) <= 62


@given(ERA, st.integers(0, 6), st.sampled_from(["past", "stated", ""]))
def test_a_bare_weekday_is_of_the_last_seven_days(today: date, number: int, tense: str) -> None:
    found = choose.weekday(number, today=today, direction=None, tense=tense)
    assert found.start.weekday() == number
    assert 0 <= (today - found.start).days < 7


@given(ERA, st.integers(1, 12), st.integers(1, 28), st.sampled_from([-1, 1]))
def test_a_direction_word_decides_the_side(today: date, month: int, number: int, direction: int) -> None:
    found = choose.day_of_year(month, number, today=today, direction=direction, tense="")
    assert found is not None
    assert (found.start - today).days * direction >= 0
