"""Lines to kinds: what a newspaper's page prints around the article, and what only looks like it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.pages import clean
from tests.unit.pages import samples

CLUTTER = {
    "notice": [
        "전체 맥락을 이해하기 위해서는 본문 보기를 권장합니다.",
        "이 글자크기로 변경됩니다.",
        "기사를 음성으로 듣기",
        "댓글 0",
        "입력 2023.08.24 11:54 수정 2023.08.24 12:10",
        "기사입력 : 2023-08-24 오전 11:54",
        "2023.08.24 11:54",
        "#배터리 #전고체",
        "이 기사는 언론사에서 경제 섹션으로 분류했습니다.",
        "$$ADVERT$$",
        "November 18, 2019 - 11:28 AM",
        "Continue reading the main story",
    ],
    "byline": [
        "김하늘 기자 sky@dawn.example",
        "새벽일보 김하늘 기자 sky@dawn.example",
        "[김하늘·이바다 기자]",
        "창원=김하늘 기자",
        "글·사진=김하늘 선임기자 sky@dawn.example",
        "◎새벽통신 sky@dawn.example",
        "김하늘 특파원",
    ],
    "contact": [
        "- 이메일 :jebo@dawn.example",
        "- 카카오톡 :@새벽일보",
        "- 사이트 :https://dawn.example/x",
        "02-1234-5678",
        "제보하기: 새벽일보 앱",
    ],
    "promotion": [
        "▶ 기자와 카톡 채팅하기▶ 새벽일보 영상 구독하기",
        "▶ 네이버에서 새벽일보를 구독하세요",
        "☞ 새벽일보 뉴스레터 받아보기",
        "■ 새벽일보 바로가기",
    ],
    "copyright": [
        "Copyright © 새벽일보. 무단전재 및 재배포 금지.",
        "<저작권자 ⓒ 새벽일보, 무단 전재 및 재배포 금지>",
        "저작권자 © 새벽일보 무단전재 및 AI학습 이용 금지",
        "© 2026 The Courier. All rights reserved.",
    ],
    "caption": [
        "한빛전자 창원 공장 전경. 한빛전자 제공",
        "이도윤 대표가 12일 발표하고 있다. 연합뉴스",
        "[사진=한빛전자]",
        "사진=게티이미지뱅크",
        "▲ 직원들이 배터리를 살피고 있다.",
        "2026년 3월 12일 직원들이 공장을 둘러보고 있다.ⓒ뉴시스",
        "The port in autumn. (Photo by Tom Reed)",
    ],
    "related": [
        "[관련기사]",
        "많이 본 뉴스",
        "☞ 관련기사 : 배터리 값이 오른다",
        "Read more: Port workers vote",
        "이 시각 주요뉴스",
    ],
}


@pytest.mark.parametrize(
    ("kind", "text"), [(kind, text) for kind, texts in CLUTTER.items() for text in texts]
)
def test_a_line_that_is_clutter_by_its_own_words(kind, text):
    assert clean.kind_of(clean.Line(text)) == kind


@pytest.mark.parametrize(
    "text",
    [
        "[서울=새벽통신] 김하늘 기자 = 한빛전자는 시나몬 쿠키를 출시한다고 27일 밝혔다.",
        "역사 교사의 저작물을 무단전재해 손해배상 판결을 받은 집필진이 여전히 활동하는 것으로 나타났다.",
        "그는 “가방을 던져주신 분을 방송사에 제보해주시면 선물을 보내 드리겠다”고 말했다.",
        "스웨터와 액세서리 등 주요 제품에 큐피드 프린트가 더해졌다.",
        "◆숏폼 하나로 판도 흔들어...유튜브·인스타그램 잇따라 진출",
        "이날 한빛전자는 유튜브 채널을 통해 신제품을 공개했다.",
        "2023년 8월 24일부터 시행되는 이 법은 개인정보 보호를 강화한다.",
        "업계에서는 △소재 △장비 △재활용 업체에 영향을 줄 것으로 본다.",
        "- 앞으로의 계획은?",
        "The company placed an advertisement in the newsletter of the city council.",
        "Reuters reported on Tuesday that the plant will open in May.",
        "In 2019 the company was sold to a rival.",
    ],
)
def test_prose_that_only_mentions_such_things_stays_body(text):
    assert clean.kind_of(clean.Line(text)) == ""


def label(*texts: str, title: str = "") -> list[tuple[str, str]]:
    return [
        (region.kind, region.text)
        for region in clean.label([clean.Line(text) for text in texts], titles=[title])
    ]


def kinds(*texts: str, title: str = "") -> list[str]:
    return [kind for kind, _ in label(*texts, title=title)]


BODY = samples.KOREAN_BODY


def test_a_lead_printed_twice_counts_once():
    assert kinds(BODY[0], BODY[1], "이 글자크기로 변경됩니다.", *BODY) == [
        "lead",
        "lead",
        "notice",
        *["body"] * 5,
    ]


def test_a_paragraph_repeated_later_is_a_quote():
    assert kinds(*BODY, BODY[2], BODY[3][:-1] + " 했다.") == [*["body"] * 5, "quote", "body"]


def test_a_summary_cut_off_with_dots_is_the_lead():
    assert kinds(BODY[0][:45] + "...", *BODY)[0] == "lead"


def test_headlines_listed_behind_the_article_are_related():
    headlines = [f"- {headline}" for headline in samples.KOREAN_HEADLINES]

    assert kinds(*BODY, *headlines) == [*["body"] * 5, *["related"] * 3]


def test_headlines_behind_the_signature_are_related_without_any_mark():
    assert kinds(*BODY, "김하늘 기자 sky@dawn.example", *samples.KOREAN_HEADLINES)[-3:] == ["related"] * 3


def test_a_signature_at_the_top_closes_nothing():
    assert kinds("김하늘 기자", *BODY) == ["byline", *["body"] * 5]


def test_questions_of_an_interview_stay_in_the_body():
    lines = ["- 앞으로의 계획은", BODY[1], "- 투자는 어떻게", BODY[2]]

    assert kinds(*lines, BODY[3])[1:] == ["body"] * 4


def test_headlines_under_a_heading_of_related_stories_are_related():
    assert kinds(*BODY[:3], "[관련기사]", *samples.KOREAN_HEADLINES, *BODY[3:]) == [
        *["body"] * 3,
        *["related"] * 4,
        *["body"] * 2,
    ]


def test_the_headline_and_the_lines_under_it_are_title_and_subtitle():
    title = samples.KOREAN_TITLE

    assert kinds(title, "창원에 시험 생산 라인", *BODY, title=title) == ["title", "subtitle", *["body"] * 5]


def test_subheadings_stay_in_the_body():
    assert kinds(*BODY[:2], "안전을 먼저", *BODY[2:]) == ["body"] * 6


def test_a_signature_and_a_copyright_line_behind_the_last_sentence_are_parted_from_it():
    glued = f"{BODY[4]} 김하늘 기자 sky@dawn.example <저작권자 ⓒ 새벽일보, 무단전재 금지>"

    assert label(*BODY[:4], glued)[-3:] == [
        ("body", BODY[4]),
        ("byline", "김하늘 기자 sky@dawn.example"),
        ("copyright", "<저작권자 ⓒ 새벽일보, 무단전재 금지>"),
    ]


def test_polite_words_to_the_reader_stand_out_from_plain_prose():
    assert kinds(*BODY[:3], "이 서비스는 독자의 이해를 돕기 위해 제공됩니다.", *BODY[3:])[3] == "notice"


def test_a_broadcast_in_the_polite_style_keeps_its_sentences():
    lines = [
        "한빛전자가 시험 생산을 시작했습니다.",
        "회사는 뉴스 채널에 이렇게 밝혔습니다.",
        "양산은 2028년이 목표입니다.",
    ]

    assert kinds(*lines) == ["body"] * 3


ANY_LINE = st.one_of(
    st.sampled_from(
        [
            *BODY,
            *samples.ENGLISH_BODY,
            *samples.KOREAN_HEADLINES,
            *(t for each in CLUTTER.values() for t in each),
        ]
    ),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40),
)


@given(st.lists(ANY_LINE, max_size=14))
@settings(deadline=None, max_examples=200)
def test_no_line_is_lost_and_every_kind_is_known(lines):
    regions = clean.label([clean.Line(line) for line in lines])

    assert {region.kind for region in regions} <= set(clean.KINDS)
    assert "".join("".join(region.text for region in regions).split()) == "".join("".join(lines).split())


@given(
    st.lists(st.sampled_from([*BODY, *(text for texts in CLUTTER.values() for text in texts)]), max_size=16)
)
@settings(deadline=None, max_examples=200)
def test_cleaning_the_body_again_changes_nothing(lines):
    once = clean.body_of(clean.label([clean.Line(line) for line in lines]))

    assert clean.body_of(clean.label([clean.Line(line) for line in once.split("\n\n") if line])) == once


PROSE = st.sampled_from(
    [
        "한빛전자가 새 공장을 지었다.",
        "관련 업계는 기대가 크다고 전했다.",
        "관련기사를 더 보려면 누른다.",
        "입력 2023.08.24 11:54 한빛전자가 밝혔다.",
        "구독자만 전문을 볼 수 있다.",
        "▶ 채널을 구독한다.",
        "무단 전재를 금지한다.",
        "이 기사는 유료 회원 전용 기사다.",
        "“한빛전자가 새 공장을 지었다.",
        "Hanbit Electronics opened a plant.",
        "“hanbit electronics opened a plant.",
        "• Hanbit Electronics opened a plant.",
        "Photo by a reader of the paper.",
        "Subscribe to continue reading.",
        "Jane Doe is a reporter.",
        "Published on Aug 24, 2023 by the desk.",
        "You deserved all rights reserved.",
        "It said more..",
    ]
) | st.one_of(
    st.text('가나 다관련입력"“.다', max_size=20).map(lambda text: f"{text.strip()}였다."),
    st.text('aB (photo)1-•"“.', max_size=20).map(lambda text: f"{text.strip()}ed."),
)
TITLES = st.sampled_from(
    ["", "한빛전자 새 공장", "한빛전자가 새 공장을 지었다", "hanbit Electronics opened a plant"]
)


@given(st.lists(PROSE, min_size=1, max_size=6), TITLES)
def test_what_is_told_at_once_to_be_news_is_labelled_body(texts, title):
    if clean.are_all_news(texts, titles=[title]):
        regions = clean.label([clean.Line(text) for text in texts], titles=[title])
        assert regions == tuple(clean.Region("body", text) for text in texts)


def test_plain_paragraphs_are_told_at_once_to_be_news():
    assert clean.are_all_news(["한빛전자가 공장을 지었다.", "한빛전자가 관련 업무를 맡는다."])
    assert not clean.are_all_news(["한빛전자가 공장을 지었다.", "“한빛전자가 공장을 지었다."])
    assert clean.are_all_news(["Hanbit Electronics opened a plant.", "It “will grow”, the firm said."])
    assert not clean.are_all_news(
        ["Hanbit Electronics opened a plant."], titles=["HANBIT Electronics opened a plant"]
    )
