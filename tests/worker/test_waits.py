"""Children who wait: whoever holds the contact is told, then the managers, then the leaders, until somebody acts."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import delete, func, select

from strategy.act import Act
from strategy.commands import contacts, handovers, waits
from strategy.commands.contacts import NewContact
from strategy.db import db, transaction
from strategy.models import Chase, Contact, Discussion, Event, Message
from strategy.queries import chasing
from strategy.vocabulary import ChaseKind, EventVerb, MessageChannel, MessageState, Via, Waiting
from tests.cast import Cast
from tests.convened import staff_act
from tests.worker.ticking import Tick, at

RECEIVED, DECIDED = at(9, 0) - timedelta(days=4), at(10, 0) - timedelta(days=4)  # a Monday
SAM, TERRY, LEE = (f"{name}@exampleshire.example" for name in ("sam.worker", "terry.example", "lee.leader"))


def started(cast: Cast, concern: str = "standard", *, decided: bool = True, case: str = "CASE-4471") -> Contact:
    new = NewContact(case, RECEIVED, [concern], DECIDED if decided else None, "Terry Example")
    with transaction("tests", Via.COMMAND_LINE):
        number = contacts.start_clock(
            new, cast.authority, cast.policy, cast.social_worker, staff_act(cast, DECIDED if decided else RECEIVED)
        ).id
    return db.session.get_one(Contact, number)


def told() -> list[str]:
    asked = select(Message).where(Message.name == "still-waiting").order_by(Message.id)
    return [message.address for message in db.session.scalars(asked)]


def moments(contact: Contact) -> tuple[Any, Any]:
    assert contact.warn_at is not None and contact.due_at is not None
    return contact.warn_at, contact.due_at


def test_worker_managers_and_leaders_are_told_in_turn_and_then_every_day(cast: Cast, tick: Tick) -> None:
    warn, due = moments(started(cast))
    counts = []
    for moment in (warn - timedelta(minutes=1), warn, warn + (due - warn) / 2, due, due + timedelta(hours=25)):
        tick(moment)
        tick(moment)
        counts.append(len(told()))
    assert (counts, told()) == ([0, 1, 2, 3, 5], [SAM, TERRY, LEE, SAM, LEE])


def test_a_worker_that_slept_tells_everybody_once(cast: Cast, tick: Tick) -> None:
    _, due = moments(started(cast))
    tick(due + timedelta(hours=3))
    tick(due + timedelta(hours=4))
    assert told() == [SAM, TERRY, LEE]
    words = db.session.scalars(select(Message.text).where(Message.name == "still-waiting")).all()
    assert all("No strategy discussion is booked" in text and "was to be held by" in text for text in words)
    assert not any(secret in text for text in words for secret in ("4471", "Robin", "standard"))
    event = db.session.scalars(select(Event.text).where(Event.verb == EventVerb.TARGET_NEAR)).one()
    assert event == "Still waiting, past its target: told Sam Worker, Terry Example, Lee Leader"


def test_of_several_children_one_mail_speaks_and_goes_while_any_of_them_waits(cast: Cast, tick: Tick) -> None:
    first, second = started(cast), started(cast, case="CASE-4472")
    _, due = moments(second)
    with time_machine.travel(due), transaction("tests", Via.WORKER):
        for row in chasing.due(due, 10):
            waits.tell(row, Act(by="tests", at=due, via=Via.WORKER))
        assert told() == [SAM, TERRY, LEE]
        ended = db.session.get_one(Contact, min(first.id, second.id))
        ended.state = Waiting.NOT_NEEDED
    tick(due)
    found = db.session.scalars(select(Message).where(Message.name == "still-waiting")).all()
    assert {one.state for one in found} == {MessageState.SENT}
    assert all("Others may wait too" in (one.text or "") for one in found)
    assert db.session.scalar(select(func.count()).where(Event.verb == EventVerb.TARGET_NEAR)) == 2


def test_what_falls_due_minutes_later_has_a_mail_of_its_own(cast: Cast, tick: Tick) -> None:
    first, second = started(cast), started(cast, case="CASE-4472")
    _, due = moments(second)
    with transaction("tests", Via.WORKER):
        for one in db.session.scalars(select(Chase).where(Chase.contact_id == first.id)):
            one.due_at = due - timedelta(minutes=2)
        for one in db.session.scalars(select(Chase).where(Chase.contact_id == second.id)):
            one.due_at = due
    tick(due - timedelta(minutes=2))
    before = told()
    tick(due)
    assert before == [SAM, TERRY] and sorted(told()[len(before) :]) == sorted([SAM, TERRY, LEE])


def test_what_is_urgent_is_texted_too_and_what_is_not_wakes_nobody(cast: Cast, tick: Tick) -> None:
    warn, _ = moments(started(cast, "serious-injury"))
    tick(warn)
    channels = db.session.scalars(select(Message.channel).where(Message.name == "still-waiting")).all()
    assert set(channels) == {MessageChannel.EMAIL, MessageChannel.SMS}


def test_a_decision_that_does_not_come_is_chased_too_and_then_the_discussion(cast: Cast, tick: Tick) -> None:
    contact = started(cast, decided=False)
    tick(contact.decide_by)
    assert told() == [SAM, TERRY, LEE]
    words = db.session.scalars(select(Message.text).where(Message.name == "still-waiting")).all()
    assert all("Nobody has decided" in text for text in words)
    with transaction("tests", Via.STAFF):
        found = db.session.get_one(Contact, contact.id)
        contacts.decide(found, found.decide_by, "Terry Example", staff_act(cast, found.decide_by))
        warn = found.warn_at
    kinds = db.session.scalars(select(Chase.kind).where(Chase.contact_id == contact.id)).all()
    assert kinds == [ChaseKind.TARGET]
    tick(warn)
    assert told() == [SAM, TERRY, LEE, SAM]


@pytest.mark.parametrize("closed", [True, False])
def test_nobody_is_told_once_it_is_closed_or_booked_and_again_when_nothing_came_of_it(
    cast: Cast, tick: Tick, discussion: Discussion, closed: bool
) -> None:
    contact = discussion.contact
    assert contact.state is Waiting.BOOKED
    _, due = moments(contact)
    tick(discussion.ends_at)
    assert told() == []
    if closed:
        other = started(cast, case="CASE-4472")
        with transaction("tests", Via.STAFF):
            contacts.not_needed(db.session.get_one(Contact, other.id), "Known already", staff_act(cast, at(16, 0)))
        assert not db.session.scalars(select(Chase).where(Chase.contact_id == other.id)).all()
    tick(due + timedelta(days=1))
    assert told() == [SAM, TERRY, LEE]  # booked, not held, and nobody has said anything since
    words = db.session.scalars(select(Message.text).where(Message.name == "still-waiting")).all()
    assert all("was not held at its time" in text for text in words)


def test_who_is_to_accept_it_is_told_beside_who_gave_it(cast: Cast, tick: Tick) -> None:
    contact = started(cast)
    with transaction("tests", Via.STAFF):
        found = db.session.get_one(Contact, contact.id)
        handovers.give(found, cast.chair, cast.social_worker, staff_act(cast, DECIDED))
    warn, _ = moments(contact)
    tick(warn)
    assert told() == [SAM, TERRY]


def test_a_contact_from_before_there_was_a_watch_is_taken_up(cast: Cast, tick: Tick) -> None:
    contact = started(cast)
    with transaction("tests", Via.COMMAND_LINE):
        db.session.execute(delete(Chase))
    tick(DECIDED)
    planned = db.session.scalars(select(Chase.due_at).where(Chase.contact_id == contact.id)).all()
    assert planned == [contact.warn_at]


def test_what_they_will_be_told_is_foreseen(cast: Cast) -> None:
    contact = started(cast)
    _, due = moments(contact)
    ahead = [(one["discussion"], one["to_role"]) for one in chasing.owed(due, DECIDED) if one["step"] == "target"]
    assert ahead == [
        (contact.reference, "whoever holds it"),
        (contact.reference, "their managers"),
        (contact.reference, "the leaders"),
    ]


def test_a_notice_that_waits_is_dropped_once_nobody_waits_any_more(cast: Cast, tick: Tick) -> None:
    contact = started(cast)
    warn, _ = moments(contact)
    tick(warn)
    with transaction("tests", Via.STAFF):
        contacts.not_needed(db.session.get_one(Contact, contact.id), "Known", staff_act(cast, warn))
        for one in db.session.query(Message).filter_by(name="still-waiting"):
            one.state, one.sent_at, one.not_before = MessageState.QUEUED, None, warn
    tick(warn + timedelta(minutes=1))
    states = db.session.scalars(select(Message.state).where(Message.name == "still-waiting")).all()
    assert set(states) == {MessageState.VOIDED}
