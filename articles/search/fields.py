"""The fields of the query language: their names in both languages, and the names of their fixed values.

Knows names only: what a field means is in `articles.search.matches` and `articles.search.to_sql`.
"""

import re

from articles.search import folding

TEXT = ("title", "lead", "body")
# Compared as a whole: what an article is tagged with, and what is so of it.
TAGS = ("company", "theme", "subtheme", "tag", "lang", "story", "is", "has", "region")
# Compared by what they contain.
ATTRIBUTES = ("author", "source", "group", "url", "person", "note")
TIMES = ("published", "seen", "changed", "event")
NUMBERS = ("outlets", "confidence")
SEARCH = "search"
ALL = (*TEXT, *ATTRIBUTES, *TAGS, *TIMES, *NUMBERS, SEARCH)

# How a company is asked for together with everything below it in the watch list: company:LG+.
GROUP = "group"

_OTHER_NAMES = {
    "title": "제목 headline intitle allintitle",
    "lead": "리드 첫문단 ingress",
    "body": "본문 text intext inbody",
    "author": "기자 저자 byline",
    "source": "출처 매체 언론사 outlet",
    "group": "그룹 분류 category",
    "url": "주소 링크 inurl site link",
    "person": "인물 발언자 화자 speaker",
    "note": "메모",
    "company": "기업 회사",
    "theme": "주제 테마",
    "subtheme": "하위주제 세부주제",
    "tag": "태그",
    "lang": "언어 language",
    "story": "소식",
    "is": "상태",
    "has": "있음",
    "region": "영역",
    "published": "날짜 게시 발행 date pubdate",
    "seen": "수집",
    "changed": "수정 변경 updated",
    "event": "사건 일정",
    "outlets": "매체수 언론사수",
    "confidence": "확실도 신뢰도",
    "search": "검색 저장",
}
_NAMES = {name: name for name in ALL} | {
    other: name for name, others in _OTHER_NAMES.items() for other in others.split()
}
# Google's: what follows is a day that the publication comes after, or before.
COMPARING = {"after": (">=", "published"), "before": ("<", "published")}

REGIONS = (
    "caption",
    "quote",
    "related",
    "promotion",
    "subtitle",
    "notice",
    "copyright",
    "comment",
    "contact",
)
STATES = ("read", "unread", "starred", "duplicate", "walled", "sample")
POSSESSIONS = ("event", "quote", "page", "note")

_VALUES = {
    "lang": {"ko": "한국어 korean", "en": "영어 english", "other": "기타"},
    "is": {
        "read": "읽음",
        "unread": "안읽음 읽지않음",
        "starred": "별표 star",
        "duplicate": "중복 복제 copy",
        "walled": "유료 유료벽 paywalled",
        "sample": "견본 예제",
    },
    "has": {"event": "사건 일정 events", "quote": "발언 인용 quotes", "page": "원문", "note": "메모"},
    "region": {
        "caption": "사진설명 캡션 captions",
        "quote": "인용상자 인용 quotes",
        "related": "관련기사 다른기사",
        "promotion": "홍보 광고",
        "subtitle": "부제 subtitles",
        "notice": "안내 notices",
        "copyright": "저작권",
        "comment": "댓글 comments",
        "contact": "연락처 contacts",
    },
}
FIXED = {"lang": ("ko", "en", "other"), "is": STATES, "has": POSSESSIONS, "region": REGIONS}
_VALUE_NAMES = {
    field: {value: value for value in FIXED[field]}
    | {other: value for value, others in values.items() for other in others.split()}
    for field, values in _VALUES.items()
}
_SPACE = re.compile(r"[\s_-]+")

# What the interface calls the shipped sub-themes in Korean; an editor's own have the one name that she gave them.
_SUBTHEMES = {
    "비서·음성": "assistants and speech",
    "배터리": "batteries",
    "바이오 연료": "biofuels",
    "탄소": "carbon",
    "탄소 포집(CCUS)": "CCUS",
    "세포·유전자": "cells and genes",
    "반도체": "chips",
    "진단": "diagnostics",
    "의약품": "drugs",
    "전기차": "electric vehicles",
    "핵융합·원자력": "fusion and nuclear",
    "전력망": "grids",
    "수소": "hydrogen",
    "언어 모델": "language models",
    "의료 기기": "medical devices",
    "재활용": "recycling",
    "로봇": "robots",
    "자율주행": "self-driving",
    "태양광": "solar",
    "백신": "vaccines",
    "영상 인식": "vision",
    "수력·지열": "water and heat",
    "풍력": "wind",
}
_SHIPPED_SUBTHEMES = {folding.fold(korean): folding.fold(name) for korean, name in _SUBTHEMES.items()}


def named(text: str) -> str | None:
    """The field of this name in either language, or None."""
    return _NAMES.get(text.lower())


def value(field: str, text: str) -> str | None:
    """The fixed value of this name, for a field that has only such; None if there is none."""
    return _VALUE_NAMES[field].get(_SPACE.sub("", text).lower())


def spellings(field: str, folded: str) -> tuple[str, ...]:
    """The folded names under which a tag is looked up: a shipped sub-theme has one in each language."""
    if field not in ("theme", "subtheme", "tag"):
        return (folded,)
    theme, slash, part = folded.rpartition("/")
    shipped = _SHIPPED_SUBTHEMES.get(part)
    if shipped is None or (field == "theme" and not slash):
        return (folded,)
    return folded, f"{theme}{slash}{shipped}"
