"""Going ahead without a quorum, the follow-up that is owed then, and the series it belongs to."""

from datetime import UTC, datetime, timedelta

import pytest

from strategy.act import Refused
from strategy.commands import booking, changes, delays, exceptions, holding, record, series
from strategy.commands.lines import EVERYTHING
from strategy.models import Discussion
from strategy.vocabulary import (
    Attendance,
    DecisionCode,
    DiscussionKind,
    FollowUpState,
    QuorumOutcome,
    Waiting,
)
from tests.booked import STARTS, asked, at, booked
from tests.cast import Cast
from tests.commands.going_on import END, ENDING, HERE, present
from tests.commands.series_stories import follow_up, held_without_police, hold
from tests.commands.stories import plan

# The discussion is held on Friday 27 November 2026: one working day later is Monday, close of business.
MONDAY_CLOSE = datetime(2026, 11, 30, 17, 0, tzinfo=UTC)


@pytest.fixture
def emergency(running: Discussion, cast: Cast) -> Discussion:
    """One that ended as an emergency exception."""
    return held_without_police(running, cast, authoriser=cast.leader)


def test_an_emergency_exception_books_its_follow_up_target_by_itself(emergency: Discussion, cast: Cast) -> None:
    owed = emergency.follow_up
    assert owed is not None
    assert (emergency.quorum_outcome, emergency.quorum_met) == (QuorumOutcome.EXCEPTION, False)
    assert (owed.state, owed.clock_started_at, owed.due_at) == (FollowUpState.DUE, STARTS, MONDAY_CLOSE)
    assert (owed.rule, owed.urgent, emergency.follow_up_at) == ("1 working day", True, MONDAY_CLOSE)
    exception = emergency.exception
    assert exception is not None
    assert exception.authorised_by == "Lee Leader, Head of service"
    assert (exception.reason, exception.recorded_by) == ("The child could not wait", "Terry Example")


def test_an_exception_recorded_before_it_is_held_asks_for_nothing_at_its_end(cast: Cast, writing: None) -> None:
    discussion = booked(cast)
    exceptions.grant(discussion, cast.leader, "Police have nobody until Monday", at(STARTS, cast))
    holding.start(discussion, at(STARTS, cast))
    held_without_police(discussion, cast, without_quorum_reason=None)
    assert discussion.quorum_outcome is QuorumOutcome.EXCEPTION
    assert discussion.without_quorum_reason == "Police have nobody until Monday"


def test_an_exception_nobody_needed_in_the_end_owes_no_follow_up(running: Discussion, cast: Cast) -> None:
    exceptions.grant(running, cast.leader, "Police may not come", at(STARTS, cast))
    present(running, cast, *HERE)
    holding.finish(running, ENDING, at(END, cast))
    assert (running.quorum_outcome, running.follow_up) == (QuorumOutcome.MET, None)


@pytest.mark.parametrize("who", ["chair", "social_worker", "admin", "outsider"])
def test_nobody_excuses_their_own_discussion_and_only_a_manager_excuses_one(
    running: Discussion, cast: Cast, who: str
) -> None:
    with pytest.raises(Refused) as refused:
        exceptions.grant(running, getattr(cast, who), "Urgent", at(STARTS, cast))
    assert (refused.value.field, running.exception) == ("authoriser", None)


def test_an_exception_can_be_taken_back_until_the_end(running: Discussion, cast: Cast) -> None:
    exceptions.grant(running, cast.leader, "Urgent", at(STARTS, cast))
    exceptions.take_back(running, at(STARTS, cast))
    assert running.exception is None
    with pytest.raises(Refused, match="Say why it went ahead"):
        held_without_police(running, cast, without_quorum_reason=None)


def test_without_an_exception_the_chairs_own_date_is_owed(running: Discussion, cast: Cast) -> None:
    on = END + timedelta(days=4)
    held_without_police(running, cast, follow_up_at=on)
    owed = running.follow_up
    assert owed is not None
    assert (running.quorum_outcome, owed.due_at, owed.urgent) == (QuorumOutcome.NOT_MET, on, False)


def test_a_follow_up_runs_against_the_clock_that_is_owed_and_opens_no_wait(emergency: Discussion, cast: Cast) -> None:
    second = follow_up(emergency, cast)
    assert (second.clock_started_at, second.due_at, second.rule) == (STARTS, MONDAY_CLOSE, "1 working day")
    owed = emergency.follow_up
    assert owed is not None
    assert (owed.state, owed.by) == (FollowUpState.BOOKED, second)
    assert (second.contact.state, second.contact.held_at) == (Waiting.HELD, STARTS)
    hold(second, cast, *HERE)
    assert owed.state is FollowUpState.HELD
    assert (second.contact.state, second.contact.held_at) == (Waiting.HELD, STARTS)


def test_a_follow_up_past_its_target_says_why(emergency: Discussion, cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        follow_up(emergency, cast, hours=96)
    assert refused.value.field == "late_reason"
    assert follow_up(emergency, cast, hours=96, late_reason="no-chair").late_reason == "no-chair"


def test_a_follow_up_stood_down_is_due_again_and_the_child_does_not_wait(emergency: Discussion, cast: Cast) -> None:
    second = follow_up(emergency, cast)
    changes.stand_down(second, "Chair is ill", second.revision, at(END + timedelta(minutes=20), cast))
    owed = emergency.follow_up
    assert owed is not None
    assert (owed.state, owed.by, owed.due_at) == (FollowUpState.DUE, None, MONDAY_CLOSE)
    assert second.contact.state is Waiting.HELD
    assert follow_up(emergency, cast, hours=6).due_at == MONDAY_CLOSE


def test_a_follow_up_held_without_its_quorum_owes_the_next(emergency: Discussion, cast: Cast) -> None:
    second = follow_up(emergency, cast)
    hold(second, cast, "chair", "social-worker", "health-0-19", authoriser=cast.leader, without_quorum_reason="Again")
    states = [owed.state for owed in emergency.contact.follow_ups]
    assert sorted(states) == [FollowUpState.DUE, FollowUpState.HELD]


def test_a_follow_up_nobody_owes_has_a_date_and_no_target(running: Discussion, cast: Cast) -> None:
    present(running, cast, *HERE)
    holding.finish(running, ENDING, at(END, cast))
    second = follow_up(running, cast, hours=24 * 20)
    assert (second.has_target, second.due_at, second.late_reason) == (False, second.starts_at, None)
    to = changes.Occasion(
        second.starts_at + timedelta(days=1), second.ends_at + timedelta(days=1), second.mode, second.join_url
    )
    changes.move(second, to, "no-chair", second.revision, at(END + timedelta(hours=1), cast))
    assert (second.due_at, second.late_reason) == (second.starts_at, None)


def test_a_series_has_one_first_discussion_and_one_booked_at_a_time(emergency: Discussion, cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        follow_up(emergency, cast, kind=DiscussionKind.INITIAL)
    assert refused.value.field == "kind"
    follow_up(emergency, cast)
    with pytest.raises(Refused, match="is booked already"):
        follow_up(emergency, cast, hours=9)
    with pytest.raises(Refused) as refused:
        booked_first = booked(cast, case="4480-C").contact
        booked_first.state = Waiting.DECIDED
        booking.book(booked_first, plan(cast, STARTS, kind=DiscussionKind.FINAL), cast.chair, at(STARTS, cast))
    assert refused.value.field == "kind"


def test_a_chair_says_that_none_is_needed_and_takes_it_back(emergency: Discussion, cast: Cast) -> None:
    owed = emergency.follow_up
    assert owed is not None
    with pytest.raises(Refused):
        series.not_needed(owed, " ", at(END, cast))
    series.not_needed(owed, "The family moved away", at(END, cast))
    assert owed.state is FollowUpState.NOT_NEEDED
    agreed = follow_up(emergency, cast, hours=24 * 9)
    assert not agreed.has_target
    series.reopen(owed, at(END, cast))  # the one that is booked will meet it
    assert (owed.state, owed.by, owed.ended_reason) == (FollowUpState.BOOKED, agreed, None)
    changes.stand_down(agreed, "Chair is ill", agreed.revision, at(END + timedelta(minutes=20), cast))
    assert (owed.state, owed.by) == (FollowUpState.DUE, None)


def test_an_attendance_put_right_after_the_end_puts_quorum_and_follow_up_right(
    emergency: Discussion, cast: Cast
) -> None:
    owed, police = emergency.follow_up, asked(emergency, "police")
    assert owed is not None
    holding.mark(police, Attendance.ATTENDED, at(END, cast))
    assert (emergency.quorum_outcome, owed.state) == (QuorumOutcome.MET, FollowUpState.NOT_NEEDED)
    holding.mark(police, Attendance.APOLOGIES, at(END, cast))
    assert (emergency.quorum_outcome, owed.state) == (QuorumOutcome.EXCEPTION, FollowUpState.DUE)


def test_the_reason_for_a_late_start_can_be_changed_until_it_is_signed(running: Discussion, cast: Cast) -> None:
    late = running.due_at + timedelta(hours=1)
    present(running, cast, *HERE)
    holding.finish(running, holding.Ending(late, late, late_reason="no-chair"), at(late, cast))
    delays.explain(running, "late-transfer", at(late, cast))
    assert running.late_reason == "late-transfer"
    with pytest.raises(Refused) as refused:
        delays.explain(running, "made-up", at(late, cast))
    assert refused.value.field == "reason"
    record.decide(running, DecisionCode.NO_FURTHER_ACTION, "Nothing to do", at(late, cast))
    running.late_reason = None
    with pytest.raises(Refused, match="reason for the delay"):
        record.sign(running, at(late, cast), thin_is_meant=True)
    delays.explain(running, "no-chair", at(late, cast))
    record.sign(running, at(late, cast), thin_is_meant=True)
    with pytest.raises(Refused):
        delays.explain(running, "late-transfer", at(late, cast))


def test_held_in_time_there_is_no_delay_to_explain(running: Discussion, cast: Cast) -> None:
    present(running, cast, *HERE)
    holding.finish(running, ENDING, at(END, cast))
    with pytest.raises(Refused, match="held in time"):
        delays.explain(running, "no-chair", at(END, cast))


def test_an_exception_was_for_its_own_time_and_is_taken_back_by_a_move(cast: Cast, writing: None) -> None:
    discussion = booked(cast)
    exceptions.grant(discussion, cast.leader, "It cannot wait", at(STARTS - timedelta(hours=1), cast))
    later = STARTS + timedelta(days=3)
    to = changes.Occasion(later, later + timedelta(minutes=45), discussion.mode, dial_in=discussion.dial_in)
    moved_at = at(STARTS - timedelta(minutes=30), cast)
    changes.move(discussion, to, "no-chair", discussion.revision, moved_at, EVERYTHING)
    assert discussion.exception is None


def test_a_mark_put_right_that_makes_it_an_exception_owes_its_follow_up(running: Discussion, cast: Cast) -> None:
    exceptions.grant(running, cast.leader, "Police may not come", at(STARTS, cast))
    present(running, cast, *HERE)
    holding.finish(running, ENDING, at(END, cast))
    holding.mark(asked(running, "police"), Attendance.APOLOGIES, at(END, cast))
    assert running.follow_up is not None
    assert (running.follow_up.state, running.follow_up.due_at) == (FollowUpState.DUE, MONDAY_CLOSE)


def test_what_a_concern_asks_for_next_is_the_target_of_the_next_discussion(running: Discussion, cast: Cast) -> None:
    """Complex abuse: a full meeting within 72 hours (domain section 3)."""
    running.contact.concerns = ["complex"]
    present(running, cast, *HERE)
    holding.finish(running, ENDING, at(END, cast))
    clock = series.clock_of(running.contact, END + timedelta(days=1), END)
    assert clock.targeted and "72 h" in clock.rule
