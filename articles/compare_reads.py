"""What is shown of companies and themes side by side: a fixed number of queries, however much there is.

A subject's articles are those tagged with it; its stories are those that have such an article in the days asked for.
Both are counted at once, the stories anew for each stretch: they may go on in the next one. Must not write, and must
not render.
"""

import datetime
import heapq
import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from articles import comparing, models, reads, remembered, rollups
from articles.charts import lines, partings, volume

# Stories of each subject that are shown.
MOST_STORIES = 5
SMALL_HEIGHT, SMALL_ABOVE = 84, 10
# Articles in which the names of the day are looked for.
MOST_LATELY = 1000
# How many companies of those most named are offered.
MOST_NAMED = 12
DAY = datetime.timedelta(days=1)

# The articles that name several of what is compared. `named`: a bit for each of them.
TOGETHER = """
WITH tag AS (
    SELECT asked.number, tag.article_id
    FROM unnest(%(companies)s::bigint[], %(company_numbers)s::int[]) AS asked(id, number)
    JOIN articles_companytag AS tag ON tag.company_id = asked.id
    WHERE tag.published_at >= %(since)s AND tag.published_at < %(until)s
    UNION ALL
    SELECT asked.number, tag.article_id
    FROM unnest(%(themes)s::bigint[], %(theme_numbers)s::int[]) AS asked(id, number)
    JOIN articles_themetag AS tag ON tag.theme_id = asked.id
    WHERE tag.published_at >= %(since)s AND tag.published_at < %(until)s
), several AS MATERIALIZED (
    SELECT article_id, bit_or(1 << number) AS named FROM tag GROUP BY article_id HAVING count(*) > 1
)
SELECT COALESCE(article.story_id, -article.id) AS story, named
FROM several JOIN articles_article AS article ON article.id = article_id
WHERE article.ready_at IS NOT NULL AND article.published_at >= %(since)s AND article.published_at < %(until)s
"""


NOTHING = rollups.Count()


@dataclass(frozen=True, slots=True)
class Counted:
    """The numbers of a comparison, by the subjects' numbers, and by the first day of a stretch.

    `tops`: articles and stories, most first.
    """

    parts: Mapping[tuple[int, datetime.date], rollups.Count]
    totals: Sequence[rollups.Count]
    earlier: Sequence[rollups.Count]
    together: rollups.Count
    earlier_together: rollups.Count
    pairs: Mapping[tuple[int, int], rollups.Count]
    tops: Sequence[Sequence[tuple[int, int]]]

    def pair(self, one: int, other: int) -> rollups.Count:
        """How many name both; of one alone, how many name it."""
        if one == other:
            return self.totals[one]
        return self.pairs.get((min(one, other), max(one, other)), NOTHING)


@dataclass(frozen=True, slots=True)
class Told:
    """A story, or an article in none, under the title that stands for it."""

    key: int
    article: models.Article
    story: models.Story | None
    articles: int = 0

    @property
    def outlets(self) -> int:
        return self.story.outlet_count if self.story else 1

    @property
    def is_several(self) -> bool:
        return self.story is not None and self.story.article_count > 1


@dataclass(frozen=True, slots=True)
class Share:
    """A subject's part of all that name any of them, in percent, with that of the period before.

    `change` is in percent of its own number before, None where there was none.
    """

    subject: comparing.Subject
    count: int
    before: int
    percent: float
    percent_before: float | None

    @property
    def points(self) -> float | None:
        """By how many percentage points it grew."""
        return None if self.percent_before is None else self.percent - self.percent_before

    @property
    def change(self) -> float | None:
        return 100 * (self.count - self.before) / self.before if self.before else None


@dataclass(frozen=True, slots=True)
class Cell:
    """How many name the row's and the column's subject; `percent`: of those that name the row's.

    `shade`: how dark it is, from 0 to 4.
    """

    subject: comparing.Subject
    other: comparing.Subject
    count: int
    percent: float
    parameters: str

    @property
    def is_itself(self) -> bool:
        return self.subject == self.other

    @property
    def shade(self) -> int:
        return 0 if self.is_itself or not self.count else min(4, 1 + int(self.percent // 20))


@dataclass(frozen=True, slots=True)
class Stretch:
    """A step of the chart: its days, the number of each subject, and the search for any of them in these days."""

    first: datetime.date
    last: datetime.date
    x: float
    counts: tuple[int, ...]
    parameters: str


@dataclass(frozen=True, slots=True)
class Parted:
    """A stretch in which one subject stood out, and the story that had the most articles of it."""

    number: int
    subject: comparing.Subject
    stretch: Stretch
    count: int
    expected: float
    told: Told | None
    parameters: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that the page shows. `singles` are the drawings one by one, each over its own scale."""

    asked: comparing.Asked
    counted: Counted
    stretches: tuple[Stretch, ...]
    drawing: lines.Drawing
    singles: tuple[lines.Drawing, ...]
    shares: tuple[Share, ...]
    matrix: tuple[tuple[Cell, ...], ...]
    tops: tuple[tuple[Told, ...], ...]
    partings: tuple[Parted, ...] = field(default=())

    @property
    def together(self) -> int:
        """How many name any of them."""
        return self.counted.together.of(by_article=self.asked.by_article)

    @property
    def parameters(self) -> str:
        """The search for all that name any of them."""
        return self.asked.search(self.asked.any_of_them())

    @property
    def is_empty(self) -> bool:
        return not self.counted.together.articles


def compare(asked: comparing.Asked, *, now: datetime.datetime) -> Comparison:
    """What is asked for, counted, drawn and told. Seven queries at most."""
    key = ("compare", asked.parameters(), _days(asked, now))
    counted = remembered.read(key, lambda: count(asked, now=now))
    stretches = tuple(_stretches(asked, counted))
    rows = [[stretch.counts[subject.number] for stretch in stretches] for subject in asked.subjects]
    parted = partings.find(rows)
    peaks = _peaks([(asked.subjects[one.row], stretches[one.at]) for one in parted])
    told = tell({*peaks, *(story for top in counted.tops for _, story in top)})
    return Comparison(
        asked,
        counted,
        stretches,
        lines.lay_out(rows),
        tuple(lines.lay_out([row], height=SMALL_HEIGHT, above=SMALL_ABOVE) for row in rows),
        tuple(_shares(asked, counted)),
        tuple(tuple(_cells(asked, counted, subject)) for subject in asked.subjects),
        tuple(_tops(counted.tops[subject.number], told) for subject in asked.subjects),
        tuple(
            Parted(
                number,
                asked.subjects[one.row],
                stretches[one.at],
                one.count,
                one.expected,
                told.get(peak),
                asked.search(asked.subjects[one.row].query, stretches[one.at].first, stretches[one.at].last),
            )
            for number, (one, peak) in enumerate(zip(parted, peaks, strict=True), start=1)
        ),
    )


def count(asked: comparing.Asked, *, now: datetime.datetime, both_units: bool = False) -> Counted:
    """The numbers of what is asked for, those of the days before up to the same hour. At most four queries.

    How many articles name any of them in the days before is counted only if articles are asked for, or `both_units`.
    """
    days = _days(asked, now)
    each = [subject.counted for subject in asked.subjects]
    by_step = rollups.counts(
        each,
        since=days.since,
        until=days.until,
        step=rollups.Step(asked.step),
        zone=timezone.get_current_timezone(),
    )
    found = rollups.stories(
        [rollups.Span(one, days.since, days.until) for one in each]
        + [rollups.Span(one, days.earlier, days.earlier_until) for one in each]
    )
    lately, earlier = found[: len(each)], found[len(each) :]
    several = _together(asked, days.since, days.until)
    before = rollups.Count(stories=len(set().union(*earlier)))
    if both_units or asked.by_article:
        before = _any_of(earlier, _together(asked, days.earlier, days.earlier_until))
    pairs: dict[tuple[int, int], list[int]] = defaultdict(list)
    for story, named in several:
        for pair in itertools.combinations(_bits(named), 2):
            pairs[pair].append(story)
    return Counted(
        parts={
            (subject.number, begin.date()): counted
            for subject in asked.subjects
            for begin, counted in by_step[subject.counted].items()
        },
        totals=tuple(map(_total, lately)),
        earlier=tuple(map(_total, earlier)),
        together=_any_of(lately, several),
        earlier_together=before,
        pairs={pair: rollups.Count(len(told), len(set(told))) for pair, told in pairs.items()},
        tops=[
            heapq.nlargest(MOST_STORIES, zip(stories.values(), stories, strict=True)) for stories in lately
        ],
    )


def _total(stories: Mapping[int, int]) -> rollups.Count:
    return rollups.Count(sum(stories.values()), len(stories))


def _any_of(found: Sequence[Mapping[int, int]], several: Iterable[tuple[int, int]]) -> rollups.Count:
    """How many name any of them: an article that names several was counted of each."""
    articles = sum(sum(stories.values()) for stories in found)
    again = sum(named.bit_count() - 1 for _, named in several)
    return rollups.Count(articles - again, len(set().union(*found)))


def _bits(named: int) -> list[int]:
    return [number for number in range(named.bit_length()) if named >> number & 1]


def _together(
    asked: comparing.Asked, since: datetime.datetime, until: datetime.datetime
) -> list[tuple[int, int]]:
    """Of each article that names several: its story, and a bit for each that it names. One query."""
    of_kind = {
        is_theme: [subject for subject in asked.subjects if subject.is_theme is is_theme]
        for is_theme in (False, True)
    }
    values: dict[str, Any] = {
        "companies": [subject.row.pk for subject in of_kind[False]],
        "company_numbers": [subject.number for subject in of_kind[False]],
        "themes": [subject.row.pk for subject in of_kind[True]],
        "theme_numbers": [subject.number for subject in of_kind[True]],
        "since": since,
        "until": until,
    }
    with connection.cursor() as cursor:
        cursor.execute(TOGETHER, values)
        found: list[tuple[int, int]] = cursor.fetchall()
    return found


def _peaks(parted: "Sequence[tuple[comparing.Subject, Stretch]]") -> list[int]:
    """The story that has most articles of each subject in its stretch. One query, none if nothing stood out."""
    if not parted:
        return []
    found = rollups.stories(
        [
            rollups.Span(subject.counted, reads.midnight(one.first), reads.midnight(one.last + DAY))
            for subject, one in parted
        ]
    )
    return [max(stories, key=lambda story: (stories[story], story), default=0) for stories in found]


class _Days(NamedTuple):
    """From when until before when, in the days asked for and in as many before."""

    since: datetime.datetime
    until: datetime.datetime
    earlier: datetime.datetime
    earlier_until: datetime.datetime


def _days(asked: comparing.Asked, now: datetime.datetime) -> _Days:
    length = datetime.timedelta(days=asked.days)
    since, until = reads.midnight(asked.since), reads.midnight(asked.until + DAY)
    # A day that is not over is compared with the same part of one.
    hour = now.replace(minute=0, second=0, microsecond=0)
    return _Days(since, until, reads.midnight(asked.since - length), min(until, max(hour, since)) - length)


def _stretches(asked: comparing.Asked, counted: Counted) -> Iterable[Stretch]:
    days = asked.stretches()
    any_of_them = asked.any_of_them()
    for at, (first, last) in enumerate(days):
        key = volume.whole_from(first, asked.step)
        counts = tuple(
            counted.parts.get((subject.number, key), NOTHING).of(by_article=asked.by_article)
            for subject in asked.subjects
        )
        parameters = asked.search(any_of_them, first, last)
        yield Stretch(first, last, round(100 * at / len(days), 3), counts, parameters)


def _shares(asked: comparing.Asked, counted: Counted) -> Iterable[Share]:
    whole = counted.together.of(by_article=asked.by_article)
    before = counted.earlier_together.of(by_article=asked.by_article)
    for subject in asked.subjects:
        now_has = counted.totals[subject.number].of(by_article=asked.by_article)
        had = counted.earlier[subject.number].of(by_article=asked.by_article)
        yield Share(
            subject,
            now_has,
            had,
            100 * now_has / whole if whole else 0.0,
            100 * had / before if before else None,
        )


def _cells(asked: comparing.Asked, counted: Counted, subject: comparing.Subject) -> Iterable[Cell]:
    whole = counted.pair(subject.number, subject.number).of(by_article=asked.by_article)
    for other in asked.subjects:
        both = counted.pair(subject.number, other.number).of(by_article=asked.by_article)
        query = subject.query if other == subject else f"{subject.query} {other.query}"
        yield Cell(subject, other, both, 100 * both / whole if whole else 0.0, asked.search(query))


def _tops(top: Sequence[tuple[int, int]], told: Mapping[int, Told]) -> tuple[Told, ...]:
    return tuple(
        Told(found.key, found.article, found.story, articles)
        for articles, story in top
        if (found := told.get(story))
    )


def tell(keys: Iterable[int]) -> dict[int, Told]:
    """Stories, and articles that are in none under their negative id, by their titles. Two queries."""
    stories = models.Story.objects.filter(pk__in=[key for key in keys if key > 0])
    known = list(stories.select_related("headline__outlet").defer(*_LONG_OF_HEADLINE))
    alone = models.Article.objects.filter(pk__in=[-key for key in keys if key < 0])
    rows = list(
        alone.select_related("outlet").only("title", "language", "published_at", "is_sample", "outlet__name")
    )
    return {story.pk: Told(story.pk, story.headline, story) for story in known if story.headline} | {
        -row.pk: Told(-row.pk, row, None) for row in rows
    }


_LONG_OF_HEADLINE = tuple(
    f"headline__{name}" for name in ("feed_text", "feed_regions", "body", "summary", "outlet__homepage")
)


def named_lately(*, with_company: models.Company | None = None) -> list[models.Company]:
    """The companies that the newest articles name, or the newest that name one; most often named first.

    Three queries.
    """
    tags = models.CompanyTag.objects.order_by()
    if with_company is None:
        ready = models.Article.objects.ready().order_by("-published_at", "-pk")
        newest = list(ready.values_list("pk", flat=True)[:MOST_LATELY])
    else:
        own = tags.filter(company=with_company).order_by("-published_at", "-pk")
        newest = list(own.values_list("article", flat=True)[:MOST_LATELY])
        tags = tags.exclude(company=with_company)
    tags = tags.filter(article__in=newest)
    named = Counter(tags.values_list("company", flat=True))
    rows = models.Company.objects.filter(enabled=True).in_bulk(
        [pk for pk, _ in named.most_common(MOST_NAMED)]
    )
    return sorted(rows.values(), key=lambda row: (-named[row.pk], row.name))


def siblings(company: models.Company) -> list[models.Company]:
    """The other companies of its group, those with a ticker first. One query."""
    if company.parent_id is None:
        return []
    others = models.Company.objects.filter(parent=company.parent_id, enabled=True).exclude(pk=company.pk)
    return sorted(others, key=lambda row: (not row.ticker, row.name))


def table(
    asked: comparing.Asked, counted: Counted
) -> Iterator[tuple[str, str, str, str, str, int | str, int | str]]:
    """All numbers, a row each: of each stretch, of all days, of the days before, of any of them and of pairs."""
    yield "what", "from", "to", "name", "and", "articles", "stories"
    for first, last in asked.stretches():
        for subject in asked.subjects:
            count = counted.parts.get((subject.number, volume.whole_from(first, asked.step)), NOTHING)
            yield asked.step, str(first), str(last), subject.name, "", count.articles, count.stories
    days = str(asked.since), str(asked.until)
    before = str(asked.since_before), str(asked.until_before)
    for subject in asked.subjects:
        count, had = counted.totals[subject.number], counted.earlier[subject.number]
        yield "total", *days, subject.name, "", count.articles, count.stories
        yield "before", *before, subject.name, "", had.articles, had.stories
    yield "any", *days, "", "", counted.together.articles, counted.together.stories
    yield "any before", *before, "", "", counted.earlier_together.articles, counted.earlier_together.stories
    for one, other in itertools.combinations(asked.subjects, 2):
        count = counted.pair(one.number, other.number)
        yield "both", *days, one.name, other.name, count.articles, count.stories
