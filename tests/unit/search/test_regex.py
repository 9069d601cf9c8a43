"""Regular expressions that both engines read alike; that they do is tested against PostgreSQL."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.search import regex


def found(pattern: str, text: str, flags: str = "") -> list[str]:
    return [text[start:end] for start, end in regex.find(text, regex.compile_pattern(pattern, flags), 100)]


@pytest.mark.parametrize(
    ("pattern", "text", "pieces"),
    [
        ("LG\\w+", "LG화학, LG 전자", ["LG화학"]),
        ("\\bAI\\b", "AI를 AIDS", ["AI"]),
        ("3.5", "3.5% 3\n5", ["3.5"]),
        ("^가|나$", "가나 가나", ["가", "나"]),
        ("[^가-힣 ]+", "가 LG 나", ["LG"]),
        ("a{2,3}", "aaaa", ["aaa"]),
        ("대한", "\u1103\u1162\u1112\u1161\u11ab민국", ["\u1103\u1162\u1112\u1161\u11ab"]),
    ],
)
def test_a_pattern_is_found(pattern: str, text: str, pieces: list[str]):
    assert found(pattern, text) == pieces


def test_capitals_count_unless_told_otherwise():
    assert found("lg", "LG lg") == ["lg"]
    assert found("[K-M]G", "LG lg ＬＧ", "i") == ["LG"]
    assert found("straße", "STRAßE", "i") == ["STRAßE"]


@pytest.mark.parametrize(
    ("pattern", "position"),
    [
        ("a(?<=b)", 1),
        ("(a)\\1", 3),
        ("a{300}", 1),
        ("((a{99}){99})b", 0),
        ("[b-a]", 1),
        ("a**", 2),
        ("\\p{L}", 0),
    ],
)
def test_what_the_engines_would_read_differently_is_refused_at_its_place(pattern: str, position: int):
    with pytest.raises(regex.RegexError) as caught:
        regex.compile_pattern(pattern)
    assert caught.value.position == position


@given(st.text(alphabet="ab가[]()|*+?{}2,\\dw.^$-:=!/é", max_size=14))
def test_any_text_is_a_pattern_or_an_error(text: str):
    position, compiled = read(text)
    assert (compiled and compiled.postgres) or 0 <= position <= len(text) + 1


def read(text: str) -> tuple[int, regex.Compiled | None]:
    """The pattern; if it is none, the position of the error."""
    try:
        return 0, regex.compile_pattern(text)
    except regex.RegexError as error:
        return error.position, None
