"""Which tags a query asks for."""

import pytest

from alerts.matching import evidence
from articles.search import query


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("배터리", set()),
        ("company:LG화학", {("company", "lg화학")}),
        ("배터리 (theme:Bio OR company:LG화학)", {("theme", "bio"), ("company", "lg화학")}),
        ("배터리 -company:LG화학", set()),
        ("lang:ko 배터리", set()),
    ],
)
def test_tags_are_those_that_the_query_wants(text, tags):
    assert evidence.tags_asked_for(query.parse_query(text)) == tags
