"""What is old is forgotten by kind, and nothing that is still needed."""

import datetime

import pytest
from django.utils import timezone

from articles import models, retention
from tests import factories

pytestmark = pytest.mark.django_db

NOW = timezone.now()
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def keep(settings):
    settings.KEEP_POLLS_DAYS = 90
    settings.KEEP_OUTBOX_DAYS = 7
    settings.KEEP_NOTICES_DAYS = 365
    settings.KEEP_UNSTORED_DAYS = 180
    settings.KEEP_MARKUP_DAYS = 365
    return settings


def prune(**options):
    return retention.prune(now=lambda: NOW, **options)


def poll(source, days, outcome="unchanged"):
    return models.Poll.objects.create(source=source, at=NOW - days * DAY, outcome=outcome)


def test_old_polls_are_forgotten_batch_by_batch():
    source = factories.source()
    for days in (1, 89, 91, 92, 93, 94, 400):
        poll(source, days)
    assert prune(batch=2) == 5
    assert sorted((NOW - one.at).days for one in models.Poll.objects.all()) == [1, 89]


def test_the_streak_of_failures_that_a_source_is_in_is_kept_however_long():
    source = factories.source(failures=3, last_success_at=NOW - 200 * DAY)
    poll(source, 300, "failed")
    poll(source, 200, "stored")
    streak = [poll(source, days, "failed") for days in (199, 100, 1)]
    prune()
    assert list(models.Poll.objects.order_by("at")) == streak


def test_outbox_rows_go_once_they_are_done_and_old():
    article = factories.article()
    for done in (None, NOW - 6 * DAY, NOW - 8 * DAY):
        models.Outbox.objects.create(article=article, kind="new", created_at=NOW - 100 * DAY, done_at=done)
    assert prune() == 1
    assert models.Outbox.objects.filter(done_at__lt=NOW - 7 * DAY).count() == 0
    assert models.Outbox.objects.count() == 2


def test_notices_go_when_they_are_long_over():
    for days, kind in ((364, "silent"), (366, "failing"), (None, "off")):
        over = None if days is None else NOW - days * DAY
        at = NOW - 900 * DAY
        models.Notice.objects.create(
            kind=kind, source=factories.source(), since=at, raised_at=at, resolved_at=over
        )
    assert prune() == 1
    assert set(models.Notice.objects.values_list("kind", flat=True)) == {"silent", "off"}


def entry(fate, *, gone, article=None):
    at = NOW - 500 * DAY
    return models.Appearance.objects.create(
        source=models.Source.objects.first() or factories.source(),
        entry_key=f"{fate} {gone} {article}",
        content_at=at,
        first_seen_at=at,
        last_seen_at=gone and NOW - gone * DAY,
        fate=fate,
        reason="" if article else "broken",
        article=article,
    )


def test_the_ledger_keeps_what_became_an_article_and_forgets_the_rest_long_after_it_left_its_feed():
    article = factories.article()
    kept = [
        entry("stored", gone=400, article=article),
        entry("rejected", gone=None),
        entry("failed", gone=179),
    ]
    entry("rejected", gone=181)
    entry("failed", gone=400)
    assert prune() == 2
    assert list(models.Appearance.objects.order_by("pk")) == kept


def test_a_pages_markup_goes_and_its_regions_stay():
    for days in (364, 366):
        models.Page.objects.create(
            article=factories.article(),
            url="http://127.0.0.1/",
            fetched_at=NOW - days * DAY,
            markup=b"x",
            regions=[{"kind": "body", "text": "x"}],
        )
    assert prune() == 1
    assert prune() == 0
    assert sorted(bytes(page.markup) for page in models.Page.objects.all()) == [b"", b"x"]
    assert all(page.regions for page in models.Page.objects.all())


def test_nought_keeps_for_ever(keep):
    poll(factories.source(), 4000)
    keep.KEEP_POLLS_DAYS = 0
    assert prune() == 0
    assert models.Poll.objects.count() == 1


def test_what_a_run_has_no_time_for_is_left_to_the_next():
    source = factories.source()
    for days in range(100, 110):
        poll(source, days)
    clock = iter(NOW + minutes * retention.LONGEST_RUN / 8 for minutes in range(1000))
    assert 0 < retention.prune(now=lambda: next(clock), batch=2) < 10
    assert prune() > 0
    assert models.Poll.objects.count() == 0
