"""Lines of an article page to labelled regions: what is the body, and what the page printed around it.

Rules are about how Korean (and English) news pages are written, never about one outlet. Must not drop a
line: every line comes out again in exactly one region, except that a line that carries a signature or a
copyright notice behind its last sentence is parted there.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from articles.pages import language

KINDS = (
    "title",
    "subtitle",
    "byline",
    "lead",
    "body",
    "caption",
    "quote",
    "related",
    "promotion",
    "notice",
    "copyright",
    "comment",
    "contact",
)


@dataclass(frozen=True, slots=True)
class Region:
    """A piece of a page; `kind` is one of KINDS."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line as the page gave it. `hint` is the kind its markup suggests ("" for none), `heading` that
    it is one, `item` that it stands in a list, `linked` that it is mostly link."""

    text: str
    hint: str = ""
    heading: bool = False
    item: bool = False
    linked: bool = False


_EMAIL = r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,64}"
_ROLE = (
    r"(?:(?:선임|수석|인턴|객원|전문|시민|명예|의학|과학|경제|산업|정치|스포츠|여행|음식|사진|영상|취재|온라인|디지털|뉴스)\s?)?"
    r"(?:기자|특파원|통신원|논설위원|편집위원|편집장|칼럼니스트|앵커|에디터|리포터|캐스터|PD|해설위원|평론가|저널리스트)"
)
_NAME = r"[가-힣]{2,5}"
_WHO = rf"{_NAME}(?:\s?[·,&ㆍ]\s?{_NAME}){{0,5}}\s?{_ROLE}"

REPORTER = re.compile(rf"({_NAME})\s?({_ROLE})")
# `CBS노컷뉴스 홍길동 기자 hong@...`, `[홍길동 기자]`, `글·사진=홍길동 기자`, `서울=홍길동 특파원`: names, roles, addresses, no sentence.
_SIGNATURE = re.compile(
    rf"[\[(【/■◇▶=\s]*(?:(?:글|취재|사진|영상|그래픽|정리|편집|영상취재|촬영)[\s·ㆍ/,&]*){{0,4}}[=:]?\s*"
    rf"(?:[\w가-힣.·&()\[\]/]{{1,20}}[\s=/|·:]+){{0,4}}(?:{_WHO}[\s,/·|=)]*){{1,6}}(?:[\[(<]?{_EMAIL}[\])>]?[\s,/]*){{0,4}}"
    r"(?:다른\s?기사.{0,10}|구독.{0,10})?[\])】=\s]*"
)
_EMAIL_LINE = re.compile(rf"[^.!?]{{0,50}}?[\[(<]?{_EMAIL}[\])>]?[\s.]*")
_EMAIL_ANYWHERE = re.compile(_EMAIL)
# The signature glued behind the last sentence: `...밝혔다. 홍길동 기자 hong@...`.
_SIGNATURE_TAIL = re.compile(
    rf"(?<=[.!?”\"'’)])\s*((?:[\[(/■▶]\s?)?(?:[가-힣A-Za-z0-9]{{2,12}}\s?[=/|]\s?)?(?:[\w가-힣]{{2,10}}\s){{0,2}}{_WHO}"
    rf"\s?[,/=]?\s?[\[(<]?{_EMAIL}[\])>]?[\s.\])]*)$"
)
_EMAIL_TAIL = re.compile(rf"(?<=[.!?])\s*([\[(<]?{_EMAIL}[\])>]?)\s*$")

_COPYRIGHT = re.compile(
    r"(?:copyrights?\b|[ⓒ©]|\(c\)|저작권자|저작권은)|무단\s?(?:전재|복제|배포|도용|사용)|재배포\s?(?:및|를|는|금지)|all rights? reserved"
    r"|AI\s?학습\s?(?:및|이용|활용)|©",
    re.IGNORECASE,
)
_COPYRIGHT_SURE = re.compile(
    r"무단\s?(?:전재|복제|배포|도용|사용)|재배포\s?금지|all rights? reserved|저작권자|저작권은.{0,30}(?:있|귀속)|copyrights?\s?[ⓒ©(]|[ⓒ©]\s?copyright",
    re.IGNORECASE,
)
_COPYRIGHT_TAIL = re.compile(
    r"(?<=[.!?”\"'’)\]>])\s*((?:[<\[(【ⓒ©※☞▶-]\s?)*(?:copyrights?\b|[ⓒ©]|\(c\)|저작권자|무단\s?전재)[^\n]{0,200})$",
    re.IGNORECASE,
)

_CONTACT_LABEL = re.compile(
    r"[\W_]*(?:e-?mail|email|이메일|메일|카카오톡?(?:\s?(?:채널|제보))?|카톡|전화(?:번호)?|대표전화|연락처|팩스|fax|tel|사이트|홈페이지|인터넷|웹사이트"
    r"|페이스북|트위터|인스타그램|유튜브|텔레그램|네이버\s?(?:채널|TV)?|라인|제보|제보\s?(?:전화|메일|창구|하기|문의)|문의|기사\s?(?:제보|문의)(?:\s?및\s?\S{1,6})?"
    r"|보도자료|주소|구독\s?문의|광고\s?문의)(?:\s?\([^)]{1,20}\))?\s*[:：=]\s*\S.{0,120}",
    re.IGNORECASE,
)
_CONTACT_WORDS = re.compile(
    r"제보(?:를|는|하기|해|주세요|\s?(?:받|부탁|바랍))|제보.{0,20}(?:기다립니다|받습니다)|카카오톡에서.{0,20}(?:검색|추가)|(?:당신의|여러분의|소중한)\s?제보"
)
_BARE_ADDRESS = re.compile(
    rf"[\W_]*(?:{_EMAIL}|https?://\S+|www\.\S+|\(?0\d{{1,2}}\)?[-)\s.]?\d{{3,4}}[-\s.]\d{{4}})[\W_]*"
)

_MARKED = re.compile(r"^\s*(?:[▶▷►☞☛👉◀◁※➡→⇒■□◆◇●○★☆▣◈]|\[[^\]]{0,3}[▶☞][^\]]{0,30}\])")
_PROMOTION_WORDS = re.compile(
    r"구독|바로\s?가기|보러\s?가기|보기$|클릭|채팅|채널\s?(?:추가|구독)|친구\s?(?:추가|맺기)|앱\s?(?:다운|설치|에서)|다운로드|팔로우|좋아요|이벤트|무료\s?(?:체험|신청|상담|운세)"
    r"|네이버\s?(?:메인|뉴스스탠드|TV|포스트|채널|에서|구독)|카카오(?:톡|뷰|스토리|채널)|뉴스레터|뉴스스탠드|유튜브|페이스북|인스타그램|텔레그램|트위터|영상\s?(?:보기|구독)|더\s?많은\s?(?:기사|뉴스)"
    r"|더\s?보기|기사\s?(?:더|모아)\s?보기|홈페이지|오늘의\s?운세|최신\s?(?:뉴스|기사)|모바일|핫이슈|단독\s?보도|만나보세요|확인하세요|신청하세요|가입"
)
_CLICK = re.compile(
    r"\bclick(?:ing)?\s(?:on\s(?:this|the)\s\w+|here)\b|^get .{3,40} app\b|^download .{3,40} app\b",
    re.IGNORECASE,
)
_RELATED_HEAD = re.compile(
    r"[\W_]*(?:관련\s?(?:기사|뉴스|콘텐츠|영상|키워드)|연관\s?(?:기사|뉴스)|많이\s?본\s?(?:뉴스|기사)|인기\s?(?:뉴스|기사)|추천\s?(?:뉴스|기사)|주요\s?(?:뉴스|기사)|이\s?시[각간]\s?(?:주요|많이|핫|인기|추천|뉴스|헤드라인).{0,12}"
    r"|최신\s?(?:뉴스|기사)|실시간\s?(?:뉴스|인기|랭킹).{0,8}|오늘의\s?(?:핫|주요|추천|인기|이슈)?\s?(?:뉴스|기사|이슈|토픽)|핫\s?(?:뉴스|이슈|클릭)|함께\s?(?:보면|볼|읽).{0,12}|다른\s?기사.{0,6}|이\s?기사와\s?함께.{0,12}"
    r"|(?:이\s?)?기자의\s?(?:다른|최신|인기)\s?(?:기사|뉴스).{0,6}|.{0,10}\s?(?:랭킹|베스트)\s?(?:뉴스|기사)|당신이\s?(?:좋아할|관심).{0,15}|더\s?볼만한.{0,12}"
    r"|related(?:\s(?:articles?|stories|news|content|coverage|topics?))?|read\s(?:more|next|also)|more\s(?:from|on|stories|news)\b.{0,30}"
    r"|most\s(?:read|popular|viewed)|recommended(?:\sfor\syou)?|you\s(?:may|might)\s(?:also\s)?(?:like|be interested).{0,20}|see\salso|trending(?:\snow)?|latest\s(?:news|stories))[\W_]*",
    re.IGNORECASE,
)
_INLINE_RELATED = re.compile(
    r"[\W_]*(?:관련\s?기사|연관\s?기사|☞|read\s?more|related|see\salso|also\s(?:read|on)|read\salso|more)\s?[:：\]>☞▶-]\s?\S.{3,160}",
    re.IGNORECASE,
)

_NOTICE = re.compile(
    r"전체\s?맥락을\s?이해|본문\s?보기를\s?권장|글자\s?크기|글씨\s?크기|폰트\s?크기|가장\s?빠른\s?뉴스가\s?있고|쌍방향\s?소통|음성으로\s?듣기|기사를?\s?(?:읽어|들어)\s?(?:드립|보세요)|음성\s?재생"
    r"|본문\s?(?:바로가기|듣기|글자|텍스트)|번역\s?(?:설정|을\s?제공|결과|beta)|translated\sby|기사\s?(?:섹션\s?)?분류|언론사\s?(?:페이지|편집판|구독|홈)|요약\s?봇|자동\s?(?:요약|추출|생성)|AI\s?(?:가\s?)?요약|AI\s?추천"
    r"|SNS\s?(?:로\s?)?(?:공유|보내기)|URL\s?복사|주소\s?복사|링크\s?복사|공유하기|인쇄하기|스크랩|북마크|기사\s?(?:저장|공유|추천)|프린트|댓글\s?(?:쓰기|보기|달기|입력|\d)|로그인\s?(?:후|이|하)|회원\s?가입"
    r"|이\s?기사를\s?(?:추천|공유|저장|좋아)|기사의?\s?본문\s?내용은|이\s?기사는\s?(?:언론사에서|.{0,20}섹션으로)|섹션\s?정보는|자바스크립트|javascript|브라우저에서|쿠키|동영상을?\s?재생|영상을?\s?재생|재생할\s?수\s?없|광고를?\s?(?:건너|제거|보지)"
    r"|advertisement|continue\sreading|story\scontinues|scroll\s(?:down|for)|sign\s?up\s(?:for|to)|subscribe\s(?:to|for|now)|click\shere\sto|follow\sus\son|share\sthis|enable\sjavascript|your\sbrowser|accept\scookies"
    r"|newsletter|cookie\spolicy|privacy\spolicy",
    re.IGNORECASE,
)
_HASHTAGS = re.compile(r"(?:태그|키워드|tags?)?[\s:]*(?:#[^\s#,]{1,30}[\s,]*)+")
_LABEL_LINE = re.compile(
    r"[\W_\d]*(?:공유|저장|인쇄|댓글|복사|확대|축소|확대\s?축소|닫기|열기|목록|이전|다음|이전\s?기사|다음\s?기사|더보기|광고|추천|좋아요|싫어요|슬퍼요|화나요|훈훈해요|후속기사\s?원해요|스크랩|구독|가|크게|작게|작게보기|크게보기"
    r"|기사\s?본문|본문|요약|듣기|번역|홈|뉴스|전체\s?메뉴|검색|top|맨\s?위로|advertisement|ad|share|print|email|comments?|save|facebook|twitter|close|menu|photo|video|listen|copy\s?link)[\W_\d]*",
    re.IGNORECASE,
)
# Words of an interface: with the polite style that news prose avoids, they address the reader.
_INTERFACE = re.compile(
    r"기사|뉴스|글자|본문|구독|앱|서비스|로그인|페이지|클릭|채널|알림|댓글|화면|설정|언론사|이용|기능|버튼|메뉴|사이트|콘텐츠|독자|제보|회원|음성|번역|요약"
)
_POLITE = re.compile(r"(?:니다|세요|시오|까요|해요|어요|예요)[.!?~\s]*$")
_PLAIN = re.compile(r"(?<!니)다[.!?]?[\"'”’)\]]*$")

_TIMESTAMP = re.compile(
    r"[\W_]*(?:(?:기사\s?)?(?:입력|등록|승인|송고|작성|수정|최종\s?수정|최초\s?입력|업데이트|발행|게재|게시|publish(?:ed)?|updated?|posted|modified|last\supdated)(?:일시?|시간|\son)?"
    r"|(?:19|20)\d\d\s?[.\-/년]).{0,70}",
    re.IGNORECASE,
)
_ENGLISH_DATE_LINE = re.compile(
    r"[\W_]*(?:(?:published|posted|updated|last updated|on|mon|tue|wed|thu|fri|sat|sun)[a-z]*[\s:,.]+){0,4}(?:\d{1,2}(?:st|nd|rd|th)?\s)?"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s(?:\d{1,2}(?:st|nd|rd|th)?,?\s)?(?:19|20)\d\d\b.{0,25}",
    re.IGNORECASE,
)
_DATE = re.compile(r"\d{4}\s?[.\-/년]\s?\d{1,2}|\d{1,2}:\d{2}|\b(?:19|20)\d\d\b")

_AGENCY = r"연합뉴스(?:TV)?|뉴시스|뉴스1|로이터|AFP|AP(?:통신)?|EPA|UPI|게티\s?이미지\S{0,6}|Getty|Reuters|게티|셔터스톡|신화통신|교도통신|타스|EPA연합뉴스|AP뉴시스|AP/뉴시스|공동취재단?|사진공동취재단|대통령실|픽사베이|언스플래시"
_CREDIT = re.compile(
    rf"^[\W_]*(?:사진|자료|이미지|그래픽|출처|영상|캡처|캡쳐|일러스트|인포그래픽|그림|photo|image|credit|picture|source)\s?(?:출처|제공|설명|캡처|자료)?\s?[=:：/|].{{0,120}}$"
    rf"|[\[(/=|<ⓒ©\s](?:사진|자료|이미지|그래픽)\s?(?:출처|제공|설명|캡처)?\s?[=:：].{{0,60}}$|[/=|ⓒ©]\s?(?:{_AGENCY})\s?[\])]?$|(?:{_AGENCY})\s?(?:제공|자료\s?사진|캡처|연합뉴스)?[\])]?\s*$"
    r"|(?:제공|자료\s?사진|사진\s?제공|캡처|캡쳐|갈무리|DB)\s?[\])>.]?$|[/=]\s?[가-힣]{2,4}\s?(?:사진)?\s?기자$|[=/]\s?\S{1,14}\s?(?:제공|캡처|캡쳐)\)?$",
    re.IGNORECASE,
)
# `▲ ...하고 있다. ⓒ ...`: how Korean pages begin a caption; `▲ name ▲ name` is a list.
_ARROWED = re.compile(r"[▲△▼◀▶]\s?[^▲△]{8,}(?:[.다]|사진|제공|모습|장면|전경|캡처|[)\]])\s*$")
_ENGLISH_CREDIT = re.compile(
    r"\((?:AP|Reuters|AFP|Getty|Photos?|Image|Picture|Credit|File)\b[^()]{0,80}\)[\s.]*$|\b(?:photo(?:graph)?s?|image|picture)\s(?:by|credit|courtesy)[:\s][^.]{2,60}\.?$"
    r"|/\s?(?:Getty Images|Reuters|AFP|AP|Shutterstock|EPA)\W*$|\bin this .{0,60}\b(?:file )?photo\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?:[.!?。…]|(?<=[가-힣])[다요죠까])[\"'”’」』)\]\s]*$")
_BULLET = re.compile(r"^\s*[▶▷►☞☛👉➡→⇒※]|^\s*(?:[-–—•·∙▪‣*]\s|[-–—•·∙▪‣](?=[가-힣\"'“‘\[(]))")
_NUMBERED = re.compile(r"\d{1,2}[.)]\s")
_FULL_STOP = re.compile(r"(?:[다요]|[a-z]{2})\.[\"'”’)\]]*$")
_PLACEHOLDER = re.compile(r"[$%{\[#@]{2}[\w\s.:-]{1,60}[$%}\]#@]{2}")
_KEY = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class _Article:
    """What every step needs to know of the whole."""

    lines: tuple[Line, ...]
    title_keys: frozenset[str]
    korean: bool


def label(lines: Sequence[Line], *, titles: Sequence[str] = ()) -> tuple[Region, ...]:
    """Every line with its kind, in the order of the page; cleaning the body again changes nothing.

    `titles` are the spellings of the headline, to tell its own line.
    """
    parted = tuple(piece for line in lines for piece in _part(line))
    korean = language.detect(" ".join(line.text for line in parted if not line.hint)) == "ko"
    article = _Article(parted, frozenset(key_of(title) for title in titles) - {""}, korean)
    kinds = [line.hint or kind_of(line) for line in parted]
    for step in (_mark_title, _mark_notices, _mark_related, _mark_tail, _mark_repeats, _mark_subtitles):
        kinds = step(article, kinds)
    return tuple(Region(kind or "body", line.text) for line, kind in zip(parted, kinds, strict=True))


def body_of(regions: Sequence[Region]) -> str:
    """The body alone, its paragraphs parted by a blank line."""
    return "\n\n".join(region.text for region in regions if region.kind == "body")


def key_of(text: str) -> str:
    """What two printings of one line share: letters and digits alone."""
    return _KEY.sub("", text).casefold()


def ends_sentence(text: str) -> bool:
    """Whether a line closes a sentence, as prose does and headlines don't."""
    return _SENTENCE_END.search(text[-20:]) is not None


def kind_of(line: Line) -> str:
    """The kind that a line's own words give away; "" for a line that may be body."""
    text = line.text
    if len(text) > 400:
        return ""
    for kind, test in _TESTS:
        if test(text):
            return kind
    return ""


def _part(line: Line) -> list[Line]:
    """A line, its signature and its copyright notice, where they were printed as one."""
    pieces: list[Line] = []
    text, tails = line.text, list[str]()
    for pattern in (_COPYRIGHT_TAIL, _SIGNATURE_TAIL, _EMAIL_TAIL):
        found = pattern.search(text, max(0, len(text) - 260))
        if found and found.start(1) > 20:
            tails.insert(0, found[1].strip())
            text = text[: found.start()].rstrip()
    pieces.append(replace(line, text=text))
    return pieces + [replace(line, text=tail) for tail in tails if tail]


def _is_copyright(text: str) -> bool:
    if _COPYRIGHT_SURE.search(text):
        return len(text) <= 250
    return len(text) <= 80 and _COPYRIGHT.match(text.lstrip("[(<【 ")) is not None


def _is_contact(text: str) -> bool:
    if len(text) > 160:
        return False
    return bool(
        _CONTACT_LABEL.fullmatch(text) or _BARE_ADDRESS.fullmatch(text) or _CONTACT_WORDS.search(text)
    )


def _is_byline(text: str) -> bool:
    if len(text) > 120:
        return False
    if _SIGNATURE.fullmatch(text):
        return True
    return len(text) <= 90 and _EMAIL_LINE.fullmatch(text) is not None and not ends_sentence(text)


def _is_promotion(text: str) -> bool:
    if len(text) <= 100 and _CLICK.search(text):
        return True
    if len(text) > 160 or not _MARKED.match(text):
        return False
    marks = sum(text.count(mark) for mark in "▶▷►☞")
    return bool(_PROMOTION_WORDS.search(text)) or (marks > 1 and not ends_sentence(text))


def _is_related(text: str) -> bool:
    return len(text) <= 180 and bool(_RELATED_HEAD.fullmatch(text) or _INLINE_RELATED.fullmatch(text))


def _is_notice(text: str) -> bool:
    if _HASHTAGS.fullmatch(text) or _PLACEHOLDER.fullmatch(text) or _LABEL_LINE.fullmatch(text):
        return True
    if len(text) <= 60 and _ENGLISH_DATE_LINE.fullmatch(text):
        return True
    if (
        len(text) <= 110
        and _TIMESTAMP.fullmatch(text)
        and _DATE.search(text)
        and not _PLAIN.search(text[-20:])
    ):
        return True
    return (
        len(text) <= 200
        and _NOTICE.search(text) is not None
        and (len(text) <= 60 or not _PLAIN.search(text[-20:]))
    )


def _is_caption(text: str) -> bool:
    if len(text) <= 250 and _ARROWED.match(text):
        return True
    if len(text) <= 400 and _ENGLISH_CREDIT.search(text):
        return True
    return len(text) <= 250 and _CREDIT.search(text) is not None and not text.endswith(("다.", "요."))


_TESTS = (
    ("copyright", _is_copyright),
    ("contact", _is_contact),
    ("related", _is_related),
    ("promotion", _is_promotion),
    ("byline", _is_byline),
    ("notice", _is_notice),
    ("caption", _is_caption),
)


def _mark_title(article: _Article, kinds: list[str]) -> list[str]:
    """The headline's own line, wherever it was printed."""
    return [
        "title" if key_of(line.text) in article.title_keys else kind
        for line, kind in zip(article.lines, kinds, strict=True)
    ]


def _mark_notices(article: _Article, kinds: list[str]) -> list[str]:
    """Among prose in the plain style, polite lines about the page itself are the page's, not the article's."""
    texts = [line.text for line, kind in zip(article.lines, kinds, strict=True) if not kind]
    plain = sum(_PLAIN.search(text[-20:]) is not None for text in texts)
    polite = sum(_POLITE.search(text[-20:]) is not None for text in texts)
    if plain <= polite:
        return kinds
    return [
        "notice" if not kind and _POLITE.search(line.text[-20:]) and _addresses_reader(line.text) else kind
        for line, kind in zip(article.lines, kinds, strict=True)
    ]


def _addresses_reader(text: str) -> bool:
    return len(text) <= 200 and _INTERFACE.search(text) is not None and not re.search(r"[\"“”]", text)


def _mark_related(article: _Article, kinds: list[str]) -> list[str]:
    """Headlines under a heading such as 관련기사, and links to other stories between paragraphs."""
    kinds = list(kinds)
    under = False
    for number, line in enumerate(article.lines):
        if kinds[number]:
            under = kinds[number] == "related" and (under or _RELATED_HEAD.fullmatch(line.text) is not None)
        elif (under and _is_headline(line.text)) or _is_link_list(article, number):
            kinds[number] = "related"
        else:
            under = False
    return kinds


def _is_link_list(article: _Article, number: int) -> bool:
    """A paragraph that is a link and no sentence; in a list, beside others of its kind."""
    line = article.lines[number]
    if not _is_bare_link(line, article.korean):
        return False
    beside = [article.lines[at] for at in (number - 1, number + 1) if 0 <= at < len(article.lines)]
    return not line.item or article.korean or any(_is_bare_link(each, article.korean) for each in beside)


def _is_bare_link(line: Line, korean: bool) -> bool:
    if not korean and _NUMBERED.match(line.text):
        return False  # an item of an article that counts things
    return line.linked and not line.heading and not ends_sentence(line.text)


def _is_headline(text: str) -> bool:
    return len(text) <= 120 and _FULL_STOP.search(text[-20:]) is None


def _mark_tail(article: _Article, kinds: list[str]) -> list[str]:
    """Behind the article's last sentence: listed headlines; behind its signature: all headlines; behind its
    copyright line: everything."""
    kinds = list(kinds)
    lines = article.lines
    sizes = [
        0 if kind or _is_listed(line) else len(line.text) for line, kind in zip(lines, kinds, strict=True)
    ]
    sizes = [
        size if size and ends_sentence(line.text) else 0 for line, size in zip(lines, sizes, strict=True)
    ]
    signed = _closing(kinds, sizes, {"byline", "contact", "copyright"})
    closed = _closing(kinds, sizes, {"copyright"})
    last = max((number for number, size in enumerate(sizes) if size and number < signed), default=-1)
    for number in range(last + 1, len(kinds)):
        behind = number > closed or (number > signed and _is_headline(lines[number].text))
        if not kinds[number] and (behind or (_is_listed(lines[number]) and not any(sizes[number:]))):
            kinds[number] = "related"
    return kinds


def _closing(kinds: Sequence[str], sizes: Sequence[int], closers: set[str]) -> int:
    """Where the first line stands that ends the article: one of `closers` with next to no prose behind it."""
    rest, total = sum(sizes), sum(sizes)
    for number, (kind, size) in enumerate(zip(kinds, sizes, strict=True)):
        rest -= size
        if kind in closers and rest <= 0.2 * total < total:
            return number
    return len(kinds)


def _is_listed(line: Line) -> bool:
    """`- headline`: a list item that is no sentence."""
    return _BULLET.match(line.text) is not None and not line.heading and _is_headline(line.text)


def _mark_repeats(article: _Article, kinds: list[str]) -> list[str]:
    """A paragraph printed twice counts once: as lead when the copy follows at once, as quote when it comes later."""
    kinds = list(kinds)
    body = [number for number, kind in enumerate(kinds) if not kind]
    keys = [key_of(article.lines[number].text) for number in body]
    counts = Counter(keys)
    latest: dict[str, int] = {}
    for at, key in enumerate(keys):
        if not _may_repeat(article.lines[body[at]].text, article.korean):
            continue
        first = latest.setdefault(key, at)
        if first == at:
            continue
        ahead = at + 1 < len(keys) and not any(_is_news(between, counts) for between in keys[first + 1 : at])
        kinds[body[first if ahead else at]] = "lead" if ahead else "quote"
        latest[key] = at if ahead else first
    return _mark_cut_lead(article, kinds)


def _may_repeat(text: str, korean: bool) -> bool:
    """A sentence long enough that two of it are one printed twice, not the lines of a table."""
    return len(text) >= (20 if korean else 60) and ends_sentence(text)


def _is_news(key: str, counts: Counter[str]) -> bool:
    """A paragraph of its own: neither repeated nor a mere label."""
    return len(key) >= 12 and counts[key] == 1


def _mark_cut_lead(article: _Article, kinds: list[str]) -> list[str]:
    """A summary cut off with dots whose beginning the body repeats."""
    body = [number for number, kind in enumerate(kinds) if not kind]
    for number in body[:2]:
        text = article.lines[number].text
        cut = key_of(text)
        if len(cut) > 30 and text.endswith(("..", "…")):
            rest = " ".join(article.lines[at].text for at in body if at > number)
            if cut in key_of(rest[:3000]):
                kinds[number] = "lead"
    return kinds


def _mark_subtitles(article: _Article, kinds: list[str]) -> list[str]:
    """Korean pages print one to four headline-like lines between the headline and the first paragraph."""
    body = [number for number, kind in enumerate(kinds) if not kind]
    first = next((number for number in body if ends_sentence(article.lines[number].text)), None)
    if first is None or not article.korean:
        return kinds
    before = {number for number in body if number < first}
    if len(before) > 4:
        return kinds
    return ["subtitle" if number in before else kind for number, kind in enumerate(kinds)]
