"""Shows a contact in which a school's head is named as implicated, so that booking leaves them out."""

from datetime import datetime, timedelta

from sqlalchemy import select

from strategy.commands import contacts, implicated
from strategy.commands.contacts import NewContact
from strategy.commands.implicated import Whom
from strategy.db import db
from strategy.demonstration import words
from strategy.demonstration.partnership import Partnership
from strategy.demonstration.past import by_staff
from strategy.models import Agency, Person
from strategy.vocabulary import Sector

_CASE = "EX-4505-C"
_WHY = "Named in the report itself"


def name_one(world: Partnership, now: datetime) -> None:
    """A contact decided an hour ago, and the head of the first school named in it, in the caller's transaction."""
    worker, at = world.social_workers[0], now - timedelta(hours=1)
    new = NewContact(_CASE, at, ("standard",), at, world.chairs[0].full_name, safety=words.SAFETY[0])
    contact = contacts.start_clock(new, world.authority, world.version, worker, by_staff(worker, at))
    head = db.session.scalar(
        select(Person)
        .join(Person.agency)
        .where(Agency.authority_id == world.authority.id, Agency.sector == Sector.EDUCATION, Person.rung == 1)
        .order_by(Person.id)
        .limit(1)
    )
    implicated.name(contact, Whom(person=head, managers_too=True), _WHY, by_staff(worker, at + timedelta(minutes=5)))
