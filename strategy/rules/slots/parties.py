"""Holds who is asked and when they can: one desk's or person's time as sets of steps, and what stands in their way."""

from collections.abc import Iterator, Sequence
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
class Cover:
    """Who stands in for a party at times for which nobody before them is open. ``key`` tells whose time it is."""

    key: str
    name: str
    time: Availability


@dataclass(frozen=True)
class Party:
    """Somebody asked in one role, for whom any of ``members`` can come; out of all their hours the first of ``covers``
    that is open, at no other time.

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
    covers: Sequence[Cover] = ()

    @cached_property
    def open(self) -> int:
        """The steps in which any of them is open: those in which an invitation is read."""
        found = 0
        for member in self.members:
            found |= member.open
        return found

    def can(self, length: int) -> int:
        """The steps at which a discussion of so many can begin, for one of them is free for their part of it."""
        first, last = self._asked_for(length)
        found = 0
        for member in self.members:
            found |= runs(member.free, last - first) >> first
        for cover, steps in self.standing_in(length):
            found |= runs(cover.time.free, last - first) >> first & steps
        return found

    def standing_in(self, length: int) -> Iterator[tuple[Cover, int]]:
        """Each who stands in, with the steps at which a discussion of so many begins that is asked of them, be they
        free or not.
        """
        first, last = self._asked_for(length)
        taken = 0
        for member in self.members if self.covers else ():
            taken |= runs(member.open, last - first) >> first
        for cover in self.covers:
            steps = runs(cover.time.open, last - first) >> first & ~taken
            taken |= steps
            yield cover, steps

    def _asked_for(self, length: int) -> tuple[int, int]:
        """The first step of their part, and the one after its last, in a discussion of so many."""
        return (0, length) if self.part is None else (self.part[0] // STEP, -(-self.part[1] // STEP))

    def needed(self, starts_at: datetime, ends_at: datetime) -> tuple[datetime, datetime]:
        """When they are needed in a discussion held then."""
        return (starts_at, ends_at) if self.part is None else (starts_at + self.part[0], starts_at + self.part[1])

    def window(self, grid: Grid, starts_at: datetime, ends_at: datetime) -> int:
        """The steps of their part of it."""
        return grid.touched((self.needed(starts_at, ends_at),))

    def cover(self, window: int) -> Cover | None:
        """Who is asked instead for a window of steps; None where a member is open for all of it, or nobody is."""
        if any(not window & ~member.open for member in self.members):
            return None
        return next((one for one in self.covers if not window & ~one.time.open), None)

    def open_to(self, window: int) -> int:
        """The steps in which an invitation for that window is read: the open time of whoever is asked for it."""
        cover = self.cover(window)
        return self.open if cover is None else cover.time.open

    def hindrance(self, window: int) -> Hindrance | None:
        """What stands in the way in a window of steps: of several members, that of whom is nearest to coming."""
        cover = self.cover(window)
        if cover is not None:
            return cover.time.hindrance(window)
        found = {member.hindrance(window) for member in self.members}
        if None in found:
            return None
        return next((one for one in _EASIEST_FIRST if one in found), Hindrance.SHUT)


@dataclass(frozen=True, slots=True)
class Covered:
    """A party that can be there at a time through whoever stands in for it."""

    party: Party
    cover: Cover


@dataclass(frozen=True, slots=True)
class Missing:
    """A party that cannot be there at a time, and why."""

    party: Party
    why: Hindrance


def missing(parties: Sequence[Party], grid: Grid, starts_at: datetime, ends_at: datetime) -> tuple[Missing, ...]:
    """Who cannot be there, for their part, at a time within the grid; in the order they were asked."""
    found = ((party, party.hindrance(party.window(grid, starts_at, ends_at))) for party in parties)
    return tuple(Missing(party, why) for party, why in found if why is not None)
