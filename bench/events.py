"""What reading events out of articles costs, beside recognising names and themes in the same run.

    .venv/bin/python -m bench.events [--articles 1000]

A database of its own with the shipped watch list. The articles are of 2,000 characters, joined from sentences of the
captured feeds (bench.recognise), or made-up ones where there are none, published over two days; those of a later round
repeat the first ones, as an agency's text does in many papers, so that their reports have events to join. They are
recognised and stored as the pipeline does, each is given a story, and then `articles.chronicle` reads them as a worker
does, in one process: dates, clauses, quotations, joining, rows. The program's CPU is told, the database's is not.
"""

import argparse
import contextlib
import datetime
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench import recognise, retag
from newswatch.services import postgres


def main() -> None:
    """Fill the database, then measure both stages."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--articles", type=int, default=1_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="newswatch-events-") as folder:
        database = postgres.Postgres(Path(folder) / "postgres", log=Path(folder) / "postgres.log")
        database.start()
        try:
            retag.prepare(database.url, Path(folder))
            measure(options.articles)
        finally:
            database.stop()


def measure(number: int) -> None:
    """Recognise and store, then tell events; say what each took."""
    from articles import models  # noqa: PLC0415 - Django is set up by now

    rows = made(number)
    names, seconds = recognised(rows)
    print(f"recognised: {names:.2f} ms CPU an article, {len(rows) / seconds:,.0f} articles/s", flush=True)
    cpu, seconds = told(len(rows))
    print(
        f"events: {cpu:.2f} ms CPU an article, {len(rows) / seconds:,.0f} articles/s; {cpu / names:.1f} times "
        f"recognition; {models.EventReport.objects.count():,} reports of {models.Event.objects.count():,} events, "
        f"{models.Quote.objects.count():,} quotations"
    )


def made(number: int) -> list[Any]:
    """Articles that are not stored yet, from the oldest to the newest."""
    from articles import models  # noqa: PLC0415

    source = models.Source.objects.select_related("outlet").get()
    texts, end = recognise.articles(), datetime.datetime.now(datetime.UTC)
    return [
        models.Article(
            source=source,
            outlet=source.outlet,
            identity=str(at),
            url=f"http://127.0.0.1/{at}",
            title=texts[at % len(texts)].title,
            body=texts[at % len(texts)].text,
            language="ko",
            stage="ready",
            published_at=end - datetime.timedelta(days=2) * (number - at) / number,
            first_seen_at=end,
            ready_at=end,
        )
        for at in range(number)
    ]


def recognised(rows: Sequence[Any]) -> tuple[float, float]:
    """Recognise, then store each with a story of its own; the recogniser's CPU in ms an article, and seconds."""
    from articles import models, pipeline, readings  # noqa: PLC0415

    tagger = pipeline.present_tagger()
    started, cpu = time.monotonic(), time.process_time()
    found = [tagger.recognise(row) for row in rows]
    cpu, seconds = (time.process_time() - cpu) * 1000 / len(rows), time.monotonic() - started
    stored = models.Article.objects.bulk_create(rows)
    models.Story.objects.bulk_create(
        models.Story(
            id=row.pk,
            headline=row,
            first_at=row.published_at,
            last_at=row.published_at,
            changed_at=row.published_at,
        )
        for row in stored
    )
    for row in stored:
        row.story_id = row.pk
    models.Article.objects.bulk_update(stored, ["story"], batch_size=500)
    read = [
        readings.Reading(row, (row.title, row.body), None, recognition)
        for row, recognition in zip(stored, found, strict=True)
    ]
    for start in range(0, len(read), 200):
        readings.store_tags(read[start : start + 200], tagger)
    return cpu, seconds


def told(number: int) -> tuple[float, float]:
    """Read all that waits; the program's CPU in ms an article, and seconds."""
    from django.utils import timezone  # noqa: PLC0415

    from articles import chronicle  # noqa: PLC0415

    started, cpu, done = time.monotonic(), time.process_time(), 0
    while some := chronicle.tell_waiting(now=timezone.now):
        done += some
    if done != number:
        raise SystemExit(f"{done} of {number} articles were read")
    return (time.process_time() - cpu) * 1000 / number, time.monotonic() - started


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()
