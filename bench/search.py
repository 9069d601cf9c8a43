"""How fast a search's first page is, over a hundred thousand or a million made-up articles of one year.

    .venv/bin/python -m bench.search [--articles 100000] [--keep FOLDER] [--peers] [--fill]
    .venv/bin/python -m bench.search --probe

A database of its own with the shipped watch list, filled as bench.search_data says (kept in a folder for the next
time; a million articles take 25 GB). Then for each kind of query the first page of 50 lines as the site gets it, by
story and by article, with outlets, companies and themes, and beside it the keys alone. With `--peers`, the keys by two
usual ways, in the same run and over the same texts: ILIKE with an index of trigrams, and a column of
to_tsvector('simple'). Times are of a client in the same machine, after a first run that is not counted. `--probe` needs
no database: what is found of pairs that a search in Korean and English must tell apart.
"""

import argparse
import contextlib
import datetime
import gc
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bench import retag, search_data, search_peers, search_probe
from newswatch.services import postgres

OUTLETS = 80
LINES = 50
RUNS = 40
# A kind of query and what it is asked as, by us and by the peers; the period ends half a year before the last article.
KINDS = (
    ("rare word (1 in 20,000)", "양자점", "양자점"),
    ("word in 1 of 2,000", "페로브스카이트", "페로브스카이트"),
    ("word in 1 of 50", "수소", "수소"),
    ("most frequent word (1 of 5)", "LG", "LG"),
    ("phrase", '"재생 에너지"', "재생 에너지"),
    ("phrase of frequent words, hardly there", '"LG 에너지"', "LG 에너지"),
    ("AND, OR, NOT", "LG (배터리 OR 반도체) -야구", ""),
    ("NEAR", "인공지능 NEAR/5 반도체", ""),
    ("company, theme, range", "company:LG theme:AI published:{first}..{last}", ""),
)


def main() -> None:
    """Fill the database, then measure."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--different", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--keep", help="a folder where texts and filled databases stay, for the next time")
    parser.add_argument("--fill", action="store_true", help="fill the database, measure nothing")
    parser.add_argument("--peers", action="store_true", help="measure the usual ways too")
    parser.add_argument("--probe", action="store_true", help="what is found of pairs to be told apart")
    options = parser.parse_args()
    if options.probe:
        search_probe.show()
        return
    with contextlib.ExitStack() as stack:
        folder = Path(
            options.keep or stack.enter_context(tempfile.TemporaryDirectory(prefix="newswatch-search-"))
        )
        home = folder / str(options.articles)
        home.mkdir(parents=True, exist_ok=True)
        database = postgres.Postgres(home / "postgres", log=home / "postgres.log", durable=False)
        database.start()
        stack.callback(database.stop)
        retag.prepare(database.url, home)
        started = time.monotonic()
        if fill(database.url, folder, options.articles, options.different):
            print(f"{options.articles} articles stored in {time.monotonic() - started:.0f} s", flush=True)
        if options.fill:
            search_peers.fill(database.url) if options.peers else None
            return
        # As the web server does (newswatch/wsgi.py): what is imported is no matter for the collector.
        gc.collect()
        gc.freeze()
        measure(database.url, options.runs, peers=options.peers)


def fill(url: str, folder: Path, number: int, different: int) -> bool:
    """Fill an empty database; returns False if it is full already."""
    from articles import models  # noqa: PLC0415

    if models.Article.objects.exists():
        return False
    search_data.texts(folder, different, url)
    search_data.fill(url, number, different, ids(), datetime.datetime.now(datetime.UTC))
    return True


def ids() -> dict[str, list[int]]:
    """The rows that articles refer to; LG, LG화학 and 삼성전자 are the first companies, as `search_data` has them."""
    from articles import models  # noqa: PLC0415

    outlets = [models.Outlet.objects.get_or_create(name=f"Paper {n}")[0] for n in range(OUTLETS)]
    sources = [
        models.Source.objects.get_or_create(
            outlet=one, url=f"http://127.0.0.1/{one.pk}", defaults={"title": one.name, "enabled": False}
        )[0]
        for one in outlets
    ]
    first = [models.Company.objects.get(name=name).pk for _, name, _ in search_data.COMPANIES]
    others = models.Company.objects.exclude(pk__in=first).order_by("pk").values_list("pk", flat=True)
    return {
        "outlets": [one.pk for one in outlets],
        "sources": [one.pk for one in sources],
        "companies": [*first, *others[: search_data.OTHER_COMPANIES - len(first)]],
        "themes": list(models.Theme.objects.order_by("pk").values_list("pk", flat=True)),
    }


def measure(url: str, runs: int, *, peers: bool) -> None:
    """Time each kind of query."""
    from django.db.models import Max  # noqa: PLC0415

    from articles import filters, models, reads, searching, story_reads  # noqa: PLC0415
    from articles.search.context import Context  # noqa: PLC0415

    if peers:
        search_peers.fill(url)
    now = models.Article.objects.aggregate(newest=Max("published_at"))["newest"]
    middle = now - datetime.timedelta(days=180)
    period = {"first": f"{middle:%Y-%m}", "last": f"{middle + datetime.timedelta(days=62):%Y-%m}"}
    print(f"{'p50/p95 ms':40} {'by story':>15} {'by article':>15} {'keys alone':>15}", end="")
    print(f" {'simple':>15} {'trigrams':>17}" if peers else "", flush=True)
    for name, text, plain in KINDS:
        wanted = filters.Filters(query=text.format(**period))
        found = searching.search(wanted, context=Context(now))
        assert found is not None
        calls: list[Callable[[], object]] = [
            lambda wanted=wanted: story_reads.timeline(wanted, now=now),
            lambda wanted=wanted: reads.timeline(wanted, now=now),
            lambda found=found: searching.newest(found, before=None, most=LINES + 1),
        ]
        if peers:
            calls += search_peers.calls(url, plain, LINES + 1)
        times = [timed(call, runs) for call in calls]
        print(f"{name:40} {' '.join(f'{told(one):>15}' for one in times)}", flush=True)
    for row in search_peers.sizes(url):
        print(row, flush=True)
    for row in search_peers.insert_costs(url):
        print(row, flush=True)


def timed(call: Callable[[], object], runs: int) -> Sequence[float]:
    """Milliseconds of each run but the first; fewer runs of what takes long."""
    began = time.perf_counter()
    call()
    first = time.perf_counter() - began
    times = []
    for _ in range(max(5, min(runs, int(6 / max(first, 0.001))))):
        began = time.perf_counter()
        call()
        times.append((time.perf_counter() - began) * 1000)
    return times


def told(times: Sequence[float]) -> str:
    """The median and the 95th percentile."""
    return f"{statistics.median(times):.1f}/{statistics.quantiles(times, n=20)[-1]:.1f}"


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()
