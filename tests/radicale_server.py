"""A real CalDAV server, Radicale, on loopback with a password: its own application in a thread. Holds no assertion."""

import base64
import logging
import urllib.request
from pathlib import Path
from socketserver import ThreadingMixIn
from threading import Thread
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from radicale import config
from radicale.app import Application

USER, PASSWORD = "mash", "a-test-password"
_MAKE = b"""<?xml version="1.0"?><C:mkcalendar xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"/>"""


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Quiet: the test's own output is enough."""


class RadicaleServer:
    """One user with one calendar at ``url``; put entries into it with ``put``."""

    def __init__(self, folder: Path) -> None:
        (folder / "users").write_text(f"{USER}:{PASSWORD}\n")
        settings = config.load()
        settings.update(
            {
                "auth": {
                    "type": "htpasswd",
                    "htpasswd_filename": str(folder / "users"),
                    "htpasswd_encryption": "plain",
                    "delay": "0",
                },
                "storage": {"filesystem_folder": str(folder / "collections"), "_filesystem_fsync": "False"},
            },
            "tests",
            privileged=True,
        )
        logging.getLogger("radicale").setLevel(logging.CRITICAL)
        self._server = make_server("127.0.0.1", 0, Application(settings), _Server, _Quiet)
        self.host = f"127.0.0.1:{self._server.server_port}"
        self.url = f"http://{self.host}/{USER}/diary/"
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    def start(self) -> None:
        self._thread.start()
        self._ask("MKCALENDAR", "", _MAKE)

    def put(self, name: str, entry: str) -> None:
        """Write one entry, as somebody's calendar program would."""
        lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//tests//EN", *entry.strip().splitlines(), "END:VCALENDAR"]
        self._ask("PUT", f"{name}.ics", ("\r\n".join(line.strip() for line in lines) + "\r\n").encode())

    def _ask(self, method: str, path: str, body: bytes) -> None:
        pair = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        headers = {"Authorization": f"Basic {pair}", "Content-Type": "text/calendar"}
        request = urllib.request.Request(self.url + path, body, headers, method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=10) as answer:
            answer.read()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
