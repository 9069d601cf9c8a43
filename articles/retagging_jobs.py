"""Previews of a change of the watch list, and the re-tagging of history after it: jobs (articles.jobs) with progress.

A preview stores what would change, with its evidence. A re-tagging rewrites the tags and the evidence of the articles
in which they differ, and of no others. Nobody is told: no version, no outbox row. It goes by whatever list is stored
when a batch is read, so that several changes in a row come out right in any order, and a batch may be done twice.
"""

import datetime
import functools
import logging
from collections.abc import Collection, Iterable, Sequence

from django.db import DatabaseError, transaction
from django.db.models import Max, Q

from articles import bulk, faults, jobs, models, pipeline, readings, retagging, search_rows, watchlist_store
from articles.dates import sentences
from articles.tagging import difference, recognise
from newswatch import wake
from newswatch.accounts.models import User

log = logging.getLogger(__name__)

TASK = "articles.tasks.retag"
# A page that nobody waits for any more is not worth more.
KEEP_PREVIEWS = datetime.timedelta(days=1)
# Articles recognised in a batch.
BATCH = 100
LONGEST_SENTENCE = 240
ROWS = """articles_tagchange (
    retagging_id, article_id, kind, name, is_added, form, sentence, start, "end", rule, confidence
)"""
# In the order of readings.MENTIONS.
MENTION_FIELDS = ("kind", "company_id", "theme_id", "field", "start", "end", "text", "rule", "confidence")
Row = tuple[object, ...]


class Unchanged(Exception):  # noqa: N818 -- no error: what people said of an article's tags stands
    """An article came out as it was before."""


Subject = models.Company | models.Theme | None


def preview(
    edits: Sequence[difference.Edit], *, of: Subject, days: int, by: User, now: datetime.datetime
) -> models.Retagging:
    """Have it found out what these edits would change; whatever else this person was looking at is dropped.

    Raises TermError for a term nobody could find.
    """
    models.Retagging.objects.filter(is_preview=True).filter(
        Q(started_by=by) | Q(started_at__lt=now - KEEP_PREVIEWS)
    ).delete()
    return _start(edits, of=of, since=now - datetime.timedelta(days=days), by=by, now=now, is_preview=True)


def retag(
    edits: Sequence[difference.Edit],
    *,
    of: Subject = None,
    subject: str = "",
    days: int | None,
    by: User | None,
    now: datetime.datetime,
) -> models.Retagging:
    """Have the articles of the last `days` days, or all of them, tagged by the stored list where these edits matter.

    The edits are those that were saved. Raises TermError for a term nobody could find.
    """
    since = (
        now - datetime.timedelta(days=days) if days else datetime.datetime.min.replace(tzinfo=datetime.UTC)
    )
    return _start(edits, of=of, subject=subject, since=since, by=by, now=now, is_preview=False)


def _start(
    edits: Sequence[difference.Edit],
    *,
    of: Subject,
    since: datetime.datetime,
    by: User | None,
    now: datetime.datetime,
    is_preview: bool,
    subject: str = "",
) -> models.Retagging:
    differ = difference.of_edits(edits)
    before = (models.Article.objects.aggregate(newest=Max("pk"))["newest"] or 0) + 1
    total = retagging.readable(since=since, before=before).count() if differ else 0
    made = models.Retagging.objects.create(
        is_preview=is_preview,
        company=of if isinstance(of, models.Company) and of.pk else None,
        theme=of if isinstance(of, models.Theme) and of.pk else None,
        subject=(subject or str(of or ""))[:300],
        edits=difference.to_json(edits),
        since=since,
        started_at=now,
        started_by=by,
        before=before,
        total=total,
        finished_at=None if total else now,
    )
    wake.on_commit(TASK)
    return made


def stop(job: models.Retagging, *, now: datetime.datetime) -> None:
    """Let it be; what was done stays."""
    jobs.stop(models.Retagging.objects.filter(pk=job.pk), now=now)


def run(*, now: jobs.Clock) -> int:
    """Go on with what was started, for some seconds, previews first; returns how many articles were looked through."""
    unfinished = models.Retagging.objects.order_by("-is_preview", "attempts", "pk")
    return jobs.run(unfinished, do_batch, task=TASK, now=now)


def do_batch(job: models.Retagging, now: datetime.datetime) -> int:
    """Look through the next articles of a job, and note how far it is; returns how many."""
    lists = lists_of(job.pk, watchlist_store.revision())
    search = retagging.Search(lists.difference, since=job.since)
    reach = search.next(job.before, most=BATCH if job.attempts == 1 else 1)
    if job.attempts > jobs.MOST_ATTEMPTS:
        job.failed += len(reach.candidates)
    elif job.is_preview:
        note_changes(job, list(retagging.changes(reach.candidates, lists)), lists.difference)
    else:
        rewrite(job, reach.candidates)
    job.done += reach.texts
    job.before = reach.before
    return reach.texts


@functools.lru_cache(maxsize=1)
def lists_of(job_id: int, revision: int) -> retagging.Lists:
    """The watch lists that a job compares; building one takes a second."""
    job = models.Retagging.objects.get(pk=job_id)
    edits = difference.from_json(job.edits)
    present = pipeline.recognition(revision).recogniser
    changed = (
        recognise.Recogniser(difference.apply(edits, watchlist_store.stored())) if job.is_preview else present
    )
    return retagging.Lists(changed, present, difference.of_edits(edits))


def note_changes(
    job: models.Retagging, found: Sequence[retagging.Change], differ: difference.Difference
) -> None:
    """Store what would change."""
    bulk.copy(ROWS, (change_row(job.pk, change, differ) for change in found))
    job.changed += len({change.article.pk for change in found})
    job.added += sum(change.is_added for change in found)
    job.removed += sum(not change.is_added for change in found)


def change_row(job: int, change: retagging.Change, differ: difference.Difference) -> Sequence[bulk.Value]:
    """The row of a change: of its evidence, the first place of what was edited, or the first place."""
    telling = [one for one in change.mentions if difference.fold(one.text) in differ.forms]
    mention = next(iter([*telling, *change.mentions]), None)
    head = (job, change.article.pk, change.kind, change.name, change.is_added)
    if mention is None:
        return *head, "", "", 0, 0, "", 0.0
    text = change.article.title if mention.field == "title" else change.article.body
    sentence, start, end = sentence_of(text, mention.start, mention.end)
    return *head, mention.text[:200], sentence, start, end, mention.rule[:200], mention.confidence


def sentence_of(text: str, start: int, end: int) -> tuple[str, int, int]:
    """The sentence around a place, cut to a length, and where the place is in it."""
    around = [span for span in sentences.split(text) if span[0] <= start < span[1]]
    first, last = around[0] if around else (start, end)
    first = max(first, end - LONGEST_SENTENCE)
    last = max(end, min(last, first + LONGEST_SENTENCE))
    return text[first:last], start - first, end - first


def rewrite(job: models.Retagging, candidates: Collection[int]) -> None:
    """Tag articles by the stored list, and write those whose tags or evidence differ."""
    tagger = pipeline.present_tagger()
    for article in retagging.tagged(candidates).select_for_update(of=("self",)):
        try:
            with transaction.atomic():
                rewrite_one(job, article, tagger)
        except Unchanged:
            pass
        except faults.ENTRY_ERRORS as error:
            if isinstance(error, DatabaseError) and not faults.is_an_entrys(error):
                raise
            log.exception("article %d could not be tagged again", article.pk)
            job.failed += 1


def rewrite_one(job: models.Retagging, article: models.Article, tagger: readings.Tagger) -> None:
    """Tag a locked article; write it if its tags or its evidence differ. Raises Unchanged, to undo what was in vain."""
    found = readings.Reading(article, (article.title, article.body), None, tagger.recognise(article))
    before = stored_rows(article)
    if new_rows(found, tagger) == before:
        return
    readings.forget_tags([article.pk])
    readings.store_tags([found], tagger)
    search_rows.relabel([article.pk])
    after = stored_rows(article)
    if after == before:
        raise Unchanged
    models.Article.objects.filter(pk=article.pk).update(recognised_by=found.recognition.version)
    job.changed += 1
    job.added += len(tags_of(after) - tags_of(before))
    job.removed += len(tags_of(before) - tags_of(after))


def new_rows(found: readings.Reading, tagger: readings.Tagger) -> frozenset[Row]:
    """What would be stored of an article: companies, themes and evidence."""
    rows = [("company", *row[1:]) for row in readings.company_rows(found, tagger.companies)]
    rows += [("theme", *row[1:]) for row in readings.theme_rows(found, tagger.themes)]
    rows += [("mention", *row[1:]) for row in readings.mention_rows(found, tagger)]
    return frozenset(tuple(tuple(one) if isinstance(one, list) else one for one in row) for row in rows)


def stored_rows(article: models.Article) -> frozenset[Row]:
    """The same as it was stored when it was recognised, whatever people have said of it since."""
    companies = article.company_tags.filter(by_hand=False)
    themes = article.theme_tags.filter(by_hand=False)
    rows: list[Row] = [
        ("company", pk, sure, tuple(forms), at)
        for pk, sure, forms, at in companies.values_list(
            "company_id", "confidence", "aliases", "published_at"
        )
    ]
    rows += [
        ("theme", pk, score, at, tuple(parts))
        for pk, score, at, parts in themes.values_list("theme_id", "score", "published_at", "subthemes")
    ]
    rows += [withdrawn_row(article, tag) for tag in article.withdrawn_tags.all()]
    rows += [("mention", *row) for row in article.mentions.values_list(*MENTION_FIELDS)]
    return frozenset(rows)


def withdrawn_row(article: models.Article, tag: models.WithdrawnTag) -> Row:
    """A tag as it was before people took it away."""
    if tag.company_id is not None:
        return "company", tag.company_id, tag.strength, tuple(tag.words), article.published_at
    return "theme", tag.theme_id, tag.strength, article.published_at, tuple(tag.words)


def tags_of(rows: Iterable[Row]) -> frozenset[Row]:
    """Of such rows, the tags alone."""
    return frozenset(row[:2] for row in rows if row[0] != "mention")
