"""Handing a contact over: the giver holds it until the receiver accepts, and everybody concerned is told."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from strategy.act import Act, Refused
from strategy.commands import contacts, handovers, implicated
from strategy.commands.contacts import NewContact
from strategy.commands.implicated import Whom
from strategy.db import db
from strategy.models import Contact, Event, Implicated, Message
from strategy.queries import handovers as holding
from strategy.queries import reasons
from strategy.queries.outgoing import outgoing
from strategy.vocabulary import EventVerb, HandoverState, MessageChannel, MessageState, Via, Waiting
from tests.cast import Cast
from tests.commands.stories import THURSDAY, waiting_child


def at(minutes: int = 0) -> Act:
    return Act(by="Terry Example", at=THURSDAY + timedelta(minutes=minutes), via=Via.STAFF)


@pytest.fixture
def contact(writing: None, cast: Cast) -> Contact:
    """A child Sam Worker started the clock for."""
    return waiting_child(cast, at())


@pytest.fixture
def given(contact: Contact, cast: Cast) -> Contact:
    """The same, handed by Sam Worker to Terry Example five minutes later."""
    handovers.give(contact, cast.chair, cast.social_worker, at(5))
    return contact


def notices(name: str) -> list[Message]:
    return list(db.session.scalars(select(Message).where(Message.name == name).order_by(Message.id)))


def verbs(contact: Contact) -> list[EventVerb]:
    return list(db.session.scalars(select(Event.verb).where(Event.contact_id == contact.id).order_by(Event.id)))


def test_until_it_is_accepted_the_giver_holds_it_and_the_clock_runs(given: Contact, cast: Cast) -> None:
    pending = holding.pending(given)
    assert pending is not None and pending.receiver is cast.chair
    assert pending.given_at == THURSDAY + timedelta(minutes=5)
    assert holding.holder(given) is cast.social_worker
    handovers.accept(given, cast.chair, at(30))
    assert holding.pending(given) is None
    assert holding.holder(given) is cast.chair
    assert pending.ended_at == THURSDAY + timedelta(minutes=30)
    assert verbs(given)[-2:] == [EventVerb.HANDED_OVER, EventVerb.HANDOVER_ACCEPTED]


def test_the_receiver_is_told_by_mail_and_text_with_nothing_about_the_child(given: Contact, cast: Cast) -> None:
    mail, text = notices("handover")
    assert (mail.channel, text.channel) == (MessageChannel.EMAIL, MessageChannel.SMS)
    assert mail.address == cast.chair.email
    assert outgoing(mail).path == f"/contacts/{given.id}"
    for words in (mail.subject, mail.text, mail.html, text.text):
        assert words is not None
        assert "4471" not in words and "standard" not in words
    assert given.reference in mail.text and given.reference in text.text


def test_a_notice_not_gone_out_yet_is_not_sent_once_it_is_accepted(given: Contact, cast: Cast) -> None:
    mail = notices("handover")[0]
    assert reasons.gone(mail, at(6).at) is None
    handovers.accept(given, cast.chair, at(30))
    db.session.flush()
    assert reasons.gone(mail, at(31).at) == "It is not theirs to accept any more."


def test_declined_it_is_back_with_the_giver_who_is_told_but_not_why(given: Contact, cast: Cast) -> None:
    handovers.decline(given, cast.chair, "I know the family", at(10))
    assert holding.holder(given) is cast.social_worker
    assert holding.pending(given) is None
    mail = notices("handed-back")[0]
    assert mail.address == cast.social_worker.email
    assert "declined" in mail.text and "family" not in mail.text
    last = db.session.scalars(select(Event).order_by(Event.id.desc())).first()
    assert last is not None and "family" not in last.text
    assert given.handovers[0].reason == "I know the family"


def test_declining_needs_a_reason(given: Contact, cast: Cast) -> None:
    with pytest.raises(Refused) as caught:
        handovers.decline(given, cast.chair, "  ", at(10))
    assert caught.value.field == "reason"


def test_nobody_but_the_receiver_accepts_or_declines(given: Contact, cast: Cast) -> None:
    with pytest.raises(Refused, match="only they can"):
        handovers.accept(given, cast.social_worker, at(10))
    with pytest.raises(Refused, match="only they can"):
        handovers.decline(given, cast.social_worker, "no", at(10))


def test_taken_back_before_it_was_accepted_the_receiver_is_told(given: Contact, cast: Cast) -> None:
    handovers.take_over(given, cast.social_worker, at(10))
    assert holding.holder(given) is cast.social_worker
    assert [one.state for one in given.handovers] == [HandoverState.TAKEN_OVER]
    assert notices("handed-back")[0].address == cast.chair.email


def test_taken_over_by_somebody_else_whoever_held_it_is_told(contact: Contact, cast: Cast) -> None:
    handovers.take_over(contact, cast.chair, at(10))
    assert holding.holder(contact) is cast.chair
    assert notices("handed-back")[0].address == cast.social_worker.email
    with pytest.raises(Refused, match="hold this contact already"):
        handovers.take_over(contact, cast.chair, at(11))


def test_given_to_another_before_it_was_accepted_only_the_last_may_accept(given: Contact, cast: Cast) -> None:
    handovers.take_over(given, cast.chair, at(6))
    handovers.give(given, cast.social_worker, cast.chair, at(7))
    states = [one.state for one in given.handovers]
    assert states == [HandoverState.TAKEN_OVER, HandoverState.ACCEPTED, HandoverState.GIVEN]
    handovers.accept(given, cast.social_worker, at(8))
    assert holding.holder(given) is cast.social_worker


def test_it_is_not_given_to_who_has_it_nor_to_strangers_nor_to_who_only_watches(given: Contact, cast: Cast) -> None:
    for receiver in (cast.chair, cast.social_worker, cast.outsider, cast.leader, cast.admin):
        with pytest.raises(Refused) as caught:
            handovers.give(given, receiver, cast.social_worker, at(10))
        assert caught.value.field == "receiver"


def test_a_closed_contact_is_handed_to_nobody(contact: Contact, given: Contact, cast: Cast) -> None:
    contact.state = Waiting.NOT_NEEDED
    for deed in (
        lambda: handovers.give(contact, cast.chair, cast.social_worker, at(10)),
        lambda: handovers.take_over(contact, cast.chair, at(10)),
        lambda: handovers.accept(contact, cast.chair, at(10)),
    ):
        with pytest.raises(Refused, match="closed"):
            deed()


def test_a_list_that_gives_many_tells_each_worker_once(writing: None, cast: Cast) -> None:
    given = tuple(_undecided(cast, f"44{number}", at().at) for number in range(3))
    for contact in given:
        handovers.give(contact, cast.chair, cast.social_worker, at(1), tell=False)
    handovers.tell_of_many(handovers.Given(cast.chair, given), at(1))
    mail, _text = notices("handover")
    assert "3 contacts" in mail.text
    assert mail.state is MessageState.QUEUED


def _undecided(cast: Cast, case: str, received: datetime) -> Contact:
    new = NewContact(case, received, ["standard"])
    return contacts.start_clock(new, cast.authority, cast.policy, cast.social_worker, at())


def test_what_waits_for_somebody_named_as_implicated_since_is_not_sent(given: Contact, cast: Cast) -> None:
    handovers.take_over(given, cast.leader, at(6))
    told = [one for one in notices("handed-back") if one.user_id == cast.chair.id]
    given.implicated.append(Implicated(user_id=cast.chair.id, reason="Made up", by="x", at=at(8).at))
    db.session.flush()
    assert {reasons.gone(one, at(9).at) for one in told} == {"A conflict of interest."}
    given.implicated[0].removed_at = at(9).at
    db.session.flush()
    implicated.name(given, Whom(user=cast.chair), "Made up", at(8))
    assert {one.state for one in told} == {MessageState.VOIDED}
