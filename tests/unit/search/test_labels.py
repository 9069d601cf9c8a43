"""Labels: what an article is, as lexemes, and periods told by them."""

import datetime

import hypothesis
from hypothesis import strategies as st

from articles.search import labels, query, tokens

UTC = datetime.UTC
MOMENTS = st.datetimes(
    min_value=datetime.datetime(2020, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime.datetime(2027, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)


def of(at: datetime.datetime) -> list[str]:
    return labels.of(
        companies=[7, 12], themes=[3], outlet_id=5, source_id=9, language_code="ko", published=at
    )


def test_an_article_is_labelled_with_all_that_it_is():
    at = datetime.datetime(2026, 3, 1, 8, tzinfo=datetime.timezone(datetime.timedelta(hours=9)))
    assert of(at) == ["@c7", "@c12", "@t3", "@o5", "@s9", "@lko", "@d20260228", "@m202602", "@y2026"]


@hypothesis.given(MOMENTS, MOMENTS, MOMENTS)
def test_every_article_of_a_period_has_one_of_the_periods_labels(
    one: datetime.datetime, other: datetime.datetime, at: datetime.datetime
):
    begin, end = sorted((one, other))
    hypothesis.assume(begin <= at < end)
    told = labels.period(begin, end)
    assert not told or set(told) & set(of(at))


def test_a_period_of_whole_months_is_told_by_them():
    begin, end = (datetime.datetime(2026, month, 1, tzinfo=UTC) for month in (1, 4))
    assert labels.period(begin, end) == ("@m202601", "@m202602", "@m202603")


def test_a_period_between_months_is_told_by_days_at_its_edges():
    begin = datetime.datetime(2025, 12, 30, 15, tzinfo=UTC)
    end = datetime.datetime(2026, 2, 2, tzinfo=UTC)
    assert labels.period(begin, end) == ("@d20251230", "@d20251231", "@m202601", "@d20260201")


def test_a_long_period_is_told_by_few_labels_or_none():
    begin = datetime.datetime(2021, 6, 15, tzinfo=UTC)
    assert len(labels.period(begin, datetime.datetime(2026, 3, 1, tzinfo=UTC))) < 15
    assert labels.period(datetime.datetime.min.replace(tzinfo=UTC), begin) == ()


def test_the_last_day_of_the_calendar_can_be_told():
    end = datetime.datetime.max.replace(tzinfo=UTC)
    assert labels.period(end - datetime.timedelta(hours=30), end) == ("@d99991230", "@d99991231")


def test_no_word_and_no_beginning_of_a_word_looks_like_a_label():
    for text in ("@c7", "@c71*", "c7", '"@c7"', "＠c7"):
        leaf = query.parse_query(text)
        word = next(iter(query.leaves(leaf)))
        keys = tokens.lookup_prefix(word.text) if isinstance(word, query.Prefix) else tokens.lookup(word.text)
        assert not any(key.startswith(labels.MARK) for key in keys)
