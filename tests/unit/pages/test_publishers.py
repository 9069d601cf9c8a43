"""Pages in the shapes that Korean publishing systems give them: the body alone, the rest by kind, and the facts."""

import html
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.pages import blocks, extract
from tests.unit.pages import publishers, samples

SAMPLES = [pytest.param(sample, id=sample.name) for sample in publishers.SAMPLES]


def read(sample: publishers.Sample) -> extract.Page:
    return extract.extract_page(sample.markup, url=sample.url)


@pytest.mark.parametrize("sample", SAMPLES)
def test_the_body_is_the_articles_paragraphs_and_nothing_else(sample):
    assert read(sample).text.split("\n\n") == list(sample.body)


@pytest.mark.parametrize("sample", SAMPLES)
def test_what_else_the_page_holds_stands_in_its_kind_of_region(sample):
    page = read(sample)
    texts = {kind: "\n".join(one.text for one in page.regions if one.kind == kind) for kind in sample.regions}

    assert [
        (kind, text) for kind, held in sample.regions.items() for text in held if text not in texts[kind]
    ] == []


@pytest.mark.parametrize("sample", SAMPLES)
def test_title_times_and_outlet_come_out_as_fields(sample):
    page = read(sample)

    assert page.title == sample.title
    assert (page.published, page.changed) == (sample.published, sample.changed)
    assert page.outlet == (sample.outlet or page.outlet)
    assert page.section == (sample.section or page.section)
    assert page.language == "ko"


@pytest.mark.parametrize("sample", SAMPLES)
def test_authors_come_out_with_their_addresses(sample):
    page = read(sample)

    assert tuple((author.name, author.address) for author in page.authors) == sample.authors
    assert all(name in page.byline for name, _ in sample.authors)


@pytest.mark.parametrize("sample", SAMPLES)
def test_every_line_of_the_page_falls_in_one_region(sample):
    root = blocks.parse(sample.markup)
    shown = "".join(block.text for block in blocks.blocks_of(root))

    assert letters("".join(region.text for region in read(sample).regions)) == letters(shown)


def letters(text: str) -> Counter[str]:
    return Counter("".join(text.split()))


KINDS = ["", "article_body", "caption", "related", "byline", "ad_wrap", "comment", "copyright", "date", "tit"]
TEXTS = [*publishers.BODY, *publishers.OTHERS, *samples.ENGLISH_BODY, "서가온 기자 gaon@a.example", "광고"]
LINE = st.builds(
    lambda tag, kind, text: f'<{tag} class="{kind}">{html.escape(text)}</{tag}>',
    st.sampled_from(["p", "div", "li", "span", "em", "h2", "td", "figcaption", "blockquote"]),
    st.sampled_from(KINDS),
    st.sampled_from(TEXTS) | st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30),
)
BOX = st.builds(
    lambda kind, lines: f'<div class="{kind}">{"".join(lines)}</div>',
    st.sampled_from(KINDS),
    st.lists(LINE, max_size=6),
)


@given(st.lists(BOX, min_size=1, max_size=6))
@settings(max_examples=150)
def test_no_line_of_any_page_is_lost_or_doubled(boxes):
    markup = f"<html><head><title>{publishers.TITLE}</title></head><body>{''.join(boxes)}</body></html>"
    root = blocks.parse(markup)
    shown = "".join(block.text for block in blocks.blocks_of(root))

    regions = extract.extract_page(markup).regions

    assert letters("".join(region.text for region in regions)) == letters(shown)


def article_page(body: str, **fields: str) -> extract.Page:
    return extract.extract_page(publishers.document(f"<h1>{publishers.TITLE}</h1>{body}", **fields))


def test_comments_in_boxes_without_names_are_not_the_article_even_when_they_are_longer():
    remark = "<div><b>독자{0}</b><p>{0}번째 의견입니다. 조선업이 이렇게 살아날 줄은 몰랐습니다.</p></div>"
    remarks = "".join(remark.format(number) for number in range(30))

    page = article_page(f"<div>{publishers.ps(publishers.BODY)}</div><div>{remarks}</div>")

    assert page.text.split("\n\n") == list(publishers.BODY)


def test_headlines_with_the_beginnings_of_other_stories_are_not_the_article():
    teaser = "<dl><dt><a href=/x>{0}</a></dt><dd>{0}. 그 까닭을 들여다본 기사의 앞부분이 여기에 이어진다.</dd></dl>"
    teasers = "".join(teaser.format(f"{number}. {line}") for number in range(3) for line in publishers.OTHERS)

    page = article_page(f"<div>{publishers.ps(publishers.BODY[:3])}</div><div>{teasers}</div>")

    assert page.text.split("\n\n") == list(publishers.BODY[:3])


def test_a_paragraph_that_is_a_link_to_another_story_is_related_whatever_it_ends_with():
    link = f'<p><a href="/v">{publishers.OTHERS[3]}</a></p>'
    before, after = publishers.ps(publishers.BODY[:3]), publishers.ps(publishers.BODY[3:])

    page = article_page(f'<div class="news_text">{before}{link}{after}</div>')

    assert page.text.split("\n\n") == list(publishers.BODY)


def test_a_korean_outlet_in_english_prints_its_times_as_they_are_in_seoul():
    body = f"{samples.paragraphs(samples.ENGLISH_BODY)}<p>By Seo Ga-on (gaon@field.example)</p>"
    markup = publishers.document(
        f"<h1>{samples.ENGLISH_TITLE}</h1><p>Published : Sept. 2, 2026 - 10:20</p><div>{body}</div>",
        opening='<html lang="en">',
        title=samples.ENGLISH_TITLE,
    )

    page = extract.extract_page(markup, url="https://www.field.co.kr/view/1")

    assert page.text.split("\n\n") == list(samples.ENGLISH_BODY)
    assert page.published == publishers.AT
    assert [(author.name, author.address) for author in page.authors] == [("Seo Ga-on", "gaon@field.example")]


def test_of_the_makers_of_a_report_the_one_who_went_there_is_its_author():
    page = article_page(
        f"<div>{publishers.ps(publishers.BODY)}<p>(취재 : 서가온, 영상편집 : 고운들)</p></div>"
    )

    assert page.byline == "서가온 기자"
    assert page.text.split("\n\n") == list(publishers.BODY)
