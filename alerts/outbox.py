"""From articles that became ready to what matched them, in one transaction: none is lost, none comes twice.

Between the old alerts and the new none falls through. An article is matched by the alerts that are committed when its
outbox row is taken. An alert that counts for an article (its `active_since` is earlier) but was committed later is due
(`models.AlertChange`): whoever sees that matches the newest articles once more (`catch_up`). That finds all of them:
whoever had not seen the alert had taken the article before, so it is there for whoever sees the alert now.
"""

import datetime
import logging
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max

from alerts import alert_faults, documents, holding, models, setbacks, watch
from alerts.matching import match as matching
from articles import faults
from articles import models as news
from newswatch import wake

log = logging.getLogger(__name__)

BATCH = 100
# An alert is committed so long after its `active_since` at most, and so many articles come meanwhile.
LATEST = datetime.timedelta(hours=1)
LOOK_BACK = 20_000


def match_waiting(*, now: datetime.datetime) -> int:
    """Match every article that waits in the outbox and has a story with the alerts; returns how many there were."""
    setbacks.recover(now=now)
    # Before anything is locked: the first look reads all alerts.
    watch.watch().look()
    catch_up(now=now)
    done = 0
    while attempt := setbacks.take(now=now, most=BATCH):
        done += match_attempt(attempt, now=now)
    return done


@transaction.atomic
def match_attempt(attempt: models.MatchAttempt, *, now: datetime.datetime) -> int:
    """Match the articles of an attempt; returns how many there are."""
    rows = setbacks.hold(attempt)
    # After the rows are taken: the module's docstring relies on it.
    watch.watch().look()
    match_safely(rows, now=now)
    news.Outbox.objects.filter(pk__in=[row.pk for row in rows], done_at=None).update(done_at=now)
    attempt.delete()
    wake.on_commit("alerts.tasks.send_deliveries")
    return len(rows)


def match_safely(rows: Sequence[news.Outbox], *, now: datetime.datetime) -> None:
    """Match articles; those that can't be are found by halves and set aside, the others are matched."""
    if not rows:
        return
    try:
        with transaction.atomic():
            match(rows, now=now)
    except faults.ENTRY_ERRORS as error:
        if not faults.is_an_entrys(error):
            raise
        if len(rows) == 1:
            log.exception("article %d could not be matched", rows[0].article_id)
            setbacks.set_aside(rows[0], faults.reason(error), now=now)
            return
        middle = len(rows) // 2
        match_safely(rows[:middle], now=now)
        match_safely(rows[middle:], now=now)


def match(rows: Sequence[news.Outbox], *, now: datetime.datetime) -> None:
    """Write the hits of these articles, and the mails for those that are new."""
    matcher = watch.watch().matcher
    ids = {row.article_id for row in rows}
    if not matcher.by_alert and not models.Hit.objects.filter(article__in=ids).exists():
        return
    articles = list(
        news.Article.objects.filter(pk__in=ids)
        .select_related("outlet", "source", "story")
        .prefetch_related(
            "company_tags__company__parent__parent",
            "theme_tags__theme",
            "mentions__company",
            "mentions__theme",
        )
        .defer("feed_text", "feed_regions")
        .order_by("pk")
    )
    finds, broken = {}, set()
    for article in articles:
        failed: list[matching.Failure] = []
        found = matcher.match(
            documents.document(article, matcher.needs), now=article.first_seen_at, failed=failed
        )
        for alert, match in found:
            ast = matcher.by_alert[alert].ast
            finds[alert, article.pk] = holding.Find(article, ast, documents.spans(match, ast, article))
        if failed:
            broken.add(article.pk)
            note_broken(failed, [row for row in rows if row.article_id == article.pk], now=now)
    setbacks.forget([row for row in rows if row.article_id not in broken])
    told = {row.article_id for row in rows if row.kind != "reread"}
    holding.write(finds, articles, told=told, now=now)


def note_broken(
    failed: Sequence[matching.Failure], rows: Sequence[news.Outbox], *, now: datetime.datetime
) -> None:
    """Have their owners see which alerts broke on an article, and match it again later."""
    log.error("alerts %s broke on article %d", [one.alert for one in failed], rows[0].article_id)
    alert_faults.note_broken(failed, now=now)
    for row in rows:
        setbacks.set_aside(row, faults.reason(failed[0].error), now=now)


def catch_up(*, now: datetime.datetime) -> None:
    """Match the newest articles with the alerts that were saved while they were matched.

    With all alerts: an article's hits that are known stay as they are.
    """
    with transaction.atomic():
        due = list(models.AlertChange.objects.filter(is_due=True).select_for_update(skip_locked=True)[:1000])
        if not due:
            return
        watch.watch().look()
        alerts = models.Alert.objects.filter(pk__in=[one.pk for one in due], enabled=True)
        since = min(alerts.values_list("active_since", flat=True), default=now)
        rows = rows_since(max(since, now - LATEST))
        for start in range(0, len(rows), BATCH):
            match_safely(rows[start : start + BATCH], now=now)
        models.AlertChange.objects.filter(pk__in=[one.pk for one in due]).update(is_due=False)
        wake.on_commit("alerts.tasks.send_deliveries")


def rows_since(since: datetime.datetime) -> list[news.Outbox]:
    """The outbox rows of placed articles that were written since then, whether done or not."""
    last = news.Outbox.objects.aggregate(last=Max("pk"))["last"] or 0
    newest = news.Outbox.objects.filter(pk__gt=last - LOOK_BACK, created_at__gte=since)
    return list(newest.filter(article__story__isnull=False).order_by("pk"))
