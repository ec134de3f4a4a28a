"""Messages the tests of this folder send. Holds no assertion."""

from datetime import UTC, datetime
from typing import Any

from notifications.messages import CalendarPart, Email, Sms

NOW = datetime(2026, 11, 26, 14, 30, tzinfo=UTC)
DOMAIN = "council.example"


def now() -> datetime:
    return NOW


def calendar(method: str = "REQUEST") -> CalendarPart:
    lines = ("BEGIN:VCALENDAR", "VERSION:2.0", f"METHOD:{method}", "END:VCALENDAR", "")
    return CalendarPart(method, "\r\n".join(lines).encode())


def email(**changes: Any) -> Email:
    facts: dict[str, Any] = {
        "id": "m-17",
        "to": "duty@police.example",
        "to_name": "Duty desk",
        "sender": "discussions@council.example",
        "sender_name": "Exampleshire Council",
        "subject": "Answer by 1:45pm: multi-agency meeting (K7QD)",
        "text": "Someone who can decide is needed.\n\nhttps://x.example/ABCDEFGHJKMNP\n",
        "html": "<p>Someone who can decide is needed.</p>",
    }
    return Email(**(facts | changes))


def sms(**changes: Any) -> Sms:
    facts: dict[str, Any] = {"id": "m-18", "to": "+447700900123", "text": "Reply A47 yes D47 deputy N47 no"}
    return Sms(**(facts | changes))
