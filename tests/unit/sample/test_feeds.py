import datetime
import html
import json

import feedparser
import pytest

from newswatch.sample import desk, feeds, newsroom

BASE = "http://127.0.0.1:8990"
START = datetime.datetime(2026, 11, 22, 11, 30, 17, tzinfo=datetime.UTC)
LIBRARY = newsroom.shipped()
FEEDS = [(outlet, feed) for outlet in LIBRARY.outlets.values() for feed in outlet.feeds]
XML_FEEDS = [pair for pair in FEEDS if pair[1].format != "json"]


@pytest.fixture
def newsdesk(tmp_path):
    return desk.Desk(LIBRARY, tmp_path / "state.json", now=START)


def render(newsdesk, feed, outlet, base_url=BASE):
    articles = newsroom.in_feed(feed, newsdesk.of_outlet(outlet.key))
    return articles, feeds.render(feed, outlet, articles, base_url=base_url)


def feed_at(path):
    return next((outlet, feed) for outlet, feed in FEEDS if feed.path == path)


@pytest.mark.parametrize(("outlet", "feed"), XML_FEEDS, ids=[feed.path for _, feed in XML_FEEDS])
def test_feedparser_reads_every_xml_feed_completely(newsdesk, outlet, feed):
    articles, data = render(newsdesk, feed, outlet)
    parsed = feedparser.parse(data)
    assert not parsed.bozo
    assert parsed.feed.title == feed.title
    assert [entry.title for entry in parsed.entries] == [article.title for article in articles]
    assert [entry.id for entry in parsed.entries] == [article.guid for article in articles]
    assert all(entry.link.startswith(BASE + outlet.home) for entry in parsed.entries)


@pytest.mark.parametrize("path", ["/nuri/feed.json", "/harbor/energy.json"])
def test_a_json_feed_has_what_the_format_asks_for(newsdesk, path):
    outlet, feed = feed_at(path)
    articles, data = render(newsdesk, feed, outlet)
    parsed = json.loads(data)
    assert parsed["version"] == "https://jsonfeed.org/version/1.1"
    assert [item["id"] for item in parsed["items"]] == [article.guid for article in articles]
    assert all(item["content_html"] for item in parsed["items"])


def test_times_are_right_where_the_outlet_writes_them_right(newsdesk):
    outlet, feed = feed_at("/hanbit/rss/all.xml")
    articles, data = render(newsdesk, feed, outlet)
    times = [
        datetime.datetime(*e.published_parsed[:6], tzinfo=datetime.UTC)
        for e in feedparser.parse(data).entries
    ]
    assert times == [article.published for article in articles]


def test_the_outlet_with_the_habit_stamps_its_wall_clock_with_z(newsdesk):
    outlet, feed = feed_at("/nuri/atom.xml")
    articles, data = render(newsdesk, feed, outlet)
    newest = datetime.datetime(*feedparser.parse(data).entries[0].published_parsed[:6], tzinfo=datetime.UTC)
    assert newest == articles[0].published + datetime.timedelta(hours=9)
    assert newest > START


def test_a_feed_in_euc_kr_is_declared_so_and_decodes_strictly(newsdesk):
    for path in ("/saebyeok/rss.xml", "/saebyeok/rdf.xml"):
        outlet, feed = feed_at(path)
        articles, data = render(newsdesk, feed, outlet)
        assert 'encoding="EUC-KR"' in data.decode("euc-kr")
        assert articles[0].title in data.decode("euc-kr")


def test_an_emoji_reaches_readers_of_an_euc_kr_feed(newsdesk):
    newsdesk.publish({"outlet": "saebyeok", "title": "눈사람 ⛄ 소식", "body": "뷁 😀"}, now=START)
    outlet, feed = feed_at("/saebyeok/rss.xml")
    _, data = render(newsdesk, feed, outlet)
    assert html.unescape(feedparser.parse(data).entries[0].title) == "눈사람 ⛄ 소식"


def test_one_article_has_two_addresses_in_two_feeds_that_differ_only_in_utm(newsdesk):
    links = []
    for path in ("/hanbit/rss/all.xml", "/hanbit/rss/industry.xml"):
        outlet, feed = feed_at(path)
        _, data = render(newsdesk, feed, outlet)
        links.append({entry.id: entry.link for entry in feedparser.parse(data).entries})
    assert links[0]["hanbit-1001"] != links[1]["hanbit-1001"]
    assert links[0]["hanbit-1001"].split("?")[0] == links[1]["hanbit-1001"].split("?")[0]


def test_one_outlet_sends_summaries_and_another_whole_texts(newsdesk):
    outlet, feed = feed_at("/hanbit/rss/all.xml")
    entries = feedparser.parse(render(newsdesk, feed, outlet)[1]).entries
    assert not any("content" in entry for entry in entries)
    outlet, feed = feed_at("/harbor/feed.xml")
    articles, data = render(newsdesk, feed, outlet)
    for article, entry in zip(articles, feedparser.parse(data).entries, strict=True):
        assert all(paragraph in entry.content[0].value for paragraph in article.paragraphs)


def test_markup_in_a_headline_stays_text(newsdesk):
    newsdesk.publish({"outlet": "harbor", "title": "1 < 2 & ]]> <b>bold</b>", "body": "x & y"}, now=START)
    outlet, feed = feed_at("/harbor/feed.xml")
    parsed = feedparser.parse(render(newsdesk, feed, outlet)[1])
    assert not parsed.bozo
    assert html.unescape(parsed.entries[0].title) == "1 < 2 & ]]> <b>bold</b>"


def test_a_corrected_article_keeps_its_id_and_has_a_later_update(newsdesk):
    later = START + datetime.timedelta(minutes=7)
    newsdesk.correct("hanbit-1006", now=later)
    newsdesk.correct("tag:northlight.example,2019:511", now=later)
    for path, guid in (
        ("/hanbit/rss/all.xml", "hanbit-1006"),
        ("/northlight/atom.xml", "tag:northlight.example,2019:511"),
    ):
        outlet, feed = feed_at(path)
        parsed = feedparser.parse(render(newsdesk, feed, outlet)[1])
        entry = next(entry for entry in parsed.entries if entry.id == guid)
        assert datetime.datetime(*entry.updated_parsed[:6], tzinfo=datetime.UTC) == later
        assert entry.published_parsed < entry.updated_parsed


def test_the_same_articles_give_the_same_bytes(newsdesk):
    for outlet, feed in FEEDS:
        assert render(newsdesk, feed, outlet)[1] == render(newsdesk, feed, outlet)[1]
