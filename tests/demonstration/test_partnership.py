"""What a newcomer finds: people to sign in as, a directory without gaps, a past that owes nothing."""

import re
from collections import Counter
from datetime import timedelta

from flask import Flask
from flask_security import verify_password
from sqlalchemy import func, select

from strategy import demonstration
from strategy.db import db
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
    User,
)
from strategy.queries import follow_ups, gaps
from strategy.rules.measures import by_sector
from strategy.vocabulary import (
    ChaseKind,
    DiscussionState,
    EventVerb,
    MessageChannel,
    MessageState,
    Sector,
    StaffRole,
    Waiting,
)
from tests.demonstration.conftest import FIRST_RUN


def test_everybody_can_sign_in_with_the_one_password(demo: Flask) -> None:
    users = {user.email: user for user in db.session.scalars(select(User))}
    assert {email for email, _ in demonstration.PEOPLE} <= set(users)
    for email, _ in demonstration.PEOPLE:
        assert verify_password(demonstration.PASSWORD, str(users[email].password))
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
    numbers = (Desk.phone, Person.phone, User.mobile, Invitation.phone)
    phones = {phone for column in numbers for phone in db.session.scalars(select(column)) if phone}
    phones |= set(db.session.scalars(select(Authority.phone)))
    phones |= {address for channel, address in sent if channel is MessageChannel.SMS}
    assert [phone for phone in phones if not re.fullmatch(r"\+44(7700900|1632960)\d{3}", phone)] == []
    people = [*db.session.scalars(select(Person.phone)), *db.session.scalars(select(Desk.phone))]
    assert len(set(people)) == len(people)


def test_the_past_is_settled_and_owes_nothing(demo: Flask) -> None:
    assert set(db.session.scalars(select(Message.state))) == {MessageState.DELIVERED}
    assert max(at for at in db.session.scalars(select(Message.delivered_at)) if at) <= FIRST_RUN + timedelta(minutes=1)
    assert db.session.scalar(select(func.count()).where(Chase.due_at <= FIRST_RUN + timedelta(seconds=5))) == 0
    assert max(db.session.scalars(select(Event.at))) <= FIRST_RUN + timedelta(minutes=1)


def test_the_history_holds_something_of_everything(demo: Flask) -> None:
    states = Counter(db.session.scalars(select(Discussion.state)))
    assert states[DiscussionState.SIGNED] > 40
    assert states[DiscussionState.STOOD_DOWN] >= 4
    verbs = set(db.session.scalars(select(Event.verb)))
    assert {EventVerb.MOVED, EventVerb.CLIMBED, EventVerb.NOT_TOLD, EventVerb.CALL_MADE, EventVerb.LEFT_OUT} <= verbs
    assert len(set(db.session.scalars(select(Discussion.late_reason)))) > 1
    assert set(db.session.scalars(select(Discussion.quorum_met))) == {True, False, None}
    now_alone = {ChaseKind.COURSE, ChaseKind.NOT_JOINED}  # the past was always quorate enough, and everybody in time
    assert {step.kind for step in db.session.scalars(select(ChaseStep))} == set(ChaseKind) - now_alone


def test_children_wait_past_near_and_undecided(demo: Flask) -> None:
    waiting = db.session.scalars(select(Contact).where(Contact.state == Waiting.DECIDED)).all()
    dues = [one.due_at for one in waiting if one.due_at is not None]
    assert [due for due in dues if due < FIRST_RUN]
    assert [due for due in dues if FIRST_RUN < due < FIRST_RUN + timedelta(hours=12)]
    undecided = db.session.scalars(select(Contact.received_at).where(Contact.state == Waiting.RECEIVED)).all()
    assert [at for at in undecided if at < FIRST_RUN - timedelta(hours=24)]


def test_what_policy_asks_for_next_is_owed_and_nothing_of_long_ago(demo: Flask) -> None:
    home = db.session.scalars(select(Authority).where(Authority.code == "exampleshire")).one()
    owed = follow_ups.owed(home.id)
    assert {"A full meeting", "The weekly discussion"} <= {one.label for one in owed}
    assert [one for one in owed if one.is_past(FIRST_RUN)] == []
    assert [one for one in owed if one.is_warned(FIRST_RUN)]


def test_education_and_health_are_there_less_often_than_police(demo: Flask) -> None:
    home = db.session.scalars(select(Authority).where(Authority.code == "exampleshire")).one()
    cohort = gaps.attendance(home.id, FIRST_RUN - timedelta(days=120), FIRST_RUN)
    lines = {line.name: line for line in by_sector(cohort.discussions, cohort.invitations, cohort.roles)}
    came = {sector: lines[sector.words].attended_percent or 0 for sector in (Sector.HEALTH, Sector.EDUCATION)}
    police = lines[Sector.POLICE.words].attended_percent or 0
    assert 100 > police > came[Sector.HEALTH] > 40
    assert police > came[Sector.EDUCATION] > 20
    health = lines[Sector.HEALTH.words]
    assert min(health.not_invited.count, health.no_word.count, health.apologies.count, health.report_only.count) > 0
