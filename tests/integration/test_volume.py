"""The volume chart: rollups and articles tell the same, what is stacked, what its links ask for."""

import dataclasses
import datetime
from random import Random

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import filters, models, named_reads, reads, searching, volume
from articles.charts.volume import Step
from articles.volume import Stack, View
from tests import factories

pytestmark = pytest.mark.django_db
NOW = factories.NOW
COMPANIES = tuple(f"가온{number}" for number in range(9))


@pytest.fixture
def news() -> list[models.Article]:
    random = Random(4)
    rows = [
        factories.article(
            f"소식 {number}",
            companies=random.sample(COMPANIES, random.choice([0, 1, 1, 2])),
            themes=random.sample(("AI", "Bio", "Cleantech"), random.choice([0, 1, 2])),
            published_at=NOW - datetime.timedelta(hours=random.randrange(24 * 40)),
        )
        for number in range(60)
    ]
    factories.story(*sorted(rows[:9], key=lambda row: row.published_at))
    return rows


def uncounted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have nothing answered by the rollups."""
    monkeypatch.setattr(reads, "subject_of", lambda wanted: None)


def numbers(shown: volume.Volume) -> dict[str, tuple[int, ...]]:
    return {one.key: one.counts for one in shown.series}


@pytest.mark.parametrize("stack", list(Stack))
@pytest.mark.parametrize("step", [Step.DAY, Step.WEEK])
@pytest.mark.parametrize("by_article", [True, False])
def test_rollups_and_articles_tell_the_same(
    news: list[models.Article], monkeypatch: pytest.MonkeyPatch, stack: Stack, step: Step, by_article: bool
):
    company = models.Company.objects.get(name=COMPANIES[0])
    some = [
        filters.Filters(by_article=by_article),
        filters.Filters(by_article=by_article, companies=(company,)),
        filters.Filters(by_article=by_article, themes=(models.Theme.objects.get(name="AI"),)),
    ]
    view = View(step, stack)
    told = [numbers(volume.read(wanted, view, now=NOW)) for wanted in some]
    panels = [reads.panel(wanted, now=NOW) for wanted in some]
    uncounted(monkeypatch)
    assert [numbers(volume.read(wanted, view, now=NOW)) for wanted in some] == told
    assert [reads.panel(wanted, now=NOW) for wanted in some] == panels
    assert any(sum(counts) for counts in told[0].values())


@pytest.mark.parametrize("by_article", [True, False])
def test_tags_and_articles_tell_the_same_in_one_statement_and_in_two(
    news: list[models.Article], monkeypatch: pytest.MonkeyPatch, by_article: bool
):
    companies = tuple(models.Company.objects.filter(name__in=COMPANIES[:3]).order_by("name"))
    themes = tuple(models.Theme.objects.filter(name__in=("AI", "Bio")))
    models.ThemeTag.objects.filter(theme=themes[0], pk__in=range(0, 10**6, 2)).update(subthemes=["chips"])
    some = [
        filters.Filters(by_article=by_article, **wanted)
        for wanted in (
            {"companies": companies},
            {"companies": companies[:1], "themes": themes},
            {"themes": themes[:1], "subtheme": "chips"},
            {"companies": companies, "themes": themes[:1], "subtheme": "chips"},
            {"companies": companies, "language": "ko", "outlet": models.Outlet.objects.get()},
            {"query": "소식", "themes": themes},
            {"language": "ko"},
        )
    ]
    view = View(Step.WEEK)
    told = [numbers(volume.read(wanted, view, now=NOW)) for wanted in some]
    panels = [reads.panel(wanted, now=NOW) for wanted in some]
    for number, wanted in enumerate(some):
        found = volume.named(wanted, view, now=NOW)
        assert numbers(volume.read(wanted, view, now=NOW, found=found)) == told[number]
        assert reads.panel(wanted, now=NOW, found=found) == panels[number]
    monkeypatch.setattr(searching, "search", lambda wanted, context: None)
    monkeypatch.setattr(named_reads, "is_tags_alone", lambda wanted: False)
    assert [numbers(volume.read(wanted, view, now=NOW)) for wanted in some] == told
    assert [reads.panel(wanted, now=NOW) for wanted in some] == panels
    assert all(sum(counts["all"]) for counts in told)


def test_a_part_of_a_theme_is_counted_to_its_end(monkeypatch: pytest.MonkeyPatch):
    for number in range(3):
        factories.article(f"칩 {number}", themes=["AI"], published_at=NOW)
    models.ThemeTag.objects.update(subthemes=["chips"])
    monkeypatch.setattr(named_reads, "MOST", 2)
    wanted = filters.Filters(themes=(models.Theme.objects.get(name="AI"),), subtheme="chips")
    panel = reads.panel(wanted, now=NOW)
    assert (panel.articles, panel.is_cut, [facet.count for facet in panel.themes if facet.count]) == (
        3,
        True,
        [2],
    )
    assert sum(numbers(volume.read(wanted, View(), now=NOW))["all"]) == 3


@pytest.mark.parametrize("wanted", [{"language": "ko"}, {"query": "칩"}])
def test_of_very_many_the_newest_tell_whom_they_name_and_all_are_counted(
    monkeypatch: pytest.MonkeyPatch, wanted: dict[str, str]
):
    for number in range(3):
        at = NOW - datetime.timedelta(hours=number)
        factories.article(f"칩 {number}", companies=[f"회사 {number}"], published_at=at)
    monkeypatch.setattr(named_reads, "MOST", 2)
    panel = reads.panel(filters.Filters(**wanted), now=NOW)
    assert (panel.articles, panel.is_cut) == (3, True)
    assert [facet.name for facet in panel.companies] == ["회사 0", "회사 1"]


def test_the_companies_named_most_are_told_apart_and_the_rest_together(news: list[models.Article]):
    shown = volume.read(filters.Filters(by_article=True), View(None, Stack.COMPANY), now=NOW)
    assert len(shown.series) == volume.MOST_SERIES + 1
    assert shown.series[-1].key == volume.REST
    since = NOW - datetime.timedelta(days=29, hours=12)
    named = models.CompanyTag.objects.filter(published_at__gte=since).count()
    assert sum(one.total for one in shown.series) == named


def test_a_hidden_series_is_in_the_table_and_not_in_the_bars(news: list[models.Article]):
    view = volume.view_of(QueryDict("stack=theme"))
    first = volume.read(filters.Filters(), view, now=NOW).series[0]
    other = volume.view_of(QueryDict(first.parameters))
    shown = volume.read(filters.Filters(), other, now=NOW)
    assert [one.key for one in shown.series if one.is_hidden] == [first.key]
    assert first.key not in {one.key for one in shown.shown}
    assert QueryDict(shown.series[0].parameters) == QueryDict("stack=theme")


def test_what_makes_no_sense_in_an_address_is_left_out():
    assert volume.view_of(QueryDict("step=year&stack=moon&hide=x&hide=12")) == View(hidden=frozenset({"12"}))


def test_a_step_that_a_period_is_too_long_for_gives_way():
    wanted = filters.Filters(since=datetime.date(1990, 1, 1), until=datetime.date(2026, 1, 1))
    shown = volume.read(wanted, View(Step.HOUR), now=NOW)
    assert shown.step == Step.MONTH
    assert len(shown.drawn.columns) == 36 * 12 + 1


def test_a_peak_names_the_story_that_most_articles_told():
    rows = [factories.article(f"착공 {number}", published_at=NOW) for number in range(8)]
    story = factories.story(*rows)
    factories.article("다른 소식", published_at=NOW)
    shown = volume.read(filters.Filters(by_article=True), View(), now=NOW)
    assert [(peak.number, peak.story.pk, peak.articles) for peak in shown.peaks] == [(1, story.pk, 8)]


def test_links_keep_the_view_and_the_filters(news: list[models.Article]):
    wanted = filters.Filters(themes=(models.Theme.objects.get(name="AI"),), by_article=True)
    shown = volume.read(wanted, View(None, Stack.COMPANY, frozenset({"3"})), now=NOW)
    found = QueryDict(shown.links[0])
    assert (found["theme"], found["by"], found["stack"], found["hide"]) == ("AI", "article", "company", "3")
    assert found["since"] == found["until"] == shown.since.isoformat()
    day = dataclasses.replace(wanted, since=shown.until, until=shown.until)
    hours = volume.read(day, View(), now=NOW)
    assert len(hours.links) == 24
    assert reads.parse_cursor(QueryDict(hours.links[5])["before"]) is not None


def test_the_number_of_queries_does_not_grow_with_the_rows(news: list[models.Article]):
    def queries() -> list[int]:
        counted = []
        for stack in Stack:
            for wanted in (filters.Filters(), filters.Filters(language="ko")):
                with CaptureQueriesContext(
                    connection,
                ) as captured:
                    volume.read(wanted, View(None, stack), now=NOW)
                counted.append(len(captured))
        return counted

    before = queries()
    assert max(before) <= 6
    for number in range(30):
        factories.article(f"새 {number}", companies=COMPANIES, themes=["AI"], published_at=NOW)
    after = queries()
    # A peak that was not there before asks for its story.
    assert all(late <= early + 2 for early, late in zip(before, after, strict=True))
    assert max(after) <= 6


def test_the_page_has_every_number_twice_and_needs_no_script(news: list[models.Article]):
    client = Client()
    client.force_login(factories.person("analyst"))
    page = client.get("/timeline/", {"stack": "theme", "since": "2026-11-01", "until": "2026-11-20"})
    text = page.content.decode()
    assert text.count('class="col"') == 20
    assert text.count('<th scope="row"><a ') == 20
    assert 'name="stack" value="theme"' in text
    assert "style=" not in text
