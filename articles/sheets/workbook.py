"""Rows as an Excel workbook of one sheet (ECMA-376), a piece at a time: values in, bytes out.

The libraries at hand write a workbook when they have all of it; this one is as long as its longest row. Every text is
an inline string, which no spreadsheet runs as a formula. Must not hold more than a few rows.
"""

import datetime
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from xml.sax import saxutils

from articles.sheets import delimited

# What a sheet can hold.
MOST_ROWS = 1_048_576
MOST_CHARACTERS = 32_767
# Rows that are compressed together.
BATCH = 200
# Day 0 of Excel's calendar, as far as days after February 1900 go.
DAY_ZERO = datetime.datetime(1899, 12, 30)  # noqa: DTZ001 - Excel knows no time zones

_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'spreadsheetml.styles+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'spreadsheetml.worksheet+xml"/></Types>'
)
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PARTS = {
    "[Content_Types].xml": _TYPES,
    "_rels/.rels": (
        f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1" Type="{_OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_RELATIONS}">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="Newswatch" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    # Style 1 is a time, style 2 the bold heading.
    "xl/styles.xml": (
        f'<styleSheet xmlns="{_MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/>'
        '</numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
        '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
        '<fills count="1"><fill><patternFill patternType="none"/></fill></fills>'
        '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
        '<cellXfs count="3"><xf/><xf numFmtId="164" applyNumberFormat="1"/><xf fontId="1" applyFont="1"/></cellXfs>'
        "</styleSheet>"
    ),
}
_SHEET = (
    f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>'
)
_TIME, _BOLD = 1, 2


@dataclass
class _Pipe:
    """A file that only goes forward: what was written since the last time is taken out."""

    pieces: list[bytes] = field(default_factory=list)
    place: int = 0

    def write(self, piece: bytes, /) -> int:
        self.pieces.append(bytes(piece))
        self.place += len(piece)
        return len(piece)

    def tell(self) -> int:
        return self.place

    def flush(self) -> None:
        pass

    def close(self) -> None:
        pass

    def take(self) -> bytes:
        taken = b"".join(self.pieces)
        self.pieces.clear()
        return taken


def to_xlsx(rows: Iterable[Sequence[delimited.Cell]]) -> Iterator[bytes]:
    """The rows as pieces of a workbook; the first row is its heading. Rows beyond MOST_ROWS are left out."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, text in _PARTS.items():
            archive.writestr(name, _HEAD + text)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write((_HEAD + _SHEET).encode())
            for number, row in enumerate(rows):
                if number == MOST_ROWS:
                    break
                sheet.write(row_of(row, _BOLD if number == 0 else 0).encode())
                if number % BATCH == BATCH - 1:
                    yield pipe.take()
            sheet.write(b"</sheetData></worksheet>")
    yield pipe.take()


def row_of(row: Sequence[delimited.Cell], style: int) -> str:
    """A row's markup."""
    return f"<row>{''.join(cell_of(cell, style) for cell in row)}</row>"


def cell_of(cell: delimited.Cell, style: int) -> str:
    """A cell's markup: a number, a time by the clock that it is in, or a text."""
    if isinstance(cell, datetime.datetime):
        days = (cell.replace(tzinfo=None) - DAY_ZERO) / datetime.timedelta(days=1)
        return f'<c s="{_TIME}"><v>{days:.6f}</v></c>'
    if isinstance(cell, int):
        return f"<c><v>{cell}</v></c>"
    text = saxutils.escape(readable(cell[:MOST_CHARACTERS]))
    named = f' s="{style}"' if style else ""
    return f'<c t="inlineStr"{named}><is><t xml:space="preserve">{text}</t></is></c>'


def readable(text: str) -> str:
    """The text without what XML 1.0 can't say."""
    return "".join(sign for sign in text if sign in "\t\n" or (sign >= " " and sign not in "\ufffe\uffff"))
