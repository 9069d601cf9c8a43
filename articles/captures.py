"""A folder of captured feed files: which days it holds, when each file was captured, and a server for one day.

Serves on 127.0.0.1 alone. Must not know the database; the replay command does.
"""

import csv
import datetime
import functools
import http.server
import re
import threading
import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SUFFIXES = (".xml", ".rss", ".atom", ".rdf", ".json")
DAY = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})")
BUILT = re.compile(rb"<lastBuildDate>\s*(\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d))\s*</lastBuildDate>")


class NoCaptures(ValueError):  # noqa: N818 - reads better where it is raised
    """A folder without captured feeds; the message says what is expected."""


@dataclass(frozen=True, slots=True)
class Capture:
    """One file, and the moment (aware) it was captured."""

    path: Path
    at: datetime.datetime


@dataclass(frozen=True, slots=True)
class Day:
    """The captures of one day."""

    date: datetime.date
    folder: Path
    captures: tuple[Capture, ...]


def read_days(root: Path, *, time_zone: str = "Asia/Seoul") -> list[Day]:
    """The days below `root` (folders named 20220723 or 2022-07-23), in order; or `root` itself as one day.

    Raises NoCaptures.
    """
    folders = (
        [folder for folder in [root, *sorted(root.iterdir())] if folder.is_dir()] if root.is_dir() else []
    )
    days = [day for folder in folders if (day := read_day(folder, zoneinfo.ZoneInfo(time_zone)))]
    if not days:
        raise NoCaptures(f"{root} holds no folder like 20220723 with {', '.join(SUFFIXES)} files.")
    return sorted(days, key=lambda day: day.date)


def read_day(folder: Path, zone: zoneinfo.ZoneInfo) -> Day | None:
    """The captures of a folder named after a day; None if it is no such folder."""
    name = DAY.fullmatch(folder.name)
    files = sorted(path for path in folder.iterdir() if path.suffix in SUFFIXES)
    if name is None or not files:
        return None
    date = datetime.date(*map(int, name.groups()))
    last = datetime.datetime.combine(date, datetime.time(23, 59, 59), zone)
    captured = {path: captured_at(path) for path in files}
    # A file that doesn't say was captured with the others.
    usual = max((at for at in captured.values() if at), default=last)
    return Day(date, folder, tuple(Capture(path, at or usual) for path, at in captured.items()))


def captured_at(path: Path) -> datetime.datetime | None:
    """When the collector wrote the file, if it says so with a time zone."""
    with path.open("rb") as stream:
        found = BUILT.search(stream.read(4000))
    return datetime.datetime.fromisoformat(found[1].decode()) if found else None


def read_publishers(root: Path) -> dict[str, str]:
    """Publishers' names by the id that file names begin with, from `publishers.csv`; empty without one."""
    path = root / "publishers.csv"
    if not path.exists():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return {row["id"]: row["name"] for row in csv.DictReader(stream)}


class Server:
    """Serves the files of one folder at a time; `folder` can change while it runs."""

    def __init__(self, folder: Path, *, port: int) -> None:
        self.folder = folder
        self.httpd = http.server.ThreadingHTTPServer(("127.0.0.1", port), functools.partial(Handler, self))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.httpd.server_address[1]}"


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers GET /NAME with the file NAME of the served folder."""

    def __init__(self, server: Server, *args: object) -> None:
        self.captures = server
        super().__init__(*args)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        path = self.captures.folder / Path(self.path).name
        if path.suffix not in SUFFIXES or not path.is_file():
            self.send_error(404)
            return
        data = path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", "application/json" if path.suffix == ".json" else "application/xml")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the poll's own row says how each request ended."""


@contextmanager
def serve(folder: Path, *, port: int = 0) -> Iterator[Server]:
    """Serve a folder on 127.0.0.1, on `port` if it is free, else on any."""
    try:
        server = Server(folder, port=port)
    except OSError:
        server = Server(folder, port=0)
    thread = threading.Thread(target=server.httpd.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.httpd.shutdown()
        server.httpd.server_close()
        thread.join()
