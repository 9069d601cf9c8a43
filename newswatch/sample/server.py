"""Serves the sample newsroom over HTTP: `python -m newswatch.sample.server --port 8990 --release-every 60`.

Only translates between HTTP and the newsroom. Publishing by hand and the other controls exist only while the
server is bound to a loopback address, and take orders only from pages of its own.
"""

import argparse
import asyncio
import contextlib
import datetime
import email.utils
import functools
import hashlib
import ipaddress
import pathlib
import signal
import urllib.parse
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any

from aiohttp import web

from newswatch.sample import desk, feeds, newsroom, pages

DESK = web.AppKey("desk", desk.Desk)
CONTROLS = web.AppKey("controls", bool)
_STATE_FILE = pathlib.Path("var/sample/newsroom.json")
_LARGEST_REQUEST = 256 * 1024
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def make_app(newsdesk: desk.Desk, *, controls: bool, release_every: float | None = None) -> web.Application:
    """The web application; `controls` adds publishing, `release_every` (seconds) lets held articles out."""
    app = web.Application(client_max_size=_LARGEST_REQUEST)
    app[DESK] = newsdesk
    app[CONTROLS] = controls
    app.router.add_get("/", _start)
    app.router.add_get("/photo.svg", _photo)
    if controls:
        app.router.add_post("/publish", _own_pages_only(_publish_form))
        app.router.add_post("/control/publish", _own_pages_only(_publish))
        app.router.add_post("/control/correct", _own_pages_only(_correct))
        app.router.add_post("/control/release", _own_pages_only(_release))
        app.router.add_get("/control/state", _own_pages_only(_state))
    app.router.add_get("/{outlet}/{path:.*}", _outlet)
    if release_every:
        app.cleanup_ctx.append(functools.partial(_releasing, every=release_every))
    return app


def is_loopback(host: str) -> bool:
    """Whether `host`, an address or a name, is this machine alone."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the server until it is interrupted."""
    options = _options().parse_args(arguments)
    now = options.today or datetime.datetime.now(datetime.UTC)
    try:
        newsdesk = desk.Desk(newsroom.shipped(), options.state, now=now)
    except newsroom.BadData as error:
        raise SystemExit(str(error)) from error
    app = make_app(newsdesk, controls=is_loopback(options.host), release_every=options.release_every)
    try:
        asyncio.run(_serve(app, options.host, options.port))
    except OSError as error:
        raise SystemExit(f"Cannot listen on {options.host} port {options.port}: {error.strerror}") from error


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="newswatch.sample.server", description=__doc__)
    parser.add_argument("--port", type=int, default=8990, help="0 takes a free one")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument(
        "--release-every", type=float, metavar="SECONDS", help="release held articles one by one"
    )
    parser.add_argument(
        "--today",
        type=_moment,
        metavar="ISO",
        help="the moment of the first start, if the state file has none yet",
    )
    parser.add_argument(
        "--state", "--anchor", type=pathlib.Path, default=_STATE_FILE, metavar="FILE",
        help="keeps the first start, releases, corrections and articles by hand (default: %(default)s)",
    )  # fmt: skip
    return parser


def _moment(text: str) -> datetime.datetime:
    """A date or a time; without a zone it is UTC."""
    moment = datetime.datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)


async def _serve(app: web.Application, host: str, port: int) -> None:
    """Serve until SIGINT or SIGTERM; says where on standard output once it listens."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=2)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        shown = f"[{host}]" if ":" in host else host
        print(f"Sample newsroom: http://{shown}:{runner.addresses[0][1]}/", flush=True)
        await stop.wait()
    finally:
        await runner.cleanup()


async def _releasing(app: web.Application, *, every: float) -> AsyncIterator[None]:
    async def release() -> None:
        guid: str | None = ""
        while guid is not None:
            await asyncio.sleep(every)
            guid = app[DESK].release_next(now=_now())

    task = asyncio.create_task(release())
    yield
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def _base(request: web.Request) -> str:
    return str(request.url.origin())


def _own_pages_only(handler: _Handler) -> _Handler:
    """Refuse a page of another site, and a name somebody pointed at this machine to get around that."""

    async def guarded(request: web.Request) -> web.StreamResponse:
        origin = request.headers.get("Origin")
        if not is_loopback(request.url.host or "") or origin not in (None, _base(request)):
            raise web.HTTPForbidden(text="Only this machine's own pages may do this.")
        return await handler(request)

    return guarded


async def _start(request: web.Request) -> web.Response:
    outlets = request.app[DESK].library.outlets.values()
    published = request.app[DESK].articles.get(request.query.get("published", ""))
    message = pages.published_message(published) if published else ""
    page = pages.start_page(outlets, with_form=request.app[CONTROLS], message=message)
    return web.Response(body=page, content_type="text/html", charset="utf-8")


async def _photo(_: web.Request) -> web.Response:
    return web.Response(text=pages.PHOTO, content_type="image/svg+xml")


async def _outlet(request: web.Request) -> web.Response:
    """A feed, a front or an article of one outlet."""
    newsdesk = request.app[DESK]
    outlet = newsdesk.library.outlets.get(request.match_info["outlet"])
    if outlet is None:
        raise web.HTTPNotFound(text="No such outlet.")
    articles = newsdesk.of_outlet(outlet.key)
    for feed in outlet.feeds:
        if request.path == feed.path:
            return _feed(request, feed, outlet, newsroom.in_feed(feed, articles))
    if request.path == outlet.home:
        section = request.query.get("section", "")
        page = pages.outlet_page(outlet, articles, base_url=_base(request), section=section)
        return _conditional(
            request, page, "text/html", outlet.encoding, feeds.last_modified(articles, newsdesk.anchor)
        )
    return _article(request, outlet, articles)


def _feed(
    request: web.Request, feed: newsroom.FeedSpec, outlet: newsroom.Outlet, articles: list[newsroom.Article]
) -> web.Response:
    body = feeds.render(feed, outlet, articles, base_url=_base(request))
    modified = feeds.last_modified(articles, request.app[DESK].anchor)
    return _conditional(
        request, body, feeds.CONTENT_TYPES[feed.format], feeds.encoding_of(feed, outlet), modified
    )


def _article(request: web.Request, outlet: newsroom.Outlet, articles: list[newsroom.Article]) -> web.Response:
    for article in articles:
        if _is_at(request, article.address):
            page = pages.article_page(article, outlet, articles, base_url=_base(request))
            return _conditional(request, page, "text/html", outlet.encoding, article.updated)
    raise web.HTTPNotFound(text="No such article.")


def _is_at(request: web.Request, address: str) -> bool:
    """Whether the request is for this address; parameters the address has not (utm_*) make no difference."""
    parts = urllib.parse.urlsplit(address)
    wanted = urllib.parse.parse_qsl(parts.query)
    return request.path == parts.path and all(request.query.get(name) == value for name, value in wanted)


def _conditional(
    request: web.Request, body: bytes, content_type: str, charset: str, modified: datetime.datetime
) -> web.Response:
    """200 with validators, or 304 for a client that has this already; If-None-Match outweighs the date."""
    etag = hashlib.sha256(body).hexdigest()[:32]
    headers = {
        "ETag": f'"{etag}"',
        "Last-Modified": email.utils.format_datetime(modified.astimezone(datetime.UTC), usegmt=True),
        "Cache-Control": "no-cache",
    }
    known, since = request.if_none_match, request.if_modified_since
    if known is not None:
        fresh = any(tag.value in (etag, "*") for tag in known)
    else:
        fresh = since is not None and modified.replace(microsecond=0) <= since
    if fresh:
        return web.Response(status=304, headers=headers)
    return web.Response(body=body, content_type=content_type, charset=charset, headers=headers)


async def _publish_form(request: web.Request) -> web.Response:
    fields = {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    newsdesk = request.app[DESK]
    try:
        article = newsdesk.publish(fields, now=_now())
    except desk.Refused as error:
        page = pages.start_page(
            newsdesk.library.outlets.values(), with_form=True, message=pages.refused_message(str(error))
        )
        return web.Response(status=400, body=page, content_type="text/html", charset="utf-8")
    raise web.HTTPSeeOther(f"/?published={urllib.parse.quote(article.guid)}")


async def _publish(request: web.Request) -> web.Response:
    fields = await _json_fields(request)
    try:
        article = request.app[DESK].publish(fields, now=_now())
    except desk.Refused as error:
        return web.json_response({"error": str(error)}, status=400)
    return web.json_response(_described(request, article), status=201)


async def _correct(request: web.Request) -> web.Response:
    fields = await _json_fields(request)
    try:
        article = request.app[DESK].correct(str(fields.get("guid", "")), now=_now())
    except desk.Refused as error:
        return web.json_response({"error": str(error)}, status=404)
    return web.json_response(_described(request, article))


async def _release(request: web.Request) -> web.Response:
    newsdesk = request.app[DESK]
    guid = newsdesk.release_next(now=_now())
    if guid is None:
        return web.json_response({"released": None})
    return web.json_response({"released": _described(request, newsdesk.articles[guid])})


async def _state(request: web.Request) -> web.Response:
    newsdesk = request.app[DESK]
    return web.json_response(
        {
            "anchor": newsdesk.anchor.isoformat(),
            "held": newsdesk.held(),
            "released": {guid: time.isoformat() for guid, time in newsdesk.released.items()},
            "corrected": {guid: time.isoformat() for guid, time in newsdesk.corrected.items()},
            "correctable": [guid for guid, draft in newsdesk.library.drafts.items() if draft.correction],
            "articles": [_described(request, article) for article in newsdesk.articles.values()],
        }
    )


async def _json_fields(request: web.Request) -> dict[str, Any]:
    """The request's JSON object; a form of another site can't send this content type unasked."""
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType(text="Send a JSON object as application/json.")
    try:
        fields = await request.json()
    except ValueError as error:
        raise web.HTTPBadRequest(text="This is not JSON.") from error
    if not isinstance(fields, dict):
        raise web.HTTPBadRequest(text="Send a JSON object.")
    return fields


def _described(request: web.Request, article: newsroom.Article) -> dict[str, Any]:
    base = _base(request)
    outlet = request.app[DESK].library.outlets[article.outlet]
    carriers = [feed.path for feed in outlet.feeds if newsroom.in_feed(feed, [article])]
    return {
        "guid": article.guid,
        "url": base + article.address,
        "outlet": article.outlet,
        "title": article.title,
        "version": article.version,
        "published": article.published.isoformat(),
        "updated": article.updated.isoformat(),
        "feeds": [base + path for path in carriers],
    }


if __name__ == "__main__":
    main()
