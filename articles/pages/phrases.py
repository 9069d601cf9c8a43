"""What Korean and English news pages print around an article, as patterns: one name for each kind of line.

General ways of writing, not one outlet's. Must not decide anything: `clean` weighs these against what a line is
and where it stands. Every pattern is bounded, so that no line takes more than a moment.
"""

import re


def _any(alternatives: str) -> str:
    """One of the patterns of a text, which white space parts."""
    return f"(?:{'|'.join(alternatives.split())})"


def _compile(alternatives: str) -> re.Pattern[str]:
    return re.compile(_any(alternatives), re.IGNORECASE)


EDGE = r"[\W_]{0,12}"  # signs around a label

# --- who wrote it -------------------------------------------------------------------------------------------------
EMAIL = r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,64}"
_FIELD = _any(r"""
    선임 수석 인턴 객원 전문 시민 명예 의학 과학 경제 산업 정치 스포츠 여행 음식 사진 영상 취재 온라인
    디지털 뉴스 대
""")
_WORK = _any(r"""
    기자 특파원 통신원 논설위원 편집위원 편집장 칼럼니스트 앵커 에디터 리포터 캐스터 PD 해설위원 평론가
    저널리스트
""")
ROLE = rf"(?:{_FIELD}\s?)?{_WORK}"
NAME = r"[가-힣]{2,5}"
_WHO = rf"{NAME}(?:\s?[·,&ㆍ]\s?{NAME}){{0,5}}\s?{ROLE}"
_TASK = _any(r"""
    글 취재 사진 영상 그래픽 정리 편집 영상취재 촬영
""")
# One or several people and what they are: `서가온·여름비 기자`, `서가온, 여름비 특파원`.
PEOPLE = rf"(?<![가-힣])(?P<names>{NAME}(?:\s?[·,&ㆍ・/]\s?{NAME}){{0,5}})\s?(?P<role>{ROLE})(?![가-힣])"
# The names that people in Korea have before their own.
SURNAMES = frozenset(
    "김이박최정강조윤장임한오서신권황안송전홍유고문양손배백허남심노하곽성차주우구민나진지엄채원천방공현함변염여추도소석선설마길연위표"
    "명기반왕금옥육인맹제모탁국어은편용예경봉사부가복태목형피두감음빈동온호범좌팽승간견당류라리량림"
)
# `CBS노컷뉴스 홍길동 기자 hong@a.kr`, `[홍길동 기자]`, `글·사진=홍길동 기자`, `서울=홍길동 특파원`: no sentence.
SIGNATURE = re.compile(
    rf"[\[(【/■◇▶=\s]{{0,4}}(?:{_TASK}[\s·ㆍ/,&]{{0,3}}){{0,4}}[=:]?\s?"
    rf"(?:[\w가-힣.·&()\[\]/]{{1,20}}[\s=/|·:]{{1,3}}){{0,4}}(?:{_WHO}[\s,/·|=)]{{0,3}}){{1,6}}"
    rf"(?:[\[(<]?{EMAIL}[\])>]?[\s,/]{{0,3}}){{0,4}}(?:다른\s?기사.{{0,10}}|구독.{{0,10}})?[\])】=\s]{{0,3}}"
)
# `영상취재 : 정해든`, `(그래픽: 고운들, 영상편집: 정해든)`: a broadcast's makers.
_PART = (
    rf"{_FIELD}?\s?(?:기자|편집|취재|촬영|그래픽|디자인|자막|구성|연출|작가|제작|CG|자료조사|리서치|AD|PD)"
)
CREDITS = re.compile(
    rf"[\[(]?\s?(?:{_PART}(?:\s?[·ㆍ/,&]\s?{_PART}){{0,3}}\s?[:：=]\s?{NAME}(?:\s?[·ㆍ/,&]?\s?{NAME}){{0,4}}[\s,/|]{{0,4}}){{1,6}}[\])]?\.?"
)
# Who speaks in a broadcast: `[앵커]`, `<기자>`, `◀ 리포트 ▶`.
SPEAKER = re.compile(
    r"[\[<(◀]\s?(?:앵커\s?(?:멘트|리포트)?|기자|리포트|리포터|인터뷰|VCR|질문|답변|아나운서)\s?\d?\s?[\]>)▶]"
)
EMAIL_LINE = re.compile(rf"[^.!?]{{0,50}}?[\[(<]?{EMAIL}[\])>]?[\s.]{{0,3}}")
# The same behind the last sentence of a paragraph: `...밝혔다. 홍길동 기자 hong@a.kr`.
SIGNATURE_TAIL = re.compile(
    rf"(?<=[.!?”\"'’)])\s?((?:[\[(/■▶]\s?)?(?:[가-힣A-Za-z0-9]{{2,12}}\s?[=/|]\s?)?(?:[\w가-힣]{{2,10}}\s){{0,2}}{_WHO}"
    rf"\s?[,/=]?\s?[\[(<]?{EMAIL}[\])>]?[\s.\])]{{0,4}})$"
)
EMAIL_TAIL = re.compile(rf"(?<=[.!?])\s?([\[(<]?{EMAIL}[\])>]?)\s?$")

# --- whose it is --------------------------------------------------------------------------------------------------
_FORBIDDEN = r"무단\s?(?:전재|복제|배포|도용|사용)"
COPYRIGHT = _compile(rf"""
    {_FORBIDDEN} 재배포\s?금지 all\srights?\sreserved 저작권자 저작권은.{{0,30}}(?:있|귀속)
    copyrights?\s?[ⓒ©(] [ⓒ©]\s?copyright AI\s?학습\s?(?:및|이용|활용) ^[\[(<【\s]{{0,3}}copyrights?\b
""")
# The same behind a paragraph; a bare `ⓒ name` there credits a picture.
COPYRIGHT_TAIL = re.compile(
    r"(?<=[.!?”\"'’)\]>a-z])\s?((?:[<\[(【※☞▶-]\s?){0,4}(?:copyrights?\s?(?:[ⓒ©]|\(c\)|\d{4})|[ⓒ©]|저작권자\s?[ⓒ©(])"
    rf"[^\n]{{0,200}}(?:{_FORBIDDEN}|금지|reserved)[^\n]{{0,80}}|[<\[(※]?\s?{_FORBIDDEN}[^\n]{{0,30}}금지[^\n]{{0,80}})$",
    re.IGNORECASE,
)

# --- how to reach them --------------------------------------------------------------------------------------------
_CHANNEL = _any(r"""
    e-?mail 이메일 메일 카카오톡?(?:\s?(?:채널|제보))? 카톡 전화(?:번호)? 대표전화 연락처 팩스 fax tel
    사이트 홈페이지 인터넷 웹사이트 페이스북 트위터 인스타그램 유튜브 텔레그램 네이버\s?(?:채널|TV)? 라인
    제보(?:\s?(?:전화|메일|창구|하기|문의))? 문의 기사\s?(?:제보|문의)(?:\s?및\s?\S{1,6})? 보도자료 주소
    (?:구독|광고)\s?문의
""")
CONTACT_LABEL = re.compile(
    rf"{EDGE}{_CHANNEL}(?:\s?\([^)]{{1,20}}\))?\s{{0,3}}[:：=]\s{{0,3}}\S.{{0,120}}"
    rf"|[\W_]{{0,6}}[\[【<]\s?{_CHANNEL}\s?[\]】>]\s{{0,3}}\S.{{0,100}}",
    re.IGNORECASE,
)
CONTACT_WORDS = _compile(r"""
    제보\s?(?:하기|해\s?주|주세요|부탁|바랍) 제보.{0,20}(?:기다립니다|받습니다)
    카카오톡에서.{0,20}(?:검색|추가) (?:당신의|여러분의|소중한)\s?제보
""")
BARE_EMAIL = re.compile(rf"{EDGE}{EMAIL}{EDGE}")
# Mailboxes of an outlet rather than of a person.
DESK = re.compile(
    _any(r"""
    jebo okjebo news\w{0,4} web\w{0,6} info help\w{0,4} photo desk admin\w{0,4} master editors? press contact cs ads?
    online report service privacy copyright tips? sales support kakao
""")
    + r"\d{0,4}@",
    re.IGNORECASE,
)
BARE_ADDRESS = re.compile(
    rf"{EDGE}(?:{EMAIL}|https?://\S{{1,300}}|www\.\S{{1,300}}|\(?0\d{{1,2}}\)?[-)\s.]?\d{{3,4}}[-\s.]\d{{4}}){EDGE}"
)

# --- what they want of the reader ---------------------------------------------------------------------------------
ARROW = re.compile(r"\s?(?:[▶▷►☞☛👉◀◁※➡→⇒]|\[[^\]]{0,3}[▶☞][^\]]{0,30}\])")
MARK = re.compile(rf"{ARROW.pattern}|\s?[■□◆◇●○★☆▣◈]")
# What the reader is asked to do, and where; a subheading may name the latter.
ACTIONS = _compile(r"""
    구독\s?(?:하기|신청|하시|해) 바로\s?가기 보러\s?가기 \s보기$ 클릭 채팅 채널\s?(?:추가|구독)
    친구\s?(?:추가|맺기) 앱\s?(?:다운|설치) 다운로드 팔로우 좋아요 무료\s?(?:체험|신청|상담|운세)
    뉴스스탠드 영상\s?구독 더\s?많은\s?(?:기사|뉴스) 더\s?보기 기사\s?(?:더|모아)\s?보기 만나보세요
    확인하세요 신청하세요 가입하
""")
MEDIA = _compile(r"""
    구독 채널 이벤트 네이버 카카오(?:톡|뷰|스토리) 뉴스레터 유튜브 페이스북 인스타그램 텔레그램 트위터
    홈페이지 운세 최신\s?(?:뉴스|기사) 모바일 핫이슈 단독\s?보도 앱에서 영상\s?보기
""")
CLICK = _compile(r"""
    \bclick(?:ing)?\s(?:on\s(?:this|the)\s\w+|here)\b ^(?:get|download)\s.{3,40}\sapp\b
    ^(?:sign\sup|subscribe|join|get)\b.{0,80}\b(?:newsletter|inbox|alerts)\b
""")

# --- other stories ------------------------------------------------------------------------------------------------
RELATED_HEAD = re.compile(
    EDGE
    + _any(r"""
    (?:관련|연관)\s?(?:기사|뉴스|콘텐츠|영상|키워드) 많이\s?본\s?(?:뉴스|기사)
    (?:인기|추천|주요|최신)\s?(?:뉴스|기사) 이\s?시[각간]\s?(?:주요|많이|핫|인기|추천|뉴스|헤드라인).{0,12}
    실시간\s?(?:뉴스|인기|랭킹).{0,8} 오늘의\s?(?:핫|주요|추천|인기|이슈)?\s?(?:뉴스|기사|이슈|토픽)
    핫\s?(?:뉴스|이슈|클릭) 함께\s?(?:보면|볼|읽).{0,12} 다른\s?기사.{0,6}
    이\s?기사와\s?(?:함께|관련).{0,12} (?:이\s?)?기자의\s?(?:다른|최신|인기)\s?(?:기사|뉴스).{0,6}
    .{0,10}\s?(?:랭킹|베스트)\s?(?:뉴스|기사) 당신이\s?(?:좋아할|관심).{0,15} 더\s?볼만한.{0,12}
    related(?:\s(?:articles?|stories|news|content|coverage|topics?))? read\s(?:more|next|also)
    more\s(?:from|on|stories|news)\b.{0,30} most\s(?:read|popular|viewed)(?:\s.{0,20})?
    recommended(?:\sfor\syou)? you\s(?:may|might)\s(?:also\s)?(?:like|be\sinterested).{0,20} see\salso
    trending(?:\snow)? latest\s(?:news|stories)
""")
    + EDGE,
    re.IGNORECASE,
)
INLINE_RELATED = re.compile(
    EDGE
    + _any(r"""
    (?:관련|연관)\s?기사 ☞ read\s?more related see\salso also\s(?:read|on) read\salso more
""")
    + r"\s?[:：\]>☞▶-]\s?\S.{3,160}",
    re.IGNORECASE,
)
BULLET = re.compile(r"\s?(?:[▶▷►☞☛👉➡→⇒※]|[-–—•·∙▪‣*]\s|[-–—•·∙▪‣](?=[가-힣\"'“‘\[(]))")
NUMBERED = re.compile(r"\d{1,2}[.)]\s")

# --- the page about itself ----------------------------------------------------------------------------------------
NOTICE = _compile(r"""
    전체\s?맥락을\s?이해 본문\s?보기를\s?권장 (?:글자|글씨|폰트)\s?크기 가장\s?빠른\s?뉴스가\s?있고
    쌍방향\s?소통 음성으로\s?듣기 기사를?\s?(?:읽어|들어)\s?(?:드립|보세요) 음성\s?재생
    본문\s?(?:바로가기|듣기|글자|텍스트) 번역\s?(?:설정|을\s?제공|결과|beta) translated\sby
    기사\s?(?:섹션\s?)?분류 언론사\s?(?:페이지|편집판|구독|홈) 요약\s?봇 자동\s?(?:요약|추출|생성)
    AI\s?(?:가\s?)?요약 AI\s?추천 SNS\s?(?:로\s?)?(?:공유|보내기) (?:URL|주소|링크)\s?복사
    (?:공유|인쇄|스크랩|프린트)하기 기사\s?(?:저장|공유|추천|스크랩) 댓글\s?(?:쓰기|보기|달기|입력|\d)
    로그인\s?(?:후|이|하) 회원\s?가입 이\s?기사를\s?(?:추천|공유|저장|좋아) 기사의?\s?본문\s?내용은
    이\s?기사는\s?(?:언론사에서|.{0,20}섹션으로) 섹션\s?정보는 자바스크립트 javascript 브라우저에서
    쿠키를?\s?(?:사용|허용|수집) (?:동영상|영상)을?\s?재생 재생할\s?수\s?없 광고를?\s?(?:건너|제거|보지)
""")
ENGLISH_NOTICE = re.compile(
    EDGE
    + _any(r"""
    advertisement\b.{0,20}$ continue\sreading (?:story|article)\scontinues scroll\s(?:down|for)
    sign\s?up\s(?:for|to) subscribe\s(?:to|for|now) follow\s(?:us|him|her|them)\son share\sthis
    like\sthis\sstory (?:please\s)?enable\sjavascript your\sbrowser (?:accept|we\suse)\scookies
    (?:cookie|privacy)\spolicy all\stimes\s this\s(?:site|website)\suses
"""),
    re.IGNORECASE,
)
# Where a page ends for those who haven't paid: what it then says to its reader.
WALL = _compile(r"""
    (?:유료|구독|프리미엄|정기|멤버십|로그인)\s?(?:회원|독자|구독자|가입자)?\s?(?:에게)?\s?(?:전용|만\s?(?:볼|읽을|이용)|만을\s?위한)
    (?:구독|가입|결제)\s?(?:하시면|하면|하고|후에?|하신\s?후).{0,25}(?:전체|전문|나머지|계속|모든\s?기사|기사를|이어|볼\s?수|읽을\s?수)
    로그인\s?(?:하시면|하면|하고|후에?|하신\s?후).{0,25}(?:전체|전문|나머지|계속|기사를|이어서)
    (?:기사|콘텐츠)?\s?(?:전문|전체|나머지|뒷부분)(?:\s?(?:내용|기사))?(?:은|는|을|를).{0,25}(?:구독|유료|회원|로그인|결제|지면|가입|보시려면)
    (?:남은|나머지)\s?(?:내용|기사|글|\d{1,3}\s?%) (?:유료|회원\s?전용|구독자\s?전용)\s?(?:기사|콘텐츠|서비스)입니다
    (?:무료|이번\s?달).{0,15}(?:기사|열람).{0,15}(?:모두|소진|초과)
    (?:subscribe|sign\s?up|register|log\s?in|sign\s?in|join)\s(?:now\s)?to\s(?:continue|keep|read|unlock|access|view)
    to\s(?:continue|keep)\sreading\b already\sa\s(?:subscriber|member) (?:subscribers?|members?)[\s-]only
    (?:is|are)\s(?:only\s|exclusively\s)?(?:for|available\s(?:only\s)?to)\s(?:our\s)?(?:\w+\s)?(?:subscribers|members)
    (?:unlock|access)\s(?:this|the\s(?:full|rest)|all)\b reached\s(?:your|the)\s.{0,20}limit
    (?:free|complimentary)\sarticles?\b.{0,30}\b(?:left|limit|remaining|month)
    continue\sreading\s(?:with|for)\b read\sthe\s(?:full|rest\sof\sthe)\s(?:story|article)
""")
# The same about something else than the article.
OTHER_WALL = _compile(r"댓글 의견 스크랩 추천 좋아요 공감 알림 comment newsletter [“”]")
HASHTAGS = re.compile(r"(?:태그|키워드|tags?)?[\s:]{0,4}(?:#[^\s#,]{1,30}[\s,]{0,4}){1,30}")
PLACEHOLDER = re.compile(r"[$%{\[#@]{2}[\w\s.:-]{1,60}[$%}\]#@]{2}")
LABEL = re.compile(
    r"[\W_\d]{0,12}"
    + _any(r"""
    공유 저장 인쇄 댓글 복사 확대 축소 확대\s?축소 닫기 열기 목록 이전 다음 이전\s?기사 다음\s?기사 더보기
    광고 추천 좋아요 싫어요 슬퍼요 화나요 훈훈해요 후속기사\s?원해요 스크랩 구독 가 크게 작게
    (?:작게|크게)보기 기사\s?본문 본문 요약 듣기 번역 홈 뉴스 전체\s?메뉴 검색 top 맨\s?위로 advertisement
    ad share print email comments? save facebook twitter close menu photo video listen copy\s?link
""")
    + r"[\W_\d]{0,12}",
    re.IGNORECASE,
)
# Words of an interface: in the polite style that news prose avoids, they address the reader.
INTERFACE = _compile(r"""
    기사 뉴스 글자 본문 구독 앱 서비스 로그인 페이지 클릭 채널 알림 댓글 화면 설정 언론사 이용 기능 버튼
    메뉴 사이트 콘텐츠 독자 제보 회원 음성 번역 요약
""")

# --- whose pages show other outlets' articles ----------------------------------------------------------------------
PORTAL = _any(r"""
    네이버(?:\s?뉴스)? naver(?:\s?news)? 다음(?:\s?뉴스)? daum(?:\s?news)? 네이트(?:\s?뉴스)? nate(?:\s?news)? 줌
    zum(?:\s?뉴스)? msn google(?:\s?news)? yahoo(?:\s?news)?
""")
PORTAL_NAME = re.compile(rf"^{PORTAL}(?:\s?[|ㅣ-].{{0,40}})?$|[|ㅣ]\s?{PORTAL}$", re.IGNORECASE)
# `이 기사는 언론사에서 경제 섹션으로 분류했습니다.`
SECTION_NOTE = re.compile(r"언론사에서\s?([가-힣A-Za-z/·]{2,12})(?:,\s?\S{1,10}){0,2}\s?섹션으로")

# --- when ---------------------------------------------------------------------------------------------------------
_DAY = (
    r"(?:19|20)\d\d\s?[.\-/년]\s?\d{1,2}\s?[.\-/월]\s?\d{1,2}\s?[일.]?(?:\s?\(?[월화수목금토일](?:요일)?\)?)?"
)
_HOUR = r"(?:오전|오후|AM|PM)?\s?\d{1,2}\s?[:시]\s?\d{1,2}(?:\s?[:분]\s?\d{0,2})?"
_EVENT = _any(r"""
    입력 등록 승인 송고 작성 (?:최종\s?)?수정 최초\s?입력 업데이트 발행 게재 게시 publish(?:ed)?
    (?:last\s)?updated? posted modified
""")
TIMESTAMP = re.compile(
    rf"{EDGE}(?:(?:기사\s?)?{_EVENT}(?:일시?|시간|\son)?{EDGE}{_DAY}.{{0,70}}|{_DAY}(?:[\s,|T]{{0,4}}{_HOUR}.{{0,50}})?{EDGE})",
    re.IGNORECASE,
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
ENGLISH_DATE = re.compile(
    EDGE
    + r"(?:(?:published|posted|updated|last\supdated|on|mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}[\s:,.]{1,3}){0,4}"
    + rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\s)?{_MONTH}\s(?:\d{{1,2}}(?:st|nd|rd|th)?,?\s)?(?:19|20)\d\d\b.{{0,25}}",
    re.IGNORECASE,
)

# --- pictures -----------------------------------------------------------------------------------------------------
_AGENCY = _any(r"""
    (?:EPA)?연합뉴스(?:TV)? (?:AP/?)?뉴시스 뉴스1 로이터 AFP AP(?:통신)? EPA UPI 게티(?:\s?이미지\S{0,6})?
    Getty Reuters 셔터스톡 신화통신 교도통신 타스 (?:사진)?공동취재단? 대통령실 픽사베이 언스플래시
""")
_GIVEN = r"(?:제공|자료\s?사진|사진\s?제공|캡처|캡쳐|갈무리|DB)"
_PICTURE = r"(?:사진|자료|이미지|그래픽|출처|영상|캡처|캡쳐|일러스트|인포그래픽|그림|photo|image|credit|picture|source)"
CREDIT = _compile(rf"""
    ^\[(?:영상|동영상|사진|포토|그래픽|카드뉴스|화보)\]\s?[^.]{{2,60}}$
    ^[\W_]{{0,4}}{_PICTURE}\s?(?:출처|제공|설명|캡처|자료)?\s?[=:：/|].{{0,100}}$
    [\[(/=|<ⓒ©\s](?:사진|자료|이미지|그래픽)\s?(?:출처|제공|설명|캡처)?\s?[=:：].{{0,60}}$
    (?:^|[\s/=|ⓒ©.)\]]){_AGENCY}\s?(?:{_GIVEN}|연합뉴스)?[\])]?\s?$
    [.!?)\]=/|]\s?[^.!?]{{1,25}}\s?{_GIVEN}\s?[\])>.]?$ ^[^\s.]{{2,15}}\s?{_GIVEN}$
    [/=.]\s?[가-힣]{{2,4}}\s?(?:(?:사진|선임)\s?)?기자$ ^[ⓒ©]\s?[^\n]{{1,30}}$ [\s.][ⓒ©]\s?\S{{1,14}}$
""")
# Whatever is written in English has one of these.
LATIN = re.compile("[a-z]", re.IGNORECASE)
# `▲ ...하고 있다`: how Korean pages begin a caption; `▲ name ▲ name` is a list.
ARROWED_CAPTION = re.compile(r"[▲△▼◀▶]\s?[^▲△]{8,250}(?:고 있다\.?|사진|제공|모습|장면|전경|캡처|[)\]])\s?$")
ENGLISH_CREDIT = _compile(r"""
    \((?:AP|Reuters|AFP|Getty|Photos?|Image|Picture|Credit|File)\b[^()]{0,80}\)[\s.]{0,3}$
    \b(?:photo(?:graph)?s?|image|picture)\s(?:by|credit|courtesy)[:\s][^.]{2,60}\.?$
    /\s?(?:Getty\sImages|Reuters|AFP|AP|Shutterstock|EPA)\W{0,3}$ \bin\sthis\s.{0,60}\b(?:file\s)?photo\b
""")

# What a sentence of news prose has only where it is something else besides.
SIGN = re.compile(r"[@▶▷►☞☛👉◀◁※➡→⇒▲△▼◇◆■□●○★☆▣◈☎]")
SIGN_WORDS = ("금지", "관련", "입력", "등록", "승인")

# --- how a line ends ----------------------------------------------------------------------------------------------
_CLOSERS = r"[\"'”’」』)\]\s]{0,6}$"
SENTENCE_END = re.compile(rf"(?:[.!?。…]|(?<=[가-힣])[다요죠까]){_CLOSERS}")
FULL_STOP = re.compile(rf"(?:[다요]|[a-z]{{2}})\.{_CLOSERS}")
PLAIN_END = re.compile(rf"(?<!니)다[.!?]?{_CLOSERS}")
POLITE_END = re.compile(r"(?:니다|세요|시오|까요|해요|어요|예요)[.!?~\s]{0,4}$")
