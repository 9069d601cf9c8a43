import datetime

from hypothesis import given
from hypothesis import strategies as st

from articles.feeds import schedule

NOW = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


def wait(**fields):
    values = {"now": NOW, "interval_s": 300, "failures": 0, "retry_after_s": None, "seed": 1}
    return (schedule.next_poll(**{**values, **fields}) - NOW).total_seconds()


def test_a_source_that_answers_is_asked_again_after_its_interval():
    assert wait() == 300


def test_failures_in_a_row_double_the_wait():
    assert 600 <= wait(failures=1) <= 660
    assert 1200 <= wait(failures=2) <= 1320


def test_a_server_that_says_when_to_come_back_is_obeyed_up_to_a_day():
    assert wait(retry_after_s=900) == 900
    assert wait(retry_after_s=10**9) == 86_400


def test_sources_that_failed_together_do_not_come_back_together():
    assert len({wait(failures=3, seed=seed) for seed in range(20)}) == 20


@given(st.integers(5, 86_400), st.integers(0, 10_000), st.integers(0, 10**6))
def test_the_wait_stays_between_the_interval_and_the_ceiling(interval_s, failures, seed):
    found = wait(interval_s=interval_s, failures=failures, seed=seed)
    assert interval_s <= found <= max(schedule.CEILING.total_seconds(), interval_s) * 1.1
