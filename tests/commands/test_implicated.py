"""Who is named as implicated is neither asked nor told, on any rung and by any message, and the trail names nobody."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from strategy.act import Refused
from strategy.commands import (
    access_lists,
    answers,
    calls,
    handovers,
    invitations,
    inviting,
    messages,
    record,
)
from strategy.commands.answers import Reply
from strategy.commands.inviting import Invitee
from strategy.commands.messages import Recipient
from strategy.db import db
from strategy.models import (
    Away,
    CallTask,
    ChaseStep,
    Desk,
    Discussion,
    Event,
    Implicated,
    Message,
    Person,
)
from strategy.queries import conflicts, reasons, rungs
from strategy.queries.directory import staff_of
from strategy.vocabulary import (
    CallState,
    EventVerb,
    InvitationState,
    MessageReason,
    MessageState,
    Response,
)
from tests.cast import ALWAYS, Cast
from tests.commands.implicating import WHY, add, climb, events, ladder, name, sent_to
from tests.convened import LATER, STARTS_AT, invited, link_act, queued, send_everything, staff_act


def test_nobody_named_is_invited(discussion: Discussion, cast: Cast) -> None:
    name(discussion, cast, person=cast.headteacher)
    with pytest.raises(Refused) as refused:
        add(discussion, cast, person=cast.headteacher)
    assert refused.value.field == "invitee"
    assert "Hal" not in refused.value.reason  # it may reach a log


def test_nobody_named_is_reached_at_an_address_given_for_somebody_else(discussion: Discussion, cast: Cast) -> None:
    name(discussion, cast, person=cast.headteacher)
    with pytest.raises(Refused):
        add(discussion, cast, desk=cast.school_desk, email="HEAD@school.example")
    with pytest.raises(Refused) as refused:
        invitations.correct(invited(discussion, "education"), "head@school.example", None, staff_act(cast, LATER))
    assert refused.value.field == "email"


def test_a_desk_they_read_is_not_asked_and_its_cover_may_be(discussion: Discussion, cast: Cast) -> None:
    night = Desk(
        agency=cast.school_desk.agency, name="Night", roles=["education"], email="n@school.example", hours=ALWAYS
    )
    db.session.add(night)
    db.session.flush()
    assert name(discussion, cast, desk=cast.school_desk) == 1
    assert invited(discussion, "education").state is InvitationState.WITHDRAWN
    with pytest.raises(Refused):
        add(discussion, cast, desk=cast.school_desk)
    assert add(discussion, cast, desk=night).state is InvitationState.INVITED


def test_who_is_invited_already_is_withdrawn_and_hears_no_reason(discussion: Discussion, cast: Cast) -> None:
    head = add(discussion, cast, person=cast.headteacher)
    send_everything()
    assert name(discussion, cast, person=cast.headteacher) == 1
    assert head.state is InvitationState.WITHDRAWN
    assert invited(discussion, "police").state is InvitationState.INVITED
    others = [one for one in discussion.invitations if one.role == "education" and one is not head]
    assert [one.state for one in others] == [InvitationState.INVITED]  # the school's own desk stays
    told = queued(head, "cancel")
    assert {one.address for one in told} == {"head@school.example", "+447700900031"}
    words = " ".join(f"{one.subject} {one.text} {one.html}".lower() for one in told)
    assert not any(word in words for word in ("conflict", "implicat", "because"))
    assert all(reasons.gone(one, LATER) is None for one in told)


def test_who_was_not_told_yet_gets_no_message_at_all(discussion: Discussion, cast: Cast) -> None:
    head = add(discussion, cast, person=cast.headteacher)
    name(discussion, cast, person=cast.headteacher)
    states = db.session.scalars(select(Message.state).where(Message.invitation_id == head.id)).all()
    assert states and set(states) == {MessageState.VOIDED}


def test_the_trail_and_the_messages_name_nobody(discussion: Discussion, cast: Cast) -> None:
    add(discussion, cast, person=cast.headteacher)
    send_everything()
    before = db.session.scalars(select(Event.id)).all()
    name(discussion, cast, person=cast.headteacher)
    said = db.session.scalars(select(Event).where(Event.id.not_in(before))).all()
    assert "Somebody was named as implicated; 1 of those asked is skipped" in {one.text for one in said}
    assert not [one for one in said if "Hal" in f"{one.text}{one.facts}" or WHY in f"{one.text}{one.facts}"]


def test_a_rung_of_theirs_is_skipped_and_the_next_takes_over(discussion: Discussion, cast: Cast) -> None:
    name(discussion, cast, person=cast.sergeant)
    police = invited(discussion, "police")
    climb(police, datetime(2026, 11, 27, 13, 30, tzinfo=UTC))
    done = climb(police, datetime(2026, 11, 27, 14, 10, tzinfo=UTC))
    assert "ds@police.example" not in sent_to(police)
    assert "di@police.example" in sent_to(police)
    assert done is not None and "Dee" not in done  # it reaches a log
    assert events(discussion, EventVerb.CONFLICT_SKIPPED) == ["Rung 1 skipped: conflict of interest"]
    told = db.session.scalars(select(ChaseStep.told).where(ChaseStep.invitation_id == police.id)).all()
    assert "Skipped: conflict of interest" in told


def test_another_on_the_same_rung_is_told_instead(discussion: Discussion, cast: Cast) -> None:
    db.session.add(
        Person(agency=cast.sergeant.agency, name="Di Other", job_title="DS", rung=1, email="o@police.example")
    )
    name(discussion, cast, person=cast.sergeant)
    police = invited(discussion, "police")
    found = rungs.holder(police, 1, ladder(police), LATER)
    assert found is not None and found.email == "o@police.example"
    climb(police, datetime(2026, 11, 27, 14, 10, tzinfo=UTC))
    assert events(discussion, EventVerb.CONFLICT_SKIPPED) == ["Somebody on rung 1 skipped: conflict of interest"]


def test_a_deputy_who_is_implicated_does_not_stand_in(discussion: Discussion, cast: Cast) -> None:
    from_now = {"starts_at": LATER - timedelta(hours=1), "ends_at": LATER + timedelta(days=9)}
    db.session.add(Away(person=cast.inspector, entered_at=LATER, entered_by="x", **from_now))
    cast.inspector.deputy = cast.sergeant
    db.session.flush()
    police = invited(discussion, "police")
    covered = rungs.holder(police, 2, ladder(police), LATER)
    assert covered is not None and covered.email == "ds@police.example"
    name(discussion, cast, person=cast.sergeant)
    alone = rungs.holder(police, 2, ladder(police), LATER)
    assert alone is not None and alone.email == "di@police.example"


def test_the_out_of_hours_desk_they_read_is_not_told(discussion: Discussion, cast: Cast) -> None:
    cast.health_desk.out_of_hours = cast.police_desk
    discussion.urgent = True
    night, health = datetime(2026, 11, 27, 22, 0, tzinfo=UTC), invited(discussion, "health-0-19")
    assert rungs.cover(health, night) is cast.police_desk
    name(discussion, cast, desk=cast.police_desk)
    assert rungs.cover(health, night) is None


def test_no_message_goes_to_them_whoever_typed_the_address(discussion: Discussion, cast: Cast) -> None:
    name(discussion, cast, person=cast.headteacher)
    school = invited(discussion, "education")
    reply = Reply(
        response=Response.DEPUTY,
        by_name="Jo",
        by_role="Teacher",
        attendee_name="Hal Head",
        attendee_role="Head",
        attendee_contact="head@school.example",
    )
    answers.answer(school, reply, link_act(LATER))
    assert "head@school.example" not in sent_to(school)
    assert events(discussion, EventVerb.CONFLICT_SKIPPED) == ["A message was not sent: conflict of interest"]
    assert conflicts.coming(discussion.contact) == [school]  # and a person has to see to it


def test_what_was_written_before_is_stopped_when_it_would_go_out(discussion: Discussion, cast: Cast) -> None:
    school = invited(discussion, "education")
    to = Recipient("Hal", "head@school.example", None)
    message = messages.queue("chase", to, school, MessageReason.CHASE, staff_act(cast), key="x")[0]
    assert reasons.gone(message, LATER) is None
    row = Implicated(contact=discussion.contact, person=cast.headteacher, reason=WHY, by="x", at=LATER)
    db.session.add(row)
    db.session.flush()
    assert reasons.gone(message, LATER) == "A conflict of interest."


def test_what_waits_for_them_is_voided_and_nobody_is_asked_to_ring_them(discussion: Discussion, cast: Cast) -> None:
    police = invited(discussion, "police")
    waiting = messages.queue(
        "chase", Recipient("Dee", "ds@police.example", None), police, MessageReason.CHASE, staff_act(cast), key="x"
    )
    calls.ask(police, "Dee", cast.sergeant.phone, "no answer", staff_act(cast), key="ring")
    name(discussion, cast, person=cast.sergeant)
    assert {one.state for one in waiting} == {MessageState.VOIDED}
    assert {one.state for one in db.session.scalars(select(CallTask))} == {CallState.VOIDED}


def test_their_line_manager_on_the_next_rung_is_named_with_them(discussion: Discussion, cast: Cast) -> None:
    name(discussion, cast, person=cast.sergeant, managers_too=True)
    named = conflicts.standing(discussion.contact)
    assert [(one.person_id, one.as_manager) for one in named] == [(cast.sergeant.id, False), (cast.inspector.id, True)]
    assert events(discussion, EventVerb.CONFLICT_CHANGED)[0].startswith("2 people were named")


def test_who_does_the_work_must_be_replaced_first(discussion: Discussion, cast: Cast) -> None:
    with pytest.raises(Refused, match="replace them there first") as refused:
        name(discussion, cast, user=cast.chair)
    assert refused.value.field == "who"
    with pytest.raises(Refused, match="take it over first"):
        name(discussion, cast, user=cast.social_worker)
    handovers.take_over(discussion.contact, cast.chair, staff_act(cast, LATER, chair=True))
    db.session.refresh(discussion.contact)
    with pytest.raises(Refused, match="have somebody else book it"):
        name(discussion, cast, user=cast.social_worker)


def test_a_member_of_staff_named_is_given_no_part(discussion: Discussion, cast: Cast) -> None:
    name(discussion, cast, user=cast.leader)
    act = staff_act(cast, LATER)
    with pytest.raises(Refused):
        inviting.invite(discussion, Invitee("minute-taker", False, user=cast.leader), act)
    with pytest.raises(Refused):
        discussion.contact.restricted = True
        access_lists.admit(discussion.contact, cast.leader, "To look", act)
    to_them = messages.recipient_for(cast.leader)
    assert messages.queue("senior", to_them, invited(discussion, "police"), MessageReason.CHASE, act, key="x") == []
    assert cast.leader.id not in {user.id for user in staff_of(cast.authority.id, about=discussion.contact)}


def test_no_action_is_theirs_once_the_discussion_was_held(running: Discussion, cast: Cast) -> None:
    police = next(one for one in running.invitations if one.role == "police")
    row = Implicated(contact=running.contact, desk=cast.police_desk, reason=WHY, by="x", at=LATER)
    db.session.add(row)
    db.session.flush()
    act = staff_act(cast, STARTS_AT)
    with pytest.raises(Refused) as refused:
        record.add_action(running, police, "Ring", "Dee", STARTS_AT + timedelta(days=1), act)
    assert refused.value.field == "invitation_id"
