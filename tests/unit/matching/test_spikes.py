"""What is more than usual: simulated months without a spike raise next to no alarm, a real jump does."""

import datetime
import math
import random
import zoneinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.matching import spikes
from articles.dates import working_days

SEOUL = zoneinfo.ZoneInfo("Asia/Seoul")
# It holds Chuseok, from the 24th to the 27th of September, and the holidays of October.
BEGIN = datetime.datetime(2026, 7, 20, tzinfo=SEOUL)
DAY_PROFILE = [1, 1, 1, 1, 1, 2, 4, 6, 8, 9, 9, 8, 7, 8, 9, 9, 8, 7, 5, 4, 3, 3, 2, 1]


def poisson(chance, mean):
    if mean > 30:
        return max(0, round(chance.gauss(mean, math.sqrt(mean))))
    limit, product, count = math.exp(-mean), chance.random(), 0
    while product > limit:
        product *= chance.random()
        count += 1
    return count


def simulated(days, *, a_day, seed, off=0.25, saturday=0.4, differ=0.1, mondays=1.0):
    """Stories by the hour: the profile of a day, few on days off, and days that differ by a third (the gamma's)."""
    chance = random.Random(seed)
    stories = []
    for number in range(days):
        day = (BEGIN + number * spikes.DAY).date()
        level = saturday if day.weekday() == 5 else off if working_days.is_day_off(day) else 1.0
        level *= mondays if day.weekday() == 0 else 1.0
        level *= chance.gammavariate(1 / differ, differ)
        stories += [poisson(chance, a_day * level * part / sum(DAY_PROFILE)) for part in DAY_PROFILE]
    return stories


def judge(stories, until, **given):
    start = max(0, until - 24 * (spikes.PAST_DAYS + 2))
    part = stories[start:until]
    series = spikes.Series(BEGIN + start * spikes.HOUR, part, given.get("exposure", [1.0] * len(part)))
    return spikes.judge(series, is_day_off=working_days.is_day_off)


def alarms(stories, first, last, step=1):
    told, last_at, last_stories = [], None, 0
    for until in range(first, last, step):
        now = BEGIN + until * spikes.HOUR
        verdict = judge(stories, until)
        if verdict and spikes.may_alarm(verdict, now=now, last_at=last_at, last_stories=last_stories):
            told.append(now)
            last_at, last_stories = now, verdict.stories
    return told


@pytest.mark.parametrize("a_day", [2, 15, 120])
def test_weekdays_weekends_and_holidays_raise_no_alarm(a_day):
    """Two months each, Chuseok among them, asked every other hour."""
    stories = simulated(96, a_day=a_day, seed=a_day)
    assert alarms(stories, 36 * 24, 96 * 24, step=2) == []


def test_a_working_day_after_holidays_is_no_spike():
    stories = simulated(75, a_day=60, seed=4)
    chuseok_over = (datetime.datetime(2026, 9, 28, tzinfo=SEOUL) - BEGIN) // spikes.HOUR
    assert alarms(stories, chuseok_over, chuseok_over + 24) == []


def test_a_weekday_that_always_has_more_is_not_a_spike_each_week():
    stories = simulated(77, a_day=40, seed=5, mondays=2.5)
    assert alarms(stories, 49 * 24, 77 * 24, step=2) == []


@pytest.mark.parametrize(("a_day", "jump"), [(2, 8), (15, 15), (120, 70)])
def test_a_jump_within_hours_is_an_alarm(a_day, jump):
    stories = simulated(70, a_day=a_day, seed=9)
    noon = 64 * 24 + 12
    for hour in range(noon, noon + 3):
        stories[hour] += math.ceil(jump / 3)
    told = alarms(stories, noon - 24, noon + 4)
    assert len(told) == 1
    assert told[0] <= BEGIN + (noon + 3) * spikes.HOUR


def test_a_day_of_three_times_as_many_is_an_alarm_though_no_hour_is():
    stories = simulated(70, a_day=40, seed=11)
    for hour in range(64 * 24, 65 * 24):
        stories[hour] = 3 * stories[hour] + (hour % 2)
    assert alarms(stories, 64 * 24 + 8, 65 * 24 + 1)


def test_a_spike_of_last_week_does_not_hide_this_weeks():
    stories = simulated(70, a_day=15, seed=13)
    for day in (57, 64):
        for hour in range(3):
            stories[day * 24 + 12 + hour] += 7
    assert alarms(stories, 64 * 24 + 12, 64 * 24 + 16)


def test_a_spike_on_a_holiday_is_measured_against_days_off():
    stories = simulated(75, a_day=60, seed=17)
    noon = (datetime.datetime(2026, 9, 25, 12, tzinfo=SEOUL) - BEGIN) // spikes.HOUR
    for hour in range(noon, noon + 3):
        stories[hour] += 8
    assert alarms(stories, noon, noon + 4)


def test_nothing_is_said_before_two_weeks_are_known():
    assert judge(simulated(13, a_day=20, seed=1), 13 * 24) is None


def test_hours_in_which_half_of_the_sources_were_away_say_what_half_bring():
    """All sources are back after two months of half of them: twice as many stories are usual."""
    stories = [2] * (60 * 24) + [4] * 24
    exposure = [0.5] * (60 * 24) + [1.0] * 24
    corrected = judge(stories, len(stories), exposure=exposure[-24 * (spikes.PAST_DAYS + 2) :])
    assert corrected.expected == pytest.approx(corrected.stories, rel=0.05)
    assert not corrected.is_spike


def test_a_source_that_is_new_or_down_counts_for_its_share_of_the_hours():
    absences = [
        spikes.Absence(1, None, BEGIN + 2 * spikes.HOUR),
        spikes.Absence(2, BEGIN + 2.5 * spikes.HOUR, BEGIN + 3 * spikes.HOUR),
        spikes.Absence(3, BEGIN, BEGIN + 9 * spikes.HOUR),
    ]
    assert spikes.exposure(BEGIN, 4, shares={1: 6.0, 2: 4.0}, absences=absences) == pytest.approx(
        [0.4, 0.4, 0.8, 1.0]
    )


def test_without_sources_nothing_is_corrected():
    assert spikes.exposure(BEGIN, 2, shares={}, absences=[]) == [1.0, 1.0]


def test_a_spike_that_was_told_is_told_again_only_when_it_doubled_or_a_day_later():
    verdict = spikes.Verdict(3, 20, 4.0, 9, 1e-8, is_spike=True)
    for hours, last_stories, told in ((2, 12, False), (2, 10, True), (24, 20, True)):
        at = BEGIN - hours * spikes.HOUR
        assert spikes.may_alarm(verdict, now=BEGIN, last_at=at, last_stories=last_stories) is told
    assert spikes.may_alarm(verdict, now=BEGIN, last_at=None, last_stories=0)


def test_words_that_grew_most_explain_a_spike():
    before = [{"배터리", "공장"}] * 40 + [{"배터리", "실적"}] * 40
    now = [{"배터리", "화재", "공장"}] * 6 + [{"배터리", "실적"}] * 2
    found = spikes.grown(now, before, times=20, most=3)
    assert found == [spikes.Growth("화재", 6, 0.0), spikes.Growth("공장", 6, 2.0)]


@given(st.integers(0, 60), st.floats(0.01, 40), st.floats(0.04, 3))
def test_more_stories_are_never_likelier(stories, mean, dispersion):
    chance = spikes.tail(stories, mean, dispersion)
    assert 0 <= spikes.tail(stories + 1, mean, dispersion) <= chance <= 1


@given(st.floats(0.01, 20), st.floats(0.04, 1))
def test_the_chances_of_all_numbers_have_the_mean_and_variance_they_are_given(mean, dispersion):
    tails = [spikes.tail(number, mean, dispersion) for number in range(1, 2_000)]
    assert sum(tails) == pytest.approx(mean, rel=0.01)
    square = sum((2 * number + 1) * chance for number, chance in enumerate(tails))
    assert square - mean**2 == pytest.approx(mean + dispersion * mean**2, rel=0.05)
