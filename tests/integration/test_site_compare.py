"""Companies and themes side by side."""

import csv
import datetime
import html
import io
import itertools
import re
from urllib.parse import unquote_plus

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import compare_reads, comparing, models, rollups
from tests import factories
from tests.integration import readers

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
analyst, client = readers.analyst, readers.client


def tell(
    *companies: str, days_ago: float = 1, outlets: int = 1, title: str = "", theme: str = ""
) -> models.Story:
    """A story of so many outlets that names these companies."""
    rows = []
    for number in range(outlets):
        rows.append(
            factories.article(
                title or " ".join(companies),
                companies=companies,
                of=factories.source(factories.outlet(f"신문 {number}")),
                published_at=timezone.now() - days_ago * DAY,
            )
        )
        if theme:
            factories.tag_theme(rows[-1], factories.theme(theme))
    return factories.story(*rows)


def address(*names: str, more: str = "") -> str:
    companies = {row.name: f"c={row.pk}" for row in models.Company.objects.all()}
    return "/compare/?" + "&".join(companies.get(name, f"t={name}") for name in names) + more


def fetch(client: Client, *names: str, more: str = "") -> str:
    response = client.get(address(*names, more=more))
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def counted(*names: str, more: str = "") -> compare_reads.Counted:
    today = timezone.localdate()
    asked = comparing.read(address(*names, more=more).partition("?")[2], today=today)
    return compare_reads.count(asked, now=timezone.now())


def found_by(client: Client, page: str, number: str) -> list[int]:
    """How many rows each search has that a number of the page leads to."""
    links = re.findall(rf'href="(/search/\?[^"]*)"[^>]*>{number}\b', page)
    return [client.get(link).content.decode().count('class="row-item') for link in links]


def test_whoever_has_chosen_nothing_is_shown_how_and_ready_examples(client: Client):
    for name in ("AI", "Bio", "Cleantech"):
        factories.theme(name)
    tell("LG화학", "삼성SDI", theme="AI")
    page = fetch(client)
    assert "Two to six companies or themes" in page
    examples = re.findall(r'<a href="\?([^"]*)"><span class="quiet">', page)
    assert "t=AI&t=Bio&t=Cleantech" in examples
    assert all("Share of voice" in fetch(client, more=example) for example in examples)
    assert len(examples) == 2


def test_one_company_is_offered_those_named_with_it_and_its_own_group(client: Client):
    group = factories.company("LG", kind="group")
    factories.company("LG화학", parent=group)
    factories.company("LG전자", parent=group)
    tell("LG화학", "삼성SDI")
    page = fetch(client, "LG화학")
    assert "Compare LG화학 with …" in page
    offered = re.findall(r"<strong>(.*?)</strong></a>", page)
    assert "LG화학 · 삼성SDI" in offered
    assert "LG화학 · LG전자" in offered


def test_each_is_counted_in_stories_and_in_articles(client: Client):
    tell("LG화학", outlets=3)
    tell("LG화학", "삼성SDI", outlets=2)
    tell("삼성SDI")
    made = counted("LG화학", "삼성SDI")
    assert made.totals == (rollups.Count(5, 2), rollups.Count(3, 2))
    assert made.together == rollups.Count(6, 3)
    assert made.pair(1, 0) == rollups.Count(2, 1)
    page = fetch(client, "LG화학", "삼성SDI")
    assert re.findall(r"<strong>(\d+%)</strong>", page) == ["67%", "67%"]
    assert "Of 3 stories that name any of them" in page
    page = fetch(client, "LG화학", "삼성SDI", more="&by=article")
    assert re.findall(r"<strong>(\d+%)</strong>", page) == ["83%", "50%"]


def test_a_story_counts_on_each_day_and_once_in_all(client: Client):
    first = factories.article("LG화학", companies=["LG화학"], published_at=timezone.now() - 3 * DAY)
    later = factories.article("LG화학", companies=["LG화학"], published_at=timezone.now() - 2 * DAY)
    factories.story(first, later)
    tell("삼성SDI")
    made = counted("LG화학", "삼성SDI")
    assert [count.stories for (number, _), count in sorted(made.parts.items()) if number == 0] == [1, 1]
    assert made.totals[0].stories == 1


def test_an_article_in_no_story_counts_as_one(client: Client):
    factories.article("LG화학", companies=["LG화학"])
    factories.article("LG화학과 삼성SDI", companies=["LG화학", "삼성SDI"])
    made = counted("LG화학", "삼성SDI")
    assert made.together == rollups.Count(2, 2)
    assert made.pair(0, 1) == rollups.Count(1, 1)


def test_every_number_leads_to_what_it_counts(client: Client):
    tell("LG화학", "삼성SDI", outlets=2)
    tell("LG화학", "삼성SDI", days_ago=4)
    for number in range(3):
        tell("LG화학", days_ago=number)
    page = fetch(client, "LG화학", "삼성SDI")
    assert found_by(client, page, "5") == [5, 5]
    assert found_by(client, page, "2") == [2, 2, 2, 2]
    assert 'company:"LG화학" company:"삼성SDI" published:' in unquote_plus(page)


def test_themes_and_companies_stand_together_in_the_order_of_the_address(client: Client):
    factories.theme("Bio")
    tell("LG화학", theme="Bio")
    page = fetch(client, "Bio", "LG화학")
    assert re.findall(r'class="subject-name"[^>]*>(.*?)</a>', page) == ["Bio", "LG화학"]
    assert counted("Bio", "LG화학").pair(0, 1).stories == 1


def test_the_change_is_against_as_many_days_before(client: Client):
    for days in (1, 2, 3):
        tell("LG화학", days_ago=days)
    tell("삼성SDI", days_ago=2)
    for days in (31, 32):
        tell("LG화학", days_ago=days)
    tell("LG화학", days_ago=65)
    made = counted("LG화학", "삼성SDI")
    assert made.earlier == (rollups.Count(2, 2), rollups.Count())
    page = fetch(client, "LG화학", "삼성SDI")
    assert '<span class="up">+50%</span> <span class="quiet">−25.0 points</span>' in page
    assert "none before" in page


def test_what_named_both_before_counts_once_before(client: Client):
    tell("LG화학", "삼성SDI", days_ago=31, outlets=2)
    tell("LG화학", days_ago=32)
    tell("LG화학", "삼성SDI", days_ago=2)
    today = timezone.localdate()
    asked = comparing.read(address("LG화학", "삼성SDI").partition("?")[2], today=today)
    made = compare_reads.count(asked, now=timezone.now(), both_units=True)
    assert made.earlier_together == rollups.Count(3, 2)
    assert counted("LG화학", "삼성SDI", more="&by=article").earlier_together == rollups.Count(3, 2)
    assert counted("LG화학", "삼성SDI").earlier_together.stories == 2
    rows = client.get(address("LG화학", "삼성SDI").replace("?", "numbers.csv?")).getvalue().decode()
    assert re.search(r"any before,[^,]*,[^,]*,,,3,2\r?\n", rows)


def test_a_day_on_which_one_stood_out_is_named_with_its_story(client: Client):
    for days in range(1, 12):
        tell("LG화학", days_ago=days)
        tell("삼성SDI", days_ago=days)
    for number in range(9):
        tell("삼성SDI", days_ago=5, title=f"삼성SDI 소식 {number}")
    tell("삼성SDI", days_ago=5, outlets=4, title="삼성SDI 공장에 불")
    page = fetch(client, "LG화학", "삼성SDI", more="&days=14")
    parts = page.partition('id="compare-partings"')[2].partition("</section>")[0]
    day = timezone.localdate(timezone.now() - 5 * DAY)
    assert re.findall(r'<time datetime="(.*?)"', parts) == [day.isoformat()]
    assert "11 stories" in parts
    assert "삼성SDI 공장에 불" in parts


def test_where_nothing_stands_out_the_page_says_so(client: Client):
    tell("LG화학")
    tell("삼성SDI")
    assert "No one stood out" in fetch(client, "LG화학", "삼성SDI")


def test_days_without_any_news_say_what_to_do(client: Client):
    tell("LG화학", days_ago=200)
    factories.company("삼성SDI")
    page = fetch(client, "LG화학", "삼성SDI")
    assert "None of them is in the news of these days" in page
    assert "days=365" in page


def test_a_name_typed_is_added_also_by_its_alias_or_its_beginning(client: Client):
    factories.company("LG화학", "엘지화학")
    factories.theme("Cleantech")
    for typed, added in (("엘지화학", "c="), ("LG화", "c="), ("cleantech", "t=Cleantech")):
        response = client.get("/compare/", {"t": "Bio", "add": typed})
        assert response.status_code == 302
        assert added in response["Location"]
    page = client.get("/compare/", {"add": "없는 회사"}).content.decode()
    assert "No company or theme on the watch list is called “없는 회사”" in page


def test_names_are_completed_for_companies_and_themes(client: Client):
    factories.theme("Cleantech")
    factories.company("Clean Harbors")
    page = client.get("/compare/options", {"add": "cle"}).content.decode()
    assert re.findall(r'value="(.*?)"', page) == ["Cleantech", "Clean Harbors"]


def test_more_than_six_and_unknown_ones_are_told(client: Client):
    names = [f"회사{number}" for number in range(7)]
    for name in names:
        factories.company(name)
    page = fetch(client, *names, more="&c=999999&c=x&t=None")
    assert len(re.findall(r'class="subject-name"', page)) == 6
    assert "Six are compared at most" in page
    assert "3 that this address names are not on the watch list" in page


@pytest.mark.parametrize(
    "more",
    [
        "&days=0",
        "&days=99999999999",
        "&days=²",
        "&since=x",
        "&since=0001-01-01&until=9999-12-31",
        "&since=2026-05-01&until=2026-04-01",
        "&step=hour",
        "&step=day&days=365",
        "&add=%00",
        "&c=99999999999999999999",
        "&t=%00",
    ],
)
def test_an_address_of_nonsense_is_no_error(client: Client, more: str):
    tell("LG화학", "삼성SDI")
    assert client.get(address("LG화학", "삼성SDI", more=more)).status_code == 200


@pytest.mark.parametrize(
    ("days", "step", "is_step"), [(7, "", "day"), (90, "", "week"), (365, "", "month"), (365, "day", "week")]
)
def test_the_step_fits_the_length(days: int, step: str, is_step: str):
    asked = comparing.read(f"days={days}&step={step}", today=datetime.date(2026, 11, 22))
    assert asked.step == is_step
    stretches = asked.stretches()
    assert stretches[0][0] == asked.since
    assert stretches[-1][1] == asked.until
    assert all(before[1] + DAY == after[0] for before, after in itertools.pairwise(stretches))


def test_the_address_holds_everything(client: Client):
    tell("LG화학", "삼성SDI")
    more = "&since=2026-01-05&until=2026-03-09&step=week&by=article&chart=small"
    given = address("LG화학", "삼성SDI", more=more).partition("?")[2]
    asked = comparing.read(given, today=timezone.localdate())
    assert asked.parameters() == given
    assert "Side by side" in fetch(client, "LG화학", "삼성SDI", more=more)


def test_all_numbers_come_as_a_file(client: Client):
    factories.company("=1+1")
    tell("LG화학", "=1+1", outlets=2)
    response = client.get(address("LG화학", "=1+1", more="&days=7").replace("?", "numbers.csv?"))
    assert response["Content-Type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig"))))
    assert rows[0] == ["what", "from", "to", "name", "and", "articles", "stories"]
    assert len([row for row in rows if row[0] == "day"]) == 14
    assert ["both", "LG화학", "'=1+1", "2", "1"] in [[row[0], *row[3:]] for row in rows]
    assert client.get("/compare/numbers.csv").status_code == 404


def test_nobody_compares_without_logging_in():
    for path in ("/compare/", "/compare/options", "/compare/numbers.csv"):
        assert Client().get(path).status_code == 302


def test_the_page_costs_the_same_however_much_there_is(client: Client):
    def cost(*names: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            fetch(client, *names)
        return len(asked)

    tell("LG화학", "삼성SDI")
    factories.theme("Bio")
    fetch(client, "LG화학", "삼성SDI")
    few = cost("LG화학", "삼성SDI", "Bio")
    for number in range(12):
        tell("LG화학", "삼성SDI", "SK온", days_ago=number, outlets=2, theme="Bio")
    assert cost("LG화학", "삼성SDI", "SK온", "Bio") == few
    assert few <= 10
