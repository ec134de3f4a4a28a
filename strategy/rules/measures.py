"""Holds the counting behind the leaders' page. Which rows are counted is queries' to say; percentages never stand alone.

Every figure keeps what it was counted from, so that the list behind a number is exactly that number.
"""

from dataclasses import dataclass
from datetime import datetime

from strategy.rules.policy import Need
from strategy.vocabulary import Attendance, InvitationState, Sector


@dataclass(frozen=True, slots=True)
class DiscussionRow:
    """A discussion that was held, and who should have been there."""

    id: int
    starts_at: datetime
    needs: tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """An invitation to a discussion that was held. ``notice_minutes`` are desk-open ones, None if never delivered."""

    id: int
    discussion_id: int
    role: str
    sector: Sector
    agency: str
    required: bool
    state: InvitationState
    invited_at: datetime | None
    delivered_at: datetime | None
    named_at: datetime | None
    attendance: Attendance | None
    reason: str | None
    starts_at: datetime
    notice_minutes: int | None


@dataclass(frozen=True, slots=True)
class Ref:
    """One thing counted. Where nobody was invited ``invitation_id`` is None and ``role`` the code of the need."""

    discussion_id: int
    invitation_id: int | None
    role: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A count and what was counted."""

    refs: tuple[Ref, ...] = ()

    @property
    def count(self) -> int:
        """How many."""
        return len(self.refs)
