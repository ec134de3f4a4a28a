"""The loop the outbox is measured against: the same mail, built and sent over one kept connection, and forgotten."""

import time
from datetime import UTC, datetime
from email.message import EmailMessage
from smtplib import SMTP
from typing import Any

from icalendar import Calendar, Event, vCalAddress

SENDER = "discussions@exampleshire.example"


def sent(mails: list[dict[str, Any]], port: int) -> float:
    """Seconds a mail: build it, hand it over, forget it."""
    with SMTP("127.0.0.1", port) as server:
        started = time.perf_counter()
        for mail in mails:
            server.send_message(_mail(mail))
        return (time.perf_counter() - started) / len(mails)


def built(mails: list[dict[str, Any]]) -> float:
    """Seconds a mail to build it alone."""
    started = time.perf_counter()
    for mail in mails:
        _mail(mail).as_bytes()
    return (time.perf_counter() - started) / len(mails)


def _mail(mail: dict[str, Any]) -> EmailMessage:
    plain, link, entry = mail["plain"], mail["link"], mail["entry"]
    message = EmailMessage()
    message["Message-ID"] = f"<m{plain.id}@exampleshire.example>"
    message["From"], message["To"] = f"Strategy discussions <{SENDER}>", f'"{plain.to_name}" <{plain.address}>'
    message["Date"], message["Subject"] = datetime.now(UTC), plain.subject
    message.set_content(plain.text.replace("{link}", link))
    message.add_alternative(plain.html.replace("{link}", link), subtype="html")
    calendar = _calendar(entry, plain, link)
    kept: dict[str, Any] = {
        "maintype": "text",
        "subtype": "calendar",
        "params": {"method": "REQUEST", "charset": "utf-8"},
    }
    message.add_alternative(calendar, **kept)
    message.add_attachment(calendar, maintype="application", subtype="ics", filename="invite.ics")
    return message


def _calendar(entry: Any, plain: Any, link: str) -> bytes:
    event = Event()
    for name, value in (("uid", entry.uid), ("dtstamp", datetime.now(UTC)), ("sequence", plain.sequence)):
        event.add(name, value)
    event.add("dtstart", entry.starts_at)
    event.add("dtend", entry.ends_at)
    event.add("summary", f"Multi-agency meeting {entry.reference}")
    lines = [f"{entry.council}: multi-agency meeting {entry.reference}", "Who is coming, and how to join:", link]
    lines += [f"Join: {entry.join_url}", f"Convened by {entry.convener}.", f"Is this genuine? Ring {entry.call_back}."]
    event.add("description", "\n".join(lines))
    event.add("location", entry.join_url or entry.place or "")
    event.add("url", link)
    for name, value in (("class", "PRIVATE"), ("status", "CONFIRMED"), ("transp", "OPAQUE")):
        event.add(name, value)
    event.add("organizer", vCalAddress(f"mailto:{SENDER}"))
    attendee = vCalAddress(f"mailto:{entry.attendee}")
    attendee.params |= {"CN": entry.attendee_name, "ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION"}
    event.add("attendee", attendee)
    calendar = Calendar()
    for name, text in (("prodid", "-//Bare//EN"), ("version", "2.0"), ("method", "REQUEST")):
        calendar.add(name, text)
    calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written
