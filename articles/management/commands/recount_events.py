"""Count again what every event has, from its reports; needed after articles were deleted by hand."""

from typing import Any

from django.core.management.base import BaseCommand

from articles import event_rows


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        changed = event_rows.recount_all()
        self.stdout.write(f"{changed} rows said something else than their reports.")
