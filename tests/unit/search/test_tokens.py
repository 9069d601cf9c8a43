"""What a text's words are found under."""

import re
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.search import tokens
from tests.unit.search import drawn


def is_found(word: str, text: str) -> bool:
    """Whether a query's single word finds a text."""
    return any(lexeme in tokens.index("", text).postings for lexeme in tokens.lookup(word))


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("인공지능", "인공지능을 인공지능이 인공지능에서도"),
        ("인공지능", "생성형인공지능"),
        ("인공지능", "생성형인공지능에서도"),
        ("인공지능", "인공지능기술이"),
        ("삼성전자", "삼성전자가"),
        ("LG", "LG가"),
        ("LG", "LG그룹의"),
        ("lg", "ＬＧ는"),
        ("AI", "생성형AI가"),
        ("AI", "AI서비스로"),
        ("하이닉스", "SK하이닉스가"),
        ("배터리", "폐배터리를"),
        ("로봇", "협동로봇"),
        ("대통령", "尹대통령"),
        ("대만", "대만은"),
        ("고양이", "고양이가"),
        ("고양이", "길고양이"),
        ("투자", "투자했다"),
        ("상용화", "상용화된"),
        ("제주", "제주서"),
        ("암", "암을"),
        ("R&D", "R&D를"),
        ("r&d", "삼성R＆D센터, R＆D"),
        ("C++", "C++로"),
        ("c#", "C#은"),
        ("café", "cafe"),
        ("cafe", "CAFE\u0301"),
        ("running", "run"),
        ("run", "Running"),
        ("company", "companies"),
        ("companies", "company’s"),
        ("charging", "charge"),
        ("battery", "Batteries"),
        ("EV", "EVs"),
        ("EVs", "evs EVS EV"),
        ("chips", "CHIPS"),
        ("aids", "AIDS"),
        ("인공지능을", "인공지능이"),
        ("반도체에서도", "반도체를"),
        ("AI를", "AI는"),
        ("Disney", "Disney+"),
        ("STRASSE", "straße"),
        ("인공지능", unicodedata.normalize("NFD", "인공지능이")),
    ],
)
def test_a_word_is_found_in_its_forms_and_compounds(word: str, text: str):
    for part in text.split():
        if part.endswith(","):
            continue
        assert is_found(word, part), part


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("LG", "ALGO"),
        ("LG", "LG화학"),
        ("LG", "LG유플러스는"),
        ("LG", "LGU+"),
        ("화학", "LG화학"),
        ("삼성", "삼성전자가"),
        ("카카오", "카카오뱅크"),
        ("전문", "전문가"),
        ("C", "C++"),
        ("C", "C#"),
        ("R", "R&D"),
        ("AIDS", "aid"),
        ("김정은", "김정이"),
        ("고양이", "고양은"),
        ("new", "news"),
        ("10", "10만"),
        ("str", "string"),
        ("회", "회의"),
    ],
)
def test_a_word_is_not_found_in_another_word(word: str, text: str):
    assert not is_found(word, text)


def test_an_exact_lookup_finds_the_word_as_it_is_written_alone():
    found = tokens.index("", "LG가 LG화학 lg").postings
    assert tokens.lookup("LG", exact=True) == ("LG",)
    assert "LG" not in found
    assert "lg" in found


def test_title_lead_and_body_have_their_weights():
    index = tokens.index("제목", "첫 문단\n \n둘째 문단")
    assert index.weights == ["A", "B", "B", "D", "D"]


def test_a_text_of_one_paragraph_is_all_lead():
    assert tokens.lead_end("  한 줄\n또 한 줄") == len("  한 줄\n또 한 줄")


def test_leading_blank_lines_are_not_a_paragraph():
    assert tokens.lead_end("\n\n첫\n\n둘") == 3


def test_the_text_begins_far_after_the_title():
    index = tokens.index("제목", "본문")
    assert index.positions == [1, 2 + tokens.FIELD_GAP]


def test_a_tsvector_names_positions_and_weights():
    assert tokens.tsvector_literal(tokens.index("AI", "")) == "'AI':1A '~ai':1A"


def test_so_does_one_in_binary_form():
    ai, folded = b"AI\0" + b"\0\1" + b"\xc0\1", b"~ai" + b"\0" + b"\0\1" + b"\xc0\1"
    assert tokens.to_tsvector("AI", "") == b"\0\0\0\2" + ai + folded


def test_labels_are_lexemes_without_positions():
    assert tokens.labelled(tokens.to_tsvector("", ""), ["@o1", "@o1"]) == b"\0\0\0\1" + b"@o1\0" + b"\0\0"


def read_literal(literal: str) -> dict[str, list[str]]:
    """A tsvector's lexemes and places."""
    return {
        lexeme: [place if place[-1] in "ABC" else place.rstrip("D") for place in written.split(",")]
        for lexeme, written in re.findall(r"'((?:[^']|'')*)':(\S+)", literal)
    }


def read_vector(vector: bytes) -> dict[str, list[str]]:
    """The same of its binary form."""
    found, at = {}, 4
    for _ in range(int.from_bytes(vector[:4])):
        end = vector.index(b"\0", at)
        first, last = end + 3, end + 3 + 2 * int.from_bytes(vector[end + 1 : end + 3])
        places = [int.from_bytes(vector[place : place + 2]) for place in range(first, last, 2)]
        found[vector[at:end].decode()] = [
            f"{place & 0x3FFF}{' CBA'[place >> 14].strip()}" for place in places
        ]
        at = last
    assert at == len(vector)
    return found


def test_no_word_has_a_lexeme_that_had_to_be_quoted():
    every_character = " ".join(f"{char}a{char}" for char in map(chr, range(sys.maxunicode + 1)))
    found = {lexeme for word in tokens.words(every_character) for lexeme in tokens.lexemes(word.text)}
    assert len(found) > 100_000
    assert not set("'\\") & set().union(*found)


@given(st.randoms(use_true_random=False))
def test_a_tsvector_made_without_offsets_is_that_of_the_index(random):
    title, text = drawn.draw_text(random, 6), drawn.draw_text(random, 60)
    whole = tokens.tsvector_literal(tokens.index(title, text))
    assert read_vector(tokens.to_tsvector(title, text)) == read_literal(whole)


@pytest.mark.parametrize(
    "text",
    [
        "말 " * 300,
        "말은 말이 말도 " * 120,
        "R&D " + "말은 말이 " * 20,
        "가 나 " * 9_000,
        " ".join(map(str, range(6_000))),
    ],
)
def test_a_long_text_keeps_the_limits_with_and_without_offsets(text):
    whole = tokens.tsvector_literal(tokens.index("", text))
    assert read_vector(tokens.to_tsvector("", text)) == read_literal(whole)


def test_a_quotation_mark_cannot_leave_the_literal():
    assert tokens.quoted("it's\\") == "'it''s\\\\'"


def test_a_lexeme_keeps_as_many_positions_as_postgresql_does():
    index = tokens.index("", "자주 " * 300)
    assert len(index.postings["자주"]) == tokens.MOST_POSITIONS


def test_positions_beyond_the_last_are_the_last():
    index = tokens.index("", "낱말 " * 20_000)
    assert max(index.positions) == tokens.LAST_POSITION


def test_an_endless_word_is_cut():
    index = tokens.index("", "가" * 100_000)
    assert all(len(lexeme) <= tokens.LONGEST_WORD + 1 for lexeme in index.postings)
    assert is_found("가" * 100_000, "가" * 100_000)


@given(st.text(max_size=200))
def test_words_are_pieces_of_the_text_in_order(text: str):
    end = 0
    for word in tokens.words(text):
        assert word.start >= end
        assert text[word.start : word.end] == word.text != ""
        end = word.end


@given(st.text(max_size=200))
def test_every_word_of_a_text_finds_it(text: str):
    for word in tokens.words(text):
        assert is_found(word.text, text)


@given(st.text(alphabet="abcdeingrsu", min_size=1, max_size=8))
def test_case_does_not_count(word: str):
    for written in (word, word.upper(), word.title(), word.upper() + "s"):
        assert is_found(written, written.upper())
        assert is_found(written, written.lower())


@given(st.text(max_size=60))
def test_a_word_alone_is_one_word(text: str):
    for word in tokens.words(text):
        assert [again.text for again in tokens.words(word.text)] == [word.text]


@given(st.text(alphabet="가은는이에서도LGai&+ ", max_size=60))
def test_a_word_has_a_limited_number_of_lexemes(text: str):
    for word in tokens.words(text):
        assert 1 <= len(tokens.lexemes(word.text)) <= tokens.MOST_LEXEMES_A_WORD


@given(st.text(alphabet="abcdeginrsuy", min_size=1, max_size=12))
def test_a_stem_is_never_longer_than_its_word_and_never_empty(word: str):
    assert 0 < len(tokens.stem(word)) <= len(word)


REGIONS = st.lists(
    st.tuples(st.sampled_from(["caption", "quote"]), st.text(alphabet="가나는 LGai&+.\n", max_size=60)),
    max_size=4,
)


@given(st.text(max_size=40), st.text(max_size=200), REGIONS)
def test_the_lexemes_of_a_document_are_those_of_its_index(
    title: str, text: str, regions: list[tuple[str, str]]
):
    assert tokens.lexemes_of(title, text, regions) == tokens.index(title, text, regions).postings.keys()


@pytest.mark.parametrize("words", [400, 3_000, 20_000])
def test_so_they_are_in_a_long_document(words: int):
    text = " ".join(f"낱말{number}에서" for number in range(words))
    caption = [("caption", text)]
    assert tokens.lexemes_of("제목", text, caption) == tokens.index("제목", text, caption).postings.keys()


def test_a_position_stands_once_under_a_lexeme():
    """The server refuses what has one twice; a sentence without words begins where the next one does."""
    places = read_vector(tokens.to_tsvector("", "앞. … … !\n\n? 뒤. 끝"))[".0"]
    assert places == list(dict.fromkeys(places))
