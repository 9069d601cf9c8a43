"""Counts over time as lines."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.charts import lines

COUNTS = st.lists(st.lists(st.integers(0, 5000), min_size=7, max_size=7), min_size=1, max_size=6)


@pytest.mark.parametrize(
    ("highest", "values"),
    [
        (0, [0, 1]),
        (1, [0, 1]),
        (4, [0, 1, 2, 3, 4]),
        (5, [0, 2, 4, 6]),
        (97, [0, 50, 100]),
        (1200, [0, 500, 1000, 1500]),
    ],
)
def test_a_scale_has_few_round_numbers_and_holds_the_highest(highest: int, values: list[int]):
    assert lines.scale(highest) == values


def test_zero_stands_on_the_floor_and_the_highest_rule_under_the_flags():
    drawn = lines.lay_out([[0, 5, 10]])
    first, *_, last = drawn.lines[0].points
    assert first.y == drawn.floor
    assert last.y == lines.ABOVE == drawn.rules[-1].y
    assert drawn.highest == 10


def test_points_stand_in_the_middle_of_their_stretches():
    assert [point.x for point in lines.lay_out([[1, 2, 3, 4]]).lines[0].points] == [12.5, 37.5, 62.5, 87.5]


def test_of_many_points_some_are_marked_and_the_last_always_is():
    marked = [point.is_marked for point in lines.lay_out([list(range(90))]).lines[0].points]
    assert marked[-1]
    assert sum(marked) <= lines.MOST_MARKED


def test_nothing_at_all_can_be_drawn():
    assert lines.lay_out([]).lines == ()
    assert lines.lay_out([[], []]).lines[0].points == ()


@given(COUNTS)
def test_everything_stands_within_the_drawing_and_higher_counts_stand_higher(rows: list[list[int]]):
    drawn = lines.lay_out(rows)
    points = [point for line in drawn.lines for point in line.points]
    assert all(lines.ABOVE <= point.y <= drawn.floor < drawn.height for point in points)
    ordered = sorted(points, key=lambda point: point.count)
    assert all(one.y >= other.y for one, other in itertools.pairwise(ordered))


@given(COUNTS)
def test_labels_do_not_overlap_and_keep_the_order_of_the_last_points(rows: list[list[int]]):
    drawn = lines.lay_out(rows)
    ordered = sorted(drawn.lines, key=lambda line: (line.points[-1].y, line.label_y))
    places = [line.label_y for line in ordered]
    assert all(below - above >= lines.LABEL - 0.02 for above, below in itertools.pairwise(places))
    assert all(0 < place < drawn.height for place in places)
