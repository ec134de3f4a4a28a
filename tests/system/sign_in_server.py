"""Holds a sign-in service as Microsoft 365 has one: gives tokens to a client, tells a mail server whose one is.

A real HTTP server on loopback. No assertion.
"""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

CLIENT, SECRET, SCOPE = "the-client", "the client's secret", "https://mail.example/.default"


class SignInServer:
    """``valid`` are the tokens that sign in as ``user``, ``given`` all there have been. A context manager."""

    def __init__(self, user: str) -> None:
        self.user, self.lasts, self.refusing = user, 3600, False
        self.given: list[str] = []
        self.valid: set[str] = set()
        outer = self

        class Handler(_Handler):
            server_of = outer

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    @property
    def token_url(self) -> str:
        """Where a client asks for a token."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/token"

    @property
    def token_info(self) -> str:
        """Where a mail server asks whose a token is; the token comes last."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/whose?access_token="

    def give(self, form: dict[str, list[str]]) -> dict[str, Any] | None:
        """A new token for the client-credentials grant; None for whoever is not the client."""
        wanted = {"grant_type": "client_credentials", "client_id": CLIENT, "client_secret": SECRET, "scope": SCOPE}
        if self.refusing or form != {name: [value] for name, value in wanted.items()}:
            return None
        token = f"token{len(self.given)}"
        self.given.append(token)
        self.valid.add(token)
        return {"access_token": token, "token_type": "Bearer", "expires_in": self.lasts}


class _Handler(BaseHTTPRequestHandler):
    server_of: SignInServer

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self._answer(self.server_of.give(form), "invalid_client")

    def do_GET(self) -> None:
        token = parse_qs(urlsplit(self.path).query).get("access_token", [""])[0]
        known = token in self.server_of.valid
        self._answer({"email": self.server_of.user} if known else None, "invalid_token")

    def _answer(self, found: dict[str, Any] | None, error: str) -> None:
        body = json.dumps(found or {"error": error}).encode()
        self.send_response(200 if found else 401)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""
