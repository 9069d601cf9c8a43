"""A briefing as text, DOCX and PDF, whatever is written in it."""

import io
import re
import string
import zipfile

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from articles.briefing import document, pdf, plain, word

HOSTILE = [
    '#eval("1")',
    "$x$ *b* _i_ `raw` ~ @ref <label> \\u{41} // /* ",
    "<script>alert(1)</script>&amp;&#x0;",
    "가\x00나\x08다\ud800라\ufffe",
    "\u202eevil\u2066",
    "]]><w:p/>",
    "🙂👩‍👩‍👧 漢字 뷁",
    "=HYPERLINK(1)",
    "가" * 3000,
]


def made(*texts: str, url: str = "https://example.com/a") -> document.Document:
    found = texts or ("가온전지가 1조2000억원을 들여 공장을 짓는다고 22일 밝혔다.",)
    return document.Document(
        title=found[0],
        date="2026년 11월 23일 (월)",
        intro=found[-1],
        sections=tuple(
            document.Section(text[:100], (document.Line(text, text, url), document.Line(text)))
            for text in found
        ),
        language="ko",
        colophon=found[0],
        original="원문",
    )


def words_of_pdf(data: bytes) -> int:
    assert data.startswith(b"%PDF-")
    assert data.rstrip().endswith(b"%%EOF")
    return len(data)


def text_of_docx(data: bytes) -> str:
    return "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(data)).paragraphs)


def test_a_document_comes_back_from_what_is_stored():
    given_one = made("가", "나")
    assert document.from_json(document.to_json(given_one)) == given_one


def test_plain_text_has_sections_lines_and_addresses():
    text = plain.to_text(made("가온전지"))
    assert "[가온전지]\n- 가온전지 (가온전지)\n  https://example.com/a\n- 가온전지\n" in text


def test_a_docx_has_headings_a_list_and_links():
    file = docx.Document(io.BytesIO(word.to_docx(made("가온전지 공장"))))
    styles = [paragraph.style.name for paragraph in file.paragraphs]
    assert styles.count("Heading 1") == 1
    assert styles.count("List Bullet") == 2
    assert file.core_properties.title == "가온전지 공장"
    targets = [link.address for paragraph in file.paragraphs for link in paragraph.hyperlinks]
    assert targets == ["https://example.com/a"]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "//x", ""])
def test_only_addresses_of_the_web_are_linked(url: str):
    assert document.clean(made(url=url)).sections[0].lines[0].url == ""
    file = docx.Document(io.BytesIO(word.to_docx(made(url=url))))
    assert not [link for paragraph in file.paragraphs for link in paragraph.hyperlinks]


def test_an_address_is_written_in_ascii():
    found = document.address('https://example.com/가 나?q=<x>"#이')
    assert re.fullmatch(r"[!-~]+", found)
    assert not set('<>"') & set(found)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_breaks_no_file(text: str):
    words_of_pdf(pdf.to_pdf(made(text)))
    said = text_of_docx(word.to_docx(made(text)))
    assert document.readable(text)[:50] in said
    assert not document.re.search("[\x00-\x08\u202e\u2066]", plain.to_text(made(text)))


@given(st.lists(st.text(max_size=200).filter(str.strip), min_size=1, max_size=4), st.text(max_size=60))
@settings(max_examples=15)
def test_any_text_makes_a_docx_whose_xml_is_whole_and_a_pdf(texts: list[str], url: str):
    made_of = made(*texts, url=f"https://example.com/{url}")
    with zipfile.ZipFile(io.BytesIO(word.to_docx(made_of))) as parts:
        for name in parts.namelist():
            if name.endswith((".xml", ".rels")):
                etree.fromstring(parts.read(name))
    words_of_pdf(pdf.to_pdf(made_of))


def test_markup_in_a_headline_is_shown_as_it_is():
    template = pdf.TEMPLATE.decode()
    assert "eval(" not in template
    plain_one, marked = pdf.to_pdf(made("가나다 라마바")), pdf.to_pdf(made("#pagebreak() #panic()"))
    assert plain_one.count(b"/Type/Page\n") == marked.count(b"/Type/Page\n")


def test_the_same_document_gives_the_same_pdf():
    assert len(pdf.to_pdf(made("가"))) == len(pdf.to_pdf(made("가")))


def test_a_pdf_carries_only_the_letters_it_needs():
    size = words_of_pdf(pdf.to_pdf(made("가나다라")))
    assert size < 60_000
    assert size < words_of_pdf(pdf.to_pdf(made(string.printable + "갸냐댜랴먀뱌샤야쟈챠캬탸퍄햐" * 3)))
