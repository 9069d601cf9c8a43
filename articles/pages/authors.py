"""Who wrote a page: names, what they are, and their addresses, from what its head states and from its signatures.

The head's own statement is believed first; a signature that names one of the same people completes it. Must not take
for an author whoever took the picture, an outlet's desk, or anybody the article is about.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from articles.pages import blocks, clean, phrases

MOST = 8


@dataclass(frozen=True, slots=True)
class Author:
    """A person, or a desk that signs as one; `role` (기자) and `address` are "" where the page doesn't say."""

    name: str
    role: str = ""
    address: str = ""


# `(서울=바다통신) 서가온 여름비 기자 =`, `[해안일보 서가온 기자]`: what stands inside, and behind up to the sign.
_DATELINE = re.compile(r"\W{0,2}[\[(【<]([^\[\](){}【】<>]{1,60})[\])】>]\s?(?:([^=]{0,80}?)\s?=\s)?")
_LISTED = re.compile(rf"((?:{phrases.NAME}\s){{1,5}}{phrases.NAME})\s?({phrases.ROLE})")
# Words beside a name that end so are departments and outlets.
_PLACES = re.compile(r"(?:부|팀|국|실|신문|일보|뉴스|방송|통신|경제|닷컴)$")
# `하늘방송 서가온입니다.`: how a broadcast ends.
_SIGN_OFF = re.compile(
    rf"(?:(?:[A-Z]{{2,5}}|[가-힣]{{0,8}}(?:뉴스|방송|TV))\s){{1,2}}({phrases.NAME})(?:이었|였)?(?:입니다|습니다)\.?$"
)
_PEOPLE = re.compile(phrases.PEOPLE)
# `(취재 : 서가온, 영상편집 : 고운들)`: of those who made a report, who went there.
_WENT = re.compile(rf"(?<![가-힣])(?:취재|글)(?:기자)?\s?[:：=]\s?({phrases.NAME})(?![가-힣])")
_NAME = re.compile(phrases.NAME)
_ADDRESS = re.compile(phrases.EMAIL)
_PICTURES = re.compile(
    r"^\W{0,3}(?:사진|영상|그래픽|촬영|편집|자막|일러스트|삽화|CG|디자인|오디오|연출|구성)[가-힣\s]{0,6}[=:·/]?\s"
    r"|(?:사진|영상|촬영|그래픽)\s?기자"
)
_TEXT_TOO = re.compile(r"글|취재")
# Words before `기자` that begin like a name.
_NO_NAMES_TEXT = """
인턴 선임 전문 전직 현직 담당 소속 동료 한국 정치 사회 경제 문화 연예 방송 신문 주재 전국 지역 편집 대학생 기획
본사 우리 이들 여성 남성 미국 신입 선배 후배 여러 전체 모든 어떤 해당 수습 외신 조선 한겨레
"""
_NO_NAMES = frozenset(_NO_NAMES_TEXT.split())
_BY = re.compile(r"^(?:written\s)?by[\s:]\s?(.{3,100})$", re.IGNORECASE)
_BRACKETS = re.compile(r"[\[(<][^\])>]{0,80}[\])>]?")
_ENGLISH_NAME = re.compile(r"[A-Z][\w'’.-]*(?:\s(?:[A-Z][\w'’.-]*|de|la|van|von|der|bin|al)){1,4}")
_AND = re.compile(r"\s*(?:[,;&·/]|\sand\s)\s*")


def authors_of(
    stated: Sequence[str], regions: Sequence[clean.Region], *, korean: bool, outlet: str
) -> tuple[Author, ...]:
    """The authors in the order they are named; `stated` are those of the page's head."""
    own = clean.key_of(outlet)
    names = [name for name in dict.fromkeys(stated) if clean.key_of(name) != own]
    found = _korean(names, regions) if korean else _english(names, regions)
    return tuple(found[:MOST])


def byline_of(authors: Iterable[Author]) -> str:
    """`장성주 기자`, or several parted by commas."""
    return ", ".join(f"{author.name} {author.role}".strip() for author in authors)[:200]


def is_desk(address: str) -> bool:
    """Whether a mail address is an outlet's, not a person's."""
    return phrases.DESK.match(address) is not None


def _english(stated: Sequence[str], regions: Sequence[clean.Region]) -> list[Author]:
    names = [name for text in stated for name in _parted(text)]
    for line in _lines(regions, "byline"):
        signed = _BY.match(line)
        parts = _AND.split(_BRACKETS.sub("", signed[1]).strip()) if signed else []
        written = [part for part in parts if _ENGLISH_NAME.fullmatch(part)]
        if written and (not names or set(written) & set(names)):
            address = next((one for one in _ADDRESS.findall(line) if not is_desk(one)), "")
            names = names or written
            return [Author(name, "", address if name == written[0] else "") for name in dict.fromkeys(names)]
    return [Author(name) for name in dict.fromkeys(names)]


def _parted(text: str) -> list[str]:
    """A statement of several names, parted; one that is something else stays whole."""
    parts = [part for part in _AND.split(text) if part]
    return parts if len(parts) > 1 and all(_ENGLISH_NAME.fullmatch(part) for part in parts) else [text]


def _korean(stated: Sequence[str], regions: Sequence[clean.Region]) -> list[Author]:
    signed = list(_signed(regions))
    sources = [_stated(stated), _opening(regions), *signed, _closing(regions)]
    base = next((source for source in sources if source), [])
    for source in sources:
        shared = {author.name for author in source} & {author.name for author in base}
        base = _joined(base, source) if shared else base
    if not base:
        return _english(stated, regions)  # or a desk
    return _addressed(base, regions)


def _stated(stated: Sequence[str]) -> list[Author]:
    people = [author for text in stated for author in _people(text)]
    bare = (_NAME.fullmatch(part) for text in stated for part in _AND.split(text))
    people += [Author(each[0]) for each in bare if each and _is_name(each[0])]
    return _unique(people)


def _opening(regions: Sequence[clean.Region]) -> list[Author]:
    """The reporters whom the first paragraph names before it begins."""
    first = next((region.text for region in regions if region.kind in {"lead", "body"}), "")
    found = _DATELINE.match(first[:160])
    if not found:
        return []
    inside, behind = found[1], found[2] or ""
    listed = _LISTED.search(behind)
    if not listed:
        return _unique([*_people(inside), *_people(behind)])
    names = (name for name in listed[1].split() if _is_name(name) and not _PLACES.search(name))
    return _unique([*(Author(name, listed[2]) for name in names), *_people(behind)])


def _signed(regions: Sequence[clean.Region]) -> Iterator[list[Author]]:
    for line in _lines(regions, "byline"):
        went = _WENT.search(line)
        if went and _is_name(went[1]):
            yield [Author(went[1], "기자")]
        if not _PICTURES.search(line) or _TEXT_TOO.search(line[:12]):
            yield _unique(_people(line))


def _closing(regions: Sequence[clean.Region]) -> list[Author]:
    """Who signs in the last sentences, as broadcasts do."""
    last = [region.text for region in regions if region.kind == "body"][-3:]
    for text in reversed(last):
        if found := _SIGN_OFF.search(text[-60:]):
            return [Author(found[1], "기자")] if _is_name(found[1]) else []
    return _unique(_people(last[-1][-80:])) if last and _ADDRESS.search(last[-1][-80:]) else []


def _people(text: str) -> list[Author]:
    """`서가온·여름비 기자 a@b.kr`: people with what they are, and with the address behind them."""
    text = text[:300]
    found: list[Author] = []
    people = list(_PEOPLE.finditer(text))
    for number, each in enumerate(people):
        end = people[number + 1].start() if number + 1 < len(people) else len(text)
        names = [name for name in _NAME.findall(each["names"]) if _is_name(name)]
        addresses = [one for one in _ADDRESS.findall(text[each.end() : end][:150]) if not is_desk(one)]
        if len(addresses) > 1 and len(addresses) != len(names):
            addresses = addresses[:1]
        padded = [*addresses, *[""] * len(names)]
        found += [Author(name, each["role"], padded[at]) for at, name in enumerate(names)]
    return found


def _is_name(text: str) -> bool:
    return len(text) <= 5 and text[0] in phrases.SURNAMES and text not in _NO_NAMES


def _unique(authors: Iterable[Author]) -> list[Author]:
    return _joined([], authors)


def _joined(base: Sequence[Author], more: Iterable[Author]) -> list[Author]:
    """Both, each name once with all that is known of it."""
    known = {author.name: author for author in base}
    for author in more:
        old = known.get(author.name, author)
        known[author.name] = replace(old, role=old.role or author.role, address=old.address or author.address)
    return list(known.values())


def _addressed(authors: Sequence[Author], regions: Sequence[clean.Region]) -> list[Author]:
    """An address that stands alone in a signature is the first author's who has none."""
    if any(author.address for author in authors):
        return list(authors)
    for line in _lines(regions, "byline"):
        if _people(line) and not any(author.name in line for author in authors):
            continue  # somebody else's
        alone = [address for address in _ADDRESS.findall(line) if not is_desk(address)]
        if alone:
            padded = [*alone, *[""] * len(authors)] if len(alone) == len(authors) else [alone[0]] + [""] * 99
            return [replace(author, address=padded[at]) for at, author in enumerate(authors)]
    return list(authors)


def _lines(regions: Sequence[clean.Region], kind: str) -> list[str]:
    """The lines of a kind, those nearest to the article last cut off at a hundred."""
    texts = (region.text for region in regions if region.kind == kind)
    return [blocks.squeeze(line) for text in texts for line in text.splitlines()][:100]
