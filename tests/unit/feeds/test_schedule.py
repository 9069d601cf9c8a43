import datetime
import zoneinfo

from hypothesis import given
from hypothesis import strategies as st

from articles.feeds import schedule

SEOUL = zoneinfo.ZoneInfo("Asia/Seoul")
# A Thursday, 9:00 in Seoul.
NOW = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)
PACE = schedule.Pace(floor_s=120, usual_s=300, ceiling_s=1800)
times = st.lists(
    st.floats(0, 40 * 24).map(lambda hours: NOW - datetime.timedelta(hours=hours)),
    min_size=1,
    max_size=60,
    unique=True,
)


def wait(**fields):
    values = {"now": NOW, "interval_s": 300, "failures": 0, "retry_after_s": None, "seed": 1}
    return (schedule.next_poll(**{**values, **fields}) - NOW).total_seconds()


def interval(rhythm, now=NOW, pace=PACE):
    return schedule.interval(rhythm, pace=pace, now=now, zone=SEOUL)


def learnt(*published, now=NOW):
    return schedule.learn(None, published, now=now, zone=SEOUL)


def weekly(now, *, weeks=4, per_hour=6, hours=range(8, 19), weekdays=range(5)):
    """Entries evenly in some hours of some days, in Seoul, up to `now`."""
    start = (now - datetime.timedelta(weeks=weeks)).replace(minute=0, second=0, microsecond=0)
    for step in range(weeks * 168 + 1):
        hour = start + step * HOUR
        local = hour.astimezone(SEOUL)
        if local.hour in hours and local.weekday() in weekdays:
            for number in range(per_hour):
                at = hour + number * HOUR / per_hour
                if at <= now:
                    yield at


# --- the wait after a poll -------------------------------------------------------------------------------------


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


def test_a_feed_that_asks_to_be_left_alone_is_up_to_the_ceiling():
    assert wait(hints=schedule.Hints(ttl_s=900), ceiling_s=1800) == 900
    assert wait(hints=schedule.Hints(ttl_s=86_400), ceiling_s=1800) == 1800
    assert wait(hints=schedule.Hints(ttl_s=60), ceiling_s=1800) == 300


def test_an_answer_that_stays_fresh_is_not_asked_for_again_before():
    assert wait(fresh_s=700, ceiling_s=1800) == 700
    assert wait(fresh_s=10**9, ceiling_s=1800) == 1800


def test_hours_to_skip_are_waited_out():
    assert wait(interval_s=1800, hints=schedule.Hints(skip_hours=(0, 1, 2))) == 3 * 3600
    assert wait(interval_s=1800, hints=schedule.Hints(skip_hours=(1, 2))) == 1800


def test_days_to_skip_are_waited_out_and_a_feed_that_skips_all_is_asked_once_a_day():
    thursday = schedule.Hints(skip_days=(3,))
    assert wait(hints=thursday) == 86_400
    assert wait(hints=schedule.Hints(skip_hours=tuple(range(24)))) == 86_400


@given(
    st.sets(st.integers(0, 23)), st.sets(st.integers(0, 6)), st.floats(5, 3600), st.integers(0, 7 * 86_400)
)
def test_skipping_never_brings_a_poll_forward_nor_waits_longer_than_a_day(hours, days, interval_s, start):
    hints = schedule.Hints(skip_hours=tuple(hours), skip_days=tuple(days))
    now = NOW + datetime.timedelta(seconds=start)
    at = now + datetime.timedelta(seconds=interval_s)
    found = schedule.after_skips(now, at, hints)
    assert at <= found <= now + datetime.timedelta(days=1)
    assert found.hour not in hours or found == now + datetime.timedelta(days=1)


# --- the interval out of the source's rhythm -------------------------------------------------------------------


def test_a_source_nobody_knows_yet_is_asked_at_the_usual_interval():
    assert interval(None) == 300


def test_an_interval_that_somebody_set_is_kept_whatever_the_source_does():
    rhythm = learnt(*weekly(NOW))
    assert interval(rhythm, pace=schedule.Pace(45, 45, 45)) == 45


def test_busy_hours_make_short_waits_and_quiet_hours_long_ones():
    rhythm = learnt(*weekly(NOW))
    busy = interval(rhythm, NOW + HOUR)
    night = interval(rhythm, NOW + 17 * HOUR)
    sunday = interval(rhythm, NOW + datetime.timedelta(days=2, hours=19) + HOUR)
    assert busy < 300
    assert night > 4 * busy
    assert sunday > 3 * busy


def test_a_poll_before_a_busy_hour_does_not_sleep_into_it():
    """The wait is counted in articles that wait, so the rush that begins in ten minutes ends it."""
    rhythm = learnt(*weekly(NOW, per_hour=30))
    quarter_to_eight = NOW - datetime.timedelta(minutes=70) + datetime.timedelta(days=1)
    night = NOW + datetime.timedelta(hours=17)
    assert interval(rhythm, quarter_to_eight) < 900
    assert interval(rhythm, night) > interval(rhythm, quarter_to_eight)


def test_at_a_steady_rate_the_wait_follows_the_square_root_rule():
    for per_hour, expected in ((1, 465), (4, 232)):
        rhythm = learnt(*weekly(NOW, per_hour=per_hour, hours=range(24), weekdays=range(7)))
        assert abs(interval(rhythm) - expected) < 0.15 * expected


def test_a_source_that_falls_silent_is_asked_ever_more_rarely():
    rhythm = learnt(*weekly(NOW, per_hour=2, hours=range(24), weekdays=range(7)))
    waits = [interval(rhythm, NOW + datetime.timedelta(days=days)) for days in (0, 7, 30, 90, 365)]
    assert waits == sorted(waits)
    assert waits[0] < 400
    assert waits[-1] == 1800


def test_entries_seen_again_change_nothing():
    published = list(weekly(NOW, weeks=1))
    rhythm = learnt(*published)
    assert schedule.learn(rhythm, published, now=NOW + HOUR, zone=SEOUL) is rhythm


def test_entries_from_the_future_and_from_long_ago_do_not_count():
    assert learnt(NOW + HOUR, NOW - datetime.timedelta(days=100)) is None


def test_a_new_habit_outweighs_an_old_one():
    """Mornings for a month, then evenings for a month: the evenings are the busy hours."""
    rhythm = learnt(*weekly(NOW, hours=range(6, 9), weekdays=range(7)))
    later = NOW + datetime.timedelta(weeks=4)
    rhythm = schedule.learn(
        rhythm, weekly(later, hours=range(18, 21), weekdays=range(7)), now=later, zone=SEOUL
    )
    morning = later.replace(hour=22) - datetime.timedelta(days=1)
    evening = later.replace(hour=10)
    assert interval(rhythm, evening) < interval(rhythm, morning)


def test_a_rhythm_survives_being_packed_in_a_few_hundred_bytes():
    rhythm = learnt(*weekly(NOW))
    packed = schedule.pack(rhythm)
    assert len(packed) < 400
    assert abs(interval(schedule.unpack(packed)) - interval(rhythm)) < 1


def test_what_is_no_packed_rhythm_is_none():
    assert schedule.unpack(None) is None
    assert schedule.unpack(b"short") is None
    assert schedule.pack(None) is None


def test_hints_survive_being_stored_as_json():
    hints = schedule.Hints(ttl_s=600, skip_hours=(1, 2), skip_days=(6,))
    assert schedule.unpack_hints(schedule.pack_hints(hints)) == hints
    assert schedule.pack_hints(schedule.Hints()) == {}


@given(times, st.floats(0, 2000), st.floats(5, 600), st.floats(600, 20_000))
def test_the_interval_stays_between_the_floor_and_the_ceiling(published, later, floor_s, ceiling_s):
    rhythm = learnt(*published)
    now = NOW + datetime.timedelta(hours=later)
    assert floor_s <= interval(rhythm, now, schedule.Pace(floor_s, 600, ceiling_s)) <= ceiling_s


@given(times)
def test_more_entries_never_make_the_wait_longer(published):
    rhythm = learnt(*published)
    if rhythm is None:
        return
    twice = schedule.Rhythm(tuple(2 * count for count in rhythm.counts), rhythm.since, rhythm.newest)
    assert interval(twice) <= interval(rhythm) + 1e-6


@given(times, st.integers(0, 59))
def test_learning_in_two_steps_is_learning_at_once(published, cut):
    published = sorted(published)
    at_once = learnt(*published)
    first = learnt(*published[:cut])
    in_steps = schedule.learn(first, published, now=NOW, zone=SEOUL)
    if at_once is not None and first is not None and first.since == at_once.since:
        assert all(
            abs(one - other) < 1e-6 for one, other in zip(in_steps.counts, at_once.counts, strict=True)
        )
        assert in_steps.newest == at_once.newest
    assert (at_once is None) == (in_steps is None)
