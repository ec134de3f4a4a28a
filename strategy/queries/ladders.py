"""Holds the reading of rows into what rules.chase is asked about; the rules decide, this only looks up."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from strategy import policy as policies
from strategy.db import db
from strategy.models import ChaseStep, Desk, Event, Invitation
from strategy.rules import notice
from strategy.rules.chase import Done, Facts, Step, next_step
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
    """Whether its discussion is about immediate risk, whose ladder starts further up, as policy says."""
    return _IMMEDIATE in invitation.discussion.concerns


@dataclass(frozen=True, slots=True)
class History:
    """What was done and heard for any number of invitations, read in two queries."""

    steps: Mapping[int, Sequence[ChaseStep]]
    news: Mapping[int, Sequence[Event]]


def history(invitations: Collection[Invitation]) -> History:
    """Their steps, oldest first, and whether word arrived, newest first; by the invitation's id."""
    ids = [one.id for one in invitations]
    steps: defaultdict[int, list[ChaseStep]] = defaultdict(list)
    for step in db.session.scalars(select(ChaseStep).where(ChaseStep.invitation_id.in_(ids)).order_by(ChaseStep.id)):
        if step.invitation_id is not None:
            steps[step.invitation_id].append(step)
    asked = select(Event).where(Event.invitation_id.in_(ids), Event.verb.in_((EventVerb.TOLD, EventVerb.NOT_TOLD)))
    news: defaultdict[int, list[Event]] = defaultdict(list)
    for event in db.session.scalars(asked.order_by(Event.at.desc(), Event.id.desc())):
        if event.invitation_id is not None:
            news[event.invitation_id].append(event)
    return History(steps, news)


def climb_of(invitation: Invitation, kind: ChaseKind, known: History | None = None) -> Climb | None:
    """The ladder as it stands, or None where nobody may be chased: withdrawn, or a role the policy does not know.

    ``known`` spares the queries where many are asked about at once.
    """
    policy = policy_of(invitation)
    if invitation.state is InvitationState.WITHDRAWN or invitation.role not in policy.roles:
        return None
    if _settled(invitation, kind):
        return None
    discussion = invitation.discussion
    known = known or history([invitation])
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
        undeliverable_at=_undeliverable_at(invitation, known),
        waived=waived(invitation),
        held_at=discussion.ended_at or discussion.started_at,
        attendance=invitation.attendance,
        explained=invitation.absence_explained_at is not None,
        excused=excused(invitation),
        done=tuple(_done(invitation, kind, known)),
    )
    return Climb(facts, policy.chase, _ladder(invitation, policy))


def _ladder(invitation: Invitation, policy: Policy) -> Ladder:
    """The role's ladder. Our own people have only its first rung: nobody above them is told, somebody is asked at once.

    Who is above a social worker or a chair is not in the directory; a call to find somebody else does more than
    rungs with nobody on them.
    """
    ladder = policy.ladder_of(invitation.role)
    return ladder if invitation.user_id is None else replace(ladder, rungs=ladder.rungs[:1])


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


def _done(invitation: Invitation, kind: ChaseKind, known: History) -> Iterable[Done]:
    """The steps this ladder has taken; those before a move belong to a time that no longer counts."""
    since = invitation.chased_from if kind is ChaseKind.BEFORE else None
    steps = (step for step in known.steps.get(invitation.id, ()) if step.kind is kind)
    return (Done(step.step, step.rung, step.at) for step in steps if since is None or step.at >= since)


def hours_of(invitation: Invitation) -> OpeningHours:
    """The opening hours that count for whoever was asked: their desk's, or that of their agency's desk for the role.

    Office hours where nobody wrote any down: a routine ladder counted by the clock would ring a nurse at 3:29am.
    """
    person = invitation.person
    desk = invitation.desk or (person.desk if person is not None else None) or _desk_for(invitation)
    if desk is not None:
        return OpeningHours.from_plain(desk.hours)
    return policies.calendar_of(invitation.discussion.policy.text).office_hours


def _desk_for(invitation: Invitation) -> Desk | None:
    """The desk of the invited agency that answers for the role, other than one that only covers for another's night."""
    if invitation.agency is None:
        return None
    desks = [desk for desk in invitation.agency.desks if desk.active and invitation.role in desk.roles]
    covers = {desk.out_of_hours_id for desk in desks}
    return next((desk for desk in desks if desk.id not in covers), next(iter(desks), None))


def waived(invitation: Invitation) -> bool:
    """Whether the chair has waived every need this role could meet."""
    needs = [need for need in invitation.discussion.needs if invitation.role in need.roles]
    return bool(needs) and all(need.waived_at is not None for need in needs)


def excused(invitation: Invitation) -> bool:
    """Whether nobody could have come in answer to it: never reached, held early, or told only minutes before."""
    return beyond_them(invitation) is not None


def beyond_them(invitation: Invitation) -> str | None:
    """Why nobody could have come in answer to it, as a code of absence reasons; None when they had notice."""
    discussion = invitation.discussion
    if discussion.started_at is None:
        return None
    known = notice.told(
        invitation.chased_from,
        invitation.first_delivered_at,
        invitation.answered_at,
        unreachable=invitation.undeliverable,
    )
    least = policy_of(invitation).chase.least_notice
    return notice.beyond_them(discussion.starts_at, discussion.started_at, known, least)


def _undeliverable_at(invitation: Invitation, known: History) -> datetime | None:
    """When the person last told was found beyond reach on every channel; None once a later message arrived."""
    news = (event for event in known.news.get(invitation.id, ()) if event.at >= invitation.chased_from)
    last = next((event for event in news if event.facts.get("reason", MessageReason.INVITE) in _ASKING), None)
    return last.at if last is not None and last.verb is EventVerb.NOT_TOLD else None
