"""Asks who stands on a rung of an agency's ladder at this moment. It tells nobody."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from sqlalchemy import func, or_, select

from strategy import policy as policies
from strategy.db import db
from strategy.models import ChaseStep, Desk, Invitation, Person, User
from strategy.queries import covering
from strategy.queries.covering import StandIn
from strategy.queries.directory import staff_of
from strategy.rules.policy import Ladder
from strategy.rules.working_time import OpeningHours
from strategy.vocabulary import ChaseKind, InvitationState, StaffRole

# A member of staff who says this has no seat at the table, and is not asked to fill somebody else's.
_AWAY = frozenset({InvitationState.DECLINED, InvitationState.REPORT_ONLY})


@dataclass(frozen=True, slots=True)
class Holder:
    """Who is told on a rung: ``title`` is the rung's, empty for the desk or person invited.

    ``remark`` says why it is not whoever is listed there, or that they are away.
    """

    title: str
    name: str
    email: str | None
    phone: str | None
    remark: str = ""

    @property
    def words(self) -> str:
        """Title and name as the timeline says them."""
        name = f"{self.name} ({self.remark})" if self.remark else self.name
        return f"{self.title}: {name}" if self.title else name


Listed = Mapping[int, Sequence[Person]]


def listed(invitations: Collection[Invitation]) -> Listed:
    """Everybody on a rung of the agencies invited, by agency, and when they are away, in one query."""
    agencies = {one.agency_id for one in invitations if one.agency_id is not None}
    invited = {one.person_id for one in invitations if one.person_id is not None}
    on_rung = Person.agency_id.in_(agencies) & Person.rung.is_not(None) & Person.active
    asked = select(Person).where(or_(on_rung, Person.id.in_(invited))).options(*covering.WHOLE)
    found: defaultdict[int, list[Person]] = defaultdict(list)
    for person in db.session.scalars(asked.order_by(Person.rung_order, Person.id)).unique():
        if person.rung is not None and person.active:
            found[person.agency_id].append(person)
    return found


def holder(
    invitation: Invitation, rung: int, ladder: Ladder, at: datetime, known: Listed | None = None
) -> Holder | None:
    """Who is on that rung of the invited agency; None when nobody is listed there.

    Whoever is away at that moment is covered for, as they or their agency said. Rung 0 is whoever was invited, or,
    when it is urgent and they are closed, their out-of-hours desk; on the rungs above the person is told, and that
    desk beside them (``cover``).
    """
    if rung == 0:
        return _invited(invitation, at)
    people = _people(invitation, rung, known if known is not None else listed([invitation]))
    return _there(people, title_of(ladder, rung), at, {invitation.person_id})


def cover(invitation: Invitation, at: datetime) -> Desk | None:
    """The out-of-hours desk that is told beside whoever is on a rung: when it is urgent and their desk is closed.

    The person on the rung is told all the same: they may be off duty, and they may be the only one who knows whom to
    send; the desk that answers is told so that it does not hang on that (domain section 6).
    """
    return _out_of_hours(invitation, at) if invitation.discussion.urgent else None


def caller(invitation: Invitation) -> User:
    """Who of ours is asked to ring about it: the chair, else the convener, another chair, a leader.

    Never whoever it is about, nor anybody who cannot come themselves; the convener where nobody else is left.
    """
    discussion = invitation.discussion
    away = {one.user_id for one in discussion.invitations if one.state in _AWAY} | {invitation.user_id}
    others = (staff_of(discussion.authority_id, role) for role in (StaffRole.CHAIR, StaffRole.LEADER))
    first = (discussion.chair, discussion.convener)
    asked = (user for user in chain(first, chain.from_iterable(others)) if user.active and user.id not in away)
    return next(asked, discussion.convener)


def told_last(invitation: Invitation, at: datetime) -> Holder | None:
    """Whoever is on the highest rung told before the discussion; None while nobody but the invitee was asked."""
    asked = select(func.max(ChaseStep.rung)).where(
        ChaseStep.invitation_id == invitation.id,
        ChaseStep.kind == ChaseKind.BEFORE,
        ChaseStep.at >= invitation.chased_from,
    )
    rung = db.session.scalar(asked)
    ladder = policies.parsed(invitation.discussion.policy.text).ladder_of(invitation.role) if rung else None
    return None if not rung or ladder is None else holder(invitation, rung, ladder, at)


def title_of(ladder: Ladder, rung: int) -> str:
    """What the ladder calls that rung: "Detective Sergeant"."""
    return next((step.title for step in ladder.rungs if step.number == rung), f"rung {rung}")


def desk_holder(desk: Desk) -> Holder:
    """A desk as somebody who is told."""
    return Holder("", f"{desk.agency.name}: {desk.name}", desk.email, desk.phone)


def _invited(invitation: Invitation, at: datetime) -> Holder:
    stand_in = cover(invitation, at)
    if stand_in is not None:
        return desk_holder(stand_in)
    instead = _instead_of_invited(invitation, at)
    if instead is not None:
        return _standing_in("", instead)
    return Holder("", invitation.invitee, invitation.email, invitation.phone)


def _instead_of_invited(invitation: Invitation, at: datetime) -> StandIn | None:
    """Who covers for the person invited, where it goes to that person's own address and not to one given for it."""
    person = invitation.person
    if person is None or (invitation.email, invitation.phone) != covering.reached_at(person):
        return None
    return covering.stand_in(person, at)


def _out_of_hours(invitation: Invitation, at: datetime) -> Desk | None:
    desk = invitation.desk or (invitation.person.desk if invitation.person is not None else None)
    if desk is None or desk.out_of_hours is None or not desk.out_of_hours.active:
        return None
    calendar = policies.calendar_of(invitation.discussion.policy.text)
    return None if OpeningHours.from_plain(desk.hours).is_open(at, calendar) else desk.out_of_hours


def _people(invitation: Invitation, rung: int, known: Listed) -> list[Person]:
    """Those on it but the person invited; who can be reached, then their own desk's, then the rung's own order."""
    if invitation.agency_id is None:
        return []
    here = [one for one in known.get(invitation.agency_id, ()) if one.rung == rung and one.id != invitation.person_id]
    return sorted(here, key=lambda person: (not (person.email or person.phone), person.desk_id != invitation.desk_id))


def _there(people: Sequence[Person], title: str, at: datetime, but: Collection[int | None]) -> Holder | None:
    """The first who is there, or is covered for. Where all are away and nobody covers, the first all the same."""
    for person in people:
        if covering.away(person, at) is None:
            return Holder(title, person.name, person.email, person.phone)
        instead = covering.stand_in(person, at, but)
        if instead is not None:
            return _standing_in(title, instead)
    alone = next(iter(people), None)
    if alone is None:
        return None
    return Holder(title, alone.name, alone.email, alone.phone, "away, and nobody covers")


def _standing_in(title: str, instead: StandIn) -> Holder:
    return Holder(title, instead.name, instead.email, instead.phone, instead.remark)
