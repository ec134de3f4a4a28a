"""Holds the reading of rows into what rules.prompts is asked about; the rules decide, this only looks up."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select

from strategy.db import db
from strategy.models import Action, ChaseStep, Discussion, Invitation, Message
from strategy.queries import ladders
from strategy.rules import prompts
from strategy.rules.chase import Done, Step
from strategy.rules.prompts import Owed, Seat
from strategy.rules.watch_figures import WatchFigures
from strategy.vocabulary import ChaseKind, DiscussionKind, DiscussionState, InvitationState

_RULES: Mapping[ChaseKind, Callable[[Seat, WatchFigures, datetime], Step | None]] = {
    ChaseKind.REMINDER: prompts.reminder,
    ChaseKind.NOT_JOINED: prompts.not_joined,
}


def next_step(
    invitation: Invitation, kind: ChaseKind, now: datetime, known: ladders.History | None = None
) -> Step | None:
    """The next prompt of that kind for an invitation, or None. ``known`` spares the query where there are many."""
    if invitation.discussion.state is not DiscussionState.CONVENED or invitation.state is InvitationState.WITHDRAWN:
        return None  # most are, and need no query
    known = known or ladders.history([invitation])
    return _RULES[kind](_seat(invitation, kind, known), ladders.policy_of(invitation).watch, now)


def next_reminder(action: Action, now: datetime) -> Step | None:
    """The next reminder of an action's owner, or None."""
    return prompts.action(_owed(action), ladders.policy_of(action.invitation).watch, now)


def reminders(action: Action, now: datetime) -> tuple[Step, ...]:
    """The reminders of its owner still to come if nothing changes."""
    return prompts.both(_owed(action), ladders.policy_of(action.invitation).watch, now)


def owed_since(action: Action) -> datetime:
    """Since when its owner has had it as it is now: recorded, given out at the end, or changed and told again."""
    told = select(func.max(Message.created_at)).where(Message.action_id == action.id, Message.name == "action")
    return max(filter(None, (action.created_at, action.discussion.ended_at, db.session.scalar(told))))


def dial_in(discussion: Discussion) -> str | None:
    """The number to dial, where a message may carry it: none where the way in stays on the page (domain section 12)."""
    closed = discussion.contact.restricted or discussion.kind is DiscussionKind.LADO
    return None if closed else discussion.dial_in


def _owed(action: Action) -> Owed:
    since = owed_since(action)
    steps = db.session.scalars(select(ChaseStep).where(ChaseStep.action_id == action.id, ChaseStep.at >= since))
    return Owed(
        state=action.state,
        discussion=action.discussion.state,
        told_at=since,
        due_at=action.due_at,
        done=tuple(Done(step.step, step.rung, step.at) for step in steps),
    )


def _seat(invitation: Invitation, kind: ChaseKind, known: ladders.History) -> Seat:
    discussion = invitation.discussion
    steps = (step for step in known.steps.get(invitation.id, ()) if step.kind is kind)
    return Seat(
        state=invitation.state,
        required=invitation.required,
        waived=ladders.waived(invitation),
        ours=invitation.user_id is not None,
        discussion=discussion.state,
        starts_at=discussion.starts_at,
        ends_at=discussion.ends_at,
        needed_from=invitation.needed[0],
        answered_at=invitation.answered_at,
        started_at=discussion.started_at,
        there=tuple(one.attendance for one in _theirs(invitation)),
        attendance=invitation.attendance,
        done=tuple(Done(step.step, step.rung, step.at) for step in steps if step.at >= invitation.chased_from),
    )


def _theirs(invitation: Invitation) -> Sequence[Invitation]:
    """Everybody from the same agency: one of them there is the agency there."""
    if invitation.agency_id is None:
        return [invitation]
    return [one for one in invitation.discussion.invitations if one.agency_id == invitation.agency_id]
