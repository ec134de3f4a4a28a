"""Holds who is on duty at a desk when: shifts, overrides and fixed entries become stretches, and what they leave open.

Shifts are civil time in London, stretches UTC. A shift belongs to the day it begins on: a night is the evening's.
It knows no names and reads no files.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from strategy.rules.working_time import Calendar, OpeningHours, Window, local_day

Span = tuple[datetime, datetime]

_DAY = timedelta(days=1)
_WEEK = 7


@dataclass(frozen=True, slots=True)
class Shift:
    """Somebody's turn: on ``weekdays`` (0 is Monday) of every ``every``-th week from ``first`` to ``last``.

    Weeks are counted from the one ``first`` lies in, Monday to Sunday. Without weekdays it happens once, on ``first``.
    ``last`` None: without end. ``person`` is any number that tells people apart.
    """

    person: int
    window: Window
    first: date
    last: date | None = None
    weekdays: frozenset[int] = frozenset()
    every: int = 1

    @property
    def repeats(self) -> bool:
        """Whether it is a turn that comes again."""
        return bool(self.weekdays)

    def days(self, first: date, last: date) -> Iterator[date]:
        """The days from ``first`` to ``last``, both included, on which it begins; bank holidays are not asked about."""
        ends = self.first if not self.repeats else self.last
        day, end = max(first, self.first), last if ends is None else min(last, ends)
        while day <= end:
            if self._falls_on(day):
                yield day
            day += _DAY

    def _falls_on(self, day: date) -> bool:
        if not self.repeats:
            return day == self.first
        return day.weekday() in self.weekdays and (_monday(day) - _monday(self.first)).days // _WEEK % self.every == 0


@dataclass(frozen=True, slots=True)
class Stretch:
    """Somebody on duty without a break, UTC."""

    person: int
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Override:
    """What is different for a span.

    With ``instead_of`` that person's turns within it are ``person``'s (None: nobody's). Without, everybody's turns
    within it fall away and ``person`` is on duty for the whole of it, day and night.
    """

    starts_at: datetime
    ends_at: datetime
    person: int | None = None
    instead_of: int | None = None


def duty(
    shifts: Iterable[Shift],
    fixed: Iterable[Stretch],
    overrides: Iterable[Override],
    start: datetime,
    end: datetime,
    off: Collection[date] = (),
) -> tuple[Stretch, ...]:
    """Who is on duty from ``start`` to ``end``, in order; each stretch with its true ends, also beyond the window.

    ``overrides`` come in the order in which they were made: a later one overrides an earlier one too. On the days of
    ``off`` no repeating shift begins; what was entered for one day stands. Stretches of one person that touch are one.
    """
    first, last = local_day(start) - _DAY, local_day(end) + _DAY
    found = [*fixed, *(turn for shift in shifts for turn in _turns(shift, first, last, off))]
    for override in overrides:
        found = _overridden(found, override)
    everybody = {stretch.person for stretch in found}
    whole = [stretch for person in everybody for stretch in _of(person, found)]
    inside = [one for one in whole if one.starts_at < end and start < one.ends_at]
    return tuple(sorted(inside, key=lambda one: (one.starts_at, one.ends_at, one.person)))


def gaps(
    hours: OpeningHours, calendar: Calendar, stretches: Iterable[Stretch], start: datetime, end: datetime
) -> tuple[Span, ...]:
    """When a desk is open and nobody is on duty at it, between the two, UTC and in order."""
    left = hours.open_spans(start, end, calendar)
    for stretch in stretches:
        left = _without(left, (stretch.starts_at, stretch.ends_at))
    return joined(left)


def days_off(hours: OpeningHours, calendar: Calendar) -> frozenset[date]:
    """The days on which a desk's repeating shifts do not begin: bank holidays, unless the desk is open on them."""
    return frozenset() if hours.open_on_bank_holidays else calendar.holidays


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same time as spans that neither overlap nor touch, in order."""
    found: list[Span] = []
    for begins, ends in sorted(spans):
        if found and begins <= found[-1][1]:
            found[-1] = (found[-1][0], max(ends, found[-1][1]))
        else:
            found.append((begins, ends))
    return tuple(found)


def _turns(shift: Shift, first: date, last: date, off: Collection[date]) -> Iterator[Stretch]:
    for day in shift.days(first, last):
        begins, ends = shift.window.on(day)
        # on the night the clocks go forward a short turn may have no time left
        if begins < ends and not (shift.repeats and day in off):
            yield Stretch(shift.person, begins, ends)


def _overridden(stretches: Iterable[Stretch], override: Override) -> list[Stretch]:
    span = (override.starts_at, override.ends_at)
    found: list[Stretch] = []
    for stretch in stretches:
        if override.instead_of not in (None, stretch.person):
            found.append(stretch)
            continue
        found += [replace(stretch, starts_at=a, ends_at=b) for a, b in _without([_span(stretch)], span)]
        if override.instead_of is not None and override.person is not None:
            found += [Stretch(override.person, a, b) for a, b in _within(_span(stretch), span)]
    if override.instead_of is None and override.person is not None:
        found.append(Stretch(override.person, *span))
    return found


def _of(person: int, stretches: Iterable[Stretch]) -> list[Stretch]:
    mine = (_span(stretch) for stretch in stretches if stretch.person == person)
    return [Stretch(person, begins, ends) for begins, ends in joined(mine)]


def _span(stretch: Stretch) -> Span:
    return stretch.starts_at, stretch.ends_at


def _within(span: Span, other: Span) -> list[Span]:
    begins, ends = max(span[0], other[0]), min(span[1], other[1])
    return [(begins, ends)] if begins < ends else []


def _without(spans: Iterable[Span], taken: Span) -> list[Span]:
    """What is left of spans when another is taken out of them."""
    left = []
    for begins, ends in spans:
        parts = [(begins, min(ends, taken[0])), (max(begins, taken[1]), ends)]
        left += [part for part in parts if part[0] < part[1]]
    return left


def _monday(day: date) -> date:
    return day - _DAY * day.weekday()
