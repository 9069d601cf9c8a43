"""How fast feeds become stored, tagged and searchable articles, beside `reader` (PyPI) on the same feeds in one run.

    .venv/bin/python -m bench.ingest [--feeds 500] [--reader PYTHON] [--phases first,unchanged,new,slow,broken]
        [--rounds 1]

Ours is what the demo runs: PostgreSQL and Valkey, one Celery worker that fetches and one of two processes that reads,
tags and matches alerts; the time runs from the wake-up call until everything is stored, tagged and searchable; how
long it takes until all is in stories and past the alerts is said beside, and the next measurement waits for it.
reader runs with threads and its full-text index, and neither tags nor matches. Without `--reader` it is installed into
an environment of its own; where that fails, ours is measured alone. CPU time is that of all processes of each,
servers included, fed by a process that counts for neither (`bench.feed_server`). Linux only.
"""

import argparse
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench import feed_server
from newswatch.services import postgres, processes, programs, valkey

BASE = Path(__file__).resolve().parents[1]
TICK = os.sysconf("SC_CLK_TCK")
LONGEST = 600  # seconds that a phase may take
WAKE = 5  # seconds between two wake-up calls, which the demo's beat sends
SLOW = BROKEN = 20


@dataclass(frozen=True, slots=True)
class Phase:
    """One thing to measure: what the sites do, and what is counted."""

    name: str
    title: str
    step: int
    slow: int
    broken: int
    new_per_feed: int


PHASES = (
    Phase("first", "first fetch", 0, 0, 0, feed_server.ITEMS),
    Phase("unchanged", "unchanged feeds (304)", 0, 0, 0, 0),
    Phase("new", "one new item a feed", 1, 0, 0, 1),
    Phase("slow", f"{SLOW} hosts take {feed_server.SLOW_SECONDS:g} s", 1, SLOW, 0, 0),
    Phase("broken", f"{BROKEN} hosts break, one new item", 2, 0, BROKEN, 1),
)


@dataclass(frozen=True, slots=True)
class Result:
    """What a phase took: seconds, CPU seconds of the program and of its database, articles that came, peak memory."""

    seconds: float
    app: float
    database: float
    articles: int
    megabytes: float


class Meter:
    """CPU time and memory of process trees, read from /proc; memory is shared out among those that share it."""

    def __init__(self, **roots: int) -> None:
        self._roots = roots
        self.peak = 0.0
        self._done = threading.Event()

    def __enter__(self) -> "Meter":
        self._before = self._cpu()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._after = self._cpu()
        self._done.set()
        self._thread.join()

    def used(self, *names: str) -> float:
        """CPU seconds of these trees since the beginning."""
        return sum(self._after[name] - self._before[name] for name in names if name in self._roots)

    def _cpu(self) -> dict[str, float]:
        children = families()
        return {name: cpu(tree(root, children)) for name, root in self._roots.items()}

    def _watch(self) -> None:
        # A look takes a millisecond for each of the dozens of processes: two in a second cost a tenth of a core.
        while not self._done.wait(2.0):
            children = families()
            self.peak = max(self.peak, sum(memory(tree(root, children)) for root in self._roots.values()))


def families() -> Mapping[int, list[int]]:
    """The children of each process."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            children.setdefault(int(_stat(int(entry.name))[1]), []).append(int(entry.name))
    return children


def tree(root: int, children: Mapping[int, list[int]]) -> list[int]:
    """A process and all that descend from it."""
    found = [root]
    for process in found:
        found += children.get(process, [])
    return found


def _stat(process: int) -> list[str]:
    """The fields of /proc/PID/stat behind the name, which may hold anything."""
    return Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2].split()


def cpu(found: list[int]) -> float:
    """Seconds that processes, and those of their children that are gone, have spent."""
    total = 0
    for process in found:
        with contextlib.suppress(OSError):
            total += sum(map(int, _stat(process)[11:15]))
    return total / TICK


def memory(found: list[int]) -> float:
    """Megabytes of processes, what several share counted once."""
    total = 0
    for process in found:
        with contextlib.suppress(OSError):
            lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
            total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


class Ours:
    """Newswatch as the demo runs it, with a database of its own."""

    name = "newswatch"

    def __init__(self, folder: Path, feeds: int, port: int, stack: contextlib.ExitStack) -> None:
        self._database = postgres.Postgres(folder / "postgres", log=folder / "postgres.log")
        self._broker = valkey.Valkey(folder / "valkey", log=folder / "valkey.log")
        for server in (self._broker, self._database):
            server.start()
            stack.callback(server.stop)
        addresses = programs.Addresses(8000, 8025, 8990, self._database.url, self._broker.url)
        ours = programs.environment(addresses, var=folder, secret_key="k" * 50)
        os.environ.update(ours, FETCH_ALLOW_PRIVATE="127.0.0.0/8", LOG_LEVEL="WARNING")
        os.environ["DJANGO_SETTINGS_MODULE"] = "newswatch.settings"
        prepare(feeds, port)
        self._workers = {
            name: processes.spawn(
                programs.commands(addresses, var=folder)[name],
                log=folder / f"{name}.log",
                environment=os.environ,
                folder=BASE,
            )
            for name in ("worker-fetch", "worker-process", "worker-place")
        }
        for worker in self._workers.values():
            stack.callback(processes.stop, worker, *programs.WORKER_STOP)
        wait_for_workers()

    def meter(self) -> Meter:
        roots = {name: worker.pid for name, worker in self._workers.items()}
        assert self._database.process
        assert self._broker.process
        return Meter(database=self._database.process.pid, broker=self._broker.process.pid, **roots)

    def settle(self) -> None:
        """Wait until all is in stories and the alerts have seen it, and say how long that took after the phase."""
        from newswatch import wake  # noqa: PLC0415

        started, calls = time.monotonic(), 0
        with self.meter() as meter:
            while is_unsettled() and (seconds := time.monotonic() - started) < LONGEST:
                if seconds >= calls * WAKE:
                    wake.send("articles.tasks.place_articles")
                    calls += 1
                time.sleep(0.1)
        spent = meter.used(*self._workers, "broker", "database")
        print(f"{'':32} in stories {time.monotonic() - started:.1f} s later, CPU {spent:.1f} s", flush=True)

    def run(self, phase: Phase, feeds: int) -> Result:
        """Wake the fetching worker up, and wait until nothing waits."""
        before = count_articles()
        with self.meter() as meter:
            seconds = poll_all(feeds)
        articles = count_articles() - before
        return Result(
            seconds, meter.used(*self._workers, "broker"), meter.used("database"), articles, meter.peak
        )


def prepare(feeds: int, port: int) -> None:
    """Tables, the shipped watch list, and the sources."""
    import django  # noqa: PLC0415 - the settings read the environment, which is known only now
    from django.core import management  # noqa: PLC0415

    django.setup()
    management.call_command("migrate", interactive=False, verbosity=0)
    from articles import models, watchlist_store  # noqa: PLC0415

    watchlist_store.load_shipped()
    outlets = models.Outlet.objects.bulk_create(models.Outlet(name=f"Paper {n}") for n in range(feeds))
    models.Source.objects.bulk_create(
        models.Source(outlet=outlet, title="News", url=feed_server.url(n, port), fetch_pages=False)
        for n, outlet in enumerate(outlets)
    )


def wait_for_workers(count: int = 3, *, longest_s: float = 300.0) -> None:
    """Until all workers answer. On a busy machine one takes minutes to start and seconds to answer."""
    from celery import current_app  # noqa: PLC0415

    import newswatch.celery  # noqa: F401, PLC0415 - makes it the current app

    deadline, patience = time.monotonic() + longest_s, 1.0
    while (answered := len(current_app.control.ping(timeout=patience))) < count:
        if time.monotonic() > deadline:
            raise SystemExit(
                f"{answered} of {count} workers answer after {longest_s:.0f} s; look at their logs"
            )
        patience = min(2 * patience, 15.0)


def count_articles() -> int:
    """Articles that are stored, tagged and searchable."""
    from articles import models  # noqa: PLC0415

    return models.Article.objects.ready().filter(search_row__isnull=False).count()


def poll_all(feeds: int) -> float:
    """Make every source due, and wait until each is polled and nothing waits to be read; returns the seconds."""
    from django.utils import timezone  # noqa: PLC0415

    from articles import models  # noqa: PLC0415
    from newswatch import wake  # noqa: PLC0415

    last = models.Poll.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    models.Source.objects.update(next_poll_at=timezone.now(), claimed_until=None)
    started, calls = time.monotonic(), 0
    while calls == 0 or not is_done(last, feeds):
        seconds = time.monotonic() - started
        if seconds > LONGEST:
            raise SystemExit(f"not done after {LONGEST} s")
        if seconds >= calls * WAKE:
            wake.send("articles.tasks.poll_sources")
            wake.send("articles.tasks.process_articles")
            calls += 1
        # A look costs the cores that are measured: the longer it takes, the fewer; at most a fiftieth is added.
        time.sleep(max(0.01, seconds / 50))
    return time.monotonic() - started


# By indexes and in one statement: looking must not cost what it measures.
DONE = """
SELECT (SELECT count(*) FROM articles_poll WHERE id > %s) >= %s
    AND NOT EXISTS (SELECT FROM articles_article WHERE stage = 'tag')
    AND NOT EXISTS (SELECT FROM articles_article WHERE stage = 'page' AND page_due_at IS NOT NULL)
"""


def is_done(last: int, feeds: int) -> bool:
    """Whether every feed was polled after poll number `last`, and no article waits to be read."""
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute(DONE, [last, feeds])
        return bool(cursor.fetchone()[0])


def is_unsettled() -> bool:
    """Whether alerts have articles before them that they did not see."""
    from articles import models  # noqa: PLC0415

    return models.Outbox.objects.filter(done_at=None).exists()


def rewritten() -> tuple[int, int]:
    """Rows of the articles' table inserted and updated so far; the server counts with a second's delay."""
    from django.db import connection  # noqa: PLC0415

    time.sleep(2)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT n_tup_ins, n_tup_upd FROM pg_stat_user_tables WHERE relname = 'articles_article'"
        )
        inserted, updated = cursor.fetchone()
    return inserted, updated


class Reader:
    """reader in a process of its own, with threads and its search index."""

    name = "reader"

    def settle(self) -> None:
        """It has nothing left to do."""

    def __init__(
        self, python: Path, folder: Path, feeds: int, port: int, stack: contextlib.ExitStack
    ) -> None:
        self._process = subprocess.Popen(
            [python, BASE / "bench" / "ingest_reader.py", folder / "reader.sqlite"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        stack.callback(self._process.terminate)
        self._tell("add", *(feed_server.url(number, port) for number in range(feeds)))

    def run(self, phase: Phase, feeds: int) -> Result:
        """Update all feeds, then the index."""
        before = self._tell("count")["entries"]
        with Meter(app=self._process.pid) as meter:
            seconds = self._tell("update")["seconds"]
            if phase.new_per_feed:
                self.fetched = seconds
                seconds += self._tell("index")["seconds"]
        articles = int(self._tell("count")["entries"] - before)
        return Result(seconds, meter.used("app"), 0.0, articles, meter.peak)

    def _tell(self, *words: str) -> dict[str, float]:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(" ".join(words) + "\n")
        self._process.stdin.flush()
        answer: dict[str, float] = json.loads(self._process.stdout.readline())
        return answer


def reader_python(given: str | None, folder: Path) -> Path | None:
    """A Python that can import reader, made if none is given; None if there is none."""
    python = Path(given) if given else folder / "reader" / "bin" / "python"
    try:
        if not given:
            subprocess.run([sys.executable, "-m", "venv", folder / "reader"], check=True)
            subprocess.run([python, "-m", "pip", "install", "--quiet", "reader"], check=True)
        subprocess.run([python, "-c", "import reader"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return python


@contextlib.contextmanager
def sites(feeds: int) -> Iterator[int]:
    """The feeds' sites; gives their port."""
    port = processes.free_port()
    command = [sys.executable, "-m", "bench.feed_server", "--feeds", str(feeds), "--port", str(port)]
    server = subprocess.Popen(command, cwd=BASE, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout
        if server.stdout.readline() != "ready\n":
            raise SystemExit("the sites did not start")
        yield port
    finally:
        server.terminate()
        server.wait()


def control(port: int, phase: Phase) -> None:
    """Have the sites behave as the phase wants."""
    address = f"http://127.0.0.1:{port}/control?step={phase.step}&slow={phase.slow}&broken={phase.broken}"
    with urllib.request.urlopen(address, timeout=120) as answer:
        answer.read()


def report(phase: Phase, feeds: int, results: dict[str, Result]) -> None:
    """One line for each program, and the ratio."""
    rates = {}
    for name, result in results.items():
        count = result.articles if phase.name == "first" else feeds
        unit = "articles" if phase.name == "first" else "feeds"
        rates[name] = count / result.seconds
        each = 1000 / max(1, count)
        print(
            f"{phase.title:32} {name:10} {result.seconds:7.2f} s {rates[name]:8.0f} {unit + '/s':10} CPU "
            f"{result.app * each:6.2f} + {result.database * each:5.2f} ms a {unit[:-1]:8} "
            f"{result.articles:6} articles, peak {result.megabytes:5.0f} MB",
            flush=True,
        )
    if len(rates) > 1:
        ours, other = rates.values()
        print(f"{'':32} ratio {ours / other:.1f}", flush=True)


def measure(phases: list[Phase], feeds: int, port: int, programs_: list[Ours | Reader], rounds: int) -> None:
    """All phases, the programs one after the other in each. What brings nothing new is repeated: the median counts."""
    for phase in phases:
        control(port, phase)
        before = rewritten()
        results = {}
        for program in programs_:
            runs = [program.run(phase, feeds) for _ in range(1 if phase.new_per_feed else rounds)]
            results[program.name] = sorted(runs, key=lambda run: run.seconds)[len(runs) // 2]
            if len(runs) > 1:
                print(
                    f"{'':32} {program.name}: {' '.join(f'{run.seconds:.2f}' for run in runs)} s", flush=True
                )
            program.settle()
        report(phase, feeds, results)
        inserted, updated = (now - then for now, then in zip(rewritten(), before, strict=True))
        print(f"{'':32} rows of articles written: {inserted} inserted, {updated} updated", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--feeds", type=int, default=500)
    parser.add_argument("--reader", help="a Python that has reader installed; none: measure ours alone")
    parser.add_argument("--phases", default=",".join(phase.name for phase in PHASES))
    parser.add_argument("--rounds", type=int, default=1, help="of each phase that brings nothing new")
    options = parser.parse_args()
    wanted = options.phases.split(",")
    folder = Path(tempfile.mkdtemp(prefix="newswatch-ingest-"))
    folder.chmod(0o711)
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        python = None if options.reader == "none" else reader_python(options.reader, folder)
        if python is None:
            print("reader is not here: ours is measured alone")
        port = stack.enter_context(sites(options.feeds))
        contestants: list[Ours | Reader] = [Ours(folder, options.feeds, port, stack)]
        if python:
            contestants.append(Reader(python, folder, options.feeds, port, stack))
        phases = [phase for phase in PHASES if phase.name in wanted]
        measure(phases, options.feeds, port, contestants, options.rounds)


if __name__ == "__main__":
    main()
