import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.stories import prints

NORMS = prints.Norms(1.5, 2.5, 3.5)


def told(title, text=""):
    return prints.take_print(title, text)


def test_a_packed_print_comes_back_as_it_was():
    taken = told("[속보] 가나전자, 다라에 8400억원 투자…5-3 승", "서울에서 홍길동 기자가 전한다. " * 20)
    assert prints.unpack(prints.pack(taken, NORMS)) == (taken, NORMS)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=400), st.text(max_size=900))
def test_any_text_can_be_packed(title, text):
    taken = told(title, text)
    packed = prints.pack(taken, NORMS)
    assert prints.unpack(packed)[0] == taken
    assert len(packed) < 1_000


@pytest.mark.parametrize("packed", [b"", b"\x00", b"\x01", b"\x01" * 40, b"\x02" * 500])
def test_bytes_that_are_no_fingerprint_are_refused(packed):
    with pytest.raises(ValueError, match="fingerprint"):
        prints.unpack(packed)


@pytest.mark.parametrize(
    "title",
    [
        "[속보] 가나전자 신임 대표에 홍길동",
        "가나전자 신임 대표에 홍길동(종합)",
        "가나전자 신임 대표에 홍길동(종합2보)",
        "가나전자, 신임 대표에 홍길동…",
        "가나전자 신임 대표에 홍길동 [영상]",
        "가나전자 신임대표에 홍길동",
        "Breaking: 가나전자 신임 대표에 홍길동",
    ],
)
def test_marks_spaces_and_punctuation_make_no_other_headline(title):
    assert told(title).whole == told("가나전자 신임 대표에 홍길동").whole


def test_conjoining_letters_make_no_other_print():
    title = "가나전자 신임 대표에 홍길동"
    assert told(unicodedata.normalize("NFD", title)) == told(title)


def test_remnants_of_character_references_are_no_words():
    assert told("quot;가나quot; 다라hellip;마바").words == told('"가나" 다라…마바').words


def test_the_byline_is_no_part_of_the_lead():
    lead = "가나전자가 다라에 공장을 짓는다"
    assert told("", f"[서울=뉴스사] 홍길동 기자 = {lead}").lead == told("", lead).lead


def test_the_subject_is_the_first_word_but_not_of_a_quotation():
    assert told("가나전자, 공장 짓는다").topic == prints.hash_of("가나전자")
    assert told("[단독] 가나전자가 공장 짓는다").topic == prints.hash_of("가나전자")
    assert told("“공장 짓는다” 가나전자 발표").topic == 0
    assert told("").topic == 0
