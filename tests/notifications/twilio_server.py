"""A stand-in for Twilio's Messages API over loopback HTTP. Receives the real client, signs and makes the callbacks.

Signs by itself, as twilio.com/docs/usage/security has it, rather than with the SDK it stands against. No assertion.
"""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode
from urllib.request import Request, urlopen

ACCOUNT, TOKEN = "AC" + "0" * 32, "a-test-token"
SID = "SM" + "1" * 32
_RIGHT = "Basic " + base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()


@dataclass(frozen=True)
class Callback:
    """A status callback as Twilio posts it: form and signature, to the address it was given."""

    url: str
    form: dict[str, str]
    signature: str

    @property
    def headers(self) -> dict[str, str]:
        return {"X-Twilio-Signature": self.signature, "User-Agent": "TwilioProxy/1.1"}

    def post(self) -> int:
        """Send it over the network; the status answered."""
        request = Request(self.url, urlencode(self.form).encode(), self.headers)
        with urlopen(request, timeout=5) as answer:  # Twilio itself waits 15 seconds
            status: int = answer.status
            return status


def signed(url: str, form: dict[str, str], token: str = TOKEN) -> str:
    """HMAC-SHA1, under the account's token, of the address followed by every name and value in order of name."""
    said = url + "".join(f"{name}{form[name]}" for name in sorted(form))
    return base64.b64encode(hmac.new(token.encode(), said.encode(), hashlib.sha1).digest()).decode()


class _Handler(BaseHTTPRequestHandler):
    server: "TwilioServer"

    def do_GET(self) -> None:
        self._answer({"sid": ACCOUNT, "status": "active"}, 200)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        self.server.forms.append(form)
        self._answer({"sid": SID, "status": "queued", "to": form.get("To"), "body": form.get("Body")}, 201)

    def _answer(self, facts: dict[str, Any], status: int) -> None:
        self.server.paths.append(self.path)
        headers: dict[str, str] = {}
        if self.headers.get("Authorization") != _RIGHT:
            facts, status = {"code": 20003, "message": "Authenticate", "status": 401}, 401
        elif self.server.fail_with is not None:
            status, code, headers = self.server.fail_with
            facts = {"message": "no", "status": status} | ({"code": code} if code else {})
        raw = json.dumps(facts).encode()
        self.send_response(status)
        for name, value in ({"Content-Type": "application/json", "Content-Length": str(len(raw))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: the test's own output is enough."""


class TwilioServer(ThreadingHTTPServer):
    """`forms` are the posts taken; `fail_with` (status, Twilio code, headers) is answered instead."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.forms: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.fail_with: tuple[int, int | None, dict[str, str]] | None = None
        self.base_url = f"http://127.0.0.1:{self.server_port}"
        self._thread = Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    def callback(self, status: str, error: str = "", *, token: str = TOKEN) -> Callback:
        """What Twilio reports of the last text, with a local time of the carrier's where one was delivered."""
        last = self.forms[-1]
        form = {
            "AccountSid": ACCOUNT,
            "ApiVersion": "2010-04-01",
            "From": last.get("From", "+447700900999"),
            "MessageSid": SID,
            "MessageStatus": status,
            "SmsSid": SID,
            "SmsStatus": status,
            "To": last["To"],
        }
        form |= {"ErrorCode": error} if error else {}
        form |= {"RawDlrDoneDate": "2611261531"} if status == "delivered" else {}
        url = last["StatusCallback"]
        return Callback(url, form, signed(url, form, token))

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Stop and free the port; a second call does nothing."""
        if self._thread.is_alive():
            self.shutdown()
            self._thread.join()
            self.server_close()
