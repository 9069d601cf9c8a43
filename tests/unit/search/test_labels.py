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
    hypothesis.assume(begin <= at <= end)
    assert set(labels.period(begin, end)) & set(of(at))


def test_a_short_period_is_told_by_days():
    begin = datetime.datetime(2025, 12, 30, 15, tzinfo=UTC)
    end = datetime.datetime(2026, 1, 2, tzinfo=UTC)
    assert labels.period(begin, end) == ("@d20251230", "@d20251231", "@d20260101", "@d20260102")


def test_a_period_of_several_months_is_told_by_them():
    begin, end = datetime.datetime(2025, 11, 30, tzinfo=UTC), datetime.datetime(2026, 2, 1, tzinfo=UTC)
    assert labels.period(begin, end) == ("@m202511", "@m202512", "@m202601", "@m202602")


def test_a_period_of_many_years_is_told_by_them():
    begin, end = datetime.datetime(2021, 6, 15, tzinfo=UTC), datetime.datetime(2024, 1, 1, tzinfo=UTC)
    assert labels.period(begin, end) == ("@y2021", "@y2022", "@y2023", "@y2024")


def test_no_period_needs_many_labels_but_one_of_many_years():
    begin = datetime.datetime(2021, 6, 15, tzinfo=UTC)
    lengths = [len(labels.period(begin, begin + datetime.timedelta(days=days))) for days in range(3_000)]
    assert max(lengths) <= 41


def test_names_without_rows_become_a_label_that_no_article_has():
    leaf = query.Attribute("company", "LG", "is")
    assert labels.resolve(query.Not(leaf), {leaf: ()}) == query.Not(query.Labelled((labels.NONE,)))
    assert labels.resolve(leaf, {}) == leaf


def test_no_word_and_no_beginning_of_a_word_looks_like_a_label():
    for text in ("@c7", "@c71*", "c7", '"@c7"', "＠c7"):
        leaf = query.parse_query(text)
        word = next(iter(query.leaves(leaf)))
        keys = tokens.lookup_prefix(word.text) if isinstance(word, query.Prefix) else tokens.lookup(word.text)
        assert not any(key.startswith(labels.MARK) for key in keys)
