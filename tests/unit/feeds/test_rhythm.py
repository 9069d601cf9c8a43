import datetime
import itertools
import math
import random
import zoneinfo

from hypothesis import given
from hypothesis import strategies as st

from articles.feeds import rhythm

SEOUL = zoneinfo.ZoneInfo("Asia/Seoul")
MONDAY = datetime.datetime(2026, 8, 31, tzinfo=SEOUL)
HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)
WEEKS = 12
SPRING = datetime.datetime(2026, 4, 1, tzinfo=datetime.UTC)


def daily(*, days=range(7), hour=6, weeks=WEEKS):
    """One entry a day at an hour of Seoul, a few minutes early or late."""
    rng = random.Random(7)
    moments = (MONDAY + DAY * n for n in range(weeks * 7))
    return [
        day + HOUR * hour + datetime.timedelta(minutes=rng.uniform(1, 59))
        for day in moments
        if day.weekday() in days
    ]


def by_chance(rate, *, weeks=WEEKS, seed=1):
    """Entries at random, `rate` an hour by day on workdays, a tenth of it at night and on weekends."""
    rng = random.Random(seed)
    times = []
    for n in range(weeks * 168):
        hour = MONDAY + HOUR * n
        busy = hour.weekday() < 5 and 8 <= hour.hour < 20
        if rng.random() < 1 - math.exp(-rate * (1 if busy else 0.1)):
            times.append(hour + datetime.timedelta(minutes=rng.uniform(0, 59)))
    return times


def alarm_after(times, since):
    """Hours until a silence after `since` is strange."""
    known = rhythm.learn(times, until=since, zone=SEOUL)
    assert known is not None
    hours = 0
    while not rhythm.judge(known, since=since, until=since + HOUR * hours).is_strange:
        hours += 1
        assert hours < 24 * 90
    return hours


def test_a_daily_paper_is_strange_after_some_missing_days_and_not_after_one():
    times = daily()
    assert 36 < alarm_after(times, times[-1]) <= 4 * 24


def test_a_workday_paper_may_rest_over_the_weekend():
    times = [time for time in daily(days=range(5)) if time < MONDAY + DAY * (WEEKS * 7 - 2)]
    assert times[-1].weekday() == 4
    assert 3 * 24 < alarm_after(times, times[-1]) <= 7 * 24


def test_a_weekly_may_be_silent_for_a_week():
    times = daily(days=[2])
    assert 10 * 24 < alarm_after(times, times[-1]) <= 35 * 24


def test_a_busy_source_is_strange_within_a_working_day():
    noon = MONDAY + DAY * (WEEKS * 7 - 6) + HOUR * 12
    times = [time for time in by_chance(5) if time < noon]
    assert alarm_after(times, noon) <= 8


def test_the_same_silence_is_stranger_by_day_than_by_night():
    known = rhythm.learn(by_chance(2), until=MONDAY + DAY * WEEKS * 7, zone=SEOUL)
    tuesday = MONDAY + DAY * (WEEKS * 7 + 1)
    by_day = rhythm.hazard(known, tuesday + HOUR * 8, tuesday + HOUR * 16)
    by_night = rhythm.hazard(known, tuesday + HOUR * 20, tuesday + HOUR * 28)
    assert by_day > 4 * by_night


def test_a_usual_week_of_random_news_raises_no_alarm():
    alarms = 0
    for seed in range(10):
        times = by_chance(1, weeks=WEEKS + 1, seed=seed)
        until = MONDAY + DAY * WEEKS * 7
        known = rhythm.learn([t for t in times if t <= until], until=until, zone=SEOUL)
        gaps = itertools.pairwise(times)
        alarms += sum(rhythm.judge(known, since=a, until=b).is_strange for a, b in gaps if b > until)
    assert alarms <= 1


def test_one_breakdown_in_the_past_does_not_make_the_next_one_usual():
    times = by_chance(2)
    broken = [time for time in times if not MONDAY + DAY * 30 < time < MONDAY + DAY * 34]
    assert alarm_after(broken, times[-1]) <= 2 * alarm_after(times, times[-1])


def test_a_burst_counts_as_one_sign_of_life():
    times = daily()
    burst = [time + datetime.timedelta(seconds=n) for time in times for n in range(50)]
    assert alarm_after(burst, times[-1]) == alarm_after(times, times[-1])


def test_few_entries_or_a_short_history_say_nothing():
    until = MONDAY + DAY * 84
    assert rhythm.learn([], until=until, zone=SEOUL) is None
    assert rhythm.learn([until - DAY * 8 * n for n in range(9)], until=until, zone=SEOUL) is None
    assert rhythm.learn([until - HOUR * n for n in range(100)], until=until, zone=SEOUL) is None


def test_a_short_silence_is_never_strange():
    times = by_chance(50)
    assert alarm_after(times, times[-1]) >= 6


def test_a_silence_says_by_when_something_usually_comes():
    times = daily()
    known = rhythm.learn(times, until=times[-1], zone=SEOUL)
    usual = rhythm.judge(known, since=times[-1], until=times[-1] + HOUR).usual_by.astimezone(SEOUL)
    assert times[-1] + DAY < usual < times[-1] + DAY * 4
    assert usual.hour == 7


times_of_a_quarter = st.lists(
    st.integers(0, 90 * 1440).map(lambda minutes: SPRING - datetime.timedelta(minutes=minutes)),
    max_size=60,
)


@given(times_of_a_quarter, st.integers(0, 3000), st.integers(0, 3000))
def test_a_longer_silence_is_never_less_strange(times, shorter, longer):
    until = SPRING
    known = rhythm.learn(times, until=until, zone=SEOUL)
    if known is None:
        return
    first, second = sorted((shorter, longer))
    assert rhythm.hazard(known, until, until + HOUR * first) <= rhythm.hazard(
        known, until, until + HOUR * second
    )
    assert all(hazard >= 0 for hazard in known.hazards)
    assert known.limit >= rhythm.LEAST_LIMIT


@given(times_of_a_quarter)
def test_the_order_of_the_times_does_not_matter(times):
    until = SPRING
    assert rhythm.learn(times, until=until, zone=SEOUL) == rhythm.learn(times[::-1], until=until, zone=SEOUL)
