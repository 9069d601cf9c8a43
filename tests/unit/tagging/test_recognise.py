"""The whole recognition: offsets, hostile input, the JSON shape, and the seed article."""

import functools
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.tagging import inspect, recognise, watchlist
from tests.shared import SHARED, needs_shared


@functools.cache
def recogniser() -> recognise.Recogniser:
    return recognise.Recogniser(watchlist.shipped())


_PIECES = st.sampled_from(
    [
        "LG화학",
        "삼성전자는 ",
        "대상",
        "SKT",
        "\x00",
        "😀",
        "İ",
        "ß",
        " ",
        "\n",
        "인공지능",
        "Apple's ",
        "꺾고 3연승. ",
        "(주)",
    ]
)
_TEXTS = st.lists(_PIECES | st.text(max_size=5), max_size=20).map("".join)


@settings(deadline=None)
@given(title=_TEXTS, text=_TEXTS, decomposed=st.booleans())
def test_offsets_always_point_at_the_text_given(title: str, text: str, decomposed: bool):
    if decomposed:
        title, text = unicodedata.normalize("NFD", title), unicodedata.normalize("NFD", text)
    fields = {"title": title, "text": text}

    found = recogniser().recognise(recognise.Document("1", title, text))

    places = [mention for tag in (*found.companies, *found.themes) for mention in tag.mentions]
    for mention in (*places, *found.sports):
        assert fields[mention.field][mention.start : mention.end] == mention.text
        assert mention.text


def test_a_name_in_conjoining_letters_is_found_where_it_stands():
    text = unicodedata.normalize("NFD", "어제 네이버는")

    (tag,) = recogniser().recognise(recognise.Document("1", "", text)).companies

    assert tag.name == "네이버"
    assert unicodedata.normalize("NFC", tag.mentions[0].text) == "네이버"


@pytest.mark.parametrize(
    "filling",
    [
        "가",
        "LG",
        "대상 ",
        "\x00",
        "😀",
        "A",
        "((",
        "삼성·",
        "Target's ",
        "Gap, a ",
        "기아·대상·",
        "랩세트럴 랩센트럴 ",
    ],
)
def test_a_text_that_is_no_article_is_cut_and_answered(filling: str):
    text = filling * (5_000_000 // len(filling))

    found = recogniser().recognise(recognise.Document("1", "", text))

    assert all(mention.end <= recognise.LONGEST for tag in found.companies for mention in tag.mentions)


def test_the_json_shape_is_the_documented_one():
    line = {"id": "a1", "title": "LG전자 AI 반도체 개발", "text": None, "published": None}

    described = inspect.describe(line, recogniser())

    assert list(described) == ["id", "language", "companies", "themes", "dates"]
    assert (described["id"], described["language"], described["dates"]) == ("a1", "ko", [])
    (company,) = described["companies"]
    assert list(company) == ["name", "aliases", "confidence", "evidence"]
    assert company["evidence"] == [{"field": "title", "start": 0, "end": 4, "text": "LG전자"}]
    assert [theme["name"] for theme in described["themes"]] == ["AI"]


def test_a_line_without_title_or_text_is_empty_but_answered():
    assert inspect.describe({"id": 7}, recogniser())["companies"] == []


@pytest.mark.parametrize("line", [{"id": 1, "title": 5}, {"id": 1, "text": ["LG"]}, [1, 2], "LG"])
def test_a_line_of_another_shape_is_refused(line: object):
    with pytest.raises(ValueError, match=r"string|object"):
        inspect.describe(line, recogniser())  # type: ignore[arg-type]


@pytest.mark.parametrize("published", ["yesterday", 5, "", "2023-08-24T10:00:00+09:00"])
def test_an_odd_publication_time_does_no_harm(published: object):
    line = {"id": 1, "title": "네이버", "published": published}

    assert inspect.describe(line, recogniser())["companies"][0]["name"] == "네이버"


@needs_shared
def test_the_seed_article_names_its_companies_and_nobody_else():
    lines = (SHARED / "seed" / "article.txt").read_text(encoding="utf-8").splitlines()
    described = inspect.describe({"id": 1, "title": lines[0], "text": "\n\n".join(lines[8:20])}, recogniser())

    names = {company["name"]: company["aliases"] for company in described["companies"]}
    assert names.keys() - {"LG AI연구원"} == {
        "LG", "LG화학", "LG전자", "아베오", "다나파버", "랩센트럴", "벡터연구소", "자나두",
    }  # fmt: skip
    assert "랩세트럴" in names["랩센트럴"]
    assert "백터연구소" in names["벡터연구소"]
    assert {theme["name"] for theme in described["themes"]} == {"AI", "Bio", "Cleantech"}
