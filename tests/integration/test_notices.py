"""Notices are raised once, resolved by themselves and mailed once, and blame no source for our own network."""

import datetime
import zoneinfo

import pytest
from django.core import mail
from django.core.mail.backends import locmem
from django.utils import timezone, translation

from articles import models, notice_mails, notices, tasks
from tests import factories

pytestmark = pytest.mark.django_db

# A Friday noon in Seoul.
NOW = datetime.datetime(2026, 11, 20, 3, 0, tzinfo=datetime.UTC)
HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)
Kind = models.Notice.Kind


def source(**fields):
    values = {"last_success_at": NOW, "last_polled_at": NOW, "next_poll_at": NOW + HOUR}
    return factories.source(**{**values, **fields})


def failing_for(time, **fields):
    return source(last_success_at=NOW - time, failures=3, last_error="the server answered 503", **fields)


def shows(feed, *times):
    """Entries of articles that were published and seen at these times."""
    for time in times:
        article = factories.article(of=feed, published_at=time, first_seen_at=time)
        models.Appearance.objects.create(
            source=feed,
            entry_key=str(article.pk),
            article=article,
            content_hash="",
            content_at=time,
            first_seen_at=time,
        )


def hourly(feed, *, until, weeks=4):
    """An entry in every hour of the working day."""
    zone = zoneinfo.ZoneInfo("Asia/Seoul")
    hours = [until - HOUR * n for n in range(weeks * 168)]
    shows(feed, *[hour for hour in hours if 8 <= hour.astimezone(zone).hour < 20])


def check(now=NOW, *, silences=True):
    return notices.check(now=now, silences=silences)


def open_kinds():
    return [(one.kind, one.source_id) for one in models.Notice.objects.open()]


def test_a_source_that_fails_for_a_day_is_noted_once():
    feed = failing_for(DAY)
    failing_for(DAY - HOUR)
    assert [one.source for one in check()] == [feed]
    assert check(NOW + HOUR / 6) == []
    assert open_kinds() == [("failing", feed.pk)]


def test_a_source_that_was_never_read_is_noted_a_day_after_its_first_poll():
    feed = source(last_success_at=None, failures=2, last_error="the server answered 404")
    models.Poll.objects.create(source=feed, at=NOW - 2 * DAY, outcome="failed")
    assert [one.since for one in check()] == [NOW - 2 * DAY]


def test_a_source_that_is_well_again_resolves_its_notice():
    feed = failing_for(DAY)
    check()
    models.Source.objects.filter(pk=feed.pk).update(failures=0, last_success_at=NOW + HOUR)
    check(NOW + HOUR)
    assert open_kinds() == []
    assert models.Notice.objects.get().resolved_at == NOW + HOUR


def test_a_source_that_fails_again_later_gets_a_notice_of_its_own():
    feed = failing_for(DAY)
    check()
    models.Source.objects.filter(pk=feed.pk).update(failures=0)
    check(NOW + HOUR)
    models.Source.objects.filter(pk=feed.pk).update(failures=1)
    check(NOW + 2 * HOUR)
    assert models.Notice.objects.filter(source=feed).count() == 2


def test_a_source_that_is_switched_off_is_nobodys_trouble():
    failing_for(DAY, enabled=False)
    assert check() == []


def test_a_source_that_went_off_by_itself_is_noted():
    feed = source(enabled=False, off_because="the server answered 410")
    check()
    assert open_kinds() == [("off", feed.pk)]


def test_a_source_silent_against_its_rhythm_is_noted_with_when_something_was_due():
    feed = source()
    hourly(feed, until=NOW - DAY)
    check()
    notice = models.Notice.objects.get()
    assert (notice.kind, notice.source) == ("silent", feed)
    assert NOW - DAY < datetime.datetime.fromisoformat(notice.facts["usual_by"]) < NOW


def test_the_night_is_no_silence():
    dawn = datetime.datetime(2026, 11, 19, 21, 0, tzinfo=datetime.UTC)
    feed = source(last_success_at=dawn)
    hourly(feed, until=dawn - 10 * HOUR)
    assert check(dawn) == []


def test_what_could_not_be_read_is_not_called_silent():
    feed = source(last_success_at=NOW - 23 * HOUR, failures=1, last_error="x")
    hourly(feed, until=NOW - DAY)
    assert check() == []


def test_a_new_entry_ends_a_silence_also_between_the_hourly_looks():
    feed = source()
    hourly(feed, until=NOW - DAY)
    check()
    shows(feed, NOW)
    check(NOW + HOUR / 6, silences=False)
    assert open_kinds() == []


def test_a_look_at_failures_alone_keeps_a_silence_that_goes_on():
    feed = source()
    hourly(feed, until=NOW - DAY)
    check()
    check(NOW + HOUR / 6, silences=False)
    assert open_kinds() == [("silent", feed.pk)]


def test_many_failures_at_once_are_one_notice_that_suspects_our_own_network():
    for number in range(8):
        failing_for(HOUR, url=f"http://127.0.0.1/many{number}")
    source()
    raised = check()
    assert [(one.kind, one.source) for one in raised] == [("many", None)]
    with translation.override("en"):
        text = notices.sentence(raised[0])
    assert text.startswith("8 of the 9 sources asked lately fail.")
    assert "our own network" in text


def test_a_few_failures_are_not_many():
    for _ in range(4):
        failing_for(HOUR)
    assert check() == []


def test_sources_that_fail_for_long_do_not_make_many_at_once():
    for _ in range(20):
        failing_for(3 * DAY)
    source()
    assert {one.kind for one in check()} == {"failing"}


def test_while_many_fail_at_once_no_source_is_blamed():
    feeds = [failing_for(HOUR) for _ in range(6)]
    check()
    models.Source.objects.filter(pk=feeds[0].pk).update(last_success_at=NOW - 2 * DAY)
    check(NOW + HOUR / 6)
    assert open_kinds() == [("many", None)]


def test_many_at_once_is_over_when_few_fail():
    feeds = [failing_for(HOUR) for _ in range(10)]
    check()
    some = [feed.pk for feed in feeds[:5]]
    models.Source.objects.filter(pk__in=some).update(failures=0)
    check(NOW + HOUR / 6)
    assert open_kinds() == [("many", None)]
    models.Source.objects.update(failures=0)
    check(NOW + HOUR / 3)
    assert open_kinds() == []


def test_when_nobody_was_asked_lately_many_at_once_stays_as_it_was():
    for _ in range(10):
        failing_for(HOUR)
    check()
    check(NOW + 5 * HOUR)
    assert open_kinds() == [("many", None)]


def test_two_checks_at_one_moment_raise_one_notice():
    feed = failing_for(DAY)
    trouble = {(feed.pk, Kind.FAILING): notices.Trouble(NOW - DAY)}
    notices.settle({}, trouble, now=NOW)
    notices.settle({}, trouble, now=NOW + HOUR)
    assert models.Notice.objects.count() == 1


def run(now, *, silences=False):
    """What the task does."""
    notice_mails.tell(notices.check(now=now, silences=silences), now=now)
    return notice_mails.send_waiting(now=now)


@pytest.fixture
def editor():
    return factories.person("editor", is_staff=True, language="en")


def test_the_digest_goes_once_a_day_to_the_staff_who_want_it(editor):
    factories.person("analyst")
    factories.person("quiet", is_staff=True, gets_notices=False)
    factories.person("gone", is_staff=True, is_active=False)
    failing_for(DAY)
    assert run(NOW) == 1
    assert run(NOW + HOUR) == 0
    assert [message.to for message in mail.outbox] == [[editor.email]]
    assert mail.outbox[0].subject == "[Newswatch] 1 source needs a look"
    assert "the server answered 503" in mail.outbox[0].body


def test_the_digest_waits_for_the_morning(editor):
    failing_for(DAY)
    night = NOW - 6 * HOUR
    models.Source.objects.update(last_success_at=night - DAY)
    assert run(night) == 0
    assert run(NOW) == 1


def test_a_day_without_news_brings_no_mail(editor):
    failing_for(DAY)
    run(NOW)
    assert run(NOW + DAY) == 0


def test_the_next_digest_tells_what_is_over_and_what_is_still_so(editor):
    over = failing_for(DAY, title="over")
    failing_for(DAY, title="still")
    run(NOW)
    models.Source.objects.filter(pk=over.pk).update(failures=0, last_success_at=NOW + HOUR)
    run(NOW + DAY)
    body = mail.outbox[1].body
    assert mail.outbox[1].subject == "[Newswatch] 1 source is well again"
    assert body.index("Over by itself") < body.index("over") < body.index("Still so") < body.index("still")


def test_many_failures_at_once_are_told_at_once_even_at_night(editor):
    night = NOW - 9 * HOUR
    for _ in range(6):
        failing_for(10 * HOUR, last_polled_at=night)
    assert run(night) == 1
    assert mail.outbox[0].subject == "[Newswatch] Many sources fail at once"
    assert "our own network" in mail.outbox[0].body
    assert run(night + HOUR / 12) == 0


def test_a_mail_is_in_the_recipients_language_and_has_an_html_part():
    factories.person("editor", is_staff=True, language="ko")
    failing_for(DAY)
    run(NOW)
    html = mail.outbox[0].alternatives[0].content
    assert "수집원" in mail.outbox[0].subject
    assert 'lang="ko"' in html
    assert "<style>" in html


def test_hostile_titles_and_errors_stay_text_in_a_mail(editor):
    failing_for(DAY, title="<script>alert(1)</script>")
    models.Source.objects.update(last_error="<img src=x onerror=alert(1)>")
    run(NOW)
    html = mail.outbox[0].alternatives[0].content
    assert "<script" not in html
    assert "<img" not in html


def test_a_mail_server_that_refuses_is_tried_again_and_the_mail_sent_once(editor, monkeypatch):
    failing_for(DAY)

    def refuse(*_args):
        raise OSError("no route")

    with monkeypatch.context() as patch:
        patch.setattr(locmem.EmailBackend, "send_messages", refuse)
        assert run(NOW) == 0
    assert models.NoticeMail.objects.get().error == "no route"
    assert run(NOW + HOUR / 6) == 1
    assert len(mail.outbox) == 1


def test_the_task_checks_and_mails(editor):
    now = timezone.now()
    factories.source(last_success_at=now - 2 * DAY, failures=9, last_error="gone", last_polled_at=now)
    tasks.check_sources(silences=True)
    assert models.Notice.objects.get().kind == "failing"


def test_judging_silences_takes_the_same_number_of_queries_for_more_sources(django_assert_num_queries):
    for _ in range(2):
        hourly(source(), until=NOW - DAY, weeks=3)
    check()
    models.Notice.objects.all().delete()
    with django_assert_num_queries(10):
        check()
    for _ in range(3):
        hourly(source(), until=NOW - DAY, weeks=3)
    models.Notice.objects.all().delete()
    with django_assert_num_queries(10):
        check()
