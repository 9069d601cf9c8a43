"""Add the shipped companies and themes that the database lacks; what editors changed stays."""

from typing import Any

from django.core.management.base import BaseCommand

from articles import watchlist_store


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        companies, themes = watchlist_store.load_shipped()
        self.stdout.write(f"{companies} companies and {themes} themes added")
