"""Answers what the emergency duty team has been handed, who they are, and whose turn it is to ring or to be told.

Tonight's list is tonight.py's, the morning's mornings.py's.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload

from strategy.db import db
from strategy.models import Contact, NightHandover, User
from strategy.policy import parsed
from strategy.queries.directory import staff_of
from strategy.vocabulary import NightState, StaffRole

NOBODY = "Nobody here is on the emergency duty team: ring them. An administrator can give their people the role “edt”"
NOBODY_RESTRICTED = "Nobody of the emergency duty team is on this contact’s access list: put who is on duty on it first"
_OPEN = (NightState.GIVEN, NightState.ACCEPTED)


def team(contact: Contact) -> list[User]:
    """Everybody of the emergency duty team who may open that contact."""
    return _may_open(contact, staff_of(contact.authority_id, StaffRole.EDT, about=contact))


def day_managers(authority_id: int) -> list[User]:
    """Who is told of the morning's list: managers who are not of the emergency duty team themselves."""
    return [one for one in staff_of(authority_id, StaffRole.CHAIR) if not one.holds(StaffRole.EDT)]


def open_of(contact: Contact) -> NightHandover | None:
    """The handing over of that contact that is not back yet."""
    return next((one for one in contact.nights if one.state in _OPEN), None)


def handed(authority_id: int) -> Sequence[NightHandover]:
    """All that is not back, those nobody has accepted first, then by when they must act. Three queries."""
    rows = db.session.scalars(of_authority(authority_id).where(NightHandover.state.in_(_OPEN))).all()
    return sorted(rows, key=lambda one: (one.state is not NightState.GIVEN, one.act_by, one.id))


def calls_for(user: User) -> list[NightHandover]:
    """Those nobody has accepted in time, which this person is asked to ring about."""
    rows = db.session.scalars(
        of_authority(user.authority_id).where(NightHandover.state == NightState.GIVEN, NightHandover.calls > 0)
    )
    manages = user.holds(StaffRole.CHAIR) and not user.holds(StaffRole.EDT)
    return [one for one in rows if one.giver_id == user.id or (one.calls > 1 and manages)]


def to_ring(night: NightHandover) -> list[User]:
    """Who hears that nobody has accepted it: whoever handed it over, and from the second time on the managers too."""
    asked = {night.giver_id: night.giver} if night.giver.active else {}
    if night.calls > 1 or not asked:
        asked |= {one.id: one for one in _may_open(night.contact, day_managers(night.contact.authority_id))}
    return list(asked.values())


def is_call_due(night: NightHandover, now: datetime) -> bool:
    """Whether it is to be said (again) now that nobody has accepted it."""
    within = parsed(night.contact.policy.text).emergency_duty.accept_within
    return night.state is NightState.GIVEN and (night.called_at or night.given_at) + within <= now


def calls_due(now: datetime) -> list[int]:
    """The handings over for which that is so. Few wait at any time: the index finds them, the policy is in memory."""
    waiting = select(NightHandover).where(NightHandover.state == NightState.GIVEN).order_by(NightHandover.given_at)
    rows = db.session.scalars(waiting.options(joinedload(NightHandover.contact).joinedload(Contact.policy)))
    return [one.id for one in rows if is_call_due(one, now)]


def of_authority(authority_id: int) -> Select[NightHandover]:
    """All the authority's, with what their lines show: to be asked further."""
    return (
        select(NightHandover)
        .join(NightHandover.contact)
        .where(Contact.authority_id == authority_id)
        .options(
            contains_eager(NightHandover.contact).joinedload(Contact.policy),
            joinedload(NightHandover.giver),
            joinedload(NightHandover.back_with),
        )
    )


def _may_open(contact: Contact, people: Sequence[User]) -> list[User]:
    """Of a restricted contact only who is on its access list."""
    listed = {one.user_id for one in contact.access_list if one.removed_at is None}
    return [one for one in people if not contact.restricted or one.id in listed]
