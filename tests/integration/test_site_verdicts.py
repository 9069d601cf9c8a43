"""What readers say of an article's tags on its page, the sums behind its themes, and sub-themes."""

import html
import re

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import translation

from articles import models, pipeline, readings, search_rows, sums, verdicts, watchlist_store
from articles.tagging import recognise, watchlist
from newswatch.accounts import roles
from newswatch.accounts.models import User
from tests import factories

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def fresh_lists() -> None:
    """Each test has a watch list of its own, under the revision of another's."""
    sums.finder_of.cache_clear()
    pipeline.recognition.cache_clear()


def client_of(user: User) -> Client:
    """Somebody logged in who reads English."""
    User.objects.filter(pk=user.pk).update(language="en")
    client = Client()
    client.force_login(user)
    return client


def editor() -> User:
    roles.ensure_roles()
    user = factories.person(is_staff=True)
    user.groups.add(Group.objects.get(name=roles.EDITORS))
    return User.objects.get(pk=user.pk)


def judge(client: Client, article: models.Article, of: models.Company | models.Theme, verdict: str, **more):
    kind = "company" if isinstance(of, models.Company) else "theme"
    return client.post(
        f"/articles/{article.pk}/verdict/", {"kind": kind, "id": of.pk, "verdict": verdict}, **more
    )


def page(client: Client, article: models.Article) -> str:
    response = client.get(f"/articles/{article.pk}/")
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def cleantech() -> models.Theme:
    """A theme with terms of two parts, an exclusion, and a company that implies it."""
    theme = factories.theme("Cleantech", threshold=1.0)
    for text, weight, part in (("배터리", 1.0, "batteries"), ("태양광", 1.0, "solar"), ("친환경", 0.5, "")):
        models.ThemeTerm.objects.create(theme=theme, text=text, weight=weight, subtheme=part)
    models.ThemeTerm.objects.create(theme=theme, text="보조배터리", weight=0, exclude=True)
    theme.companies.add(factories.company("LG화학", "LG화학"))
    watchlist_store.touch()
    return theme


def tagged(title: str, body: str = "본문이다.") -> models.Article:
    """An article, tagged by the stored list as the pipeline does it."""
    article = factories.article(title, body, recognised_by=f"r{watchlist_store.revision()}")
    stored = watchlist_store.stored()
    tagger = readings.Tagger(
        recognise.Recogniser(stored),
        dict(models.Company.objects.values_list("name", "pk")),
        dict(models.Theme.objects.values_list("name", "pk")),
    )
    readings.store_tags([readings.Reading(article, ("", ""), None, tagger.recognise(article))], tagger)
    search_rows.relabel([article.pk])
    return article


def test_the_sum_says_what_speaks_for_a_theme_and_what_it_hangs_on():
    cleantech()
    article = tagged("LG화학 배터리 소식", "친환경 배터리다.")
    told = page(client_of(factories.person()), article)
    score = article.theme_tags.get().score
    assert f"Cleantech {score:+.1f}: 배터리, LG화학, 친환경; without 배터리 it would drop out" in told or (
        f"Cleantech {score:+.1f}: 배터리, 친환경, LG화학; without 배터리 it would drop out" in told
    )
    assert "+0.50 for companies that imply it: LG화학" in told


def test_the_sum_is_the_score_that_was_stored():
    cleantech()
    for title, body in (
        ("배터리와 태양광", "배터리 배터리 배터리 배터리"),
        ("친환경 태양광", "LG화학은 보조배터리를 만든다. 배터리."),
        ("배터리", "친환경"),
    ):
        article = models.Article.objects.get(pk=tagged(title, body).pk)
        weighed = {found.name: found.score for found in sums.weigh(article)}
        assert weighed["Cleantech"] == article.theme_tags.get().score


def test_the_sum_tells_what_was_cancelled_and_by_what():
    cleantech()
    told = page(client_of(factories.person()), tagged("태양광과 보조배터리"))
    assert re.search(r"<s>배터리</s>.*cancelled by 보조배터리", told)


def test_a_theme_that_fell_short_says_so():
    cleantech()
    told = page(client_of(factories.person()), tagged("친환경 보조배터리"))
    assert "Cleantech +0.5 of the 1 needed: 친환경" in told
    assert "cancelled by 보조배터리" in told


def test_a_sum_of_another_list_is_not_told_as_the_one_of_the_tag():
    theme = cleantech()
    article = tagged("배터리 공장")
    theme.terms.filter(text="배터리").update(weight=2.0)
    watchlist_store.touch()
    assert "have changed since this article was tagged" in page(client_of(factories.person()), article)


def test_the_sum_is_told_in_korean():
    cleantech()
    article = models.Article.objects.get(pk=tagged("배터리 공장").pk)
    with translation.override("ko"):
        assert (
            sums.told(sums.weigh(article)[0], stored=1.0).sentence
            == "Cleantech +1.0: 배터리. 배터리 없이는 빠짐"
        )


def test_an_article_shows_its_sub_themes_and_its_theme_filters_by_them():
    theme = cleantech()
    tagged("배터리 공장")
    both = tagged("태양광 발전과 배터리")
    client = client_of(factories.person())
    assert both.theme_tags.get().subthemes == ["batteries", "solar"]
    assert '<span class="form">solar</span>' in page(client, both)
    listed = client.get(f"/themes/{theme.name}/", {"part": "solar", "by": "article", "whole": "1"})
    shown = listed.content.decode()
    assert "태양광 발전과 배터리" in shown
    assert "배터리 공장" not in shown
    assert client.get(f"/themes/{theme.name}/", {"part": "없음"}).status_code == 404


def test_sub_themes_are_called_in_korean():
    cleantech()
    client = Client()
    client.force_login(factories.person(language="ko"))
    told = client.get(f"/articles/{tagged('태양광 발전').pk}/")
    assert '<span class="form">태양광</span>' in told.content.decode()


def test_a_press_keeps_the_word_and_another_takes_it_back():
    article = factories.article("LG화학 소식", companies=["LG화학"])
    company = factories.company("LG화학")
    client = client_of(factories.person())
    assert judge(client, article, company, "wrong").status_code == 302
    assert article.verdicts.get().verdict == "wrong"
    assert "You say it is wrong." in page(client, article)
    judge(client, article, company, "nothing")
    assert not article.verdicts.exists()


def test_htmx_gets_the_tags_alone_and_a_toast_that_can_undo():
    article = factories.article("LG화학 소식", companies=["LG화학"])
    company = factories.company("LG화학")
    client = client_of(factories.person())
    shown = judge(client, article, company, "wrong", headers=HTMX).content.decode()
    assert shown.strip().startswith('<div id="tags">')
    assert 'hx-swap-oob="true"' in shown
    toast = shown[shown.index('id="toasts"') :]
    assert '<input type="hidden" name="verdict" value="nothing">' in toast
    undone = {"kind": "company", "id": company.pk, "verdict": "nothing", "undo": "1"}
    client.post(f"/articles/{article.pk}/verdict/", undone, headers=HTMX)
    assert not article.verdicts.exists()


def test_undoing_gives_the_earlier_word_back():
    article = factories.article("LG화학 소식", companies=["LG화학"])
    client = client_of(factories.person())
    judge(client, article, factories.company("LG화학"), "right")
    shown = judge(client, article, factories.company("LG화학"), "wrong", headers=HTMX).content.decode()
    assert 'name="verdict" value="right"' in shown[shown.index('id="toasts"') :]


def test_a_rejected_tag_is_shown_as_such_and_in_no_list():
    article = factories.article("LG화학 소식", companies=["LG화학"])
    company = factories.company("LG화학")
    client = client_of(editor())
    judge(client, article, company, "wrong")
    told = page(client, article)
    assert "Rejected: in no list any more." in told
    assert '<mark class="hl hl-company"' not in told
    assert "LG화학 소식" not in client.get(f"/companies/{company.pk}/", {"by": "article"}).content.decode()
    assert (
        "LG화학 소식" not in client.get("/search/", {"q": "company:LG화학", "by": "article"}).content.decode()
    )


def test_a_missing_company_is_added_by_its_name():
    article = factories.article("어느 회사 소식")
    factories.company("코스모신소재")
    client = client_of(editor())
    client.post(f"/articles/{article.pk}/verdict/", {"add": "코스모신소재", "verdict": "right"})
    assert article.company_tags.get().by_hand
    assert "Added by hand" in page(client, article)


def test_an_unknown_company_is_said_to_be_unknown():
    article = factories.article("어느 회사 소식")
    client = client_of(factories.person())
    response = client.post(
        f"/articles/{article.pk}/verdict/", {"add": "없는회사", "verdict": "right"}, follow=True
    )
    assert "There is no such company on the watch list." in response.content.decode()
    assert not article.verdicts.exists()


def test_an_analyst_does_not_read_who_else_said_what_and_an_editor_does():
    article = factories.article("LG화학 소식", companies=["LG화학"])
    said_by = factories.person("nosy-name")
    judge(client_of(said_by), article, factories.company("LG화학"), "wrong")
    # As a colleague to share with she is named, and as nothing else.
    assert "nosy-name" not in page(client_of(factories.person()), article).replace(">nosy-name</option>", "")
    assert "right 0 · wrong 1" in page(client_of(factories.person()), article)
    assert "nosy-name: wrong" in page(client_of(editor()), article)


def test_hostile_requests_are_refused():
    article = factories.article("LG화학 소식", companies=["LG화학"])
    client = client_of(factories.person())
    path = f"/articles/{article.pk}/verdict/"
    for given in (
        {},
        {"kind": "company", "id": "1", "verdict": "maybe"},
        {"kind": "user", "id": "1", "verdict": "wrong"},
        {"kind": "company", "id": "99999999999999999999", "verdict": "wrong"},
        {"kind": "theme", "id": "x\0", "verdict": "wrong"},
    ):
        assert client.post(path, given).status_code == 404
    assert client.get(path).status_code == 405
    assert client.post("/articles/0/verdict/", {"verdict": "wrong"}).status_code == 404
    assert Client().post(path, {"verdict": "wrong"}).status_code == 302
    evil = {
        "kind": "company",
        "id": factories.company("LG화학").pk,
        "verdict": "wrong",
        "note": "<script>\0" * 99,
    }
    client.post(path, evil)
    assert "<script>\\" not in client.get(f"/articles/{article.pk}/").content.decode()
    assert len(article.verdicts.get().note) <= 500


def test_the_article_page_asks_as_often_however_much_was_said(django_assert_max_num_queries):
    article = factories.article("LG화학 소식", companies=["LG화학"])
    client = client_of(factories.person())
    page(client, article)
    with django_assert_max_num_queries(40) as asked:
        page(client, article)
    few = len(asked)
    for _ in range(4):
        judge(client_of(factories.person()), article, factories.company("LG화학"), "right")
    with django_assert_max_num_queries(few):
        page(client, article)


def test_a_theme_term_and_its_part_come_back_from_the_tables():
    theme = cleantech()
    stored = {term.text: term.subtheme for term in watchlist_store.stored().themes[0].terms}
    assert stored == {"배터리": "batteries", "태양광": "solar", "친환경": "", "보조배터리": ""}
    assert verdicts.Tag("theme", theme.pk).key == {"theme_id": theme.pk}
    assert watchlist.Term("a", 1.0).subtheme == ""
