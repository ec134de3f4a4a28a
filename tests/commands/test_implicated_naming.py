"""Naming somebody implicated: who, where, once, with a reason; and taking it back."""

from datetime import datetime

import pytest
from sqlalchemy import select

from strategy.act import Act, Refused
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
from strategy.queries import conflicts
from strategy.queries.chasing import Due
from strategy.rules.policy import Ladder
from strategy.vocabulary import (
    EventVerb,
    InvitationState,
    Via,
)
from tests.cast import Cast
from tests.convened import LATER, staff_act

WHY = "Named by the family"


def name(discussion: Discussion, cast: Cast, **whom: object) -> int:
    return implicated.name(discussion.contact, Whom(**whom), WHY, staff_act(cast, LATER))  # type: ignore[arg-type]


def events(discussion: Discussion, verb: EventVerb) -> list[str]:
    asked = select(Event).where(Event.contact_id == discussion.contact_id, Event.verb == verb).order_by(Event.id)
    return [event.text for event in db.session.scalars(asked)]


def add(discussion: Discussion, cast: Cast, **whom: object) -> Invitation:
    invitee = Invitee("education", False, **whom)  # type: ignore[arg-type]
    return invitations.add(discussion, invitee, staff_act(cast, LATER))


def climb(invitation: Invitation, at: datetime) -> str | None:
    db.session.flush()
    chase = db.session.scalars(select(Chase).where(Chase.invitation_id == invitation.id)).one()
    act = Act("Strategy discussions", at, Via.WORKER)
    return climbing.climb(Due(chase.id, chase.step, chase.rung, chase.due_at), act)


def ladder(invitation: Invitation) -> Ladder:
    found = parsed(invitation.discussion.policy.text).ladder_of(invitation.role)
    assert found is not None
    return found


def sent_to(invitation: Invitation) -> set[str]:
    db.session.flush()
    return set(db.session.scalars(select(Message.address).where(Message.invitation_id == invitation.id)))


def test_taken_back_they_can_be_asked_again(discussion: Discussion, cast: Cast) -> None:
    name(discussion, cast, person=cast.headteacher)
    row = conflicts.standing(discussion.contact)[0]
    with pytest.raises(Refused) as refused:
        implicated.take_back(row, " ", staff_act(cast, LATER))
    assert refused.value.field == "reason"
    implicated.take_back(row, "Another person of that name", staff_act(cast, LATER))
    assert (row.removed_reason, row.removed_by) == ("Another person of that name", cast.social_worker.full_name)
    assert add(discussion, cast, person=cast.headteacher).state is InvitationState.INVITED
    with pytest.raises(Refused):
        implicated.take_back(row, "Again", staff_act(cast, LATER))


@pytest.mark.parametrize(
    ("whom", "field"),
    [({}, "who"), ({"name": "Pat"}, "agency")],
)
def test_naming_says_who_and_where(discussion: Discussion, cast: Cast, whom: dict[str, object], field: str) -> None:
    with pytest.raises(Refused) as refused:
        name(discussion, cast, **whom)
    assert refused.value.field == field


def test_nobody_is_named_twice_without_a_reason_or_from_elsewhere(discussion: Discussion, cast: Cast) -> None:
    name(discussion, cast, person=cast.headteacher)
    name(discussion, cast, name="Pat Parttime", agency=cast.headteacher.agency)
    for whom in ({"person": cast.headteacher}, {"name": "Pat Parttime", "agency": cast.headteacher.agency}):
        with pytest.raises(Refused, match="already"):
            name(discussion, cast, **whom)
    with pytest.raises(Refused):
        name(discussion, cast, user=cast.outsider)
    with pytest.raises(Refused):
        implicated.name(discussion.contact, Whom(person=cast.sergeant), " ", staff_act(cast, LATER))
