"""Make the demo's database and static files ready, then wait for the first articles: demo.py runs it as a child.

Lines that start with "> " are for the person at the terminal. Must not start or stop anything.
"""

import argparse
import hashlib
from pathlib import Path

import django
from django.conf import settings
from django.core import management

from newswatch import wake

FOR_PERSON = "> "
DATABASE_READY = "The database is ready"
# Compressing them for the one visitor of a demo takes 36 s of CPU time, collecting them half a second.
UNCOMPRESSED = ("css", "js", "map", "svg", "txt", "json", "html", "md")


class Told:
    """A stream whose lines are for the person at the terminal."""

    def write(self, text: str) -> int:
        for line in text.splitlines():
            if line.strip():
                tell(line)
        return len(text)

    def flush(self) -> None:
        """Nothing is held back."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--newsroom", required=True, help="the sample newsroom's address")
    parser.add_argument("--online", action="store_true", help="switch the catalogue of real feeds on")
    parser.add_argument("--articles", type=int, default=20, help="how many articles must be ready")
    options = parser.parse_args()
    django.setup()
    collect_static()
    management.call_command("migrate", interactive=False, verbosity=0)
    management.call_command("load_demo", newsroom=options.newsroom, online=options.online, stdout=Told())
    tell(DATABASE_READY)
    wake.send("articles.tasks.poll_sources")  # beat is still on its way
    management.call_command("wait_ready", articles=options.articles, stdout=Told())
    tell_log_ins()


def tell(line: str) -> None:
    """A line for the person at the terminal."""
    print(f"{FOR_PERSON}{line}", flush=True)


def tell_log_ins() -> None:
    """The demo's users, whose passwords are public."""
    from newswatch.accounts import demo  # noqa: PLC0415 - its models exist once Django is set up

    for person in demo.PEOPLE:
        tell(f"Log in as {person.username:8} password {person.password}")


def collect_static() -> None:
    """Collect the static files, unless nothing that they are made from has changed since the last time."""
    folder = Path(settings.STATIC_ROOT)
    stamp = folder.with_name("static.stamp")
    wanted = static_fingerprint(Path(settings.BASE_DIR))
    if folder.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    tell("Collecting the static files")
    stamp.unlink(missing_ok=True)
    settings.WHITENOISE_SKIP_COMPRESS_EXTENSIONS = UNCOMPRESSED
    management.call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(wanted)


def static_fingerprint(base: Path) -> str:
    """Changes with our own static files, the settings, and the packages that bring the others."""
    own = sorted(path for path in (base / "newswatch" / "static").rglob("*") if path.is_file())
    digest = hashlib.sha256()
    for path in (base / "requirements.lock", base / "newswatch" / "settings.py", *own):
        digest.update(b"%s\0%d\0" % (str(path.relative_to(base)).encode(), path.stat().st_size))
        digest.update(path.read_bytes())
    return digest.hexdigest()


if __name__ == "__main__":
    main()
