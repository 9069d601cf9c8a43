"""Which headlines are those of templated items: weather, deaths, appointments, fortunes, market reports, photographs.

Such items share their words with every other of their kind without telling the same story. Knows phrases, not
outlets; must not compare two articles.
"""

from __future__ import annotations

import re
from enum import IntEnum

LONGEST_HEADLINE = 300


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


# What stands in brackets before or after a headline: 〔오늘의 날씨〕, 〔사설〕. Words of the label, anywhere in it.
_LABEL = re.compile(r"[\[<〈【《]([^\[\]<>〈〉【】《》]{1,30})[\]>〉】》]")
_LABELS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (Kind.WEATHER, re.compile(r"날씨|기상정보|미세먼지")),
    (
        Kind.PEOPLE,
        re.compile(r"부고|부음|궂긴|인사(?!이)|동정|결혼|화촉|승진|알림|알립니다|전합니다|모집|people"),
    ),
    (Kind.FORTUNE, re.compile(r"운세|별자리|사주|타로")),
    (Kind.MARKET, re.compile(r"시황|환율|증시|마감|개장|특징주|주식|코스피|코스닥")),
    (
        Kind.PICTURE,
        re.compile(r"포토|사진|화보|만평|그림판|카툰|한 ?컷|갤러리|\bpics?\b|\bphotos?\b|o! star"),
    ),
    (
        Kind.COLUMN,
        re.compile(
            r"사설|칼럼|시론|기고|논단|광장|시평|시선|에세이|수첩|메모|단상|횡설수설|만물상|여적|유레카|설왕설래|"
            r"시각|세상읽기|column|opinion|editorial|독자 ?마당|발언대|포럼|서평|책|신간|새로 나온|book"
        ),
    ),
    (
        Kind.LISTING,
        re.compile(
            r"오늘의|내일의|이번 ?주|하이라이트|브리핑|일정|기록실|선발투수|지표|솎아보기|퀴즈|팔면봉|간추린|헤드라인"
        ),
    ),
)
_PHRASES: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        Kind.WEATHER,
        re.compile(
            r"(?:오늘|내일|모레|주말|주간|이번 ?주|출근길|퇴근길)의? ?(?:전국 ?)?(?:날씨|기온)|^\W*날씨\b"
        ),
    ),
    (Kind.PEOPLE, re.compile(r"(?:오늘|내일)의 ?(?:부고|인사|동정|인물|생일)|^\W*(?:부고|부음|인사|동정)\b")),
    (
        Kind.FORTUNE,
        re.compile(r"(?:오늘|내일|주간|이번 ?주|이 ?달|띠별|신년)의? ?(?:띠별 ?)?(?:운세|별자리)|horoscope"),
    ),
    (
        Kind.MARKET,
        re.compile(
            r"(?:증시|코스피|코스닥|주식|환율|가상화폐|암호화폐) ?(?:시황|(?:산업 ?)?동향)|시황|상위 ?\d* ?종목|"
            r"장중 ?[\d.]+% ?이상 ?(?:급등|급락|상승|하락)|장중 ?52주 ?신[고저]가|분기 ?실적 ?발표 ?\.{2,}|"
            r"종목은\?|^\W*특징주\b"
        ),
    ),
    (Kind.PICTURE, re.compile(r"\d일 .{0,8}(?:그림판|만평)$|^\W*(?:포토|화보)\b")),
    (
        Kind.LISTING,
        re.compile(
            r"(?:오늘|내일|이번 ?주|주간|주말)의? ?(?:경기|일정|주요 ?일정|퀴즈|방송|tv|뉴스|증시|신간|책|한자|명언)\b|"
            r"\d일 .{0,6}새 ?책|퀴즈 ?(?:정답|공개)|(?:정답|당첨 ?번호) ?(?:공개|은)"
        ),
    ),
)


def kind_of(headline: str) -> Kind:
    """What the headline, folded to lower case, promises. Only its first characters are looked at."""
    head = headline[:LONGEST_HEADLINE]
    labels = " / ".join(_LABEL.findall(head))
    for kind, pattern in _LABELS if labels else ():
        if pattern.search(labels):
            return kind
    return next((kind for kind, pattern in _PHRASES if pattern.search(head)), Kind.NEWS)


def without_labels(headline: str) -> str:
    """The headline without what stands in brackets at its ends, if enough is left to tell a story by."""
    bare = _LABEL.sub(" ", headline)
    return bare if sum(map(str.isalnum, bare)) >= 6 else headline
