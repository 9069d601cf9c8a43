"""Read what happened when, and who said what, out of articles that have their story: the stage beside the alerts.

Finding dates and joining what was told costs more than recognising names, so it waits until the news is shown and told.
What waits is a row (`EventsDue`), written whenever an article is tagged; the newest go first. One worker at a time
reads a batch and joins its reports to the events that are known (articles.dates.joining), all in one transaction.
Reading an article again replaces its reports and its quotations; an event that nobody tells of any more goes.

A worker that dies leaves rows that are due again later, each alone; one that workers die of is left out.
"""

import datetime
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from articles import bulk, event_rows, faults
from articles.dates import events, joining, resolve, speech, values
from newswatch import wake

log = logging.getLogger(__name__)

TASK = "articles.tasks.tell_events"
BATCH = 40
# A run ends after this and asks for another one, so that news that arrives meanwhile does not wait behind it.
LONGEST_RUN = datetime.timedelta(seconds=3)
# Rows wait while news is being read or placed, but no longer than this.
PATIENCE = datetime.timedelta(seconds=60)
# When a row that was taken may be taken again, if whoever took it died.
AGAIN = datetime.timedelta(seconds=120)
MOST_ATTEMPTS = 3
# Code points of a text that are read.
LONGEST_TEXT = 50_000
# Reports and quotations of less certainty are not kept.
LEAST_CERTAIN = 0.3
# Events that a report is compared with, for each of its names.
MOST_NEAR = 40

BUSY = """
SELECT (EXISTS (SELECT FROM articles_article WHERE stage = 'tag')
        OR EXISTS (SELECT FROM articles_article WHERE ready_at IS NOT NULL AND story_id IS NULL))
    AND (SELECT due_at FROM articles_eventsdue ORDER BY id LIMIT 1) > %s
"""
CLAIM = """
UPDATE articles_eventsdue SET due_at = %s, attempts = attempts + 1 WHERE id IN (
    SELECT due.id FROM articles_eventsdue AS due JOIN articles_article AS article ON article.id = due.article_id
    WHERE due.due_at <= %s AND article.story_id IS NOT NULL AND due.attempts {}
    ORDER BY due.id DESC LIMIT %s FOR UPDATE OF due SKIP LOCKED
) RETURNING id, attempts
"""
HOLD = "SELECT id, article_id FROM articles_eventsdue WHERE id = ANY(%s::bigint[]) FOR UPDATE SKIP LOCKED"
# One statement, so that the mentions are those of this very text.
# As json, not jsonb, which Django leaves unread.
READ = """
SELECT article.id, article.title, left(article.body, %s), article.published_at, source.time_zone, article.story_id, (
    SELECT json_agg(json_build_array(kind, field, start, "end", coalesce(company_id, theme_id), confidence))
    FROM articles_mention AS mention WHERE mention.article_id = article.id AND mention.kind IN ('company', 'theme')
        -- The evidence of a tag that was withdrawn stays, but tells of nothing.
        AND (EXISTS (SELECT FROM articles_companytag AS tag
                WHERE tag.article_id = article.id AND tag.company_id = mention.company_id)
            OR EXISTS (SELECT FROM articles_themetag AS tag
                WHERE tag.article_id = article.id AND tag.theme_id = mention.theme_id))
)
FROM articles_article AS article JOIN articles_source AS source ON source.id = article.source_id
WHERE article.id = ANY(%s::bigint[])
"""
NAMES = "SELECT id, name FROM articles_{} WHERE id = ANY(%s::bigint[])"
REPORT = """
report.event_id, report.id, report.article_id, report.field, report.start, report."end", report.sentence,
    report.sentence_start, report.when_text, report.when_start, report.when_end, report.starts_on, report.ends_on,
    report.precision, report.relation, report.rule, report.confidence, report.companies, report.themes,
    report.published_at
"""
OLD = f"SELECT {REPORT}, NULL FROM articles_eventreport AS report WHERE article_id = ANY(%s::bigint[]) ORDER BY id"  # noqa: S608
# Events about the same name whose days overlap: of the same days first, then the newest.
NEAR = """
SELECT DISTINCT near.event_id FROM unnest(%s::bigint[], %s::date[], %s::date[]) AS wanted(name, first, last)
CROSS JOIN LATERAL (
    SELECT tie.event_id FROM articles_event{name} AS tie
    WHERE tie.{name}_id = wanted.name AND tie.ends_on >= wanted.first AND tie.starts_on <= wanted.last
    ORDER BY tie.starts_on = wanted.first AND tie.ends_on = wanted.last DESC, tie.event_id DESC LIMIT %s
) AS near
"""
SPOKESMEN = f"""
SELECT {REPORT}, article.story_id FROM unnest(%s::bigint[]) AS wanted(id)
CROSS JOIN LATERAL (
    SELECT * FROM articles_eventreport AS told WHERE told.event_id = wanted.id ORDER BY told.id LIMIT %s
) AS report
JOIN articles_article AS article ON article.id = report.article_id
"""  # noqa: S608
REPORTS = """
articles_eventreport (event_id, article_id, field, start, "end", sentence, sentence_start, when_text, when_start,
    when_end, starts_on, ends_on, precision, relation, rule, confidence, companies, themes, published_at)
"""
EVENTS = """
INSERT INTO articles_event (id, starts_on, ends_on, precision, relation, sentence, certainty, report_count,
    outlet_count, first_reported_at, is_sample)
SELECT id, now(), now(), 'day', 'past', '', 0, 0, 0, now(), false FROM unnest(%s::bigint[]) AS new(id)
ON CONFLICT DO NOTHING
"""
QUOTES = """
articles_quote (article_id, company_id, speaker, role, affiliation, text, field, start, "end", confidence, said_at)
"""


@dataclass(frozen=True, slots=True)
class Named:
    """A mention as `articles.dates` needs it, with the key of what it names."""

    kind: str
    field: str
    start: int
    end: int
    key: int
    confidence: float
    name: str


@dataclass(frozen=True, slots=True)
class Text:
    """An article as it is read for events."""

    pk: int
    title: str
    body: str
    published_at: datetime.datetime
    time_zone: str
    story: int | None
    mentions: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class Telling:
    """An article's report of an event, with the place of its sentence and the keys of its names."""

    text: Text
    field: str
    event: events.Event
    sentence_start: int
    companies: tuple[int, ...]
    themes: tuple[int, ...]

    @property
    def key(self) -> tuple[int, ...]:
        """What tells it from all other reports, and orders those of an article."""
        return self.text.pk, int(self.field == "text"), self.event.when.start_offset

    def row(self) -> tuple[Any, ...]:
        """The columns of REPORTS without the event."""
        event, when = self.event, self.event.when
        return (
            *(
                self.text.pk,
                self.field,
                event.start_offset,
                event.end_offset,
                event.sentence,
                self.sentence_start,
            ),
            *(
                when.text[:200],
                when.start_offset,
                when.end_offset,
                when.first_day,
                when.last_day,
                when.precision,
            ),
            *(event.relation, event.rule[:200], event.confidence, list(self.companies), list(self.themes)),
            self.text.published_at,
        )


@dataclass(frozen=True, slots=True)
class Said:
    """A quotation of an article and the key of its speaker's company, if that is watched."""

    text: Text
    field: str
    quote: speech.Quote
    company: int | None

    def row(self) -> tuple[Any, ...]:
        """The columns of QUOTES."""
        quote = self.quote
        return (
            *(
                self.text.pk,
                self.company,
                quote.speaker[:200],
                quote.role[:200],
                quote.company[:200],
                quote.text,
            ),
            *(self.field, quote.start, quote.end, quote.confidence, self.text.published_at),
        )


def tell_waiting(*, now: Callable[[], datetime.datetime]) -> int:
    """Read the articles that wait, for some seconds; returns how many rows were done."""
    done, until = 0, now() + LONGEST_RUN
    while claims := claim(now=now()):
        done += len(claims)
        tell(claims)
        if now() >= until:
            wake.send(TASK)
            break
    return done


def claim(*, now: datetime.datetime) -> list[int]:
    """Note, durably, that these rows are begun: a batch of new ones, else one that was begun before."""
    with transaction.atomic():
        # Who would only wait for another worker's batch does something else.
        if not bulk.try_lock(event_rows.LOCK):
            return []
        with bulk.cursor() as cursor:
            if is_busy(cursor, now=now):
                return []
            for attempts, most in (("= 0", BATCH), ("> 0", 1)):
                given = [now + AGAIN, now, most]
                if rows := cursor.execute(CLAIM.format(attempts), given).fetchall():
                    hopeless = [pk for pk, tries in rows if tries > MOST_ATTEMPTS]
                    forget(hopeless)
                    return [pk for pk, _ in rows]
    return []


def is_busy(cursor: Any, *, now: datetime.datetime) -> bool:
    """Whether news is on its way through the stages before, and no row has waited for long."""
    row = cursor.execute(BUSY, [now - PATIENCE]).fetchone()
    return bool(row[0])


def forget(claims: Sequence[int]) -> None:
    """Let rows be that workers died of."""
    if claims:
        log.error("rows %s of articles_eventsdue are given up", claims)
        done(claims)


def done(claims: Sequence[int]) -> None:
    """Take rows out of the queue."""
    bulk.execute("DELETE FROM articles_eventsdue WHERE id = ANY(%s::bigint[])", list(claims))


def tell(claims: Sequence[int]) -> None:
    """Read the articles of claimed rows, or each alone if that fails; one that can't be read tells nothing."""
    try:
        tell_together(claims)
    except faults.ENTRY_ERRORS as error:
        if not faults.is_an_entrys(error):
            raise
        log.exception("the events of %d articles could not be read", len(claims))
        if len(claims) == 1:
            done(claims)
        else:
            for one in claims:
                tell([one])


def tell_together(claims: Sequence[int]) -> None:
    """Read the articles of claimed rows in one transaction."""
    with transaction.atomic():
        bulk.lock(event_rows.LOCK)
        with bulk.cursor() as cursor:
            held = cursor.execute(HOLD, [list(claims)]).fetchall()
        replace(texts(sorted({article for _, article in held})))
        done([pk for pk, _ in held])


def texts(articles: Sequence[int]) -> list[Text]:
    """These articles with their mentions."""
    with bulk.cursor() as cursor:
        rows = cursor.execute(READ, [LONGEST_TEXT, list(articles)]).fetchall()
        found = [one for row in rows for one in row[-1] or ()]
        names = {
            kind: names_of(cursor, kind, {one[4] for one in found if one[0] == kind})
            for kind in ("company", "theme")
        }
    return [text_of(row, names) for row in rows]


def text_of(row: Sequence[Any], names: Mapping[str, Mapping[int, str]]) -> Text:
    """An article from a row of READ."""
    pk, title, body, published_at, time_zone, story, mentions = row
    named = tuple(
        Named(kind, field, start, end, key, confidence, names[kind][key])
        for kind, field, start, end, key, confidence in mentions or ()
        if key in names[kind]
    )
    return Text(pk, title, body, published_at, time_zone, story, named)


def names_of(cursor: Any, kind: str, keys: Iterable[int]) -> dict[int, str]:
    """The names of these companies or themes; those that are gone are left out."""
    return dict(cursor.execute(NAMES.format(kind), [sorted(keys)]).fetchall())


def replace(found: Sequence[Text]) -> None:
    """Write what these articles tell in place of what they told before; what stays the same is not written."""
    tellings = {telling.key: telling for text in found for telling in tellings_of(text)}
    told: defaultdict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for telling in tellings.values():
        told[telling.text.pk].append(telling.row())
    with bulk.cursor() as cursor:
        old: defaultdict[int, list[tuple[Any, ...]]] = defaultdict(list)
        for row in cursor.execute(OLD, [[text.pk for text in found]]).fetchall():
            old[row[2]].append(row)
        changed = {
            text.pk for text in found if not is_same([row[2:20] for row in old[text.pk]], told[text.pk])
        }
        before = {row[0] for pk in changed for row in old[pk]}
        new = [telling for telling in tellings.values() if telling.text.pk in changed]
        joined = joining.join(
            map(report_of, new), known_near(cursor, new, before), event_rows.numbers(len(new))
        )
        cursor.execute(
            "DELETE FROM articles_eventreport WHERE article_id = ANY(%s::bigint[])", [sorted(changed)]
        )
        cursor.execute(EVENTS, [sorted(set(joined.values()))])
    bulk.copy(REPORTS, ((joined[telling.key], *telling.row()) for telling in new))
    event_rows.recount({*before, *joined.values()})
    replace_quotes(found)


def is_same(old: Iterable[Sequence[Any]], new: Iterable[Sequence[Any]]) -> bool:
    """Whether two lots of rows say the same, in whichever order."""
    return sorted(map(repr, map(tuple, old))) == sorted(map(repr, map(tuple, new)))


def report_of(telling: Telling) -> joining.Report:
    """A report as it is compared with others."""
    return joining.Report(telling.key, telling.event, telling.text.published_at, telling.text.story)


def known_near(
    cursor: Any, tellings: Sequence[Telling], before: Iterable[int]
) -> dict[int, list[joining.Report]]:
    """Events that these may tell of, and those that their articles told of before, with their first reports."""
    found = set(before)
    for name, keys in (("company", "companies"), ("theme", "themes")):
        wanted = [
            (key, telling.event.when.first_day, telling.event.when.last_day)
            for telling in tellings
            for key in getattr(telling, keys)
            if name == "company" or not telling.companies
        ]
        if wanted:
            given = [*bulk.columns(sorted(set(wanted)), 3), MOST_NEAR]
            found |= {row[0] for row in cursor.execute(NEAR.format(name=name), given).fetchall()}
    rows = cursor.execute(SPOKESMEN, [sorted(found), joining.SPOKESMEN]).fetchall() if found else []
    companies = names_of(cursor, "company", {key for row in rows for key in row[17]})
    themes = names_of(cursor, "theme", {key for row in rows for key in row[18]})
    known: defaultdict[int, list[joining.Report]] = defaultdict(list)
    for row in rows:
        known[row[0]].append(stored_report(row, companies, themes))
    return known


def stored_report(
    row: Sequence[Any], companies: Mapping[int, str], themes: Mapping[int, str]
) -> joining.Report:
    """A report as it is compared with others, from a row of SPOKESMEN."""
    (_, pk, article, field, start, end, sentence, sentence_start, when_text, when_start, when_end, *rest) = (
        row
    )
    starts_on, ends_on, precision, relation, rule, confidence, of_companies, of_themes, published, story = (
        rest
    )
    when = values.TimeValue(
        starts_on, ends_on, precision, confidence, "unknown", when_text, when_start, when_end, rule
    )
    event = events.Event(
        start,
        end,
        sentence[start - sentence_start : end - sentence_start],
        sentence,
        when,
        tuple(companies[key] for key in of_companies if key in companies),
        tuple(themes[key] for key in of_themes if key in themes),
        relation,
        confidence,
        rule,
    )
    return joining.Report((article, int(field == "text"), when_start, pk), event, published, story)


def tellings_of(text: Text) -> list[Telling]:
    """What an article tells: by its text, and by its headline what the text does not say."""
    body = list(tellings_in(text, "text", text.body))
    said = [(telling.event.when, {*telling.event.who, *telling.event.themes}) for telling in body]
    headline = (
        telling
        for telling in tellings_in(text, "title", text.title)
        if not any(
            overlap(telling.event.when, when) and names & {*telling.event.who, *telling.event.themes}
            for when, names in said
        )
    )
    return [*headline, *body]


def tellings_in(text: Text, field: str, words: str) -> Iterator[Telling]:
    """What one field of an article tells."""
    mentions = [one for one in text.mentions if one.field == field]
    if not mentions:
        return
    companies = {one.name: one.key for one in mentions if one.kind == "company"}
    themes = {one.name: one.key for one in mentions if one.kind == "theme"}
    dated = resolve.resolve_text(words, text.published_at, time_zone=text.time_zone)
    for event in events.find_events(words, dated, mentions):
        if event.confidence >= LEAST_CERTAIN:
            start = words.rfind(event.sentence, 0, event.start_offset + len(event.sentence))
            yield Telling(
                text,
                field,
                event,
                start,
                tuple(companies[name] for name in event.who),
                tuple(themes[name] for name in event.themes),
            )


def overlap(first: values.TimeValue, second: values.TimeValue) -> bool:
    """Whether two times have a day in common."""
    return first.first_day <= second.last_day and second.first_day <= first.last_day


def replace_quotes(found: Sequence[Text]) -> None:
    """Write what people say in these articles in place of what they said before."""
    rows = [said.row() for text in found for said in sayings_of(text)]
    bulk.execute(
        "DELETE FROM articles_quote WHERE article_id = ANY(%s::bigint[])", [text.pk for text in found]
    )
    bulk.copy(QUOTES, rows)


def sayings_of(text: Text) -> Iterator[Said]:
    """The quotations of an article's text whose speaker is known."""
    mentions = [one for one in text.mentions if one.field == "text"]
    keys = {one.name: one.key for one in mentions if one.kind == "company"}
    for quote in speech.find_quotes(text.body, mentions):
        if quote.confidence >= LEAST_CERTAIN and (quote.speaker or quote.role or quote.company):
            yield Said(text, "text", quote, keys.get(quote.company))
