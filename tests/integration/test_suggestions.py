"""What verdicts suggest, with its measured effect; the list of verdicts, and their export as cases."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from articles import models, pipeline, retagging_jobs, suggestions, sums, verdicts, watchlist_store
from bench import verdicts as bench
from newswatch.accounts.models import User
from tests import factories
from tests.integration.test_site_verdicts import cleantech, client_of, editor, tagged

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_lists() -> None:
    """Each test has a watch list of its own, under the revision of another's."""
    sums.finder_of.cache_clear()
    pipeline.recognition.cache_clear()


@pytest.fixture
def power_banks() -> list[models.Article]:
    """Two articles about phones that people call wrong, one that is right, and one that nobody judged."""
    theme = cleantech()
    theme.terms.filter(exclude=True).delete()
    watchlist_store.touch()
    titles = ("보조배터리 기내 반입", "보조배터리 화재", "배터리 공장", "보조배터리 판매")
    rows = [tagged(title) for title in titles]
    tag, by = verdicts.Tag("theme", theme.pk), editor()
    for row, belongs in zip(rows, (False, False, True), strict=False):
        verdicts.say(row, tag, belongs=belongs, by=by, now=timezone.now(), note="메모")
    return rows


def measured() -> dict[str, models.Suggestion]:
    suggestions.find(now=timezone.now())
    while suggestions.measure_next(now=timezone.now()):
        pass
    return {one.kind: one for one in models.Suggestion.objects.all()}


def test_an_exclusion_is_suggested_with_what_it_would_do(power_banks: list[models.Article]):
    one = measured()["exclude"]
    assert one.text == "보조배터리"
    assert (one.judged, one.mended, one.broken) == (3, 2, 0)
    # What people have taken away already is no loss; of the articles that nobody judged, one is.
    assert (one.added, one.removed) == (0, 1)
    assert [row["title"] for row in one.examples] == ["보조배터리 판매"]


def test_nothing_changes_until_an_editor_applies_it(power_banks: list[models.Article]):
    before = list(models.ThemeTerm.objects.order_by("pk").values_list("text", "weight", "exclude"))
    one = measured()["exclude"]
    assert list(models.ThemeTerm.objects.order_by("pk").values_list("text", "weight", "exclude")) == before
    suggestions.apply(one, by=editor(), now=timezone.now())
    assert models.ThemeTerm.objects.filter(text="보조배터리", exclude=True).exists()
    while retagging_jobs.run(now=timezone.now):
        pass
    assert not power_banks[3].theme_tags.exists()
    assert power_banks[2].theme_tags.exists()


def test_what_is_dismissed_is_not_suggested_again(power_banks: list[models.Article]):
    suggestions.dismiss(measured()["exclude"], by=editor(), now=timezone.now())
    assert suggestions.find(now=timezone.now()) == 0
    assert models.Suggestion.objects.get(kind="exclude").state == "dismissed"


def test_what_no_verdict_speaks_for_any_more_is_forgotten(power_banks: list[models.Article]):
    measured()
    models.TagVerdict.objects.all().delete()
    suggestions.find(now=timezone.now())
    assert not models.Suggestion.objects.exists()


def test_a_form_is_suggested_to_be_ambiguous_and_is_marked(django_capture_on_commit_callbacks):
    company = factories.company("대상", "대상")
    watchlist_store.touch()
    by = editor()
    for title in ("대상 수상자 발표", "연기 대상 시상식"):
        article = factories.article(title, companies=["대상"])
        verdicts.say(article, verdicts.Tag("company", company.pk), belongs=False, by=by, now=timezone.now())
    one = measured()["ambiguous"]
    suggestions.apply(one, by=by, now=timezone.now())
    assert models.Alias.objects.get(company=company, text="대상").ambiguous
    with pytest.raises(suggestions.SuggestionError):
        suggestions.apply(one, by=by, now=timezone.now())


def test_a_suggestion_that_the_list_has_gone_past_is_not_applied(power_banks: list[models.Article]):
    one = measured()["lower"]
    models.ThemeTerm.objects.filter(text="배터리").update(weight=3.0)
    client = client_of(editor())
    shown = client.post(f"/verdicts/suggestions/{one.pk}/", {"decision": "apply"}, follow=True)
    assert "no longer fits" in shown.content.decode()
    assert models.ThemeTerm.objects.get(text="배터리").weight == 3.0


def test_editors_see_the_verdicts_and_whether_recognition_agrees(power_banks: list[models.Article]):
    shown = client_of(editor()).get("/verdicts/").content.decode()
    assert "3 verdicts; recognition contradicts 2." in shown
    assert shown.count("disagrees") == 2
    against = client_of(editor()).get("/verdicts/", {"show": "against"}).content.decode()
    assert "배터리 공장" not in against
    assert "메모" in against


def test_editors_decide_on_their_page(power_banks: list[models.Article]):
    client = client_of(editor())
    client.post("/verdicts/suggestions/look/")
    assert "Its effect is being measured" in client.get("/verdicts/suggestions/").content.decode()
    one = measured()["exclude"]
    assert (
        "Of 3 judged articles 2 come right and 0 go wrong."
        in client.get("/verdicts/suggestions/").content.decode()
    )
    client.post(f"/verdicts/suggestions/{one.pk}/", {"decision": "dismiss"})
    one.refresh_from_db()
    assert one.state == "dismissed"
    assert one.decided_by is not None


@pytest.mark.parametrize("path", ["/verdicts/", "/verdicts/suggestions/"])
def test_analysts_see_neither(path: str):
    client = client_of(factories.person())
    assert client.get(path).status_code == 403
    assert client.post("/verdicts/suggestions/look/").status_code == 403
    assert Client().get(path).status_code == 302


def test_verdicts_are_exported_as_cases_without_texts(power_banks: list[models.Article], tmp_path):
    call_command("export_verdicts", tmp_path / "cases.jsonl")
    lines = [json.loads(line) for line in (tmp_path / "cases.jsonl").read_text().splitlines()]
    assert {line["id"]: (line["themes"], line["not_themes"]) for line in lines} == {
        power_banks[0].pk: ([], ["Cleantech"]),
        power_banks[1].pk: ([], ["Cleantech"]),
        power_banks[2].pk: (["Cleantech"], []),
    }
    assert not {"title", "text"} & set(lines[0])


def test_the_bench_reads_exported_verdicts(power_banks: list[models.Article], tmp_path):
    call_command("export_verdicts", tmp_path / "cases.jsonl", texts=True)
    cases = bench.judged(tmp_path / "cases.jsonl", "themes")
    score = bench.measure(cases, lambda title, text: frozenset({"Cleantech"}))
    assert (score.right, score.wrong, score.missed) == (1, 2, 0)


def test_an_export_that_cannot_be_written_says_so(tmp_path):
    with pytest.raises(CommandError, match="can't be written"):
        call_command("export_verdicts", tmp_path / "none" / "cases.jsonl")


def test_people_who_disagree_make_no_case(tmp_path):
    article = factories.article("LG화학 소식", companies=["LG화학"])
    tag = verdicts.Tag("company", factories.company("LG화학").pk)
    for belongs in (True, False):
        person: User = factories.person()
        verdicts.say(article, tag, belongs=belongs, by=person, now=timezone.now())
    call_command("export_verdicts", tmp_path / "cases.jsonl")
    assert (tmp_path / "cases.jsonl").read_text() == ""
