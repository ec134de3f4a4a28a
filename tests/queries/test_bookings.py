"""How my discussions stand: counts that are the rows behind them."""

from collections.abc import Callable

import pytest

from strategy.act import Act
from strategy.commands import booking
from strategy.db import db, transaction
from strategy.models import Chase, ChaseStep, Discussion
from strategy.queries import bookings
from strategy.queries.bookings import BookingLine
from strategy.vocabulary import ChaseKind, DiscussionState, InvitationState, StepKind, Via
from tests.cast import Cast
from tests.commands.stories import THURSDAY, plan, waiting_child

ActMaker = Callable[..., Act]


@pytest.fixture
def discussion(cast: Cast, act: ActMaker) -> Discussion:
    now = act(at=THURSDAY)
    with transaction("Sam Worker", Via.STAFF):
        return booking.book(waiting_child(cast, now), plan(cast, THURSDAY), cast.social_worker, now)


def my_line(cast: Cast) -> BookingLine:
    return bookings.mine(cast.social_worker, THURSDAY)[0]


def test_partners_are_counted_and_our_own_are_not(cast: Cast, discussion: Discussion) -> None:
    line = my_line(cast)
    assert (line.answered, len(line.asked), line.chased) == (0, 3, 0)
    with transaction("Sam Worker", Via.STAFF) as act:
        police = next(one for one in discussion.invitations if one.role == "police")
        police.state = InvitationState.NAME_NEEDED
        step = ChaseStep(kind=ChaseKind.BEFORE, step=StepKind.RUNG, rung=0, at=act.at, told="MASH desk")
        step.invitation_id = police.id
        db.session.add(step)
    line = my_line(cast)
    assert (line.answered, line.chased) == (1, 1)
    assert "accepted, nobody named yet" in line.outlook.why


def test_the_next_step_of_the_ladder_is_named(cast: Cast, discussion: Discussion) -> None:
    waits = {one.invitation.role: one.coming for one in my_line(cast).waits_for()}
    assert set(waits) == {"police", "health-0-19"}
    police = waits["police"]
    assert police is not None
    assert police.words == "remind Exampleshire Police: MASH desk"
    with transaction("Sam Worker", Via.STAFF):
        for chase in db.session.query(Chase):
            chase.step, chase.rung = StepKind.CHAIR_CALL, None
    again = {one.invitation.role: one.coming for one in my_line(cast).waits_for()}["police"]
    assert again is not None
    assert again.words == "Terry Example is asked to ring"


def test_who_cannot_be_reached_needs_me_until_they_answer(cast: Cast, discussion: Discussion) -> None:
    with transaction("Sam Worker", Via.STAFF):
        for one in discussion.invitations:
            one.state = InvitationState.COMING
        school = next(one for one in discussion.invitations if one.role == "education")
        school.undeliverable, school.state = True, InvitationState.INVITED
    line = my_line(cast)
    assert [one.role for one in line.undelivered] == ["education"]
    assert line.needs_me
    with transaction("Sam Worker", Via.STAFF):
        school.state = InvitationState.REPORT_ONLY
    assert not my_line(cast).needs_me


def test_it_is_mine_when_i_convene_chair_or_work_on_it_and_only_while_it_is_to_come(
    cast: Cast, discussion: Discussion
) -> None:
    assert [line.discussion.id for line in bookings.mine(cast.chair, THURSDAY)] == [discussion.id]
    assert bookings.mine(cast.leader, THURSDAY) == []
    with transaction("Sam Worker", Via.STAFF):
        discussion.state = DiscussionState.HELD
    assert bookings.mine(cast.chair, THURSDAY) == []
    assert [one.id for one in bookings.record_not_out(cast.chair)] == [discussion.id]
