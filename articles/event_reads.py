"""What pages show of events and quotations: each function a fixed number of queries, however many rows there are.

A group's page shows what its affiliates do as well, unless the reader wants the group alone: a tag is never rolled up,
a page may be. Must not write, and must not render.
"""

import datetime
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from articles import highlight, models, reads
from articles.charts import event_line

# Events on their own page, and on a company's or theme's, where they stand beside the news.
PAGE_SIZE = 30
FEW = 6
# Articles that an event names as its sources.
MOST_SOURCES = 12
# Quotations on their own page, and beside the news; so many are looked at for those that outlets share.
QUOTES_SIZE = 20
FEW_QUOTES = 2
SHARED_AMONG = 4
# Letters by which two quotations are the same; a quarter of it, if the one holds the other.
SAME_LETTERS = 40
# Events that are laid out along a line: so many on either side of today; of more, those nearest to it.
MOST_ON_A_SIDE = 200
LONG = ("feed_text", "feed_regions", "body", "summary", "outlet__homepage")
# The columns of lists: events, the reports whose sentences they are, and their sources.
SHOWN_OF_EVENTS = (
    *("starts_on", "ends_on", "precision", "relation", "sentence", "report_count", "outlet_count"),
    *("is_sample", "first_reported_at", "told_by"),
)
SHOWN_OF_TELLERS = (
    *("article__language", "field", "start", "end", "sentence", "sentence_start", "when_text"),
    *("when_start", "when_end"),
)
SHOWN_OF_SOURCES = (
    *("event", "article__title", "article__language", "article__outlet__name"),
    *("when_text", "starts_on", "ends_on", "precision", "relation", "published_at"),
)
# What a Korean name or time carries before the rest of its sentence.
PARTICLE = re.compile(r"^(?:은|는|이|가|의|도|과|와|에|에는|에도|까지|부터)(?= )")
AFFILIATES = """
WITH RECURSIVE below(id) AS (
    SELECT %s::bigint UNION
    SELECT company.id FROM articles_company AS company JOIN below ON company.parent_id = below.id
) SELECT id FROM below
"""

# The newest of each company by its index, then the newest of these: of all together the index has no order.
NEWEST_QUOTES = """
SELECT quote.id FROM unnest(%s::bigint[]) AS owner(id) CROSS JOIN LATERAL (
    SELECT id, said_at FROM articles_quote
    WHERE company_id = owner.id AND (said_at, id) < (%s, %s) ORDER BY said_at DESC, id DESC LIMIT %s
) AS quote ORDER BY quote.said_at DESC, quote.id DESC LIMIT %s
"""
# Likewise events, in either direction of time; those of several companies once. The join is made if it is asked of.
TIES = """
SELECT event_id, starts_on FROM unnest(%s::bigint[]) AS owner(id) CROSS JOIN LATERAL (
    SELECT tie.event_id, tie.starts_on FROM {table} AS tie
    LEFT JOIN articles_event AS event ON event.id = tie.event_id
    WHERE tie.{column} = owner.id AND {conditions}
    ORDER BY tie.starts_on {order}, tie.event_id {order} LIMIT %s
) AS tie GROUP BY event_id, starts_on ORDER BY starts_on {order}, event_id {order} LIMIT %s
"""
# Those that some articles tell of, which are few beside all of an owner's: each is looked for among these.
TOLD = """
WITH told AS MATERIALIZED (SELECT DISTINCT event_id FROM articles_eventreport WHERE article_id = ANY(%s)),
reported AS MATERIALIZED (
    SELECT tie.* FROM told CROSS JOIN LATERAL (
        SELECT * FROM {table} AS one WHERE one.event_id = told.event_id AND {owned} OFFSET 0
    ) AS tie
)
"""
REPORTED = """
SELECT DISTINCT tie.event_id, tie.starts_on
FROM reported AS tie LEFT JOIN articles_event AS event ON event.id = tie.event_id
WHERE {conditions} ORDER BY tie.starts_on {order}, tie.event_id {order} LIMIT %s
"""
OF_ALL = "(SELECT *, id AS event_id FROM articles_event)"
ON_A_LINE = """
SELECT event.id, event.relation, event.starts_on, event.ends_on, event.outlet_count,
    (event.first_reported_at AT TIME ZONE %s)::date, event.sentence,
    report.start, report."end", report.sentence_start, report.when_text
FROM (
    SELECT event_id, starts_on FROM ({before}) AS before UNION ALL SELECT event_id, starts_on FROM ({ahead}) AS ahead
) AS near JOIN articles_event AS event ON event.id = near.event_id
    LEFT JOIN articles_eventreport AS report ON report.id = event.told_by_id
"""
LATEST = datetime.datetime(9999, 1, 1, tzinfo=datetime.UTC)


class When(StrEnum):
    """Which events the reader wants."""

    ALL = ""
    PAST = "past"
    AHEAD = "ahead"


RELATIONS = {
    When.PAST: (models.event.Relation.PAST, models.event.Relation.REPORTED),
    When.AHEAD: (models.event.Relation.PLANNED, models.event.Relation.GOAL),
}


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose events a page shows: those of one of the companies, or of the themes if it `is_theme`, of `keys`.

    A company has its affiliates beside it. Without keys they are whosever events. `articles`: those alone that
    one of these tells of; `is_capped` says that they are the newest of more.
    """

    keys: tuple[int, ...]
    is_theme: bool = False
    # What sentences call it, the longest first.
    names: tuple[str, ...] = ()
    # How many affiliates there are, shown or not.
    affiliates: int = 0
    articles: tuple[int, ...] | None = None
    is_capped: bool = False


@dataclass(frozen=True, slots=True)
class Cursor:
    """The event at the end of a page: the next page goes on before it."""

    starts_on: datetime.date
    pk: int

    def __str__(self) -> str:
        return f"{self.starts_on.isoformat()}_{self.pk}"


@dataclass(frozen=True, slots=True)
class Mark:
    """A part of a sentence: the time that it tells, or a name."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a sentence in pieces; `tells` if it is the clause that tells of the event."""

    pieces: tuple[highlight.Piece[Mark], ...]
    tells: bool


@dataclass(frozen=True, slots=True)
class Line:
    """An event with its sentence in parts and its sources: one report of each article, the earliest first."""

    event: models.Event
    parts: tuple[Part, ...]
    sources: tuple[models.EventReport, ...]

    @property
    def report(self) -> models.EventReport | None:
        """The report whose sentence it is."""
        return self.event.told_by

    @property
    def hidden(self) -> int:
        """How many more articles tell of it."""
        return max(0, self.event.report_count - len(self.sources))

    def is_overdue(self, today: datetime.date) -> bool:
        """Whether it was planned for a time that is over, and nobody has said that it happened."""
        return self.event.relation in RELATIONS[When.AHEAD] and self.event.ends_on < today


@dataclass(frozen=True, slots=True)
class EventPage:
    """Events in order of when they happened, the latest first. `older` is None on the last page."""

    lines: tuple[Line, ...]
    older: Cursor | None


@dataclass(frozen=True, slots=True)
class Saying:
    """A quotation, and how many outlets have it."""

    quote: models.Quote
    outlets: int


@dataclass(frozen=True, slots=True)
class QuotePage:
    """Quotations, the newest first. `older` is None on the last page."""

    sayings: tuple[Saying, ...]
    older: reads.Cursor | None


def of_company(company: models.Company, *, alone: bool) -> Owner:
    """A company with its affiliates and theirs, or `alone`. Two queries, one if its aliases are prefetched."""
    with connection.cursor() as cursor:
        cursor.execute(AFFILIATES, [company.pk])
        keys = sorted(row[0] for row in cursor.fetchall())
    names = sorted({company.name, *(alias.text for alias in company.aliases.all())}, key=len, reverse=True)
    return Owner((company.pk,) if alone else tuple(keys), names=tuple(names), affiliates=len(keys) - 1)


def of_theme(theme: models.Theme) -> Owner:
    """A theme."""
    return Owner((theme.pk,), is_theme=True)


def parse_when(text: str) -> When:
    """Which events an address asks for; all if it says nothing that is known."""
    return When(text) if text in set(When) else When.ALL


def parse_cursor(text: str) -> Cursor | None:
    """The cursor of an address; None if it is none."""
    day, _, number = text.partition("_")
    pk = reads.parse_number(number)
    if pk is None or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", day):
        return None
    try:
        return Cursor(datetime.date.fromisoformat(day), pk)
    except ValueError:
        return None


def events(
    owner: Owner,
    *,
    when: When = When.ALL,
    window: event_line.Window | None = None,
    before: Cursor | None = None,
    size: int = PAGE_SIZE,
) -> EventPage:
    """A page of events, or of those that the window holds. Seven queries."""
    keys = Ties(owner, when, window, before).first(size + 1)
    shown = [pk for pk, _ in keys[:size]]
    found = {event.pk: event for event in with_sources(models.Event.objects.filter(pk__in=shown))}
    rows = [found[pk] for pk in shown if pk in found]
    names = names_in(event.told_by for event in rows)
    older = Cursor(keys[size - 1][1], keys[size - 1][0]) if len(keys) > size else None
    return EventPage(tuple(line_of(event, names) for event in rows), older)


def on_a_line(
    owner: Owner, *, today: datetime.date, when: When = When.ALL, window: event_line.Window | None = None
) -> list[event_line.Item]:
    """The events of an owner, or those that the window holds, as they are laid out along a line. One query.

    Of very many, those nearest to `today`, so many before it and so many after it.
    """
    sides = (Ties(owner, when, window, until=today), Ties(owner, when, window, after=today))
    told, (before, ahead) = sides[0].reported(), (side.sql(MOST_ON_A_SIDE) for side in sides)
    sql = told[0] + ON_A_LINE.format(before=before[0], ahead=ahead[0])
    zone = timezone.get_current_timezone_name()
    with connection.cursor() as cursor:
        cursor.execute(sql, [*told[1], zone, *before[1], *ahead[1]])
        rows = cursor.fetchall()
    return [
        event_line.Item(
            pk,
            kind,
            first,
            last,
            outlets,
            in_short(clause_of(sentence, *places), when or "", owner.names),
            reported,
        )
        for pk, kind, first, last, outlets, reported, sentence, *places, when in rows
    ]


def is_cut(items: Sequence[event_line.Item], today: datetime.date) -> bool:
    """Whether there may be more events than these of a line, further from today."""
    ahead = sum(item.first > today for item in items)
    return max(ahead, len(items) - ahead) == MOST_ON_A_SIDE


def clause_of(sentence: str, start: int | None, end: int | None, begins: int | None) -> str:
    """The part of a sentence that tells of the event: from `start` to `end`, in a text where it `begins`."""
    if start is None or end is None or begins is None:
        return sentence
    return sentence[max(0, start - begins) : end - begins].strip() or sentence


def in_short(clause: str, when: str, names: Sequence[str]) -> str:
    """A clause without what it begins with and is known beside it: its time, the name of whom the page is about."""
    told = " ".join(clause.split())
    for known in (when, *names, when):
        rest = told.removeprefix(known) if known else told
        if rest != told and (not rest[:1].isalnum() or PARTICLE.match(rest)):
            told = PARTICLE.sub("", rest, count=1).lstrip(" ,") or told
    return told


@dataclass(frozen=True, slots=True)
class Ties:
    """Which events of an owner are asked for: the latest first, or, `after` a day, the earliest first.

    The window holds some of their days; `until`: they began by that day.
    """

    owner: Owner
    when: When = When.ALL
    window: event_line.Window | None = None
    before: Cursor | None = None
    until: datetime.date | None = None
    after: datetime.date | None = None

    def reported(self) -> tuple[str, list[Any]]:
        """What `sql` has to begin with, and its parameters: the events that the articles tell of, if it is these."""
        owner = self.owner
        if owner.articles is None:
            return "", []
        sql = TOLD.format(
            table=self._table if owner.keys else OF_ALL,
            owned=f"one.{self._column} = ANY(%s)" if owner.keys else "true",
        )
        # One array instead of a thousand parameters.
        return sql, [list(owner.articles), *([list(owner.keys)] if owner.keys else ())]

    def sql(self, most: int) -> tuple[str, list[Any]]:
        """What gives the events' keys and first days, and its parameters. Built of constants."""
        conditions = list(self._conditions())
        owner = self.owner
        sql = (TIES if owner.articles is None else REPORTED).format(
            table=self._table,
            column=self._column,
            conditions=" AND ".join(["true", *(text for text, _ in conditions)]),
            order="ASC" if self.after else "DESC",
        )
        given = [value for _, values in conditions for value in values]
        if owner.articles is None:
            return sql, [list(owner.keys), *given, most, most]
        return sql, [*given, most]

    @property
    def _table(self) -> str:
        return "articles_eventtheme" if self.owner.is_theme else "articles_eventcompany"

    @property
    def _column(self) -> str:
        return "theme_id" if self.owner.is_theme else "company_id"

    def _conditions(self) -> Iterator[tuple[str, list[Any]]]:
        if self.when in RELATIONS:
            yield "event.relation = ANY(%s)", [list(RELATIONS[self.when])]
        if self.window:
            yield "tie.starts_on <= %s AND tie.ends_on >= %s", [self.window.last, self.window.first]
        if self.before:
            yield "(tie.starts_on, tie.event_id) < (%s, %s)", [self.before.starts_on, self.before.pk]
        if self.until:
            yield "tie.starts_on <= %s", [self.until]
        if self.after:
            yield "tie.starts_on > %s", [self.after]

    def first(self, most: int) -> list[tuple[int, datetime.date]]:
        """The keys and first days of so many. One query."""
        with connection.cursor() as cursor:
            (told, given), (sql, asked) = self.reported(), self.sql(most)
            cursor.execute(told + sql, [*given, *asked])
            found: list[tuple[int, datetime.date]] = cursor.fetchall()
        return found


def with_sources(found: "QuerySet[models.Event]") -> "QuerySet[models.Event]":
    """With the report whose sentence it is, with names, and with the first reports."""
    of_article = models.EventReport.objects.select_related("article__outlet").only(*SHOWN_OF_SOURCES)
    earlier = models.EventReport.objects.filter(
        event=OuterRef("event"), article=OuterRef("article"), pk__lt=OuterRef("pk")
    )
    sources = of_article.filter(~Exists(earlier)).order_by("published_at", "pk")[:MOST_SOURCES]
    return (
        found.select_related("told_by__article")
        .only(*SHOWN_OF_EVENTS, *(f"told_by__{name}" for name in SHOWN_OF_TELLERS))
        .prefetch_related(
            Prefetch("reports", sources, to_attr="sources"),
            Prefetch(
                "companies", models.EventCompany.objects.select_related("company").order_by("company__name")
            ),
            Prefetch("themes", models.EventTheme.objects.select_related("theme").order_by("theme__position")),
        )
    )


def names_in(reports: Iterable[models.EventReport | None]) -> dict[int, list[models.Mention]]:
    """Where names stand in the articles of these reports, by article. One query."""
    articles = {report.article_id for report in reports if report}
    found: dict[int, list[models.Mention]] = {}
    mentions = models.Mention.objects.filter(article__in=articles, kind="company")
    for mention in mentions.only("article", "field", "start", "end"):
        found.setdefault(mention.article_id, []).append(mention)
    return found


def line_of(event: models.Event, names: dict[int, list[models.Mention]]) -> Line:
    """An event as a line, with the time and the names of its sentence marked."""
    report, text = event.told_by, event.sentence
    marks = marks_of(report, names.get(report.article_id, ())) if report else []
    start, end = 0, len(text)
    if report:
        start, end = report.start - report.sentence_start, report.end - report.sentence_start
    parts = tuple(
        Part(tuple(highlight.cut(text, marks, start=first, end=last)), tells)
        for first, last, tells in ((0, start, False), (start, end, True), (end, len(text), False))
        if first < last
    )
    return Line(event, parts, tuple(getattr(event, "sources", ())))


def marks_of(report: models.EventReport, names: Sequence[models.Mention]) -> list[Mark]:
    """The time and the names of a report's sentence, by their places in it."""
    start, end = report.sentence_start, report.sentence_start + len(report.sentence)
    found = [
        Mark(mention.start - start, mention.end - start, "company")
        for mention in names
        if mention.field == report.field and start <= mention.start and mention.end <= end
    ]
    return [Mark(report.when_start - start, report.when_end - start, "date"), *found]


def quotes(owner: Owner, *, before: reads.Cursor | None = None, size: int = QUOTES_SIZE) -> QuotePage:
    """What an owner's people say, each saying once. One query."""
    most = size * SHARED_AMONG
    last_said, last_pk = (before.published_at, before.pk) if before else (LATEST, 0)
    newest = RawSQL(NEWEST_QUOTES, [list(owner.keys), last_said, last_pk, most, most])  # noqa: S611 - a constant
    rows = list(
        models.Quote.objects.filter(pk__in=newest)
        .select_related("company", "article__outlet")
        .defer(*(f"article__{name}" for name in LONG))
        .order_by("-said_at", "-pk")
    )
    groups = shared(rows)
    shown = groups[:size]
    is_more = len(groups) > size or len(rows) == most
    last = groups[size][0] if len(groups) > size else None
    older = edge(rows, last) if is_more else None
    return QuotePage(
        tuple(Saying(group[0], len({one.article.outlet_id for one in group})) for group in shown), older
    )


def edge(rows: Sequence[models.Quote], following: models.Quote | None) -> reads.Cursor:
    """The cursor before a quotation, or after all of them."""
    last = rows[rows.index(following) - 1] if following else rows[-1]
    return reads.Cursor(last.said_at, last.pk)


def shared(rows: Sequence[models.Quote]) -> list[list[models.Quote]]:
    """Quotations of the same words together, in the order of each one's first."""
    groups: list[list[models.Quote]] = []
    letters: list[str] = []
    for row in rows:
        words = "".join(re.findall(r"\w", row.text))
        same = next((number for number, other in enumerate(letters) if is_same_words(words, other)), None)
        if same is None:
            groups.append([row])
            letters.append(words)
        else:
            groups[same].append(row)
    return groups


def is_same_words(first: str, second: str) -> bool:
    """Whether one quotation is the other, cut short or gone on with."""
    if first[:SAME_LETTERS] == second[:SAME_LETTERS]:
        return True
    shorter, longer = sorted((first, second), key=len)
    return len(shorter) >= SAME_LETTERS // 4 and shorter in longer
