"""Rules that editors write for an outlet's pages: reading them, and what they do to a page."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.pages import clean, extract, rules

PARAGRAPHS = (
    "새벽시는 강변 공원에 자전거 길 12㎞를 새로 놓는다고 20일 밝혔다.",
    "공사는 내년 3월에 시작해 가을에 끝나며 모두 84억 원이 든다고 시는 설명했다.",
    "주민들은 낡은 다리도 함께 고쳐 달라고 요구해 왔고 시의회는 이를 받아들였다.",
)
PAGE = f"""<!doctype html><html lang="ko"><head><meta charset="utf-8"><title>강변에 자전거 길</title>
<meta name="when" content="2026-03-12T09:00:00+09:00"></head><body>
<div class="head"><h1>강변에 자전거 길</h1><span class="who">가람 통신원</span><em class="shelf">마을</em></div>
<div class="x1"><p>{PARAGRAPHS[0]}</p><div class="x2">다리 위에서 본 강과 공원의 오후 모습이다.</div>
<p>{PARAGRAPHS[1]}</p><p>{PARAGRAPHS[2]}</p>
<p>함께 읽는 이야기가 아래에 있으니 살펴보면 좋다.</p><p>호수 마을에 새 도서관이 문을 열었다.</p>
<p><span class="x3">다음 주에 설명회가 열린다.</span></p></div>
<div class="x4"><p>이 글은 다른 마을의 오래된 소식이며 본문이 아니다.</p></div></body></html>"""


def read(text: str, page: str = PAGE) -> extract.Page:
    found, problems = rules.parse(text)
    assert problems == ()
    return extract.extract_page(page, rules=found)


def texts(page: extract.Page, kind: str) -> str:
    return "\n".join(region.text for region in page.regions if region.kind == kind)


def letters(page: extract.Page) -> list[str]:
    return sorted("".join("".join(region.text.split()) for region in page.regions))


def problem(text: str) -> rules.Problem:
    found, problems = rules.parse(text)
    assert len(found) == 0
    assert len(problems) == 1
    return problems[0]


def test_without_rules_a_page_is_read_as_ever():
    assert read("# nothing\n\n").text == extract.extract_page(PAGE).text
    assert read("").rules_used == ()


def test_the_bodys_element_holds_the_article_and_what_is_outside_is_not_body():
    page = read("body: .x4")
    assert page.text == "이 글은 다른 마을의 오래된 소식이며 본문이 아니다."
    assert PARAGRAPHS[0] not in page.text
    assert PARAGRAPHS[0] in "\n".join(region.text for region in page.regions)


def test_a_body_that_a_page_calls_clutter_is_body_if_the_rule_says_so():
    markup = PAGE.replace('<div class="x1">', '<aside class="popup related"><div class="comments" id="here">')
    markup = markup.replace('<div class="x4">', '</aside><div class="x4">')
    page = read("body: #here", markup)
    assert page.text.startswith(PARAGRAPHS[0])
    assert PARAGRAPHS[2] in page.text
    assert "다른 마을의" not in page.text


def test_an_element_is_of_the_kind_that_its_rule_says():
    page = read("caption: .x1 .x2")
    assert texts(page, "caption") == "다리 위에서 본 강과 공원의 오후 모습이다."
    assert "오후 모습" not in page.text
    assert page.rules_used == (1,)


def test_an_inline_element_can_be_named_too():
    page = read("drop: span.x3")
    assert "설명회" not in page.text
    assert "설명회" in texts(page, "notice")


def test_what_is_kept_is_body_whatever_it_is_called():
    markup = PAGE.replace('class="x2"', 'class="related"')
    assert "오후 모습" not in extract.extract_page(markup).text
    assert "오후 모습" in read("keep: .related", markup).text


def test_the_first_rule_that_fits_decides():
    assert "오후" in texts(read("quote: .x2\ncaption: .x2"), "quote")
    assert read("quote: .x2\ncaption: .x2").rules_used == (1,)


@pytest.mark.parametrize(
    "test",
    [
        "contains: 새 도서관",
        "starts with: 호수  마을",
        "ends with: 문을 열었다.",
        "is: 호수 마을에 새 도서관이 문을 열었다.",
        "matches: ^호수.{1,9}도서관",
    ],
)
def test_a_line_is_of_the_kind_that_its_rule_says(test: str):
    page = read(f"related if line {test}")
    assert texts(page, "related").splitlines()[:1] == ["호수 마을에 새 도서관이 문을 열었다."]
    assert "도서관" not in page.text
    assert "살펴보면" in page.text


def test_from_a_line_on_what_was_body_is_no_longer():
    page = read("related from line contains: 함께 읽는")
    assert page.text.endswith(PARAGRAPHS[2])
    assert "도서관" in texts(page, "related")
    assert "설명회" in texts(page, "related")


def test_a_line_that_the_general_rules_take_away_can_be_had_back():
    markup = PAGE.replace("함께 읽는 이야기가 아래에 있으니 살펴보면 좋다.", "무단전재 및 재배포 금지")
    assert "무단전재" not in extract.extract_page(markup).text
    assert "무단전재" in read("body if line contains: 무단전재", markup).text
    assert "무단전재" in read("keep if line contains: 무단전재", markup).text


def test_fields_stand_where_the_rules_say():
    page = read(
        "field title: .shelf\nfield byline: .who\nfield section: em\nfield published: meta[name=when] @content"
    )
    assert (page.title, page.byline, page.section) == ("마을", "가람 통신원", "마을")
    assert page.published == datetime(2026, 3, 12, 0, 0, tzinfo=UTC)


def test_a_field_that_is_not_on_the_page_leaves_the_page_its_own():
    page = read("field title: .nowhere\nfield published: .who\nbody: .nowhere")
    assert page.title == "강변에 자전거 길"
    assert page.text == extract.extract_page(PAGE).text


def test_rules_apply_to_pasted_lines_too():
    found, _ = rules.parse("notice if line contains: 다리도")
    page = extract.extract_page("제목이다\n" + "\n".join(PARAGRAPHS), rules=found)
    assert texts(page, "notice") == PARAGRAPHS[2]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("caption .photo", "no colon"),
        ("caption:", "behind the colon"),
        ("captoin: .photo", "Did you mean “caption”?"),
        ("xyzzy: .photo", "no kind of text"),
        ("caption line: x", "“caption line” is not understood"),
        ("caption if line resembles: x", "contains, starts with"),
        ("field date: .x", "title, published, byline or section"),
        ("caption: .photo[", "can’t be used"),
        ("caption: a:has(b)", ":has()"),
        ("caption: p:contains('a')", "caption if line contains"),
        ("field title: p:contains('a')", "can’t look at text"),
        ("related if line matches: (a", "use contains instead of matches"),
        ("related if line matches: " + "(" * 40 + "a{50}" * 4 + "){99}" * 40, "can’t be read"),
        ("related if line contains: a", "at least two characters"),
        ("caption: " + "a" * 301, "300 characters"),
    ],
)
def test_a_line_that_is_no_rule_says_why_and_how_to_mend_it(text: str, says: str):
    found = problem("# first\n\n" + text)
    assert found.line == 3
    assert says in str(found)


def test_a_line_that_is_no_rule_leaves_the_others_alone():
    found, problems = rules.parse("caption: [\ncaption: .x2")
    assert [each.line for each in problems] == [1]
    assert "오후 모습" in texts(extract.extract_page(PAGE, rules=found), "caption")


def test_too_many_rules_and_too_long_ones_are_refused():
    assert "150 rules" in str(rules.parse("drop: .a\n" * 151)[1][0])
    assert "20,000 characters" in str(problem("# " + "x" * 20_000))


def test_a_pattern_made_to_take_long_does_not():
    found, problems = rules.parse("drop if line matches: (a*)*(a|aa)*(a?){50}b$")
    assert problems == ()
    assert extract.extract_page("제목\n" + "a" * 100_000, rules=found).rules_used == ()


def test_a_position_is_not_asked_for_among_thousands_of_siblings():
    markup = PAGE.replace("</body>", "<i></i>" * 30_000 + "</body>")
    assert read("drop: i:nth-last-of-type(2n)\ndrop: .x2", markup).rules_used == (2,)


def test_rules_made_to_take_long_on_a_page_made_for_it_stop_being_asked():
    markup = PAGE.replace("</body>", "<i class=a>" * 90 + "<b class=a></b>" * 50_000 + "</body>")
    many = "drop: .x2\n" + "\n".join("drop: " + "* " * 14 + f".a{n}" for n in range(140))
    page = read(many, markup)
    assert page.rules_used == (1,)


SELECTORS = st.sampled_from(["p", ".x1", ".x2", "div > p", "span", "body", "*", "p:nth-child(2)", ".no"])
HEADS = st.sampled_from(["body", "keep", "drop", "caption", "related", "title", "lead"])
TESTS = st.sampled_from(
    ["contains: 강", "contains: 이야기", "starts with: 새", "matches: 다\\.$", "is: 마을"]
)
RULES = st.one_of(
    st.builds(lambda head, selector: f"{head}: {selector}", HEADS, SELECTORS),
    st.builds(
        lambda head, word, test: f"{head} {word} line {test}", HEADS, st.sampled_from(["if", "from"]), TESTS
    ),
)


@given(st.lists(RULES, max_size=5))
def test_no_rules_make_a_page_lose_a_letter(drawn: list[str]):
    found, _ = rules.parse("\n".join(drawn))
    page = extract.extract_page(PAGE, rules=found)
    assert letters(page) == letters(extract.extract_page(PAGE))
    assert page.text == clean.body_of(page.regions)
    assert {region.kind for region in page.regions} <= set(clean.KINDS)


@given(st.text(max_size=300))
def test_any_text_is_read_as_rules_or_says_what_is_wrong(text: str):
    found, problems = rules.parse(text)
    assert all(str(each) for each in problems)
    extract.extract_page(PAGE, rules=found)
