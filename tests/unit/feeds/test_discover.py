"""Where a site's feeds may be."""

import urllib.parse

import hypothesis
import pytest
from hypothesis import strategies

from articles.feeds import discover

URL = "https://www.news.kr/economy/"
PAGE = """
<html><head><title>시험일보</title>
<link rel="alternate" type="application/rss+xml" title="시험일보 &amp; 전체" href="/rss/all.xml">
<link rel="alternate" type="application/atom+xml; charset=utf-8" href="https://feeds.news.kr/atom">
<link rel="alternate" type="application/json+oembed" href="/oembed?x">
<link rel="alternate" type="application/json" href="/wp-json/posts/1">
<link rel="alternate" type="application/feed+json" href="feed.json">
<link rel="alternate" hreflang="en" href="/en/">
<link rel="stylesheet" type="text/css" href="/feed.css"></head>
<body><a href="/service/rss">RSS 안내</a><a href="/rss/all.xml#top">전체</a><a href="feed:https://x.kr/r">구독 피드</a>
<a href="/article/1">다른 기사</a><a href="javascript:rss()">RSS</a></body></html>
"""


@pytest.mark.parametrize(
    ("pasted", "address"),
    [
        ("www.news.kr", "https://www.news.kr"),
        (" https://www.news.kr/rss?a=1#top \n", "https://www.news.kr/rss?a=1"),
        ("feed://news.kr/rss", "https://news.kr/rss"),
        ("feed:https://news.kr/rss", "https://news.kr/rss"),
        ("FEED:http://news.kr/rss", "http://news.kr/rss"),
        ("//news.kr/rss", "https://news.kr/rss"),
        ("news.kr:8080/rss", "https://news.kr:8080/rss"),
        ("localhost:8000", "https://localhost:8000"),
        ("HTTP://News.kr/A", "http://News.kr/A"),
        ("한국신문.kr/rss", "https://한국신문.kr/rss"),
        ("http://[::1]:80/x", "http://[::1]:80/x"),
    ],
)
def test_what_people_paste_becomes_an_address(pasted: str, address: str):
    assert discover.address(pasted) == address


@pytest.mark.parametrize(
    "pasted", ["", "   ", "javascript:alert(1)", "file:///etc/passwd", "연합뉴스", "ftp://x.kr/a", "http://", "http://[",
               "http://x.kr:99999/", "a" * 2000 + ".kr"]
)  # fmt: skip
def test_what_is_no_address_is_refused_with_a_reason(pasted: str):
    with pytest.raises(discover.NotAnAddress):
        discover.address(pasted)


def test_feeds_that_a_page_names_come_before_links_that_look_like_feeds():
    places = discover.named(PAGE.encode(), url=URL)
    assert [(place.url, place.why) for place in places] == [
        ("https://www.news.kr/rss/all.xml", "named"),
        ("https://feeds.news.kr/atom", "named"),
        ("https://www.news.kr/economy/feed.json", "named"),
        ("https://www.news.kr/service/rss", "linked"),
        ("https://x.kr/r", "linked"),
    ]
    assert places[0].title == "시험일보 & 전체"


def test_a_page_that_names_thousands_of_feeds_gives_few():
    page = "".join(f'<link rel=alternate type="application/rss+xml" href="/{n}">' for n in range(3000))
    assert len(discover.named(page.encode(), url=URL)) == discover.MOST_NAMED


def test_what_is_no_page_names_nothing():
    assert discover.named(b"plain text", url=URL) == ()
    assert discover.named(b"", url=URL) == ()


def test_usual_places_are_below_the_section_and_at_the_root():
    urls = [place.url for place in discover.usual("https://www.news.kr/economy?page=2")]
    assert urls[0] == "https://www.news.kr/economy/feed"
    assert "https://www.news.kr/rss/allArticle.xml" in urls
    assert len(urls) == len(set(urls))
    assert "https://www.news.kr/economy/feed" not in [p.url for p in discover.usual("https://www.news.kr")]


def test_sitemaps_of_news_come_first():
    robots = b"User-agent: *\nDisallow: /x\nSitemap: /sitemap.xml\n sitemap:https://www.news.kr/sitemap-news.xml\nSitemap:\n"
    assert [place.url for place in discover.sitemaps(robots, url=discover.robots_of(URL))] == [
        "https://www.news.kr/sitemap-news.xml",
        "https://www.news.kr/sitemap.xml",
    ]


def test_an_index_of_sitemaps_leads_to_those_of_news():
    index = (
        b"<?xml version='1.0'?><sitemapindex><sitemap><loc>https://a.kr/pages.xml</loc></sitemap>"
        b"<sitemap><loc> https://a.kr/news.xml </loc></sitemap></sitemapindex>"
    )
    assert [place.url for place in discover.news_sitemaps(index, url="https://a.kr/sitemap.xml")] == [
        "https://a.kr/news.xml"
    ]
    assert discover.news_sitemaps(b"<urlset></urlset>", url="https://a.kr/") == ()


def test_google_news_searches_for_the_exact_words_in_an_edition():
    url = discover.google_news('LG "화학"', language="ko")
    query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))
    assert query == {"q": '"LG 화학" when:7d', "hl": "ko", "gl": "KR", "ceid": "KR:ko"}
    assert discover.google_news("LG Chem", language="en").endswith("&hl=en-US&gl=US&ceid=US:en")
    assert discover.is_google_news(url)
    assert not discover.is_google_news("https://google.com/rss")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("http://www.news.kr/rss/", "https://news.kr/rss", True),
        ("https://news.kr:443/rss#x", "https://NEWS.kr/rss", True),
        ("https://news.kr/rss?s=1", "https://news.kr/rss?s=2", False),
        ("https://news.kr:8080/rss", "https://news.kr/rss", False),
        ("https://m.news.kr/rss", "https://news.kr/rss", False),
    ],
)
def test_spellings_of_one_feeds_address_share_a_key(one: str, other: str, same: bool):
    assert (discover.feed_key(one) == discover.feed_key(other)) is same


@hypothesis.given(strategies.text(max_size=60))
def test_any_text_is_an_address_or_refused(pasted: str):
    try:
        address = discover.address(pasted)
    except discover.NotAnAddress:
        return
    assert address.startswith(("http://", "https://"))
    assert discover.address(address) == address
    assert all(place.url.startswith("http") for place in discover.usual(address))


@hypothesis.given(strategies.binary(max_size=200))
def test_any_bytes_name_addresses_of_the_web_or_none(data: bytes):
    page = b"<link rel=alternate type=application/rss+xml href='" + data + b"'><a href=" + data + b">RSS</a>"
    places = [*discover.named(page, url=URL), *discover.sitemaps(b"Sitemap: " + data, url=URL)]
    assert all(place.url.startswith(("http://", "https://")) for place in places)
