"""What the pure core says went wrong is told in the reader's language."""

import re

import pytest
from django.utils import translation

from articles import problem_words
from articles.feeds import listing, opml, parse

PLACE = re.compile(r"%\((\w+)\)s")


@pytest.mark.parametrize("sentence", problem_words.SENTENCES)
def test_every_sentence_is_told_in_korean_with_what_stands_in_its_places(sentence: str):
    values = {name: f"<{number}>" for number, name in enumerate(PLACE.findall(sentence))}
    with translation.override("ko"):
        told = problem_words.translated(sentence % values)
    assert re.search("[가-힣]", told)
    assert all(value in told for value in values.values())


def test_a_sentence_that_is_not_known_stays_as_it_is():
    with translation.override("ko"):
        assert problem_words.translated("something new: 100%(odd)s") == "something new: 100%(odd)s"


def test_what_readers_really_say_is_known():
    said = []
    for attempt in (
        lambda: parse.parse_feed(b""),
        lambda: parse.parse_feed(b"<html><body>x</body></html>"),
        lambda: parse.parse_feed(b"<a/>"),
        lambda: parse.parse_feed(b"plain"),
        lambda: parse.parse_feed(b"{}"),
        lambda: parse.parse_feed(b"{"),
        lambda: parse.parse_feed(b"<rss/>"),
        lambda: parse.parse_feed(b"<sitemapindex><sitemap><loc>http://a.kr/1</loc></sitemap></sitemapindex>"),
        lambda: parse.parse_feed(b" " * (parse.LARGEST_FEED + 1)),
        lambda: listing.parse_listing(b"<p>x</p>", url="http://a.kr", selector="a"),
        lambda: listing.parse_listing(b"<p>x</p>", url="http://a.kr", selector="a["),
        lambda: listing.parse_listing(b"{}", url="http://a.kr", selector="a"),
        lambda: opml.parse_opml(b"<a/>"),
    ):
        with pytest.raises((parse.UnreadableFeed, opml.UnreadableOpml)) as raised:
            attempt()
        said.append(str(raised.value))
    with translation.override("ko"):
        assert [text for text in said if not re.search("[가-힣]", problem_words.translated(text))] == []


def test_several_problems_are_each_told():
    said = "3 bare ampersands; the file ends in the middle; what came before the cut was read; unheard of; x"
    with translation.override("ko"):
        told = problem_words.translated(said)
        parts = [
            problem_words.translated(one) for one in ("3 bare ampersands", parse_cut(), "unheard of", "x")
        ]
    assert told == "; ".join(parts)
    assert not re.search("ampersands|the cut", told)


def parse_cut() -> str:
    return "the file ends in the middle; what came before the cut was read"


def test_a_reason_within_a_problem_is_told_too():
    with translation.override("ko"):
        told = problem_words.translated("the page could not be read: this is no web page")
    assert "web page" not in told


def test_what_can_not_be_translated_keeps_every_word():
    with translation.override("ko"):
        assert problem_words.translated("a; b;; c;") == "a; b;; c;"
        assert problem_words.translated("") == ""
