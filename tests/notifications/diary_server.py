"""A stand-in for servers that publish diaries, well-behaved and not, over loopback HTTP. Holds no assertion."""

import gzip
import time
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ssl import SSLContext
from threading import Event, Thread

CALENDAR = b"""BEGIN:VCALENDAR\r
VERSION:2.0\r
BEGIN:VEVENT\r
UID:1\r
SUMMARY:Nobody else's business\r
DTSTART:20261125T090000Z\r
DTEND:20261125T100000Z\r
END:VEVENT\r
END:VCALENDAR\r
"""


class _Handler(BaseHTTPRequestHandler):
    server: "DiaryServer"

    def do_GET(self) -> None:
        self.server.seen.append((self.path, dict(self.headers)))
        path = self.path.partition("?")[0]
        with suppress(OSError):  # whoever asked has had enough, and hung up
            self.server.pages[path](self)

    do_REPORT = do_GET

    def answer(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content_Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: the test's own output is enough."""


Page = Callable[[_Handler], None]


def says(body: bytes, status: int = 200, **headers: str) -> Page:
    """A page that answers so."""
    return lambda handler: handler.answer(body, status, **headers)


def sends_on(location: str) -> Page:
    """A redirect."""
    return says(b"moved", 302, Location=location)


def published(handler: _Handler) -> None:
    """A calendar that knows whether it changed."""
    unchanged = handler.headers.get("If-None-Match") == '"v1"'
    handler.answer(b"" if unchanged else CALENDAR, 304 if unchanged else 200, ETag='"v1"')


def endless(handler: _Handler) -> None:
    """A body without end."""
    handler.send_response(200)
    handler.end_headers()
    handler.wfile.write(CALENDAR)
    while not handler.server.over.is_set():
        handler.wfile.write(b"X-NOTHING:" + b"x" * 65_000 + b"\r\n")


def dripping(handler: _Handler) -> None:
    """Headers that come a byte at a time, each before any timeout of its own."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while not handler.server.over.is_set():
        handler.wfile.write(b"X")
        handler.wfile.flush()
        time.sleep(0.02)


def half(handler: _Handler) -> None:
    """A body that stops before its announced end."""
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(CALENDAR)))
    handler.end_headers()
    handler.wfile.write(CALENDAR[:-60])


def bomb(size: int) -> bytes:
    """Much out of little."""
    return gzip.compress(CALENDAR + b"X-NOTHING:" + b"x" * size)


class DiaryServer(ThreadingHTTPServer):
    """``pages`` answer for their path; ``seen`` are the paths asked for, each with its headers."""

    daemon_threads = True

    def __init__(self, tls: SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        if tls is not None:
            self.socket = tls.wrap_socket(self.socket, server_side=True)
        self.pages: dict[str, Page] = {"/diary.ics": published}
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.over = Event()
        self.host = f"127.0.0.1:{self.server_port}"
        self._thread = Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    def handle_error(self, request: object, client_address: object) -> None:
        """Quiet: whoever does not trust us hangs up."""

    def url(self, path: str) -> str:
        return f"http://{self.host}{path}"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self.over.set()
        self.shutdown()
        self._thread.join()
        self.server_close()
