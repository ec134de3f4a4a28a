"""What is due, what is owed by a later moment, and how a timeline says it; asking changes nothing."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from strategy.act import Act
from strategy.commands import chases
from strategy.db import db, transaction
from strategy.models import Chase, ChaseStep, Discussion, Invitation, Message
from strategy.queries import chasing, discussions, timeline
from strategy.vocabulary import LADDERS, InvitationState, MessageState, Via
from strategy.worker import steps as worker_steps
from tests.cast import Cast
from tests.convened import BOOKED_AT, STARTS_AT, convene, invited


@pytest.fixture
def discussion(cast: Cast) -> Iterator[Discussion]:
    """Friday 27 November 2026 at 3:30pm, booked at 12:50pm."""
    with transaction("tests", Via.COMMAND_LINE):
        yield convene(cast)


def at(hour: int, minute: int) -> datetime:
    return datetime(2026, 11, 27, hour, minute, tzinfo=UTC)


def worker(moment: datetime) -> Act:
    return Act(by="Strategy discussions", at=moment, via=Via.WORKER)


def steps_owed(until: datetime, now: datetime = BOOKED_AT) -> list[dict[str, Any]]:
    return [each for each in chasing.owed(until, now) if not each["step"].startswith("send ")]


def test_nothing_is_due_before_its_moment_and_the_oldest_comes_first(discussion: Discussion) -> None:
    assert chasing.due(at(13, 29), 10) == []
    found = chasing.due(at(13, 30), 10)
    assert [due.due_at for due in found] == sorted(due.due_at for due in found)
    assert len(found) == 2 and len(chasing.due(at(13, 30), 1)) == 1


def test_owed_lists_every_rung_to_the_start_oldest_first(discussion: Discussion) -> None:
    police = [each for each in steps_owed(STARTS_AT) if each["agency"].startswith("Exampleshire Police")]
    assert [(each["at"], each["step"], each["to_role"], each["channel"]) for each in police][:4] == [
        ("2026-11-27T13:30:00Z", "before rung 0", "Exampleshire Police: MASH desk", "sms+email"),
        ("2026-11-27T14:10:00Z", "before rung 1", "Detective sergeant", "sms+email"),
        ("2026-11-27T14:50:00Z", "before rung 2", "Detective inspector", "sms+email"),
        ("2026-11-27T15:14:00Z", "before rung 3", "Detective chief inspector", "sms+email"),
    ]
    assert police[4]["step"] == "before chair-call" and police[4]["channel"] == "call"
    everything = chasing.owed(STARTS_AT, BOOKED_AT)
    assert [each["at"] for each in everything] == sorted(each["at"] for each in everything)
    assert set(everything[0]) == {"at", "discussion", "agency", "step", "to_role", "channel", "because"}


def test_owed_stops_at_its_moment(discussion: Discussion) -> None:
    assert {each["at"] for each in steps_owed(at(13, 30))} == {"2026-11-27T13:30:00Z"}
    assert steps_owed(at(13, 29)) == []


def test_a_moment_past_lists_what_is_overdue(discussion: Discussion) -> None:
    overdue = steps_owed(at(14, 15), now=at(14, 20))
    assert {(each["at"], each["step"]) for each in overdue} == {("2026-11-27T14:10:00Z", "before rung 1")}


def test_what_waits_in_the_outbox_is_owed_too(discussion: Discussion) -> None:
    waiting = db.session.query(Message).filter_by(state=MessageState.QUEUED).count()
    assert len([each for each in chasing.owed(BOOKED_AT, BOOKED_AT) if each["step"] == "send invite"]) > 0
    assert len(chasing.owed(BOOKED_AT, BOOKED_AT)) == waiting


def test_a_rung_nobody_holds_is_owed_to_nobody(discussion: Discussion) -> None:
    health = [each for each in steps_owed(STARTS_AT) if "Health" in each["agency"]]
    assert {each["channel"] for each in health if each["step"] == "before rung 2"} == {"none"}


def test_asking_writes_nothing(discussion: Discussion) -> None:
    db.session.flush()
    before = [(row.id, row.due_at, row.rung) for row in db.session.scalars(select(Chase).order_by(Chase.id))]
    chasing.owed(STARTS_AT + timedelta(days=30), at(14, 0))
    timeline.ahead(discussion.invitations, at(14, 0))
    assert not db.session.dirty and not db.session.new
    assert before == [(row.id, row.due_at, row.rung) for row in db.session.scalars(select(Chase).order_by(Chase.id))]
    assert db.session.query(ChaseStep).count() == 0


def test_what_is_owed_is_what_then_happens(discussion: Discussion) -> None:
    """The forecast for the police, step by step, against the climbing itself."""
    police = invited(discussion, "police")
    forecast = [(each.step.due_at, each.step.rung) for each in chasing.coming([police], BOOKED_AT)]
    for due_at, _ in forecast:
        for due in chasing.due(due_at, 10):
            worker_steps.take(due, worker(due_at))
    climbed = (ChaseStep.invitation_id == police.id, ChaseStep.kind.in_(LADDERS))
    taken = select(ChaseStep).where(*climbed).order_by(ChaseStep.id)
    assert [(step.at, step.rung) for step in db.session.scalars(taken)] == forecast


def test_every_step_to_come_is_told_in_order_up_to_the_call(discussion: Discussion, cast: Cast) -> None:
    steps = timeline.ahead(discussion.invitations, BOOKED_AT)
    assert [step.due_at for step in steps] == sorted(step.due_at for step in steps)
    police = [(step.due_at, step.words) for step in steps if step.about == "Police"]
    assert police[:4] == [
        (at(13, 30), "text and email Exampleshire Police: MASH desk"),
        (at(14, 10), "text and email Detective sergeant"),
        (at(14, 50), "text and email Detective inspector"),
        (at(15, 14), "text and email Detective chief inspector"),
    ]
    assert police[4][1] == f"ask {cast.chair.full_name} to ring"
    assert {step.because for step in steps} == {"if nobody is named by then"}


def test_looking_ahead_costs_the_same_for_one_invitation_and_for_all(discussion: Discussion) -> None:
    sheet = discussions.sheet(discussion.id, BOOKED_AT).discussion

    def cost(invitations: list[Invitation]) -> int:
        asked: list[str] = []

        def hear(*call: Any) -> None:
            asked.append(call[2])

        event.listen(db.engine, "before_cursor_execute", hear)
        timeline.ahead(invitations, BOOKED_AT)
        event.remove(db.engine, "before_cursor_execute", hear)
        return len(asked)

    assert cost(sheet.invitations[:1]) == cost(sheet.invitations) <= 4


def test_a_named_attendee_leaves_nothing_to_come(discussion: Discussion) -> None:
    police = invited(discussion, "police")
    assert timeline.ahead([police], BOOKED_AT)
    police.state = InvitationState.COMING
    chases.replan(police, worker(BOOKED_AT))
    assert timeline.ahead([police], BOOKED_AT) == ()


def test_a_step_overdue_is_said_to_come_now(discussion: Discussion) -> None:
    assert timeline.ahead([invited(discussion, "police")], at(14, 20))[0].due_at == at(14, 20)


def test_the_timeline_says_nothing_of_the_child(discussion: Discussion) -> None:
    said = " ".join(step.words for step in timeline.ahead(discussion.invitations, BOOKED_AT))
    owed = str(chasing.owed(STARTS_AT, BOOKED_AT))
    for secret in ("Robin", "Zebedee"):
        assert secret not in said + owed
