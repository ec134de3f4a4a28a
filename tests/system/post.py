"""Holds reading what arrived at the mail server and at the text provider. No assertion."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import TypeVar

from tests.system.product import Providers

_LINK = re.compile(r"http://127\.0\.0\.1:\d+/a/[A-Z0-9]+")
Found = TypeVar("Found")


@dataclass(frozen=True)
class Mail:
    """One mail as its reader has it."""

    id: str
    to: str
    subject: str
    text: str
    calendars: tuple[bytes, ...]  # text/calendar parts, decoded
    method: str | None  # the parameter of the first of them

    @property
    def link(self) -> str:
        """The partner's link in it. Raises LookupError without one."""
        return link_in(self.text)


def link_in(text: str) -> str:
    """The partner's link in a mail or a text. Raises LookupError without one."""
    found = _LINK.search(text)
    if found is None:
        raise LookupError(f"no link in: {text}")
    return found.group()


def mails(providers: Providers, to: str | None = None) -> list[Mail]:
    """What arrived by mail, oldest first; only to one address if said."""
    read = [_read(raw) for raw in list(providers.mail.mailbox.raw)]
    return [mail for mail in read if to is None or mail.to == to]


def texts(providers: Providers, to: str | None = None) -> list[str]:
    """What arrived by text, oldest first; only to one number if said."""
    return [form["Body"] for form in list(providers.twilio.forms) if to is None or form["To"] == to]


def awaited(find: Callable[[], Found], seconds: float = 30.0) -> Found:
    """What ``find`` finds, once it finds anything. Raises AssertionError when it takes longer."""
    until = time.monotonic() + seconds
    while not (found := find()):
        if time.monotonic() > until:
            raise AssertionError(f"nothing came within {seconds:.0f} seconds")
        time.sleep(0.1)
    return found


def _read(raw: bytes) -> Mail:
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain",))
    calendars = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    method = calendars[0].get_param("method") if calendars else None
    return Mail(
        id=str(message["Message-ID"]),
        to=message["To"].addresses[0].addr_spec,
        subject=str(message["Subject"]),
        text="" if body is None else str(body.get_content()),
        calendars=tuple(bytes(part.get_payload(decode=True) or b"") for part in calendars),
        method=None if method is None else str(method),
    )
