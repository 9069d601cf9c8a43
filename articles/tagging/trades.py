"""The words of a company's trade: a carmaker's sentence speaks of cars, a bank's of loans.

A small table from words of a sector's description (as the exchanges give it) to words of the press. Knows no names.
"""

from __future__ import annotations

import functools
import re

_TRADES = (
    ("자동차|Automo", "전기차|신차|자동차|완성차|SUV|세단|하이브리드|리콜|EV\\d|픽업|차량|차종"),
    (
        "식품|음료|사료|도축|낙농|수산|Food|Beverage",
        "식품|라면|김치|음료|과자|제과|간편식|사료|닭고기|맥주|소주|커피|가공육",
    ),
    (
        "의약|의료|연구개발업|Pharma|Biotech|Health",
        "신약|임상|의약품|치료제|백신|제약|의료기기|진단|FDA|식약처|항암|품목허가",
    ),
    ("반도체|전자부품|Semiconductor", "반도체|웨이퍼|디스플레이|OLED|파운드리|메모리|HBM|기판"),
    ("건설|건축|토목", "아파트|분양|재건축|재개발|시공|착공"),
    ("금융|은행|보험|신탁|Bank|Insurance", "금리|대출|예금|적금|보험료|펀드|순익|금융지주"),
    (
        "소프트웨어|정보 서비스|자료처리|컴퓨터|Software|Interactive",
        "게임|클라우드|소프트웨어|솔루션|플랫폼|사용자|이용자|메신저",
    ),
    ("화학|플라스틱|고무|Chemical", "석유화학|화학|플라스틱|합성|수지|증설"),
    ("철강|금속", "철강|강판|제강|아연|알루미늄|전기동"),
    ("통신", "5G|요금제|통신망|기지국"),
    ("선박", "선박|조선소|유조선|LNG선|컨테이너선"),
    ("전지|전동기|전기장비|Electric", "배터리|이차전지|변압기|태양광|풍력|ESS|전력기기"),
    ("영화|방송|오디오|Movies|Broadcast", "드라마|영화|콘텐츠|앨범|아이돌|걸그룹"),
    ("소매|도매|Retail", "매장|점포|쇼핑|백화점|면세점|편의점|대형마트"),
    ("의복|섬유|Apparel", "의류|패션|원단"),
)


def speaks_of(sector: str, text: str, start: int, end: int) -> bool:
    """Whether a stretch of text has a word of the trade of that sector."""
    pattern = _words(sector)
    return pattern is not None and pattern.search(text, start, end) is not None


@functools.lru_cache(maxsize=1_000)
def _words(sector: str) -> re.Pattern[str] | None:
    found = "|".join(words for sectors, words in _TRADES if sector and re.search(sectors, sector))
    return re.compile(found) if found else None
