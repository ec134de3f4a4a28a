"""Holds what a desk board works out: how long it stays open, and which of its meetings clash. It knows no rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

LONGEST: Final = timedelta(hours=12)  # the longest shift; without a rota, every one
SHORTEST: Final = timedelta(hours=1)  # opened as one shift hands over to the next


@dataclass(frozen=True, slots=True)
class Seat:
    """One meeting as the desk has to fill it: ``key`` names it, ``who`` goes as recorded, None for nobody named.

    ``free``: nobody of theirs goes, they have said, so that it is in nothing's way.
    """

    key: int
    reference: str
    starts_at: datetime
    ends_at: datetime
    who: str | None = None
    free: bool = False


@dataclass(frozen=True, slots=True)
class Clash:
    """Another meeting of the desk at the same time; ``who`` is named for both, None where that is not so."""

    reference: str
    starts_at: datetime
    ends_at: datetime
    who: str | None = None


def open_until(turn_ends: Iterable[datetime], now: datetime) -> datetime:
    """Until when a board opened now stays open: the end of the turn on the rota, else twelve hours.

    ``turn_ends`` are the ends of those on duty now. Source: domain sections 1 and 12 (one code a shift); decision 0033.
    """
    end = max(turn_ends, default=now + LONGEST)
    return min(max(end, now + SHORTEST), now + LONGEST)


def clashes(seats: Sequence[Seat]) -> Mapping[int, list[Clash]]:
    """By key, the other meetings at the same time, those with the same person first; no key for none.

    Meetings that only touch do not clash.
    """
    found: dict[int, list[Clash]] = {}
    for seat in seats:
        others = [_clash(seat, other) for other in seats if _overlap(seat, other)]
        if others:
            found[seat.key] = sorted(others, key=lambda one: (one.who is None, one.starts_at, one.reference))
    return found


def _overlap(seat: Seat, other: Seat) -> bool:
    if seat.key == other.key or seat.free or other.free:
        return False
    return seat.starts_at < other.ends_at and other.starts_at < seat.ends_at


def _clash(seat: Seat, other: Seat) -> Clash:
    same = bool(seat.who) and same_name(seat.who or "", other.who or "")
    return Clash(other.reference, other.starts_at, other.ends_at, seat.who if same else None)


def same_name(one: str, other: str) -> bool:
    """Whether two names as people type them are one."""
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()
