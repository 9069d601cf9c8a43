"""Bytes to text: what is declared is a hint."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.pages import decode

TEXT = "<p>한빛전자, 똠방각하 펲시콜라 — 배터리를 만든다</p>"


@pytest.mark.parametrize(
    "declared", ["", "utf-8", "euc-kr", "ks_c_5601-1987", "iso-8859-1", "shift_jis", "nonsense", "hex"]
)
@pytest.mark.parametrize("real", ["utf-8", "cp949", "utf-8-sig", "utf-16"])
def test_korean_bytes_are_read_whatever_is_declared(real, declared):
    text = TEXT.replace("—", "-")

    assert decode.decode(text.encode(real), content_type=f"text/html; charset={declared}") == text


def test_a_meta_tag_declares_too():
    page = '<meta http-equiv="Content-Type" content="text/html; charset=gb2312"><p>新能源汽车销量增长</p>'

    assert decode.decode(page.encode("gb18030")) == page


def test_western_bytes_are_read_as_declared():
    page = "<p>Café für naïve façades, señor. Größe, Übung, déjà vu.</p>"

    assert decode.decode(page.encode("cp1252"), content_type="text/html; charset=ISO-8859-1") == page


def test_a_page_cut_inside_a_letter_keeps_the_rest():
    assert decode.decode("가나다".encode()[:-1]) == "가나"


def test_a_page_with_one_broken_byte_stays_utf8():
    broken = TEXT.encode() * 20 + b"\xff" + TEXT.encode() * 20

    assert decode.decode(broken).count("한빛전자") == 40


@given(st.binary(max_size=200), st.text(max_size=30))
def test_no_bytes_raise(data, content_type):
    assert isinstance(decode.decode(data, content_type=content_type), str)
