"""What a newcomer is shown: a partnership with a past, an escalation about to come, and no flood days later."""

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask_security import verify_password
from sqlalchemy import func, select

from config import Settings, read
from notifications.capture_store import Captured, CaptureStore
from strategy import demonstration, worker
from strategy.app import channels_for, create_app
from strategy.clock import now
from strategy.commands import holding
from strategy.db import Base, db, transaction
from strategy.demonstration import history, open_cases, partnership, running
from strategy.demonstration.past import by_staff
from strategy.demonstration.plots import COUNT, plots
from strategy.models import (
    Agency,
    Authority,
    Chase,
    ChaseStep,
    Contact,
    Desk,
    Discussion,
    Event,
    Invitation,
    Message,
    Person,
    PolicyVersion,
    User,
)
from strategy.policy import example_text
from strategy.queries import gaps
from strategy.rules.measures import by_sector
from strategy.vocabulary import (
    ChaseKind,
    DiscussionState,
    EventVerb,
    MessageChannel,
    MessageState,
    Nation,
    Sector,
    StaffRole,
    Via,
    Waiting,
)
from tests.conftest import DATABASES
from tests.postgres import Postgres

FIRST_RUN = datetime(2027, 3, 3, 14, 0, tzinfo=UTC)  # a Wednesday
ODD_MOMENTS = {
    "three on a Sunday morning": datetime(2027, 1, 17, 3, tzinfo=UTC),
    "Christmas day": datetime(2026, 12, 25, 11, tzinfo=UTC),
    "just before the clocks go forward": datetime(2027, 3, 28, 0, 30, tzinfo=UTC),
    "just before the clocks go back": datetime(2027, 10, 31, 0, 30, tzinfo=UTC),
    "New Year's Eve": datetime(2026, 12, 31, 23, 50, tzinfo=UTC),
    "an afternoon in summer": datetime(2027, 7, 14, 15, 20, tzinfo=UTC),
}
PREPARE = """
import sys, time_machine
from datetime import datetime
from config import read
from strategy import demonstration
from strategy.app import create_app
with time_machine.travel(datetime.fromisoformat(sys.argv[1])):
    demonstration.prepare(create_app(read()))
"""


def settings(url: str, directory: Path) -> dict[str, str]:
    return {"STRATEGY_ENV": "demo", "STRATEGY_DATA_DIR": str(directory), "DATABASE_URL": url}


@pytest.fixture(scope="module", params=DATABASES)
def prepared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """A database two first runs have prepared at the same time, and the data directory they shared."""
    directory = tmp_path_factory.mktemp(f"demonstration-{request.param}")
    url = f"sqlite:///{directory / 'first.db'}"
    if request.param == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        url = server.database("demonstration")
    command = [sys.executable, "-c", PREPARE, FIRST_RUN.isoformat()]
    both = [
        subprocess.Popen(command, env=os.environ | settings(url, directory), stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    assert [(one.communicate(timeout=180)[1], one.returncode) for one in both] == [("", 0), ("", 0)]
    return url, directory


_numbers = count()


@pytest.fixture
def demo(prepared: tuple[str, Path], request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """The application on a copy of that database, in its context, a few seconds after its first run."""
    url, directory = prepared
    shutil.copy(directory / "demo-secrets.json", tmp_path)
    if url.startswith("sqlite"):
        shutil.copy(directory / "first.db", tmp_path)
        url = f"sqlite:///{tmp_path / 'first.db'}"
    else:
        server: Postgres = request.getfixturevalue("postgres")
        url = server.database(f"demonstration{next(_numbers)}", like="demonstration")
    yield from _opened(url, tmp_path)


@pytest.fixture(params=DATABASES)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """The application on a database with a schema and nobody in it."""
    url = f"sqlite:///{tmp_path / 'empty.db'}"
    if request.param == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        url = server.database("nobody")
    for app in _opened(url, tmp_path):
        with transaction("tests", Via.COMMAND_LINE):
            Base.metadata.create_all(db.session.connection())
        yield app


def _opened(url: str, directory: Path) -> Iterator[Flask]:
    app = create_app(read(settings(url, directory)))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def tick(tmp_path: Path) -> Callable[[datetime], list[Captured]]:
    """Let the worker come round at that moment; what it sent."""
    known: Settings = read(settings("sqlite://", tmp_path))
    store = CaptureStore(tmp_path / "outbox", now, "sd.example")
    seen: set[str] = set()

    def ticked(at: datetime) -> list[Captured]:
        with time_machine.travel(at), channels_for(known) as channels:
            done = worker.tick(channels, at)
        assert (done["climbs_failed"], done["failed"], done["retried"]) == (0, 0, 0)
        fresh = [one for one in store.newest(500) if one.id not in seen]
        seen.update(one.id for one in fresh)
        return fresh

    return ticked


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
    assert rows()["discussions"] == COUNT + 4


def test_running_again_within_the_hour_changes_nothing(demo: Flask) -> None:
    before = rows()
    run_again(demo, FIRST_RUN + timedelta(minutes=58))
    assert rows() == before


def test_everybody_can_sign_in_with_the_one_password(demo: Flask) -> None:
    users = {user.email: user for user in db.session.scalars(select(User))}
    assert {email for email, _ in demonstration.PEOPLE} <= set(users)
    for email, _ in demonstration.PEOPLE:
        assert verify_password(demonstration.PASSWORD, users[email].password)
    for role in StaffRole:
        assert any(users[email].holds(role) for email, _ in demonstration.PEOPLE)
    assert {user.authority.code for user in users.values()} == {"exampleshire", "otherton"}


def test_no_rung_of_any_agency_is_empty(demo: Flask) -> None:
    agencies = db.session.scalars(select(Agency)).all()
    assert {agency.sector for agency in agencies} == set(Sector)
    assert [agency.name for agency in agencies if {person.rung for person in agency.people} != {0, 1, 2, 3, 4}] == []
    assert [agency.name for agency in agencies if not agency.desks] == []


def test_every_address_is_one_nobody_has(demo: Flask) -> None:
    columns = (Desk.email, Person.email, User.email, Invitation.email, Invitation.attendee_contact)
    mails = {mail for column in columns for mail in db.session.scalars(select(column)) if mail}
    sent = db.session.execute(select(Message.channel, Message.address)).all()
    mails |= {address for channel, address in sent if channel is MessageChannel.EMAIL}
    assert [mail for mail in mails if not mail.endswith(".example")] == []
    columns = (Desk.phone, Person.phone, User.mobile, Invitation.phone, Authority.phone)
    phones = {phone for column in columns for phone in db.session.scalars(select(column)) if phone}
    phones |= {address for channel, address in sent if channel is MessageChannel.SMS}
    assert [phone for phone in phones if not re.fullmatch(r"\+44(7700900|1632960)\d{3}", phone)] == []
    people = [*db.session.scalars(select(Person.phone)), *db.session.scalars(select(Desk.phone))]
    assert len(set(people)) == len(people)


def test_the_past_is_settled_and_owes_nothing(demo: Flask) -> None:
    assert set(db.session.scalars(select(Message.state))) == {MessageState.DELIVERED}
    assert db.session.scalar(select(func.max(Message.delivered_at))) <= FIRST_RUN + timedelta(minutes=1)
    assert db.session.scalar(select(func.count()).where(Chase.due_at <= FIRST_RUN + timedelta(seconds=5))) == 0
    assert db.session.scalar(select(func.max(Event.at))) <= FIRST_RUN + timedelta(minutes=1)


def test_the_history_holds_something_of_everything(demo: Flask) -> None:
    states = Counter(db.session.scalars(select(Discussion.state)))
    assert states[DiscussionState.SIGNED] > 40
    assert states[DiscussionState.STOOD_DOWN] >= 4
    verbs = set(db.session.scalars(select(Event.verb)))
    assert {EventVerb.MOVED, EventVerb.CLIMBED, EventVerb.NOT_TOLD, EventVerb.CALL_MADE, EventVerb.LEFT_OUT} <= verbs
    assert len(set(db.session.scalars(select(Discussion.late_reason)))) > 1
    assert set(db.session.scalars(select(Discussion.quorum_met))) == {True, False, None}
    assert {step.kind for step in db.session.scalars(select(ChaseStep))} == set(ChaseKind)


def test_children_wait_past_near_and_undecided(demo: Flask) -> None:
    waiting = db.session.scalars(select(Contact).where(Contact.state == Waiting.DECIDED)).all()
    dues = [one.due_at for one in waiting if one.due_at is not None]
    assert [due for due in dues if due < FIRST_RUN]
    assert [due for due in dues if FIRST_RUN < due < FIRST_RUN + timedelta(hours=12)]
    undecided = db.session.scalars(select(Contact.received_at).where(Contact.state == Waiting.RECEIVED)).all()
    assert [at for at in undecided if at < FIRST_RUN - timedelta(hours=24)]


def test_education_and_health_are_there_less_often_than_police(demo: Flask) -> None:
    home = db.session.scalars(select(Authority).where(Authority.code == "exampleshire")).one()
    cohort = gaps.attendance(home.id, FIRST_RUN - timedelta(days=120), FIRST_RUN)
    lines = {line.name: line for line in by_sector(cohort.discussions, cohort.invitations, cohort.roles)}
    police, health, education = (lines[sector.words] for sector in (Sector.POLICE, Sector.HEALTH, Sector.EDUCATION))
    assert police.attended_percent > health.attended_percent > 40
    assert police.attended_percent > education.attended_percent > 20
    assert health.not_invited.count + lines[Sector.HEALTH.words].no_word.count > 0


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
        world = partnership.load()
        for plot in plots(world.calendar, act.at, 1)[-3:]:
            history.tell(plot, world, act.at)
        open_cases.open_all(world, act.at, 1)
        discussion = running.keep_one(world, act.at)
        assert act.at < discussion.starts_at <= discussion.due_at
    _escalates(tick, moment)


def _escalates(tick: Callable[[datetime], list[Captured]], started: datetime) -> None:
    """Just before, police were reminded at most; two minutes after the start their sergeant has mail and text."""
    sent = [one for seconds in (95, 120) for one in tick(started + timedelta(seconds=seconds))]
    police = [one for one in sent if one.to == "dee.sergeant@police.example" or "Dee Sergeant" in one.to_name]
    assert {one.kind for one in police} == {"email", "sms"}
    assert len(sent) <= 6
    steps = db.session.scalars(
        select(ChaseStep)
        .join(Invitation, Invitation.id == ChaseStep.invitation_id)
        .where(Invitation.discussion_id == the_running().id, Invitation.role == "police")
        .order_by(ChaseStep.id)
    )
    assert [step.rung for step in steps] == [0, 1]


def test_a_worker_that_slept_for_days_sends_a_handful(demo: Flask, tick: Callable[[datetime], list[Captured]]) -> None:
    woken = FIRST_RUN + timedelta(days=5)
    sent = [one for minute in range(5) for one in tick(woken + timedelta(minutes=minute))]
    assert len(sent) <= 6


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
        holding.start(mine, by_staff(mine.chair, act.at))
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
    assert partnership.is_somebody_elses()
    assert not partnership.exists()
