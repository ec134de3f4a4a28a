"""Holds what tests of implicated people do and look at: somebody named, a rung climbed, who was written to."""

from datetime import datetime

from sqlalchemy import select

from strategy.act import Act
from strategy.commands import (
    climbing,
    implicated,
    invitations,
)
from strategy.commands.implicated import Whom
from strategy.commands.inviting import Invitee
from strategy.db import db
from strategy.models import (
    Chase,
    Discussion,
    Event,
    Invitation,
    Message,
)
from strategy.policy import parsed
from strategy.queries.chasing import Due
from strategy.rules.policy import Ladder
from strategy.vocabulary import (
    LADDERS,
    EventVerb,
    Via,
)
from tests.cast import Cast
from tests.convened import LATER, staff_act

WHY = "Named by the family"


def name(discussion: Discussion, cast: Cast, **whom: object) -> int:
    return implicated.name(discussion.contact, Whom(**whom), WHY, staff_act(cast, LATER))  # type: ignore[arg-type]  # a test names one field of many


def events(discussion: Discussion, verb: EventVerb) -> list[str]:
    asked = select(Event).where(Event.contact_id == discussion.contact_id, Event.verb == verb).order_by(Event.id)
    return [event.text for event in db.session.scalars(asked)]


def add(discussion: Discussion, cast: Cast, **whom: object) -> Invitation:
    invitee = Invitee("education", False, **whom)  # type: ignore[arg-type]  # a test names one field of many
    return invitations.add(discussion, invitee, staff_act(cast, LATER))


def climb(invitation: Invitation, at: datetime) -> str | None:
    db.session.flush()
    chase = db.session.scalars(select(Chase).where(Chase.invitation_id == invitation.id, Chase.kind.in_(LADDERS))).one()
    act = Act("Strategy discussions", at, Via.WORKER)
    return climbing.climb(Due(chase.id, chase.step, chase.rung, chase.due_at), act)


def ladder(invitation: Invitation) -> Ladder:
    found = parsed(invitation.discussion.policy.text).ladder_of(invitation.role)
    assert found is not None
    return found


def sent_to(invitation: Invitation) -> set[str]:
    db.session.flush()
    return set(db.session.scalars(select(Message.address).where(Message.invitation_id == invitation.id)))
