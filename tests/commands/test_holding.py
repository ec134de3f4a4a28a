"""Attendance, quorum, the end of a discussion, and what follows from who was not there."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from strategy.act import Refused
from strategy.commands import holding
from strategy.commands.holding import Ending
from strategy.db import db
from strategy.models import Discussion, Event
from strategy.vocabulary import (
    Attendance,
    DiscussionState,
    EventVerb,
    Waiting,
)
from tests.booked import STARTS, asked, at, booked
from tests.cast import Cast
from tests.commands.going_on import END, ENDING, HERE, present


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


def test_what_is_long_before_its_time_is_the_policys_to_say(cast: Cast, writing: None) -> None:
    discussion = booked(cast)
    text = discussion.policy.text.replace("least_notice_minutes = 15", "least_notice_minutes = 60")
    discussion.policy.text = text
    holding.start(discussion, at(STARTS - timedelta(minutes=51), cast))
    assert discussion.started_at is not None


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
    present(running, cast, "chair", "social-worker", "health-0-19")
    holding.mark(asked(running, "police"), Attendance.REPORT_ONLY, at(STARTS, cast))
    quorum = holding.quorum_of(running)
    assert not quorum.met
    assert [need.code for need in quorum.missing] == ["police"]


def test_finishing_asks_for_everybody_not_marked_and_takes_one_tap_for_the_rest(
    running: Discussion, cast: Cast
) -> None:
    present(running, cast, "chair", "social-worker", "police")
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
    present(running, cast, *HERE)
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
    present(running, cast, "chair", "social-worker", "health-0-19")
    holding.mark(asked(running, "police"), Attendance.DID_NOT_ATTEND, at(STARTS, cast))
    with pytest.raises(Refused) as refused:
        holding.finish(running, ending, at(END, cast))
    assert refused.value.field == field
    assert running.state is DiscussionState.CONVENED


def test_missing_quorum_never_blocks(running: Discussion, cast: Cast) -> None:
    present(running, cast, "chair", "social-worker", "health-0-19")
    follow_up = END + timedelta(days=3)
    ending = replace(ENDING, rest_did_not_attend=True, without_quorum_reason="Urgent", follow_up_at=follow_up)
    quorum = holding.finish(running, ending, at(END, cast))
    assert not quorum.met
    assert (running.state, running.quorum_met) == (DiscussionState.HELD, False)
    assert (running.without_quorum_reason, running.follow_up_at) == ("Urgent", follow_up)


def test_a_waived_need_asks_for_nothing(running: Discussion, cast: Cast) -> None:
    need = next(need for need in running.needs if need.code == "police")
    need.waived_at, need.waived_by, need.waived_reason = STARTS, "Terry Example", "Told by phone"
    present(running, cast, "chair", "social-worker", "health-0-19")
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
    present(running, cast, *HERE)
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
    present(running, cast, *HERE)
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
    present(running, cast, *HERE)
    holding.finish(running, ENDING, at(END, cast))
    assert running.late_reason is None


def test_one_written_down_afterwards_begins_when_it_truly_began(cast: Cast, writing: None) -> None:
    discussion, later = booked(cast), at(STARTS + timedelta(hours=3), cast)
    with pytest.raises(Refused, match="Say first when it started"):
        holding.finish(discussion, replace(ENDING, rest_did_not_attend=True), later)
    with pytest.raises(Refused) as refused:
        holding.start(discussion, later, began=later.at + timedelta(minutes=1))
    assert refused.value.field == "started_at"
    holding.start(discussion, later, began=STARTS)
    for role in HERE:
        holding.mark(asked(discussion, role), Attendance.ATTENDED, later)
    assert holding.finish(discussion, ENDING, later).met
    assert (discussion.started_at, asked(discussion, "police").arrived_at) == (STARTS, STARTS)


@pytest.mark.parametrize(
    ("roles", "why"),
    [
        ((), "Nobody is marked"),
        (("chair",), "Only one person"),
        (("police", "health-0-19"), "Neither the chair nor the social worker"),
    ],
)
def test_what_nobody_discussed_is_not_held_and_the_child_waits_on(
    running: Discussion, cast: Cast, roles: tuple[str, ...], why: str
) -> None:
    present(running, cast, *roles)
    ending = replace(ENDING, rest_did_not_attend=True, without_quorum_reason="x", follow_up_at=END + timedelta(days=1))
    with pytest.raises(Refused, match=why):
        holding.finish(running, ending, at(END, cast))
    assert (running.state, running.contact.state) == (DiscussionState.CONVENED, Waiting.BOOKED)


def test_one_that_was_held_cannot_be_emptied_afterwards(running: Discussion, cast: Cast) -> None:
    present(running, cast, "chair", "social-worker")
    ending = replace(ENDING, rest_did_not_attend=True, without_quorum_reason="x", follow_up_at=END + timedelta(days=1))
    holding.finish(running, ending, at(END, cast))
    with pytest.raises(Refused, match="recorded as held"):
        holding.mark(asked(running, "chair"), Attendance.DID_NOT_ATTEND, at(END, cast))


def test_it_is_held_once(running: Discussion, cast: Cast) -> None:
    present(running, cast, *HERE)
    holding.finish(running, ENDING, at(END, cast))
    with pytest.raises(Refused, match="already held"):
        holding.finish(running, ENDING, at(END, cast))
