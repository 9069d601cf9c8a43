"""A page to its article: body, regions and facts, whatever markup and encoding it comes in."""

import html
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.pages import blocks, clean, extract
from tests import shared
from tests.unit.pages import samples


def paragraphs_of(page: extract.Page) -> list[str]:
    return page.text.split("\n\n") if page.text else []


def texts(page: extract.Page, kind: str) -> str:
    return "\n".join(region.text for region in page.regions if region.kind == kind)


def test_a_korean_page_gives_its_paragraphs_and_nothing_else():
    page = extract.extract_page(samples.korean_page(), url="https://dawn.example/a/1")

    assert paragraphs_of(page) == list(samples.KOREAN_BODY)


def test_a_korean_page_says_its_title_time_reporter_outlet_and_section():
    page = extract.extract_page(samples.korean_page(), url="https://dawn.example/a/1")

    assert page.title == samples.KOREAN_TITLE
    assert page.published == datetime(2026, 3, 12, 5, 5, tzinfo=UTC)
    assert (page.byline, page.outlet, page.section) == ("김하늘 기자", "새벽일보", "산업")
    assert (page.url, page.language) == ("https://dawn.example/a/1", "ko")


def test_what_is_not_body_stays_in_its_region():
    page = extract.extract_page(samples.korean_page())

    assert "전경. 한빛전자 제공" in texts(page, "caption")
    assert "sky@dawn.example" in texts(page, "byline")
    assert "구독하기" in texts(page, "promotion")
    assert "jebo@dawn.example" in texts(page, "contact")
    assert "무단전재" in texts(page, "copyright")
    assert all(headline in texts(page, "related") for headline in samples.KOREAN_HEADLINES)
    assert "기대됩니다" in texts(page, "comment")
    assert "수율 90% 목표" in texts(page, "subtitle")


def test_every_region_has_a_known_kind():
    page = extract.extract_page(samples.korean_page())

    assert {region.kind for region in page.regions} <= set(clean.KINDS)


def test_lines_parted_by_breaks_are_paragraphs():
    article = "<br><br>".join(html.escape(line) for line in samples.KOREAN_BODY)

    page = extract.extract_page(samples.korean_page(article=article))

    assert paragraphs_of(page) == list(samples.KOREAN_BODY)


def test_an_english_page_gives_its_paragraphs_without_captions_links_and_dialogues():
    page = extract.extract_page(samples.english_page())

    assert paragraphs_of(page) == list(samples.ENGLISH_BODY)
    assert (page.language, page.title) == ("en", samples.ENGLISH_TITLE)
    assert page.byline == "Anna Bell"


def test_a_break_inside_an_english_sentence_does_not_part_it():
    page = extract.extract_page(
        "<html><title>Notes</title><p>The harbour was quiet and<br>nobody was at work there.</p>"
    )

    assert paragraphs_of(page) == ["The harbour was quiet and nobody was at work there."]


def test_teasers_of_other_stories_are_not_the_article_even_when_they_are_longer():
    teaser = '<div class="card"><h3><a href="/x">Other story</a></h3><p>{}</p></div>'
    teasers = "".join(
        teaser.format(
            f"The town of Westholm number {n} will hold its yearly fair in the second week of May, officials said."
        )
        for n in range(12)
    )
    markup = f"<html><head><title>{samples.ENGLISH_TITLE}</title></head><body><div class=content>"
    markup += f"<div>{samples.paragraphs(samples.ENGLISH_BODY)}</div><div>{teasers}</div></div></body></html>"

    assert paragraphs_of(extract.extract_page(markup)) == list(samples.ENGLISH_BODY)


def test_the_text_that_json_ld_states_tells_where_the_article_is():
    stated = {
        "@type": "NewsArticle",
        "articleBody": " ".join(samples.ENGLISH_BODY),
        "datePublished": "2026-05-01T10:00:00+02:00",
    }
    head = f'<script type="application/ld+json">{json.dumps(stated)}</script>'
    aside = (
        "<div>"
        + samples.paragraphs(
            tuple(f"{line} Again and again, {n}." for n, line in enumerate(samples.ENGLISH_BODY * 3))
        )
        + "</div>"
    )
    article = samples.paragraphs(samples.ENGLISH_BODY)
    markup = f"<html><head><title>x</title>{head}</head><body>{aside}<div>{article}</div></body></html>"

    page = extract.extract_page(markup)

    assert paragraphs_of(page) == list(samples.ENGLISH_BODY)
    assert page.published == datetime(2026, 5, 1, 8, 0, tzinfo=UTC)


def test_a_page_that_shows_nothing_is_read_from_the_state_in_its_scripts():
    content = samples.paragraphs(samples.KOREAN_BODY)
    state = json.dumps({"detail": {"deployDt": "2026.03.12 14:05", "contentHtml": content}}).replace(
        "<", "\\u003c"
    )
    markup = f"<html lang=ko><head><title>{samples.KOREAN_TITLE}</title></head><body><div id=root></div>"
    markup += f"<script>window.S = {state};</script></body></html>"

    page = extract.extract_page(markup)

    assert paragraphs_of(page) == list(samples.KOREAN_BODY)
    assert page.published == datetime(2026, 3, 12, 5, 5, tzinfo=UTC)


def test_a_page_that_shows_nothing_is_read_from_json_ld():
    stated = {
        "@context": "https://schema.org",
        "@graph": [{"@type": ["NewsArticle"], "articleBody": "\n".join(samples.ENGLISH_BODY)}],
    }
    script = f'<script type="application/ld+json">{json.dumps(stated)}</script>'
    markup = f"<html><head><title>T</title>{script}</head><body></body></html>"

    assert paragraphs_of(extract.extract_page(markup)) == list(samples.ENGLISH_BODY)


@pytest.mark.parametrize("declared", ["utf-8", "euc-kr", "iso-8859-1", ""])
@pytest.mark.parametrize("real", ["utf-8", "cp949"])
def test_a_wrongly_declared_encoding_is_seen_through(real, declared):
    markup = samples.korean_page().replace('charset="utf-8"', f'charset="{declared}"')

    page = extract.extract_page(
        markup.encode(real), content_type=f"text/html; charset={declared}" if declared else ""
    )

    assert paragraphs_of(page) == list(samples.KOREAN_BODY)


def test_plain_lines_are_an_article_too():
    lines = [samples.KOREAN_TITLE, *samples.KOREAN_BODY, "김하늘 기자 sky@dawn.example"]
    lines += [f"- {headline}" for headline in samples.KOREAN_HEADLINES]

    page = extract.extract_page("\n".join(lines))

    assert (page.title, page.byline) == (samples.KOREAN_TITLE, "김하늘 기자")
    assert paragraphs_of(page) == list(samples.KOREAN_BODY)


def test_a_page_without_an_article_has_an_empty_text():
    page = extract.extract_page(b"")

    assert (page.text, page.title, page.published, page.regions) == ("", "", None, ())


def test_a_page_nested_deeper_than_any_parser_goes_keeps_its_text():
    page = extract.extract_page("<html><body>" + "<div>" * 50_000 + samples.KOREAN_BODY[0])

    assert samples.KOREAN_BODY[0] in page.text


def test_a_tag_of_a_hundred_thousand_attributes_is_dropped_and_the_page_kept():
    attributes = " ".join(f"a{number}=1" for number in range(100_000))

    page = extract.extract_page(samples.korean_page().replace("<body>", f"<body><div {attributes}></div>"))

    assert paragraphs_of(page) == list(samples.KOREAN_BODY)


def test_nothing_that_a_database_refuses_comes_out():
    page = extract.extract_page(samples.korean_page().replace("한빛전자가", "한빛\x00전자가\ud800"))

    assert not set(page.text) & {"\x00", "\ud800"}


SEED = shared.SHARED / "seed" / "article.txt"


def seed_forms() -> list[str]:
    if not SEED.is_file():
        return []
    lines = [html.escape(line.strip()) for line in SEED.read_text(encoding="utf-8").splitlines()]
    body = "".join(f"<p>{line}</p>" for line in lines)
    items = "".join(f"<li><a href=x>{line.removeprefix('- ')}</a></li>" for line in lines[24:])
    return [
        html.unescape("\n".join(lines)),
        body,
        f"<html><head><title>뉴스</title></head><body>{body}</body></html>",
        f"<html><head><title>{lines[0]}</title></head><body><div>{'<br>'.join(lines)}</div></body></html>",
        f"<html><head><title>{lines[0]} | 노컷뉴스</title></head><body><h1>{lines[0]}</h1><article>"
        + "".join(f"<p>{line}</p>" for line in lines[1:24])
        + f"<ul>{items}</ul></article></body></html>",
    ]


@shared.needs_shared
@pytest.mark.parametrize("markup", seed_forms())
def test_the_seed_gives_exactly_its_twelve_paragraphs(markup):
    lines = [line.strip() for line in SEED.read_text(encoding="utf-8").splitlines()]

    page = extract.extract_page(markup.encode())

    assert paragraphs_of(page) == lines[6:18]
    assert page.byline == "장성주 기자"


@shared.needs_shared
def test_no_real_korean_page_is_read_as_empty():
    folder = shared.SHARED / "evaluation" / "pages" / "korean" / "html"
    pages = [extract.extract_page(path.read_bytes()) for path in sorted(folder.glob("*.html"))]

    assert pages
    assert all(len(page.text) > 500 and page.title and page.published and page.byline for page in pages)


MARKUP = st.one_of(
    st.text(max_size=300),
    st.binary(max_size=300),
    st.lists(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<div class='article_body'>",
                "</div>",
                "<br>",
                "<li>",
                "<a href=x>",
                "</a>",
                "<h1>",
                "<table><tr><td>",
                "<script>",
                "</script>",
                "<!--",
                "-->",
                "<title>",
                "&amp;",
                "ⓒ",
                "▶ 구독",
                "그는 말했다. ",
                "- 제목",
                "김철수 기자 a@b.kr",
                "He said so. ",
                "\n",
                "<html>",
                "<span class=caption>",
                "<figure>",
                '"',
                "<meta property=og:title content=x>",
            ]
        ),
        max_size=40,
    ).map("".join),
)


@given(MARKUP)
@settings(max_examples=300, deadline=None)
def test_no_page_raises_and_the_text_is_its_body_regions(markup):
    page = extract.extract_page(markup)

    assert page.text == "\n\n".join(region.text for region in page.regions if region.kind == "body")


PRINTED = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60)


@given(st.lists(PRINTED, min_size=1, max_size=12))
@settings(max_examples=150, deadline=None)
def test_body_paragraphs_are_found_in_the_page(lines):
    markup = (
        "<html><body><div>"
        + "".join(f"<p>{html.escape(line)}</p>" for line in lines)
        + "</div></body></html>"
    )

    shown = blocks.squeeze(" ".join(lines))

    assert all(paragraph in shown for paragraph in paragraphs_of(extract.extract_page(markup)))


def test_a_feed_summary_becomes_plain_paragraphs():
    fragment = "<p>첫 문단&nbsp;입니다.</p><p>둘째 &lt;문단&gt;.</p><ul><li>하나</li><li>둘</li></ul>"
    fragment += "<script>alert(1)</script>"

    assert extract.text_of_html(fragment) == "첫 문단 입니다.\n\n둘째 <문단>.\n\n하나\n\n둘"


def test_plain_text_of_a_feed_is_left_alone():
    assert extract.text_of_html("a < b 그리고\n  c > d") == "a < b 그리고\n  c > d"


def test_entities_of_plain_text_are_read():
    assert extract.text_of_html("R&amp;D &#39;투자&#39;") == "R&D '투자'"


@given(st.text(max_size=200))
@settings(deadline=None)
def test_no_fragment_raises(fragment):
    assert isinstance(extract.text_of_html(fragment), str)
