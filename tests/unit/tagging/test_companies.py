"""Which company a name means, on sentences written for the purpose."""

import functools

import pytest

from articles.tagging import recognise, watchlist


@functools.cache
def recogniser() -> recognise.Recogniser:
    return recognise.Recogniser(watchlist.shipped())


def found(title: str, text: str = "") -> recognise.Recognition:
    return recogniser().recognise(recognise.Document("1", title, text))


def companies(title: str, text: str = "") -> set[str]:
    return {tag.name for tag in found(title, text).companies}


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("LG화학은 배터리 소재를 늘린다", {"LG화학"}),
        ("현대모비스와 SK하이닉스가 손잡았다", {"현대모비스", "SK하이닉스"}),
        ("네이버에서도 쓸 수 있다", {"네이버"}),
        ("기아차 신형 전기차 공개", {"기아"}),
        ("㈜한샘, 새 매장 열어", {"한샘"}),
    ],
)
def test_the_longest_name_stands_with_its_particles(title: str, names: set[str]):
    assert companies(title) == names


@pytest.mark.parametrize("written", ["Naver", "NAVER", "네이버"])
def test_a_name_is_found_in_each_of_its_spellings(written: str):
    assert companies(f"{written} and Kakao shares rise") >= {"네이버"}


@pytest.mark.parametrize("written", ["SK hynix", "SK Hynix", "SK HYNIX"])
def test_each_spelling_of_a_longer_name_hides_the_shorter_one_in_it(written: str):
    assert companies(f"{written} posts record profit") == {"SK하이닉스"}


@pytest.mark.parametrize(
    ("short", "name"),
    [
        ("SKT", "SK텔레콤"),
        ("LG엔솔", "LG에너지솔루션"),
        ("한전", "한국전력"),
        ("삼전", "삼성전자"),
        ("현대百", "현대백화점"),
        ("두빌", "두산에너빌리티"),
        ("LGU+", "LG유플러스"),
        ("SKB", "SK브로드밴드"),
        ("하나銀", "하나은행"),
        ("케이티스카이라이프", "KT스카이라이프"),
        ("대우조선해양", "한화오션"),
    ],
)
def test_the_names_the_press_uses_lead_to_the_company(short: str, name: str):
    assert companies(f"{short} 2분기 영업이익 늘었다") == {name}


@pytest.mark.parametrize(
    "title",
    [
        "지원 대상 확대하고 신청 기간 늘린다",
        "전방위 수사에 동서 갈등 우려",
        "하나도 남김없이 우리가 지켜야",
        "게임 플레이 영상이 화제",
        "KTX 열차 지연에 LGBT 행사 연기",
        "아프리카 기아 문제 해결 나선 구호단체",
        "현대 미술의 흐름을 보다",
        "유럽 수은주가 40도를 넘었다",
        "중소기업 대상 설명회 열어",
        "굿네이버스 후원의 밤",
        "효성 씨는 어제 귀국했다",
        "나노 소재 개발 성공한 연구진",
    ],
)
def test_everyday_words_are_no_companies(title: str):
    assert companies(title) == set()


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("대상 3분기 영업이익 412억원…12% 증가", {"대상"}),
        ("특징주 이월드 유상증자 소식에 약세", {"이월드"}),
        ("현대·기아 미국서 리콜", {"현대차", "기아"}),
        ("효성(004800) 자사주 매입", {"효성"}),
        ("기아 신형 전기차 출시 행사", {"기아"}),
        ("대상, 김치 수출 늘려 매출 확대", {"대상"}),
        ("미국 증시 주간 정리…SK온-포드 합작공장 가동", {"SK온", "포드"}),
        ("신한·하나·우리은행 금리 인하", {"신한금융", "하나금융", "우리은행"}),
    ],
)
def test_what_stands_beside_an_everyday_word_makes_it_a_company(title: str, names: set[str]):
    assert companies(title) == names


@pytest.mark.parametrize(
    ("title", "teams"),
    [
        ("두산 선발 호투에 LG 꺾고 3연승", {"두산", "LG"}),
        ("프로배구 흥국생명 GS칼텍스 완파", {"흥국생명", "GS칼텍스"}),
        ("여자농구 우리은행 개막전 승리", {"우리은행"}),
        ("한화 이글스 외국인 투수 영입", {"한화"}),
        ("삼성화재 한국전력전 세트스코어 3-1 승리", {"삼성화재", "한국전력"}),
    ],
)
def test_a_team_is_not_the_company(title: str, teams: set[str]):
    recognition = found(title)

    assert recognition.companies == ()
    assert {mention.name for mention in recognition.sports} == teams


def test_a_business_page_of_a_company_with_a_team_is_the_company():
    assert companies("두산 2분기 영업이익 사상 최대…주가 급등") == {"두산"}


def test_an_athletes_sponsor_is_not_what_the_article_is_about():
    assert companies("KLPGA 투어 우승 김선수(24·동부건설) 연장 버디로 역전 우승") == set()


def test_an_affiliate_nobody_lists_is_not_its_group():
    assert companies("LG가상화학연구 소식") <= {"LG"}
    assert companies("한화없는건설 소식") == set()
    assert companies("SK없던건설이 수주했다") <= {"SK"}
    assert companies("GS정보통신 인수전") == set()


def test_a_longer_form_that_means_something_else_hides_the_name():
    assert companies("아마존 열대우림 면적 줄어") == set()
    assert companies("아마존 물류센터 증설") == {"아마존"}


def test_a_slip_is_forgiven_where_the_document_has_the_right_name():
    recognition = found("보스턴 방문", "구 대표는 랩세트럴을 찾았다. 랩센트럴 최고경영자를 만났다.")

    (tag,) = recognition.companies
    assert tag.name == "랩센트럴"
    assert tag.aliases == ("랩세트럴", "랩센트럴")


def test_a_slip_alone_names_nobody():
    assert companies("보스턴 방문", "구 대표는 랩세트럴을 찾았다.") == set()


def test_a_company_certain_in_one_place_lifts_its_doubtful_mentions():
    text = "효성그룹이 조직을 개편한다. 효성은 다음 달 인사를 한다."

    assert [mention.text for tag in found("", text).companies for mention in tag.mentions] == [
        "효성그룹",
        "효성",
    ]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Apple said its shares rose after the quarter.", {"애플"}),
        ("An apple a day keeps the doctor away.", set()),
        ("OpenAI and Anthropic raised billions of dollars.", {"오픈AI", "앤스로픽"}),
        ("The Cleveland DL had five tackles.", set()),
        ("Samsung Electronics' new plant", {"삼성전자"}),
        ("write to jebo@kt.co.kr or www.lg.com", set()),
    ],
)
def test_english_names_mind_case_and_edges(text: str, names: set[str]):
    assert companies("", text) == names


def test_every_mention_says_why():
    (tag,) = found("통신업체 KT, 새 요금제 출시").companies

    assert all(mention.rule for mention in tag.mentions)
    assert 0.5 < tag.confidence <= 1


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("통신업체 KT가 요금제를 냈다", "KT"),
        ("미국의 항암신약 기업 ‘아베오’를 인수했다", "아베오"),
        ("식품업체 대상이 김치를 수출한다", "대상"),
        ("부탄가스 제조사 태양이 증설한다", "태양"),
        ("촉매 전문기업 나노가 공급한다", "나노"),
        ("의료기기 업체 레이가 상장한다", "레이"),
    ],
)
def test_an_apposition_introduces_a_name(title: str, name: str):
    assert companies("", title) == {name}


@pytest.mark.parametrize(
    "title", ["중소기업 대상 설문 결과", "협력업체 대상으로 교육을 열었다", "수출 기업 대상이 늘었다"]
)
def test_a_word_behind_companies_is_no_name_for_that(title: str):
    assert companies("", title) == set()


@pytest.mark.parametrize(
    ("text", "name", "slip"),
    [
        ("랩센트럴을 찾았다. 랩세트럴 관계자를 만났다.", "랩센트럴", "랩세트럴"),
        ("벡터연구소와 협력한다. 백터연구소는 AI를 연구한다.", "벡터연구소", "백터연구소"),
        (
            "셀트리온헬스케어가 밝혔다. 셀트리온헬스게어는 유럽에 판다.",
            "셀트리온헬스케어",
            "셀트리온헬스게어",
        ),
    ],
)
def test_a_slip_of_a_long_name_is_forgiven_near_the_right_one(text: str, name: str, slip: str):
    (tag,) = found("", text).companies

    assert (tag.name, tag.aliases) == (name, (name, slip))


def test_a_slip_alone_is_nobody():
    assert companies("", "랩세트럴 관계자를 만났다.") == set()


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("정보 유출한 페이스북에 벌금", {"메타"}),
        ("페이스북에 역대 최대 과징금 부과", {"메타"}),
        ("박 시장, 페이스북에 글 올려 사과", set()),
        ("김 의원 페이스북에 사진 공개", set()),
    ],
)
def test_where_people_write_is_a_company_only_where_it_is_fined(title: str, names: set[str]):
    assert companies(title) == names


@pytest.mark.parametrize(
    "title",
    [
        "축구스타 혼다 새 팀에서 첫 골",
        "베테랑 공격수 맥도날드 영입한 부산",
        "윤하늘(21·하이트진로)이 버디 4개로 선두에 나섰다",
        "이슬비(24·동부건설·사진)가 시즌 첫 승을 거뒀다",
    ],
)
def test_an_athletes_name_or_sponsor_is_not_the_company(title: str):
    assert companies(title) == set()


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("한국투자증권 대상 1분기 호실적…주가 오를 것", {"한국투자증권", "대상"}),
        ("게시판 KT 축구대표팀 응원 이벤트", {"KT"}),
        ("트위터 올해도 부진…수익 전망 어두워", {"트위터"}),
        ("쿠팡물류센터에 냉방기를 놓기로 했다", {"쿠팡"}),
        ("편의점 CU가 택배비를 내린다", {"BGF리테일"}),
    ],
)
def test_what_a_headline_says_of_a_name_makes_it_the_company(title: str, names: set[str]):
    assert companies(title) == names


def test_a_slump_is_said_of_a_team_as_well():
    assert companies("프로야구 결산, 두산 독주·KIA 부진") == set()
