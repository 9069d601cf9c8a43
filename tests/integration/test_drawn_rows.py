"""Rows that are kept as HTML: nobody sees another's, and what changed is drawn anew."""

import html
import re

import pytest
from django.test import Client
from django.utils import timezone

from articles import drawn, marks, models
from newswatch.accounts.models import User
from tests import factories
from tests.integration import test_site_events

pytestmark = pytest.mark.django_db
SEARCHES = ["/search/?q=LG", "/search/?q=LG&by=article", "/search/?q=LG&sort=relevance"]
LISTS = ["/timeline/", "/timeline/?by=article", *SEARCHES]


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    drawn.forget()


@pytest.fixture
def reader(client: Client) -> User:
    person = factories.person("reader")
    client.force_login(person)
    return person


def page(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def without_tokens(text: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)


@pytest.mark.parametrize("address", LISTS)
def test_a_kept_row_is_what_would_be_drawn(client: Client, reader: User, address: str):
    factories.story(factories.article("LG 새 공장", companies=["LG"]), factories.article("LG 공장 착공"))
    first = page(client, address)
    kept = page(client, address)
    drawn.forget()
    assert "LG 새 공장" in first
    assert without_tokens(first) == without_tokens(kept) == without_tokens(page(client, address))


@pytest.mark.parametrize("address", LISTS)
def test_no_place_is_left_open_in_a_kept_row(client: Client, reader: User, address: str):
    factories.article("LG 새 공장")
    for _ in range(2):
        shown = page(client, address)
        assert drawn.TOKEN not in shown
        assert drawn.NEXT not in shown
        assert drawn.QUERY not in shown
        assert drawn.ANY_ARTICLE.pk not in shown
        assert drawn.ANY_ARTICLE.title not in shown
        assert f'name="next" value="{html.escape(address)}"' in shown


@pytest.mark.parametrize("address", SEARCHES)
def test_each_search_marks_its_own_words_in_a_kept_row(client: Client, reader: User, address: str):
    article = factories.article('LG <새> "공장" 착공', body="배터리 <공장>을 LG가 짓는다.")
    page(client, address)
    kept = len(drawn._kept)
    shown = page(client, address.replace("LG", "%EA%B3%B5%EC%9E%A5"))
    assert len(drawn._kept) == kept
    assert 'LG &lt;새&gt; &quot;<mark class="hit">공장</mark>&quot; 착공</a>' in shown
    assert '배터리 &lt;<mark class="hit">공장</mark>&gt;을 LG가 짓는다.' in shown
    assert f'href="/why/{article.pk}/?q=%EA%B3%B5%EC%9E%A5"' in shown


@pytest.mark.parametrize("address", LISTS)
def test_a_row_is_drawn_anew_when_something_on_it_changes(client: Client, reader: User, address: str):
    article = factories.article("LG 새 공장", companies=["LG"])
    page(client, address)
    models.Article.objects.update(title="LG 새 연구소")
    assert "LG 새 연구소" in page(client, address)
    models.Outlet.objects.update(name="다른 신문")
    assert "다른 신문" in page(client, address)
    factories.tag_theme(article, factories.theme("Bio"), term="공장")
    assert 'class="theme' in page(client, address)
    models.Company.objects.update(name="엘지")
    assert ">엘지</a>" in page(client, address).partition('class="stream"')[2]


@pytest.mark.parametrize("address", LISTS)
def test_each_reader_sees_her_own_marks_language_and_token(client: Client, reader: User, address: str):
    article = factories.article("LG 새 공장")
    other = Client()
    other.force_login(factories.person("other", language="en"))
    marks.star(reader.pk, article.pk, at=timezone.now())
    marks.write_note(reader.pk, article.pk, "다시 읽기")
    mine, hers = page(client, address), page(other, address)
    assert "★" in mine
    assert "다시 읽기" in mine
    assert "★" not in hers
    assert "다시 읽기" not in hers
    assert "Star</span>" not in mine
    assert page(client, address) != mine or client.cookies["csrftoken"].value
    assert set(tokens(mine)).isdisjoint(tokens(hers))


def tokens(text: str) -> list[str]:
    return re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', text)


def test_a_mark_can_be_set_from_a_kept_row(reader: User):
    article = factories.article("LG 새 공장")
    client = Client(enforce_csrf_checks=True)
    client.force_login(reader)
    page(client, "/timeline/")
    token = tokens(page(client, "/timeline/"))[-1]
    answer = client.post(
        f"/articles/{article.pk}/mark/", {"csrfmiddlewaretoken": token, "do": "star", "next": "/"}
    )
    assert answer.status_code == 302
    assert models.Mark.objects.get().starred_at


def test_what_is_kept_has_a_bound(client: Client, reader: User, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(drawn, "MOST", 3)
    for number in range(8):
        factories.article(f"기사 {number}")
    page(client, "/timeline/?by=article")
    assert 0 < len(drawn._kept) <= 3


def test_what_stands_beside_a_list_is_drawn_anew_when_something_in_it_changes(client: Client, reader: User):
    rows = [factories.article(f"착공 {number}", companies=["LG"], themes=["AI"]) for number in range(8)]
    story = factories.story(*rows)
    address = "/timeline/?by=article&company=" + str(models.Company.objects.get().pk)
    assert page(client, address).count('class="peaks"') == 1
    models.Article.objects.filter(pk=story.headline_id).update(title="LG 새 연구소")
    assert "LG 새 연구소" in page(client, address).partition('class="peaks"')[2].partition("</ol>")[0]
    models.Outlet.objects.update(name="다른 신문")
    assert "다른 신문</option>" in page(client, address)
    models.Company.objects.update(name="엘지")
    side = page(client, address).partition('id="filters"')[2].partition("</form>")[0]
    assert "엘지" in side
    factories.article("새 기사", companies=["엘지"])
    assert '<span class="count">9</span>' in page(client, address)


def test_events_along_a_line_are_drawn_anew_when_one_changes(client: Client, reader: User):
    test_site_events.arrive("가온전자는 2027년 3월 청주에 새 공장을 짓는다.")
    test_site_events.tell()
    address = f"/timeline/?company={models.Company.objects.get().pk}"
    assert 'class="bar' in page(client, address)
    models.Event.objects.update(sentence="연구소를 세운다.", told_by=None)
    assert "연구소를 세운다" in page(client, address)


def test_a_profiles_chart_and_line_are_drawn_anew_when_something_in_them_changes(
    client: Client, reader: User
):
    test_site_events.arrive("가온전자는 2027년 3월 청주에 새 공장을 짓는다.")
    test_site_events.tell()
    rows = [factories.article(f"착공 {number}", companies=["가온전자"]) for number in range(8)]
    story = factories.story(*rows)
    address = f"/companies/{models.Company.objects.get().pk}/?by=article"
    first = page(client, address)
    assert 'class="bar' in first
    assert page(client, address).count("<svg") == first.count("<svg") > 1
    models.Article.objects.filter(pk=story.headline_id).update(title="새 연구소")
    models.Event.objects.update(starts_on="2028-05-01", ends_on="2028-05-31")
    models.EventCompany.objects.update(starts_on="2028-05-01", ends_on="2028-05-31")
    later = page(client, address)
    assert "새 연구소" in later.partition('class="peaks"')[2].partition("</ol>")[0]
    assert "2028-05-31" in later.partition('class="event-line"')[2].partition("event-list")[0]


def test_each_reader_sees_what_stands_beside_a_list_in_her_language(client: Client, reader: User):
    factories.article("LG 새 공장", companies=["LG"])
    other = Client()
    other.force_login(factories.person("other", language="en"))
    assert "All outlets" not in page(client, "/timeline/")
    assert "All outlets" in page(other, "/timeline/")
    assert page(client, "/timeline/?language=ko").count(" selected>") == 2


def test_what_stands_beside_lists_has_a_bound(client: Client, reader: User, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(drawn, "MOST_PANELS", 3)
    factories.article("기사", companies=["LG"])
    for language in ("ko", "en", "other"):
        page(client, f"/timeline/?language={language}")
    assert 0 < len(drawn._panels) <= 3


def test_of_too_many_those_go_that_were_not_shown_for_longest(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(drawn, "MOST", 2)
    made: list[str] = []

    def draw(name: str) -> str:
        return drawn.draw(name, lambda row: made.append(row) or row, name)

    assert [draw(name) for name in ("a", "b", "a", "c", "a", "b")] == ["a", "b", "a", "c", "a", "b"]
    assert made == ["a", "b", "c", "b"]
