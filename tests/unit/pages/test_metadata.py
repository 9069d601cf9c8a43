"""What pages state about themselves, in the spellings that occur."""

from datetime import UTC, datetime

import pytest

from articles.pages import blocks, extract, metadata

MOMENTS = [
    ("2023-08-24T11:54:00+09:00", "2023-08-24 02:54"),
    ("2023-08-24T02:54:00Z", "2023-08-24 02:54"),
    ("2025-05-15T20:00:52.000+0900", "2025-05-15 11:00:52"),
    ("2025-05-15 20:00:52 +0900", "2025-05-15 11:00:52"),
    ("2023-08-24 11:54", "2023-08-24 02:54"),
    ("2023.08.24 11:54", "2023-08-24 02:54"),
    ("2023.08.24. 오후 1:05", "2023-08-24 04:05"),
    ("입력 2023-08-24 오전 11:54", "2023-08-24 02:54"),
    ("2023년 8월 24일 (목) 오전 12시 10분", "2023-08-23 15:10"),
    ("2023/08/24 11:54:07", "2023-08-24 02:54:07"),
    ("20230824115407", "2023-08-24 02:54:07"),
    ("2023.08.24(목) 11:54", "2023-08-24 02:54"),
    ("Aug. 24, 2023", "2023-08-23 15:00"),
    ("24 August 2023", "2023-08-23 15:00"),
]


@pytest.mark.parametrize(("text", "expected"), MOMENTS)
def test_a_time_is_read_as_seouls_unless_it_says_otherwise(text, expected):
    assert metadata.parse_moment(text, metadata.SEOUL) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["", "어제", "2023.13.45 11:54", "99999", "1:2:3", "0001-01-01T00:00:00+09:00"]
)
def test_what_is_no_time_is_none(text):
    assert metadata.parse_moment(text, metadata.SEOUL) is None


def page(
    head: str,
    body: str = "<p>한빛전자가 전고체 배터리 시험 생산을 시작했다고 12일 밝혔다.</p>",
    url: str = "",
) -> extract.Page:
    return extract.extract_page(f"<html lang=ko><head>{head}</head><body>{body}</body></html>", url=url)


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("<title>한빛전자 시험 생산 - 새벽일보</title>", "한빛전자 시험 생산"),
        ("<title>한빛전자 시험 생산 | 산업 | 새벽일보</title>", "한빛전자 시험 생산"),
        ("<title>한빛전자 시험 생산 : 네이버 뉴스</title>", "한빛전자 시험 생산"),
        (
            "<title>한빛전자 시험 생산-산업ㅣ새벽일보</title><meta property='og:site_name' content='새벽일보'>",
            "한빛전자 시험 생산",
        ),
        (
            "<title>옛 제목 - 새벽일보</title><meta property='og:title' content='한빛전자 - 시험 생산에 투자'>",
            "한빛전자 - 시험 생산에 투자",
        ),
        ("<title>[단독] K-배터리, 2028년 양산</title>", "[단독] K-배터리, 2028년 양산"),
    ],
)
def test_a_title_is_the_headline_without_section_and_outlet(head, title):
    assert page(head).title == title


def test_a_heading_that_the_title_begins_with_is_the_headline():
    read = page(
        "<title>매출 1조 - 영업이익 2배 - 새벽일보</title>",
        "<h1>매출 1조 - 영업이익 2배</h1><p>한빛전자가 밝혔다.</p>",
    )

    assert read.title == "매출 1조 - 영업이익 2배"


@pytest.mark.parametrize(
    ("head", "byline"),
    [
        ("<meta name=author content='김하늘 기자'>", "김하늘 기자"),
        (
            "<meta name=author content='새벽일보'><meta name='dable:author' content='창원 김하늘 기자 a@b.kr'>",
            "김하늘 기자",
        ),
        (
            "<script type='application/ld+json'>"
            '{"@type":"NewsArticle","author":[{"name":"김하늘"},{"name":"이바다"}]}</script>',
            "김하늘, 이바다",
        ),
        ("<meta property='article:author' content='https://social.example/dawn'>", ""),
    ],
)
def test_a_byline_is_who_wrote_it_not_the_outlet(head, byline):
    outlet = "<meta property='og:site_name' content='새벽일보'>"

    assert page(outlet + head).byline == byline


def test_the_time_of_publication_goes_before_the_time_of_revision():
    body = (
        "<p>수정 2026.03.13 09:00 | 입력 2026.03.12 14:05</p><p>한빛전자가 시험 생산을 시작했다고 밝혔다.</p>"
    )

    assert page("", body).published == datetime(2026, 3, 12, 5, 5, tzinfo=UTC)


def test_the_address_tells_the_day_where_the_page_does_not():
    read = page("<title>가나다 라마바</title>", url="https://dawn.example/2026/03/12/12345")

    assert read.published == datetime(2026, 3, 11, 15, 0, tzinfo=UTC)


def test_numbers_of_an_address_that_are_no_day_are_none():
    assert page("<title>가나다 라마바</title>", url="https://dawn.example/a/20261399").published is None


def test_broken_json_ld_is_passed_over():
    root = blocks.parse(
        "<html><script type='application/ld+json'>{\"@type\": NewsArticle,,}</script><h1>제목입니다</h1></html>"
    )

    assert metadata.facts_of(root).article == {}


GRAPH = (
    '<script type="application/ld+json">{"@graph":[{"@type":"NewsArticle","author":{"@id":"#7"}},'
    '{"@type":"Person","@id":"#7","name":"Anna Bell"}]}</script>'
)


@pytest.mark.parametrize(
    "head",
    [
        GRAPH,
        "<meta name='twitter:label1' content='Written by'><meta name='twitter:data1' content='Anna Bell'>",
        "<a rel='author' href='/bell'>Anna Bell</a>",
        "<span itemprop='author'><b itemprop='name'>Anna Bell</b></span>",
        "<meta name=author content='admin'><p class='byline'>By Anna Bell (bell@courier.example)</p>",
    ],
)
def test_an_author_is_found_however_the_page_marks_it(head):
    read = page("<title>가나다 라마바</title>", f"{head}<p>한빛전자가 시험 생산을 시작했다고 밝혔다.</p>")

    assert [author.name for author in read.authors] == ["Anna Bell"]


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2026/09/02 [10:20]", 1),
        ("2026. 9. 2. 오전 10:20", 1),
        ("2026년 9월 2일 (수) 10시 20분", 1),
        ("2026-09-02T10:20:00+0900", 1),
        ("20260902102000", 1),
        ("Sept. 2, 2026 - 10:20", 1),
        ("2 September 2026, 01:20 GMT", 1),
        ("Wed, 02 Sep 2026 10:20:00 +0900", 1),
        ("September 2, 2026 at 1:20 p.m. KST", 4),
    ],
)
def test_times_of_many_spellings_are_read(text, hour):
    assert metadata.parse_moment(text, metadata.SEOUL) == datetime(2026, 9, 2, hour, 20, tzinfo=UTC)


def test_a_day_that_the_head_states_takes_the_hour_that_the_page_shows():
    head = "<meta property='article:published_time' content='2026-09-02'>"
    body = "<p>입력 2026.09.02 10:20</p><p>한빛전자가 시험 생산을 시작했다고 밝혔다.</p>"

    assert page(head, body).published == datetime(2026, 9, 2, 1, 20, tzinfo=UTC)
