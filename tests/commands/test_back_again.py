"""An invitation made while somebody was away: who is told, chased and rung once they are back (decision 0022)."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from strategy.commands import absences, answers, away, changes, invitations, inviting, owners
from strategy.commands.answers import Reply
from strategy.commands.away import AwayEntry
from strategy.commands.changes import Occasion
from strategy.commands.inviting import Invitee
from strategy.commands.lines import EVERYTHING
from strategy.db import db
from strategy.models import Action, Away, CallTask, Chase, Discussion, Implicated, Invitation
from strategy.policy import parsed
from strategy.queries import record, rungs, steps
from strategy.vocabulary import LADDERS, ActionState, Attendance, DiscussionState, Response
from tests.cast import Cast
from tests.convened import BOOKED_AT, ENDS_AT, LATER, STARTS_AT, link_act, queued, send_everything, staff_act

BACK = LATER + timedelta(minutes=20)
THEN = BACK + timedelta(minutes=10)
OWN, COVERS = "ds@police.example", "di@police.example"


@pytest.fixture
def made(discussion: Discussion, cast: Cast) -> Invitation:
    """The sergeant was away when asked, so that it went to the inspector; they are back half an hour later."""
    gone = AwayEntry(BOOKED_AT - timedelta(days=1), BACK, cover_id=cast.inspector.id)
    away.go(cast.sergeant, gone, staff_act(cast))
    db.session.flush()
    return inviting.invite(discussion, Invitee("police", True, person=cast.sergeant), staff_act(cast))


def told(invitation: Invitation, at: datetime) -> str | None:
    ladder = parsed(invitation.discussion.policy.text).ladder_of(invitation.role)
    holder = rungs.holder(invitation, 0, ladder, at)
    return None if holder is None else holder.email


def to(invitation: Invitation, name: str) -> set[str]:
    return {message.address for message in queued(invitation, name)}


def move(invitation: Invitation, cast: Cast, at: datetime) -> None:
    about, later = invitation.discussion, timedelta(hours=2)
    occasion = Occasion(STARTS_AT + later, ENDS_AT + later, about.mode, about.join_url)
    changes.move(about, occasion, "no-chair", about.revision, staff_act(cast, at), EVERYTHING)


def test_a_reminder_goes_to_the_cover_before_and_to_the_person_once_they_are_back(made: Invitation) -> None:
    assert (made.covered, made.email) == (True, COVERS)
    assert told(made, BACK - timedelta(minutes=1)) == COVERS
    assert told(made, BACK) == OWN
    assert rungs.asked(made, BACK).words == "Exampleshire Police: Dee Sergeant"


def test_who_comes_back_earlier_than_they_said_is_reminded_from_then_on(made: Invitation, cast: Cast) -> None:
    away.back(db.session.scalars(select(Away)).one(), staff_act(cast, LATER))
    db.session.flush()
    assert told(made, LATER) == OWN


def test_another_absence_after_it_is_covered_by_whoever_covers_then(made: Invitation, cast: Cast) -> None:
    away.go(cast.sergeant, AwayEntry(BACK, ENDS_AT, cover_id=cast.chief_inspector.id), staff_act(cast))
    db.session.flush()
    assert told(made, THEN) == "dci@police.example"
    cast.chief_inspector.active = False
    db.session.flush()
    assert rungs.asked(made, THEN).remark == "away, and nobody covers"


def test_an_address_given_for_it_stays_whoever_comes_back(made: Invitation, cast: Cast) -> None:
    invitations.correct(made, "duty@police.example", None, staff_act(cast, LATER))
    assert (made.covered, told(made, THEN)) == (False, "duty@police.example")


def test_sent_again_it_goes_to_whoever_has_it_now(made: Invitation, cast: Cast) -> None:
    send_everything()
    invitations.resend(made, staff_act(cast, THEN))
    assert OWN in to(made, "invite")


def test_a_move_reaches_both_while_nobody_is_named(made: Invitation, cast: Cast) -> None:
    send_everything()
    move(made, cast, THEN)
    assert to(made, "update") >= {OWN, COVERS}


def test_an_answer_that_names_somebody_stays_with_who_gave_it(made: Invitation, cast: Cast) -> None:
    answers.answer(made, Reply(Response.ATTEND, "Ina Inspector", "Inspector"), link_act(LATER))
    send_everything()
    changes.stand_down(made.discussion, "Not needed", made.discussion.revision, staff_act(cast, THEN))
    assert COVERS in to(made, "cancel") and OWN not in to(made, "cancel")


def test_an_answer_is_confirmed_to_whoever_has_it_at_that_moment(made: Invitation) -> None:
    answers.answer(made, Reply(Response.DESK_ACCEPTED, "Ina Inspector", "Inspector"), link_act(LATER))
    assert to(made, "confirmation") == {COVERS, "+447700900012"}
    answers.answer(made, Reply(Response.ATTEND, "Dee Sergeant", "Sergeant"), link_act(THEN))
    assert OWN in to(made, "confirmation")


def test_what_comes_next_is_said_of_whoever_has_it_then(made: Invitation) -> None:
    db.session.flush()
    chase = db.session.scalars(select(Chase).where(Chase.invitation_id == made.id, Chase.kind.in_(LADDERS))).one()
    chase.due_at = BACK - timedelta(minutes=1)
    assert "Ina Inspector (covers for Dee Sergeant" in steps.words(chase)
    chase.due_at = THEN
    assert steps.words(chase) == "remind Exampleshire Police: Dee Sergeant"


def test_the_numbers_to_ring_begin_with_whoever_has_it_now(made: Invitation) -> None:
    assert next(iter(record.numbers(made, LATER))) == "+447700900012"
    assert next(iter(record.numbers(made, THEN))) == "+447700900011"


def test_a_call_and_an_action_are_asked_of_whoever_has_it_now(made: Invitation, cast: Cast) -> None:
    about = made.discussion
    about.state, about.started_at, about.ended_at = DiscussionState.HELD, STARTS_AT, ENDS_AT
    made.attendance, made.undeliverable = Attendance.DID_NOT_ATTEND, True
    absences.excuse(made, staff_act(cast, THEN))
    call = db.session.scalars(select(CallTask).where(CallTask.invitation_id == made.id)).one()
    assert (call.whom, call.number) == ("Exampleshire Police: Dee Sergeant", "+447700900011")
    action = Action(
        discussion=about,
        invitation=made,
        what="Check",
        owner="Dee Sergeant",
        due_at=ENDS_AT + timedelta(days=1),
        state=ActionState.OPEN,
        created_at=ENDS_AT,
    )
    db.session.add(action)
    db.session.flush()
    assert OWN in {one.address for one in owners.tell(action, staff_act(cast, ENDS_AT))}


def test_whoever_is_implicated_hears_nothing_when_they_come_back(made: Invitation, cast: Cast) -> None:
    contact = made.discussion.contact
    contact.implicated.append(Implicated(person=cast.sergeant, as_manager=False, reason="Named", by="Sam", at=LATER))
    db.session.flush()
    send_everything()
    assert told(made, LATER) == COVERS
    assert told(made, THEN) is None
    move(made, cast, THEN)
    assert OWN not in to(made, "update")
