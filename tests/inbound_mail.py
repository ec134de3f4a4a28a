"""Holds mails as partners' programs send them, in answer to an invitation of ours, and takes them in."""

from datetime import datetime
from email.message import EmailMessage

from notifications.inbound_mail import read
from strategy import ics
from strategy.act import Act
from strategy.commands import receiving
from strategy.commands.receiving import Received
from strategy.models import Invitation
from strategy.vocabulary import Via
from tests.convened import LATER

ORGANISER = "discussions@exampleshire.example"


def calendar_answer(
    invitation: Invitation,
    partstat: str,
    *,
    attendee: str | None = None,
    sender: str | None = None,
    sequence: int | None = 0,
    method: str = "REPLY",
    times: tuple[datetime, datetime] | None = None,
    extra: str = "",
) -> bytes:
    """What a calendar sends when somebody presses its button. ``sender`` is the whole From."""
    who = attendee or invitation.email
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Example//Calendar//EN",
        f"METHOD:{method}",
        "BEGIN:VEVENT",
        f"UID:{ics.uid(invitation)}",
        "DTSTAMP:20261127T130000Z",
        *([] if sequence is None else [f"SEQUENCE:{sequence}"]),
        *([] if times is None else [f"DTSTART:{times[0]:%Y%m%dT%H%M%SZ}", f"DTEND:{times[1]:%Y%m%dT%H%M%SZ}"]),
        f"ATTENDEE;PARTSTAT={partstat}{extra}:mailto:{who}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    mail = _mail(sender or f"MASH desk <{who}>", f"{partstat.title()}: Multi-agency meeting")
    mail.set_content("")
    part = "\n".join([*lines, ""]).encode()
    mail.add_alternative(part, maintype="text", subtype="calendar", params={"method": method}, cte="7bit")
    return mail.as_bytes()


def written(sender: str, words: str, *, in_reply_to: str | None = None, subject: str = "Re: meeting") -> bytes:
    """What a person writes; ``in_reply_to`` is our message's id, like m12."""
    mail = _mail(sender, subject)
    if in_reply_to is not None:
        mail["In-Reply-To"] = f"<{in_reply_to}@exampleshire.example>"
    mail.set_content(words)
    return mail.as_bytes()


def automatic(sender: str, words: str, *, in_reply_to: str | None = None) -> bytes:
    """What a mailbox answers while its owner is away."""
    mail = written(sender, words, in_reply_to=in_reply_to, subject="Automatic reply: meeting")
    return b"Auto-Submitted: auto-replied\n" + mail


def report(address: str, *, action: str, status: str, envelope: str | None) -> bytes:
    """What a mail server writes about a mail of ours (RFC 3464)."""
    fields = [
        "Reporting-MTA: dns; mail.police.example",
        *([] if envelope is None else [f"Original-Envelope-Id: {envelope}"]),
    ]
    fields += ["", f"Final-Recipient: rfc822; {address}", f"Action: {action}", f"Status: {status}", ""]
    head = [
        "From: Mail Delivery System <MAILER-DAEMON@mail.police.example>",
        f"To: {ORGANISER}",
        "Subject: Delivery status",
        f"Message-ID: <{action}{status}{envelope}@mail.police.example>",
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="x"',
        "",
        "--x",
        "Content-Type: text/plain",
        "",
        "About your mail.",
        "--x",
        "Content-Type: message/delivery-status",
        "",
    ]
    return "\r\n".join([*head, *fields, "--x--", ""]).encode()


def take_in(raw: bytes, at: datetime = LATER) -> Received:
    """Take it in, as the worker does. In the caller's transaction."""
    return receiving.receive(read(raw), raw, Act(by="Strategy discussions", at=at, via=Via.WORKER))


def _mail(sender: str, subject: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, ORGANISER, subject
    mail["Message-ID"] = f"<{abs(hash((sender, subject)))}@mail.example>"
    return mail
