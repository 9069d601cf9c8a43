"""Wait until the pipeline has articles ready to show, saying how many there are."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles import models


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--articles", type=int, default=20, help="how many articles must be ready")
        parser.add_argument("--timeout", type=float, default=120, help="seconds")

    def handle(self, *args: Any, **options: Any) -> None:
        deadline = time.monotonic() + options["timeout"]
        shown = -1
        while (ready := models.Article.objects.ready()[: options["articles"]].count()) < options["articles"]:
            if ready != shown:
                self.stdout.write(f"{ready} of {options['articles']} articles ready")
                self.stdout.flush()
                shown = ready
            if time.monotonic() > deadline:
                raise CommandError(f"only {ready} articles were ready after {options['timeout']:.0f} s")
            time.sleep(0.2)
        self.stdout.write(f"{ready} articles ready")
