"""Articles that break while they are read, or kill their worker: each is read alone, then set aside and says why.

What a worker is about to read stands in an `Attempt` that is committed before it begins. Who finds one that nobody
holds knows that its worker died, and has each of its articles read alone, in an attempt of its own. One that breaks
alone, or kills three workers, becomes ready with the text it has and without tags; its `Setback` says why. Reading it
is tried again later and later, then only when its text changes or an editor asks.

Must not read articles; pipeline.py does.
"""

import datetime
import logging
from collections.abc import Sequence

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from articles import faults, models, problem_words, search_rows
from articles.search import tokens

log = logging.getLogger(__name__)

# The waits after a first and a second try; after the third an article is not tried by itself.
WAITS = (datetime.timedelta(minutes=10), datetime.timedelta(hours=2))
MOST_TRIES = len(WAITS) + 1
# Between committing an attempt and locking it a worker takes milliseconds.
LOST_AFTER = datetime.timedelta(seconds=5)
DIED = "a worker died while it read this article"

# Articles of attempts, whether under way or lost, are not taken; nor are those that are read alone.
NEXT_TOGETHER = """
SELECT article.id FROM articles_article AS article
WHERE article.stage = 'tag' AND article.id <> ALL (ARRAY(
    SELECT unnest(articles) FROM articles_attempt UNION ALL SELECT article_id FROM articles_setback
))
ORDER BY article.id LIMIT %s FOR UPDATE SKIP LOCKED
"""
NEXT_ALONE = """
SELECT article.id FROM articles_setback AS setback JOIN articles_article AS article ON article.id = setback.article_id
WHERE CASE WHEN setback.due_at IS NULL THEN article.stage = 'tag'
    ELSE setback.due_at <= %s AND article.stage <> 'page' END
AND setback.article_id <> ALL (ARRAY(SELECT unnest(articles) FROM articles_attempt))
ORDER BY setback.at LIMIT 1 FOR UPDATE OF article SKIP LOCKED
"""
TAKE_LOST = """
WITH lost AS (
    DELETE FROM articles_attempt
    WHERE id IN (SELECT id FROM articles_attempt WHERE began_at < %s FOR UPDATE SKIP LOCKED)
    RETURNING articles
)
INSERT INTO articles_setback AS setback (article_id, tries, reason, at, due_at)
SELECT DISTINCT article.id, 1, %s, %s::timestamptz, %s::timestamptz
FROM lost, unnest(lost.articles) AS wanted(id) JOIN articles_article AS article USING (id)
WHERE article.stage = 'tag' OR EXISTS (SELECT FROM articles_setback WHERE article_id = article.id)
ON CONFLICT (article_id) DO UPDATE
SET tries = setback.tries + 1, reason = excluded.reason, at = excluded.at, due_at = excluded.due_at
RETURNING article_id, tries
"""
# The feed's own text serves an article that people have not seen yet; one that they have keeps its text and its tags.
SHOW = """
UPDATE articles_article SET stage = 'ready',
    body = CASE WHEN ready_at IS NULL THEN coalesce(feed_text, body) ELSE body END, ready_at = coalesce(ready_at, %s)
WHERE id = %s
"""
# An article that was never read is new to the alerts; what they can't split into words, they can't match.
TELL = """
INSERT INTO articles_outbox (article_id, kind, created_at)
SELECT id, 'new', %s FROM articles_article WHERE id = %s AND ready_at IS NULL
"""


@transaction.atomic
def take(*, now: datetime.datetime, most: int) -> models.Attempt | None:
    """Note durably which articles are read next: up to `most` together, else one alone; None if none waits."""
    found = next_keys(NEXT_TOGETHER, NEXT_ALONE, now=now, most=most)
    return models.Attempt.objects.create(articles=found, began_at=now) if found else None


def next_keys(together: str, alone: str, *, now: datetime.datetime, most: int) -> list[int]:
    """What is taken up next, in a transaction of its own: by the statement `together`, if that finds none by `alone`.

    `together` is given `most`, `alone` is given `now`.
    """
    with connection.cursor() as cursor:
        # A worker's death loses no commit; that of the machine, which may lose this one, is no article's fault.
        cursor.execute("SET LOCAL synchronous_commit TO off")
        cursor.execute(together, [most])
        found = [pk for (pk,) in cursor.fetchall()]
        if not found:
            cursor.execute(alone, [now])
            found = [pk for (pk,) in cursor.fetchall()]
    return found


def hold(attempt: models.Attempt) -> list[models.Article]:
    """Lock an attempt and its articles until the transaction ends; none if somebody took its worker for dead."""
    if not models.Attempt.objects.filter(pk=attempt.pk).select_for_update().first():
        return []
    found = (
        models.Article.objects.filter(pk__in=attempt.articles)
        .exclude(stage=models.Article.Stage.PAGE)
        .order_by("pk")
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("outlet", "page", "setback")
        .defer("summary")
    )
    return [one for one in found if one.stage == models.Article.Stage.TAG or hasattr(one, "setback")]


@transaction.atomic
def recover(*, now: datetime.datetime) -> None:
    """Have the articles of workers that died read alone; those that killed too many are set aside."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE_LOST, [now - LOST_AFTER, DIED, now, now])
        found = cursor.fetchall()
    if found:
        log.warning("a worker died while it read %d articles; each is read alone", len(found))
    for pk in [pk for pk, tries in found if tries >= MOST_TRIES]:
        log.error("article %d is set aside: %d workers died while they read it", pk, MOST_TRIES)
        # Nothing of ours touches its text any more.
        show(pk, None, now=now)
        models.Setback.objects.filter(pk=pk).update(due_at=None)


def set_aside(article: models.Article, reason: str, *, now: datetime.datetime) -> None:
    """Show an article that could not be read with the text it has, and note why and when to try again.

    Inside the transaction that has locked it.
    """
    tries = article.setback.tries + 1 if hasattr(article, "setback") else 1
    models.Setback.objects.update_or_create(
        article_id=article.pk,
        defaults={
            "tries": tries,
            "reason": reason,
            "at": now,
            "due_at": now + WAITS[tries - 1] if tries < MOST_TRIES else None,
        },
    )
    search = search_words(article)
    if search is None or not shown_with(article, search, now=now):
        show(article.pk, None, now=now)


def shown_with(article: models.Article, search: bytes, *, now: datetime.datetime) -> bool:
    """Show an article so that its words are found, and tell the alerts of it; whether PostgreSQL takes them."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(TELL, [now, article.pk])
            show(article.pk, search, now=now)
    except faults.ENTRY_ERRORS as error:
        if not faults.is_an_entrys(error):
            raise
        return False
    return True


def show(pk: int, search: bytes | None, *, now: datetime.datetime) -> None:
    """Have people see an article as it is; without words to search for it keeps those that it has."""
    with connection.cursor() as cursor:
        cursor.execute(SHOW, [now, pk])
    if search is None:
        search_rows.ensure(pk)
    else:
        search_rows.store({pk: search})


def search_words(article: models.Article) -> bytes | None:
    """The search tokens of the feed's title and text; None if they can't be made, or the article has been read."""
    if article.ready_at is not None and article.recognised_by:
        return None
    try:
        return tokens.to_tsvector(article.feed_title or article.title, article.own_text)
    except faults.ENTRY_ERRORS:
        return None


def forget(articles: Sequence[models.Article]) -> None:
    """These were read well."""
    mended = [article.pk for article in articles if hasattr(article, "setback")]
    if mended:
        models.Setback.objects.filter(article__in=mended).delete()


def of_source(source: models.Source, *, most: int) -> list[models.Setback]:
    """The newest articles of a source that could not be read, with their articles."""
    found = models.Setback.objects.filter(article__source=source).select_related("article")
    return list(found.only("tries", "reason", "at", "due_at", "article__title").order_by("-at", "-pk")[:most])


def sentence(setback: models.Setback) -> str:
    """Why an article could not be read and when that is tried again, in the reader's language."""
    told = ngettext(
        "It could not be read (%(reason)s); tried %(number)d time.",
        "It could not be read (%(reason)s); tried %(number)d times.",
        setback.tries,
    ) % {"number": setback.tries, "reason": problem_words.translated(setback.reason)}
    if setback.due_at:
        when = f"{timezone.localtime(setback.due_at):%Y-%m-%d %H:%M %Z}"
        return f"{told} {gettext('It is tried again at %(when)s.') % {'when': when}}"
    return f"{told} {gettext('It is tried again when its text changes or an editor asks.')}"


def ask_again(articles: Sequence[int], *, now: datetime.datetime) -> int:
    """Have those of these articles that could not be read read again, each alone; returns how many there are."""
    return models.Setback.objects.filter(article__in=articles).update(due_at=now)
