"""Companies and themes from a file: looked at, applied in one go, undone."""

from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import models, pipeline, readings, retagging_jobs, watchlist_imports, watchlist_store
from articles.tagging import exchange
from articles.views import watchlist_imports as views
from newswatch.accounts import roles
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
HEADER = "name,kind,aliases,parent,sport,recognised,remove\n"


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


def send(client: Client, text: str, *, encoding: str = "utf-8-sig") -> str:
    file = SimpleUploadedFile("회사.csv", text.encode(encoding), "text/csv")
    return client.post(
        "/admin/articles/watchlistimport/upload/", {"file": file}, follow=True
    ).content.decode()


def do(client: Client, what: str, period: str = "30") -> str:
    pk = models.WatchlistImport.objects.latest("pk").pk
    place = f"/admin/articles/watchlistimport/{pk}/{what}/"
    return client.post(place, {"period": period}, follow=True).content.decode()


def state() -> tuple[object, object]:
    return (
        {
            name: (entry.enabled, watchlist_imports.unordered(entry.value))
            for name, entry in watchlist_imports.companies().items()
        },
        {
            name: (entry.enabled, watchlist_imports.unordered(entry.value))
            for name, entry in watchlist_imports.themes().items()
        },
    )


def test_a_file_is_looked_at_applied_and_undone(editor: Client):
    group = factories.company("LG", "LG", kind="group")
    lg = factories.company("LG화학", "LG화학", "엘화", parent=group, ticker="051910")
    factories.company("기아", "기아")
    watchlist_store.touch()
    article = factories.article("두빌이 엘지켐과 손잡았다", "두빌이 엘지켐과 손잡았다.")
    before = state()
    page = send(
        editor,
        HEADER
        + "두빌,company,english:Doobil,,,,\nLG화학,company,name?:엘지켐,LG,no,,\n기아,,,,,,yes\n한빛,firm,,,,,\n",
        encoding="cp949",
    )
    assert "kind can’t be “firm”." in page
    assert "+ name?:엘지켐" in page
    assert "− name:엘화" in page
    assert state() == before
    page = do(editor, "apply")
    assert "The file is imported." in page
    names = set(models.Company.objects.values_list("name", flat=True))
    assert names == {"LG", "LG화학", "두빌"}
    lg.refresh_from_db()
    assert (lg.ticker, lg.parent) == ("051910", group)
    assert set(lg.aliases.values_list("text", "ambiguous")) == {("LG화학", False), ("엘지켐", True)}
    retagging_jobs.run(now=timezone.now)
    assert "두빌" in article.company_tags.values_list("company__name", flat=True)
    page = do(editor, "undo")
    assert "The import is undone." in page
    assert state() == before
    retagging_jobs.run(now=timezone.now)
    assert not article.company_tags.exists()
    assert "can’t be undone" in do(editor, "undo")


def test_themes_are_imported_and_undone(editor: Client):
    theme = factories.theme("수소")
    models.ThemeTerm.objects.create(theme=theme, text="수소차", weight=1.0)
    factories.company("기아", "기아")
    before = state()
    send(
        editor,
        "theme,key,value,weight\n수소,term,수소차,2\n수소,term,수소트램,1.5\n수소,company,기아,\n바람,term,풍력,1\n",
    )
    do(editor, "apply", "no")
    assert dict(theme.terms.values_list("text", "weight")) == {"수소차": 2.0, "수소트램": 1.5}
    assert models.Theme.objects.filter(name="바람").exists()
    assert not models.Retagging.objects.exists()
    do(editor, "undo", "no")
    assert state() == before


def test_what_was_not_shown_is_not_applied(editor: Client):
    lg = factories.company("LG화학", "LG화학")
    send(editor, HEADER + "LG화학,company,name:LG화학 | name:엘화,,,,\n")
    models.Alias.objects.create(company=lg, text="엘지켐")
    assert "The list was changed meanwhile." in do(editor, "apply")
    assert set(lg.aliases.values_list("text", flat=True)) == {"LG화학", "엘지켐"}
    assert "The file is imported." in do(editor, "apply")
    assert set(lg.aliases.values_list("text", flat=True)) == {"LG화학", "엘화"}


def test_an_import_whose_company_was_changed_since_is_not_undone(editor: Client):
    send(editor, HEADER + "두빌,company,,,,,\n")
    do(editor, "apply", "no")
    models.Company.objects.filter(name="두빌").update(sport=True)
    assert "was changed again since. 두빌" in do(editor, "undo", "no")
    assert models.Company.objects.filter(name="두빌").exists()


def test_an_import_that_fails_changes_nothing(editor: Client, monkeypatch: pytest.MonkeyPatch):
    send(editor, HEADER + "두빌,company,,,,,\n")
    monkeypatch.setattr(watchlist_imports, "change_companies", lambda after: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        do(editor, "apply")
    assert not models.Company.objects.exists()
    assert models.WatchlistImport.objects.get().applied_at is None


def test_the_export_comes_back_as_no_change(editor: Client):
    factories.company("LG화학", "엘화", sport=True)
    factories.company("기아", enabled=False)
    models.ThemeTerm.objects.create(theme=factories.theme("수소"), text="수소차 + 충전", weight=1.0)
    for kind in ("companies", "themes"):
        response = editor.get(f"/admin/articles/watchlistimport/download/{kind}/")
        assert response.content.startswith(b"\xef\xbb\xbf")
        assert "There is nothing to import." in send(editor, response.content.decode("utf-8-sig"))


def test_what_a_file_would_do_to_articles_is_told(editor: Client):
    watchlist_store.touch()
    row = factories.article("두빌이 공장을 짓는다", "본문이다.")
    tagger = pipeline.present_tagger()
    readings.store_tags([readings.Reading(row, ("", ""), None, tagger.recognise(row))], tagger)
    send(editor, HEADER + "두빌,company,,,,,\n")
    assert "looked through" in do(editor, "what-if")
    retagging_jobs.run(now=timezone.now)
    job = models.Retagging.objects.get()
    assert (job.is_preview, job.added) == (True, 1)


@pytest.mark.parametrize("text", ["", "a,b\n", 'name\n"', "name\n" + "가" * 200_000])
def test_a_file_that_is_no_table_is_told_so(editor: Client, text: str):
    page = send(editor, text)
    assert 'role="alert"' in page
    assert not models.WatchlistImport.objects.exists()


def test_only_editors_import(editor: Client):
    send(editor, HEADER + "두빌,company,,,,,\n")
    pk = models.WatchlistImport.objects.get().pk
    staff = Client()
    staff.force_login(factories.person("staff", is_staff=True))
    for place in ("upload/", f"{pk}/look/", "download/companies/"):
        assert staff.get(f"/admin/articles/watchlistimport/{place}").status_code == 403
    for place in (f"{pk}/apply/", f"{pk}/undo/", f"{pk}/what-if/"):
        assert staff.post(f"/admin/articles/watchlistimport/{place}").status_code == 403
    assert not models.Company.objects.exists()


def test_many_companies_are_imported_by_as_many_statements_as_few(editor: Client):
    def count(number: int) -> int:
        lines = "".join(
            f"회사 {number} {n},company,name:회사 {number} {n} | english:Firm {number} {n},,,,\n"
            for n in range(number)
        )
        send(editor, HEADER + lines)
        file = models.WatchlistImport.objects.latest("pk")
        with CaptureQueriesContext(
            connection,
        ) as found:
            watchlist_imports.apply(file, days=30, again=True, by=file.made_by, now=timezone.now())
        return len(found)

    count(1)
    assert count(3) == count(60)


def test_every_sentence_about_a_file_is_there_for_translation():
    assert views.SENTENCES == exchange.SENTENCES
