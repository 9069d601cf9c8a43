"""Timestamps as they come from the database."""

import datetime

import pytest
from django.db import DataError, connection
from hypothesis import given
from hypothesis import strategies as st

pytestmark = pytest.mark.django_db
UTC = datetime.UTC
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=UTC)


def read(sql: str, *given: object, zone: str = "UTC") -> datetime.datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('timezone', %s, true)", [zone])
        cursor.execute(f"SELECT {sql}", given)
        return cursor.fetchone()[0]


@given(
    st.integers(-(10**15), 10**17),
    st.sampled_from(["UTC", "Asia/Seoul", "Asia/Kolkata", "America/New_York"]),
)
def test_every_time_comes_back_as_it_was_in_utc(microseconds: int, zone: str):
    moment = EPOCH + datetime.timedelta(microseconds=microseconds)
    found = read("%s::timestamptz", moment, zone=zone)
    assert found == moment
    assert found.tzinfo is UTC


@pytest.mark.parametrize("text", ["infinity", "0044-03-15 BC", "12026-01-01"])
def test_what_is_no_time_for_python_is_said(text: str):
    with pytest.raises(DataError, match="timestamp"):
        read("%s::timestamptz", text)


def test_nothing_is_nothing():
    assert read("NULL::timestamptz") is None
