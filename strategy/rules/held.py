"""Holds the counting of quorum over discussions that were held (measure 5, domain section 11); it selects no rows.

An emergency exception is reasoned and followed up, and still not quorate. A series of one-to-one calls is no joint
discussion, whoever was rung, and stands apart from both.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from strategy.rules.measures import percent
from strategy.vocabulary import QuorumOutcome


@dataclass(frozen=True, slots=True)
class HeldRow:
    """A discussion that was held; ``outcome`` None where an old one was recorded without."""

    id: int
    outcome: QuorumOutcome | None
    by_calls: bool
    follow_up_open: bool = False


@dataclass(frozen=True, slots=True)
class HeldFigures:
    """Discussions held, as ids. ``met``, ``not_met`` and ``exception`` share ``joint`` out; ``by_calls`` is apart.

    ``follow_up_open`` are those of any of them whose follow-up nobody has held yet.
    """

    joint: tuple[int, ...]
    met: tuple[int, ...]
    exception: tuple[int, ...]
    not_met: tuple[int, ...]
    by_calls: tuple[int, ...]
    follow_up_open: tuple[int, ...]

    @property
    def quorate_percent(self) -> int | None:
        """Quorate per hundred held jointly; None when none was."""
        return percent(len(self.met), len(self.joint))


def held(rows: Sequence[HeldRow]) -> HeldFigures:
    """Count discussions that were held."""
    joint = [row for row in rows if not row.by_calls]
    met = tuple(row.id for row in joint if row.outcome is QuorumOutcome.MET)
    exception = tuple(row.id for row in joint if row.outcome is QuorumOutcome.EXCEPTION)
    return HeldFigures(
        joint=tuple(row.id for row in joint),
        met=met,
        exception=exception,
        not_met=tuple(row.id for row in joint if row.id not in {*met, *exception}),
        by_calls=tuple(row.id for row in rows if row.by_calls),
        follow_up_open=tuple(row.id for row in rows if row.follow_up_open),
    )
