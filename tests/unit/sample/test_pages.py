import datetime
import json
import re

import pytest

from newswatch.sample import desk, newsroom, pages

BASE = "http://127.0.0.1:8990"
START = datetime.datetime(2026, 11, 22, 11, 30, tzinfo=datetime.UTC)
LIBRARY = newsroom.shipped()


@pytest.fixture
def newsdesk(tmp_path):
    return desk.Desk(LIBRARY, tmp_path / "state.json", now=START)


def page_of(newsdesk, guid):
    article = newsdesk.articles[guid]
    outlet = LIBRARY.outlets[article.outlet]
    page = pages.article_page(article, outlet, newsdesk.of_outlet(outlet.key), base_url=BASE)
    return article, page.decode(outlet.encoding)


def test_every_page_says_that_it_is_a_sample_to_people_and_machines(newsdesk):
    for guid in newsdesk.articles:
        article, page = page_of(newsdesk, guid)
        korean = LIBRARY.outlets[article.outlet].language == "ko"
        assert ("예시 글" if korean else "Sample text") in page
        assert '<meta name="sample-data"' in page


def test_every_page_has_the_clutter_of_real_ones(newsdesk):
    for guid in newsdesk.articles:
        _, page = page_of(newsdesk, guid)
        for piece in (
            "<nav>",
            'class="share"',
            'class="most-read"',
            'class="copyright"',
            "<footer>",
            "og:title",
        ):
            assert piece in page


def test_the_portal_article_prints_its_lead_twice(newsdesk):
    article, page = page_of(newsdesk, "hanbit-1001")
    lead = article.paragraphs[0]
    assert page.count(f"<p>{lead}</p>") == 2
    assert all(line in page for line in article.clutter.headlines if '"' not in line)


def test_related_headlines_are_of_older_articles_so_that_a_page_stays_as_it_is(newsdesk):
    _, before = page_of(newsdesk, "hanbit-1005")
    newsdesk.publish({"outlet": "hanbit", "title": "새 기사", "body": "본문"}, now=START)
    _, after = page_of(newsdesk, "hanbit-1005")
    assert 'class="related"' in before
    assert before == after


def test_json_ld_states_when_the_article_was_published(newsdesk):
    article, page = page_of(newsdesk, "hanbit-1002")
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page)[1])
    assert datetime.datetime.fromisoformat(data["datePublished"]) == article.published
    assert data["headline"] == article.title


def test_a_corrected_page_says_so(newsdesk):
    newsdesk.correct("hanbit-1006", now=START)
    article, page = page_of(newsdesk, "hanbit-1006")
    assert article.note in page
    assert "수정 <time" in page


def test_what_a_visitor_typed_can_not_become_markup(newsdesk):
    evil = '</script><script>alert(1)</script>"><img src=x>'
    guid = newsdesk.publish({"title": evil, "body": evil, "byline": evil}, now=START).guid
    _, page = page_of(newsdesk, guid)
    start = pages.start_page(LIBRARY.outlets.values(), with_form=True, message=pages.refused_message(evil))
    for text in (page, start.decode(), pages.published_message(newsdesk.articles[guid])):
        assert "<script>alert" not in text
        assert "<img src=x" not in text


def test_the_start_page_lists_every_feed_and_offers_the_form_only_where_it_works():
    outlets = LIBRARY.outlets.values()
    page = pages.start_page(outlets, with_form=True).decode()
    assert all(feed.path in page for outlet in outlets for feed in outlet.feeds)
    assert 'action="/publish"' in page
    assert "<form" not in pages.start_page(outlets, with_form=False).decode()
