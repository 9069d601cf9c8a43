"""The first page of the day: what a reader follows, side by side."""

import datetime
import html
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import models, today_reads, watches
from newswatch.accounts.models import User
from tests import factories
from tests.integration import readers

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)
analyst, client = readers.analyst, readers.client


def tell(title: str, *outlets: str, hours_ago: float = 2, theme: str = "", company: str = "") -> models.Story:
    """A story that so many outlets tell."""
    rows = []
    for outlet in outlets or ("한빛일보",):
        rows.append(
            factories.article(
                title,
                of=factories.source(factories.outlet(outlet)),
                companies=[company] if company else [],
                published_at=timezone.now() - hours_ago * HOUR,
            )
        )
        if theme:
            factories.tag_theme(rows[-1], factories.theme(theme))
    return factories.story(*rows)


def lanes(page: str) -> dict[str, list[str]]:
    """The titles under each lane's name."""
    found = {}
    for section in re.findall(r'<section class="lane[" ].*?</section>', page, re.DOTALL):
        name = re.search(r"<h2[^>]*><a[^>]*>(.*?)</a>", section)[1]
        found[html.unescape(name)] = re.findall(r'<li class="row-item"><h3[^>]*><a[^>]*>(.*?)</a>', section)
    return found


def fetch(client: Client) -> str:
    response = client.get("/")
    assert response.status_code == 200
    return response.content.decode()


def test_whoever_follows_nothing_sees_the_newsrooms_themes_the_hottest_story_first(client: Client):
    tell("작은 소식", theme="AI")
    tell("큰 소식", "가", "나", "다", hours_ago=5, theme="AI")
    tell("어제 소식", hours_ago=30, theme="AI")
    factories.theme("Bio")
    assert lanes(fetch(client)) == {"AI": ["큰 소식", "작은 소식"], "Bio": []}


def test_old_addresses_lead_to_where_the_page_went(client: Client):
    assert client.get("/today/")["Location"] == "/"
    response = client.get("/?theme=AI&company=3&by=article")
    assert (response.status_code, response["Location"]) == (301, "/timeline/?theme=AI&company=3&by=article")


def test_a_company_is_followed_from_its_page_and_no_longer(client: Client, analyst: User):
    factories.theme("AI")
    tell("카카오 소식", company="카카오")
    company = models.Company.objects.get()
    page = client.get(f"/companies/{company.pk}/").content.decode()
    assert re.search(r'name="do" value="follow"[^>]*>\s*Follow', page)
    back = {"next": f"/companies/{company.pk}/", "company": company.pk}
    response = client.post("/today/follow/", {"do": "follow", **back})
    assert response["Location"] == f"/companies/{company.pk}/"
    assert 'value="unfollow"' in client.get(f"/companies/{company.pk}/").content.decode()
    assert lanes(fetch(client)) == {"AI": [], "카카오": ["카카오 소식"]}
    client.post("/today/follow/", {"do": "unfollow", **back})
    assert list(lanes(fetch(client))) == ["AI"]


def test_lanes_are_moved_and_stay_the_readers_own(client: Client, analyst: User):
    ai, bio = factories.theme("AI"), factories.theme("Bio")
    other = factories.person()
    watches.follow(other.pk, theme=bio.pk)
    before = watches.of(other.pk)
    client.post("/today/follow/", {"do": "follow", "theme": bio.pk})
    client.post("/today/follow/", {"do": "left", "theme": bio.pk})
    assert list(lanes(fetch(client))) == ["Bio", "AI"]
    client.post("/today/follow/", {"do": "unfollow", "theme": ai.pk})
    assert list(lanes(fetch(client))) == ["Bio"]
    assert watches.of(other.pk) == before


def test_a_usual_lane_can_be_taken_away_though_it_was_never_chosen(client: Client):
    ai = factories.theme("AI")
    factories.theme("Bio")
    client.post("/today/follow/", {"do": "unfollow", "theme": ai.pk})
    assert list(lanes(fetch(client))) == ["Bio"]


def test_a_company_is_added_by_the_beginning_of_its_name(client: Client):
    factories.company("카카오")
    client.post("/today/follow/", {"do": "follow", "add": "카카"})
    assert "카카오" in lanes(fetch(client))
    assert client.post("/today/follow/", {"do": "follow", "add": "없는회사"}).status_code == 404


def test_there_is_room_for_so_many_lanes_and_the_page_says_so(client: Client, analyst: User):
    companies = [factories.company(f"회사{number}") for number in range(watches.MOST + 1)]
    for company in companies:
        response = client.post("/today/follow/", {"do": "follow", "company": company.pk}, follow=True)
    assert len(watches.of(analyst.pk)) == watches.MOST
    assert "take one away first" in response.content.decode()


def test_a_lane_far_busier_than_usual_says_so_and_why(client: Client):
    for number in range(12):
        tell(f"소식 {number}", theme="AI")
    tell("큰 소식", "가", "나", "다", theme="AI")
    tell("보통 소식", theme="Bio")
    page = fetch(client)
    assert page.count("Far more than on an ordinary day") == 1
    assert re.search(r"most of all because of\s*<a[^>]*>큰 소식</a>", page)


def test_an_ordinary_day_is_not_called_unusual(client: Client):
    for days in range(1, today_reads.DAYS):
        for number in range(8):
            tell(f"소식 {days} {number}", theme="AI", hours_ago=24 * days)
    for number in range(12):
        tell(f"오늘 {number}", theme="AI", hours_ago=0.1)
    assert "Far more than" not in fetch(client)


def test_the_second_visit_counts_what_came_since_the_first(client: Client, analyst: User):
    tell("옛 소식", theme="AI", hours_ago=20)
    assert "You were here last" not in fetch(client)
    User.objects.filter(pk=analyst.pk).update(looked_at=timezone.now() - 6 * HOUR)
    tell("새 소식", theme="AI", hours_ago=3)
    page = fetch(client)
    assert "You were here last" in page
    assert "1 new since then" in page
    # Looking again at once is the same visit.
    assert "1 new since then" in fetch(client)


def test_what_is_to_come_stands_in_its_lane(client: Client):
    theme = factories.theme("Bio")
    soon = timezone.localdate() + datetime.timedelta(days=7)
    event = models.Event.objects.create(
        starts_on=soon,
        ends_on=soon,
        precision="day",
        relation="planned",
        sentence="가온바이오는 학회에서 결과를 발표한다.",
        certainty=0.9,
        first_reported_at=timezone.now(),
    )
    models.EventTheme.objects.create(event=event, theme=theme, starts_on=soon, ends_on=soon)
    page = fetch(client)
    assert "Coming up" in page
    assert "결과를 발표한다" in page


def test_the_page_costs_the_same_however_much_there_is(client: Client):
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            fetch(client)
        return len(asked)

    tell("하나", "가", "나", theme="AI", company="카카오")
    client.post("/today/follow/", {"do": "follow", "company": models.Company.objects.get().pk})
    fetch(client)
    few = cost()
    for number in range(10):
        tell(f"소식 {number}", "가", "나", theme="AI", company="카카오")
    assert cost() == few
    assert few <= 25


def test_an_empty_newsroom_says_what_to_do(client: Client):
    assert "Choose a company or a theme above" in fetch(client)


def test_the_first_visit_offers_the_themes_and_the_companies_most_named(client: Client):
    factories.theme("AI")
    for _ in range(2):
        tell("카카오 소식", company="카카오")
    tell("라인 소식", company="라인")
    page = fetch(client)
    offered = re.findall(r'id="choose-company-\d+".*?</span> (.*?)</button>', page)
    assert offered == ["카카오", "라인"]
    company = models.Company.objects.get(name="카카오")
    client.post("/today/follow/", {"do": "follow", "company": company.pk, "choosing": "1"})
    page = fetch(client)
    # It stays until she is done, so that she can choose several.
    assert re.search(
        rf'id="choose-company-{company.pk}" name="do" value="unfollow" aria-pressed="true"', page
    )
    client.post("/today/follow/", {"do": "chosen"})
    assert "offer-lanes" not in fetch(client)
    client.post("/today/follow/", {"do": "choose"})
    assert "offer-lanes" in fetch(client)


def test_a_lane_is_folded_to_its_numbers_and_stays_so(client: Client):
    theme = factories.theme("AI")
    tell("큰 소식", theme="AI")
    client.post("/today/follow/", {"do": "fold", "theme": theme.pk})
    page = fetch(client)
    assert lanes(page) == {"AI": []}
    assert "<strong>1</strong> story in 24 hours" in page
    client.post("/today/follow/", {"do": "unfold", "theme": theme.pk})
    assert lanes(fetch(client)) == {"AI": ["큰 소식"]}


def test_a_lane_taken_away_comes_back_to_its_place(client: Client):
    first, _, _ = (factories.theme(name) for name in ("AI", "Bio", "Cleantech"))
    page = client.post("/today/follow/", {"do": "unfollow", "theme": first.pk}, follow=True).content.decode()
    assert "You no longer follow AI." in page
    toast = re.search(r"data-toast>.*?</form>", page, re.DOTALL)[0]
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="(.*?)">', toast))
    fields.pop("csrfmiddlewaretoken", None)
    back = client.post("/today/follow/", fields, follow=True).content.decode()
    assert list(lanes(back)) == ["AI", "Bio", "Cleantech"]
    assert "data-toast>" not in back


def test_the_stories_most_outlets_tell_stand_on_top_with_how_often_they_were_told(client: Client):
    tell("어디에도 없는 주제", "가", "나", "다")
    tell("한 곳만", "가")
    page = fetch(client)
    top = re.search(r'<section class="top-stories".*?</section>', page, re.DOTALL)[0]
    assert re.findall(r"<h3[^>]*><a[^>]*>(.*?)</a>", top) == ["어디에도 없는 주제"]
    assert "Articles every three hours, the last two days: 0, " in top
    assert ", 3" in top


def test_what_is_new_since_the_last_visit_is_marked(client: Client, analyst: User):
    tell("옛 소식", theme="AI", hours_ago=20)
    fetch(client)
    User.objects.filter(pk=analyst.pk).update(looked_at=timezone.now() - 6 * HOUR)
    tell("새 소식", theme="AI", hours_ago=3)
    page = fetch(client)
    section = re.search(r'<section class="lane[" ].*?</section>', page, re.DOTALL)[0]
    rows = dict(re.findall(r"<h3[^>]*><a[^>]*>(.*?)</a>(.*?)</li>", section, re.DOTALL))
    assert "new since then" in rows["새 소식"]
    assert "new since then" not in rows["옛 소식"]


def test_the_agenda_goes_by_week_and_keeps_a_year_out_of_it(client: Client):
    theme, today = factories.theme("Bio"), timezone.localdate()
    monday = today + datetime.timedelta(days=7 - today.weekday())
    for sentence, first, last in (
        ("오늘 발표한다", today, today),
        ("다음 주 발표한다", monday, monday),
        ("그 달 발표한다", monday, monday + datetime.timedelta(days=29)),
    ):
        event = models.Event.objects.create(
            starts_on=first,
            ends_on=last,
            precision="day" if first == last else "month",
            relation="planned",
            sentence=sentence,
            certainty=0.9,
            first_reported_at=timezone.now(),
        )
        models.EventTheme.objects.create(event=event, theme=theme, starts_on=first, ends_on=last)
    agenda = re.search(r'<aside class="agenda".*?</aside>', fetch(client), re.DOTALL)[0]
    parts = re.split(r"<h3>(.*?)</h3>", agenda)[1:]
    told = {
        name: re.findall(r"([가-힣]+) 발표한다", text)
        for name, text in zip(parts[::2], parts[1::2], strict=True)
    }
    assert told == {"This week": ["오늘"], "Next week": ["주"], "Later": ["달"]}
