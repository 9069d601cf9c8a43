"""How long a preview of a changed watch list and the re-tagging after it take on many stored articles.

    .venv/bin/python -m bench.retag [--articles 100000]

A database of its own, the shipped watch list, made-up articles of 1,500 characters on average (bench.news_text), four
in five Korean, recognised and stored as the pipeline does, published over the last 30 days. Then for each change: the
preview and the re-tagging after it as a worker does them, in one process. To save time, so many articles are different
(--different); the others repeat them.
"""

import argparse
import contextlib
import dataclasses
import datetime
import itertools
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench import news_text
from newswatch.services import postgres, programs

LANGUAGES = ("ko", "ko", "ko", "ko", "en")
CHUNK = 500


def main() -> None:
    """Fill the database, then measure."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--different", type=int, default=10_000)
    parser.add_argument("--keep", help="a folder where the filled database stays, for the next time")
    options = parser.parse_args()
    with contextlib.ExitStack() as stack:
        folder = options.keep or stack.enter_context(tempfile.TemporaryDirectory(prefix="newswatch-retag-"))
        database = postgres.Postgres(Path(folder) / "postgres", log=Path(folder) / "postgres.log")
        database.start()
        try:
            prepare(database.url, Path(folder))
            started = time.monotonic()
            if fill(options.articles, options.different):
                print(f"{options.articles} articles stored in {time.monotonic() - started:.0f} s", flush=True)
            for name, edit in changes():
                measure(name, edit)
        finally:
            database.stop()


def prepare(url: str, folder: Path) -> None:
    """Tables and the shipped watch list."""
    addresses = programs.Addresses(8000, 8025, 8990, url, "redis://127.0.0.1:1/0")
    os.environ.update(programs.environment(addresses, var=folder, secret_key="k" * 50), LOG_LEVEL="WARNING")
    os.environ["DJANGO_SETTINGS_MODULE"] = "newswatch.settings"
    import django  # noqa: PLC0415 - the settings read the environment, which is known only now
    from django.core import management  # noqa: PLC0415

    django.setup()
    management.call_command("migrate", interactive=False, verbosity=0)
    from articles import models, retagging_jobs, watchlist_store  # noqa: F401, PLC0415
    from newswatch import wake  # noqa: PLC0415

    wake.send = lambda task: None  # nobody listens
    watchlist_store.load_shipped()
    outlet, _ = models.Outlet.objects.get_or_create(name="Paper")
    models.Source.objects.get_or_create(
        outlet=outlet, title="News", url="http://127.0.0.1/", fetch_pages=False
    )


def fill(number: int, different: int) -> bool:
    """Store articles, newest last; returns False if there are some."""
    from django.db import connection, transaction  # noqa: PLC0415

    from articles import bulk, models, pipeline, readings  # noqa: PLC0415

    if models.Article.objects.exists():
        return False
    tagger = pipeline.present_tagger()
    end = datetime.datetime.now(datetime.UTC)
    source = models.Source.objects.select_related("outlet").get()
    found: list[readings.Reading] = []
    for start in range(0, number, CHUNK):
        if start < different:
            made = list(made_up(start, min(start + CHUNK, different), source))
            found += [readings.read_new(article, tagger, now=end) for article in made]
        some = itertools.islice(itertools.cycle(found), start, min(start + CHUNK, number))
        copies = [
            dataclasses.replace(one, article=copied(one.article, start + at, number, end))
            for at, one in enumerate(some)
        ]
        with transaction.atomic():
            pks = bulk.insert([one.article for one in copies], ["id"])
            for one, (pk,) in zip(copies, pks, strict=True):
                one.article.pk = pk
            readings.store_tags(copies, tagger)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return True


def made_up(first: int, last: int, source: Any) -> Iterator[Any]:
    """Articles that are not stored."""
    from articles import models  # noqa: PLC0415

    newsroom = news_text.Newsroom()
    for number in range(first, last):
        text = newsroom.article(number, LANGUAGES[number % len(LANGUAGES)])
        yield models.Article(
            source=source,
            outlet=source.outlet,
            title=text.title,
            feed_text=text.text,
            published_at=datetime.datetime.now(datetime.UTC),
        )


def copied(article: Any, number: int, of: int, end: datetime.datetime) -> Any:
    """The same text as an article of its own, published in its turn."""
    from articles import models  # noqa: PLC0415

    at = end - datetime.timedelta(days=30) * ((of - number) / (of + 1))
    values = {
        field.attname: getattr(article, field.attname) for field in models.Article._meta.concrete_fields
    }
    own = {"id": None, "identity": str(number), "url": f"http://127.0.0.1/{number}", "feed_text": ""}
    times = {"published_at": at, "first_seen_at": at, "ready_at": at}
    return models.Article(**{**values, **own, **times})


def changes() -> Iterator[tuple[str, Any]]:
    """What an editor might change: from the rare to what stands in every third article."""
    from articles import watchlist_store  # noqa: PLC0415
    from articles.tagging import difference, watchlist  # noqa: PLC0415

    stored = watchlist_store.stored()
    companies = {one.name: one for one in stored.companies}
    themes = {one.name: one for one in stored.themes}

    def alias(name: str, text: str) -> difference.Edit:
        company = companies[name]
        more = (*company.aliases, watchlist.Alias(text, "abbreviation"))
        return difference.CompanyEdit(company, dataclasses.replace(company, aliases=more))

    def term(name: str, text: str) -> difference.Edit:
        theme = themes[name]
        return difference.ThemeEdit(
            theme, dataclasses.replace(theme, terms=(*theme.terms, watchlist.Term(text, 1.0)))
        )

    yield "an alias that stands nowhere", alias("LG화학", "엘쥐켐")
    yield "a company goes", difference.CompanyEdit(companies["LG화학"], None)
    yield "a term that is a common word", term("AI", "기술")
    higher = dataclasses.replace(themes["AI"], threshold=themes["AI"].threshold + 1)
    yield "a theme's threshold", difference.ThemeEdit(themes["AI"], higher)


def measure(name: str, edit: Any) -> None:
    """A preview, then the saved change with its re-tagging."""
    from django.utils import timezone  # noqa: PLC0415

    from articles import retagging_jobs  # noqa: PLC0415
    from newswatch.accounts.models import User  # noqa: PLC0415

    person, _ = User.objects.get_or_create(username="bench")
    job = retagging_jobs.preview([edit], of=None, days=30, by=person, now=timezone.now())
    print(f"{name}: preview {work(job)}", flush=True)


def work(job: Any) -> str:
    """Do a job as a worker does; says how long it took."""
    from django.utils import timezone  # noqa: PLC0415

    from articles import jobs, models, retagging_jobs  # noqa: PLC0415

    started, cpu, first, longest = time.monotonic(), time.process_time(), 0.0, 0.0
    while True:
        begun = time.monotonic()
        pk = jobs.claim(models.Retagging.objects.all())
        if pk is None:
            break
        jobs.step(models.Retagging.objects.all(), pk, retagging_jobs.do_batch, now=timezone.now())
        longest = max(longest, time.monotonic() - begun)
        job.refresh_from_db()
        if job.changed and not first:
            first = time.monotonic() - started
    seconds = time.monotonic() - started
    return (
        f"{seconds:.1f} s ({time.process_time() - cpu:.1f} s CPU of the program), first result after {first:.1f} s, "
        f"longest batch {longest:.1f} s; {job.done} looked through, +{job.added} -{job.removed} tags"
    )


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()
