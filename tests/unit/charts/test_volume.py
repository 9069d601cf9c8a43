"""Bars over time: buckets without gaps, stacks that add up, round numbers, peaks that stand out."""

import datetime
import itertools
import zoneinfo

from hypothesis import given
from hypothesis import strategies as st

from articles.charts import volume
from articles.charts.volume import Step

SEOUL = zoneinfo.ZoneInfo("Asia/Seoul")
NEW_YORK = zoneinfo.ZoneInfo("America/New_York")
DAY = datetime.timedelta(days=1)
DATES = st.dates(datetime.date(1990, 1, 1), datetime.date(2060, 1, 1))


@given(since=DATES, days=st.integers(0, 400), step=st.sampled_from(list(Step)[1:]))
def test_buckets_follow_each_other_from_the_first_day_to_the_last(
    since: datetime.date, days: int, step: Step
):
    until = since + days * DAY
    found = volume.buckets(since, until, step, SEOUL)
    assert (found[0].first, found[-1].last) == (since, until)
    for one, after in itertools.pairwise(found):
        assert one.end == after.begin
        assert one.last + DAY == after.first


def test_the_day_on_which_clocks_go_back_has_twenty_five_hours():
    day = datetime.date(2026, 11, 1)
    found = volume.buckets(day, day, Step.HOUR, NEW_YORK)
    assert len(found) == 25
    assert len({one.begin.astimezone(datetime.UTC) for one in found}) == 25


def test_a_bucket_that_is_cut_short_knows_where_the_whole_one_begins():
    friday = datetime.date(2026, 11, 20)
    first = volume.buckets(friday, friday + 9 * DAY, Step.WEEK, SEOUL)[0]
    assert (first.first, first.last) == (friday, datetime.date(2026, 11, 22))
    assert volume.nominal(first, Step.WEEK).date() == datetime.date(2026, 11, 16)
    assert volume.nominal(first, Step.MONTH).date() == datetime.date(2026, 11, 1)


@given(st.integers(1, 200_000))
def test_every_period_has_a_usual_step_that_it_can_be_shown_by(days: int):
    assert volume.usual_step(days) in volume.steps(days)


@given(st.lists(st.lists(st.integers(0, 5000), min_size=7, max_size=7), min_size=1, max_size=5))
def test_a_stack_is_as_high_as_its_counts_and_stays_in_the_picture(series: list[list[int]]):
    first = datetime.date(2026, 11, 16)
    days = volume.buckets(first, first + 6 * DAY, Step.DAY, SEOUL)
    drawn = volume.lay_out(days, Step.DAY, series)
    for number, column in enumerate(drawn.columns):
        counts = [values[number] for values in series]
        assert column.total == sum(counts)
        assert [one.count for one in column.segments] == [count for count in counts if count]
        # What is too low to be seen is drawn a little higher than it is.
        assert column.top >= -volume.LOWEST * len(series)


@given(st.integers(1, 10_000_000))
def test_lines_stand_at_a_few_round_numbers_up_to_the_highest_bar(highest: int):
    lines = volume.scale(highest)
    assert 1 <= len(lines) <= volume.MOST_LINES
    assert lines[-1] >= highest
    assert str(lines[0]).rstrip("0") in {"1", "2", "5"}


def test_nothing_has_no_lines():
    assert volume.scale(0) == ()


def test_a_peak_is_far_above_the_ordinary_and_apart_from_others():
    quiet = [4, 5, 3, 4, 5, 4, 3]
    assert volume.peaks([*quiet, 40, 38, *quiet, 25, *quiet]) == [7, 16]
    assert volume.peaks(quiet) == []
    assert volume.peaks([0, 0, 2, 0]) == []


@given(since=DATES, days=st.integers(1, 3000))
def test_few_buckets_are_named(since: datetime.date, days: int):
    step = volume.usual_step(days)
    shown = volume.buckets(since, since + (days - 1) * DAY, step, SEOUL)
    assert len(volume.ticks(shown, step)) <= volume.MOST_TICKS
