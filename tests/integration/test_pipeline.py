import datetime
import email.utils
import threading
import types

import pytest
from django.db import connection, connections
from django.utils import timezone

from articles import models, pipeline, readings, setbacks, store, tasks, watchlist_store
from articles.feeds import fetch, parse
from tests import web

BODY = (
    "LG에너지솔루션은 24일 미국 애리조나에 배터리 공장을 짓는다고 밝혔다.",
    "회사는 전기차 배터리와 에너지저장장치를 생산해 북미 시장에 공급할 계획이라고 설명했다.",
    "업계는 이번 투자가 클린테크 공급망에 미칠 영향을 주목하고 있다고 전문가들은 말했다.",
)


@pytest.fixture
def site():
    with web.Site() as running:
        yield running


@pytest.fixture
def watchlist(transactional_db):
    watchlist_store.load_shipped()
    pipeline.recognition.cache_clear()


def make_source(site, path="/feed", *, outlet="시험 신문", **fields):
    owner, _ = models.Outlet.objects.get_or_create(name=outlet)
    values = {"title": path, "language": "ko", "next_poll_at": timezone.now()}
    return models.Source.objects.create(outlet=owner, url=site.url + path, **{**values, **fields})


def item(number, **fields):
    values = {
        "guid": f"g{number}",
        "path": f"/a/{number}",
        "title": f"LG에너지솔루션, 배터리 공장 {number}호 착공",
        "summary": "LG에너지솔루션이 배터리 공장을 짓는다.",
        "date": email.utils.format_datetime(timezone.now() - datetime.timedelta(hours=number)),
    }
    return {**values, **fields}


def run(now=timezone.now):
    models.Source.objects.filter(enabled=True, next_poll_at__isnull=False).update(next_poll_at=timezone.now())
    models.Article.objects.filter(page_due_at__isnull=False).update(page_due_at=timezone.now())
    pipeline.poll_due(now=now)
    pipeline.fetch_due_pages(now=now)
    pipeline.process_waiting(now=now)


def test_an_article_goes_from_the_feed_to_tags_with_evidence(site, watchlist):
    site.put_feed("/feed", item(1))
    site.put_page("/a/1", item(1)["title"], *BODY)
    make_source(site)
    run()
    article = models.Article.objects.ready().get()
    assert article.text_from == "page"
    assert article.body == "\n\n".join(BODY)
    assert list(article.company_tags.values_list("company__name", flat=True)) == ["LG에너지솔루션"]
    assert "Cleantech" in article.theme_tags.values_list("theme__name", flat=True)
    for mention in article.mentions.all():
        field = article.title if mention.field == "title" else article.body
        assert field[mention.start : mention.end] == mention.text
    assert models.Outbox.objects.filter(article=article, kind="new", done_at=None).count() == 1


def test_a_worker_that_recognises_has_the_watch_list_before_its_processes_part(watchlist):
    def worker(queue):
        amqp = types.SimpleNamespace(queues=types.SimpleNamespace(consume_from={queue: None}))
        return types.SimpleNamespace(app=types.SimpleNamespace(amqp=amqp))

    tasks.prepare(worker("place"))
    assert pipeline.recognition.cache_info().currsize == 0
    tasks.prepare(worker("fetch"))
    assert pipeline.recognition.cache_info().currsize == 1
    assert connection.connection is None


def test_a_second_poll_asks_conditionally_and_stores_nothing(site, watchlist):
    site.put_feed("/feed", item(1))
    site.put_page("/a/1", item(1)["title"], *BODY)
    make_source(site)
    run()
    run()
    assert list(models.Poll.objects.order_by("pk").values_list("outcome", "status")) == [
        ("stored", 200),
        ("unchanged", 304),
    ]
    assert site.asked["/a/1"] == 1
    assert models.Article.objects.count() == 1


def test_a_corrected_page_becomes_a_new_version_of_the_same_article(site, watchlist):
    site.put_feed("/feed", item(1))
    site.put_page("/a/1", item(1)["title"], *BODY)
    make_source(site)
    run()
    corrected = (BODY[0].replace("24일", "25일"), *BODY[1:])
    site.put_feed("/feed", item(1, summary="고침: LG에너지솔루션이 배터리 공장을 짓는다."))
    site.put_page("/a/1", item(1)["title"], *corrected)
    run()
    article = models.Article.objects.get()
    assert article.version == 2
    assert "25일" in article.body
    assert "24일" in article.versions.get(number=1).body
    assert article.changed_at is not None
    assert list(models.Outbox.objects.order_by("pk").values_list("kind", flat=True)) == ["new", "updated"]


def test_the_text_of_an_article_without_a_page_is_stored_once_and_survives_a_later_page(site, watchlist):
    site.put_feed("/feed", item(1))
    make_source(site, fetch_pages=False)
    run()
    article = models.Article.objects.ready().get()
    assert (article.feed_text, article.body) == (None, "LG에너지솔루션이 배터리 공장을 짓는다.")
    models.Article.objects.update(stage="tag")
    run()
    article.refresh_from_db()
    assert (article.own_text, article.version) == (article.body, 1)
    response = fetch.Response(url=article.url, final_url=article.url, status=200, body=page_of(*BODY))
    store.store_page(article, response, now=timezone.now())
    run()
    again = models.Article.objects.get()
    assert (again.text_from, again.version, again.own_text) == ("page", 2, article.body)


def page_of(*paragraphs):
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"<html><body><article>{text}</article></body></html>".encode()


def test_a_page_that_is_missing_leaves_the_feeds_text_and_says_why(site, watchlist):
    site.put_feed("/feed", item(1))
    make_source(site)
    run()
    article = models.Article.objects.ready().get()
    assert article.text_from == "feed"
    assert article.body == "LG에너지솔루션이 배터리 공장을 짓는다."
    assert "404" in article.page_error


def test_a_page_that_fails_for_now_is_asked_for_again_before_the_feed_serves(site, watchlist):
    site.put_feed("/feed", item(1))
    site.put_page("/a/1", item(1)["title"], *BODY)
    site.statuses["/a/1"] = 503
    make_source(site)
    run()
    assert models.Article.objects.get().stage == "page"
    site.statuses.clear()
    run()
    assert models.Article.objects.ready().get().text_from == "page"


def test_a_source_that_fails_waits_longer_and_leaves_the_others_alone(site, watchlist):
    site.statuses["/broken"] = 500
    site.put_feed("/feed", item(1))
    broken = make_source(site, "/broken")
    make_source(site, "/feed", fetch_pages=False)
    run()
    broken.refresh_from_db()
    assert broken.failures == 1
    assert "500" in broken.last_error
    assert broken.claimed_until is None
    assert broken.next_poll_at > timezone.now() + datetime.timedelta(seconds=500)
    assert models.Article.objects.ready().count() == 1


def test_what_is_not_a_feed_is_a_failed_poll_in_words(site, watchlist):
    site.put_page("/feed", "점검 중", "잠시 뒤에 다시 오십시오.")
    source = make_source(site)
    run()
    source.refresh_from_db()
    assert source.last_error
    assert models.Poll.objects.get().outcome == "failed"


def test_the_same_article_in_two_feeds_of_an_outlet_is_one_with_two_appearances(site, watchlist):
    site.put_feed("/feed", item(1, path="/a/1?utm_source=all"))
    site.put_feed("/economy", item(1, guid="other", path="/a/1?utm_source=economy"))
    make_source(site, "/feed", fetch_pages=False)
    make_source(site, "/economy", fetch_pages=False)
    run()
    assert models.Article.objects.count() == 1
    assert models.Article.objects.get().appearances.count() == 2


def test_a_source_is_never_claimed_by_two_workers_at_once(site, transactional_db):
    for number in range(40):
        make_source(site, f"/feed{number}")
    now = timezone.now()
    claimed: list[list[int]] = []

    def claim():
        try:
            found = models.Source.objects.claim_due(
                now=now, until=now + datetime.timedelta(minutes=1), most=15
            )
            claimed.append([source.pk for source in found])
        finally:
            connections.close_all()

    run_together(*[claim] * 6)
    every = [pk for some in claimed for pk in some]
    assert len(every) == len(set(every))
    assert set(every) | {
        source.pk for source in models.Source.objects.claim_due(now=now, until=now, most=99)
    } == set(models.Source.objects.values_list("pk", flat=True))


def test_a_claim_that_ran_out_is_due_again(site, transactional_db):
    make_source(site)
    now = timezone.now()
    soon = now + datetime.timedelta(seconds=60)
    assert len(models.Source.objects.claim_due(now=now, until=soon, most=10)) == 1
    assert models.Source.objects.claim_due(now=now, until=soon, most=10) == []
    assert len(models.Source.objects.claim_due(now=soon, until=soon, most=10)) == 1


def test_two_workers_that_store_one_article_at_one_moment_leave_one(site, transactional_db):
    sources = [make_source(site, f"/feed{number}", fetch_pages=False) for number in range(4)]
    entries = tuple(
        parse.Entry(f"g{n}", f"https://news.example/{n}", f"제목 {n}", None, None, (), "요약", "", ())
        for n in range(30)
    )
    now = timezone.now()

    def store_through(source, order):
        def work():
            try:
                feed = parse.Feed("rss-2.0", "", "ko", "utf-8", "", (), entries[::order], "", None)
                store.store_feeds([store.Arrival(source, answer(source.url), feed, now)], now=now)
            finally:
                connections.close_all()

        return work

    run_together(*[store_through(source, (1, -1)[index % 2]) for index, source in enumerate(sources)])
    assert models.Article.objects.count() == 30
    assert models.Appearance.objects.count() == 120
    assert models.Poll.objects.filter(outcome="stored").count() == 4


def test_a_worker_that_dies_while_reading_gives_its_articles_back(site, watchlist, monkeypatch):
    site.put_feed("/feed", *[item(number) for number in range(5)])
    make_source(site)
    pipeline.poll_due(now=timezone.now)
    pipeline.fetch_due_pages(now=timezone.now)

    def die(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(readings, "store_readings", die)
        with pytest.raises(KeyboardInterrupt):
            pipeline.process_waiting(now=timezone.now)
    assert models.Article.objects.ready().count() == 0
    soon = timezone.now() + setbacks.LOST_AFTER * 2
    assert pipeline.process_waiting(now=lambda: soon) == 5
    assert models.Outbox.objects.count() == 5


def test_a_changed_watch_list_is_used_from_the_next_article_on(site, watchlist):
    company = models.Company.objects.create(name="가나다라바이오텍")
    watchlist_store.touch()
    site.put_feed("/feed", item(1, title="가나다라바이오텍은 신약 임상을 시작했다"))
    make_source(site, fetch_pages=False)
    run()
    assert models.Article.objects.get().company_tags.filter(company=company).exists()


def answer(url):
    return fetch.Response(
        url=url,
        final_url=url,
        status=200,
        headers={},
        body=b"",
        content_type="",
        etag="",
        last_modified="",
        error="",
        redirected_permanently=False,
        elapsed_ms=1,
        retry_after_s=None,
    )


def run_together(*works):
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
