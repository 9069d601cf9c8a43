"""News articles made up for measurements: Korean and English, with words as frequent as in a language (Zipf's law),
names of the shipped watch list and terms of the shipped themes. The same number gives the same article.

Nobody wrote these sentences and they mean nothing; only their lengths, their words' variety and what can be
recognised in them are like those of news.
"""

import itertools
import random
from dataclasses import dataclass

from articles.tagging import watchlist

LENGTH = 1_350  # characters after which a text gets no further paragraph: 1,500 on average
_NOUNS = (
    "정부 시장 회사 사업 투자 기술 개발 연구 생산 공급 수출 수입 가격 금리 은행 증권 주식 매출 이익 실적 공장 설비 "
    "부품 소재 제품 소비자 고객 서비스 계약 협력 협약 지원 정책 규제 법안 국회 의원 위원회 장관 대통령 총리 지역 도시 "
    "주민 학교 학생 교육 병원 환자 의사 치료 건강 안전 사고 경찰 검찰 법원 재판 판결 수사 혐의 노조 파업 임금 고용 "
    "청년 노인 가구 주택 분양 건설 도로 철도 항공 선박 물류 농업 축산 수산 식품 환경 기후 온도 강수 태풍 산불 전력 "
    "원유 가스 자동차 휴대폰 통신 방송 영화 음악 공연 축제 관광 여행 경기 선수 감독 우승 대회 훈련 군대 국방 외교 "
    "회담 합의 선거 후보 정당 여론 조사 통계 전망 분석 계획 목표 과제 성과 문제 방안 대책 효과 영향 변화 성장 감소 "
    "증가 확대 강화 개선 추진 도입 운영 관리 평가 참여 행사 발표 보고서 자료 기준 비율 규모"
)
_PARTICLES = "은 는 이 가 을 를 의 에 에서 으로 로 와 과 도 만 까지 부터 에는 에서는 보다"
_VERBS = (
    "밝혔다 말했다 전했다 설명했다 강조했다 발표했다 나섰다 늘었다 줄었다 올랐다 내렸다 예상된다 전망된다 보인다 "
    "알려졌다 이어졌다 추진한다 계획이다 방침이다 덧붙였다 나타났다 기록했다 시작했다 마쳤다 열렸다"
)
_MODIFIERS = (
    "새로운 지난 올해 내년 최근 주요 국내 해외 글로벌 관련 이번 다양한 큰 높은 낮은 함께 특히 또한 한편 이에 따라 "
    "위해 대한 통해 가장 모두 약 현재 앞으로 오는 같은 다른 여러 각 전체 일부 추가 공동 신규 핵심"
)
_ENGLISH = (
    "the of to and a in that for on is with as was by at it from said will be has its an are have not this or were "
    "which but their company market government year percent million billion new more after also about over last would "
    "could than other first one two people industry investors shares growth sales profit quarter report analysts "
    "price demand supply production factory plant energy technology research development plan deal agreement policy "
    "law court minister president country region city workers union jobs bank rate inflation economy trade export "
    "import tariff customers products service business operations project build launch expand increase decline rise "
    "fall expected announced reported according statement week month days early late strong weak global domestic "
    "local public private health hospital patients school students climate weather power oil gas vehicle phone "
    "network film music game player coach season team win lead support change effect review meeting leaders party "
    "vote election campaign"
)
_SYLLABLES = (
    "가강경고공광구국금기김남노대도동두명문미민박백변보부산상서선성세소송수승신안양영예오용우원유윤이인임"
    "장재전정조종주준중지진차채천최하한현형호홍황"
)
_CONSONANTS = "b d f g k l m n p r s t v br ch gr st tr"
_VOWELS = "a e i o u ai ea"
# So many of the sentences name a company, a term of a theme.
_NAME_SHARE, _TERM_SHARE = 0.08, 0.06


@dataclass(frozen=True, slots=True)
class Text:
    """A made-up article; paragraphs are parted by blank lines."""

    language: str
    title: str
    text: str


class _Words:
    """Words of one language, the n-th about 1/n as frequent as the first."""

    def __init__(self, words: list[str]) -> None:
        self.words = words
        self.weights = list(itertools.accumulate(1 / (rank + 2.7) for rank in range(len(words))))

    def take(self, chance: random.Random, count: int) -> list[str]:
        return chance.choices(self.words, cum_weights=self.weights, k=count)


class Newsroom:
    """Makes articles; building one takes a second."""

    def __init__(self) -> None:
        chance = random.Random(1)
        self._korean = _Words([*_MODIFIERS.split(), *_NOUNS.split(), *_rare_korean(chance)])
        self._english = _Words([*_ENGLISH.split(), *_rare_english(chance)])
        watched = watchlist.shipped()
        names = [company.name for company in watched.companies[:1_500]]
        terms = [term.text for theme in watched.themes for term in theme.terms if _is_plain(term)]
        chance.shuffle(terms)
        self._names = {
            "ko": _Words([name for name in names if not name.isascii()]),
            "en": _Words([name for name in names if name.isascii()]),
        }
        self._terms = {
            "ko": _Words([term for term in terms if not term.isascii()]),
            "en": _Words([term for term in terms if term.isascii()]),
        }

    def article(self, number: int, language: str) -> Text:
        """The article of that number, `ko` or `en`."""
        chance = random.Random(number)
        sentence = self._korean_sentence if language == "ko" else self._english_sentence
        paragraphs, length = [], 0
        while length < LENGTH:
            paragraphs.append(" ".join(sentence(chance) for _ in range(chance.randint(2, 4))))
            length += len(paragraphs[-1])
        return Text(language, self._title(chance, language), "\n\n".join(paragraphs))

    def _title(self, chance: random.Random, language: str) -> str:
        words = (self._korean if language == "ko" else self._english).take(chance, chance.randint(5, 8))
        return " ".join([*self._named(chance, language, 0.2), *words])

    def _named(self, chance: random.Random, language: str, share: float) -> list[str]:
        named = self._names[language].take(chance, 1) if chance.random() < share else []
        return named + (self._terms[language].take(chance, 1) if chance.random() < _TERM_SHARE else [])

    def _korean_sentence(self, chance: random.Random) -> str:
        words = self._korean.take(chance, chance.randint(9, 16))
        written = [
            word + chance.choice(_PARTICLES.split()) if chance.random() < 0.45 else word for word in words
        ]
        if chance.random() < 0.5:
            written.insert(chance.randrange(len(written)), f"{chance.randint(1, 99)}%")
        named = [word + chance.choice(("은", "", "의")) for word in self._named(chance, "ko", _NAME_SHARE)]
        return " ".join([*named, *written, chance.choice(_VERBS.split())]) + "."

    def _english_sentence(self, chance: random.Random) -> str:
        words = self._named(chance, "en", _NAME_SHARE) + self._english.take(chance, chance.randint(14, 24))
        return f"{words[0].capitalize() if words[0].islower() else words[0]} {' '.join(words[1:])}."


def _is_plain(term: watchlist.Term) -> bool:
    return not term.exclude and not set("|+&*") & set(term.text)


def _rare_korean(chance: random.Random) -> list[str]:
    """Names and compounds: what most of the different words of a newspaper are."""
    nouns = _NOUNS.split()
    names = ["".join(chance.choices(_SYLLABLES, k=3)) for _ in range(20_000)]
    compounds = ["".join(chance.sample(nouns, 2)) for _ in range(20_000)]
    return list(dict.fromkeys(itertools.chain.from_iterable(zip(names, compounds, strict=True))))


def _rare_english(chance: random.Random) -> list[str]:
    consonants, vowels = _CONSONANTS.split(), _VOWELS.split()
    made = (
        "".join(chance.choice(consonants) + chance.choice(vowels) for _ in range(chance.randint(2, 4)))
        for _ in range(30_000)
    )
    return list(dict.fromkeys(f"{word}{chance.choice(('', 'n', 's', 'ing', 'ed'))}" for word in made))
