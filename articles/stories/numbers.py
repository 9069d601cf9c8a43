"""The numbers of a headline, so that 6만8551명 is 6만8천여명, 4조1926억 is 4.2조, and 28% is not 28명.

Reads digits with Korean units. Must not know what is counted.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

# Smaller numbers are seldom rounded, and told apart by what is counted.
_LEAST_ROUNDED = 100
_PART = r"(\d+(?:,\d{3})*(?:\.\d+)?)(천)?"
_NUMBER = re.compile(
    rf"(?=\d)(?:{_PART}조)?(?: ?{_PART}억)?(?: ?{_PART}만)?"
    rf"(?:(?: (?=\d{{4}}(?![\d,.%조억만천년월])))?{_PART})?(%|[가-힣a-z℃])?"
)
_SCORE = re.compile(r"(?<![\d-])(\d{1,2}) ?(?:-|:|대) ?(\d{1,2})(?![\d-])")
_TURN = re.compile(r"(?<!\d)(\d{1,3}) ?(주차|일차|회차|라운드|차전)")
_DECIMAL = re.compile(r"(?<![\d.,])\d{1,3}\.\d{1,2}(?![\d.,%조억만천])")
_FACTORS = (10**12, 10**8, 10**4, 1)
_LONGEST = 18


def numbers(text: str) -> Iterator[str]:
    """A name for each number of the text; one that may be rounded has two, of which its rounding has one."""
    for found in _NUMBER.finditer(text):
        *parts, unit = found.groups()
        if sum(len(part) for part in parts if part) <= _LONGEST:
            yield from _names(_value(parts), unit or "", rounded=any(parts[:6]) or parts[7] is not None)


def measures(text: str) -> Iterator[tuple[str, str]]:
    """What reports of one event agree in: scores, turns of a series, shares, large amounts, decimals; each with what it
    measures."""
    for score in _SCORE.finditer(text):
        yield "score", f"{score[1]}-{score[2]}"
    for turn in _TURN.finditer(text):
        yield turn[2], turn[1]
    for number in numbers(text):
        if number.endswith("%"):
            yield "share", number
        elif number.isdigit() and len(number) > 4:
            yield "amount", number
    for decimal in _DECIMAL.finditer(text):
        yield "decimal", decimal[0]


def _value(parts: list[str | None]) -> float:
    digits, thousands = parts[::2], parts[1::2]
    return sum(
        float(written.replace(",", "")) * (1000 if thousand else 1) * factor
        for written, thousand, factor in zip(digits, thousands, _FACTORS, strict=True)
        if written
    )


def _names(value: float, unit: str, *, rounded: bool) -> Iterator[str]:
    if unit == "%":
        yield f"{value:.1f}%" if value < 10 else f"{value:.0f}%"
    elif value < _LEAST_ROUNDED or unit == "년":
        yield f"{value:g}{unit}"
    else:
        scale = 10 ** (math.floor(math.log10(value)) - 1)
        yield from {f"{math.floor(value / scale) * scale:.0f}", f"{round(value / scale) * scale:.0f}"}
        if not rounded:
            yield f"={value:g}"
