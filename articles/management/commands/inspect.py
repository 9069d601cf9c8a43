"""Run one stage of the pipeline by hand: print JSON, store nothing.

    manage.py inspect feed  FILE|URL|- ...  [--url U] [--content-type T]
    manage.py inspect page  FILE|URL|- ...  [--url U]
    manage.py inspect text  [FILE|-] ...    JSON lines with id, title, text, published
    manage.py inspect dates [FILE|-] ...    JSON lines with id, title, text, published
    manage.py inspect stories [FILE|-] ...  JSON lines with id, title, text, published, source; placed all together
    manage.py inspect query QUERY [FILE|-] [--explain]   JSON lines as above

Prints one JSON object a line, one for each file or input line, in order. What can't be read at all is
{"error": ...} in its place, and the exit status is 1 at the end.
"""

import argparse
import functools
import ipaddress
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from articles import chronicle, readings, watchlist_store
from articles.dates import inspect as date_stage
from articles.feeds import fetch, parse
from articles.feeds import inspect as feed_stage
from articles.pages import inspect as page_stage
from articles.search import inspect as query_stage
from articles.search import matches as matches_of
from articles.search import query as query_language
from articles.stories import inspect as story_stage
from articles.tagging import inspect as text_stage
from articles.tagging import recognise, watchlist

USER_AGENT = "Newswatch/0.1 (inspect)"
# Fields of the query language that look at what recognition found.
TAGS = ("company", "theme", "subtheme", "tag", "lang", "confidence", "person", "event", "has")
EXPLAIN = "--explain"
# Whoever types the command may reach what she likes from this machine.
EVERYWHERE = [ipaddress.ip_network("0.0.0.0/0"), ipaddress.ip_network("::/0")]


class UnreadableInput(ValueError):  # noqa: N818 - reads better where it is raised
    """A file, an address or a line that can't be read; the message says why."""


class Command(BaseCommand):
    help = (
        "Run one stage (feed, page, text, dates, stories or query) on files, addresses or standard input; "
        "print JSON, store nothing."
    )
    requires_system_checks: list[str] = []  # noqa: RUF012 - Django's own style

    def add_arguments(self, parser: CommandParser) -> None:
        parser.formatter_class = argparse.RawDescriptionHelpFormatter
        parser.epilog = __doc__
        stages = parser.add_subparsers(dest="stage", required=True)
        feed = stages.add_parser("feed", help="read feeds")
        feed.add_argument("files", nargs="*", default=["-"], metavar="FILE")
        feed.add_argument("--url", default="", help="the address the feed was fetched from")
        feed.add_argument("--content-type", default="", help="the Content-Type it was served with")
        page = stages.add_parser("page", help="take the article out of pages")
        page.add_argument("files", nargs="*", default=["-"], metavar="FILE")
        page.add_argument("--url", default="", help="the address the page was fetched from")
        text = stages.add_parser("text", help="recognise companies and themes in JSON lines")
        text.add_argument("files", nargs="*", default=["-"], metavar="FILE")
        text.add_argument("--db", action="store_true", help="use the stored watch list, not the shipped one")
        dated = stages.add_parser("dates", help="find and resolve dates in JSON lines")
        dated.add_argument("files", nargs="*", default=["-"], metavar="FILE")
        stories_of = stages.add_parser("stories", help="put the articles of JSON lines into stories")
        stories_of.add_argument("files", nargs="*", default=["-"], metavar="FILE")
        # A query may begin with "-", so that argparse must take nothing for an option; the one there is is found later.
        query = stages.add_parser(
            "query", help="match JSON lines with a query", prefix_chars="+", add_help=False
        )
        query.add_argument("query")
        query.add_argument("files", nargs="*", default=["-"], metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        stages = {
            "feed": feeds,
            "page": pages,
            "text": texts,
            "dates": dates,
            "stories": stories,
            "query": matches,
        }
        results = stages[options["stage"]](options)
        failed = False
        for result in results:
            failed = failed or "error" in result
            sys.stdout.buffer.write(orjson.dumps(result, option=orjson.OPT_APPEND_NEWLINE))
        sys.stdout.buffer.flush()
        if failed:
            sys.exit(1)


def feeds(options: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """One result for each feed file."""
    for name in options["files"]:
        yield attempt(functools.partial(describe_feed, name, options["url"], options["content_type"]), name)


def describe_feed(name: str, url: str, content_type: str) -> dict[str, Any]:
    data, found_url, found_type = read_bytes(name)
    return feed_stage.describe(data, url=url or found_url, content_type=content_type or found_type)


def pages(options: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """One result for each page file."""
    for name in options["files"]:
        yield attempt(functools.partial(describe_page, name, options["url"]), name)


def describe_page(name: str, url: str) -> dict[str, Any]:
    data, found_url, _ = read_bytes(name)
    return page_stage.describe(data, url=url or found_url)


def texts(options: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """One result for each line."""
    recogniser = recognise.Recogniser(watchlist_store.stored()) if options["db"] else shipped_recogniser()
    for line in lines(options["files"]):
        yield attempt(functools.partial(describe_text, line, recogniser))


def describe_text(line: bytes | UnreadableInput, recogniser: recognise.Recogniser) -> dict[str, Any]:
    return text_stage.describe(read_object(line), recogniser)


def dates(options: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """One result for each line."""
    for line in lines(options["files"]):
        yield attempt(functools.partial(describe_dates, line))


def describe_dates(line: bytes | UnreadableInput) -> dict[str, Any]:
    return date_stage.describe(read_object(line))


def stories(options: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """One result for each line, once all are read: which story each begins or joins."""
    yield from story_stage.describe([readable(line) for line in lines(options["files"])])


def readable(line: bytes | UnreadableInput) -> dict[str, Any] | UnreadableInput:
    """A line's JSON object, or the error that says why there is none."""
    try:
        return read_object(line)
    except UnreadableInput as error:
        return error


def matches(options: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The canonical query, then one result for each line; a query that can't be read is the only result."""
    given = [one for one in (options["query"], *options["files"]) if one != EXPLAIN]
    explaining = EXPLAIN in (options["query"], *options["files"])
    query, files = given[0] if given else "", given[1:]
    head = query_stage.describe(query)
    yield head
    if "error" in head:
        return
    for line in lines(files or ["-"]):
        yield attempt(functools.partial(describe_match, line, query, explaining=explaining))


def describe_match(line: bytes | UnreadableInput, query: str, *, explaining: bool) -> dict[str, Any]:
    document = read_object(line)
    if asks_for_tags(query):
        document = tag(document, shipped_recogniser())
    return query_stage.describe_document(compiled(query), document, now=timezone.now(), explaining=explaining)


@functools.lru_cache(maxsize=1)
def asks_for_tags(query: str) -> bool:
    """Whether the query looks at what an article is tagged with."""
    leaves = query_language.leaves(compiled(query))
    return any(getattr(leaf, "field", "") in TAGS for leaf in leaves)


@functools.lru_cache(maxsize=1)
def shipped_recogniser() -> recognise.Recogniser:
    """The recogniser of the shipped watch list."""
    return recognise.Recogniser(watchlist.shipped())


def tag(values: dict[str, Any], recogniser: recognise.Recogniser) -> dict[str, Any]:
    """The document with the tags, the speakers and the events that it comes without."""
    document = query_stage.read_document(values)
    found = recogniser.recognise(recognise.Document(str(document.id), document.title, document.text))
    parents = shipped_parents()
    people, events = told(document, found)
    recognised = {
        "companies": [tag.name for tag in found.companies],
        "confidences": {tag.name: tag.confidence for tag in found.companies},
        "themes": [tag.name for tag in found.themes],
        "subthemes": [f"{tag.name}/{part}" for tag in found.themes for part in tag.subthemes],
        "lang": found.language,
        "people": people,
        "events": events,
        **{key: value for key, value in values.items() if value is not None},
    }
    things = [*["quote"] * bool(recognised["people"]), *["event"] * bool(recognised["events"])]
    return {
        "above": {name: list(above(name, parents)) for name in recognised["companies"]},
        **recognised,
        "states": [*document.states, *things],
    }


def told(
    document: matches_of.SearchDocument, found: recognise.Recognition
) -> tuple[list[str], list[list[str]]]:
    """Who speaks in a document, and the first and last days of the events that it tells of."""
    names = tuple(
        chronicle.Named(one.kind, one.field, one.start, one.end, 0, one.confidence, one.name)
        for one in readings.evidence_of([*found.companies, *found.themes])
    )
    published = document.published or timezone.now()
    text = chronicle.Text(0, document.title, document.text, published, "Asia/Seoul", None, names)
    people = [said.quote.speaker for said in chronicle.sayings_of(text) if said.quote.speaker]
    whens = [telling.event.when for telling in chronicle.tellings_of(text)] if document.published else []
    return people, [[str(when.first_day), str(when.last_day)] for when in whens]


@functools.lru_cache(maxsize=1)
def shipped_parents() -> dict[str, str]:
    """The shipped companies that belong to another, and which."""
    return {one.name: one.parent for one in watchlist.shipped().companies if one.parent}


def above(name: str, parents: dict[str, str]) -> Iterator[str]:
    """The companies above one."""
    seen = {name}
    while (name := parents.get(name, "")) and name not in seen:
        seen.add(name)
        yield name


@functools.lru_cache(maxsize=1)
def compiled(query: str) -> query_language.Query:
    """The query's tree."""
    return query_language.parse_query(query)


def attempt(stage: Callable[[], dict[str, Any]], name: str = "") -> dict[str, Any]:
    """What the stage answers, or its error in its place."""
    try:
        return stage()
    except (UnreadableInput, parse.UnreadableFeed, ValueError, OSError) as error:
        return {"error": f"{name}: {error}" if name and name != "-" else str(error)}


def read_bytes(name: str) -> tuple[bytes, str, str]:
    """The bytes of a file, an address or standard input (`-`), with the address and the content type if known."""
    if name == "-":
        return sys.stdin.buffer.read(), "", ""
    if not name.startswith(("http://", "https://")):
        return Path(name).read_bytes(), "", ""
    response = fetch.fetch_all([fetch.Request(name)], user_agent=USER_AGENT, allow_private=EVERYWHERE)[0]
    if response.error:
        raise UnreadableInput(response.error)
    return response.body, response.final_url, response.content_type


def lines(files: list[str]) -> Iterator[bytes | UnreadableInput]:
    """The non-empty lines of the files; a file that can't be opened is an error in its place."""
    for name in files:
        try:
            with sys.stdin.buffer if name == "-" else Path(name).open("rb") as stream:
                yield from (line for line in stream if line.strip())
        except OSError as error:
            yield UnreadableInput(f"{name}: {error}")


def read_object(line: bytes | UnreadableInput) -> dict[str, Any]:
    """A line's JSON object. Raises UnreadableInput."""
    if isinstance(line, UnreadableInput):
        raise line
    try:
        found = orjson.loads(line.lstrip(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise UnreadableInput(f"not a line of JSON: {error}") from error
    if not isinstance(found, dict):
        raise UnreadableInput("not a JSON object")
    return found
