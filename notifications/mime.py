"""An Email as RFC 5322 bytes, the one form that SMTP sends and capture keeps. Sends nothing."""

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from notifications.messages import CalendarPart, Email

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
    """
    message = EmailMessage(policy=_POLICY)
    _add_headers(message, email, domain, at)
    message.set_content(email.text, cte="quoted-printable")
    if email.html is not None:
        message.add_alternative(email.html, subtype="html", cte="quoted-printable")
    if email.calendar is not None:
        _add_calendar(message, email.calendar)
    return message.as_bytes(policy=_POLICY)


def _add_headers(message: EmailMessage, email: Email, domain: str, at: datetime) -> None:
    message["Message-ID"] = message_id(email, domain)
    message["Date"] = at
    message["From"] = Address(email.sender_name, addr_spec=email.sender)
    message["To"] = Address(email.to_name, addr_spec=email.to)
    if email.reply_to is not None:
        message["Reply-To"] = Address(addr_spec=email.reply_to)
    message["Subject"] = email.subject
    if email.automatic:
        message["Auto-Submitted"] = "auto-generated"
        message["X-Auto-Response-Suppress"] = "All"  # Exchange's word for the same wish (MS-OXCMAIL §2.1.3.2.20)
    for name, value in email.headers:
        message[name] = value


def _add_calendar(message: EmailMessage, part: CalendarPart) -> None:
    message.add_alternative(
        part.ics,
        maintype="text",
        subtype="calendar",
        params={"method": part.method, "charset": "utf-8"},
        cte="base64",
    )
    message.add_attachment(part.ics, maintype="application", subtype="ics", filename="invite.ics", cte="base64")
