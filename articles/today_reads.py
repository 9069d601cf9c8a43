"""The first page of the day: what a reader follows, side by side. A fixed number of queries, however many rows.

Must not write, and must not render.
"""

import datetime
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Max, Min, QuerySet
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from articles import event_reads, filters, models, story_reads

# What is told of a lane: the stories of the last day, the days of its line, the events to come.
LATELY = datetime.timedelta(hours=24)
DAYS = 14
AHEAD_DAYS = 60
MOST_STORIES = 5
MOST_EVENTS = 3
MOST_EVENTS_READ = 200
# More than the usual number of stories: by so many standard deviations of a Poisson process, and so many at least.
UNUSUAL = 3.0
FEWEST_UNUSUAL = 5

# ("theme", 3) or ("company", 17).
Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Point:
    """A day of a lane's line, drawn in a box of DAYS x 20."""

    day: datetime.date
    count: int
    x: int
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Coming:
    """An event to come, and what its sentence says of it in short."""

    event: models.Event
    words: str


@dataclass(frozen=True, slots=True)
class Lane:
    """What happened to a company or in a theme in the last day. `usual`: stories of an ordinary day, of late."""

    watch: models.Watch
    lines: tuple[story_reads.Line, ...]
    stories: int
    usual: float
    fresh: int
    points: tuple[Point, ...]
    coming: tuple[Coming, ...]

    @property
    def name(self) -> str:
        return self.watch.company.name if self.watch.company else self.watch.theme.name  # type: ignore[union-attr]

    @property
    def is_unusual(self) -> bool:
        """Whether there are far more stories than on an ordinary day."""
        limit = self.usual + UNUSUAL * math.sqrt(max(self.usual, 1.0))
        return self.stories >= FEWEST_UNUSUAL and self.stories > limit

    @property
    def cause(self) -> story_reads.Line | None:
        """The story that most outlets tell, if the number is unusual."""
        return self.lines[0] if self.is_unusual and self.lines else None


def lanes(
    watched: Sequence[models.Watch], *, now: datetime.datetime, since: datetime.datetime | None
) -> list[Lane]:
    """The lanes of what is followed; `since`: when the reader was here last. At most fifteen queries."""
    tops = top_stories(watched, since=now - LATELY)
    wanted = {story for ranked in tops.values() for story in ranked[:MOST_STORIES]}
    lines = {
        line.story.pk: line for line in story_reads.lines(filters.Filters(), wanted, now=now) if line.story
    }
    days = per_day(watched, since=now - datetime.timedelta(days=DAYS))
    fresh = new_stories(watched, since=max(since, now - datetime.timedelta(days=DAYS))) if since else {}
    today = timezone.localdate(now)
    ahead = coming(watched, after=today)
    return [
        Lane(
            watch,
            tuple(lines[story] for story in tops[key][:MOST_STORIES] if story in lines),
            len(tops[key]),
            usual(days[key], today),
            fresh.get(key, 0),
            points(days[key], today),
            tuple(ahead[key]),
        )
        for watch in watched
        for key in [key_of(watch)]
    ]


def key_of(watch: models.Watch) -> Key:
    """What a lane is of."""
    return ("company", watch.company_id) if watch.company_id else ("theme", watch.theme_id or 0)


def _tags(watched: Sequence[models.Watch], since: datetime.datetime) -> "list[tuple[str, QuerySet[Any]]]":
    """The tags of what is followed on ready articles since then, of each kind that is."""
    found: list[tuple[str, QuerySet[Any]]] = []
    for kind, model in (("theme", models.ThemeTag), ("company", models.CompanyTag)):
        keys = [key for one, key in map(key_of, watched) if one == kind]
        if keys:
            tags: QuerySet[Any] = model.objects.filter(
                **{f"{kind}__in": keys}, published_at__gte=since, article__ready_at__isnull=False
            )
            found.append((kind, tags.order_by()))
    return found


def top_stories(watched: Sequence[models.Watch], *, since: datetime.datetime) -> Mapping[Key, list[int]]:
    """The stories of each lane since then, those first that most outlets tell. At most two queries."""
    found: dict[Key, list[int]] = defaultdict(list)
    for kind, tags in _tags(watched, since):
        stories = (
            tags.filter(article__story__isnull=False)
            .values_list(kind, "article__story")
            .annotate(
                heat=Count("article__outlet", distinct=True), articles=Count("pk"), last=Max("published_at")
            )
            .order_by("-heat", "-articles", "-last", "article__story")
        )
        for key, story, *_ in stories:
            found[kind, key].append(story)
    return found


def per_day(
    watched: Sequence[models.Watch], *, since: datetime.datetime
) -> Mapping[Key, dict[datetime.date, int]]:
    """How many stories each lane had on each of the reader's days since then. At most two queries."""
    found: dict[Key, dict[datetime.date, int]] = defaultdict(dict)
    for kind, tags in _tags(watched, since):
        counted = tags.annotate(day=TruncDate("published_at")).values_list(kind, "day")
        story = Coalesce(F("article__story"), -F("article"))
        for key, day, stories in counted.annotate(stories=Count(story, distinct=True)):
            found[kind, key][day] = stories
    return found


def new_stories(watched: Sequence[models.Watch], *, since: datetime.datetime) -> Mapping[Key, int]:
    """How many stories came to each lane since then. At most two queries."""
    found: dict[Key, int] = {}
    for kind, tags in _tags(watched, since):
        stories = tags.values_list(kind, "article__story").annotate(first=Min("article__story__first_at"))
        for key, _, first in stories:
            if first is not None and first >= since:
                found[kind, key] = found.get((kind, key), 0) + 1
    return found


def coming(watched: Sequence[models.Watch], *, after: datetime.date) -> Mapping[Key, list[Coming]]:
    """The next dated events of each lane. At most two queries."""
    found: dict[Key, list[Coming]] = defaultdict(list)
    until = after + datetime.timedelta(days=AHEAD_DAYS)
    for kind, model in (("theme", models.EventTheme), ("company", models.EventCompany)):
        keys = [key for one, key in map(key_of, watched) if one == kind]
        ties: QuerySet[Any] = model.objects.filter(
            **{f"{kind}__in": keys}, starts_on__gt=after, starts_on__lte=until
        )
        rows = ties.select_related("event__told_by").order_by("starts_on", "-event__outlet_count")
        for tie in rows[:MOST_EVENTS_READ] if keys else ():
            lane = found[kind, getattr(tie, f"{kind}_id")]
            if len(lane) < MOST_EVENTS:
                lane.append(Coming(tie.event, words_of(tie.event)))
    return found


def words_of(event: models.Event) -> str:
    """What the sentence of an event says of it, without its time."""
    report = event.told_by
    if report is None:
        return event.sentence
    clause = event_reads.clause_of(event.sentence, report.start, report.end, report.sentence_start)
    return event_reads.in_short(clause, report.when_text, ())


def usual(days: Mapping[datetime.date, int], today: datetime.date) -> float:
    """Stories of an ordinary day: the mean of the days before today."""
    before = [days.get(day, 0) for day in _days(today)[:-1]]
    return sum(before) / len(before)


def points(days: Mapping[datetime.date, int], today: datetime.date) -> tuple[Point, ...]:
    """The days up to today as bars in a box of DAYS x 20."""
    highest = max([days.get(day, 0) for day in _days(today)]) or 1
    made = []
    for x, day in enumerate(_days(today)):
        height = round(19 * days.get(day, 0) / highest + 1, 2)
        made.append(Point(day, days.get(day, 0), x, round(20 - height, 2), height))
    return tuple(made)


def _days(today: datetime.date) -> list[datetime.date]:
    return [today - datetime.timedelta(days=back) for back in reversed(range(DAYS))]
