"""A server on 127.0.0.1 that does, path by path, what servers of feeds do wrong. It writes raw bytes to the socket."""

from __future__ import annotations

import contextlib
import gzip
import socket
import socketserver
import ssl
import struct
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator

import brotli
from backports import zstd

FEED = b'<rss version="2.0"><channel><title>t</title><item><title>x</title><link>http://a.kr/1</link></item></channel></rss>'
# Made beforehand: packing them while the client waits would be told as slowness.
BOMB = bytes(20_000_000)
BOMBS = {"gzip": gzip.compress(BOMB, 1), "br": brotli.compress(BOMB, quality=1), "zstd": zstd.compress(BOMB)}
PACE_S = 0.05


def answer(body: bytes = b"", *, status: str = "200 OK", **headers: str) -> bytes:
    lines = {"Content-Length": str(len(body)), "Connection": "close"}
    lines |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body


class Handler(socketserver.StreamRequestHandler):
    server: HostileServer

    def handle(self) -> None:
        try:
            self.path = self.rfile.readline().decode("latin-1").split(" ")[1]
        except (IndexError, OSError):
            return  # a TLS handshake that was broken off, or a connection that was never used
        self.fields = {}
        while line := self.rfile.readline().strip():
            name, _, value = line.decode("latin-1").partition(":")
            self.fields[name.lower()] = value.strip()
        self.server.asked.append((self.path, self.fields))
        with contextlib.suppress(OSError):  # the client had enough
            BEHAVIOURS[self.path.split("/")[1]](self)

    def send(self, data: bytes) -> None:
        self.connection.sendall(data)

    def until_closed(self, data: bytes) -> None:
        """The same again and again, until the client or the test goes away."""
        while not self.server.closing.wait(PACE_S):
            self.send(data)


def redirect(handler: Handler) -> None:
    """/redirect/STATUS/TARGET"""
    _, _, status, target = handler.path.split("/", 3)
    target = urllib.parse.unquote(target)
    handler.send(answer(status=f"{status} Moved", Location=target if ":" in target else "/" + target))


def not_modified(handler: Handler) -> None:
    if handler.fields.get("if-none-match") == '"v1"':
        handler.send(answer(status="304 Not Modified", ETag='"v1"'))
    else:
        handler.send(answer(FEED, ETag='"v1"', Last_Modified="Sat, 23 Jul 2022 03:31:41 GMT"))


def drip(handler: Handler) -> None:
    handler.send(answer(Content_Length="100000"))
    handler.until_closed(b"<")


def drip_head(handler: Handler) -> None:
    handler.send(b"HTTP/1.1 200 OK\r\n")
    handler.until_closed(b"X-Slow: 1\r\n")


def reset(handler: Handler) -> None:
    handler.send(answer(FEED[:50], Content_Length="100000"))
    time.sleep(PACE_S)
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()


def hang(handler: Handler) -> None:
    handler.server.closing.wait(30)


def crowd(handler: Handler) -> None:
    """Answers after a moment, and keeps count of how many are asking meanwhile."""
    server = handler.server
    with server.lock:
        server.present += 1
        server.most_present = max(server.most_present, server.present)
    time.sleep(PACE_S)
    with server.lock:
        server.present -= 1
    handler.send(answer(FEED))


def endless(handler: Handler) -> None:
    handler.send(b"HTTP/1.1 200 OK\r\n\r\n")
    while not handler.server.closing.is_set():
        handler.send(b"x" * 65536)


BEHAVIOURS: dict[str, Callable[[Handler], None]] = {
    "ok": lambda handler: handler.send(answer(FEED, Content_Type="application/rss+xml; charset=utf-8")),
    "etag": not_modified,
    "redirect": redirect,
    "circle": lambda handler: handler.send(answer(status="302 Found", Location="/circle2")),
    "circle2": lambda handler: handler.send(answer(status="302 Found", Location="/circle")),
    "deeper": lambda handler: handler.send(answer(status="302 Found", Location=handler.path + "x")),
    "drip": drip,
    "drip-head": drip_head,
    "reset": reset,
    "hang": hang,
    "endless": endless,
    "crowd": crowd,
    "long-length": lambda handler: handler.send(answer(FEED, Content_Length=str(len(FEED) + 500))),
    "broken-off": lambda handler: None,
    "garbage": lambda handler: handler.send(b"\x00\x01\x02 no HTTP at all\r\n\r\n"),
    "large-head": lambda handler: handler.send(answer(FEED, X_Large="y" * 200_000)),
    "error": lambda handler: handler.send(answer(b"sorry", status="500 Internal Server Error")),
    "gone": lambda handler: handler.send(answer(status="410 Gone")),
    "busy": lambda handler: handler.send(answer(status="429 Too Many Requests", Retry_After="120")),
    "closed-until": lambda handler: handler.send(
        answer(
            status="503 Service Unavailable",
            Retry_After="Sat, 23 Jul 2022 04:00:00 GMT",
            Date="Sat, 23 Jul 2022 03:30:00 GMT",
        )
    ),
    "gzip": lambda handler: handler.send(answer(gzip.compress(FEED), Content_Encoding="gzip")),
    "br": lambda handler: handler.send(answer(brotli.compress(FEED), Content_Encoding="br")),
    "zstd": lambda handler: handler.send(answer(zstd.compress(FEED), Content_Encoding="zstd")),
    "not-gzip": lambda handler: handler.send(answer(FEED, Content_Encoding="gzip")),
    "broken-gzip": lambda handler: handler.send(answer(b"\x1f\x8b broken", Content_Encoding="gzip")),
    "gzip-bomb": lambda handler: handler.send(answer(BOMBS["gzip"], Content_Encoding="gzip")),
    "br-bomb": lambda handler: handler.send(answer(BOMBS["br"], Content_Encoding="br")),
    "zstd-bomb": lambda handler: handler.send(answer(BOMBS["zstd"], Content_Encoding="zstd")),
}


class HostileServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 200
    allow_reuse_address = True

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.closing = threading.Event()
        self.lock = threading.Lock()
        self.present = self.most_present = 0
        self.scheme = "https" if tls else "http"
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def url(self, path: str) -> str:
        return f"{self.scheme}://127.0.0.1:{self.server_address[1]}/{path}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is no error here."""


@contextlib.contextmanager
def running(tls: ssl.SSLContext | None = None) -> Iterator[HostileServer]:
    with HostileServer(tls) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield server
        server.closing.set()
        server.shutdown()
        thread.join()
