"""What the documents say can be typed can be typed."""

import datetime
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from articles.search import fields, periods, query

DOCS = Path(__file__).resolve().parents[3] / "docs"
NOW = datetime.datetime(2026, 11, 22, 3, 0, tzinfo=datetime.UTC)


def examples(name: str, heading: str) -> Iterator[str]:
    """The code in the first column of the table under a heading."""
    section = (DOCS / name).read_text(encoding="utf-8").partition(f"{heading}\n")[2]
    for line in section.splitlines():
        if line.startswith("#"):
            return
        if line.startswith("| "):
            first = re.split(r"(?<!\\)\|", line)[1].replace("\\|", "|")
            yield from re.findall(r"`([^`]+)`", first)


@pytest.mark.parametrize(
    "text",
    [*examples("query-language.md", "## In short"), *examples("query-language.ko.md", "# 검색식 요약")],
)
def test_every_query_of_the_overviews_can_be_read(text: str):
    ast = query.parse_query(text)
    assert query.parse_query(query.canonical(ast)) == ast


@pytest.mark.parametrize("text", list(examples("query-language.md", "### Times")))
def test_every_period_of_the_table_can_be_read(text: str):
    period = periods.parse(text)
    assert periods.parse(periods.written(period)) == period
    assert periods.bounds(period, NOW, datetime.UTC) != (None, None)


def test_every_field_has_a_line_in_the_table():
    told = {text.rstrip(":") for text in examples("query-language.md", "## Fields")}
    assert told == set(fields.ALL)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("오늘", "2026-11-22", "2026-11-22"),
        ("이번주", "2026-11-16", "2026-11-22"),
        ("지난 주", "2026-11-09", "2026-11-15"),
        ("last week", "2026-11-09", "2026-11-15"),
        ("지난달", "2026-10-01", "2026-10-31"),
        ("지난 분기", "2026-07-01", "2026-09-30"),
        ("올해 상반기", "2026-01-01", "2026-06-30"),
        ("작년", "2025-01-01", "2025-12-31"),
        ("재작년 4분기", "2024-10-01", "2024-12-31"),
        ("최근 3개월", "2026-08-22", "2026-11-22"),
        ("2026-W12", "2026-03-16", "2026-03-22"),
        ("지난달..오늘", "2026-10-01", "2026-11-22"),
        (">지난주", "2026-11-16", None),
        ("<올해 상반기", None, "2025-12-31"),
        ("next 30 days", "2026-11-22", "2026-12-22"),
    ],
)
def test_words_mean_days(text: str, first: str, last: str | None):
    days = periods.days(periods.parse(text), NOW, datetime.UTC)
    assert [str(day) if day else None for day in days] == [first, last]


def test_days_begin_where_the_reader_is():
    late = datetime.datetime(2026, 11, 22, 20, 0, tzinfo=datetime.UTC)
    seoul = datetime.timezone(datetime.timedelta(hours=9))
    assert str(periods.days(periods.parse("오늘"), late, seoul)[0]) == "2026-11-23"
