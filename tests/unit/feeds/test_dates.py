from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.feeds import dates

SEOUL = ZoneInfo("Asia/Seoul")
MORNING = datetime(2022, 7, 27, 19, 35, tzinfo=UTC)  # 04:35 on the 28th in Seoul
AFTERNOON = datetime(2022, 7, 28, 7, 35, tzinfo=UTC)  # 16:35 in Seoul
MIDNIGHT = datetime(2022, 7, 27, 15, tzinfo=UTC)


def read(text, zone=SEOUL):
    stamp = dates.parse_date(text, zone=zone)
    return stamp and stamp.at


@pytest.mark.parametrize(
    "text",
    [
        "Thu,28 Jul 2022 4:35:0 GMT+9",
        "Thu, 28 Jul 2022 04:35:00 +0900",
        "Thu, 28 Jul 2022 04:35 KST",
        "Thursday, 28 July 2022 04:35:00 UTC+09:00",
        "Wed, 27 Jul 2022 19:35:00 GMT",
        "Wed, 27 Jul 22 19:35:00 Z",
        "Wed, 27 Jul 2022 15:35:00 EDT",
        "Wed, 27 Jul 2022 14:35:00 -0500",
        "Thu Jul 28 04:35:00 KST 2022",
        "Thu Jul 28 04:35:00 2022",
        "Thu Jul 28 2022 04:35:00 GMT+0900 (KST)",
        "July 28, 2022 4:35 AM",
        "28-Jul-2022 04:35",
        "목, 28 7월 2022 04:35:00 +0900",
        "28 7월 2022 04:35",
        "2022-07-28T04:35:00+09:00",
        "2022-07-28T04:35:00+0900",
        "2022-07-28T04:35+09",
        "2022-07-28T04:35:00.000 +09:00",
        "2022-07-27T19:35:00Z",
        "2022-07-28 04:35",
        "2022-07-28 (목) 04:35",
        "2022-7-28 4:35",
        "2022/07/28 04:35:00",
        "2022.07.28 04:35",
        "2022. 7. 28. 오전 4:35",
        "2022.07.28 AM 4:35",
        "2022년 7월 28일 오전 4:35",
        "2022년 07월 28일(목) 04시 35분",
        "20220728043500",
        "20220728T043500",
        "07/28/2022 04:35",
        "28.07.2022 04:35",
        "1658950500",
        "1658950500000",
    ],
)
def test_one_moment_is_read_from_every_dialect(text):
    assert read(text) == MORNING


@pytest.mark.parametrize(
    "text",
    [
        "2022년 7월 28일 오후 4:35",
        "2022. 7. 28. PM 4:35",
        "2022-07-28 오후 04시 35분",
        "Jul 28, 2022 4:35 p.m.",
    ],
)
def test_afternoon_is_twelve_hours_on(text):
    assert read(text) == AFTERNOON


@pytest.mark.parametrize(
    "text",
    ["2022.07.28", "2022-07-28", "20220728", "2022년 7월 28일", "28 July 2022", "28/07/2022", "2022.7.28."],
)
def test_a_day_without_a_time_begins_at_midnight_in_the_sources_zone(text):
    assert read(text) == MIDNIGHT


def test_noon_and_midnight_are_told_apart():
    assert read("2022-07-28 오후 12:00") - read("2022-07-28 오전 12:00") == timedelta(hours=12)


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("2022-07-28T04:35:00Z", "utc"),
        ("Thu, 28 Jul 2022 04:35:00 GMT", "utc"),
        ("Thu, 28 Jul 2022 04:35:00 -0000", "utc"),
        ("Thu, 28 Jul 2022 04:35:00 +0900", "offset"),
        ("2022-07-28 04:35", "naive"),
    ],
)
def test_how_the_zone_was_stated_is_kept(text, zone):
    assert dates.parse_date(text, zone=SEOUL).zone == zone


@pytest.mark.parametrize(
    "text",
    [
        "", "어제", "12시", "7월 28일", "2022-13-45", "31 Feb 2022", "2022-07-28 25:00", "0001-01-01", "9" * 500,
        "Thu, 28 Foo 2022",
    ],
)  # fmt: skip
def test_what_is_no_full_date_is_not_guessed_at(text):
    assert read(text) is None


@given(st.text(max_size=60) | st.from_regex(r"[0-9년월일시:.,/ TZ+\-]{0,40}"))
def test_any_text_is_a_time_in_utc_or_nothing(text):
    at = read(text)
    assert at is None or at.utcoffset() == timedelta(0)


MOMENTS = st.datetimes(datetime(1971, 1, 1), datetime(2199, 1, 1)).map(lambda at: at.replace(microsecond=0))  # noqa: DTZ001
OFFSETS = st.integers(-12 * 4, 14 * 4).map(lambda quarters: timezone(timedelta(minutes=15 * quarters)))


@given(
    MOMENTS,
    OFFSETS,
    st.sampled_from(["%Y-%m-%dT%H:%M:%S%z", "%a, %d %b %Y %H:%M:%S %z", "%Y.%m.%d %H:%M:%S %z"]),
)
def test_a_time_written_with_its_offset_comes_back_from_every_form(at, offset, form):
    aware = at.replace(tzinfo=offset)
    assert read(aware.strftime(form)) == aware


@pytest.mark.parametrize(
    "text",
    [
        "오후 4:35 2022-07-28", "등록 2022-07-28 16:35 수정 2022-07-29 05:00", "2022–07–28 16:35", "2022 Jul 28 16:35",
        "2022-Jul-28 16:35", "2022-07-28T16:35:00[Asia/Seoul]", "Thu, 28 Jul 2022 16:35:00 Asia/Seoul",
    ],
)  # fmt: skip
def test_a_date_behind_the_time_or_a_zone_by_its_full_name_is_no_offset(text):
    assert read(text) == datetime(2022, 7, 28, 7, 35, tzinfo=UTC)


@given(
    st.from_regex(
        r"((Mon|Tue|Sun), )?[0-3][0-9] (Jan|May|Dec) (19|20|22)[0-9]{2} "
        r"[0-2][0-9](:[0-6][0-9]){2} (GMT|[+\-][01][0-9][0-6][0-9])",
        fullmatch=True,
    )
)
def test_the_usual_form_is_read_at_once_as_any_other_spelling_of_it_is_read(text):
    assert dates.parse_date(text, zone=SEOUL) == dates.parse_date(text.replace(" ", "  "), zone=SEOUL)


@pytest.mark.parametrize("text", ["22.07.28 16:35", "'22.07.28 16:35", "22-07-28 16:35", "22/07/28 16:35"])
def test_a_year_of_two_digits_comes_first_in_korea_and_is_not_guessed_at_elsewhere(text):
    assert read(text) == datetime(2022, 7, 28, 7, 35, tzinfo=UTC)
    assert read(text, zone=ZoneInfo("Europe/Berlin")) is None


@pytest.mark.parametrize("text", ["1.22.07.28", "22.13.28", "10-22-07-28", "22.07/28"])
def test_what_only_looks_like_a_short_date_is_none(text):
    assert read(text) is None
