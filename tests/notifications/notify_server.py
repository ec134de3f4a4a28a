"""A stand-in for GOV.UK Notify's API over loopback HTTP, as docs.notifications.service.gov.uk/rest-api.html has it.

Receives the real client, checks its token by itself, and makes the callbacks. Holds no assertion.
"""

import base64
import hashlib
import hmac
import json
import time
import uuid
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

SERVICE, SECRET = "26785a09-0000-4eb0-8407-a37497a57506", "3d844edf-0000-48ac-975b-e847b4f122b0"
KEY = f"stand_in-{SERVICE}-{SECRET}"
SMS_ID, EMAIL_ID = "f33517ff-0000-4f6e-b855-c550268ce08a", "0e9d1b6c-0000-4f6e-b855-c550268ce08a"
CALLBACK_TOKEN = "a-callback-token-that-nobody-will-guess"
# "Smoke testing": taken and never heard of again. Those of Notify's own tests, for a key that really sends nothing.
SILENT = ("07700900111", "07700900222", "07700900333")
FATES = {"07700900003": "temporary-failure", "07700900002": "permanent-failure"}
# What each request may hold, and must (post_sms_request, post_email_request of the published schemas).
_FIELDS = {
    "sms": {"phone_number", "template_id", "personalisation", "reference", "sms_sender_id"},
    "email": {"email_address", "template_id", "personalisation", "reference", "email_reply_to_id"},
}
_TO = {"sms": "phone_number", "email": "email_address"}
Answer = tuple[int, dict[str, Any]]


@dataclass(frozen=True)
class Callback:
    """A delivery receipt as Notify posts it: JSON, and the token in a header."""

    body: dict[str, str | None]
    headers: dict[str, str]


def _error(status: int, error: str, message: str) -> Answer:
    return status, {"status_code": status, "errors": [{"error": error, "message": message}]}


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class _Handler(BaseHTTPRequestHandler):
    server: "NotifyServer"

    def do_GET(self) -> None:
        self._answer(self._refused() or self.server.template(self.path.rpartition("/")[2]))

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self._answer(self._refused() or self.server.take(self.path.rpartition("/")[2], body))

    def _refused(self) -> Answer | None:
        """What is wrong with the token (RFC 7519, HS256), or with anything a test has asked to be wrong."""
        header, payload, signature = self.headers["Authorization"].removeprefix("Bearer ").split(".")
        wanted = hmac.new(SECRET.encode(), f"{header}.{payload}".encode(), hashlib.sha256).digest()
        claims = json.loads(_decoded(payload))
        right = json.loads(_decoded(header)) == {"typ": "JWT", "alg": "HS256"} and claims["iss"] == SERVICE
        if not right or not hmac.compare_digest(wanted, _decoded(signature)):
            return _error(403, "AuthError", "Invalid token: API key not found")
        if abs(time.time() + self.server.clock_ahead - claims["iat"]) > 30:
            return _error(403, "AuthError", "Error: Your system clock must be accurate to within 30 seconds")
        return self.server.fail_with and _error(*self.server.fail_with)

    def _answer(self, answer: Answer) -> None:
        self.server.paths.append(f"{self.command} {self.path}")
        raw = self.server.say_instead or json.dumps(answer[1]).encode()
        self.send_response(answer[0])
        for name, value in (("Content-Type", "application/json"), ("Content-Length", str(len(raw)))):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: the test's own output is enough."""


class NotifyServer(ThreadingHTTPServer):
    """`taken` are the notifications; `fail_with` (status, error, message) or the bytes `say_instead` are answered.

    `clock_ahead`: seconds its clock is before ours. `templates` are the account's, by id.
    """

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.taken: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.fail_with: tuple[int, str, str] | None = None
        self.say_instead: bytes | None = None
        self.clock_ahead = 0
        self.templates: dict[str, dict[str, Any]] = {
            SMS_ID: {"type": "sms", "body": "((body))", "subject": None},
            EMAIL_ID: {"type": "email", "body": "((body))", "subject": "((subject))"},
        }
        self.base_url = f"http://127.0.0.1:{self.server_port}"
        self._thread = Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    def template(self, template_id: str) -> Answer:
        """GET /v2/template/<id>."""
        found = self.templates.get(template_id)
        if found is None:
            return _error(404, "NoResultFound", "No result found")
        words = f"{found['subject'] or ''} {found['body']}"
        names = [name for name in ("subject", "body") if f"(({name}))" in words]
        return 200, {
            "id": template_id,
            "name": "Our own words",
            "created_at": "2026-11-01T09:00:00.000000Z",
            "updated_at": None,
            "created_by": "somebody@council.example",
            "version": 3,
            "personalisation": {name: {"required": True} for name in names},
            **found,
        }

    def take(self, kind: str, body: dict[str, Any]) -> Answer:
        """POST /v2/notifications/sms or …/email."""
        wrong = self._wrong(kind, body)
        if wrong is not None:
            return wrong
        identity, template = str(uuid.uuid4()), self.templates[body["template_id"]]
        self.taken.append({"id": identity, "kind": kind, **body})
        words = {"body": body["personalisation"]["body"]}
        words |= {"from_number": "Exampleshr"} if kind == "sms" else {"from_email": "example@notifications.example"}
        if template["subject"]:
            words["subject"] = body["personalisation"]["subject"]
        return 201, {
            "id": identity,
            "reference": body.get("reference"),
            "content": words,
            "uri": f"{self.base_url}/v2/notifications/{identity}",
            "template": {"id": body["template_id"], "version": 3, "uri": f"{self.base_url}/v2/template/x"},
            "scheduled_for": None,
        }

    def _wrong(self, kind: str, body: dict[str, Any]) -> Answer | None:
        if set(body) - _FIELDS[kind]:
            return _error(400, "ValidationError", "Additional properties are not allowed")
        for name in (_TO[kind], "template_id"):
            if not isinstance(body.get(name), str):
                return _error(400, "ValidationError", f"{name} is a required property")
        template = self.templates.get(body["template_id"])
        if template is None or template["type"] != kind:
            return _error(400, "BadRequestError", "Template not found")
        for name in ("subject", "body"):
            if f"(({name}))" in f"{template['subject']}{template['body']}" and name not in body["personalisation"]:
                return _error(400, "BadRequestError", f"Missing personalisation: {name}")
        return None

    def callback(self, status: str | None = None) -> Callback | None:
        """The receipt of the last notification; of a test number, the one it stands for. None: there never is one."""
        last = self.taken[-1]
        to = last[_TO[last["kind"]]]
        national = to.replace("+44", "0", 1)
        if national in SILENT:
            return None
        body = {
            "id": last["id"],
            "reference": last.get("reference"),
            "to": to,
            "status": status or FATES.get(national, "delivered"),
            "created_at": "2026-11-26T14:30:00.000000Z",
            "completed_at": "2026-11-26T14:30:09.000000Z",
            "sent_at": "2026-11-26T14:30:01.000000Z",
            "notification_type": last["kind"],
            "template_id": last["template_id"],
            "template_version": 3,
        }
        return Callback(body, {"Authorization": f"Bearer {CALLBACK_TOKEN}"})

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Stop and free the port; a second call does nothing."""
        if self._thread.is_alive():
            self.shutdown()
            self._thread.join()
            self.server_close()
