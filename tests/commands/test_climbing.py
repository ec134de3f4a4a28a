"""Climbing: who is told on each rung, what is said to them, and what a person must do where nobody can be told."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from strategy.commands import chases, climbing, taking
from strategy.db import db
from strategy.models import ChaseStep, Discussion, Event, Message, Person
from strategy.vocabulary import (
    Attendance,
    ChaseKind,
    DiscussionState,
    EventVerb,
    InvitationState,
    MessageReason,
    StepKind,
)
from tests.cast import Cast
from tests.commands.climbed import act, at, calls_of, climb, row, seen, sent_to, steps
from tests.convened import invited


def test_booking_plans_the_first_prompt_of_every_required_agency(discussion: Discussion) -> None:
    police, school = invited(discussion, "police"), invited(discussion, "education")
    chase = row(police)
    assert chase is not None and (chase.step, chase.rung, chase.due_at) == (StepKind.RUNG, 0, at(13, 30))
    assert row(school) is None  # optional: nobody is chased


def test_each_rung_is_told_in_its_own_words(discussion: Discussion) -> None:
    police = invited(discussion, "police")
    for moment in (at(13, 30), at(14, 10), at(14, 50), at(15, 14)):
        climb(police, moment)
    assert sent_to(police, "chase") == ["mash@police.example", "+447700900001"]
    assert sent_to(police, "supervisor") == [
        "ds@police.example",
        "+447700900011",
        "di@police.example",
        "+447700900012",
    ]
    assert sent_to(police, "senior") == ["dci@police.example", "+447700900013"]
    told = db.session.scalars(select(ChaseStep.told).where(ChaseStep.invitation_id == police.id)).all()
    assert "Told Detective sergeant: Dee Sergeant by email and text" in told


@pytest.mark.parametrize(
    ("moments", "said"),
    [
        (((13, 30), (14, 10), (14, 50), (15, 14)), "The people below you were asked"),
        (((15, 20),), "It was asked, and has named nobody."),  # slept through every rung below
    ],
)
def test_a_senior_is_told_that_others_were_asked_only_where_they_were(
    discussion: Discussion, moments: tuple[tuple[int, int], ...], said: str
) -> None:
    police = invited(discussion, "police")
    for hour, minute in moments:
        climb(police, at(hour, minute))
    text = db.session.scalars(select(Message.text).where(Message.name == "senior", Message.channel == "email")).one()
    assert said in text


def test_they_are_told_by_when_the_next_one_is_asked(discussion: Discussion) -> None:
    police = invited(discussion, "police")
    climb(police, at(13, 30))
    climb(police, at(14, 10))
    text = db.session.scalars(select(Message.text).where(Message.address == "+447700900011")).one()
    assert "By 2:50pm reply A" in text


def test_a_row_already_taken_is_left_to_whoever_took_it(discussion: Discussion) -> None:
    police = invited(discussion, "police")
    due = seen(row(police))
    assert climbing.climb(due, act(at(13, 30))) is not None
    assert climbing.climb(due, act(at(13, 30))) is None
    assert steps(police) == [0]


def test_a_step_no_longer_owed_is_not_done(discussion: Discussion) -> None:
    police = invited(discussion, "police")
    due = seen(row(police))
    police.state = InvitationState.COMING
    assert climbing.climb(due, act(at(13, 30))) is not None
    assert steps(police) == [] and row(police) is None


def test_a_failing_row_waits_longer_each_time_and_at_most_an_hour(discussion: Discussion) -> None:
    police = invited(discussion, "police")
    waits = []
    for _ in range(9):
        due = seen(row(police))
        taking.push_back(due, act(due.due_at))
        waits.append((seen(row(police)).due_at - due.due_at) / timedelta(minutes=1))
    assert waits == sorted(waits) and waits[0] == 2 and waits[-1] == 60
    chase = row(police)
    assert chase is not None and chase.failures == 9


def test_nobody_listed_is_written_down_and_climbed_over_to_the_chair(discussion: Discussion, cast: Cast) -> None:
    health = invited(discussion, "health-0-19")
    for moment in (at(13, 30), at(14, 10), at(14, 50)):
        climb(health, moment)
    assert steps(health) == [0, 1, 2, 3, None]
    (call,) = calls_of(health)
    assert (call.for_user_id, call.number) == (cast.chair.id, "+447700900002")
    assert len(sent_to(health, "convener")) == 4  # once that nobody is listed, once to the chair; mail and text
    empty = select(Event.text).where(Event.invitation_id == health.id, Event.verb == EventVerb.RUNG_EMPTY)
    assert all("rung" in text for text in db.session.scalars(empty))


def test_the_chair_is_asked_again_while_the_call_stays_open_without_a_second_task(discussion: Discussion) -> None:
    health = invited(discussion, "health-0-19")
    for moment in (at(14, 50), at(15, 5), at(15, 20)):
        climb(health, moment)
    assert steps(health)[-2:] == [None, None]
    assert len(calls_of(health)) == 1


def test_wild_23_a_landline_on_a_rung_is_a_call_beside_the_mail(discussion: Discussion, cast: Cast) -> None:
    police = invited(discussion, "police")
    cast.sergeant.phone = "+441632960301"
    climb(police, at(14, 10))
    assert sent_to(police, "supervisor") == ["ds@police.example"]
    (call,) = calls_of(police)
    assert (call.number, call.whom) == ("+441632960301", "Detective sergeant: Dee Sergeant")


def test_somebody_who_can_only_be_rung_is_rung_and_climbed_over(discussion: Discussion, cast: Cast) -> None:
    police = invited(discussion, "police")
    cast.sergeant.phone, cast.sergeant.email = "+441632960301", None
    climb(police, at(14, 10))
    assert steps(police) == [1, 2]
    assert sent_to(police, "supervisor") == ["di@police.example", "+447700900012"]
    assert [call.number for call in calls_of(police)] == ["+441632960301"]


@pytest.mark.parametrize("gone", ["inactive", "other agency"])
def test_who_has_left_is_not_told(discussion: Discussion, cast: Cast, gone: str) -> None:
    police = invited(discussion, "police")
    if gone == "inactive":
        cast.sergeant.active = False
    else:
        cast.sergeant.agency = cast.health_desk.agency
    climb(police, at(14, 10))
    assert "ds@police.example" not in sent_to(police, "supervisor")


def test_the_person_invited_is_not_asked_again_as_their_own_supervisor(discussion: Discussion, cast: Cast) -> None:
    police = invited(discussion, "police")
    police.person = cast.sergeant
    other = Person(agency=cast.sergeant.agency, name="Di Other", job_title="DS", rung=1, email="other@police.example")
    db.session.add(other)
    climb(police, at(14, 10))
    assert sent_to(police, "supervisor") == ["other@police.example"]


def test_after_the_discussion_the_absent_agency_is_asked_why(discussion: Discussion) -> None:
    police = invited(discussion, "police")
    discussion.state, discussion.started_at, discussion.ended_at = DiscussionState.HELD, at(15, 30), at(16, 15)
    police.attendance, police.first_delivered_at = Attendance.DID_NOT_ATTEND, police.invited_at
    chases.replan(police, act(at(16, 15)))
    climb(police, at(16, 15), ChaseKind.AFTER)
    assert sent_to(police, "absence") == ["mash@police.example", "+447700900001"]
    chase = row(police, ChaseKind.AFTER)
    assert chase is not None and (chase.rung, chase.due_at) == (1, at(17, 0, day=30) + timedelta(days=1))
    reasons = db.session.scalars(select(Message.reason).where(Message.name == "absence")).all()
    assert set(reasons) == {MessageReason.ABSENCE}


def test_explaining_the_absence_ends_it(discussion: Discussion) -> None:
    police = invited(discussion, "police")
    discussion.state, discussion.ended_at = DiscussionState.HELD, at(16, 15)
    police.attendance, police.first_delivered_at = Attendance.DID_NOT_ATTEND, police.invited_at
    chases.replan(police, act(at(16, 15)))
    police.absence_explained_at = at(16, 30)
    chases.replan(police, act(at(16, 30)))
    assert row(police, ChaseKind.AFTER) is None


def test_no_step_names_the_child(discussion: Discussion) -> None:
    health = invited(discussion, "health-0-19")
    for moment in (at(13, 30), at(14, 10), at(14, 50)):
        climb(health, moment)
    db.session.flush()
    said = [*db.session.scalars(select(Event.text)), *db.session.scalars(select(ChaseStep.told))]
    said += [call.because for call in calls_of(health)]
    for secret in ("Robin", "Zebedee", "4471"):
        assert secret not in " ".join(said)
