"""Finds the calendar part of a mail wherever it stands, in winmail.dat too, and its answer. What it says is itip's."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice

from notifications.inbound_mail import calendar_lines, charsets, encodings, itip, tnef
from notifications.inbound_mail.calendar_lines import CalendarObject
from notifications.inbound_mail.letter import Letter
from notifications.inbound_mail.parts import Part
from notifications.readings import Kind, Reading

_MAX_FOUND = 20
_TYPES = frozenset(
    {"text/calendar", "application/ics", "text/x-vcalendar", "application/x-ical", "application/calendar", "text/ics"}
)
_ENDINGS = (".ics", ".ical", ".ifb", ".vcs", ".icalendar")
_BEGIN = re.compile(
    rb"B\x00?E\x00?G\x00?I\x00?N\x00?:[ \x00]{0,9}V\x00?C\x00?A\x00?L\x00?E\x00?N\x00?D\x00?A\x00?R(?=[\x00\s]|$)",
    re.IGNORECASE,
)
_ORDER = (*itip.ANSWERS, Kind.CANCEL, Kind.REQUEST)
# In quoted-printable it would be "PARTSTAT=3DACCEPTED": what names itself so but is not would lose its "=AC".
_NOT_QUOTED = re.compile(rb"PARTSTAT=[A-Z]", re.IGNORECASE)


def answer(letter: Letter, quoted: bool) -> Reading | None:
    """An attendee's answer, the first of the strongest kind. ``quoted``: also in a mail attached to this one."""
    found = _best(letter, itip.ANSWERS, quoted)
    return found or tnef.read(letter, itip.ANSWERS)


def organisers(letter: Letter) -> Reading | None:
    """A request or a cancellation: what an organiser sends. Our own, sent back beside somebody's words, is none."""
    wanted = (Kind.CANCEL, Kind.REQUEST)
    return _best(letter, wanted, quoted=False) or tnef.read(letter, wanted)


def _best(letter: Letter, wanted: tuple[Kind, ...], quoted: bool) -> Reading | None:
    found = [(kind, one) for kind, one in _all(letter, quoted) if kind in wanted and not _ours(kind, one, letter)]
    if not found:
        return None
    kind, one = min(found, key=lambda pair: _ORDER.index(pair[0]))
    return itip.read(one, kind, letter)


def _ours(kind: Kind, found: CalendarObject, letter: Letter) -> bool:
    """Whether whoever we are, the mail's receiver, made it: then it was only sent back."""
    made_by = itip.organiser(found)
    return kind not in itip.ANSWERS and made_by is not None and made_by in letter.said.recipients


def _all(letter: Letter, quoted: bool) -> Iterator[tuple[Kind, CalendarObject]]:
    """The mail's own objects before those of mails within it."""
    places = sorted(letter.root.walk(returned=quoted), key=lambda part: part.returned)
    for text, method in islice(_texts(places), _MAX_FOUND):
        for found in calendar_lines.objects(text):
            kind = itip.kind_of(found, method)
            if kind is not None:
                yield kind, found


def _texts(places: Sequence[Part]) -> Iterator[tuple[str, str | None]]:
    """Each calendar's text and the method its part names; those within a winmail.dat last."""
    for part in filter(_may_be, places):
        yield charsets.text(_body(part), part.charset), part.parameter("method")
    for body in chain.from_iterable(map(tnef.attached, places)):
        if _BEGIN.match(_bare(body[:400])):
            yield charsets.text(body, None), None


def _may_be(part: Part) -> bool:
    if part.children:
        return False
    if part.kind in _TYPES or part.filename.endswith(_ENDINGS):
        return True
    return part.kind in ("text/plain", "application/octet-stream") and bool(_BEGIN.match(_opening(part)))


def _opening(part: Part) -> bytes:
    """The first bytes of a body, past white space and a byte order mark."""
    encoding = str(part.headers.get("content-transfer-encoding", ""))
    return _bare(encodings.decoded(part.raw[:400], encoding))


def _bare(opening: bytes) -> bytes:
    return opening.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")


def _body(part: Part) -> bytes:
    """The body by the transfer encoding named; by another where only that makes a calendar of it."""
    raw = part.raw[: encodings.MAX_DECODED]
    body = raw if _NOT_QUOTED.search(raw) and _BEGIN.search(raw) else part.body()
    if _BEGIN.search(body):
        return body
    # A part without an empty line before its calendar has the lines among its headers.
    lines = "".join(f"{name}:{value}\n" for name, value in part.headers.items()).encode("utf-8", "replace")
    others = (
        lines,
        part.raw,
        encodings.base64(part.raw),
        encodings.decoded(part.raw, "quoted-printable"),
        encodings.base64(body),
    )
    return next((other[: encodings.MAX_DECODED] for other in others if _BEGIN.search(other)), body)
