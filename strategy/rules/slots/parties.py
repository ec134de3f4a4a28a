"""Holds who is asked and when they can: one desk's or person's time as sets of steps, and what stands in their way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from strategy.rules.slots.steps import STEP, Grid, runs
from strategy.vocabulary import Hindrance


@dataclass(frozen=True)
class Availability:
    """When one desk or person can be in a discussion; every field is a set of steps of the same grid.

    ``taken`` is where as many discussions as they have lines ask for them, ``duty`` where somebody is on duty (all of
    it where no rota is kept), ``busy`` what a diary says.
    """

    open: int
    duty: int
    taken: int = 0
    busy: int = 0

    @cached_property
    def free(self) -> int:
        """The steps in which nothing stands in the way."""
        return self.open & self.duty & ~self.taken & ~self.busy

    def hindrance(self, window: int) -> Hindrance | None:
        """What stands in the way in a window of steps; None when nothing does."""
        if window & ~self.open:
            return Hindrance.SHUT
        if window & ~self.duty:
            return Hindrance.OFF_DUTY
        if window & self.taken:
            return Hindrance.ASKED
        return Hindrance.BUSY if window & self.busy else None


# From what a phone call mends most easily to what it cannot.
_EASIEST_FIRST = (Hindrance.BUSY, Hindrance.ASKED, Hindrance.OFF_DUTY, Hindrance.SHUT)


@dataclass(frozen=True)
class Party:
    """Somebody asked in one role, for whom any of ``members`` can come.

    ``key`` tells parties apart; ``label`` is the role's words and ``name`` whom it is asked of. ``noticed``: their
    open time before the discussion counts as its notice (our own staff are asked by whoever books).
    ``stale_since`` is when a diary was last read that should have been read again since. ``part`` is from when until
    when after its start they are needed, where that is not all the discussion.
    """

    key: str
    role: str
    label: str
    name: str
    required: bool
    members: Sequence[Availability]
    noticed: bool = True
    stale_since: datetime | None = None
    part: tuple[timedelta, timedelta] | None = None

    @cached_property
    def open(self) -> int:
        """The steps in which any of them is open: those in which an invitation is read."""
        found = 0
        for member in self.members:
            found |= member.open
        return found

    def can(self, length: int) -> int:
        """The steps at which a discussion of so many can begin, for one of them is free for their part of it."""
        first, last = (0, length) if self.part is None else (self.part[0] // STEP, -(-self.part[1] // STEP))
        found = 0
        for member in self.members:
            found |= runs(member.free, last - first) >> first
        return found

    def needed(self, starts_at: datetime, ends_at: datetime) -> tuple[datetime, datetime]:
        """When they are needed in a discussion held then."""
        return (starts_at, ends_at) if self.part is None else (starts_at + self.part[0], starts_at + self.part[1])

    def hindrance(self, window: int) -> Hindrance | None:
        """What stands in the way in a window of steps: of several members, that of whom is nearest to coming."""
        found = {member.hindrance(window) for member in self.members}
        if None in found:
            return None
        return next((one for one in _EASIEST_FIRST if one in found), Hindrance.SHUT)


@dataclass(frozen=True, slots=True)
class Missing:
    """A party that cannot be there at a time, and why."""

    party: Party
    why: Hindrance


def missing(parties: Sequence[Party], grid: Grid, starts_at: datetime, ends_at: datetime) -> tuple[Missing, ...]:
    """Who cannot be there, for their part, at a time within the grid; in the order they were asked."""
    found = ((party, party.hindrance(grid.touched((party.needed(starts_at, ends_at),)))) for party in parties)
    return tuple(Missing(party, why) for party, why in found if why is not None)
