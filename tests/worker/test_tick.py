"""The tick: what is due is done once, in order, and nothing is lost or said twice."""

from datetime import timedelta
from typing import Any

from icalendar import Calendar
from sqlalchemy import select

from notifications.memory import MemoryChannel
from notifications.messages import Email
from strategy.act import Act
from strategy.commands import contact_imports
from strategy.db import db, transaction
from strategy.keys import digest, keys
from strategy.models import (
    CallTask,
    Chase,
    ChaseStep,
    ContactImport,
    Discussion,
    Event,
    Heartbeat,
    Implicated,
    Message,
)
from strategy.rules.contact_sheet import Entry, Reading
from strategy.vocabulary import (
    LADDERS,
    CallState,
    ChaseKind,
    EventVerb,
    MessageState,
    StepKind,
    Via,
)
from tests.cast import Cast
from tests.convened import BOOKED_AT, invited
from tests.worker.ticking import Tick, at, named_by, told


def test_the_first_tick_invites_everybody_once_by_both_channels(
    discussion: Discussion, tick: Tick, mails: MemoryChannel, texts: MemoryChannel
) -> None:
    tick()
    tick()
    assert [mail.to for mail in mails.sent].count("mash@police.example") == 1
    assert [text.to for text in texts.sent].count("+447700900001") == 1
    assert "+441632960200" not in [text.to for text in texts.sent]  # a landline takes no text
    assert {message.state for message in db.session.scalars(select(Message))} == {MessageState.SENT}


def test_the_link_sent_opens_that_invitation_and_lies_in_no_row(
    discussion: Discussion, tick: Tick, texts: MemoryChannel
) -> None:
    tick()
    police = invited(discussion, "police")
    text = next(text for text in texts.sent if text.to == "+447700900001").text
    link = next(line for line in text.splitlines() if line.startswith("https://"))
    token = link.removeprefix("https://sd.example/a/")
    assert digest(token) == police.token_hash
    assert token == keys().token(police.id, police.generation)
    assert all(token not in message.text for message in db.session.scalars(select(Message)))


def test_the_mail_carries_a_request_for_that_invitee_alone(
    discussion: Discussion, tick: Tick, mails: MemoryChannel
) -> None:
    tick()
    mail = next(mail for mail in mails.sent if mail.to == "mash@police.example")
    assert isinstance(mail, Email) and mail.calendar is not None
    event: Any = Calendar.from_ical(mail.calendar.ics).walk("VEVENT")[0]
    assert str(event["ATTENDEE"]) == "mailto:mash@police.example"
    assert event["DTSTART"].dt == at(15, 30)
    assert "https://sd.example/a/" in event["DESCRIPTION"]


def test_staff_are_led_to_their_page_and_never_given_a_token(
    cast: Cast, discussion: Discussion, tick: Tick, mails: MemoryChannel
) -> None:
    tick()
    mail = next(mail for mail in mails.sent if mail.to == cast.chair.email)
    assert f"https://sd.example/discussions/{discussion.id}" in mail.text
    assert "/a/" not in mail.text


def test_a_message_sent_counts_as_the_first_word_they_had(discussion: Discussion, tick: Tick) -> None:
    tick()
    delivered = invited(discussion, "police").first_delivered_at
    assert delivered is not None and abs(delivered - BOOKED_AT) < timedelta(seconds=10)


def test_silence_climbs_rung_by_rung_to_the_chair(
    cast: Cast, discussion: Discussion, tick: Tick, texts: MemoryChannel
) -> None:
    tick()
    for moment in (at(13, 29), at(13, 30), at(14, 10), at(14, 50), at(15, 14), at(15, 29)):
        tick(moment)
    rungs = [(StepKind.RUNG, number) for number in (0, 1, 2, 3)]
    assert told(discussion, "police") == [*rungs, (StepKind.CHAIR_CALL, None)]
    sent = [text.to for text in texts.sent]
    for phone in ("+447700900011", "+447700900012", "+447700900013"):
        assert sent.count(phone) == 1
    call = db.session.scalars(select(CallTask).where(CallTask.for_user_id == cast.chair.id)).first()
    assert call is not None and call.state is CallState.OPEN


def test_nothing_is_climbed_before_it_is_due(discussion: Discussion, tick: Tick) -> None:
    tick()
    assert tick(at(13, 29))["climbed"] == 0
    assert tick(at(13, 30))["climbed"] > 0


def test_wild_15_rungs_slept_through_are_climbed_once_as_the_highest(discussion: Discussion, tick: Tick) -> None:
    tick()
    tick(at(14, 55))
    assert told(discussion, "police") == [(StepKind.RUNG, 2)]


def test_a_named_attendee_ends_the_chase_and_voids_what_had_not_gone(
    discussion: Discussion, tick: Tick, texts: MemoryChannel
) -> None:
    tick()
    named_by(invited(discussion, "police").id, at(13, 0))
    for moment in (at(13, 30), at(14, 10), at(15, 0)):
        tick(moment)
    assert told(discussion, "police") == [(StepKind.TELL, None)]  # whoever comes is reminded
    assert "+447700900011" not in [text.to for text in texts.sent]
    police = invited(discussion, "police")
    climbing = (Chase.invitation_id == police.id, Chase.kind.in_(LADDERS))
    assert db.session.scalar(select(Chase).where(*climbing)) is None


def test_a_rung_nobody_holds_is_said_and_climbed_over_at_once(
    discussion: Discussion, tick: Tick, texts: MemoryChannel
) -> None:
    """Health has a named nurse on rung 1 and nobody above."""
    tick()
    for moment in (at(13, 30), at(14, 10), at(14, 50)):
        tick(moment)
    health = invited(discussion, "health-0-19")
    assert told(discussion, "health-0-19") == [
        (StepKind.RUNG, 0),
        (StepKind.RUNG, 1),
        (StepKind.RUNG, 2),
        (StepKind.RUNG, 3),
        (StepKind.CHAIR_CALL, None),
    ]
    empty = select(Event).where(Event.invitation_id == health.id, Event.verb == EventVerb.RUNG_EMPTY)
    assert len(db.session.scalars(empty).all()) == 2


def test_wild_19_every_tick_leaves_a_sign_of_life(discussion: Discussion, tick: Tick) -> None:
    tick()
    done = tick(BOOKED_AT + timedelta(seconds=5))
    beats = db.session.scalars(select(Heartbeat)).all()
    assert len(beats) == 1
    assert beats[0].summary == done and done["at"] == "2026-11-27T12:50:05Z"


def test_both_ladders_never_share_a_step(discussion: Discussion, tick: Tick) -> None:
    tick()
    tick(at(13, 30))
    kinds = {step.kind for step in db.session.scalars(select(ChaseStep))}
    assert kinds == {ChaseKind.BEFORE}


def test_a_list_nobody_decided_on_for_a_day_is_forgotten(cast: Cast, tick: Tick) -> None:
    with transaction("Terry Example", Via.STAFF) as act:
        reading = Reading((Entry(2, "4471-A", BOOKED_AT),), (), (), ())
        source_id = contact_imports.keep(reading, cast.chair, Act(by=act.by, at=BOOKED_AT, via=act.via)).id
    assert tick(BOOKED_AT + timedelta(hours=23))["lists_forgotten"] == 0
    assert tick(BOOKED_AT + timedelta(hours=24, seconds=1))["lists_forgotten"] == 1
    assert db.session.get_one(ContactImport, source_id).entries is None


def test_a_rung_of_somebody_implicated_is_skipped_and_the_next_is_told(
    cast: Cast, discussion: Discussion, tick: Tick, mails: MemoryChannel, texts: MemoryChannel
) -> None:
    tick()
    with transaction("tests", Via.COMMAND_LINE):
        contact = db.session.get_one(Discussion, discussion.id).contact
        db.session.add(Implicated(contact=contact, person=cast.sergeant, reason="x", by="x", at=BOOKED_AT))
    tick(at(13, 30))
    tick(at(14, 10))
    reached = {mail.to for mail in mails.sent} | {text.to for text in texts.sent}
    assert "ds@police.example" not in reached and "+447700900011" not in reached
    assert "di@police.example" in reached
    assert told(discussion, "police") == [(StepKind.RUNG, 0), (StepKind.RUNG, 1), (StepKind.RUNG, 2)]
