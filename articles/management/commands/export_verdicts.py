"""Write what people said of tags as JSON lines: cases that recognition can be tried on (bench/verdicts.py).

A line has an article's id, address and its title's hash, the companies and themes that belong to it, and those that
don't. Publishers' texts are left out unless `--texts` is given; a bench needs them, a repository must not have them.
"""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles import verdict_reads


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="where to; the terminal without it")
        parser.add_argument("--texts", action="store_true", help="with the articles' titles and texts")

    def handle(self, *args: Any, **options: Any) -> None:
        lines = [
            json.dumps(line, ensure_ascii=False)
            for line in verdict_reads.exported(verdict_reads.cases(), texts=options["texts"])
        ]
        if options["file"] is None:
            self.stdout.write("\n".join(lines))
            return
        try:
            options["file"].write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{options['file']} can't be written: {error.strerror}") from error
        self.stdout.write(f"{len(lines)} articles written to {options['file']}")
