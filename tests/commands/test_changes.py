"""Moving a discussion and standing it down: one diary entry, nothing sent for what is no longer true."""

from dataclasses import replace
from datetime import timedelta

import pytest

from strategy.act import Act, Refused
from strategy.commands import answers, changes, holding
from strategy.commands.answers import Reply
from strategy.commands.changes import Occasion
from strategy.db import db
from strategy.models import Chase, Discussion, Event, Message
from strategy.vocabulary import (
    Attendance,
    ChaseKind,
    DiscussionState,
    EventVerb,
    InvitationState,
    MessageState,
    Mode,
    Response,
    Via,
    Waiting,
)
from tests.cast import Cast
from tests.convened import BOOKED_AT, ENDS_AT, STARTS_AT, invited, link_act, queued, send_everything, staff_act

LATER = BOOKED_AT + timedelta(minutes=20)
JO = Reply(Response.ATTEND, "Jo Sample", "Detective Constable")
TO = Occasion(STARTS_AT + timedelta(hours=1), ENDS_AT + timedelta(hours=1), Mode.VIDEO, "https://meet.example/k7qd")
WHY = "waiting-for-partner"


def _move(discussion: Discussion, act: Act, to: Occasion = TO, why: str = WHY) -> None:
    changes.move(discussion, to, why, discussion.revision, act)


def _queued_names(discussion: Discussion) -> set[str]:
    waiting = db.session.query(Message).filter_by(discussion_id=discussion.id, state=MessageState.QUEUED)
    return {message.name for message in waiting}


def test_wild_9_moving_updates_the_same_diary_entry_under_the_next_sequence(discussion: Discussion, cast: Cast) -> None:
    send_everything()
    _move(discussion, staff_act(cast, LATER))
    assert (discussion.starts_at, discussion.sequence, discussion.revision) == (TO.starts_at, 1, 2)
    mail = queued(invited(discussion, "police"), "update")[0]
    assert (mail.calendar_method, mail.calendar_sequence) == ("REQUEST", 1)
    told = {message.invitation_id for message in db.session.query(Message).filter_by(name="update")}
    assert told == {invitation.id for invitation in discussion.invitations}


def test_an_old_link_stays_good_when_the_discussion_moves(discussion: Discussion, cast: Cast) -> None:
    before = invited(discussion, "police").token_hash
    _move(discussion, staff_act(cast, LATER))
    assert invited(discussion, "police").token_hash == before


def test_partners_are_asked_again_and_their_ladder_begins_again(discussion: Discussion, cast: Cast) -> None:
    police = invited(discussion, "police")
    answers.answer(police, JO, link_act(LATER))
    _move(discussion, staff_act(cast, LATER))
    assert police.state is InvitationState.INVITED
    assert police.attendee_name is None and police.named_at is None and police.answered_at is None
    assert police.chased_from == LATER
    assert db.session.query(Chase).filter_by(invitation_id=police.id, kind=ChaseKind.BEFORE).one().due_at > LATER
    assert invited(discussion, "chair").state is InvitationState.COMING
    assert len(police.answers) == 1  # the trail keeps it


def test_a_new_way_to_join_alone_changes_no_answer(discussion: Discussion, cast: Cast) -> None:
    send_everything()
    police = invited(discussion, "police")
    answers.answer(police, JO, link_act(LATER))
    _move(discussion, staff_act(cast, LATER), Occasion(STARTS_AT, ENDS_AT, Mode.PHONE, dial_in="01632 960777"))
    assert police.state is InvitationState.COMING
    assert discussion.mode is Mode.PHONE
    assert queued(police, "update")


def test_wild_16_messages_about_the_old_time_are_voided_in_the_same_transaction(
    discussion: Discussion, cast: Cast
) -> None:
    assert "invite" in _queued_names(discussion)
    first = [one.id for one in db.session.query(Message).filter_by(name="invite")]
    _move(discussion, staff_act(cast, LATER))
    assert {db.session.get_one(Message, one).state for one in first} == {MessageState.VOIDED}


def test_who_has_heard_nothing_yet_gets_an_invitation_not_news_of_a_change(discussion: Discussion, cast: Cast) -> None:
    _move(discussion, staff_act(cast, LATER))
    police = invited(discussion, "police")
    assert queued(police, "invite") and not queued(police, "update")


def test_a_deputy_told_of_the_old_time_is_told_of_the_new_one(discussion: Discussion, cast: Cast) -> None:
    send_everything()
    police = invited(discussion, "police")
    answers.answer(police, Reply(Response.DEPUTY, "Jo", "DC", "Kim", "DS", "kim@police.example"), link_act(LATER))
    send_everything(LATER)
    _move(discussion, staff_act(cast, LATER))
    assert "kim@police.example" in {message.address for message in queued(police, "update")}


def test_the_part_an_agency_is_needed_for_moves_along(discussion: Discussion, cast: Cast) -> None:
    police, health = invited(discussion, "police"), invited(discussion, "health-0-19")
    police.needed_from, police.needed_until = STARTS_AT, STARTS_AT + timedelta(minutes=20)
    health.needed_from, health.needed_until = ENDS_AT - timedelta(minutes=20), ENDS_AT
    _move(discussion, staff_act(cast, LATER), replace(TO, ends_at=TO.starts_at + timedelta(minutes=30)))
    assert (police.needed_from, police.needed_until) == (TO.starts_at, TO.starts_at + timedelta(minutes=20))
    dropped = invited(discussion, "health-0-19")
    assert dropped.needed_from is None and dropped.needed_until is None


def test_of_two_people_editing_at_once_the_second_is_told(discussion: Discussion, cast: Cast) -> None:
    seen = discussion.revision
    changes.move(discussion, TO, WHY, seen, staff_act(cast, LATER))
    again = replace(TO, place="Room 2")
    with pytest.raises(Refused, match="Somebody changed this discussion"):
        changes.move(discussion, again, WHY, seen, staff_act(cast, LATER, chair=True))
    assert discussion.sequence == 1


@pytest.mark.parametrize(
    ("to", "field"),
    [
        (replace(TO, starts_at=LATER), "starts_at"),
        (replace(TO, ends_at=TO.starts_at), "ends_at"),
        (replace(TO, ends_at=TO.starts_at + timedelta(hours=5)), "ends_at"),
        (replace(TO, starts_at=TO.starts_at + timedelta(days=365)), "starts_at"),
        (replace(TO, join_url=None), "join_url"),
        (replace(TO, join_url="javascript:alert(1)"), "join_url"),
        (replace(TO, mode=Mode.IN_PERSON), "place"),
        (Occasion(STARTS_AT, ENDS_AT, Mode.VIDEO, "https://meet.example/k7qd"), "starts_at"),
    ],
)
def test_an_impossible_time_or_place_is_refused_at_its_field(
    discussion: Discussion, cast: Cast, to: Occasion, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        _move(discussion, staff_act(cast, LATER), to)
    assert refused.value.field == field


def test_a_move_without_a_reason_of_the_policy_is_refused(discussion: Discussion, cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        _move(discussion, staff_act(cast, LATER), why="because")
    assert refused.value.field == "reason"


def test_moved_past_its_target_the_reason_is_kept_as_that_of_the_delay(discussion: Discussion, cast: Cast) -> None:
    late = discussion.due_at + timedelta(hours=15)
    _move(discussion, staff_act(cast, LATER), replace(TO, starts_at=late, ends_at=late + timedelta(hours=1)))
    assert discussion.late_reason == WHY
    event = db.session.query(Event).filter_by(verb=EventVerb.MOVED).one()
    assert "past its target" in event.text


def test_wild_8_standing_down_cancels_what_was_told_under_the_next_sequence(discussion: Discussion, cast: Cast) -> None:
    send_everything()
    changes.stand_down(discussion, "The threshold is not met", discussion.revision, staff_act(cast, LATER))
    assert discussion.state is DiscussionState.STOOD_DOWN
    mail = queued(invited(discussion, "police"), "cancel")[0]
    assert (mail.calendar_method, mail.calendar_sequence) == ("CANCEL", 1)
    assert _queued_names(discussion) == {"cancel"}


def test_wild_16_standing_down_voids_what_was_not_sent_and_chases_nobody(discussion: Discussion, cast: Cast) -> None:
    changes.stand_down(discussion, "The threshold is not met", discussion.revision, staff_act(cast, LATER))
    assert _queued_names(discussion) == set()
    assert [row.kind for row in db.session.query(Chase)] == [ChaseKind.TARGET]  # the children wait again


def test_a_child_whose_discussion_is_stood_down_waits_again_and_the_clock_runs_on(
    discussion: Discussion, cast: Cast
) -> None:
    contact = discussion.contact
    began = contact.clock_started_at
    changes.stand_down(discussion, "The threshold is not met", discussion.revision, staff_act(cast, LATER))
    assert contact.state is Waiting.DECIDED
    assert contact.clock_started_at == began


def test_the_reason_for_standing_down_stays_out_of_messages_and_timeline(discussion: Discussion, cast: Cast) -> None:
    send_everything()
    changes.stand_down(discussion, "Narrative about a family", discussion.revision, staff_act(cast, LATER))
    told = [f"{one.subject} {one.text} {one.html}" for one in db.session.query(Message)]
    told += [event.text for event in db.session.query(Event)]
    assert not any("Narrative" in words for words in told)


@pytest.mark.parametrize("state", [DiscussionState.HELD, DiscussionState.SIGNED, DiscussionState.STOOD_DOWN])
def test_what_is_over_is_neither_moved_nor_stood_down(
    discussion: Discussion, cast: Cast, state: DiscussionState
) -> None:
    discussion.state = state
    with pytest.raises(Refused):
        _move(discussion, staff_act(cast, LATER))
    with pytest.raises(Refused):
        changes.stand_down(discussion, "Reason", discussion.revision, staff_act(cast, LATER))


def test_what_somebody_has_come_to_is_ended_not_moved(discussion: Discussion, cast: Cast) -> None:
    act = staff_act(cast, STARTS_AT + timedelta(minutes=5))
    discussion.started_at = STARTS_AT
    invited(discussion, "police").attendance = Attendance.DEPUTY
    with pytest.raises(Refused, match="started at 3:30pm"):
        _move(discussion, act)
    with pytest.raises(Refused, match="started at 3:30pm"):
        changes.stand_down(discussion, "Reason", discussion.revision, act)


@pytest.mark.parametrize("moved", [True, False])
def test_one_to_which_nobody_came_is_moved_or_stood_down_and_the_start_taken_back(
    discussion: Discussion, cast: Cast, moved: bool
) -> None:
    act = staff_act(cast, STARTS_AT + timedelta(minutes=20))
    holding.start(discussion, staff_act(cast, STARTS_AT))
    holding.mark(invited(discussion, "police"), Attendance.DID_NOT_ATTEND, act)
    if moved:
        _move(discussion, act)
    else:
        changes.stand_down(discussion, "Nobody came", discussion.revision, act)
        assert discussion.contact.state is Waiting.DECIDED
    assert discussion.started_at is None
    assert invited(discussion, "police").attendance is None
    told = db.session.query(Event).filter_by(verb=EventVerb.START_TAKEN_BACK).one()
    assert told.text == "Start of 3:30pm taken back: nobody was marked as there"


def test_somebody_else_moving_it_tells_the_convener(discussion: Discussion, cast: Cast) -> None:
    send_everything()
    discussion.convener = cast.leader
    _move(discussion, Act(by="Terry Example", at=LATER, via=Via.STAFF, user_id=cast.chair.id))
    told = db.session.query(Message).filter_by(name="update", user_id=cast.leader.id)
    assert {message.address for message in told} == {cast.leader.email, cast.leader.mobile}


def test_what_somebody_else_changed_meanwhile_is_not_stood_down(discussion: Discussion, cast: Cast) -> None:
    seen = discussion.revision
    _move(discussion, staff_act(cast, LATER))
    with pytest.raises(Refused, match="Somebody changed"):
        changes.stand_down(discussion, "Reason", seen, staff_act(cast, LATER))
    assert discussion.state is DiscussionState.CONVENED
