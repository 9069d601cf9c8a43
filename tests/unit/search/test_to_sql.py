"""Conditions over the stored articles; that they mean the right thing is tested against PostgreSQL."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.search import query, to_sql
from tests.unit.search import drawn


def test_words_become_one_question_to_the_index():
    condition = to_sql.to_sql(query.parse_query("가 -나 company:LG"))
    assert condition.sql.count("@@") == 1
    assert condition.params == ("(('가' | '~가')) & (!(('나' | '~나')))", "lg")


def test_a_field_is_a_weight():
    condition = to_sql.to_sql(query.parse_query("title:=AI"))
    assert condition.params == ("'AI':A",)


def test_signs_of_a_pattern_stand_for_themselves():
    condition = to_sql.to_sql(query.parse_query('~"100%_"'))
    assert condition.params == ("%100\\%\\_%",) * 2


def test_a_relative_period_needs_to_know_the_time():
    with pytest.raises(ValueError, match="needs the time"):
        to_sql.to_sql(query.parse_query("published:7d"))


@given(st.randoms(use_true_random=False))
def test_every_value_is_a_bound_parameter(random):
    condition = to_sql.to_sql(drawn.draw_query(random), now=drawn.NOW)
    assert condition.sql.count("%") == condition.sql.count("%s") == len(condition.params)
    assert not set(re.findall("'.*?'", condition.sql)) - {"''", "'/'", "'{}'", "'page'"}
