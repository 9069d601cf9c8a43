"""Ask many servers at once, and put whatever each does into a Response. The only module that talks to the web.

One event loop serves many requests, so a slow host costs its own time and nobody else's. How they are shared with
other workers is a gate's business, which is passed in. Every connection's
address is checked at the moment it is made (`addresses`), which covers redirects and names that change their mind.
A server cannot make anything here raise: `Response.error` says in words what went wrong. Nothing is parsed or stored,
and no state is kept between batches.
"""

from __future__ import annotations

import asyncio
import contextlib
import email.utils
import functools
import http
import re
import socket
import ssl
import time
from collections import defaultdict
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Coroutine, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol, TypeVar

import aiohttp
import uvloop
import yarl

from articles.feeds import addresses, inflate

ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml, "
    "application/xml;q=0.9, text/html;q=0.8, */*;q=0.5"
)
REDIRECTS = frozenset((301, 302, 303, 307, 308))
PERMANENT = frozenset((301, 308))
GIVE_UP_AFTER = 2  # timeouts in a row after which a host's other requests of the batch are not tried
REFUSED_ADDRESS = "is not a public address"
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Request:
    """What to ask for; `etag` and `last_modified` are those of the last answer, for a conditional request.

    With a `form` it is a POST of these fields, with a `body` one of these bytes under these `headers`; neither follows
    a redirect.
    """

    url: str
    etag: str = ""
    last_modified: str = ""
    form: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def is_post(self) -> bool:
        return bool(self.form or self.body)


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of a batch: seconds for a whole request with its redirects, seconds to connect, bytes of a body (as sent
    and inflated), redirects followed, requests at once to one host and altogether, seconds to wait for a gate."""

    total_s: float = 20.0
    connect_s: float = 8.0
    max_bytes: int = 8 * 1024 * 1024
    max_redirects: int = 5
    per_host: int = 4
    concurrency: int = 100
    patience_s: float = 20.0


@dataclass(frozen=True, slots=True)
class Response:
    """What came back. `status` is 0 without an answer; `error` is empty when all went well (304 included).

    After a connection that broke off, `error` is set and `body` holds what had arrived. `headers` have lower-case
    names. `redirected_permanently`: every hop to `final_url` was a permanent redirect. `retry_after_s` is how long the
    server asks to wait, None if it does not. `postponed_s`: a gate let nothing be asked, and may do after so many
    seconds. `pushed`: a hub sent it unasked, so it has neither validators nor entries that are old.
    """

    url: str
    final_url: str
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    error: str = ""
    redirected_permanently: bool = False
    elapsed_ms: int = 0
    retry_after_s: int | None = None
    postponed_s: float = 0.0
    pushed: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """Whether a request may go, and after how many seconds; if not, after how many to ask again."""

    granted: bool
    wait_s: float = 0.0


class Gate(Protocol):
    """Lets requests to a host pass, by what others ask of it meanwhile. It raises nothing."""

    async def enter(self, host: str, *, patience_s: float) -> Passage:
        """Ask to pass; no wait of more than `patience_s` is granted. `host` is `name:port`."""
        ...

    def leave(self, host: str) -> None:
        """A request that had passed is over."""
        ...


class Open:
    """A gate that lets everything pass."""

    async def enter(self, host: str, *, patience_s: float) -> Passage:
        return Passage(granted=True)

    def leave(self, host: str) -> None:
        pass


def fetch_all(
    requests: Iterable[Request],
    *,
    limits: Limits | None = None,
    user_agent: str,
    allow_private: Iterable[str | addresses.Network] = (),
    tls: ssl.SSLContext | None = None,
) -> list[Response]:
    """All answers in the order of the requests. Runs its own event loop, so never call it from within one."""
    asked = list(requests)

    async def collect() -> list[Response]:
        batch = _Batch(limits or Limits(), user_agent, addresses.networks(allow_private), tls, Open())
        async with batch.session() as session:
            return await asyncio.gather(*(batch.answer(session, request) for request in asked))

    return run(collect())


def run(main: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine that fetches, in an event loop of its own."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(main)


async def fetch_many(
    requests: Iterable[Request] | AsyncIterable[Request],
    *,
    limits: Limits | None = None,
    user_agent: str,
    allow_private: Iterable[str | addresses.Network] = (),
    tls: ssl.SSLContext | None = None,
    gate: Gate | None = None,
) -> AsyncIterator[Response]:
    """Answers as they arrive; more requests may come while others are under way.

    `allow_private`: networks to connect to although they are not public; `tls`: another set of trusted
    certificates. Closing the iterator early abandons what is still under way.
    """
    batch = _Batch(limits or Limits(), user_agent, addresses.networks(allow_private), tls, gate or Open())
    async with contextlib.aclosing(batch.answers(requests)) as arriving:
        async for response in arriving:
            yield response


class _FetchError(Exception):
    """A request is over; the message is the Response's `error`."""


class _TooFarOff(Exception):  # noqa: N818 -- nothing failed
    """A redirect leads to a host whose gate lets nobody pass soon; the argument is after how many seconds."""


@dataclass(slots=True)
class _Place:
    """The host that a request has a place at; empty between two of them."""

    host: str


@dataclass(slots=True)
class _Host:
    """What is known of one host during a batch."""

    slots: asyncio.Semaphore
    timeouts: int = 0


class _Batch:
    def __init__(
        self,
        limits: Limits,
        user_agent: str,
        allowed: tuple[addresses.Network, ...],
        tls: ssl.SSLContext | None,
        gate: Gate,
    ) -> None:
        self.gate = gate
        self.limits = limits
        self.user_agent = user_agent
        self.allowed = allowed
        self.tls = tls
        self.slots = asyncio.Semaphore(limits.concurrency)
        self.hosts: defaultdict[str, _Host] = defaultdict(lambda: _Host(asyncio.Semaphore(limits.per_host)))

    async def answers(
        self, requests: Iterable[Request] | AsyncIterable[Request]
    ) -> AsyncGenerator[Response, None]:
        arrived: asyncio.Queue[Response | None] = asyncio.Queue()

        async def ask(session: aiohttp.ClientSession, request: Request) -> None:
            arrived.put_nowait(await self.answer(session, request))

        async def ask_all(session: aiohttp.ClientSession) -> None:
            try:
                async with asyncio.TaskGroup() as group:
                    async for request in _as_they_come(requests):
                        group.create_task(ask(session, request))
            finally:
                arrived.put_nowait(None)

        async with self.session() as session:
            asking = asyncio.create_task(ask_all(session))
            try:
                while (response := await arrived.get()) is not None:
                    yield response
                await asking
            finally:
                asking.cancel()
                await asyncio.gather(asking, return_exceptions=True)

    def session(self) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            limit=0, ssl=self.tls if self.tls is not None else True, socket_factory=self._open_socket
        )
        return aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=self.limits.connect_s),
            headers={"User-Agent": self.user_agent, "Accept": ACCEPT, "Accept-Encoding": inflate.ACCEPTED},
            auto_decompress=False,
            requote_redirect_url=False,
        )

    def _open_socket(self, info: tuple[Any, Any, int, str, tuple[Any, ...]]) -> socket.socket:
        """Called for each address a name resolved to, immediately before it is connected to."""
        family, kind, protocol, _, where = info
        if not addresses.may_connect(str(where[0]), self.allowed):
            raise OSError(f"{where[0]} {REFUSED_ADDRESS}")
        opened = socket.socket(family, kind, protocol)
        opened.setblocking(False)
        return opened

    async def answer(self, session: aiohttp.ClientSession, request: Request) -> Response:
        name, began = host_of(request.url), time.monotonic()
        host = self.hosts[name]
        async with host.slots:
            if host.timeouts >= GIVE_UP_AFTER:
                return _failed(request, "not asked: the host did not answer in time before", 0.0)
            if wait_s := await self._wait_for(name, until=began + self.limits.patience_s):
                return _postponed(request, wait_s)
            place = _Place(name)
            try:
                async with self.slots:
                    return await self._fetch(session, request, host, place)
            finally:
                if place.host:
                    self.gate.leave(place.host)

    async def _wait_for(self, host: str, *, until: float) -> float:
        """Wait until the gate lets us pass; returns 0 then, or after how many seconds it may, when that is too late."""
        while True:
            patience_s = until - time.monotonic()
            passage = await self.gate.enter(host, patience_s=patience_s)
            if not passage.granted and passage.wait_s >= patience_s:
                return max(passage.wait_s, 1.0)
            if passage.wait_s or not passage.granted:
                await asyncio.sleep(passage.wait_s)
            if passage.granted:
                return 0.0

    async def _move(self, place: _Place, url: str, deadline: asyncio.Timeout) -> None:
        """Leave a host for the one that a redirect leads to, when that one's gate lets us; waiting costs no time.

        Never holds two places, so that hosts which redirect to each other can't wait for each other.
        """
        name = host_of(str(_checked(url)))
        if name == place.host:
            return
        self.gate.leave(place.host)
        place.host = ""
        loop = asyncio.get_running_loop()
        left_s = (deadline.when() or loop.time()) - loop.time()
        deadline.reschedule(None)
        if wait_s := await self._wait_for(name, until=time.monotonic() + self.limits.patience_s):
            raise _TooFarOff(wait_s)
        place.host = name
        deadline.reschedule(loop.time() + left_s)

    async def _fetch(
        self, session: aiohttp.ClientSession, request: Request, host: _Host, place: _Place
    ) -> Response:
        started = time.monotonic()
        try:
            async with asyncio.timeout(self.limits.total_s) as deadline:
                response = await self._follow(session, request, started, place, deadline)
        except _TooFarOff as later:
            return _postponed(request, later.args[0])
        except TimeoutError as error:
            host.timeouts += 1
            return _failed(request, _timeout_in_words(error, self.limits), started)
        except _FetchError as error:
            return _failed(request, str(error), started)
        except Exception as error:  # noqa: BLE001 -- one server's nonsense must not lose the other servers' answers
            return _failed(request, _in_words(error), started)
        host.timeouts = 0
        return response

    async def _follow(
        self,
        session: aiohttp.ClientSession,
        request: Request,
        started: float,
        place: _Place,
        deadline: asyncio.Timeout,
    ) -> Response:
        url, permanent, seen = request.url, True, set[str]()
        while len(seen) <= self.limits.max_redirects:
            if url in seen:
                raise _FetchError(f"redirects in a circle, back to {url[:200]}")
            seen.add(url)
            async with session.request(
                "POST" if request.is_post else "GET",
                _checked(url),
                headers={**_conditions(request), **dict(request.headers)},
                data=dict(request.form) or request.body or None,
                allow_redirects=False,
            ) as answer:
                location = answer.headers.get("Location", "")
                if answer.status not in REDIRECTS or not location or request.is_post:
                    return await self._response(request, answer, permanent and len(seen) > 1, started)
                permanent = permanent and answer.status in PERMANENT
                url = _target(answer.url, location)
            await self._move(place, url, deadline)
        raise _FetchError(f"more than {self.limits.max_redirects} redirects")

    async def _response(
        self, request: Request, answer: aiohttp.ClientResponse, permanently: bool, started: float
    ) -> Response:
        headers: dict[str, str] = {}
        for name, value in answer.headers.items():
            key = name.lower()
            headers[key] = f"{headers[key]}, {value}" if key in headers else value
        body, error = (b"", "") if answer.status == 304 else await self._body(answer, headers)
        return Response(
            url=request.url,
            final_url=str(answer.url),
            status=answer.status,
            headers=headers,
            body=body,
            content_type=headers.get("content-type", ""),
            etag=headers.get("etag", ""),
            last_modified=headers.get("last-modified", ""),
            error=error,
            redirected_permanently=permanently,
            elapsed_ms=_since(started),
            retry_after_s=_retry_after(headers),
        )

    async def _body(self, answer: aiohttp.ClientResponse, headers: dict[str, str]) -> tuple[bytes, str]:
        if not 200 <= answer.status < 300:
            return b"", f"the server answered {_status_in_words(answer.status)}"
        limit = self.limits.max_bytes
        if (answer.content_length or 0) > limit:
            return b"", f"the body has {answer.content_length} bytes; more than {limit} are not read"
        body, error = await _read(answer, limit)
        if error and not body:
            return b"", error
        try:
            return inflate.inflate(body, headers.get("content-encoding", ""), limit=limit), error
        except inflate.TooLargeError:
            return b"", f"the body is larger than {limit} bytes"
        except inflate.BrokenEncodingError as broken:
            return b"", error or str(broken)


async def _as_they_come(requests: Iterable[Request] | AsyncIterable[Request]) -> AsyncIterator[Request]:
    if isinstance(requests, AsyncIterable):
        async for request in requests:
            yield request
    else:
        for request in requests:
            yield request


async def _read(answer: aiohttp.ClientResponse, limit: int) -> tuple[bytes, str]:
    """The body as sent; what had arrived, and why there is no more, if the connection broke off."""
    chunks, size = [], 0
    try:
        async for chunk in answer.content.iter_any():
            size += len(chunk)
            if size > limit:
                return b"", f"the body is larger than {limit} bytes"
            chunks.append(chunk)
    except (aiohttp.ClientError, OSError) as error:
        if isinstance(error, TimeoutError):
            raise
        return b"".join(chunks), f"the connection broke off after {size} bytes"
    return b"".join(chunks), ""


def _conditions(request: Request) -> dict[str, str]:
    conditions = {"If-None-Match": request.etag, "If-Modified-Since": request.last_modified}
    return {
        name: value for name, value in conditions.items() if value and value.isascii() and value.isprintable()
    }


@functools.lru_cache(maxsize=1024)
def _parsed(url: str) -> yarl.URL:
    """An address as it is asked for. Raises ValueError. Kept for a batch's time: it is looked at more than once."""
    return yarl.URL(url.strip(), encoded=re.search(r"%[0-9A-Fa-f]{2}", url) is not None and url.isascii())


def _checked(url: str) -> yarl.URL:
    try:
        target = _parsed(url)
    except ValueError as error:
        raise _FetchError(f"not an address: {url[:200]!r}") from error
    if target.scheme not in ("http", "https"):
        raise _FetchError(f"{target.scheme[:20] or 'no scheme'}: only http and https addresses are fetched")
    if not target.host:
        raise _FetchError(f"an address without a host: {url[:200]!r}")
    return target.with_fragment(None)


def _target(base: yarl.URL, location: str) -> str:
    # aiohttp hands non-ASCII header bytes on as surrogates; servers mean UTF-8.
    location = location.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    try:
        encoded = re.search(r"%[0-9A-Fa-f]{2}", location) is not None and location.isascii()
        return str(base.join(yarl.URL(location, encoded=encoded)))
    except ValueError as error:
        raise _FetchError(f"redirected to what is no address: {location[:200]!r}") from error


def host_of(url: str) -> str:
    """`name:port` of an address, as a gate knows it; empty for what is none."""
    try:
        parsed = _parsed(url)
    except ValueError:
        return ""
    name = (parsed.host or "").lower().rstrip(".")
    return f"[{name}]:{parsed.port}" if ":" in name else f"{name}:{parsed.port}"


def _retry_after(headers: dict[str, str]) -> int | None:
    """Seconds from a number or a date; a date counts from the server's own clock where it sends one."""
    value = headers.get("retry-after", "").strip()
    if value.isdecimal() and len(value) < 10:
        return int(value)
    with contextlib.suppress(ValueError, TypeError, OverflowError):
        until = email.utils.parsedate_to_datetime(value)
        sent = email.utils.parsedate_to_datetime(headers["date"]) if "date" in headers else datetime.now(UTC)
        return max(0, int((until - sent).total_seconds()))
    return None


def _failed(request: Request, error: str, started: float) -> Response:
    return Response(
        url=request.url, final_url=request.url, error=error, elapsed_ms=_since(started) if started else 0
    )


def _postponed(request: Request, wait_s: float) -> Response:
    error = "not asked: others are asking the host, which is asked slowly"
    return Response(url=request.url, final_url=request.url, error=error, postponed_s=wait_s)


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)


def _status_in_words(status: int) -> str:
    with contextlib.suppress(ValueError):
        return f"{status} {http.HTTPStatus(status).phrase}"
    return str(status)


def _timeout_in_words(error: TimeoutError, limits: Limits) -> str:
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return f"no connection within {limits.connect_s:g} s"
    return f"not finished within {limits.total_s:g} s"


def _in_words(error: Exception) -> str:  # noqa: PLR0911 -- one answer for each kind
    """The kinds of failure an editor can do something about, told apart."""
    cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    text = " ".join(str(cause).split())[:300]
    if REFUSED_ADDRESS in text:
        return f"refused: the host's address {REFUSED_ADDRESS}"
    match error:
        case aiohttp.ClientConnectorDNSError():
            return f"the host name {error.host} could not be resolved"
        case aiohttp.ClientConnectorCertificateError():
            return f"the TLS certificate is not accepted: {error.certificate_error}"
        case aiohttp.ClientSSLError() | ssl.SSLError():
            return f"TLS failed: {text}"
        case aiohttp.ClientConnectorError():
            return f"no connection: {error.os_error.strerror or text}"
        case aiohttp.ServerDisconnectedError():
            return "the server closed the connection without an answer"
        case aiohttp.InvalidURL() | UnicodeError():
            return f"not an address: {text}"
        case aiohttp.ClientResponseError():
            return f"the answer is not HTTP: {error.message[:200]}"
        case OSError() | aiohttp.ClientError():
            return f"the connection broke off: {text or type(error).__name__}"
    return f"{type(error).__name__}: {text}"
