"""A changed watch list over stored articles: what it would do, and what re-tagging then does."""

import dataclasses
import datetime
from collections.abc import Iterator

import pytest
from django.db import connection
from django.utils import timezone

from articles import jobs, models, pipeline, readings, retagging, retagging_jobs, verdicts, watchlist_store
from articles.models import Retagging
from articles.tagging import difference, watchlist
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
NEWS = "엘지화학은 배터리 소재 공장을 새로 짓는다고 밝혔다. 다른 문장이다."


@pytest.fixture(autouse=True)
def no_old_lists() -> Iterator[None]:
    """Ids begin anew with each test."""
    pipeline.recognition.cache_clear()
    retagging_jobs.lists_of.cache_clear()
    yield
    pipeline.recognition.cache_clear()
    retagging_jobs.lists_of.cache_clear()


@pytest.fixture
def lg() -> models.Company:
    company = factories.company("LG화학", "LG화학")
    theme = factories.theme("Cleantech")
    models.ThemeTerm.objects.create(theme=theme, text="배터리 소재", weight=1.5)
    watchlist_store.touch()
    return company


def read(title: str, body: str = "", **fields: object) -> models.Article:
    """An article tagged by the list as it is now."""
    row = factories.article(title, body, **fields)
    tagger = pipeline.present_tagger()
    found = readings.Reading(row, (row.title, row.body), None, tagger.recognise(row))
    readings.store_tags([found], tagger)
    models.Article.objects.filter(pk=row.pk).update(recognised_by=found.recognition.version)
    return row


def value(company: models.Company) -> watchlist.Company:
    return next(one for one in watchlist_store.stored().companies if one.name == company.name)


def with_alias(company: models.Company, text: str, **flags: object) -> difference.Edit:
    before = value(company)
    alias = watchlist.Alias(text, **{"kind": "name", **flags})
    return difference.CompanyEdit(before, dataclasses.replace(before, aliases=(*before.aliases, alias)))


def preview(*edits: difference.Edit, days: int = 30, **fields: object) -> Retagging:
    given = {"of": None, "by": factories.person(), "now": timezone.now(), **fields}
    made = retagging_jobs.preview(edits, days=days, **given)
    retagging_jobs.run(now=timezone.now)
    made.refresh_from_db()
    return made


def save(company: models.Company, text: str, **flags: object) -> Retagging:
    """Add an alias as an editor does, and have history re-tagged."""
    edit = with_alias(company, text, **flags)
    models.Alias.objects.create(company=company, text=text, **{"kind": "name", **flags})
    watchlist_store.touch()
    return retagging_jobs.retag([edit], of=company, days=None, by=None, now=timezone.now())


def say(article: models.Article, company: models.Company, *, belongs: bool) -> None:
    """An editor's word on a company's tag."""
    tag = verdicts.Tag("company", company.pk)
    verdicts.say(article, tag, belongs=belongs, by=factories.person(is_superuser=True), now=timezone.now())


def run() -> int:
    return retagging_jobs.run(now=timezone.now)


def tags(article: models.Article) -> set[str]:
    names = set(article.company_tags.values_list("company__name", flat=True))
    return names | set(article.theme_tags.values_list("theme__name", flat=True))


def test_a_preview_says_what_a_new_alias_adds_and_changes_nothing(lg: models.Company):
    gains, other = read("엘지화학, 공장 증설", NEWS), read("LG화학 소식", "본문이다.")
    made = preview(with_alias(lg, "엘지화학"))
    assert (made.added, made.removed, made.changed, made.failed) == (1, 0, 1, 0)
    assert made.finished_at
    assert (made.done, made.total) == (2, 2)
    change = made.changes.get()
    assert (change.article_id, change.kind, change.name, change.is_added) == (
        gains.pk,
        "company",
        "LG화학",
        True,
    )
    assert change.sentence[change.start : change.end] == "엘지화학" == change.form
    assert tags(gains) == {"Cleantech"}
    assert tags(other) == {"LG화학"}


def test_a_form_that_is_declared_to_mean_something_else_takes_tags_away(lg: models.Company):
    loses = read("LG화학 사택 이야기", "LG화학 사택 골목을 걸었다. 조용한 동네다.")
    made = preview(with_alias(lg, "LG화학 사택", kind="other"))
    assert (made.added, made.removed) == (0, 1)
    change = made.changes.get()
    assert (change.article_id, change.is_added, change.form, change.rule) == (
        loses.pk,
        False,
        "LG화학",
        "name",
    )


def test_an_affiliates_name_takes_a_shorter_name_away(lg: models.Company):
    group = factories.company("한빛", "한빛")
    watchlist_store.touch()
    read("한빛소재 실적 발표", "한빛 소재가 실적을 발표했다. 한빛소재 주가가 올랐다.")
    made = preview(
        difference.CompanyEdit(None, watchlist.Company("한빛 소재", (watchlist.Alias("한빛 소재", "name"),)))
    )
    assert {(one.name, one.is_added) for one in made.changes.all()} == {
        ("한빛 소재", True),
        (group.name, False),
    }


def test_a_themes_terms_threshold_and_companies_are_previewed(lg: models.Company):
    article = read("새 소식", NEWS)
    theme = watchlist_store.stored().themes[0]
    higher = dataclasses.replace(theme, threshold=5.0)
    assert preview(difference.ThemeEdit(theme, higher)).removed == 1
    hidden = watchlist.Term("배터리 소재 공장", 1.0, exclude=True)
    assert (
        preview(difference.ThemeEdit(theme, dataclasses.replace(theme, terms=(*theme.terms, hidden)))).removed
        == 1
    )
    assert preview(difference.ThemeEdit(theme, None)).removed == 1
    assert tags(article) == {"Cleantech"}


def test_a_company_that_comes_to_imply_a_theme_is_found_by_its_tags(lg: models.Company):
    gains = read("LG화학이 양극재를 늘린다", "LG화학이 양극재를 늘린다고 밝혔다.")
    theme = watchlist_store.stored().themes[0]
    term = watchlist.Term("양극재", 0.5)
    models.ThemeTerm.objects.create(theme=models.Theme.objects.get(), text=term.text, weight=term.weight)
    watchlist_store.touch()
    before = dataclasses.replace(theme, terms=(*theme.terms, term))
    made = preview(difference.ThemeEdit(before, dataclasses.replace(before, companies=("LG화학",))))
    assert [change.article_id for change in made.changes.all()] == [gains.pk]


def test_what_an_earlier_release_recognised_otherwise_is_not_laid_to_the_change(lg: models.Company):
    article = read("LG화학과 엘지화학", "LG화학과 엘지화학은 같은 회사다.")
    readings.forget_tags([article.pk])
    assert preview(with_alias(lg, "엘지화학")).changes.count() == 0


def test_a_preview_shows_no_tag_lost_that_an_editors_word_keeps(lg: models.Company):
    kept, loses = (read(f"LG화학 사택 이야기 {n}", "LG화학 사택 골목을 걸었다.") for n in (1, 2))
    say(kept, lg, belongs=True)
    made = preview(with_alias(lg, "LG화학 사택", kind="other"))
    assert (made.removed, made.changed) == (1, 1)
    assert made.changes.get().article_id == loses.pk
    save(lg, "LG화학 사택", kind="other")
    run()
    assert (tags(kept), tags(loses)) == ({"LG화학"}, set())


def test_a_preview_shows_no_tag_gained_that_an_editors_word_keeps_out(lg: models.Company):
    out, gains = read("엘지화학, 공장 증설", NEWS), read("엘지화학 소식", NEWS)
    say(out, lg, belongs=False)
    made = preview(with_alias(lg, "엘지화학"))
    assert [change.article_id for change in made.changes.all()] == [gains.pk]
    save(lg, "엘지화학")
    run()
    assert (tags(out), tags(gains)) == ({"Cleantech"}, {"LG화학", "Cleantech"})


def test_older_articles_are_left_out(lg: models.Company):
    old = timezone.now() - datetime.timedelta(days=31)
    read("엘지화학 옛 소식", NEWS, published_at=old)
    assert preview(with_alias(lg, "엘지화학")).total == 0
    assert preview(with_alias(lg, "엘지화학"), days=60).added == 1


def test_affected_answers_for_any_two_lists(lg: models.Company):
    gains = read("엘지화학, 공장 증설", NEWS)
    present = watchlist_store.stored()
    changed = difference.apply([with_alias(lg, "엘지화학")], present)
    found = list(retagging.affected(changed, present, since=timezone.now() - datetime.timedelta(days=1)))
    assert [(one.article, one.name, one.is_added) for one in found] == [(gains, "LG화학", True)]
    assert [one.text for one in found[0].mentions] == ["엘지화학", "엘지화학"]


def test_a_second_preview_takes_the_first_ones_place(lg: models.Company):
    by, other = factories.person(), factories.person()
    read("엘지화학, 공장 증설", NEWS)
    theirs = preview(with_alias(lg, "엘지화학"), by=other)
    mine = preview(with_alias(lg, "엘지화학"), by=by)
    again = preview(with_alias(lg, "엘지 화학"), by=by)
    assert set(Retagging.objects.all()) == {theirs, again}
    assert not models.TagChange.objects.filter(retagging_id=mine.pk).exists()


def test_retagging_rewrites_the_articles_that_change_and_only_those(lg: models.Company):
    gains, other = read("엘지화학, 공장 증설", NEWS), read("LG화학 소식", "본문이다.")
    untouched = set(other.mentions.values_list("pk", flat=True))
    before = models.Article.objects.filter(pk=gains.pk).values("version", "changed_at").get()
    job = save(lg, "엘지화학")
    assert run() == 2
    job.refresh_from_db()
    assert (job.changed, job.added, job.removed, job.failed) == (1, 1, 0, 0)
    assert tags(gains) == {"LG화학", "Cleantech"}
    assert set(gains.mentions.filter(kind="company").values_list("text", flat=True)) == {"엘지화학"}
    assert set(other.mentions.values_list("pk", flat=True)) == untouched
    assert models.Article.objects.filter(pk=gains.pk).values("version", "changed_at").get() == before
    assert not models.Version.objects.exists()
    assert not models.Outbox.objects.exists()


def test_evidence_is_rewritten_where_the_tags_stay(lg: models.Company):
    article = read("LG화학과 엘지화학", "LG화학과 엘지화학은 같은 회사다.")
    job = save(lg, "엘지화학")
    run()
    job.refresh_from_db()
    assert (job.changed, job.added, job.removed) == (1, 0, 0)
    assert "엘지화학" in article.mentions.values_list("text", flat=True)


def test_retagging_twice_changes_nothing_the_second_time(lg: models.Company):
    article = read("엘지화학, 공장 증설", NEWS)
    edit = with_alias(lg, "엘지화학")
    save(lg, "엘지화학")
    run()
    mentions = set(article.mentions.values_list("pk", flat=True))
    again = retagging_jobs.retag([edit], of=lg, days=None, by=None, now=timezone.now())
    run()
    again.refresh_from_db()
    assert (again.changed, again.done) == (0, 1)
    assert set(article.mentions.values_list("pk", flat=True)) == mentions


def test_two_changes_in_a_row_come_out_as_one_reading_by_the_last_list(lg: models.Company):
    first, second = read("엘지화학 소식", "엘지화학이 밝혔다."), read("엘지켐 소식", "엘지켐이 밝혔다.")
    jobs_of = [save(lg, "엘지화학"), save(lg, "엘지켐")]
    models.Alias.objects.filter(text="엘지화학").delete()
    watchlist_store.touch()
    run()
    assert (tags(first), tags(second)) == (set(), {"LG화학"})
    for job in jobs_of:
        job.refresh_from_db()
        assert job.is_whole


def test_a_stopped_retagging_leaves_the_rest_as_it_is(lg: models.Company, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(retagging, "TEXTS", 1)
    older, newer = read("엘지화학 하나", NEWS), read("엘지화학 둘", NEWS)
    job = save(lg, "엘지화학")
    unfinished = Retagging.objects.order_by("pk")
    jobs.step(unfinished, jobs.claim(unfinished) or 0, retagging_jobs.do_batch, now=timezone.now())
    retagging_jobs.stop(job, now=timezone.now())
    assert run() == 0
    job.refresh_from_db()
    assert (job.done, job.is_whole, job.is_under_way) == (1, False, False)
    assert (tags(older), tags(newer)) == ({"Cleantech"}, {"LG화학", "Cleantech"})


def test_a_batch_that_dies_is_undone_and_done_again(lg: models.Company, monkeypatch: pytest.MonkeyPatch):
    article = read("엘지화학 하나", NEWS)
    job = save(lg, "엘지화학")
    write = readings.store_tags
    monkeypatch.setattr(readings, "store_tags", dying(write, KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        run()
    assert tags(article) == {"Cleantech"}
    monkeypatch.setattr(readings, "store_tags", write)
    run()
    job.refresh_from_db()
    assert (job.changed, job.done, job.is_whole) == (1, 1, True)
    assert tags(article) == {"LG화학", "Cleantech"}


def test_an_article_that_workers_die_of_is_passed_over(lg: models.Company, monkeypatch: pytest.MonkeyPatch):
    other, deadly = read("엘지화학 하나", NEWS), read("엘지화학 둘", NEWS)
    job = save(lg, "엘지화학")
    find = readings.Tagger.recognise

    def recognise(self: readings.Tagger, article: models.Article) -> object:
        if article.pk == deadly.pk:
            raise KeyboardInterrupt
        return find(self, article)

    monkeypatch.setattr(readings.Tagger, "recognise", recognise)
    for _ in range(jobs.MOST_ATTEMPTS):
        with pytest.raises(KeyboardInterrupt):
            run()
    run()
    job.refresh_from_db()
    assert (job.failed, job.changed, job.is_whole) == (1, 1, True)
    assert (tags(other), tags(deadly)) == ({"LG화학", "Cleantech"}, {"Cleantech"})


def test_an_article_that_can_not_be_recognised_does_not_stop_the_others(
    lg: models.Company, monkeypatch: pytest.MonkeyPatch
):
    other, broken = read("엘지화학 하나", NEWS), read("엘지화학 둘", NEWS)
    job = save(lg, "엘지화학")
    find = readings.Tagger.recognise

    def recognise(self: readings.Tagger, article: models.Article) -> object:
        if article.pk == broken.pk:
            raise ValueError("no")
        return find(self, article)

    monkeypatch.setattr(readings.Tagger, "recognise", recognise)
    run()
    job.refresh_from_db()
    assert (job.failed, job.changed) == (1, 1)
    assert tags(other) == {"LG화학", "Cleantech"}


def test_previews_go_before_history(lg: models.Company, monkeypatch: pytest.MonkeyPatch):
    read("엘지화학 하나", NEWS)
    history = save(lg, "엘지화학")
    look = retagging_jobs.preview(
        [with_alias(lg, "엘지켐")], of=lg, days=30, by=factories.person(), now=timezone.now()
    )
    unfinished = Retagging.objects.order_by("-is_preview", "attempts", "pk")
    assert jobs.claim(unfinished) == look.pk
    assert history.is_under_way


def test_a_preview_asks_as_often_for_many_texts_as_for_few(lg: models.Company):
    def count() -> int:
        made = retagging_jobs.preview(
            [with_alias(lg, "없는 이름")], of=lg, days=30, by=factories.person(), now=timezone.now()
        )
        retagging_jobs.lists_of(made.pk, watchlist_store.revision())
        connection.force_debug_cursor = True
        connection.queries_log.clear()
        run()
        connection.force_debug_cursor = False
        return len(connection.queries_log)

    read("하나", NEWS)
    few = count()
    for number in range(20):
        read(f"기사 {number}", NEWS)
    assert count() == few


def dying(function: object, error: type[BaseException]) -> object:
    """The same function, but for an error at its end."""

    def die(*args: object, **kwargs: object) -> None:
        function(*args, **kwargs)
        raise error

    return die
