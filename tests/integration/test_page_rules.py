"""Rules for one outlet's pages: pages are read by them, and those stored before are read again."""

import datetime
import zlib
from pathlib import Path

import pytest
from django.utils import timezone

from alerts import models as alerts
from alerts import outbox
from articles import models, page_rules, pipeline, rereading, versions
from articles.pages import rules
from tests import factories, workers

pytestmark = pytest.mark.django_db

NEWS = (
    "새벽시는 강변 공원에 자전거 길 12㎞를 새로 놓는다고 20일 밝혔다.",
    "공사는 내년 3월에 시작해 가을에 끝나며 모두 84억 원이 든다고 시는 설명했다.",
    "주민들은 낡은 다리도 함께 고쳐 달라고 요구해 왔고 시의회는 이를 받아들였다.",
)
CLUTTER = "이 아래는 등대호텔이 권하는 겨울 여행 꾸러미 이야기라고 한다."
RULE = "promotion if line contains: 겨울 여행"


def page(title: str = "강변에 자전거 길", extra: str = CLUTTER) -> bytes:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in (*NEWS, extra))
    return (
        f"<!doctype html><html lang=ko><head><meta charset=utf-8><title>{title}</title></head>"
        f"<body><h1>{title}</h1><div class=art>{text}</div></body></html>"
    ).encode()


def stored(
    title: str = "강변에 자전거 길", *, markup: bytes | None = None, days: float = 0
) -> models.Article:
    """An article that was read from its page before there were rules."""
    at = timezone.now() - datetime.timedelta(days=days)
    row = factories.article(title, published_at=at, feed_title=title, stage="tag", ready_at=None, version=1)
    models.Page.objects.create(
        article=row, url=row.url, fetched_at=at, markup=zlib.compress(markup or page(title))
    )
    pipeline.process([models.Article.objects.get(pk=row.pk)], now=at)
    return models.Article.objects.get(pk=row.pk)


def save(text: str, outlet: models.Outlet | None = None) -> models.PageRules | None:
    of = outlet or factories.outlet()
    before = page_rules.saved(of)
    by = factories.person()
    return page_rules.save(of, text, note="", based_on=before.pk if before else 0, by=by, now=timezone.now())


def reread(days: int = 7) -> models.Rereading:
    made = rereading.start(factories.outlet(), days=days, by=factories.person(), now=timezone.now())
    rereading.run(now=timezone.now)
    made.refresh_from_db()
    return made


def test_new_pages_are_read_by_the_rules_as_they_are_then():
    assert CLUTTER in stored().body
    save(RULE)
    article = stored()
    assert article.body == "\n\n".join(NEWS)
    assert {"kind": "promotion", "text": CLUTTER} in article.page.regions
    save("")
    assert CLUTTER in stored().body


def test_the_rules_of_one_outlet_are_not_those_of_another():
    save(RULE, factories.outlet("다른 신문"))
    assert CLUTTER in stored().body


def test_a_stored_line_that_is_no_rule_leaves_the_others_alone():
    factories.outlet().page_rules.create(text=f"caption: [\n{RULE}", changed_at=timezone.now())
    assert stored().body == "\n\n".join(NEWS)


def test_saving_the_same_rules_saves_nothing_and_an_older_form_is_refused():
    first = save(RULE)
    assert save(RULE + "  \n\n") is None
    outlet, by = factories.outlet(), factories.person()
    with pytest.raises(page_rules.ChangedMeanwhile):
        page_rules.save(outlet, "", note="", based_on=first.pk - 1, by=by, now=timezone.now())


def test_pages_are_read_again_and_only_texts_that_change_get_a_version():
    dirty, clean = stored(), stored(markup=page(extra=NEWS[0].replace("강변", "해변")))
    changed_at = clean.changed_at
    save(RULE)
    found = reread()
    assert (found.total, found.done, found.changed, found.failed) == (2, 2, 1, 0)
    assert found.finished_at is not None
    dirty.refresh_from_db()
    clean.refresh_from_db()
    assert dirty.body == "\n\n".join(NEWS)
    assert (dirty.version, clean.version) == (2, 1)
    assert [(row.number, CLUTTER in row.body) for row in dirty.versions.all()] == [(1, True)]
    assert not clean.versions.exists()
    assert (dirty.changed_at, clean.changed_at) == (None, changed_at)


def test_what_our_reading_changed_is_no_change_of_the_outlets():
    article = stored()
    save(RULE)
    reread()
    article = models.Article.objects.prefetch_related("versions").get(pk=article.pk)
    assert versions.changes(article) == []
    models.Page.objects.filter(article=article).update(
        markup=zlib.compress(page(extra=NEWS[0].replace("강변", "해변")))
    )
    article = models.Article.objects.get(pk=article.pk)
    pipeline.process([article], now=timezone.now())
    article = models.Article.objects.prefetch_related("versions").get(pk=article.pk)
    assert [change.number for change in versions.changes(article)] == [2]
    assert article.version == 3


def test_tags_follow_the_text():
    company = factories.company("등대호텔", "등대호텔")
    pipeline.recognition.cache_clear()
    article = stored()
    assert article.company_tags.filter(company=company).exists()
    save(RULE)
    reread()
    assert not article.company_tags.exists()
    assert not article.mentions.exists()
    pipeline.recognition.cache_clear()


def test_reading_again_tells_no_alert_but_moves_its_marks():
    person = factories.person()
    alert = factories.alert(person, query="시의회", active_since=timezone.now() - datetime.timedelta(days=1))
    late = factories.alert(person, query="자전거", active_since=timezone.now() - datetime.timedelta(days=1))
    article = stored(
        markup=page(extra=CLUTTER).replace(b"<p>", b"<p class=lead>" + CLUTTER.encode() + b"</p><p>", 1)
    )
    factories.story(article)
    outbox.match_waiting(now=timezone.now())
    hits, mails = set(alerts.Hit.objects.values_list("alert", flat=True)), alerts.Delivery.objects.count()
    assert hits == {alert.pk, late.pk}
    alerts.Hit.objects.filter(alert=late).delete()
    before = alerts.Hit.objects.get(alert=alert).spans
    save(RULE)
    reread()
    assert models.Outbox.objects.get(done_at=None).kind == "reread"
    outbox.match_waiting(now=timezone.now())
    hit = alerts.Hit.objects.get()
    article.refresh_from_db()
    (_, start, end), *_ = hit.spans
    assert article.body[start:end] == "시의회"
    assert hit.spans != before
    assert alerts.Delivery.objects.count() == mails


def test_only_the_days_asked_for_are_read_again_and_one_at_a_time():
    old, new = stored(days=10), stored(days=1)
    save(RULE)
    outlet, by = factories.outlet(), factories.person()
    first = rereading.start(outlet, days=7, by=by, now=timezone.now())
    assert rereading.start(outlet, days=99, by=by, now=timezone.now()) == first
    assert first.total == 1
    rereading.run(now=timezone.now)
    old.refresh_from_db()
    new.refresh_from_db()
    assert (CLUTTER in old.body, CLUTTER in new.body) == (True, False)
    assert rereading.start(outlet, days=99, by=by, now=timezone.now()).total == 2
    rereading.stop(outlet, now=timezone.now())
    assert rereading.run(now=timezone.now) == 0


def test_a_page_that_workers_die_of_is_passed_over(monkeypatch: pytest.MonkeyPatch):
    pages = [stored(f"기사 {number}") for number in range(3)]
    save(RULE)
    made = rereading.start(factories.outlet(), days=7, by=factories.person(), now=timezone.now())
    plain = pipeline.read

    def die(article: models.Article, tagger: object) -> object:
        if article.pk == pages[1].pk:
            raise KeyboardInterrupt
        return plain(article, tagger)

    monkeypatch.setattr(pipeline, "read", die)
    for _ in range(9):
        try:
            rereading.run(now=timezone.now)
        except KeyboardInterrupt:
            continue
        break
    made.refresh_from_db()
    assert (made.done, made.changed, made.failed) == (3, 2, 1)
    assert made.finished_at is not None


def test_a_page_that_cannot_be_read_is_counted_and_keeps_its_text():
    article = stored()
    models.Page.objects.filter(article=article).update(markup=b"no zlib")
    save(RULE)
    assert reread().failed == 1
    body = article.body
    article.refresh_from_db()
    assert article.body == body


def test_every_sentence_about_rules_is_there_for_translation():
    said = {text for name, text in vars(rules).items() if name.isupper() and " " in str(text)}
    assert {text for text in said if isinstance(text, str)} == set(page_rules.SENTENCES)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_workers_read_pages_again_in_the_background(service_environment: dict[str, str], tmp_path: Path):
    articles = [stored(f"기사 {number}") for number in range(45)]
    save(RULE)
    with workers.Workers(service_environment, tmp_path) as running:
        made = rereading.start(factories.outlet(), days=7, by=factories.person(), now=timezone.now())
        finished = models.Rereading.objects.filter(pk=made.pk, finished_at__isnull=False)
        assert workers.wait_for(finished.exists), running.logs()
    made.refresh_from_db()
    assert (made.done, made.changed, made.failed) == (45, 45, 0)
    assert not models.Article.objects.filter(body__contains=CLUTTER).exists()
    assert models.Version.objects.filter(is_outlets=False).count() == len(articles)
