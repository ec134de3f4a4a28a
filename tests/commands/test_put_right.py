"""A record put right after the end so that its quorum is lost: it asks what holding it so would have asked."""

from datetime import UTC, datetime, timedelta

import pytest

from strategy.act import Refused
from strategy.commands import exceptions, holding
from strategy.commands.holding import GoingAhead
from strategy.models import Discussion
from strategy.vocabulary import Attendance, DiscussionState, FollowUpState, QuorumOutcome
from tests.booked import STARTS, asked, at
from tests.cast import Cast
from tests.commands.going_on import END, ENDING, HERE, present
from tests.commands.series_stories import follow_up, held_without_police
from tests.policies import without_target

LATER = END + timedelta(hours=1)
ON = END + timedelta(days=4)
MONDAY_CLOSE = datetime(2026, 11, 30, 17, 0, tzinfo=UTC)
WHY = GoingAhead("The child could not wait", ON)


@pytest.fixture
def quorate(running: Discussion, cast: Cast) -> Discussion:
    """One that ended with everybody there."""
    present(running, cast, *HERE)
    holding.finish(running, ENDING, at(END, cast))
    return running


def lose(discussion: Discussion, cast: Cast, why: GoingAhead | None = None, role: str = "police") -> None:
    holding.mark(asked(discussion, role), Attendance.APOLOGIES, at(LATER, cast), why=why)


def refused_at(discussion: Discussion, cast: Cast, why: GoingAhead | None) -> str | None:
    with pytest.raises(Refused) as refused:
        lose(discussion, cast, why)
    return refused.value.field


def test_it_asks_for_the_reason_and_then_for_the_date(quorate: Discussion, cast: Cast) -> None:
    assert holding.asks_why(asked(quorate, "police"))
    assert refused_at(quorate, cast, None) == "without_quorum_reason"
    present(quorate, cast, "police")  # as the page's transaction takes it back
    assert refused_at(quorate, cast, GoingAhead("The child could not wait")) == "follow_up_at"
    present(quorate, cast, "police")
    assert refused_at(quorate, cast, GoingAhead("The child could not wait", END)) == "follow_up_at"
    assert (quorate.quorum_outcome, quorate.follow_up) == (QuorumOutcome.MET, None)


def test_with_both_it_is_kept_as_if_it_had_ended_so(quorate: Discussion, cast: Cast) -> None:
    lose(quorate, cast, WHY)
    owed = quorate.follow_up
    assert owed is not None
    assert (quorate.quorum_outcome, quorate.without_quorum_reason) == (QuorumOutcome.NOT_MET, WHY.reason)
    assert (owed.state, owed.due_at, owed.clock_started_at, quorate.follow_up_at) == (FollowUpState.DUE, ON, STARTS, ON)


def test_a_manager_who_authorised_it_makes_it_an_exception_and_policy_says_by_when(
    quorate: Discussion, cast: Cast
) -> None:
    assert refused_at(quorate, cast, GoingAhead("Urgent", None, cast.chair)) == "authoriser"
    present(quorate, cast, "police")
    assert refused_at(quorate, cast, GoingAhead(None, None, cast.leader)) == "without_quorum_reason"
    present(quorate, cast, "police")
    lose(quorate, cast, GoingAhead("Urgent", None, cast.leader))
    exception, owed = quorate.exception, quorate.follow_up
    assert exception is not None and owed is not None
    assert (quorate.quorum_outcome, exception.authoriser_id) == (QuorumOutcome.EXCEPTION, cast.leader.id)
    assert (owed.due_at, quorate.without_quorum_reason) == (MONDAY_CLOSE, "Urgent")


def test_what_was_answered_once_is_not_asked_again(quorate: Discussion, cast: Cast) -> None:
    lose(quorate, cast, WHY)
    present(quorate, cast, "police")
    owed = quorate.follow_up
    assert owed is not None and owed.state is FollowUpState.NOT_NEEDED
    assert not holding.asks_why(asked(quorate, "police"))
    lose(quorate, cast)
    assert (quorate.quorum_outcome, owed.state, owed.due_at) == (QuorumOutcome.NOT_MET, FollowUpState.DUE, ON)


def test_one_that_ended_so_is_not_asked_for_what_else_is_put_right(running: Discussion, cast: Cast) -> None:
    held_without_police(running, cast, follow_up_at=ON)
    assert not holding.asks_why(asked(running, "health-0-19"))
    lose(running, cast, role="health-0-19")
    assert running.follow_up_at == ON


def test_nothing_is_asked_while_it_runs_nor_where_the_quorum_stays(quorate: Discussion, cast: Cast) -> None:
    holding.mark(asked(quorate, "police"), Attendance.IN_PART, at(LATER, cast))
    assert quorate.quorum_outcome is QuorumOutcome.MET
    quorate.state = DiscussionState.CONVENED
    assert not holding.asks_why(asked(quorate, "police"))


def test_one_that_is_booked_already_meets_it(quorate: Discussion, cast: Cast) -> None:
    second = follow_up(quorate, cast)
    lose(quorate, cast, WHY)
    owed = quorate.follow_up
    assert owed is not None
    assert (owed.state, owed.by) == (FollowUpState.BOOKED, second)


def test_an_exception_nobody_needed_asks_for_a_date_only_where_policy_has_none(running: Discussion, cast: Cast) -> None:
    exceptions.grant(running, cast.leader, "Police may not come", at(STARTS, cast))
    present(running, cast, *HERE)
    holding.finish(running, ENDING, at(END, cast))
    assert not holding.asks_why(asked(running, "police"))
    running.policy.text = without_target(running.policy.text, "emergency-follow-up")
    assert holding.asks_why(asked(running, "police"))
    assert refused_at(running, cast, None) == "follow_up_at"
    present(running, cast, "police")
    lose(running, cast, GoingAhead(follow_up_at=ON))
    assert (running.quorum_outcome, running.follow_up_at) == (QuorumOutcome.EXCEPTION, ON)


@pytest.mark.parametrize("before", [True, False])
def test_where_policy_does_not_say_when_an_emergency_is_followed_up_its_end_asks(
    running: Discussion, cast: Cast, before: bool
) -> None:
    running.policy.text = without_target(running.policy.text, "emergency-follow-up")
    if before:
        exceptions.grant(running, cast.leader, "Police have nobody", at(STARTS, cast))
    authoriser = None if before else cast.leader
    with pytest.raises(Refused, match="Policy has no target for the follow-up of an emergency") as refused:
        held_without_police(running, cast, authoriser=authoriser)
    assert refused.value.field == "follow_up_at"
    assert (running.state, running.follow_up, running.quorum_outcome) == (DiscussionState.CONVENED, None, None)
    assert (running.exception is not None) is before
    held_without_police(running, cast, authoriser=authoriser, follow_up_at=ON)
    owed = running.follow_up
    assert owed is not None
    assert (running.quorum_outcome, owed.due_at, owed.rule) == (QuorumOutcome.EXCEPTION, ON, "The chair’s date")
