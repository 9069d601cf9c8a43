"""Make the group of editors with its permissions, or bring it up to date. Safe to run again."""

from typing import Any

from django.core.management.base import BaseCommand

from newswatch.accounts import roles


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        roles.ensure_roles()
        self.stdout.write(f"the group {roles.EDITORS} is there; add people to it and make them staff")
