import gzip
from datetime import UTC, datetime

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.feeds import inspect, parse
from tests import shared

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:x="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
     xmlns:atom="http://www.w3.org/2005/Atom">
<channel><title>가나 경제</title><link>https://gana.example.kr/</link><language>ko</language><ttl>30</ttl>
<lastBuildDate>Thu, 28 Jul 2022 05:00:00 +0900</lastBuildDate>
<atom:link rel="hub" href="https://hub.example.org/"/><atom:link rel="self" href="https://gana.example.kr/rss"/>
<item><title>첫 &lt;b&gt;기사&lt;/b&gt; &amp;amp; 더</title><link>https://gana.example.kr/1?a=1&amp;b=2</link>
<guid isPermaLink="false">gana-1</guid><pubDate>2022-07-28 04:35</pubDate><dc:creator>홍길동</dc:creator>
<description><![CDATA[<p>요약 &nbsp;글</p>]]></description><x:encoded><![CDATA[<p>본문</p>]]></x:encoded>
<category>산업</category><category>전지</category></item>
<item><title>둘째 기사</title><link>/2</link><pubDate>Thu, 28 Jul 2022 04:35:00 GMT</pubDate></item>
<item><title>셋째 기사</title><link>https://gana.example.kr/3</link></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en" xml:base="http://ex.example/blog/">
<title type="html">The &lt;i>Blog&lt;/i></title><link href="."/><link rel="self" href="feed.xml"/>
<updated>2022-07-28T00:00:00Z</updated>
<author><name>Ann</name></author>
<entry xml:base="2022/"><id>urn:1</id>
<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">A <em>B</em></div></title>
<link rel="enclosure" href="a.mp3"/><link rel="alternate" type="application/json" href="1.json"/>
<link href="1.html"/>
<published>2022-07-27T19:35:00.500Z</published><updated>2022-07-28T00:00:00Z</updated><category term="ai" label="AI"/>
<summary>1 &lt; 2</summary>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>x &amp; <b>y</b></p></div></content></entry>
<entry><id>http://ex.example/2</id><title type="text">the &lt;b> tag</title><updated>2022-07-28T01:00:00Z</updated>
<author><name>Bob</name></author></entry></feed>"""
MORNING = datetime(2022, 7, 27, 19, 35, tzinfo=UTC)


def read(text, **options):
    return parse.parse_feed(text if isinstance(text, bytes) else text.encode(), **options)


def item(markup, root='<rss version="2.0">'):
    return read(f"{root}<channel><title>t</title><item>{markup}</item></channel></rss>").entries[0]


def test_an_rss_entry_is_read_with_everything_it_says():
    feed = read(RSS)
    assert feed.entries[0] == parse.Entry(
        id="gana-1",
        url="https://gana.example.kr/1?a=1&b=2",
        title="첫 기사 & 더",
        published=MORNING,
        updated=None,
        authors=("홍길동",),
        summary="<p>요약 &nbsp;글</p>",
        content="<p>본문</p>",
        tags=("산업", "전지"),
        stated_zone="naive",
    )


def test_an_rss_feed_is_read_with_everything_it_says():
    feed = read(RSS)
    assert (feed.format, feed.title, feed.language, feed.encoding) == ("rss-2.0", "가나 경제", "ko", "utf-8")
    assert (feed.site_url, feed.hub, feed.ttl_minutes) == (
        "https://gana.example.kr/",
        "https://hub.example.org/",
        30,
    )
    assert (feed.self_url, feed.time_zone) == ("https://gana.example.kr/rss", "Asia/Seoul")
    assert feed.built == datetime(2022, 7, 27, 20, tzinfo=UTC)
    assert feed.problems == ()


def test_an_id_falls_back_on_the_address_and_then_on_the_text():
    assert read(RSS).entries[2].id == "https://gana.example.kr/3"
    first, same, other = (item(f"<description>{text}</description>").id for text in ("가", "가", "나"))
    assert first == same != other


def test_a_guid_is_an_address_unless_it_says_it_is_none():
    assert item("<guid>http://a.example/1</guid>").url == "http://a.example/1"
    assert item("<guid>12345</guid>").url == ""
    assert item("<guid>http://a.example/1</guid><link>http://a.example/2</link>").url == "http://a.example/2"


def test_naive_times_are_in_the_zone_that_is_given_or_that_of_the_language():
    assert read(RSS, time_zone="UTC").entries[0].published == datetime(2022, 7, 28, 4, 35, tzinfo=UTC)
    english = read(
        "<rss><channel><language>en</language><item><pubDate>2022-07-28 04:35</pubDate></item></channel></rss>"
    )
    assert english.entries[0].published == datetime(2022, 7, 28, 4, 35, tzinfo=UTC)


def test_an_unknown_time_zone_is_refused():
    with pytest.raises(ValueError, match="Mars/Olympus"):
        read(RSS, time_zone="Mars/Olympus")


def test_relative_addresses_start_from_where_the_feed_came_from():
    assert read(RSS).entries[1].url == "https://gana.example.kr/2"
    assert read(RSS, url="http://other.example/rss").entries[1].url == "http://other.example/2"


def test_without_knowing_where_a_feed_came_from_only_a_sites_root_is_guessed():
    feed = read(
        "<rss><channel><link>http://a.example/news/</link><item><link>/1</link></item><item><link>2.html</link></item>"
        "</channel></rss>"
    )
    assert [entry.url for entry in feed.entries] == ["http://a.example/1", "2.html"]


def test_addresses_of_other_schemes_are_dropped():
    assert item("<link>javascript:alert(1)</link>").url == ""
    assert item("<link>  https://a.example/x y\n</link>").url == "https://a.example/x%20y"


def test_an_atom_entry_is_read_with_everything_it_says():
    entry = read(ATOM).entries[0]
    assert (entry.id, entry.url, entry.title) == ("urn:1", "http://ex.example/blog/2022/1.html", "A B")
    assert entry.published == MORNING.replace(microsecond=500_000)
    assert entry.updated == datetime(2022, 7, 28, tzinfo=UTC)
    assert (entry.authors, entry.tags) == (("Ann",), ("ai",))
    assert (entry.summary, entry.content) == ("1 &lt; 2", "<p>x &amp; <b>y</b></p>")


def test_an_atom_entry_without_link_and_publication_falls_back_on_its_id_and_update():
    entry = read(ATOM).entries[1]
    assert (entry.url, entry.title, entry.authors) == ("http://ex.example/2", "the <b> tag", ("Bob",))
    assert entry.published == entry.updated == datetime(2022, 7, 28, 1, tzinfo=UTC)


def test_an_atom_feed_is_read_with_everything_it_says():
    feed = read(ATOM)
    assert (feed.format, feed.title, feed.language) == ("atom-1.0", "The Blog", "en")
    assert (feed.site_url, feed.self_url) == ("http://ex.example/blog/", "http://ex.example/blog/feed.xml")


RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="{}"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>t</title><dc:language>ko</dc:language></channel><item rdf:about="http://a.example/1"><title>하나</title>
<link>http://a.example/1#top</link><dc:date>2022-07-28T04:35</dc:date><dc:subject>전지</dc:subject></item></rdf:RDF>"""


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('<rss version="0.91"><channel/></rss>', "rss-0.91"),
        ('<rss version="0.92"><channel/></rss>', "rss-0.92"),
        ("<rss><channel/></rss>", "rss"),
        (RDF.format("http://purl.org/rss/1.0/"), "rss-1.0"),
        (RDF.format("http://my.netscape.com/rdf/simple/0.9/"), "rss-0.90"),
        ('<feed version="0.3" xmlns="http://purl.org/atom/ns#"/>', "atom-0.3"),
        ('<entry xmlns="http://www.w3.org/2005/Atom"><id>1</id></entry>', "atom-1.0"),
        ('{"version": "https://jsonfeed.org/version/1", "items": []}', "json-1.0"),
        ('{"version": "https://jsonfeed.org/version/1.1", "items": []}', "json-1.1"),
        ('<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"/>', "sitemap"),
    ],
)
def test_each_format_is_told_by_name_and_version(text, name):
    assert read(text).format == name


def test_an_rdf_item_is_read():
    entry = read(RDF.format("http://purl.org/rss/1.0/")).entries[0]
    assert (entry.id, entry.url, entry.title) == ("http://a.example/1", "http://a.example/1#top", "하나")
    assert (entry.published, entry.tags) == (MORNING, ("전지",))


def test_a_news_sitemap_is_read():
    feed = read(
        """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
        xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>http://a.example/1</loc><n:news><n:publication>
        <n:name>가나</n:name><n:language>ko</n:language></n:publication>
        <n:title>제목</n:title><n:keywords>전지, AI</n:keywords>
        <n:publication_date>2022-07-28T04:35:00+09:00</n:publication_date></n:news></url></urlset>"""
    )
    entry = feed.entries[0]
    assert (feed.format, feed.language) == ("news-sitemap", "ko")
    assert (entry.url, entry.title, entry.published, entry.tags) == (
        "http://a.example/1",
        "제목",
        MORNING,
        ("전지", "AI"),
    )


def test_a_json_feed_is_read_and_wrong_types_are_passed_over():
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "T",
        "home_page_url": "https://j.example/",
        "feed_url": "https://j.example/feed.json",
        "authors": [{"name": "Ann"}],
        "items": [
            {"id": 7, "url": "/7", "title": "A &amp; B", "content_text": "a<b", "tags": ["x", 3],
             "date_published": "2022-07-28T04:35:00+09:00", "authors": "nobody"},
            "not an object",
            {"id": None, "title": ["no"], "content_html": "<p>x</p>"},
        ],
    }  # fmt: skip
    feed = read(orjson.dumps(document))
    first, second = feed.entries
    assert (first.id, first.url, first.title) == ("7", "https://j.example/7", "A & B")
    assert (first.published, first.authors, first.tags, first.content) == (
        MORNING,
        ("Ann",),
        ("x",),
        "a&lt;b",
    )
    assert (second.title, second.content) == ("", "<p>x</p>")
    assert feed.problems == ("1 items are not objects",)


def test_modules_of_rss_fill_what_the_item_itself_leaves_out():
    entry = item(
        "<media:group><media:title>영상</media:title><media:description>설명</media:description></media:group>"
        "<itunes:author>진행자</itunes:author><dc:date>2022-07-28T04:35:00+09:00</dc:date>",
        root='<rss xmlns:media="http://search.yahoo.com/mrss/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">',
    )
    assert (entry.title, entry.summary, entry.authors, entry.published) == (
        "영상",
        "설명",
        ("진행자",),
        MORNING,
    )


@pytest.mark.parametrize("author", ["a@b.example (홍길동)", "홍길동 (a@b.example)", "홍길동"])
def test_an_author_is_called_by_name(author):
    assert item(f"<author>{author}</author>").authors == ("홍길동",)


def test_markup_that_is_not_escaped_is_kept_as_html():
    entry = item(
        "<title>A <b>bold</b> title</title><description>one<br/>two &amp; <i>three</i></description>"
    )
    assert (entry.title, entry.summary) == ("A bold title", "one<br>two &amp; <i>three</i>")


def test_a_date_that_cannot_be_read_is_a_problem_and_not_a_guess():
    feed = read(
        "<rss><channel><item><title>t</title><pubDate>yesterday, more or less</pubDate></item></channel></rss>"
    )
    assert feed.entries[0].published is None
    assert feed.problems == ("1 dates could not be read, such as 'yesterday, more or less'",)


# --- broken feeds ----------------------------------------------------------------------------------------------


def test_a_truncated_feed_keeps_the_entries_before_the_cut():
    data = RSS.encode()
    feed = read(data[: data.index("셋째".encode()) + 4])
    assert [entry.title for entry in feed.entries] == ["첫 기사 & 더", "둘째 기사"]
    assert any("ends in the middle" in problem for problem in feed.problems)


def test_wherever_a_feed_is_cut_no_address_and_no_title_is_kept_by_half():
    data = RSS.encode()
    whole = read(data)
    urls, titles = {entry.url for entry in whole.entries}, {entry.title for entry in whole.entries}
    for end in range(data.index(b"<channel>") + 9, len(data), 3):
        entries = read(data[:end], url="https://gana.example.kr/rss").entries
        assert {entry.url for entry in entries} <= urls | {""}
        assert {entry.title for entry in entries} <= titles


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ("둘째", "\x08둘\x00째", "2 control characters"),
        ("둘째 ", "둘째&nbsp;", "&nbsp;"),
        ("둘째 기사", "R&D 둘째 기사", "1 bare ampersands"),
        ("둘째", "&#8;둘째", "references to characters XML forbids"),
        ("<item><title>둘째", "<item><p:x>1</p:x><title>둘째", "namespace prefixes that are not declared: p"),
        ("<?xml", "\n\n <?xml", "blank characters"),
        ("<?xml", "<b>Warning</b>: mysql gone<br/>\n<?xml", "text before"),
        ("<item><title>둘째", "<item><description>a<br>b</description><title>둘째", "not well-formed"),
        ("</channel></rss>", "</channel>", "ends in the middle"),
        ("</rss>", "</rss><script>1</script>", "not well-formed"),
        ("<rss", "<!DOCTYPE rss [<!ENTITY a 'b'>]><rss", "document type declaration"),
    ],
)
def test_a_fault_is_named_and_costs_no_entry(before, after, problem):
    feed = read(RSS.replace(before, after, 1))
    assert [entry.url for entry in feed.entries] == [entry.url for entry in read(RSS).entries]
    assert any(problem in found for found in feed.problems)
    assert "둘째 기사" in feed.entries[1].title


def test_a_fault_in_one_entry_leaves_the_ampersands_of_the_others():
    broken = RSS.replace(
        "<item><title>첫", "<item><title>영</title><description>a<br>b</description></item><item><title>첫"
    )
    entry = read(broken).entries[1]
    assert (entry.url, entry.title) == ("https://gana.example.kr/1?a=1&b=2", "첫 기사 & 더")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"hello", "neither XML nor JSON"),
        (bytes(range(256)), "neither XML nor JSON"),
        (b"<!doctype html><html><body>x", "an HTML page"),
        (
            b"<html><head><link rel=alternate type='application/rss+xml' href='/f.xml'>",
            "it names a feed at /f.xml",
        ),
        (b"<opml><body/></opml>", "<opml>"),
        (b'{"a": 1}', "not a JSON Feed"),
        (b'{"items": [', "broken JSON"),
        (
            b"<sitemapindex><sitemap><loc>http://a.example/s.xml</loc></sitemap></sitemapindex>",
            "http://a.example/s.xml",
        ),
    ],
)
def test_what_is_no_feed_is_told_for_what_it_is(data, message):
    with pytest.raises(parse.UnreadableFeed, match=message):
        read(data)


def test_entities_a_feed_declares_are_neither_expanded_nor_loaded():
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    feed = read(
        f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY e0 "lol">{levels}<!ENTITY file SYSTEM "file:///etc/hostname">]>'
        "<rss><channel><item><title>t &e9; &file;</title></item></channel></rss>"
    )
    assert feed.entries[0].title == "t &e9; &file;"


def test_a_feed_beyond_the_size_limit_is_refused(monkeypatch):
    monkeypatch.setattr(parse, "LARGEST_FEED", 100)
    with pytest.raises(parse.UnreadableFeed, match="more than 100"):
        read(b"<rss>" + b" " * 100)


def test_only_so_many_entries_are_read():
    feed = read("<rss><channel>" + "<item><guid>x</guid></item>" * 5100 + "</channel></rss>")
    assert len(feed.entries) == 5000
    assert "5100 entries" in feed.problems[0]


PIECES = st.sampled_from(
    [
        "<rss>", "<channel>", "<item>", "</item>", "<title>", "</title>", "<feed>", "<entry>", "<link href='", "'>",
        "&amp;", "&", "&#0;", "<![CDATA[", "]]>", "<!--", "-->", "<!DOCTYPE x [", "]>", "<?xml version='1.0'?>", "가",
        ">", " ", "\x00", "\ufeff", "xmlns:a='b'", "<a:b>", "</", "{", '"items":[', "]}", "<br>",
        "<pubDate>2022-07-28</pubDate>", "<urlset>", "<url><loc>h</loc>", "<description>", "</description>",
    ]
)  # fmt: skip


@given(st.binary(max_size=400) | st.lists(PIECES, max_size=40).map(lambda pieces: "".join(pieces).encode()))
def test_any_bytes_are_a_feed_or_unreadable(data):
    try:
        entries = parse.parse_feed(data).entries
    except parse.UnreadableFeed:
        entries = ()
    assert all(entry.id for entry in entries)


@given(
    st.binary(max_size=12),
    st.integers(0, len(RSS.encode())),
    st.sampled_from(["", "http://[bad", "::", "http://a.example/rss"]),
)
def test_a_damaged_feed_raises_nothing_else(damage, position, url):
    data = RSS.encode()
    try:
        feed = parse.parse_feed(data[:position] + damage + data[position + len(damage) :], url=url)
    except parse.UnreadableFeed:
        return
    assert "\x00" not in "".join(entry.title + entry.summary + entry.url + entry.id for entry in feed.entries)


# --- what an editor sees ---------------------------------------------------------------------------------------


def test_a_feed_is_described_as_json_with_times_in_utc():
    described = orjson.loads(orjson.dumps(inspect.describe(ATOM.encode())))
    assert list(described) == ["format", "title", "language", "encoding", "problems", "entries"]
    assert described["entries"][0] == {
        "id": "urn:1",
        "url": "http://ex.example/blog/2022/1.html",
        "title": "A B",
        "published": "2022-07-27T19:35:00.500Z",
        "updated": "2022-07-28T00:00:00Z",
        "authors": ["Ann"],
        "summary": "1 &lt; 2",
        "content": "<p>x &amp; <b>y</b></p>",
        "tags": ["ai"],
    }


# --- captures --------------------------------------------------------------------------------------------------


@shared.needs_shared
def test_captured_korean_feeds_are_read_whole_even_the_one_that_is_no_xml():
    broken = []
    for path in sorted((shared.SHARED / "evaluation/feeds/korean-2022").glob("2022*/*.xml")):
        data = path.read_bytes()
        feed = parse.parse_feed(data)
        assert len(feed.entries) == data.count(b"<item>")
        assert all(entry.title and entry.url and entry.published for entry in feed.entries)
        broken += [path.name] if feed.problems else []
    assert len(broken) == 1


def test_elements_in_capitals_mean_the_same():
    text = (
        '<RSS VERSION="2.0"><CHANNEL><TITLE>t</TITLE><ITEM><TITLE>하나</TITLE>'
        '<GUID ISPERMALINK="false">http://a.kr/x</GUID>'
        "<LINK>http://a.kr/1</LINK><PUBDATE>Thu, 28 Jul 2022 04:35:00 +0900</PUBDATE></ITEM></CHANNEL></RSS>"
    )
    feed = parse.parse_feed(text.encode())
    entry = feed.entries[0]
    assert (feed.format, entry.title, entry.url, entry.id) == (
        "rss-2.0",
        "하나",
        "http://a.kr/1",
        "http://a.kr/x",
    )
    assert entry.published == MORNING


def test_texts_in_base64_are_read_where_atom_0_3_allows_them():
    text = (
        '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>t</title><entry><id>1</id>'
        '<title mode="base64">7KCc66qp</title><summary mode="base64">!!</summary></entry></feed>'
    )
    entry = parse.parse_feed(text.encode()).entries[0]
    assert (entry.title, entry.summary) == ("제목", "!!")


ITEM = (
    '<rss version="2.0"><channel><title>t</title>'
    "<item><title>x</title><description>{}</description></item></channel></rss>"
)


@pytest.mark.parametrize(
    ("given", "read_as"),
    [
        ("&amp;lt;p&amp;gt;문단 &amp;amp;amp; 둘&amp;lt;/p&amp;gt;", "<p>문단 &amp; 둘</p>"),
        ("하나&amp;lt;br /&amp;gt;둘", "하나<br />둘"),
    ],
)
def test_html_that_was_escaped_twice_is_html_and_said_so(given, read_as):
    feed = parse.parse_feed(ITEM.format(given).encode())
    assert feed.entries[0].summary == read_as
    assert "1 texts were escaped twice" in feed.problems


@pytest.mark.parametrize(
    "given", ["&lt;p&gt;the &amp;lt;b&amp;gt; tag&lt;/p&gt;", "1 &amp;lt; 2", "the &amp;lt;p&amp;gt; tag"]
)
def test_text_that_speaks_of_tags_stays_as_it_is(given):
    feed = parse.parse_feed(ITEM.format(given).encode())
    assert "&lt;" in feed.entries[0].summary
    assert not feed.problems


def test_a_sitemap_in_a_gzip_file_is_opened_and_a_bomb_is_not():
    text = b"<urlset><url><loc>http://a.kr/1</loc></url></urlset>"
    assert parse.parse_feed(gzip.compress(text)).entries[0].url == "http://a.kr/1"
    for data in (gzip.compress(b" " * (parse.LARGEST_FEED + 1)), b"\x1f\x8brubbish"):
        with pytest.raises(parse.UnreadableFeed):
            parse.parse_feed(data)
