"""Holds the counting of working days and of a desk's open time. What is due when is in rules.targets and rules.chase.

Moments go in aware and come out UTC; days and windows are civil time in London, where two days a year have 23 or 25
hours. A naive moment raises ValueError.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Self
from zoneinfo import ZoneInfo

LONDON: Final = ZoneInfo("Europe/London")
DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY: Final = timedelta(days=1)
_SEARCH: Final = 366
_SATURDAY: Final = 5

PlainHours = Mapping[str, bool | Sequence[str]]


def local_day(moment: datetime) -> date:
    """The civil date of a moment in London. Raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("a naive datetime names no moment")
    return moment.astimezone(LONDON).date()


def is_skipped(local: datetime) -> bool:
    """Whether London's clocks never show that time: they jump over an hour on the last Sunday of March."""
    there = local.replace(tzinfo=LONDON)
    return there.astimezone(UTC).astimezone(LONDON).replace(tzinfo=None) != local.replace(tzinfo=None)


def at_local(day: date, hour: time) -> datetime:
    """The moment, UTC, at which London's clocks show that time on that day (the first, where they show it twice)."""
    return datetime.combine(day, hour, LONDON).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days an authority works: Monday to Friday less bank holidays, less its own closure days."""

    holidays: frozenset[date] = frozenset()
    closure_days: frozenset[date] = frozenset()
    close_of_business: time = time(17)
    open_of_business: time = time(9)

    def is_working_day(self, day: date, local: bool = True) -> bool:
        """Whether the authority works. Closure days count only for ``local`` limits, never for national ones."""
        if day.weekday() >= _SATURDAY or day in self.holidays:
            return False
        return not (local and day in self.closure_days)

    def add_working_days(self, day: date, count: int, local: bool = True) -> date:
        """The ``count``-th working day after ``day``, which is day 0 whether or not it is worked.

        Raises ValueError for a negative count.
        """
        if count < 0:
            raise ValueError("working days are counted forward only")
        while count:
            day += _DAY
            count -= self.is_working_day(day, local)
        return day

    @property
    def office_hours(self) -> "OpeningHours":
        """The authority's own week. Its closure days are known to ``is_working_day`` only."""
        return OpeningHours.weekdays(self.open_of_business, self.close_of_business)

    def close_of(self, day: date) -> datetime:
        """Close of business on that day, UTC."""
        return at_local(day, self.close_of_business)

    def after(self, moment: datetime, count: int, local: bool = True) -> datetime:
        """Close of business on the ``count``-th working day after the local day of ``moment``, UTC."""
        return self.close_of(self.add_working_days(local_day(moment), count, local))


@dataclass(frozen=True, slots=True)
class Window:
    """A span of a day in which a desk answers. Closing at or before it opens means closing on the next day."""

    opens: time
    closes: time

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "09:00-17:00". Raises ValueError for anything else."""
        opens, dash, closes = text.partition("-")
        if not dash:
            raise ValueError(f"opening hours are written 09:00-17:00, not {text!r}")
        window = cls(time.fromisoformat(opens.strip()), time.fromisoformat(closes.strip()))
        if window.opens.tzinfo or window.closes.tzinfo:
            raise ValueError("opening hours are local: they carry no time zone")
        return window

    def __str__(self) -> str:
        return f"{self.opens:%H:%M}-{self.closes:%H:%M}"

    def on(self, day: date) -> tuple[datetime, datetime]:
        """The window's two moments when it opens on that day, UTC."""
        last = day + _DAY if self.closes <= self.opens else day
        return at_local(day, self.opens), at_local(last, self.closes)


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """A desk's week, Monday first. A window belongs to the day it opens on."""

    week: tuple[tuple[Window, ...], ...]
    open_on_bank_holidays: bool = False

    @classmethod
    def always(cls) -> Self:
        """Open day and night, bank holidays too."""
        return cls(((Window(time(0), time(0)),),) * 7, open_on_bank_holidays=True)

    @classmethod
    def weekdays(cls, opens: time, closes: time) -> Self:
        """Open Monday to Friday at those hours, shut on bank holidays."""
        return cls(((Window(opens, closes),),) * 5 + ((),) * 2)

    @classmethod
    def from_plain(cls, plain: PlainHours) -> Self:
        """Read what to_plain writes. Days left out are shut. Raises ValueError for what it cannot read."""
        unknown = set(plain) - {*DAYS, "bank_holidays"}
        if unknown:
            raise ValueError(f"opening hours know no {', '.join(sorted(unknown))}")
        return cls(tuple(_windows(plain.get(day, ())) for day in DAYS), plain.get("bank_holidays", False) is True)

    def to_plain(self) -> dict[str, bool | list[str]]:
        """The week as JSON can hold it: {"mon": ["09:00-17:00"], …, "bank_holidays": false}."""
        days = {day: [str(window) for window in windows] for day, windows in zip(DAYS, self.week, strict=True)}
        return {**days, "bank_holidays": self.open_on_bank_holidays}

    def is_open(self, moment: datetime, calendar: Calendar) -> bool:
        """Whether the desk answers at that moment; at the very moment of closing it no longer does."""
        return any(opens <= moment < closes for opens, closes in self._stretches(moment, 1, calendar))

    def next_open(self, moment: datetime, calendar: Calendar) -> datetime | None:
        """That moment if the desk is open, else when it opens next, UTC. None if it does not within a year."""
        for opens, closes in self._stretches(moment, _SEARCH, calendar):
            if closes > moment:
                return max(opens, moment.astimezone(UTC))
        return None

    def open_time(self, start: datetime, end: datetime, calendar: Calendar) -> timedelta:
        """How long the desk is open from ``start`` to ``end``; nothing when ``end`` is not after ``start``."""
        days = (local_day(end) - local_day(start)).days + 1
        total = timedelta()
        for opens, closes in self._stretches(start, days, calendar):
            total += max(min(closes, end) - max(opens, start), timedelta())
        return total

    def open_minutes(self, start: datetime, end: datetime, calendar: Calendar) -> int:
        """Whole open minutes from ``start`` to ``end``, rounded down."""
        return self.open_time(start, end, calendar) // timedelta(minutes=1)

    def spans(self, start: datetime, end: datetime, calendar: Calendar) -> list[tuple[datetime, datetime]]:
        """The stretches the desk is open between two moments, in order, none overlapping, UTC."""
        days = (local_day(end) - local_day(start)).days + 1
        found = self._stretches(start, days, calendar)
        return [(max(opens, start), min(closes, end)) for opens, closes in found if opens < end and start < closes]

    def after_open(self, start: datetime, span: timedelta, calendar: Calendar) -> datetime | None:
        """The first moment by which the desk has been open for ``span`` since ``start``, UTC.

        None if a year passes first. Raises ValueError for a negative span.
        """
        if span < timedelta():
            raise ValueError("open time is counted forward only")
        if not span:
            return start.astimezone(UTC)
        for opens, closes in self._stretches(start, _SEARCH, calendar):
            begins = max(opens, start.astimezone(UTC))
            if closes - begins >= span:
                return begins + span
            span -= max(closes - begins, timedelta())
        return None

    def open_spans(self, start: datetime, end: datetime, calendar: Calendar) -> list[tuple[datetime, datetime]]:
        """The spans within which the desk is open from ``start`` to ``end``, cut off there, UTC and in order."""
        days = (local_day(end) - local_day(start)).days + 1
        cut = ((max(opens, start), min(closes, end)) for opens, closes in self._stretches(start, days, calendar))
        return [(opens, closes) for opens, closes in cut if opens < closes]

    def _stretches(self, start: datetime, days: int, calendar: Calendar) -> Iterator[tuple[datetime, datetime]]:
        """Open stretches in order, none overlapping, from the evening before ``start`` for so many days."""
        first = local_day(start) - _DAY
        reached = datetime.min.replace(tzinfo=UTC)
        for day in (first + _DAY * count for count in range(days + 1)):
            if day in calendar.holidays and not self.open_on_bank_holidays:
                continue
            for opens, closes in sorted(window.on(day) for window in self.week[day.weekday()]):
                if closes > max(opens, reached):
                    yield max(opens, reached), closes
                    reached = closes


def _windows(texts: bool | Sequence[str]) -> tuple[Window, ...]:
    if isinstance(texts, bool | str):
        raise ValueError("a day's opening hours are a list of windows")
    return tuple(Window.parse(text) for text in texts)


def elapsed_words(start: datetime, end: datetime) -> str:
    """Clock time between two moments, to the minute below: "7 days 0 h 30 min", "22 h 10 min", "5 min".

    A day here is 24 hours, whatever the clocks do. Nothing passes backwards: an ``end`` before ``start`` is "0 min".
    """
    minutes = max(end - start, timedelta()) // timedelta(minutes=1)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days} day{'' if days == 1 else 's'} {hours} h {minutes} min"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
