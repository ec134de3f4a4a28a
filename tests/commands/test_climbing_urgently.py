"""Climbing when it is urgent, out of hours, or somebody of ours cannot come."""

from strategy.act import Act
from strategy.commands import answers, chases
from strategy.commands.answers import Reply
from strategy.models import Desk, Discussion, Served
from strategy.queries import rungs
from strategy.vocabulary import (
    InvitationState,
    Response,
    Via,
)
from tests.cast import OFFICE, Cast
from tests.commands.climbed import act, at, calls_of, climb, row, seen, sent_to, steps
from tests.convened import BOOKED_AT, invited


def test_an_urgent_reminder_at_night_goes_to_the_out_of_hours_desk(discussion: Discussion, cast: Cast) -> None:
    police = invited(discussion, "police")
    discussion.urgent = True
    night = Desk(
        agency=cast.police_desk.agency, name="Control room", roles=["police"], email="control@police.example", hours={}
    )
    cast.police_desk.out_of_hours, cast.police_desk.hours = night, OFFICE
    discussion.starts_at, discussion.ends_at = at(23, 0), at(23, 45)
    chases.replan(police, act(BOOKED_AT))
    climb(police, at(17, 30))
    assert sent_to(police, "chase") == ["control@police.example"]


def test_at_night_another_agencys_desk_is_told_while_it_serves_the_authority(
    discussion: Discussion, cast: Cast
) -> None:
    police = invited(discussion, "police")
    discussion.urgent = True
    cast.police_desk.out_of_hours, cast.police_desk.hours = cast.health_desk, OFFICE
    assert rungs.cover(police, at(22, 0)) is cast.health_desk
    hosting = cast.health_desk.agency
    hosting.active = False
    assert rungs.cover(police, at(22, 0)) is None
    hosting.active, hosting.authority_id = True, cast.outsider.authority_id
    assert rungs.cover(police, at(22, 0)) is None  # or a stranger would be told of a child
    hosting.served.append(Served(authority_id=cast.authority.id))
    discussion.starts_at, discussion.ends_at = at(23, 0), at(23, 45)
    chases.replan(police, act(BOOKED_AT))
    climb(police, at(17, 30))
    assert sent_to(police, "chase") == [cast.health_desk.email, cast.health_desk.phone]


def test_an_urgent_rung_out_of_hours_is_told_to_the_desk_that_answers_as_well(
    discussion: Discussion, cast: Cast
) -> None:
    police = invited(discussion, "police")
    discussion.urgent = True
    night = Desk(
        agency=cast.police_desk.agency,
        name="Control room",
        roles=["police"],
        email="control@police.example",
        phone="+441632960777",
        hours={},
    )
    cast.police_desk.out_of_hours, cast.police_desk.hours = night, OFFICE
    discussion.starts_at, discussion.ends_at = at(23, 0), at(23, 45)
    chases.replan(police, act(BOOKED_AT))
    climb(police, at(18, 0))
    assert steps(police) == [1]
    assert set(sent_to(police, "supervisor")) == {"ds@police.example", "+447700900011", "control@police.example"}
    assert [call.number for call in calls_of(police)] == ["+441632960777"]


def test_where_nobody_is_on_an_urgent_rung_the_desk_that_answers_is_enough(discussion: Discussion, cast: Cast) -> None:
    police = invited(discussion, "police")
    discussion.urgent, cast.sergeant.active = True, False
    night = Desk(
        agency=cast.police_desk.agency, name="Control room", roles=["police"], email="control@police.example", hours={}
    )
    cast.police_desk.out_of_hours, cast.police_desk.hours = night, OFFICE
    discussion.starts_at, discussion.ends_at = at(23, 0), at(23, 45)
    chases.replan(police, act(BOOKED_AT))
    climb(police, at(18, 0))
    assert (steps(police), sent_to(police, "supervisor")) == ([1], ["control@police.example"])


def test_a_chair_who_cannot_come_is_replaced_by_a_call_at_once_and_asked_nothing(
    discussion: Discussion, cast: Cast
) -> None:
    chair = invited(discussion, "chair")
    answers.answer(
        chair,
        Reply(Response.CANNOT_ATTEND, cast.chair.full_name, reason="In court"),
        Act(by="Sam Worker", at=at(13, 0), via=Via.PHONE),
    )
    assert seen(row(chair)).due_at == at(13, 0)
    climb(chair, at(13, 0))
    assert steps(chair) == [None]
    (call,) = calls_of(chair)
    assert call.for_user_id == cast.social_worker.id and "cannot come" in call.because
    assert cast.chair.email not in sent_to(chair, "convener")
    for role in ("police", "health-0-19"):
        assert rungs.caller(invited(discussion, role)).id == cast.social_worker.id


def test_when_the_convener_cannot_come_either_a_leader_is_asked(discussion: Discussion, cast: Cast) -> None:
    for role in ("chair", "social-worker"):
        invited(discussion, role).state = InvitationState.DECLINED
    assert rungs.caller(invited(discussion, "chair")).id == cast.leader.id


def test_immediate_risk_begins_with_the_supervisor_and_rings_at_once(discussion: Discussion) -> None:
    police = invited(discussion, "police")
    discussion.concerns, discussion.urgent = ["immediate-risk"], True
    chases.replan(police, act(BOOKED_AT))
    assert seen(row(police)).due_at == BOOKED_AT
    climb(police, BOOKED_AT)
    assert steps(police) == [1]
    (call,) = calls_of(police)
    assert call.number == "+447700900011" and "Immediate risk" in call.because
