"""A real web server for tests: answers what it was given, remembers what it was asked."""

import http.server
import threading
from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Site:
    """A web site on a free port of 127.0.0.1, for a `with` block. `pages` maps paths to bodies."""

    pages: dict[str, bytes] = field(default_factory=dict)
    content_types: dict[str, str] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)
    headers: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)

    def __enter__(self) -> "Site":
        self._httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._httpd.serve_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._httpd.shutdown()
        self._httpd.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._httpd.server_address[1]}"

    def put_feed(self, path: str, *items: dict[str, str]) -> None:
        """Publish an RSS feed; items have guid, path, title, summary, date (RFC 822)."""
        body = "".join(
            f"<item><guid isPermaLink='false'>{item['guid']}</guid><link>{self.url}{item['path']}</link>"
            f"<title>{item['title']}</title><description>{item.get('summary', '')}</description>"
            f"<pubDate>{item['date']}</pubDate></item>"
            for item in items
        )
        self.pages[path] = (
            '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>시험 신문</title>'
            f"<link>{self.url}/</link><language>ko</language>{body}</channel></rss>"
        ).encode()
        self.content_types[path] = "application/rss+xml; charset=utf-8"

    def redirect(self, path: str, target: str, status: int = 301) -> None:
        """Answer a path with a redirect."""
        self.statuses[path], self.headers[path] = status, {"Location": target}

    def put_page(self, path: str, title: str, *paragraphs: str) -> None:
        """Publish an article's page."""
        text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
        self.pages[path] = (
            f"<!doctype html><html lang=ko><head><meta charset=utf-8><title>{title}</title></head>"
            f"<body><nav>정치 경제 사회</nav><article><h1>{title}</h1>{text}</article>"
            "<footer>시험 신문</footer></body></html>"
        ).encode()


def _handler(site: Site) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked[self.path] += 1
            path = self.path.partition("?")[0]
            status = site.statuses.get(path, 200 if path in site.pages else 404)
            body = site.pages.get(path, b"")
            etag = f'"{hash(body)}"'
            if status == 200 and self.headers.get("If-None-Match") == etag:
                status, body = 304, b""
            self.send_response(status)
            self.send_header("ETag", etag)
            self.send_header("Content-Type", site.content_types.get(path, "text/html; charset=utf-8"))
            self.send_header("Content-Length", str(len(body)))
            for name, value in site.headers.get(path, {}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler
