"""The desk's preview of a change of the watch list, and what saving it sets off."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils import timezone

from articles import models, pipeline, readings, retagging_jobs, watchlist_store
from newswatch.accounts import roles
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_old_lists() -> Iterator[None]:
    """Ids begin anew with each test."""
    yield
    pipeline.recognition.cache_clear()
    retagging_jobs.lists_of.cache_clear()


@pytest.fixture
def editor() -> Client:
    roles.ensure_roles()
    person = factories.person("editor", is_staff=True, language="en")
    person.groups.set(roles.Group.objects.filter(name=roles.EDITORS))
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def lg() -> models.Company:
    company = factories.company("LG화학", "LG화학")
    watchlist_store.touch()
    return company


def read(title: str, body: str = "") -> models.Article:
    row = factories.article(title, body)
    tagger = pipeline.present_tagger()
    readings.store_tags([readings.Reading(row, (title, body), None, tagger.recognise(row))], tagger)
    return row


def inline(prefix: str, **values: object) -> dict[str, object]:
    return {f"{prefix}-{key}": value for key, value in values.items()}


def company_form(company: models.Company | None, *aliases: str, **fields: object) -> dict[str, object]:
    rows = list(company.aliases.order_by("pk")) if company else []
    given: dict[str, object] = {
        "name": company.name if company else "",
        "kind": "company",
        "enabled": "on",
        "aliases-TOTAL_FORMS": len(rows) + len(aliases),
        "aliases-INITIAL_FORMS": len(rows),
    }
    for number, row in enumerate(rows):
        given |= inline(f"aliases-{number}", id=row.pk, company=row.company_id, text=row.text, kind=row.kind)
    for number, text in enumerate(aliases, start=len(rows)):
        owner = company.pk if company else ""
        given |= inline(f"aliases-{number}", id="", company=owner, text=text, kind="name")
    return {**given, **fields}


def theme_form(theme: models.Theme, *terms: str, **fields: object) -> dict[str, object]:
    given: dict[str, object] = {
        "name": theme.name,
        "threshold": theme.threshold,
        "position": 0,
        "enabled": "on",
        "terms-TOTAL_FORMS": len(terms),
        "terms-INITIAL_FORMS": 0,
    }
    for number, text in enumerate(terms):
        given |= inline(f"terms-{number}", id="", theme=theme.pk, text=text, weight="2")
    return {**given, **fields}


def what_if(client: Client, company: models.Company | None, form: dict[str, object]) -> str:
    place = f"{company.pk}/what-if/" if company else "what-if/"
    return client.post(f"/admin/articles/company/{place}", form).content.decode()


def finished(client: Client) -> str:
    """The page of the preview under way once it is done."""
    retagging_jobs.run(now=timezone.now)
    pk = models.Retagging.objects.get(is_preview=True).pk
    return client.get(f"/admin/articles/retagging/{pk}/progress/").content.decode()


def test_an_unsaved_alias_is_tried_and_nothing_is_saved(editor: Client, lg: models.Company):
    read("엘지화학, 공장 증설", "엘지화학은 <공장>을 짓는다고 밝혔다. 다른 문장이다.")
    before = watchlist_store.stored()
    page = what_if(editor, lg, company_form(lg, "엘지화학"))
    assert "0 of 1 articles are looked through." in page
    assert "every 1s" in page
    page = finished(editor)
    assert "1 article gains LG화학" in page
    assert "<mark>엘지화학</mark>" in page
    assert "every 1s" not in page
    assert watchlist_store.stored() == before


def test_a_new_company_is_tried_before_it_is_there(editor: Client, lg: models.Company):
    read("두빌이 공장을 짓는다", "두빌은 &lt;b&gt; 공장을 짓는다고 밝혔다.")
    what_if(editor, None, company_form(None, name="두빌"))
    assert "1 article gains 두빌" in finished(editor)
    assert not models.Company.objects.filter(name="두빌").exists()


def test_a_theme_is_tried_with_its_terms(editor: Client):
    theme = factories.theme("수소")
    models.ThemeTerm.objects.create(theme=theme, text="수소차")
    watchlist_store.touch()
    read("수소트램 시험 운행", "수소트램이 달린다.")
    form = theme_form(theme, "수소트램")
    page = editor.post(f"/admin/articles/theme/{theme.pk}/what-if/", form).content.decode()
    assert "looked through" in page
    assert "1 article gains 수소" in finished(editor)


def test_a_theme_of_as_many_terms_as_a_shipped_one_is_tried_and_saved(editor: Client):
    theme = factories.theme("수소")
    read("수소트램 시험 운행", "수소트램이 달린다.")
    form = theme_form(theme, *(f"낱말{number}" for number in range(399)), "수소트램")
    assert len(form) > 1_000
    assert editor.post(f"/admin/articles/theme/{theme.pk}/what-if/", form).status_code == 200
    assert "1 article gains 수소" in finished(editor)
    assert editor.post(f"/admin/articles/theme/{theme.pk}/change/", form).status_code == 302
    assert theme.terms.count() == 400


def test_what_is_wrong_with_a_form_is_told_and_nothing_starts(editor: Client, lg: models.Company):
    assert "no letters to look for" in what_if(editor, lg, company_form(lg, "……"))
    theme = factories.theme("수소")
    page = editor.post(
        f"/admin/articles/theme/{theme.pk}/what-if/", theme_form(theme, "수소 | ")
    ).content.decode()
    assert "That can’t be tried yet" in page
    assert "Nothing that matters" in what_if(editor, lg, company_form(lg))
    assert not models.Retagging.objects.exists()


def test_a_term_that_nobody_could_find_is_not_saved(editor: Client):
    theme = factories.theme("수소")
    page = editor.post(f"/admin/articles/theme/{theme.pk}/change/", theme_form(theme, "+++"))
    assert page.status_code == 200
    assert not theme.terms.exists()


def test_a_rename_alone_changes_no_tags_and_adds_the_new_name(editor: Client, lg: models.Company):
    read("LG화학 소식", "LG화학이 밝혔다.")
    gains = read("엘지케미칼 소식", "엘지케미칼이 밝혔다.")
    what_if(editor, lg, company_form(lg, name="엘지케미칼"))
    page = finished(editor)
    assert "1 article gains LG화학" in page
    assert "loses" not in page
    assert models.TagChange.objects.get().article_id == gains.pk


def test_only_editors_try_and_tag_again(lg: models.Company):
    analyst = Client()
    analyst.force_login(factories.person("analyst"))
    staff = Client()
    staff.force_login(factories.person("staff", is_staff=True))
    for client in (analyst, staff):
        assert client.post(
            f"/admin/articles/company/{lg.pk}/what-if/", company_form(lg, "엘지")
        ).status_code in (302, 403)
        assert client.post(
            f"/admin/articles/retagging/again/company/{lg.pk}/", {"period": "30"}
        ).status_code in (302, 403)
        assert client.get("/admin/articles/retagging/1/progress/").status_code in (302, 403)
    assert not models.Retagging.objects.exists()


def test_a_preview_is_stopped_and_says_so(editor: Client, lg: models.Company):
    read("엘지화학, 공장 증설")
    what_if(editor, lg, company_form(lg, "엘지화학"))
    pk = models.Retagging.objects.get().pk
    page = editor.post(f"/admin/articles/retagging/{pk}/progress/", {"stop": "yes"}).content.decode()
    assert "It was stopped before the end." in page
    assert retagging_jobs.run(now=timezone.now) == 0


@pytest.mark.parametrize(("period", "started"), [("30", 1), ("90", 1), ("all", 1), ("no", 0), ("x", 0)])
def test_saving_tags_earlier_articles_again_as_far_as_is_wanted(
    editor: Client, lg: models.Company, period: str, started: int
):
    article = read("엘지화학, 공장 증설")
    form = company_form(lg, "엘지화학", _retag=period)
    assert editor.post(f"/admin/articles/company/{lg.pk}/change/", form).status_code == 302
    assert models.Retagging.objects.filter(is_preview=False, company=lg).count() == started
    retagging_jobs.run(now=timezone.now)
    assert article.company_tags.count() == started


def test_saving_what_does_not_matter_tags_nothing_again(editor: Client, lg: models.Company):
    editor.post(f"/admin/articles/company/{lg.pk}/change/", company_form(lg))
    assert not models.Retagging.objects.exists()


def test_the_form_of_a_company_shows_how_far_re_tagging_is(editor: Client, lg: models.Company):
    read("엘지화학, 공장 증설")
    editor.post(f"/admin/articles/company/{lg.pk}/change/", company_form(lg, "엘지화학"))
    page = editor.get(f"/admin/articles/company/{lg.pk}/change/").content.decode()
    assert "What would this change?" in page
    assert "Earlier articles are being tagged again:" in page
    retagging_jobs.run(now=timezone.now)
    page = editor.get(f"/admin/articles/company/{lg.pk}/change/").content.decode()
    assert "tags added: 1, removed: 0." in page
    assert editor.get("/admin/articles/retagging/").status_code == 200
    pk = models.Retagging.objects.get().pk
    assert "tags added: 1" in editor.get(f"/admin/articles/retagging/{pk}/change/").content.decode()


def test_tagging_again_on_demand_mends_what_an_earlier_list_left(editor: Client, lg: models.Company):
    article = read("LG화학 소식")
    readings.forget_tags([article.pk])
    page = editor.post(
        f"/admin/articles/retagging/again/company/{lg.pk}/", {"period": "all"}, headers={"HX-Request": "true"}
    )
    assert "looked through" in page.content.decode()
    retagging_jobs.run(now=timezone.now)
    assert article.company_tags.count() == 1


def test_companies_are_switched_off_and_on_together(editor: Client, lg: models.Company):
    other = factories.company("기아", "기아")
    article = read("LG화학 소식")
    act = {"action": "switch_off", "_selected_action": [lg.pk, other.pk]}
    editor.post("/admin/articles/company/", act)
    assert not models.Company.objects.filter(enabled=True).exists()
    retagging_jobs.run(now=timezone.now)
    assert not article.company_tags.exists()
    editor.post("/admin/articles/company/", act | {"action": "switch_on"})
    retagging_jobs.run(now=timezone.now)
    assert article.company_tags.count() == 1
    assert models.Retagging.objects.count() == 2


def test_a_deleted_companys_articles_are_read_again(editor: Client, lg: models.Company):
    factories.company("LG", "LG")
    longer = factories.company("LG 화학", "LG 화학")
    watchlist_store.touch()
    article = read("LG 화학 소식")
    assert article.company_tags.get().company == longer
    editor.post(f"/admin/articles/company/{longer.pk}/delete/", {"post": "yes"})
    retagging_jobs.run(now=timezone.now)
    assert article.company_tags.get().company.name == "LG"


def test_a_company_is_found_by_alias_code_and_group(editor: Client, lg: models.Company):
    group = factories.company("LG", ticker="003550", kind="group")
    models.Company.objects.filter(pk=lg.pk).update(parent=group, ticker="051910")
    models.Alias.objects.create(company=lg, text="엘화", ambiguous=True)
    factories.company("기아")

    def listed(**asked: str) -> set[str]:
        page = editor.get("/admin/articles/company/", asked)
        return {row.name for row in page.context["cl"].result_list}

    assert listed(q="엘화") == {"LG화학"}
    assert listed(q="051910") == {"LG화학"}
    assert listed(group=str(group.pk)) == {"LG화학"}
    assert listed(doubt="ambiguous") == {"LG화학"}
    assert listed(doubt="none") == {"LG", "기아"}
    page = editor.get("/admin/articles/company/").content.decode()
    assert "엘화" in page
    page = editor.get(f"/admin/articles/company/{group.pk}/change/").content.decode()
    assert f"/admin/articles/company/{lg.pk}/change/" in page


def test_a_company_does_not_belong_to_its_own_affiliate(editor: Client, lg: models.Company):
    group = factories.company("LG", parent=lg)
    page = editor.post(f"/admin/articles/company/{lg.pk}/change/", company_form(lg, parent=group.pk))
    assert "That company belongs to this one." in page.content.decode()


def test_an_alias_that_moves_to_another_company_is_looked_for_in_both(editor: Client, lg: models.Company):
    other = factories.company("기아", "기아")
    alias = models.Alias.objects.create(company=lg, text="엘화")
    watchlist_store.touch()
    article = read("엘화 소식")
    form = {"company": other.pk, "text": "엘화", "kind": "name"}
    assert editor.post(f"/admin/articles/alias/{alias.pk}/change/", form).status_code == 302
    retagging_jobs.run(now=timezone.now)
    assert article.company_tags.get().company == other


def test_a_companys_own_name_counts_without_an_alias(lg: models.Company):
    factories.company("두빌", "Doobil")
    watchlist_store.touch()
    assert read("두빌이 공장을 짓는다").company_tags.get().company.name == "두빌"
