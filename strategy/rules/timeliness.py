"""Holds the counting of how soon children were discussed (domain section 11, measures 3 and 4); it selects no rows.

The cohort is what fell due in the period, held or not: those never held stay in the denominator.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from statistics import median

from strategy.rules.measures import percent


@dataclass(frozen=True, slots=True)
class DueRow:
    """One contact whose discussion fell due. ``held_at`` is the true start of its first joint discussion, if any.

    ``by_calls``: instead of one, there was a series of one-to-one calls. ``late_reason`` is the policy's code.
    """

    contact_id: int
    decided_at: datetime
    due_at: datetime
    held_at: datetime | None
    quorate: bool
    by_calls: bool = False
    late_reason: str | None = None

    @property
    def in_time(self) -> bool:
        """Whether it was held by its target."""
        return self.held_at is not None and self.held_at <= self.due_at


@dataclass(frozen=True, slots=True)
class Timeliness:
    """Contacts by what became of their target, as ids; waits are from the decision to the true start."""

    due: tuple[int, ...]
    held_in_time: tuple[int, ...]
    quorate_in_time: tuple[int, ...]
    held_late: tuple[int, ...]
    by_calls: tuple[int, ...]
    not_held: tuple[int, ...]
    median_wait: timedelta | None
    ninetieth_wait: timedelta | None
    longest_wait: timedelta | None

    @property
    def quorate_percent(self) -> int | None:
        """Held quorate by the target per hundred due; None when nothing was due."""
        return percent(len(self.quorate_in_time), len(self.due))


def timeliness(rows: Sequence[DueRow]) -> Timeliness:
    """Count a cohort."""

    def those(holds: Callable[[DueRow], bool]) -> tuple[int, ...]:
        return tuple(row.contact_id for row in rows if holds(row))

    waits = sorted(row.held_at - row.decided_at for row in rows if row.held_at is not None)
    return Timeliness(
        due=those(lambda row: True),
        held_in_time=those(lambda row: row.in_time),
        quorate_in_time=those(lambda row: row.in_time and row.quorate),
        held_late=those(lambda row: row.held_at is not None and not row.in_time),
        by_calls=those(_only_calls),
        not_held=those(lambda row: row.held_at is None and not row.by_calls),
        median_wait=_middle(waits) if waits else None,
        # the nearest rank: a wait somebody really had, not one between two
        ninetieth_wait=waits[ceil(len(waits) * 0.9) - 1] if waits else None,
        longest_wait=waits[-1] if waits else None,
    )


def _middle(waits: Sequence[timedelta]) -> timedelta:
    return timedelta(seconds=median(wait.total_seconds() for wait in waits))


def delays(rows: Sequence[DueRow]) -> dict[str | None, tuple[int, ...]]:
    """Contacts held late by the reason given, the commonest first; None where nobody has said why yet."""
    late = [row for row in rows if row.held_at is not None and not row.in_time]
    codes = {row.late_reason for row in late}
    found = {code: tuple(row.contact_id for row in late if row.late_reason == code) for code in codes}
    return dict(sorted(found.items(), key=lambda each: (-len(each[1]), each[0] or "")))


def _only_calls(row: DueRow) -> bool:
    return row.held_at is None and row.by_calls
