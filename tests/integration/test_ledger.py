"""Every entry has a fate, also the one that can't be stored; and a poll writes no more rows than something changed."""

import dataclasses
import datetime

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from articles import decide, models, store
from articles.feeds import fetch, parse
from tests import factories

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2026, 11, 20, 3, 0, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)


def entry(number, **fields):
    values = {
        "id": f"g{number}",
        "url": f"https://news.example/{number}",
        "title": f"제목 {number}",
        "published": NOW - HOUR,
        "updated": None,
        "authors": (),
        "summary": "요약",
        "content": "",
        "tags": (),
    }
    return parse.Entry(**{**values, **fields})


def answer(url="https://news.example/feed", **fields):
    values = {
        "url": url,
        "final_url": url,
        "status": 200,
        "headers": {},
        "body": b"",
        "content_type": "",
        "etag": '"1"',
        "last_modified": "",
        "error": "",
        "redirected_permanently": False,
        "elapsed_ms": 1,
        "retry_after_s": None,
    }
    return fetch.Response(**{**values, **fields})


def feed_of(*entries):
    return parse.Feed("rss-2.0", "", "ko", "utf-8", "", (), tuple(entries), "", None)


def show(source, *entries, at=NOW, **fields):
    """Store a feed with these entries, as a poll at that time does."""
    source.refresh_from_db()
    return store.store_feeds([store.Arrival(source, answer(**fields), feed_of(*entries), at)], now=at)[0]


def row(number):
    return models.Appearance.objects.get(entry_id=f"g{number}")


@pytest.fixture
def source():
    return factories.source(fetch_pages=False)


@pytest.fixture
def poison():
    """PostgreSQL refuses every article whose title has 독 in it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'refused: %', NEW.feed_title; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER poison BEFORE INSERT OR UPDATE ON articles_article FOR EACH ROW "
            "WHEN (NEW.feed_title LIKE '%독%') EXECUTE FUNCTION refuse()"
        )


def heal():
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER poison ON articles_article")


def test_an_entry_becomes_an_article_and_its_row_says_so(source):
    show(source, entry(1))
    found = row(1)
    assert (found.fate, found.title, found.url) == ("stored", "제목 1", "https://news.example/1")
    assert found.article == models.Article.objects.get()
    assert found.first_seen_at == NOW
    assert found.last_seen_at is None


def test_the_same_article_in_another_feed_is_a_duplicate_of_it(source):
    show(source, entry(1))
    other = factories.source(fetch_pages=False)
    show(other, entry(2, url="https://news.example/1?utm_source=x", title="다른 제목"))
    found = row(2)
    assert (found.fate, found.source, found.title) == ("duplicate", other, "다른 제목")
    assert found.article == row(1).article


def test_an_edited_entry_is_updated_and_keeps_when_it_was_first_seen(source):
    show(source, entry(1))
    show(source, entry(1, title="고친 제목"), at=NOW + HOUR)
    found = row(1)
    assert (found.fate, found.title) == ("updated", "고친 제목")
    assert (found.first_seen_at, found.content_at) == (NOW, NOW + HOUR)


def test_an_entry_of_nothing_is_rejected_with_the_reason_once(source):
    nothing = entry(1, url="", title="", summary="")
    assert show(source, nothing).rejected == 1
    assert show(source, nothing, at=NOW + HOUR).unchanged == 1
    found = row(1)
    assert (found.fate, found.reason, found.article) == ("rejected", decide.EMPTY, None)


def test_a_rejected_entry_that_gets_a_title_is_stored(source):
    show(source, entry(1, url="", title="", summary=""))
    assert show(source, entry(1), at=NOW + HOUR).new == 1
    found = row(1)
    assert (found.fate, found.reason, found.first_seen_at) == ("stored", "", NOW)
    assert found.article is not None


def test_an_unchanged_feed_with_one_new_item_writes_few_rows(source, django_assert_max_num_queries):
    show(source, *[entry(number) for number in range(20)])
    before = written()
    with django_assert_max_num_queries(20):
        show(source, *[entry(number) for number in range(1, 21)], at=NOW + HOUR)
    after = written()
    # One article; one entry that came, one that left; the source; its poll.
    assert {
        table: after[table] - before.get(table, 0) for table in after if after[table] != before.get(table)
    } == {
        "articles_article": 1,
        "articles_appearance": 2,
        "articles_source": 1,
        "articles_poll": 1,
    }


def written():
    """Rows written so far in this transaction, by table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables "
            "WHERE n_tup_ins + n_tup_upd + n_tup_del > 0"
        )
        return dict(cursor.fetchall())


def test_an_entry_that_leaves_the_feed_was_last_seen_when_the_feed_was_last_read_with_it(source):
    show(source, entry(1), entry(2))
    show(source, entry(1), entry(2), entry(3), at=NOW + HOUR)
    show(source, entry(2), entry(3), at=NOW + 2 * HOUR)
    assert row(1).last_seen_at == NOW + HOUR
    assert row(2).last_seen_at is None
    source.refresh_from_db()
    assert row(2).seen_until(source.last_success_at) == NOW + 2 * HOUR


def test_an_entry_that_comes_back_is_shown_again(source):
    show(source, entry(1), entry(2))
    show(source, entry(2), at=NOW + HOUR)
    show(source, entry(1), entry(2), at=NOW + 2 * HOUR)
    assert row(1).last_seen_at is None
    assert models.Article.objects.count() == 2


def test_what_a_hub_pushes_does_not_say_that_the_other_entries_are_gone(source):
    show(source, entry(1))
    show(source, entry(2), at=NOW + HOUR, pushed=True)
    assert row(1).last_seen_at is None


@pytest.mark.parametrize("position", [0, 7, 19])
def test_one_entry_that_the_database_refuses_loses_none_of_the_others(source, poison, position):
    entries = [
        entry(number, title=f"{'독' if number == position else '말'} {number}") for number in range(20)
    ]
    stored = show(source, *entries)
    assert (stored.new, stored.failed) == (19, 1)
    assert models.Article.objects.count() == 19
    failed = row(position)
    assert (failed.fate, failed.article, failed.tries) == ("failed", None, 1)
    assert "refused" in failed.reason
    assert "could not be stored" in models.Poll.objects.get().detail


def test_a_failed_entry_is_tried_again_at_the_next_poll_and_then_stored(source, poison):
    show(source, entry(1, title="독"), entry(2))
    source.refresh_from_db()
    assert (source.etag, source.body_hash) == ("", "")
    heal()
    assert show(source, entry(1, title="독"), entry(2), at=NOW + HOUR).new == 1
    found = row(1)
    assert (found.fate, found.reason, found.tries, found.first_seen_at) == ("stored", "", 0, NOW)
    assert found.article.feed_title == "독"
    source.refresh_from_db()
    assert source.etag == '"1"'


def test_a_failing_entry_does_not_make_us_ask_for_the_whole_feed_for_ever(source, poison):
    for number in range(decide.MOST_TRIES + 2):
        show(source, entry(1, title="독"), at=NOW + HOUR * number)
    source.refresh_from_db()
    assert source.etag == '"1"'
    assert row(1).tries == decide.MOST_TRIES
    heal()
    assert show(source, entry(1, title="독"), at=NOW + HOUR * 9).unchanged == 1
    assert show(source, entry(1, title="독 2"), at=NOW + HOUR * 10).new == 1


def test_an_edit_that_can_not_be_stored_leaves_the_article_and_is_tried_again(source, poison):
    show(source, entry(1))
    show(source, entry(1, title="독"), at=NOW + HOUR)
    found = row(1)
    assert (found.fate, found.article.feed_title) == ("failed", "제목 1")
    heal()
    assert show(source, entry(1, title="독"), at=NOW + 2 * HOUR).updated == 1
    assert (row(1).fate, row(1).article.feed_title) == ("updated", "독")


def test_a_duplicate_of_an_entry_that_fails_fails_with_it(source, poison):
    stored = show(source, entry(1, title="독"), entry(2, url="https://news.example/1", title="독"))
    assert stored.failed == 2
    assert set(models.Appearance.objects.values_list("fate", flat=True)) == {"failed"}


def test_nul_and_lone_surrogates_never_reach_the_database(source):
    dirty = "나\x00쁜 \ud800글\udfff"
    hostile = entry(
        1,
        id=f"g1{dirty}",
        title=dirty,
        summary=f"<p>{dirty}</p>",
        content=dirty,
        authors=(dirty,),
        url="https://news.example/\x00",
    )
    assert show(source, hostile).new == 1
    article = models.Article.objects.get()
    assert article.title == "나쁜 글"
    assert article.author == "나쁜 글"
    assert models.Appearance.objects.get().entry_id == "g1나쁜 글"


def test_long_values_are_stored(source):
    long = "가" * 5000
    url = "https://news.example/" + "a" * 3900
    assert show(source, entry(1, url=url, title=long, summary=long, authors=(long,))).new == 1
    article = models.Article.objects.get()
    assert (article.url, article.title) == (url, long)


def test_a_server_that_fails_is_not_an_entrys_fault(source, monkeypatch):
    def fail(*_args, **_kwargs):
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(store, "insert_articles", fail)
    with pytest.raises(OperationalError), transaction.atomic():
        show(source, entry(1))
    assert not models.Appearance.objects.exists()


def test_two_entries_without_ids_or_titles_of_their_own_are_told_apart_by_address(source):
    pair = [dataclasses.replace(entry(n), id="", title="속보") for n in (1, 2)]
    assert show(source, *pair).new == 2
    assert show(source, *pair, at=timezone.now()).unchanged == 2


def test_headers_in_other_encodings_than_utf_8_do_not_stop_a_poll(source):
    """aiohttp hands bytes that are not UTF-8 on as lone surrogates."""
    response = answer(etag='"\udceb\udc89"', last_modified="\udceb")
    stored = store.store_feeds([store.Arrival(source, response, feed_of(entry(1)), NOW)], now=NOW)[0]
    assert stored.new == 1
    source.refresh_from_db()
    assert source.etag == '""'


def test_a_failure_told_with_such_bytes_is_recorded(source):
    store.record_failure(source, answer(status=503), "refused: \udceb\x00", now=NOW, at=NOW)
    assert models.Poll.objects.get().detail == "refused: "
