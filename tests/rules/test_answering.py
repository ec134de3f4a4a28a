"""Which answers are doubtful, and what each answer makes of an invitation."""

from datetime import UTC, datetime, timedelta

import pytest

from strategy.rules.answering import STATES, TOO_QUICK, Closed, closed, doubt
from strategy.vocabulary import INVITATION_MOVES, DiscussionState, InvitationState, Response, Via

AT = datetime(2026, 11, 27, 12, 50, tzinfo=UTC)
LONG_AGO = AT - timedelta(hours=2)


def test_every_response_makes_a_state_that_may_follow_silence() -> None:
    assert set(STATES) == set(Response)
    assert set(STATES.values()) <= INVITATION_MOVES[InvitationState.INVITED]


@pytest.mark.parametrize("via", [via for via in Via if via is not Via.LINK])
def test_an_answer_that_came_by_another_route_than_the_link_is_never_doubtful(via: Via) -> None:
    assert doubt(Response.ATTEND, via, AT, sent_at=AT, before=(Response.CANNOT_ATTEND, AT)) is None


def test_wild_1_an_answer_within_seconds_of_sending_is_doubtful() -> None:
    why = doubt(Response.ATTEND, Via.LINK, AT, sent_at=AT - timedelta(seconds=3), before=None)
    assert why == "it came within seconds of the message being sent"


def test_ten_seconds_after_sending_a_person_may_have_answered() -> None:
    assert doubt(Response.ATTEND, Via.LINK, AT, sent_at=AT - TOO_QUICK, before=None) is None


def test_a_message_that_went_out_after_the_answer_says_nothing_about_it() -> None:
    assert doubt(Response.ATTEND, Via.LINK, AT, sent_at=AT + timedelta(seconds=2), before=None) is None


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Response.ATTEND, Response.CANNOT_ATTEND),
        (Response.CANNOT_ATTEND, Response.DEPUTY),
        (Response.REPORT_ONLY, Response.ATTEND),
    ],
)
def test_wild_1_a_contradictory_pair_within_seconds_is_doubtful(first: Response, second: Response) -> None:
    before = (first, AT - timedelta(seconds=4))
    assert doubt(second, Via.LINK, AT, sent_at=LONG_AGO, before=before) == (
        "it contradicts an answer given seconds before"
    )


def test_a_corrected_name_within_seconds_is_a_person_mending_a_slip() -> None:
    before = (Response.ATTEND, AT - timedelta(seconds=4))
    assert doubt(Response.ATTEND, Via.LINK, AT, sent_at=LONG_AGO, before=before) is None


def test_a_change_of_mind_after_a_minute_is_an_answer_like_any_other() -> None:
    before = (Response.ATTEND, AT - timedelta(minutes=1))
    assert doubt(Response.CANNOT_ATTEND, Via.LINK, AT, sent_at=LONG_AGO, before=before) is None


@pytest.mark.parametrize(
    ("state", "discussion", "started", "minutes", "why"),
    [
        (InvitationState.INVITED, DiscussionState.CONVENED, False, -1, None),
        (InvitationState.COMING, DiscussionState.CONVENED, False, -1, None),
        (InvitationState.INVITED, DiscussionState.CONVENED, False, 0, Closed.STARTED),
        (InvitationState.INVITED, DiscussionState.CONVENED, True, -5, Closed.STARTED),
        (InvitationState.INVITED, DiscussionState.CONVENED, False, 60, Closed.OVER),
        # it runs over its planned end, and whoever is late should still be told to join
        (InvitationState.INVITED, DiscussionState.CONVENED, True, 60, Closed.STARTED),
        (InvitationState.INVITED, DiscussionState.HELD, True, 20, Closed.OVER),
        (InvitationState.INVITED, DiscussionState.STOOD_DOWN, False, -60, Closed.STOOD_DOWN),
        (InvitationState.WITHDRAWN, DiscussionState.CONVENED, False, -60, Closed.WITHDRAWN),
        # a person who was withdrawn (a conflict of interest) learns nothing of what became of the discussion
        (InvitationState.WITHDRAWN, DiscussionState.STOOD_DOWN, False, -60, Closed.WITHDRAWN),
    ],
)
def test_an_answer_is_taken_until_the_start_and_never_for_what_was_called_off(
    state: InvitationState, discussion: DiscussionState, started: bool, minutes: int, why: Closed | None
) -> None:
    started_at = AT - timedelta(minutes=10) if started else None
    now = AT + timedelta(minutes=minutes)
    assert closed(state, discussion, AT, AT + timedelta(minutes=45), started_at, now) is why
