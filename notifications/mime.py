"""An Email as RFC 5322 bytes, the one form that SMTP sends and capture keeps. Sends nothing."""

from base64 import encodebytes
from binascii import b2a_qp
from datetime import datetime
from email.headerregistry import Address
from email.policy import SMTP
from email.utils import format_datetime
from functools import lru_cache
from secrets import token_hex

from notifications.messages import BARE_LINE_END, CalendarPart, Email

# cte_type 7bit: the bytes pass any server unchanged, so no 8BITMIME is needed and no relay re-encodes them.
_POLICY = SMTP.clone(cte_type="7bit")


def message_id(email: Email, domain: str) -> str:
    """The same for every attempt at the same message, so that a receiver can tell a repeat."""
    return f"<{email.id}@{domain}>"


def to_bytes(email: Email, domain: str, at: datetime) -> bytes:
    """The message with CRLF line ends, 7-bit. `at` is aware and becomes the Date header.

    With a calendar: multipart/mixed(multipart/alternative(text, html, text/calendar; method=…), .ics), the
    shape Outlook, Gmail and Apple Mail all show buttons for. The calendar travels as base64, which keeps its
    CRLFs and folds; the attachment is application/ics, so that no client counts the object twice.

    The parts are put together here, since EmailMessage takes its headers apart and together again for each; every
    header with words in it is still folded by the library, once for all the mails that share it. Raises ValueError
    where a line end of somebody's own came through: what follows it would be read as a header of ours.
    """
    parts = [_text("plain", email.text)]
    if email.html is not None:
        parts.append(_text("html", email.html))
    if email.calendar is not None:
        parts.append(_calendar(email.calendar))
    body = parts[0] if len(parts) == 1 else _multipart("alternative", parts)
    if email.calendar is not None:
        body = _multipart("mixed", [body, _attachment(email.calendar)])
    raw = _headers(email, domain, at) + b"MIME-Version: 1.0\r\n" + body
    if BARE_LINE_END.search(raw):
        raise ValueError("a line end came through into the message")
    return raw


def _headers(email: Email, domain: str, at: datetime) -> bytes:
    named = [
        ("Message-ID", message_id(email, domain)),
        ("Date", format_datetime(at)),
        ("From", _mailbox(email.sender_name, email.sender)),
        ("To", _mailbox(email.to_name, email.to)),
    ]
    if email.reply_to is not None:
        named.append(("Reply-To", _mailbox("", email.reply_to)))
    named.append(("Subject", email.subject))
    if email.automatic:
        named.append(("Auto-Submitted", "auto-generated"))
        named.append(("X-Auto-Response-Suppress", "All"))  # Exchange's word for the same (MS-OXCMAIL §2.1.3.2.20)
    own = ("Message-ID", "Date")  # of one mail alone, and plain ASCII
    lines = [f"{name}: {value}\r\n" if name in own else _folded(name, value) for name, value in named]
    return "".join([*lines, *(_folded(name, value) for name, value in email.headers)]).encode("ascii")


@lru_cache(maxsize=1024)
def _mailbox(name: str, address: str) -> str:
    return str(Address(name, addr_spec=address))


@lru_cache(maxsize=1024)
def _folded(name: str, value: str) -> str:
    """A header as it travels: RFC 2047 where it is not ASCII, folded. Shared by the invitees of one discussion."""
    folded: str = _POLICY.fold(*_POLICY.header_store_parse(name, value))
    return folded


def _text(subtype: str, text: str) -> bytes:
    """Quoted-printable: readable in a raw mail, and no line longer than a server takes."""
    lines = text.encode("utf-8").splitlines()
    # encoded line by line: an "=" for a line end would be taken as part of the text
    body = b"".join(b2a_qp(line, istext=True).replace(b"=\n", b"=\r\n") + b"\r\n" for line in lines)
    return _part(f'text/{subtype}; charset="utf-8"', "quoted-printable", body)


def _calendar(part: CalendarPart) -> bytes:
    return _part(f'text/calendar; method={part.method}; charset="utf-8"', "base64", _base64(part.ics))


def _attachment(part: CalendarPart) -> bytes:
    described = b'Content-Disposition: attachment; filename="invite.ics"\r\n'
    return described + _part("application/ics", "base64", _base64(part.ics))


def _base64(raw: bytes) -> bytes:
    return encodebytes(raw).replace(b"\n", b"\r\n")


def _part(kind: str, encoding: str, body: bytes) -> bytes:
    return f"Content-Type: {kind}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n".encode("ascii") + body


def _multipart(subtype: str, parts: list[bytes]) -> bytes:
    """The parts between boundaries that stand in none of them: neither encoding used here knows "=_"."""
    boundary = f"=_{token_hex(16)}"
    mark = f"--{boundary}\r\n".encode("ascii")
    head = f'Content-Type: multipart/{subtype};\r\n boundary="{boundary}"\r\n\r\n'.encode("ascii")
    return head + b"".join(mark + part + b"\r\n" for part in parts) + mark[:-2] + b"--\r\n"
