"""Holds the prompts that are given once: to whoever comes, to whoever is not there, to whoever owes an action.

Ladders are chase.py's. Each function says what comes next and when, or None; a due time in the past means now.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from strategy.rules.chase import Done, Step
from strategy.rules.watch_figures import WatchFigures
from strategy.vocabulary import NAMED, PRESENT, ActionState, Attendance, DiscussionState, InvitationState, StepKind

# Who said that nobody comes need not be told that nobody came.
_EXPECTED = NAMED | {InvitationState.NAME_NEEDED}
_SAID_NO = frozenset({InvitationState.DECLINED, InvitationState.REPORT_ONLY, InvitationState.NOT_OURS})
_EXCUSED = frozenset({Attendance.APOLOGIES, Attendance.REPORT_ONLY})
_HELD = frozenset({DiscussionState.HELD, DiscussionState.SIGNED})


@dataclass(frozen=True, slots=True)
class Seat:
    """What an invitation's prompts hang on. ``needed_from`` is when they are asked to be there, the start or later.

    ``answered_at`` is when the present ``state`` was given; ``ours`` says they are the authority's own people, who
    have it on their own pages. ``there`` are the marks of everybody from their agency, themselves among them;
    ``done`` the steps of that one prompt for the time the discussion has now.
    """

    state: InvitationState
    required: bool
    waived: bool
    ours: bool
    discussion: DiscussionState
    starts_at: datetime
    ends_at: datetime
    needed_from: datetime
    answered_at: datetime | None = None
    started_at: datetime | None = None
    there: Collection[Attendance | None] = ()
    attendance: Attendance | None = None
    done: tuple[Done, ...] = ()


def reminder(seat: Seat, figures: WatchFigures, now: datetime) -> Step | None:
    """The one reminder of whoever comes: with a share of the time left to go when they said so.

    None where that leaves too little between their answer and the start: the confirmation has told them.
    """
    if seat.done or seat.ours or seat.state not in NAMED or seat.answered_at is None:
        return None
    if seat.discussion is not DiscussionState.CONVENED or seat.started_at is not None or now >= seat.needed_from:
        return None
    left = seat.needed_from - seat.answered_at
    lead = min(left * figures.reminder_share, timedelta(minutes=figures.reminder_most_minutes))
    if lead < timedelta(minutes=figures.reminder_least_minutes):
        return None
    return Step(StepKind.TELL, None, (seat.needed_from - lead).astimezone(UTC), "it begins soon")


def not_joined(seat: Seat, figures: WatchFigures, now: datetime) -> Step | None:
    """That it has started and their agency is not there: told once, some minutes in, pressed or not.

    Only while it goes on, so far as anybody can know: a worker that slept through it tells nobody to join.
    """
    if seat.done or seat.ours or seat.waived or seat.discussion is not DiscussionState.CONVENED:
        return None
    if seat.state in _SAID_NO or seat.state is InvitationState.WITHDRAWN:
        return None
    if not seat.required and seat.state not in _EXPECTED:
        return None
    if seat.attendance in _EXCUSED or any(mark in PRESENT for mark in seat.there):
        return None
    began = seat.started_at or seat.starts_at
    if now >= max(seat.ends_at, began + (seat.ends_at - seat.starts_at)):
        return None
    due = max(seat.needed_from, seat.starts_at) + timedelta(minutes=figures.not_joined_minutes)
    return Step(StepKind.TELL, None, due.astimezone(UTC), "it has started, and nobody of theirs is there")


@dataclass(frozen=True, slots=True)
class Owed:
    """What the reminders of an action hang on. ``told_at`` is when it became its owner's to do by ``due_at``.

    ``done`` are the reminders given for this owner and this time.
    """

    state: ActionState
    discussion: DiscussionState
    told_at: datetime
    due_at: datetime
    done: tuple[Done, ...] = ()


def action(owed: Owed, figures: WatchFigures, now: datetime) -> Step | None:
    """The next reminder of an action's owner: rung 0 before it is due, rung 1 after. Slept through, only the second."""
    if owed.state is not ActionState.OPEN or owed.discussion not in _HELD:
        return None
    reached = max((done.rung for done in owed.done if done.rung is not None), default=-1)
    if reached < 0 and now < owed.due_at:
        lead = max(min(timedelta(hours=figures.action_before_hours), (owed.due_at - owed.told_at) / 2), timedelta())
        return Step(StepKind.TELL, 0, (owed.due_at - lead).astimezone(UTC), "it is due soon")
    if reached > 0:
        return None
    after = owed.due_at + timedelta(hours=figures.action_after_hours)
    return Step(StepKind.TELL, 1, after.astimezone(UTC), "it was due, and is still open")


def both(owed: Owed, figures: WatchFigures, now: datetime) -> tuple[Step, ...]:
    """The reminders still to come if nothing changes, oldest first."""
    steps: list[Step] = []
    while (step := action(owed, figures, now)) is not None:
        steps.append(step)
        now = max(now, step.due_at)
        owed = replace(owed, done=(*owed.done, Done(step.kind, step.rung, now)))
    return tuple(steps)
