"""Attendance, quorum, the end of a discussion, and what follows from who was not there."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from strategy.act import Refused
from strategy.commands import absences, holding, record
from strategy.commands.holding import Ending
from strategy.db import begin_writing, db
from strategy.models import Chase, Discussion, Event, Message
from strategy.vocabulary import (
    Attendance,
    ChaseKind,
    DiscussionState,
    EventVerb,
    MessageReason,
    MessageState,
    Waiting,
)
from tests.booked import STARTS, asked, at, booked
from tests.cast import Cast

END = STARTS + timedelta(minutes=40)
ENDING = Ending(started_at=STARTS, ended_at=END)
HERE = ("chair", "social-worker", "police", "health-0-19")


@pytest.fixture
def writing(cast: Cast) -> None:
    """Let the test write, as a command's caller does."""
    begin_writing()


@pytest.fixture
def running(cast: Cast, writing: None) -> Discussion:
    """A discussion that started on time."""
    discussion = booked(cast)
    holding.start(discussion, at(STARTS, cast))
    return discussion


def _present(discussion: Discussion, cast: Cast, *roles: str) -> None:
    for role in roles:
        holding.mark(asked(discussion, role), Attendance.ATTENDED, at(STARTS + timedelta(minutes=1), cast))


def test_starting_twice_keeps_the_first_start(running: Discussion, cast: Cast) -> None:
    holding.start(running, at(STARTS + timedelta(minutes=9), cast))
    assert running.started_at == STARTS
    started = db.session.scalars(select(Event).where(Event.verb == EventVerb.STARTED)).all()
    assert len(started) == 1


def test_long_before_its_time_it_begins_only_if_that_is_meant(cast: Cast, writing: None) -> None:
    discussion = booked(cast)
    early = at(STARTS - timedelta(minutes=51), cast)
    with pytest.raises(Refused) as refused:
        holding.start(discussion, early)
    assert (refused.value.field, discussion.started_at) == ("early", None)
    holding.start(discussion, early, early=True)
    assert discussion.started_at == early.at


def test_nobody_is_marked_before_the_start(cast: Cast, writing: None) -> None:
    discussion = booked(cast)
    with pytest.raises(Refused, match="Start the discussion first"):
        holding.mark(asked(discussion, "police"), Attendance.ATTENDED, at(STARTS, cast))


def test_one_tap_sets_the_time_by_itself(running: Discussion, cast: Cast) -> None:
    police = asked(running, "police")
    holding.mark(police, Attendance.ATTENDED, at(STARTS + timedelta(minutes=4), cast))
    assert police.arrived_at == STARTS + timedelta(minutes=4)
    holding.mark(police, Attendance.IN_PART, at(STARTS + timedelta(minutes=20), cast))
    assert (police.arrived_at, police.left_at) == (STARTS + timedelta(minutes=4), STARTS + timedelta(minutes=20))


def test_a_mark_can_be_taken_back_while_the_discussion_runs(running: Discussion, cast: Cast) -> None:
    police = asked(running, "police")
    holding.mark(police, Attendance.ATTENDED, at(STARTS, cast), by_phone=True)
    holding.clear(police, at(STARTS + timedelta(minutes=1), cast))
    assert (police.attendance, police.arrived_at, police.by_phone) == (None, None, False)


def test_nobody_joins_in_the_future_or_leaves_before_joining(running: Discussion, cast: Cast) -> None:
    police, act = asked(running, "police"), at(STARTS + timedelta(minutes=10), cast)
    with pytest.raises(Refused) as refused:
        holding.mark(police, Attendance.ATTENDED, act, arrived_at=act.at + timedelta(minutes=1))
    assert refused.value.field == "arrived_at"
    with pytest.raises(Refused) as refused:
        holding.mark(police, Attendance.IN_PART, act, arrived_at=act.at, left_at=STARTS)
    assert refused.value.field == "left_at"


def test_a_reason_must_be_the_policys_and_is_kept_only_for_the_absent(running: Discussion, cast: Cast) -> None:
    police, act = asked(running, "police"), at(STARTS, cast)
    with pytest.raises(Refused):
        holding.mark(police, Attendance.APOLOGIES, act, reason="made-up")
    holding.mark(police, Attendance.APOLOGIES, act, reason="no-capacity", note="Two custody cases")
    assert (police.absence_reason, police.absence_note) == ("no-capacity", "Two custody cases")
    holding.mark(police, Attendance.ATTENDED, act)
    assert (police.absence_reason, police.absence_note) == (None, None)


def test_a_report_meets_no_quorum(running: Discussion, cast: Cast) -> None:
    _present(running, cast, "chair", "social-worker", "health-0-19")
    holding.mark(asked(running, "police"), Attendance.REPORT_ONLY, at(STARTS, cast))
    quorum = holding.quorum_of(running)
    assert not quorum.met
    assert [need.code for need in quorum.missing] == ["police"]


def test_finishing_asks_for_everybody_not_marked_and_takes_one_tap_for_the_rest(
    running: Discussion, cast: Cast
) -> None:
    _present(running, cast, "chair", "social-worker", "police")
    with pytest.raises(Refused, match="Health") as refused:
        holding.finish(running, ENDING, at(END, cast))
    assert refused.value.field == "rest_did_not_attend"
    ending = replace(
        ENDING,
        rest_did_not_attend=True,
        without_quorum_reason="The child could not wait",
        follow_up_at=END + timedelta(days=3),
    )
    holding.finish(running, ending, at(END, cast))
    assert asked(running, "health-0-19").attendance is Attendance.DID_NOT_ATTEND


def test_a_quorate_discussion_ends_the_waiting(running: Discussion, cast: Cast) -> None:
    _present(running, cast, *HERE)
    quorum = holding.finish(running, ENDING, at(END + timedelta(minutes=5), cast))
    assert quorum.met
    assert (running.state, running.quorum_met) == (DiscussionState.HELD, True)
    assert (running.started_at, running.ended_at) == (STARTS, END)
    assert (running.contact.state, running.contact.held_at) == (Waiting.HELD, STARTS)


@pytest.mark.parametrize(
    ("ending", "field"),
    [
        (ENDING, "without_quorum_reason"),
        (replace(ENDING, without_quorum_reason="Urgent"), "follow_up_at"),
        (replace(ENDING, without_quorum_reason="Urgent", follow_up_at=STARTS), "follow_up_at"),
    ],
)
def test_missing_quorum_asks_for_a_reason_and_a_follow_up(
    running: Discussion, cast: Cast, ending: Ending, field: str
) -> None:
    _present(running, cast, "chair", "social-worker", "health-0-19")
    holding.mark(asked(running, "police"), Attendance.DID_NOT_ATTEND, at(STARTS, cast))
    with pytest.raises(Refused) as refused:
        holding.finish(running, ending, at(END, cast))
    assert refused.value.field == field
    assert running.state is DiscussionState.CONVENED


def test_missing_quorum_never_blocks(running: Discussion, cast: Cast) -> None:
    _present(running, cast, "chair", "social-worker", "health-0-19")
    follow_up = END + timedelta(days=3)
    ending = replace(ENDING, rest_did_not_attend=True, without_quorum_reason="Urgent", follow_up_at=follow_up)
    quorum = holding.finish(running, ending, at(END, cast))
    assert not quorum.met
    assert (running.state, running.quorum_met) == (DiscussionState.HELD, False)
    assert (running.without_quorum_reason, running.follow_up_at) == ("Urgent", follow_up)


def test_a_waived_need_asks_for_nothing(running: Discussion, cast: Cast) -> None:
    need = next(need for need in running.needs if need.code == "police")
    need.waived_at, need.waived_by, need.waived_reason = STARTS, "Terry Example", "Told by phone"
    _present(running, cast, "chair", "social-worker", "health-0-19")
    quorum = holding.finish(running, replace(ENDING, rest_did_not_attend=True), at(END, cast))
    assert not quorum.met
    assert running.follow_up_at is None


@pytest.mark.parametrize(
    ("started", "ended", "field"),
    [
        (timedelta(hours=2), timedelta(hours=3), "started_at"),
        (timedelta(0), timedelta(hours=3), "ended_at"),
        (timedelta(minutes=30), timedelta(minutes=29), "ended_at"),
    ],
)
def test_true_times_are_past_and_in_order(
    running: Discussion, cast: Cast, started: timedelta, ended: timedelta, field: str
) -> None:
    _present(running, cast, *HERE)
    with pytest.raises(Refused) as refused:
        holding.finish(running, Ending(STARTS + started, STARTS + ended), at(STARTS + timedelta(hours=1), cast))
    assert refused.value.field == field


def test_one_that_began_and_ended_within_the_same_minute_can_be_finished(running: Discussion, cast: Cast) -> None:
    began = STARTS + timedelta(seconds=20)
    for role in HERE:
        holding.mark(asked(running, role), Attendance.ATTENDED, at(began, cast))
    minute = Ending(started_at=STARTS, ended_at=STARTS)  # what a page that counts in minutes sends
    assert holding.finish(running, minute, at(STARTS + timedelta(seconds=50), cast)).met


def test_a_start_past_the_target_asks_why(running: Discussion, cast: Cast) -> None:
    _present(running, cast, *HERE)
    late = running.due_at + timedelta(hours=1)
    ending = Ending(late, late + timedelta(minutes=30))
    act = at(late + timedelta(hours=1), cast)
    for reason in (None, "made-up"):
        with pytest.raises(Refused) as refused:
            holding.finish(running, replace(ending, late_reason=reason), act)
        assert refused.value.field == "late_reason"
    holding.finish(running, replace(ending, late_reason="no-chair"), act)
    assert running.late_reason == "no-chair"


def test_a_start_in_time_after_all_drops_the_reason_given_at_booking(running: Discussion, cast: Cast) -> None:
    running.late_reason = "no-chair"
    _present(running, cast, *HERE)
    holding.finish(running, ENDING, at(END, cast))
    assert running.late_reason is None


def test_a_discussion_written_down_afterwards_needs_no_start_button(cast: Cast, writing: None) -> None:
    discussion = booked(cast)
    ending = replace(
        ENDING, rest_did_not_attend=True, without_quorum_reason="No line", follow_up_at=END + timedelta(days=1)
    )
    holding.finish(discussion, ending, at(END, cast))
    assert discussion.started_at == STARTS


def test_it_is_held_once(running: Discussion, cast: Cast) -> None:
    _present(running, cast, *HERE)
    holding.finish(running, ENDING, at(END, cast))
    with pytest.raises(Refused, match="already held"):
        holding.finish(running, ENDING, at(END, cast))


def _after(role: str, discussion: Discussion) -> Chase | None:
    invitation = asked(discussion, role)
    return db.session.scalar(select(Chase).where(Chase.invitation_id == invitation.id, Chase.kind == ChaseKind.AFTER))


@pytest.fixture
def without_police(running: Discussion, cast: Cast) -> Discussion:
    """Held; the police were required and did not come."""
    _present(running, cast, "chair", "social-worker", "health-0-19")
    ending = replace(
        ENDING, rest_did_not_attend=True, without_quorum_reason="Urgent", follow_up_at=END + timedelta(days=3)
    )
    holding.finish(running, ending, at(END, cast))
    return running


def test_chasing_turns_from_before_to_those_who_did_not_come(without_police: Discussion) -> None:
    kinds = set(db.session.scalars(select(Chase.kind)))
    assert kinds == {ChaseKind.AFTER}
    assert _after("police", without_police) is not None
    assert _after("health-0-19", without_police) is None


@pytest.mark.parametrize("attendance", [Attendance.APOLOGIES, Attendance.REPORT_ONLY])
def test_whoever_sent_word_is_not_asked_why_nobody_came(
    running: Discussion, cast: Cast, attendance: Attendance
) -> None:
    _present(running, cast, "chair", "social-worker", "health-0-19")
    holding.mark(asked(running, "police"), attendance, at(STARTS, cast))
    holding.finish(running, _without_quorum(STARTS, END), at(END, cast))
    assert _after("police", running) is None
    assert asked(running, "police").absence_reason is None


def _held(cast: Cast, began: datetime, told: datetime) -> Discussion:
    """Held from then on for half an hour by chair and social worker alone, asked at that moment."""
    discussion = booked(cast, when=told)
    holding.start(discussion, at(began, cast), early=True)
    for role in ("chair", "social-worker"):
        holding.mark(asked(discussion, role), Attendance.ATTENDED, at(began, cast))
    ended = began + timedelta(minutes=30)
    holding.finish(discussion, _without_quorum(began, ended), at(ended, cast))
    return discussion


def _without_quorum(began: datetime, ended: datetime) -> Ending:
    return Ending(began, ended, "Urgent", ended + timedelta(days=3), rest_did_not_attend=True)


@pytest.mark.parametrize(
    ("began", "told", "reason"),
    [
        (STARTS - timedelta(minutes=51), STARTS - timedelta(hours=2), "held-early"),
        (STARTS, STARTS - timedelta(minutes=2), "short-notice"),
    ],
)
def test_nobody_is_blamed_who_could_not_have_come(
    cast: Cast, writing: None, began: datetime, told: datetime, reason: str
) -> None:
    discussion = _held(cast, began, told)
    for role in ("police", "health-0-19"):
        assert asked(discussion, role).absence_reason == reason
        assert asked(discussion, role).absence_explained_at is not None
        assert _after(role, discussion) is None


def test_under_a_policy_without_the_reason_nobody_is_blamed_either(cast: Cast, writing: None) -> None:
    lines = cast.policy.text.splitlines(keepends=True)
    cast.policy.text = "".join(line for line in lines if not line.startswith("held-early"))
    discussion = _held(cast, STARTS - timedelta(minutes=51), STARTS - timedelta(hours=2))
    assert asked(discussion, "police").absence_reason is None
    assert _after("police", discussion) is None


def test_an_absence_marked_after_the_end_of_one_held_early_is_excused_too(cast: Cast, writing: None) -> None:
    discussion = _held(cast, STARTS - timedelta(minutes=51), STARTS - timedelta(hours=2))
    police, later = asked(discussion, "police"), at(STARTS, cast)
    holding.mark(police, Attendance.APOLOGIES, later)
    holding.mark(police, Attendance.DID_NOT_ATTEND, later)
    assert police.absence_reason == "held-early"


def test_an_explained_absence_is_not_chased(without_police: Discussion, cast: Cast) -> None:
    police = asked(without_police, "police")
    for code in ("", "made-up"):
        with pytest.raises(Refused):
            absences.explain(police, code, None, at(END, cast))
    absences.explain(police, "no-capacity", "Sergeant to ring on Monday", at(END, cast))
    assert police.absence_explained_at == END
    assert _after("police", without_police) is None


def test_who_was_there_has_no_absence_to_explain(without_police: Discussion, cast: Cast) -> None:
    with pytest.raises(Refused, match="no absence"):
        absences.explain(asked(without_police, "health-0-19"), "no-capacity", None, at(END, cast))


def test_a_mark_put_right_afterwards_puts_quorum_right_and_ends_the_chase(
    without_police: Discussion, cast: Cast
) -> None:
    holding.mark(asked(without_police, "police"), Attendance.ATTENDED, at(END + timedelta(hours=1), cast))
    assert without_police.quorum_met is True
    assert asked(without_police, "police").arrived_at == STARTS
    assert _after("police", without_police) is None


def test_a_mark_is_not_taken_back_afterwards(without_police: Discussion, cast: Cast) -> None:
    with pytest.raises(Refused, match="was held"):
        holding.clear(asked(without_police, "police"), at(END, cast))


def test_invitations_not_sent_yet_are_dropped_and_actions_go_out_at_the_end(running: Discussion, cast: Cast) -> None:
    _present(running, cast, *HERE)
    due = END + timedelta(days=1)
    act = at(STARTS + timedelta(minutes=20), cast)
    action = record.add_action(running, asked(running, "police"), "Interview the witness", "Dee Sergeant", due, act)
    sent = select(Message).where(Message.reason == MessageReason.ACTION)
    assert db.session.scalars(sent).all() == []
    holding.finish(running, ENDING, at(END, cast))
    db.session.expire_all()
    invites = db.session.scalars(select(Message).where(Message.reason == MessageReason.INVITE)).all()
    assert {message.state for message in invites} == {MessageState.VOIDED}
    messages = db.session.scalars(sent).all()
    assert {message.action_id for message in messages} == {action.id}
    assert {message.channel.value for message in messages} == {"email", "sms"}
    assert all("witness" not in message.text for message in messages)
