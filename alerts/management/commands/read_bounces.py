"""Read mails that came back: one from standard input, as a mail server pipes it, or a Maildir folder's new ones."""

import sys
from argparse import ArgumentParser

from django.core.management.base import BaseCommand
from django.utils import timezone

from alerts import bounced
from alerts.matching import bounces


class Command(BaseCommand):
    help = "Stop the addresses whose mails came back. Reads one mail from standard input, or a folder."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--maildir", default="", help="read the new mails of this Maildir folder")

    def handle(self, *, maildir: str, **_: object) -> None:
        if maildir:
            count = bounced.read_folder(maildir, now=timezone.now())
            self.stdout.write(f"{count} reports read")
            return
        is_report, address = bounced.take(sys.stdin.buffer.read(bounces.MOST_BYTES), now=timezone.now())
        if address:
            self.stdout.write(f"stopped: {address}")
        else:
            self.stdout.write("nothing to stop" if is_report else "not a report")
