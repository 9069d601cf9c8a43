"""A briefing as a DOCX, which Word, Hangul Office and LibreOffice open: headings, lists and links as such.

Must not set a look that the reader's own template would have to fight: it is to be edited.
"""

import datetime
import io
from typing import Any

import docx
from docx import shared
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, ns

from articles.briefing import document

# What Windows and macOS have; others take what they have instead.
KOREAN_FONT, LATIN_FONT = "맑은 고딕", "Calibri"
INK, QUIET, ACCENT = (
    shared.RGBColor(0x1D, 0x23, 0x26),
    shared.RGBColor(0x59, 0x61, 0x67),
    shared.RGBColor(0x0B, 0x65, 0x73),
)
LANGUAGES = {"ko": "ko-KR", "en": "en-US"}
# The package's own template names a person and a day in 2013.
EPOCH = datetime.datetime(2000, 1, 1)  # noqa: DTZ001 - the format has no zone


def to_docx(made: document.Document) -> bytes:
    """The document as the bytes of a file. The same document gives the same text, not the same bytes."""
    made = document.clean(made)
    file = docx.Document()
    prepare(file, made)
    heading = file.add_heading(made.title, level=0)
    heading.paragraph_format.space_after = shared.Pt(2)
    if made.date and made.date not in made.title:
        quiet(file.add_paragraph(), made.date, size=10)
    for part in filter(str.strip, made.intro.split("\n")):
        file.add_paragraph(part)
    for section in made.sections:
        if section.heading and section.lines:
            file.add_heading(section.heading, level=1)
        for line in section.lines:
            add_line(file, line, made.original)
    if made.colophon:
        quiet(file.add_paragraph(), made.colophon, size=8)
    written = io.BytesIO()
    file.save(written)
    return written.getvalue()


def prepare(file: Any, made: document.Document) -> None:
    """Set fonts, margins, language and what the file says of itself."""
    for section in file.sections:
        section.page_width, section.page_height = shared.Mm(210), shared.Mm(297)
        section.left_margin = section.right_margin = shared.Mm(24)
        section.top_margin = section.bottom_margin = shared.Mm(22)
    sizes = {"Normal": 10.5, "Title": 22, "Heading 1": 13, "List Bullet": 10.5}
    for name, size in sizes.items():
        style = file.styles[name]
        style.font.size, style.font.name = shared.Pt(size), LATIN_FONT
        properties = style.element.get_or_add_rPr()
        fonts = properties.get_or_add_rFonts()
        # A theme's font would win.
        for attribute in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(ns.qn(f"w:{attribute}"), None)
        fonts.set(ns.qn("w:eastAsia"), KOREAN_FONT)
        fonts.set(ns.qn("w:hAnsi"), LATIN_FONT)
    file.styles["Title"].font.color.rgb = INK
    file.styles["Heading 1"].font.color.rgb = ACCENT
    language = OxmlElement("w:lang")
    code = LANGUAGES.get(made.language, "ko-KR")
    language.set(ns.qn("w:val"), code)
    language.set(ns.qn("w:eastAsia"), code)
    file.styles["Normal"].element.get_or_add_rPr().append(language)
    told = file.core_properties
    told.title, told.author, told.comments, told.language = made.title[:255], "Newswatch", "", code
    told.created = told.modified = EPOCH


def add_line(file: Any, line: document.Line, original: str) -> None:
    """A line of the list: what is said, and below it who says so, with a link."""
    paragraph = file.add_paragraph(style="List Bullet")
    paragraph.paragraph_format.space_after = shared.Pt(6)
    paragraph.add_run(line.text)
    if not (line.source or line.url):
        return
    paragraph.add_run().add_break()
    quiet(paragraph, line.source)
    if line.url:
        quiet(paragraph, " · " if line.source else "")
        link(paragraph, original or line.url, line.url)


def quiet(paragraph: Any, text: str, *, size: float = 9) -> None:
    """Words that stand back."""
    run = paragraph.add_run(text)
    run.font.size, run.font.color.rgb = shared.Pt(size), QUIET


def link(paragraph: Any, text: str, url: str) -> None:
    """A link, which the package can read but not write."""
    element = OxmlElement("w:hyperlink")
    element.set(ns.qn("r:id"), paragraph.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run = paragraph.add_run(text)
    run.font.size, run.font.color.rgb, run.font.underline = shared.Pt(9), ACCENT, True
    element.append(run._r)
    paragraph._p.append(element)
