"""Reads a calendar file (iCalendar, RFC 5545) as a rota: plain events with the turns of the coming year.

It matches nobody and writes nothing down. A file comes from elsewhere and may be anything: its size, its rules and the
number of turns are bounded, and one event that cannot be read does not spoil the others.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from time import monotonic
from typing import Any, Final

import recurring_ical_events  # type: ignore[import-untyped]  # it ships no types
from icalendar import Calendar, Event

from strategy.clock import LONDON

MOST_BYTES: Final = 1_000_000
MOST_EVENTS: Final = 5_000
MOST_REPEATING: Final = 200
MOST_TURNS: Final = 2_000
AHEAD: Final = timedelta(days=366)
LONGEST: Final = timedelta(days=31)

_SECONDS = 10.0  # for one file; one rule that never matches may take one of them
_TITLE = 120  # characters shown of an event nobody understood
_UID = 255
_FIRST_YEAR = 2000
# What the parts of a file that is no calendar, or a broken one, make the parsers raise.
_BROKEN = (ValueError, KeyError, IndexError, AttributeError, TypeError, ArithmeticError)
# Rules of a rota. Others may be searched for years without a match, or match thousands of times a day.
_RULES = {
    "DAILY": {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY"},
    "WEEKLY": {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY"},
    "MONTHLY": {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYMONTHDAY", "BYSETPOS"},
}
_TIMES = ("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID")


class Unreadable(Exception):
    """The file is no rota. ``reason`` is a sentence for whoever sent it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Turn:
    """One occurrence of an event, UTC, as the file names it; ``attendees`` are (name, address)."""

    title: str
    attendees: tuple[tuple[str, str], ...]
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class FileEvent:
    """An event by its UID. Without turns it is cancelled, or over."""

    uid: str
    turns: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """An event, or one turn of it, that cannot be used, and why: a sentence without its full stop."""

    title: str
    when: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class RotaFile:
    """What a file says of the coming year, and what could not be read."""

    events: tuple[FileEvent, ...]
    problems: tuple[Problem, ...]


class _Unfit(Exception):
    """Why one event cannot be used."""


def read(content: bytes, now: datetime, seconds: Callable[[], float] = monotonic) -> RotaFile:
    """The turns that end after ``now`` and begin within a year. Raises Unreadable for a file that is no rota.

    Times without a zone, and whole days, are London's. A changed or cancelled day of a repeating event is honoured.
    """
    if len(content) > MOST_BYTES:
        raise Unreadable("The file is larger than 1 MB. Export fewer months, or the rota alone")
    events, problems, count, deadline = list[FileEvent](), list[Problem](), 0, seconds() + _SECONDS
    for uid, parts, cancelled in _series(_calendars(content)):
        if seconds() > deadline:
            raise Unreadable("The file takes too long to work out: too much in it repeats. Export the rota alone")
        try:
            turns = () if cancelled else tuple(_turns(parts, now, problems))
        except _Unfit as unfit:
            problems.append(Problem(_title(parts[0]), _begins(parts[0]), str(unfit)))
            continue
        events.append(FileEvent(uid, turns))
        count += len(turns)
        if count > MOST_TURNS:
            raise Unreadable(f"The file has more than {MOST_TURNS:,} turns in the coming year. Export fewer months")
    if not events and not problems:
        raise Unreadable("The file holds no events")
    return RotaFile(tuple(events), tuple(problems))


def _calendars(content: bytes) -> list[Calendar]:
    try:
        found = Calendar.from_ical(content.decode("utf-8-sig"), multiple=True)
    except UnicodeDecodeError:
        raise Unreadable("The file is no calendar: it is not plain text in UTF-8") from None
    except _BROKEN:
        raise Unreadable("The file is no calendar that can be read. Export it again as iCalendar (.ics)") from None
    calendars = [one for one in found if isinstance(one, Calendar)]
    if not calendars:
        raise Unreadable("The file is no calendar. Export the rota as iCalendar (.ics)")
    return calendars


def _series(calendars: Iterable[Calendar]) -> Iterator[tuple[str, list[Event], bool]]:
    """Each UID's components, the event itself first, and whether all of it is cancelled."""
    found: dict[str, list[Event]] = {}
    cancelled = set[str]()
    for calendar in calendars:
        for part in calendar.events:
            found.setdefault(_uid(part), []).append(part)
            if _word(calendar, "METHOD") == "CANCEL" or _word(part, "STATUS") == "CANCELLED" and not _is_change(part):
                cancelled.add(_uid(part))
    if len(found) > MOST_EVENTS or sum("RRULE" in part for parts in found.values() for part in parts) > MOST_REPEATING:
        limits = f"{MOST_EVENTS:,} events, or more than {MOST_REPEATING} that repeat"
        raise Unreadable(f"The file has more than {limits}. Export the rota alone")
    for uid, parts in found.items():
        yield uid, sorted(parts, key=_is_change), uid in cancelled


def _turns(parts: list[Event], now: datetime, problems: list[Problem]) -> Iterator[Turn]:
    """The turns of one event, in order; those that cannot be used go to ``problems``."""
    _refuse_unfit(parts)
    calendar = Calendar()
    for part in parts:
        calendar.add_component(part)
    window = (now - timedelta(days=2), now + AHEAD + timedelta(days=2))  # a day means London's, the search is by UTC
    try:
        found = recurring_ical_events.of(calendar).between(*window)
        turns = [(one, _moment(one.start), _moment(one.end)) for one in found if _word(one, "STATUS") != "CANCELLED"]
    except _BROKEN:
        raise _Unfit("its days cannot be worked out") from None
    for one, begins, ends in sorted(turns, key=lambda turn: turn[1]):
        if ends <= now or begins >= now + AHEAD:
            continue
        if begins < ends <= begins + LONGEST:
            yield Turn(_title(one), _attendees(one), begins, ends)
        else:
            reason = "it is longer than 31 days" if begins < ends else "it does not say when it ends"
            problems.append(Problem(_title(one), begins, reason))


def _refuse_unfit(parts: list[Event]) -> None:
    """Raise _Unfit for what must not be worked out, or would be worked out wrongly."""
    if _is_change(parts[0]):
        raise _Unfit("it changes one day of a repeating event that is not in the file")
    for part in parts:
        broken = [name for name, _ in part.errors if name in _TIMES]
        if broken:
            raise _Unfit(f"its {broken[0]} cannot be read")
        if "DTSTART" not in part:
            raise _Unfit("it does not say when it begins")
        for name in ("DTSTART", "DTEND"):
            _refuse_unknown_zone(part, name)
        first, last = _said(part, "DTSTART"), _said(part, "DTEND")
        if last is not None and _moment(last) < _moment(first):
            raise _Unfit("it ends before it begins")
        for rule in _listed(part.get("RRULE")):
            _refuse_rule(rule, first)


def _refuse_unknown_zone(part: Event, name: str) -> None:
    value = part.get(name)
    zone = value.params.get("TZID") if value is not None else None
    if zone and isinstance(value.dt, datetime) and value.dt.tzinfo is None:
        raise _Unfit("its time zone is not known")


def _refuse_rule(rule: Any, begins: date) -> None:
    frequency = str(_listed(rule.get("FREQ"))[0]).upper() if rule.get("FREQ") else ""
    plain = frequency in _RULES and {str(key).upper() for key in rule} <= _RULES[frequency]
    if not plain or any(int(step) < 1 for step in _listed(rule.get("INTERVAL"))):
        raise _Unfit("it repeats in a way that is not read here: let it repeat by days, weeks or months")
    if begins.year < _FIRST_YEAR:
        raise _Unfit(f"it has repeated since before {_FIRST_YEAR}")


def _said(part: Event, name: str) -> Any:
    """A date or moment as the file says it; None where it says none."""
    value: Any = part.get(name)
    return None if value is None else value.dt


def _moment(value: date) -> datetime:
    """UTC; without a zone London's, and a day is its midnight."""
    whole = value if isinstance(value, datetime) else datetime.combine(value, time())
    return (whole if whole.tzinfo else whole.replace(tzinfo=LONDON)).astimezone(UTC)


def _attendees(part: Event) -> tuple[tuple[str, str], ...]:
    people = _listed(part.get("ATTENDEE"))
    return tuple((str(one.params.get("CN", "")), str(one).partition(":")[2] or str(one)) for one in people)


def _title(part: Event) -> str:
    return " ".join(str(part.get("SUMMARY", "")).split())[:_TITLE]


def _begins(part: Event) -> datetime | None:
    try:
        return _moment(part.start)
    except _BROKEN:
        return None


def _uid(part: Event) -> str:
    """Its UID; one that is missing or does not fit is made from what it says."""
    uid = str(part.get("UID", "")).strip() or f"{_title(part)} {_begins(part)}"
    return uid if len(uid) <= _UID else sha256(uid.encode()).hexdigest()


def _is_change(part: Event) -> bool:
    """Whether it changes one day of a repeating event."""
    return "RECURRENCE-ID" in part


def _word(part: Any, name: str) -> str:
    return str(part.get(name, "")).upper()


def _listed(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]
