"""Which headlines are those of templated items: weather, deaths, appointments, fortunes, market reports, photographs.

Such items share their words with every other of their kind without telling the same story. Knows phrases, not
outlets; must not compare two articles.
"""

from __future__ import annotations

import re
from enum import IntEnum


class Kind(IntEnum):
    """What a headline promises. The numbers are stored in fingerprints: never renumber."""

    NEWS = 0
    WEATHER = 1
    PEOPLE = 2
    FORTUNE = 3
    MARKET = 4
    PICTURE = 5
    COLUMN = 6
    LISTING = 7


_OPEN, _CLOSE = r"[\[<〈【(《]\s*", r"\s*[\])>〉】》]"
_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        Kind.WEATHER,
        re.compile(
            rf"(?:오늘|내일|주말|이번 주|출근길)의?\s?날씨|{_OPEN}[^\])]{{0,6}}날씨[^\])]{{0,6}}{_CLOSE}|^날씨"
        ),
    ),
    (
        Kind.PEOPLE,
        re.compile(rf"{_OPEN}(?:부고|부음|인사|동정|인사동정|결혼|알림|모집){_CLOSE}|^(?:부고|부음|인사)\b"),
    ),
    (Kind.FORTUNE, re.compile(r"(?:오늘|내일|주간|이번 주|띠별)의?\s?(?:띠별\s?)?(?:운세|별자리)")),
    (Kind.MARKET, re.compile(rf"{_OPEN}(?:[^\])]{{0,8}}(?:시황|환율|증시|마감|개장)[^\])]{{0,4}}){_CLOSE}")),
    (
        Kind.PICTURE,
        re.compile(rf"{_OPEN}(?:[^\])]{{0,6}}(?:포토|사진|화보|만평|그림판)[^\])]{{0,8}}){_CLOSE}"),
    ),
    (
        Kind.COLUMN,
        re.compile(rf"{_OPEN}(?:[^\])]{{0,8}}(?:사설|칼럼|시론|기고|논단|광장|만물상)[^\])]{{0,4}}){_CLOSE}"),
    ),
)


def kind_of(title: str) -> Kind:
    """What the headline promises. Only its first characters are looked at."""
    head = title[:300]
    return next((kind for kind, pattern in _KINDS if pattern.search(head)), Kind.NEWS)
