"""Asks who stands on a rung of an agency's ladder at this moment. It tells nobody."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from sqlalchemy import func, or_, select

from strategy import policy as policies
from strategy.db import db
from strategy.models import ChaseStep, Contact, Desk, Invitation, Person, User
from strategy.queries import conflicts, covering, standing_in
from strategy.queries.covering import StandIn
from strategy.queries.directory import staff_of
from strategy.rules.conflicts import NOBODY, Conflicts
from strategy.rules.policy import Ladder
from strategy.vocabulary import NAMED, ChaseKind, InvitationState, StaffRole

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


@dataclass(frozen=True, slots=True)
class Listed:
    """Everybody on a rung, by agency, and who may not be told, by contact."""

    people: Mapping[int, Sequence[Person]]
    barred: Mapping[int, Conflicts]

    def barred_from(self, invitation: Invitation) -> Conflicts:
        """Who may not be told about it."""
        return self.barred.get(invitation.discussion.contact_id, NOBODY)


def listed(invitations: Collection[Invitation]) -> Listed:
    """Everybody on a rung of the agencies invited, and when they are away; who is implicated. Two queries."""
    agencies = {one.agency_id for one in invitations if one.agency_id is not None}
    invited = {one.person_id for one in invitations if one.person_id is not None}
    on_rung = Person.agency_id.in_(agencies) & Person.rung.is_not(None) & Person.active
    asked = select(Person).where(or_(on_rung, Person.id.in_(invited))).options(*covering.WHOLE)
    found: defaultdict[int, list[Person]] = defaultdict(list)
    for person in db.session.scalars(asked.order_by(Person.rung_order, Person.id)).unique():
        if person.rung is not None and person.active:
            found[person.agency_id].append(person)
    return Listed(found, conflicts.of_many({one.discussion.contact_id for one in invitations}))


def holder(
    invitation: Invitation, rung: int, ladder: Ladder, at: datetime, known: Listed | None = None
) -> Holder | None:
    """Who is on that rung of the invited agency; None when nobody is listed there, or only who is implicated.

    Whoever is away at that moment is covered for, as they or their agency said. Rung 0 is whoever was invited, or,
    when it is urgent and they are closed, their out-of-hours desk; on the rungs above the person is told, and that
    desk beside them (``cover``).
    """
    known = known if known is not None else listed([invitation])
    barred = known.barred_from(invitation)
    if rung == 0:
        return _invited(invitation, at, barred)
    people = [one for one in _people(invitation, rung, known) if not _bars(barred, one)]
    return _there(people, title_of(ladder, rung), at, {invitation.person_id}, barred)


def passed_over(invitation: Invitation, rung: int) -> bool:
    """Whether somebody who is listed on that rung is not told, because they are implicated."""
    known = listed([invitation])
    barred = known.barred_from(invitation)
    if rung == 0:
        return conflicts.bars(barred, invitation)
    return any(_bars(barred, one) for one in _people(invitation, rung, known))


def cover(invitation: Invitation, at: datetime) -> Desk | None:
    """The out-of-hours desk that is told beside whoever is on a rung: when it is urgent and their desk is closed.

    The person on the rung is told all the same: they may be off duty, and they may be the only one who knows whom to
    send; the desk that answers is told so that it does not hang on that (domain section 6).
    """
    if not invitation.discussion.urgent:
        return None
    return _out_of_hours(invitation, at, conflicts.of(invitation.discussion.contact))


def caller(invitation: Invitation) -> User:
    """Who of ours is asked to ring about it: the chair, else the convener, another chair, a leader.

    Never whoever it is about, nor anybody who cannot come themselves; of a restricted discussion nobody who is not on
    its access list; the convener where nobody else is left.
    """
    discussion = invitation.discussion
    away = {one.user_id for one in discussion.invitations if one.state in _AWAY} | {invitation.user_id}
    contact = discussion.contact
    others = (staff_of(discussion.authority_id, role, about=contact) for role in (StaffRole.CHAIR, StaffRole.LEADER))
    first = (discussion.chair, discussion.convener)
    asked = (user for user in chain(first, chain.from_iterable(others)) if user.active and user.id not in away)
    return next((user for user in asked if _may_open(user, contact)), discussion.convener)


def _may_open(user: User, contact: Contact) -> bool:
    listed_there = {one.user_id for one in contact.access_list if one.removed_at is None}
    return not contact.restricted or user.id in listed_there


def asked(invitation: Invitation, at: datetime) -> Holder:
    """Whoever has the invitation at that moment: who covers for the person asked, the person themselves once they are
    back (decision 0022), else whoever it was sent to."""
    found = _moved_on(invitation, at)
    return found or Holder("", invitation.invitee, invitation.email, invitation.phone)


def instead(invitation: Invitation, at: datetime) -> Holder | None:
    """Whoever has it at that moment and did not when it was sent; None where that is the same.

    An answer that names somebody stays with who gave it: then nobody who has come back since.
    """
    found = _moved_on(invitation, at)
    if found is None or (found.email, found.phone) == (invitation.email, invitation.phone):
        return None
    back = invitation.person is not None and covering.away(invitation.person, at) is None
    return None if back and invitation.state in NAMED else found


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


def _invited(invitation: Invitation, at: datetime, barred: Conflicts) -> Holder | None:
    stand_in = cover(invitation, at)
    if stand_in is not None:
        return desk_holder(stand_in)
    moved_on = _moved_on(invitation, at)
    if moved_on is not None:
        return moved_on
    if conflicts.bars(barred, invitation):
        return None
    return Holder("", invitation.invitee, invitation.email, invitation.phone)


def _moved_on(invitation: Invitation, at: datetime) -> Holder | None:
    """Who has it now where that follows the person's absences: not where an address was given for it alone.

    None: whoever it was sent to, or nobody, if they are implicated.
    """
    person = invitation.person
    if person is None:
        return None
    own, gone = covering.reached_at(person), covering.away(person, at)
    if (gone is None and not invitation.covered) or not (
        invitation.covered or (invitation.email, invitation.phone) == own
    ):
        return None
    barred = conflicts.of(invitation.discussion.contact)
    instead = covering.stand_in(person, at, barred=barred)
    if instead is not None:
        return _standing_in("", instead)
    if not invitation.covered or barred.person(person.id, *own):
        return None
    return Holder("", f"{person.agency.name}: {person.name}", *own, "away, and nobody covers" if gone else "")


def _out_of_hours(invitation: Invitation, at: datetime, barred: Conflicts) -> Desk | None:
    """Who stands in for the desk asked while it is shut: the first of them that is open, else the first. Of a desk
    that stands in itself, the one it stands in for, while that is open.
    """
    desk = invitation.desk or (invitation.person.desk if invitation.person is not None else None)
    if desk is None:
        return None
    calendar = policies.calendar_of(invitation.discussion.policy.text)
    covers = list(standing_in.covers(desk, invitation.discussion.authority_id, barred))
    usual = invitation.stands_in_for
    if usual is not None and usual.active and not barred.desk(usual.id, usual.email, usual.phone):
        covers += [usual] if standing_in.answering([usual], at, calendar) else []
    if not covers or standing_in.answering([desk], at, calendar):
        return None
    return standing_in.answering(covers, at, calendar) or covers[0]


def _people(invitation: Invitation, rung: int, known: Listed) -> list[Person]:
    """Those on it but the person invited; who can be reached, then their own desk's, then the rung's own order."""
    if invitation.agency_id is None:
        return []
    everybody = known.people.get(invitation.agency_id, ())
    here = [one for one in everybody if one.rung == rung and one.id != invitation.person_id]
    return sorted(here, key=lambda person: (not (person.email or person.phone), person.desk_id != invitation.desk_id))


def _bars(barred: Conflicts, person: Person) -> bool:
    return barred.person(person.id, person.email, person.phone)


def _there(
    people: Sequence[Person], title: str, at: datetime, but: Collection[int | None], barred: Conflicts
) -> Holder | None:
    """The first who is there, or is covered for. Where all are away and nobody covers, the first all the same."""
    for person in people:
        if covering.away(person, at) is None:
            return Holder(title, person.name, person.email, person.phone)
        instead = covering.stand_in(person, at, but, barred)
        if instead is not None:
            return _standing_in(title, instead)
    alone = next(iter(people), None)
    if alone is None:
        return None
    return Holder(title, alone.name, alone.email, alone.phone, "away, and nobody covers")


def _standing_in(title: str, instead: StandIn) -> Holder:
    return Holder(title, instead.name, instead.email, instead.phone, instead.remark)
