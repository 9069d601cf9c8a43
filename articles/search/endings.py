"""What may follow a Korean word inside the same token: particles, verb endings, generic nouns. Sets, not rules.

All endings are looked up by set membership, longest token tail first to last, so the cost per token is a
handful of look-ups whatever the input. It must not know single names: what is listed here holds for any word.

Agreement (이 after a final consonant, 가 after a vowel, 로 after a vowel or ㄹ) follows the standard grammar of the
National Institute of Korean Language; it keeps 전문가 from being read as 전문 with a particle.
"""

from collections.abc import Iterator

LONGEST = 7

_HANGUL_FIRST, _HANGUL_LAST = 0xAC00, 0xD7A3
_RIEUL = 8

# Particles by what they ask of the syllable before them.
_AFTER_CONSONANT = (
    "이 을 은 과 이랑 이나 이나마 이란 이라 이라는 이라고 이라며 이라면 이라면서 "
    "이라도 이라서 이든 이든지 이며 이자 이야"
)
_AFTER_VOWEL = (
    "가 를 는 와 랑 나 나마 란 라는 라고 라며 라면 라면서 라도 라서 든 든지 며 였다 였던 였고 였는데 였지만"
)
_AFTER_VOWEL_OR_RIEUL = "로 로서 로써 로부터"
_AFTER_OTHER_CONSONANT = "으로 으로서 으로써 으로부터"
_AFTER_ANY = (
    "의 에 에서 에게 에게서 께 께서 한테 한테서 도 만 까지 부터 에서부터 마다 조차 마저 밖에 보다 "
    "처럼 같이 만큼 대로 뿐 뿐만 하고 서도 씩 이다 인 인데 이고 이지만 이었다 이었던 이므로 입니다 "
    "일 이기도 이기에 에선 에겐 에게만 엔 이니 인지 인가 이라기보다 답게 다운 "
    "서 서도 서만 서는 서의 등 등의 등에 등을 등이 등에서"
)
# A second particle, after those that take one: 에서 + 도, 와 + 의.
_TAKES_ANOTHER = (
    "에 에서 에게 에게서 으로 로 으로서 로서 으로써 로써 과 와 까지 부터 만 보다 처럼 만큼 께서 "
    "한테 하고 마다"
)
_SECOND = "는 은 도 만 의 까지 부터 라도 조차 마저 밖에 나 만은 만의 까지도 뿐 이라도 이나"

# Particles that a word of one syllable is believed to carry: 암을, 금은; not 정도, 회의.
_AFTER_ONE_SYLLABLE = frozenset("이가을를은는과와에") | {"에서", "에는", "에도", "으로"}

# Particles that no noun ends with: taken off a query's word as well, where a mistake would be worse than in a text.
_CERTAIN = (
    "을 를 에서 에서는 에서도 에서의 에서만 에는 에도 에게 에게서 으로 으로는 으로도 으로의 와의 과의 까지 부터 "
    "이라는 라는 처럼 보다는 에서부터 로부터 으로부터"
)
CERTAIN_PARTICLES = frozenset(_CERTAIN.split())

# Particles that nouns often end with by themselves: 길고양이, 고속도로, 국제회의.
OFTEN_PART_OF_THE_NOUN = frozenset("이도로만의가나인")

# Endings of noun + 하다/되다/시키다, as newspapers write them: 투자했다, 개발하는, 상용화된.
_VERB_STEMS = "하 되 시키"
_VERB_TAILS = (
    "다 고 고서 고자 는 는데 며 면 면서 지 지만 지는 지도 여 여서 여야 였다 였고 였던 였지만 게 려 "
    "려는 려고 자 자는 자고 자마자 기 기로 기도 기는 기에 기를 기가 기까지 겠다 겠다는 겠다고 도록 "
    "거나 던 니 므로 다가 다는 다고 다며 다면 어 어야 었다 었던 었고 나 느라 지만 든 든지 길"
)
_VERB_FUSED = {
    "한 된 시킨": " 다 다고 다는 다며 다면 데 데다 지 채 만큼",
    "할 될 시킬": " 지 까 수록 지도 만한",
    "했 됐 시켰": "다 다고 다는 다며 다면 고 으며 으나 지만 던 는데 었다 을 음 습니다 기 으므로 더니",
    "해 돼 시켜": " 서 야 도 왔다 온 오던 주는 줄 준 야만 져 진 졌다 지는 지고",
    "함 됨 시킴": " 에 으로 을 이 과 은",
    "합 됩 시킵": "니다",
    "받": "은 는 고 다 아 았다 을 지 으며 은다",
}
_SHORTEST_VERB_BASE = 2
_SHORTEST_CERTAIN_BASE = 2

# Generic nouns that follow a name or a term without a space and leave its meaning: 인공지능기술, 삼성그룹, LG측.
# Words that names of companies and institutes end with (화학, 증권, 은행, 연구원 ...) are left out on purpose.
_GENERIC = (
    "산 발 계 형 용 그룹 그룹주 계열 계열사 측 산업 업계 업체 기업 시장 분야 부문 사업 사업부 개발사 정책 전략 관련 "
    "관련주 기반 시대 생태계 플랫폼 제품 제조사 제조업체 생산 생산량 공급 공급망 공장 수출 수입 "
    "수요 가격 판매 판매량 매출 인력 인재 전문가 전문기업 스타트업 회사 본사 지사 법인 대표 회장 "
    "부회장 사장 부사장 임원 직원 관계자 대변인 노조 주가 지분 인수 합병 협력 협력사 활용 적용 "
    "도입 확대 규제 법안 교육 열풍 경쟁 경쟁력 특허 소재 부품 장비 설비 설계 환자 치료 치료제 "
    "후보물질 신약 임상 발전 발전소 발전량 단지"
)
# After letters of the Latin alphabet also these, because acronyms are written together with what they qualify.
_GENERIC_AFTER_LATIN = (
    "기술 모델 서비스 솔루션 반도체 칩 로봇 챗봇 폰 기기 가전 비서 에이전트 인프라 데이터센터 "
    "데이터 알고리즘 소프트웨어 시스템 기능 개발 연구 투자 윤리 학습 교과서 번역 검색 연산 서버 "
    "의료 진단 혁명 혁신 붐 거품 판 급 업 주 차 스피커 보안 면접 개발자 차량 배터리 충전 충전기 충전소"
)
# Nouns that stay apart from short names but follow longer terms: 인공지능기술, not 한전기술.
_GENERIC_AFTER_LONG = "기술 모델 서비스 솔루션 시스템 반도체 로봇 데이터 개발 연구 투자 주"
_LONG_TERM = 4

# One syllable before a noun that makes a compound of it: 폐배터리, 신재생에너지, 전대통령.
PREFIX_SYLLABLES = frozenset(
    "신구전현폐비탈친반대소초고저한미중일북남본각첫타당총주핵준범재급다무유역맹최왕길들문박김윤"
)


def is_hangul(char: str) -> bool:
    """Whether it is a composed syllable of Hangul."""
    return _HANGUL_FIRST <= ord(char) <= _HANGUL_LAST


# Numbers of final consonants: 0 is none.
_ALL_FINALS = frozenset(range(28))
_NO_FINAL = frozenset({0})
_BEFORE_RO = frozenset({0, _RIEUL})


def _particles() -> dict[str, frozenset[int]]:
    """Every particle and pair of particles, with the final consonants that the syllable before it may have."""
    groups = (
        (_AFTER_CONSONANT, _ALL_FINALS - _NO_FINAL),
        (_AFTER_VOWEL, _NO_FINAL),
        (_AFTER_VOWEL_OR_RIEUL, _BEFORE_RO),
        (_AFTER_OTHER_CONSONANT, _ALL_FINALS - _BEFORE_RO),
        (_AFTER_ANY, _ALL_FINALS),
    )
    single = {particle: finals for names, finals in groups for particle in names.split()}
    pairs = {first + second: single[first] for first in _TAKES_ANOTHER.split() for second in _SECOND.split()}
    return pairs | single


def _verb_endings() -> frozenset[str]:
    """Every form of 하다, 되다, 시키다 that follows a noun."""
    regular = {stem + tail for stem in _VERB_STEMS.split() for tail in _VERB_TAILS.split()}
    fused = {
        stem + tail
        for stems, tails in _VERB_FUSED.items()
        for stem in stems.split()
        for tail in tails.split(" ")
    }
    return frozenset(regular | fused)


_FINALS_BEFORE = _particles()
VERB_ENDINGS = _verb_endings()
GENERIC = frozenset(_GENERIC.split())
GENERIC_AFTER_LATIN = GENERIC | frozenset(_GENERIC_AFTER_LATIN.split())
GENERIC_AFTER_LONG = GENERIC | frozenset(_GENERIC_AFTER_LONG.split())
_PLURAL = "들"

_ENDINGS = frozenset(_FINALS_BEFORE) | VERB_ENDINGS
_NOUNS = GENERIC_AFTER_LATIN | GENERIC_AFTER_LONG | {_PLURAL}


def _lengths(tails: frozenset[str]) -> dict[str, tuple[int, ...]]:
    """How long the tails are that end with two syllables, or else with one: most words need no further look."""
    found: dict[str, set[int]] = {}
    for tail in tails:
        if len(tail) <= LONGEST:
            found.setdefault(tail[-2:], set()).add(len(tail))
    for pair in [ending for ending in found if len(ending) == 2]:
        found[pair] |= found.get(pair[-1], set())
    return {ending: tuple(sorted(lengths)) for ending, lengths in found.items()}


_ENDING_LENGTHS = _lengths(_ENDINGS)
_NOUN_LENGTHS = _lengths(_NOUNS)

# Every ending with the final consonants of the syllable before it, after a base of one syllable and a longer one.
_AFTER_ONE = {ending: finals for ending, finals in _FINALS_BEFORE.items() if ending in _AFTER_ONE_SYLLABLE}
_AFTER_MORE = _FINALS_BEFORE | dict.fromkeys(VERB_ENDINGS, _ALL_FINALS)
_NEVER = frozenset[int]()


def without_ending(word: str) -> list[str]:
    """The word without each particle or verb ending it may carry, longest remainder first.

    `word` is folded and ends with a syllable of Hangul. More than one reading is given because the syllables
    alone don't tell: 대만은 is 대만 + 은, 부산만은 is 부산 + 만은.
    """
    found = []
    for length in _ENDING_LENGTHS.get(word[-2:]) or _ENDING_LENGTHS.get(word[-1], ()):
        base, ending = word[:-length], word[-length:]
        if not base:
            continue
        # Most words are Hangul alone: what _conjugates and _carries say of those, in one look.
        syllable = ord(base[-1]) - _HANGUL_FIRST
        if 0 <= syllable <= _HANGUL_LAST - _HANGUL_FIRST:
            after = _AFTER_ONE if len(base) == 1 else _AFTER_MORE
            fits = syllable % 28 in after.get(ending, _NEVER)
        else:
            fits = _conjugates(base, ending) or _carries(base, ending)
        if fits:
            found.append(base)
    return found


def without_certain_particle(word: str) -> Iterator[str]:
    """The word without a particle, if it ends with one that can't be the end of a noun."""
    for length in range(1, min(LONGEST, len(word) - _SHORTEST_CERTAIN_BASE) + 1):
        base, particle = word[:-length], word[-length:]
        if particle in CERTAIN_PARTICLES and _carries(base, particle):
            yield base


def _carries(base: str, particle: str) -> bool:
    """Whether the particle can stand after the base."""
    finals = _FINALS_BEFORE.get(particle)
    if finals is None:
        return False
    last = base[-1]
    if not _HANGUL_FIRST <= ord(last) <= _HANGUL_LAST:
        return not (last.isdigit() and particle == "만")  # 10만 is a number
    return (ord(last) - _HANGUL_FIRST) % 28 in finals and (len(base) > 1 or particle in _AFTER_ONE_SYLLABLE)


def _conjugates(base: str, ending: str) -> bool:
    """Whether base + ending can be a noun made a verb."""
    return len(base) >= _SHORTEST_VERB_BASE and ending in VERB_ENDINGS


def without_generic_noun(word: str) -> list[str]:
    """The word without a generic noun, or a plural, at its end."""
    found = []
    for length in _NOUN_LENGTHS.get(word[-2:]) or _NOUN_LENGTHS.get(word[-1], ()):
        base, noun = word[:-length], word[-length:]
        if base and noun in _NOUNS and _precedes(base, noun):
            found.append(base)
    return found


def _precedes(base: str, noun: str) -> bool:
    """Whether a generic noun, or the plural, can be taken off this base."""
    if not is_hangul(base[-1]):
        return base[-1].isalpha() and noun in GENERIC_AFTER_LATIN
    if len(base) == 1:
        return False
    return noun == _PLURAL or noun in (GENERIC if len(base) < _LONG_TERM else GENERIC_AFTER_LONG)
