"""What is said before a search that would be slow."""

import dataclasses
import datetime

from articles.search import cost, query, tokens
from articles.search.context import Context

NOW = datetime.datetime(2026, 11, 20, tzinfo=datetime.UTC)
CONTEXT = Context(NOW)


def shares(**words: float) -> dict[str, float]:
    """Each word's share under the lexeme of its folded form."""
    return {tokens.lookup(word)[0]: share for word, share in words.items()}


MILLION = cost.Frequencies(
    1_000_000,
    NOW - datetime.timedelta(days=365),
    NOW,
    shares(LG=0.2, 정부=0.5, 시장=0.4, 배터리=0.05, 정책=0.3),
    rest=0.0005,
)
THOUSAND = dataclasses.replace(MILLION, articles=1_000)


def said(text: str, frequencies: cost.Frequencies = MILLION) -> str:
    found = cost.warning(query.parse_query(text), frequencies, CONTEXT)
    return found.message if found else ""


def test_words_and_tags_are_quick_however_common():
    for text in (
        "LG",
        "정부 시장",
        "정부 OR 시장",
        "정부 -시장",
        "company:LG theme:AI published:2026-03",
        "정부*",
    ):
        assert said(text) == "", text


def test_a_part_of_a_word_alone_is_looked_for_in_every_article():
    assert "up to 1,000,000 articles" in said("~화학")
    assert "“~화학”" in said("~화학")


def test_a_rare_word_or_a_company_beside_it_makes_it_quick():
    assert said("~화학 전고체") == ""
    assert said("~화학 company:LG 배터리") == ""


def test_a_common_word_beside_it_helps_too_little():
    assert "up to 200,000 articles" in said("~화학 LG")


def test_a_short_period_makes_it_quick():
    assert said("~화학 published:2d") == ""
    assert said("~화학 published:300d") != ""


def test_in_a_small_collection_nothing_is_slow():
    assert said("~화학 OR url:news", THOUSAND) == ""


def test_the_order_of_very_common_words_is_told_of():
    assert "their places" in said("정부 NEAR/50 시장")
    assert said('"재생 에너지"') == ""


def test_the_more_distances_are_tried_the_longer_it_takes():
    long, short = (
        cost.warning(query.parse_query(text), MILLION, CONTEXT)
        for text in ("정부 NEAR/50 시장", '"정부 시장"')
    )
    assert long.seconds > short.seconds


def test_what_begins_in_the_same_way_is_counted_together():
    assert "up to 500,000 articles" in said("~화학 정부*")


def test_one_side_of_an_or_without_a_word_makes_all_slow():
    assert "up to 1,000,000 articles" in said("전고체 OR ~화학")
