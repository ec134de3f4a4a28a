"""Answers what happened in a discussion and what comes next if nothing changes. It writes nothing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import and_, or_, select

from strategy.db import db
from strategy.models import Discussion, Event, Invitation
from strategy.queries import chasing
from strategy.queries.chasing import Coming
from strategy.vocabulary import ChaseKind, StepKind

_STEPS_AHEAD: Final = 6  # of one ladder: afterwards it has no end, and a page has

_UNLESS = {
    ChaseKind.BEFORE: "if {role} has nobody named",
    ChaseKind.AFTER: "if {role} has not said why nobody came",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a timeline: done, by somebody, or still to come."""

    at: datetime
    words: str
    coming: bool
    by: str = ""


def of_discussion(discussion: Discussion, now: datetime) -> list[Line]:
    """What happened, oldest first, then what is to come: "text and email to the Detective Sergeant, if …"."""
    return [*done(discussion), *ahead(discussion, now)]


def done(discussion: Discussion) -> list[Line]:
    """What happened to the discussion and, before it was booked, to its contact; oldest first."""
    asked = select(Event).where(
        or_(
            Event.discussion_id == discussion.id,
            and_(Event.contact_id == discussion.contact_id, Event.discussion_id.is_(None)),
        )
    )
    events = db.session.scalars(asked.order_by(Event.at, Event.id))
    return [Line(event.at, event.text, coming=False, by=event.by) for event in events]


def ahead(discussion: Discussion, now: datetime) -> list[Line]:
    """What chasing will do if nothing changes, soonest first. A step overdue is said to come now."""
    steps = [
        step for invitation in discussion.invitations for step in chasing.coming(invitation, now, limit=_STEPS_AHEAD)
    ]
    lines = [Line(max(each.step.due_at, now), _words(each), coming=True) for each in steps]
    return sorted(lines, key=lambda line: line.at)


def next_of(invitation: Invitation, now: datetime) -> Line | None:
    """The next step for one invitation, or None when nothing is owed."""
    steps = chasing.coming(invitation, now, limit=1)
    return Line(max(steps[0].step.due_at, now), _words(steps[0]), coming=True) if steps else None


def _words(coming: Coming) -> str:
    unless = _UNLESS[coming.kind].format(role=coming.invitation.role_words)
    if coming.step.kind is StepKind.CHAIR_CALL:
        return f"{coming.invitation.discussion.chair.full_name} is asked to ring {coming.invitation.invitee}, {unless}"
    if not coming.channels:
        return f"nobody can be told on the rung of {coming.to_role}; the next one is, {unless}"
    how = " and ".join(channel.words.lower() for channel in coming.channels)
    return f"{how} to {coming.to_role}, {unless}"
