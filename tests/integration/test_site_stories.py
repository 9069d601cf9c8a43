"""Stories on the site: one line each in every list, their pages, and what reaches an open page."""

import datetime
import re

import pytest
from django.test import Client
from django.utils import timezone

from articles import filters, models, reads, story_reads
from newswatch.accounts import roles
from tests import factories

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(factories.person())
    return client


def fetch(client: Client, path: str, **parameters: object) -> str:
    response = client.get(path, parameters, follow=True)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def titles(page: str) -> list[str]:
    found = re.findall(r'<h3[^>]*><a href="/(?:articles|stories)/\d+/">(.*?)</a>', page)
    return [re.sub(r"<[^>]*>", "", title) for title in found]


def told(title: str, *, by: str = "한빛일보", hours: float = 1, **fields: object) -> models.Article:
    """An article of an outlet, so many hours old."""
    at = timezone.now() - hours * HOUR
    return factories.article(title, of=factories.source(factories.outlet(by)), published_at=at, **fields)


@pytest.fixture
def battery() -> models.Story:
    """A story in three outlets, one of which copies the first."""
    first = told(
        "LG화학, 구미에 공장 착공",
        body="LG화학이 구미에 공장을 짓는다.\n\n내년에 문을 연다.",
        hours=5,
        companies=["LG화학"],
    )
    copy = told(
        "[속보] LG화학, 구미에 공장 착공", body="LG화학이 구미에 공장을 짓는다.", by="나루경제", hours=4
    )
    later = told(
        "LG화학 공장에 주민 반발",
        body="LG화학은 구미에 공장을 짓는다. 주민 300명은 소음을 걱정한다.",
        by="누리신문",
        hours=2,
        themes=["공장"],
    )
    return factories.story(first, later, copies=[copy])


def test_a_story_is_one_line_however_many_articles_it_has(client: Client, battery: models.Story):
    told("다른 소식", hours=3)
    page = fetch(client, "/timeline/")
    assert titles(page) == ["LG화학, 구미에 공장 착공", "다른 소식"]
    assert f'<a href="/stories/{battery.pk}/">LG화학, 구미에 공장 착공' in page
    assert ">3곳<" in page
    assert 'aria-expanded="false"' in page


def test_a_story_stands_at_its_newest_article(client: Client, battery: models.Story):
    newer = told("그 뒤의 소식", hours=1)
    assert titles(fetch(client, "/timeline/")) == [newer.title, "LG화학, 구미에 공장 착공"]
    factories.story(battery.headline, told("셋째 보도", hours=0.5))
    assert titles(fetch(client, "/timeline/")) == ["LG화학, 구미에 공장 착공", newer.title]


def test_a_line_names_the_companies_and_themes_of_all_articles(client: Client, battery: models.Story):
    page = fetch(client, "/timeline/")
    row = page[page.index(f'id="story-{battery.pk}"') :]
    assert "/companies/" in row
    assert "/themes/%EA%B3%B5%EC%9E%A5/" in row


def test_the_reader_can_have_articles_one_by_one(client: Client, battery: models.Story):
    page = fetch(client, "/timeline/", by="article")
    assert len(titles(page)) == 3
    assert "aria-expanded" not in page
    assert 'href="?"' in page
    assert 'href="?by=article"' in fetch(client, "/timeline/")


def test_the_unit_stays_while_filters_change(client: Client, battery: models.Story):
    page = fetch(client, "/timeline/", by="article", theme="공장")
    assert 'name="by" value="article"' in page
    assert re.search(r'class="chip on" href="\?by=article"', page)
    assert re.search(r'class="clear" href="/timeline/\?by=article"', page)


@pytest.mark.parametrize("by", ["", "article"])
def test_company_and_theme_pages_show_stories_or_articles(client: Client, battery: models.Story, by: str):
    company = factories.company("LG화학")
    theirs = fetch(client, f"/companies/{company.pk}/", by=by, whole="1")
    assert titles(theirs) == ["LG화학, 구미에 공장 착공"]
    ours = fetch(client, "/themes/공장/", by=by, whole="1")
    assert titles(ours) == ["LG화학 공장에 주민 반발" if by else "LG화학, 구미에 공장 착공"]


def test_a_story_is_shown_for_the_one_article_that_passes_and_says_which(
    client: Client, battery: models.Story
):
    page = fetch(client, "/timeline/", q="주민")
    assert titles(page) == ["LG화학, 구미에 공장 착공"]
    row = page[page.index(f'id="story-{battery.pk}"') :]
    assert re.search(r'class="gist found".*?누리신문.*?LG화학 공장에 주민 반발', row, re.DOTALL)


def test_a_line_whose_headline_passes_needs_no_other_evidence(client: Client, battery: models.Story):
    assert "gist found" not in fetch(client, "/timeline/", q="구미")
    assert "gist found" not in fetch(client, "/timeline/")


def test_every_filter_works_on_the_articles_of_a_story(client: Client, battery: models.Story):
    outlet = models.Outlet.objects.get(name="나루경제")
    assert titles(fetch(client, "/timeline/", outlet=outlet.pk)) == ["LG화학, 구미에 공장 착공"]
    assert titles(fetch(client, "/timeline/", outlet=outlet.pk, q="주민")) == []
    assert titles(fetch(client, "/timeline/", theme="공장", q="source:누리신문 주민")) != []
    assert titles(fetch(client, "/timeline/", language="en")) == []


def test_an_article_that_is_in_no_story_yet_stands_alone(client: Client):
    told("갓 들어온 기사")
    assert titles(fetch(client, "/timeline/")) == ["갓 들어온 기사"]


def test_the_panel_counts_stories_or_articles(client: Client, battery: models.Story):
    told("LG화학 다른 소식", companies=["LG화학"])
    now = timezone.now()
    stories = reads.panel(filters.Filters(), now=now)
    assert (stories.total, stories.stories, stories.articles) == (2, 2, 4)
    assert [(facet.name, facet.count) for facet in stories.companies] == [("LG화학", 2)]
    articles = reads.panel(filters.Filters(by_article=True), now=now)
    assert articles.total == 4
    page = fetch(client, "/timeline/")
    assert "소식 <strong>2</strong>건" in page
    assert "기사 4건" in page


def pages(wanted: filters.Filters, *, size: int, between=lambda: None) -> list[int]:
    """The stories of all pages, in order; something happens before each but the first."""
    seen: list[int] = []
    before = None
    while True:
        found = story_reads.timeline(wanted, now=timezone.now(), before=before, size=size).timeline
        seen += [line.story.pk for day in found.days for line in day.rows]
        before = reads.parse_cursor(str(found.older)) if found.older else None
        if before is None:
            return seen
        between()


def test_each_story_is_on_exactly_one_page(client: Client):
    at = timezone.now() - HOUR
    stories = []
    for number in range(7):
        # Three begin at the very same moment: the id decides. Each goes on an hour before the next one began.
        first = factories.article(f"소식 {number}", published_at=at - number // 3 * HOUR)
        again = factories.article(f"이어서 {number}", published_at=at - (number // 3 + 1) * HOUR)
        stories.append(factories.story(first, again).pk)
    assert sorted(pages(filters.Filters(), size=2)) == sorted(stories)
    assert sorted(pages(filters.Filters(query="소식 OR 이어서"), size=2)) == sorted(stories)


def test_paging_skips_and_repeats_no_story_while_new_articles_come():
    at = timezone.now() - 50 * HOUR
    rows = [factories.article(f"소식 {number}", published_at=at - number * HOUR) for number in range(9)]
    stories = [factories.story(row).pk for row in rows]
    coming = iter([8, 1, 6, 4])

    def come() -> None:
        """A new story, and one more article for a story that has been shown or is still to come."""
        factories.story(factories.article("새 소식"))
        number = next(coming)
        factories.story(rows[number], factories.article(f"소식 {number} 새 보도"))

    assert pages(filters.Filters(), size=2, between=come) == stories


def test_an_address_of_another_list_or_nonsense_still_shows_a_page(client: Client, battery: models.Story):
    for before in ("1-1", "99999999999999999-1-1", "1-1-1-1", "x-1-2", "1-1-99999999999999999999", "٣-1-1"):
        assert client.get("/timeline/", {"before": before}).status_code == 200
        assert client.get("/timeline/", {"before": before, "by": "article"}).status_code == 200


def test_a_line_unfolds_to_its_articles_with_copies_folded(client: Client, battery: models.Story):
    page = fetch(client, f"/stories/{battery.pk}/articles")
    assert "<html" not in page
    assert re.findall(r'<a href="/articles/\d+/"[^>]*>([^<]*)</a>', page) == [
        "LG화학, 구미에 공장 착공",
        "[속보] LG화학, 구미에 공장 착공",
        "LG화학 공장에 주민 반발",
    ]
    copies = page[page.index("<details") : page.index("</details>")]
    assert "거의 같은 기사 1건" in copies
    assert "나루경제" in copies


def test_a_copy_of_a_copy_is_folded_under_the_first():
    first, copy, again = told("하나", hours=3), told("둘", hours=2), told("셋", hours=1)
    copy.near_duplicate_of, again.near_duplicate_of = first, copy
    assert story_reads.folded([first, copy, again]) == [(first, [copy, again])]
    assert story_reads.folded([copy, again]) == [(copy, [again])]


def test_a_story_page_tells_what_each_article_adds(client: Client, battery: models.Story):
    page = fetch(client, f"/stories/{battery.pk}/")
    assert "<h1" in page
    coverage = page[page.index('class="coverage"') :]
    assert coverage.index("내년에 문을 연다.") < coverage.index("주민 300명은 소음을 걱정한다.")
    assert coverage.count("공장을 짓는다.</li>") == 1
    assert "문장 2개 가운데 1개가 새 내용입니다." in coverage
    assert coverage.index("거의 같은 기사 1건") < coverage.index("LG화학 공장에 주민 반발")


def test_a_story_page_tells_why_each_article_is_in_it_and_why_its_headline(
    client: Client, battery: models.Story
):
    page = fetch(client, f"/stories/{battery.pk}/")
    assert "이 기사에서 소식이 시작되었습니다." in page
    assert "유사도 80%: 제목과 첫머리의 핵심 낱말이 「LG화학, 구미에 공장 착공」(한빛일보" in page
    assert "본문이 거의 같습니다" in page
    assert "대표 제목: 제목이 담백한 첫 기사" in page


def test_a_long_story_is_shown_some_reports_at_a_time(client: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(story_reads, "COVERAGE_SIZE", 2)
    rows = [
        told(f"{number}번째 보도", by=f"매체{number}", body=f"소식 {number} 하나.", hours=9 - number)
        for number in range(5)
    ]
    story = factories.story(*rows)
    seen = []
    for begin in ("", "2", "4"):
        page = fetch(client, f"/stories/{story.pk}/", **({"entry": begin} if begin else {}))
        seen += titles(page)
        assert ("처음부터" in page) == bool(begin)
        assert page.count("첫 보도입니다.") == (not begin)
    assert seen == [row.title for row in rows]
    assert 'hx-get="?entry=4"' in fetch(client, f"/stories/{story.pk}/", entry="2")
    assert titles(fetch(client, f"/stories/{story.pk}/", entry="99")) == []


def test_a_revised_article_says_its_version_on_the_story_page(client: Client):
    first = told("첫 보도", hours=2)
    story = factories.story(first, told("고친 보도", version=3))
    assert "3판" in fetch(client, f"/stories/{story.pk}/")


def test_a_merged_story_leads_to_where_it_went(client: Client, battery: models.Story):
    old = models.Story.objects.create(
        pk=10**9,
        first_at=timezone.now(),
        last_at=timezone.now(),
        changed_at=timezone.now(),
        merged_into=battery,
    )
    response = client.get(f"/stories/{old.pk}/")
    assert response.status_code == 302
    assert response["Location"] == f"/stories/{battery.pk}/"
    assert client.get(f"/stories/{old.pk}/articles")["Location"] == f"/stories/{battery.pk}/articles"


def test_a_story_that_is_not_there_or_empty_is_not_found(client: Client):
    now = timezone.now()
    empty = models.Story.objects.create(pk=10**9, first_at=now, last_at=now, changed_at=now)
    for pk in (empty.pk, 10**9 + 1):
        assert client.get(f"/stories/{pk}/").status_code == 404
        assert client.get(f"/stories/{pk}/articles").status_code == 404


def test_hostile_titles_and_sentences_stay_text(client: Client):
    evil = '<script>alert(1)</script>"><img src=x onerror=alert(1)>.'
    first, copy = (
        told(evil, body=evil, hours=2),
        told(f"{evil} 또", body=f"{evil}\n\n새 {evil}", by=evil[:60]),
    )
    story = factories.story(first, told(f"{evil} 셋", body="다른 글이다."), copies=[copy])
    for path in ("/timeline/", f"/stories/{story.pk}/", f"/stories/{story.pk}/articles"):
        page = fetch(client, path)
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "&lt;script&gt;" in page


def ask(client: Client, since: int, **parameters: object) -> str:
    """What an open page gets that was made when `since` had been placed; empty for nothing."""
    response = client.get("/stories/news", {"since": since, "swapped": since, **parameters})
    assert response.status_code in (200, 204)
    return response.content.decode()


def test_an_open_page_hears_nothing_while_nothing_comes(client: Client, battery: models.Story):
    response = client.get(
        "/stories/news", {"since": story_reads.last_seen(), "swapped": story_reads.last_seen()}
    )
    assert response.status_code == 204
    assert client.get("/stories/news", {"since": "x"}).status_code == 204
    assert client.get("/stories/news", {"since": 0, "swapped": 0, "q": "("}).status_code == 204


def test_an_open_page_is_told_of_new_stories_and_gets_changed_lines(client: Client, battery: models.Story):
    page = fetch(client, "/timeline/")
    since = int(re.search(r"since=(\d+)&amp;swapped", page)[1])
    factories.story(told("새 소식 하나"))
    factories.story(told("새 소식 둘"))
    factories.story(battery.headline, told("넷째 보도", by="바다신문"))
    news = ask(client, since)
    assert "새 소식 2건, 갱신 1건" in news
    assert f'id="story-{battery.pk}-line" hx-swap-oob="true"' in news
    assert ">4곳<" in news
    assert news.count("hx-swap-oob") == 1


def test_a_line_is_sent_once_and_counted_on(client: Client, battery: models.Story):
    since = story_reads.last_seen()
    factories.story(battery.headline, told("넷째 보도", by="바다신문"))
    first = ask(client, since)
    swapped = re.search(r"swapped=(\d+)", first)[1]
    assert client.get("/stories/news", {"since": since, "swapped": swapped}).status_code == 204
    factories.story(told("새 소식"))
    second = ask(client, since, swapped=swapped)
    assert "새 소식 1건, 갱신 1건" in second
    assert "hx-swap-oob" not in second


def test_an_open_page_hears_only_of_what_its_filters_let_through(client: Client, battery: models.Story):
    since = story_reads.last_seen()
    factories.story(told("상관없는 소식"))
    factories.story(battery.headline, told("주민 설명회", body="주민이 모였다."))
    assert "새 소식 1건, 갱신 1건" in ask(client, since)
    # One of its articles passed before: it changed. None did before: it is new to the list.
    assert "갱신 1건" in ask(client, since, q="주민")
    assert "새 소식 1건" in ask(client, since, q="설명회")
    assert ask(client, since, q="없는말") == ""


def test_only_the_first_page_of_stories_asks_for_news(client: Client, battery: models.Story):
    assert 'id="news"' in fetch(client, "/timeline/")
    assert 'id="news"' not in fetch(client, "/timeline/", by="article")
    assert 'id="news"' not in fetch(client, "/timeline/", before="99999999999999999-1-1")


@pytest.fixture
def editor() -> Client:
    roles.ensure_roles()
    person = factories.person("editor", is_staff=True)
    person.groups.set(roles.Group.objects.filter(name=roles.EDITORS))
    client = Client()
    client.force_login(person)
    return client


def of(story: models.Story, title: str) -> models.Article:
    return models.Article.objects.get(story=story, title=title)


LATER = "LG화학 공장에 주민 반발"


def test_an_analyst_sees_no_editing_and_can_do_none(client: Client, battery: models.Story):
    assert "/edit/" not in fetch(client, f"/stories/{battery.pk}/")
    assert client.get(f"/stories/{battery.pk}/edit/").status_code == 403
    assert client.post(f"/stories/{battery.pk}/edit/", {"to": "new"}).status_code == 403
    assert client.post("/stories/edits/1/undo/").status_code == 403


def test_an_editor_splits_an_article_out_and_takes_it_back(editor: Client, battery: models.Story):
    article = of(battery, LATER)
    page = fetch(editor, f"/stories/{battery.pk}/")
    assert f"/stories/{battery.pk}/edit/?article={article.pk}" in page
    told_first = fetch(editor, f"/stories/{battery.pk}/edit/", article=article.pk, to="new")
    assert "「LG화학 공장에 주민 반발」(누리신문)가 새 소식이 됩니다." in told_first
    assert "「LG화학, 구미에 공장 착공」에는 기사 2건이 남습니다." in told_first
    done = editor.post(f"/stories/{battery.pk}/edit/", {"article": article.pk, "to": "new"}, follow=True)
    article.refresh_from_db()
    assert article.story_id != battery.pk
    assert done.redirect_chain == [(f"/stories/{article.story_id}/", 302)]
    page = done.content.decode()
    assert "기사를 새 소식으로 떼어냈습니다." in page
    undo = re.search(r'action="(/stories/edits/\d+/undo/)"', page)[1]
    assert "되돌렸습니다." in editor.post(undo, follow=True).content.decode()
    article.refresh_from_db()
    assert article.story_id == battery.pk
    # Twice is told, not done.
    assert "이미 되돌렸습니다" in editor.post(undo, follow=True).content.decode()


def test_an_editor_moves_an_article_to_a_story_found_by_its_headline(editor: Client, battery: models.Story):
    other = factories.story(told("구미 주민들, 소음 대책 요구", by="바다신문"))
    factories.story(told("부산 시장 소식"))
    article = of(battery, LATER)
    where = f"/stories/{battery.pk}/edit/"
    suggested = fetch(editor, where, article=article.pk)
    assert "구미 주민들, 소음 대책 요구" not in fetch(editor, where, article=article.pk, q="부산")
    for page in (suggested, fetch(editor, where, article=article.pk, q="소음 주민")):
        assert f"?article={article.pk}&amp;to={other.pk}" in page
        assert "부산 시장 소식" not in page
    by_address = fetch(editor, where, article=article.pk, q=f"http://testserver/stories/{other.pk}/")
    assert f"to={other.pk}" in by_address
    sure = fetch(editor, where, article=article.pk, to=other.pk)
    assert "「구미 주민들, 소음 대책 요구」 소식으로 옮깁니다." in sure
    response = editor.post(where, {"article": article.pk, "to": other.pk})
    assert response["Location"] == f"/stories/{other.pk}/"
    article.refresh_from_db()
    assert article.story_id == other.pk
    assert "편집자가 여기로 옮겼습니다." in fetch(editor, f"/stories/{other.pk}/")


def test_an_editor_merges_two_stories(editor: Client, battery: models.Story):
    other = factories.story(told("LG화학 구미 공장, 첫 삽"))
    where = f"/stories/{other.pk}/edit/"
    assert f"?to={battery.pk}" in fetch(editor, where)
    sure = fetch(editor, where, to=battery.pk)
    assert "「LG화학 구미 공장, 첫 삽」의 기사 1건이 모두 「LG화학, 구미에 공장 착공」 소식으로" in sure
    page = editor.post(where, {"to": battery.pk}, follow=True).content.decode()
    assert "소식을 합쳤습니다." in page
    assert editor.get(f"/stories/{other.pk}/")["Location"] == f"/stories/{battery.pk}/"
    assert editor.get(where)["Location"] == f"/stories/{battery.pk}/"
    assert "합치기: 기사 1건이 들어옴" in page
    undo = re.search(r'action="(/stories/edits/\d+/undo/)"', page)[1]
    editor.post(undo)
    assert editor.get(f"/stories/{other.pk}/").status_code == 200


def test_an_edit_that_makes_no_sense_is_refused_in_words(editor: Client, battery: models.Story):
    where = f"/stories/{battery.pk}/edit/"
    assert "이미" in editor.post(where, {"to": battery.pk}, follow=True).content.decode()
    assert editor.get(where, {"article": 999}).status_code == 404
    assert editor.get(where, {"article": "x"}).status_code == 404
    assert editor.get(where, {"to": "99999"}).status_code == 404
    assert editor.post(where, {"to": "new"}).status_code == 200
    assert fetch(editor, where, q="\0 ( ) \" ' OR")
    assert models.StoryEdit.objects.count() == 0
