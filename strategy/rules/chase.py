"""Holds the one decision of both ladders: what is the next step for this invitation, and when.

It sends nothing and knows nobody's name; figures and ladders are policy.
"""

from dataclasses import dataclass
from datetime import datetime

from strategy.rules.working_time import Calendar, OpeningHours
from strategy.vocabulary import (
    Attendance,
    ChaseKind,
    DiscussionState,
    InvitationState,
    StepKind,
)

# The uppermost rung is a meeting of the partnership: only for afterwards (domain section 6).
TOP_BEFORE = 3

_WHY = {
    InvitationState.INVITED: "nobody has answered",
    InvitationState.NAME_NEEDED: "the desk accepted, but nobody is named",
    InvitationState.DECLINED: "they cannot attend, and no deputy is named",
    InvitationState.REPORT_ONLY: "only a report is offered, and a report is not attendance",
}


@dataclass(frozen=True, slots=True)
class Done:
    """A step taken: which, and when."""

    kind: StepKind
    rung: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """A step to take, not before ``due_at`` (UTC). ``because`` is half a sentence without any child's data."""

    kind: StepKind
    rung: int | None
    due_at: datetime
    because: str


@dataclass(frozen=True, slots=True)
class Facts:
    """All that decides the next step for one invitation.

    ``hours`` are the desk's; None counts by the clock. ``answered_at`` is when the present ``state`` was given;
    ``undeliverable_at`` when the person last told was found beyond reach on every channel, None once one works.
    ``explained`` says that the reason for an absence has been recorded.
    """

    kind: ChaseKind
    required: bool
    calendar: Calendar
    discussion: DiscussionState
    starts_at: datetime
    hours: OpeningHours | None = None
    invited_at: datetime | None = None
    urgent: bool = False
    immediate_risk: bool = False
    state: InvitationState = InvitationState.INVITED
    answered_at: datetime | None = None
    undeliverable_at: datetime | None = None
    waived: bool = False
    held_at: datetime | None = None
    attendance: Attendance | None = None
    explained: bool = False
    done: tuple[Done, ...] = ()
