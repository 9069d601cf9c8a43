"""Count again what every story has, from its articles; needed after articles were deleted by hand."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from articles import story_rows


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        changed = story_rows.recount_all(now=timezone.now())
        self.stdout.write(f"{changed} stories said something else than their articles.")
