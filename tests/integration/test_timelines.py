"""The timeline of any company, theme, saved search or combination: chart, list and events follow the same filters."""

import datetime
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import chronicle, event_scopes, models, saved_searches
from newswatch.accounts.models import User
from tests import factories
from tests.integration import readers
from tests.integration.test_site_events import arrive
from tests.integration.test_site_pages import titles

pytestmark = pytest.mark.django_db
analyst, client = readers.analyst, readers.client


def fetch(client: Client, path: str = "/timeline/", **parameters: object) -> str:
    response = client.get(path, parameters)
    assert response.status_code == 200
    return response.content.decode()


def saved(owner: User, name: str, text: str) -> models.SavedSearch:
    return saved_searches.save(owner, name, text, now=timezone.now())


def events(page: str) -> list[str]:
    """What the table behind the line of events tells."""
    return re.findall(r'class="told-what"><a[^>]*>(.*?)</a>', page)


def news() -> None:
    """Two companies' plans, one of them about batteries."""
    ago = timezone.now() - datetime.timedelta(days=2)
    arrive(
        "가온전자는 2019년 3월 배터리 공장을 세웠다.",
        title="배터리 공장",
        published_at=ago,
        themes=["Cleantech"],
    )
    arrive("가온전자는 2030년까지 인력을 두 배로 늘린다.", title="인력 계획", published_at=ago)
    arrive(
        "한빛화학은 2021년 5월 배터리 사업부를 만들었다.",
        title="한빛 배터리",
        names=("한빛화학",),
        published_at=ago,
        outlet="누리신문",
    )
    while chronicle.tell_waiting(now=timezone.now):
        pass


def total(page: str) -> str:
    found = re.search(r'class="volume-counts"><strong>(\d+)</strong>', page)
    assert found
    return found[1]


def test_a_saved_search_is_chosen_in_the_panel_and_everything_follows_it(client: Client, analyst: User):
    news()
    search = saved(analyst, "배터리 소식", "배터리")
    page = fetch(client)
    assert f'href="?search={search.pk}"' in page
    page = fetch(client, search=search.pk)
    assert sorted(titles(page)) == ["배터리 공장", "한빛 배터리"]
    assert total(page) == "2"
    assert len(events(page)) == 2
    assert "배터리 소식" in page[page.index('class="active"') :]


def test_a_saved_search_is_combined_with_companies_themes_and_words(client: Client, analyst: User):
    news()
    search = saved(analyst, "배터리 소식", "배터리 OR 인력")
    company = factories.company("가온전자")
    assert sorted(titles(fetch(client, search=search.pk, company=company.pk))) == ["배터리 공장", "인력 계획"]
    page = fetch(client, search=search.pk, company=company.pk, theme="Cleantech")
    assert titles(page) == ["배터리 공장"]
    assert (total(page), len(events(page))) == ("1", 1)
    assert titles(fetch(client, search=search.pk, q="한빛")) == ["한빛 배터리"]


def test_counts_and_bars_of_a_company_follow_the_saved_search(client: Client, analyst: User):
    news()
    search = saved(analyst, "사람", "인력")
    page = fetch(client, search=search.pk, company=factories.company("가온전자").pk)
    assert titles(page) == ["인력 계획"]
    assert total(page) == "1"
    table = page[page.index('class="numbers"') :].partition("</table>")[0]
    assert sum(map(int, re.findall(r"<td>(\d+)</td>", table))) == 1
    assert re.findall(r'가온전자</span><span class="count">(\d+)', page) == ["1"]


def test_words_alone_make_a_timeline_too(client: Client):
    news()
    page = fetch(client, q="배터리 -한빛")
    assert titles(page) == ["배터리 공장"]
    assert (total(page), len(events(page))) == ("1", 1)


def test_every_link_of_the_page_keeps_the_search(client: Client, analyst: User):
    news()
    search = saved(analyst, "배터리 소식", "배터리")
    page = fetch(client, search=search.pk, q="공장", stack="theme", when="past")
    chart = page[page.index('id="volume"') : page.index('class="plot"')]
    links = re.findall(r'href="/timeline/\?([^"]+)"', chart)
    assert links
    assert all(f"search={search.pk}" in link and "q=" in link and "when=past" in link for link in links)
    assert f'name="search" value="{search.pk}"' in page
    assert 'name="q" value="공장"' in page


def test_another_readers_search_is_as_one_that_is_not_there(client: Client):
    news()
    theirs = saved(factories.person("other"), "남의 것", "배터리")
    page = fetch(client, search=theirs.pk)
    assert "You have no such saved search." in page
    assert "남의 것" not in page
    assert len(titles(page)) == 3
    assert client.get("/timeline/events/", {"search": theirs.pk}).status_code == 302


@pytest.mark.parametrize("number", ["x", "0", "99999999999999999999"])
def test_a_search_that_is_none_is_named(client: Client, number: str):
    assert "You have no such saved search." in fetch(client, search=number)


def test_a_query_that_cannot_be_read_is_mended_on_the_search_page(client: Client):
    for path in ("/timeline/", "/timeline/events/"):
        response = client.get(path, {"q": "(배터리"})
        assert response.headers["Location"].startswith("/search/?q=")


def test_an_alert_on_a_timeline_asks_for_the_same(client: Client, analyst: User):
    news()
    search = saved(analyst, "배터리 소식", "배터리")
    page = fetch(client, search=search.pk, theme="Cleantech", part="batteries")
    assert "theme%3A%22Cleantech%22+subtheme%3A%22batteries%22+search%3A%22" in page


def test_the_charts_links_keep_the_part_of_a_theme(client: Client):
    article = factories.article("배터리 공장", themes=["Cleantech"])
    other = factories.article("풍력 단지", themes=["Cleantech"])
    models.ThemeTag.objects.filter(article=article).update(subthemes=["batteries"])
    models.ThemeTag.objects.filter(article=other).update(subthemes=["wind"])
    page = fetch(client, "/themes/Cleantech/", part="batteries")
    bar = re.search(
        r'<a class="col[^>]*href="(/timeline/\?[^"]+)"|href="(/timeline/\?[^"]+)"[^>]*class="col', page
    )
    assert bar
    path = (bar[1] or bar[2]).replace("&amp;", "&")
    assert "part=batteries" in path
    page = fetch(client, "/timeline/", theme="Cleantech", part="batteries")
    assert titles(page) == ["배터리 공장"]
    assert total(page) == "1"
    assert 'name="part" value="batteries"' in page


def test_a_part_without_its_theme_narrows_nothing(client: Client):
    factories.article("기사")
    assert titles(fetch(client, part="batteries")) == ["기사"]


def test_of_a_company_and_a_theme_together_events_are_of_both(client: Client):
    news()
    company = factories.company("가온전자")
    assert len(events(fetch(client, company=company.pk))) == 2
    assert len(events(fetch(client, company=company.pk, theme="Cleantech"))) == 1
    assert len(events(fetch(client, company=[company.pk, factories.company("한빛화학").pk]))) == 3


def test_a_timeline_of_nobody_in_particular_has_no_line(client: Client):
    news()
    assert 'id="event-line"' not in fetch(client)
    assert 'id="event-line"' not in fetch(client, language="ko")


def test_days_and_outlets_narrow_the_events_to_what_their_articles_tell(client: Client):
    news()
    company = factories.company("한빛화학")
    here = models.Outlet.objects.get(name="누리신문")
    assert len(events(fetch(client, company=company.pk, outlet=here.pk))) == 1
    gone = (timezone.localdate() - datetime.timedelta(days=30)).isoformat()
    page = fetch(client, company=company.pk, until=gone)
    assert events(page) == []
    assert "No dated event yet" in page


def test_events_of_more_articles_than_are_looked_at_say_so(client: Client, monkeypatch: pytest.MonkeyPatch):
    news()
    said = "Only what the newest 1 of these articles tell of."
    assert said not in fetch(client, q="배터리")
    monkeypatch.setattr(event_scopes, "MOST_ARTICLES", 1)
    assert said in fetch(client, q="배터리")
    assert said in fetch(client, "/timeline/events/", q="배터리")


def test_the_table_tells_when_it_happened_and_when_it_was_first_reported(client: Client):
    news()
    page = fetch(client, company=factories.company("가온전자").pk)
    row = next(row for row in re.findall(r"<tr>.*?</tr>", page, re.DOTALL) if "2030" in row)
    reported = timezone.localdate(timezone.now() - datetime.timedelta(days=2))
    # A year is not its first day.
    assert re.search(r'scope="row">2030<', row)
    assert f'datetime="{reported.isoformat()}"' in row
    assert "goal" in row


def test_the_list_of_events_has_sentences_sources_and_the_same_filters(client: Client, analyst: User):
    news()
    search = saved(analyst, "배터리 소식", "배터리")
    page = fetch(client, "/timeline/events/", search=search.pk)
    assert page.count('class="event event-') == 2
    assert "first reported <time" in page
    assert f"search={search.pk}" in page[page.index("Which events") :]
    assert (
        fetch(client, "/timeline/events/", search=search.pk, when="ahead").count('class="event event-') == 0
    )
    assert client.get("/timeline/events/").status_code == 302


def test_the_line_is_moved_by_the_address_and_its_ways_keep_the_filters(client: Client):
    news()
    company = factories.company("가온전자")
    page = fetch(client, company=company.pk, **{"from": "2019-01-01", "to": "2019-12-31"})
    assert len(events(page)) == 1
    steps = page[page.index('class="steps"') : page.index('class="drawn"')]
    links = re.findall(r'href="(/timeline/\?[^"]+)"', steps)
    assert links
    assert all(f"company={company.pk}" in link for link in links)
    assert 'name="from" value="2019-01-01"' in page


def test_the_number_of_queries_does_not_grow_with_rows_or_searches(client: Client, analyst: User):
    search, company = saved(analyst, "배터리 소식", "배터리"), factories.company("가온전자")
    # How far back one looks, not how much one finds, decides how often the index is asked.
    ago = timezone.now() - datetime.timedelta(days=2)

    def more(numbers: range) -> int:
        for number in numbers:
            saved(analyst, f"검색 {number}", f"낱말{number}")
            body = f"가온전자는 {2000 + number}년 배터리 {number}호를 냈다."
            arrive(body, title=f"배터리 {number}", published_at=ago)
        while chronicle.tell_waiting(now=timezone.now):
            pass
        with CaptureQueriesContext(connection) as found:
            page = fetch(client, search=search.pk, company=company.pk)
        assert len(titles(page)) == numbers.stop
        return len(found)

    more(range(1))
    assert more(range(1, 9)) == more(range(9, 20))


def test_a_search_leads_to_its_timeline(client: Client, analyst: User):
    news()
    assert 'href="/timeline/?q=%EB%B0%B0%ED%84%B0%EB%A6%AC"' in fetch(client, "/search/", q="배터리")
    search = saved(analyst, "배터리 소식", "배터리")
    for path in ("/search/", "/search/saved/"):
        assert f'href="/timeline/?search={search.pk}"' in fetch(client, path, q="배터리")
