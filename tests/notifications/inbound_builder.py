"""Builds inbound mails and winmail.dat files byte by byte. No test."""

import base64
import struct
from uuid import UUID

MEETING = UUID("6ed8da90-450b-101b-98da-00aa003f1305")
APPOINTMENT = UUID("00062002-0000-0000-c000-000000000046")
IDENTITY = bytes.fromhex("040000008200e00074c5b7101a82e008")
HEAD = "From: clerk@oakfield.example\nTo: meetings@northshire.example\nSubject: {}\nMIME-Version: 1.0\n"


def mail(body: str = "", subject: str = "Thursday", headers: str = "", kind: str = "text/plain") -> bytes:
    """A mail of one part from a school's clerk; ``headers`` are whole lines."""
    return f"{HEAD.format(subject)}{headers}Content-Type: {kind}\n\n{body}".replace("\n", "\r\n").encode()


def with_part(body: bytes, kind: str, encoding: str = "8bit", more: str = "", subject: str = "Accepted") -> bytes:
    """A mail whose only part is these bytes, as they stand or as base64."""
    head = f"{HEAD.format(subject)}Content-Type: {kind}\nContent-Transfer-Encoding: {encoding}\n{more}\n"
    written = base64.encodebytes(body) if encoding == "base64" else body
    return head.replace("\n", "\r\n").encode() + written


def calendar(*lines: str, method: str = "REPLY", before: str = "") -> str:
    """A VCALENDAR with one entry of these lines; the clerk accepts unless they say otherwise."""
    entry = lines or ("UID:one@northshire", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:clerk@oakfield.example")
    whole = ["BEGIN:VCALENDAR", f"METHOD:{method}", *before.splitlines(), "BEGIN:VEVENT", *entry]
    return "\r\n".join([*whole, "END:VEVENT", "END:VCALENDAR", ""])


def answer(*lines: str, method: str = "REPLY", before: str = "") -> bytes:
    """A mail that is such a calendar."""
    return with_part(calendar(*lines, method=method, before=before).encode(), f"text/calendar; method={method}")


def report(*blocks: str, returned: str = "", said: str = "undelivered") -> bytes:
    """A delivery report (RFC 3464) with these recipients' blocks and the headers that came back."""
    parts = [f"--b\n\n{said}\n", "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n"]
    parts += [f"\n{block}\n" for block in blocks]
    parts += [f"--b\nContent-Type: text/rfc822-headers\n\n{returned}\n"] if returned else []
    head = "From: MAILER-DAEMON@mx.example\nTo: meetings@northshire.example\nSubject: Undelivered Mail\n"
    kind = "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
    return (head + kind + "".join(parts) + "--b--\n").replace("\n", "\r\n").encode()


def failed(status: str, said: str = "", address: str = "gone@surgery.example") -> bytes:
    """A report that one address failed with this status and the server's words."""
    diagnostic = f"\nDiagnostic-Code: smtp; {said}" if said else ""
    return report(f"Final-Recipient: rfc822; {address}\nAction: failed\nStatus: {status}{diagnostic}")


def tnef(message_class: str, *properties: bytes, attachment: bytes = b"") -> bytes:
    """A winmail.dat (MS-OXTNEF §2.1): version, code page, message class, properties."""
    found = [_object(0x9006, struct.pack("<I", 0x10000)), _object(0x9007, struct.pack("<II", 1252, 0))]
    found.append(_object(0x8008, message_class.encode() + b"\0"))
    found.append(_object(0x9003, struct.pack("<I", len(properties)) + b"".join(properties)))
    if attachment:
        found += [_object(0x9002, bytes(14), level=2), _object(0x800F, attachment, level=2)]
    return b"\x78\x9f\x3e\x22\x01\x00" + b"".join(found)


def _object(name: int, data: bytes, level: int = 1) -> bytes:
    return struct.pack("<BHHI", level, name, 6, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def named(group: UUID, number: int, kind: int, value: bytes) -> bytes:
    """A named property: 2 short flags, 3 numbers, 11 booleans, 64 times, 258 bytes by their MAPI types."""
    return struct.pack("<HH", kind, 0x8000 + number % 0x1000) + group.bytes_le + struct.pack("<II", 0, number) + value


def binary(value: bytes) -> bytes:
    """A value of bytes, counted and padded."""
    return struct.pack("<II", 1, len(value)) + value + bytes(-len(value) % 4)


def identity(uid: str | None, day: bytes = bytes(4)) -> bytes:
    """Outlook's identity of a meeting (MS-OXOCAL §2.2.1.27), another program's UID within or 16 bytes of its own."""
    data = b"vCal-Uid\x01\0\0\0" + uid.encode() + b"\0" if uid else bytes(range(16))
    return IDENTITY + day + bytes(16) + struct.pack("<I", len(data)) + data


def filetime(seconds_since_1601: int) -> bytes:
    """A time (MS-DTYP §2.3.3)."""
    return struct.pack("<Q", seconds_since_1601 * 10_000_000)


def winmail(data: bytes, subject: str = "Accepted: meeting") -> bytes:
    """A mail that carries only a winmail.dat."""
    return with_part(data, "application/ms-tnef; name=winmail.dat", "base64", subject=subject)
