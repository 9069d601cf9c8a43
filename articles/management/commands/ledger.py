"""Say what became of an entry: ledger ADDRESS, ledger ID, or ledger WORDS OF ITS TITLE."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from articles import ledger, models


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("wanted", nargs="+", help="an address, an entry's id, or words of its title")

    def handle(self, *args: Any, **options: Any) -> None:
        found = ledger.look_up(" ".join(options["wanted"]))
        with translation.override("en"):
            for entry in found.entries:
                self.show(entry)
            if not found.entries:
                for source in found.sources:
                    self.stdout.write(f"{source}: {source.url}, last read {said(source.last_success_at)}")
        if not found.entries:
            raise CommandError("no feed has shown such an entry")

    def show(self, entry: models.Appearance) -> None:
        """An entry in a few lines."""
        until = entry.seen_until(entry.source.last_success_at)
        article = f", article {entry.article_id}" if entry.article_id else ""
        self.stdout.write(
            f"{ledger.sentence(entry)}\n"
            f"  title    {entry.title}\n"
            f"  address  {entry.url or '–'}\n"
            f"  id       {entry.entry_id or '–'}\n"
            f"  source   {entry.source}{article}\n"
            f"  seen     {said(entry.first_seen_at)} to {said(until)}"
        )


def said(moment: Any) -> str:
    """Date and time, or never."""
    return ledger.clock(moment) if moment else "never"
