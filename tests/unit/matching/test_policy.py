"""When a reader is told, and why not."""

import datetime
import zoneinfo

from hypothesis import assume, example, given
from hypothesis import strategies as st

from alerts.matching import policy

SEOUL = zoneinfo.ZoneInfo("Asia/Seoul")
NEW_YORK = zoneinfo.ZoneInfo("America/New_York")
LORD_HOWE = zoneinfo.ZoneInfo("Australia/Lord_Howe")
MINUTE = datetime.timedelta(minutes=1)
HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)
NIGHT = (datetime.time(22), datetime.time(7))


def seoul(day, hour=0, minute=0, *, month=11):
    return datetime.datetime(2026, month, day, hour, minute, tzinfo=SEOUL)


def is_weekend(day):
    return day.weekday() >= 5


def is_holiday(day):
    """A long one at the beginning of each month."""
    return is_weekend(day) or day.day < 8


def released(now, *, lately=(), is_day_off=is_weekend, **wishes):
    found = policy.release(
        policy.Policy(**{"zone": SEOUL, **wishes}), now=now, is_day_off=is_day_off, lately=lately
    )
    return found.at, found.why


def test_without_any_wish_a_hit_is_told_at_once():
    now = seoul(22, 3, 4)
    assert released(now) == (now, "")


def test_an_hourly_mail_goes_at_the_next_full_hour():
    assert released(seoul(20, 9, 1), mode="hourly") == (seoul(20, 10), "digest")
    assert released(seoul(20, 9), mode="hourly") == (seoul(20, 9), "digest")
    delhi = zoneinfo.ZoneInfo("Asia/Kolkata")
    at, _ = released(seoul(20, 9, 1), mode="hourly", zone=delhi)
    assert at.astimezone(delhi).minute == 0


def test_a_daily_mail_goes_at_the_readers_hour():
    assert released(seoul(20, 7, 59), mode="daily", at_hour=8) == (seoul(20, 8), "digest")
    assert released(seoul(20, 8, 1), mode="daily", at_hour=8) == (seoul(21, 8), "digest")


def test_a_weekly_mail_goes_on_the_readers_weekday():
    assert released(seoul(20, 9), mode="weekly", weekday=0, at_hour=7) == (seoul(23, 7), "digest")
    assert released(seoul(23, 7, 1), mode="weekly", weekday=0, at_hour=7) == (seoul(30, 7), "digest")


def test_quiet_hours_hold_until_they_end():
    assert released(seoul(20, 23), quiet=NIGHT) == (seoul(21, 7), "quiet")
    assert released(seoul(21, 6, 59), quiet=NIGHT) == (seoul(21, 7), "quiet")
    assert released(seoul(21, 7), quiet=NIGHT) == (seoul(21, 7), "")
    assert released(seoul(21, 21, 59), quiet=NIGHT) == (seoul(21, 21, 59), "")
    noon = (datetime.time(12), datetime.time(13, 30))
    assert released(seoul(21, 12, 10), quiet=noon) == (seoul(21, 13, 30), "quiet")


def test_what_is_urgent_passes_quiet_hours_but_no_other_wish():
    assert released(seoul(20, 23), quiet=NIGHT, urgent=True) == (seoul(20, 23), "")
    assert released(seoul(20, 23), mode="daily", urgent=True)[1] == "digest"


def test_a_mail_of_a_weekend_waits_for_mondays_hour():
    assert released(seoul(21, 15), working_days_only=True, at_hour=9) == (seoul(23, 9), "day-off")
    assert released(seoul(20, 15), working_days_only=True) == (seoul(20, 15), "")
    assert released(seoul(20, 15), working_days_only=True, mode="daily") == (seoul(23, 8), "day-off")


def test_quiet_hours_and_days_off_are_kept_together():
    at, why = released(seoul(20, 23), working_days_only=True, quiet=NIGHT, at_hour=6)
    assert (at, why) == (seoul(23, 7), "quiet")


def test_a_daily_mail_within_quiet_hours_goes_when_they_end():
    assert released(seoul(20, 12), mode="daily", at_hour=5, quiet=NIGHT) == (seoul(21, 7), "quiet")


def test_when_every_day_seems_off_mails_go_nevertheless():
    at, _ = released(seoul(20, 12), working_days_only=True, is_day_off=lambda _: True)
    assert at == seoul(20, 12)


def test_too_many_mails_become_a_collected_one():
    now = seoul(20, 12)
    nine = [now - number * MINUTE for number in range(policy.FLOOD_MAILS - 1)]
    assert released(now, lately=nine) == (now, "")
    assert released(now, lately=[*nine, now]) == (now + policy.FLOOD_WITHIN, "flood")
    assert released(now, lately=[at - HOUR for at in [*nine, now]]) == (now, "")
    assert released(now, lately=[*nine, now], mode="daily")[1] == "digest"


def test_a_time_that_is_skipped_in_spring_comes_as_much_later():
    spring = datetime.datetime(2026, 3, 8, 0, 30, tzinfo=NEW_YORK)
    at, _ = released(spring, zone=NEW_YORK, mode="daily", at_hour=2)
    assert at.astimezone(NEW_YORK) == datetime.datetime(2026, 3, 8, 3, tzinfo=NEW_YORK)


def test_a_time_that_comes_twice_in_autumn_brings_one_mail():
    first = datetime.datetime(2026, 11, 1, 1, tzinfo=NEW_YORK)
    at, _ = released(first - HOUR, zone=NEW_YORK, mode="daily", at_hour=1)
    assert at == first.astimezone(datetime.UTC)
    again, _ = released(first + 10 * MINUTE, zone=NEW_YORK, mode="daily", at_hour=1)
    assert again.astimezone(NEW_YORK).date() == datetime.date(2026, 11, 2)


def test_quiet_hours_last_until_the_second_of_two_equal_times():
    second = datetime.datetime(2026, 11, 1, 1, 10, fold=1, tzinfo=NEW_YORK).astimezone(datetime.UTC)
    at, why = released(second, zone=NEW_YORK, quiet=(datetime.time(22), datetime.time(1, 30)))
    assert (at - second, why) == (20 * MINUTE, "quiet")


MOMENTS = st.datetimes(
    datetime.datetime(2026, 1, 1),  # noqa: DTZ001 -- the zone is drawn
    datetime.datetime(2028, 1, 1),  # noqa: DTZ001
    timezones=st.just(datetime.UTC),
)
ZONES = st.sampled_from(
    [
        "Asia/Seoul",
        "America/New_York",
        "Europe/London",
        "Australia/Lord_Howe",
        "Africa/Cairo",
        "Asia/Kathmandu",
    ]
).map(zoneinfo.ZoneInfo)
TIMES = st.times().map(lambda time: time.replace(second=0, microsecond=0))
QUIET = st.none() | st.tuples(TIMES, TIMES).filter(lambda pair: pair[0] != pair[1])
POLICIES = st.builds(
    policy.Policy,
    zone=ZONES,
    mode=st.sampled_from(["instant", "hourly", "daily", "weekly"]),
    at_hour=st.integers(0, 23),
    weekday=st.integers(0, 6),
    working_days_only=st.booleans(),
    quiet=QUIET,
    urgent=st.booleans(),
)


@given(POLICIES, MOMENTS, st.integers(0, 12), st.sampled_from([is_weekend, is_holiday]))
@example(
    policy.Policy(NEW_YORK, quiet=(datetime.time(22), datetime.time(1, 30))),
    datetime.datetime(2026, 11, 1, 5, 45, tzinfo=datetime.UTC),
    0,
    is_weekend,
)
@example(
    policy.Policy(LORD_HOWE, mode="hourly"),
    datetime.datetime(2026, 4, 4, 14, 45, tzinfo=datetime.UTC),
    0,
    is_weekend,
)
def test_every_hit_has_a_time_that_suits_its_reader_and_is_not_in_the_past(wishes, now, mails, is_off):
    lately = [now - MINUTE] * mails
    found = policy.release(wishes, now=now, is_day_off=is_off, lately=lately)
    clock = found.at.astimezone(wishes.zone)
    assert now <= found.at <= now + 21 * DAY
    assert not policy.is_quiet(wishes, found.at)
    assert not (wishes.working_days_only and is_off(clock.date()))
    assert bool(found.why) == (found.at != now) or wishes.mode != "instant"
    if found.why == "digest" and wishes.mode in ("daily", "weekly"):
        assert clock.hour in (wishes.at_hour, wishes.at_hour + 1)
    if found.why == "digest" and wishes.mode == "weekly":
        assert clock.weekday() == wishes.weekday


@given(POLICIES, MOMENTS, st.timedeltas(datetime.timedelta(), 3 * DAY))
def test_a_later_hit_is_never_told_before_an_earlier_one(wishes, now, later):
    # What a day off held goes at the reader's hour; what comes earlier on that working day, at once.
    assume(not wishes.working_days_only)
    first = policy.release(wishes, now=now, is_day_off=is_weekend)
    second = policy.release(wishes, now=now + later, is_day_off=is_weekend)
    assert first.at <= second.at


FACTS = st.builds(
    policy.Facts,
    late=st.timedeltas(datetime.timedelta(), 5 * DAY),
    is_replay=st.booleans(),
    is_muted=st.booleans(),
    told=st.booleans(),
    news=st.sampled_from(["", "outlets", "corrected", "fact"]),
    outlets=st.integers(0, 9),
    least_outlets=st.integers(1, 9),
)


@given(FACTS)
def test_a_hit_is_told_or_held_for_a_reason_that_is_true(facts):
    why = policy.why_held(facts)
    true = {
        "": not facts.is_replay and not facts.is_muted and facts.late <= 2 * DAY,
        "replay": facts.is_replay,
        "old": facts.late > 2 * DAY,
        "muted": facts.is_muted,
        "same": facts.told and not facts.news,
        "few": facts.outlets < facts.least_outlets,
    }
    assert true[why]


def test_a_story_that_was_told_is_told_again_only_for_what_is_new():
    assert policy.why_held(policy.Facts(told=True)) == "same"
    assert policy.why_held(policy.Facts(told=True, news="fact")) == ""
    assert policy.why_held(policy.Facts(told=True, news="fact", outlets=1, least_outlets=5)) == ""


def test_a_story_waits_for_its_outlets():
    assert policy.why_held(policy.Facts(outlets=2, least_outlets=3)) == "few"
    assert policy.why_held(policy.Facts(outlets=3, least_outlets=3)) == ""
