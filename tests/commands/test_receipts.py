"""Wild 26: receipts of providers, early, late, twice, out of order, of another attempt or about nothing of ours."""

import logging
from datetime import timedelta
from itertools import permutations

import pytest

from strategy.act import Act
from strategy.commands import claiming, messages, receipts, sending
from strategy.commands.receipts import Told
from strategy.commands.sending import Outcome, wire_id
from strategy.db import db
from strategy.models import CallTask, Discussion, Event, Message
from strategy.vocabulary import EventVerb, MessageReason, MessageState, Via
from tests.convened import BOOKED_AT, invited

PROBLEM = "The phone was switched off or out of reach (30003)"
STATES = (MessageState.SENT, MessageState.DELIVERED, MessageState.BOUNCED)


def at(seconds: float = 0, via: Via = Via.PROVIDER) -> Act:
    return Act(by="twilio", at=BOOKED_AT + timedelta(seconds=seconds), via=via)


@pytest.fixture
def message(discussion: Discussion) -> Message:
    """An invitation by text to the police desk, being sent, alone in the outbox."""
    messages.void(at(), discussion=discussion)
    police = invited(discussion, "police")
    desk = messages.Recipient("MASH desk", None, police.phone)
    (found,) = messages.queue("invite", desk, police, MessageReason.INVITE, at(), key="again")
    claiming.claim(10, at())
    return found


def sent(message: Message, reference: str = "SM1") -> None:
    sending.settle(message.id, 1, Outcome(state=MessageState.SENT, awaits_receipt=True, reference=reference), at())


def told(message: Message, state: MessageState, reference: str = "SM1", wire: str | None = "ours") -> Told:
    problem = PROBLEM if state is MessageState.BOUNCED else None
    ours = wire_id(message.id) if wire == "ours" else wire
    return Told(provider="twilio", reference=reference, state=state, wire=ours, problem=problem)


def arrivals() -> int:
    return db.session.query(Event).filter_by(verb=EventVerb.TOLD).count()


@pytest.mark.parametrize("order", list(permutations(STATES)), ids=" ".join)
def test_any_order_ends_the_same_and_twice_changes_nothing(message: Message, order: tuple[MessageState, ...]) -> None:
    sent(message)
    for state in (*order, *order):
        receipts.receive(told(message, state), at(30))
    assert (message.state, message.problem) == (MessageState.BOUNCED, PROBLEM)
    assert arrivals() <= 1
    assert db.session.query(CallTask).count() == 1


def test_a_receipt_before_our_own_note_counts(message: Message) -> None:
    assert receipts.receive(told(message, MessageState.DELIVERED), at(1))
    assert message.reference == "twilio:SM1"
    sent(message)
    assert (message.state, message.delivered_at, arrivals()) == (MessageState.DELIVERED, at(1).at, 1)


def test_that_it_was_sent_on_tells_nobody_even_before_our_own_note(message: Message) -> None:
    assert not receipts.receive(told(message, MessageState.SENT), at(1))
    sent(message)
    assert not receipts.receive(told(message, MessageState.SENT), at(2))
    assert (message.state, arrivals()) == (MessageState.SENT, 0)


def test_a_receipt_after_its_sender_died_keeps_it_from_going_out_again(message: Message) -> None:
    claiming.free_lapsed(at(9_000))
    assert message.state is MessageState.QUEUED
    assert receipts.receive(told(message, MessageState.DELIVERED), at(9_001))
    assert claiming.claim(10, at(9_002)).outgoing == []
    assert arrivals() == 1


def test_late_news_of_what_was_voided_changes_nothing(message: Message, discussion: Discussion) -> None:
    message.state = MessageState.VOIDED
    assert not receipts.receive(told(message, MessageState.DELIVERED), at(9_000))
    assert message.state is MessageState.VOIDED


@pytest.mark.parametrize("stored", ["SM1", "twilio:SM1"])
def test_it_is_found_by_the_providers_reference_where_our_id_is_lost(message: Message, stored: str) -> None:
    sent(message, stored)
    assert receipts.receive(told(message, MessageState.DELIVERED, wire=None), at(30))
    assert message.state is MessageState.DELIVERED


def test_what_another_attempt_came_to_changes_nothing(message: Message) -> None:
    """It timed out at one provider, went to the next, and only then the first reports that it failed there."""
    sent(message, "govuk-notify:740e5834")
    for state in STATES:
        assert not receipts.receive(told(message, state), at(30))
    assert message.state is MessageState.SENT


def test_nothing_is_believed_of_a_message_nobody_was_given(message: Message) -> None:
    message.attempt, message.state = 0, MessageState.QUEUED
    assert not receipts.receive(told(message, MessageState.DELIVERED), at(30))
    assert message.state is MessageState.QUEUED


def test_what_names_nothing_of_ours_is_logged_without_address(
    message: Message, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    for wire in ("m999999", "m99999999999999999999", "m-1", "sausage", "", None):
        assert not receipts.receive(told(message, MessageState.DELIVERED, "SM9", wire), at(30))
    assert caplog.text.count("a receipt from twilio names no message of ours") == 6
    assert message.address not in caplog.text


def test_only_news_of_arriving_is_taken(message: Message) -> None:
    sent(message)
    for state in (MessageState.QUEUED, MessageState.SENDING, MessageState.SENT, MessageState.VOIDED):
        assert not receipts.receive(told(message, state), at(30))
    assert message.state is MessageState.SENT
