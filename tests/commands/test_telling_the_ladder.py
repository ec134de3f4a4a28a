"""Those up the ladder, once told of a discussion, hear when it moves, is stood down, or goes on without them."""

from datetime import timedelta

import pytest

from strategy.commands import changes, chases, climbing, invitations
from strategy.commands.changes import Occasion
from strategy.db import db
from strategy.models import Discussion, Invitation, Message
from strategy.queries import chasing
from strategy.vocabulary import MessageState, Mode, WithdrawReason
from tests.cast import Cast
from tests.convened import BOOKED_AT, ENDS_AT, STARTS_AT, invited, queued, send_everything, staff_act

LATE = BOOKED_AT + timedelta(minutes=85)  # the second rung has been told
HOUR = timedelta(hours=1)
TO = Occasion(STARTS_AT + HOUR, ENDS_AT + HOUR, Mode.VIDEO, "https://meet.example/k7qd")
SERGEANT = {"ds@police.example", "+447700900011"}


@pytest.fixture
def police(discussion: Discussion, cast: Cast) -> Invitation:
    """Police, whose desk was reminded and whose sergeant was told."""
    send_everything()
    for moment in (BOOKED_AT + timedelta(minutes=40), BOOKED_AT + timedelta(minutes=80)):
        for due in chasing.due(moment, 100):
            climbing.climb(due, staff_act(cast, moment))
    return invited(discussion, "police")


def _told(police: Invitation, name: str) -> set[str]:
    return {message.address for message in queued(police, name)}


def test_a_supervisor_who_was_told_is_told_of_the_move(police: Invitation, cast: Cast) -> None:
    send_everything(LATE)
    changes.move(police.discussion, TO, "waiting-for-partner", police.discussion.revision, staff_act(cast, LATE))
    assert _told(police, "update") >= SERGEANT
    assert all(message.calendar_method is None for message in queued(police, "update") if message.address in SERGEANT)


def test_a_supervisor_who_was_told_is_told_that_it_is_off(police: Invitation, cast: Cast) -> None:
    send_everything(LATE)
    changes.stand_down(police.discussion, "The threshold is not met", police.discussion.revision, staff_act(cast, LATE))
    assert _told(police, "cancel") >= SERGEANT
    assert len(_told(police, "cancel")) == len(queued(police, "cancel"))  # nobody twice


def test_a_supervisor_who_was_told_hears_of_a_withdrawal(police: Invitation, cast: Cast) -> None:
    send_everything(LATE)
    invitations.withdraw(police, WithdrawReason.WRONG_ONE, staff_act(cast, LATE))
    assert _told(police, "cancel") >= SERGEANT


def test_a_supervisor_whose_message_never_left_hears_nothing(police: Invitation, cast: Cast) -> None:
    for message in db.session.query(Message).filter_by(name="supervisor"):
        message.state = MessageState.FAILED
    changes.stand_down(police.discussion, "The threshold is not met", police.discussion.revision, staff_act(cast, LATE))
    assert _told(police, "cancel").isdisjoint(SERGEANT)


def test_a_second_move_tells_the_supervisor_again(police: Invitation, cast: Cast) -> None:
    send_everything(LATE)
    act = staff_act(cast, LATE)
    for number in (1, 2):
        to = Occasion(STARTS_AT + HOUR * number, ENDS_AT + HOUR * number, Mode.VIDEO, "https://meet.example/k7qd")
        changes.move(police.discussion, to, "waiting-for-partner", police.discussion.revision, act)
        chases.replan(police, act)
        assert _told(police, "update") >= SERGEANT
        send_everything(LATE)
