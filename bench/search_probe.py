"""Pairs of a query and a text that a search in Korean and English must tell apart, and what ours says."""

from articles.search import matches, query
from articles.tagging import recognise, watchlist

# Query, text, whether it is to be found.
PAIRS = (
    ("인공지능", "정부가 인공지능을 육성한다", True),
    ("인공지능", "인공지능이 바꾼 공장", True),
    ("인공지능", "생성형인공지능 경쟁", True),
    ("인공지능을", "인공지능 반도체", True),
    ("지능", "인공지능 반도체", True),
    ("LG", "LG가 투자한다", True),
    ("LG", "ALGO 트레이딩", False),
    ("LG", "LG화학 공장", False),
    ("LG", "LG그룹 인사", True),
    ("~LG", "LG화학 공장", True),
    ("=LG", "lg가 투자한다", False),
    ("삼성전자", "삼성전자가 올랐다", True),
    ("삼성", "삼성전자가 올랐다", False),
    ("company:LG*", "LG전자가 신제품을 내놨다", True),
    ("company:LG전자", "LG전자가 신제품을 내놨다", True),
    ("company:LG", "ALGO 트레이딩", False),
    ("전문", "전문가 의견", False),
    ("C++", "C++ 개발자", True),
    ("C", "C++ 개발자", False),
    ("R&D", "R&D에 1조원", True),
    ("R", "R&D에 1조원", False),
    ("cafe", "a new café opens", True),
    ("café", "a new cafe opens", True),
    ("run", "running out of time", True),
    ("running", "they run", True),
    ("AIDS", "aid arrives", False),
    ("EV", "EVs sell well", True),
    ("대통령", "尹대통령 회담", True),
    ("SK하이닉스", "sk하이닉스는", True),
    ("하이닉스", "SK하이닉스는", True),
)


def show() -> None:
    """Say of each pair what is found; marks what is not as it should be."""
    recogniser = recognise.Recogniser(watchlist.shipped())
    wrong = 0
    for text, title, wanted in PAIRS:
        found = recogniser.recognise(recognise.Document("1", title, ""))
        document = matches.SearchDocument(
            1,
            title=title,
            companies=[tag.name for tag in found.companies],
            themes=[tag.name for tag in found.themes],
        )
        got = matches.matches(query.parse_query(text), matches.prepare(document)) is not None
        wrong += got != wanted
        print(
            f"{text:16} {'finds' if got else 'does not find':14} {title}{'' if got == wanted else '   WRONG'}"
        )
    print(f"{len(PAIRS) - wrong} of {len(PAIRS)} as they should be")
