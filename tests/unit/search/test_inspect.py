"""What the plumbing command prints about a query."""

import pytest

from articles.search import inspect, query


def test_the_first_line_is_the_canonical_query():
    assert inspect.describe("a AND (b | c)") == {"query": "a (b OR c)"}


def test_a_bad_query_is_described_with_the_place_of_the_error():
    described = inspect.describe("a (b")
    assert described["position"] == 2
    assert "parenthesis" in described["error"]


def test_a_document_is_described_with_its_spans():
    values = {
        "id": 7,
        "title": "LG가",
        "text": None,
        "companies": ["LG"],
        "published": "2026-03-01T00:00:00Z",
    }
    assert inspect.describe_document(query.parse_query("LG company:LG published:2026"), values) == {
        "id": 7,
        "match": True,
        "spans": [{"field": "title", "start": 0, "end": 2, "text": "LG"}],
    }


def test_a_document_that_does_not_match_has_no_spans():
    assert inspect.describe_document(query.parse_query("SK"), {"id": "x"}) == {
        "id": "x",
        "match": False,
        "spans": [],
    }


@pytest.mark.parametrize(
    "values", [[], {}, {"id": 1, "title": 2}, {"id": 1, "companies": "LG"}, {"id": 1, "published": "soon"}]
)
def test_a_document_of_the_wrong_kind_is_refused_with_a_reason(values):
    with pytest.raises(ValueError, match=r"document|must be"):
        inspect.read_document(values)
