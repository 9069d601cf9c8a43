"""Where rows of counts part."""

from hypothesis import given
from hypothesis import strategies as st

from articles.charts import partings

CALM = [4, 5, 3, 4, 5, 4, 3]


def found(*rows: list[int]) -> list[tuple[int, int]]:
    return [(one.row, one.at) for one in partings.find(rows)]


def test_a_row_that_leaps_alone_parts_from_the_others():
    leap = [4, 5, 3, 30, 5, 4, 3]
    assert found(leap, CALM) == [(0, 3)]
    one = partings.find([leap, CALM])[0]
    assert one.count == 30
    assert 3 < one.expected < 6


def test_a_day_on_which_all_leap_is_no_parting():
    assert found([4, 5, 3, 12, 5, 4, 3], [40, 50, 30, 120, 50, 40, 30]) == []


def test_a_few_articles_of_a_row_that_is_mostly_silent_stand_out():
    assert found([0, 0, 0, 0, 4, 0, 0], CALM) == [(0, 4)]
    assert found([0, 0, 0, 0, 2, 0, 0], CALM) == []


def test_less_than_usual_is_no_parting():
    assert found([30, 31, 29, 0, 30, 31, 30], CALM) == []


def test_of_one_row_or_of_a_few_days_nothing_is_said():
    assert found([0, 0, 50, 0, 0, 0]) == []
    assert found([0, 50, 0], [1, 1, 1]) == []
    assert partings.find([]) == []


def test_they_come_in_the_order_of_time_the_strongest_few_of_them():
    many = [0, 10] * 20
    calm = [3] * 40
    at = [one.at for one in partings.find([many, calm, calm])]
    assert at == sorted(at)
    assert len(at) <= partings.MOST


@given(st.lists(st.lists(st.integers(0, 900), min_size=9, max_size=9), min_size=2, max_size=6))
def test_what_is_found_stands_out_and_no_stretch_is_named_twice(rows: list[list[int]]):
    seen = partings.find(rows)
    assert all(one.strength >= partings.UNUSUAL and rows[one.row][one.at] == one.count for one in seen)
    assert len({one.at for one in seen}) == len(seen)
