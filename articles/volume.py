"""The volume chart of a timeline: how much there was of what passes the filters, when, and what made its peaks.

Where the filters ask for everything, for one company or for one theme, counts come from the rollups; other filters are
counted. A fixed number of queries, however many rows there are. Must not write, and must not render.
"""

import dataclasses
import datetime
import operator
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Count, Expression, F, Func, Q, QuerySet, TextField
from django.db.models.functions import Trunc
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles import evidence, filters, models, named_reads, reads, rollups
from articles.charts import volume as chart

MOST_SERIES = 6
# The companies that are not named one by one.
REST = "rest"
KEY = re.compile(r"\d{1,18}|rest")
# A story explains a peak with so many articles in it at least.
LEAST_TOLD = 2
DAY = datetime.timedelta(days=1)
# Where zooming out ends.
LONGEST = 20_000
EARLIEST = datetime.date(1900, 1, 1)
# The periods that a reader goes to by name, in days.
PRESETS = {1: _("Today"), 7: _("7 days"), 30: _("30 days"), 90: _("90 days"), 365: _("1 year")}
STEPS = {
    chart.Step.HOUR: _("by hour"),
    chart.Step.DAY: _("by day"),
    chart.Step.WEEK: _("by week"),
    chart.Step.MONTH: _("by month"),
}


class Stack(StrEnum):
    """What bars are made of."""

    NONE = ""
    THEME = "theme"
    COMPANY = "company"


STACKS = {Stack.NONE: _("All together"), Stack.THEME: _("By theme"), Stack.COMPANY: _("By company")}


@dataclass(frozen=True, slots=True)
class View:
    """How the chart is shown, as the address says; no step is the usual one. `hidden` are keys of series.

    `besides`: what else the address says of how the page is shown, which the chart's links keep.
    """

    step: chart.Step | None = None
    stack: Stack = Stack.NONE
    hidden: frozenset[str] = frozenset()
    besides: tuple[tuple[str, str], ...] = ()

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The address's parameters."""
        return (
            *((("step", self.step.value),) if self.step else ()),
            *((("stack", self.stack.value),) if self.stack else ()),
            *(("hide", key) for key in sorted(self.hidden)),
            *self.besides,
        )


@dataclass(frozen=True, slots=True)
class Series:
    """A part of what is stacked. `tone` is its colour's number; `parameters` those of the chart with it switched."""

    key: str
    name: str
    tone: str
    counts: tuple[int, ...]
    is_hidden: bool
    parameters: str

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Choice:
    """A way to see it otherwise."""

    name: str | Promise
    parameters: str
    is_on: bool


@dataclass(frozen=True, slots=True)
class Peak:
    """A column that stands out, and the story with most articles in it."""

    number: int
    column: chart.Column
    story: models.Story
    articles: int


@dataclass(frozen=True, slots=True)
class Choices:
    """What the reader can do with it: steps, stacks, periods by name, and ways along time.

    `open`: the parameters without a period, for whoever chooses one by hand.
    """

    steps: tuple[Choice, ...]
    stacks: tuple[Choice, ...]
    presets: tuple[Choice, ...]
    ways: tuple[Choice, ...]
    open: str


@dataclass(frozen=True, slots=True)
class Volume:
    """All that the chart shows. `links` are the parameters for each column's stretch of time."""

    since: datetime.date
    until: datetime.date
    by_article: bool
    step: chart.Step
    stack: Stack
    drawn: chart.Chart
    shown: tuple[Series, ...]
    series: tuple[Series, ...]
    links: tuple[str, ...]
    peaks: tuple[Peak, ...]
    choices: Choices

    @property
    def rows(self) -> Iterable[tuple[chart.Column, str, tuple[int, ...]]]:
        """The table behind the chart: each column, its parameters, and the count of each series."""
        for number, (column, link) in enumerate(zip(self.drawn.columns, self.links, strict=True)):
            yield column, link, tuple(one.counts[number] for one in self.series)

    @property
    def bars(self) -> Iterable[tuple[chart.Column, str]]:
        return zip(self.drawn.columns, self.links, strict=True)

    @property
    def height(self) -> int:
        return chart.HEIGHT

    @property
    def headlines(self) -> tuple[tuple[str, str] | None, ...]:
        """What is shown of the peaks' stories, which are equal as long as they are the same ones."""
        heads = [peak.story.headline for peak in self.peaks]
        return tuple((head.title, head.language) if head else None for head in heads)


def view_of(data: QueryDict) -> View:
    """How an address wants the chart; what makes no sense is left out."""
    step, stack = data.get("step", ""), data.get("stack", "")
    hidden = frozenset(key for key in data.getlist("hide")[:20] if KEY.fullmatch(key))
    return View(
        chart.Step(step) if step in set(chart.Step) else None,
        Stack(stack) if stack in set(Stack) else Stack.NONE,
        hidden,
    )


def period_of(wanted: filters.Filters, *, now: datetime.datetime) -> tuple[datetime.date, datetime.date]:
    """The days that the chart shows: the filters', or the last thirty."""
    until = wanted.until or timezone.localdate(now)
    return min(wanted.since or until - (reads.PANEL_DAYS - 1) * DAY, until), until


def step_of(view: View, since: datetime.date, until: datetime.date) -> chart.Step:
    """How long a column is."""
    days = (until - since).days + 1
    return view.step if view.step in chart.steps(days) else chart.usual_step(days)


def named(wanted: filters.Filters, view: View, *, now: datetime.datetime) -> named_reads.Named | None:
    """What the chart and `reads.panel` both tell, where it has to be counted. At most one query. Raises QueryError."""
    if reads.subject_of(wanted):
        return None
    since, until = period_of(wanted, now=now)
    step = rollups.Step(step_of(view, since, until).value)
    return reads.named(dataclasses.replace(wanted, since=since, until=until), step, now=now)


def read(
    wanted: filters.Filters,
    view: View,
    *,
    now: datetime.datetime,
    found: named_reads.Named | None = None,
) -> Volume:
    """The chart of what passes the filters. At most six queries. Raises QueryError.

    `found`: what `named` gives, if it is known.
    """
    wanted = dataclasses.replace(wanted, shown=view.pairs())
    since, until = period_of(wanted, now=now)
    step = step_of(view, since, until)
    zone = timezone.get_current_timezone()
    buckets = chart.buckets(since, until, step, zone)
    counting = Counting(dataclasses.replace(wanted, since=since, until=until), buckets, step, now)
    series = tuple(_series(counting, wanted, view, found))
    shown = tuple(one for one in series if not one.is_hidden)
    drawn = chart.lay_out(buckets, step, [one.counts for one in shown])
    return Volume(
        since,
        until,
        wanted.by_article,
        step,
        view.stack,
        drawn,
        shown,
        series,
        tuple(_link(wanted, view, bucket, step) for bucket in buckets),
        tuple(_peaks(counting, drawn)),
        _choices(wanted, view, (since, until), step, timezone.localdate(now)),
    )


@dataclass(frozen=True, slots=True)
class Counting:
    """What is counted: `wanted` has its period."""

    wanted: filters.Filters
    buckets: tuple[chart.Bucket, ...]
    step: chart.Step
    now: datetime.datetime

    @property
    def subject(self) -> rollups.Subject | None:
        """What the rollups have that passes the same filters; None if they have not."""
        return reads.subject_of(self.wanted)

    @property
    def period(self) -> rollups.Period:
        first, last = self.buckets[0], self.buckets[-1]
        return rollups.Period(
            first.begin, last.end, rollups.Step(self.step.value), timezone.get_current_timezone()
        )

    def of(self, counts: Mapping[datetime.datetime, rollups.Count]) -> tuple[int, ...]:
        """The counts in the reader's unit, one a bucket."""
        found = [counts.get(chart.nominal(bucket, self.step)) for bucket in self.buckets]
        return tuple(self.in_unit(one) if one else 0 for one in found)

    def in_unit(self, count: rollups.Count) -> int:
        """A count in the reader's unit."""
        return count.of(by_article=self.wanted.by_article)

    def placed(self, counts: Mapping[datetime.datetime, int]) -> tuple[int, ...]:
        """The counts, one a bucket."""
        return tuple(counts.get(chart.nominal(bucket, self.step), 0) for bucket in self.buckets)

    def articles(self) -> "QuerySet[Any]":
        """What passes, each with when its bucket begins."""
        begin = Trunc("published_at", self.step.value, tzinfo=timezone.get_current_timezone())
        return reads.narrowed(self.wanted, now=self.now).order_by().annotate(begin=begin)

    def unit(self, column: str = "", *, only: Q | None = None) -> Count:
        """What is counted: articles, or the stories that have some; with a column, each of its values with them."""
        thing: Expression | F = F("pk") if self.wanted.by_article else reads.STORY
        if column:
            thing = Func(F(column), thing, template="(%(expressions)s)", output_field=TextField())
        return Count(thing, distinct=bool(column) or not self.wanted.by_article, filter=only)


def _series(
    counting: Counting, wanted: filters.Filters, view: View, found: named_reads.Named | None
) -> Iterable[Series]:
    """What the bars are made of, from the bottom up."""
    if not view.stack:
        yield Series("all", "", "all", _plain(counting, found), False, "")
        return
    parts = _by_theme(counting) if view.stack == Stack.THEME else _by_company(counting)
    for key, name, tone, counts in parts:
        other = dataclasses.replace(view, hidden=view.hidden ^ {key})
        yield Series(key, name, tone, counts, key in view.hidden, _with(wanted, other))


def _plain(counting: Counting, found: named_reads.Named | None) -> tuple[int, ...]:
    """All together. At most one query."""
    if counting.subject:
        return counting.of(rollups.read([counting.subject], counting.period).get(counting.subject, {}))
    counted = found or reads.named(counting.wanted, counting.period.step, now=counting.now)
    return counting.of(counted.steps)


Found = tuple[str, str, str, tuple[int, ...]]


def _by_theme(counting: Counting) -> Iterable[Found]:
    """Each theme's counts; an article of two themes counts for both."""
    themes = {theme.pk: theme for theme in models.Theme.objects.all()}
    counts = _tagged(counting, rollups.Kind.THEME, "theme_tags__theme", list(themes))
    for pk, theme in themes.items():
        if any(counts[pk]):
            yield str(pk), theme.name, f"t{theme.position % evidence.TONES}", counts[pk]


def _by_company(counting: Counting) -> Iterable[Found]:
    """The counts of the companies that are named most, and of all others together; each naming counts."""
    asked = counting.wanted.companies
    if len(asked) > 1:
        names = {company.pk: company.name for company in asked[:MOST_SERIES]}
    else:
        names = _named_most(counting, without=[company.pk for company in asked])
    counts = _tagged(counting, rollups.Kind.COMPANY, "company_tags__company", list(names))
    for number, (pk, name) in enumerate(names.items()):
        yield str(pk), name, f"c{number}", counts[pk]
    if len(asked) <= 1 and any(rest := _others(counting, counts, [one.pk for one in asked])):
        yield REST, gettext("Other companies"), REST, rest


def _named_most(counting: Counting, without: Sequence[int]) -> dict[int, str]:
    """The companies with most in the period, most first. At most two queries."""
    if counting.subject != rollups.EVERYTHING:
        facets = reads.companies_in(counting.articles(), counting.unit())
        return dict([(facet.pk, facet.name) for facet in facets if facet.pk not in without][:MOST_SERIES])
    first, last = counting.buckets[0].first, counting.buckets[-1].last
    found = reads.busiest([rollups.Kind.COMPANY], first, last)[rollups.Kind.COMPANY]
    sums = reads.in_unit(found, counting.wanted)
    most = sorted(sums, key=lambda pk: (-sums[pk], pk))[:MOST_SERIES]
    names = dict(models.Company.objects.filter(pk__in=most).values_list("pk", "name"))
    return {pk: names[pk] for pk in most if pk in names}


def _tagged(
    counting: Counting, kind: rollups.Kind, column: str, keys: Sequence[int]
) -> Mapping[int, tuple[int, ...]]:
    """The counts of each of these companies or themes. One query."""
    if counting.subject == rollups.EVERYTHING:
        subjects = [rollups.Subject(kind, key) for key in keys]
        found = rollups.read(subjects, counting.period)
        return {subject.pk: counting.of(found.get(subject, {})) for subject in subjects}
    rows = counting.articles().filter(**{f"{column}__in": keys}).values_list(column, "begin")
    counts: defaultdict[int, dict[datetime.datetime, int]] = defaultdict(dict)
    for key, begin, number in rows.annotate(n=counting.unit()):
        counts[key][begin] = number
    return {key: counting.placed(counts[key]) for key in keys}


def _others(
    counting: Counting, named: Mapping[int, Sequence[int]], besides: Sequence[int]
) -> tuple[int, ...]:
    """How often companies are named besides some and those whose counts are given. One query."""
    if counting.subject == rollups.EVERYTHING:
        together = counting.of(rollups.together(rollups.Kind.COMPANY, counting.period))
        return tuple(map(operator.sub, together, map(sum, zip(*named.values(), strict=True))))
    others = Q(company_tags__isnull=False) & ~Q(company_tags__company__in=[*named, *besides])
    tagged = counting.articles().filter(company_tags__isnull=False).values_list("begin")
    return counting.placed(dict(tagged.annotate(n=counting.unit("company_tags__company", only=others))))


def _peaks(counting: Counting, drawn: chart.Chart) -> Iterable[Peak]:
    """The columns that stand out with the story that has most articles in each. At most two queries."""
    columns = {column.bucket.begin: column for column in drawn.columns if column.peak}
    if not columns:
        return
    within = Q()
    for column in columns.values():
        within |= Q(published_at__gte=column.bucket.begin, published_at__lt=column.bucket.end)
    told = counting.articles().filter(within, story__isnull=False).values_list("begin", "story")
    most: dict[datetime.datetime, tuple[int, int]] = {}
    for begin, story, number in told.annotate(n=Count("pk")).order_by("-n", "story"):
        most.setdefault(begin, (story, number))
    stories = (
        models.Story.objects.filter(pk__in=[story for story, _ in most.values()])
        .select_related("headline")
        .only("headline__title", "headline__language")
        .in_bulk()
    )
    for column in columns.values():
        story, number = most.get(chart.nominal(column.bucket, counting.step), (0, 0))
        if number >= LEAST_TOLD and story in stories and column.peak:
            yield Peak(column.peak, column, stories[story], number)


def _choices(
    wanted: filters.Filters,
    view: View,
    period: tuple[datetime.date, datetime.date],
    step: chart.Step,
    today: datetime.date,
) -> Choices:
    """What the reader can do with the chart."""
    days = (period[1] - period[0]).days + 1
    # Other days have their usual step.
    plain = dataclasses.replace(view, step=None)
    presets = (
        Choice(
            name,
            _with(wanted, plain, since=today - (length - 1) * DAY, until=None),
            days == length and period[1] == today,
        )
        for length, name in PRESETS.items()
    )
    return Choices(
        tuple(
            Choice(STEPS[one], _with(wanted, dataclasses.replace(view, step=one)), one == step)
            for one in chart.steps(days)
        ),
        tuple(
            Choice(
                STACKS[one],
                _with(wanted, dataclasses.replace(view, stack=one, hidden=frozenset())),
                one == view.stack,
            )
            for one in Stack
        ),
        tuple(presets),
        tuple(
            Choice(name, _zoomed(wanted, plain, since, until), False)
            for name, since, until in _ways(*period, today)
        ),
        _with(wanted, plain, since=None, until=None),
    )


def _ways(
    since: datetime.date, until: datetime.date, today: datetime.date
) -> Iterable[tuple[str, datetime.date, datetime.date]]:
    """The periods before and after this one and around it; none of them begins in the future."""
    days = (until - since).days + 1
    yield "earlier", since - days * DAY, since - DAY
    after = min(until + days * DAY, max(today, until))
    if after > until:
        yield "later", after - (days - 1) * DAY, after
    if days < LONGEST:
        yield "out", after - (3 * days - 1) * DAY, after


def _link(wanted: filters.Filters, view: View, bucket: chart.Bucket, step: chart.Step) -> str:
    """Where a bar leads: into its stretch of time, or from an hour to the list as of then."""
    if step != chart.Step.HOUR or wanted.since != wanted.until or wanted.since is None:
        return _zoomed(wanted, dataclasses.replace(view, step=None), bucket.first, bucket.last)
    return f"{_with(wanted, view)}&before={reads.Cursor(bucket.end, 0)}"


def _zoomed(wanted: filters.Filters, view: View, since: datetime.date, until: datetime.date) -> str:
    return _with(wanted, view, since=max(since, EARLIEST), until=max(until, EARLIEST))


def _with(wanted: filters.Filters, view: View, **changes: datetime.date | None) -> str:
    """The address's parameters for another view or other days."""
    return dataclasses.replace(wanted, shown=view.pairs(), **changes).parameters()  # type: ignore[arg-type]
