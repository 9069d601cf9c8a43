"""A source's page and the ledger's look-up: what they say, whom they let act, and how many queries they take."""

import datetime

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from articles import decide, models
from articles.pages import canonical
from newswatch.accounts import roles
from tests import factories

pytestmark = pytest.mark.django_db

HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)


@pytest.fixture
def analyst():
    client = Client()
    client.force_login(factories.person("reader", language="en"))
    return client


@pytest.fixture
def editor():
    roles.ensure_roles()
    person = factories.person("editor", is_staff=True, language="en")
    person.groups.add(*person.groups.model.objects.filter(name=roles.EDITORS))
    client = Client()
    client.force_login(person)
    return client


def show(client, path):
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def entry(feed, title="제목", *, url="https://news.example/1", key="g1", at=None, **fields):
    """An entry as the store writes it; of an article unless it is rejected or failed."""
    at = at or timezone.now() - HOUR
    values = {"fate": "stored", "content_at": at, "first_seen_at": at, **fields}
    if values["fate"] not in ("rejected", "failed") and "article" not in values:
        identity = decide.digest("url", canonical.canonical_url(url))
        values["article"] = factories.article(
            title, of=feed, url=url, identity=identity, published_at=at, first_seen_at=at
        )
    return models.Appearance.objects.create(
        source=feed, entry_key=decide.digest("id", key), entry_id=key, url=url, title=title, **values
    )


def test_a_sources_page_tells_how_it_is_doing(analyst):
    now = timezone.now()
    feed = factories.source(
        title="경제면",
        last_success_at=now - 2 * HOUR,
        next_poll_at=now + HOUR,
        about={"title": "시험 신문 경제", "format": "rss-2.0", "site": "https://news.example/"},
    )
    entry(feed, "첫 기사")
    models.Poll.objects.create(source=feed, at=now, outcome="stored", status=200, new=1, elapsed_ms=1234)
    page = show(analyst, f"/sources/{feed.pk}/")
    for text in ("경제면", "2 hours ago", "시험 신문 경제", "rss-2.0", "첫 기사", "1,234 ms", "Last polls"):
        assert text in page


def test_a_streak_of_failures_is_told_in_words_with_its_beginning(analyst):
    now = timezone.now()
    feed = factories.source(
        last_success_at=now - 5 * HOUR, failures=2, last_error="the server answered 503", last_polled_at=now
    )
    for ago, outcome in ((5, "stored"), (3, "failed"), (1, "failed")):
        models.Poll.objects.create(source=feed, at=now - HOUR * ago, outcome=outcome)
    page = show(analyst, f"/sources/{feed.pk}/")
    assert "2 failed polls in a row." in page
    assert "the server answered 503" in page
    assert f"since {timezone.localtime(now - 3 * HOUR):%Y-%m-%d} " in page


def test_a_day_on_which_something_was_expected_is_marked_as_a_gap(analyst):
    feed = factories.source(last_success_at=timezone.now())
    noon = timezone.localtime().replace(hour=12, minute=0)
    for number in range(1, 40):
        if number != 10:
            for hours in range(6):
                entry(
                    feed,
                    key=f"{number}-{hours}",
                    url=f"https://news.example/{number}-{hours}",
                    at=noon - DAY * number + HOUR * hours,
                )
    page = show(analyst, f"/sources/{feed.pk}/")
    assert "1 gap" in page
    gap = timezone.localtime(noon - DAY * 10).date()
    assert f"{gap}: 0 (gap)" in page


def test_entries_that_are_no_articles_are_told_with_the_reason(analyst):
    feed = factories.source()
    entry(feed, "", url="", fate="rejected", reason=decide.EMPTY)
    entry(feed, "나쁜 글", key="g2", fate="failed", reason="DataError: value too long", tries=2)
    page = show(analyst, f"/sources/{feed.pk}/")
    assert "Rejected because it has neither a title, a text nor an address." in page
    assert "Failed 2 times because DataError: value too long. It is tried again at the next poll." in page


def test_only_editors_see_what_can_be_done(analyst, editor):
    feed = factories.source()
    assert "Poll now" not in show(analyst, f"/sources/{feed.pk}/")
    page = show(editor, f"/sources/{feed.pk}/")
    assert f'action="/sources/{feed.pk}/poll/"' in page
    assert f'action="/sources/{feed.pk}/switch/"' in page


def test_a_hostile_feed_stays_text(analyst):
    hostile = "<script>alert(1)</script>"
    feed = factories.source(
        title=hostile, about={"title": hostile, "site": "javascript:alert(1)", "hub": hostile}
    )
    entry(feed, hostile, key=hostile, url="javascript:alert(1)")
    page = show(analyst, f"/sources/{feed.pk}/")
    assert "<script>alert" not in page
    assert 'href="javascript' not in page


def test_a_source_that_is_not_there_is_not_found(analyst):
    assert analyst.get("/sources/987654/").status_code == 404


def test_a_sources_page_takes_the_same_number_of_queries_for_more_rows(
    analyst, django_assert_max_num_queries
):
    feed = factories.source(last_success_at=timezone.now())
    path = f"/sources/{feed.pk}/"
    for number in range(30):
        entry(feed, key=str(number), url=f"https://news.example/{number}")
        entry(feed, key=f"f{number}", fate="failed", reason="x", tries=1)
        models.Poll.objects.create(source=feed, at=timezone.now(), outcome="stored")
    with django_assert_max_num_queries(14):
        show(analyst, path)


def test_the_ledger_is_for_the_staff(analyst, editor):
    assert analyst.get("/sources/ledger/").status_code == 403
    assert "What became of an entry" in show(editor, "/sources/ledger/")


@pytest.mark.parametrize(
    "wanted",
    [
        "https://news.example/1",
        "http://www.news.example/1?utm_source=mail",
        "g1",
        "착공식 연다",
    ],
)
def test_an_entry_is_found_by_address_id_and_title(editor, wanted):
    entry(factories.source(), "LG화학, 새 공장 착공식 연다")
    page = editor.get("/sources/ledger/", {"q": wanted}).content.decode()
    assert "Stored as “LG화학, 새 공장 착공식 연다”." in page


def test_a_duplicate_is_found_beside_the_article_it_repeats(editor):
    first = entry(factories.source(title="first"), "한 기사")
    other = factories.source(title="second")
    entry(
        other, "같은 기사", key="g2", url="https://m.news.example/1", fate="duplicate", article=first.article
    )
    page = editor.get("/sources/ledger/", {"q": "https://news.example/1"}).content.decode()
    assert "Stored as “한 기사”." in page
    assert "Duplicate of “한 기사” from 한빛일보 · first." in page


def test_a_rejected_entry_is_found_by_its_id(editor):
    entry(factories.source(), "", url="", fate="rejected", reason=decide.EMPTY)
    assert "Rejected because" in editor.get("/sources/ledger/", {"q": "g1"}).content.decode()


def test_an_entry_that_waits_is_found_by_its_title_and_says_what_for(editor):
    row = entry(factories.source(), "기다리는 기사")
    models.Article.objects.filter(pk=row.article_id).update(stage="tag", ready_at=None)
    page = editor.get("/sources/ledger/", {"q": "기다리는"}).content.decode()
    assert "It is still to be read and tagged." in page


def test_an_unknown_address_names_the_sources_of_its_site(editor):
    factories.source(title="그 신문", url="https://www.news.example/feed.xml", last_error="timeout")
    page = editor.get("/sources/ledger/", {"q": "https://news.example/unknown"}).content.decode()
    assert "No feed has shown such an entry." in page
    assert "그 신문" in page


@pytest.mark.parametrize("wanted", ['"', "title:(", "\x00", "https://[", "%", "가" * 5000, "OR AND NOT"])
def test_hostile_searches_find_nothing_and_break_nothing(editor, wanted):
    assert editor.get("/sources/ledger/", {"q": wanted}).status_code == 200


def test_a_look_up_takes_the_same_number_of_queries_for_more_rows(editor, django_assert_max_num_queries):
    for number in range(20):
        entry(
            factories.source(), f"같은 제목 {number}", key=f"k{number}", url=f"https://news.example/{number}"
        )
    with django_assert_max_num_queries(12):
        assert "같은 제목 7" in editor.get("/sources/ledger/", {"q": "같은 제목"}).content.decode()


def test_the_command_says_what_became_of_an_entry(capsys):
    entry(factories.source(title="경제"), "한 기사")
    call_command("ledger", "https://news.example/1")
    told = capsys.readouterr().out
    assert "Stored as “한 기사”." in told
    assert "경제" in told


def test_the_command_fails_where_there_is_no_such_entry():
    with pytest.raises(CommandError, match="no feed has shown"):
        call_command("ledger", "https://news.example/none")


def test_the_desks_front_page_lists_the_open_notices(editor):
    feed = factories.source(title="조용한 소스")
    models.Notice.objects.create(
        kind="silent", source=feed, since=timezone.now() - DAY, raised_at=timezone.now()
    )
    page = show(editor, "/admin/")
    assert "조용한 소스" in page
    assert "Nothing new since" in page


def test_the_desk_says_when_all_is_well_and_when_nobody_polls(editor):
    assert "All sources are well." in show(editor, "/admin/")
    factories.source(next_poll_at=timezone.now() - HOUR)
    assert "is a worker running?" in show(editor, "/admin/")


def test_staff_choose_whether_they_are_mailed(editor, analyst):
    assert "gets_notices" not in show(analyst, "/account/settings/")
    assert "gets_notices" in show(editor, "/account/settings/")
