"""Holds a few sensible times for a discussion: the next half hours at which those asked are open and free.

It weighs nothing else: a search over rotas and diaries is not here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from strategy.rules.working_time import Calendar, OpeningHours

_STEP = timedelta(minutes=30)
_LEAD = timedelta(minutes=15)  # sooner than this is "hold one now"
_AFTER_TARGET = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody asked: ``hours`` None is always open; ``busy`` are spans already taken, start and end."""

    name: str
    hours: OpeningHours | None = None
    busy: tuple[tuple[datetime, datetime], ...] = ()


@dataclass(frozen=True, slots=True)
class Slot:
    """A time, and who is shut or taken then, by name."""

    starts_at: datetime
    ends_at: datetime
    shut: tuple[str, ...]
    taken: tuple[str, ...]

    @property
    def everyone(self) -> bool:
        """Whether nobody is shut or taken."""
        return not self.shut and not self.taken


def quick(
    now: datetime, due_at: datetime, length: timedelta, parties: Sequence[Party], calendar: Calendar, count: int = 5
) -> tuple[Slot, ...]:
    """At most ``count`` times in order, those that suit everyone before those that suit most.

    They start before ``due_at``; once that is past, or closer than the next half hour, within three days from now.
    """
    clear: list[Slot] = []
    others: list[Slot] = []
    for start in _marks(now, due_at):
        slot = judge(start, start + length, parties, calendar)
        (clear if slot.everyone else others).append(slot)
        if len(clear) == count:
            break
    others.sort(key=lambda slot: (len(slot.shut) + len(slot.taken), slot.starts_at))
    chosen = clear + others[: count - len(clear)]
    return tuple(sorted(chosen, key=lambda slot: slot.starts_at))


def judge(starts_at: datetime, ends_at: datetime, parties: Sequence[Party], calendar: Calendar) -> Slot:
    """Who is shut, and who is taken, at that time. A desk that shuts before the end is shut."""
    last = ends_at - timedelta(minutes=1)
    shut = [
        party.name
        for party in parties
        if party.hours and not (party.hours.is_open(starts_at, calendar) and party.hours.is_open(last, calendar))
    ]
    taken = [party.name for party in parties if any(begin < ends_at and starts_at < end for begin, end in party.busy)]
    return Slot(starts_at, ends_at, tuple(shut), tuple(taken))


def _marks(now: datetime, due_at: datetime) -> Iterator[datetime]:
    """The half hours from now on, in order."""
    whole = now.replace(minute=0, second=0, microsecond=0)
    mark = next(m for m in (whole + _STEP * n for n in range(1, 5)) if m >= now + _LEAD)
    last = due_at if due_at >= mark else now + _AFTER_TARGET
    while mark <= last:
        yield mark
        mark += _STEP
