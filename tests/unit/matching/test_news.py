"""What a told story has to say again."""

import pytest

from alerts.matching import news

TITLE = "한빛배터리, 북미 공장 착공"
FIRST = "한빛배터리는 20일 북미에 배터리 공장을 짓는다고 밝혔다. 투자액은 3조원이다."


def spans(body, word="배터리"):
    return [["text", start, start + len(word)] for start in range(len(body)) if body.startswith(word, start)]


def fact(body, *earlier):
    return news.has_new_fact(
        news.Text(TITLE, body), [news.Text(TITLE, text) for text in (FIRST, *earlier)], spans(body)
    )


def corrected(body, before=FIRST, title=TITLE):
    return news.is_corrected(news.Text(TITLE, before), news.Text(title, body), spans(body))


def test_a_new_figure_about_what_matched_is_a_new_fact():
    assert fact("이 배터리 공장은 2028년 연간 45GWh를 생산한다.")


@pytest.mark.parametrize(
    "body",
    [
        FIRST,
        "배터리 공장을 북미에 짓는다고 한빛배터리가 20일 밝혔다.",
        "업계는 배터리 수요가 살아날 것으로 본다.",
        "같은 날 코스피는 2.4% 올랐다.",
        "",
    ],
)
def test_the_same_in_other_words_and_figures_about_something_else_are_none(body):
    assert not fact(body)


def test_what_another_article_of_the_story_said_is_not_new():
    later = "이 배터리 공장은 2028년 연간 45GWh를 생산한다."
    assert not fact(f"회사에 따르면 {later}", later)


def test_a_text_that_says_it_corrects_is_a_correction():
    assert corrected(FIRST + " [정정보도] 회사 이름을 바로잡습니다.")
    assert not corrected("[정정] " + FIRST + " 더 쓴다.", before="[정정] " + FIRST)


def test_another_figure_where_it_matched_or_in_the_title_is_a_correction():
    assert corrected(FIRST.replace("20일", "21일"))
    assert news.is_corrected(
        news.Text(f"{TITLE}…3조원", FIRST[:20]), news.Text(f"{TITLE}…4조원", FIRST[:20]), []
    )


def test_other_words_and_other_peoples_figures_are_no_correction():
    assert not corrected(FIRST.replace("짓는다고", "건설한다고"))
    assert not corrected(FIRST + " 기온은 3도까지 내려간다.")


def test_a_longer_text_is_no_correction_by_what_it_adds():
    assert not corrected(FIRST + " 이 배터리 공장은 2028년 연간 45GWh를 생산한다.")
    assert not corrected(FIRST + "\n" + "배터리 정정 보도는 따로 있다. " * 20)
