"""What a company's and a theme's page tell beside the news."""

import datetime
import html
import re
from urllib.parse import unquote_plus

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import models, profile_reads
from tests import factories
from tests.integration import readers

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
analyst, client = readers.analyst, readers.client


def tell(*companies: str, days_ago: float = 1, theme: str = "", copies: int = 0) -> None:
    """A story that names these companies."""
    rows = [
        factories.article(
            " ".join(companies), companies=companies, published_at=timezone.now() - days_ago * DAY
        )
        for _ in range(1 + copies)
    ]
    for row in rows if theme else ():
        factories.tag_theme(row, factories.theme(theme))
    factories.story(*rows)


def companions(name: str, *, by_article: bool = False) -> dict[str, tuple[int, int]]:
    """Who is named with a company: how often, and the trend."""
    row = models.Company.objects.get(name=name)
    made = profile_reads.companions(row, now=timezone.now(), by_article=by_article)
    return {one.row.name: (one.count, one.trend) for one in (*made.companies, *made.themes)}


def fetch(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def page_of(client: Client, name: str, more: str = "") -> str:
    """A company's page with all its parts."""
    return fetch(
        client, f"/companies/{models.Company.objects.get(name=name).pk}/{more}{'&' if more else '?'}whole=1"
    )


def test_those_named_with_a_company_are_counted_in_stories_or_articles(client: Client):
    tell("LG화학", "삼성SDI", copies=2)
    tell("LG화학", "삼성SDI", theme="Bio")
    tell("LG화학", "SK온")
    tell("LG화학", "SK온", days_ago=40)
    tell("삼성SDI", "SK온")
    assert companions("LG화학") == {"삼성SDI": (2, 0), "SK온": (1, 0), "Bio": (1, 0)}
    assert companions("LG화학", by_article=True)["삼성SDI"][0] == 4


def test_each_leads_to_the_articles_that_name_both(client: Client):
    for number in range(3):
        tell("LG화학", "삼성SDI", days_ago=number)
    tell("LG화학")
    page = page_of(client, "LG화학")
    link = re.search(r'class="companion"><a href="([^"]*)"', page)[1]
    assert 'company:"LG화학" company:"삼성SDI" published:' in unquote_plus(link)
    assert client.get(link).content.decode().count('class="row-item') == 3


def test_who_comes_up_of_late_is_told_from_who_goes(client: Client):
    for number in range(8):
        tell("LG화학", "삼성SDI", days_ago=number + 0.5)
        tell("LG화학", "SK온", days_ago=number + 20)
        tell("LG화학", "CATL", days_ago=number * 3 + 1)
    found = companions("LG화학")
    assert [found[name][1] for name in ("삼성SDI", "SK온", "CATL")] == [1, -1, 0]
    page = page_of(client, "LG화학")
    assert page.count("more of late") == 1
    assert page.count("less of late") == 1
    assert "8 in the last 15 days, 0 in the 15 before" in page


def test_the_family_is_shown_from_the_group_down(client: Client):
    group = factories.company("LG", kind="group")
    chemistry = factories.company("LG화학", parent=group)
    cells = factories.company("LG에너지솔루션", parent=chemistry)
    factories.company("얼티엄셀즈", parent=cells)
    factories.company("꺼진 회사", parent=chemistry, enabled=False)
    factories.company("LG전자", parent=group)
    family = page_of(client, "LG화학").partition('class="family"')[2].partition("</section>")[0]
    names = re.findall(r">([^<>]+)</(?:a|strong)>", family)
    assert names == ["LG", "LG화학", "LG에너지솔루션", "얼티엄셀즈"]
    assert '<strong aria-current="true">LG화학</strong>' in family


def test_a_family_that_goes_round_in_a_circle_is_shown_all_the_same(client: Client):
    one = factories.company("하나")
    other = factories.company("둘", parent=one)
    models.Company.objects.filter(pk=one.pk).update(parent=other)
    assert "둘" in page_of(client, "하나")


def test_aliases_stand_under_their_kind(client: Client):
    company = factories.company("LG에너지솔루션")
    for text, kind, ambiguous in (
        ("LG Energy Solution", "english", False),
        ("LGES", "abbreviation", True),
        ("LG엔솔", "abbreviation", False),
    ):
        models.Alias.objects.create(company=company, text=text, kind=kind, ambiguous=ambiguous)
    forms = page_of(client, "LG에너지솔루션").partition('class="forms"')[2].partition("</section>")[0]
    assert re.findall(r"<dt>(.*?)</dt>", forms) == ["abbreviation", "English name"]
    assert forms.count("only with evidence beside it") == 2 + 1


def test_a_themes_page_tells_its_companies_and_the_themes_beside_it(client: Client):
    tell("LG화학", theme="Bio")
    tell("LG화학", theme="Bio")
    tell("카카오", theme="Bio")
    row = factories.article("둘 다", companies=["카카오"])
    for name in ("Bio", "AI"):
        factories.tag_theme(row, factories.theme(name))
    page = fetch(client, "/themes/Bio/?whole=1")
    named = re.findall(r'class="name">(.*?)</span><svg.*?class="count">(\d+)<', page)
    assert named == [("LG화학", "2"), ("카카오", "2"), ("AI", "1")]
    assert 'theme:"Bio" company:"LG화학"' in unquote_plus(page)


def test_a_part_of_a_theme_has_companions_of_its_own(client: Client):
    theme = factories.theme("Bio")
    for name, part in (("LG화학", "신약"), ("카카오", "진단")):
        row = factories.article(name, companies=[name])
        factories.tag_theme(row, theme)
        models.ThemeTag.objects.filter(article=row).update(subthemes=[part])
    page = fetch(client, "/themes/Bio/?part=신약&whole=1")
    assert re.findall(r'class="name">(.*?)</span><svg', page) == ["LG화학"]


def test_numbers_of_the_last_days_are_what_is_in_the_list(client: Client):
    tell("LG화학", copies=2)
    tell("LG화학", days_ago=5)
    tell("LG화학", days_ago=45)
    assert re.search(r"<strong>2</strong> stories.*from 4 articles", page_of(client, "LG화학"), re.DOTALL)
    assert re.search(r"<strong>4</strong> articles", page_of(client, "LG화학", "?by=article"))


def test_it_can_be_compared_followed_and_made_an_alert(client: Client):
    tell("LG화학")
    page = page_of(client, "LG화학")
    company = models.Company.objects.get()
    assert f"/compare/?c={company.pk}" in page
    assert re.search(r'name="do" value="follow"', page)
    assert 'query=company:"LG화학"' in unquote_plus(page)


@pytest.mark.parametrize("path", ["/companies/{}/", "/themes/Bio/"])
def test_the_list_and_the_companions_come_after_the_page(client: Client, path: str):
    tell("LG화학", "삼성SDI", theme="Bio")
    address = path.format(models.Company.objects.get(name="LG화학").pk)
    page = fetch(client, address)
    assert "삼성SDI" not in page
    assert 'class="row-item' not in page
    assert 'href="?whole=1"' in page
    for part, there, not_there in (
        ("named", 'class="companion"', 'class="row-item'),
        ("stream", 'class="row-item', 'class="companion"'),
    ):
        headers = {"HX-Request": "true", "HX-Target": part}
        answer = client.get(address, headers=headers)
        assert there in answer.content.decode()
        assert not_there not in answer.content.decode()
        assert "<html" not in answer.content.decode()
        assert "HX-Target" in answer["Vary"]


def test_companions_of_very_many_articles_are_those_of_the_newest(
    client: Client, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(profile_reads, "MOST_ARTICLES", 2)
    tell("LG화학", "삼성SDI")
    tell("LG화학", "SK온", days_ago=2)
    tell("LG화학", "CATL", days_ago=4)
    page = page_of(client, "LG화학")
    assert [name for name in ("삼성SDI", "SK온", "CATL") if f'class="name">{name}<' in page] == [
        "삼성SDI",
        "SK온",
    ]
    assert "in the newest 2 articles, since" in page


@pytest.mark.parametrize("path", ["/companies/{}/?whole=1", "/companies/{}/", "/themes/Bio/?whole=1"])
def test_the_page_costs_the_same_however_much_there_is(client: Client, path: str):
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            fetch(client, path.format(models.Company.objects.get(name="LG화학").pk))
        return len(asked)

    group = factories.company("LG", kind="group")
    factories.company("LG화학", parent=group)
    tell("LG화학", "삼성SDI", theme="Bio")
    cost()
    # So many in a day that the chart has a peak to explain, as there is one with more.
    for _ in range(8):
        tell("LG화학", "삼성SDI", theme="Bio", copies=1)
    few = cost()
    for number in range(12):
        factories.company(f"LG{number}", parent=models.Company.objects.get(name="LG화학"))
        tell("LG화학", "삼성SDI", f"회사{number}", days_ago=number, theme="Bio", copies=1)
    assert cost() == few
