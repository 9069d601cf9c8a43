"""When people's words about a tag are settled."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.tagging import agreement

START = datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)


def votes(said: str) -> list[agreement.Vote]:
    """`+` and `-` are analysts', `Y` and `N` editors' words, in order of time."""
    return [
        agreement.Vote(sign in "+Y", sign in "YN", START + datetime.timedelta(minutes=number))
        for number, sign in enumerate(said)
    ]


@pytest.mark.parametrize(
    ("said", "settled"),
    [
        ("", None),
        ("+", None),
        ("-", None),
        ("--", False),
        ("++", True),
        ("+-", None),
        ("--+", False),
        ("--++", None),
        ("--+++", True),
        ("N", False),
        ("++N", False),
        ("--Y", True),
        ("YN", False),
        ("NY--", True),
    ],
)
def test_an_editor_or_two_analysts_settle_a_tag(said: str, settled: bool | None):
    assert agreement.settle(votes(said)) is settled


@given(st.lists(st.sampled_from("+-YN")))
def test_the_order_in_which_words_are_read_does_not_matter(said: list[str]):
    given_votes = votes("".join(said))
    assert agreement.settle(given_votes) is agreement.settle(reversed(given_votes))
