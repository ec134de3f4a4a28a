"""A folder of messages that would have gone out, the oldest purged. Shows nothing; the outbox page does."""

import itertools
import json
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from notifications import mime
from notifications.messages import Email, Message

_ID = re.compile(r"\d{8}T\d{12}-\d{8}-[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class Captured:
    """One kept message. `kind` is `email` or `sms`, `message_id` ours, `at` aware UTC."""

    id: str
    kind: str
    message_id: str
    at: datetime
    to: str
    text: str
    to_name: str = ""
    sender: str = ""
    sender_name: str = ""
    subject: str = ""
    html: str | None = None
    calendar_method: str | None = None
    calendar: bytes | None = None


class CaptureStore:
    """Each message is a JSON file, an email's bytes an .eml beside it. Safe for several processes at once.

    The JSON is renamed into place last, so a reader sees a whole message or none. Messages hold live links:
    the folder is the owner's alone.
    """

    def __init__(self, path: Path, now: Callable[[], datetime], domain: str, keep: int = 500) -> None:
        self._path = path
        self._now = now
        self._domain = domain
        self._keep = keep
        self._count = itertools.count()

    def put(self, message: Message) -> str:
        """Keep a message, purge the oldest beyond `keep`; the id to get it back by."""
        self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
        at = self._now().astimezone(UTC)
        # The count keeps two of one instant in order; the random end keeps two processes apart.
        kept_as = f"{at:%Y%m%dT%H%M%S%f}-{next(self._count) % 10**8:08d}-{secrets.token_hex(4)}"
        if isinstance(message, Email):
            self._write(f"{kept_as}.eml", mime.to_bytes(message, self._domain, at))
        self._write(f"{kept_as}.json", json.dumps(_facts(message, at)).encode())
        self._purge()
        return kept_as

    def newest(self, limit: int = 100) -> list[Captured]:
        """The newest `limit` messages, newest first."""
        found = (self.get(kept_as) for kept_as in reversed(self._ids()[-limit:]))
        return [captured for captured in found if captured is not None]

    def get(self, kept_as: str) -> Captured | None:
        """One message, or None when there is none of that id (or no longer)."""
        raw = self._read(kept_as, "json")
        return None if raw is None else _captured(kept_as, json.loads(raw))

    def eml(self, kept_as: str) -> bytes | None:
        """An email's bytes exactly as SMTP would have carried them; None for a text."""
        return self._read(kept_as, "eml")

    def _ids(self) -> list[str]:
        return sorted(path.stem for path in self._path.glob("*.json") if _ID.fullmatch(path.stem))

    def _read(self, kept_as: str, suffix: str) -> bytes | None:
        if not _ID.fullmatch(kept_as):  # the id may come from a URL; it must not name another file
            return None
        try:
            return (self._path / f"{kept_as}.{suffix}").read_bytes()
        except FileNotFoundError:
            return None

    def _write(self, name: str, data: bytes) -> None:
        draft = self._path / f".{name}.part"
        draft.touch(mode=0o600)
        draft.write_bytes(data)
        draft.replace(self._path / name)

    def _purge(self) -> None:
        for kept_as in self._ids()[: -self._keep]:
            for suffix in ("json", "eml"):
                (self._path / f"{kept_as}.{suffix}").unlink(missing_ok=True)


def _facts(message: Message, at: datetime) -> dict[str, object]:
    facts: dict[str, object] = {
        "at": at.isoformat(),
        "message_id": message.id,
        "to": message.to,
        "text": message.text,
    }
    if not isinstance(message, Email):
        return facts | {"kind": "sms", "sender": message.sender or ""}
    part = message.calendar
    return facts | {
        "kind": "email",
        "to_name": message.to_name,
        "sender": message.sender,
        "sender_name": message.sender_name,
        "subject": message.subject,
        "html": message.html,
        "calendar_method": part.method if part else None,
        "calendar": part.ics.decode("utf-8") if part else None,
    }


def _captured(kept_as: str, facts: dict[str, Any]) -> Captured:
    at = datetime.fromisoformat(facts.pop("at"))
    ics = facts.pop("calendar", None)
    return Captured(id=kept_as, at=at, calendar=ics.encode("utf-8") if ics else None, **facts)
