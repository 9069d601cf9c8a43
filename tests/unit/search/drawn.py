"""Random documents and queries that have something to do with each other: both draw on the same few words.

`random` is a random.Random, or hypothesis's `st.randoms()`, which can shrink what it drew.
"""

import datetime
from random import Random

from articles.search import matches, query, tokens

_STEMS = """
인공지능 생성형인공지능 반도체 LG LG화학 LG전자 SK하이닉스 대만 부산 투자 개발 배터리
폐배터리 고양이 길고양이 AI 생성형AI R&D C++ C# 암 금 전문가 기업 삼성그룹 2차전지 5G
10만 태양광 美정부 尹대통령 한국 run running runs company companies Companies café cafe
CAFE\u0301 EVs EV AIDS IT it news Disney+ ALGO LLM ＬＧ ﬁlm straße STRASSE ÎLE ΣΊΣΥΦΟΣ
İstanbul 데이터 센터 기술 COVID-19 a b
"""
STEMS = _STEMS.split()
TAILS = [
    "", "", "", "", "을", "를", "이", "가", "은", "는", "의", "에서도", "으로", "와의", "만은", "들이", "했다", "하는",
    "기술", "그룹이", "측은", "이라며", "s", "*", "입니다",
]  # fmt: skip
JOINTS = [" ", " ", " ", " ", " ", ", ", ".\n", "\n\n", "·", "-", "…", "/", " & ", "’"]
COMPANIES = ["LG", "LG화학", "LG전자", "SK하이닉스", "Société Générale", "100%_\\회사"]
THEMES = ["AI", "Bio", "Cleantech"]
AUTHORS = ["", "김철수 기자", "Kim_Cheol 100%", "이영희\\기자"]
SOURCES = ["SBS Biz", "한겨레", "ＢＢＣ", ""]
URLS = ["", "https://news.example/a_b?c=1%202", "https://example.com/LG"]
LANGUAGES = ["ko", "en", "other", ""]
FIRST_DAY = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
NOW = FIRST_DAY + datetime.timedelta(days=90)


def draw_word(random: Random) -> str:
    return random.choice(STEMS) + random.choice(TAILS)


def draw_text(random: Random, most: int) -> str:
    return "".join(draw_word(random) + random.choice(JOINTS) for _ in range(random.randint(0, most)))


def draw_document(random: Random, number: int = 1) -> matches.SearchDocument:
    minutes = random.randint(0, 90 * 24 * 60)
    return matches.SearchDocument(
        number,
        title=draw_text(random, 6),
        text=draw_text(random, random.choice([3, 12, 40])),
        author=random.choice(AUTHORS),
        source=random.choice(SOURCES),
        group=random.choice(["economy", "IT", ""]),
        url=random.choice(URLS),
        language=random.choice(LANGUAGES),
        companies=tuple(random.sample(COMPANIES, random.randint(0, 2))),
        themes=tuple(random.sample(THEMES, random.randint(0, 2))),
        published=FIRST_DAY + datetime.timedelta(minutes=minutes),
    )


def draw_query(random: Random) -> query.Query:
    """A query that parse_query could have given."""
    while not query.requires_something(ast := draw_node(random, 3)):
        pass
    return ast


def draw_node(random: Random, depth: int) -> query.Query:
    kind = random.randint(0, 9) if depth else 9
    if kind < 3:
        return query.conjunction([draw_node(random, depth - 1) for _ in range(random.randint(2, 3))])
    if kind < 5:
        return query.disjunction([draw_node(random, depth - 1) for _ in range(random.randint(2, 3))])
    if kind < 6:
        return query.negation(draw_node(random, depth - 1))
    return draw_other(random) if random.randint(0, 3) == 0 else draw_positional(random, min(depth, 2))


def draw_positional(random: Random, depth: int) -> query.Query:
    kind = random.randint(0, 4) if depth else 4
    if kind == 0:
        return query.Near(
            draw_positional(random, depth - 1),
            draw_positional(random, depth - 1),
            random.randint(1, 4),
            random.choice([True, False]),
        )
    if kind == 1:
        return query.disjunction([draw_positional(random, depth - 1) for _ in range(2)])
    return draw_words(random)


def draw_words(random: Random) -> query.Query:
    found = [word.text for word in tokens.words(draw_word(random))]
    field = random.choice(["", "", "", *query.TEXT_FIELDS])
    kind = random.randint(0, 5)
    if kind == 0 and len(found[0]) >= query.SHORTEST_PREFIX and found[0].isalnum():
        return query.Prefix(found[0][: random.randint(query.SHORTEST_PREFIX, len(found[0]))], field)
    if kind == 1:
        found += [word.text for word in tokens.words(draw_word(random))]
    exact = random.randint(0, 5) == 0
    return query.Word(found[0], field, exact) if len(found) == 1 else query.Phrase(tuple(found), field, exact)


def draw_other(random: Random) -> query.Query:
    kind = random.randint(0, 3)
    if kind == 0:
        text = random.choice(["LG", "lg화", "공지", "ＬＧ", "a_b", "100%", "fi", "SS", "οσ", "is"])
        return query.Substring(text, random.choice(["", "title", "body"]))
    if kind == 1:
        return draw_period(random)
    field, values = random.choice(
        [
            ("company", COMPANIES),
            ("theme", THEMES),
            ("lang", LANGUAGES[:3]),
            ("author", ["김", "kim_", "%", "\\", "기자"]),
            ("source", ["sbs", "BBC", "겨레"]),
            ("group", ["economy", "it"]),
            ("url", ["example", "LG", "_", "%20"]),
        ]
    )
    how = "is" if field == "lang" else random.choice(["is", "has", "starts", query.usual_way(field)])
    value = random.choice(values)
    return query.Attribute(field, value.split()[0] if how == "starts" else value, how)


def draw_period(random: Random) -> query.Published:
    if random.randint(0, 2) == 0:
        return query.Published(days=random.randint(1, 90))
    first = FIRST_DAY.date() + datetime.timedelta(days=random.randint(0, 90))
    last = first + datetime.timedelta(days=random.randint(0, 30))
    return query.Published(*random.choice([(first, last), (first, None), (None, last), (first, first)]))
