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

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def analyst() -> User:
    return factories.person("analyst", language="en")


@pytest.fixture
def client(analyst: User) -> Client:
    client = Client()
    client.force_login(analyst)
    return client


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
    for section in re.findall(r'<section class="lane".*?</section>', page, re.DOTALL):
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

    tell("하나", "가", theme="AI", company="카카오")
    client.post("/today/follow/", {"do": "follow", "company": models.Company.objects.get().pk})
    fetch(client)
    few = cost()
    for number in range(10):
        tell(f"소식 {number}", "가", "나", theme="AI", company="카카오")
    assert cost() == few
    assert few <= 25


def test_an_empty_newsroom_says_what_to_do(client: Client):
    assert "Choose a company or a theme below" in fetch(client)
