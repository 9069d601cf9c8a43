"""Does a name that stands in a text mean the company? Evidence for and against it, added up as log-odds.

A certain name (삼성전자) starts high, an ambiguous one (효성) low, an everyday word (대상) very low. What stands right
beside it (a stock code, 그룹, 영업이익, "통신업체 KT", another company behind a middle dot) weighs more than what its
sentence speaks of (`context`). Where the name also belongs to a team, the sentence decides between company and sport.
A single slip in a long name is forgiven when the document has the right form too.

Pure: it knows the names and the words around them, no database and no clock.
"""

from __future__ import annotations

import bisect
import functools
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from articles.korean import particles, slips
from articles.tagging import context, english, lexicon, mentions, trades

FIELDS: tuple[mentions.Field, mentions.Field] = ("title", "text")

CERTAIN, AMBIGUOUS, COMMON = 3.0, -1.5, -4.5
DIRECT = 7.0
TEAM_BESIDE = 3.0
SPORT_RULE = "team: the sentence speaks of sport"
TEAM_LINE = -1.0
SPORT_PAGE = 1.0
OPENING_BUSINESS = 1.5
SENTENCE_LENGTH = 300
# More names than this in one field is no article; what follows is not looked at.
MOST_NAMES = 5_000

# All ends begin with one of a set of characters, which is what makes a search for them fast.
_SENTENCE_END = re.compile(r"[.!?。\n](?:(?<=\n)\n*|(?<!\n)[\"'”’)]?\s+)")
_REACH = 60
# Affiliates of one house differ by little: a slip is forgiven in their long names alone.
_LEAST_AFFILIATE = 7
_HANGUL = re.compile("[가-힣]")
_LEGAL_BEFORE = re.compile(r"(?:㈜|\(주\)|주식회사)\s?$")
_LEGAL_AFTER = re.compile(
    r"\s?(?:㈜|\(주\)|주식회사|,? (?:Inc|Corp|Co|Ltd|LLC|PLC|plc|AG|SA|NV|GmbH|Holdings)\b)"
)
_CODE_AFTER = re.compile(
    r"\s?[(\[<](?:(?:KRX|KOSPI|KOSDAQ|코스피|코스닥|NYSE|NASDAQ|나스닥)\s?[:：]?\s?\w{1,6}|\d{6}|A\d{6})[)\]>]"
)
_TRADE = (
    "기업|업체|회사|제약사|제조사|은행|브랜드|통신사|자회사|계열사|관계사|협력사|스타트업|개발사|운영사|벤처|제작사|배급사|유통사|"
    "항공사|보험사|증권사|카드사|건설사|시공사|조선사|완성차|포털|기획사|소속사|체인|거래소|연구소|연구기관|병원|센터|대기업|지주사"
)
_APPOSITION = re.compile(f"(?:{_TRADE})(?:인|는|은|이자)?\\s*['\"‘“<\\[〈《(]?$")
_MONEY = (
    r"(?:(?:올|작년|지난해)\s?)?\d분기|상반기|하반기|영업익|영업이익|순이익|순익|당기순|매출|주가|목표주가|목표가|실적|공시|상장|자사주|"
    r"지분|유상증자|무상증자|배당|회사채|전환사채|CB|BW|신제품|인수|합병|수주|투자|주식|주총|공급계약|계약|상한가|하한가|급등|급락|강세|약세|"
    r"신고가|최대주주|대주주|억원|투자의견|신용등급|매각|출시|워크아웃|법정관리|협력사|생산|(?:도매|소매|국내|해외|글로벌|내수)?\s?판매|공장|노조|임단협|파업|지주회사|지주사|이사회|구조조정|분사|희망퇴직|"
    r"임금|비정규직|외주|하청|정규직|해고"
)
# What may stand between a company and its figures: 작년 연결, 180억5천만원 규모, 주당 300원.
_WHEN = (
    "(?:작년도?|올해도?|올|지난해|연결|별도|주당|규모|대규모|주가급등|국내|첫|새|신규|사상|최대|관련|에|"
    r"[\d.,조억천백만원\-~년월일주]+)"
)
_MONEY_AFTER = re.compile(f"[\\s,…]{{0,2}}(?:{_WHEN}\\s?){{0,4}}(?:{_MONEY})")
# Said of a team as well.
_FORM_AFTER = re.compile(f"[\\s,…]{{0,2}}(?:{_WHEN}\\s?){{0,4}}(?:부진|호조|흑자|적자)")
_DEAL_AFTER = re.compile(
    "[^…!?]{0,40}(?:공급\\s?계약|수주|자사주|자기주식|유상증자|무상증자|양수도|전환사채|지분|주식|억원 규모|억원어치|"
    "코스닥|상장|"
    "특허|채무보증|주주명부|자회사|손자회사|회계처리|공장)"
)
_MARKET_BEFORE = re.compile(
    r"(?:특징주|거래소|상폐 위기|코스닥|코스피|증시신상품|종목|유가증권시장|공시)\]?\s['\"‘“]?$"
)
_NOTICE_BEFORE = re.compile(r"^\[?게시판\]?\s$")
_HEADLINE_COMMA = re.compile(r"\s?[,，](?=\s)")
_ROLE_AFTER = re.compile(
    r"\s(?:(?:[가-힣]{2,4}\s)?(?:부?회장|부?사장|대표이사|대표|CEO|총수|오너|임원|주주)|[가-힣]{3}\s(?:전무|상무))(?![가-힣]{2})"
)
_PERSON_AFTER = re.compile(
    r"\s?(?:씨|군|양|님|의원|교수|기자|감독|선수|작가|판사|검사|위원장|장관|변호사|시장|지사|목사|스님|박사|방통위원장)"
    r"(?:은|는|이|가|을|를|의|에게|과|와|도)?(?![가-힣])"
)
_COUNTRY_BEFORE = re.compile("[美日中獨英佛印臺韓]\\s?$")
_AMONG_AFTER = re.compile(r"\s등\s?\S{0,8}(?:기업|업체|회사|은행|그룹|계열사|증권사|제약사|완성차)")
_TITLE_AFTER = re.compile(r"\s(?:씨|군|양)(?:은|는|이|가|을|를|의|에게|과|와|도)?(?![가-힣])")
_JOINT = re.compile(r"(?:와|과|이나|나|및)?\s?[·,/&‧ㆍ-]?\s?|,? and ")
_LONGEST_JOINT = 6
# A label in brackets, or the broker or rating agency whose view the headline tells: "한국투자증권 … 목표가↑".
_TITLE_OPENING = re.compile(
    r"^\s*(?:\[[^\]]{0,20}\]|<[^>]{0,20}>|\([^)]{0,20}\)|[가-힣A-Z]{1,8}(?:증권|투자|금투|대우|신평|평가|연구원|리서치)\s)?"
    r"\s*['\"‘“]?$"
)
_SUBJECT = re.compile("[은는이가](?![가-힣])")
_SUBJECT_AFTER = re.compile(
    r"(?:은|는|이|가)\s[^.!?…]{0,80}?(?:밝혔|발표했|공개했|출시했|출시한|체결했|선보였|선보인|인수했|인수한|공급한|공급했|설립했|착공|"
    r"판매한|판매했|수출한|수출했|공시했|증설|상장한|상장했|리콜|개발했|투자한|투자했|생산한|생산했)"
)
_PARTNER_AFTER = re.compile(
    r"(?:와|과)의?\s[^.!?…]{0,30}?(?:계약|협약|MOU|제휴|합작|협력|공동\s?(?:개발|연구|출시|투자)|손\s?(?:을\s)?잡)"
)
_ENGLISH_TRADE = re.compile(
    r"\b(?:compan(?:y|ies)|shares|revenue|startups?|stocks?|quarter|earnings|CEO|investors?|acquisition|chips?|"
    r"iPhones?|automakers?|retailers?|bank|market|customers?|billion|million|estimates|expectations|guidance|profits?|"
    r"sales|plants?|factor(?:y|ies)|jobs|dividend|merger|takeover|drugmakers?|tariffs)\b"
)


@dataclass(frozen=True, slots=True)
class _Cue:
    """What stands right behind a name, or before it (`behind` the cue), and what it says of it."""

    pattern: re.Pattern[str]
    reason: str
    points: float
    common_points: float
    behind: bool = False


_CERTAIN_CUES = (
    _Cue(_LEGAL_BEFORE, "legal form beside the name", DIRECT, DIRECT, behind=True),
    _Cue(_LEGAL_AFTER, "legal form beside the name", DIRECT, DIRECT),
    _Cue(_CODE_AFTER, "stock code behind the name", DIRECT, DIRECT),
    _Cue(_TITLE_AFTER, "a person's name", -5.0, -5.0),
)
_CUES = (
    _Cue(_MARKET_BEFORE, "introduced as a share", 6.0, 6.0, behind=True),
    _Cue(_NOTICE_BEFORE, "opens a notice of its own", 4.0, 3.0, behind=True),
    _Cue(_MONEY_AFTER, "a business word follows", 6.0, 1.5),
    _Cue(_FORM_AFTER, "a business word follows", 3.5, 1.0),
    _Cue(_AMONG_AFTER, "listed among companies", 4.0, 4.0),
    _Cue(_ROLE_AFTER, "an executive follows", 4.0, 2.0),
    _Cue(_PERSON_AFTER, "a person's name", -5.0, -5.0),
)
_EVENT_AFTER = re.compile(
    r"\s?(?:\S{1,8}\s){0,2}(?:오픈|클래식|챔피언십|챔피언쉽|마스터스|레이디스|위민스|슈퍼레이스|인비테이셔널|리그|컵대회|배구단|야구단|농구단)"
)
_ATHLETE_BEFORE = re.compile(r"[가-힣]{2,5}\((?:\d{2}·)?(?:이상\s)?$")
_SPONSORED = re.compile(r"[가-힣]{2,5}\(\d{2}·$")
_ROLE_BEFORE = re.compile(
    r"(?:스타|선수|투수|타자|포수|거포|공격수|수비수|미드필더|골키퍼|골잡이|국가대표|챔피언|골퍼|복서)\s['\"‘“]?$"
)
_SPORT_CUES = (
    _Cue(_EVENT_AFTER, "its name is that of an event", -5.0, -5.0),
    _Cue(_ATHLETE_BEFORE, "an athlete's sponsor", -5.0, -5.0, behind=True),
    _Cue(_ROLE_BEFORE, "an athlete's name", -5.0, -5.0, behind=True),
)
_OPENING_CUES = (
    _Cue(_MONEY_AFTER, "opens the headline, a business word follows", 6.0, 6.0),
    _Cue(_DEAL_AFTER, "opens the headline of a deal", 4.0, 4.8),
    _Cue(_ROLE_AFTER, "opens the headline, an executive follows", 4.0, 4.8),
    _Cue(_HEADLINE_COMMA, "opens the headline", 2.5, 2.5),
)


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate with its evidence added up: `points` are log-odds, `rule` names what weighed most."""

    field: int
    candidate: lexicon.Candidate
    points: float
    rule: str
    sport: bool = False

    @property
    def company(self) -> bool:
        """Whether the name is taken for the company."""
        return self.points > 0 and not self.sport


class CompanyFinder:
    """Finds the companies of a watch list in a document's two fields."""

    def __init__(self, names: lexicon.Lexicon, model: context.Model) -> None:
        self._names = names
        self._model = model

    def find(self, title: str, text: str) -> tuple[mentions.Mention, ...]:
        """Every mention of a company or of a team that bears its name, in order of appearance."""
        headline = _Field(title, self._names, self._model)
        fields = (headline, _Field(text, self._names, self._model, headline if title else None))
        judged = _settle([item for number in (0, 1) for item in _judge_field(number, fields[number])])
        slipped = list(_slips(judged, fields))
        starts = {(item.field, item.candidate.start) for item in slipped}
        judged = [item for item in judged if not _is_part(item, starts)] + slipped
        judged.sort(key=lambda item: (item.field, item.candidate.start))
        return tuple(_mention(item, fields[item.field].text) for item in judged if item.sport or item.company)


class _Field:
    """One text, the names in it, its sentences, and what each of them speaks of."""

    def __init__(
        self, text: str, names: lexicon.Lexicon, model: context.Model, headline: _Field | None = None
    ) -> None:
        self.text = text
        self.candidates = names.find(text)[:MOST_NAMES]
        self._model = model
        self._headline = headline
        self._leanings: dict[int, context.Leaning] = {}

    def leaning(self, sentence: int) -> context.Leaning:
        """What a sentence speaks of; the headline above it (or the text's first sentence) counts half."""
        own, above = self._own_leaning(sentence), self.page()
        if self._headline is None and sentence == 0:
            return own
        return context.Leaning(own.sport + 0.5 * above.sport, own.business + 0.5 * above.business)

    def page(self) -> context.Leaning:
        """What the headline speaks of, or the first sentence where there is none."""
        return (self._headline or self)._own_leaning(0)

    def _own_leaning(self, sentence: int) -> context.Leaning:
        if sentence not in self._leanings:
            inside = self.within(sentence)
            found = self._model.lean(*lexicon.mask(self.text, inside, *self.span_of(sentence)))
            if any(candidate.edge == "team" for candidate in inside):
                found = replace(found, sport=found.sport + TEAM_BESIDE)
            self._leanings[sentence] = found
        return self._leanings[sentence]

    @functools.cached_property
    def _starts(self) -> list[int]:
        """Where sentences start; asked for where a name is in doubt, or belongs to a team."""
        return list(_sentence_starts(self.text)) if self.candidates else [0]

    def sentence_of(self, position: int) -> int:
        return bisect.bisect_right(self._starts, position) - 1

    def span_of(self, sentence: int) -> tuple[int, int]:
        start = self._starts[sentence]
        end = self._starts[sentence + 1] if sentence + 1 < len(self._starts) else len(self.text)
        return start, min(end, start + 2 * SENTENCE_LENGTH)

    def within(self, sentence: int) -> list[lexicon.Candidate]:
        """The names that start in a sentence."""
        start, end = self.span_of(sentence)
        first = bisect.bisect_left(self.candidates, start, key=lambda candidate: candidate.start)
        last = bisect.bisect_left(self.candidates, end, key=lambda candidate: candidate.start)
        return self.candidates[first:last]


def _sentence_starts(text: str) -> Iterator[int]:
    """Where sentences start; one that goes on for too long is cut, so that no text is all one sentence."""
    start = 0
    yield start
    for match in _SENTENCE_END.finditer(text):
        yield from range(start + SENTENCE_LENGTH, match.end(), SENTENCE_LENGTH)
        start = match.end()
        yield start
    yield from range(start + SENTENCE_LENGTH, len(text), SENTENCE_LENGTH)


def _judge_field(number: int, field: _Field) -> Iterator[Judged]:
    return (_judge(number, field, position) for position in range(len(field.candidates)))


def _judge(number: int, field: _Field, position: int) -> Judged:
    candidate = field.candidates[position]
    alias = candidate.entry.alias
    doubtful = _is_doubtful(field, candidate)
    prior = COMMON if alias.common else AMBIGUOUS if doubtful else CERTAIN
    evidence = [(prior, "name"), *_beside(number, field, position, doubtful=doubtful)]
    direct = max((points for points, _ in evidence[1:]), default=0.0)
    leaning = _leaning(field, candidate, doubtful=doubtful)
    if candidate.entry.company.sport and direct < 4.0 and _is_sport(candidate, leaning):
        return Judged(number, candidate, abs(leaning.sport) + 0.5, SPORT_RULE, sport=True)
    evidence += _neighbours(field, position)
    if doubtful:
        evidence += _around(field, position, leaning, 0.2 if alias.common else 0.5)
    elif direct < 4.0 and leaning.sport > SPORT_PAGE:
        evidence += _against(field, candidate, SPORT_PAGE - leaning.sport)
    points = sum(value for value, _ in evidence)
    return Judged(number, candidate, points, max(evidence, key=lambda pair: pair[0])[1])


def _leaning(field: _Field, candidate: lexicon.Candidate, *, doubtful: bool) -> context.Leaning:
    """What the sentence speaks of; a certain name that no team bears is asked only on a sports page."""
    page = field.page()
    if doubtful or candidate.entry.company.sport or page.sport > SPORT_PAGE:
        return field.leaning(field.sentence_of(candidate.start))
    return page


def _against(field: _Field, candidate: lexicon.Candidate, points: float) -> Iterator[tuple[float, str]]:
    """What a sports page says against a company that has no team: a player's first name, a sponsor, a cup."""
    yield (max(points, -2.5) if candidate.entry.long else points), "the sentence speaks of sport"
    yield from _cued(_SPORT_CUES, *_sides(field, candidate), common=False)


def _is_sport(candidate: lexicon.Candidate, leaning: context.Leaning) -> bool:
    return candidate.edge == "team" or leaning.sport - max(0.0, leaning.business) > TEAM_LINE


def _is_doubtful(field: _Field, candidate: lexicon.Candidate) -> bool:
    """Whether the name needs evidence. Two letters (DL, CJ) may be anything at all in English and are a company in
    Korean; an English word (Apple) is a name where it stands among Korean ones.
    """
    alias = candidate.entry.alias
    if not alias.text.isascii() or alias.common:
        return alias.ambiguous
    if len(alias.text) > 2 and not alias.ambiguous:
        return False
    korean = _is_korean(field, *field.span_of(field.sentence_of(candidate.start)))
    return not korean if alias.kind == "english" else alias.ambiguous or not korean


def _is_korean(field: _Field, start: int, end: int) -> bool:
    return _HANGUL.search(field.text, start, end) is not None


def _beside(number: int, field: _Field, position: int, *, doubtful: bool) -> Iterator[tuple[float, str]]:
    """Evidence right beside the name, each with its reason."""
    candidate = field.candidates[position]
    alias = candidate.entry.alias
    before, after = _sides(field, candidate)
    if candidate.edge == "group":
        yield DIRECT - 1, "a word that goes with companies is attached"
    yield from _cued(_CERTAIN_CUES, before, after, common=alias.common)
    if after.startswith((")", "·사진)")) and _SPONSORED.search(before):
        yield -7.0, "an athlete's sponsor"
    if not doubtful and not candidate.entry.company.sport:
        return
    yield from _cued(_CUES, before, after, common=alias.common)
    if doubtful and alias.text.isascii():
        yield from english.evidence(before, after, common=alias.common)
    if _APPOSITION.search(before) and not _is_name(field, position, before):
        quoted = not before[-1:].isspace()
        # 기업 대상 설문 is a survey of companies; 식품업체 대상이 has the name for its subject.
        doubtful_points = 3.6 if _SUBJECT.match(after) else 2.0
        yield (doubtful_points if alias.common and not quoted else 5.0), "introduced as a company"
    if candidate.entry.company.country != "KR" and _COUNTRY_BEFORE.search(before):
        yield 4.5, "its country stands before it"
    if number == 0 and _opens(field, candidate):
        yield from _cued(_OPENING_CUES, "", after, common=False)


def _sides(field: _Field, candidate: lexicon.Candidate) -> tuple[str, str]:
    before = field.text[max(0, candidate.start - _REACH) : candidate.start]
    return before, field.text[candidate.end : candidate.end + _REACH]


def _cued(cues: Iterable[_Cue], before: str, after: str, *, common: bool) -> Iterator[tuple[float, str]]:
    for cue in cues:
        if cue.pattern.search(before) if cue.behind else cue.pattern.match(after):
            yield (cue.common_points if common else cue.points), cue.reason


def _opens(field: _Field, candidate: lexicon.Candidate) -> bool:
    """Whether nothing but a bracketed tag stands before the name."""
    return candidate.start < 30 and _TITLE_OPENING.match(field.text[: candidate.start]) is not None


def _is_name(field: _Field, position: int, before: str) -> bool:
    """Whether what stands before is another watched name (우리은행 KDB생명), not a word that introduces this one."""
    if not position:
        return False
    start = field.candidates[position].start
    return start - field.candidates[position - 1].end <= len(before) - len(before.rstrip(" '\"‘“<[〈《("))


def _neighbours(field: _Field, position: int) -> Iterator[tuple[float, str]]:
    """Another company joined to this one: 현대·기아, 삼성과 LG."""
    candidate = field.candidates[position]
    for other in field.candidates[max(0, position - 1) : position + 2]:
        if other is candidate or other.entry.company is candidate.entry.company:
            continue
        first, second = sorted((other, candidate), key=lambda item: item.start)
        between = field.text[first.end : second.start]
        if between and len(between) <= _LONGEST_JOINT and between.strip() and _JOINT.fullmatch(between):
            certain = "·" in between or not (other.entry.alias.ambiguous or candidate.entry.alias.common)
            yield (5.0 if certain else 1.5), f"named together with {other.entry.company.name}"


def _around(
    field: _Field, position: int, leaning: context.Leaning, share: float
) -> Iterator[tuple[float, str]]:
    """Evidence from the sentence, for an ambiguous name."""
    candidate = field.candidates[position]
    sentence = field.sentence_of(candidate.start)
    start, end = field.span_of(sentence)
    speaks_of_trade = trades.speaks_of(candidate.entry.company.sector, field.text, start, end)
    if _is_korean(field, start, end):
        # Who makes songs or drugs is not in the economy pages alone.
        least = 0.0 if speaks_of_trade else -4.0
        yield max(least, min(4.0, leaning.business)) * share, "the sentence speaks of business"
        if leaning.business > OPENING_BUSINESS and _opens(field, candidate):
            yield 3.0, "opens a business headline"
    if candidate.entry.alias.text.isascii() and _ENGLISH_TRADE.search(field.text, start, end):
        yield 4.0 * share, "the sentence speaks of business"
    if speaks_of_trade:
        if not candidate.entry.alias.common:
            yield 3.0, "the sentence speaks of its trade"
        elif _opens(field, candidate) and _HEADLINE_COMMA.match(field.text, candidate.end):
            yield 2.5, "opens a headline of its trade"
    if _SUBJECT_AFTER.match(field.text, candidate.end, end):
        yield 1.6 if candidate.entry.alias.common else 3.0, "acts as a company"
    elif _PARTNER_AFTER.match(field.text, candidate.end, end):
        yield 2.0 if candidate.entry.alias.common else 3.0, "named as a partner"
    if any(not other.entry.alias.ambiguous for other in field.within(sentence)):
        yield 2.0 * share, "companies beside it"


def _settle(judged: Sequence[Judged]) -> list[Judged]:
    """One sense per document: a company that is certain somewhere lifts its doubtful mentions."""
    certain = {
        item.candidate.entry.company.name for item in judged if item.company and item.points >= CERTAIN
    }
    return [_lift(item) if item.candidate.entry.company.name in certain else item for item in judged]


def _lift(item: Judged) -> Judged:
    alias = item.candidate.entry.alias
    if item.sport or item.points > 0 or not alias.ambiguous:
        return item
    return replace(
        item, points=item.points + (2.5 if alias.common else 4.0), rule="named for certain elsewhere"
    )


def _slips(judged: Sequence[Judged], fields: tuple[_Field, _Field]) -> Iterator[Judged]:
    """Words that are a slip away from a long name the document has in its right form."""
    names = {item.candidate.entry.alias.text: item.candidate.entry for item in judged if item.company}
    for text, entry in names.items():
        least = _LEAST_AFFILIATE if entry.company.parent else slips.LEAST_LENGTH
        if len(text) < least or not slips.is_hangul(text):
            continue
        for number, field in enumerate(fields):
            for start in slips.find(field.text, text):
                end = start + len(text)
                tail = lexicon.HANGUL_RUN.match(field.text, end)
                if particles.is_chain(tail.group()[:12] if tail else "") and not _taken(field, start, end):
                    yield Judged(
                        number, lexicon.Candidate(start, end, entry, "word"), 2.0, f"a slip away from {text}"
                    )


def _is_part(item: Judged, starts: set[tuple[int, int]]) -> bool:
    """Whether a longer name with a slip in it starts where this one stands inside an unknown compound."""
    return item.candidate.edge == "compound" and (item.field, item.candidate.start) in starts


def _taken(field: _Field, start: int, end: int) -> bool:
    before = bisect.bisect_left(field.candidates, end, key=lambda candidate: candidate.start) - 1
    if before < 0 or field.candidates[before].end <= start:
        return False
    return field.candidates[before].edge != "compound" or field.candidates[before].start != start


def _mention(item: Judged, text: str) -> mentions.Mention:
    candidate = item.candidate
    confidence = round(min(0.99, 1 / (1 + math.exp(-item.points))), 2)
    return mentions.Mention(
        FIELDS[item.field],
        candidate.start,
        candidate.end,
        text[candidate.start : candidate.end],
        candidate.entry.company.name,
        "sport" if item.sport else "company",
        item.rule,
        confidence,
    )


def tags(found: Iterable[mentions.Mention]) -> tuple[mentions.CompanyTag, ...]:
    """The companies of these mentions, in order of appearance; a tag is as sure as its surest mention."""
    by_name: dict[str, list[mentions.Mention]] = {}
    for mention in found:
        if mention.kind == "company":
            by_name.setdefault(mention.name, []).append(mention)
    return tuple(
        mentions.CompanyTag(
            name,
            tuple(dict.fromkeys(mention.text for mention in places)),
            max(mention.confidence for mention in places),
            tuple(places),
        )
        for name, places in by_name.items()
    )
