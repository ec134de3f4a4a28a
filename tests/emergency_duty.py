"""Holds the emergency duty team of the tests' authority, and a child handed to it."""

from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import select

from strategy.act import Act
from strategy.commands import emergency_duty
from strategy.commands.emergency_duty import Night
from strategy.db import db
from strategy.models import Contact, NightHandover, Role, User
from strategy.vocabulary import StaffRole, Via
from tests.booked import waiting
from tests.cast import Cast

NIGHT = Night(
    "Visit, and see the child alone", datetime.fromisoformat("2026-11-27T21:00:00+00:00"), "Gran, 01632 960700"
)


def member(cast: Cast, name: str = "Nell Night", *also: StaffRole) -> User:
    """Somebody of the emergency duty team, in the caller's transaction."""
    held = {StaffRole.EDT, StaffRole.SOCIAL_WORKER, *also}
    roles = [role for role in db.session.scalars(select(Role)) if role.name in {one.value for one in held}]
    user = User(
        authority_id=cast.authority.id,
        email=f"{name.split()[0].lower()}@exampleshire.example",
        full_name=name,
        job_title="Emergency duty social worker",
        mobile="+447700900950",
        active=True,
        fs_uniquifier=uuid4().hex,
        roles=roles,
    )
    db.session.add(user)
    db.session.flush()
    return user


def act(at: datetime, by: User) -> Act:
    """An act of that person's at that moment."""
    return Act(by=by.full_name, at=at, via=Via.STAFF, user_id=by.id)


def handed(cast: Cast, at: datetime, night: Night = NIGHT) -> NightHandover:
    """A waiting child handed over by the chair at that moment, in the caller's transaction."""
    contact: Contact = waiting(cast, act(at - timedelta(hours=1), cast.chair), safety="Stays at a relative's")
    return emergency_duty.give(contact, night, db.session.merge(cast.chair), act(at, cast.chair))
