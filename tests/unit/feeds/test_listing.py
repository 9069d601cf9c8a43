"""A page without a feed becomes entries by the links a selector picks."""

from datetime import UTC, datetime

import hypothesis
import pytest
from hypothesis import strategies

from articles.feeds import listing, parse

URL = "https://www.news.kr/section/economy"
ROWS = """
<html lang="ko"><head><title>경제 - 시험일보</title></head><body>
<nav><ul><li><a href="/politics">정치</a></li><li><a href="/economy">경제</a></li></ul></nav>
<ul class="list">
 <li class="row first"><a href="/a/1"><img src="x.jpg" alt="사진 설명이다"></a>
   <h3 class="tit"><a href="/a/1">첫째 기사의 제목이 여기에 있다</a></h3>
   <p>둘째 줄의 요약이다. 2020.01.01의 일.</p><span class="date">2022.07.28 04:35</span></li>
 <li class="row"><h3 class="tit"><a href="/a/2?utm_source=rss">둘째 기사의 제목이 여기에 있다</a></h3>
   <time datetime="2022-07-28T05:00:00+09:00">세 시간 전</time></li>
 <li class="row"><h3 class="tit">
   <a href="https://other.kr/3">셋째 기사, 2021.01.01의 기록을 다시 보다</a></h3><em>3시간 전</em></li>
</ul>
<aside><a href="/a/9">많이 본 기사의 제목이 여기에 있다</a></aside></body></html>
"""


def read(markup: str, selector: str, **how: str) -> parse.Feed:
    return listing.parse_listing(markup.encode(), url=URL, selector=selector, **how)


def test_picked_links_become_entries_with_absolute_addresses_and_titles():
    feed = read(ROWS, ".list h3 a")
    assert [entry.url for entry in feed.entries] == [
        "https://www.news.kr/a/1",
        "https://www.news.kr/a/2?utm_source=rss",
        "https://other.kr/3",
    ]
    assert [entry.title for entry in feed.entries][:2] == [
        "첫째 기사의 제목이 여기에 있다",
        "둘째 기사의 제목이 여기에 있다",
    ]
    assert (feed.format, feed.title, feed.language) == ("listing", "경제 - 시험일보", "ko")


def test_a_date_beside_the_link_is_the_entrys_time():
    feed = read(ROWS, ".list h3 a")
    assert [entry.published for entry in feed.entries] == [
        datetime(2022, 7, 27, 19, 35, tzinfo=UTC),
        datetime(2022, 7, 27, 20, 0, tzinfo=UTC),
        None,
    ]
    assert feed.problems == ("no date stands beside 1 of 3 links; they are as old as their first sighting",)


def test_a_time_without_a_zone_is_in_the_zone_given():
    feed = read(ROWS, ".list h3 a", time_zone="UTC")
    assert feed.entries[0].published == datetime(2022, 7, 28, 4, 35, tzinfo=UTC)


def test_rows_stand_for_the_link_of_their_title():
    assert read(ROWS, "li.row").entries == read(ROWS, ".list h3 a").entries


def test_links_to_one_page_are_one_entry_with_the_first_text():
    feed = read(ROWS, ".list a")
    assert feed.entries[0].title == "첫째 기사의 제목이 여기에 있다"
    assert len(feed.entries) == 3


def test_a_whole_card_in_a_link_is_named_by_its_heading():
    card = (
        '<a class=card href="/1"><img alt=""><strong class="headline">카드의 제목</strong><p>요약</p>'
        "<span>2022년 7월 28일 오후 4:35</span></a><a class=card href='/2'><h4>다음 카드</h4></a>"
    )
    entries = read(card, "a.card").entries
    assert [entry.title for entry in entries] == ["카드의 제목", "다음 카드"]
    assert entries[0].published == datetime(2022, 7, 28, 7, 35, tzinfo=UTC)
    assert entries[1].published is None


def test_dates_between_links_without_rows_belong_to_the_link_before():
    flat = "".join(
        f"<a href=/{number}>{number}번째 제목이다</a> <i>2022-07-{number} 04:35</i> " for number in (28, 29)
    )
    assert [entry.published and entry.published.day for entry in read(flat, "a").entries] == [27, 28]


def test_the_entrys_id_does_not_change_with_tracking_parameters():
    one, other = read("<a href='/a?id=1&utm_source=x'>제목</a>", "a"), read("<a href='/a?id=1'>제목</a>", "a")
    assert one.entries[0].id == other.entries[0].id


def test_a_base_element_and_a_pages_own_encoding_are_honoured():
    page = (
        '<html><head><base href="https://m.news.kr/x/"><meta charset="euc-kr"></head><a href="1">제목이다</a>'
    )
    feed = listing.parse_listing(page.encode("cp949"), url=URL, selector="a")
    assert (feed.entries[0].url, feed.entries[0].title) == ("https://m.news.kr/x/1", "제목이다")


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "mailto:a@b.kr", "#top", "", "data:text/html,x", "http://["]
)
def test_links_that_lead_to_no_page_are_left_out(address: str):
    page = f'<a href="{address}">제목 하나</a><a href="/1">제목 둘</a>'
    assert [entry.title for entry in read(page, "a").entries] == ["제목 둘"]


def test_a_selector_that_picks_nothing_is_an_error_and_not_an_empty_feed():
    with pytest.raises(parse.UnreadableFeed, match="picks no links"):
        read(ROWS, ".gone a")


@pytest.mark.parametrize(
    "selector",
    ["", "  ", "a[", "a:nth-child(", "::before", "a" * 400, "* " * 40 + "*", "a:hover(", "p::text"],
)
def test_a_selector_that_cannot_be_used_is_refused_with_a_reason(selector: str):
    with pytest.raises(listing.UnusableSelector):
        read(ROWS, selector)


def test_what_is_no_page_is_refused():
    with pytest.raises(parse.UnreadableFeed, match="no web page"):
        listing.parse_listing(b'{"items": []}', url=URL, selector="a")


def test_a_page_of_too_many_elements_is_refused():
    with pytest.raises(parse.UnreadableFeed, match="elements"):
        read("<a href=/1>x</a>" * 70_000, "a")


def test_no_more_than_the_most_entries_are_read():
    feed = read("".join(f"<a href=/{number}>제목 {number}</a>" for number in range(400)), "a")
    assert len(feed.entries) == listing.MOST_ENTRIES
    assert "400 links" in feed.problems[0]


def test_the_list_of_headlines_is_suggested_before_menus():
    rows = "".join(
        f"<li class='item n{number}'><h3 class=tit><a href='/a/{number}'>기사 {number}의 제목은 메뉴보다 길다고"
        " 한다</a></h3></li>"
        for number in range(8)
    )
    menu = "".join(f"<li><a href='/s/{number}'>분야의 이름 {number}</a></li>" for number in range(20))
    page = f"<body><ul class=gnb>{menu}</ul><ul class=news-list>{rows}</ul></body>"
    best = listing.suggest(page.encode(), url=URL)[0]
    assert best.selector == "li.item h3.tit a"
    assert best.count == 8
    assert len(read(page, best.selector).entries) == 8


def test_a_page_without_a_list_has_no_suggestion():
    assert listing.suggest(b"<p>nothing</p>", url=URL) == ()
    assert listing.suggest(b"not a page", url=URL) == ()


@hypothesis.given(strategies.text(max_size=80))
def test_any_selector_is_read_or_refused(selector: str):
    try:
        feed = read(ROWS, selector)
    except parse.UnreadableFeed:
        return
    assert feed.entries


@hypothesis.given(strategies.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes):
    page = b"<a href=/1>" + data + b"</a>"
    try:
        feed = listing.parse_listing(page, url=URL, selector="a")
    except parse.UnreadableFeed:
        return
    assert len(feed.entries) >= 0
    assert all(entry.title and entry.url.startswith("http") for entry in feed.entries)
