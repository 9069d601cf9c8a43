"""Rows as CSV and as an Excel workbook: whole, safe, and a piece at a time."""

import csv
import datetime
import io
import itertools
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.sheets import delimited, workbook

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
CELLS = st.text(st.characters(codec="utf-8"), max_size=20)


def read_csv(rows: list[list[delimited.Cell]]) -> list[list[str]]:
    text = b"".join(delimited.to_csv(rows)).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def read_xlsx(rows: list[list[delimited.Cell]]) -> list[list[str]]:
    with zipfile.ZipFile(io.BytesIO(b"".join(workbook.to_xlsx(rows)))) as archive:
        sheet = ET.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    return [["".join(cell.itertext()) for cell in row] for row in sheet.iter(f"{MAIN}row")]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1+1"])
def test_a_text_that_begins_like_a_formula_gets_an_apostrophe(text: str):
    assert delimited.text_of(text) == "'" + text


def test_numbers_and_times_are_no_formulas():
    assert delimited.text_of(-1) == "-1"
    assert (
        delimited.text_of(datetime.datetime(2026, 3, 1, 9, 5, tzinfo=datetime.UTC))
        == "2026-03-01 09:05+00:00"
    )


@given(st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=5))
def test_csv_comes_back_as_it_was(rows: list[list[str]]):
    expected = [[delimited.text_of(cell) for cell in row] for row in rows]
    assert read_csv(rows) == [row if row != [""] else [""] for row in expected]


@given(st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=5))
def test_a_workbook_comes_back_without_what_xml_cannot_say(rows: list[list[str]]):
    assert read_xlsx(rows) == [[workbook.readable(cell) for cell in row] for row in rows]


def test_times_are_days_of_excels_calendar():
    rows = read_xlsx([["때"], [datetime.datetime(2026, 1, 1, 12, tzinfo=datetime.UTC)], [3]])
    assert rows == [["때"], ["46023.500000"], ["3"]]


def test_pieces_come_before_all_rows_are_known():
    taken = itertools.count()

    def rows() -> Iterator[list[delimited.Cell]]:
        for number in range(100_000):
            next(taken)
            yield [f"제목 {number}", number]

    for pieces in (delimited.to_csv(rows()), workbook.to_xlsx(rows())):
        before = next(taken)
        for _ in range(3):
            next(pieces)
        assert next(taken) - before < 2000


def test_a_sheet_ends_where_excel_would(monkeypatch):
    monkeypatch.setattr(workbook, "MOST_ROWS", 3)
    monkeypatch.setattr(workbook, "MOST_CHARACTERS", 5)
    assert read_xlsx([["123456789"]] * 9) == [["12345"]] * 3
