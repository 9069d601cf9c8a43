"""Who said it: quoted speech with its speaker, role and company, in Korean and English.

Works on the words around a quotation (verbs of saying, roles, names as papers write them); knows no list of people.
Mentions of companies, if passed in, tell a company from a name. Offsets count code points, the end is exclusive; those
of a quote are without its marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from articles.dates import sentences
from articles.dates.events import Mention
from articles.dates.values import words_of


@dataclass(frozen=True, slots=True)
class Quote:
    """A piece of quoted speech. What is not known is empty; `confidence` runs from 0 to 1."""

    start: int
    end: int
    text: str
    speaker: str
    role: str
    company: str
    verb: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Person:
    """Someone as one place in the text names her."""

    name: str
    role: str = ""
    company: str = ""
    end: int = 0


_LONGEST, _SHORTEST, _MOST = 1_000, 4, 400
_QUOTED = re.compile(
    rf"“([^“”\n]{{1,{_LONGEST}}})”|\"([^\"\n]{{1,{_LONGEST}}})\"|「([^」\n]{{1,{_LONGEST}}})」"
)
_ROLE = (
    r"(?:대표이사|공동대표|각자대표|대표|부회장|회장|부사장|사장|전무|상무|이사장|이사|부본부장|본부장|센터장|연구소장|연구원장|소장"
    r"|원장|총장|부총리|장관|차관|의원|위원장|위원|대변인|교수|박사|책임연구원|연구위원|연구원|애널리스트|변호사|부장|팀장|총리|대통령|지사"
    r"|시장|청장|최고경영자|최고재무책임자|최고기술책임자|실장|국장|총괄|원내대표|당대표|부대표|직무대행|대행|비서관|수석|관장|처장|과장|후보|목사|군수|구청장|코치|선수|검사|판사|사무총장|사무국장|지점장|점장|관계자|부문장|의장|감독|총재|행장|지부장|CEO|CFO|CTO|COO)"
)
_TITLE = rf"{_ROLE}(?:\s?겸\s?[가-힣A-Z]{{2,10}})?(?:\((?:[^()]{{1,20}})\))?"
_SURNAMES = frozenset(
    "김이박최정강조윤장임한오서신권황안송류유전홍고문양손배백허남심노하곽성차주우구민진지엄채원천방공현함변염여추도소석선설마길연위"
    "표명기반왕금옥육인맹제모탁국어은편용"
)
_DOUBLE = ("남궁", "선우", "황보", "제갈", "독고", "사공")
_WITH_ROLE = rf"(?P<words>(?:[^\s\"“”.,:;()]{{1,20}}\s){{1,5}}?)(?P<role>{_TITLE})"
# A person's words up to her particle: 구광모 LG 대표는, LG화학 신학철 부회장이, 구 대표:
_NAMED = re.compile(rf"{_WITH_ROLE}(?P<particle>은|는|이|가|도|께서|[:：]|\s*$)")
# The same where she is not the subject: 구광모 LG 대표를 만났다.
_MET = re.compile(rf"{_WITH_ROLE}(?P<particle>은|는|이|가|도|께서|을|를|과|와|의|에게|[,:：]|\s*$)")
_SAY = (
    r"(?P<verb>말했|밝혔|강조했|설명했|전했|덧붙였|주장했|지적했|당부했|평가했|내다봤|기대했|언급했|답했|반박했|토로했|약속했|적었|썼|선언했|역설했"
    r"|호소했|촉구했|발표했|소개했|진단했|분석했|전망했|경고했|비판했|제안했|물었|꼬집었|판시했|짚었|반문했|회상했|고백했|털어놨|부연했|귀띔했|일갈했|우려했|환영했|화답했|했다|말한|밝힌|말하|밝히|강조하)"
)
_AFTER = re.compile(
    rf"\s?(?:이?라고|고|이?라며|며|이?라면서|면서|는\s|이?라는)(?:(?![.!?]\s)[^\"“”\n]){{0,80}}?{_SAY}"
)
_ATTACHED = re.compile(r"\s?(?:이?라고|고|이?라며|며|이?라면서|면서)(?=[\s,])")
_HEADLINE = re.compile(
    r"^(?:\[[^\]]{1,10}\]\s?)?(?P<name>[가-힣]{2,4})(?:\s(?P<role>" + _ROLE + r"))?[,:]?\s?$"
)
_NO_NAME = words_of("이른바 이번엔 이제는 이날은 한편은 정부는 전문가 조합원 주민들 유족은 성명서")
_PARTICLE = re.compile(r"(?:은|는|이|가|을|를|에|의|에서|도|와|과|로|으로|고|며|한|된)$")
# Somebody without a name, or a body: 버거킹 관계자는, 경찰은, 한왕호는.
_SUBJECT = re.compile(
    r"(?P<words>(?:[^\s\"“”.,]{1,20}\s){0,2}?)(?P<last>[^\s\"“”.,()]{1,15}?)(?:은|는|측은)\s?$"
)
_COUNTERS = words_of("명 곳 사람 것 때 말")
_PRONOUNS = words_of("측 그 그녀 이들 그들 이 이 또 이에 이날 그러면서 이어")
# Words before a name that are neither company nor part of it.
_VERB_END = re.compile(r"(?:[가-힣](?:면|인지|라며|하며|하고|던|묻자|하자)|째)$")
# A role that says that no name will be told, and other words for a role.
_NAMELESS = "관계자"
_SAME_ROLE = {"대표이사": "대표", "CEO": "최고경영자"}
_OBJECTS = words_of("을 를 과 와 의 에게 ,")
# 장악해, 이끄는: a verb that looks like a name.
_VERBAL = re.compile("[는해던된할며]$")
_PARAGRAPH = re.compile(r"\n\s*")
_ADVERBS = words_of("그러나 앞서 한편 이어 또 특히 이에 다만 반면 하지만 이날 함께 전 고 신임 그리고")


def find_quotes(text: str, mentions: Iterable[Mention] = ()) -> tuple[Quote, ...]:
    """The quotations of a text that are somebody's words, in order. A quotation without a verb of saying is none."""
    companies = [one for one in mentions if one.kind == "company"]
    reader = _Reader(text, companies)
    found = [quote for quote in (reader.read(match) for match in _quoted(text)) if quote is not None]
    return tuple(found)


def _quoted(text: str) -> Iterator[tuple[int, int]]:
    count = 0
    for match in _QUOTED.finditer(text):
        start, end = match.span(match.lastindex or 0)
        if end - start >= _SHORTEST and count < _MOST:
            count += 1
            yield start, end


class _Reader:
    """Reads a text's quotations in order, remembering who has spoken and who has been named."""

    def __init__(self, text: str, companies: list[Mention]) -> None:
        self.text = text
        self.sentences = sentences.split(text) if '"' in text or "“" in text or "「" in text else ()
        self.companies = companies
        self.known: list[Person] = []
        # With those who were nobody's subject: good for who has the very role.
        self.met: list[Person] = []
        self.last: Person | None = None
        self.read_to = 0
        self.at = 0

    def read(self, span: tuple[int, int]) -> Quote | None:
        start, end = span
        sentence = self._sentence(start)
        self._note_people(start)
        hangul = re.search("[가-힣]", self.text[start:end]) is not None
        found = self._korean(start, end, sentence) if hangul else self._english(start, end, sentence)
        if found is None:
            return None
        person, verb, confidence = found
        if person is not None:
            self.last = person = self._full(person) if person.name else self._of_role(person, start)
            if len(person.name) > 1 and person.role:
                self.known.append(person)
        person = person or Person("")
        return Quote(
            start, end, self.text[start:end], person.name, person.role, person.company, verb, confidence
        )

    def _sentence(self, position: int) -> tuple[int, int]:
        while self.at + 1 < len(self.sentences) and self.sentences[self.at + 1][0] <= position:
            self.at += 1
        start, end = self.sentences[self.at] if self.sentences else (0, len(self.text))
        following = self.sentences[self.at + 1][1] if self.at + 1 < len(self.sentences) else end
        return start, min(max(end, position), max(following, end))

    def _note_people(self, upto: int) -> None:
        """Full names with a role before this quotation, for surnames to come."""
        for match in _MET.finditer(self.text, self.read_to, upto):
            person = self._person(match)
            if person is None or len(person.name) < 2:
                continue
            if match["particle"] not in _OBJECTS:
                self.known.append(person)
            if not (_is_name(person.name) and _VERBAL.search(person.name)):
                self.met.append(person)
        for found in _ENGLISH_PERSON.finditer(self.text, self.read_to, upto):
            self.known.append(_english_person(found))
        self.read_to = max(self.read_to, upto)

    # Korean

    def _korean(
        self, start: int, end: int, sentence: tuple[int, int]
    ) -> tuple[Person | None, str, float] | None:
        after = _AFTER.match(self.text, end + 1, end + 140)
        before = self._named_before(sentence[0], start - 1)
        if before is None:
            before = self._unnamed(sentence[0], start - 1)
        if after:
            person = self._named_in(end + 1, after.start("verb")) or before
            verb = _infinite(after["verb"])
            if person is not None:
                return person, verb, 0.95 if person.name else 0.8
            return self._carried(), verb, 0.6 if self.last else 0.3
        if before is not None and self.text[before.end : start - 1].strip() in ("", ":", "：", ","):
            return before, "", 0.9
        if _ATTACHED.match(self.text, end + 1, end + 8):
            return (before or self._carried()), "", 0.7 if before else 0.5
        return self._headline(sentence[0], start - 1, end)

    def _unnamed(self, begin: int, stop: int) -> Person | None:
        """The subject just before a quotation where it is nobody with a role and a name."""
        match = _SUBJECT.search(self.text, max(begin, stop - 45), stop)
        if match is None or match["last"] in _PRONOUNS:
            return None
        company = self._mentioned(match.start("words"), match.end("last"))
        if re.fullmatch(_ROLE, match["last"]):
            return Person("", match["last"], company, match.end())
        at = match.start("last")
        if match["last"] in _COUNTERS:
            return None
        if match["last"] == "씨" and match["words"].strip():
            return Person(match["words"].split()[-1], "", "", match.end())
        return Person("" if self._is_company(at) else match["last"], "", company, match.end())

    def _mentioned(self, start: int, end: int) -> str:
        return next((one.name for one in self.companies if start <= one.start < end), "")

    def _carried(self) -> Person | None:
        """이어 "…"라고 말했다: whoever spoke last goes on."""
        return self.last

    def _headline(self, begin: int, stop: int, end: int) -> tuple[Person | None, str, float] | None:
        """구광모 "…": a name and nothing else before the quotation."""
        match = _HEADLINE.search(self.text, max(begin, stop - 30), stop)
        if match is None or not _is_name(match["name"]) or match["name"] in _NO_NAME or stop - begin > 30:
            return None
        if end + 1 < len(self.text) and "가" <= self.text[end + 1] <= "힣":
            return None
        return Person(match["name"], match["role"] or "", ""), "", 0.6

    def _named_before(self, begin: int, stop: int) -> Person | None:
        """The person nearest before a quotation in its sentence whose particle makes her its subject."""
        return self._named_in(max(begin, stop - 200), stop)

    def _named_in(self, begin: int, stop: int) -> Person | None:
        found = None
        for match in _NAMED.finditer(self.text, begin, stop):
            found = self._person(match) or found
        return found

    def _person(self, match: re.Match[str]) -> Person | None:
        """Name and company out of the words before a role; None if there is no name among them."""
        offset = match.start("words")
        words = [(found.group(), offset + found.start()) for found in re.finditer(r"\S+", match["words"])]
        role = match["role"]
        kept: list[tuple[str, int]] = []
        for word, at in reversed(words):
            ended = len(word) > 1 and _PARTICLE.search(word)
            if ended and not self._is_company(at) and not _is_name(word):
                break
            kept.insert(0, (word, at))
        end = match.start("particle")
        former = len(kept) > 1 and kept[-1][0] == "전"
        kept = kept[:-1] if former else kept
        role = f"전 {role}" if former else role
        if not kept:
            return None
        if len(kept[-1][0]) == 1 and kept[-1][0] in _SURNAMES:
            return Person(kept[-1][0], role, self._company(kept[:-1]), end)
        return self._of_words(kept, role, end)

    def _of_words(self, words: list[tuple[str, int]], role: str, end: int) -> Person | None:
        for index in range(len(words) - 1, -1, -1):
            word, at = words[index]
            if _is_name(word) and not self._is_company(at):
                company = self._company(words[index + 1 :]) or self._company(words[:index])
                return Person(word, role, company or self._topic(words[0][1]), end)
        companies = [index for index, (_, at) in enumerate(words) if self._is_company(at)]
        if companies and len(words) > 1:
            last = companies[-1]
            name = words[last + 1 :] or words[:last]
            return Person(" ".join(word for word, _ in name[-3:]), role, self._company([words[last]]), end)
        return None

    def _topic(self, at: int) -> str:
        """The company that a sentence speaks of just before a name (LG는 구광모 대표가)."""
        return next((one.name for one in self.companies if 0 < at - one.end <= 3), "")

    def _is_company(self, at: int) -> bool:
        return any(one.start <= at < one.end for one in self.companies)

    def _company(self, words: list[tuple[str, int]]) -> str:
        for _, at in words:
            for one in self.companies:
                if one.start <= at < one.end:
                    return one.name
        kept = [word for word, _ in words[-3:] if word not in _ADVERBS and len(word) > 1]
        return "" if any(_VERB_END.search(word) for word in kept) else " ".join(kept)

    def _full(self, person: Person) -> Person:
        """A surname's full name, and a name's role and company, from what the text said before."""
        short = len(person.name) == 1 or (person.name.isascii() and " " not in person.name)
        for one in reversed(self.known):
            if one.name == person.name or (short and _is_short_for(person, one)):
                return replace(
                    one,
                    role=person.role or one.role,
                    company=person.company or one.company,
                    end=person.end,
                )
        return self._of_role(person, person.end) if len(person.name) == 1 else person

    def _of_role(self, person: Person, at: int) -> Person:
        """회장은, 김 회장은: the only one with that role in this paragraph or the one before it; else as it is."""
        role, since = _role_of(person.role), self._paragraph_before(at)
        if not role or role == _NAMELESS:
            return person
        near = [one for one in self.met if one.end > since and _role_of(one.role) == role]
        found = {one.name: one for one in near if one.name.startswith(person.name)}
        only = next(iter(found.values())) if len(found) == 1 else None
        if only is None or len(only.name) < 2 or (person.company and person.company != only.company):
            return person
        return replace(only, role=person.role, end=person.end)

    def _paragraph_before(self, at: int) -> int:
        """Where the paragraph before that of a place begins."""
        starts = [found.end() for found in _PARAGRAPH.finditer(self.text, 0, at)]
        return starts[-2] if len(starts) > 1 else -1

    # English

    def _english(
        self, start: int, end: int, sentence: tuple[int, int]
    ) -> tuple[Person | None, str, float] | None:
        after = _SAID_AFTER.match(self.text, end + 1, end + 160) or _AFTER_SAID.match(
            self.text, end + 1, end + 160
        )
        if after:
            pronoun = after["name"] in ("he", "she", "they", "He", "She", "They")
            return (self.last if pronoun else _english_person(after)), after["verb"], 0.7 if pronoun else 0.95
        before = None
        for before in _SAID_BEFORE.finditer(self.text, max(sentence[0], start - 160), start - 1):  # noqa: B007
            pass
        if before is None:
            return None
        pronoun = before["name"] in ("He", "She", "They")
        return (self.last if pronoun else _english_person(before)), before["verb"], 0.6 if pronoun else 0.9


def _is_name(word: str) -> bool:
    """Whether a Korean word has the form of a full name."""
    if not all("가" <= char <= "힣" for char in word):
        return False
    if word[-1] in "과팀실처청부":
        return False
    return (len(word) == 3 and word[0] in _SURNAMES) or (len(word) == 4 and word[:2] in _DOUBLE)


def _role_of(title: str) -> str:
    """The role in a title, whatever stands behind it in brackets or after 겸."""
    role = re.sub(r"\(.*|\s?겸.*", "", title)
    return _SAME_ROLE.get(role, role)


def _infinite(verb: str) -> str:
    """말했 as 말했다."""
    return verb + "다" if (ord(verb[-1]) - 0xAC00) % 28 == 20 else verb


def _is_short_for(person: Person, one: Person) -> bool:
    if person.name.isascii():
        return one.name.split()[-1] == person.name
    return len(one.name) > 1 and one.name.startswith(person.name) and _is_name(one.name)


_NAME = r"[A-Z][\w'’-]+(?:\s(?:[A-Z]\.|[A-Z][\w'’-]+|van|de|von)){0,3}"
_SAYS = r"(?P<verb>said|says|added|told\s[A-Z]?\w+|wrote|noted|warned|argued|explained|announced)"
_JOB = (
    r"(?:,\s(?:the\s|its\s)?(?P<role>[a-zA-Z][\w\s-]{1,50}?)"
    r"(?:\s(?:of|at|for)\s(?P<company>[A-Z][\w&.'’ -]{0,40}?))?(?=[,.]))?"
)
_AFTER_SAID = re.compile(rf"\s{_SAYS}\s(?P<name>{_NAME}){_JOB}")
_SAID_AFTER = re.compile(rf"\s(?P<name>{_NAME}|he|she|they){_JOB}(?:,)?\s{_SAYS}")
_SAID_BEFORE = re.compile(rf"(?P<name>{_NAME}){_JOB},?\s{_SAYS}(?:\s[^\"“”.]{{0,60}})?[,:]?\s?$")
_ENGLISH_PERSON = re.compile(
    r"(?P<name>[A-Z][\w'’-]+\s(?:[A-Z]\.\s)?[A-Z][\w'’-]+),\s(?:the\s|its\s)?(?P<role>(?:[a-z]+\s){0,4}?(?:chief|CEO|CFO|president|chairman|chairwoman|director|"
    r"head|executive|officer|founder|professor|analyst|minister|spokesman|spokeswoman|manager)(?:\s[a-z]+){0,3})"
    r"\s(?:of|at|for)\s(?P<company>[A-Z][\w&'’-]*(?:\s[A-Z][\w&'’-]*){0,3})"
)


def _english_person(match: re.Match[str]) -> Person:
    return Person(match["name"], (match["role"] or "").strip(), (match["company"] or "").strip(), match.end())
