"""The values that go out: an email, its calendar part, a text. Holds no transport and no wording."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from email.headerregistry import Address

from notifications.gsm import normalise

# Our id travels as a Message-ID, an SMTP ENVID (RFC 3461 xtext) and the last step of a callback URL,
# so it may hold only what means the same, unescaped, in all three.
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_ADDRESS = re.compile(r"[!-?A-~]+@[A-Za-z0-9.-]+")
_E164 = re.compile(r"\+[1-9]\d{6,14}")
# Extra headers that cannot contradict the ones the message itself is made of.
_FREE_HEADER = re.compile(r"X-[A-Za-z0-9-]+|In-Reply-To|References|Importance")
_METHOD_LINE = re.compile(rb"^METHOD:([A-Z-]+)\r$", re.MULTILINE)
BARE_LINE_END = re.compile(rb"(?<!\r)\n|\r(?!\n)")


def one_line(text: str) -> str:
    """Text made fit for a header: every run of white space or control characters becomes one space.

    Collapsing rather than refusing, because a name typed with a line break in it must neither forge a
    header nor stop an urgent message. Nor may it hold an encoded word (RFC 2047 §2): the mail library decodes
    those when a header is set, line breaks within them included, so the two signs that begin one are parted.
    """
    spaced = "".join(" " if ord(char) < 0x20 or 0x7F <= ord(char) < 0xA0 else char for char in text)
    return " ".join(spaced.encode("utf-8", "replace").decode("utf-8").replace("=?", "= ?").split())


def _check(pattern: re.Pattern[str], value: str, what: str) -> None:
    """Refuse a value of the wrong shape with ValueError; the value itself stays out of the message."""
    if not pattern.fullmatch(value):
        raise ValueError(f"{what} has the wrong shape")


def _check_address(value: str, what: str) -> None:
    _check(_ADDRESS, value, what)
    Address(addr_spec=value)  # raises ValueError for what the mail library could not write back


@dataclass(frozen=True, slots=True)
class CalendarPart:
    """An iTIP object: `method` as in its METHOD property, `ics` bytes with CRLF line ends (RFC 5545 §3.1).

    Raises ValueError when the two disagree or a bare CR or LF is left: receivers drop both kinds silently.
    """

    method: str
    ics: bytes

    def __post_init__(self) -> None:
        if BARE_LINE_END.search(self.ics):
            raise ValueError("calendar bytes have a bare line end")
        if _METHOD_LINE.findall(self.ics) != [self.method.encode("ascii")]:
            raise ValueError("calendar METHOD and MIME method differ")


@dataclass(frozen=True, slots=True)
class Email:
    """One email to one recipient. Names and subject become one line; bad ids and addresses raise ValueError.

    `automatic` says that nobody is asked for an answer (a receipt, a digest). Only then is the mail marked
    `Auto-Submitted` (RFC 3834): ticket systems behind shared inboxes park mail so marked, which an
    invitation must never be, and an out-of-office reply to an invitation is worth having.
    """

    id: str
    to: str
    sender: str
    subject: str
    text: str
    to_name: str = ""
    sender_name: str = ""
    reply_to: str | None = None
    html: str | None = None
    calendar: CalendarPart | None = None
    automatic: bool = False
    headers: tuple[tuple[str, str], ...] = field(default=())

    def __post_init__(self) -> None:
        _check(_ID, self.id, "message id")
        _check_address(self.to, "recipient")
        _check_address(self.sender, "sender")
        if self.reply_to is not None:
            _check_address(self.reply_to, "reply address")
        for name, _ in self.headers:
            _check(_FREE_HEADER, name, "header name")
        for name in ("subject", "to_name", "sender_name"):
            object.__setattr__(self, name, one_line(getattr(self, name)))
        object.__setattr__(self, "headers", tuple((name, one_line(value)) for name, value in self.headers))


@dataclass(frozen=True, slots=True)
class Sms:
    """One text to one phone, `to` in E.164. The text is normalised to GSM-7 where that loses nothing.

    `sender` None means the channel's own. `valid_for`: after this a text still waiting at the provider is
    dropped instead of arriving when it no longer helps (1 second to 10 hours at Twilio). Raises ValueError.
    """

    id: str
    to: str
    text: str
    sender: str | None = None
    valid_for: timedelta | None = None

    def __post_init__(self) -> None:
        _check(_ID, self.id, "message id")
        _check(_E164, self.to, "recipient")
        object.__setattr__(self, "text", normalise(self.text))
        if not self.text:
            raise ValueError("a text needs words")


Message = Email | Sms
