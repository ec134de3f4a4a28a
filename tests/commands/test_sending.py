"""Sending: claimed once, checked for its reason, settled by whoever holds it, and never harmed by late receipts."""

from datetime import UTC, datetime, timedelta

import pytest

from strategy.act import Act
from strategy.commands import chases, claiming, messages, record, sending
from strategy.commands.claiming import LEASE, TURN
from strategy.commands.sending import Outcome
from strategy.db import db
from strategy.models import Discussion, Event, Message, MessageAttempt
from strategy.queries.outgoing import outgoing
from strategy.vocabulary import (
    Attendance,
    DiscussionState,
    EventVerb,
    InvitationState,
    MessageReason,
    MessageState,
    Via,
)
from tests.cast import Cast
from tests.convened import BOOKED_AT, invited, queued, staff_act

SENT = Outcome(state=MessageState.SENT, told=True, reference="ref-1")


def worker(at: datetime = BOOKED_AT) -> Act:
    return Act(by="Strategy discussions", at=at, via=Via.WORKER)


def one(discussion: Discussion, reason: MessageReason = MessageReason.CHASE, name: str = "chase") -> Message:
    """A message of that reason to the police desk, alone in the outbox."""
    messages.void(worker(), discussion=discussion)
    police = invited(discussion, "police")
    desk = messages.Recipient("MASH desk", None, "+447700900001")
    (message,) = messages.queue(name, desk, police, reason, worker(), key="one")
    return message


def taken(message: Message, at: datetime = BOOKED_AT) -> MessageState:
    """What a claim makes of it."""
    claiming.claim(100, worker(at))
    db.session.flush()
    db.session.refresh(message)
    return message.state


def test_urgent_messages_are_taken_first_then_the_oldest(discussion: Discussion) -> None:
    waiting = list(db.session.query(Message).order_by(Message.id))
    waiting[-1].urgent = True
    db.session.flush()
    batch = claiming.claim(3, worker())
    assert [outgoing.id for outgoing in batch.outgoing] == [waiting[-1].id, waiting[0].id, waiting[1].id]


def test_a_row_that_cannot_be_made_ready_is_put_back_and_the_others_go_out(discussion: Discussion) -> None:
    waiting = list(db.session.query(Message).order_by(Message.id))
    waiting[0].invitation_id = None
    db.session.flush()
    batch = claiming.claim(100, worker())
    assert [outgoing.id for outgoing in batch.outgoing] == [message.id for message in waiting[1:]]
    assert waiting[0].state is MessageState.QUEUED
    assert waiting[0].not_before > BOOKED_AT


def test_what_went_out_is_settled_even_where_its_follow_up_is_left_out(discussion: Discussion) -> None:
    message = one(discussion)
    attempt = claiming.claim(10, worker()).outgoing[0].attempt
    told = db.session.query(Event).filter_by(verb=EventVerb.TOLD).count()
    assert sending.settle(message.id, attempt, SENT, worker(), follow_up=False)
    assert message.state is MessageState.SENT
    assert db.session.query(Event).filter_by(verb=EventVerb.TOLD).count() == told


def test_what_is_taken_is_not_taken_again_until_its_lease_lapses(discussion: Discussion) -> None:
    message = one(discussion)
    first = claiming.claim(10, worker()).outgoing
    assert [(outgoing.id, outgoing.attempt) for outgoing in first] == [(message.id, 1)]
    assert claiming.claim(10, worker()).outgoing == []
    assert claiming.free_lapsed(worker(BOOKED_AT + TURN)) == 0
    assert claiming.free_lapsed(worker(BOOKED_AT + TURN + timedelta(seconds=1))) == 1
    again = claiming.claim(10, worker(BOOKED_AT + TURN + timedelta(seconds=2))).outgoing
    assert [(outgoing.id, outgoing.attempt) for outgoing in again] == [(message.id, 2)]


def test_what_is_going_out_is_held_for_longer_and_by_its_own_attempt_alone(discussion: Discussion) -> None:
    message = one(discussion)
    claiming.claim(10, worker())
    assert not claiming.hold(message.id, 2, worker())
    assert claiming.hold(message.id, 1, worker())
    assert claiming.free_lapsed(worker(BOOKED_AT + LEASE)) == 0
    assert claiming.free_lapsed(worker(BOOKED_AT + LEASE + timedelta(seconds=1))) == 1
    assert not claiming.hold(message.id, 1, worker(BOOKED_AT + LEASE + timedelta(seconds=1)))


def test_a_message_waits_for_its_moment(discussion: Discussion) -> None:
    message = one(discussion)
    message.not_before = BOOKED_AT + timedelta(minutes=1)
    db.session.flush()
    assert claiming.claim(10, worker()).outgoing == []
    assert len(claiming.claim(10, worker(BOOKED_AT + timedelta(minutes=1))).outgoing) == 1


def test_only_the_attempt_that_holds_it_may_settle(discussion: Discussion) -> None:
    message = one(discussion)
    (first,) = claiming.claim(10, worker()).outgoing
    claiming.free_lapsed(worker(BOOKED_AT + LEASE * 2))
    assert not sending.settle(message.id, first.attempt, SENT, worker(BOOKED_AT + LEASE * 2))
    (second,) = claiming.claim(10, worker(BOOKED_AT + LEASE * 2)).outgoing
    assert not sending.settle(message.id, first.attempt, SENT, worker(BOOKED_AT + LEASE * 2))
    assert sending.settle(message.id, second.attempt, SENT, worker(BOOKED_AT + LEASE * 2))
    assert (message.state, message.reference) == (MessageState.SENT, "ref-1")
    assert db.session.query(MessageAttempt).filter_by(message_id=message.id).count() == 1


def test_a_retry_waits_and_keeps_what_went_wrong(discussion: Discussion) -> None:
    message = one(discussion)
    (outgoing,) = claiming.claim(10, worker()).outgoing
    later = BOOKED_AT + timedelta(seconds=20)
    outcome = Outcome(state=MessageState.QUEUED, problem="The server is busy.", retry_at=later)
    assert sending.settle(message.id, outgoing.attempt, outcome, worker())
    assert (message.state, message.not_before, message.problem) == (MessageState.QUEUED, later, "The server is busy.")
    assert message.sent_at is None


def test_our_ids_survive_the_wire() -> None:
    assert sending.message_id(sending.wire_id(42)) == 42
    assert [sending.message_id(text) for text in ("42", "m", "mx", "m-1", "m1.5", "m٤")] == [None] * 6


# The reason is asked again at the moment of sending (domain section 12: no word of what is no longer so).


def test_chasing_stops_once_somebody_is_named(discussion: Discussion) -> None:
    message = one(discussion)
    invited(discussion, "police").state = InvitationState.DEPUTY
    assert taken(message) is MessageState.VOIDED
    assert message.problem == "Somebody is named."


def test_chasing_stops_once_waived_started_or_withdrawn(discussion: Discussion, cast: Cast) -> None:
    police = invited(discussion, "police")
    message = one(discussion)
    discussion.started_at = BOOKED_AT
    assert taken(message) is MessageState.VOIDED
    discussion.started_at = None
    for number, change in enumerate(("waived", "withdrawn")):
        desk = messages.Recipient("MASH desk", None, "+447700900001")
        key = f"again{number}"
        (next_one,) = messages.queue("chase", desk, police, MessageReason.CHASE, worker(), key=key)
        if change == "waived":
            need = next(need for need in discussion.needs if "police" in need.roles)
            need.waived_at = BOOKED_AT
        else:
            need.waived_at = None
            police.state = InvitationState.WITHDRAWN
        assert taken(next_one) is MessageState.VOIDED, change


@pytest.mark.parametrize(
    ("reason", "name"),
    [(MessageReason.INVITE, "invite"), (MessageReason.UPDATE, "update"), (MessageReason.CHASE, "chase")],
)
def test_news_of_an_earlier_version_is_not_sent(discussion: Discussion, reason: MessageReason, name: str) -> None:
    message = one(discussion, reason, name)
    discussion.sequence += 1
    assert taken(message) is MessageState.VOIDED


@pytest.mark.parametrize("reason", [MessageReason.INVITE, MessageReason.UPDATE, MessageReason.CHASE])
@pytest.mark.parametrize("state", [DiscussionState.STOOD_DOWN, DiscussionState.HELD])
def test_nobody_is_asked_to_what_is_over(discussion: Discussion, reason: MessageReason, state: DiscussionState) -> None:
    message = one(discussion, reason, "chase")
    discussion.state = state
    assert taken(message) is MessageState.VOIDED


def test_a_late_worker_asks_nobody_to_yesterdays_discussion(discussion: Discussion) -> None:
    message = one(discussion, MessageReason.INVITE, "invite")
    assert taken(message, discussion.ends_at + timedelta(days=1)) is MessageState.VOIDED


def test_an_invitation_sent_anew_replaces_the_one_still_waiting(discussion: Discussion) -> None:
    message = one(discussion, MessageReason.INVITE, "invite")
    invited(discussion, "police").generation += 1
    assert taken(message) is MessageState.VOIDED


def test_a_cancellation_always_goes(discussion: Discussion) -> None:
    message = one(discussion, MessageReason.CANCEL, "cancel")
    discussion.state = DiscussionState.STOOD_DOWN
    invited(discussion, "police").state = InvitationState.WITHDRAWN
    assert taken(message, discussion.ends_at + timedelta(days=1)) is MessageState.SENDING


def test_only_the_last_answer_is_confirmed(discussion: Discussion) -> None:
    police = invited(discussion, "police")
    message = one(discussion, MessageReason.CONFIRMATION, "confirmation")
    police.answered_at = datetime(2026, 11, 27, 13, 0, tzinfo=UTC)
    assert taken(message) is MessageState.VOIDED


@pytest.mark.parametrize("mended", [Attendance.ATTENDED, Attendance.APOLOGIES, Attendance.REPORT_ONLY])
def test_an_absence_is_asked_about_until_explained_or_mended(discussion: Discussion, mended: Attendance) -> None:
    police = invited(discussion, "police")
    police.attendance = Attendance.DID_NOT_ATTEND
    discussion.state = DiscussionState.HELD
    message = one(discussion, MessageReason.ABSENCE, "absence")
    assert taken(message) is MessageState.SENDING
    message.state, police.attendance = MessageState.QUEUED, mended
    assert taken(message) is MessageState.VOIDED


def test_an_action_that_is_gone_is_not_told(discussion: Discussion) -> None:
    desk = messages.Recipient("MASH desk", None, "+447700900001")
    police = invited(discussion, "police")
    (message,) = messages.queue("action", desk, police, MessageReason.ACTION, worker(), key="a", due_at=BOOKED_AT)
    assert taken(message) is MessageState.VOIDED


def test_voided_messages_are_counted_beside_those_that_go(discussion: Discussion) -> None:
    waiting = len(queued(invited(discussion, "police"), "invite"))
    everything = db.session.query(Message).count()
    invited(discussion, "police").generation += 1
    chases.replan(invited(discussion, "police"), worker())
    batch = claiming.claim(1000, worker())
    assert (batch.voided, len(batch.outgoing)) == (waiting, everything - waiting)


def test_staff_and_partners_are_led_to_different_doors(discussion: Discussion, cast: Cast) -> None:
    paths = {outgoing.address: outgoing.path for outgoing in claiming.claim(1000, worker()).outgoing}
    assert paths["mash@police.example"].startswith("/a/") and len(paths["mash@police.example"]) == 16
    assert paths[cast.chair.email] == f"/discussions/{discussion.id}"
    assert staff_act(cast).by not in "".join(paths.values())


def test_our_own_people_find_their_action_behind_sign_in(discussion: Discussion, cast: Cast) -> None:
    discussion.state, discussion.started_at = DiscussionState.HELD, BOOKED_AT
    act = staff_act(cast, BOOKED_AT)
    action = record.add_action(
        discussion, invited(discussion, "chair"), "Ring the court", "Terry", BOOKED_AT + timedelta(days=1), act
    )
    told = db.session.query(Message).filter_by(reason=MessageReason.ACTION)
    assert {outgoing(message).path for message in told} == {f"/actions/{action.id}"}
