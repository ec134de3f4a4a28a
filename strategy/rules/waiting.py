"""Holds the counting of children who wait for a discussion. Which children wait is queries' to say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """One child whose clock runs: the child is the unit, whatever the number of discussions."""

    id: int
    started_at: datetime
    warn_at: datetime | None
    due_at: datetime


@dataclass(frozen=True, slots=True)
class WaitingFigures:
    """Who waits, by id, the longest first; ``warned`` are not yet past due. The longest wait is in clock minutes."""

    waiting: tuple[int, ...]
    warned: tuple[int, ...]
    past_due: tuple[int, ...]
    longest_id: int | None
    longest_minutes: int | None


def waiting(rows: Sequence[WaitingRow], now: datetime) -> WaitingFigures:
    """Children waiting at ``now``, those past the warning, those past due, and the longest wait."""
    ordered = sorted(rows, key=lambda row: (row.started_at, row.id))
    past = tuple(row.id for row in ordered if row.due_at < now)
    warned = (row.id for row in ordered if row.warn_at is not None and row.warn_at <= now <= row.due_at)
    longest = ordered[0] if ordered else None
    return WaitingFigures(
        waiting=tuple(row.id for row in ordered),
        warned=tuple(warned),
        past_due=past,
        longest_id=longest.id if longest else None,
        longest_minutes=max(now - longest.started_at, timedelta()) // timedelta(minutes=1) if longest else None,
    )


def faces_tonight(*, safe: bool, booked_for: datetime | None, midnight: datetime) -> bool:
    """Whether a child that waits (decided, no discussion held) faces tonight with nothing written that keeps it safe.

    ``midnight`` is the coming local one; a discussion booked for before it comes in time. Source: domain section 11,
    number 1, which is also why a contact nobody has decided is not counted here: it is number 2.
    """
    return not safe and (booked_for is None or booked_for >= midnight)
