"""All names of the watch list in one automaton: text -> the places where a name stands as a word of its own.

Decides by letters and word edges alone. Whether a name that stands there means the company is the business of
`companies`; nothing here weighs evidence.

The automaton is Aho and Corasick's ("Efficient string matching", 1975), so that the cost of a text does not grow
with the number of names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import ahocorasick_rs

from articles.korean import particles
from articles.tagging import watchlist

# Nouns the press writes behind a name without a space and that leave it the company's name: 삼성전자주가.
# Longer ones first is not needed: what follows them is checked to be particles.
_COMPANY_NOUNS = (
    "그룹|계열사|계열|자회사|본사|지사|법인|회장|부회장|사장|부사장|대표이사|대표|이사회|이사|임원|임직원|직원|노조|노사|총수|"
    "주가|주식|주주|지분|실적|영업익|매출|목표가|공장|사옥|매장|점포|대리점|협력사|협력업체|관계자|연구소|연구원|물류센터|서비스센터|고객센터|데이터센터|"
    "제품|스마트폰|폰|컨소시엄|출신|사태|사건|발|산|제|표|주|株|社|家|車|판|배|전용|관|망|노동조합|지부|지회|재단|문화재단|복지재단|"
    "맨|맨들|호|號|건|측|도|종합|속보|보|초대석|코리아|재팬|차이나|아메리카|유럽|인디아|베트남|銀|證|電|重"
)
_COMPANY_TAIL = re.compile(f"({_COMPANY_NOUNS})(.*)")
_GROUP_NOUN = re.compile(
    "그룹|계열|회장|부회장|사장|부사장|대표|노조|주가|주식|주주|지분|실적|영업익|매출|목표가|총수|본사|임직원"
)
# The same behind a team's name: 두산전 "the match against Doosan", 삼성팬.
_TEAM_TAIL = re.compile(
    "(?:베어스|이글스|라이온즈|타이거즈|트윈스|자이언츠|자이언트|와이번스|랜더스|히어로즈|다이노스|위즈|나이츠|세이커스|썬더스|소닉붐|"
    "프로미|오리온스|엘리펀츠|이지스|스카이워커스|점보스|빅스톰|블루팡스|위비|에스버드|블루밍스|스타즈|힐스테이트|알토스|"
    "핑크스파이더스|하이패스|스타|피버스|고양|레드포스|롤스터|드래곤즈|현대|모터스|블루윙즈|전|팬|팬들|선수단|선수|감독|코치|구단|타선|"
    "불펜|마운드|선발|투수|타자|유니폼|배구단|농구단|야구단|축구단|여자배구|남자배구)(.*)"
)
_TEAM_TOWN = re.compile(
    "(?:전북|울산|수원|포항|제주|성남|부산|창원|안양|원주|인천|서울|대구|광주|대전|고양|전주|이천|구미|천안|의정부|화성|김천|청주|아산|용인|"
    "프로야구|프로농구|프로배구|여자농구|여자배구)$"
)
_LATIN = re.compile("[A-Za-z0-9À-ɏ]")
HANGUL_RUN = re.compile("[가-힣]*")
_INITIAL = re.compile(r"(?<= )[A-Z]")
# What is done to companies alone. A form that is usually something else ("페이스북에", where people write) is the
# company's name before these: 페이스북에 15만 유로 벌금.
_DONE_TO_A_COMPANY = re.compile(
    r"\s(?:(?:\S{1,8}\s){0,3}(?:과징금|반독점|시정명령|시정조치|디지털세|과태료|손해배상)|"
    r"(?:(?:거액|최대|역대|사상|첫|또|[\d.,조억만천백]+)\S{0,4}\s){0,3}(?:벌금|소송|제재|투자|인수|매각))"
)
_LONG_NAME = 4
# What makes of LG생명과학 another company than LG, also where nobody lists it.
_AFFILIATE = re.compile(
    "건설|화학|생명|증권|카드|보험|손보|화재|은행|전자|중공업|조선|해운|상선|제철|제약|바이오|에너지|산업|상사|물산|통신|캐피탈|자산운용|"
    "투자|저축|선물|엔지니어링|정보통신|시스템|네트웍스|홀딩스|머티리얼|케미칼|칼텍스|이노|로직스|푸드|식품|제과|백화점|홈쇼핑|호텔|리조트|"
    "유화|렌탈|렌터카|항공|모비스|글로비스|디스플레이|디지털|테크|솔루션|인터내셔|아이앤|이엠|엔진|건기|엔터|퍼블릭|뮤직|병원|대학|과학|혁신|진흥|파워|오일|가스|전선|전기|패션|코스메틱"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A surface form and the company it names; `exact` asks for the very case."""

    company: watchlist.Company
    alias: watchlist.Alias
    exact: bool

    @property
    def long(self) -> bool:
        """Whether the form is long enough to be trusted inside an unknown compound."""
        return len(self.alias.text) >= _LONG_NAME


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name that stands as a word at `start:end`. `edge` says what is attached to it.

    `edge`: word (nothing, or particles), noun (a noun that goes with companies), group (one that only goes with
    companies), team (one that goes with teams), compound (an unknown noun behind a long or Latin name), affiliate
    (an unknown noun that makes it another company's name; never handed on).
    """

    start: int
    end: int
    entry: Entry
    edge: str


class Lexicon:
    """The automaton over the names of these companies."""

    def __init__(self, companies: Iterable[watchlist.Company]) -> None:
        self._entries: dict[str, list[Entry]] = {}
        for company in companies:
            for alias in company.aliases or (watchlist.Alias(company.name, "name"),):
                self._add(company, alias)
        self._forms = list(self._entries)
        self._certain = [
            len(form) >= 2 and not any(entry.alias.ambiguous for entry in self._entries[form])
            for form in self._forms
        ]
        self._automaton = ahocorasick_rs.AhoCorasick(self._forms)

    def find(self, text: str) -> list[Candidate]:
        """The names in a text that stand on word edges, longest first where they overlap, in order."""
        folded = fold(text)
        places = self._automaton.find_matches_as_indexes(folded, overlapping=True)
        joints = self._joints(places)
        # Most places are in the middle of a word, and are passed over first.
        edged = [place for place in places if place[1] in joints or _starts(folded, place[1])]
        fitting = [candidate for place in edged for candidate in self._fit(text, folded, place, joints)]
        return list(_longest(fitting))

    def _joints(self, places: list[tuple[int, int, int]]) -> frozenset[int]:
        """Where one certain name ends and another one starts: headlines lose the dash of KT-롯데닷컴."""
        ends = {end: index for index, _, end in places if self._certain[index]}
        return frozenset(
            start for index, start, _ in places if self._certain[index] and ends.get(start, index) != index
        )

    def _add(self, company: watchlist.Company, alias: watchlist.Alias) -> None:
        exact = (
            alias.text.isascii()
            and (len(alias.text) <= 5 or alias.ambiguous)
            and alias.text != alias.text.lower()
        )
        entries = self._entries.setdefault(fold(alias.text), [])
        # NAVER and Naver, SK Hynix and SK hynix are two forms of one company: each fits another case.
        if not any(entry.company is company and entry.alias.text == alias.text for entry in entries):
            entries.append(Entry(company, alias, exact))

    def _fit(
        self, text: str, folded: str, place: tuple[int, int, int], joints: frozenset[int]
    ) -> Iterator[Candidate]:
        index, start, end = place
        for entry in self._entries[self._forms[index]]:
            if entry.alias.kind == "other" and _DONE_TO_A_COMPANY.match(folded, end):
                return
            if _case_fits(entry, text[start:end]):
                free = end in joints or entry.alias.kind == "other"
                edge = "word" if free else _edge(folded, start, end, entry)
                if edge:
                    yield Candidate(start, end, entry, edge)
                break


def fold(text: str) -> str:
    """Lower case, character for character as long as before."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


def _longest(candidates: list[Candidate]) -> Iterator[Candidate]:
    """Of overlapping names, the one that starts first, and of those the longest."""
    done = 0
    for candidate in sorted(candidates, key=lambda found: (found.start, -found.end)):
        if candidate.start >= done:
            done = candidate.end
            if candidate.entry.alias.kind != "other" and candidate.edge != "affiliate":
                yield candidate


def _case_fits(entry: Entry, found: str) -> bool:
    """Names in Latin letters start with a capital; short and ambiguous ones are found as they are written."""
    wanted = entry.alias.text
    if found == wanted or not wanted.isascii():
        return True
    if entry.exact:
        return False
    if found.isupper() or found[:1].isupper() != wanted[:1].isupper():
        return found.isupper()
    # Best Buy is not "Best buy": where a word of the name has a capital, so has the word found.
    return all(found[place.start()].isupper() for place in _INITIAL.finditer(wanted))


def _starts(folded: str, start: int) -> bool:
    if start == 0:
        return True
    before, first = folded[start - 1], folded[start]
    if _is_hangul(first):
        return not _is_hangul(before) or folded.endswith("주식회사", 0, start) or _behind_town(folded, start)
    if not _LATIN.match(first):
        return not _is_hangul(before)
    if _LATIN.match(before) or before in "@/_.&":
        return False
    if before == "-":
        return start < 2 or not _LATIN.match(folded[start - 2])
    return not _is_hangul(before) or _behind_town(folded, start)


def _behind_town(folded: str, start: int) -> bool:
    """전북현대, 창원LG: a town written before a team's name."""
    return _TEAM_TOWN.search(folded, max(0, start - 4), start) is not None


def _edge(folded: str, start: int, end: int, entry: Entry) -> str:
    after = folded[end : end + 1]
    latin = bool(_LATIN.match(folded[end - 1]))
    if latin and _latin_goes_on(folded, end):
        return ""
    tail = HANGUL_RUN.match(folded, end)
    edge = _tail_edge(tail.group()[:12], entry, latin) if tail and _is_hangul(after) else "word"
    if start and _is_hangul(folded[start - 1]) and _behind_town(folded, start):
        return "team" if edge in {"word", "team"} and entry.company.sport and not entry.alias.common else ""
    return edge


def _latin_goes_on(folded: str, end: int) -> bool:
    after, following = folded[end : end + 1], folded[end + 1 : end + 2]
    if after and (_LATIN.match(after) or after in "@_"):
        return True
    return bool(after) and after in ".&" and _LATIN.match(following) is not None


def _tail_edge(tail: str, entry: Entry, latin: bool) -> str:
    if particles.is_chain(tail):
        return "word"
    team = _TEAM_TAIL.fullmatch(tail)
    if entry.company.sport and team and particles.is_chain(team.group(1)):
        return "team"
    noun = _COMPANY_TAIL.fullmatch(tail)
    if noun and particles.is_chain(noun.group(2)):
        return "group" if _GROUP_NOUN.fullmatch(noun.group(1)) else "noun"
    if entry.alias.ambiguous or not (entry.long or latin):
        return ""
    return "affiliate" if _AFFILIATE.match(tail) else "compound"


def _is_hangul(char: str) -> bool:
    return "가" <= char <= "힣"


def mask(
    text: str, candidates: list[Candidate], start: int = 0, end: int | None = None
) -> tuple[str, list[str]]:
    """A stretch of text without the names in it, and what stands for them among the features of `context`.

    A name that a team bears is known by the company's name; any other certain one is just a company. Everyday words
    stay where they are.
    """
    parts, found, done, team = [], [], start, -1
    for candidate in candidates:
        sport = candidate.entry.company.sport
        if sport or not candidate.entry.alias.ambiguous:
            parts.append(text[done : candidate.start])
            done = candidate.end
            found.append(f"@{candidate.entry.company.name}" if sport else "@")
        if sport and team >= 0 and candidate.start - team <= 2 and "·" not in text[team : candidate.start]:
            found.append("@@")
        if sport:
            team = candidate.end
    return " ".join([*parts, text[done:end]]), found
