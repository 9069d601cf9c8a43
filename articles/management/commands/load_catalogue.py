"""Add the shipped catalogue of real feeds, switched off; --on switches them on."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from articles import catalogue_store


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--on", action="store_true", help="switch the catalogue's feeds on")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{catalogue_store.load()} feeds added")
        if options["on"]:
            self.stdout.write(f"{catalogue_store.switch_on(now=timezone.now())} feeds switched on")
