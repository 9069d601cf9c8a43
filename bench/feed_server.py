"""Hundreds of news sites in one process, for measurements: each feed on a loopback address of its own.

    python -m bench.feed_server --feeds 500 --port P

The address of feed n is what `url(n, port)` says. `GET /control?step=S&slow=N&broken=N` on 127.0.0.1 publishes S new
articles in every feed since the beginning, and makes N sites take two seconds, or break in one of five ways; it
answers when all is prepared. One site in twenty writes EUC-KR, one in twenty redirects, one in ten publishes Atom and
one in ten knows no ETag. Linux only: elsewhere 127.0.0.2 is no address of the machine.
"""

import argparse
import asyncio
import datetime
import email.utils
import html
import os
import urllib.parse
from dataclasses import dataclass, field

from bench import news_text

ITEMS = 20
SLOW_SECONDS = 2.0
# When the first item was published; each is twenty minutes after the one before.
START = datetime.datetime.fromisoformat(os.environ.get("NEWSWATCH_BENCH_START", "2026-11-01T00:00:00+00:00"))
GAP = datetime.timedelta(minutes=20)
_SPACING = 25  # every so many feeds one is slow, so that they are spread over a poller's batches


def host(number: int) -> str:
    """The address of feed number `number`'s site."""
    return f"127.1.{number // 250}.{number % 250 + 1}"


def url(number: int, port: int) -> str:
    """The address of a feed."""
    return f"http://{host(number)}:{port}/feed.xml"


@dataclass(slots=True)
class Feed:
    """What a site answers with now."""

    number: int
    language: str
    body: bytes = b""
    content_type: str = ""
    etag: str = ""
    modified: str = ""


@dataclass(slots=True)
class State:
    """All sites, and how they behave."""

    feeds: dict[str, Feed]
    newsroom: news_text.Newsroom
    step: int = -1
    slow: frozenset[int] = frozenset()
    broken: frozenset[int] = frozenset()
    asked: int = 0
    items: dict[tuple[int, int], str] = field(default_factory=dict)

    def publish(self, step: int) -> None:
        """Have every feed's newest article be number `step` + ITEMS - 1."""
        if step == self.step:
            return
        self.step = step
        for feed in self.feeds.values():
            self._write(feed)

    def _write(self, feed: Feed) -> None:
        numbers = range(self.step + ITEMS - 1, self.step - 1, -1)
        items = "".join(self._item(feed, number) for number in numbers)
        encoding = "euc-kr" if feed.number % 20 == 0 else "utf-8"
        site = f"http://{host(feed.number)}/"
        head, foot = _ATOM if _is_atom(feed) else _RSS
        written = (
            head.format(encoding=encoding, number=feed.number, site=site, language=feed.language)
            + items
            + foot
        )
        feed.body = written.encode("cp949" if encoding == "euc-kr" else encoding, "xmlcharrefreplace")
        feed.content_type = f"application/{'atom' if _is_atom(feed) else 'rss'}+xml; charset={encoding}"
        feed.etag = "" if feed.number % 10 == 3 else f'"{feed.number}-{self.step}"'
        feed.modified = email.utils.format_datetime(_time(feed, self.step + ITEMS - 1), usegmt=True)

    def _item(self, feed: Feed, number: int) -> str:
        key = feed.number, number
        if key not in self.items:
            article = self.newsroom.article(feed.number * 1_000 + number, feed.language)
            self.items[key] = _item(feed, number, article)
        return self.items[key]


def _is_atom(feed: Feed) -> bool:
    return feed.number % 10 == 2


def _time(feed: Feed, number: int) -> datetime.datetime:
    return START + number * GAP + datetime.timedelta(seconds=feed.number)


_RSS = (
    '<?xml version="1.0" encoding="{encoding}"?><rss version="2.0" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Paper {number}</title>'
    "<link>{site}</link><language>{language}</language>",
    "</channel></rss>",
)
_ATOM = (
    '<?xml version="1.0" encoding="{encoding}"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{language}">'
    '<title>Paper {number}</title><id>{site}</id><link href="{site}"/><updated>2026-11-01T00:00:00Z</updated>',
    "</feed>",
)


def _item(feed: Feed, number: int, article: news_text.Text) -> str:
    link = f"http://{host(feed.number)}/news/{number}.html?utm_source=rss"
    title = html.escape(article.title)
    lead = html.escape(article.text.partition(".")[0])
    text = html.escape(
        "".join(f"<p>{html.escape(paragraph)}</p>" for paragraph in article.text.split("\n\n"))
    )
    time = _time(feed, number)
    if _is_atom(feed):
        return (
            f"<entry><title>{title}</title><id>tag:{host(feed.number)},{number}</id><link href='{html.escape(link)}'/>"
            f"<updated>{time.isoformat()}</updated><published>{time.isoformat()}</published>"
            f"<summary>{lead}</summary><content type='html'>{text}</content></entry>"
        )
    return (
        f"<item><title>{title}</title><link>{html.escape(link)}</link><guid isPermaLink='false'>{number}</guid>"
        f"<pubDate>{email.utils.format_datetime(time)}</pubDate><description>{lead}</description>"
        f"<content:encoded>{text}</content:encoded></item>"
    )


async def answer(state: State, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Serve one connection until the client closes it."""
    try:
        while request := await reader.readuntil(b"\r\n\r\n"):
            if not await _answer(state, request.decode("latin-1"), writer):
                break
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def _answer(state: State, request: str, writer: asyncio.StreamWriter) -> bool:
    """Answer one request; returns whether the connection goes on."""
    lines = request.split("\r\n")
    path = lines[0].split(" ")[1]
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:])}
    feed = state.feeds.get(writer.get_extra_info("sockname")[0])
    if path.startswith("/control?"):
        _control(state, dict(urllib.parse.parse_qsl(path.partition("?")[2])))
        return await _send(writer, "200 OK", {"Content-Type": "text/plain"}, str(state.asked).encode())
    state.asked += 1
    if feed is None or path not in ("/feed.xml", "/moved.xml"):
        return await _send(writer, "404 Not Found", {}, b"nothing here")
    if feed.number in state.slow:
        await asyncio.sleep(SLOW_SECONDS)
    if feed.number in state.broken:
        return await _break(feed, writer)
    if feed.number % 20 == 1 and path == "/feed.xml":
        return await _send(writer, "302 Found", {"Location": "/moved.xml"}, b"")
    validators = {"ETag": feed.etag, "Last-Modified": feed.modified}
    validators = {name: value for name, value in validators.items() if value}
    if headers.get("if-none-match", "") == feed.etag != "" or (
        not feed.etag and headers.get("if-modified-since") == feed.modified
    ):
        return await _send(writer, "304 Not Modified", validators, b"")
    return await _send(writer, "200 OK", {"Content-Type": feed.content_type, **validators}, feed.body)


async def _send(writer: asyncio.StreamWriter, status: str, headers: dict[str, str], body: bytes) -> bool:
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    length = "" if status.startswith("304") else f"Content-Length: {len(body)}\r\n"
    writer.write(f"HTTP/1.1 {status}\r\n{head}{length}\r\n".encode("latin-1") + body)
    await writer.drain()
    return True


async def _break(feed: Feed, writer: asyncio.StreamWriter) -> bool:
    """An error, a page instead of a feed, a feed cut short, a connection that breaks off, or no answer at all."""
    kind = feed.number // _SPACING % 5
    xml = {"Content-Type": feed.content_type}
    if kind == 0:
        return await _send(writer, "500 Internal Server Error", {}, b"down")
    if kind == 1:
        return await _send(
            writer, "200 OK", {"Content-Type": "text/html"}, b"<html><body>be back soon</body></html>"
        )
    if kind == 2:
        return await _send(writer, "200 OK", xml, feed.body[: len(feed.body) // 2])
    if kind == 3:
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {feed.content_type}\r\nContent-Length: {len(feed.body)}\r\n\r\n"
        writer.write(head.encode() + feed.body[:9_000])
        await writer.drain()
    writer.transport.abort()
    return False


def _control(state: State, wanted: dict[str, str]) -> None:
    state.publish(int(wanted.get("step", state.step)))
    state.slow = _spread(int(wanted.get("slow", 0)), 5, len(state.feeds))
    state.broken = _spread(int(wanted.get("broken", 0)), 6, len(state.feeds))


def _spread(count: int, first: int, feeds: int) -> frozenset[int]:
    """Numbers of feeds, spread evenly."""
    return frozenset(range(first, feeds, max(1, feeds // count))[:count]) if count else frozenset()


async def serve(feeds: int, port: int) -> None:
    """Serve until the process ends."""
    sites = {host(n): Feed(n, "en" if n % 5 == 4 else "ko") for n in range(feeds)}
    state = State(sites, news_text.Newsroom())
    state.publish(0)

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> asyncio.Task[None]:
        return asyncio.ensure_future(answer(state, reader, writer))

    server = await asyncio.start_server(connected, ["127.0.0.1", *sites], port, backlog=200)
    print("ready", flush=True)
    await server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--feeds", type=int, default=500)
    parser.add_argument("--port", type=int, required=True)
    options = parser.parse_args()
    asyncio.run(serve(options.feeds, options.port))


if __name__ == "__main__":
    main()
