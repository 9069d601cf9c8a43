"""How many articles and stories there were by hour, day, week or month, of everything, of companies and of themes.

Read from the rollups (articles.models.rollup) and what is noted since they were last brought in line, so that every
answer is what counting the articles would give (`manage.py recount_rollups --check`). One query each, whatever is
asked. Must not write: articles.rollup_rows does.
"""

import datetime
import enum
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection

from articles import rollup_sql

# A worker brings the rollups in line every few seconds. If none does, no reader pays for more than this.
MOST_MARKS = 20_000
HOUR = datetime.timedelta(hours=1)
MONTH = datetime.timedelta(days=28)
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


class Kind(enum.IntEnum):
    """What is counted."""

    EVERYTHING = 0
    COMPANY = 1
    THEME = 2


class Step(enum.StrEnum):
    """How long a bucket is. Weeks begin on Monday. WHOLE: all of the period is one."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    WHOLE = "whole"


@dataclass(frozen=True, slots=True, order=True)
class Subject:
    """What articles are counted of; `pk` is the company's or the theme's."""

    kind: Kind
    pk: int = 0


EVERYTHING = Subject(Kind.EVERYTHING)


@dataclass(frozen=True, slots=True)
class Count:
    """Articles, and the stories that had at least one of them."""

    articles: int = 0
    stories: int = 0

    def of(self, *, by_article: bool) -> int:
        return self.articles if by_article else self.stories


@dataclass(frozen=True, slots=True)
class Span:
    """What a subject had from `since` until before `until`."""

    subject: Subject
    since: datetime.datetime
    until: datetime.datetime

    @property
    def is_by_hour(self) -> bool:
        """Whether it is made of whole hours of UTC."""
        return Period(self.since, self.until, Step.WHOLE, datetime.UTC).is_by_hour


# When a bucket begins, in the reader's time zone. That of Step.WHOLE is `since`.
Counts = Mapping[Subject, Mapping[datetime.datetime, Count]]


@dataclass(frozen=True, slots=True)
class Period:
    """What is asked about, and by which of the tables it can be answered."""

    since: datetime.datetime
    until: datetime.datetime
    step: Step
    zone: datetime.tzinfo

    @property
    def is_by_hour(self) -> bool:
        """Whether its buckets are made of whole hours of UTC: not so in zones that are half an hour off."""
        length = max(self.until - self.since, HOUR)
        # Changes of a zone's offset are months apart.
        moments = [self.since + n * MONTH for n in range(length // MONTH + 1)]
        offsets = [moment.astimezone(self.zone).utcoffset() or HOUR for moment in (*moments, self.until)]
        ends = (self.since - EPOCH, self.until - EPOCH)
        return not any(one % HOUR for one in (*offsets, *ends))

    @property
    def is_by_day(self) -> bool:
        """Whether its buckets are made of whole days of the zone that days are counted in."""
        ends = [moment.astimezone(self.zone).time() for moment in (self.since, self.until)]
        return (
            self.step != Step.HOUR
            and str(self.zone) == settings.TIME_ZONE
            and all(time == datetime.time.min for time in ends)
        )


def counts(
    subjects: Collection[Subject],
    *,
    since: datetime.datetime,
    until: datetime.datetime,
    step: Step,
    zone: datetime.tzinfo,
) -> Counts:
    """What each of the subjects had from `since` until before `until`, by buckets of the zone. One query.

    A story counts in every bucket in which it had such an article, and once in each. Buckets without any are left out;
    the first and the last may be cut short by the period.
    """
    found = read(subjects, Period(since, until, step, zone))
    return {subject: found.get(subject, {}) for subject in subjects}


def busiest(
    kinds: Collection[Kind], *, since: datetime.datetime, until: datetime.datetime, zone: datetime.tzinfo
) -> dict[Subject, Count]:
    """All of these kinds that had an article in the period, and what they had in it. One query."""
    found = read(list(map(Subject, kinds)), Period(since, until, Step.WHOLE, zone), whole_kind=True)
    return {subject: count for subject, buckets in found.items() for count in buckets.values()}


def together(kind: Kind, period: Period) -> Mapping[datetime.datetime, Count]:
    """How often companies, or themes, were named: the sums over all of them. One query."""
    return read([Subject(kind)], period, whole_kind=True, together=True).get(Subject(kind), {})


def stories(spans: Sequence[Span]) -> list[dict[int, int]]:
    """The stories that each span had, by their ids, and how many of its articles each has. One query.

    An article in no story counts as one, under its negative id.
    """
    by_hour = all(span.is_by_hour for span in spans)
    values: dict[str, Any] = {
        "kinds": [int(span.subject.kind) for span in spans],
        "subjects": [span.subject.pk for span in spans],
        "since": [_hour(span.since) if by_hour else span.since for span in spans],
        "until": [_hour(span.until) if by_hour else span.until for span in spans],
        "most": MOST_MARKS,
    }
    found: list[defaultdict[int, int]] = [defaultdict(int) for _ in spans]
    with connection.cursor() as cursor:
        cursor.execute(rollup_sql.STORIES if by_hour else rollup_sql.RECOUNT_STORIES, values)
        for number, keys, articles in cursor:
            own = found[number - 1]
            for key, count in zip(keys, articles, strict=True):
                own[key] += count
    return [dict(own) for own in found]


def read(
    subjects: Collection[Subject], period: Period, *, whole_kind: bool = False, together: bool = False
) -> Counts:
    """The counts by the quickest tables that can tell. One query.

    Of the subjects, or of all of their kinds: each by itself, or together under a subject without `pk`.
    """
    if not period.is_by_hour:
        return recount(subjects, period, whole_kind=whole_kind, together=together)
    by_day = period.is_by_day
    sql = rollup_sql.reading(
        by_day=by_day, step=_trunc(period.step), whole_kind=whole_kind, together=together
    )
    ends = [_day(moment, period.zone) if by_day else _hour(moment) for moment in (period.since, period.until)]
    rows = _execute(sql, subjects, period, since=ends[0], until=ends[1], most=MOST_MARKS)
    begins = {
        begin: (_of_day if by_day else _of_hour)(begin, period.zone) for begin in {row[2] for row in rows}
    }
    return _counts((kind, pk, begins[begin], *found) for kind, pk, begin, *found in rows)


def recount(
    subjects: Collection[Subject], period: Period, *, whole_kind: bool = False, together: bool = False
) -> Counts:
    """What `read` tells, counted from the articles themselves. One query, slow."""
    sql = rollup_sql.recounting(step=_trunc(period.step), whole_kind=whole_kind, together=together)
    rows = _execute(sql, subjects, period, since=period.since, until=period.until)
    return _counts(
        (kind, pk, (begin or period.since).astimezone(period.zone), *found)
        for kind, pk, begin, *found in rows
    )


def _counts(rows: Iterable[tuple[Any, ...]]) -> Counts:
    found: defaultdict[Subject, dict[datetime.datetime, Count]] = defaultdict(dict)
    for kind, pk, begin, articles, stories in rows:
        found[Subject(Kind(kind), pk)][begin] = Count(int(articles), int(stories))
    return found


def _execute(
    sql: str, subjects: Collection[Subject], period: Period, **values: int | datetime.datetime
) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        kinds = [int(subject.kind) for subject in subjects]
        pks = [subject.pk for subject in subjects]
        cursor.execute(sql, {"kinds": kinds, "subjects": pks, "zone": str(period.zone), **values})
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _trunc(step: Step) -> str:
    """The step as PostgreSQL calls it."""
    return "" if step == Step.WHOLE else step.value


def _hour(moment: datetime.datetime) -> int:
    return (moment - EPOCH) // HOUR


def _day(moment: datetime.datetime, zone: datetime.tzinfo) -> int:
    return (moment.astimezone(zone).date() - EPOCH.date()).days


def _of_hour(hour: int, zone: datetime.tzinfo) -> datetime.datetime:
    return (EPOCH + hour * HOUR).astimezone(zone)


def _of_day(day: int, zone: datetime.tzinfo) -> datetime.datetime:
    date = EPOCH.date() + datetime.timedelta(days=day)
    return datetime.datetime.combine(date, datetime.time.min, tzinfo=zone)
