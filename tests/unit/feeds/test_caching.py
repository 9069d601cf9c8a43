import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.feeds import caching

NOW = datetime.datetime(2026, 1, 1, 12, 0, tzinfo=datetime.UTC)


def fresh(**headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return caching.fresh_s(named, now=NOW)


def test_an_answer_without_a_word_about_it_is_never_fresh():
    assert fresh() == 0


@pytest.mark.parametrize(
    "value", ["max-age=600", "public, Max-Age=600", 'max-age="600"', "max-age=600,max-age=9"]
)
def test_max_age_says_how_long(value):
    assert fresh(cache_control=value) == 600


def test_what_a_cache_on_the_way_has_used_up_is_taken_off():
    assert fresh(cache_control="max-age=600", age="200") == 400
    assert fresh(cache_control="max-age=600", age="900") == 0


@pytest.mark.parametrize("value", ["no-cache, max-age=600", "no-store", "max-age=soon", "max-age=-1"])
def test_an_answer_that_may_not_be_kept_is_not_fresh(value):
    assert fresh(cache_control=value, expires="Thu, 01 Jan 2026 12:10:00 GMT") == 0


def test_expires_counts_from_the_servers_own_clock():
    late = {"expires": "Thu, 01 Jan 2026 08:10:00 GMT", "date": "Thu, 01 Jan 2026 08:00:00 GMT"}
    assert fresh(**late) == 600
    assert fresh(expires="Thu, 01 Jan 2026 12:10:00 GMT") == 600


def test_max_age_counts_before_expires():
    assert fresh(cache_control="max-age=60", expires="Thu, 01 Jan 2026 12:10:00 GMT") == 60


@pytest.mark.parametrize("value", ["0", "-1", "soon", "Thu, 99 Foo 2026", "Thu, 01 Jan 1970 00:00:00 GMT"])
def test_expired_and_nonsense_dates_are_not_fresh(value):
    assert fresh(expires=value) == 0


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=20), st.text(max_size=40))
def test_no_header_raises_or_gives_less_than_nothing(control, expires, age, date):
    assert fresh(cache_control=control, expires=expires, age=age, date=date) >= 0
