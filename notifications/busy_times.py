"""Reads iCalendar text into the spans somebody is busy within a window: repetitions unfolded, times and nothing else.

Free (transparent) and cancelled entries are no busy time; tentative ones are. Entries nobody can make sense of are
left out and counted. Fetching is diaries'.
"""

import re
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import count

import recurring_ical_events  # type: ignore[import-untyped]  # it ships no types
from icalendar import Calendar, vPeriod
from icalendar import Component as Entry

from notifications.destinations import Unacceptable
from notifications.diary_lines import Component, Zones, bearable, components

Span = tuple[datetime, datetime]

MOST_OCCURRENCES = 20_000
_SECONDS = 10.0  # for one diary; a broken rule alone may take some
_MARGIN = timedelta(days=1)  # more than any zone is from another, since entries without zone are compared as if UTC
_DIGITS = re.compile(r"\d{8}")


@dataclass(frozen=True, slots=True)
class Window:
    """From when to when is read, aware; ``local`` is the zone of times that name none, and of whole days."""

    start: datetime
    end: datetime
    local: tzinfo


class BusyTimes:
    """Collects what one diary says, out of any number of pieces of iCalendar text.

    ``spans`` are aware UTC, inside the window, in the order found, and may overlap. ``skipped`` counts entries that
    were left out because they make no sense.
    """

    def __init__(
        self, window: Window, seconds: Callable[[], float] = time.monotonic, most: int = MOST_OCCURRENCES
    ) -> None:
        self.spans: list[Span] = []
        self.skipped = 0
        self._window = window
        self._most = most
        self._occurrences = 0
        self._seconds = seconds
        self._deadline = seconds() + _SECONDS

    def add(self, text: str) -> None:
        """Take in one calendar file. Raises Unacceptable when it holds more than anybody's diary could."""
        zones, series, without_uid = Zones(), dict[str, list[Component]](), count()
        for one in components(text):
            if one.name == "VTIMEZONE":
                zones.define(one)
            elif one.name == "VFREEBUSY":
                self._take_published(one)
            else:
                series.setdefault(one.get("UID") or f" {next(without_uid)}", []).append(one)
        for entries in series.values():
            if self._seconds() > self._deadline:
                raise Unacceptable("The diary takes too long to work out: too much in it repeats too often.")
            self._take_series(entries, zones)

    def _take_series(self, entries: list[Component], zones: Zones) -> None:
        """Unfold the entries of one UID, which may replace each other."""
        if len(entries) == 1 and self._outside(entries[0]):
            return
        if not all(map(bearable, entries)):
            self.skipped += len(entries)
            return
        try:
            found = list(self._unfolded(entries, zones))
        except Exception:  # the libraries fail in many ways on what people's calendars hold
            self.skipped += len(entries)
            return
        self._occurrences += len(found)
        if self._occurrences > self._most:
            raise Unacceptable(f"The diary holds more than {self._most:,} entries in the coming weeks.")
        self._take(found)

    def _unfolded(self, entries: Iterable[Component], zones: Zones) -> Iterator[Span]:
        calendar = _calendar(entries, zones)
        start, end = self._window.start - _MARGIN, self._window.end + _MARGIN
        for entry in recurring_ical_events.of(calendar, skip_bad_series=False).between(start, end):
            if _is_busy(entry):
                yield self._moment(entry["DTSTART"].dt), self._moment(entry["DTEND"].dt)

    def _take_published(self, component: Component) -> None:
        """A diary published as busy times alone: periods in UTC."""
        for line in component.properties:
            if line.parameters.get("FBTYPE", "BUSY").upper() == "FREE":
                continue
            for text in line.value.split(","):
                try:
                    self._take([self._period(text)])
                except (ValueError, TypeError, AttributeError):
                    self.skipped += 1

    def _period(self, text: str) -> Span:
        start, end = vPeriod.from_ical(text)  # type: ignore[no-untyped-call]  # the vendor leaves it so
        return self._moment(start), self._moment(start + end if isinstance(end, timedelta) else end)

    def _take(self, spans: Iterable[Span]) -> None:
        for begins, ends in spans:
            inside = max(begins, self._window.start), min(ends, self._window.end)
            if inside[0] < inside[1]:
                self.spans.append(inside)

    def _moment(self, value: date) -> datetime:
        """A moment in UTC: a day begins at local midnight, a time without zone is local."""
        if not isinstance(value, datetime):
            value = datetime(value.year, value.month, value.day, tzinfo=self._window.local)
        elif value.tzinfo is None:
            value = value.replace(tzinfo=self._window.local)
        return value.astimezone(UTC)

    def _outside(self, entry: Component) -> bool:
        """Whether a lone entry is plainly not in the window, told from its digits: years of past are passed over."""
        if any(entry.get(name) is not None for name in ("RECURRENCE-ID", "RDATE")):
            return False
        begins, ends = _day(entry.get("DTSTART")), _day(entry.get("DTEND"))
        if begins is not None and begins > f"{self._window.end + 2 * _MARGIN:%Y%m%d}":
            return True
        return entry.get("RRULE") is None and ends is not None and ends < f"{self._window.start - 2 * _MARGIN:%Y%m%d}"


def _day(value: str | None) -> str | None:
    found = _DIGITS.match(value or "")
    return found[0] if found else None


def _calendar(entries: Iterable[Component], zones: Zones) -> Calendar:
    resolved = [zones.resolved(one) for one in entries]
    definitions = {zone.get("TZID"): zone for _, needed in resolved for zone in needed}
    inner = [one.text() for one in (*definitions.values(), *(entry for entry, _ in resolved))]
    text = "\r\n".join(
        ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Strategy Discussions//EN", *inner, "END:VCALENDAR", ""]
    )
    calendar = Calendar.from_ical(text)
    if any(component.errors for component in calendar.walk()):
        raise ValueError("a line could not be read")
    return calendar


def _is_busy(entry: Entry) -> bool:
    free = str(entry.get("TRANSP", "OPAQUE")).strip().upper() == "TRANSPARENT"
    return not free and str(entry.get("STATUS", "")).strip().upper() != "CANCELLED"
