"""How long from a source's publishing an item to the mail in the mail server, with many alerts loaded.

    .venv/bin/python -m bench.latency [--alerts 10000] [--items 60] [--every 1.0]

Real processes, as the demo runs them: PostgreSQL, Valkey, the workers, the beat, and an SMTP server that files what it
gets. The sites (`bench.feed_server`) publish one new article each; then one source after the other is made due, every
so many seconds, so that what is measured is an article that comes alone and not a flood. Each of these articles has an
alert of its own, by words of its headline, whose owner gets a mail at once; the others are those of `bench.match`.

The time runs from when the poll sees the item (`Article.first_seen_at`, before anything is parsed) to the modification
time of the mail's file. How long a source waits for its poll is the schedule's matter (`bench.ingest` has its load).
Stages: read and tagged, placed in a story, matched, sent.
"""

import argparse
import contextlib
import datetime
import email
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench import feed_server, ingest, news_text
from bench import match as alerts_bench
from newswatch.services import postgres, processes, programs, valkey

WORKERS = ("worker-fetch", "worker-process", "worker-place")
LONGEST = 300.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--alerts", type=int, default=10_000)
    parser.add_argument("--items", type=int, default=60)
    parser.add_argument("--every", type=float, default=1.0)
    options = parser.parse_args()
    # What comes then was published just now: of old articles nobody is mailed.
    first = datetime.datetime.now(datetime.UTC) - feed_server.ITEMS * feed_server.GAP
    os.environ["NEWSWATCH_BENCH_START"] = first.isoformat()
    with (
        contextlib.ExitStack() as stack,
        tempfile.TemporaryDirectory() as name,
        ingest.sites(options.items) as port,
    ):
        folder = Path(name)
        mails = start(folder, stack)
        ingest.prepare(options.items, port)
        begin_workers(folder, stack)
        ingest.control(port, ingest.Phase("", "", 0, 0, 0, 0))
        ingest.poll_all(options.items)
        wait_until(lambda: not ingest.is_unsettled(), "the first articles are past the alerts")
        load_alerts(options.alerts, options.items)
        warm_up()
        ingest.control(port, ingest.Phase("", "", 1, 0, 0, 0))
        with contextlib.ExitStack() as beating:
            run(folder, "beat", beating)
            trickle(options.every)
            wait_until(lambda: len(list(mails.glob("*.eml"))) >= options.items, "the mails are there")
        report(mails, options.alerts)


def start(folder: Path, stack: contextlib.ExitStack) -> Path:
    """Start the servers, set the environment, and say where mails will be."""
    database = postgres.Postgres(folder / "postgres", log=folder / "postgres.log")
    broker = valkey.Valkey(folder / "valkey", log=folder / "valkey.log")
    for server in (broker, database):
        server.start()
        stack.callback(server.stop)
    addresses = programs.Addresses(8000, processes.free_port(), 8990, database.url, broker.url)
    os.environ.update(
        programs.environment(addresses, var=folder, secret_key="k" * 50),
        FETCH_ALLOW_PRIVATE="127.0.0.0/8",
        LOG_LEVEL="WARNING",
        DJANGO_SETTINGS_MODULE="newswatch.settings",
    )
    os.environ["NEWSWATCH_BENCH_MAIL_PORT"] = str(addresses.mail_port)
    run(folder, "mail", stack)
    return folder / "mail"


def run(folder: Path, name: str, stack: contextlib.ExitStack) -> None:
    """Start one of the demo's programs until the stack is left."""
    mail_port = int(os.environ["NEWSWATCH_BENCH_MAIL_PORT"])
    addresses = programs.Addresses(8000, mail_port, 8990, os.environ["DATABASE_URL"], os.environ["REDIS_URL"])
    (folder / "beat").mkdir(exist_ok=True)
    program = processes.spawn(
        programs.commands(addresses, var=folder)[name],
        log=folder / f"{name}.log",
        environment=os.environ,
        folder=ingest.BASE,
    )
    stack.callback(processes.stop, program, *programs.WORKER_STOP)


def begin_workers(folder: Path, stack: contextlib.ExitStack) -> None:
    """Start the workers and wait until they answer."""
    for name in WORKERS:
        run(folder, name, stack)
    ingest.wait_for_workers()


def load_alerts(count: int, items: int) -> None:
    """Alerts by the thousand, and one for each article that will come, of a person of her own."""
    from django.utils import timezone  # noqa: PLC0415 - Django is set up only now

    from alerts import models  # noqa: PLC0415
    from newswatch.accounts.models import User  # noqa: PLC0415

    now = timezone.now()
    texts = alerts_bench.Writer(alerts_bench.news(), 1).alerts(count)
    crowd = User.objects.create(username="crowd", email="crowd@newsroom.example")
    common = {"created_at": now, "active_since": now}
    models.Alert.objects.bulk_create(
        # Nobody is mailed of these: what is measured is the one mail.
        models.Alert(owner=crowd, name=f"alert {n}", query=text, tell_owner=False, **common)
        for n, text in enumerate(texts)
    )
    newsroom = news_text.Newsroom()
    for feed in range(items):
        article = newsroom.article(feed * 1_000 + feed_server.ITEMS, "en" if feed % 5 == 4 else "ko")
        owner = User.objects.create(username=f"reader{feed}", email=f"reader{feed}@newsroom.example")
        words = [word for word in article.title.split() if alerts_bench.is_plain(word)]
        models.Alert.objects.create(owner=owner, name=str(feed), query=" ".join(words[-4:]), **common)


def warm_up() -> None:
    """Have both processes that match read the alerts, as they have in a site that runs, however long that takes."""
    from newswatch import wake  # noqa: PLC0415

    for _ in range(8):
        wake.send("alerts.tasks.match_outbox")
        time.sleep(0.5)
    wait_until(is_idle, "the alerts are read", wakes=False)


def is_idle() -> bool:
    """Whether all workers answer that they have nothing to do."""
    from celery import current_app  # noqa: PLC0415

    workers = current_app.control.inspect(timeout=10.0)
    active, reserved = workers.active() or {}, workers.reserved() or {}
    return len(active) >= len(WORKERS) and not any([*active.values(), *reserved.values()])


def trickle(every_s: float) -> None:
    """Make one source after the other due, and no other."""
    from django.utils import timezone  # noqa: PLC0415

    from articles import models  # noqa: PLC0415
    from newswatch import wake  # noqa: PLC0415

    later = timezone.now() + datetime.timedelta(days=1)
    models.Source.objects.update(next_poll_at=later, claimed_until=None)
    for pk in list(models.Source.objects.order_by("pk").values_list("pk", flat=True)):
        models.Source.objects.filter(pk=pk).update(next_poll_at=timezone.now())
        wake.send("articles.tasks.poll_sources")
        time.sleep(every_s)


def wait_until(condition: Callable[[], bool], what: str, *, wakes: bool = True) -> None:
    """Wait, for LONGEST seconds at most, calling the worker that places now and then if it `wakes`."""
    from newswatch import wake  # noqa: PLC0415

    deadline, calls = time.monotonic() + LONGEST, 0
    while not condition():
        if time.monotonic() > deadline:
            print(f"not so after {LONGEST:.0f} s: {what}")
            return
        if wakes and calls % 20 == 0:
            wake.send("articles.tasks.place_articles")
        calls += 1
        time.sleep(0.25)


def report(mails: Path, count: int) -> None:
    """Percentiles of the whole and of each stage."""
    from alerts import models  # noqa: PLC0415

    arrived = {}
    for path in mails.glob("*.eml"):
        message = email.message_from_bytes(path.read_bytes())
        arrived[str(message["Message-ID"])] = path.stat().st_mtime
    stages: dict[str, list[float]] = {"read": [], "placed": [], "matched": [], "sent": [], "in all": []}
    told = models.DeliveryHit.objects.select_related(
        "delivery", "hit__article", "hit__article__story_print"
    ).order_by("pk")
    for row in told:
        article = row.hit.article
        seen = article.first_seen_at.timestamp()
        mail = arrived.get(row.delivery.message_id)
        if mail is None:
            continue
        placed = article.story_print.placed_at.timestamp()
        ready = article.ready_at.timestamp() if article.ready_at else seen
        stages["read"].append(ready - seen)
        stages["placed"].append(placed - seen)
        stages["matched"].append(row.hit.at.timestamp() - seen)
        stages["sent"].append(mail - row.delivery.created_at.timestamp())
        stages["in all"].append(mail - seen)
    whole = stages["in all"]
    load, cores = os.getloadavg()[0], os.cpu_count()
    print(
        f"load {load:.1f} on {cores} cores (it is in the times: other programs' work comes first or in between)"
    )
    print(f"{count:,} alerts, {len(whole)} mails; seconds from the poll, p50 / p95 / most")
    for name, times in stages.items():
        if len(times) > 1:
            p95 = statistics.quantiles(times, n=20)[-1]
            print(f"{name:8} {statistics.median(times):6.2f} {p95:6.2f} {max(times):6.2f}")


if __name__ == "__main__":
    main()
