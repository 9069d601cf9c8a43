"""Poll captured feeds day by day through the real pipeline, each source's clock set to its capture's time.

The workers do the work when there are any; without one, this process runs the same stages itself.
"""

import datetime
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from celery import current_app
from django.db.models import Count, Sum
from django.utils import timezone
from kombu import exceptions

from articles import captures, models, pipeline, placing
from newswatch import wake

GROUP = "Replay"
# Seconds between two looks at how far the workers are.
LOOK = 0.2


@dataclass(frozen=True, slots=True)
class Report:
    """What one day of a replay stored, in how many seconds."""

    date: datetime.date
    feeds: int
    entries: int
    new: int
    updated: int
    seconds: float
    failures: list[tuple[str, str]] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        """New articles a second, from the first poll to the last article placed in a story."""
        return self.new / self.seconds if self.seconds else 0.0


def play(
    day: captures.Day,
    server: captures.Server,
    publishers: dict[str, str],
    *,
    workers: bool,
    tell: Callable[[str], None],
) -> Report:
    """Poll every capture of a day, and wait until all that it brought is read, tagged and placed in stories."""
    server.folder = day.folder
    sources = prepare(day, server, publishers)
    last_poll = models.Poll.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    started = time.monotonic()
    make_due(sources)
    for _ in work(workers):
        left = models.Source.objects.filter(pk__in=sources, next_poll_at__isnull=False).count()
        articles = models.Article.objects.filter(source__group=GROUP)
        unread = articles.filter(stage__in=(models.Article.Stage.TAG, models.Article.Stage.PAGE)).count()
        unplaced = articles.ready().filter(story=None).count()
        tell(
            f"{day.date}: {len(sources) - left} of {len(sources)} feeds polled, {unread} articles to read, "
            f"{unplaced} to place"
        )
        if not left and not unread and not unplaced:
            break
    return report(day, last_poll, time.monotonic() - started)


def prepare(day: captures.Day, server: captures.Server, publishers: dict[str, str]) -> list[int]:
    """Make the day's sources, or move them to this server and this day; returns their ids."""
    ids = []
    for capture in day.captures:
        publisher = capture.path.stem.partition("-")[0]
        outlet, _ = models.Outlet.objects.get_or_create(name=publishers.get(publisher, publisher))
        source, _ = models.Source.objects.update_or_create(
            group=GROUP,
            outlet=outlet,
            title=f"{capture.path.stem} (replay)",
            defaults={
                "url": f"{server.url}/{capture.path.name}",
                "fetch_pages": False,
                "enabled": True,
                "next_poll_at": None,
                "claimed_until": None,
                "replay_at": capture.at,
            },
        )
        ids.append(source.pk)
    return ids


def make_due(sources: list[int]) -> None:
    """Have the sources polled now."""
    models.Source.objects.filter(pk__in=sources).update(next_poll_at=timezone.now())
    wake.send("articles.tasks.poll_sources")


def work(workers: bool) -> Iterator[None]:
    """Each step is a look at the database; without workers the work is done before each."""
    while True:
        if not workers:
            pipeline.poll_due(now=timezone.now)
            pipeline.process_waiting(now=timezone.now)
            placing.place_waiting(now=timezone.now)
        yield
        if workers:
            time.sleep(LOOK)


def report(day: captures.Day, last_poll: int, seconds: float) -> Report:
    """Sum up the polls since `last_poll`."""
    polls = models.Poll.objects.filter(pk__gt=last_poll, source__group=GROUP)
    sums = polls.aggregate(
        feeds=Count("source", distinct=True), found=Sum("entries"), fresh=Sum("new"), other=Sum("updated")
    )
    failed = polls.filter(outcome=models.Poll.Outcome.FAILED).values_list("source__title", "detail")
    return Report(
        date=day.date,
        feeds=sums["feeds"],
        entries=sums["found"] or 0,
        new=sums["fresh"] or 0,
        updated=sums["other"] or 0,
        seconds=seconds,
        failures=list(failed),
    )


def retire() -> None:
    """Switch the replay's sources off; their articles stay."""
    models.Source.objects.filter(group=GROUP).update(enabled=False, next_poll_at=None)


def workers_answer() -> bool:
    """Whether a Celery worker answers within two seconds."""
    try:
        return bool(current_app.control.ping(timeout=2))
    except (exceptions.OperationalError, OSError):
        return False
