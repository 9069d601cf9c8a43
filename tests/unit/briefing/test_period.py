"""Which time a morning's briefing is about."""

import datetime
import zoneinfo

from hypothesis import given
from hypothesis import strategies as st

from articles.briefing import period
from articles.dates import working_days

SEOUL = zoneinfo.ZoneInfo("Asia/Seoul")
FIRST, LAST = (datetime.datetime.fromisoformat(f"{year}-01-01") for year in (2020, 2034))


def at(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=SEOUL)


def begins(now: str, earlier: str = "") -> datetime.datetime:
    return period.begins(at(now), at(earlier) if earlier else None, working_days.is_day_off)


def test_mondays_covers_the_weekend():
    assert begins("2026-11-23T07:40") == at("2026-11-20T08:00")


def test_the_day_after_a_holiday_covers_that_too():
    # 추석 of 2026: Thursday to Saturday.
    assert begins("2026-09-28T07:40") == at("2026-09-23T08:00")


def test_an_earlier_briefing_of_the_last_working_day_or_later_is_where_it_goes_on():
    assert begins("2026-11-23T07:40", "2026-11-20T07:12") == at("2026-11-20T07:12")
    assert begins("2026-11-23T07:40", "2026-11-22T20:00") == at("2026-11-22T20:00")


def test_whoever_skipped_days_is_told_of_the_last_one_alone():
    assert begins("2026-11-25T07:40", "2026-11-20T07:12") == at("2026-11-24T08:00")


def test_the_days_ahead_are_a_week():
    first, last = period.ahead(datetime.date(2026, 11, 23))
    assert (first.isoformat(), last.isoformat()) == ("2026-11-23", "2026-11-29")


@given(st.datetimes(FIRST, LAST), st.integers(0, 400))
def test_it_begins_before_now_and_not_after_an_earlier_one_of_the_same_days(
    now: datetime.datetime, hours: int
):
    here = now.replace(tzinfo=SEOUL)
    earlier = here - datetime.timedelta(hours=hours)
    found = period.begins(here, earlier, working_days.is_day_off)
    assert found < here or found == here == earlier
    assert here.date() - found.date() <= datetime.timedelta(days=period.MOST_DAYS)


def test_even_if_every_day_is_off_there_is_an_end():
    assert period.last_working_day(datetime.date(2026, 11, 23), lambda _: True) == datetime.date(2026, 11, 9)
