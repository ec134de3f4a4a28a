"""Cuts an iCalendar object into its entries' lines, tolerating what no library does. What they mean is itip's.

It works on lines and parses nothing else, so that one broken line never loses an answer, and a calendar of ten
thousand lines costs no more than reading them.
"""

import re
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

_MAX_LINES = 20_000
_MAX_LINE = 20_000
_BREAK = re.compile(r"\r\n|\n|\r|\u2028|\u0085")
_BEGIN = re.compile(r"[ \t]{0,40}BEGIN:[ \t]{0,9}VCALENDAR", re.IGNORECASE)
_PROPERTY = re.compile(r"[A-Za-z][A-Za-z0-9-]*[;:]")
_PERSON = re.compile(r':\s*(?="?\s*mailto:)', re.IGNORECASE)
_FRAME = re.compile(r"(?:BEGIN|END|METHOD):", re.IGNORECASE)
_ENTRIES = frozenset({"VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY"})
_HALVES = frozenset({"STANDARD", "DAYLIGHT"})
_KEPT = frozenset(
    {
        "BEGIN",
        "END",
        "METHOD",
        "PRODID",
        "X-WR-TIMEZONE",
        "UID",
        "SEQUENCE",
        "RECURRENCE-ID",
        "DTSTART",
        "DTEND",
        "DUE",
        "DURATION",
        "ATTENDEE",
        "ORGANIZER",
        "COMMENT",
        "DESCRIPTION",
        "X-MS-OLK-ORIGINALSTART",
        "TZID",
        "TZOFFSETTO",
        "RRULE",
    }
)
_ESCAPES = re.compile(r"\\([\\;,nN:\"])")
_CARETS = re.compile(r"\^([n^'])")


@dataclass(frozen=True, slots=True)
class Line:
    """One property: name and parameter names upper-case, quotes off, the value as it stands."""

    name: str
    parameters: Mapping[str, str]
    value: str


@dataclass(slots=True)
class Entry:
    """The lines of one entry, or of one half of a time zone's definition."""

    kind: str
    lines: list[Line] = field(default_factory=list)

    def get(self, name: str) -> Line | None:
        """The first line of that name."""
        return next((line for line in self.lines if line.name == name), None)

    def every(self, name: str) -> list[Line]:
        """All lines of that name, in order."""
        return [line for line in self.lines if line.name == name]

    def text(self, name: str) -> str | None:
        """The first value of that name, unescaped and trimmed; None where there is none or it is blank."""
        found = self.get(name)
        return (unescaped(found.value).strip() or None) if found else None


@dataclass(slots=True)
class CalendarObject:
    """One VCALENDAR: its own lines, its entries, and the halves of each time zone it defines, by name."""

    head: Entry = field(default_factory=lambda: Entry("VCALENDAR"))
    entries: list[Entry] = field(default_factory=list)
    zones: dict[str, list[Entry]] = field(default_factory=dict)

    @property
    def method(self) -> str:
        """Upper-case, or empty."""
        return (self.head.text("METHOD") or "").upper()


def unescaped(value: str) -> str:
    """TEXT of RFC 5545 §3.3.11 as plain text."""
    return _ESCAPES.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)


def objects(text: str) -> Iterator[CalendarObject]:
    """Every VCALENDAR in the text, whatever stands before it (a gateway's banner) or is missing at its end."""
    builder: _Builder | None = None
    for raw in _unfolded(text):
        line = _line(raw)
        if line is None:
            continue
        if line.name == "BEGIN" and line.value.strip().upper() == "VCALENDAR":
            if builder:
                yield builder.made
            builder = _Builder()
        elif builder:
            builder.take(line)
    if builder:
        yield builder.made


def _unfolded(text: str) -> Iterator[str]:
    """Whole lines from the first calendar on. A fold that lost its space is mended, if what follows is no property."""
    begin = _BEGIN.search(text)
    if begin is None:
        return
    whole, text = "", text[begin.start() :]
    for line in _BREAK.split(textwrap.dedent(text) if text[0] in " \t" else text, _MAX_LINES)[:_MAX_LINES]:
        if line[:1] in (" ", "\t") and whole:
            whole += line[1:] if len(whole) < _MAX_LINE else ""
        elif _PROPERTY.match(line):
            if whole:
                yield whole
            whole = line[:_MAX_LINE]
        elif line.strip() and len(whole) < _MAX_LINE and not _FRAME.match(whole):
            whole += line
    if whole:
        yield whole


def _line(raw: str) -> Line | None:
    found = _PROPERTY.match(raw)
    if found is None:
        return None
    name, rest = found[0][:-1].upper(), raw[found.end() - 1 :]
    at = _colon(name, rest) if name in _KEPT else -1
    return None if at < 0 else Line(name, _parameters(rest[:at]), rest[at + 1 :].strip())


def _colon(name: str, rest: str) -> int:
    """Where the value begins. Names in CN hold colons and quotes that nobody escaped, so that people go by mailto."""
    if name in ("ATTENDEE", "ORGANIZER"):
        people = list(_PERSON.finditer(rest))
        if people:
            return people[-1].start()
    quoted = False
    for at, letter in enumerate(rest):
        if letter == '"':
            quoted = not quoted
        elif letter == ":" and not quoted:
            return at
    return rest.find(":")


def _parameters(text: str) -> dict[str, str]:
    given: dict[str, str] = {}
    for piece in _pieces(text):
        name, equals, value = piece.partition("=")
        if equals:
            given.setdefault(name.strip().upper(), _bare(value))
    return given


def _pieces(text: str) -> Iterator[str]:
    """What stands between semicolons outside quotes."""
    quoted, piece = False, ""
    for letter in text:
        if letter == '"':
            quoted = not quoted
        if letter == ";" and not quoted:
            yield piece
            piece = ""
        else:
            piece += letter
    yield piece


def _bare(value: str) -> str:
    """Quotes off, the carets of RFC 6868 read."""
    said = value.strip()
    if said.count('"') == 2 and said[0] == said[-1] == '"':
        said = said[1:-1]
    return _CARETS.sub(lambda found: {"n": "\n", "^": "^", "'": '"'}[found[1]], said)


class _Builder:
    """Puts lines where they belong. Alarms and what nobody knows are passed over; missing ENDs do no harm."""

    def __init__(self) -> None:
        self.made = CalendarObject()
        self._into: Entry | None = self.made.head
        self._zone: list[Entry] = []
        self._ignored: list[str] = []

    def take(self, line: Line) -> None:
        word = line.value.strip().upper()
        if line.name == "BEGIN":
            self._begin(word)
        elif line.name == "END":
            self._end(word)
        elif line.name == "TZID" and self._into is None and not self._ignored:
            self.made.zones[line.value.strip(' "')] = self._zone
        elif self._into is not None and not self._ignored:
            self._into.lines.append(line)

    def _begin(self, word: str) -> None:
        if word in _ENTRIES:
            self._ignored.clear()
            self._into = Entry(word)
            self.made.entries.append(self._into)
        elif word == "VTIMEZONE":
            self._ignored.clear()
            self._into, self._zone = None, []
        elif word in _HALVES:
            self._into = Entry(word)
            self._zone.append(self._into)
        else:
            self._ignored.append(word)

    def _end(self, word: str) -> None:
        if word in self._ignored:
            del self._ignored[self._ignored.index(word) :]
        elif word in _HALVES:
            self._into = None
        elif word in _ENTRIES or word == "VTIMEZONE":
            self._ignored.clear()
            self._into = self.made.head
