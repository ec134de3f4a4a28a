"""Asks who stands on a rung of an agency's ladder at this moment. It tells nobody."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from strategy import policy as policies
from strategy.db import db
from strategy.models import ChaseStep, Desk, Invitation, Person
from strategy.rules.policy import Ladder
from strategy.rules.working_time import OpeningHours
from strategy.vocabulary import ChaseKind


@dataclass(frozen=True, slots=True)
class Holder:
    """Who is told on a rung: ``title`` is the rung's, empty for the desk or person invited."""

    title: str
    name: str
    email: str | None
    phone: str | None

    @property
    def words(self) -> str:
        """Title and name as the timeline says them."""
        return f"{self.title}: {self.name}" if self.title else self.name


def holder(invitation: Invitation, rung: int, ladder: Ladder, at: datetime) -> Holder | None:
    """Who is on that rung of the invited agency; None when nobody is listed there.

    Rung 0 is whoever was invited, or, when it is urgent and they are closed, their out-of-hours desk.
    """
    if rung == 0:
        return _invited(invitation, at)
    person = _person(invitation, rung)
    return None if person is None else Holder(title_of(ladder, rung), person.name, person.email, person.phone)


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


def _invited(invitation: Invitation, at: datetime) -> Holder:
    stand_in = _out_of_hours(invitation, at) if invitation.discussion.urgent else None
    if stand_in is not None:
        return Holder("", f"{stand_in.agency.name}: {stand_in.name}", stand_in.email, stand_in.phone)
    return Holder("", invitation.invitee, invitation.email, invitation.phone)


def _out_of_hours(invitation: Invitation, at: datetime) -> Desk | None:
    desk = invitation.desk
    if desk is None or desk.out_of_hours is None or not desk.out_of_hours.active:
        return None
    calendar = policies.calendar_of(invitation.discussion.policy.text)
    return None if OpeningHours.from_plain(desk.hours).is_open(at, calendar) else desk.out_of_hours


def _person(invitation: Invitation, rung: int) -> Person | None:
    """Somebody other than the person invited; one of their own desk, and one who can be reached, come first."""
    if invitation.agency_id is None:
        return None
    asked = select(Person).where(Person.agency_id == invitation.agency_id, Person.rung == rung, Person.active)
    if invitation.person_id is not None:
        asked = asked.where(Person.id != invitation.person_id)
    listed = list(db.session.scalars(asked.order_by(Person.id)))
    listed.sort(key=lambda person: (not (person.email or person.phone), person.desk_id != invitation.desk_id))
    return listed[0] if listed else None
