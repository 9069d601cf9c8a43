"""The product's own stages, each on the whole sample: what is written is what is read."""

import datetime

import pytest

from articles.feeds import clock, parse
from articles.pages import canonical, extract
from articles.tagging import recognise, watchlist
from newswatch.sample import desk, feeds, newsroom, pages

BASE = "http://127.0.0.1:8990"
START = datetime.datetime(2026, 11, 22, 11, 30, tzinfo=datetime.UTC)
LIBRARY = newsroom.shipped()
FEEDS = [(outlet, feed) for outlet in LIBRARY.outlets.values() for feed in outlet.feeds]


@pytest.fixture(scope="module")
def newsdesk(tmp_path_factory):
    newsdesk = desk.Desk(LIBRARY, tmp_path_factory.mktemp("sample") / "state.json", now=START)
    for _ in newsdesk.held():
        newsdesk.release_next(now=START)
    return newsdesk


@pytest.fixture(scope="module")
def recogniser():
    return recognise.Recogniser(watchlist.shipped())


@pytest.mark.parametrize(("outlet", "feed"), FEEDS, ids=[feed.path for _, feed in FEEDS])
def test_every_entry_is_read_with_its_id_title_address_and_right_time(newsdesk, outlet, feed):
    articles = newsroom.in_feed(feed, newsdesk.of_outlet(outlet.key))
    data = feeds.render(feed, outlet, articles, base_url=BASE)
    found = parse.parse_feed(data, url=BASE + feed.path, time_zone=outlet.time_zone)
    mended = clock.mend_times(found.entries, now=START, time_zone=outlet.time_zone)
    assert not found.problems
    assert mended.wall_clock_as_utc is outlet.wall_clock_as_utc
    assert [(e.id, e.title, canonical.canonical_url(e.url), e.published) for e in mended.entries] == [
        (a.guid, a.title, canonical.canonical_url(BASE + a.address), a.published) for a in articles
    ]


@pytest.mark.parametrize("key", LIBRARY.outlets)
def test_of_every_page_the_text_is_read_and_nothing_around_it(newsdesk, key):
    outlet, articles = LIBRARY.outlets[key], newsdesk.of_outlet(key)
    for article in articles:
        page = pages.article_page(article, outlet, articles, base_url=BASE)
        read = extract.extract_page(page, url=BASE + article.address)
        assert (read.title, read.published) == (article.title, article.published)
        # Whether a correction's note belongs to the text is a matter of taste.
        assert read.text.removeprefix(f"{article.note}\n\n") == "\n\n".join(article.paragraphs)


def test_articles_about_nothing_watched_are_tagged_with_nothing(newsdesk, recogniser):
    quiet = [article for article in newsdesk.articles.values() if not article.watched]
    assert len(quiet) >= 12
    for article in quiet:
        assert tags_of(article, recogniser) == ([], [])


def test_every_other_article_is_tagged_with_a_company_or_a_theme(newsdesk, recogniser):
    for article in newsdesk.articles.values():
        if article.watched:
            companies, themes = tags_of(article, recogniser)
            assert companies or themes, article.guid


def test_the_portal_article_is_tagged_with_its_companies_and_all_three_themes(newsdesk, recogniser):
    companies, themes = tags_of(newsdesk.articles["hanbit-1001"], recogniser)
    assert {"LG", "LG화학", "LG전자", "LG에너지솔루션", "아베오", "다나파버", "벡터연구소"} <= set(companies)
    assert sorted(themes) == ["AI", "Bio", "Cleantech"]
    assert not {"셀트리온", "삼성전자"} & set(companies)


def tags_of(article, recogniser):
    text = "\n\n".join(article.paragraphs)
    found = recogniser.recognise(recognise.Document(article.guid, article.title, text, article.published))
    return [tag.name for tag in found.companies], [tag.name for tag in found.themes]
