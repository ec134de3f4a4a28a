"""Wild 26: what a provider reports early, late, twice, out of order or about nothing changes what it should, once."""

from datetime import timedelta
from itertools import permutations

import pytest

from strategy.act import Act
from strategy.commands import claiming, messages, sending
from strategy.commands.messages import Recipient
from strategy.commands.sending import Outcome
from strategy.db import db
from strategy.models import CallTask, Discussion, Event, Message, MessageAttempt
from strategy.vocabulary import EventVerb, MessageReason, MessageState, Via
from tests.convened import BOOKED_AT, invited

AWAITED = Outcome(state=MessageState.SENT, awaits_receipt=True, reference="SM1")


def worker(seconds: float = 0) -> Act:
    return Act(by="Strategy discussions", at=BOOKED_AT + timedelta(seconds=seconds), via=Via.WORKER)


@pytest.fixture
def message(discussion: Discussion) -> Message:
    """An invitation by text to the police desk, claimed, alone in the outbox."""
    messages.void(worker(), discussion=discussion)
    police = invited(discussion, "police")
    desk = Recipient("MASH desk", None, police.phone)
    (found,) = messages.queue("invite", desk, police, MessageReason.INVITE, worker(), key="again")
    claiming.claim(10, worker())
    return found


def told() -> int:
    return db.session.query(Event).filter_by(verb=EventVerb.TOLD).count()


def test_a_text_whose_receipt_is_awaited_is_sent_and_nobody_is_told_yet(
    message: Message, discussion: Discussion
) -> None:
    assert sending.settle(message.id, 1, AWAITED, worker())
    assert (message.state, told()) == (MessageState.SENT, 0)
    assert invited(discussion, "police").first_delivered_at is None
    assert sending.report(message.id, MessageState.DELIVERED, None, worker(30))
    assert (message.state, message.delivered_at, told()) == (MessageState.DELIVERED, worker(30).at, 1)
    assert invited(discussion, "police").first_delivered_at == worker(30).at


def test_where_no_receipts_are_given_sent_is_told_and_a_receipt_after_all_says_nothing_new(message: Message) -> None:
    sending.settle(message.id, 1, Outcome(state=MessageState.SENT, told=True), worker())
    assert told() == 1
    assert sending.report(message.id, MessageState.DELIVERED, None, worker(30))
    assert told() == 1


def test_wild_26_a_report_that_comes_before_our_own_note_is_kept(message: Message) -> None:
    assert sending.report(message.id, MessageState.DELIVERED, None, worker(1), reference="SM1")
    assert sending.settle(message.id, 1, AWAITED, worker(2))
    assert (message.state, message.reference, told()) == (MessageState.DELIVERED, "SM1", 1)


def test_wild_26_twice_is_once(message: Message) -> None:
    sending.settle(message.id, 1, AWAITED, worker())
    assert sending.report(message.id, MessageState.DELIVERED, None, worker(1))
    assert not sending.report(message.id, MessageState.DELIVERED, None, worker(2))
    assert (told(), message.delivered_at) == (1, worker(1).at)


@pytest.mark.parametrize("order", list(permutations([MessageState.SENT, MessageState.DELIVERED, MessageState.BOUNCED])))
def test_wild_26_in_any_order_it_ends_the_same_and_what_follows_happens_once(
    message: Message, order: tuple[MessageState, ...]
) -> None:
    sending.settle(message.id, 1, AWAITED, worker())
    for state in (*order, *order):
        sending.report(message.id, state, "The phone is switched off", worker(5))
    assert message.state is MessageState.BOUNCED
    assert db.session.query(CallTask).count() == 1
    assert told() <= 1


@pytest.mark.parametrize("state", [MessageState.QUEUED, MessageState.SENDING, MessageState.VOIDED])
def test_wild_26_what_no_provider_can_know_changes_nothing(message: Message, state: MessageState) -> None:
    assert not sending.report(message.id, state, None, worker())
    assert message.state is MessageState.SENDING


def test_failed_at_the_provider_is_not_delivered_and_somebody_is_asked_to_ring(
    message: Message, discussion: Discussion
) -> None:
    sending.settle(message.id, 1, AWAITED, worker())
    assert sending.report(message.id, MessageState.FAILED, "The phone takes no texts", worker(5))
    assert (message.state, message.problem) == (MessageState.BOUNCED, "The phone takes no texts")
    assert invited(discussion, "police").undeliverable
    assert db.session.query(CallTask).one().invitation_id == invited(discussion, "police").id


def test_a_report_spares_sending_again_what_a_dead_sender_could_not_note(message: Message) -> None:
    claiming.free_lapsed(worker(claiming.LEASE.total_seconds() + 1))
    db.session.refresh(message)
    assert message.state is MessageState.QUEUED
    assert sending.report(message.id, MessageState.DELIVERED, None, worker(500), reference="SM1")
    assert claiming.claim(10, worker(501)).outgoing == []
    assert message.reference == "SM1"


def test_a_withdrawn_message_stays_withdrawn(message: Message) -> None:
    message.state = MessageState.VOIDED
    assert not sending.report(message.id, MessageState.DELIVERED, None, worker(5))
    assert message.state is MessageState.VOIDED


def test_every_report_that_was_news_stands_beside_the_attempts(message: Message) -> None:
    sending.settle(message.id, 1, AWAITED, worker())
    sending.report(message.id, MessageState.DELIVERED, None, worker(1))
    sending.report(message.id, MessageState.DELIVERED, None, worker(2))
    assert [one.outcome for one in db.session.query(MessageAttempt).order_by(MessageAttempt.id)] == [
        "Sent",
        "Reported: Delivered",
    ]
