"""What an article adds to a story: sentences cut out of Korean and English text, and told from earlier ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.stories import additions
from articles.stories.additions import Report


def added(sentence: str, *, to: str) -> tuple[str, ...]:
    """What a sentence adds to a report of another one."""
    return additions.additions([Report("", to), Report("", sentence)])[1].sentences


def cut(text: str) -> list[str]:
    return list(additions.sentences(text))


def test_korean_sentences_end_where_their_full_stops_are():
    assert cut("공장을 짓는다. 내년에 연다! 왜 지금인가? 답은 없다") == [
        "공장을 짓는다.",
        "내년에 연다!",
        "왜 지금인가?",
        "답은 없다",
    ]


def test_a_quotation_that_goes_on_is_not_cut_and_one_that_ends_is():
    assert cut("그는 “좋다. 가자.”고 말했다. 그러고는 떠났다.") == [
        "그는 “좋다.",
        "가자.”고 말했다.",
        "그러고는 떠났다.",
    ]
    assert cut('"가자." 그는 떠났다.') == ['"가자."', "그는 떠났다."]


def test_korean_sentences_that_touch_are_parted():
    assert cut("공장을 짓는다.회사는 기뻐했다.") == ["공장을 짓는다.", "회사는 기뻐했다."]


@pytest.mark.parametrize(
    "text",
    [
        "3.1절 행사에 2.5% 늘어난 1.2만명이 왔다.",
        "Mr. Kim met Dr. Lee.",
        "The U.S. market grew by 2.5 percent.",
        "J. R. Kim spoke at 9 a.m. on Monday.",
        "Widget Co. said it will grow.",
        "It opened in Jan. 2026.",
    ],
)
def test_full_stops_inside_a_sentence_do_not_end_it(text: str):
    assert cut(text) == [text]


def test_a_company_at_the_end_ends_its_sentence():
    assert cut("It was bought by Widget Inc. The price is secret.") == [
        "It was bought by Widget Inc.",
        "The price is secret.",
    ]


def test_line_ends_end_sentences_and_blank_lines_are_none():
    assert cut("머리말\n\n첫 문장이다.  \n둘째\n") == ["머리말", "첫 문장이다.", "둘째"]


@given(st.text(alphabet="가다. \n\"“”!?aZ.3U'", max_size=80))
def test_cutting_loses_no_letter(text: str):
    assert "".join("".join(cut(text)).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("LG화학은 24일 공장을 짓는다고 밝혔다.", "24일 LG화학이 공장을 짓는다고 발표했다."),
        ("새 공장은 배터리 소재를 만든다.", "새 공장은 배터리 소재를 만듭니다."),
        ("주민들이 소음을 걱정한다.", "주민은 소음을 걱정한다."),
        (
            "회사는 내년 상반기에 공장에서 양산을 시작할 계획이라고 했다.",
            "회사는 내년 상반기에 양산을 시작할 계획이다.",
        ),
        (
            "The company opened a battery plant in Ohio on Monday.",
            "On Monday the company has opened its battery plant in Ohio.",
        ),
    ],
)
def test_the_same_in_other_words_endings_or_order_was_said(earlier: str, later: str):
    assert added(later, to=earlier) == ()


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("사고로 3명이 다쳤다.", "사고로 5명이 다쳤다."),
        ("매출은 1,200억원이다.", "매출은 1,300억원이다."),
        ("LG화학은 공장을 짓는다고 밝혔다.", "LG화학은 연구소를 닫는다고 밝혔다."),
        (
            "The plant makes cathodes.",
            "The plant makes cathodes, and 400 people will work there from spring.",
        ),
    ],
)
def test_another_figure_or_another_fact_is_new(earlier: str, later: str):
    assert added(later, to=earlier) == (later,)


def test_thousands_are_the_same_with_and_without_a_comma():
    assert added("매출은 1200억원이다.", to="매출은 1,200억원이다.") == ()


def test_each_report_shows_what_nobody_said_before_it():
    first = Report("공장 착공", "LG화학이 구미에 공장을 짓는다. 내년에 문을 연다.")
    copy = Report("[종합] 공장 착공", "LG화학이 구미에 공장을 짓는다. 내년에 문을 연다.")
    rewrite = Report("LG화학 공장", "LG화학은 구미에 공장을 짓는다. 주민들은 소음을 걱정한다.")
    found = additions.additions([first, copy, rewrite])
    assert [one.sentences for one in found] == [
        ("LG화학이 구미에 공장을 짓는다.", "내년에 문을 연다."),
        (),
        ("주민들은 소음을 걱정한다.",),
    ]
    assert [one.repeated for one in found] == [0, 2, 1]


def test_a_figure_named_anywhere_before_is_no_news_in_the_same_sentence():
    reports = [Report("", "공장은 구미에 있다. 직원은 300명이다."), Report("", "공장은 300명 구미에 있다.")]
    assert additions.additions(reports)[1].sentences == ()


def test_a_report_repeats_itself_once_only():
    found = additions.additions([Report("", "그는 부산으로 떠났다.\n그는 부산으로 떠났다.")])
    assert found[0].sentences == ("그는 부산으로 떠났다.",)


def test_an_earlier_title_counts_as_said_and_ones_own_does_not():
    report = Report("배터리 공장 구미에 짓는다", "구미에 배터리 공장을 짓는다.")
    assert additions.additions([report])[0].sentences == ("구미에 배터리 공장을 짓는다.",)
    assert additions.additions([Report(report.title, ""), report])[1] == additions.Addition((), 1)


def test_a_text_that_is_the_title_again_is_no_text():
    report = Report("[속보] 구미에 공장 짓는다", "[속보] 구미에 공장 짓는다.")
    assert additions.additions([report]) == [additions.Addition((), 0)]


def test_a_report_without_text_adds_nothing():
    assert additions.additions([Report("제목", "")]) == [additions.Addition((), 0)]


@given(st.lists(st.text(max_size=60), max_size=5))
def test_what_is_said_twice_is_new_once(texts: list[str]):
    reports = [Report("", text) for text in texts]
    twice = additions.additions(reports + reports)
    assert all(one.sentences == () for one in twice[len(texts) :])
