"""Which days are off in Korea."""

import datetime

import pytest

from articles.dates import working_days


@pytest.mark.parametrize(
    "day",
    [
        "2026-02-17",
        "2026-03-02",
        "2026-05-01",
        "2026-06-03",
        "2026-08-17",
        "2026-09-25",
        "2026-11-22",
        "2027-02-09",
    ],
)
def test_weekends_holidays_their_substitutes_and_election_days_are_off(day):
    assert working_days.is_day_off(datetime.date.fromisoformat(day))


@pytest.mark.parametrize("day", ["2026-02-19", "2026-03-03", "2026-11-23", "2026-12-24"])
def test_other_days_are_not(day):
    assert not working_days.is_day_off(datetime.date.fromisoformat(day))
