"""Editors find, look at, add, change, import and hand out sources; analysts see them."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles import models, pipeline, scout
from articles.feeds import opml, reading
from newswatch.accounts import roles
from tests import factories, web

pytestmark = pytest.mark.django_db

NEWS = reverse("articles:source-new")
DETAILS = reverse("articles:source-details")
IMPORT = reverse("articles:source-import")
ITEMS = [
    {"guid": "1", "path": "/a/1", "title": "첫째 기사", "date": "Fri, 20 Nov 2026 10:00:00 +0900"},
    {"guid": "2", "path": "/a/2", "title": "둘째 기사", "date": "Fri, 20 Nov 2026 11:00:00"},
]


@pytest.fixture(autouse=True)
def fresh_memory():
    scout.MEMORY.clear()


@pytest.fixture
def site():
    with web.Site() as running:
        running.put_feed("/rss.xml", *ITEMS)
        running.pages["/"] = (
            "<!doctype html><html lang=ko><head><title>시험 신문</title>"
            '<link rel=alternate type="application/rss+xml" title="전체" href="/rss.xml"></head>'
            "<body><ul class=list>"
            + "".join(
                f"<li><h3><a href='/a/{n}'>목록에 있는 기사의 긴 제목 {n}번이 여기에 있다</a></h3>"
                f"<span>2026.11.20 1{n}:00</span></li>"
                for n in range(5)
            )
            + "</ul></body></html>"
        ).encode()
        yield running


@pytest.fixture
def analyst() -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(factories.person("analyst", language="en"))
    return client


@pytest.fixture
def editor() -> Client:
    roles.ensure_roles()
    person = factories.person("editor", is_staff=True, language="en")
    person.groups.set(roles.Group.objects.filter(name=roles.EDITORS))
    client = Client()
    client.force_login(person)
    return client


def form_of(response) -> dict[str, object]:
    """What the form of a page would send."""
    form = response.context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {
        name: "on" if value is True else value for name, value in values.items() if value not in (None, False)
    }


# ----- finding


def test_a_site_leads_to_the_feed_that_its_page_names(site, editor):
    page = editor.get(NEWS, {"address": site.url})
    (offer,) = page.context["found"].offers
    assert (offer.url, offer.why, offer.entries) == (f"{site.url}/rss.xml", "named", 2)
    assert offer.url in page.content.decode()


def test_a_feeds_own_address_is_offered_at_once(site, editor):
    page = editor.get(NEWS, {"address": f"{site.url}/rss.xml"})
    assert [offer.why for offer in page.context["found"].offers] == ["given"]
    assert sum(site.asked.values()) == 1


def test_feeds_in_the_usual_places_are_found_and_the_same_feed_is_offered_once(site, editor):
    site.pages["/"] = b"<html><body><p>no link</p></body></html>"
    site.pages["/feed"] = site.pages["/rss.xml"]
    (offer,) = editor.get(NEWS, {"address": site.url}).context["found"].offers
    assert (offer.url, offer.why) == (f"{site.url}/feed", "usual")


def test_a_guide_to_feeds_and_sitemaps_in_robots_are_followed(site, editor):
    site.pages["/"] = b"<html><body><a href=/rss/guide>RSS</a></body></html>"
    del site.pages["/rss.xml"]
    site.pages["/rss/guide"] = b"<html><body><a href=/xml/politics.xml>politics</a></body></html>"
    site.put_feed("/xml/politics.xml", ITEMS[0])
    site.pages["/robots.txt"] = b"User-agent: *\nSitemap: /map.xml\n"
    site.pages["/map.xml"] = (
        f"<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><sitemap><loc>{site.url}/news-1.xml</loc>"
        "</sitemap></sitemapindex>"
    ).encode()
    site.pages["/news-1.xml"] = (
        "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' "
        "xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'>"
        f"<url><loc>{site.url}/a/7</loc><news:news><news:title>T</news:title></news:news></url></urlset>"
    ).encode()
    offers = editor.get(NEWS, {"address": site.url}).context["found"].offers
    assert {(offer.url.removeprefix(site.url), offer.format) for offer in offers} == {
        ("/xml/politics.xml", "rss-2.0"),
        ("/news-1.xml", "news-sitemap"),
    }


def test_a_page_without_a_feed_can_be_read_itself(site, editor):
    del site.pages["/rss.xml"]
    found = editor.get(NEWS, {"address": site.url}).context["found"]
    assert (found.offers, found.lists[0].count) == ((), 5)
    page = editor.get(DETAILS, {"url": found.page, "kind": "listing"})
    assert page.context["draft"].selector == found.lists[0].selector
    assert len(page.context["seen"].entries) == 5


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("http://10.0.0.1/", "not a public address"),
        ("http://169.254.169.254/latest/meta-data/", "not a public address"),
        ("file:///etc/passwd", "only http and https"),
        ("연합뉴스", "no address"),
    ],
)
def test_what_may_not_or_cannot_be_asked_is_refused_in_words(editor, address, why):
    page = editor.get(NEWS, {"address": address})
    assert page.status_code == 200
    assert why in page.context["found"].error


def test_a_refusal_is_told_in_korean(editor):
    models_user = factories.person("korean", is_staff=True, is_superuser=True, language="ko")
    editor.force_login(models_user)
    page = editor.get(NEWS, {"address": "http://10.0.0.1/"}).content.decode()
    assert "공개 주소가 아닙니다" in page


def test_a_company_has_searches_of_google_news_without_asking_anybody(editor):
    models.Alias.objects.create(company=factories.company("LG화학"), text="LG Chem", kind="english")
    page = editor.get(NEWS, {"add": "LG화학"})
    assert [(offer.format, offer.title) for offer in page.context["news"]] == [
        ("ko", "Google News · LG화학"),
        ("en", "Google News · LG Chem"),
    ]
    assert "No company called" in editor.get(NEWS, {"add": "없는 회사"}).content.decode()


def test_a_source_that_is_there_is_not_offered_again(site, editor):
    known = factories.source(url=f"{site.url}/rss.xml/")
    (offer,) = editor.get(NEWS, {"address": site.url}).context["found"].offers
    assert offer.source == known


# ----- looking and adding


def test_entries_are_shown_as_they_would_be_stored(site, editor):
    page = editor.get(DETAILS, {"url": f"{site.url}/rss.xml"})
    seen = page.context["seen"]
    assert [entry.article.title for entry in seen.entries] == ["첫째 기사", "둘째 기사"]
    # The second time names no zone: it is Seoul's, as the feed is Korean.
    assert [f"{entry.at:%H:%M %Z}" for entry in seen.entries] == ["10:00 KST", "11:00 KST"]
    assert page.context["form"]["time_zone"].value() == "Asia/Seoul"
    assert page.context["form"]["new_outlet"].value() == "시험 신문"
    assert not models.Article.objects.exists()


def test_another_time_zone_shows_other_times(site, editor):
    given = {"url": f"{site.url}/rss.xml", "kind": "feed", "time_zone": "UTC", "language": "en"}
    page = editor.get(reverse("articles:source-preview"), given)
    assert [f"{entry.at:%H:%M %Z}" for entry in page.context["seen"].entries] == ["01:00 UTC", "11:00 UTC"]
    assert {entry.article.language for entry in page.context["seen"].entries} == {"en"}


def test_trying_selectors_asks_the_site_once(site, editor):
    given = {"url": f"{site.url}/", "kind": "listing", "time_zone": "Asia/Seoul"}
    counts = []
    for selector in ("h3 a", "li:first-child a", ".gone a", "a["):
        page = editor.get(reverse("articles:source-preview"), {**given, "selector": selector})
        assert page.status_code == 200
        counts.append((len(page.context["seen"].entries), page.context["seen"].error[:12]))
    assert counts == [(5, ""), (1, ""), (0, "the selector"), (0, "the selector")]
    assert site.asked["/"] == 1


def test_a_source_is_added_with_a_new_outlet_and_is_due_at_once(site, editor):
    sent = form_of(editor.get(DETAILS, {"url": f"{site.url}/rss.xml"})) | {"group": "시험"}
    before = timezone.now()
    response = editor.post(DETAILS, sent, follow=True)
    source = models.Source.objects.get()
    assert response.redirect_chain[-1][0] == reverse("articles:source", args=[source.pk])
    assert (source.outlet.name, source.group, source.language) == ("시험 신문", "시험", "ko")
    assert source.enabled
    assert source.next_poll_at >= before
    pipeline.poll_due(now=timezone.now)
    assert {article.title for article in models.Article.objects.all()} == {"첫째 기사", "둘째 기사"}


def test_a_page_without_a_feed_is_polled_like_any_source(site, editor):
    sent = form_of(editor.get(DETAILS, {"url": f"{site.url}/", "kind": "listing", "selector": ".list h3 a"}))
    editor.post(DETAILS, sent)
    source = models.Source.objects.get()
    assert (source.kind, source.selector) == (reading.LISTING, ".list h3 a")
    pipeline.poll_due(now=timezone.now)
    source.refresh_from_db()
    assert (source.failures, models.Article.objects.count()) == (0, 5)
    assert models.Article.objects.order_by("published_at").first().published_at == datetime.datetime(
        2026, 11, 20, 1, 0, tzinfo=datetime.UTC
    )


def test_a_page_whose_list_is_gone_is_a_failure_in_words(site, editor):
    source = factories.source(
        url=f"{site.url}/", kind="listing", selector=".gone a", next_poll_at=timezone.now()
    )
    pipeline.poll_due(now=timezone.now)
    source.refresh_from_db()
    assert "picks no links" in source.last_error


def test_an_outlet_that_is_there_is_proposed(site, editor):
    outlet = factories.outlet("한빛일보", homepage=f"{site.url}/")
    page = editor.get(DETAILS, {"url": f"{site.url}/rss.xml"})
    assert page.context["form"]["outlet"].value() == outlet.pk


def test_a_source_with_the_same_address_or_the_same_entries_is_warned_of(site, editor):
    first = factories.source(url=f"{site.url}/rss.xml", next_poll_at=timezone.now())
    pipeline.poll_due(now=timezone.now)
    site.put_feed("/other.xml", *ITEMS)
    page = editor.get(DETAILS, {"url": f"{site.url}/other.xml"})
    seen = page.context["seen"]
    assert [(overlap.source, overlap.shared) for overlap in seen.overlaps] == [(first, 2)]
    assert seen.stored == 2
    twin = editor.get(DETAILS, {"url": f"{site.url}/rss.xml#again"})
    assert twin.context["seen"].twins == (first,)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"new_outlet": ""}, "new_outlet"),
        ({"time_zone": "Asia/Atlantis"}, "time_zone"),
        ({"kind": "listing", "selector": ""}, "selector"),
        ({"kind": "listing", "selector": "a["}, "selector"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"title": ""}, "title"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(site, editor, change, field):
    sent = form_of(editor.get(DETAILS, {"url": f"{site.url}/rss.xml"})) | change
    response = editor.post(DETAILS, sent)
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert not models.Source.objects.exists()


def test_an_address_that_is_a_sources_already_is_refused(site, editor):
    sent = form_of(editor.get(DETAILS, {"url": f"{site.url}/rss.xml"}))
    factories.source(url=f"{site.url}/rss.xml")
    response = editor.post(DETAILS, sent)
    assert "There is a source with this address already." in response.content.decode()


def test_nothing_of_a_feed_reaches_the_page_as_markup(site, editor):
    hostile = {
        "guid": "x",
        "path": "/x",
        "title": "&lt;img src=x onerror=alert(1)&gt;제목&amp;lt;b&amp;gt;",
        "date": "",
    }
    site.put_feed("/rss.xml", hostile)
    page = editor.get(DETAILS, {"url": f"{site.url}/rss.xml"}).content.decode()
    assert "<img src=x" not in page
    assert (
        editor.get(NEWS, {"address": "http://127.0.0.1:1/<script>"}).content.decode().count("<script>") == 0
    )


# ----- changing


def test_what_changes_the_reading_makes_a_source_due_and_read_in_full(editor):
    source = factories.source(etag='"1"', body_hash="x", title="예전 제목")
    address = reverse("articles:source-edit", args=[source.pk])
    sent = form_of(editor.get(address))
    editor.post(address, sent | {"title": "새 제목"})
    source.refresh_from_db()
    assert (source.title, source.etag, source.next_poll_at) == ("새 제목", '"1"', None)
    editor.post(address, sent | {"time_zone": "UTC"})
    source.refresh_from_db()
    assert (source.time_zone, source.etag, source.body_hash) == ("UTC", "", "")
    assert source.next_poll_at is not None


def test_a_source_is_switched_off_and_on_and_polled(editor):
    source = factories.source(failures=3)
    address = {name: reverse(f"articles:source-{name}", args=[source.pk]) for name in ("switch", "poll")}
    editor.post(address["switch"], {"to": "off"})
    source.refresh_from_db()
    assert not source.enabled
    editor.post(address["poll"])
    source.refresh_from_db()
    assert source.next_poll_at is None
    editor.post(address["switch"], {"to": "on"})
    source.refresh_from_db()
    assert (source.enabled, source.failures) == (True, 0)
    assert source.next_poll_at is not None


# ----- who may


@pytest.mark.parametrize(
    "name", ["source-new", "source-details", "source-preview", "source-import", "source-export"]
)
def test_an_analyst_sees_sources_but_may_not_add_any(analyst, name):
    source = factories.source(group="경제", title="경제 면")
    page = analyst.get(reverse("articles:sources")).content.decode()
    assert "경제 면" in page
    assert reverse("articles:source-new") not in page
    assert analyst.get(reverse("articles:source", args=[source.pk])).status_code == 200
    assert analyst.get(reverse(f"articles:{name}")).status_code == 403
    for change in ("edit", "switch", "poll"):
        assert analyst.post(reverse(f"articles:source-{change}", args=[source.pk])).status_code == 403


def test_changes_need_a_post_and_a_source_that_is_there(editor):
    source = factories.source()
    assert editor.get(reverse("articles:source-switch", args=[source.pk])).status_code == 405
    assert editor.get(reverse("articles:source", args=[source.pk + 1])).status_code == 404
    assert editor.post(reverse("articles:source-poll", args=[source.pk + 1])).status_code == 404


# ----- the list


def test_sources_stand_under_their_groups_with_their_states(analyst):
    now = timezone.now()
    good = factories.source(group="나", title="good", last_success_at=now, next_poll_at=now)
    factories.source(group="가", title="bad", failures=2, last_error="the server answered 500 X")
    factories.source(group="가", title="off", enabled=False)
    silent = factories.source(title="silent", last_success_at=now)
    models.Notice.objects.create(kind="silent", source=silent, since=now, raised_at=now)
    article = factories.article(of=good)
    for number, days in enumerate((1, 3, 9)):
        models.Appearance.objects.create(
            source=good,
            article=article,
            entry_key=str(number),
            content_at=now,
            first_seen_at=now - datetime.timedelta(days=days),
        )
    page = analyst.get(reverse("articles:sources"))
    assert [
        (group.name, [(row.source.title, row.state, row.entries) for row in group.rows])
        for group in page.context["groups"]
    ] == [
        ("가", [("bad", "failing", 0), ("off", "off", 0)]),
        ("나", [("good", "ok", 2)]),
        ("", [("silent", "silent", 0)]),
    ]
    only = analyst.get(reverse("articles:sources"), {"state": "failing", "q": "BAD"})
    assert [group.name for group in only.context["groups"]] == ["가"]


def test_the_list_makes_as_many_queries_for_many_sources_as_for_one(editor, django_assert_num_queries):
    factories.source(group="a")
    address = reverse("articles:sources")
    editor.get(address)
    with CaptureQueriesContext(connection) as one:
        editor.get(address)
    for number in range(30):
        factories.source(factories.outlet(f"outlet {number}"), group=f"group {number % 3}")
    with django_assert_num_queries(len(one)):
        editor.get(address)


# ----- lists of other readers


def upload(data: bytes) -> dict[str, SimpleUploadedFile]:
    return {"file": SimpleUploadedFile("feeds.opml", data, "text/xml")}


FILE = """<opml version="2.0"><body><outline text="해외"><outline text="One" xmlUrl="https://one.example/feed"/>
<outline text="Two" xmlUrl="https://one.example/feed2"/><outline text="There" xmlUrl="http://www.there.kr/rss/"/></outline>
<outline text="시험일보" xmlUrl="https://news.kr/rss"/><outline text="Twice" xmlUrl="https://news.kr/rss/"/>
<outline text="Script" xmlUrl="javascript:alert(1)"/><outline text="Nothing" type="rss"/></body></opml>"""


def test_a_list_is_first_looked_at_and_then_taken_in(editor):
    there = factories.source(url="https://there.kr/rss")
    page = editor.post(IMPORT, upload(FILE.encode()))
    assert [(line.outline.title, line.verdict) for line in page.context["lines"]] == [
        ("One", "new"),
        ("Two", "new"),
        ("There", "known"),
        ("시험일보", "new"),
        ("Twice", "unusable"),
        ("Script", "unusable"),
        ("Nothing", "unusable"),
    ]
    assert page.context["lines"][2].source == there
    assert models.Source.objects.count() == 1
    response = editor.post(IMPORT, {"plan": page.context["plan"], "on": "yes"}, follow=True)
    assert "3 sources are added." in response.content.decode()
    one, two, korean = models.Source.objects.exclude(pk=there.pk).order_by("pk")
    assert (one.group, one.outlet.name, one.time_zone, one.enabled) == ("해외", "one.example", "UTC", True)
    assert two.outlet == one.outlet
    assert (korean.outlet.name, korean.language, korean.time_zone) == ("시험일보", "ko", "Asia/Seoul")
    assert korean.next_poll_at is not None
    again = editor.post(IMPORT, {"plan": page.context["plan"]}, follow=True)
    assert "0 sources are added." in again.content.decode()


def test_imported_sources_can_stay_off(editor):
    page = editor.post(IMPORT, upload(FILE.encode()))
    editor.post(IMPORT, {"plan": page.context["plan"]})
    assert set(models.Source.objects.values_list("enabled", "next_poll_at")) == {(False, None)}


@pytest.mark.parametrize(
    "data",
    [b"", b"no xml", b"<rss/>", b"x" * (opml.LARGEST + 10), b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"],
)
def test_a_file_that_is_no_list_is_refused(editor, data):
    response = editor.post(IMPORT, upload(data))
    assert response.status_code == 422
    assert response.context["form"].errors


def test_a_plan_that_was_tampered_with_does_nothing(editor):
    response = editor.post(IMPORT, {"plan": "eyJ4Ijox:forged"}, follow=True)
    assert "Choose the file again" in response.content.decode()
    assert not models.Source.objects.exists()


def test_what_is_handed_out_comes_back_the_same(editor):
    outlet = factories.outlet("한빛 & 일보", homepage="https://hanbit.kr/")
    told = {"group": "국내 / 경제", "language": "ko", "poll_interval": 60, "fetch_pages": False}
    factories.source(outlet, title='경제 "면" <1>', url="https://hanbit.kr/rss?a=1&b=2", **told)
    factories.source(
        outlet, title="목록", url="https://hanbit.kr/list", kind="listing", selector="li > a", time_zone="UTC"
    )
    factories.source(
        factories.outlet("Off"),
        title="off",
        url="https://off.example/feed",
        group="국내 / 경제",
        enabled=False,
    )
    fields = ("title", "url", "group", "language", "time_zone", "kind", "selector", "fetch_pages", "enabled",
              "poll_interval", "outlet__name")  # fmt: skip
    before = sorted(models.Source.objects.values_list(*fields))
    response = editor.get(reverse("articles:source-export"))
    assert response["Content-Disposition"].startswith("attachment;")
    models.Source.objects.all().delete()
    page = editor.post(IMPORT, upload(response.content))
    editor.post(IMPORT, {"plan": page.context["plan"], "on": "yes"})
    assert sorted(models.Source.objects.values_list(*fields)) == before


def test_of_outlets_that_share_a_server_only_the_right_one_is_proposed(site, editor):
    site.pages["/rss.xml"] = site.pages["/rss.xml"].replace(
        f"<link>{site.url}/<".encode(), f"<link>{site.url}/b/<".encode()
    )
    first, second = (factories.outlet(name, homepage=f"{site.url}/{name}/") for name in "ab")
    page = editor.get(DETAILS, {"url": f"{site.url}/rss.xml"})
    assert page.context["form"]["outlet"].value() == second.pk
    models.Outlet.objects.filter(pk=second.pk).update(homepage=f"{site.url}/c/")
    assert editor.get(DETAILS, {"url": f"{site.url}/rss.xml"}).context["form"]["outlet"].value() is None
    assert first.pk != second.pk
