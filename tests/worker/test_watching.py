"""What people are told of their own accord: before it begins, when they are not there, when it may not be quorate."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from notifications.memory import MemoryChannel
from strategy.commands import answers, changes, holding, record
from strategy.commands.answers import Reply
from strategy.commands.changes import Occasion
from strategy.db import db, transaction
from strategy.models import Action, Chase, ChaseStep, Discussion, Event, Invitation, Message
from strategy.queries import chasing, discussions
from strategy.vocabulary import (
    Attendance,
    ChaseKind,
    DiscussionKind,
    EventVerb,
    MessageReason,
    MessageState,
    Mode,
    Response,
    Via,
)
from tests.cast import Cast
from tests.convened import ENDS_AT, STARTS_AT, invited, link_act, staff_act
from tests.worker.ticking import Tick, at, named_by

SAM, TERRY = "+447700900901", "+447700900900"
POLICE, HEALTH = "+447700900002", "+447700900002"


def named(name: str) -> list[str]:
    """The addresses messages of that name went to, oldest first; voided ones left out."""
    asked = select(Message).where(Message.name == name, Message.state != MessageState.VOIDED).order_by(Message.id)
    return [message.address for message in db.session.scalars(asked)]


def everybody_named(discussion: Discussion, moment: Any = None) -> None:
    for role in ("police", "health-0-19", "education"):
        named_by(invited(discussion, role).id, moment or at(13, 0))


def test_whoever_comes_is_reminded_once_with_how_to_join(discussion: Discussion, tick: Tick) -> None:
    tick()
    reply = Reply(Response.DEPUTY, "Jo", "DC", attendee_name="Pat Deputy", attendee_contact="pat@police.example")
    with transaction("Jo", Via.LINK):
        discussion = db.session.get_one(Discussion, discussion.id)
        discussion.dial_in = "01632 960500"
        answers.answer(invited(discussion, "police"), reply, link_act(at(13, 30)))
    tick(at(14, 59))
    assert named("reminder") == []
    tick(at(15, 0))  # a quarter of the two hours left
    tick(at(15, 10))
    assert named("reminder") == ["mash@police.example", "+447700900001", "pat@police.example"]
    words = db.session.scalars(select(Message.text).where(Message.name == "reminder")).all()
    assert all("01632 960500" in text for text in words)


def test_the_way_in_to_a_restricted_discussion_stays_on_its_page(discussion: Discussion, tick: Tick) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        found = db.session.get_one(Discussion, discussion.id)
        found.dial_in, found.kind = "01632 960500", DiscussionKind.LADO
    named_by(invited(discussion, "police").id, at(13, 0))
    tick(at(15, 6))
    texts = db.session.scalars(select(Message.text).where(Message.name.in_(("reminder", "started")))).all()
    assert texts and not any("01632 960500" in text for text in texts)


def test_who_is_told_otherwise_first_is_not_reminded(
    discussion: Discussion, tick: Tick, cast: Cast, texts: MemoryChannel
) -> None:
    tick()
    named_by(invited(discussion, "police").id, at(13, 0))
    tick(at(14, 53))
    assert named("reminder")
    to = Occasion(STARTS_AT + timedelta(hours=2), ENDS_AT + timedelta(hours=2), Mode.VIDEO, "https://meet.example/k")
    with transaction("tests", Via.STAFF):
        found = db.session.get_one(Discussion, discussion.id)
        changes.move(found, to, "no-chair", found.revision, staff_act(cast, at(14, 54)))
        changes.stand_down(found, "Not needed", found.revision, staff_act(cast, at(14, 55)))
    for hour in (15, 16, 17):
        tick(at(hour, 35))
    assert named("reminder").count("mash@police.example") == 1  # the one before the move
    assert named("started") == []
    assert db.session.scalars(select(Chase).where(Chase.contact_id.is_(None))).all() == []


def test_five_minutes_in_an_agency_that_is_not_there_is_told_whether_or_not_somebody_pressed_start(
    discussion: Discussion, tick: Tick, cast: Cast
) -> None:
    tick()
    with transaction("tests", Via.STAFF):
        found = db.session.get_one(Discussion, discussion.id)
        holding.start(found, staff_act(cast, STARTS_AT))
        holding.mark(invited(found, "health-0-19"), Attendance.ATTENDED, staff_act(cast, at(15, 31)))
    tick(at(15, 34, 59))
    assert named("started") == []
    tick(at(15, 35))
    tick(at(15, 40))
    assert named("started") == ["mash@police.example", "+447700900001"]  # once; education is optional and silent
    text = db.session.scalars(select(Message.text).where(Message.address == "+447700900001", Message.name == "started"))
    assert "your agency has not joined" in text.one()
    told = db.session.scalars(select(Event.text).where(Event.verb == EventVerb.NOT_JOINED)).one()
    assert told.startswith("Not there 5 minutes in: told Exampleshire Police: MASH desk")


def test_not_pressed_they_are_told_that_it_was_to_start(discussion: Discussion, tick: Tick) -> None:
    tick(at(15, 36))
    mails = db.session.scalars(select(Message.text).where(Message.name == "started", Message.channel == "email")).all()
    assert len(mails) == 2 and all("was to start at" in mail for mail in mails)


def test_a_desk_no_message_reaches_is_to_be_rung_in(discussion: Discussion, tick: Tick) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        health = invited(db.session.get_one(Discussion, discussion.id), "health-0-19")
        health.email, health.phone = None, "+441632960201"
        assert health.desk is not None
        health.desk.email, health.desk.phone = None, "+441632960201"
    tick(at(15, 35))
    words = [one.because for one in discussions.calls_of(discussion.authority_id)]
    assert "It has started, and no mail or text reaches them: ring them in" in words


def test_a_worker_that_slept_through_it_tells_nobody_to_join(discussion: Discussion, tick: Tick) -> None:
    tick(ENDS_AT + timedelta(hours=3))
    assert named("started") == [] and named("reminder") == [] and named("course") == []


def test_the_convener_is_told_that_it_is_at_risk_near_the_start_and_once(discussion: Discussion, tick: Tick) -> None:
    tick()
    named_by(invited(discussion, "health-0-19").id, at(13, 0))
    tick(at(14, 29))
    assert named("course") == []
    tick(at(14, 30))
    tick(at(14, 40))
    assert named("course") == ["sam.worker@exampleshire.example", SAM]
    mail = db.session.scalars(select(Message).where(Message.name == "course", Message.channel == "email")).one()
    assert "Nobody is named for: Police." in mail.text and "emergency exception" in mail.text
    assert not any(secret in mail.text for secret in ("Robin", "Zebedee", "4471"))


def test_a_refusal_is_told_of_once_and_what_is_put_right_at_once_is_not(
    discussion: Discussion, tick: Tick, cast: Cast
) -> None:
    tick()
    police = invited(discussion, "police").id

    def say(reply: Reply, moment: Any) -> None:
        with transaction("Jo", Via.LINK):
            answers.answer(db.session.get_one(Invitation, police), reply, link_act(moment))

    no, yes = Reply(Response.CANNOT_ATTEND, "Jo", "DC", reason_code="no-capacity"), Reply(Response.ATTEND, "Jo", "DC")
    say(no, at(13, 0))
    say(yes, at(13, 1))
    tick(at(13, 5))
    assert named("course") == []  # it had not lasted
    say(no, at(13, 6))
    tick(at(13, 7))
    assert named("course") == []
    tick(at(13, 8))
    tick(at(13, 12))
    assert len(named("course")) == 2  # mail and text, once
    subject = db.session.scalars(select(Message.subject).where(Message.name == "course", Message.subject.is_not(None)))
    assert "will not be quorate" in (subject.one() or "")
    why = db.session.scalars(select(Event.text).where(Event.verb == EventVerb.COURSE_CHANGED)).one()
    assert "Police: cannot attend" in why
    say(yes, at(13, 20))
    tick(at(13, 23))  # noted, and nobody told
    assert len(named("course")) == 2
    say(no, at(13, 30))
    tick(at(13, 33))
    assert len(named("course")) == 4


def test_it_is_said_when_everybody_up_the_ladder_was_told(discussion: Discussion, tick: Tick) -> None:
    tick()
    for moment in (at(13, 30), at(14, 10), at(14, 50), at(15, 14), at(15, 29)):
        tick(moment)
    why = discussions.sheet(discussion.id, at(15, 29)).outlook.why
    assert "Police: not answered, and everybody up their ladder has been told." in why


def test_the_owner_of_an_action_is_reminded_before_and_after_it_is_due(
    discussion: Discussion, tick: Tick, cast: Cast
) -> None:
    tick()
    due = at(16, 0) + timedelta(days=5)
    with transaction("tests", Via.STAFF):
        found = db.session.get_one(Discussion, discussion.id)
        act = staff_act(cast, STARTS_AT, chair=True)
        holding.start(found, act)
        for one in found.invitations:
            holding.mark(one, Attendance.ATTENDED, act)
        end = replace(act, at=ENDS_AT)
        holding.finish(found, holding.Ending(started_at=STARTS_AT, ended_at=ENDS_AT), end)
        police = invited(found, "police")
        kept = record.add_action(police.discussion, police, "Visit", "Dee Sergeant", due, end)
        gone = record.add_action(police.discussion, police, "Ring", "Dee Sergeant", due, end)
        number, over = kept.id, gone.id
    tick(due - timedelta(hours=25))
    assert named("action-due") == []
    tick(due - timedelta(hours=24))
    with transaction("tests", Via.STAFF) as act:
        record.complete(db.session.get_one(Action, over), "Rang", replace(act, at=due - timedelta(hours=2)))
    tick(due)
    tick(due + timedelta(hours=1))
    tick(due + timedelta(days=3))
    assert named("action-due").count("mash@police.example") == 3  # two before; one of them after, the other is done
    steps = select(ChaseStep.rung).where(ChaseStep.action_id == number).order_by(ChaseStep.id)
    assert list(db.session.scalars(steps)) == [0, 1]
    late = db.session.scalars(select(Message.text).where(Message.dedupe_key.contains(":late/email"))).one()
    assert "nobody has said that it is done" in late and "Visit" not in late
    assert db.session.scalars(select(Chase).where(Chase.kind == ChaseKind.ACTION)).all() == []


def test_what_will_be_told_is_foreseen_as_it_then_happens(discussion: Discussion, tick: Tick) -> None:
    tick()
    everybody_named(discussion)
    ahead = {(one["at"], one["step"], one["agency"]) for one in chasing.owed(at(16, 0), at(13, 0))}
    assert ("2026-11-27T14:52:30Z", "reminder", "Exampleshire Police: MASH desk") in ahead
    assert ("2026-11-27T15:35:00Z", "not-joined", "Exampleshire Police: MASH desk") in ahead
    said = [(step.about, step.words) for step in discussions.sheet(discussion.id, at(13, 0)).steps]
    assert ("Police", "remind Exampleshire Police: MASH desk") in said
    assert any(about == "Target" for about, _ in said)  # if it is not held after all


def test_no_step_is_taken_twice_by_a_second_look(discussion: Discussion, tick: Tick) -> None:
    everybody_named(discussion)
    for moment in (at(14, 53), at(15, 36)):
        tick(moment)
        before = db.session.query(ChaseStep).count()
        assert tick(moment)["climbed"] == 0
        assert db.session.query(ChaseStep).count() == before


def test_a_message_whose_reason_is_gone_does_not_go_out(
    discussion: Discussion, tick: Tick, cast: Cast, channels: Any, texts: MemoryChannel
) -> None:
    tick()
    named_by(invited(discussion, "police").id, at(13, 0))
    tick(at(14, 53))
    with transaction("tests", Via.STAFF):
        found = db.session.get_one(Discussion, discussion.id)
        for one in db.session.query(Message).filter_by(name="reminder"):
            one.state, one.sent_at, one.not_before = MessageState.QUEUED, None, at(14, 54)
        changes.stand_down(found, "Not needed", found.revision, staff_act(cast, at(14, 54)))
    tick(at(14, 55))
    assert {one.state for one in db.session.query(Message).filter_by(reason=MessageReason.REMINDER)} == {
        MessageState.VOIDED
    }
