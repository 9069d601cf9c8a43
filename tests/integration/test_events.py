"""From placed articles to events and quotations, in a real PostgreSQL."""

import datetime
import random

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import chronicle, event_rows, models
from tests import factories

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)
PUBLISHED = datetime.datetime(2023, 8, 24, 3, 0, tzinfo=datetime.UTC)
BOUGHT = "가온전자는 지난 1월 하늘반도체 인수를 마무리했다."
OPENS = "가온전자는 내달 5일 부산에 새 공장을 연다고 24일 밝혔다."


def arrive(body, *, outlet="한빛일보", names=("가온전자",), days=0, waits=True, **fields):
    """An article in a story, tagged wherever the names stand in it, whose events wait to be read."""
    row = factories.article(
        "제목",
        body,
        companies=[name for name in names if name in body],
        of=factories.source(factories.outlet(outlet)),
        published_at=PUBLISHED + days * DAY,
        **fields,
    )
    factories.story(row)
    if waits:
        ask(row)
    return row


def ask(*rows):
    models.EventsDue.objects.bulk_create(models.EventsDue(article=row) for row in rows)


def tell():
    done = 0
    while some := chronicle.tell_waiting(now=timezone.now):
        done += some
    return done


def told():
    """What all events' rows say."""
    return [
        (
            *(event.starts_on.isoformat(), event.ends_on.isoformat(), event.relation, event.precision),
            *(event.report_count, event.outlet_count, event.sentence),
            tuple(event.companies.order_by("company__name").values_list("company__name", flat=True)),
        )
        for event in models.Event.objects.order_by("starts_on", "sentence")
    ]


def test_a_dated_clause_with_a_watched_company_is_an_event():
    article = arrive(f"앞 문장이다. {BOUGHT}", names=("가온전자", "하늘반도체"))
    assert tell() == 1
    event = models.Event.objects.get()
    assert (event.starts_on, event.ends_on) == (datetime.date(2023, 1, 1), datetime.date(2023, 1, 31))
    assert (event.precision, event.relation, event.sentence) == ("month", "past", BOUGHT)
    assert (event.report_count, event.outlet_count, event.first_reported_at) == (1, 1, PUBLISHED)
    assert set(event.companies.values_list("company__name", flat=True)) == {"가온전자", "하늘반도체"}
    report = event.told_by
    assert article.body[report.when_start : report.when_end] == report.when_text == "지난 1월"
    assert article.body[report.sentence_start :].startswith(report.sentence)
    assert article.body[report.start : report.end] in report.sentence
    assert not models.EventsDue.objects.exists()


def test_reports_of_several_outlets_are_one_event():
    arrive(BOUGHT)
    tell()
    arrive("가온전자가 지난 1월 18일 하늘반도체 인수를 마무리하며 덩치를 키웠다.", outlet="새벽신문", days=1)
    arrive("한편 가온전자는 지난 1월 하늘반도체 인수를 마무리했다.", outlet="새벽신문", days=2)
    tell()
    event = models.Event.objects.get()
    assert (event.report_count, event.outlet_count) == (3, 2)
    # As the most exact of them tells it.
    assert event.starts_on == event.ends_on == datetime.date(2023, 1, 18)
    assert event.precision == "day"


def test_another_time_or_company_is_another_event():
    arrive(BOUGHT)
    arrive("가온전자는 지난 3월 하늘반도체 인수를 마무리했다.", outlet="새벽신문")
    arrive("누리통신은 지난 1월 하늘반도체 인수를 마무리했다.", outlet="저녁신문", names=("누리통신",))
    tell()
    assert models.Event.objects.count() == 3


def test_an_event_that_is_announced_and_later_happened_has_happened():
    arrive(OPENS)
    tell()
    assert [row[2] for row in told()] == ["planned"]
    arrive("가온전자는 지난 5일 부산에 새 공장을 열었다.", outlet="새벽신문", days=20)
    tell()
    assert [row[:3] for row in told()] == [("2023-09-05", "2023-09-05", "past")]


def test_the_order_within_a_batch_does_not_matter():
    bodies = [
        BOUGHT,
        OPENS,
        "가온전자가 지난 1월 하늘반도체 인수를 마무리했다고 한다.",
        "가온전자는 2030년까지 매출 10조 원을 이루겠다는 목표를 밝혔다.",
        "가온전자는 9월 5일 부산에서 새 공장을 연다.",
    ]
    rows = [arrive(body, outlet=f"신문{number}", waits=False) for number, body in enumerate(bodies)]
    results = []
    for seed in range(4):
        models.Event.objects.all().delete()
        shuffled = random.Random(seed).sample(rows, len(rows))
        ask(*shuffled)
        tell()
        results.append(told())
    assert len(results[0]) == 3
    assert all(result == results[0] for result in results)


def test_reading_an_article_again_replaces_what_it_told_and_keeps_what_stays():
    article = arrive(f"{BOUGHT} {OPENS}")
    tell()
    kept = models.Event.objects.get(starts_on="2023-01-01")
    report = kept.told_by_id
    ask(article)
    tell()
    # Nothing changed, so nothing was written.
    assert models.Event.objects.get(starts_on="2023-01-01").told_by_id == report
    rewrite(article, f"새 문장이다. {BOUGHT}")
    ask(article)
    tell()
    assert [event.pk for event in models.Event.objects.all()] == [kept.pk]
    assert models.EventReport.objects.get().sentence_start == len("새 문장이다. ")


def rewrite(article, body):
    models.Mention.objects.filter(article=article).delete()
    models.CompanyTag.objects.filter(article=article).delete()
    article.body = body
    article.save(update_fields=["body"])
    factories.tag_company(article, factories.company("가온전자"))


def test_an_event_vanishes_with_its_last_report():
    first, second = arrive(BOUGHT), arrive(BOUGHT, outlet="새벽신문")
    tell()
    assert models.Event.objects.get().outlet_count == 2
    for article, left in ((first, 1), (second, 0)):
        models.Mention.objects.filter(article=article).delete()
        ask(article)
        tell()
        assert models.EventReport.objects.count() == left
        assert models.Event.objects.count() == left
    assert not models.EventCompany.objects.exists()


def test_a_company_that_nobody_names_any_more_leaves_the_event():
    article = arrive(BOUGHT, names=("가온전자", "하늘반도체"))
    tell()
    models.Mention.objects.filter(company__name="하늘반도체").delete()
    ask(article)
    tell()
    assert models.EventCompany.objects.get().company.name == "가온전자"


def test_counts_are_what_a_recount_says():
    chance = random.Random(5)
    bodies = [
        BOUGHT,
        OPENS,
        "가온전자가 지난 1월 18일 하늘반도체 인수를 마무리했다.",
        "가온전자는 2021년 부산 공장 증설을 마쳤다.",
        "가온전자는 2030년까지 매출 10조 원을 이루겠다는 목표를 밝혔다.",
    ]
    rows = [
        arrive(chance.choice(bodies), outlet=f"신문{chance.randrange(4)}", days=chance.randrange(5))
        for _ in range(25)
    ]
    tell()
    for row in chance.sample(rows, 10):
        rewrite(row, chance.choice(bodies))
        ask(row)
    tell()
    before = told()
    assert event_rows.recount_all() == 0
    models.Event.objects.update(outlet_count=0, report_count=0, relation="goal", sentence="")
    models.EventCompany.objects.update(starts_on="1999-01-01")
    call_command("recount_events")
    assert told() == before
    for event in models.Event.objects.all():
        reports = models.EventReport.objects.filter(event=event)
        assert event.report_count == reports.values("article").distinct().count()
        assert event.outlet_count == reports.values("article__outlet").distinct().count()


def test_an_article_waits_until_it_has_its_story():
    article = arrive(BOUGHT)
    models.Article.objects.update(story=None)
    assert tell() == 0
    factories.story(article)
    assert tell() == 1
    assert models.Event.objects.exists()


def test_events_step_aside_while_news_is_being_read_but_not_for_long():
    arrive(BOUGHT)
    factories.article("아직 읽지 않은 기사", stage="tag", ready_at=None)
    assert tell() == 0
    models.EventsDue.objects.update(due_at=timezone.now() - 2 * chronicle.PATIENCE)
    assert tell() == 1


def test_a_tag_that_was_withdrawn_tells_of_nothing():
    article = arrive(BOUGHT)
    tell()
    article.company_tags.all().delete()
    ask(article)
    tell()
    assert article.mentions.exists()
    assert not models.Event.objects.exists()


def test_a_row_whose_worker_died_is_due_again_alone_and_given_up_in_the_end():
    arrive(BOUGHT)
    now = timezone.now()
    assert len(chronicle.claim(now=now)) == 1
    assert chronicle.claim(now=now) == []
    for _ in range(chronicle.MOST_ATTEMPTS):
        now += 2 * chronicle.AGAIN
        assert len(chronicle.claim(now=now)) == 1
    assert not models.EventsDue.objects.exists()


def test_an_article_that_breaks_the_reading_leaves_the_others_alone(monkeypatch):
    arrive(BOUGHT)
    arrive(OPENS + " 부서진 글이다.", outlet="새벽신문")
    honest = chronicle.events.find_events

    def find(text, *given):
        if "부서진" in text:
            raise ValueError("broken")
        return honest(text, *given)

    monkeypatch.setattr(chronicle.events, "find_events", find)
    tell()
    assert [row[0] for row in told()] == ["2023-01-01"]
    assert not models.EventsDue.objects.exists()


def test_what_people_say_is_kept_with_speaker_and_company():
    article = arrive('김하늘 가온전자 대표는 "내년에는 더 좋은 제품을 만들겠다"고 말했다.')
    tell()
    quote = models.Quote.objects.get()
    assert (quote.speaker, quote.role, quote.company.name) == ("김하늘", "대표", "가온전자")
    assert quote.text == article.body[quote.start : quote.end] == "내년에는 더 좋은 제품을 만들겠다"
    assert quote.said_at == article.published_at
    rewrite(article, "가온전자는 조용하다.")
    ask(article)
    tell()
    assert not models.Quote.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_worker_leaves_the_work_to_the_one_that_has_begun():
    arrive(BOUGHT)
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [event_rows.LOCK])
            assert tell() == 0
            cursor.execute("COMMIT")
    finally:
        other.close()
    assert tell() == 1


def test_the_number_of_statements_does_not_grow_with_the_articles():
    counts = []
    for number in (1, 12):
        for n in range(number):
            arrive(f"{BOUGHT} {OPENS}", outlet=f"신문{n}")
        with CaptureQueriesContext(connection) as captured:
            tell()
        counts.append(len(captured))
    assert counts[0] == counts[1]
