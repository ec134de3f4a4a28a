"""Holds how tests write a calendar file: plain lines in, the bytes of an .ics out."""


def event(uid: str, title: str, begins: str, ends: str = "", *more: str) -> str:
    """One event; ``begins`` and ``ends`` are what stands after DTSTART and DTEND, with their parameters."""
    lines = [f"UID:{uid}", f"SUMMARY:{title}", f"DTSTART{_value(begins)}"]
    if ends:
        lines.append(f"DTEND{_value(ends)}")
    return "\r\n".join(["BEGIN:VEVENT", *lines, *more, "END:VEVENT"])


def calendar(*events: str, method: str = "PUBLISH") -> bytes:
    """A whole file."""
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Example//Rota//EN", f"METHOD:{method}"]
    return "\r\n".join([*head, *events, "END:VCALENDAR", ""]).encode()


def _value(text: str) -> str:
    return text if text.startswith(";") else f":{text}"
