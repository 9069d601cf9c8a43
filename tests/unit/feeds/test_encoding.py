import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from articles.feeds import encoding

XML = '<?xml version="1.0"{}?><rss><title>한국 배터리 산업의 미래</title></rss>'
BEYOND_EUC_KR = "<t>똠방각하와 펲시콜라, 믜 뷁</t>"


@pytest.mark.parametrize(
    "label",
    [
        "euc-kr", "EUC_KR", "ks_c_5601-1987", "KSC5601", "ksc_5601", "KS C 5601", "korean", "windows-949", "MS949",
        "cp949", "UHC", "x-windows-949", "x-cp949", "x-euc-kr", "iso-ir-149", "csKSC56011987",
    ],
)  # fmt: skip
def test_korean_is_read_under_every_spelling_of_its_name(label):
    text = XML.format(f' encoding="{label}"')
    decoded = encoding.decode(text.encode("euc-kr"))
    assert (decoded.text, decoded.encoding, decoded.problems) == (text, "euc-kr", ())


@pytest.mark.parametrize(
    "label", ["utf-8", "iso-8859-1", "us-ascii", "windows-1252", "shift_jis", "no-such-thing"]
)
def test_korean_is_read_in_spite_of_a_wrong_declaration(label):
    text = XML.format(f' encoding="{label}"')
    decoded = encoding.decode(text.encode("cp949"))
    assert decoded.text == text
    assert decoded.problems


def test_korean_without_any_declaration_is_recognised():
    assert encoding.decode(XML.format("").encode("cp949")).text == XML.format("")


def test_syllables_beyond_euc_kr_are_read_and_named_for_what_they_are():
    decoded = encoding.decode(BEYOND_EUC_KR.encode("cp949"), content_type="text/xml; charset=euc-kr")
    assert (decoded.text, decoded.encoding) == (BEYOND_EUC_KR, "cp949")


def test_utf8_declared_as_something_else_is_believed_before_its_label():
    text = XML.format(' encoding="euc-kr"')
    decoded = encoding.decode(text.encode())
    assert (decoded.text, decoded.encoding) == (text, "utf-8")
    assert decoded.problems == ("declared as cp949 but written in utf-8",)


def test_utf8_with_a_stray_byte_stays_utf8():
    decoded = encoding.decode(XML.format("").encode() + b"\xff")
    assert decoded.encoding == "utf-8"
    assert "1 broken UTF-8 characters" in decoded.problems[0]


def test_utf8_cut_in_the_middle_of_a_character_stays_utf8():
    assert encoding.decode("<t>한국".encode()[:-1]).text.startswith("<t>한")


def test_korean_cut_in_the_middle_of_a_character_stays_korean():
    assert encoding.decode(XML.format("")[:40].encode("cp949")[:-1]).text.startswith(XML.format("")[:38])


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_decides(codec):
    text = XML.format(' encoding="euc-kr"')
    assert encoding.decode(text.encode(codec)).text == text


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf16_is_seen_without_a_mark(codec):
    decoded = encoding.decode(XML.format("").encode(codec))
    assert (decoded.text, decoded.encoding) == (XML.format(""), codec)


def test_western_european_is_not_taken_for_korean():
    text = '<?xml version="1.0" encoding="ISO-8859-1"?><t>Diputación de Valéncia, Öl für “Überraschung”</t>'
    decoded = encoding.decode(text.encode("cp1252"))
    assert (decoded.text, decoded.encoding) == (text, "windows-1252")


def test_japanese_and_chinese_are_read_as_declared():
    japanese = '<?xml version="1.0" encoding="Shift_JIS"?><t>日本の電池</t>'
    chinese = '<?xml version="1.0" encoding="gb2312"?><t>中国的电池产业</t>'
    assert encoding.decode(japanese.encode("cp932")).text == japanese
    assert encoding.decode(chinese.encode("gb18030")).text == chinese


@given(st.binary(max_size=300), st.text(max_size=40))
def test_any_bytes_become_text(data, content_type):
    assert isinstance(encoding.decode(data, content_type=content_type).text, str)


@given(st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=1, max_size=200))
def test_hangul_comes_back_whole_from_cp949_without_a_label(text):
    markup = f"<title>{text}</title>"
    data = markup.encode("cp949")
    assume(not is_utf8(data))
    assert encoding.decode(data).text == markup


def is_utf8(data):
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def test_bytes_that_are_utf8_too_are_read_as_utf8():
    # Nothing tells a lone 홈 in CP949 from a Ȩ in UTF-8; a text of some words is never both.
    assert encoding.decode("<title>홈</title>".encode("cp949")).encoding == "utf-8"
