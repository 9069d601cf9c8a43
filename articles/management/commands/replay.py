"""Serve a folder of captured feeds day by day on 127.0.0.1 and poll them through the real pipeline.

The clock of each source is set to its capture's time. Run it twice: the second time stores nothing new.
"""

import sys
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles import captures, replay

PORT = 8765
DAY_SECONDS = 86_400


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "folder", type=Path, metavar="DIR", help="holds folders like 20220723 with feed files"
        )
        parser.add_argument("--day", help="only this day, such as 20220723 or 2022-07-23")
        parser.add_argument(
            "--speed",
            type=float,
            default=0,
            help="days pass so many times faster than life; 0: as fast as it goes",
        )
        parser.add_argument(
            "--inline", action="store_true", help="work in this process even if there are workers"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            days = chosen(captures.read_days(options["folder"]), options["day"])
        except captures.NoCaptures as error:
            raise CommandError(str(error)) from error
        workers = not options["inline"] and replay.workers_answer()
        self.stdout.write(
            "The Celery workers do the work." if workers else "No worker asked: working in this process."
        )
        publishers = captures.read_publishers(options["folder"])
        reports = []
        with captures.serve(days[0].folder, port=PORT) as server:
            try:
                for day in days:
                    started = time.monotonic()
                    reports.append(replay.play(day, server, publishers, workers=workers, tell=self.tell))
                    self.show(reports[-1])
                    if options["speed"] and day is not days[-1]:
                        time.sleep(max(0.0, DAY_SECONDS / options["speed"] - (time.monotonic() - started)))
            finally:
                replay.retire()
        new, seconds = sum(report.new for report in reports), sum(report.seconds for report in reports)
        self.stdout.write(f"In all {new} new articles in {seconds:.1f} s: {new / seconds:.0f} articles/s")

    def tell(self, progress: str) -> None:
        """Show progress in place, on a terminal only."""
        if sys.stderr.isatty():
            self.stderr.write(f"\r{progress}\x1b[K", ending="")

    def show(self, report: replay.Report) -> None:
        """Show a day's figures and what could not be read."""
        self.tell("")
        self.stdout.write(
            f"{report.date}: {report.feeds} feeds, {report.entries} entries: {report.new} new, {report.updated} updated"
            f" in {report.seconds:.1f} s: {report.per_second:.0f} articles/s"
        )
        for title, why in report.failures:
            self.stdout.write(f"  {title}: {why}")


def chosen(days: list[captures.Day], wanted: str | None) -> list[captures.Day]:
    """The days asked for. Raises NoCaptures."""
    if not wanted:
        return days
    found = [day for day in days if f"{day.date:%Y%m%d}" == wanted.replace("-", "")]
    if not found:
        raise captures.NoCaptures(
            f"There is no day {wanted}; there are {', '.join(str(day.date) for day in days)}."
        )
    return found
