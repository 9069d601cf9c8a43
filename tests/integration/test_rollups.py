"""The counts by hour, day, week and month: always what counting the articles gives, whatever happened to them."""

import datetime
import threading
import zoneinfo
from collections import Counter, defaultdict
from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from articles import models, rollup_rows, rollups, story_rows
from articles.rollups import Count, Kind, Step, Subject
from tests import factories

NOW = factories.NOW
SEOUL = zoneinfo.ZoneInfo("Asia/Seoul")
# With whole hours and summer time, on the other side of midnight, and half an hour off.
ZONES = (SEOUL, zoneinfo.ZoneInfo("America/New_York"), zoneinfo.ZoneInfo("Asia/Kolkata"))
HOURS = 1500
COMPANIES = ("가온전자", "한빛화학", "누리바이오")
THEMES = ("AI", "Bio")


def begin_of(moment: datetime.datetime, step: Step, since: datetime.datetime) -> datetime.datetime:
    """When the bucket begins in which a moment lies, in the moment's zone."""
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    match step:
        case Step.HOUR:
            return moment.replace(minute=0, second=0, microsecond=0)
        case Step.DAY:
            return day
        case Step.WEEK:
            return day - datetime.timedelta(days=day.weekday())
        case Step.MONTH:
            return day.replace(day=1)
        case Step.WHOLE:
            return since


def subjects_of(article: models.Article) -> list[Subject]:
    return [
        rollups.EVERYTHING,
        *(Subject(Kind.COMPANY, tag.company_id) for tag in article.company_tags.all()),
        *(Subject(Kind.THEME, tag.theme_id) for tag in article.theme_tags.all()),
    ]


def counted(
    since: datetime.datetime, until: datetime.datetime, step: Step, zone: zoneinfo.ZoneInfo
) -> dict[Subject, dict[datetime.datetime, Count]]:
    """The counts by looking at each article in turn."""
    articles: dict[Subject, dict[datetime.datetime, int]] = defaultdict(lambda: defaultdict(int))
    stories: dict[Subject, dict[datetime.datetime, set[int]]] = defaultdict(lambda: defaultdict(set))
    found = models.Article.objects.ready().filter(published_at__gte=since, published_at__lt=until)
    for row in found.prefetch_related("company_tags", "theme_tags"):
        begin = begin_of(row.published_at.astimezone(zone), step, since)
        for subject in subjects_of(row):
            articles[subject][begin] += 1
            stories[subject][begin].add(row.story_id or -row.pk)
    return {
        subject: {begin: Count(count, len(stories[subject][begin])) for begin, count in buckets.items()}
        for subject, buckets in articles.items()
    }


def all_subjects() -> list[Subject]:
    return [
        rollups.EVERYTHING,
        *(Subject(Kind.COMPANY, pk) for pk in models.Company.objects.values_list("pk", flat=True)),
        *(Subject(Kind.THEME, pk) for pk in models.Theme.objects.values_list("pk", flat=True)),
    ]


def looked_up(subject: Subject, since: datetime.datetime, until: datetime.datetime) -> dict[int, int]:
    """The subject's stories with the number of its articles in each, by looking at each article in turn."""
    found = models.Article.objects.ready().filter(published_at__gte=since, published_at__lt=until)
    rows = found.prefetch_related("company_tags", "theme_tags")
    return dict(Counter(row.story_id or -row.pk for row in rows if subject in subjects_of(row)))


def hold(since: datetime.datetime, until: datetime.datetime) -> None:
    """Every answer is that of looking at the articles."""
    subjects = all_subjects()
    # Whole hours, two of them side by side, and none.
    middle = since + datetime.timedelta(hours=17)
    for shift in (datetime.timedelta(), datetime.timedelta(minutes=30)):
        ends = [(since + shift, until + shift), (since + shift, middle + shift), (middle + shift, until)]
        spans = [rollups.Span(subject, *pair) for subject in subjects for pair in ends]
        assert rollups.stories(spans) == [looked_up(span.subject, span.since, span.until) for span in spans]
    for zone in ZONES:
        for step in Step:
            told = rollups.counts(subjects, since=since, until=until, step=step, zone=zone)
            expected = counted(since, until, step, zone)
            assert {one: dict(buckets) for one, buckets in told.items() if buckets} == expected, (zone, step)
        whole = counted(since, until, Step.WHOLE, zone)
        for kinds in [*([kind] for kind in Kind), list(Kind)]:
            busiest = rollups.busiest(kinds, since=since, until=until, zone=zone)
            assert busiest == {one: buckets[since] for one, buckets in whole.items() if one.kind in kinds}


class Newsroom:
    """Does to articles, at random, what the pipeline, readers and editors do."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.person = factories.person()

    def some(self, model: type) -> "models.Article":
        return self.random.choice(list(model.objects.order_by("pk")))

    def moment(self) -> datetime.datetime:
        minutes = self.random.choice([self.random.randrange(HOURS * 60), self.random.randrange(48 * 60)])
        return NOW - datetime.timedelta(minutes=minutes)

    def arrive(self) -> None:
        factories.article(
            companies=[name for name in COMPANIES if self.random.random() < 0.4],
            themes=[name for name in THEMES if self.random.random() < 0.4],
            published_at=self.moment(),
            **({} if self.random.random() < 0.8 else {"stage": "tag", "ready_at": None}),
        )

    def become_ready(self) -> None:
        models.Article.objects.filter(ready_at=None).update(ready_at=NOW, stage="ready")

    def place(self) -> None:
        unplaced = list(models.Article.objects.ready().filter(story=None).order_by("pk"))
        if unplaced:
            factories.story(*self.random.sample(unplaced, min(len(unplaced), self.random.randint(1, 4))))

    def move(self) -> None:
        placed = list(models.Article.objects.filter(story__isnull=False).order_by("pk"))
        if placed:
            row, other = self.random.choice(placed), self.random.choice(placed)
            left, row.story = row.story_id, other.story
            row.save()
            story_rows.recount({left, other.story_id}, now=NOW)

    def merge(self) -> None:
        stories = list(models.Story.objects.order_by("pk"))
        if len(stories) > 1:
            one, into = self.random.sample(stories, 2)
            models.Article.objects.filter(story=one).update(story=into)

    def leave_story(self) -> None:
        models.Article.objects.filter(pk=self.some(models.Article).pk).update(story=None)

    def get_other_time(self) -> None:
        models.Article.objects.filter(pk=self.some(models.Article).pk).update(published_at=self.moment())

    def retag(self) -> None:
        row = self.some(models.Article)
        row.company_tags.all().delete()
        row.theme_tags.all().delete()
        factories.tag_company(row, factories.company(self.random.choice(COMPANIES)))

    def change_tag(self) -> None:
        tag = models.ThemeTag.objects.order_by("?").first()
        if tag and not models.ThemeTag.objects.filter(article=tag.article, theme__name="AI").exists():
            models.ThemeTag.objects.filter(pk=tag.pk).update(theme=factories.theme("AI"))

    def withdraw(self) -> None:
        tag = models.CompanyTag.objects.order_by("pk").last()
        if tag:
            tag.delete()

    def delete(self) -> None:
        self.some(models.Article).delete()

    def drop_company(self) -> None:
        if self.random.random() < 0.2:
            self.some(models.Company).delete()

    def fold(self) -> None:
        rollup_rows.fold(now=timezone.now, batch=self.random.choice([3, 1000]))

    def fold_in_part(self) -> None:
        rollup_rows.fold_some(most=self.random.randint(1, 10))

    def recount(self) -> None:
        if self.random.random() < 0.2:
            rollup_rows.recount()

    def act(self) -> None:
        acts = [
            *[self.arrive, self.place] * 4,
            *[self.move, self.merge, self.leave_story, self.become_ready, self.get_other_time] * 2,
            *[self.retag, self.change_tag, self.withdraw, self.delete, self.drop_company],
            *[self.fold, self.fold_in_part] * 2,
            self.recount,
        ]
        self.random.choice(acts)()


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(5))
def test_the_counts_are_those_of_the_articles_whatever_happens(seed: int) -> None:
    newsroom = Newsroom(seed)
    for _ in range(12):
        newsroom.arrive()
    for _ in range(3):
        for _ in range(20):
            newsroom.act()
        day = datetime.datetime.combine(NOW.astimezone(SEOUL), datetime.time.min, tzinfo=SEOUL)
        hold(day - datetime.timedelta(days=60), day + datetime.timedelta(days=1))
        hold(NOW - datetime.timedelta(hours=30), NOW)
        assert rollup_rows.differences() == []


def today() -> datetime.datetime:
    return timezone.localtime(NOW).replace(hour=0, minute=0, second=0, microsecond=0)


def now_told() -> Count | None:
    begin = today()
    told = rollups.counts(
        [rollups.EVERYTHING], since=begin, until=begin + datetime.timedelta(days=1), step=Step.DAY, zone=SEOUL
    )
    return told[rollups.EVERYTHING].get(begin)


@pytest.mark.django_db
def test_a_story_counts_once_in_each_day_and_once_in_a_week_of_several() -> None:
    monday = datetime.datetime(2026, 11, 16, 9, tzinfo=SEOUL)
    rows = [factories.article(published_at=monday + datetime.timedelta(hours=hours)) for hours in (0, 1, 30)]
    factories.story(*rows)
    week = {"since": monday.replace(hour=0), "until": monday.replace(hour=0) + datetime.timedelta(days=7)}
    days = rollups.counts([rollups.EVERYTHING], step=Step.DAY, zone=SEOUL, **week)[rollups.EVERYTHING]
    weeks = rollups.counts([rollups.EVERYTHING], step=Step.WEEK, zone=SEOUL, **week)[rollups.EVERYTHING]
    assert list(days.values()) == [Count(2, 1), Count(1, 1)]
    assert weeks == {week["since"]: Count(3, 1)}


@pytest.mark.django_db
def test_what_is_noted_counts_before_and_after_it_is_taken_up() -> None:
    factories.article(published_at=NOW)
    assert now_told() == Count(1, 1)
    assert rollup_rows.fold(now=timezone.now) > 0
    assert models.RollupMark.objects.count() == 0
    assert now_told() == Count(1, 1)
    assert models.DayCount.objects.get(kind=Kind.EVERYTHING).articles == 1


@pytest.mark.django_db
def test_what_was_counted_down_to_nothing_leaves_no_row() -> None:
    row = factories.article(companies=["가온전자"], published_at=NOW)
    rollup_rows.fold(now=timezone.now)
    row.delete()
    rollup_rows.fold(now=timezone.now)
    left = [model.objects.count() for model in (models.RollupPart, models.HourCount, models.DayCount)]
    assert left == [0, 0, 0]


@pytest.mark.django_db
def test_any_number_of_subjects_and_articles_is_one_query(django_assert_num_queries: object) -> None:
    for _ in range(3):
        factories.article(companies=COMPANIES, published_at=NOW)
    with django_assert_num_queries(1):  # type: ignore[operator]
        now_told()
    subjects = all_subjects()
    with django_assert_num_queries(1):  # type: ignore[operator]
        rollups.counts(subjects, since=today(), until=NOW, step=Step.HOUR, zone=ZONES[2])


@pytest.mark.django_db
def test_the_check_names_a_count_that_is_not_that_of_the_articles(
    capsys: pytest.CaptureFixture[str],
) -> None:
    factories.article(published_at=NOW)
    rollup_rows.fold(now=timezone.now)
    call_command("recount_rollups", "--check")
    assert "Every count" in capsys.readouterr().out
    models.DayCount.objects.update(articles=7)
    with pytest.raises(CommandError, match="counts are not"):
        call_command("recount_rollups", "--check")
    call_command("recount_rollups")
    call_command("recount_rollups", "--check")
    assert now_told() == Count(1, 1)


def in_other_process(work: "threading.Event", done: "threading.Event", row: int, story: int) -> None:
    """Move an article in a transaction that stays open until `work` is set."""
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("UPDATE articles_article SET story_id = %s WHERE id = %s", [story, row])
        done.set()
        work.wait(20)
        cursor.execute("COMMIT")
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_committed_after_others_were_taken_up_is_not_lost() -> None:
    first, second = (factories.article(published_at=NOW) for _ in range(2))
    story = factories.story(first)
    may_commit, has_moved = threading.Event(), threading.Event()
    mover = threading.Thread(target=in_other_process, args=(may_commit, has_moved, second.pk, story.pk))
    mover.start()
    assert has_moved.wait(20)
    try:
        assert rollup_rows.fold(now=timezone.now) > 0
        assert now_told() == Count(2, 2)
    finally:
        may_commit.set()
        mover.join()
    assert now_told() == Count(2, 1)
    rollup_rows.fold(now=timezone.now)
    assert now_told() == Count(2, 1)
    assert rollup_rows.differences() == []
