"""Count again how many articles and stories each hour and day had; with --check, only compare and say what differs."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles import rollup_rows

MOST_SHOWN = 20


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="compare with the articles, write nothing")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        if not check:
            rollup_rows.recount()
            self.stdout.write("All articles are counted.")
            return
        found = rollup_rows.differences()
        for one in found[:MOST_SHOWN]:
            self.stdout.write(str(one))
        if found:
            raise CommandError(f"{len(found)} counts are not those of the articles.")
        self.stdout.write("Every count is that of the articles.")
