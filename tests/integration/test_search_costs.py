"""What is said before a slow search, from what PostgreSQL has counted."""

import dataclasses

import pytest
from django.db import connection
from django.utils import translation

from articles import search_costs
from articles.search import cost, query
from articles.search.context import Context
from tests import factories

pytestmark = pytest.mark.django_db
CONTEXT = Context(factories.NOW)


@pytest.fixture(autouse=True)
def counted() -> None:
    for number in range(8):
        factories.article(f"{'수소' if number % 2 else '배터리'} {number}", companies=["가온전자"])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE articles_searchrow")
    search_costs._read.cache_clear()


def test_common_words_and_labels_are_counted():
    found = search_costs.frequencies(now=factories.NOW)
    label = f"@c{factories.company('가온전자').pk}"
    assert found.articles == 8
    assert found.shares["수소"] == pytest.approx(0.5)
    assert found.shares[label] == pytest.approx(1.0)


def test_few_articles_are_never_slow_and_many_are_told_of(monkeypatch: pytest.MonkeyPatch):
    tree = query.parse_query("~화학 company:가온전자")
    assert search_costs.warning(tree, CONTEXT) == ""
    many = dataclasses.replace(search_costs.frequencies(now=factories.NOW), articles=1_000_000)
    monkeypatch.setattr(search_costs, "frequencies", lambda now: many)
    assert "1,000,000" in search_costs.warning(tree, CONTEXT)
    with translation.override("ko"):
        assert "기사" in search_costs.warning(tree, CONTEXT)


def test_all_that_can_be_said_can_be_translated():
    assert {cost.LETTER_TEMPLATE, cost.PLACE_TEMPLATE} == set(search_costs.TEMPLATES)


def test_without_statistics_words_are_taken_for_rare():
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM pg_statistic WHERE starelid = 'articles_searchrow'::regclass")
    search_costs._read.cache_clear()
    assert search_costs.frequencies(now=factories.NOW).shares == {}
