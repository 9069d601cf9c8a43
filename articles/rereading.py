"""Read an outlet's stored pages again, by rules that an editor has changed since.

It is not the outlet that changed its articles, so nobody is told: an article's text changes where the new reading
differs, the text it had is kept as a version that the article's page doesn't show, and alerts move their marks but
find nothing new. What the rules leave as it was is not written.

The work is a job (articles.jobs): after a worker's death its batch is read article by article, and one that workers die
of is passed over.
"""

import datetime
import logging
from collections.abc import Callable, Sequence

from django.db import DatabaseError, transaction
from django.db.models import Max

from articles import bulk, faults, jobs, models, pipeline, readings, search_rows
from newswatch import wake
from newswatch.accounts.models import User

log = logging.getLogger(__name__)

TASK = "articles.tasks.reread_pages"
BATCH = 20
LONGEST_DAYS = 3650
# What a reading of the page can change besides title and text.
FACTS = ("author", "section", "language", "published_at", "published_is_known", "text_from", "page_error")


def start(outlet: models.Outlet, *, days: int, by: User, now: datetime.datetime) -> models.Rereading:
    """Have the pages of articles first seen in the last `days` days read again; the one under way if there is one."""
    since = now - datetime.timedelta(days=days)
    with transaction.atomic():
        models.Outlet.objects.select_for_update(no_key=True).get(pk=outlet.pk)
        under_way = outlet.rereadings.filter(finished_at__isnull=True).first()
        if under_way:
            return under_way
        newest = models.Article.objects.aggregate(newest=Max("pk"))["newest"] or 0
        total = readable(outlet.pk, since=since, before=newest + 1).count()
        made = models.Rereading.objects.create(
            outlet=outlet,
            since=since,
            started_at=now,
            started_by=by,
            before=newest + 1,
            total=total,
            finished_at=None if total else now,
        )
        wake.on_commit(TASK)
    return made


def stop(outlet: models.Outlet, *, now: datetime.datetime) -> None:
    """Let it be; what was read stays."""
    jobs.stop(outlet.rereadings.all(), now=now)


def latest(outlet: models.Outlet) -> models.Rereading | None:
    """The rereading under way, or the last one."""
    return outlet.rereadings.order_by("-pk").first()


def readable(outlet_id: int, *, since: datetime.datetime, before: int) -> "models.article.ArticleQuerySet":
    """Ready articles of an outlet that have a stored page."""
    stored = models.Article.objects.with_markup().filter(stage=models.Article.Stage.READY)
    return stored.filter(outlet=outlet_id, first_seen_at__gte=since, pk__lt=before)


def run(*, now: Callable[[], datetime.datetime]) -> int:
    """Read again what is to be read again, for some seconds; returns how many articles."""
    return jobs.run(models.Rereading.objects.order_by("attempts", "pk"), read_batch, task=TASK, now=now)


def read_batch(job: models.Rereading, now: datetime.datetime) -> int:
    """Read the next articles of a rereading and note how far it is; returns how many."""
    most = BATCH if job.attempts == 1 else 1
    waiting = list(
        readable(job.outlet_id, since=job.since, before=job.before)
        .order_by("-pk")
        .select_for_update(of=("self",))
        .select_related("outlet", "page")
        .defer("summary")[:most]
    )
    if job.attempts > jobs.MOST_ATTEMPTS:
        job.failed += len(waiting)
    else:
        changed, failed = reread(waiting, now=now)
        job.changed += changed
        job.failed += failed
    job.done += len(waiting)
    job.before = waiting[-1].pk if waiting else job.before
    wake.on_commit("alerts.tasks.match_outbox")
    return len(waiting)


def reread(articles: Sequence[models.Article], *, now: datetime.datetime) -> tuple[int, int]:
    """Read locked articles again; returns how many texts changed and how many could not be read."""
    tagger = pipeline.present_tagger()
    changed = failed = 0
    for article in articles:
        try:
            with transaction.atomic():
                changed += store(article, tagger, now=now)
        except faults.ENTRY_ERRORS as error:
            if isinstance(error, DatabaseError) and not faults.is_an_entrys(error):
                raise
            log.exception("article %d could not be read again", article.pk)
            failed += 1
    return changed, failed


def store(article: models.Article, tagger: readings.Tagger, *, now: datetime.datetime) -> bool:
    """Read an article again and write what differs; returns whether its title or text does."""
    facts = facts_of(article)
    regions = article.page.regions
    if article.text_from == models.Article.TextFrom.FEED:
        article.page_error = ""  # why the page did not serve is seen anew
    reading = pipeline.read(article, tagger)
    if reading.regions is None:
        raise ValueError(article.page_error)
    if reading.before == (article.title, article.body):
        if facts != facts_of(article):
            article.save(update_fields=FACTS)
            search_rows.relabel([article.pk])
        if regions != reading.regions:
            readings.store_regions([reading])
            readings.store_words([reading])
        return False
    keep_version(reading, now=now)
    readings.forget_tags([article.pk])
    bulk.execute_many(readings.UPDATE_ARTICLE, [readings.article_values(reading)])
    readings.store_regions([reading])
    readings.store_tags([reading], tagger)
    readings.store_words([reading])
    bulk.copy(readings.OUTBOX, [(article.pk, "reread", now)])
    return True


def facts_of(article: models.Article) -> list[object]:
    """What a reading can change besides title and text."""
    return [getattr(article, name) for name in FACTS]


def keep_version(reading: readings.Reading, *, now: datetime.datetime) -> None:
    """Keep the text that the article had. It is not a change of the outlet's: the article does not count as changed."""
    article, (title, body) = reading.article, reading.before
    models.Version.objects.get_or_create(
        article=article,
        number=article.version,
        defaults={"title": title, "body": body, "replaced_at": now, "is_outlets": False},
    )
    article.version += 1
