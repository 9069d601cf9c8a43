"""How long each page takes over a million articles, and how many requests a second the main list answers.

    .venv/bin/python -m bench.pages --keep FOLDER [--articles 1000000] [--runs 40] [--only WORD] [--fill] [--serve]

The database is that of bench.search with what a newsroom has beside its articles (bench.pages_data); kept in a folder
for the next time, since a million articles take half an hour and 30 GB to make. Pages are asked for by address from
the deployed server (gunicorn, two processes of eight threads) by an analyst who is logged in, one after the other
in turn, so that all pages share the same minutes; p50 and p95 are what the client waits until the last byte, and for
exports until the first. Something is written before each, so that no page is remembered from the time before. Queries
and CPU are those of the same request within one process. At last eight clients ask for the main list at once, and for
the same rows as Django draws them without anything else (bench.plain_page).
"""

import argparse
import contextlib
import http.client
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import pages_data, retag, search
from newswatch.services import postgres, programs

CLIENTS = 8
SECONDS = 10
# As docker-compose.yml has it.
SERVER = ("--worker-class", "gthread", "--workers", "2", "--threads", "8", "--no-control-socket")


@dataclass(frozen=True, slots=True)
class Asked:
    """A page by its name and the addresses that are asked in turn. `part`: htmx asks for it, for this target."""

    name: str
    addresses: tuple[str, ...]
    part: str = ""
    person: str = pages_data.READER
    first_byte: bool = False


def main() -> None:
    """Fill the database, start the server, then measure."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--different", type=int, default=50_000)
    parser.add_argument("--runs", type=int, default=40)
    parser.add_argument("--only", default="", help="pages whose name has this in it")
    parser.add_argument("--keep", required=True, help="a folder where texts and the filled database stay")
    parser.add_argument("--fill", action="store_true", help="fill the database, measure nothing")
    parser.add_argument("--serve", action="store_true", help="serve the site until interrupted")
    parser.add_argument("--no-load", action="store_true", help="leave out the requests a second")
    options = parser.parse_args()
    home = Path(options.keep) / str(options.articles)
    home.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        url = database(home, stack)
        retag.prepare(url, home)
        fill(url, Path(options.keep), options.articles, options.different)
        if options.fill:
            return
        with server("newswatch.wsgi:application", url, home) as port:
            if options.serve:
                print(
                    f"http://127.0.0.1:{port}/ with the cookie sessionid={cookie(pages_data.READER)}",
                    flush=True,
                )
                threading.Event().wait()
            measure(port, [one for one in asked() if options.only in one.name], options.runs)
        if not options.no_load:
            load(url, home)


def database(home: Path, stack: contextlib.ExitStack) -> str:
    """The kept database's address; it is started if nobody has."""
    place = postgres.Postgres(home / "postgres", log=home / "postgres.log", durable=False)
    if not ((home / "postgres" / "data" / "postmaster.pid").exists() and place.answers()):
        place.start()
        stack.callback(place.stop)
    return place.url


def fill(url: str, folder: Path, number: int, different: int) -> None:
    """What is missing of articles and of what stands beside them."""
    from django.core import management  # noqa: PLC0415 - the settings are known only when it runs
    from django.db.models import Max  # noqa: PLC0415

    from articles import models  # noqa: PLC0415

    search.fill(url, folder, number, different)
    if not models.Mention.objects.exists():
        end = models.Article.objects.aggregate(newest=Max("published_at"))["newest"]
        pages_data.fill(url, number, end)
        management.call_command("recount_rollups")
    if not models.Collection.objects.exists():
        begin_briefing()


def begin_briefing() -> None:
    """The reader's briefing of today, with what its draft finds."""
    from django.test import Client  # noqa: PLC0415

    client = Client(SERVER_NAME="127.0.0.1")
    client.cookies["sessionid"] = cookie(pages_data.READER)
    client.post("/briefing/today/")


def asked() -> list[Asked]:
    """The site's pages; of what there are many, several."""
    from articles import models  # noqa: PLC0415

    newest = models.Article.objects.order_by("-pk").values_list("pk", flat=True)[:4000:200]
    large = models.Story.objects.order_by("-article_count")[0].pk
    stories = models.Story.objects.filter(article_count=7).order_by("-pk").values_list("pk", flat=True)
    names = ("LG", "LG화학", "삼성전자")
    some = [models.Company.objects.get(name=name).pk for name in names]
    sources = models.Source.objects.order_by("pk").values_list("pk", flat=True)[:200:20]
    alerts = ids_of_alerts()
    saved = models.SavedSearch.objects.order_by("pk")[0].pk
    briefing = models.Collection.objects.latest("pk").pk
    fixed = {
        "today": "/",
        "timeline": "/timeline/",
        "timeline, articles": "/timeline/?by=article",
        "timeline, a language and an outlet": "/timeline/?language=ko&outlet=3",
        "timeline, a company": f"/timeline/?company={some[0]}",
        "timeline, a company and a theme": f"/timeline/?company={some[0]}&theme=AI",
        "timeline, words": f"/timeline/?q={urlquote('수소')}",
        "timeline, a saved search": f"/timeline/?search={saved}",
        "events of a company and a theme": f"/timeline/events/?company={some[0]}&theme=AI",
        "search, nothing asked": "/search/",
        "saved searches": "/search/saved/",
        "companies": "/companies/",
        "companies, by name": "/companies/?q=LG",
        "theme": "/themes/AI/",
        "theme's events": "/theme-events/AI/",
        "story of 200 articles": f"/stories/{large}/",
        "story of 200 articles, further on": f"/stories/{large}/?entry=20",
        "story of 200 articles, unfolded": f"/stories/{large}/articles",
        "sources": "/sources/",
        "alerts": "/alerts/",
        "new alert": "/alerts/new/",
        "settings": "/account/settings/",
        "compare, two companies": f"/compare/?c={some[0]}&c={some[2]}",
        "compare, a company and two themes": f"/compare/?c={some[1]}&t=AI&t=Bio",
        "briefings": "/briefing/",
        "briefing": f"/briefing/{briefing}/",
        "briefing to be read": f"/briefing/{briefing}/read/",
        "go": "/go/?to=L",
    }
    many = {
        "company": [f"/companies/{pk}/" for pk in some],
        "company's events": [f"/companies/{pk}/events/" for pk in some],
        "company's quotations": [f"/companies/{pk}/quotes/" for pk in some],
        "article": [f"/articles/{pk}/" for pk in newest],
        "story": [f"/stories/{pk}/" for pk in stories[:10]],
        "source": [f"/sources/{pk}/" for pk in sources],
        "alert": [f"/alerts/{pk}/" for pk in alerts],
        "alert's mails": [f"/alerts/{pk}/mails/" for pk in alerts],
    }
    return [
        *(Asked(name, (address,)) for name, address in fixed.items()),
        *(Asked(name, tuple(addresses)) for name, addresses in many.items()),
        *searches(),
        Asked("company's list", tuple(many["company"]), part="stream"),
        Asked("company's companions", tuple(many["company"]), part="named"),
        Asked("theme's list", (fixed["theme"],), part="stream"),
        Asked("theme's companions", (fixed["theme"],), part="named"),
    ]


def searches() -> list[Asked]:
    """What is asked of words: a first page of each, then their counts and files."""
    words = ("양자점", "수소", "LG", '"재생 에너지"', "LG (배터리 OR 반도체) -야구")
    quoted = [urlquote(word) for word in words]
    files = tuple(f"/search/export.csv?q={text}" for text in quoted)
    return [
        *(Asked(f"search: {word}", (f"/search/?q={urlquote(word)}",)) for word in words),
        Asked("search's counts", tuple(f"/search/?q={text}&counted" for text in quoted), part="counted"),
        Asked("export's first byte", files, first_byte=True),
    ]


def ids_of_alerts() -> list[int]:
    """Those of the alerts that found something."""
    from alerts import models  # noqa: PLC0415

    return list(models.Alert.objects.order_by("pk").values_list("pk", flat=True)[:3])


def urlquote(text: str) -> str:
    """A text as a part of an address."""
    from urllib.parse import quote  # noqa: PLC0415

    return quote(text)


def cookie(person: str) -> str:
    """The cookie of somebody who is logged in."""
    from django.contrib.auth import get_user_model  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    client = Client()
    client.force_login(get_user_model().objects.get(username=person))
    return str(client.cookies["sessionid"].value)


@contextlib.contextmanager
def server(application: str, url: str, home: Path) -> Iterator[int]:
    """A server as deployed, with the site's files collected; gives its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    addresses = programs.Addresses(port, 8025, 8990, url, "redis://127.0.0.1:1/0")
    settings = programs.environment(addresses, var=home, secret_key="k" * 50)
    environment = os.environ | settings | {"LOG_LEVEL": "WARNING"}
    if not (home / "static").exists():
        collect = (sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0")
        subprocess.run(collect, env=environment, check=True)
    command = (sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}", *SERVER)
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait()


def wait_for(port: int) -> None:
    """Until the server answers."""
    for _ in range(300):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise TimeoutError


def measure(port: int, pages: list[Asked], runs: int) -> None:
    """Print what each page takes."""
    cookies = {person: cookie(person) for person in {one.person for one in pages}}
    times: dict[str, list[float]] = {one.name: [] for one in pages}
    sizes: dict[str, int] = {}
    connection = http.client.HTTPConnection("127.0.0.1", port)
    # What is left before its end goes on in the server for a while: after all others, so that it slows none of them.
    in_turn = [one for one in pages if not one.first_byte]
    turns = [(run, one) for run in range(-2, runs) for one in in_turn]
    turns += [(run, one) for one in pages if one.first_byte for run in range(-2, runs)]
    for run, one in turns:
        address = one.addresses[run % len(one.addresses)]
        write()
        taken, size = ask(connection, one, address, cookies[one.person])
        if run >= 0:
            times[one.name].append(taken)
        sizes[one.name] = size
    print(f"{'':42} {'p50':>7} {'p95':>7} ms {'queries':>8} {'CPU':>6} ms {'database':>8} ms {'KB':>6}")
    for one in pages:
        queries, cpu, database_ms = within(one, cookies[one.person])
        middle, high = statistics.median(times[one.name]), statistics.quantiles(times[one.name], n=20)[-1]
        flag = " !" if high > 100 else ""
        print(
            f"{one.name:42} {middle:7.1f} {high:7.1f}    {queries:8} {cpu:6.1f}    {database_ms:8.1f}"
            f"    {sizes[one.name] / 1000:6.0f}{flag}",
            flush=True,
        )


def write() -> None:
    """End a transaction that writes, as workers do all the time: nothing that was read is remembered after it."""
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()")


def ask(connection: http.client.HTTPConnection, page: Asked, address: str, session: str) -> tuple[float, int]:
    """Milliseconds until the answer was read, and its size."""
    headers = {"Cookie": f"sessionid={session}", **htmx(page)}
    began = time.perf_counter()
    connection.request("GET", address, headers=headers)
    answer = connection.getresponse()
    first = answer.read(1)
    if page.first_byte:
        taken = time.perf_counter() - began
        connection.close()
        return taken * 1000, len(first)
    body = first + answer.read()
    taken = time.perf_counter() - began
    if answer.status != http.HTTPStatus.OK:
        raise RuntimeError(f"{address}: {answer.status}")
    return taken * 1000, len(body)


def htmx(page: Asked) -> dict[str, str]:
    """The headers of a request for a part of a page."""
    return {"HX-Request": "true", "HX-Target": page.part} if page.part else {}


def within(page: Asked, session: str) -> tuple[int, float, float]:
    """Queries of a page, its CPU in this process without the database's, and how long the database took."""
    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    client = Client(headers=htmx(page), SERVER_NAME="127.0.0.1")
    client.cookies["sessionid"] = session
    spent: list[float] = []

    def noted(execute: Callable[..., Any], *given: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(*given)
        finally:
            spent.append(time.perf_counter() - began)

    results = []
    for _ in range(5):
        spent.clear()
        write()
        with connection.execute_wrapper(noted):
            began = time.process_time()
            answer = client.get(page.addresses[0])
            next(iter(answer.streaming_content), b"") if answer.streaming else answer.content
            results.append((time.process_time() - began, sum(spent), len(spent)))
    cpu, database_s, queries = min(results)
    return queries, cpu * 1000, database_s * 1000


def load(url: str, home: Path) -> None:
    """Print the main list's requests a second with several clients, and those of a plain page."""
    session = cookie(pages_data.READER)
    for name, application, address, pause in (
        ("the main list, nothing written meanwhile", "newswatch.wsgi:application", "/timeline/", 0.0),
        ("the main list, ten writes a second", "newswatch.wsgi:application", "/timeline/", 0.1),
        ("fifty rows by plain Django", "bench.plain_page:application", "/", 0.0),
    ):
        with server(application, url, home) as port, writing(pause):
            hammer(port, address, session, 2)
            rate, middle, high = hammer(port, address, session, SECONDS)
            print(f"{name:42} {rate:7.1f} requests/s, p50 {middle:.0f} ms, p95 {high:.0f} ms", flush=True)


@contextlib.contextmanager
def writing(pause: float) -> Iterator[None]:
    """Write every so many seconds; not at all if that is 0."""
    ended = threading.Event()

    def go_on() -> None:
        while not ended.wait(pause):
            write()

    thread = threading.Thread(target=go_on)
    if pause:
        thread.start()
    try:
        yield
    finally:
        ended.set()
        if pause:
            thread.join()


def hammer(port: int, address: str, session: str, seconds: float) -> tuple[float, float, float]:
    """Requests a second of several clients, and the median and 95th percentile of how long they wait, in ms."""
    wish = Asked("", (address,))
    times: list[float] = []
    end = time.monotonic() + seconds

    def client() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        while time.monotonic() < end:
            times.append(ask(connection, wish, address, session)[0])

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = time.monotonic() - began
    return len(times) / taken, statistics.median(times), statistics.quantiles(times, n=20)[-1]


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()
