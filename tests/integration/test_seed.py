"""The article that the project exists for, page clutter and all, through the whole pipeline."""

import html
import re

import pytest
from django.test import Client
from django.utils import timezone

from articles import chronicle, models, pipeline, placing, watchlist_store
from articles.search import matches, query
from tests import factories, shared, web

pytestmark = shared.needs_shared

COMPANIES = {"LG", "LG화학", "LG전자", "아베오", "다나파버", "랩센트럴", "벡터연구소", "자나두"}
# Words of the headlines and notices around the article.
CLUTTER = [
    "라임펀드",
    "푸바오",
    "우울증",
    "과속",
    "초콜릿",
    "노컷뉴스",
    "무단전재",
    "글자크기",
    "이재명",
    "금감원",
]


def page_of(lines):
    paragraphs = "".join(f"<p>{html.escape(line)}</p>" for line in lines)
    head = f"<head><meta charset=utf-8><title>{html.escape(lines[0])}</title></head>"
    return f"<html>{head}<body>{paragraphs}</body></html>"


@pytest.fixture
def article(transactional_db):
    lines = (shared.SHARED / "seed" / "article.txt").read_text(encoding="utf-8").splitlines()
    watchlist_store.load_shipped()
    pipeline.recognition.cache_clear()
    with web.Site() as site:
        site.put_feed(
            "/feed",
            {"guid": "seed", "path": "/news/1", "title": "", "date": "Thu, 24 Aug 2023 09:00:00 +0900"},
        )
        site.pages["/news/1"] = page_of(lines).encode()
        outlet = models.Outlet.objects.create(name="노컷뉴스")
        models.Source.objects.create(
            outlet=outlet, title="전체", url=site.url + "/feed", next_poll_at=timezone.now(), language="ko"
        )
        pipeline.poll_due(now=timezone.now)
        pipeline.fetch_due_pages(now=timezone.now)
        pipeline.process_waiting(now=timezone.now)
    return models.Article.objects.ready().get()


def test_it_is_tagged_with_its_companies_and_themes_and_nothing_from_the_clutter(article):
    tagged = set(article.company_tags.values_list("company__name", flat=True))
    assert tagged >= COMPANIES
    # LG's own research lab is named in the text too.
    assert tagged - COMPANIES <= {"LG AI연구원"}
    assert set(article.theme_tags.values_list("theme__name", flat=True)) == {"AI", "Bio", "Cleantech"}


def test_both_misspelt_names_are_evidence(article):
    assert set(article.mentions.filter(company__name="랩센트럴").values_list("text", flat=True)) >= {
        "랩세트럴",
        "랩센트럴",
    }
    assert {"백터연구소", "벡터연구소"} <= set(
        article.mentions.filter(company__name="벡터연구소").values_list("text", flat=True)
    )


def test_its_body_has_twelve_paragraphs_each_once_and_a_byline(article):
    paragraphs = article.body.split("\n\n")
    assert len(paragraphs) == len(set(paragraphs)) == 12
    assert article.author.startswith("장성주")


@pytest.mark.parametrize("word", CLUTTER)
def test_nothing_of_the_clutter_is_matched(article, word):
    document = matches.SearchDocument(id="1", title=article.title, text=article.body)
    assert matches.matches(query.parse_query(word), matches.prepare(document)) is None
    assert word not in article.body


def test_the_clutter_is_kept_as_regions_of_its_page(article):
    kept = "\n".join(region["text"] for region in article.page.regions)
    assert all(word in kept for word in ["라임펀드", "푸바오", "무단전재", "글자크기"])


def page(path):
    client = Client(headers={"accept-language": "ko"})
    client.force_login(factories.person())
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_its_events_stand_on_the_groups_page_in_order_of_when_they_happened(article):
    placing.place_waiting(now=timezone.now)
    chronicle.tell_waiting(now=timezone.now)
    shown = page(f"/companies/{models.Company.objects.get(name='LG').pk}/")
    events = re.findall(
        r'<p class="event-when"><time[^>]*>([^<]*)</time> <span class="standing">([^<]*)</span>', shown
    )
    assert events == [
        ("2030년까지", "목표"),
        ("2023년 8월 21–24일", "있었던 일"),
        ("2023년 1월", "있었던 일"),
        ("2020년", "있었던 일"),
        ("2019년", "있었던 일"),
        ("2017년", "있었던 일"),
    ]
    assert '<mark class="hl hl-date">지난 1월</mark>' in shown
    assert '<mark class="hl hl-company">아베오</mark>' in shown
    assert shown.count("노컷뉴스 · <time") == 6


def test_its_speaker_is_quoted_on_the_groups_page(article):
    placing.place_waiting(now=timezone.now)
    chronicle.tell_waiting(now=timezone.now)
    shown = page(f"/companies/{models.Company.objects.get(name='LG').pk}/quotes/")
    assert "<strong>구광모</strong> 대표" in shown
    assert "AI는 향후" in shown


def test_its_page_marks_times_with_what_they_mean_and_why(article):
    shown = page(f"/articles/{article.pk}/")
    assert re.search(
        r'<mark class="hl hl-date" data-reason="지난 1월 → 2023년 1월: '
        r"기사가 나온 2023년 8월 24일 앞의 가장 가까운 때[^>]*>지난 1월</mark>",
        shown,
    )
    assert "2030년까지 → 2030년까지: 글에 적힌 그대로 · 목표" in shown
    assert re.search(r'hl-quote begins" data-reason="[^"]*구광모 대표의 말', shown)
    for kind in ("company", "theme", "date", "quote"):
        assert f'id="marks-{kind}"' in shown
