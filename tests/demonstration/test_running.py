"""What a newcomer sees happen: an escalation about to come at any hour, one partnership, no flood days later."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from notifications.capture_store import Captured, CaptureStore
from strategy import demonstration
from strategy.clock import now
from strategy.commands import holding
from strategy.db import Base, db, transaction
from strategy.demonstration import history, open_cases, partnership, past, running
from strategy.demonstration.past import by_staff
from strategy.demonstration.plots import COUNT, plots
from strategy.models import (
    Authority,
    ChaseStep,
    Discussion,
    Invitation,
    Message,
    Person,
    PolicyVersion,
)
from strategy.policy import example_text
from strategy.vocabulary import (
    DiscussionState,
    InvitationState,
    MessageState,
    Nation,
    Via,
)
from tests.demonstration.conftest import FIRST_RUN

ODD_MOMENTS = {
    "three on a Sunday morning": datetime(2027, 1, 17, 3, tzinfo=UTC),
    "Christmas day": datetime(2026, 12, 25, 11, tzinfo=UTC),
    "just before the clocks go forward": datetime(2027, 3, 28, 0, 30, tzinfo=UTC),
    "just before the clocks go back": datetime(2027, 10, 31, 0, 30, tzinfo=UTC),
    "New Year's Eve": datetime(2026, 12, 31, 23, 50, tzinfo=UTC),
    "an afternoon in summer": datetime(2027, 7, 14, 15, 20, tzinfo=UTC),
}


def rows() -> dict[str, int]:
    tables = Base.metadata.sorted_tables
    return {table.name: db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


def the_running() -> Discussion:
    return db.session.scalars(
        select(Discussion).where(Discussion.state == DiscussionState.CONVENED, Discussion.urgent)
    ).one()


def run_again(app: Flask, at: datetime) -> None:
    db.session.remove()
    with time_machine.travel(at):
        demonstration.prepare(app)


def test_two_first_runs_at_once_make_one_partnership(demo: Flask) -> None:
    assert Counter(db.session.scalars(select(Authority.code))) == {"exampleshire": 1, "otherton": 1}
    assert the_running().urgent
    assert rows()["discussions"] == COUNT + 9  # open, running, of a series, and followed up by policy


def test_running_again_within_the_hour_changes_nothing(demo: Flask) -> None:
    before = rows()
    run_again(demo, FIRST_RUN + timedelta(minutes=58))
    assert rows() == before


def test_the_sergeant_is_told_within_two_minutes_of_the_first_run(
    demo: Flask, tick: Callable[[datetime], list[Captured]]
) -> None:
    assert [one for at in (2, 30, 50) for one in tick(FIRST_RUN + timedelta(seconds=at))] == []
    _escalates(tick, FIRST_RUN)


@pytest.mark.parametrize("moment", ODD_MOMENTS.values(), ids=ODD_MOMENTS)
def test_at_any_hour_of_any_day_somebody_is_escalated_to_within_two_minutes(
    empty: Flask, tick: Callable[[datetime], list[Captured]], moment: datetime
) -> None:
    with time_machine.travel(moment), transaction("tests", Via.COMMAND_LINE) as act:
        partnership.found(act)
        world = partnership.load(act.at)
        for plot in plots(world.calendar, act.at, 1)[-3:]:
            history.tell(plot, world, act.at)
        open_cases.open_all(world, act.at, 1)
        discussion = running.keep_one(world, act.at)
        assert act.at < discussion.starts_at <= discussion.due_at
        past.settle(act.at)
    _escalates(tick, moment)


def _escalates(tick: Callable[[datetime], list[Captured]], started: datetime) -> None:
    """Just before, police were reminded at most; two minutes after the start their sergeant has mail and text."""
    sent = [one for seconds in (95, 120) for one in tick(started + timedelta(seconds=seconds))]
    sergeant = db.session.scalars(select(Person).where(Person.name == "Dee Sergeant")).one()
    police = [one for one in sent if one.to in (sergeant.email, sergeant.phone)]
    assert {one.kind for one in police} == {"email", "sms"}
    assert len(sent) <= 6
    steps = db.session.scalars(
        select(ChaseStep)
        .join(Invitation, Invitation.id == ChaseStep.invitation_id)
        .where(Invitation.discussion_id == the_running().id, Invitation.role == "police")
        .order_by(ChaseStep.id)
    )
    assert [step.rung for step in steps] == [0, 1]
    silent = [one for one in the_running().invitations if one.required and one.state is InvitationState.INVITED]
    assert [one.role for one in silent] == ["police"]


def test_a_newcomer_finds_its_invitations_in_the_outbox_at_their_own_times(demo: Flask) -> None:
    run_again(demo, FIRST_RUN + timedelta(days=5))
    found = the_running()
    kept = CaptureStore(demo.config["CAPTURE_DIRECTORY"], now, "sd.example").newest(500)
    assert {one.to for one in kept} >= {one.email for one in found.invitations if one.email}
    assert {one.at for one in kept if one.calendar} == {found.booked_at + timedelta(seconds=9)}
    assert all(found.reference in f"{one.subject} {one.text}" for one in kept)


def test_every_discussion_booked_ahead_has_its_messages_in_the_outbox(demo: Flask, prepared: tuple[str, Path]) -> None:
    booked = db.session.scalars(select(Discussion).where(Discussion.state == DiscussionState.CONVENED)).all()
    assert len(booked) == 4
    kept = CaptureStore(prepared[1] / "outbox", now, "sd.example").newest(500)
    for discussion in booked:
        arrived = select(func.count(Message.id)).where(
            Message.discussion_id == discussion.id, Message.state == MessageState.DELIVERED
        )
        mine = [one for one in kept if discussion.reference in f"{one.subject} {one.text}"]
        assert len(mine) == db.session.scalar(arrived)
        assert {one.email for one in discussion.invitations if one.email} <= {one.to for one in mine}


def test_a_worker_that_slept_for_days_sends_a_handful(demo: Flask, tick: Callable[[datetime], list[Captured]]) -> None:
    woken = FIRST_RUN + timedelta(days=5)
    sent = [one for minute in range(5) for one in tick(woken + timedelta(minutes=minute))]
    # of each discussion whose time passed, of each action and of the night once; of all children who wait in one mail
    assert len({(one.to, one.subject or one.text) for one in sent}) == len(sent)
    heard = Counter(one.to for one in sent)
    assert max(heard.values()) <= 7
    assert all(times == 1 for to, times in heard.items() if not to.endswith("@exampleshire.example") and "@" in to)


def test_running_again_days_later_ends_the_old_one_and_begins_a_new_one_quietly(
    demo: Flask, tick: Callable[[datetime], list[Captured]]
) -> None:
    old = the_running().id
    later = FIRST_RUN + timedelta(days=5)
    run_again(demo, later)
    assert db.session.get_one(Discussion, old).state is DiscussionState.SIGNED
    assert the_running().id != old
    assert len(tick(later + timedelta(seconds=5))) <= 6
    _escalates(tick, later)


def test_a_discussion_somebody_has_begun_is_theirs(demo: Flask) -> None:
    with time_machine.travel(FIRST_RUN + timedelta(minutes=10)), transaction("tests", Via.STAFF) as act:
        mine = the_running()
        holding.start(mine, by_staff(mine.chair, act.at), early=True)
        mine_id = mine.id
    run_again(demo, FIRST_RUN + timedelta(days=1))
    assert db.session.get_one(Discussion, mine_id).state is DiscussionState.CONVENED


def test_a_database_of_somebody_else_is_left_alone(empty: Flask) -> None:
    with transaction("tests", Via.COMMAND_LINE) as act:
        theirs = Authority(
            code="real", name="Real", short_name="Real", nation=Nation.ENGLAND_AND_WALES, phone="+441632960001"
        )
        db.session.add(theirs)
        db.session.add(
            PolicyVersion(
                authority=theirs,
                number=1,
                text=example_text(),
                author="tests",
                reason="tests",
                effective_from=act.at,
                created_at=act.at,
            )
        )
    before = rows()
    run_again(empty, FIRST_RUN)
    assert rows() == before
