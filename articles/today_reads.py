"""The first page of the day: what a reader follows, side by side. A fixed number of queries, however many rows.

Must not write, and must not render.
"""

import datetime
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Min, QuerySet
from django.utils import timezone

from articles import event_reads, filters, models, reads, rollups, story_reads

# What is told of a lane: the stories of the last day, the days of its line, the events to come.
LATELY = datetime.timedelta(hours=24)
DAYS = 14
AHEAD_DAYS = 60
MOST_STORIES = 5
MOST_EVENTS = 6
MOST_EVENTS_READ = 200
# The day's top stories: so many, with how often they were told in each of so many stretches of hours.
MOST_TOP = 6
STRETCH_HOURS = 3
STRETCHES = 16
# More than the usual number of stories: by so many standard deviations of a Poisson process, and so many at least.
UNUSUAL = 3.0
FEWEST_UNUSUAL = 5
EVENT_LONG = tuple(f"told_by__article__{name}" for name in ("body", "feed_text", "feed_regions", "summary"))

# ("theme", 3) or ("company", 17).
Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Point:
    """A day, or a stretch of hours, of a line: drawn in a box as wide as there are points, and 20 high."""

    label: str
    count: int
    x: int
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Coming:
    """An event to come, what its sentence says of it in short, and the lanes it belongs to."""

    event: models.Event
    words: str
    lanes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Agenda:
    """What is to come in the lanes: by the end of this week, in the next one, and after it or not known so exactly."""

    this_week: tuple[Coming, ...]
    next_week: tuple[Coming, ...]
    later: tuple[Coming, ...]

    def __bool__(self) -> bool:
        return bool(self.this_week or self.next_week or self.later)


@dataclass(frozen=True, slots=True)
class Top:
    """One of the day's top stories, and how often it was told in the hours up to now."""

    line: story_reads.Line
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Today:
    """All that the page shows of the news."""

    lanes: tuple["Lane", ...]
    top: tuple[Top, ...]
    agenda: Agenda

    @property
    def lines(self) -> list[story_reads.Line]:
        """All stories that are shown."""
        return [one.line for one in self.top] + [line for lane in self.lanes for line in lane.lines]


@dataclass(frozen=True, slots=True)
class Lane:
    """What happened to a company or in a theme in the last day. `usual`: stories of an ordinary day, of late."""

    watch: models.Watch
    lines: tuple[story_reads.Line, ...]
    stories: int
    usual: float
    fresh: int
    points: tuple[Point, ...]

    @property
    def name(self) -> str:
        return name_of(self.watch)

    @property
    def is_unusual(self) -> bool:
        """Whether there are far more stories than on an ordinary day."""
        limit = self.usual + UNUSUAL * math.sqrt(max(self.usual, 1.0))
        return self.stories >= FEWEST_UNUSUAL and self.stories > limit

    @property
    def cause(self) -> story_reads.Line | None:
        """The story that most outlets tell, if the number is unusual."""
        return self.lines[0] if self.is_unusual and self.lines else None


def today(
    watched: Sequence[models.Watch], *, now: datetime.datetime, since: datetime.datetime | None
) -> Today:
    """The page of whoever follows this; `since`: when the reader was here last. At most eighteen queries."""
    tops = top_stories(watched, since=now - LATELY)
    hottest = hottest_stories(since=now - LATELY)
    wanted = {story for ranked in tops.values() for story in ranked[:MOST_STORIES]} | set(hottest)
    lines = {
        line.story.pk: line for line in story_reads.lines(filters.Filters(), wanted, now=now) if line.story
    }
    day = timezone.localdate(now)
    days = per_day(watched, day)
    fresh = new_stories(watched, since=max(since, now - datetime.timedelta(days=DAYS))) if since else {}
    lanes = tuple(
        Lane(
            watch,
            tuple(lines[story] for story in tops[key][:MOST_STORIES] if story in lines),
            len(tops[key]),
            usual(days[key], day),
            fresh.get(key, 0),
            points(days[key], day),
        )
        for watch in watched
        for key in [key_of(watch)]
    )
    told = told_lately(hottest, now=now)
    top = tuple(Top(lines[story], told[story]) for story in hottest if story in lines)
    return Today(lanes, top, agenda(watched, day))


def name_of(watch: models.Watch) -> str:
    """What a lane is called."""
    return watch.company.name if watch.company else watch.theme.name  # type: ignore[union-attr]


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


def hottest_stories(*, since: datetime.datetime) -> list[int]:
    """The stories with news since then that most outlets tell, of all the newsroom. One query."""
    found = models.Story.objects.told().filter(outlet_count__gt=1, last_at__gte=since)
    return list(found.order_by("-outlet_count", "-last_at", "-pk").values_list("pk", flat=True)[:MOST_TOP])


def told_lately(stories: Sequence[int], *, now: datetime.datetime) -> Mapping[int, tuple[Point, ...]]:
    """How often stories were told in each stretch of the hours up to now. One query."""
    begin = now - datetime.timedelta(hours=STRETCH_HOURS * STRETCHES)
    counts: dict[int, list[int]] = {story: [0] * STRETCHES for story in stories}
    rows = models.Article.objects.ready().filter(story__in=stories, published_at__gte=begin)
    for story, at in rows.values_list("story", "published_at"):
        stretch = int((at - begin).total_seconds() // (STRETCH_HOURS * 3600))
        counts[story][min(stretch, STRETCHES - 1)] += 1
    starts = [begin + datetime.timedelta(hours=STRETCH_HOURS * number) for number in range(STRETCHES)]
    labels = [f"{timezone.localtime(start):%m-%d %H:%M}" for start in starts]
    return {story: drawn(labels, numbers) for story, numbers in counts.items()}


def per_day(
    watched: Sequence[models.Watch], today: datetime.date
) -> Mapping[Key, Mapping[datetime.date, int]]:
    """How many stories each lane had on each of the reader's last days. One query."""
    zone = timezone.get_current_timezone()
    since, until = (
        reads.midnight(day)
        for day in (today - datetime.timedelta(days=DAYS - 1), today + datetime.timedelta(days=1))
    )
    kinds = {"company": rollups.Kind.COMPANY, "theme": rollups.Kind.THEME}
    subjects = {key: rollups.Subject(kinds[key[0]], key[1]) for key in map(key_of, watched)}
    found = rollups.counts(
        list(subjects.values()), since=since, until=until, step=rollups.Step.DAY, zone=zone
    )
    return {
        key: {begin.date(): count.stories for begin, count in found[subject].items()}
        for key, subject in subjects.items()
    }


def new_stories(watched: Sequence[models.Watch], *, since: datetime.datetime) -> Mapping[Key, int]:
    """How many stories came to each lane since then. At most two queries."""
    found: dict[Key, int] = {}
    for kind, tags in _tags(watched, since):
        stories = tags.values_list(kind, "article__story").annotate(first=Min("article__story__first_at"))
        for key, _, first in stories:
            if first is not None and first >= since:
                found[kind, key] = found.get((kind, key), 0) + 1
    return found


def agenda(watched: Sequence[models.Watch], today: datetime.date) -> Agenda:
    """The dated events to come in all lanes, each once. At most three queries."""
    found: dict[str, list[Ahead]] = defaultdict(list)
    sunday = today + datetime.timedelta(days=6 - today.weekday())
    for one in ahead(watched, since=today):
        # A month or a year is no day of a week.
        is_exact = (one.ends_on - one.starts_on).days < 7
        week = (one.starts_on - sunday).days
        part = "later" if not is_exact or week > 7 else "this" if week <= 0 else "next"
        if len(found[part]) < MOST_EVENTS:
            found[part].append(one)
    wanted = [one.event for part in found.values() for one in part]
    told = models.Event.objects.select_related("told_by__article").defer(*EVENT_LONG).in_bulk(wanted)
    names = {key_of(watch): name_of(watch) for watch in watched}
    parts = (
        tuple(
            Coming(event, words_of(event), tuple(names[lane] for lane in one.lanes))
            for one in found[part]
            if (event := told.get(one.event))
        )
        for part in ("this", "next", "later")
    )
    return Agenda(*parts)


@dataclass(frozen=True, slots=True)
class Ahead:
    """An event to come, by its key, and the lanes it belongs to."""

    event: int
    starts_on: datetime.date
    ends_on: datetime.date
    outlets: int
    lanes: tuple[Key, ...]


def ahead(watched: Sequence[models.Watch], *, since: datetime.date) -> list[Ahead]:
    """The next dated events of the lanes, the earliest first, each once. At most two queries."""
    events: dict[int, Ahead] = {}
    until = since + datetime.timedelta(days=AHEAD_DAYS)
    for kind, model in (("theme", models.EventTheme), ("company", models.EventCompany)):
        keys = [key for one, key in map(key_of, watched) if one == kind]
        ties: QuerySet[Any] = model.objects.filter(
            **{f"{kind}__in": keys},
            starts_on__gte=since,
            starts_on__lte=until,
            event__relation__in=event_reads.RELATIONS[event_reads.When.AHEAD],
        )
        rows = ties.order_by("starts_on", "-event__outlet_count", "event").values_list(
            "event", kind, "starts_on", "ends_on", "event__outlet_count"
        )
        for event, key, starts_on, ends_on, outlets in rows[:MOST_EVENTS_READ] if keys else ():
            lanes = events[event].lanes if event in events else ()
            events[event] = Ahead(event, starts_on, ends_on, outlets, (*lanes, (kind, key)))
    return sorted(events.values(), key=lambda one: (one.starts_on, -one.outlets, one.event))


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
    each = _days(today)
    return drawn([day.isoformat() for day in each], [days.get(day, 0) for day in each])


def drawn(labels: Sequence[str], counts: Sequence[int]) -> tuple[Point, ...]:
    """Numbers as bars, the highest as high as the box."""
    highest = max(counts) or 1
    made = []
    for x, (label, count) in enumerate(zip(labels, counts, strict=True)):
        height = round(19 * count / highest + 1, 2)
        made.append(Point(label, count, x, round(20 - height, 2), height))
    return tuple(made)


def _days(today: datetime.date) -> list[datetime.date]:
    return [today - datetime.timedelta(days=back) for back in reversed(range(DAYS))]
