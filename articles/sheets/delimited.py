"""Rows as CSV (RFC 4180), a piece at a time: values in, bytes out.

Spreadsheets run a cell that begins like a formula; such a text gets an apostrophe before it, which they don't show.
"""

import csv
import datetime
from collections.abc import Iterable, Iterator, Sequence

# How Excel tells UTF-8 from the machine's own encoding.
BYTE_ORDER_MARK = "\ufeff"
# A tab or a line's end before them does not keep a spreadsheet from calculating.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")

Cell = str | int | datetime.datetime


class _Lines:
    """What the csv module writes into: hands each line back."""

    def write(self, line: str) -> str:
        return line


def to_csv(rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """The rows as lines of a file, each as it comes."""
    writer = csv.writer(_Lines())
    yield BYTE_ORDER_MARK.encode()
    for row in rows:
        yield str(writer.writerow([text_of(cell) for cell in row])).encode()


def text_of(cell: Cell) -> str:
    """A cell as text that no spreadsheet runs."""
    if isinstance(cell, datetime.datetime):
        return cell.isoformat(sep=" ", timespec="minutes")
    text = str(cell)
    # Full-width signs are folded by some spreadsheets before they look.
    is_formula = isinstance(cell, str) and text.lstrip(" ").translate(_WIDE).startswith(FORMULA_SIGNS)
    return f"'{text}" if is_formula else text


_WIDE = str.maketrans("＝＋－＠", "=+-@")
