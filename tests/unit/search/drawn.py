"""Random documents and queries that have something to do with each other: both draw on the same few words.

`random` is a random.Random, or hypothesis's `st.randoms()`, which can shrink what it drew.
"""

import datetime
from random import Random

from articles.search import fields, matches, periods, query, tokens
from articles.search.context import Context

_STEMS = """
인공지능 생성형인공지능 반도체 LG LG화학 LG전자 SK하이닉스 대만 부산 투자 개발 배터리
폐배터리 고양이 길고양이 AI 생성형AI R&D C++ C# 암 금 전문가 기업 삼성그룹 2차전지 5G
10만 태양광 美정부 尹대통령 한국 run running runs company companies Companies café cafe
CAFE\u0301 EVs EV AIDS IT it news Disney+ ALGO LLM ＬＧ ﬁlm straße STRASSE ÎLE ΣΊΣΥΦΟΣ
İstanbul 데이터 센터 기술 COVID-19 a b
"""
STEMS = [
    *_STEMS.split(),
    "\u1103\u1162\u1112\u1161\u11ab\u1106\u1175\u11ab\u1100\u116e\u11a8",  # composed of jamo
    "배터리🔋", "👩‍🔬", "２０２６", "Ａ１", "㈜LG", "가" * 70, "x" * 90, "①", "½", "Ⅳ", "ｱｲ",
    "を", "𠮷野", "\u200b", "\ufeffLG",
    "A.I.", "U.S.", "3.5%", "O'Neil", "l’IA", "co-op", "ǅ", "ß", "K\u0307",
]  # fmt: skip
TAILS = [
    "", "", "", "", "을", "를", "이", "가", "은", "는", "의", "에서도", "으로", "와의", "만은", "들이", "했다", "하는",
    "기술", "그룹이", "측은", "이라며", "s", "*", "입니다",
]  # fmt: skip
JOINTS = [
    " ", " ", " ", " ", " ", " ", ", ", ".\n", ". ", "다. ", "? ", "!” ", "\n\n", "\n", "·", "-", "…", "… ", "/", " & ",
    "’", "\u3000", "\u00a0", "\u2028",
]  # fmt: skip
COMPANIES = ["LG", "LG화학", "LG전자", "SK하이닉스", "Société Générale", "100%_\\회사", "Disney+"]
# Who belongs to whom.
PARENTS = {"LG화학": "LG", "LG전자": "LG", "LG": "Société Générale"}
THEMES = ["AI", "Bio", "Cleantech"]
SUBTHEMES = ["language models", "chips", "배터리", "a/b"]
AUTHORS = ["", "김철수 기자", "Kim_Cheol 100%", "이영희\\기자"]
PEOPLE = ["김철수", "Kim O'Neil", "100%"]
SOURCES = ["SBS Biz", "한겨레", "ＢＢＣ", ""]
URLS = ["", "https://news.example/a_b?c=1%202", "https://example.com/LG"]
LANGUAGES = ["ko", "en", "other", ""]
# Outlets that tell each story; an article without one is alone.
STORIES = {"": 1, "5": 3, "12": 1}
NOTES = ["", "", "LG 확인", "100%"]
STATES = ["read", "starred", "duplicate", "walled", "sample", "page"]
FIRST_DAY = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
NOW = FIRST_DAY + datetime.timedelta(days=90)
READER = 7
CONTEXT = Context(NOW, reader=READER)
PATTERNS = [
    "LG", "lg", "L.", "[A-Z]{2}", "[^가-힣\\s]+", "\\d+", "\\w\\w", "\\bAI\\b", "\\BI", "반도체|배터리",
    "LG(?:화학|전자)?을",
    "^[가-힣]", "\\.$", "a+?b*", "[\\w.]+\\.", "\\S\\s\\S", "[a\\-z]", "\\/", "R&D", "C\\+\\+", "é", "[à-ü]", "ß", "σ",
    "İ",
    "(?:인공|지능){2}", "가{3,5}", "x{60,}", "[[]|%", "ﬁ", "대한", "🔋", "[^\\d]\\D", "\\W{2}", "i", "[ΑΣ]", "１",
]  # fmt: skip


def draw_word(random: Random) -> str:
    return random.choice(STEMS) + random.choice(TAILS)


def draw_text(random: Random, most: int) -> str:
    return "".join(draw_word(random) + random.choice(JOINTS) for _ in range(random.randint(0, most)))


def draw_time(random: Random) -> datetime.datetime:
    return FIRST_DAY + datetime.timedelta(minutes=random.randint(0, 90 * 24 * 60))


def draw_document(random: Random, number: int = 1) -> matches.SearchDocument:
    companies = tuple(random.sample(COMPANIES, random.randint(0, 2)))
    themes = tuple(random.sample(THEMES, random.randint(0, 2)))
    story = random.choice(list(STORIES))
    people = tuple(random.sample(PEOPLE, random.randint(0, 2)))
    events = tuple(draw_days(random) for _ in range(random.choice([0, 0, 1, 2])))
    return matches.SearchDocument(
        number,
        title=draw_text(random, 6),
        text=draw_text(random, random.choice([3, 12, 40])),
        author=random.choice(AUTHORS),
        source=random.choice(SOURCES),
        group=random.choice(["economy", "IT", ""]),
        url=random.choice(URLS),
        language=random.choice(LANGUAGES),
        companies=companies,
        themes=themes,
        published=draw_time(random),
        subthemes=tuple(f"{theme}/{random.choice(SUBTHEMES)}" for theme in themes if random.randint(0, 1)),
        above={name: tuple(above(name)) for name in companies},
        confidences={name: random.choice([0.5, 0.8, 0.95]) for name in companies},
        regions=tuple(draw_region(random) for _ in range(random.choice([0, 0, 1, 3]))),
        people=people,
        story=story,
        outlets=STORIES[story],
        states=(
            *random.sample(STATES, random.randint(0, 4)),
            *["quote"] * bool(people),
            *["event"] * bool(events),
        ),
        note=random.choice(NOTES),
        seen=draw_time(random),
        changed=random.choice([None, draw_time(random)]),
        events=events,
    )


def above(company: str) -> list[str]:
    found = []
    while company := PARENTS.get(company, ""):
        found.append(company)
    return found


def draw_region(random: Random) -> tuple[str, str]:
    return random.choice(["caption", "caption", "related", "quote"]), draw_text(random, 6)


def draw_days(random: Random) -> tuple[datetime.date, datetime.date]:
    first = draw_time(random).date()
    return first, first + datetime.timedelta(days=random.choice([0, 0, 6, 30]))


def draw_query(random: Random) -> query.Query:
    """A query that parse_query could have given."""
    while not query.requires_something(ast := draw_node(random, 3)):
        pass
    return ast


def draw_node(random: Random, depth: int) -> query.Query:  # noqa: PLR0911 - one for each kind
    kind = random.randint(0, 11) if depth else 11
    if kind < 3:
        return query.conjunction([draw_node(random, depth - 1) for _ in range(random.randint(2, 3))])
    if kind < 5:
        return query.disjunction([draw_node(random, depth - 1) for _ in range(random.randint(2, 3))])
    if kind < 6:
        return query.negation(draw_node(random, depth - 1))
    if kind < 7:
        return query.AtLeast(random.randint(1, 4), draw_positional(random, min(depth, 2), draw_place(random)))
    if kind < 8:
        return query.Sentence(draw_sentence(random, min(depth, 2)))
    if random.randint(0, 2) == 0:
        return draw_other(random)
    return draw_positional(random, min(depth, 2), draw_place(random))


def draw_place(random: Random) -> str:
    return random.choice(["text", "text", "text", "text", "region"])


def draw_sentence(random: Random, depth: int) -> query.Query:
    while True:
        kind = random.randint(0, 5) if depth else 5
        if kind < 3:
            parts = [draw_sentence(random, depth - 1) for _ in range(2)]
            parts += [query.negation(draw_sentence(random, depth - 1))] if random.randint(0, 1) else []
            found = query.conjunction(parts)
        elif kind < 4:
            found = query.disjunction([draw_sentence(random, depth - 1) for _ in range(2)])
        else:
            found = draw_positional(random, min(depth, 1), "text")
        if query.is_of_sentence(found):
            return found


def draw_positional(random: Random, depth: int, place: str) -> query.Query:
    kind = random.randint(0, 4) if depth else 4
    if kind == 0:
        return query.Near(
            draw_positional(random, depth - 1, place),
            draw_positional(random, depth - 1, place),
            random.randint(1, 4),
            random.choice([True, False]),
        )
    if kind == 1:
        return query.disjunction([draw_positional(random, depth - 1, place) for _ in range(2)])
    return draw_words(random, place)


def draw_words(random: Random, place: str) -> query.Query:
    if place == "region":
        field = query.REGION + random.choice(["", "caption", "related", "notice"])
    else:
        field = random.choice(["", "", "", *query.TEXT_FIELDS])
    while not (found := [word.text for word in tokens.words(draw_word(random))]):
        pass
    kind = random.randint(0, 5)
    if kind == 0 and len(found[0]) >= query.SHORTEST_PREFIX and found[0].isalnum():
        return query.Prefix(found[0][: random.randint(query.SHORTEST_PREFIX, len(found[0]))], field)
    if kind == 1:
        found += [word.text for word in tokens.words(draw_word(random))]
    exact = random.randint(0, 5) == 0
    return query.Word(found[0], field, exact) if len(found) == 1 else query.Phrase(tuple(found), field, exact)


def draw_other(random: Random) -> query.Query:
    kind = random.randint(0, 9)
    if kind == 0:
        text = random.choice(["LG", "lg화", "공지", "ＬＧ", "a_b", "100%", "fi", "SS", "οσ", "is"])
        return query.Substring(text, random.choice(["", "title", "body"]))
    if kind in (1, 2):
        return query.When(random.choice(fields.TIMES), draw_period(random))
    if kind == 3:
        return query.Regex(
            random.choice(PATTERNS), random.choice(["", "i"]), random.choice(["", "title", "body"])
        )
    if kind == 4:
        return draw_measure(random)
    if kind == 5:
        field = random.choice(list(fields.FIXED))
        return query.Attribute(field, random.choice(fields.FIXED[field]), "is")
    return draw_attribute(random)


def draw_measure(random: Random) -> query.Measure:
    sign = random.choice([">=", ">", "<=", "<", "="])
    if random.randint(0, 1):
        return query.Measure("outlets", sign, float(random.randint(1, 4)))
    return query.Measure("confidence", sign, random.choice([0.5, 0.8, 0.9, 0.333333]))


def draw_attribute(random: Random) -> query.Attribute:
    field, values = random.choice(
        [
            ("company", COMPANIES),
            ("company", COMPANIES),
            ("theme", [*THEMES, "AI/chips", "Bio/반도체", "AI/언어 모델"]),
            ("subtheme", [*SUBTHEMES, "반도체", "언어 모델"]),
            ("tag", [*COMPANIES, *THEMES, *SUBTHEMES, "반도체"]),
            ("author", ["김", "kim_", "%", "\\", "기자"]),
            ("source", ["sbs", "BBC", "겨레"]),
            ("group", ["economy", "it"]),
            ("url", ["example", "LG", "_", "%20"]),
            ("person", ["김", "kim", "%"]),
            ("note", ["LG", "100%", "확인"]),
            ("story", ["5", "6"]),
        ]
    )
    value = random.choice(values)
    if field == "story":
        return query.Attribute(field, value, "is")
    if field == "company" and random.randint(0, 2) == 0:
        return query.Attribute(field, value, fields.GROUP)
    how = random.choice(["is", "has", "starts", query.usual_way(field)])
    return query.Attribute(field, value.split()[0] if how == "starts" else value, how)


def draw_period(random: Random) -> periods.Period:
    kind = random.randint(0, 4)
    if kind == 0:
        return periods.Rolling(random.randint(1, 90), random.choice("hdd"))
    if kind == 1:
        return periods.Rolling(random.randint(1, 6), random.choice("mdh"), random.choice([True, False]))
    if kind == 2:
        return periods.Span(*random.choice([(one := draw_named(random), one), (draw_named(random), None)]))
    first = FIRST_DAY.date() + datetime.timedelta(days=random.randint(0, 90))
    last = first + datetime.timedelta(days=random.randint(0, 30))
    return periods.Span(*random.choice([(first, last), (first, None), (None, last), (first, first)]))


def draw_named(random: Random) -> periods.Named:
    unit = random.choice(["day", "week", "month", "quarter", "half", "year"])
    part = random.choice(["", "h1", "h2", "q1", "q2", "m1", "m3", "m12"]) if unit == "year" else ""
    return periods.Named(unit, random.choice([0, -1, -1, -2, 1]), part)
