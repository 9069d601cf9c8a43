"""The article page: evidence drawn over hostile text, times, versions, and what else was on the page."""

import datetime
import html
import re

import pytest
from django.test import Client
from django.utils import timezone, translation

from articles import models, rules
from articles.tagging import mentions, recognise, watchlist
from newswatch.sample import newsroom
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(factories.person())
    return client


def fetch(client: Client, article: models.Article) -> str:
    response = client.get(f"/articles/{article.pk}/")
    assert response.status_code == 200
    return response.content.decode()


def test_companies_themes_and_teams_are_marked_in_different_ways(client: Client):
    article = factories.article(
        "LG화학 소식", "LG화학이 배터리를 만든다. 두산이 이겼다.", companies=["LG화학"]
    )
    factories.tag_theme(article, factories.theme("Cleantech"), term="배터리")
    start = article.body.index("두산")
    factories.mention(
        article,
        "text",
        start,
        "두산",
        kind="sport",
        company=factories.company("두산"),
        rule="team: the sentence speaks of sport",
    )
    page = fetch(client, article)
    assert re.search(
        r'<mark class="hl hl-company"[^>]*>LG화학</mark>이 <mark class="hl hl-theme tone-0"[^>]*>배터리</mark>를',
        page,
    )
    assert re.search(r'<mark class="hl hl-sport"[^>]*>두산</mark>이', page)
    assert "스포츠 팀" in page
    assert f"/companies/{factories.company('두산').pk}/" not in page


def test_each_mark_says_why_in_a_sentence(client: Client):
    article = factories.article("LG화학 소식", companies=["LG화학"])
    assert 'data-reason="회사 LG화학. 근거: 이름 그대로 · 확실도 95%"' in fetch(client, article)


def test_the_keyboard_reaches_the_first_mark_of_each_name(client: Client):
    article = factories.article("제목", "LG화학과 LG화학과 LG화학", companies=["LG화학"])
    page = fetch(client, article)
    assert page.count('<mark class="hl hl-company" data-reason') == 3
    assert page.count('tabindex="0"') == 1


def test_overlapping_mentions_lose_no_letter(client: Client):
    article = factories.article("제목", "가나다라마바사")
    theme, company = factories.theme("AI"), factories.company("다라마")
    models.CompanyTag.objects.create(
        article=article, company=company, confidence=0.9, published_at=article.published_at
    )
    factories.mention(article, "text", 1, "나다라", kind="theme", theme=theme)
    factories.mention(article, "text", 2, "다라마", kind="company", company=company)
    body = re.search(r'<div class="body".*?<p>(.*?)</p>', fetch(client, article), re.DOTALL)[1]
    assert html.unescape(re.sub(r"<[^>]*>", "", body)) == "가나다라마바사"
    assert re.search(r'<mark class="hl hl-theme tone-0 hl-company"[^>]*>다라</mark>', body)


def test_hostile_text_is_shown_as_text(client: Client):
    evil = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
    article = factories.article(
        evil,
        f"본문 {evil}\n\n{evil}",
        author=evil[:300],
        section=evil[:100],
        summary=evil,
        url="javascript:alert(1)",
    )
    factories.tag_company(article, factories.company(evil))
    page_row = models.Page(article=article, url=article.url, fetched_at=timezone.now(), markup=b"")
    page_row.regions = [
        {"kind": "comment", "text": evil},
        {"kind": evil, "text": "이상한 종류"},
        {"kind": "subtitle", "text": evil},
    ]
    page_row.save()
    models.Version.objects.create(
        article=article, number=1, title=evil, body=evil, replaced_at=timezone.now()
    )
    for page in (
        fetch(client, article),
        client.get("/timeline/").content.decode(),
        client.get("/search/", {"q": "alert"}).content.decode(),
    ):
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "javascript:alert" not in page
        assert "&lt;script&gt;" in page


def test_the_original_opens_without_telling_where_from(client: Client):
    article = factories.article(url="http://127.0.0.1/a?b=1&c=2")
    assert 'href="http://127.0.0.1/a?b=1&amp;c=2" rel="noopener noreferrer"' in fetch(client, article)


def test_the_rest_of_the_page_is_kept_apart_by_kind(client: Client):
    article = factories.article("제목", "본문이다.")
    regions = [
        {"kind": "title", "text": "제목"},
        {"kind": "body", "text": "본문이다."},
        {"kind": "subtitle", "text": "부제목 한 줄"},
        {"kind": "related", "text": "다른 기사 하나"},
        {"kind": "related", "text": "다른 기사 하나"},
        {"kind": "notice", "text": "글자 크기"},
    ]
    models.Page.objects.create(
        article=article, url="http://x", fetched_at=timezone.now(), markup=b"", regions=regions
    )
    page = fetch(client, article)
    assert '<p class="standfirst" lang="ko">부제목 한 줄</p>' in page
    rest = page[page.index("지면의 나머지") :]
    assert rest.index("다른 기사 제목") < rest.index("다른 기사 하나") < rest.index("글자 크기")
    assert rest.count("다른 기사 하나") == 1
    assert page.count("본문이다.") == 1


def test_times_are_told_in_the_readers_and_in_the_sources_zone(client: Client):
    there = factories.source(time_zone="America/New_York")
    at = datetime.datetime(2026, 7, 1, 12, tzinfo=datetime.UTC)
    page = fetch(client, factories.article(of=there, published_at=at))
    assert "2026-07-01 21:00 KST" in page
    assert "매체 현지 2026-07-01 08:00 EDT" in page


def revised(title: str, body: str, *earlier: tuple[str, str]) -> models.Article:
    """An article with earlier versions, the first one first."""
    article = factories.article(title, body, version=len(earlier) + 1, changed_at=timezone.now())
    for number, (old_title, old_body) in enumerate(earlier, 1):
        models.Version.objects.create(
            article=article, number=number, title=old_title, body=old_body, replaced_at=timezone.now()
        )
    return article


def bare(page: str) -> str:
    """The page without what is said to screen readers alone."""
    return re.sub(r'<span class="visually-hidden">[^<]*</span>', "", page)


def test_an_earlier_version_is_shown_by_what_changed_since(client: Client):
    page = bare(
        fetch(
            client,
            revised("새 제목", "그는 25일 왔다.\n\n둘째 문단.", ("옛 제목", "그는 24일 왔다.\n\n둘째 문단.")),
        )
    )
    assert "1판" in page
    assert "<del>옛</del><ins>새</ins> 제목" in page
    assert "그는 <del>24일</del><ins>25일</ins> 왔다." in page
    assert '<p class="kept">둘째 문단.</p>' in page


def test_each_version_is_compared_with_the_one_that_followed(client: Client):
    page = bare(fetch(client, revised("제목", "셋째 글.", ("제목", "첫째 글."), ("제목", "둘째 글."))))
    assert page.index("<del>둘째</del><ins>셋째</ins> 글.") < page.index("<del>첫째</del><ins>둘째</ins> 글.")


def test_a_change_says_to_ears_what_it_shows_to_eyes(client: Client):
    page = fetch(client, revised("제목", "새 글.", ("제목", "옛 글.")))
    assert (
        '<del><span class="visually-hidden">[삭제: </span>옛<span class="visually-hidden">] </span></del>'
        in page
    )
    assert (
        '<ins><span class="visually-hidden">[추가: </span>새<span class="visually-hidden">] </span></ins>'
        in page
    )


def test_a_hostile_version_stays_text(client: Client):
    hostile = "<script>alert(1)</script> <b>글</b>"
    page = fetch(client, revised(f"{hostile} 새", hostile, (f"{hostile} 옛", f"{hostile} </del>")))
    assert "<script>alert" not in page
    assert "<b>글" not in page
    assert "&lt;/" in page


def test_an_article_without_a_page_says_so(client: Client):
    article = factories.article(text_from="feed", page_error="the server answered 403")
    page = fetch(client, article)
    assert "피드의 글을 보여 줍니다" in page
    assert "서버가 403" in page
    assert "피드만" in client.get("/timeline/").content.decode()


def test_an_article_names_the_others_of_its_story_and_leads_to_it(client: Client):
    at = timezone.now()
    article = factories.article("같은 제목", of=factories.source(factories.outlet("이신문")))
    other = factories.article("다른 제목", of=factories.source(factories.outlet("다른신문")), published_at=at)
    story = factories.story(article, other)
    page = fetch(client, article)
    box = page[page.index('class="around"') :]
    assert "다른신문" in box
    assert f"/articles/{other.pk}/" in box
    assert f"/stories/{story.pk}/" in box
    assert "copy-of" not in page


def test_a_copy_says_whose_text_it_has(client: Client):
    original = factories.article("원문", of=factories.source(factories.outlet("첫신문")))
    copy = factories.article("옮긴 기사", of=factories.source(factories.outlet("둘째신문")))
    factories.story(original, copies=[copy])
    note = re.search(r'<p class="notice copy-of">(.*?)</p>', fetch(client, copy), re.DOTALL)[1]
    assert "첫신문" in note
    assert f"/articles/{original.pk}/" in note
    assert "copy-of" not in fetch(client, original)


def test_an_article_alone_in_its_story_has_no_box(client: Client):
    article = factories.article()
    factories.story(article)
    assert 'class="around"' not in fetch(client, article)


def test_every_rule_the_sample_newsroom_meets_has_words_in_korean():
    library = newsroom.shipped()
    recogniser = recognise.Recogniser(watchlist.shipped())
    anchor = factories.NOW
    found = set()
    for draft in library.drafts.values():
        article = newsroom.compose(library, draft, anchor=anchor)
        text = "\n\n".join(block.text for block in newsroom.blocks(draft.body))
        result = recogniser.recognise(mentions.Document(id=article.guid, title=article.title, text=text))
        found |= {mention.rule for tag in result.companies for mention in tag.mentions}
        found |= {mention.rule for mention in result.sports}
    assert found
    assert [rule for rule in sorted(found) if not rules.is_known(rule)] == []
    with translation.override("ko"):
        assert rules.words_for("named together with LG전자") == "LG전자와(과) 나란히 언급됨"
