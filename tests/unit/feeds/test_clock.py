from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.feeds import clock, parse
from tests import shared

NOW = datetime(2022, 7, 26, 0, 5, tzinfo=UTC)  # five past nine in Seoul
SEOUL = "Asia/Seoul"


def entry(published, stated_zone="utc", updated=None):
    return parse.Entry("id", "http://a.kr/1", "제목", published, updated, stated_zone=stated_zone)


def hours(*ahead, stated_zone="utc"):
    return [entry(NOW + timedelta(hours=number), stated_zone) for number in ahead]


def times(mended):
    return [entry.published for entry in mended.entries]


def test_wall_clock_times_stamped_as_utc_are_shifted_for_the_whole_feed():
    mended = clock.mend_times(hours(8.9, 8, 2, -3, -40), now=NOW, time_zone=SEOUL)
    assert mended.wall_clock_as_utc
    assert times(mended) == [NOW + timedelta(hours=number - 9) for number in (8.9, 8, 2, -3, -40)]
    assert "wall-clock" in mended.problems[0]


def test_a_feed_in_true_utc_is_left_alone():
    entries = hours(-0.1, -1, -5, -30)
    mended = clock.mend_times(entries, now=NOW, time_zone=SEOUL)
    assert (mended.entries, mended.wall_clock_as_utc, mended.problems) == (tuple(entries), False, ())


def test_times_with_an_offset_of_their_own_are_never_shifted():
    mended = clock.mend_times(hours(5, 4, -1, stated_zone="offset"), now=NOW, time_zone=SEOUL)
    assert not mended.wall_clock_as_utc
    assert times(mended) == [None, None, NOW - timedelta(hours=1)]


def test_one_announcement_among_many_recent_entries_is_held_and_shifts_nothing():
    recent = [-number / 10 for number in range(60)]
    mended = clock.mend_times(hours(3, *recent), now=NOW, time_zone=SEOUL)
    assert not mended.wall_clock_as_utc
    assert times(mended)[0] is None
    assert times(mended)[1:] == [NOW + timedelta(hours=number) for number in recent]
    assert mended.problems == ("1 times are in the future and held, such as 2022-07-26 03:05 UTC of '제목'",)


def test_times_further_ahead_than_the_zone_explains_are_held():
    mended = clock.mend_times(hours(30, 50, -1), now=NOW, time_zone=SEOUL)
    assert not mended.wall_clock_as_utc
    assert times(mended) == [None, None, NOW - timedelta(hours=1)]


def test_a_source_known_for_it_is_shifted_even_when_nothing_is_ahead():
    mended = clock.mend_times(hours(-12), now=NOW, time_zone=SEOUL, wall_clock_as_utc=True)
    assert times(mended) == [NOW - timedelta(hours=21)]


def test_clocks_that_differ_by_minutes_are_believed():
    mended = clock.mend_times([entry(NOW + timedelta(minutes=4))], now=NOW, time_zone=SEOUL)
    assert times(mended) == [NOW + timedelta(minutes=4)]


def test_west_of_greenwich_a_time_ahead_is_no_wall_clock():
    mended = clock.mend_times(hours(3, 2), now=NOW, time_zone="America/New_York")
    assert not mended.wall_clock_as_utc


def test_the_time_of_an_update_is_mended_like_the_first():
    mended = clock.mend_times(
        [entry(NOW + timedelta(hours=7), updated=NOW + timedelta(hours=8))], now=NOW, time_zone=SEOUL
    )
    assert mended.entries[0].updated == NOW - timedelta(hours=1)


def test_a_naive_now_is_refused():
    with pytest.raises(ValueError, match="aware"):
        clock.mend_times([], now=NOW.replace(tzinfo=None), time_zone=SEOUL)


ENTRIES = st.lists(
    st.builds(
        entry,
        st.none() | st.floats(-100, 100).map(lambda number: NOW + timedelta(hours=number)),
        st.sampled_from(["utc", "offset", "naive", ""]),
        st.none() | st.floats(-100, 100).map(lambda number: NOW + timedelta(hours=number)),
    ),
    max_size=30,
)


@given(ENTRIES, st.booleans(), st.sampled_from([SEOUL, "UTC", "America/New_York"]))
def test_nothing_mended_is_from_the_future(entries, known, zone):
    mended = clock.mend_times(entries, now=NOW, time_zone=zone, wall_clock_as_utc=known)
    found = [at for entry in mended.entries for at in (entry.published, entry.updated) if at]
    assert all(at <= NOW + clock.TOLERANCE for at in found)


@given(ENTRIES, st.booleans(), st.sampled_from([SEOUL, "UTC", "America/New_York"]))
def test_mending_twice_changes_nothing_more(entries, known, zone):
    once = clock.mend_times(entries, now=NOW, time_zone=zone, wall_clock_as_utc=known)
    twice = clock.mend_times(once.entries, now=NOW, time_zone=zone, wall_clock_as_utc=known)
    assert twice.entries == once.entries


@shared.needs_shared
def test_captured_korean_feeds_are_not_from_the_future_and_true_utc_is_not_shifted():
    shifted, future = set(), []
    for path in sorted((shared.SHARED / "evaluation/feeds/korean-2022").glob("2022*/*.xml")):
        feed = parse.parse_feed(path.read_bytes())
        mended = clock.mend_times(feed.entries, now=feed.built, time_zone=feed.time_zone)
        future += [at for at in times(mended) if at and at > feed.built + clock.TOLERANCE]
        if mended.wall_clock_as_utc:
            shifted.add(path.name.partition("-")[0])
    assert not future
    # Two publishers of the set state true UTC: their newest articles are minutes old at the time of capture.
    assert {"donga", "newsis", "segye", "khan"} <= shifted
    assert not shifted & {"chosun", "kmib"}


def test_a_quiet_feed_is_shifted_where_its_siblings_have_the_habit():
    quiet = hours(-1, -3, -30)
    mended = clock.mend_times(quiet, now=NOW, time_zone=SEOUL, siblings_do=True)
    assert times(mended) == [NOW + timedelta(hours=number - 9) for number in (-1, -3, -30)]
    assert not mended.wall_clock_as_utc
    assert "wall-clock" in mended.problems[0]


def test_siblings_say_nothing_of_a_feed_that_names_a_zone():
    entries = [*hours(-1, -3), *hours(-2, stated_zone="offset")]
    mended = clock.mend_times(entries, now=NOW, time_zone=SEOUL, siblings_do=True)
    assert mended.entries == tuple(entries)


def right(*ahead, since, **options):
    ago = None if since is None else NOW - timedelta(hours=since)
    return clock.shows_true_utc(hours(*ahead, **options), now=NOW, since=ago, time_zone=SEOUL)


def test_a_feed_that_publishes_between_two_readings_at_the_time_it_says_is_right():
    assert right(-0.1, -3, since=0.2)


@pytest.mark.parametrize(
    ("ahead", "since"),
    [((-0.1, 2), 0.2), ((-0.5, -3), 0.2), ((-0.1,), None), ((-0.1,), 9.5), ((), 1)],
)
def test_what_may_be_the_wall_clock_proves_nothing(ahead, since):
    assert not right(*ahead, since=since)


def test_an_offset_proves_nothing_about_times_in_utc():
    assert not right(-0.1, since=0.2, stated_zone="offset")
