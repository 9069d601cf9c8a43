"""A WebSub hub on 127.0.0.1: takes subscriptions, asks back, and pushes what it is told to."""

import contextlib
import hmac
import http.server
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Hub:
    """`verify` calls back as hubs do; the tests' site answers through `ask`, which a test sets."""

    status: int = 202
    asked: list[dict[str, str]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.httpd.server_address[1]}/hub"

    def start(self) -> None:
        self.httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler(self))
        self.thread = threading.Thread(target=self.httpd.serve_forever, daemon=True)
        self.thread.start()

    def stop(self) -> None:
        self.httpd.shutdown()
        self.httpd.server_close()
        self.thread.join()

    def verify(self, *, challenge: str = "c-1", lease: int = 3600, **changed: str) -> tuple[int, str]:
        """Ask back for the last subscription; returns the status and what was answered."""
        form = self.asked[-1]
        query = {
            "hub.mode": "subscribe",
            "hub.topic": form["hub.topic"],
            "hub.challenge": challenge,
            "hub.lease_seconds": str(lease),
        } | {f"hub.{name}": value for name, value in changed.items()}
        return call(f"{form['hub.callback']}?{urllib.parse.urlencode(query)}")

    def push(self, body: bytes, *, secret: str | None = None, method: str = "sha256") -> int:
        """Push a body, signed with the last subscription's secret or another."""
        return self.push_of(-1, body, secret=secret, method=method)

    def push_of(self, number: int, body: bytes, *, secret: str | None = None, method: str = "sha256") -> int:
        """The same to whoever asked at that turn."""
        form = self.asked[number]
        key = form["hub.secret"] if secret is None else secret
        signature = hmac.new(key.encode(), body, method).hexdigest()
        headers = {"X-Hub-Signature": f"{method}={signature}", "Content-Type": "application/rss+xml"}
        return call(form["hub.callback"], body, headers)[0]


def call(url: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> tuple[int, str]:
    request = urllib.request.Request(url, data=body, headers=headers or {})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, ""


def handler(hub: Hub) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            hub.asked.append(dict(urllib.parse.parse_qsl(body)))
            self.send_response(hub.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler


@contextlib.contextmanager
def running() -> Iterator[Hub]:
    hub = Hub()
    hub.start()
    yield hub
    hub.stop()
