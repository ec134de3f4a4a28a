"""Holds the reading of rows into what rules.chase is asked about; the rules decide, this only looks up."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from strategy import policy as policies
from strategy.db import db
from strategy.models import ChaseStep, Event, Invitation
from strategy.rules.chase import Done, Facts, Step, next_step
from strategy.rules.notice import our_doing
from strategy.rules.policy import ChaseFigures, Ladder, Policy
from strategy.rules.working_time import OpeningHours
from strategy.vocabulary import NAMED, ChaseKind, DiscussionState, EventVerb, InvitationState, MessageReason

_IMMEDIATE = "immediate-risk"

# Messages that ask for an attendee or a reason; a confirmation that did not arrive leaves the ladder alone.
_ASKING = frozenset({MessageReason.INVITE, MessageReason.UPDATE, MessageReason.CHASE, MessageReason.ABSENCE})


@dataclass(frozen=True, slots=True)
class Climb:
    """All rules.chase wants to know about one ladder of one invitation."""

    facts: Facts
    figures: ChaseFigures
    ladder: Ladder

    def next_step(self, now: datetime) -> Step | None:
        """What is owed next, or None."""
        return next_step(self.facts, self.figures, self.ladder, now)


def policy_of(invitation: Invitation) -> Policy:
    """The policy its discussion keeps."""
    return policies.parsed(invitation.discussion.policy.text)


def immediate_risk(invitation: Invitation) -> bool:
    """Whether its discussion is about immediate risk, whose ladder starts one rung up."""
    return _IMMEDIATE in invitation.discussion.concerns


def climb_of(invitation: Invitation, kind: ChaseKind) -> Climb | None:
    """The ladder as it stands, or None where nobody may be chased: withdrawn, or a role the policy does not know."""
    policy = policy_of(invitation)
    if invitation.state is InvitationState.WITHDRAWN or invitation.role not in policy.roles:
        return None
    if _settled(invitation, kind):
        return None
    discussion = invitation.discussion
    facts = Facts(
        kind=kind,
        required=invitation.required,
        calendar=policies.calendar_of(discussion.policy.text),
        discussion=discussion.state,
        starts_at=discussion.starts_at,
        hours=hours_of(invitation),
        invited_at=invitation.chased_from,
        urgent=discussion.urgent,
        immediate_risk=immediate_risk(invitation),
        state=invitation.state,
        answered_at=invitation.answered_at,
        undeliverable_at=undeliverable_at(invitation),
        waived=waived(invitation),
        held_at=discussion.ended_at or discussion.started_at,
        attendance=invitation.attendance,
        explained=invitation.absence_explained_at is not None,
        excused=excused(invitation),
        done=tuple(done(steps_of(invitation, kind))),
    )
    return Climb(facts, policy.chase, policy.ladder_of(invitation.role))


def answer_by(invitation: Invitation, now: datetime) -> datetime | None:
    """When the first prompt falls due, which is when an answer is late; None where nobody would be prompted."""
    climb = climb_of(invitation, ChaseKind.BEFORE)
    step = None if climb is None else climb.next_step(now)
    return None if step is None or step.due_at <= now else step.due_at


def _settled(invitation: Invitation, kind: ChaseKind) -> bool:
    """Whether the rules would find nothing to chase whatever else is so; seen without a query, since most are."""
    before = kind is ChaseKind.BEFORE
    convened = invitation.discussion.state is DiscussionState.CONVENED
    return not invitation.required or before is not convened or (before and invitation.state in NAMED)


def steps_of(invitation: Invitation, kind: ChaseKind) -> list[ChaseStep]:
    """The steps this ladder has taken, oldest first; those before a move belong to a time that no longer counts."""
    asked = select(ChaseStep).where(ChaseStep.invitation_id == invitation.id, ChaseStep.kind == kind)
    if kind is ChaseKind.BEFORE:
        asked = asked.where(ChaseStep.at >= invitation.chased_from)
    return list(db.session.scalars(asked.order_by(ChaseStep.id)))


def done(steps: Iterable[ChaseStep]) -> Iterable[Done]:
    """Stored steps as the rules know them."""
    return (Done(step.step, step.rung, step.at) for step in steps)


def hours_of(invitation: Invitation) -> OpeningHours | None:
    """The opening hours of whoever was asked; None where nobody wrote any down, and the clock counts."""
    person = invitation.person
    desk = invitation.desk or (person.desk if person is not None else None)
    return None if desk is None else OpeningHours.from_plain(desk.hours)


def waived(invitation: Invitation) -> bool:
    """Whether the chair has waived every need this role could meet."""
    needs = [need for need in invitation.discussion.needs if invitation.role in need.roles]
    return bool(needs) and all(need.waived_at is not None for need in needs)


def excused(invitation: Invitation) -> bool:
    """Whether nobody could have come in answer to it: held early, or told only minutes before."""
    discussion = invitation.discussion
    if discussion.started_at is None:
        return False
    return our_doing(discussion.starts_at, discussion.started_at, invitation.chased_from) is not None


def undeliverable_at(invitation: Invitation) -> datetime | None:
    """When the person last told was found beyond reach on every channel; None once a later message arrived."""
    asked = select(Event).where(
        Event.invitation_id == invitation.id,
        Event.verb.in_((EventVerb.TOLD, EventVerb.NOT_TOLD)),
        Event.at >= invitation.chased_from,
    )
    newest_first = db.session.scalars(asked.order_by(Event.at.desc(), Event.id.desc()))
    last = next((event for event in newest_first if event.facts.get("reason", MessageReason.INVITE) in _ASKING), None)
    return last.at if last is not None and last.verb is EventVerb.NOT_TOLD else None
