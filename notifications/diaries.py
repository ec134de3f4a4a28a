"""Reads somebody's diary from where it is kept: a published iCalendar address or a CalDAV collection. Keeps nothing."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from notifications import caldav
from notifications.busy_times import BusyTimes, Span, Window
from notifications.destinations import Guard, NotRead, Unacceptable, Unreachable
from notifications.guarded import Answer, Request, fetch

__all__ = ["Guard", "Kind", "NotRead", "Reading", "Source", "Unacceptable", "Unreachable", "Window", "read"]

_OK, _PARTS, _UNCHANGED = 200, 207, 304
_LATER = frozenset({408, 425, 429})
_LONGEST_HEADER = 200
_ICALENDAR = re.compile(rb"\s*BEGIN:VCALENDAR\b", re.IGNORECASE)
_MARK = b"\xef\xbb\xbf"
_ANSWERS = {
    400: "The server does not understand the question: it may be another kind of address.",
    401: "The server refused the user name or the password.",
    403: "The server does not let us read this diary.",
    404: "There is no diary at this address.",
    405: "There is no CalDAV at this address.",
    410: "There is no diary at this address any more.",
    501: "There is no CalDAV at this address.",
}


class Kind(StrEnum):
    """How a diary is asked for."""

    ICAL = "ical"
    CALDAV = "caldav"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a diary is kept. ``etag`` and ``modified`` are what the last reading brought, to ask for news only."""

    kind: Kind
    address: str = field(repr=False)
    username: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    etag: str | None = None
    modified: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a diary says: busy spans (aware UTC, inside the window, they may overlap) and entries left out."""

    spans: tuple[Span, ...]
    skipped: int
    etag: str | None = None
    modified: str | None = None


def read(source: Source, window: Window, guard: Guard) -> Reading | None:
    """Read a diary now; None when the server says that nothing changed. Raises Unreachable or Unacceptable."""
    answer = fetch(_request(source, window), guard)
    if answer.status == _UNCHANGED and (source.etag or source.modified):
        return None
    expected = _PARTS if source.kind is Kind.CALDAV else _OK
    if answer.status != expected:
        raise _judged(answer)
    busy = BusyTimes(window)
    for text in caldav.calendars(answer.body) if source.kind is Kind.CALDAV else [_published(answer.body)]:
        busy.add(text)
    etag, modified = _header(answer, "etag"), _header(answer, "last-modified")
    return Reading(tuple(busy.spans), busy.skipped, etag, modified)


def _request(source: Source, window: Window) -> Request:
    if source.kind is Kind.CALDAV:
        body = caldav.query(window.start, window.end)
        return Request(source.address, caldav.METHOD, body, caldav.HEADERS, source.username, source.password)
    headers = {"Accept": "text/calendar, */*;q=0.5"}
    if source.etag:
        headers["If-None-Match"] = source.etag
    elif source.modified:
        headers["If-Modified-Since"] = source.modified
    return Request(source.address, headers=headers, username=source.username, password=source.password)


def _published(body: bytes) -> str:
    """The text of a calendar file, told by what is in it: servers say all manner of types. Raises Unacceptable."""
    plain = body.removeprefix(_MARK)
    if _ICALENDAR.match(plain) is None:
        page = plain.lstrip()[:1] == b"<"
        what = "a web page (is it the page that shows the diary?)" if page else "something else"
        raise Unacceptable(f"There is no calendar at this address but {what}.")
    if b"END:VCALENDAR" not in plain.upper():
        raise Unreachable("The calendar ends in the middle.")
    return plain.decode("utf-8", "replace")


def _judged(answer: Answer) -> NotRead:
    words = _ANSWERS.get(answer.status)
    if words is not None:
        return Unacceptable(words)
    if answer.status >= 500 or answer.status in _LATER:
        return Unreachable("The server is too busy or out of order.", _again(answer))
    return Unacceptable(f"The server answered with the code {answer.status}, which is not a diary.")


def _again(answer: Answer) -> timedelta | None:
    given = answer.headers.get("retry-after", "")
    short = given.isascii() and given.isdigit() and len(given) < 6
    return timedelta(seconds=int(given)) if short else None


def _header(answer: Answer, name: str) -> str | None:
    """A header to be sent back some day; one too long to keep is forgotten."""
    value = answer.headers.get(name)
    return value if value and len(value) <= _LONGEST_HEADER else None
