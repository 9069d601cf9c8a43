from hypothesis import given
from hypothesis import strategies as st

from newswatch.services import restarts


def test_the_pause_grows_with_each_crash():
    crashes: list[float] = []
    pauses = []
    for moment in (0.0, 10.0, 20.0, 30.0):
        crashes.append(moment)
        pauses.append(restarts.next_start(crashes) - moment)
    assert pauses == [0.5, 1.0, 2.0, 5.0]


def test_the_fifth_crash_in_two_minutes_is_too_many():
    assert restarts.next_start([0.0, 10.0, 20.0, 30.0, 119.0]) is None


def test_crashes_of_long_ago_are_forgiven():
    assert restarts.next_start([0.0, 10.0, 20.0, 30.0, 500.0]) == 500.5


@given(st.lists(st.floats(0, 1e6), min_size=1).map(sorted))
def test_a_restart_is_never_in_the_past(crashes):
    moment = restarts.next_start(crashes)
    assert moment is None or moment > crashes[-1]
