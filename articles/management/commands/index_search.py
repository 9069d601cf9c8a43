"""Make the index of words of all articles anew: `manage.py index_search`, after an upgrade that says so.

Works in short transactions, the newest articles first, beside running workers, and may be stopped and run again.
"""

from typing import Any

from django.core.management.base import BaseCommand

from articles import search_rows


class Command(BaseCommand):
    help = "Split the texts of all articles into words again and store them for search."

    def handle(self, *args: Any, **options: Any) -> None:
        key, batches = search_rows.index_again(), 0
        while key is not None:
            batches += 1
            if batches % 50 == 0:
                self.stdout.write(f"down to article {key}")
            key = search_rows.index_again(before=key)
        self.stdout.write("done")
