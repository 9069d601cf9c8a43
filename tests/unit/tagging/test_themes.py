"""Themes: what speaks for one, what silences it, and where the evidence stands."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.tagging import term_syntax, themes, watchlist
from tests.shared import SHARED, needs_shared

SHIPPED = themes.ThemeFinder(watchlist.shipped().themes)
NOBODY: frozenset[str] = frozenset()


def names(title: str, text: str = "", companies: frozenset[str] = NOBODY) -> set[str]:
    return {tag.name for tag in SHIPPED.find(title, text, companies)}


def finder(*terms: tuple[str, float], exclude: tuple[str, ...] = (), **theme: object) -> themes.ThemeFinder:
    listed = [watchlist.Term(text, weight) for text, weight in terms]
    listed += [watchlist.Term(text, 0.0, exclude=True) for text in exclude]
    return themes.ThemeFinder([watchlist.Theme("X", tuple(listed), **theme)])  # type: ignore[arg-type]


def verdict(found: themes.ThemeFinder, title: str, text: str = "") -> themes.Verdict:
    return found.weigh(title, text, NOBODY)[0]


def test_the_shipped_themes_are_the_three_of_the_newsroom():
    assert [theme.name for theme in watchlist.shipped().themes] == ["AI", "Bio", "Cleantech"]


def test_every_firm_that_implies_a_theme_is_on_the_watch_list():
    watched = {company.name for company in watchlist.shipped().companies}
    implied = {name for theme in watchlist.shipped().themes for name in theme.companies}
    assert implied
    assert implied - watched == set()


@pytest.mark.parametrize(
    ("headline", "expected"),
    [
        ("은행 창구에 AI는 어디까지 왔나", {"AI"}),
        ("초거대인공지능연구소가 문을 열었다", {"AI"}),
        ("U우리집AI로 불을 끈다", {"AI"}),
        ("AI반도체 스타트업에 투자", {"AI"}),
        ("The startup builds LLMs for hospitals", {"AI"}),
        ("희귀암 신약 임상 3상 승인", {"Bio"}),
        ("Drugmaker's gene therapy wins FDA approval", {"Bio"}),
        ("수소경제 이행 계획 발표", {"Cleantech"}),
        ("전고체배터리 양산 시점 앞당긴다", {"Cleantech"}),
        ("Offshore wind farms get cheaper", {"Cleantech"}),
        ("AI로 신약 후보 찾는다", {"AI", "Bio"}),
        ("유전자 따라 코로나 위험도가 갈린다", {"Bio"}),
        ("뇌 임플란트로 글을 쓴 환자", {"Bio"}),
        ("투여군에서 위염이 줄었다", {"Bio"}),
        ("합성연료 e퓨얼 공장 착공", {"Cleantech"}),
        ("반도체·배터리 협력 강화하기로", {"Cleantech"}),
    ],
)
def test_a_headline_is_given_its_themes(headline: str, expected: set[str]):
    assert names(headline) == expected


@pytest.mark.parametrize(
    "headline",
    [
        "오리 농장서 AI 의심신고…닭 3만마리 살처분",
        "H7N9형 AI 환자 또 사망",
        "KAIST 새 총장 선출",
        "AIA생명 새 상품 출시",
        "스마트폰 백신 앱인 척하는 악성코드",
        "독감 백신 접종 내일부터 예약",
        "임상우 대사 귀국 인사",
        "예산 제약에 발목 잡힌 복지",
        "향정신성의약품 들여온 일당 검거",
        "신약성서 필사본 공개",
        "신인 포수와 배터리 호흡 맞춘 투수",
        "새 스마트폰 배터리 용량 늘었다",
        "보조배터리 기내 반입 금지",
        "수소폭탄 시험 주장",
        "수소탄 위력 논란",
        "수소문 끝에 만난 은인",
        "과산화수소 탱크 폭발",
        "여수소방서 새 청사",
        "이산화탄소 누출로 두 명 부상",
        "방탄소년단 새 음반",
        "피아니스트의 원전연주 무대",
        "로봇 심판 내년 도입",
        "전기차단기 점검 안내",
        "Total solar eclipse draws crowds",
    ],
)
def test_a_trap_is_not_a_theme(headline: str):
    assert names(headline) == set()


def test_a_headline_without_title_counts_like_one_with():
    for headline in ("AI 스피커 판매 급증", "닭 농장 AI 확산", "배터리 공장 증설", "오늘의 날씨"):
        assert names(headline) == names("", headline)


def test_a_single_word_far_down_a_long_article_is_not_enough():
    filler = "오늘 회의에서는 내년 예산을 두고 긴 논의가 이어졌다. " * 20
    assert names("내년 예산 확정", filler + "AI 이야기도 나왔다.") == set()
    assert names("내년 예산 확정", filler + "AI 이야기도 나왔다. AI 예산은 두 배로 늘었다.") == {"AI"}


def test_avian_flu_in_the_text_silences_the_title_and_says_so():
    flu = next(
        v for v in SHIPPED.weigh("AI 확산에 비상", "가금농장 세 곳에서 나왔다.", NOBODY) if v.name == "AI"
    )
    assert not flu.tagged
    assert [(place.field, place.text) for place in flu.cancelled] == [("title", "AI")]
    assert "가금" in flu.cancelled[0].by


def test_an_exclusion_does_not_reach_a_longer_term():
    found = finder(("배터리", 1), ("전기차 배터리", 1), exclude=("배터리 & 휴대폰",))
    assert verdict(found, "휴대폰 배터리").score == 0
    assert verdict(found, "휴대폰도 전기차 배터리처럼").score == 1


def test_two_terms_do_not_share_a_character():
    assert verdict(finder(("전기차", 1), ("전기차 충전", 1.5)), "전기차 충전").score == 1.5


def test_a_condition_holds_within_its_sentence():
    found = finder(("탄소 + 포집", 1))
    assert verdict(found, "탄소를 포집 장치로 모은다").tagged
    assert not verdict(found, "탄소가 있다. 포집은 없다.").tagged


def test_a_condition_on_the_document_holds_across_fields():
    assert verdict(finder(("탄소 & 포집", 1)), "탄소", "포집").tagged
    assert not verdict(finder(("탄소 & 포집", 1)), "탄소", "모음").tagged


def test_repetition_adds_less_each_time_and_is_capped():
    scores = [verdict(finder(("탄소", 1)), " ".join(["탄소"] * count)).score for count in (1, 2, 3, 9)]
    assert scores == [1, 1.5, 1.75, 1.75]


def test_a_negative_term_speaks_against_and_is_no_evidence():
    outcome = verdict(finder(("탄소", 1), ("골프", -0.5)), "탄소 골프")
    assert outcome.score == 0.5
    assert [place.text for place in outcome.evidence] == ["탄소"]


def test_an_implying_company_helps_but_never_tags_alone():
    found = finder(("충전", 0.6), companies=("한빛전지",))
    company = frozenset({"한빛전지"})
    assert [tag.name for tag in found.find("한빛전지 충전 사업", "", company)] == ["X"]
    assert not found.find("충전 사업", "", NOBODY)
    assert not found.find("한빛전지 주주총회", "", company)
    assert not finder(("충전", 0.6), companies=("한빛전지",), threshold=0.5).find("주주총회", "", company)


def test_the_score_is_the_sum_the_verdict_shows():
    for outcome in SHIPPED.weigh(
        "바이오·AI·배터리 키운다", "전기차와 신약에 AI를 쓴다.", frozenset({"LG화학"})
    ):
        shown = sum(part.points for part in outcome.parts) + outcome.company_points
        assert outcome.score == pytest.approx(shown, abs=0.01)


def split(*terms: tuple[str, float, str]) -> themes.ThemeFinder:
    listed = tuple(watchlist.Term(text, weight, subtheme=subtheme) for text, weight, subtheme in terms)
    return themes.ThemeFinder([watchlist.Theme("X", listed)])


def test_a_theme_says_which_of_its_parts_the_article_is_about():
    found = split(("배터리", 1.0, "batteries"), ("태양광", 1.5, "solar"), ("친환경", 1.0, ""))
    assert verdict(found, "배터리 공장 옆 태양광 발전소, 친환경 단지").subthemes == ("solar", "batteries")
    assert verdict(found, "친환경 단지").subthemes == ()


def test_a_passing_word_does_not_make_an_article_one_of_its_sub_theme():
    found = split(("배터리", 2.0, "batteries"), ("수소", 0.4, "hydrogen"))
    weighed = verdict(found, "배터리 공장", "수소 이야기도 나왔다.")
    assert weighed.subthemes == ("batteries",)


def test_sub_themes_change_no_score():
    plain = finder(("배터리", 1.0), ("수소", 1.0))
    parted = split(("배터리", 1.0, "batteries"), ("수소", 1.0, "hydrogen"))
    for title in ("배터리와 수소", "수소", "없음"):
        assert verdict(plain, title).score == verdict(parted, title).score


def test_a_term_without_which_the_theme_would_drop_out_is_decisive():
    found = finder(("배터리", 0.8), ("클린테크", 0.8), ("친환경", 0.1))
    weighed = verdict(found, "친환경 배터리, 클린테크")
    assert weighed.tagged
    assert {part.term for part in weighed.decisive} == {"배터리", "클린테크"}
    assert verdict(finder(("가나", 1.0), ("다라", 1.0)), "가나 다라").decisive == ()
    assert verdict(found, "배터리").decisive == ()


def test_the_shipped_terms_of_a_part_are_told_apart():
    tags = {tag.name: tag for tag in SHIPPED.find("해상풍력과 태양광 발전 확대", "", NOBODY)}
    assert tags["Cleantech"].subthemes == ("solar", "wind")
    tags = {tag.name: tag for tag in SHIPPED.find("거대언어모델 챗GPT 새 판 공개", "", NOBODY)}
    assert tags["AI"].subthemes == ("language models",)


def test_only_a_term_has_a_sub_theme():
    with pytest.raises(watchlist.WatchlistError, match=r"themes\.tsv:1"):
        watchlist.parse_themes("X\texclude\t가나\t\tbatteries")


def test_a_text_of_nothing_but_terms_is_read_up_to_a_limit():
    outcome = verdict(finder(("수소", 1)), "제목", "수소 " * (themes.MOST_PLACES + 5))
    assert outcome.tagged
    assert len(outcome.evidence) == themes.MOST_PLACES


def test_a_term_of_no_letters_is_refused_by_name():
    with pytest.raises(term_syntax.TermError, match="'--'"):
        finder(("--", 1))


def test_a_term_has_one_condition_at_most():
    with pytest.raises(term_syntax.TermError, match="more than one"):
        finder(("수소 + 차 & 배", 1))


@pytest.mark.parametrize(
    ("term", "text", "found"),
    [
        ("AI", "LG AI", True),
        ("AI", "ai", False),
        ("AI", "KAIST", False),
        ("AI", "ＡＩ 시대", True),
        ("fuel cell", "Fuel cells", True),
        ("fuel cell", "fuel cellar", False),
        ("수소", "수소에서도", True),
        ("수소", "수소차", False),
        ("수소*", "수소차", True),
        ("수소", "여수소방서", False),
        ("*전지", "건전지", True),
        ("인공지능", "초거대인공지능연구소", True),
        ("전고체 배터리", "전고체배터리", True),
        ("풍력 | 조력", "조력", True),
    ],
)
def test_a_word_is_found_where_it_is_a_word(term: str, text: str, found: bool):
    assert bool(finder((term, 1)).find(text, "", NOBODY)) is found


WORDS = [
    "AI",
    "인공지능",
    "닭",
    "수소",
    "수소탄",
    "배터리",
    "류현진",
    "신약",
    "성서",
    "임상",
    "우",
    "는",
    "İ",
    " ",
    ". ",
    "\n",
    "😀",
    "\0",
]
TEXTS = st.one_of(st.text(max_size=80), st.lists(st.sampled_from(WORDS), max_size=25).map("".join))


@given(TEXTS, TEXTS)
def test_offsets_always_cut_out_the_mention(title: str, text: str):
    fields = {"title": title, "text": text}
    for outcome in SHIPPED.weigh(title, text, NOBODY):
        for place in (*outcome.evidence, *outcome.cancelled):
            assert fields[place.field][place.start : place.end] == place.text != ""


@given(TEXTS, TEXTS)
def test_a_tag_has_evidence_and_reaches_the_threshold(title: str, text: str):
    for tag in SHIPPED.find(title, text, frozenset({"LG화학", "셀트리온", "오픈AI"})):
        assert tag.mentions
        assert tag.score >= 1


@given(TEXTS)
def test_one_more_sentence_with_a_term_never_lowers_the_score(text: str):
    found = finder(("수소", 1), ("배터리", 0.6), ("AI", 0.3))
    before, after = verdict(found, "제목", text), verdict(found, "제목", text + "\n수소 배터리")
    assert after.score >= before.score


@given(st.text(max_size=40))
def test_any_term_is_either_read_or_refused_with_a_reason(term: str):
    if all(
        any(char.isalnum() for char in part) for side in re.split(" [+&] ", term) for part in side.split("|")
    ):
        assert all(word.text for word in term_syntax.parse(term).words)
    else:
        with pytest.raises(term_syntax.TermError, match=r"no letters|more than one"):
            term_syntax.parse(term)


@given(st.text(max_size=200))
def test_folding_keeps_every_offset(text: str):
    assert len(term_syntax.fold(text)) == len(text)


@needs_shared
def test_labelled_headlines_are_recognised():
    right = wrong = missed = 0
    for line in (SHARED / "evaluation/tagging/themes.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        got, wanted = names(case["text"]), set(case["themes"])
        right += len(got & wanted)
        wrong += len(got - wanted - set(case["optional"]))
        missed += len(wanted - got)
    assert 2 * right / (2 * right + wrong + missed) >= 0.95


@pytest.mark.parametrize(
    "headline",
    [
        "유전자증폭(PCR) 검사는 내일부터 유료",
        "오랜 임상 경험에서 나온 육아 조언",
        "농업생명과학대학 교수 세 명 위촉",
        "암 진단을 받고 무대를 떠난 배우",
        "백신피해자가족협의회 집회 금지",
        "원전 격납건물의 수소제거설비 점검",
    ],
)
def test_a_word_of_a_theme_in_a_name_or_a_life_is_not_the_theme(headline: str):
    assert names(headline) == set()
