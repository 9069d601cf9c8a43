"""The starter catalogue of feeds."""

import pytest

from articles import catalogue

LINE = "Dailies\tThe Paper\tThe Paper: news\thttps://paper.example/rss\ten\tEurope/London\tyes"


def test_every_group_of_the_newsroom_has_feeds():
    sources = catalogue.read_catalogue()
    assert catalogue.groups(sources) == (
        "Korean dailies",
        "Korean business papers",
        "Korean IT press",
        "Korean bio and health trade press",
        "Korean energy and climate trade press",
        "English tech and AI",
        "English bio and pharma",
        "English clean energy",
    )
    assert min(sum(source.group == group for source in sources) for group in catalogue.groups(sources)) >= 8


def test_a_title_names_one_feed():
    titles = [source.title for source in catalogue.read_catalogue()]
    assert len(titles) == len(set(titles))


def test_korean_outlets_keep_korean_time():
    zones = {source.time_zone for source in catalogue.read_catalogue() if source.language == "ko"}
    assert zones == {"Asia/Seoul"}


def test_a_line_becomes_a_source_and_comments_do_not():
    (source,) = catalogue.parse_catalogue(f"# a comment\n\n{LINE}\n")
    assert source.url == "https://paper.example/rss"
    assert source.fetch_pages


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("https://paper.example/rss", "paper.example/rss", "no http or https address"),
        ("https://paper.example/rss", "ftp://paper.example/rss", "no http or https address"),
        ("https://paper.example/rss", "https://[paper/rss", "no http or https address"),
        ("\ten\t", "\txx\t", "xx is none of en, ko"),
        ("Europe/London", "Europe/Atlantis", "no time zone Europe/Atlantis"),
        ("\tyes", "\tmaybe", "yes or no, not maybe"),
        ("\tyes", "", "seven filled columns"),
        ("The Paper\t", "\t", "seven filled columns"),
    ],
)
def test_a_line_that_cannot_be_used_is_refused_with_its_number(old: str, new: str, complaint: str):
    with pytest.raises(catalogue.CatalogueError, match=f"catalogue.tsv:1: .*{complaint}"):
        catalogue.parse_catalogue(LINE.replace(old, new))


def test_the_same_address_twice_is_refused():
    with pytest.raises(catalogue.CatalogueError, match="line 1 already"):
        catalogue.parse_catalogue(f"{LINE}\n{LINE}")
