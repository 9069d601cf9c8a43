"""Which sentence stands for a story."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from articles.briefing import lines


def source(title: str, text: str, *names: str, pk: int = 1) -> lines.Source:
    found = lines.spans(mark.span() for name in names for mark in re.finditer(re.escape(name), text))
    return lines.Source(pk, title, text, subjects=found, names=found)


def chosen(*sources: lines.Source) -> str:
    line = lines.choose(sources)
    return line.text if line else ""


def test_the_lead_that_names_the_company_and_a_figure_is_chosen():
    text = (
        "가온전지가 구미에 1조2000억원을 들여 배터리 공장을 짓는다고 22일 밝혔다.\n\n"
        "이는 회사가 세운 공장 가운데 가장 크다.\n\n구미시는 인허가를 서두르기로 했다."
    )
    assert chosen(source("가온전지, 구미에 배터리 공장", text, "가온전지")).startswith("가온전지가 구미에")


def test_a_lead_that_only_sets_the_scene_gives_way_to_the_sentence_with_the_facts():
    text = "아침부터 공장 앞이 붐볐다. 가온전지가 3분기 영업이익 4300억원을 거뒀다고 공시했다. 이는 기대를 웃돈다."
    assert chosen(source("가온전지 3분기 영업이익 4300억원", text, "가온전지")).startswith("가온전지가 3분기")


@pytest.mark.parametrize(
    "leaning",
    ["이는", "이에", "그러나", "한편", "또한", "다만", "특히", "앞서", "회사 측은", "관계자는"],
)
def test_a_sentence_that_leans_on_the_one_before_it_is_not_taken(leaning: str):
    text = f"{leaning} 가온전지가 4300억원을 벌었다고 한다. 가온전지는 구미에 공장을 지을 계획이라고 22일 밝혔다."
    assert chosen(source("가온전지 공장", text, "가온전지")).startswith("가온전지는 구미에")


@pytest.mark.parametrize(
    "dateline",
    [
        "(서울=새벽통신) 홍길동 기자 = ",
        "[한빛일보 홍길동 기자] ",
        "【구미=한빛】",
        "홍길동 기자 = ",
        "■ ",
        "[단독] ",
    ],
)
def test_a_dateline_is_left_out_of_the_line(dateline: str):
    text = f"{dateline}가온전지가 구미에 1조2000억원을 들여 공장을 짓는다고 22일 밝혔다."
    line = lines.choose([source("가온전지 구미 공장", text, "가온전지")])
    assert line
    assert line.text.startswith("가온전지가")
    assert text[line.start : line.end] == line.text


def test_english_is_read_too():
    text = (
        "SEOUL, Nov. 22 (Dawn) -- Gaon Battery said Sunday it will spend $1.2 billion on a plant in Gumi. "
        "It would be the company's largest. “We are proud of our people and of everything they have done,” he said."
    )
    line = chosen(source("Gaon Battery to build $1.2 billion plant in Gumi", text, "Gaon Battery"))
    assert line == "Gaon Battery said Sunday it will spend $1.2 billion on a plant in Gumi."


@pytest.mark.parametrize(
    "bad",
    [
        "무단 전재 및 재배포를 금지합니다.",
        "제보는 desk@example.com 으로 보내면 됩니다.",
        "사진=가온전지 제공 구미 공장의 모습이다.",
        "가온전지의 구미 공장 조감도",
        "Subscribe to our newsletter for more on Gaon Battery.",
    ],
)
def test_what_is_no_news_is_never_a_line(bad: str):
    assert chosen(source("가온전지, 구미에 공장", bad, "가온전지")) == "가온전지, 구미에 공장"


def test_without_a_sentence_that_is_good_enough_the_headline_stands():
    line = lines.choose([source("  가온전지, 구미에 공장 ", "")])
    assert line == lines.Line(1, "title", 2, 14, "가온전지, 구미에 공장")
    assert lines.choose([]) is None
    assert lines.choose([source(" ", "")]) is None


def test_the_earlier_article_wins_where_two_say_the_same():
    text = "가온전지가 구미에 1조2000억원을 들여 공장을 짓는다고 22일 밝혔다."
    line = lines.choose([source("가", text, "가온전지", pk=7), source("가", text, "가온전지", pk=8)])
    assert line
    assert line.source == 7


def test_a_sentence_too_long_to_be_read_in_passing_is_not_taken():
    long = "가온전지가 " + "구미와 대구와 부산과 울산과 " * 30 + "공장을 4300억원에 짓는다고 밝혔다."
    assert chosen(source("가온전지 공장", long, "가온전지")) == "가온전지 공장"


TEXTS = st.text(st.sampled_from("가나다.다.\n \"'“”()[]=■$%0123?!aA—-기자이는 "), max_size=400)


@given(
    st.lists(st.tuples(TEXTS, TEXTS), max_size=4), st.lists(st.tuples(st.integers(0, 99), st.integers(1, 9)))
)
@example([("", "(((((((((((((((((((((" * 20)], [])
def test_a_line_is_always_a_part_of_its_article_in_one_line(
    articles: list[tuple[str, str]], spans: list[tuple[int, int]]
):
    named = lines.spans((start, start + length) for start, length in spans)
    sources = [lines.Source(pk, title, text, named, named) for pk, (title, text) in enumerate(articles)]
    line = lines.choose(sources)
    if line is None:
        assert not any(title.strip() for title, _ in articles)
        return
    title, text = articles[line.source]
    whole = title if line.field == "title" else text
    assert whole[line.start : line.end] == line.text
    assert line.text == line.text.strip() != ""
    assert line.field == "title" or "\n" not in line.text


@given(st.text(max_size=3000))
def test_any_text_is_read(text: str):
    assert lines.choose([lines.Source(1, "제목", text)]) is not None
